//! DDL: CREATE, DROP, ALTER.

use crate::diagnostic::{Error, Result};
use crate::sqlalchemy::dialects::Dialect;
use crate::sqlalchemy::elements::Expression;
use crate::sqlalchemy::name::ConstraintName;
use crate::sqlalchemy::schema::{
    Column, Constraint, ForeignKeyConstraint, Index, MetaData, ServerDefault, Table,
};

/// `CreateTable(table, if_not_exists=...)`; `foreign_keys` are the constraints to write inside,
/// all of them with None.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn create_table(
    table: &Table,
    dialect: &Dialect,
    if_not_exists: bool,
    foreign_keys: Option<&[ForeignKeyConstraint]>,
) -> Result<String> {
    let _ = (table, dialect, if_not_exists, foreign_keys);
    Err(Error::unsupported("DDL"))
}

/// `DropTable(table, if_exists=...)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn drop_table(table: &Table, dialect: &Dialect, if_exists: bool) -> Result<String> {
    let _ = (table, dialect, if_exists);
    Err(Error::unsupported("DDL"))
}

/// `CreateIndex(index, if_not_exists=...)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` without a name or a table.
pub fn create_index(index: &Index, dialect: &Dialect, if_not_exists: bool) -> Result<String> {
    let _ = (index, dialect, if_not_exists);
    Err(Error::unsupported("DDL"))
}

/// `DropIndex(index, if_exists=...)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` without a name.
pub fn drop_index(index: &Index, dialect: &Dialect, if_exists: bool) -> Result<String> {
    let _ = (index, dialect, if_exists);
    Err(Error::unsupported("DDL"))
}

/// `AddConstraint(constraint)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn add_constraint(constraint: &Constraint, dialect: &Dialect) -> Result<String> {
    let _ = (constraint, dialect);
    Err(Error::unsupported("DDL"))
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
    let _ = (constraint, dialect, if_exists, cascade);
    Err(Error::unsupported("DDL"))
}

/// `SetTableComment(table)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn set_table_comment(table: &Table, dialect: &Dialect) -> Result<String> {
    let _ = (table, dialect);
    Err(Error::unsupported("DDL"))
}

/// `DropTableComment(table)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn drop_table_comment(table: &Table, dialect: &Dialect) -> Result<String> {
    let _ = (table, dialect);
    Err(Error::unsupported("DDL"))
}

/// `SetColumnComment(column)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn set_column_comment(column: &Column, dialect: &Dialect) -> Result<String> {
    let _ = (column, dialect);
    Err(Error::unsupported("DDL"))
}

/// `get_column_specification(column)`: name, type, default, constraints of the column.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn column_specification(column: &Column, dialect: &Dialect) -> Result<String> {
    let _ = (column, dialect);
    Err(Error::unsupported("DDL"))
}

/// What stands after DEFAULT (`get_column_default_string`).
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn default_string(default: &ServerDefault, dialect: &Dialect) -> Result<Option<String>> {
    let _ = (default, dialect);
    Err(Error::unsupported("DDL"))
}

/// One constraint as it stands in CREATE TABLE, None where the dialect does not write it.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn constraint_text(constraint: &Constraint, dialect: &Dialect) -> Result<Option<String>> {
    let _ = (constraint, dialect);
    Err(Error::unsupported("DDL"))
}

/// `CHECK` text or an index's expression: literal values, no table names.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn ddl_expression(expression: &Expression, dialect: &Dialect) -> Result<String> {
    let _ = (expression, dialect);
    Err(Error::unsupported("DDL"))
}

/// `format_table(table)`: schema and name, quoted.
pub fn format_table(table: &Table, dialect: &Dialect) -> String {
    match table.schema() {
        Some(schema) => format!(
            "{}.{}",
            dialect.quote_name(&schema),
            dialect.quote_name(&table.name())
        ),
        None => dialect.quote_name(&table.name()),
    }
}

/// `format_column(column)`: the name, quoted.
pub fn format_column(column: &Column, dialect: &Dialect) -> String {
    dialect.quote_name(&column.name())
}

/// `format_constraint(constraint)`: the name, quoted; None where there is none.
///
/// # Errors
/// What a naming convention raises, `sqlalchemy.exc.IdentifierError` for one that is too long.
pub fn format_constraint(constraint: &Constraint, dialect: &Dialect) -> Result<Option<String>> {
    let name = crate::sqlalchemy::naming::rendered_name(
        crate::sqlalchemy::naming::Named::Constraint(constraint),
    )?;
    Ok(name
        .as_ref()
        .and_then(ConstraintName::name)
        .map(|name| dialect.quote_name(name)))
}

/// The statements of `metadata.create_all()`, in order; `exists` tells of a table that it is
/// there already.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`, and what sorting raises.
pub fn create_all(
    metadata: &MetaData,
    tables: Option<&[Table]>,
    dialect: &Dialect,
    exists: &dyn Fn(&Table) -> Result<bool>,
) -> Result<Vec<String>> {
    let _ = (metadata, tables, dialect, exists);
    Err(Error::unsupported("DDL"))
}

/// The statements of `metadata.drop_all()`, in order.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`, and what sorting raises.
pub fn drop_all(
    metadata: &MetaData,
    tables: Option<&[Table]>,
    dialect: &Dialect,
    exists: &dyn Fn(&Table) -> Result<bool>,
) -> Result<Vec<String>> {
    let _ = (metadata, tables, dialect, exists);
    Err(Error::unsupported("DDL"))
}
