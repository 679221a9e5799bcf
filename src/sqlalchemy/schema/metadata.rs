//! `MetaData`: a collection of tables.

use ground::hash::{HashMap, IndexMap};
use ground::order::InOrder;
use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use super::{Column, ForeignKey, Info, Sequence, Table};
use crate::name::Name;
use crate::naming::NamingConvention;

/// By table and column.
type ForeignKeyMemos = HashMap<String, HashMap<Option<Rc<str>>, Vec<ForeignKey>>>;

struct MetaDataData {
    tables: RefCell<IndexMap<Rc<str>, Table>>,
    schema: Option<Name>,
    naming_convention: RefCell<Rc<NamingConvention>>,
    info: Info,
    sequences: RefCell<IndexMap<String, Sequence>>,
    foreign_keys: RefCell<ForeignKeyMemos>,
}

/// `sqlalchemy.MetaData`.
#[derive(Clone)]
pub struct MetaData(Rc<MetaDataData>);

impl Default for MetaData {
    fn default() -> Self {
        MetaData::new()
    }
}

impl MetaData {
    /// `MetaData()`.
    pub fn new() -> MetaData {
        MetaData::with_options(None, None, None)
    }

    /// `MetaData(schema=..., naming_convention=..., info=...)`.
    pub fn with_options(
        schema: Option<Name>,
        naming_convention: Option<NamingConvention>,
        info: Option<Rc<dyn Any>>,
    ) -> MetaData {
        let convention = naming_convention
            .filter(|convention| !convention.is_empty())
            .unwrap_or_default();
        MetaData(Rc::new(MetaDataData {
            tables: RefCell::new(IndexMap::default()),
            schema,
            naming_convention: RefCell::new(Rc::new(convention)),
            info: RefCell::new(info),
            sequences: RefCell::new(IndexMap::default()),
            foreign_keys: RefCell::new(HashMap::default()),
        }))
    }

    /// The tables, in definition order.
    pub fn tables(&self) -> Vec<Table> {
        self.0.tables.borrow().values().cloned().collect()
    }

    /// How many tables there are.
    pub fn len(&self) -> usize {
        self.0.tables.borrow().len()
    }

    /// Whether there is no table.
    pub fn is_empty(&self) -> bool {
        self.0.tables.borrow().is_empty()
    }

    /// The table of that key (`name` or `schema.name`).
    pub fn table(&self, key: &str) -> Option<Table> {
        self.0.tables.borrow().get(key).cloned()
    }

    /// The tables in dependency order (`sorted_tables`).
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoReferencedTableError` for a foreign key whose target is not there.
    pub fn sorted_tables(&self) -> ground::diagnostic::Result<Vec<Table>> {
        let mut tables = self.tables();
        tables.in_order_by_key(Table::key);
        crate::topological::sort_tables(&tables)
    }

    /// Default schema of its tables.
    pub fn schema(&self) -> Option<Name> {
        self.0.schema.clone()
    }

    /// The naming convention.
    pub fn naming_convention(&self) -> Rc<NamingConvention> {
        self.0.naming_convention.borrow().clone()
    }

    /// Changes the naming convention for items attached from now on.
    pub fn set_naming_convention(&self, convention: Rc<NamingConvention>) {
        *self.0.naming_convention.borrow_mut() = convention;
    }

    /// `info`, an opaque value.
    pub fn info(&self) -> Option<Rc<dyn Any>> {
        self.0.info.borrow().clone()
    }

    /// Sets `info`.
    pub fn set_info(&self, info: Option<Rc<dyn Any>>) {
        *self.0.info.borrow_mut() = info;
    }

    /// Its sequences, in definition order.
    pub fn sequences(&self) -> Vec<Sequence> {
        self.0.sequences.borrow().values().cloned().collect()
    }

    /// Removes a table.
    pub fn remove(&self, table: &Table) {
        self.remove_key(&table.key());
    }

    /// Removes all tables.
    pub fn clear(&self) {
        self.0.tables.borrow_mut().clear();
        self.0.foreign_keys.borrow_mut().clear();
        self.0.sequences.borrow_mut().clear();
    }

    /// Whether two handles refer to the same metadata.
    pub fn ptr_eq(&self, other: &MetaData) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn add_table(&self, table: &Table) {
        self.0
            .tables
            .borrow_mut()
            .entry(table.key())
            .or_insert_with(|| table.clone());
    }

    pub(super) fn remove_key(&self, key: &str) {
        let removed = self.0.tables.borrow_mut().shift_remove(key);
        if let Some(table) = removed {
            for foreign_key in table.foreign_keys() {
                foreign_key.remove_from_metadata(self);
            }
        }
    }

    pub(super) fn add_sequence(&self, sequence: &Sequence) {
        self.0
            .sequences
            .borrow_mut()
            .insert(sequence.key(), sequence.clone());
    }

    pub(super) fn memoize_foreign_key(
        &self,
        table: String,
        column: Option<Rc<str>>,
        foreign_key: &ForeignKey,
    ) {
        self.0
            .foreign_keys
            .borrow_mut()
            .entry(table)
            .or_default()
            .entry(column)
            .or_default()
            .push(foreign_key.clone());
    }

    pub(super) fn forget_foreign_key(
        &self,
        table: &str,
        column: Option<&str>,
        foreign_key: &ForeignKey,
    ) {
        if let Some(waiting) = self
            .0
            .foreign_keys
            .borrow_mut()
            .get_mut(table)
            .and_then(|columns| columns.get_mut(&column.map(Rc::from)))
        {
            waiting.retain(|known| !known.ptr_eq(foreign_key));
        }
    }

    /// Foreign keys that reference this column by name.
    pub(super) fn memoized_foreign_keys(&self, column: &Column) -> Vec<ForeignKey> {
        let Some(table) = column.table() else {
            return Vec::new();
        };
        let memos = self.0.foreign_keys.borrow();
        let Some(columns) = memos.get(&*table.key()) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (named, by_name) in [(column.key(), false), (column.name().text(), true)] {
            if let Some(waiting) = columns.get(&Some(named)) {
                found.extend(
                    waiting
                        .iter()
                        .filter(|foreign_key| foreign_key.options().link_to_name == by_name)
                        .cloned(),
                );
            }
        }
        found
    }

    pub(super) fn release(&self) {
        self.clear();
        for sequence in self.0.sequences.take().into_values() {
            sequence.forget_metadata();
        }
    }
}

impl fmt::Debug for MetaData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MetaData()")
    }
}
