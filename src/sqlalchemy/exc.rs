//! The dotted names of the classes of `sqlalchemy.exc`, as `Error::class` holds them.

/// More than one foreign key leads from one table to the other.
pub const AMBIGUOUS_FOREIGN_KEYS_ERROR: &str = "sqlalchemy.exc.AmbiguousForeignKeysError";

/// An argument that a construct does not take.
pub const ARGUMENT_ERROR: &str = "sqlalchemy.exc.ArgumentError";

/// Tables that wait for each other.
pub const CIRCULAR_DEPENDENCY_ERROR: &str = "sqlalchemy.exc.CircularDependencyError";

/// A construct that the dialect has no words for.
pub const COMPILE_ERROR: &str = "sqlalchemy.exc.CompileError";

/// A constraint about a column that the table has not.
pub const CONSTRAINT_COLUMN_NOT_FOUND_ERROR: &str = "sqlalchemy.exc.ConstraintColumnNotFoundError";

/// An error of the driver of no other kind.
pub const DBAPI_ERROR: &str = "sqlalchemy.exc.DBAPIError";

/// A value that the database can't take.
pub const DATA_ERROR: &str = "sqlalchemy.exc.DataError";

/// An error of the database of no other kind.
pub const DATABASE_ERROR: &str = "sqlalchemy.exc.DatabaseError";

/// A second column of one name.
pub const DUPLICATE_COLUMN_ERROR: &str = "sqlalchemy.exc.DuplicateColumnError";

/// A name that is longer than the database allows.
pub const IDENTIFIER_ERROR: &str = "sqlalchemy.exc.IdentifierError";

/// A constraint that does not hold.
pub const INTEGRITY_ERROR: &str = "sqlalchemy.exc.IntegrityError";

/// An error of the driver itself.
pub const INTERFACE_ERROR: &str = "sqlalchemy.exc.InterfaceError";

/// An error inside the database.
pub const INTERNAL_ERROR: &str = "sqlalchemy.exc.InternalError";

/// A call at a time when it means nothing.
pub const INVALID_REQUEST_ERROR: &str = "sqlalchemy.exc.InvalidRequestError";

/// More rows than the one that was asked for.
pub const MULTIPLE_RESULTS_FOUND: &str = "sqlalchemy.exc.MultipleResultsFound";

/// No foreign key leads from one table to the other.
pub const NO_FOREIGN_KEYS_ERROR: &str = "sqlalchemy.exc.NoForeignKeysError";

/// `inspect()` of what it knows nothing about.
pub const NO_INSPECTION_AVAILABLE: &str = "sqlalchemy.exc.NoInspectionAvailable";

/// A foreign key to a column that is not there.
pub const NO_REFERENCED_COLUMN_ERROR: &str = "sqlalchemy.exc.NoReferencedColumnError";

/// A foreign key to a table that is not there.
pub const NO_REFERENCED_TABLE_ERROR: &str = "sqlalchemy.exc.NoReferencedTableError";

/// No row where one was asked for.
pub const NO_RESULT_FOUND: &str = "sqlalchemy.exc.NoResultFound";

/// A column that a row has not.
pub const NO_SUCH_COLUMN_ERROR: &str = "sqlalchemy.exc.NoSuchColumnError";

/// A dialect or driver that SQLAlchemy has not.
pub const NO_SUCH_MODULE_ERROR: &str = "sqlalchemy.exc.NoSuchModuleError";

/// A table that the database has not.
pub const NO_SUCH_TABLE_ERROR: &str = "sqlalchemy.exc.NoSuchTableError";

/// What the database does not offer.
pub const NOT_SUPPORTED_ERROR: &str = "sqlalchemy.exc.NotSupportedError";

/// What is no statement, executed.
pub const OBJECT_NOT_EXECUTABLE_ERROR: &str = "sqlalchemy.exc.ObjectNotExecutableError";

/// A failure of the database at its work: a lock, a file, a syntax.
pub const OPERATIONAL_ERROR: &str = "sqlalchemy.exc.OperationalError";

/// A transaction that failed and was not rolled back.
pub const PENDING_ROLLBACK_ERROR: &str = "sqlalchemy.exc.PendingRollbackError";

/// A statement that can't be right.
pub const PROGRAMMING_ERROR: &str = "sqlalchemy.exc.ProgrammingError";

/// A connection or result that is closed.
pub const RESOURCE_CLOSED_ERROR: &str = "sqlalchemy.exc.ResourceClosedError";

/// The base of all.
pub const SQLALCHEMY_ERROR: &str = "sqlalchemy.exc.SQLAlchemyError";

/// An error on the way of a statement to the driver.
pub const STATEMENT_ERROR: &str = "sqlalchemy.exc.StatementError";

/// A statement without an engine.
pub const UNBOUND_EXECUTION_ERROR: &str = "sqlalchemy.exc.UnboundExecutionError";

/// A construct that the dialect's compiler does not know.
pub const UNSUPPORTED_COMPILATION_ERROR: &str = "sqlalchemy.exc.UnsupportedCompilationError";
