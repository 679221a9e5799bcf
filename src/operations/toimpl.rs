//! Executes operations: `alembic.operations.toimpl`.

use ground::exception;
use std::rc::Rc;

use super::Operations;
use super::batch::{AddColumn, BatchOperation};
use super::ops::{
    AddColumnOp, AlterColumnOp, CreateIndexOp, DropIndexOp, IndexElement, MigrateOperation,
};
use super::schemaobj::{GenericConstraint, TableOptions};
use crate::ddl::AlterColumn;
use ground::diagnostic::{Error, Result};
use sqlalchemy::name::Name;
use sqlalchemy::schema::{Column, Constraint, DialectOptions, Index, Table, TableItem};
use sqlalchemy::sqltypes::Type;

impl Operations {
    /// `op.invoke(operation)`; returns the table created by a `CreateTableOp`.
    ///
    /// # Errors
    /// What the operation raises, and errors of the database.
    pub fn invoke(&self, operation: &MigrateOperation) -> Result<Option<Table>> {
        let schema_obj = self.schema_objects();
        let implementation = self.implementation();
        match operation {
            MigrateOperation::CreateTable(op) => {
                let op = op.borrow().clone();
                self.refuse_in_batch("create")?;
                let table = op.to_table(schema_obj)?;
                implementation.create_table(&table, op.if_not_exists.unwrap_or(false))?;
                return Ok(Some(table));
            }
            MigrateOperation::DropTable(op) => {
                let op = op.borrow().clone();
                self.refuse_in_batch("drop")?;
                let table = op.to_table(schema_obj)?;
                implementation.drop_table(&table, op.if_exists.unwrap_or(false))?;
            }
            MigrateOperation::RenameTable(op) => {
                let op = op.borrow().clone();
                implementation.rename_table(
                    &op.table_name,
                    &op.new_table_name,
                    op.schema.as_ref(),
                )?;
            }
            MigrateOperation::CreateTableComment(op) => {
                let table = op.borrow().to_table(schema_obj)?;
                match self.batch() {
                    Some(batch) => batch.push(BatchOperation::CreateTableComment(table))?,
                    None => implementation.create_table_comment(&table)?,
                }
            }
            MigrateOperation::DropTableComment(op) => {
                let table = op.borrow().to_table(schema_obj)?;
                match self.batch() {
                    Some(batch) => batch.push(BatchOperation::DropTableComment(table))?,
                    None => implementation.drop_table_comment(&table)?,
                }
            }
            MigrateOperation::AddColumn(op) => self.add_column(&op.borrow().clone())?,
            MigrateOperation::DropColumn(op) => {
                let op = op.borrow().clone();
                let column = op.to_column();
                let if_exists = op.if_exists.unwrap_or(false);
                match self.batch() {
                    Some(batch) => batch.push(BatchOperation::DropColumn {
                        column,
                        if_exists,
                        existing_type: op.existing_type,
                    })?,
                    None => implementation.drop_column(
                        &op.table_name,
                        &column,
                        op.schema.as_ref(),
                        if_exists,
                        &op.kw,
                    )?,
                }
            }
            MigrateOperation::AlterColumn(op) => self.alter_column(&op.borrow().clone())?,
            MigrateOperation::CreateIndex(op) => self.create_index(&op.borrow().clone())?,
            MigrateOperation::DropIndex(op) => self.drop_index(&op.borrow().clone())?,
            MigrateOperation::CreatePrimaryKey(_)
            | MigrateOperation::CreateUniqueConstraint(_)
            | MigrateOperation::CreateForeignKey(_)
            | MigrateOperation::CreateCheckConstraint(_) => {
                self.add_constraint(&operation.to_constraint(schema_obj)?)?;
            }
            MigrateOperation::DropConstraint(op) => {
                let op = op.borrow().clone();
                let constraint = schema_obj.generic_constraint(
                    op.constraint_name,
                    &op.table_name,
                    op.constraint_type.as_deref(),
                    op.schema.as_ref(),
                )?;
                self.drop_constraint(constraint, op.if_exists)?;
            }
            MigrateOperation::BulkInsert(op) => {
                let op = op.borrow().clone();
                implementation.bulk_insert(&op.table, &op.rows, op.multiinsert)?;
            }
            MigrateOperation::ExecuteSQL(op) => {
                let op = op.borrow().clone();
                implementation
                    .execute(&op.sqltext.to_executable(), op.execution_options.as_ref())?;
            }
            MigrateOperation::ModifyTable(_)
            | MigrateOperation::Upgrade(_)
            | MigrateOperation::Downgrade(_)
            | MigrateOperation::Container(_)
            | MigrateOperation::Script(_)
            | MigrateOperation::Custom(_) => {
                return Err(Error::new(
                    exception::VALUE_ERROR,
                    format!(
                        "no dispatch function for object: {}",
                        operation.class_name()
                    ),
                ));
            }
        }
        Ok(None)
    }

    fn refuse_in_batch(&self, verb: &str) -> Result<()> {
        match self.batch() {
            None => Ok(()),
            Some(_) => Err(Error::new(
                exception::NOT_IMPLEMENTED_ERROR,
                format!("Can't {verb} table in batch mode"),
            )),
        }
    }

    fn add_constraint(&self, constraint: &Constraint) -> Result<()> {
        match self.batch() {
            Some(batch) => batch.push(BatchOperation::AddConstraint(constraint.clone())),
            None => self.implementation().add_constraint(constraint),
        }
    }

    fn drop_constraint(
        &self,
        constraint: GenericConstraint,
        if_exists: Option<bool>,
    ) -> Result<()> {
        match self.batch() {
            Some(batch) => batch.push(BatchOperation::DropConstraint(constraint)),
            None => constraint.drop(&**self.implementation(), if_exists.unwrap_or(false)),
        }
    }

    fn create_index(&self, op: &CreateIndexOp) -> Result<()> {
        let index = op.to_index(self.schema_objects())?;
        match self.batch() {
            Some(batch) => {
                let keys = index_keys(&op.columns, &index);
                batch.push(BatchOperation::CreateIndex {
                    index,
                    keys,
                    if_not_exists: op.if_not_exists,
                })
            }
            None => self
                .implementation()
                .create_index(&index, op.if_not_exists.unwrap_or(false)),
        }
    }

    fn drop_index(&self, op: &DropIndexOp) -> Result<()> {
        let index = op.to_index(self.schema_objects())?;
        match self.batch() {
            Some(batch) => batch.push(BatchOperation::DropIndex {
                index,
                if_exists: op.if_exists,
            }),
            None => self
                .implementation()
                .drop_index(&index, op.if_exists.unwrap_or(false)),
        }
    }

    /// A table with one column, including the column's constraints and indexes.
    fn table_with(
        &self,
        table_name: &Name,
        column: &Column,
        schema: Option<&Name>,
    ) -> Result<Table> {
        self.schema_objects().table(
            table_name,
            &[TableItem::Column(column.clone())],
            schema,
            &TableOptions::default(),
            &DialectOptions::new(),
            false,
        )
    }

    fn add_column(&self, op: &AddColumnOp) -> Result<()> {
        let column = if op.column.table().is_some() {
            op.column.copy()?
        } else {
            op.column.clone()
        };
        let table = self.table_with(&op.table_name, &column, op.schema.as_ref())?;
        let inline_references = op.inline_references.unwrap_or(false);
        let add = AddColumn {
            column: column.clone(),
            if_not_exists: op.if_not_exists.unwrap_or(false),
            inline_references,
            inline_primary_key: op.inline_primary_key.unwrap_or(false),
            insert_before: op.insert_before.clone(),
            insert_after: op.insert_after.clone(),
        };
        match self.batch() {
            Some(batch) => batch.push(BatchOperation::AddColumn(Box::new(add)))?,
            None => self.implementation().add_column(
                &op.table_name,
                &column,
                op.schema.as_ref(),
                add.if_not_exists,
                add.inline_references,
                add.inline_primary_key,
            )?,
        }
        for constraint in table.constraints() {
            match &constraint {
                Constraint::PrimaryKey(_) => continue,
                Constraint::ForeignKey(foreign_key)
                    if inline_references
                        && column.foreign_keys().len() == 1
                        && foreign_key.columns().len() == 1 =>
                {
                    continue;
                }
                _ => self.add_constraint(&constraint)?,
            }
        }
        for index in table.indexes() {
            match self.batch() {
                Some(batch) => {
                    let keys = index_keys(&[], &index);
                    batch.push(BatchOperation::CreateIndex {
                        index,
                        keys,
                        if_not_exists: None,
                    })?;
                }
                None => self.implementation().create_index(&index, false)?,
            }
        }
        let dialect = self.implementation().state().dialect();
        if column.comment().is_some() && dialect.supports_comments() && !dialect.inline_comments() {
            match self.batch() {
                Some(batch) => batch.push(BatchOperation::CreateColumnComment(column))?,
                None => self.implementation().create_column_comment(&column)?,
            }
        }
        Ok(())
    }

    fn alter_column(&self, op: &AlterColumnOp) -> Result<()> {
        // Constraints created by a type are dropped and created with it.
        let counted = |kind: &Type| -> Result<Vec<Constraint>> {
            let column = Column::new(&op.column_name, kind.clone());
            let table = self.table_with(&op.table_name, &column, op.schema.as_ref())?;
            let dialect = self.implementation().state().dialect();
            Ok(table
                .constraints()
                .into_iter()
                .filter(|constraint| {
                    !matches!(constraint, Constraint::PrimaryKey(_))
                        && constraint.should_create(dialect)
                })
                .collect())
        };
        if let (Some(existing), Some(_)) = (&op.existing_type, &op.modify_type) {
            for constraint in counted(existing)? {
                self.drop_constraint(constraint.into(), None)?;
            }
        }
        let alter = AlterColumn {
            table_name: op.table_name.clone(),
            column_name: op.column_name.clone(),
            schema: op.schema.clone(),
            nullable: op.modify_nullable,
            server_default: op.modify_server_default.clone(),
            name: op.modify_name.clone(),
            kind: op.modify_type.clone(),
            comment: op.modify_comment.clone(),
            existing_type: op.existing_type.clone(),
            existing_server_default: op.existing_server_default.clone(),
            existing_nullable: op.existing_nullable,
            existing_comment: op.existing_comment.clone(),
            autoincrement: op.kw.autoincrement,
            existing_autoincrement: op.kw.existing_autoincrement,
            dialect: op.kw.dialect.clone(),
        };
        match self.batch() {
            Some(batch) => batch.push(BatchOperation::AlterColumn(Box::new(alter)))?,
            None => self.implementation().alter_column(&alter)?,
        }
        if let Some(kind) = &op.modify_type {
            for constraint in counted(kind)? {
                self.add_constraint(&constraint)?;
            }
        }
        Ok(())
    }
}

/// The keys by which a batch looks up an index's columns in the new table.
fn index_keys(elements: &[IndexElement], index: &Index) -> Vec<Rc<str>> {
    if elements.is_empty() {
        return index.columns().iter().map(Column::key).collect();
    }
    elements
        .iter()
        .filter_map(|element| match element {
            IndexElement::Name(name) => Some(name.text()),
            IndexElement::Expression(sqlalchemy::elements::Expression::Text(text)) => {
                Some(text.text.clone())
            }
            IndexElement::Expression(expression) => expression.columns().first().map(Column::key),
        })
        .collect()
}
