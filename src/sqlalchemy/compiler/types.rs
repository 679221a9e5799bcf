//! Types as they stand in DDL.

use crate::diagnostic::{Error, Result};
use crate::sqlalchemy::dialects::Dialect;
use crate::sqlalchemy::sqltypes::Type;

/// `type.compile(dialect)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` where the dialect can't render it.
pub fn compile_type(kind: &Type, dialect: &Dialect) -> Result<String> {
    let _ = (kind, dialect);
    Err(Error::unsupported("compiling types"))
}
