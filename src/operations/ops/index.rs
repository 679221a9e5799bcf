//! Operations on indexes.

use super::IndexElement;
use crate::operations::schemaobj::SchemaObjects;
use ground::diagnostic::{Error, Result};
use ground::exception;
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::schema::{DialectOptions, Index};

/// `CreateIndexOp`.
#[derive(Clone)]
pub struct CreateIndexOp {
    /// Its name.
    pub index_name: ConstraintName,
    /// The table.
    pub table_name: Name,
    /// Its elements.
    pub columns: Vec<IndexElement>,
    /// The table's schema.
    pub schema: Option<Name>,
    /// `UNIQUE`.
    pub unique: bool,
    /// Whether `unique` is the number from reflection; see [`Index::unique_is_number`].
    pub unique_is_number: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: Option<bool>,
    /// Dialect-specific keywords, such as `sqlite_where`.
    pub kw: DialectOptions,
}

impl CreateIndexOp {
    /// Creates the operation that creates an index.
    ///
    /// # Errors
    /// `AssertionError` where the index has no table.
    pub fn from_index(index: &Index) -> Result<Self> {
        let table = index
            .table()
            .ok_or_else(|| Error::new(exception::ASSERTION_ERROR, ""))?;
        Ok(CreateIndexOp {
            index_name: index.name(),
            table_name: table.name(),
            columns: index
                .expressions()
                .into_iter()
                .map(IndexElement::Expression)
                .collect(),
            schema: table.schema(),
            unique: index.unique(),
            unique_is_number: index.unique_is_number(),
            if_not_exists: None,
            kw: index.dialect_options(),
        })
    }

    /// The index as a schema item, on a table created for it.
    ///
    /// # Errors
    /// What SQLAlchemy raises where an index can't be made of these.
    pub fn to_index(&self, schema_obj: &SchemaObjects) -> Result<Index> {
        let index = schema_obj.index(
            self.index_name.clone(),
            Some(&self.table_name),
            &self.columns,
            self.schema.as_ref(),
            self.unique,
            &self.kw,
        )?;
        index.set_unique_is_number(self.unique_is_number);
        // Alembic puts its own columns around text.
        index.set_text_class("alembic.util.sqla_compat._textual_index_element");
        Ok(index)
    }

    /// The reverse operation, which drops the index.
    ///
    /// # Errors
    /// As [`to_index`](Self::to_index).
    pub fn reverse(&self) -> Result<DropIndexOp> {
        DropIndexOp::from_index(&self.to_index(&SchemaObjects::default())?)
    }
}

/// `DropIndexOp`.
#[derive(Clone)]
pub struct DropIndexOp {
    /// Its name.
    pub index_name: ConstraintName,
    /// The table.
    pub table_name: Option<Name>,
    /// The table's schema.
    pub schema: Option<Name>,
    /// `IF EXISTS`.
    pub if_exists: Option<bool>,
    /// Whether it was unique, if known.
    pub unique: bool,
    /// Dialect-specific keywords.
    pub kw: DialectOptions,
    /// The operation that creates it again.
    pub reverse: Option<Box<CreateIndexOp>>,
}

impl DropIndexOp {
    /// Creates the operation that drops an index, with its reverse.
    ///
    /// # Errors
    /// `AssertionError` where the index has no table.
    pub fn from_index(index: &Index) -> Result<Self> {
        let create = CreateIndexOp::from_index(index)?;
        Ok(DropIndexOp {
            index_name: create.index_name.clone(),
            table_name: Some(create.table_name.clone()),
            schema: create.schema.clone(),
            if_exists: None,
            unique: create.unique,
            kw: create.kw.clone(),
            reverse: Some(Box::new(create)),
        })
    }

    /// The index as a schema item; on a column `x` if its columns are unknown.
    ///
    /// # Errors
    /// What SQLAlchemy raises where an index can't be made of these.
    pub fn to_index(&self, schema_obj: &SchemaObjects) -> Result<Index> {
        let unknown = [IndexElement::Name("x".into())];
        let columns = match &self.reverse {
            Some(reverse) => reverse.columns.as_slice(),
            None => &unknown,
        };
        let index = schema_obj.index(
            self.index_name.clone(),
            self.table_name.as_ref(),
            columns,
            self.schema.as_ref(),
            self.unique,
            &self.kw,
        )?;
        let is_number = self
            .reverse
            .as_ref()
            .is_some_and(|create| create.unique_is_number);
        index.set_unique_is_number(is_number);
        Ok(index)
    }

    /// The reverse operation, which creates the index again.
    ///
    /// # Errors
    /// As [`to_index`](Self::to_index).
    pub fn reverse(&self) -> Result<CreateIndexOp> {
        CreateIndexOp::from_index(&self.to_index(&SchemaObjects::default())?)
    }
}
