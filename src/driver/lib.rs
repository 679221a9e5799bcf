//! The DBAPI of this house: what PEP 249 asks of a database module, as traits, the registry of the
//! modules that there are, and SQLite's.
//!
//! What PEP 249 does not know stays with the driver that has it (`sqlite::Sqlite3Connection`).
//! Errors carry the class that the Python module raises (`sqlite3.OperationalError`) and the
//! database's own message.

mod registry;
pub mod sqlite;
mod value;

use std::any::Any;
use std::rc::Rc;

use ground::diagnostic::Result;
use ground::host::{Host, HostError};
use ground::run::Run;

pub use registry::{find, finish, flush, is_module, register};
pub use value::{Parameters, Value};

/// What an execution left: PEP 249's cursor after `execute`.
#[derive(Clone, Debug, Default)]
pub struct Cursor {
    /// Names of the result's columns, or `None` where the statement returns no rows.
    pub description: Option<Rc<[Rc<str>]>>,
    /// The rows, all of them.
    pub rows: Vec<Vec<Value>>,
    /// Rows inserted, updated or deleted; -1 where that has no meaning.
    pub rowcount: i64,
    /// The row identifier last inserted on this connection, where the database has such;
    /// `None` after `executemany`.
    pub lastrowid: Option<i64>,
}

/// The arguments of a module's `connect`, by name: what SQLAlchemy's dialect makes of a URL
/// (`create_connect_args`) and `create_engine(connect_args=...)` adds to. Which names there are is
/// the driver's affair.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConnectArguments(Vec<(Rc<str>, Value)>);

impl ConnectArguments {
    /// No arguments.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.set(name, value.into());
        self
    }

    /// Adds one, in the place of another of that name.
    pub fn set(&mut self, name: &str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name.into(), value)),
        }
    }

    /// Adds these, each in the place of another of its name.
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

    /// Opens a connection.
    ///
    /// # Errors
    /// What the database says, as the module's `OperationalError`.
    fn connect(&self, run: &Run, arguments: &ConnectArguments) -> Result<Rc<dyn Connection>>;

    /// Writes back to a host what the driver still holds of its databases, but for those inside a
    /// transaction. A driver of a server has nothing to write.
    ///
    /// # Errors
    /// The host's, where a database can't be written.
    fn flush(&self, host: &Rc<dyn Host>) -> std::result::Result<(), HostError> {
        let _ = host;
        Ok(())
    }

    /// Ends a command: closes the connections of a host that are still open, as the end of a
    /// Python process does, and [flushes](Driver::flush).
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
    /// Runs one statement and fetches its rows.
    ///
    /// # Errors
    /// What the database says; the module's `ProgrammingError` for more than one statement, a
    /// wrong number of parameters, or a closed connection.
    fn execute(&self, sql: &str, parameters: &Parameters) -> Result<Cursor>;

    /// Runs one statement that changes rows once for each set of parameters.
    ///
    /// # Errors
    /// As [`execute`](Connection::execute); a statement that returns rows is a
    /// `ProgrammingError`.
    fn execute_many(&self, sql: &str, parameters: &[Parameters]) -> Result<Cursor>;

    /// Commits, if a transaction is open.
    ///
    /// # Errors
    /// What the database says, such as a deferred foreign key that does not hold.
    fn commit(&self) -> Result<()>;

    /// Rolls back, if a transaction is open.
    ///
    /// # Errors
    /// What the database says.
    fn rollback(&self) -> Result<()>;

    /// Whether a transaction is open in the database.
    fn in_transaction(&self) -> bool;

    /// What the database is called on its host, a file's path for one; `None` for one that no
    /// other connection can reach.
    fn database(&self) -> Option<Rc<str>>;

    /// Closes the connection; what was not committed is lost. Closing twice is no error.
    fn close(&self);

    /// Itself as its own type, for what only one driver's connections have.
    fn as_any(&self) -> &dyn Any;
}
