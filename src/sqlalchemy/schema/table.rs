//! `Table`.

use crate::exc;
use ground::formatting::repr::string_repr;
use ground::order::InOrder;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use ground::hash::IndexMap;

use super::{
    Column, Constraint, DialectOptions, ForeignKey, ForeignKeyConstraint, Index, IndexExpression,
    IndexOptions, Info, MetaData, PrimaryKeyConstraint, argument_error, invalid_request,
    register_table, table_key,
};
use crate::elements::copy_expression;
use crate::name::Name;
use crate::sqltypes::Argument;
use ground::diagnostic::{Error, Result};

/// `schema=` of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SchemaName {
    /// Not given: the metadata's default.
    #[default]
    Inherit,
    /// `BLANK_SCHEMA`: no schema, regardless of the metadata.
    Blank,
    /// An explicit schema.
    Named(Name),
}

impl From<Option<&str>> for SchemaName {
    fn from(schema: Option<&str>) -> Self {
        schema.map_or(SchemaName::Inherit, |name| SchemaName::Named(name.into()))
    }
}

/// A positional argument of `Table`.
#[derive(Clone)]
pub enum TableItem {
    /// A column.
    Column(Column),
    /// A constraint.
    Constraint(Constraint),
    /// An index.
    Index(Index),
}

impl From<Column> for TableItem {
    fn from(column: Column) -> Self {
        TableItem::Column(column)
    }
}

impl<T: Into<Constraint>> From<T> for TableItem {
    fn from(constraint: T) -> Self {
        TableItem::Constraint(constraint.into())
    }
}

impl From<Index> for TableItem {
    fn from(index: Index) -> Self {
        TableItem::Index(index)
    }
}

/// The keyword arguments of `Table(...)`.
#[derive(Clone, Default)]
#[expect(
    missing_docs,
    reason = "each field is SQLAlchemy's keyword argument of its name"
)]
pub struct TableOptions {
    pub schema: SchemaName,
    pub keep_existing: bool,
    pub extend_existing: bool,
    pub must_exist: bool,
    pub comment: Option<Rc<str>>,
    pub info: Option<Rc<dyn Any>>,
    pub prefixes: Vec<Rc<str>>,
    pub options: DialectOptions,
}

pub(crate) struct TableData {
    name: RefCell<Name>,
    schema: RefCell<Option<Name>>,
    key: Rc<str>,
    metadata: RefCell<MetaData>,
    columns: RefCell<IndexMap<Rc<str>, Column>>,
    primary_key: RefCell<PrimaryKeyConstraint>,
    constraints: RefCell<Vec<Constraint>>,
    indexes: RefCell<Vec<Index>>,
    foreign_keys: RefCell<Vec<ForeignKey>>,
    extra_dependencies: RefCell<Vec<Table>>,
    comment: RefCell<Option<Rc<str>>>,
    info: Info,
    prefixes: RefCell<Vec<Rc<str>>>,
    options: RefCell<DialectOptions>,
    released: Cell<bool>,
}

/// `sqlalchemy.Table`.
#[derive(Clone)]
pub struct Table(Rc<TableData>);

impl Table {
    /// `Table(name, metadata, *items, ...)`.
    ///
    /// # Errors
    /// `sqlalchemy.exc.InvalidRequestError` where the metadata has such a table already; what
    /// attaching the items raises, and then the table is not kept.
    pub fn new(
        name: impl Into<Name>,
        metadata: &MetaData,
        items: Vec<TableItem>,
        options: TableOptions,
    ) -> Result<Table> {
        let name = name.into();
        let schema = match options.schema.clone() {
            SchemaName::Inherit => metadata.schema(),
            SchemaName::Blank => None,
            SchemaName::Named(schema) => Some(schema),
        };
        if options.keep_existing && options.extend_existing {
            return Err(argument_error(
                "keep_existing and extend_existing are mutually exclusive.",
            ));
        }
        let key = table_key(&name, schema.as_deref());
        if let Some(existing) = metadata.table(&key) {
            if !options.keep_existing && !options.extend_existing && !items.is_empty() {
                return Err(invalid_request(format!(
                    "Table '{key}' is already defined for this MetaData instance.  Specify \
                     'extend_existing=True' to redefine options and columns on an existing Table \
                     object."
                )));
            }
            if options.extend_existing {
                existing.extend(items, options)?;
            }
            return Ok(existing);
        }
        if options.must_exist {
            return Err(invalid_request(format!("Table '{key}' not defined")));
        }
        let table = Table(Rc::new(TableData {
            name: RefCell::new(name),
            schema: RefCell::new(schema),
            key: key.into(),
            metadata: RefCell::new(metadata.clone()),
            columns: RefCell::new(IndexMap::default()),
            primary_key: RefCell::new(PrimaryKeyConstraint::implicit()),
            constraints: RefCell::new(Vec::new()),
            indexes: RefCell::new(Vec::new()),
            foreign_keys: RefCell::new(Vec::new()),
            extra_dependencies: RefCell::new(Vec::new()),
            comment: RefCell::new(options.comment),
            info: RefCell::new(options.info),
            prefixes: RefCell::new(options.prefixes),
            options: RefCell::new(options.options),
            released: Cell::new(false),
        }));
        register_table(&table.0);
        metadata.add_table(&table);
        let filled = table.fill(items, options.keep_existing || options.extend_existing);
        if let Err(error) = filled {
            metadata.remove_key(&table.key());
            return Err(error);
        }
        Ok(table)
    }

    fn fill(&self, items: Vec<TableItem>, allow_replacements: bool) -> Result<()> {
        let implicit = self.primary_key();
        Constraint::PrimaryKey(implicit).attach_to_table(self)?;
        self.0.options.borrow().validate(&["Table"])?;
        self.append_items(items, allow_replacements)
    }

    fn append_items(&self, items: Vec<TableItem>, allow_replacements: bool) -> Result<()> {
        for item in items {
            match item {
                TableItem::Column(column) => column.attach(self, allow_replacements, None)?,
                TableItem::Constraint(constraint) => constraint.attach_to_table(self)?,
                TableItem::Index(index) => index.attach(self)?,
            }
        }
        Ok(())
    }

    /// `extend_existing=True` on an existing table.
    fn extend(&self, items: Vec<TableItem>, options: TableOptions) -> Result<()> {
        if let SchemaName::Named(schema) = &options.schema
            && Some(schema) != self.schema().as_ref()
        {
            return Err(argument_error(format!(
                "Can't change schema of existing table from '{}' to '{schema}'",
                self.schema().as_deref().unwrap_or("None")
            )));
        }
        if options.comment.is_some() {
            *self.0.comment.borrow_mut() = options.comment;
        }
        if options.info.is_some() {
            *self.0.info.borrow_mut() = options.info;
        }
        options.options.validate(&["Table"])?;
        self.0.options.borrow_mut().extend(&options.options);
        self.append_items(items, true)
    }

    /// Its name.
    pub fn name(&self) -> Name {
        self.0.name.borrow().clone()
    }

    /// Renames the object; its key in the metadata is unchanged.
    pub fn set_name(&self, name: impl Into<Name>) {
        *self.0.name.borrow_mut() = name.into();
    }

    /// Its schema.
    pub fn schema(&self) -> Option<Name> {
        self.0.schema.borrow().clone()
    }

    /// Moves the object to another schema; its key in the metadata is unchanged.
    pub fn set_schema(&self, schema: Option<Name>) {
        *self.0.schema.borrow_mut() = schema;
    }

    /// Its key in the metadata: `name` or `schema.name`.
    pub fn key(&self) -> Rc<str> {
        self.0.key.clone()
    }

    /// `schema.name` or `name`, for messages.
    pub fn fullname(&self) -> String {
        self.0.key.to_string()
    }

    /// The metadata it belongs to.
    pub fn metadata(&self) -> MetaData {
        self.0.metadata.borrow().clone()
    }

    /// Its columns, in order.
    pub fn columns(&self) -> Vec<Column> {
        self.0.columns.borrow().values().cloned().collect()
    }

    /// The column of that key.
    pub fn column(&self, key: &str) -> Option<Column> {
        self.0.columns.borrow().get(key).cloned()
    }

    /// The column of that name.
    pub fn column_by_name(&self, name: &str) -> Option<Column> {
        let columns = self.0.columns.borrow();
        // Usually the key equals the name.
        if let Some(column) = columns.get(name)
            && column.name() == *name
        {
            return Some(column.clone());
        }
        columns
            .values()
            .find(|column| column.name() == *name)
            .cloned()
    }

    /// Its primary key, which may be empty.
    pub fn primary_key(&self) -> PrimaryKeyConstraint {
        self.0.primary_key.borrow().clone()
    }

    /// Its constraints, including the primary key, in the order they were added.
    pub fn constraints(&self) -> Vec<Constraint> {
        self.0.constraints.borrow().clone()
    }

    /// Its constraints in creation order (`_sorted_constraints`).
    pub fn sorted_constraints(&self) -> Vec<Constraint> {
        let mut constraints = self.constraints();
        constraints.in_order_by_key(Constraint::creation_order);
        constraints
    }

    /// Its indexes, in the order they were added.
    pub fn indexes(&self) -> Vec<Index> {
        self.0.indexes.borrow().clone()
    }

    /// The foreign keys of its columns.
    pub fn foreign_keys(&self) -> Vec<ForeignKey> {
        self.0.foreign_keys.borrow().clone()
    }

    /// Its foreign key constraints, each once.
    pub fn foreign_key_constraints(&self) -> Vec<ForeignKeyConstraint> {
        let mut found: Vec<ForeignKeyConstraint> = Vec::new();
        for foreign_key in self.0.foreign_keys.borrow().iter() {
            if let Some(constraint) = foreign_key.constraint()
                && !found.iter().any(|known| known.ptr_eq(&constraint))
            {
                found.push(constraint);
            }
        }
        found
    }

    /// Tables added with `add_is_dependent_on`.
    pub fn extra_dependencies(&self) -> Vec<Table> {
        self.0.extra_dependencies.borrow().clone()
    }

    /// `add_is_dependent_on`.
    pub fn add_is_dependent_on(&self, table: &Table) {
        self.0.extra_dependencies.borrow_mut().push(table.clone());
    }

    /// `comment`.
    pub fn comment(&self) -> Option<Rc<str>> {
        self.0.comment.borrow().clone()
    }

    /// Sets `comment`.
    pub fn set_comment(&self, comment: Option<Rc<str>>) {
        *self.0.comment.borrow_mut() = comment;
    }

    /// `info`, an opaque value.
    pub fn info(&self) -> Option<Rc<dyn Any>> {
        self.0.info.borrow().clone()
    }

    /// Sets `info`.
    pub fn set_info(&self, info: Option<Rc<dyn Any>>) {
        *self.0.info.borrow_mut() = info;
    }

    /// Prefixes between CREATE and TABLE.
    pub fn prefixes(&self) -> Vec<Rc<str>> {
        self.0.prefixes.borrow().clone()
    }

    /// Dialect-specific arguments (`sqlite_autoincrement`).
    pub fn dialect_options(&self) -> DialectOptions {
        self.0.options.borrow().clone()
    }

    /// Replaces the dialect-specific arguments.
    pub fn set_dialect_options(&self, options: DialectOptions) {
        *self.0.options.borrow_mut() = options;
    }

    /// Sets a dialect-specific argument, as reflection does.
    pub fn set_dialect_option(&self, name: &str, value: impl Into<Argument>) {
        self.0.options.borrow_mut().insert(name, value);
    }

    /// Whether two handles refer to the same table.
    pub fn ptr_eq(&self, other: &Table) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// A number that identifies this table while it is alive.
    pub fn identity_key(&self) -> usize {
        Rc::as_ptr(&self.0) as *const u8 as usize
    }

    /// `repr(table)`.
    pub fn python_repr(&self) -> String {
        let mut parts = vec![string_repr(&self.name()), "MetaData()".to_owned()];
        parts.extend(self.columns().iter().map(Column::python_repr));
        parts.push(match &self.schema() {
            Some(schema) => format!("schema={}", string_repr(schema)),
            None => "schema=None".into(),
        });
        format!("Table({})", parts.join(", "))
    }

    /// `append_column(column, replace_existing=...)`.
    ///
    /// # Errors
    /// `sqlalchemy.exc.DuplicateColumnError`, and what attaching raises.
    pub fn append_column(&self, column: &Column, replace_existing: bool) -> Result<()> {
        self.insert_column_at(column, None, replace_existing)
    }

    /// `insert_column(column, index, replace_existing=...)`.
    ///
    /// # Errors
    /// As [`Table::append_column`].
    pub fn insert_column(&self, column: &Column, index: usize, replace: bool) -> Result<()> {
        self.insert_column_at(column, Some(index), replace)
    }

    fn insert_column_at(&self, column: &Column, index: Option<usize>, replace: bool) -> Result<()> {
        column.attach(self, replace, index).map_err(|error| {
            if error.class == exc::DUPLICATE_COLUMN_ERROR {
                Error::new(
                    exc::DUPLICATE_COLUMN_ERROR,
                    format!(
                        "{} Specify replace_existing=True to Table.append_column() or \
                         Table.insert_column() to replace an existing column.",
                        error.message
                    ),
                )
                .with_cause(error)
            } else {
                error
            }
        })
    }

    /// `append_constraint(constraint)`.
    ///
    /// # Errors
    /// What attaching raises.
    pub fn append_constraint(&self, constraint: &Constraint) -> Result<()> {
        constraint.attach_to_table(self)
    }

    /// `append_constraint(index)`.
    ///
    /// # Errors
    /// What attaching raises.
    pub fn append_index(&self, index: &Index) -> Result<()> {
        index.attach(self)
    }

    /// Removes a constraint (`table.constraints.discard`).
    pub fn discard_constraint(&self, constraint: &Constraint) {
        self.0
            .constraints
            .borrow_mut()
            .retain(|known| !known.ptr_eq(constraint));
    }

    /// Removes an index (`table.indexes.discard`).
    pub fn discard_index(&self, index: &Index) {
        self.0
            .indexes
            .borrow_mut()
            .retain(|known| !known.ptr_eq(index));
    }

    /// Removes a column (`table._columns.remove`).
    pub fn remove_column(&self, column: &Column) {
        self.0
            .columns
            .borrow_mut()
            .retain(|_, known| !known.ptr_eq(column));
    }

    /// `to_metadata(metadata, schema=..., name=...)`; [`SchemaName::Inherit`] keeps the table's
    /// schema.
    ///
    /// # Errors
    /// What attaching the copies raises.
    pub fn to_metadata(
        &self,
        metadata: &MetaData,
        schema: SchemaName,
        name: Option<&Name>,
    ) -> Result<Table> {
        self.to_metadata_referring(metadata, schema, name, None)
    }

    /// As [`to_metadata`](Self::to_metadata) with `referred_schema_fn`, which maps a constraint and
    /// its referenced schema to the schema that the copy references.
    ///
    /// # Errors
    /// What attaching the copies or the function raises.
    #[expect(clippy::type_complexity, reason = "used in one place")]
    pub fn to_metadata_referring(
        &self,
        metadata: &MetaData,
        schema: SchemaName,
        name: Option<&Name>,
        referred_schema: Option<
            &dyn Fn(
                &Table,
                Option<&str>,
                &ForeignKeyConstraint,
                Option<&str>,
            ) -> Result<Option<Rc<str>>>,
        >,
    ) -> Result<Table> {
        let name = name.cloned().unwrap_or_else(|| self.name());
        let actual = match schema {
            SchemaName::Inherit => self.schema(),
            SchemaName::Blank => metadata.schema(),
            SchemaName::Named(schema) => Some(schema),
        };
        let key = table_key(&name, actual.as_deref());
        if let Some(existing) = metadata.table(&key) {
            super::warn(format!(
                "Table '{}' already exists within the given MetaData - not copying.",
                self.name()
            ));
            return Ok(existing);
        }
        let mut items = Vec::new();
        for column in self.columns() {
            items.push(TableItem::Column(column.copy_to(actual.as_deref(), None)?));
        }
        let table = Table::new(
            name,
            metadata,
            items,
            TableOptions {
                schema: match &actual {
                    Some(schema) => SchemaName::Named(schema.clone()),
                    None => SchemaName::Inherit,
                },
                comment: self.comment(),
                info: self.info(),
                options: self.dialect_options(),
                ..TableOptions::default()
            },
        )?;
        let own_schema = self.schema();
        for constraint in self.constraints() {
            if let Constraint::ForeignKey(foreign) = &constraint {
                let referred = foreign.referred_schema();
                let target = match referred_schema {
                    Some(function) => {
                        function(self, actual.as_deref(), foreign, referred.as_deref())?
                    }
                    None if referred.as_deref() == own_schema.as_deref() => {
                        actual.as_ref().map(Name::text)
                    }
                    None => None,
                };
                table.append_constraint(&constraint.copy(target.as_deref(), Some(&table))?)?;
            } else if !constraint.is_type_bound() {
                if constraint.is_column_flag() {
                    continue;
                }
                let copy = constraint.copy(actual.as_deref(), Some(&table))?;
                table.append_constraint(&copy)?;
            }
        }
        for index in self.indexes() {
            if index.is_column_flag() {
                continue;
            }
            let expressions = index
                .expressions()
                .iter()
                .map(|expression| {
                    IndexExpression::Expression(copy_expression(expression, self, &table))
                })
                .collect();
            Index::new(
                index.name(),
                expressions,
                IndexOptions {
                    unique: index.unique(),
                    table: Some(table.clone()),
                    options: index.dialect_options(),
                    info: index.info(),
                    column_flag: false,
                },
            )?;
        }
        Ok(table)
    }

    pub(super) fn replace_column(
        &self,
        column: &Column,
        extra_remove: Option<&Column>,
        position: Option<usize>,
    ) {
        let key = column.key();
        let name = column.name().text();
        let mut columns = self.0.columns.borrow_mut();
        if let Some(extra) = extra_remove {
            columns.retain(|_, known| !known.ptr_eq(extra));
        }
        // A new column replaces one with the same key or name.
        let place = columns
            .get_index_of(&key)
            .or_else(|| (name != key).then(|| columns.get_index_of(&name)).flatten());
        if let Some(place) = place {
            columns.shift_remove_index(place);
            let place = position.unwrap_or(place).min(columns.len());
            columns.shift_insert(place, key, column.clone());
            return;
        }
        match position {
            Some(place) => {
                let place = place.min(columns.len());
                columns.shift_insert(place, key, column.clone());
            }
            None => {
                columns.insert(key, column.clone());
            }
        }
    }

    pub(super) fn add_constraint(&self, constraint: &Constraint) {
        let mut constraints = self.0.constraints.borrow_mut();
        if !constraints.iter().any(|known| known.ptr_eq(constraint)) {
            constraints.push(constraint.clone());
        }
    }

    pub(super) fn add_index(&self, index: &Index) {
        let mut indexes = self.0.indexes.borrow_mut();
        if !indexes.iter().any(|known| known.ptr_eq(index)) {
            indexes.push(index.clone());
        }
    }

    pub(super) fn set_primary_key_constraint(&self, primary_key: &PrimaryKeyConstraint) {
        let current = self.primary_key();
        if current.ptr_eq(primary_key) {
            return;
        }
        self.discard_constraint(&Constraint::PrimaryKey(current));
        *self.0.primary_key.borrow_mut() = primary_key.clone();
        self.add_constraint(&Constraint::PrimaryKey(primary_key.clone()));
    }

    pub(super) fn add_foreign_key(&self, foreign_key: &ForeignKey) {
        let mut foreign_keys = self.0.foreign_keys.borrow_mut();
        if !foreign_keys.iter().any(|known| known.ptr_eq(foreign_key)) {
            foreign_keys.push(foreign_key.clone());
        }
    }

    pub(super) fn forget_foreign_key(&self, foreign_key: &ForeignKey) {
        self.0
            .foreign_keys
            .borrow_mut()
            .retain(|known| !known.ptr_eq(foreign_key));
        if let Some(constraint) = foreign_key.constraint() {
            self.discard_constraint(&Constraint::ForeignKey(constraint));
        }
    }

    pub(super) fn resolve_memoized_foreign_keys(&self, column: &Column) -> Result<()> {
        for foreign_key in self.metadata().memoized_foreign_keys(column) {
            foreign_key.set_remote_table(self)?;
        }
        Ok(())
    }
}

/// Breaks a table's reference cycles; remaining handles see it in the metadata `nowhere`.
pub(super) fn release(data: Rc<TableData>, nowhere: &MetaData) {
    if data.released.replace(true) {
        return;
    }
    for column in data.columns.take().into_values() {
        *column.0.table.borrow_mut() = None;
        column.0.on_attach.borrow_mut().clear();
        column.0.foreign_keys.borrow_mut().clear();
        for constraint in column.0.constraints.take() {
            constraint.release();
        }
        if let Some(computed) = column.computed() {
            computed.set_column(None);
        }
        if let Some(identity) = column.identity() {
            identity.set_column(None);
        }
    }
    for constraint in data.constraints.take() {
        constraint.release();
    }
    for index in data.indexes.take() {
        index.release();
    }
    for foreign_key in data.foreign_keys.take() {
        foreign_key.release();
    }
    data.extra_dependencies.borrow_mut().clear();
    Constraint::PrimaryKey(data.primary_key.replace(PrimaryKeyConstraint::implicit())).release();
    let metadata = data.metadata.replace(nowhere.clone());
    metadata.release();
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.python_repr())
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.key)
    }
}

impl PartialEq for Table {
    fn eq(&self, other: &Table) -> bool {
        self.ptr_eq(other)
    }
}

impl Eq for Table {}
