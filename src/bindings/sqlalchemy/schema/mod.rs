//! `sqlalchemy.schema`: schema items as Python values, and their constructors.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use ground::hash::HashMap;
use python::{CompareOperator, Declaration, Declared, Dict, Interpreter, Value};
use sqlalchemy::schema::{Column, MetaData, Table};

mod collection;
mod column;
mod constraints;
mod defaults;
mod dialect_arguments;
mod foreign_key;
mod index;
mod metadata;
mod table;

pub use collection::ColumnsObject;
pub use column::{COLUMN, ColumnObject, column_attribute, make_column};
pub use constraints::{
    CHECK_CONSTRAINT, COLUMN_COLLECTION_CONSTRAINT, CONSTRAINT, ConstraintObject,
    FOREIGN_KEY_CONSTRAINT, PRIMARY_KEY_CONSTRAINT, UNIQUE_CONSTRAINT,
};
pub use defaults::{
    COLUMN_DEFAULT, COMPUTED, ComputedObject, DEFAULT_CLAUSE, DefaultObject, FETCHED_VALUE,
    IDENTITY, IdentityObject, SEQUENCE, SequenceObject, ServerDefaultObject,
};
use foreign_key::foreign_key_options;
pub use foreign_key::{FOREIGN_KEY, ForeignKeyObject};
pub use index::{INDEX, IndexObject};
pub use metadata::{METADATA, MetaDataObject, naming_convention};
pub use table::{TABLE, TableObject, make_table};

/// The classes exported by `sqlalchemy.schema`.
pub static CLASSES: &[&dyn Declared] = &[
    &COLUMN,
    &TABLE,
    &METADATA,
    &CONSTRAINT,
    &UNIQUE_CONSTRAINT,
    &PRIMARY_KEY_CONSTRAINT,
    &CHECK_CONSTRAINT,
    &FOREIGN_KEY_CONSTRAINT,
    &INDEX,
    &FOREIGN_KEY,
    &DEFAULT_CLAUSE,
    &FETCHED_VALUE,
    &COMPUTED,
    &IDENTITY,
    &SEQUENCE,
    &COLUMN_DEFAULT,
];

/// The base class of all schema items.
pub static SCHEMA_ITEM: Declaration<Value> = Declaration::new("sqlalchemy.sql.schema.SchemaItem");

/// The Python objects of live schema items, one per item.
#[derive(Default)]
pub struct Wrappers {
    columns: RefCell<HashMap<usize, Weak<ColumnObject>>>,
    tables: RefCell<HashMap<usize, Weak<TableObject>>>,
    metadata: RefCell<Vec<Rc<MetaDataObject>>>,
}

impl Wrappers {
    pub(crate) fn column(&self, column: &Column) -> Value {
        let mut columns = self.columns.borrow_mut();
        if let Some(found) = columns
            .get(&column.identity_key())
            .and_then(Weak::upgrade)
            .filter(|found| found.column.ptr_eq(column))
        {
            return Value::Native(found);
        }
        let made = Rc::new(ColumnObject {
            column: column.clone(),
        });
        columns.insert(column.identity_key(), Rc::downgrade(&made));
        Value::Native(made)
    }

    pub(crate) fn table(&self, table: &Table) -> Value {
        let mut tables = self.tables.borrow_mut();
        if let Some(found) = tables
            .get(&table.identity_key())
            .and_then(Weak::upgrade)
            .filter(|found| found.table.ptr_eq(table))
        {
            return Value::Native(found);
        }
        let made = Rc::new(TableObject {
            table: table.clone(),
            attributes: Dict::new(),
        });
        tables.insert(table.identity_key(), Rc::downgrade(&made));
        Value::Native(made)
    }

    pub(crate) fn metadata(&self, metadata: &MetaData) -> Value {
        let mut known = self.metadata.borrow_mut();
        if let Some(found) = known.iter().find(|found| found.metadata.ptr_eq(metadata)) {
            return Value::Native(found.clone());
        }
        let made = Rc::new(MetaDataObject {
            metadata: metadata.clone(),
            attributes: Dict::new(),
        });
        known.push(made.clone());
        Value::Native(made)
    }
}

fn identity_comparison(operator: CompareOperator, same: bool) -> Option<Value> {
    match operator {
        CompareOperator::Equal => Some(Value::Bool(same)),
        CompareOperator::NotEqual => Some(Value::Bool(!same)),
        _ => None,
    }
}

/// A hash of a text (FNV-1a): equal items have equal texts.
fn text_hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Emits warnings collected by the schema layer.
pub fn show_warnings(vm: &mut Interpreter) {
    for warning in sqlalchemy::schema::take_warnings() {
        vm.run.warning(warning.category, &warning.message);
    }
}
