//! Python's `sqlite3` over SQLite's C API.
//!
//! A database is a host file shared in memory by the connections of one program (`memory_files`),
//! or a real file opened by SQLite itself.
#![expect(unsafe_code, reason = "SQLite's C API")]

mod connection;
pub mod exc;
mod ffi;
mod functions;
mod limits;
mod memory_files;
mod pages;
mod place;
mod statement;
mod values;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::{Rc, Weak};

use crate::{ConnectArguments, Connection, Driver};
use ground::diagnostic::{Error, Result};
use ground::host::{Host, HostError, absolute_path};
use ground::run::Run;

pub use connection::Sqlite3Connection;
pub use functions::UserFunction;
pub use memory_files::{image, restore};
pub use pages::Pages;

/// The driver's names in SQLAlchemy URLs. The asynchronous driver is the same module on a thread of
/// its own, which is not needed here.
pub const NAMES: &[&str] = &[
    "pysqlite",
    "aiosqlite",
    "pysqlcipher",
    "pysqlite_numeric",
    "pysqlite_dollar",
];

/// SQLite's version, as `sqlite3.sqlite_version`.
pub fn sqlite_version() -> &'static str {
    // SAFETY: the library's version is a constant string.
    unsafe { CStr::from_ptr(ffi::sqlite3_libversion()) }
        .to_str()
        .unwrap_or_default()
}

/// Python's `sqlite3` module. Its arguments are those of `sqlite3.connect`: `database`, `uri`,
/// `timeout` in seconds, `isolation_level`; others are ignored.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sqlite;

impl Driver for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite3"
    }

    fn connect(&self, run: &Run, arguments: &ConnectArguments) -> Result<Rc<dyn Connection>> {
        let connection = Rc::new(Sqlite3Connection::open(run, arguments)?);
        OPEN.with(|open| {
            let mut open = open.borrow_mut();
            open.retain(|connection| connection.strong_count() > 0);
            open.push(Rc::downgrade(&connection));
        });
        Ok(connection)
    }

    fn flush(&self, host: &Rc<dyn Host>) -> std::result::Result<(), HostError> {
        memory_files::flush(host)
    }

    fn finish(&self, host: &Rc<dyn Host>) -> std::result::Result<(), HostError> {
        let connections: Vec<Rc<Sqlite3Connection>> = OPEN.with(|open| {
            open.borrow()
                .iter()
                .filter_map(Weak::upgrade)
                .filter(|connection| connection.belongs_to(host))
                .collect()
        });
        for connection in connections {
            connection.close();
        }
        memory_files::flush(host)
    }
}

thread_local! {
    static OPEN: RefCell<Vec<Weak<Sqlite3Connection>>> = const { RefCell::new(Vec::new()) };
}

/// `executescript`: executes all statements of a script on a `sqlite3` connection.
///
/// # Errors
/// What the database says of the first statement that fails; `AttributeError` for a connection of
/// another driver.
pub fn execute_script(connection: &dyn Connection, sql: &str) -> Result<()> {
    match Sqlite3Connection::of(connection) {
        Some(own) => own.execute_script(sql),
        None => Err(Error::new("AttributeError", "executescript")),
    }
}

/// The state of a database as seen by the modifying connection, including uncommitted changes.
/// Without an open transaction, its current contents. Pages that did not change are shared with an
/// earlier state.
///
/// # Errors
/// The host's, where it can't be read.
pub fn snapshot(
    host: &Rc<dyn Host>,
    path: &str,
    earlier: Option<&Pages>,
) -> std::result::Result<Pages, HostError> {
    let absolute = absolute_path(&host.current_directory(), path);
    let within = OPEN.with(|open| {
        open.borrow()
            .iter()
            .filter_map(Weak::upgrade)
            .find(|connection| {
                connection.belongs_to(host)
                    && connection.database().as_deref() == Some(absolute.as_str())
                    && connection.in_transaction()
            })
    });
    // What a transaction has changed so far is in its connection only.
    match within
        .and_then(|connection| connection.serialized(|bytes| Pages::compared(bytes, earlier)))
    {
        Some(pages) => Ok(pages),
        None => memory_files::pages(host, &absolute, earlier),
    }
}
