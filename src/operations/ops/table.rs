//! Operations on whole tables.

use std::rc::Rc;

use super::MigrateOperation;
use crate::operations::schemaobj::{SchemaObjects, TableOptions};
use ground::diagnostic::Result;
use sqlalchemy::name::Name;
use sqlalchemy::schema::{DialectOptions, MetaData, Table, TableItem};

/// `CreateTableOp`.
#[derive(Clone)]
pub struct CreateTableOp {
    /// The table.
    pub table_name: Name,
    /// Its columns, constraints and indexes.
    pub columns: Vec<TableItem>,
    /// Its schema.
    pub schema: Option<Name>,
    /// `IF NOT EXISTS`.
    pub if_not_exists: Option<bool>,
    /// `info`, `comment`, `prefixes`.
    pub options: TableOptions,
    /// Dialect-specific keywords, such as `sqlite_autoincrement`.
    pub kw: DialectOptions,
    /// The table's original metadata, whose naming convention is used for rendering.
    pub namespace_metadata: Option<MetaData>,
    /// Whether `columns` already contains the constraints and indexes of `unique=` and `index=`.
    pub constraints_included: bool,
}

impl CreateTableOp {
    /// Creates the operation that creates a table.
    pub fn from_table(table: &Table, namespace_metadata: Option<&MetaData>) -> Self {
        let columns = table.columns().into_iter().map(TableItem::Column);
        let constraints = table.constraints().into_iter().map(TableItem::Constraint);
        CreateTableOp {
            table_name: table.name(),
            columns: columns.chain(constraints).collect(),
            schema: table.schema(),
            if_not_exists: None,
            options: TableOptions::of(table),
            kw: table.dialect_options(),
            namespace_metadata: Some(
                namespace_metadata
                    .cloned()
                    .unwrap_or_else(|| table.metadata()),
            ),
            constraints_included: true,
        }
    }

    /// The table as a schema item.
    ///
    /// # Errors
    /// What SQLAlchemy raises where a table can't be made of these.
    pub fn to_table(&self, schema_obj: &SchemaObjects) -> Result<Table> {
        schema_obj.table(
            &self.table_name,
            &self.columns,
            self.schema.as_ref(),
            &self.options,
            &self.kw,
            self.constraints_included,
        )
    }

    /// The reverse operation, which drops the table.
    ///
    /// # Errors
    /// As [`to_table`](Self::to_table).
    pub fn reverse(&self) -> Result<DropTableOp> {
        Ok(DropTableOp::from_table(
            &self.to_table(&SchemaObjects::default())?,
            self.namespace_metadata.as_ref(),
        ))
    }
}

/// `DropTableOp`.
#[derive(Clone)]
pub struct DropTableOp {
    /// The table.
    pub table_name: Name,
    /// Its schema.
    pub schema: Option<Name>,
    /// `IF EXISTS`.
    pub if_exists: Option<bool>,
    /// `info`, `comment`, `prefixes`.
    pub options: TableOptions,
    /// Dialect-specific keywords.
    pub table_kw: DialectOptions,
    /// The operation that creates it again.
    pub reverse: Option<Box<CreateTableOp>>,
}

impl DropTableOp {
    /// Creates the operation that drops a table, with its reverse.
    pub fn from_table(table: &Table, namespace_metadata: Option<&MetaData>) -> Self {
        DropTableOp {
            table_name: table.name(),
            schema: table.schema(),
            if_exists: None,
            options: TableOptions::of(table),
            table_kw: table.dialect_options(),
            reverse: Some(Box::new(CreateTableOp::from_table(
                table,
                namespace_metadata,
            ))),
        }
    }

    /// The table as a schema item; without columns if they are unknown.
    ///
    /// # Errors
    /// What SQLAlchemy raises where a table can't be made of these.
    pub fn to_table(&self, schema_obj: &SchemaObjects) -> Result<Table> {
        let (columns, constraints_included) = match &self.reverse {
            Some(reverse) => (reverse.columns.as_slice(), reverse.constraints_included),
            None => (&[][..], false),
        };
        schema_obj.table(
            &self.table_name,
            columns,
            self.schema.as_ref(),
            &self.options,
            &self.table_kw,
            constraints_included,
        )
    }

    /// The reverse operation, which creates the table again.
    ///
    /// # Errors
    /// As [`to_table`](Self::to_table).
    pub fn reverse(&self) -> Result<CreateTableOp> {
        Ok(CreateTableOp::from_table(
            &self.to_table(&SchemaObjects::default())?,
            None,
        ))
    }
}

/// `RenameTableOp`.
#[derive(Clone)]
pub struct RenameTableOp {
    /// The old name.
    pub table_name: Name,
    /// The new name.
    pub new_table_name: Name,
    /// Its schema.
    pub schema: Option<Name>,
}

/// `CreateTableCommentOp`.
#[derive(Clone)]
pub struct CreateTableCommentOp {
    /// The table.
    pub table_name: Name,
    /// The comment.
    pub comment: Option<Rc<str>>,
    /// The existing comment.
    pub existing_comment: Option<Rc<str>>,
    /// Its schema.
    pub schema: Option<Name>,
}

impl CreateTableCommentOp {
    /// The reverse operation, which restores the existing comment or drops the comment.
    pub fn reverse(&self) -> MigrateOperation {
        match &self.existing_comment {
            None => DropTableCommentOp {
                table_name: self.table_name.clone(),
                existing_comment: self.comment.clone(),
                schema: self.schema.clone(),
            }
            .into(),
            Some(existing) => CreateTableCommentOp {
                table_name: self.table_name.clone(),
                comment: Some(existing.clone()),
                existing_comment: self.comment.clone(),
                schema: self.schema.clone(),
            }
            .into(),
        }
    }

    /// The table as a schema item, with its comment.
    ///
    /// # Errors
    /// As [`SchemaObjects::table`].
    pub fn to_table(&self, schema_obj: &SchemaObjects) -> Result<Table> {
        let options = TableOptions {
            comment: self.comment.clone(),
            ..TableOptions::default()
        };
        schema_obj.table(
            &self.table_name,
            &[],
            self.schema.as_ref(),
            &options,
            &DialectOptions::default(),
            false,
        )
    }
}

/// `DropTableCommentOp`.
#[derive(Clone)]
pub struct DropTableCommentOp {
    /// The table.
    pub table_name: Name,
    /// The existing comment.
    pub existing_comment: Option<Rc<str>>,
    /// Its schema.
    pub schema: Option<Name>,
}

impl DropTableCommentOp {
    /// The reverse operation, which restores the comment.
    pub fn reverse(&self) -> CreateTableCommentOp {
        CreateTableCommentOp {
            table_name: self.table_name.clone(),
            comment: self.existing_comment.clone(),
            existing_comment: None,
            schema: self.schema.clone(),
        }
    }

    /// The table as a schema item.
    ///
    /// # Errors
    /// As [`SchemaObjects::table`].
    pub fn to_table(&self, schema_obj: &SchemaObjects) -> Result<Table> {
        schema_obj.table(
            &self.table_name,
            &[],
            self.schema.as_ref(),
            &TableOptions::default(),
            &DialectOptions::default(),
            false,
        )
    }
}
