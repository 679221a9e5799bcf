//! PEP 249 (DBAPI) as traits, the registry of available drivers, and the drivers of SQLite and
//! PostgreSQL.
//!
//! Features outside PEP 249 are specific to a driver (`sqlite::Sqlite3Connection`). Errors carry
//! the exception class of the Python module (`sqlite3.OperationalError`) and the database's own
//! message.

#[cfg(target_family = "wasm")]
mod memory;
pub mod postgresql;
mod registry;
pub mod script;
pub mod sqlite;
mod value;

use std::any::Any;
use std::rc::Rc;

use ground::diagnostic::Result;
use ground::host::{Host, HostError};
use ground::run::Run;

#[cfg(not(target_family = "wasm"))]
pub use postgresql::Servers;
pub use registry::{dbapi_class, find, finish, flush, register};
pub use value::{DriverObject, Parameters, Value};

/// The result of an execution: PEP 249's cursor after `execute`.
#[derive(Clone, Debug, Default)]
pub struct Cursor {
    /// The result's column names, or `None` if the statement returns no rows.
    pub description: Option<Rc<[Rc<str>]>>,
    /// All rows.
    pub rows: Vec<Vec<Value>>,
    /// Rows inserted, updated or deleted; -1 if not applicable. Some drivers count rows that were
    /// selected, too.
    pub rowcount: i64,
    /// Whether `rowcount` is of rows that the statement changed.
    pub changes: bool,
    /// The row id last inserted on this connection, if the database has row ids; `None` after
    /// `executemany`.
    pub lastrowid: Option<i64>,
}

/// The arguments of a module's `connect`, by name: SQLAlchemy's dialect derives them from a URL
/// (`create_connect_args`), and `create_engine(connect_args=...)` adds to them. The supported names
/// depend on the driver.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConnectArguments(Vec<(Rc<str>, Value)>);

impl ConnectArguments {
    /// No arguments.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an argument (builder style).
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.set(name, value.into());
        self
    }

    /// Sets an argument, replacing one of the same name.
    pub fn set(&mut self, name: &str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name.into(), value)),
        }
    }

    /// Sets several arguments, replacing those of the same name.
    pub fn update(&mut self, others: &ConnectArguments) {
        for (name, value) in &others.0 {
            self.set(name, value.clone());
        }
    }

    /// The argument of that name, where it was given.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|(known, _)| **known == *name)
            .map(|(_, value)| value)
    }
}

/// A database module of PEP 249, such as Python's `sqlite3`.
pub trait Driver {
    /// Its Python name.
    fn name(&self) -> &'static str;

    /// The class of PEP 249 that one of its module's exception classes is (by its dotted name); `None`
    /// for a class that is not its module's.
    fn dbapi_class(&self, class: &str) -> Option<&'static str> {
        let name = class.strip_prefix(self.name())?.strip_prefix('.')?;
        registry::pep_249(name)
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// What the database says, as the module's `OperationalError`.
    fn connect(&self, run: &Run, arguments: &ConnectArguments) -> Result<Rc<dyn Connection>>;

    /// Writes pending database changes back to a host, except those inside a transaction. A
    /// server's driver has nothing to write.
    ///
    /// # Errors
    /// The host's, where a database can't be written.
    fn flush(&self, host: &Rc<dyn Host>) -> std::result::Result<(), HostError> {
        let _ = host;
        Ok(())
    }

    /// Ends a command: closes a host's open connections, as the end of a Python process does, and
    /// [flushes](Driver::flush).
    ///
    /// # Errors
    /// As [`flush`](Driver::flush).
    fn finish(&self, host: &Rc<dyn Host>) -> std::result::Result<(), HostError> {
        let _ = host;
        Ok(())
    }
}

/// A connection of PEP 249.
pub trait Connection: Any {
    /// Executes a statement and fetches its rows.
    ///
    /// # Errors
    /// What the database says; the module's `ProgrammingError` for more than one statement, a
    /// wrong number of parameters, or a closed connection.
    fn execute(&self, sql: &str, parameters: &Parameters) -> Result<Cursor>;

    /// Executes a text as it is written: `execute(sql)` without parameters, which looks for no placeholder in it.
    ///
    /// # Errors
    /// What the database says.
    fn execute_text(&self, sql: &str) -> Result<Cursor> {
        self.execute(sql, &Parameters::NONE)
    }

    /// Executes a DML statement once per parameter set.
    ///
    /// # Errors
    /// As [`execute`](Connection::execute); a statement that returns rows is a
    /// `ProgrammingError`.
    fn execute_many(&self, sql: &str, parameters: &[Parameters]) -> Result<Cursor>;

    /// Commits the open transaction, if any.
    ///
    /// # Errors
    /// What the database says, such as a deferred foreign key that does not hold.
    fn commit(&self) -> Result<()>;

    /// Rolls back the open transaction, if any.
    ///
    /// # Errors
    /// What the database says.
    fn rollback(&self) -> Result<()>;

    /// Whether a transaction is open in the database.
    fn in_transaction(&self) -> bool;

    /// The database's name on its host, such as a file path; `None` if no other connection can
    /// reach it.
    fn database(&self) -> Option<Rc<str>>;

    /// Closes the connection; uncommitted changes are lost. Closing twice is not an error.
    fn close(&self);

    /// Whether the server has gone, so that nothing can be asked of the connection any more.
    fn is_lost(&self) -> bool {
        false
    }

    /// For downcasting to the driver's own connection type.
    fn as_any(&self) -> &dyn Any;
}
