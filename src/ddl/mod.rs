//! How each dialect carries operations out: `alembic.ddl`.
//!
//! [`DefaultImpl`] is what every dialect does unless its own file says otherwise.

mod base;
pub mod execution;
mod implementation;
mod postgresql;
mod sqlite;

use std::rc::Rc;

pub use base::{AlterStyle, AlterTable, Change, format_table_name};
pub use execution::{DdlConstruct, Executable};
pub use implementation::{
    AlterColumn, BatchItem, DefaultImpl, ImplOptions, ImplState, Output, RowValue, Rows,
    same_affinity,
};
pub use postgresql::PostgresqlImpl;
pub use sqlite::SQLiteImpl;

use ground::diagnostic::{Error, Result};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::engine::Connection;

/// `DefaultImpl.get_by_dialect`: the implementation for a dialect.
///
/// # Errors
/// [`Error::unsupported`] for a dialect that this program can't drive yet; `KeyError` for one that
/// Alembic does not know either.
pub fn implementation(dialect: &Dialect, options: ImplOptions) -> Result<Rc<dyn DefaultImpl>> {
    let state = ImplState::new(dialect, options)?;
    match dialect.name() {
        "sqlite" => Ok(Rc::new(SQLiteImpl::new(state))),
        "postgresql" => Ok(Rc::new(PostgresqlImpl::new(state))),
        "mysql" | "mariadb" | "mssql" | "oracle" => Err(Error::unsupported(format!(
            "operations on the {} dialect",
            dialect.name()
        ))
        .with_hint("Limbeck runs migrations on SQLite; point the url to a sqlite:/// database.")),
        other => Err(Error::new("KeyError", format!("'{other}'"))),
    }
}

/// `_ensure_scope_for_ddl`: runs the body in a transaction of its own unless one is open.
///
/// # Errors
/// What the body returns, and errors of the database.
pub fn ensure_scope_for_ddl<T>(
    connection: Option<&Connection>,
    body: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let Some(connection) = connection.filter(|connection| !connection.in_transaction()) else {
        return body();
    };
    let transaction = connection.begin()?;
    transaction.enter();
    let result = body();
    transaction.exit(result.is_ok())?;
    result
}
