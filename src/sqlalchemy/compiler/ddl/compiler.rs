//! Dialect-specific DDL (`sqlalchemy.sql.compiler.DDLCompiler`).

use std::fmt::Write as _;
use std::rc::Rc;

use super::constraints::sql_phrase;
use super::{
    bound_table, check_text, column_default_string, compile_error, computed_text, ddl_expression,
    foreign_key_text, format_column, format_constraint, format_table, identity_options,
    identity_text, prepared_index_name, primary_key_body, primary_key_text, quote_literal,
    unique_body, unique_text,
};
use crate::compiler::types::unsupported_ddl;
use crate::dialects::{self, Dialect};
use crate::schema::{
    CheckConstraint, Column, Constraint, ExcludeConstraint, ForeignKeyConstraint, IdentityOptions,
    Index, PrimaryKeyConstraint, Sequence, Table, UniqueConstraint,
};
use crate::sqltypes::Type;
use ground::diagnostic::{Error, Result};

/// Renders DDL for a dialect; the default methods are those of SQLAlchemy's `DDLCompiler`.
///
/// Every fallible method raises `sqlalchemy.exc.CompileError` for a construct that the dialect
/// cannot render.
pub trait DDLCompiler: Sync {
    /// `get_column_specification`: name, type, default, constraints of a column.
    fn get_column_specification(&self, column: &Column, dialect: &Dialect) -> Result<String> {
        column_specification(column, dialect)
    }

    /// `post_create_table`: text after the closing parenthesis of CREATE TABLE.
    fn post_create_table(&self, _table: &Table, _dialect: &Dialect) -> Result<String> {
        Ok(String::new())
    }

    /// `visit_create_index`.
    fn visit_create_index(
        &self,
        index: &Index,
        table: &Table,
        dialect: &Dialect,
        if_not_exists: bool,
    ) -> Result<String> {
        let name = prepared_index_name(index, dialect, false)?;
        let table = format_table(table, dialect);
        create_index_text(index, &name, &table, dialect, if_not_exists)
    }

    /// `visit_drop_index`.
    fn visit_drop_index(
        &self,
        index: &Index,
        dialect: &Dialect,
        if_exists: bool,
    ) -> Result<String> {
        let name = prepared_index_name(index, dialect, true)?;
        Ok(drop_index_text("", &name, if_exists))
    }

    /// `visit_drop_constraint`.
    fn visit_drop_constraint(
        &self,
        constraint: &Constraint,
        dialect: &Dialect,
        if_exists: bool,
        cascade: bool,
    ) -> Result<String> {
        let Some(name) = format_constraint(constraint, dialect)? else {
            return Err(compile_error(format!(
                "Can't emit DROP CONSTRAINT for constraint {}; it has no name",
                constraint.python_repr()
            )));
        };
        let table = bound_table(constraint)?;
        Ok(format!(
            "ALTER TABLE {} DROP CONSTRAINT {}{name}{}",
            format_table(&table, dialect),
            if if_exists { "IF EXISTS " } else { "" },
            if cascade { " CASCADE" } else { "" }
        ))
    }

    /// `visit_set_table_comment`; `comment` is quoted.
    fn visit_set_table_comment(
        &self,
        table: &Table,
        comment: &str,
        dialect: &Dialect,
    ) -> Result<String> {
        let table = format_table(table, dialect);
        Ok(format!("COMMENT ON TABLE {table} IS {comment}"))
    }

    /// `visit_drop_table_comment`.
    fn visit_drop_table_comment(&self, table: &Table, dialect: &Dialect) -> Result<String> {
        let table = format_table(table, dialect);
        Ok(format!("COMMENT ON TABLE {table} IS NULL"))
    }

    /// `visit_drop_column_comment`.
    ///
    /// # Errors
    /// None here; a dialect may ask for more than the column.
    fn visit_drop_column_comment(&self, column: &Column, dialect: &Dialect) -> Result<String> {
        let table = column
            .table()
            .map(|table| dialect.quote_name(&table.name()))
            .unwrap_or_default();
        let column = format_column(column, dialect);
        Ok(format!("COMMENT ON COLUMN {table}.{column} IS NULL"))
    }

    /// `visit_set_column_comment`.
    fn visit_set_column_comment(&self, column: &Column, dialect: &Dialect) -> Result<String> {
        let table = column
            .table()
            .map(|table| format_table(&table, dialect))
            .unwrap_or_default();
        let comment = match column.comment() {
            Some(comment) => quote_literal(&comment, dialect),
            None => "NULL".into(),
        };
        Ok(format!(
            "COMMENT ON COLUMN {table}.{} IS {comment}",
            format_column(column, dialect)
        ))
    }

    /// `visit_primary_key_constraint`; `None` if it is rendered elsewhere.
    fn visit_primary_key_constraint(
        &self,
        primary_key: &PrimaryKeyConstraint,
        dialect: &Dialect,
    ) -> Result<Option<String>> {
        if primary_key.columns().is_empty() {
            return Ok(Some(String::new()));
        }
        primary_key_text(primary_key, dialect).map(Some)
    }

    /// `define_primary_key_body`.
    fn define_primary_key_body(
        &self,
        primary_key: &PrimaryKeyConstraint,
        dialect: &Dialect,
    ) -> Result<String> {
        primary_key_body(primary_key, dialect)
    }

    /// `visit_unique_constraint`.
    fn visit_unique_constraint(
        &self,
        unique: &UniqueConstraint,
        dialect: &Dialect,
    ) -> Result<String> {
        unique_text(unique, dialect)
    }

    /// `define_unique_body`.
    fn define_unique_body(&self, unique: &UniqueConstraint, dialect: &Dialect) -> Result<String> {
        Ok(unique_body(unique, "", dialect))
    }

    /// `visit_check_constraint`.
    fn visit_check_constraint(&self, check: &CheckConstraint, dialect: &Dialect) -> Result<String> {
        check_text(check, dialect)
    }

    /// `visit_foreign_key_constraint`; `None` if the database cannot have it.
    fn visit_foreign_key_constraint(
        &self,
        foreign: &ForeignKeyConstraint,
        dialect: &Dialect,
    ) -> Result<Option<String>> {
        foreign_key_text(foreign, dialect).map(Some)
    }

    /// `visit_exclude_constraint`.
    ///
    /// # Errors
    /// `UnsupportedCompilationError` where the database has no EXCLUDE.
    fn visit_exclude_constraint(
        &self,
        exclude: &ExcludeConstraint,
        dialect: &Dialect,
    ) -> Result<String> {
        let _ = exclude;
        let class = format!("<class '{}'>", dialects::EXCLUDE_CONSTRAINT);
        Err(unsupported_ddl(&class, dialect))
    }

    /// `define_constraint_remote_table`: the table that a foreign key references.
    fn define_constraint_remote_table(&self, table: &Table, dialect: &Dialect) -> String {
        format_table(table, dialect)
    }

    /// `define_constraint_match`: MATCH of a foreign key, with a leading space.
    fn define_constraint_match(&self, matching: &Rc<str>) -> Result<String> {
        Ok(format!(" MATCH {}", sql_phrase(matching)?))
    }

    /// `define_constraint_ondelete_cascade`: ON DELETE of a foreign key, with a leading space.
    fn define_constraint_ondelete_cascade(&self, ondelete: &Rc<str>) -> Result<String> {
        Ok(format!(" ON DELETE {}", sql_phrase(ondelete)?))
    }

    /// `ON UPDATE`.
    ///
    /// # Errors
    /// `CompileError` for what is no phrase.
    fn define_constraint_onupdate(&self, onupdate: &Rc<str>) -> Result<String> {
        Ok(format!(" ON UPDATE {}", sql_phrase(onupdate)?))
    }

    /// `get_identity_options`, also of a sequence.
    fn get_identity_options(&self, options: &IdentityOptions) -> String {
        identity_options(options)
    }

    /// The data type of a sequence, with a leading space (`visit_create_sequence(prefix=)`).
    fn define_sequence_type(&self, _sequence: &Sequence, _dialect: &Dialect) -> Result<String> {
        Ok(String::new())
    }

    /// `visit_create_enum_type`; called if [`has_named_types`] is true.
    ///
    /// [`has_named_types`]: crate::dialects::DefaultDialect::has_named_types
    fn visit_create_enum_type(&self, _kind: &Type, dialect: &Dialect) -> Result<String> {
        Err(no_named_types("CreateEnumType", dialect))
    }

    /// The error for a type to be created that has no name.
    fn nameless_type(&self, kind: &Type, dialect: &Dialect) -> Error {
        let _ = kind;
        no_named_types("CreateEnumType", dialect)
    }

    /// `visit_drop_enum_type`, as [`visit_create_enum_type`].
    ///
    /// [`visit_create_enum_type`]: DDLCompiler::visit_create_enum_type
    fn visit_drop_enum_type(&self, _kind: &Type, dialect: &Dialect) -> Result<String> {
        Err(no_named_types("DropEnumType", dialect))
    }
}

fn no_named_types(class: &str, dialect: &Dialect) -> Error {
    unsupported_ddl(
        &format!("<class '{}.{class}'>", dialects::NAMED_TYPES),
        dialect,
    )
}

fn column_specification(column: &Column, dialect: &Dialect) -> Result<String> {
    let mut text = format!(
        "{} {}",
        format_column(column, dialect),
        column.kind().compile(dialect)?
    );
    if let Some(default) = column_default_string(column, dialect)? {
        let _ = write!(text, " DEFAULT {default}");
    }
    if let Some(computed) = column.computed() {
        let _ = write!(text, " {}", computed_text(&computed, dialect)?);
    }
    let identity = column
        .identity()
        .filter(|_| dialect.supports_identity_columns());
    if let Some(identity) = &identity {
        let _ = write!(text, " {}", identity_text(identity));
    }
    if !column.nullable() && identity.is_none() {
        text.push_str(" NOT NULL");
    }
    Ok(text)
}

/// `CREATE INDEX name ON table (...)`, with both names already formatted.
pub(crate) fn create_index_text(
    index: &Index,
    name: &str,
    table: &str,
    dialect: &Dialect,
    if_not_exists: bool,
) -> Result<String> {
    let unique = if index.unique() { "UNIQUE " } else { "" };
    let exists = if if_not_exists { "IF NOT EXISTS " } else { "" };
    let expressions: Result<Vec<String>> = index
        .expressions()
        .iter()
        .map(|expression| ddl_expression(expression, dialect))
        .collect();
    Ok(format!(
        "CREATE {unique}INDEX {exists}{name} ON {table} ({})",
        expressions?.join(", ")
    ))
}

/// `DROP INDEX name`; `words` precede IF EXISTS.
pub(crate) fn drop_index_text(words: &str, name: &str, if_exists: bool) -> String {
    let exists = if if_exists { "IF EXISTS " } else { "" };
    format!("\nDROP INDEX {words}{exists}{name}")
}
