//! Per-instance state of a session: the rows behind its instances.

use ground::hash::HashMap;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use super::mapper::Mapping;
use super::session::SessionState;
use crate::bindings::conversion;
use ground::diagnostic::{Error, Result};
use python::{Class, Dict, Instance, Interpreter, Value};
use sqlalchemy::elements::{Expression, Operand, Operator};
use sqlalchemy::literal::Literal;
use sqlalchemy::schema::{Column, Table};

/// Mapped classes by table, for the rows of a `select()`.
#[derive(Default)]
pub struct MappedTables {
    classes: RefCell<HashMap<usize, (Table, Class)>>,
}

impl MappedTables {
    /// Registers the class of a table; the first class mapped to it is kept.
    pub fn add(&self, table: &Table, class: &Class) {
        self.classes
            .borrow_mut()
            .entry(table.identity_key())
            .or_insert_with(|| (table.clone(), class.clone()));
    }

    /// The class mapped to a table.
    pub fn class_of(&self, table: &Table) -> Option<Class> {
        self.classes
            .borrow()
            .get(&table.identity_key())
            .filter(|(known, _)| known.ptr_eq(table))
            .map(|(_, class)| class.clone())
    }
}

/// The state that a session stores on an instance.
pub struct InstanceState {
    /// Its session.
    pub session: RefCell<Weak<SessionState>>,
    /// Whether its row is in the database.
    pub persistent: Cell<bool>,
    /// The attribute values as stored in the database.
    pub loaded: Dict,
    /// The primary key as stored in the database.
    pub key: RefCell<Vec<Literal>>,
}

impl InstanceState {
    /// The state of an instance, created if it has none.
    pub fn of(value: &Value) -> Option<Rc<InstanceState>> {
        let Value::Instance(instance) = value else {
            return None;
        };
        if let Some(state) = instance.native::<InstanceState>() {
            return Some(state);
        }
        let state = Rc::new(InstanceState {
            session: RefCell::default(),
            persistent: Cell::new(false),
            loaded: Dict::new(),
            key: RefCell::default(),
        });
        instance.set_native(state.clone());
        Some(state)
    }
}

/// The mapping of an instance.
///
/// # Errors
/// `sqlalchemy.orm.exc.UnmappedInstanceError`; a plain no for a class whose table is joined to
/// its parent's.
pub fn mapping_of(vm: &mut Interpreter, value: &Value) -> Result<(Rc<Mapping>, Table)> {
    let class = vm.class_of(value);
    let mapping = match value {
        Value::Instance(_) => Mapping::of(&class),
        _ => None,
    };
    let Some(mapping) = mapping else {
        let name = format!("{}.{}", class.module.borrow(), class.name());
        return Err(Error::new(
            "sqlalchemy.orm.exc.UnmappedInstanceError",
            format!("Class '{name}' is not mapped"),
        ));
    };
    let table = table_of(&mapping)?;
    Ok((mapping, table))
}

/// The table of a mapping.
///
/// # Errors
/// A plain no for a class without a table, or whose table is joined to its parent's.
pub fn table_of(mapping: &Mapping) -> Result<Table> {
    if mapping.inherits.is_some() && !mapping.single {
        return Err(Error::unsupported(format!(
            "{} has a table that is joined to its parent's; sessions can't load or store such \
             classes here",
            mapping.class.name()
        )));
    }
    let mut mapping_table = mapping.table.clone();
    let mut parent = mapping.inherits.as_ref().and_then(Mapping::of);
    while let (None, Some(mapping)) = (&mapping_table, &parent) {
        mapping_table = mapping.table.clone();
        parent = mapping.inherits.as_ref().and_then(Mapping::of);
    }
    mapping_table
        .ok_or_else(|| Error::unsupported(format!("{} has no table", mapping.class.name())))
}

/// A mapping's columns that belong to its table, by attribute name.
pub fn columns_of(mapping: &Mapping, table: &Table) -> Vec<(Rc<str>, Column)> {
    mapping
        .columns()
        .into_iter()
        .filter(|(_, column)| column.table().is_some_and(|of| of.ptr_eq(table)))
        .collect()
}

/// The WHERE condition for a primary key.
///
/// # Errors
/// What comparing says.
pub fn key_condition(table: &Table, key: &[Literal]) -> Result<Vec<Expression>> {
    table
        .primary_key()
        .columns()
        .into_iter()
        .zip(key)
        .map(|(column, value)| {
            Expression::Column(column).operate(Operator::Eq, Operand::Literal(value.clone()))
        })
        .collect()
}

/// Creates an instance without running its constructor.
pub fn blank_instance(class: &Class) -> Value {
    Value::Instance(Rc::new(Instance::new(class)))
}

/// Populates an instance from a row: values by attribute name.
pub fn fill(
    vm: &mut Interpreter,
    session: &Rc<SessionState>,
    instance: &Value,
    key: Vec<Literal>,
    values: &[(Rc<str>, Value)],
) -> Result<()> {
    let _ = &vm;
    let (Value::Instance(object), Some(state)) = (instance, InstanceState::of(instance)) else {
        return Ok(());
    };
    for (name, value) in values {
        object.attributes.set_name(name, value.clone());
        state.loaded.set_name(name, value.clone());
    }
    state.persistent.set(true);
    state.key.replace(key);
    state.session.replace(Rc::downgrade(session));
    Ok(())
}

/// The value of a mapped attribute that is not set on the instance: loaded from the database if its
/// row was expired, otherwise `None`.
///
/// # Errors
/// `sqlalchemy.orm.exc.DetachedInstanceError`, `ObjectDeletedError`; what the database says.
pub fn missing_value(vm: &mut Interpreter, instance: &Value, name: &str) -> Result<Value> {
    let Value::Instance(object) = instance else {
        return Ok(Value::None);
    };
    let Some(state) = object.native::<InstanceState>() else {
        return Ok(Value::None);
    };
    if !state.persistent.get() {
        return Ok(Value::None);
    }
    let session = state.session.borrow().upgrade();
    let Some(session) = session else {
        let class = object.class().name();
        return Err(Error::new(
            "sqlalchemy.orm.exc.DetachedInstanceError",
            format!(
                "Instance <{class} at 0x7f0000000000> is not bound to a Session; attribute \
                 refresh operation cannot proceed (Background on this error at: \
                 https://sqlalche.me/e/21/bhk3)"
            ),
        ));
    };
    super::session::refresh(vm, &session, instance)?;
    Ok(object.attributes.get_str(name).unwrap_or(Value::None))
}

/// Converts a Python value to a literal.
///
/// # Errors
/// As [`conversion::to_literal`].
pub fn literal(vm: &mut Interpreter, value: &Value) -> Result<Literal> {
    conversion::refuse_opaque(value, "A value")?;
    conversion::to_literal(vm, value)
}

/// Fails where a relationship of a persistent instance would have to be loaded.
///
/// # Errors
/// A plain no.
pub fn refuse_loading(instance: &Value, class: &Class, key: &str) -> Result<()> {
    let Value::Instance(object) = instance else {
        return Ok(());
    };
    match object.native::<InstanceState>() {
        Some(state) if state.persistent.get() => Err(Error::unsupported(format!(
            "{}.{key} is a relationship; query the related class by its foreign key instead",
            class.name()
        ))),
        _ => Ok(()),
    }
}
