//! The dotted class names of `sqlalchemy.exc`, as stored in `Error::class`.

/// A join between two tables is ambiguous.
pub const AMBIGUOUS_FOREIGN_KEYS_ERROR: &str = "sqlalchemy.exc.AmbiguousForeignKeysError";

/// An invalid argument to a construct.
pub const ARGUMENT_ERROR: &str = "sqlalchemy.exc.ArgumentError";

/// A dependency cycle between tables.
pub const CIRCULAR_DEPENDENCY_ERROR: &str = "sqlalchemy.exc.CircularDependencyError";

/// A construct that the dialect cannot render.
pub const COMPILE_ERROR: &str = "sqlalchemy.exc.CompileError";

/// A constraint on a column that the table does not have.
pub const CONSTRAINT_COLUMN_NOT_FOUND_ERROR: &str = "sqlalchemy.exc.ConstraintColumnNotFoundError";

/// A driver error without a more specific class.
pub const DBAPI_ERROR: &str = "sqlalchemy.exc.DBAPIError";

/// A value that the database rejects.
pub const DATA_ERROR: &str = "sqlalchemy.exc.DataError";

/// A database error without a more specific class.
pub const DATABASE_ERROR: &str = "sqlalchemy.exc.DatabaseError";

/// A duplicate column name.
pub const DUPLICATE_COLUMN_ERROR: &str = "sqlalchemy.exc.DuplicateColumnError";

/// A name that exceeds the database's length limit.
pub const IDENTIFIER_ERROR: &str = "sqlalchemy.exc.IdentifierError";

/// A violated constraint.
pub const INTEGRITY_ERROR: &str = "sqlalchemy.exc.IntegrityError";

/// An error in the driver itself.
pub const INTERFACE_ERROR: &str = "sqlalchemy.exc.InterfaceError";

/// An internal error of the database.
pub const INTERNAL_ERROR: &str = "sqlalchemy.exc.InternalError";

/// A call that is invalid in the current state.
pub const INVALID_REQUEST_ERROR: &str = "sqlalchemy.exc.InvalidRequestError";

/// Several rows where one was expected.
pub const MULTIPLE_RESULTS_FOUND: &str = "sqlalchemy.exc.MultipleResultsFound";

/// No foreign key between two tables to join on.
pub const NO_FOREIGN_KEYS_ERROR: &str = "sqlalchemy.exc.NoForeignKeysError";

/// `inspect()` of an unsupported object.
pub const NO_INSPECTION_AVAILABLE: &str = "sqlalchemy.exc.NoInspectionAvailable";

/// A foreign key to a missing column.
pub const NO_REFERENCED_COLUMN_ERROR: &str = "sqlalchemy.exc.NoReferencedColumnError";

/// A foreign key to a missing table.
pub const NO_REFERENCED_TABLE_ERROR: &str = "sqlalchemy.exc.NoReferencedTableError";

/// No row where one was expected.
pub const NO_RESULT_FOUND: &str = "sqlalchemy.exc.NoResultFound";

/// A row without the requested column.
pub const NO_SUCH_COLUMN_ERROR: &str = "sqlalchemy.exc.NoSuchColumnError";

/// An unknown dialect or driver.
pub const NO_SUCH_MODULE_ERROR: &str = "sqlalchemy.exc.NoSuchModuleError";

/// A table that does not exist in the database.
pub const NO_SUCH_TABLE_ERROR: &str = "sqlalchemy.exc.NoSuchTableError";

/// A feature that the database does not support.
pub const NOT_SUPPORTED_ERROR: &str = "sqlalchemy.exc.NotSupportedError";

/// An object that is not executable.
pub const OBJECT_NOT_EXECUTABLE_ERROR: &str = "sqlalchemy.exc.ObjectNotExecutableError";

/// A database failure at run time, such as a lock, a file or a syntax error.
pub const OPERATIONAL_ERROR: &str = "sqlalchemy.exc.OperationalError";

/// A failed transaction that was not rolled back.
pub const PENDING_ROLLBACK_ERROR: &str = "sqlalchemy.exc.PendingRollbackError";

/// An invalid statement.
pub const PROGRAMMING_ERROR: &str = "sqlalchemy.exc.ProgrammingError";

/// A closed connection or result.
pub const RESOURCE_CLOSED_ERROR: &str = "sqlalchemy.exc.ResourceClosedError";

/// The base class of all.
pub const SQLALCHEMY_ERROR: &str = "sqlalchemy.exc.SQLAlchemyError";

/// An error while a statement is being executed.
pub const STATEMENT_ERROR: &str = "sqlalchemy.exc.StatementError";

/// A statement without an engine.
pub const UNBOUND_EXECUTION_ERROR: &str = "sqlalchemy.exc.UnboundExecutionError";

/// A construct unknown to the dialect's compiler.
pub const UNSUPPORTED_COMPILATION_ERROR: &str = "sqlalchemy.exc.UnsupportedCompilationError";
