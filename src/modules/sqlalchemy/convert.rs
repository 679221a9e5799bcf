//! From Python's values to the engine's, and back: as much as engines need.

use std::any::Any;
use std::rc::Rc;

use crate::diagnostic::{Error, Result};
use crate::python::{Interpreter, Value};
use crate::sqlalchemy::dialects::Dialect;
use crate::sqlalchemy::elements::Expression;
use crate::sqlalchemy::literal::Literal;
use crate::sqlalchemy::schema::{Column, Table};
use crate::sqlalchemy::sql::Statement;
use crate::sqlalchemy::sqltypes::Type;

/// What an opaque value stands for.
pub fn opaque_name(value: &Value) -> Option<Rc<str>> {
    match value {
        Value::Native(object) => object.opaque(),
        Value::Module(module) if module.opaque => Some(module.name.clone()),
        Value::Class(class) => class.opaque_base.clone(),
        Value::Instance(instance) => instance.class().opaque_base.clone(),
        _ => None,
    }
}

/// Fails with a plain no if the value stands for something that is not here.
pub fn refuse_opaque(value: &Value, purpose: &str) -> Result<()> {
    match opaque_name(value) {
        Some(name) => Err(Error::unsupported(format!(
            "{purpose} is {name}, which comes from a module that is not here"
        ))),
        None => Ok(()),
    }
}

/// A Python value as a parameter.
pub fn to_literal(_vm: &mut Interpreter, value: &Value) -> Result<Literal> {
    Ok(match value {
        Value::None => Literal::Null,
        Value::Bool(value) => Literal::Boolean(*value),
        Value::Int(value) => Literal::Integer(*value),
        Value::BigInt(value) => Literal::BigInteger(value.clone()),
        Value::Float(value) => Literal::Float(*value),
        Value::Str(text) => Literal::String(text.clone()),
        Value::Bytes(bytes) => Literal::Bytes(bytes.clone()),
        _ => return Err(Error::unsupported("such a parameter")),
    })
}

/// A literal as Python sees it.
pub fn from_literal(_vm: &mut Interpreter, literal: &Literal) -> Result<Value> {
    Ok(match literal {
        Literal::Null => Value::None,
        Literal::Boolean(value) => Value::Bool(*value),
        Literal::Integer(value) => Value::Int(*value),
        Literal::Float(value) => Value::Float(*value),
        Literal::String(value) => Value::Str(value.clone()),
        Literal::Bytes(value) => Value::Bytes(value.clone()),
        _ => return Err(Error::unsupported("such a value")),
    })
}

/// The table that a value is.
pub fn find_table(_value: &Value) -> Option<Table> {
    None
}

/// The column that a value is.
pub fn find_column(_value: &Value) -> Option<Column> {
    None
}

/// The statement that a value is.
pub fn to_statement(_vm: &mut Interpreter, _value: &Value) -> Result<Option<Statement>> {
    Ok(None)
}

/// The DDL that a value is.
pub fn ddl_text(
    _vm: &mut Interpreter,
    _value: &Value,
    _dialect: &Dialect,
) -> Result<Option<String>> {
    Ok(None)
}

/// Calls a column's default.
pub fn call_default(_vm: &mut Interpreter, _function: &Rc<dyn Any>) -> Result<Literal> {
    Err(Error::unsupported("column defaults that are functions"))
}

/// A type as Python sees it.
pub fn type_value(_vm: &mut Interpreter, kind: &Type) -> Value {
    Value::str(kind.python_repr())
}

/// A dialect as Python sees it.
pub fn dialect_value(_vm: &mut Interpreter, dialect: &Dialect) -> Value {
    Value::str(dialect.name())
}

/// An expression as Python sees it.
pub fn expression_value(_expression: &Expression) -> Value {
    Value::None
}
