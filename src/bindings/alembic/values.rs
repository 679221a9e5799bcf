//! What `op.execute` and `context.configure` are given: statements, options of execution, URLs.

use std::rc::Rc;

use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine;
use crate::bindings::sqlalchemy::sql::DdlObject;
use crate::ddl::{DdlConstruct, Executable};
use crate::operations::ops::SqlText;
use ground::diagnostic::{Error, Result};
use python::{Interpreter, Value};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::Expression;
use sqlalchemy::engine::ExecutionOptions;

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
        Statement::Text(text) => conversion::expression_value(&Expression::Text(text.clone())),
        Statement::Expression(expression) => conversion::expression_value(expression),
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
    conversion::refuse_opaque(value, "the statement")?;
    if let Some(statement) = conversion::to_statement(vm, value)? {
        return Ok(SqlText::Construct(Executable::Statement(statement)));
    }
    if let Some(object) = value.downcast::<DdlObject>() {
        let construct = PythonDdl(value.clone(), object);
        return Ok(SqlText::Construct(Executable::Ddl(Rc::new(construct))));
    }
    Err(not_executable(vm, value))
}

/// The text of a URL, given as text or as a `URL`.
pub(super) fn url_text(vm: &mut Interpreter, url: &Value) -> Result<String> {
    conversion::refuse_opaque(url, "the url")?;
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
