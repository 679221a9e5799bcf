//! Values on their way to the database and back.

use super::Type;
use crate::diagnostic::{Error, Result};
use crate::sqlalchemy::dialects::Dialect;
use crate::sqlalchemy::literal::Literal;

/// `json.dumps(value)`.
///
/// # Errors
/// `TypeError` for what JSON has no form for.
pub fn json_dumps(value: &Literal) -> Result<String> {
    let _ = value;
    Err(Error::unsupported("JSON values"))
}

/// `json.loads(text)`.
///
/// # Errors
/// `json.decoder.JSONDecodeError`.
pub fn json_loads(text: &str) -> Result<Literal> {
    let _ = text;
    Err(Error::unsupported("JSON values"))
}

impl Type {
    /// What the driver is given for a value (`bind_processor`).
    ///
    /// # Errors
    /// `TypeError`, `LookupError`, `ValueError` for a value that does not fit the type.
    pub fn process_bind(&self, value: Literal, dialect: &Dialect) -> Result<Literal> {
        let _ = dialect;
        Ok(value)
    }

    /// What Python is given for a value from the driver (`result_processor`).
    ///
    /// # Errors
    /// `ValueError`, `LookupError` for a value that the type can't read.
    pub fn process_result(&self, value: Literal, dialect: &Dialect) -> Result<Literal> {
        let _ = dialect;
        Ok(value)
    }

    /// How a value is written in a statement (`literal_processor`).
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError` for a type without a literal form.
    pub fn process_literal(&self, value: &Literal, dialect: &Dialect) -> Result<String> {
        let _ = (value, dialect);
        Err(Error::unsupported("literal values"))
    }
}
