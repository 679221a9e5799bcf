//! What follows a column's type in DDL: DEFAULT, GENERATED, IDENTITY.

use std::fmt::Write as _;

use super::{ddl_expression, quote_literal};
use crate::dialects::Dialect;
use crate::schema::{Column, ColumnDefault, Computed, Identity, IdentityOptions, ServerDefault};
use ground::diagnostic::Result;

/// Whether SQLite and MySQL require parentheses around a default: it does not start with a quote or
/// parenthesis, and its first line contains a non-word character.
pub(crate) fn needs_parentheses(default: &str) -> bool {
    let first = default.trim_start().chars().next();
    if matches!(first, Some('\'' | '"' | '(')) {
        return false;
    }
    default
        .split('\n')
        .next()
        .unwrap_or("")
        .chars()
        .chain(default.contains('\n').then_some('\n'))
        .any(|character| !(character.is_alphanumeric() || character == '_'))
}

/// The column's DEFAULT as text; `None` if it has none.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn column_default_string(column: &Column, dialect: &Dialect) -> Result<Option<String>> {
    match column.server_default() {
        Some(default) => default_string(&default, dialect),
        None => Ok(None),
    }
}

/// The expression after DEFAULT (`get_column_default_string`); `None` if the default is not a
/// DEFAULT clause.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn default_string(default: &ServerDefault, dialect: &Dialect) -> Result<Option<String>> {
    let ServerDefault::DefaultClause(clause) = default else {
        return Ok(None);
    };
    if let Some(text) = clause.as_text() {
        return Ok(Some(quote_literal(&text, dialect)));
    }
    match clause.as_expression() {
        Some(expression) => Ok(Some(expression.compile_literal(dialect)?)),
        None => Ok(None),
    }
}

/// Whether the column's default is a sequence that the dialect creates unless it is optional.
pub(crate) fn has_optional_sequence(column: &Column) -> bool {
    matches!(column.default(), Some(ColumnDefault::Sequence(sequence)) if sequence.optional())
}

/// `GENERATED ALWAYS AS (...)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn computed_text(computed: &Computed, dialect: &Dialect) -> Result<String> {
    let mut text = format!(
        "GENERATED ALWAYS AS ({})",
        ddl_expression(&computed.sqltext(), dialect)?
    );
    match computed.persisted() {
        Some(true) => text.push_str(" STORED"),
        Some(false) => text.push_str(" VIRTUAL"),
        None => {}
    }
    Ok(text)
}

/// `GENERATED ... AS IDENTITY (...)`.
pub fn identity_text(identity: &Identity) -> String {
    let mut text = format!(
        "GENERATED {} AS IDENTITY",
        if identity.always() == Some(true) {
            "ALWAYS"
        } else {
            "BY DEFAULT"
        }
    );
    let options = identity_options(identity.options());
    if !options.is_empty() {
        let _ = write!(text, " ({options})");
    }
    text
}

/// START WITH and the like (`get_identity_options`).
pub fn identity_options(options: &IdentityOptions) -> String {
    let mut words = Vec::new();
    if let Some(increment) = options.increment {
        words.push(format!("INCREMENT BY {increment}"));
    }
    if let Some(start) = options.start {
        words.push(format!("START WITH {start}"));
    }
    if let Some(minvalue) = options.minvalue {
        words.push(format!("MINVALUE {minvalue}"));
    }
    if let Some(maxvalue) = options.maxvalue {
        words.push(format!("MAXVALUE {maxvalue}"));
    }
    if options.nominvalue.is_some() {
        words.push("NO MINVALUE".into());
    }
    if options.nomaxvalue.is_some() {
        words.push("NO MAXVALUE".into());
    }
    if let Some(cache) = options.cache {
        words.push(format!("CACHE {cache}"));
    }
    match options.cycle {
        Some(true) => words.push("CYCLE".into()),
        Some(false) => words.push("NO CYCLE".into()),
        None => {}
    }
    words.join(" ")
}
