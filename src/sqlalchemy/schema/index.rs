//! `Index`.

use ground::formatting::repr::string_repr;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use super::attach::OnAttach;
use super::constraints::{missing_column, single_table};
use super::{Column, DialectOptions, Info, Table, argument_error, next_creation_order};
use crate::elements::{ADDRESS, Expression};
use crate::name::ConstraintName;
use crate::naming;
use ground::diagnostic::Result;

/// An element of an index.
#[derive(Clone)]
pub enum IndexExpression {
    /// A column by key.
    Key(Rc<str>),
    /// A column or an expression.
    Expression(Expression),
    /// A text with the column that stands for it in the table.
    Text(Expression, Column),
}

/// What an element of an index says of a column, for its name.
pub enum NamedColumn {
    /// A column of a table.
    Column(Column),
    /// `column(name)`, of no table.
    Clause(Rc<str>),
}

impl From<&str> for IndexExpression {
    fn from(key: &str) -> Self {
        IndexExpression::Key(key.into())
    }
}

impl From<String> for IndexExpression {
    fn from(key: String) -> Self {
        IndexExpression::Key(key.into())
    }
}

impl From<&Column> for IndexExpression {
    fn from(column: &Column) -> Self {
        IndexExpression::Expression(Expression::Column(column.clone()))
    }
}

impl From<Expression> for IndexExpression {
    fn from(expression: Expression) -> Self {
        IndexExpression::Expression(expression)
    }
}

/// The keyword arguments of `Index(...)`.
#[derive(Clone, Default)]
#[expect(
    missing_docs,
    reason = "each field is SQLAlchemy's keyword argument of its name"
)]
pub struct IndexOptions {
    pub unique: bool,
    pub info: Option<Rc<dyn Any>>,
    pub options: DialectOptions,
    /// `_table`: attaches to this table immediately.
    pub table: Option<Table>,
    /// Created by `Column(index=True)`.
    pub column_flag: bool,
}

pub(super) struct IndexData {
    name: RefCell<ConstraintName>,
    unique: Cell<bool>,
    /// Whether `unique` came from reflection, which reports it as a number.
    unique_is_number: Cell<bool>,
    /// The class of its elements that are text.
    text_class: Cell<&'static str>,
    given: Vec<IndexExpression>,
    expressions: RefCell<Vec<Expression>>,
    columns: RefCell<Vec<Column>>,
    table: RefCell<Option<Table>>,
    info: Info,
    options: RefCell<DialectOptions>,
    column_flag: bool,
    creation_order: u64,
}

/// `sqlalchemy.Index`.
#[derive(Clone)]
pub struct Index(pub(super) Rc<IndexData>);

impl Index {
    /// `Index(name, *expressions, ...)`.
    ///
    /// # Errors
    /// As [`DialectOptions::validate`] and attaching.
    pub fn new(
        name: ConstraintName,
        expressions: Vec<IndexExpression>,
        options: IndexOptions,
    ) -> Result<Index> {
        options.options.validate(&["Index"])?;
        let index = Index(Rc::new(IndexData {
            name: RefCell::new(name),
            unique: Cell::new(options.unique),
            unique_is_number: Cell::new(false),
            text_class: Cell::new("sqlalchemy.sql.elements.TextClause"),
            given: expressions,
            expressions: RefCell::new(Vec::new()),
            columns: RefCell::new(Vec::new()),
            table: RefCell::new(None),
            info: RefCell::new(options.info),
            options: RefCell::new(options.options),
            column_flag: options.column_flag,
            creation_order: next_creation_order(),
        }));
        index.auto_attach()?;
        if let Some(table) = options.table {
            // `_table` bypasses the event that applies naming conventions.
            index.set_parent(&table)?;
        }
        Ok(index)
    }

    /// The first column of each expression, or the given key.
    fn pending(&self) -> Vec<Option<super::ColumnArgument>> {
        self.0
            .given
            .iter()
            .map(|given| match given {
                IndexExpression::Key(key) => Some(super::ColumnArgument::Key(key.clone())),
                IndexExpression::Expression(expression) => expression
                    .columns()
                    .into_iter()
                    .next()
                    .map(super::ColumnArgument::Column),
                IndexExpression::Text(_, column) => {
                    Some(super::ColumnArgument::Column(column.clone()))
                }
            })
            .collect()
    }

    fn auto_attach(&self) -> Result<()> {
        let pending = self.pending();
        let without_table: Vec<Column> = pending
            .iter()
            .filter_map(|argument| match argument {
                Some(super::ColumnArgument::Column(column)) if column.table().is_none() => {
                    Some(column.clone())
                }
                _ => None,
            })
            .collect();
        if !without_table.is_empty() {
            let by_key = pending
                .iter()
                .any(|argument| matches!(argument, Some(super::ColumnArgument::Key(_))));
            if !by_key {
                for column in without_table {
                    column.on_table_attach(OnAttach::Index(self.clone()))?;
                }
                return Ok(());
            }
        }
        self.attach_by_columns()
    }

    pub(super) fn all_columns_attached(&self) -> bool {
        self.pending().iter().all(|argument| match argument {
            Some(super::ColumnArgument::Column(column)) => column.table().is_some(),
            _ => true,
        })
    }

    pub(super) fn attach_by_columns(&self) -> Result<()> {
        let columns: Vec<Column> = self
            .pending()
            .into_iter()
            .filter_map(|argument| match argument {
                Some(super::ColumnArgument::Column(column)) if column.table().is_some() => {
                    Some(column)
                }
                _ => None,
            })
            .collect();
        match single_table(&columns, false)? {
            Some(table) => self.attach(&table),
            None => Ok(()),
        }
    }

    /// Attaches it to a table; called by [`Table::append_index`].
    pub(super) fn attach(&self, table: &Table) -> Result<()> {
        self.set_parent(table)?;
        naming::name_index(self, table)
    }

    fn set_parent(&self, table: &Table) -> Result<()> {
        let mut expressions = Vec::with_capacity(self.0.given.len());
        let mut columns: Vec<Column> = Vec::new();
        for (given, pending) in self.0.given.iter().zip(self.pending()) {
            let column = match pending {
                Some(super::ColumnArgument::Key(key)) => Some(
                    table
                        .column(&key)
                        .ok_or_else(|| missing_column("Index", table, &key))?,
                ),
                Some(super::ColumnArgument::Column(column)) => Some(column),
                None => None,
            };
            if let Some(column) = &column
                && !columns.iter().any(|known| known.ptr_eq(column))
            {
                columns.push(column.clone());
            }
            match (given, column) {
                (
                    IndexExpression::Expression(expression) | IndexExpression::Text(expression, _),
                    _,
                ) => {
                    expressions.push(expression.clone());
                }
                (IndexExpression::Key(_), Some(column)) => {
                    expressions.push(Expression::Column(column));
                }
                (IndexExpression::Key(_), None) => {}
            }
        }
        if let Some(existing) = self.table()
            && !existing.ptr_eq(table)
        {
            return Err(argument_error(format!(
                "Index '{}' is against table '{}', and cannot be associated with table '{}'.",
                self.name().as_str().unwrap_or("None"),
                existing.name(),
                table.name()
            )));
        }
        *self.0.expressions.borrow_mut() = expressions;
        *self.0.columns.borrow_mut() = columns;
        *self.0.table.borrow_mut() = Some(table.clone());
        table.add_index(self);
        Ok(())
    }

    /// Its name.
    pub fn name(&self) -> ConstraintName {
        self.0.name.borrow().clone()
    }

    /// Renames it.
    pub fn set_name(&self, name: ConstraintName) {
        *self.0.name.borrow_mut() = name;
    }

    /// UNIQUE.
    pub fn unique(&self) -> bool {
        self.0.unique.get()
    }

    /// Sets `unique`.
    pub fn set_unique(&self, unique: bool) {
        self.0.unique.set(unique);
    }

    /// Whether `unique` is the number from SQLite's reflection, which Alembic renders unchanged.
    pub fn unique_is_number(&self) -> bool {
        self.0.unique_is_number.get()
    }

    /// Marks `unique` as a number.
    pub fn set_unique_is_number(&self, is_number: bool) {
        self.0.unique_is_number.set(is_number);
    }

    /// Sets the class that `repr()` shows of elements that are text.
    pub fn set_text_class(&self, class: &'static str) {
        self.0.text_class.set(class);
    }

    /// Its elements: columns of its table and expressions.
    pub fn expressions(&self) -> Vec<Expression> {
        if self.0.table.borrow().is_some() {
            return self.0.expressions.borrow().clone();
        }
        self.0
            .given
            .iter()
            .map(|given| match given {
                IndexExpression::Expression(expression) | IndexExpression::Text(expression, _) => {
                    expression.clone()
                }
                IndexExpression::Key(key) => crate::elements::column(&**key, None),
            })
            .collect()
    }

    /// The elements as given, before keys were resolved.
    pub fn given(&self) -> &[IndexExpression] {
        &self.0.given
    }

    /// The columns in its expressions.
    pub fn columns(&self) -> Vec<Column> {
        self.0.columns.borrow().clone()
    }

    /// The first column that each element speaks of, as naming conventions see them.
    pub fn named_columns(&self) -> Vec<NamedColumn> {
        let table = self.table();
        let mut columns: Vec<(Rc<str>, NamedColumn)> = Vec::new();
        for given in &self.0.given {
            let column = match given {
                IndexExpression::Key(key) => table.as_ref().and_then(|table| table.column(key)),
                IndexExpression::Text(_, column) => Some(column.clone()),
                IndexExpression::Expression(expression) => expression.columns().into_iter().next(),
            };
            let named = match (given, column) {
                (_, Some(column)) => (column.key(), NamedColumn::Column(column)),
                (IndexExpression::Expression(expression), None) => {
                    let Some((key, name)) = expression.first_column_clause() else {
                        continue;
                    };
                    (key, NamedColumn::Clause(name))
                }
                _ => continue,
            };
            // Of the columns with one key, the last stays, in the place of the first.
            match columns.iter_mut().find(|(key, _)| *key == named.0) {
                Some(known) => *known = named,
                None => columns.push(named),
            }
        }
        columns.into_iter().map(|(_, column)| column).collect()
    }

    /// The table it belongs to.
    pub fn table(&self) -> Option<Table> {
        self.0.table.borrow().clone()
    }

    /// `info`, an opaque value.
    pub fn info(&self) -> Option<Rc<dyn Any>> {
        self.0.info.borrow().clone()
    }

    /// Sets `info`.
    pub fn set_info(&self, info: Option<Rc<dyn Any>>) {
        *self.0.info.borrow_mut() = info;
    }

    /// Dialect-specific arguments (`sqlite_where`).
    pub fn dialect_options(&self) -> DialectOptions {
        self.0.options.borrow().clone()
    }

    /// Replaces the dialect-specific arguments.
    pub fn set_dialect_options(&self, options: DialectOptions) {
        *self.0.options.borrow_mut() = options;
    }

    /// Whether it was created by a column's `index=True`.
    pub fn is_column_flag(&self) -> bool {
        self.0.column_flag
    }

    /// A number that increases with each created item.
    pub fn creation_order(&self) -> u64 {
        self.0.creation_order
    }

    /// Whether two handles refer to the same index.
    pub fn ptr_eq(&self, other: &Index) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// `repr(index)`.
    pub fn python_repr(&self) -> String {
        let mut parts = vec![
            self.name()
                .as_str()
                .map_or_else(|| "None".to_owned(), string_repr),
        ];
        let shown = |expression: &Expression| match expression {
            Expression::Text(_) => {
                format!("<{} object at {ADDRESS}>", self.0.text_class.get())
            }
            other => other.python_repr(),
        };
        let attached = self.0.table.borrow().is_some();
        for (given, expression) in self.0.given.iter().zip(self.expressions()) {
            parts.push(match given {
                IndexExpression::Key(key) if !attached => string_repr(key),
                _ => shown(&expression),
            });
        }
        if self.unique() {
            parts.push("unique=True".into());
        }
        format!("Index({})", parts.join(", "))
    }

    pub(super) fn release(&self) {
        *self.0.table.borrow_mut() = None;
        self.0.columns.borrow_mut().clear();
        self.0.expressions.borrow_mut().clear();
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.python_repr())
    }
}
