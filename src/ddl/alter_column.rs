//! `alter_column`: its arguments, and one ALTER statement for each thing that changes.

use std::rc::Rc;

use super::base::{AlterTable, Change};
use super::implementation::DefaultImpl;
use ground::diagnostic::Result;
use sqlalchemy::name::Name;
use sqlalchemy::schema::{DialectOptions, ServerDefault};
use sqlalchemy::sqltypes::Type;

/// The arguments of `alter_column`.
///
/// As in [`AlterColumnOp`](crate::operations::ops::AlterColumnOp), an outer `None` stands for
/// Python's `False`.
#[derive(Clone)]
pub struct AlterColumn {
    /// The table.
    pub table_name: Name,
    /// The column.
    pub column_name: Name,
    /// The table's schema.
    pub schema: Option<Name>,
    /// Whether it shall take NULL.
    pub nullable: Option<bool>,
    /// Its server default after.
    pub server_default: Option<Option<ServerDefault>>,
    /// Its name after.
    pub name: Option<Name>,
    /// Its type after.
    pub kind: Option<Type>,
    /// Its comment after.
    pub comment: Option<Option<Rc<str>>>,
    /// Its type before.
    pub existing_type: Option<Type>,
    /// Its server default before.
    pub existing_server_default: Option<Option<ServerDefault>>,
    /// Whether it took NULL before.
    pub existing_nullable: Option<bool>,
    /// Its comment before.
    pub existing_comment: Option<Rc<str>>,
    /// MySQL's AUTO_INCREMENT; in a batch, the column's flag.
    pub autoincrement: Option<bool>,
    /// MySQL's AUTO_INCREMENT before.
    pub existing_autoincrement: Option<bool>,
    /// Keywords of dialects, such as `postgresql_using`.
    pub dialect: DialectOptions,
}

/// One statement for each thing that changes about a column.
pub(super) fn alter_column_parts<I: DefaultImpl + ?Sized>(
    implementation: &I,
    alter: &AlterColumn,
) -> Result<()> {
    if alter.autoincrement.is_some() || alter.existing_autoincrement.is_some() {
        implementation.state().run().warning(
            "UserWarning",
            "autoincrement and existing_autoincrement only make sense for MySQL",
        );
    }
    let exec = |change: Change| {
        implementation.exec_alter(&AlterTable {
            table_name: alter.table_name.clone(),
            schema: alter.schema.clone(),
            change,
        })
    };
    let column = || alter.column_name.clone();
    if let Some(nullable) = alter.nullable {
        exec(Change::Nullable(column(), nullable))?;
    }
    if let Some(default) = &alter.server_default {
        exec(Change::Default {
            column: column(),
            default: default.clone(),
            existing: alter.existing_server_default.clone().flatten(),
        })?;
    }
    if let Some(kind) = &alter.kind {
        exec(Change::Type(column(), kind.clone()))?;
    }
    if let Some(comment) = &alter.comment {
        exec(Change::Comment(column(), comment.clone()))?;
    }
    if let Some(name) = &alter.name {
        exec(Change::Name(column(), name.clone()))?;
    }
    Ok(())
}
