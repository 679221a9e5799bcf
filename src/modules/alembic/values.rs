//! Schema items, types and expressions between Python and the engine, in one place.

use std::rc::Rc;

use crate::diagnostic::{Error, Result};
use crate::operations::ops::SqlText;
use crate::python::{Interpreter, Value};
use crate::sqlalchemy::dialects::Dialect;
use crate::sqlalchemy::elements::Expression;
use crate::sqlalchemy::engine::{Connection, ExecutionOptions};
use crate::sqlalchemy::name::{ConstraintName, Name};
use crate::sqlalchemy::schema::{
    Column, Constraint, DialectOptions, Index, MetaData, ServerDefault, Table, TableItem,
};
use crate::sqlalchemy::sqltypes::Type;

pub(super) fn table_value(_vm: &mut Interpreter, _table: &Table) -> Value {
    Value::None
}

pub(super) fn column_value(_vm: &mut Interpreter, _column: &Column) -> Value {
    Value::None
}

pub(super) fn index_value(_vm: &mut Interpreter, _index: &Index) -> Value {
    Value::None
}

pub(super) fn constraint_value(_vm: &mut Interpreter, _constraint: &Constraint) -> Value {
    Value::None
}

pub(super) fn metadata_value(_vm: &mut Interpreter, _metadata: &MetaData) -> Value {
    Value::None
}

pub(super) fn type_value(_vm: &mut Interpreter, _kind: &Type) -> Value {
    Value::None
}

pub(super) fn expression_value(_vm: &mut Interpreter, _expression: &Expression) -> Value {
    Value::None
}

pub(super) fn server_default_value(_vm: &mut Interpreter, _default: &ServerDefault) -> Value {
    Value::None
}

/// `conv(name)`, as `op.f()` makes it.
pub(super) fn convention_value(_vm: &mut Interpreter, _name: &Name) -> Value {
    Value::None
}

/// Keywords of dialects as a dictionary.
pub(super) fn dialect_options_value(_vm: &mut Interpreter, _options: &DialectOptions) -> Value {
    Value::None
}

/// What `op.execute` was given.
pub(super) fn sql_text_value(_vm: &mut Interpreter, _sql: &SqlText) -> Value {
    Value::None
}

/// Text, or a construct.
///
/// # Errors
/// `sqlalchemy.exc.ObjectNotExecutableError` for anything else.
pub(super) fn to_sql_text(_vm: &mut Interpreter, _value: &Value) -> Result<SqlText> {
    Err(Error::unsupported("not yet"))
}

pub(super) fn to_metadata(_vm: &mut Interpreter, _value: &Value) -> Result<MetaData> {
    Err(Error::unsupported("not yet"))
}

pub(super) fn to_column(_vm: &mut Interpreter, _value: &Value) -> Result<Column> {
    Err(Error::unsupported("not yet"))
}

pub(super) fn to_type(_vm: &mut Interpreter, _value: &Value) -> Result<Type> {
    Err(Error::unsupported("not yet"))
}

pub(super) fn to_server_default(_vm: &mut Interpreter, _value: &Value) -> Result<ServerDefault> {
    Err(Error::unsupported("not yet"))
}

pub(super) fn to_name(_vm: &mut Interpreter, _value: &Value) -> Result<Name> {
    Err(Error::unsupported("not yet"))
}

pub(super) fn to_constraint_name(_vm: &mut Interpreter, _value: &Value) -> Result<ConstraintName> {
    Err(Error::unsupported("not yet"))
}

pub(super) fn to_ddl_expression(_vm: &mut Interpreter, _value: &Value) -> Result<Expression> {
    Err(Error::unsupported("not yet"))
}

pub(super) fn to_dialect_options(
    _vm: &mut Interpreter,
    _keywords: &[(Rc<str>, Value)],
) -> Result<DialectOptions> {
    Err(Error::unsupported("not yet"))
}

pub(super) fn to_table_items(_vm: &mut Interpreter, _values: &[Value]) -> Result<Vec<TableItem>> {
    Err(Error::unsupported("not yet"))
}

pub(super) fn connection_value(_vm: &mut Interpreter, _connection: &Connection) -> Value {
    Value::None
}

pub(super) fn dialect_value(_vm: &mut Interpreter, _dialect: &Dialect) -> Value {
    Value::None
}

pub(super) fn to_connection(_value: &Value) -> Option<Connection> {
    None
}

pub(super) fn is_engine(_value: &Value) -> bool {
    false
}

/// The text of a URL, given as text or as a `URL`.
pub(super) fn url_text(_vm: &mut Interpreter, _url: &Value) -> Result<String> {
    Err(Error::unsupported("not yet"))
}

pub(super) fn to_execution_options(
    _vm: &mut Interpreter,
    _options: &Value,
) -> Result<ExecutionOptions> {
    Err(Error::unsupported("not yet"))
}
