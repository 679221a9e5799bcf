//! The dotted names of Python's `sqlite3` exception classes, as stored in `Error::class`.

/// An invalid value.
pub const DATA_ERROR: &str = "sqlite3.DataError";

/// The base class of errors reported by the database.
pub const DATABASE_ERROR: &str = "sqlite3.DatabaseError";

/// The base class of all.
pub const ERROR: &str = "sqlite3.Error";

/// A violated constraint.
pub const INTEGRITY_ERROR: &str = "sqlite3.IntegrityError";

/// A misuse of SQLite's interface.
pub const INTERFACE_ERROR: &str = "sqlite3.InterfaceError";

/// An error inside SQLite.
pub const INTERNAL_ERROR: &str = "sqlite3.InternalError";

/// An unsupported feature.
pub const NOT_SUPPORTED_ERROR: &str = "sqlite3.NotSupportedError";

/// A failure at run time, such as a lock, a file or a syntax error.
pub const OPERATIONAL_ERROR: &str = "sqlite3.OperationalError";

/// An invalid call.
pub const PROGRAMMING_ERROR: &str = "sqlite3.ProgrammingError";
