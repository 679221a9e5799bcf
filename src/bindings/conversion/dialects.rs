//! Dialects, and dialect-specific keyword arguments.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{Dict, Interpreter, Value};
use sqlalchemy::dialects::{self, Dialect};
use sqlalchemy::literal::Literal;
use sqlalchemy::schema::DialectOptions;
use sqlalchemy::sqltypes::Argument;

use super::{
    element_value, find_clause, find_column, from_literal, is_type, to_literal, to_type, type_value,
};
use crate::bindings::sqlalchemy::dialects::DialectObject;

/// Converts a value to a dialect.
///
/// # Errors
/// `limbeck.Unsupported` for a value that is none.
pub fn to_dialect(vm: &mut Interpreter, value: &Value) -> Result<Dialect> {
    if let Some(object) = value.downcast::<DialectObject>() {
        return Ok(object.dialect.clone());
    }
    let name = vm.find_attribute(value, "name")?;
    match name.as_ref().and_then(Value::as_str) {
        Some("default") => Ok(Dialect::default_dialect()),
        Some(name) if dialects::registered(name).is_some() => Ok(Dialect::named(name)),
        _ => {
            let shown = vm.repr(value)?;
            Err(Error::unsupported(format!(
                "{shown} is not a dialect that can be compiled for here"
            )))
        }
    }
}

/// Extracts the dialect-specific arguments from keywords.
///
/// # Errors
/// What turning the values into SQL raises.
pub fn dialect_options(
    vm: &mut Interpreter,
    keywords: &[(Rc<str>, Value)],
) -> Result<DialectOptions> {
    let mut options = DialectOptions::new();
    for (name, value) in keywords {
        let argument = dialect_argument(vm, value)?;
        options.insert(name.clone(), argument);
    }
    Ok(options)
}

/// The argument of a dialect that a value stands for.
///
/// # Errors
/// What turning the value into SQL raises.
pub fn dialect_argument(vm: &mut Interpreter, value: &Value) -> Result<Argument> {
    if let Some(expression) = find_clause(vm, value)? {
        return Ok(Argument::Expression(expression));
    }
    if is_type(value) {
        return Ok(Argument::Type(to_type(vm, value)?));
    }
    if let Some(items) = value.as_items() {
        // Columns in a list are replaced by their names (`postgresql_include`).
        let mut literals = Vec::new();
        for item in &items {
            literals.push(match find_column(item) {
                Some(column) => Literal::String(column.key()),
                None => to_literal(vm, item)?,
            });
        }
        return Ok(Argument::Value(Literal::List(literals.into())));
    }
    Ok(Argument::Value(to_literal(vm, value)?))
}

/// `dialect_kwargs`: dialect-specific arguments by prefixed name.
///
/// # Errors
/// What the constructors of the standard library raise.
pub fn options_value(
    vm: &mut Interpreter,
    options: &sqlalchemy::schema::DialectOptions,
) -> Result<Value> {
    let dict = Dict::new();
    for (name, argument) in options.iter() {
        let value = argument_value(vm, argument)?;
        dict.set_str(name, value);
    }
    Ok(Value::Dict(Rc::new(dict)))
}

/// The Python value of an argument.
///
/// # Errors
/// What the constructors of the standard library raise.
pub fn argument_value(vm: &mut Interpreter, argument: &Argument) -> Result<Value> {
    match argument {
        Argument::Value(value) => from_literal(vm, value),
        Argument::Type(kind) => Ok(type_value(vm, kind)),
        Argument::Expression(expression) => Ok(element_value(vm, expression)),
    }
}
