//! `alter_column`: its arguments, and one ALTER statement per change.

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
    /// The new nullability.
    pub nullable: Option<bool>,
    /// The new server default.
    pub server_default: Option<Option<ServerDefault>>,
    /// The new name.
    pub name: Option<Name>,
    /// The new type.
    pub kind: Option<Type>,
    /// The new comment.
    pub comment: Option<Option<Rc<str>>>,
    /// The existing type.
    pub existing_type: Option<Type>,
    /// The existing server default.
    pub existing_server_default: Option<Option<ServerDefault>>,
    /// The existing nullability.
    pub existing_nullable: Option<bool>,
    /// The existing comment.
    pub existing_comment: Option<Rc<str>>,
    /// MySQL's AUTO_INCREMENT; in a batch, the column's flag.
    pub autoincrement: Option<bool>,
    /// The existing AUTO_INCREMENT of MySQL.
    pub existing_autoincrement: Option<bool>,
    /// Dialect-specific keywords, such as `postgresql_using`.
    pub dialect: DialectOptions,
}

/// Emits one statement per changed property of a column.
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
