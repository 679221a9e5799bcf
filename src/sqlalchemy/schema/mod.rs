//! Schema items: MetaData, Table, Column, constraints, indexes, defaults.
//!
//! Each item is a cheap handle (`Rc`) to shared, mutable data, like the Python objects; `ptr_eq`
//! tells whether two handles refer to the same item. A table refers to its metadata and a column to
//! its table, so the handles form reference cycles, which [`break_cycles`] breaks after a run.

use crate::exc;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use ground::diagnostic::Error;

mod attach;
mod column;
mod constraints;
mod defaults;
mod exclude;
mod foreign_key;
mod foreign_key_constraint;
mod index;
mod metadata;
mod options;
mod primary_key;
mod table;

pub use column::{Autoincrement, Column, ColumnItem, ColumnOptions};
pub use constraints::{
    CheckConstraint, ColumnArgument, Constraint, ConstraintOptions, ConstraintParent,
    ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint,
};
pub use defaults::{
    ColumnDefault, Computed, DefaultClause, FetchedValue, Identity, IdentityOptions, Sequence,
    ServerDefault,
};
pub use exclude::{ExcludeArguments, ExcludeConstraint, ExcludeOperand};
pub use foreign_key::{ForeignKey, ForeignKeyOptions, ForeignKeyTarget, ReferenceArgument};
pub use index::{Index, IndexExpression, IndexOptions, NamedColumn};
pub use metadata::MetaData;
pub use options::DialectOptions;
pub use table::{SchemaName, Table, TableItem, TableOptions};

thread_local! {
    static CREATION: Cell<u64> = const { Cell::new(0) };
    static TABLES: RefCell<Vec<Weak<table::TableData>>> = const { RefCell::new(Vec::new()) };
    static WARNINGS: RefCell<Vec<Warning>> = const { RefCell::new(Vec::new()) };
}

/// The next creation number, by which items are sorted in creation order.
pub(crate) fn next_creation_order() -> u64 {
    CREATION.with(|counter| {
        let next = counter.get() + 1;
        counter.set(next);
        next
    })
}

pub(crate) fn register_table(data: &Rc<table::TableData>) {
    TABLES.with(|tables| tables.borrow_mut().push(Rc::downgrade(data)));
}

/// Releases every table created on this thread: call when a run is over and none of them is needed
/// any more.
pub fn break_cycles() {
    let tables = TABLES.with(|tables| std::mem::take(&mut *tables.borrow_mut()));
    let nowhere = MetaData::new();
    for table in tables {
        if let Some(data) = table.upgrade() {
            table::release(data, &nowhere);
        }
    }
}

/// A warning that waits until someone can show it.
#[derive(Clone, Debug)]
pub struct Warning {
    /// `SAWarning` or `SADeprecationWarning`.
    pub category: &'static str,
    /// What it says.
    pub message: String,
}

/// Queues a `SAWarning`.
pub fn warn(message: impl Into<String>) {
    push_warning("SAWarning", message.into());
}

/// Queues a `SADeprecationWarning`, which Python does not show.
pub(crate) fn warn_deprecated(message: impl Into<String>) {
    push_warning("SADeprecationWarning", message.into());
}

fn push_warning(category: &'static str, message: String) {
    let warning = Warning { category, message };
    WARNINGS.with(|warnings| warnings.borrow_mut().push(warning));
}

/// Takes the queued warnings.
pub fn take_warnings() -> Vec<Warning> {
    WARNINGS.with(|warnings| std::mem::take(&mut *warnings.borrow_mut()))
}

pub(crate) fn argument_error(message: impl Into<String>) -> Error {
    Error::new(exc::ARGUMENT_ERROR, message)
}

pub(crate) fn invalid_request(message: impl Into<String>) -> Error {
    Error::new(exc::INVALID_REQUEST_ERROR, message)
}

/// `name`, or `schema.name`: the key of a table in its metadata.
pub fn table_key(name: &str, schema: Option<&str>) -> String {
    match schema {
        None => name.to_owned(),
        Some(schema) => format!("{schema}.{name}"),
    }
}

pub(crate) type Info = RefCell<Option<Rc<dyn std::any::Any>>>;
