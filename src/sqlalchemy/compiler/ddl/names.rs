//! Names of schema items, quoted and limited to the dialect's maximum length.

use crate::exc;
use md5::{Digest, Md5};

use crate::dialects::Dialect;
use crate::name::ConstraintName;
use crate::naming::{self, Named};
use crate::schema::{Column, Constraint, Index, Sequence, Table};
use ground::diagnostic::{Error, Result};

/// `_prepared_index_name(index, include_schema)`: the quoted name, with its table's schema.
///
/// # Errors
/// As [`format_index`].
pub(crate) fn prepared_index_name(
    index: &Index,
    dialect: &Dialect,
    include_schema: bool,
) -> Result<String> {
    let name = format_index(index, dialect)?;
    let schema = dialect.schema_for(index.table().and_then(|table| table.schema()));
    Ok(match schema.filter(|_| include_schema) {
        Some(schema) => format!("{}.{name}", dialect.quote_schema(&schema)),
        None => name,
    })
}

/// `format_sequence(sequence)`.
pub fn format_sequence(sequence: &Sequence, dialect: &Dialect) -> String {
    let name = dialect.quote_name(sequence.name());
    match dialect.schema_for(sequence.schema().cloned()) {
        Some(schema) => format!("{}.{name}", dialect.quote_schema(&schema)),
        None => name,
    }
}

/// `format_table(table)`: schema and name, quoted.
pub fn format_table(table: &Table, dialect: &Dialect) -> String {
    match dialect.schema_for(table.schema()) {
        Some(schema) => format!(
            "{}.{}",
            dialect.quote_schema(&schema),
            dialect.quote_name(&table.name())
        ),
        None => dialect.quote_name(&table.name()),
    }
}

/// `format_column(column)`: the name, quoted.
pub fn format_column(column: &Column, dialect: &Dialect) -> String {
    dialect.quote_name(&column.name())
}

/// `format_constraint(constraint)`: the quoted name; `None` if it is unnamed.
///
/// # Errors
/// What a naming convention raises, `sqlalchemy.exc.IdentifierError` for one that is too long.
pub fn format_constraint(constraint: &Constraint, dialect: &Dialect) -> Result<Option<String>> {
    match naming::rendered_name(Named::Constraint(constraint))? {
        Some(name) => {
            let limit = dialect
                .max_constraint_name_length()
                .unwrap_or(dialect.max_identifier_length());
            Ok(Some(render_name(&name, limit, dialect)?))
        }
        None => Ok(None),
    }
}

/// `format_constraint` of a constraint of which only the name is known.
///
/// # Errors
/// `sqlalchemy.exc.IdentifierError` for a name that is too long.
pub fn constraint_name_text(name: &ConstraintName, dialect: &Dialect) -> Result<String> {
    let limit = dialect
        .max_constraint_name_length()
        .unwrap_or(dialect.max_identifier_length());
    render_name(name, limit, dialect)
}

/// `format_index(index)`: the quoted name.
///
/// # Errors
/// As [`format_constraint`]; `sqlalchemy.exc.CompileError` where there is none.
pub fn format_index(index: &Index, dialect: &Dialect) -> Result<String> {
    match naming::rendered_name(Named::Index(index))? {
        Some(name) => {
            let limit = dialect
                .max_index_name_length()
                .unwrap_or(dialect.max_identifier_length());
            render_name(&name, limit, dialect)
        }
        // `assert name is not None`
        None => Err(Error::new("AssertionError", "")),
    }
}

/// Applies the dialect's length limit: a name from a convention is truncated, an explicit name
/// raises an error.
fn render_name(name: &ConstraintName, limit: usize, dialect: &Dialect) -> Result<String> {
    let Some(text) = name.name() else {
        return Ok(String::new());
    };
    let length = text.chars().count();
    if length <= limit {
        return Ok(dialect.quote_name(text));
    }
    if name.is_convention() {
        let kept: String = text.chars().take(limit.saturating_sub(8)).collect();
        // `md5_hex(name)[-4:]`
        let digest = Md5::digest(text.as_bytes());
        let suffix = format!("{:02x}{:02x}", digest[14], digest[15]);
        return Ok(dialect.quote(&format!("{kept}_{suffix}")));
    }
    if length <= dialect.max_identifier_length() {
        return Ok(dialect.quote_name(text));
    }
    Err(Error::new(
        exc::IDENTIFIER_ERROR,
        format!(
            "Identifier {} exceeds maximum length of {} characters",
            ground::formatting::repr::string_repr(text),
            dialect.max_identifier_length()
        ),
    ))
}
