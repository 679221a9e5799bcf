//! Names of tables, columns, constraints and schemas.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{Class, Declaration, Instance, Interpreter, Value, built_in, constructor};
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::schema::SchemaName;

/// `conv`: a `str` exempt from naming conventions.
pub static CONV: Declaration<Value> = Declaration {
    bases: &[&built_in::STR],
    constructor: constructor("self, value", |vm, bound| {
        let name = bound.value("value").as_text().unwrap_or_default();
        Ok(convention_value(vm, &name))
    }),
    ..Declaration::new("sqlalchemy.sql.elements.conv")
};

/// `quoted_name`: a `str` with a quoting flag.
pub static QUOTED_NAME: Declaration<Value> = Declaration {
    bases: &[&built_in::STR],
    constructor: constructor("self, value, quote=None", |vm, bound| {
        let name = bound.value("value").as_text().unwrap_or_default();
        let quote = bound.take_some("quote").and_then(|value| value.as_bool());
        Ok(quoted_name_value(vm, &name, quote))
    }),
    ..Declaration::new("sqlalchemy.sql.elements.quoted_name")
};

static SCHEMA_CONST: Declaration<BlankSchema> =
    Declaration::new("sqlalchemy.sql.schema.SchemaConst");

/// A name exempt from naming conventions: `conv("...")`, `op.f("...")`.
pub struct ConventionName(
    /// The name.
    pub Rc<str>,
);

/// A name with its quoting flag: `quoted_name("...", True)`.
pub struct QuotedName(
    /// The name.
    pub Name,
);

/// `BLANK_SCHEMA`.
pub struct BlankSchema;

impl python::NativeObject for BlankSchema {
    fn class(&self, vm: &mut Interpreter) -> python::Class {
        vm.class(&SCHEMA_CONST)
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some("<SchemaConst.BLANK_SCHEMA: 2>".to_owned()))
    }
}

/// The name of a constraint or an index.
pub fn constraint_name(value: Option<Value>) -> ConstraintName {
    match value {
        None | Some(Value::None) => ConstraintName::default(),
        Some(value) => {
            if let Some(name) = value.downcast::<ConventionName>() {
                return ConstraintName::convention(name.0.clone());
            }
            if let Some(name) = value.downcast::<QuotedName>() {
                return ConstraintName::Plain(name.0.clone());
            }
            match value.as_text() {
                Some(text) => ConstraintName::plain(text),
                None => ConstraintName::default(),
            }
        }
    }
}

/// An identifier, with its quoting flag.
pub fn identifier(value: &Value, quote: Option<bool>) -> Option<Name> {
    if quote.is_none()
        && let Some(name) = value.downcast::<QuotedName>()
    {
        return Some(name.0.clone());
    }
    value.as_text().map(|text| Name::quoted(text, quote))
}

/// `schema=`.
pub fn schema_name(value: Option<Value>, quote: Option<bool>) -> SchemaName {
    match value {
        None | Some(Value::None) => SchemaName::Inherit,
        Some(value) if value.downcast::<BlankSchema>().is_some() => SchemaName::Blank,
        Some(value) => identifier(&value, quote).map_or(SchemaName::Inherit, SchemaName::Named),
    }
}

/// A name as a Python value.
pub fn name_value(name: Option<&Name>) -> Value {
    name.map_or(Value::None, |name| Value::Str(name.text()))
}

/// The name of a constraint or an index as a Python value.
pub fn constraint_name_value(name: &ConstraintName) -> Value {
    name.as_str().map_or(Value::None, Value::str)
}

/// A name exempt from naming conventions: `conv("...")`, `op.f("...")`.
pub fn convention_value(vm: &mut Interpreter, name: &str) -> Value {
    let class = vm.class(&CONV);
    text_instance(&class, name, ConventionName(Rc::from(name)))
}

/// A name with its quoting flag: `quoted_name("...", True)`.
pub fn quoted_name_value(vm: &mut Interpreter, name: &str, quote: Option<bool>) -> Value {
    let class = vm.class(&QUOTED_NAME);
    text_instance(&class, name, QuotedName(Name::quoted(name, quote)))
}

fn text_instance<T: 'static>(class: &Class, text: &str, state: T) -> Value {
    let mut instance = Instance::new(class);
    instance.base = Some(Value::str(text));
    instance.set_native(Rc::new(state));
    Value::Instance(Rc::new(instance))
}
