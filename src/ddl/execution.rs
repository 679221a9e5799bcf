//! Executes statements on a connection or renders them into a script.

use std::rc::Rc;

use ground::diagnostic::Result;
use sqlalchemy::compiler::{self, CompileOptions};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::{self, BindParameter, Expression};
use sqlalchemy::engine::{Connection, CursorResult, no_callables};
use sqlalchemy::literal::Literal;
use sqlalchemy::sql::Statement;
use sqlalchemy::sqltypes::Type;

/// A DDL construct executed by a script (`DDL("...")`, `CreateTable(...)`); implemented in
/// `bindings`.
pub trait DdlConstruct {
    /// Its SQL for the dialect.
    ///
    /// # Errors
    /// Errors of the compiler.
    fn compile(&self, dialect: &Dialect) -> Result<String>;
    /// For downcasting by its creator.
    fn as_any(&self) -> &dyn std::any::Any;
}

/// An executable statement.
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

/// `connection.execute(statement, parameters)`, with no, one or several parameter dictionaries.
///
/// # Errors
/// Errors of the compiler and of the database.
pub fn execute_statement(
    connection: &Connection,
    dialect: &Dialect,
    statement: &Statement,
    parameters: &[Vec<(Rc<str>, Literal)>],
) -> Result<CursorResult> {
    let _ = dialect;
    connection.execute_statement(statement, parameters, &no_callables)
}

/// `op.inline_literal(value)`: a parameter that is always rendered inline.
pub fn inline_literal(value: &Literal, kind: &Type) -> Expression {
    Expression::BindParameter(Rc::new(BindParameter {
        inline: true,
        ..elements::anonymous_parameter("param", value.clone(), kind.clone())
    }))
}
