//! Constraints, as rendered in CREATE TABLE and after ALTER TABLE ... ADD.

use std::fmt::Write as _;
use std::rc::Rc;

use super::{compile_error, ddl_expression, format_constraint};
use crate::dialects::Dialect;
use crate::literal::Literal;
use crate::schema::{
    CheckConstraint, Column, Constraint, ForeignKeyConstraint, PrimaryKeyConstraint, Table,
    UniqueConstraint,
};
use crate::sqltypes::Argument;
use ground::diagnostic::{Error, Result};

/// A constraint, as rendered in CREATE TABLE; `None` if the dialect omits it.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn constraint_text(constraint: &Constraint, dialect: &Dialect) -> Result<Option<String>> {
    let compiler = dialect.ddl_compiler();
    Ok(match constraint {
        Constraint::PrimaryKey(primary_key) => {
            compiler.visit_primary_key_constraint(primary_key, dialect)?
        }
        Constraint::Unique(unique) => Some(compiler.visit_unique_constraint(unique, dialect)?),
        Constraint::Check(check) => Some(compiler.visit_check_constraint(check, dialect)?),
        Constraint::Exclude(exclude) => Some(compiler.visit_exclude_constraint(exclude, dialect)?),
        Constraint::ForeignKey(foreign) => {
            compiler.visit_foreign_key_constraint(foreign, dialect)?
        }
    })
}

/// PRIMARY KEY, as `DDLCompiler.visit_primary_key_constraint` renders it.
pub(crate) fn primary_key_text(
    primary_key: &PrimaryKeyConstraint,
    dialect: &Dialect,
) -> Result<String> {
    let constraint = Constraint::PrimaryKey(primary_key.clone());
    let mut text = preamble(&constraint, dialect)?;
    let compiler = dialect.ddl_compiler();
    text.push_str(&compiler.define_primary_key_body(primary_key, dialect)?);
    text.push_str(&deferrability(&constraint)?);
    Ok(text)
}

/// `PRIMARY KEY (...)`; in an implicit constraint the autoincrement column comes first.
pub(crate) fn primary_key_body(
    primary_key: &PrimaryKeyConstraint,
    dialect: &Dialect,
) -> Result<String> {
    let shown = if primary_key.is_implicit() {
        primary_key.columns_autoincrement_first()?
    } else {
        primary_key.columns()
    };
    Ok(format!("PRIMARY KEY ({})", quoted_columns(&shown, dialect)))
}

/// UNIQUE, as `DDLCompiler.visit_unique_constraint` renders it.
pub(crate) fn unique_text(unique: &UniqueConstraint, dialect: &Dialect) -> Result<String> {
    if unique.columns().is_empty() {
        return Ok(String::new());
    }
    let constraint = Constraint::Unique(unique.clone());
    let mut text = preamble(&constraint, dialect)?;
    text.push_str(&dialect.ddl_compiler().define_unique_body(unique, dialect)?);
    text.push_str(&deferrability(&constraint)?);
    Ok(text)
}

/// `UNIQUE (...)`; `distinct` is inserted before the parenthesis.
pub(crate) fn unique_body(unique: &UniqueConstraint, distinct: &str, dialect: &Dialect) -> String {
    format!(
        "UNIQUE {distinct}({})",
        quoted_columns(&unique.columns(), dialect)
    )
}

/// CHECK, as `DDLCompiler.visit_check_constraint` renders it.
pub(crate) fn check_text(check: &CheckConstraint, dialect: &Dialect) -> Result<String> {
    let constraint = Constraint::Check(check.clone());
    let mut text = preamble(&constraint, dialect)?;
    let _ = write!(
        text,
        "CHECK ({})",
        ddl_expression(&check.sqltext(), dialect)?
    );
    text.push_str(&deferrability(&constraint)?);
    Ok(text)
}

/// FOREIGN KEY, as `DDLCompiler.visit_foreign_key_constraint` renders it.
pub(crate) fn foreign_key_text(
    foreign: &ForeignKeyConstraint,
    dialect: &Dialect,
) -> Result<String> {
    let elements = foreign.elements();
    let remote = foreign.referred_table()?;
    let constraint = Constraint::ForeignKey(foreign.clone());
    let mut text = preamble(&constraint, dialect)?;
    let parents: Vec<Column> = elements
        .iter()
        .filter_map(|element| element.parent())
        .collect();
    let targets: Result<Vec<Column>> = elements.iter().map(|element| element.column()).collect();
    let compiler = dialect.ddl_compiler();
    let _ = write!(
        text,
        "FOREIGN KEY({}) REFERENCES {} ({})",
        quoted_columns(&parents, dialect),
        compiler.define_constraint_remote_table(&remote, dialect),
        quoted_columns(&targets?, dialect)
    );
    text.push_str(&foreign_key_options(foreign, dialect)?);
    Ok(text)
}

/// MATCH, ON DELETE, ON UPDATE, DEFERRABLE and INITIALLY of a foreign key, each with a leading
/// space.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` for what the database does not have, or for words that are no
/// phrase of SQL.
pub fn foreign_key_options(foreign: &ForeignKeyConstraint, dialect: &Dialect) -> Result<String> {
    let compiler = dialect.ddl_compiler();
    let mut text = String::new();
    if let Some(matching) = foreign.match_() {
        text.push_str(&compiler.define_constraint_match(&matching)?);
    }
    if let Some(ondelete) = foreign.ondelete() {
        text.push_str(&compiler.define_constraint_ondelete_cascade(&ondelete)?);
    }
    if let Some(onupdate) = foreign.onupdate() {
        text.push_str(&compiler.define_constraint_onupdate(&onupdate)?);
    }
    text.push_str(&deferrability(&Constraint::ForeignKey(foreign.clone()))?);
    Ok(text)
}

pub(crate) fn deferrability(constraint: &Constraint) -> Result<String> {
    let mut text = String::new();
    match constraint.deferrable() {
        Some(true) => text.push_str(" DEFERRABLE"),
        Some(false) => text.push_str(" NOT DEFERRABLE"),
        None => {}
    }
    if let Some(initially) = constraint.initially() {
        let _ = write!(text, " INITIALLY {}", sql_phrase(&initially)?);
    }
    Ok(text)
}

/// Validates that a phrase consists of words only (`validate_sql_phrase`).
pub(super) fn sql_phrase(phrase: &Rc<str>) -> Result<Rc<str>> {
    let word = |character: char| character.is_alphanumeric() || character == '_';
    let body = phrase.strip_suffix('\n').unwrap_or(phrase);
    let good = !body.is_empty()
        && body.starts_with(word)
        && body.ends_with(word)
        && body
            .chars()
            .all(|character| word(character) || character.is_whitespace());
    if good {
        Ok(phrase.clone())
    } else {
        Err(compile_error(format!(
            "Unexpected SQL phrase: {} (matching against {})",
            ground::formatting::repr::string_repr(phrase),
            ground::formatting::repr::string_repr(SQL_PHRASE)
        )))
    }
}

const SQL_PHRASE: &str = r"^\w+(?:\s+\w+)*$";

pub(crate) fn preamble(constraint: &Constraint, dialect: &Dialect) -> Result<String> {
    Ok(match format_constraint(constraint, dialect)? {
        Some(name) => format!("CONSTRAINT {name} "),
        None => String::new(),
    })
}

fn quoted_columns(columns: &[Column], dialect: &Dialect) -> String {
    let names: Vec<String> = columns
        .iter()
        .map(|column| dialect.quote_name(&column.name()))
        .collect();
    names.join(", ")
}

/// ` INCLUDE (...)`: the columns of the table that an index or a key carries along.
///
/// # Errors
/// `KeyError` for a key that the table lacks.
pub(crate) fn included_columns(
    argument: &Argument,
    table: Option<&Table>,
    dialect: &Dialect,
) -> Result<String> {
    let Argument::Value(Literal::List(items) | Literal::Tuple(items)) = argument else {
        return Ok(String::new());
    };
    let mut names = Vec::new();
    for item in items.iter() {
        let column = item
            .as_str()
            .and_then(|key| table.and_then(|table| table.column(key)));
        match column {
            Some(column) => names.push(dialect.quote_name(&column.name())),
            None => return Err(Error::new("KeyError", item.python_repr())),
        }
    }
    Ok(if names.is_empty() {
        String::new()
    } else {
        format!(" INCLUDE ({})", names.join(", "))
    })
}
