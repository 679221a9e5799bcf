//! Schema items, types, expressions and connections between Python and the engine, in one place.

use std::rc::Rc;

use crate::bindings::sqlalchemy::extensions::DdlObject;
use crate::bindings::sqlalchemy::{convert, engine, schema, schema_values, types};
use crate::ddl::{DdlConstruct, Executable};
use crate::operations::ops::SqlText;
use ground::diagnostic::{Error, Result};
use python::{Interpreter, Value};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::Expression;
use sqlalchemy::engine::{Connection, ExecutionOptions};
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::schema::{
    Column, Constraint, DialectOptions, Index, MetaData, ServerDefault, Table, TableItem,
};
use sqlalchemy::sqltypes::{Argument, Type};

pub(super) fn table_value(vm: &mut Interpreter, table: &Table) -> Value {
    convert::table_value(vm, table)
}

pub(super) fn column_value(vm: &mut Interpreter, column: &Column) -> Value {
    convert::column_value(vm, column)
}

pub(super) fn index_value(vm: &mut Interpreter, index: &Index) -> Value {
    convert::index_value(vm, index)
}

pub(super) fn constraint_value(vm: &mut Interpreter, constraint: &Constraint) -> Value {
    convert::constraint_value(vm, constraint)
}

pub(super) fn metadata_value(vm: &mut Interpreter, metadata: &MetaData) -> Value {
    convert::metadata_value(vm, metadata)
}

pub(super) fn type_value(vm: &mut Interpreter, kind: &Type) -> Value {
    types::type_value(vm, kind)
}

pub(super) fn expression_value(_vm: &mut Interpreter, expression: &Expression) -> Value {
    convert::expression_value(expression)
}

pub(super) fn server_default_value(_vm: &mut Interpreter, default: &ServerDefault) -> Value {
    schema_values::server_default_value(Some(default.clone()))
}

/// `conv(name)`, as `op.f()` makes it.
pub(super) fn convention_value(vm: &mut Interpreter, name: &Name) -> Value {
    convert::convention_value(vm, name)
}

/// Keywords of dialects as a dictionary.
pub(super) fn dialect_options_value(vm: &mut Interpreter, options: &DialectOptions) -> Value {
    let mut items: Vec<(String, Value)> = Vec::new();
    for (name, value) in options.iter() {
        let value = match value {
            Argument::Expression(expression) => convert::expression_value(expression),
            Argument::Type(kind) => types::type_value(vm, kind),
            // A value that has no Python form can't have come from Python.
            Argument::Value(literal) => convert::from_literal(vm, literal).unwrap_or(Value::None),
        };
        items.push((name.to_owned(), value));
    }
    Value::dict(items)
}

/// What `op.execute` was given.
pub(super) fn sql_text_value(_vm: &mut Interpreter, sql: &SqlText) -> Value {
    match sql {
        SqlText::String(text) => Value::str(text),
        SqlText::Construct(Executable::Ddl(construct)) => construct
            .as_any()
            .downcast_ref::<PythonDdl>()
            .map_or(Value::None, |ddl| ddl.0.clone()),
        SqlText::Construct(Executable::Statement(statement)) => statement_value(statement),
    }
}

fn statement_value(statement: &sqlalchemy::sql::Statement) -> Value {
    use sqlalchemy::sql::Statement;
    match statement {
        Statement::Text(text) => convert::expression_value(&Expression::Text(text.clone())),
        Statement::Expression(expression) => convert::expression_value(expression),
        _ => Value::None,
    }
}

/// A DDL construct of Python: `DDL("...")`, `CreateTable(table)`.
struct PythonDdl(Value, Rc<DdlObject>);

impl DdlConstruct for PythonDdl {
    fn compile(&self, dialect: &Dialect) -> Result<String> {
        self.1.compile(dialect)
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn not_executable(vm: &mut Interpreter, value: &Value) -> Error {
    match vm.repr(value) {
        Ok(shown) => Error::new(
            "sqlalchemy.exc.ObjectNotExecutableError",
            format!("Not an executable object: {shown}"),
        ),
        Err(error) => error,
    }
}

/// Text, or a construct.
///
/// # Errors
/// `sqlalchemy.exc.ObjectNotExecutableError` for anything else.
pub(super) fn to_sql_text(vm: &mut Interpreter, value: &Value) -> Result<SqlText> {
    if let Some(text) = value.as_str() {
        return Ok(SqlText::String(text.to_owned()));
    }
    convert::refuse_opaque(value, "the statement")?;
    if let Some(statement) = convert::to_statement(vm, value)? {
        return Ok(SqlText::Construct(Executable::Statement(statement)));
    }
    if let Some(object) = value.downcast::<DdlObject>() {
        let construct = PythonDdl(value.clone(), object);
        return Ok(SqlText::Construct(Executable::Ddl(Rc::new(construct))));
    }
    Err(not_executable(vm, value))
}

pub(super) fn to_metadata(vm: &mut Interpreter, value: &Value) -> Result<MetaData> {
    match convert::find_metadata(value) {
        Some(metadata) => Ok(metadata),
        None => {
            convert::refuse_opaque(value, "target_metadata")?;
            let class = vm.class_of(value);
            Err(vm.attribute_error(format!(
                "'{}' object has no attribute 'sorted_tables'",
                class.name()
            )))
        }
    }
}

pub(super) fn to_column(vm: &mut Interpreter, value: &Value) -> Result<Column> {
    convert::refuse_opaque(value, "the column")?;
    match convert::find_column(value) {
        Some(column) => Ok(column),
        None => Err(vm.type_error("a Column was expected")),
    }
}

pub(super) fn to_type(vm: &mut Interpreter, value: &Value) -> Result<Type> {
    convert::to_type(vm, value)
}

pub(super) fn to_server_default(vm: &mut Interpreter, value: &Value) -> Result<ServerDefault> {
    convert::to_server_default(vm, value)?.ok_or_else(|| {
        Error::new(
            "sqlalchemy.exc.ArgumentError",
            "a server default is missing",
        )
    })
}

pub(super) fn to_name(vm: &mut Interpreter, value: &Value) -> Result<Name> {
    convert::to_name(vm, value)
}

pub(super) fn to_constraint_name(vm: &mut Interpreter, value: &Value) -> Result<ConstraintName> {
    convert::to_constraint_name(vm, value)
}

pub(super) fn to_ddl_expression(vm: &mut Interpreter, value: &Value) -> Result<Expression> {
    convert::to_ddl_expression(vm, value)
}

pub(super) fn to_dialect_options(
    vm: &mut Interpreter,
    keywords: &[(Rc<str>, Value)],
) -> Result<DialectOptions> {
    convert::to_dialect_options(vm, keywords)
}

pub(super) fn to_table_items(vm: &mut Interpreter, values: &[Value]) -> Result<Vec<TableItem>> {
    values
        .iter()
        .map(|value| schema::table_item(vm, value))
        .collect()
}

pub(super) fn connection_value(vm: &mut Interpreter, connection: &Connection) -> Value {
    engine::connection_value(vm, connection)
}

pub(super) fn dialect_value(vm: &mut Interpreter, dialect: &Dialect) -> Value {
    engine::dialect_value(vm, dialect)
}

pub(super) fn to_connection(value: &Value) -> Option<Connection> {
    engine::to_connection(value)
}

pub(super) fn is_engine(value: &Value) -> bool {
    engine::is_engine(value)
}

/// The text of a URL, given as text or as a `URL`.
pub(super) fn url_text(vm: &mut Interpreter, url: &Value) -> Result<String> {
    convert::refuse_opaque(url, "the url")?;
    match url.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Ok(engine::to_url(vm, url)?.render_as_string(false)),
    }
}

/// `execution_options`: those that mean something below Python.
pub(super) fn to_execution_options(
    vm: &mut Interpreter,
    options: &Value,
) -> Result<ExecutionOptions> {
    let Some(dict) = options.as_dict() else {
        return Err(vm.type_error("execution_options must be a dictionary"));
    };
    let text = |name: &str| {
        dict.get_str(name)
            .and_then(|value| value.as_str().map(str::to_owned))
    };
    Ok(ExecutionOptions {
        isolation_level: text("isolation_level"),
        logging_token: text("logging_token"),
    })
}
