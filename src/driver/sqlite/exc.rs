//! The dotted names of the exception classes of Python's `sqlite3`, as `Error::class` holds them.

/// A value that does not fit.
pub const DATA_ERROR: &str = "sqlite3.DataError";

/// The base of what the database says.
pub const DATABASE_ERROR: &str = "sqlite3.DatabaseError";

/// The base of all.
pub const ERROR: &str = "sqlite3.Error";

/// A constraint that does not hold.
pub const INTEGRITY_ERROR: &str = "sqlite3.IntegrityError";

/// A misuse of SQLite's interface.
pub const INTERFACE_ERROR: &str = "sqlite3.InterfaceError";

/// An error inside SQLite.
pub const INTERNAL_ERROR: &str = "sqlite3.InternalError";

/// What SQLite does not offer.
pub const NOT_SUPPORTED_ERROR: &str = "sqlite3.NotSupportedError";

/// A failure at work: a lock, a file, a syntax.
pub const OPERATIONAL_ERROR: &str = "sqlite3.OperationalError";

/// A call that can't be right.
pub const PROGRAMMING_ERROR: &str = "sqlite3.ProgrammingError";
