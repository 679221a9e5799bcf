//! Dialect-specific execution of operations: `alembic.ddl`.
//!
//! [`DefaultImpl`] contains the default behaviour, which each dialect's file overrides.

mod alter_column;
mod autogen;
mod base;
mod bulk_insert;
pub mod execution;
mod implementation;
mod mssql;
mod mysql;
mod oracle;
mod postgresql;
mod registry;
mod sqlite;
mod state;
mod version_table;

use std::rc::Rc;

pub use alter_column::AlterColumn;
pub use autogen::{ComparisonResult, is_expression};
pub use base::{AlterTable, Change, format_table_name};
pub use bulk_insert::{RowExpression, RowValue, Rows};
pub use execution::{DdlConstruct, Executable};
pub use implementation::{BatchItem, DefaultImpl, TypeRenderer, same_affinity};
pub use mssql::MSSQLImpl;
pub use mysql::MySQLImpl;
pub use oracle::OracleImpl;
pub use postgresql::PostgresqlImpl;
pub use registry::{MakeImpl, register};
pub use sqlite::{NO_ALTER, SQLiteImpl};
pub use state::{ImplOptions, ImplState, Output};

use ground::diagnostic::{Error, Result};
use sqlalchemy::dialects::{Dialect, registered};
use sqlalchemy::engine::Connection;

/// `DefaultImpl.get_by_dialect`: the implementation for a dialect.
///
/// # Errors
/// [`Error::unsupported`] for a dialect that this program can't drive yet; `KeyError` for one that
/// Alembic does not know either.
pub fn implementation(dialect: &Dialect, options: ImplOptions) -> Result<Rc<dyn DefaultImpl>> {
    let state = ImplState::new(dialect, options)?;
    let name = dialect.name();
    if let Some(make) = registry::find(name) {
        return Ok(make(state));
    }
    if registered(name).is_none() {
        return Err(Error::new("KeyError", format!("'{name}'")));
    }
    Err(
        Error::unsupported(format!("operations on the {name} dialect")).with_hint(
            "Limbeck runs migrations on SQLite; point the url to a sqlite:/// database.",
        ),
    )
}

/// `_ensure_scope_for_ddl`: runs the body in a transaction unless one is already active.
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
