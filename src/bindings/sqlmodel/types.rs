//! `AutoString` and `UTCDateTime`, SQLModel's column types.

use std::rc::Rc;

use crate::bindings::sqlalchemy::types::{TYPE_DECORATOR, TypeObject, make_type, python_class};
use ground::diagnostic::{Error, Result};
use python::{Arguments, Class, Declaration, Interpreter, Value, constructor};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::literal::Literal;
use sqlalchemy::sqltypes::{CustomType, Type, classes};

const MODULE: &str = "sqlmodel.sql.sqltypes";

/// `AutoString(length)`: a String that has a default length on MySQL.
struct AutoString {
    wrapped: Type,
}

impl CustomType for AutoString {
    fn class_name(&self) -> String {
        "AutoString".to_owned()
    }

    fn module(&self) -> String {
        MODULE.to_owned()
    }

    fn impl_type(&self) -> Option<Type> {
        Some(self.wrapped.clone())
    }

    fn load_dialect_impl(&self, dialect: &Dialect) -> Result<Option<Type>> {
        if dialect.requires_varchar_length() && self.wrapped.length().is_none() {
            return Ok(Some(Type::string(Some(255))));
        }
        Ok(None)
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// `UTCDateTime()`: timezone-aware datetimes, stored in UTC.
struct UtcDateTime {
    wrapped: Type,
}

impl CustomType for UtcDateTime {
    fn class_name(&self) -> String {
        "UTCDateTime".to_owned()
    }

    fn module(&self) -> String {
        MODULE.to_owned()
    }

    fn python_repr(&self) -> Option<String> {
        Some("UTCDateTime()".to_owned())
    }

    fn impl_type(&self) -> Option<Type> {
        Some(self.wrapped.clone())
    }

    fn process_bind_param(&self, value: Literal, _dialect: &Dialect) -> Result<Literal> {
        match value {
            Literal::DateTime(_, None) => Err(Error::new(
                "ValueError",
                "Datetime values must have timezone information. Use datetime.now(timezone.utc), \
                 or annotate the field with NaiveDatetime for naive storage.",
            )),
            Literal::DateTime(moment, Some(offset)) => Ok(in_utc(moment, offset)),
            other => Ok(other),
        }
    }

    fn process_result_value(&self, value: Literal, _dialect: &Dialect) -> Result<Literal> {
        match value {
            Literal::DateTime(moment, None) => Ok(Literal::DateTime(moment, Some(0))),
            Literal::DateTime(moment, Some(offset)) => Ok(in_utc(moment, offset)),
            other => Ok(other),
        }
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn in_utc(moment: ground::calendar::DateTime, offset: i32) -> Literal {
    match moment.checked_add(-i64::from(offset) * 1_000_000) {
        Ok(moved) => Literal::DateTime(moved, Some(0)),
        Err(_) => Literal::DateTime(moment, Some(offset)),
    }
}

/// An `AutoString`.
///
/// # Errors
/// None in practice.
pub fn auto_string(wrapped: Type) -> Result<Type> {
    Type::custom(
        &classes::GENERIC_TYPE_DECORATOR,
        Vec::new(),
        Rc::new(AutoString { wrapped }),
    )
}

/// A `UTCDateTime`.
///
/// # Errors
/// None in practice.
pub fn utc_datetime() -> Result<Type> {
    let wrapped =
        Type::with_arguments(&classes::GENERIC_DATE_TIME, vec![("timezone", true.into())])?;
    Type::custom(
        &classes::GENERIC_TYPE_DECORATOR,
        Vec::new(),
        Rc::new(UtcDateTime { wrapped }),
    )
}

static AUTO_STRING: Declaration<TypeObject> = Declaration {
    bases: &[&TYPE_DECORATOR],
    constructor: constructor("self, *args, **kwargs", |vm, bound| {
        let arguments = Arguments {
            positional: std::mem::take(&mut bound.rest),
            keyword: std::mem::take(&mut bound.extra),
        };
        let wrapped = make_type(vm, &classes::GENERIC_STRING, arguments)?;
        let kind = auto_string(wrapped)?;
        Ok(Value::native(TypeObject { kind }))
    }),
    ..Declaration::new("sqlmodel.sql.sqltypes.AutoString")
};

static UTC_DATE_TIME: Declaration<TypeObject> = Declaration {
    bases: &[&TYPE_DECORATOR],
    constructor: constructor("self", |_, _| {
        let kind = utc_datetime()?;
        Ok(Value::native(TypeObject { kind }))
    }),
    ..Declaration::new("sqlmodel.sql.sqltypes.UTCDateTime")
};

/// The Python classes `AutoString` and `UTCDateTime`.
pub fn build_classes(vm: &mut Interpreter) -> [Class; 2] {
    python_class(vm, &classes::GENERIC_TYPE_DECORATOR);
    [vm.class(&AUTO_STRING), vm.class(&UTC_DATE_TIME)]
}
