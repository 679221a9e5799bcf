//! Operations on columns.

use ground::exception;
use std::rc::Rc;

use super::{ColumnChange, ColumnDifference};
use crate::operations::schemaobj::SchemaObjects;
use ground::diagnostic::{Error, Result};
use sqlalchemy::name::Name;
use sqlalchemy::schema::{Column, DialectOptions, ServerDefault};
use sqlalchemy::sqltypes::Type;

/// `AddColumnOp`.
#[derive(Clone)]
pub struct AddColumnOp {
    /// The table.
    pub table_name: Name,
    /// The column.
    pub column: Column,
    /// The table's schema.
    pub schema: Option<Name>,
    /// `IF NOT EXISTS`.
    pub if_not_exists: Option<bool>,
    /// Whether a foreign key is rendered inline.
    pub inline_references: Option<bool>,
    /// Whether `PRIMARY KEY` is rendered inline.
    pub inline_primary_key: Option<bool>,
    /// `insert_before`, in a batch.
    pub insert_before: Option<Name>,
    /// `insert_after`, in a batch.
    pub insert_after: Option<Name>,
}

impl AddColumnOp {
    /// Creates the operation that adds a column to its table.
    ///
    /// # Errors
    /// `AttributeError` where it belongs to none.
    pub fn from_column(column: &Column) -> Result<Self> {
        let table = column.table().ok_or_else(|| {
            Error::new(
                exception::ATTRIBUTE_ERROR,
                "'NoneType' object has no attribute 'name'",
            )
        })?;
        Ok(Self::from_column_and_tablename(
            table.schema(),
            table.name(),
            column,
        ))
    }

    /// Creates the operation that adds a column to the named table.
    pub fn from_column_and_tablename(
        schema: Option<Name>,
        table_name: Name,
        column: &Column,
    ) -> Self {
        AddColumnOp {
            table_name,
            column: column.clone(),
            schema,
            if_not_exists: None,
            inline_references: None,
            inline_primary_key: None,
            insert_before: None,
            insert_after: None,
        }
    }

    /// The reverse operation, which drops the column.
    pub fn reverse(&self) -> DropColumnOp {
        let mut op = DropColumnOp::from_column_and_tablename(
            self.schema.clone(),
            self.table_name.clone(),
            &self.column,
        );
        op.if_exists = self.if_not_exists;
        op
    }
}

/// `DropColumnOp`.
#[derive(Clone)]
pub struct DropColumnOp {
    /// The table.
    pub table_name: Name,
    /// The column.
    pub column_name: Name,
    /// The table's schema.
    pub schema: Option<Name>,
    /// `IF EXISTS`.
    pub if_exists: Option<bool>,
    /// In a batch: the column's type, whose named CHECK constraint is dropped with it.
    pub existing_type: Option<Type>,
    /// The operation that adds the column again.
    pub reverse: Option<Box<AddColumnOp>>,
    /// Dialect-specific keywords, such as `mssql_drop_default`.
    pub kw: DialectOptions,
}

impl DropColumnOp {
    /// Creates the operation that drops a column, with its reverse.
    pub fn from_column_and_tablename(
        schema: Option<Name>,
        table_name: Name,
        column: &Column,
    ) -> Self {
        DropColumnOp {
            table_name: table_name.clone(),
            column_name: column.name(),
            schema: schema.clone(),
            if_exists: None,
            existing_type: None,
            kw: DialectOptions::default(),
            reverse: Some(Box::new(AddColumnOp::from_column_and_tablename(
                schema, table_name, column,
            ))),
        }
    }

    /// The reverse operation, which adds the column again.
    ///
    /// # Errors
    /// `ValueError` where it is not known what it was.
    pub fn reverse(&self) -> Result<AddColumnOp> {
        let reverse = self.reverse.as_ref().ok_or_else(|| {
            Error::new(
                exception::VALUE_ERROR,
                "operation is not reversible; original column is not present",
            )
        })?;
        let mut op = AddColumnOp::from_column_and_tablename(
            self.schema.clone(),
            self.table_name.clone(),
            &reverse.column,
        );
        op.if_not_exists = self.if_exists;
        Ok(op)
    }

    /// The column as a schema item; with NullType if its definition is unknown.
    pub fn to_column(&self) -> Column {
        match &self.reverse {
            Some(reverse) => reverse.column.clone(),
            None => SchemaObjects::column(&self.column_name),
        }
    }
}

/// `AlterColumnOp`.
///
/// Where Python distinguishes `False` (not given) from `None`, an `Option<Option<_>>` is used,
/// whose outer `None` is `False`.
#[derive(Clone)]
pub struct AlterColumnOp {
    /// The table.
    pub table_name: Name,
    /// The column.
    pub column_name: Name,
    /// The table's schema.
    pub schema: Option<Name>,
    /// The existing type.
    pub existing_type: Option<Type>,
    /// The existing server default.
    pub existing_server_default: Option<Option<ServerDefault>>,
    /// The existing nullability.
    pub existing_nullable: Option<bool>,
    /// The existing comment.
    pub existing_comment: Option<Rc<str>>,
    /// The new nullability.
    pub modify_nullable: Option<bool>,
    /// The new comment.
    pub modify_comment: Option<Option<Rc<str>>>,
    /// The new server default.
    pub modify_server_default: Option<Option<ServerDefault>>,
    /// The new name.
    pub modify_name: Option<Name>,
    /// The new type.
    pub modify_type: Option<Type>,
    /// Additional keywords.
    pub kw: AlterColumnKeywords,
}

/// The keywords accepted by `alter_column`'s `**kw`.
#[derive(Clone, Default)]
pub struct AlterColumnKeywords {
    /// MySQL's AUTO_INCREMENT; in a batch, SQLAlchemy's `autoincrement` flag of the column.
    pub autoincrement: Option<bool>,
    /// The existing AUTO_INCREMENT of MySQL.
    pub existing_autoincrement: Option<bool>,
    /// In a batch; has no effect in Alembic.
    pub insert_before: Option<Name>,
    /// In a batch; has no effect in Alembic.
    pub insert_after: Option<Name>,
    /// All others, such as `postgresql_using`, by name.
    pub dialect: sqlalchemy::schema::DialectOptions,
}

impl AlterColumnOp {
    /// An operation without any changes.
    pub fn new(table_name: impl Into<Name>, column_name: impl Into<Name>) -> Self {
        AlterColumnOp {
            table_name: table_name.into(),
            column_name: column_name.into(),
            schema: None,
            existing_type: None,
            existing_server_default: None,
            existing_nullable: None,
            existing_comment: None,
            modify_nullable: None,
            modify_comment: None,
            modify_server_default: None,
            modify_name: None,
            modify_type: None,
            kw: AlterColumnKeywords::default(),
        }
    }

    /// Whether it changes anything.
    pub fn has_changes(&self) -> bool {
        self.modify_nullable.is_some()
            || self.modify_server_default.is_some()
            || self.modify_type.is_some()
            || self.modify_comment.is_some()
            || self
                .kw
                .dialect
                .iter()
                .any(|(key, _)| key.starts_with("modify_"))
    }

    /// The reverse operation.
    pub fn reverse(&self) -> AlterColumnOp {
        let mut reverse = self.clone();
        // The name is not among the keywords that Alembic swaps.
        reverse.modify_name = None;
        if let Some(modified) = self.modify_type.clone() {
            reverse.modify_type = self.existing_type.clone();
            reverse.existing_type = Some(modified);
        }
        if let Some(modified) = self.modify_nullable {
            reverse.modify_nullable = self.existing_nullable;
            reverse.existing_nullable = Some(modified);
        }
        if let Some(modified) = self.modify_server_default.clone() {
            reverse.modify_server_default = self.existing_server_default.clone();
            reverse.existing_server_default = Some(modified);
        }
        if let Some(modified) = self.modify_comment.clone() {
            reverse.modify_comment = Some(self.existing_comment.clone());
            reverse.existing_comment = modified;
        }
        reverse
    }

    /// The `modify_...` tuples.
    pub fn differences(&self) -> Vec<ColumnDifference> {
        let mut differences = Vec::new();
        let mut add = |change: ColumnChange| {
            let mut difference = ColumnDifference {
                schema: self.schema.clone(),
                table_name: self.table_name.clone(),
                column_name: self.column_name.clone(),
                existing_type: self.existing_type.clone(),
                existing_nullable: self.existing_nullable,
                existing_server_default: self.existing_server_default.clone(),
                existing_comment: self.existing_comment.clone(),
                change,
            };
            match difference.change {
                ColumnChange::Type(..) => difference.existing_type = None,
                ColumnChange::Nullable(..) => difference.existing_nullable = None,
                ColumnChange::ServerDefault(..) => difference.existing_server_default = None,
                ColumnChange::Comment(..) => difference.existing_comment = None,
            }
            differences.push(difference);
        };
        if let Some(modified) = &self.modify_type {
            add(ColumnChange::Type(
                self.existing_type.clone(),
                modified.clone(),
            ));
        }
        if let Some(modified) = self.modify_nullable {
            add(ColumnChange::Nullable(self.existing_nullable, modified));
        }
        if let Some(modified) = &self.modify_server_default {
            add(ColumnChange::ServerDefault(
                self.existing_server_default.clone(),
                modified.clone(),
            ));
        }
        if let Some(modified) = &self.modify_comment {
            add(ColumnChange::Comment(
                self.existing_comment.clone(),
                modified.clone(),
            ));
        }
        differences
    }
}
