//! DDL: CREATE, DROP, ALTER.

mod columns;
mod compiler;
mod constraints;
mod metadata;
mod names;

use super::overrides::{Subject, Wishes, element_text};
use crate::exc;
use ground::order::InOrder;
use std::fmt::Write as _;

pub use columns::{
    column_default_string, computed_text, default_string, identity_options, identity_text,
};
pub(crate) use columns::{has_optional_sequence, needs_parentheses};
pub use compiler::DDLCompiler;
pub(crate) use compiler::{create_index_text, drop_index_text};
pub(crate) use constraints::{
    check_text, deferrability, foreign_key_text, included_columns, preamble, primary_key_body,
    primary_key_text, unique_body, unique_text,
};
pub use constraints::{constraint_text, foreign_key_options};
pub use metadata::{
    Existing, Unseen, column_sequences, create_all, create_table_statements, drop_all, named_type,
    named_types,
};
pub(crate) use names::prepared_index_name;
pub use names::{
    constraint_name_text, format_column, format_constraint, format_index, format_sequence,
    format_table,
};

pub use super::quote_literal;
use crate::dialects::Dialect;
use crate::elements::Expression;
use crate::engine::error::background;
use crate::schema::{Column, Constraint, ForeignKeyConstraint, Index, Sequence, Table};
use crate::sqltypes::Type;
use ground::diagnostic::{Error, Result};

pub(crate) fn compile_error(message: impl Into<String>) -> Error {
    Error::new(exc::COMPILE_ERROR, message)
}

/// `CreateTable(table, if_not_exists=...)`; `foreign_keys` are the constraints to render inline;
/// `None` means all of them.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn create_table(
    table: &Table,
    dialect: &Dialect,
    if_not_exists: bool,
    foreign_keys: Option<&[ForeignKeyConstraint]>,
) -> Result<String> {
    if let Some(text) = element_text(
        "CreateTable",
        Subject::Table(table),
        Wishes::conditional(if_not_exists),
        dialect,
    )? {
        return Ok(text);
    }
    let mut text = String::from("\nCREATE ");
    for prefix in table.prefixes() {
        text.push_str(&prefix);
        text.push(' ');
    }
    text.push_str("TABLE ");
    if if_not_exists {
        text.push_str("IF NOT EXISTS ");
    }
    text.push_str(&format_table(table, dialect));
    text.push_str(" (");
    let mut separator = "\n";
    for column in table.columns() {
        if column.system() {
            continue;
        }
        let line = create_column(&column, dialect).map_err(|error| {
            if is_compile_error(&error) {
                // The link is added where an error is shown, not where it is quoted.
                let link = format!(" {}", background("l7de"));
                compile_error(format!(
                    "(in table '{}', column '{}'): {}",
                    table.name(),
                    column.name(),
                    error.message.trim_end_matches(&link)
                ))
                .with_cause(error)
            } else {
                error
            }
        })?;
        // A program's own `CreateColumn` may leave a column out.
        if line.is_empty() {
            continue;
        }
        text.push_str(separator);
        separator = ", \n";
        text.push('\t');
        text.push_str(&line);
    }
    let constraints = table_constraints(table, dialect, foreign_keys)?;
    if !constraints.is_empty() {
        let _ = write!(text, "{separator}\t{constraints}");
    }
    let _ = write!(
        text,
        "\n){}\n\n",
        dialect.ddl_compiler().post_create_table(table, dialect)?
    );
    Ok(text)
}

fn is_compile_error(error: &Error) -> bool {
    matches!(
        &*error.class,
        exc::COMPILE_ERROR | exc::UNSUPPORTED_COMPILATION_ERROR
    )
}

/// A column as it stands in CREATE TABLE.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn create_column(column: &Column, dialect: &Dialect) -> Result<String> {
    if let Some(text) = element_text(
        "CreateColumn",
        Subject::Column(column),
        Wishes::default(),
        dialect,
    )? {
        return Ok(text);
    }
    let mut text = column_specification(column, dialect)?;
    let mut constraints = column.constraints();
    constraints.in_order_by_key(Constraint::creation_order);
    for constraint in constraints {
        if let Some(line) = constraint_text(&constraint, dialect)? {
            text.push(' ');
            text.push_str(&line);
        }
    }
    Ok(text)
}

fn table_constraints(
    table: &Table,
    dialect: &Dialect,
    foreign_keys: Option<&[ForeignKeyConstraint]>,
) -> Result<String> {
    let primary_key = table.primary_key();
    let mut constraints = Vec::new();
    if !primary_key.columns().is_empty() {
        constraints.push(Constraint::PrimaryKey(primary_key.clone()));
    }
    for constraint in table.sorted_constraints() {
        match &constraint {
            Constraint::PrimaryKey(other) if other.ptr_eq(&primary_key) => continue,
            Constraint::ForeignKey(foreign)
                if foreign_keys
                    .is_some_and(|kept| !kept.iter().any(|other| other.ptr_eq(foreign))) =>
            {
                continue;
            }
            _ => {}
        }
        constraints.push(constraint);
    }
    let mut lines = Vec::new();
    for constraint in constraints {
        let alter = dialect.supports_alter()
            && matches!(&constraint, Constraint::ForeignKey(foreign) if foreign.use_alter());
        if alter || !constraint.should_create(dialect) {
            continue;
        }
        if let Some(line) = constraint_text(&constraint, dialect)? {
            lines.push(line);
        }
    }
    Ok(lines.join(", \n\t"))
}

/// `DropTable(table, if_exists=...)`.
///
/// # Errors
/// None now; kept for the shape that the others have.
pub fn drop_table(table: &Table, dialect: &Dialect, if_exists: bool) -> Result<String> {
    if let Some(text) = element_text(
        "DropTable",
        Subject::Table(table),
        Wishes::conditional(if_exists),
        dialect,
    )? {
        return Ok(text);
    }
    let exists = if if_exists { "IF EXISTS " } else { "" };
    Ok(format!(
        "\nDROP TABLE {exists}{}",
        format_table(table, dialect)
    ))
}

/// `CreateIndex(index, if_not_exists=...)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` without a name or a table.
pub fn create_index(index: &Index, dialect: &Dialect, if_not_exists: bool) -> Result<String> {
    if let Some(text) = element_text(
        "CreateIndex",
        Subject::Index(index),
        Wishes::conditional(if_not_exists),
        dialect,
    )? {
        return Ok(text);
    }
    let Some(table) = index.table() else {
        return Err(compile_error(format!(
            "Index '{}' is not associated with any table.",
            index.name().as_str().unwrap_or("None")
        )));
    };
    let compiler = dialect.ddl_compiler();
    compiler.visit_create_index(index, &table, dialect, if_not_exists)
}

/// `DropIndex(index, if_exists=...)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` without a name.
pub fn drop_index(index: &Index, dialect: &Dialect, if_exists: bool) -> Result<String> {
    if let Some(text) = element_text(
        "DropIndex",
        Subject::Index(index),
        Wishes::conditional(if_exists),
        dialect,
    )? {
        return Ok(text);
    }
    if index.name().is_none() {
        return Err(compile_error(
            "DROP INDEX requires that the index have a name",
        ));
    }
    let compiler = dialect.ddl_compiler();
    compiler.visit_drop_index(index, dialect, if_exists)
}

/// `AddConstraint(constraint)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn add_constraint(constraint: &Constraint, dialect: &Dialect) -> Result<String> {
    if let Some(text) = element_text(
        "AddConstraint",
        Subject::Constraint(constraint),
        Wishes::default(),
        dialect,
    )? {
        return Ok(text);
    }
    let table = bound_table(constraint)?;
    Ok(format!(
        "ALTER TABLE {} ADD {}",
        format_table(&table, dialect),
        constraint_text(constraint, dialect)?.unwrap_or_else(|| "None".to_owned())
    ))
}

pub(super) fn bound_table(constraint: &Constraint) -> Result<Table> {
    constraint.table().ok_or_else(|| {
        Error::new(
            exc::INVALID_REQUEST_ERROR,
            "This constraint is not bound to a table.  Did you mean to call \
             table.append_constraint(constraint) ?",
        )
    })
}

/// `DropConstraint(constraint, if_exists=..., cascade=...)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` without a name.
pub fn drop_constraint(
    constraint: &Constraint,
    dialect: &Dialect,
    if_exists: bool,
    cascade: bool,
) -> Result<String> {
    if let Some(text) = element_text(
        "DropConstraint",
        Subject::Constraint(constraint),
        Wishes {
            conditional: if_exists,
            cascade,
        },
        dialect,
    )? {
        return Ok(text);
    }
    let compiler = dialect.ddl_compiler();
    compiler.visit_drop_constraint(constraint, dialect, if_exists, cascade)
}

/// `SetTableComment(table)`.
///
/// # Errors
/// None now; kept for the shape that the others have.
pub fn set_table_comment(table: &Table, dialect: &Dialect) -> Result<String> {
    let comment = match table.comment() {
        Some(comment) => quote_literal(&comment, dialect),
        None => "NULL".to_owned(),
    };
    let compiler = dialect.ddl_compiler();
    compiler.visit_set_table_comment(table, &comment, dialect)
}

/// `DropTableComment(table)`.
///
/// # Errors
/// None now; kept for the shape that the others have.
pub fn drop_table_comment(table: &Table, dialect: &Dialect) -> Result<String> {
    dialect
        .ddl_compiler()
        .visit_drop_table_comment(table, dialect)
}

/// `SetColumnComment(column)`; NULL if the column has no comment.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn set_column_comment(column: &Column, dialect: &Dialect) -> Result<String> {
    dialect
        .ddl_compiler()
        .visit_set_column_comment(column, dialect)
}

/// `DropColumnComment(column)`.
///
/// # Errors
/// What the dialect's compiler raises.
pub fn drop_column_comment(column: &Column, dialect: &Dialect) -> Result<String> {
    dialect
        .ddl_compiler()
        .visit_drop_column_comment(column, dialect)
}

/// `get_column_specification(column)`: name, type, default, constraints of the column.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn column_specification(column: &Column, dialect: &Dialect) -> Result<String> {
    dialect
        .ddl_compiler()
        .get_column_specification(column, dialect)
}

/// `CreateSequence(sequence)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn create_sequence(
    sequence: &Sequence,
    dialect: &Dialect,
    if_not_exists: bool,
) -> Result<String> {
    let mut text = String::from("CREATE SEQUENCE ");
    if if_not_exists {
        text.push_str("IF NOT EXISTS ");
    }
    text.push_str(&format_sequence(sequence, dialect));
    let compiler = dialect.ddl_compiler();
    text.push_str(&compiler.define_sequence_type(sequence, dialect)?);
    let options = compiler.get_identity_options(sequence.options());
    if !options.is_empty() {
        let _ = write!(text, " {options}");
    }
    Ok(text)
}

/// `CreateEnumType(type)`: creates a native Enum type.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` without a name, or where the dialect has no such types.
pub fn create_enum_type(kind: &Type, dialect: &Dialect) -> Result<String> {
    dialect.ddl_compiler().visit_create_enum_type(kind, dialect)
}

/// `DropEnumType(type)`.
///
/// # Errors
/// As [`create_enum_type`].
pub fn drop_enum_type(kind: &Type, dialect: &Dialect) -> Result<String> {
    dialect.ddl_compiler().visit_drop_enum_type(kind, dialect)
}

/// `DropSequence(sequence)`.
pub fn drop_sequence(sequence: &Sequence, dialect: &Dialect, if_exists: bool) -> String {
    let exists = if if_exists { "IF EXISTS " } else { "" };
    format!(
        "DROP SEQUENCE {exists}{}",
        format_sequence(sequence, dialect)
    )
}

/// A `CHECK` condition or index expression: inline literals, no table names.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn ddl_expression(expression: &Expression, dialect: &Dialect) -> Result<String> {
    crate::compiler::compile_ddl_expression(expression, dialect)
}
