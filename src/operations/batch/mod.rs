//! Batch mode: `alembic.operations.batch`.
//!
//! [`BatchOperationsImpl`] collects the operations of a `with op.batch_alter_table(...)` block;
//! [`apply`] recreates the table with all changes at once.

mod apply;

use ground::exception;
use std::cell::RefCell;
use std::rc::Rc;

use ground::hash::IndexMap;

use super::schemaobj::{GenericConstraint, schema_name};
use crate::ddl::{AlterColumn, BatchItem, DefaultImpl, ensure_scope_for_ddl};
use ground::diagnostic::{Error, Result};
use sqlalchemy::inspector::{self, Inspector, ReflectedColumn};
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::naming::NamingConvention;
use sqlalchemy::schema::{
    Column, Constraint, DialectOptions, Index, MetaData, SchemaName, Table, TableItem, TableOptions,
};
use sqlalchemy::sqltypes::Type;

/// `recreate=`: whether the table is recreated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recreate {
    /// Only if the dialect cannot ALTER.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Recreate {
    /// Parses the `recreate=` argument of `batch_alter_table`.
    ///
    /// # Errors
    /// `ValueError` for another word.
    pub fn from_word(word: &str) -> Result<Self> {
        match word {
            "auto" => Ok(Recreate::Auto),
            "always" => Ok(Recreate::Always),
            "never" => Ok(Recreate::Never),
            _ => Err(Error::new(
                exception::VALUE_ERROR,
                "recreate may be one of 'auto', 'always', or 'never'.",
            )),
        }
    }
}

/// `table_kwargs=`.
#[derive(Clone, Default)]
pub struct TableKeywords {
    /// `prefixes`.
    pub prefixes: Option<Vec<Rc<str>>>,
    /// `comment`.
    pub comment: Option<Rc<str>>,
    /// Dialect-specific keywords.
    pub options: DialectOptions,
}

/// A listener of the `column_reflect` event.
pub type ColumnListener = Rc<dyn Fn(&Table, &mut ReflectedColumn) -> Result<()>>;

/// `reflect_kwargs=`.
#[derive(Clone, Default)]
pub struct BatchReflectOptions {
    /// `listeners` of `column_reflect`.
    pub column_reflect: Vec<ColumnListener>,
    /// `include_columns`.
    pub include_columns: Option<Vec<Rc<str>>>,
    /// `exclude_columns`.
    pub exclude_columns: Vec<Rc<str>>,
    /// `resolve_fks=False`.
    pub skip_referred: bool,
}

/// The arguments of `batch_alter_table`.
#[derive(Clone)]
pub struct BatchOptions {
    /// The table.
    pub table_name: Name,
    /// Its schema.
    pub schema: Option<Name>,
    /// `recreate=`.
    pub recreate: Recreate,
    /// `partial_reordering=`.
    pub partial_reordering: Vec<Vec<Name>>,
    /// `copy_from=`: the table to use instead of reflecting it.
    pub copy_from: Option<Table>,
    /// `table_args=`: additional items of the new table.
    pub table_args: Vec<TableItem>,
    /// `table_kwargs=`.
    pub table_kwargs: TableKeywords,
    /// `reflect_args=`: columns that override reflected ones.
    pub reflect_args: Vec<TableItem>,
    /// `reflect_kwargs={"listeners": ...}` and the like.
    pub reflect_options: BatchReflectOptions,
    /// `naming_convention=`: names for unnamed constraints in the database.
    pub naming_convention: Option<NamingConvention>,
}

impl BatchOptions {
    /// Arguments with only a table name.
    pub fn new(table_name: impl Into<Name>) -> Self {
        BatchOptions {
            table_name: table_name.into(),
            schema: None,
            recreate: Recreate::Auto,
            partial_reordering: Vec::new(),
            copy_from: None,
            table_args: Vec::new(),
            table_kwargs: TableKeywords::default(),
            reflect_args: Vec::new(),
            reflect_options: BatchReflectOptions::default(),
            naming_convention: None,
        }
    }
}

/// An operation deferred until the block ends.
#[derive(Clone)]
pub(crate) enum BatchOperation {
    AlterColumn(Box<AlterColumn>),
    AddColumn(Box<AddColumn>),
    DropColumn {
        column: Column,
        if_exists: bool,
        existing_type: Option<Type>,
    },
    AddConstraint(Constraint),
    DropConstraint(GenericConstraint),
    CreateIndex {
        index: Index,
        /// Keys of its columns; a text expression is its own key.
        keys: Vec<Rc<str>>,
        if_not_exists: Option<bool>,
    },
    DropIndex {
        index: Index,
        if_exists: Option<bool>,
    },
    CreateTableComment(Table),
    DropTableComment(Table),
    CreateColumnComment(Column),
}

#[derive(Clone)]
pub(crate) struct AddColumn {
    pub(crate) column: Column,
    pub(crate) if_not_exists: bool,
    pub(crate) inline_references: bool,
    pub(crate) inline_primary_key: bool,
    pub(crate) insert_before: Option<Name>,
    pub(crate) insert_after: Option<Name>,
}

/// `alembic.operations.batch.BatchOperationsImpl`.
pub struct BatchOperationsImpl {
    implementation: Rc<dyn DefaultImpl>,
    options: BatchOptions,
    batch: RefCell<Vec<BatchOperation>>,
}

impl BatchOperationsImpl {
    /// Creates a batch for a table.
    ///
    /// # Errors
    /// None so far.
    pub fn new(implementation: &Rc<dyn DefaultImpl>, options: BatchOptions) -> Result<Self> {
        Ok(BatchOperationsImpl {
            implementation: implementation.clone(),
            options,
            batch: RefCell::default(),
        })
    }

    /// The table.
    pub fn table_name(&self) -> &Name {
        &self.options.table_name
    }

    /// Its schema.
    pub fn schema(&self) -> Option<&Name> {
        self.options.schema.as_ref()
    }

    pub(crate) fn push(&self, operation: BatchOperation) -> Result<()> {
        if let BatchOperation::AddColumn(add) = &operation
            && (add.insert_before.is_some() || add.insert_after.is_some())
            && !self.should_recreate()
        {
            return Err(Error::command(
                "Can't specify insert_before or insert_after when using ALTER; please specify \
                 recreate='always'",
            ));
        }
        self.batch.borrow_mut().push(operation);
        Ok(())
    }

    fn should_recreate(&self) -> bool {
        match self.options.recreate {
            Recreate::Always => true,
            Recreate::Never => false,
            Recreate::Auto => {
                let batch = self.batch.borrow();
                let items: Vec<BatchItem<'_>> = batch
                    .iter()
                    .map(|operation| match operation {
                        BatchOperation::AddColumn(add) => BatchItem::AddColumn(&add.column),
                        BatchOperation::CreateIndex { .. } | BatchOperation::DropIndex { .. } => {
                            BatchItem::Index
                        }
                        _ => BatchItem::Other,
                    })
                    .collect();
                self.implementation.requires_recreate_in_batch(&items)
            }
        }
    }

    /// The end of the block: executes the deferred operations.
    ///
    /// # Errors
    /// `CommandError` where the table would have to be reflected in `--sql` mode; `KeyError` and
    /// `ValueError` for columns, constraints and indexes that are not there; errors of the
    /// database.
    pub fn flush(&self) -> Result<()> {
        let should_recreate = self.should_recreate();
        let connection = self.implementation.state().connection();
        ensure_scope_for_ddl(connection.as_ref(), || {
            let batch = self.batch.borrow().clone();
            if should_recreate {
                self.recreate(&batch)
            } else {
                batch.iter().try_for_each(|operation| self.alter(operation))
            }
        })
    }

    fn alter(&self, operation: &BatchOperation) -> Result<()> {
        let implementation = &*self.implementation;
        let (table_name, schema) = (self.table_name(), self.schema());
        match operation {
            BatchOperation::AlterColumn(alter) => implementation.alter_column(alter),
            BatchOperation::AddColumn(add) => implementation.add_column(
                table_name,
                &add.column,
                schema,
                add.if_not_exists,
                add.inline_references,
                add.inline_primary_key,
            ),
            BatchOperation::DropColumn {
                column, if_exists, ..
            } => implementation.drop_column(
                table_name,
                column,
                schema,
                *if_exists,
                &DialectOptions::new(),
            ),
            BatchOperation::AddConstraint(constraint) => implementation.add_constraint(constraint),
            BatchOperation::DropConstraint(constraint) => constraint.drop(implementation, false),
            BatchOperation::CreateIndex {
                index,
                if_not_exists,
                ..
            } => implementation.create_index(index, if_not_exists.unwrap_or(false)),
            BatchOperation::DropIndex { index, if_exists } => {
                implementation.drop_index(index, if_exists.unwrap_or(false))
            }
            BatchOperation::CreateTableComment(table) => implementation.create_table_comment(table),
            BatchOperation::DropTableComment(table) => implementation.drop_table_comment(table),
            BatchOperation::CreateColumnComment(column) => {
                implementation.create_column_comment(column)
            }
        }
    }

    fn recreate(&self, batch: &[BatchOperation]) -> Result<()> {
        let (existing, reflected) = match &self.options.copy_from {
            Some(table) => (table.clone(), false),
            None => (self.reflect()?, true),
        };
        let mut apply =
            apply::ApplyBatchImpl::new(&self.implementation, existing, &self.options, reflected)?;
        for operation in batch {
            apply.take(operation)?;
        }
        apply.create()
    }

    fn reflect(&self) -> Result<Table> {
        let state = self.implementation.state();
        let Some(connection) = state.connection() else {
            return Err(Error::command(format!(
                "This operation cannot proceed in --sql mode; batch mode with dialect {} requires \
                 a live database connection with which to reflect the table \"{}\". To generate a \
                 batch SQL migration script using table \"move and copy\", a complete Table object \
                 should be passed to the \"copy_from\" argument of the batch_alter_table() method \
                 so that table reflection can be skipped.",
                state.dialect().name(),
                self.table_name()
            )));
        };
        let given = &self.options.reflect_options;
        let inspector = Inspector::new(&connection)?;
        let listen = |table: &Table, column: &mut ReflectedColumn| {
            for listener in &given.column_reflect {
                listener(table, column)?;
            }
            // Alembic listens to the table of the batch, not to those that its keys refer to.
            if table.name().as_str() != self.table_name().as_str() {
                return Ok(());
            }
            self.implementation
                .autogen_column_reflect(&inspector, table, column)
        };
        let table = inspector::reflect_table(
            &inspector,
            self.table_name(),
            &MetaData::new(),
            inspector::ReflectOptions {
                items: self.options.reflect_args.clone(),
                include_columns: given.include_columns.clone(),
                exclude_columns: given.exclude_columns.clone(),
                skip_referred: given.skip_referred,
                table: TableOptions {
                    schema: schema_name(self.schema()),
                    ..TableOptions::default()
                },
                column_reflect: Some(&listen),
                ..inspector::ReflectOptions::default()
            },
        )?;
        let Some(convention) = self
            .options
            .naming_convention
            .as_ref()
            .filter(|convention| !convention.is_empty())
        else {
            return Ok(table);
        };
        // Constraints with a name in the database keep it.
        for constraint in table.constraints() {
            if let ConstraintName::Plain(name) = constraint.name() {
                constraint.set_name(ConstraintName::Convention(name));
            }
        }
        for index in table.indexes() {
            if let ConstraintName::Plain(name) = index.name() {
                index.set_name(ConstraintName::Convention(name));
            }
        }
        table.to_metadata(
            &MetaData::with_options(None, Some(convention.clone()), None),
            SchemaName::Inherit,
            None,
        )
    }
}

/// An ordered map by name.
pub(crate) type Ordered<T> = IndexMap<Rc<str>, T>;
