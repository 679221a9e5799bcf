//! Dialect objects: `connection.dialect`, `sqlalchemy.dialects.postgresql.dialect()`.

use ground::diagnostic::Result;
use ground::resource::Resource;
use python::{
    Arguments, Bound, Class, ClassBuilder, CompareOperator, Declaration, Interpreter, NativeObject,
    Value, method, property, settable,
};
use sqlalchemy::dialects::Dialect;

use super::PACKAGES;
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::types;

/// A dialect without a connection.
pub struct DialectObject {
    /// The dialect.
    pub dialect: Dialect,
}

/// The plain attributes of each dialect, a line for each; what a line lacks is in that of `default`.
const ATTRIBUTES: Resource = resource!("names/dialects.txt");

/// `sqlalchemy.engine.interfaces.Dialect`.
pub static DIALECT: Declaration<DialectObject> =
    Declaration::new("sqlalchemy.engine.interfaces.Dialect");

/// `DefaultDialect`.
pub static DEFAULT_DIALECT: Declaration<DialectObject> = Declaration {
    bases: &[&DIALECT],
    properties: &[
        property("name", |_, this| Ok(Value::str(this.dialect.name()))),
        property("driver", |_, this| Ok(Value::str(this.dialect.driver()))),
        property("paramstyle", |_, this| {
            Ok(Value::str(this.dialect.paramstyle().name()))
        }),
        property("positional", |_, this| {
            let named = matches!(this.dialect.paramstyle().name(), "named" | "pyformat");
            Ok(Value::Bool(!named))
        }),
        property("dialect_description", |_, this| {
            let (name, driver) = (this.dialect.name(), this.dialect.driver());
            Ok(Value::str([name, "+", driver].concat()))
        }),
        property("server_version_info", |_, this| {
            let package = package_of(&this.dialect);
            let own = package.and_then(|package| (package.version)());
            Ok(match own.or(this.dialect.server_version_info()) {
                Some((major, minor, patch)) => {
                    let parts = [major, minor, patch].map(|part| Value::Int(part.into()));
                    Value::tuple(parts.to_vec())
                }
                None => Value::None,
            })
        }),
        property("identifier_preparer", compiler),
        property("type_compiler", compiler),
        property("type_compiler_instance", compiler),
        settable(
            "default_schema_name",
            |_, this| Ok(this.dialect.default_schema_name().into()),
            |_, this, value| {
                this.dialect.set_default_schema_name(value.as_text());
                Ok(())
            },
        ),
    ],
    methods: &[
        method("type_descriptor", "self, typeobj", |vm, this, bound| {
            let kind = conversion::to_type(vm, &bound.value("typeobj"))?;
            let kind = this.dialect.type_descriptor(&kind);
            Ok(conversion::type_value(vm, &kind))
        }),
        method("has_table", TABLE, |vm, _, bound| {
            inspected(vm, bound, "has_table")
        }),
        method("has_sequence", SEQUENCE, |vm, _, bound| {
            inspected(vm, bound, "has_sequence")
        }),
        method("get_table_names", SCHEMA, |vm, _, bound| {
            inspected(vm, bound, "get_table_names")
        }),
        method("get_view_names", SCHEMA, |vm, _, bound| {
            inspected(vm, bound, "get_view_names")
        }),
        method("get_columns", TABLE, |vm, _, bound| {
            inspected(vm, bound, "get_columns")
        }),
        method("get_pk_constraint", TABLE, |vm, _, bound| {
            inspected(vm, bound, "get_pk_constraint")
        }),
        method("get_foreign_keys", TABLE, |vm, _, bound| {
            inspected(vm, bound, "get_foreign_keys")
        }),
        method("get_indexes", TABLE, |vm, _, bound| {
            inspected(vm, bound, "get_indexes")
        }),
        method("get_unique_constraints", TABLE, |vm, _, bound| {
            inspected(vm, bound, "get_unique_constraints")
        }),
        method("get_check_constraints", TABLE, |vm, _, bound| {
            inspected(vm, bound, "get_check_constraints")
        }),
    ],
    ..Declaration::new("sqlalchemy.engine.default.DefaultDialect")
};

const TABLE: &str = "self, connection, table_name, schema=None, **kw";
const SEQUENCE: &str = "self, connection, sequence_name, schema=None, **kw";
const SCHEMA: &str = "self, connection, schema=None, **kw";

/// What the inspector of the connection says.
fn inspected(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str) -> Result<Value> {
    let connection = bound.value("connection");
    let inspect = vm.import("sqlalchemy.inspection")?;
    let inspector = vm.call_method(&inspect, "inspect", Arguments::positional(vec![connection]))?;
    let mut arguments = Arguments::none();
    for given in ["table_name", "sequence_name"] {
        arguments.positional.extend(bound.take(given));
    }
    if let Some(schema) = bound.take_some("schema") {
        arguments = arguments.with_keyword("schema", schema);
    }
    vm.call_method(&inspector, name, arguments)
}

fn compiler(_vm: &mut Interpreter, this: &DialectObject) -> Result<Value> {
    Ok(types::compiler_value(&this.dialect))
}

fn package_of(dialect: &Dialect) -> Option<&'static super::Package> {
    let mut packages = PACKAGES.iter().copied();
    packages.find(|package| dialect.goes_by(package.name))
}

/// The class of a database's dialects, and that of the driver's.
fn class_of(vm: &mut Interpreter, dialect: &Dialect) -> Class {
    let Some(package) = package_of(dialect) else {
        return vm.class(&DEFAULT_DIALECT);
    };
    let base = vm.class(package.dialect);
    let driver = dialect.driver();
    let own = package.drivers.iter().find(|(name, _)| *name == driver);
    let Some((driver, class)) = own else {
        return base;
    };
    let module = format!("sqlalchemy.dialects.{}.{driver}", package.name);
    match vm.registered_class(&format!("{module}.{class}")) {
        Some(class) => class,
        None => ClassBuilder::new(&module, class).base(&base).build(vm),
    }
}

impl NativeObject for DialectObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        class_of(vm, &self.dialect)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if name.starts_with('_') {
            return Ok(None);
        }
        let text = ATTRIBUTES.text();
        let line = |wanted: &dyn Fn(&str) -> bool| {
            text.lines().find_map(|line| {
                let (dialect, rest) = line.split_once(' ')?;
                wanted(dialect).then_some(rest)
            })
        };
        let find = |line: Option<&str>| {
            line?.split(' ').find_map(|entry| {
                let (known, value) = entry.split_once('=')?;
                (known == name).then(|| plain_value(value))
            })
        };
        let own = find(line(&|dialect| self.dialect.goes_by(dialect)));
        Ok(own.or_else(|| find(line(&|dialect| dialect == "default"))))
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        // An engine has one dialect object, of which each look makes another one here.
        let same = other.downcast::<DialectObject>().is_some_and(|other| {
            (other.dialect.name(), other.dialect.driver())
                == (self.dialect.name(), self.dialect.driver())
        });
        Ok(match operator {
            CompareOperator::Equal => Some(same.into()),
            CompareOperator::NotEqual => Some((!same).into()),
            _ => None,
        })
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(0))
    }
}

/// A value as `dialects.txt` writes it.
fn plain_value(text: &str) -> Value {
    match text {
        "None" => Value::None,
        "True" => Value::Bool(true),
        "False" => Value::Bool(false),
        text => match text.parse() {
            Ok(number) => Value::Int(number),
            Err(_) => Value::str(text),
        },
    }
}
