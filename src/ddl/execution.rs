//! Statements on their way to a connection or into a script.

use std::rc::Rc;

use crate::diagnostic::{Error, Result};
use crate::driver::{Parameters, Value};
use crate::sqlalchemy::compiler::{self, CompileOptions};
use crate::sqlalchemy::dialects::Dialect;
use crate::sqlalchemy::elements::{self, Expression};
use crate::sqlalchemy::engine::{Compiled, Connection, CursorResult, StatementParameters};
use crate::sqlalchemy::literal::Literal;
use crate::sqlalchemy::sql::Statement;
use crate::sqlalchemy::sqltypes::Type;

/// A DDL construct that a script executes (`DDL("...")`, `CreateTable(...)`); `modules` makes it.
pub trait DdlConstruct {
    /// Its text.
    ///
    /// # Errors
    /// Errors of the compiler.
    fn compile(&self, dialect: &Dialect) -> Result<String>;
}

/// What can be executed.
#[derive(Clone)]
pub enum Executable {
    /// SELECT, INSERT, text and so on.
    Statement(Statement),
    /// DDL.
    Ddl(Rc<dyn DdlConstruct>),
}

impl<T: Into<Statement>> From<T> for Executable {
    fn from(statement: T) -> Self {
        Executable::Statement(statement.into())
    }
}

/// `str(statement.compile(...))`, as `--sql` mode writes it.
///
/// # Errors
/// Errors of the compiler.
pub fn static_text(
    statement: &Statement,
    dialect: &Dialect,
    literal_binds: bool,
) -> Result<String> {
    Ok(compiler::compile(
        statement,
        dialect,
        &CompileOptions {
            literal_binds,
            ..CompileOptions::default()
        },
    )?
    .string)
}

/// `connection.execute(statement, parameters)`, with no dictionary, one, or several.
///
/// # Errors
/// Errors of the compiler and of the database.
pub fn execute_statement(
    connection: &Connection,
    dialect: &Dialect,
    statement: &Statement,
    parameters: &[Vec<(Rc<str>, Literal)>],
) -> Result<CursorResult> {
    let column_keys = parameters
        .first()
        .map(|first| first.iter().map(|(key, _)| key.clone()).collect());
    let compiled = compiler::compile(
        statement,
        dialect,
        &CompileOptions {
            positional: true,
            column_keys,
            for_executemany: parameters.len() > 1,
            ..CompileOptions::default()
        },
    )?;
    let values = |set: &[(Rc<str>, Literal)]| -> Result<Parameters> {
        let given = |name: &str| {
            set.iter()
                .find(|(key, _)| **key == *name)
                .map(|(_, value)| value.clone())
        };
        compiled
            .values(&given, dialect)?
            .into_iter()
            .map(to_driver)
            .collect::<Result<Vec<Value>>>()
            .map(Parameters::Positional)
    };
    let parameters = match parameters {
        [] => StatementParameters::Single(values(&[])?),
        [one] => StatementParameters::Single(values(one)?),
        many => StatementParameters::Many(
            many.iter()
                .map(|set| values(set))
                .collect::<Result<Vec<_>>>()?,
        ),
    };
    connection.execute(&Compiled {
        sql: compiled.string.clone(),
        parameters,
        columns: compiled
            .result_columns
            .iter()
            .map(|column| (column.name.clone(), column.kind.clone()))
            .collect(),
        cached: true,
    })
}

/// A value that its type has made ready, as the driver takes it.
///
/// # Errors
/// `sqlalchemy.exc.InterfaceError` for what sqlite3 can't bind.
pub fn to_driver(value: Literal) -> Result<Value> {
    Ok(match value {
        Literal::Null => Value::Null,
        Literal::Boolean(value) => Value::Integer(i64::from(value)),
        Literal::Integer(value) => Value::Integer(value),
        Literal::Float(value) => Value::Real(value),
        Literal::String(text) => Value::Text(text),
        Literal::Bytes(bytes) => Value::Blob(bytes),
        other => {
            return Err(Error::new(
                "sqlite3.ProgrammingError",
                format!(
                    "Error binding parameter: type '{}' is not supported",
                    other.class_name()
                ),
            ));
        }
    })
}

/// `op.inline_literal(value)`: the value written into the SQL.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` for a value that has no literal form.
pub fn inline_literal(value: &Literal, kind: &Type, dialect: &Dialect) -> Result<Expression> {
    let parameter = elements::bindparam("param", Some(value.clone()), Some(kind.clone()));
    let text = parameter.compile_literal(dialect)?;
    Ok(elements::literal_column(&text, Some(kind.clone())))
}
