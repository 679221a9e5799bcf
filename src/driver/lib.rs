//! The DBAPI of this house: what PEP 249 asks of a database module, as traits, and SQLite's
//! implementation of them.
//!
//! Nothing above this room may assume SQLite unless it is a dialect file. Errors carry the class
//! that Python's `sqlite3` raises (`sqlite3.OperationalError`) and SQLite's own message.

mod ffi;
mod memory_files;
mod sqlite;
mod sqlite_functions;
mod sqlite_values;

use std::rc::Rc;

use ground::diagnostic::Result;
use ground::run::Run;

pub use memory_files::{flush, image, restore};
pub use sqlite::{Sqlite, finish, snapshot, sqlite_version};

/// A value as a database holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL `NULL`.
    Null,
    /// A whole number of 64 bits.
    Integer(i64),
    /// A floating point number of 64 bits.
    Real(f64),
    /// Text.
    Text(Rc<str>),
    /// Bytes.
    Blob(Rc<[u8]>),
}

impl Value {
    /// The value as Python's `repr` shows it, as SQLAlchemy's logs and errors print parameters.
    pub fn python_repr(&self) -> String {
        match self {
            Value::Null => "None".to_owned(),
            Value::Integer(number) => number.to_string(),
            Value::Real(number) => python_float(*number),
            Value::Text(text) => python_str(text),
            Value::Blob(bytes) => python_bytes(bytes),
        }
    }

    /// The text, where it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, where it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether it is `NULL`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Integer(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Real(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Value::Integer(truth.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text.into())
    }
}

pub use ground::formatting::repr::{
    bytes_repr as python_bytes, float_repr as python_float, string_repr as python_str,
};

/// The parameters of one execution.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameters {
    /// For `?`, in order.
    Positional(Vec<Value>),
    /// For `:name`.
    Named(Vec<(Rc<str>, Value)>),
}

impl Parameters {
    /// No parameters.
    pub const NONE: Parameters = Parameters::Positional(Vec::new());

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        match self {
            Parameters::Positional(values) => values.is_empty(),
            Parameters::Named(values) => values.is_empty(),
        }
    }

    /// As Python shows them: a tuple, or a dict.
    pub fn python_repr(&self) -> String {
        match self {
            Parameters::Positional(values) => {
                let parts: Vec<String> = values.iter().map(Value::python_repr).collect();
                match parts.as_slice() {
                    [only] => format!("({only},)"),
                    parts => format!("({})", parts.join(", ")),
                }
            }
            Parameters::Named(values) => {
                let parts: Vec<String> = values
                    .iter()
                    .map(|(name, value)| format!("{}: {}", python_str(name), value.python_repr()))
                    .collect();
                format!("{{{}}}", parts.join(", "))
            }
        }
    }
}

impl From<Vec<Value>> for Parameters {
    fn from(values: Vec<Value>) -> Self {
        Parameters::Positional(values)
    }
}

/// What an execution left: PEP 249's cursor after `execute`.
#[derive(Clone, Debug, Default)]
pub struct Cursor {
    /// Names of the result's columns, or `None` where the statement returns no rows.
    pub description: Option<Rc<[Rc<str>]>>,
    /// The rows, all of them.
    pub rows: Vec<Vec<Value>>,
    /// Rows inserted, updated or deleted; -1 where that has no meaning.
    pub rowcount: i64,
    /// The rowid last inserted on this connection; `None` after `executemany`.
    pub lastrowid: Option<i64>,
}

/// How much a statement may use before it is stopped.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Virtual machine instructions of one statement; 0 is no limit.
    pub instructions: u64,
    /// Rows that one statement may return.
    pub rows: usize,
    /// Bytes of one string, blob or row.
    pub length: i32,
    /// Bytes of all the rows that one statement returns.
    pub result_bytes: usize,
    /// Pages of a database held in memory; 0 is SQLite's own limit.
    pub pages: u32,
}

impl Limits {
    /// For a database that a person's own machine holds: SQLite's limits.
    pub const NATIVE: Limits = Limits {
        instructions: 0,
        rows: usize::MAX,
        length: 1_000_000_000,
        result_bytes: usize::MAX,
        pages: 0,
    };
    /// For a database in memory, that of a page: what keeps it answering.
    pub const MEMORY: Limits = Limits {
        instructions: 400_000_000,
        rows: 5_000_000,
        length: 100_000_000,
        result_bytes: 256 << 20,
        pages: 131_072,
    };
}

/// What to connect to: the arguments that SQLAlchemy's dialect makes from a URL.
#[derive(Clone, Debug, Default)]
pub struct ConnectArguments {
    /// Path of the database file, `:memory:`, or a `file:` URI where `uri` is set.
    pub database: String,
    /// Whether `database` is a URI.
    pub uri: bool,
    /// How long to wait for a lock, in seconds; Python's own default is 5.
    pub timeout: Option<f64>,
    /// Python's `isolation_level`: `None` is Python's default `""`, `Some(None)` is Python's
    /// `None`, autocommit.
    pub isolation_level: Option<Option<String>>,
}

/// A database module, such as Python's `sqlite3`.
pub trait Driver {
    /// Its Python name.
    fn name(&self) -> &'static str;
    /// Opens a connection.
    ///
    /// # Errors
    /// What the database says, as `sqlite3.OperationalError`.
    fn connect(&self, run: &Run, arguments: &ConnectArguments) -> Result<Rc<dyn Connection>>;
}

/// A connection of PEP 249, with the transaction control that Python's `sqlite3` has by default:
/// a transaction begins before INSERT, UPDATE, DELETE and REPLACE, and before nothing else.
pub trait Connection {
    /// Runs one statement and fetches its rows.
    ///
    /// # Errors
    /// What the database says; `sqlite3.ProgrammingError` for more than one statement, a wrong
    /// number of parameters, or a closed connection.
    fn execute(&self, sql: &str, parameters: &Parameters) -> Result<Cursor>;

    /// Runs one statement that changes rows once for each set of parameters.
    ///
    /// # Errors
    /// As [`execute`](Connection::execute); a statement that returns rows is a
    /// `sqlite3.ProgrammingError`.
    fn execute_many(&self, sql: &str, parameters: &[Parameters]) -> Result<Cursor>;

    /// Commits an open transaction, then runs all the statements of a text.
    ///
    /// # Errors
    /// What the database says of the first statement that fails.
    fn execute_script(&self, sql: &str) -> Result<()>;

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

    /// Python's `isolation_level`: what follows `BEGIN`, or `None` for autocommit.
    fn isolation_level(&self) -> Option<String>;

    /// Sets Python's `isolation_level`; `None` commits what is open, as Python does.
    ///
    /// # Errors
    /// What the database says when that commit fails.
    fn set_isolation_level(&self, level: Option<&str>) -> Result<()>;

    /// Rows changed since the connection was opened.
    fn total_changes(&self) -> i64;

    /// The database file's path, or `None` for one in memory.
    fn database(&self) -> Option<Rc<str>>;

    /// Closes the connection; what was not committed is lost. Closing twice is no error.
    fn close(&self);
}

#[cfg(test)]
mod tests;
