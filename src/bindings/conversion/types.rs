//! Column types.

use ground::diagnostic::Result;
use python::{Interpreter, Value};
use sqlalchemy::sqltypes::Type;

use crate::bindings::sqlalchemy::types::{self, TypeObject};

/// Whether a value is a type or a type class.
pub fn is_type(value: &Value) -> bool {
    match value {
        Value::Native(_) => value.downcast::<TypeObject>().is_some(),
        Value::Class(class) => types::known_type(class).is_some(),
        Value::Instance(instance) => types::known_type(&instance.class()).is_some(),
        _ => false,
    }
}

/// A column type.
///
/// # Errors
/// As [`types::expect_type`].
pub fn to_type(vm: &mut Interpreter, value: &Value) -> Result<Type> {
    types::expect_type(vm, value)
}
