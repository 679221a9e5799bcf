//! Maps a class body to a table, following the order and rules of SQLAlchemy's declarative scan.

mod mapper;
mod properties;
mod scan;
mod table;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::annotation::Extracted;
use super::attribute::{Attribute, PropertyAttribute};
use super::dataclass::{self, DataclassTransform};
use super::mapped_column::{MappedColumn, name_after};
use super::mapper::Mapping;
use super::properties::Property;
use super::registry::Registry;
use crate::bindings::conversion::{self, invalid_request};
use crate::bindings::sqlalchemy::schema::ColumnObject;
use ground::diagnostic::Result;
use ground::hash::IndexMap;
use python::{Annotation, Class, Dict, Interpreter, Value};
use sqlalchemy::schema::Column;

/// Results of `declared_attr` functions while their class is being scanned.
#[derive(Default)]
pub struct DeclaredAttrRegistry {
    /// By the function object.
    pub made: RefCell<Vec<(Value, Value)>>,
    /// Whether a scan is in progress.
    pub active: Cell<bool>,
}

/// Names in a class body that configure the mapping and are not mapped attributes.
const SPECIAL: [&str; 4] = [
    "__table__",
    "__mapper_args__",
    "__tablename__",
    "__table_args__",
];

/// One name of a class body.
struct Local {
    name: Rc<str>,
    value: Option<Value>,
    annotation: Option<Annotation>,
}

/// A parsed annotation, and the class whose body contains it.
#[derive(Clone)]
struct Collected {
    extracted: Extracted,
    originating: Class,
}

/// SQLAlchemy's `_DeclarativeMapperConfig`: the state of a class being mapped.
struct ClassScan {
    class: Class,
    registry: Rc<Registry>,
    /// The names defined in the class body itself.
    own: Dict,
    attributes: IndexMap<Rc<str>, Value>,
    annotations: IndexMap<Rc<str>, Collected>,
    allow_unmapped: bool,
    dataclass_before: bool,
    fixed_table: bool,
    table_args: Option<Value>,
    inherited_table_args: Cell<bool>,
    table_name: Option<Rc<str>>,
    table_function: bool,
    has_mapper_args: bool,
    inherits: Option<Class>,
    single: bool,
    columns: Vec<(Column, i64)>,
    unmapped: Vec<Column>,
    properties: IndexMap<Rc<str>, Mapped>,
    deferred: IndexMap<Rc<str>, Value>,
}

/// The target of a mapped attribute.
#[derive(Clone)]
pub enum Mapped {
    /// A column.
    Column(Column),
    /// A property.
    Property(Rc<Property>),
}

/// Whether the class itself is mapped, not just one of its bases.
pub fn is_mapped(class: &Class) -> bool {
    class.native::<Mapping>().is_some()
}

/// `{cls!r}` in messages.
fn shown(class: &Class) -> String {
    format!("<class '{}'>", class.dotted_name())
}

fn is_column(value: &Value) -> bool {
    value.downcast::<ColumnObject>().is_some() || value.downcast::<MappedColumn>().is_some()
}

/// The class whose mapping a base refers to.
fn mapped_base(class: &Class) -> Option<Class> {
    if class.is_named("object") {
        return None;
    }
    let abstract_ = class
        .namespace
        .get_str("__abstract__")
        .is_some_and(|value| value.as_bool() == Some(true));
    if abstract_ {
        return class.bases.iter().find_map(mapped_base);
    }
    let mapped = class.mro().find(|base| is_mapped(base)).cloned();
    Some(mapped.unwrap_or_else(|| class.clone()))
}

/// Maps a class.
///
/// # Errors
/// What SQLAlchemy raises when the class is defined.
pub fn map_class(vm: &mut Interpreter, class: &Class, registry: &Rc<Registry>) -> Result<()> {
    if is_mapped(class) {
        return Err(invalid_request(format!(
            "Class {} already has been instrumented declaratively",
            shown(class)
        )));
    }
    let abstract_ = class.namespace.get_str("__abstract__");
    if let Some(value) = abstract_
        && vm.truth(&value)?
    {
        return Ok(());
    }
    if class.inherits_from("sqlalchemy.sql._annotated_cols.TypedColumns") {
        return Ok(());
    }
    let transform = class.inherited_native::<DataclassTransform>();
    let allow = match vm.find_attribute(&Value::Class(class.clone()), "__allow_unmapped__")? {
        Some(value) => vm.truth(&value)?,
        None => false,
    };
    let scanning = Rc::new(DeclaredAttrRegistry::default());
    scanning.active.set(true);
    class.set_native(scanning.clone());
    let mut scan = ClassScan {
        class: class.clone(),
        registry: registry.clone(),
        own: class.namespace.copy(),
        attributes: IndexMap::default(),
        annotations: IndexMap::default(),
        allow_unmapped: allow || transform.is_some(),
        dataclass_before: class.namespace.contains_str("__dataclass_fields__"),
        fixed_table: class.namespace.contains_str("__table__"),
        table_args: None,
        inherited_table_args: Cell::new(false),
        table_name: None,
        table_function: false,
        has_mapper_args: false,
        inherits: None,
        single: false,
        columns: Vec::new(),
        unmapped: Vec::new(),
        properties: IndexMap::default(),
        deferred: IndexMap::default(),
    };
    scan.scan_attributes(vm)?;
    let fields = scan.dataclass_fields();
    if transform.is_some() {
        dataclass::apply(vm, class, fields)?;
    }
    registry
        .classes
        .borrow_mut()
        .insert(class.name(), class.clone());
    scan.find_inherited()?;
    scan.extract_attributes(vm)?;
    scan.extract_columns(vm);
    let table = scan.make_table(vm)?;
    scan.inherit_columns(vm, table.as_ref())?;
    scanning.active.set(false);
    scan.make_mapper(vm, table)?;
    super::mapped_column::show_warnings(vm);
    Ok(())
}

impl ClassScan {
    fn overridden(&self, name: &str, value: Option<&Value>) -> bool {
        match (self.class.lookup(name), value) {
            (None, _) => false,
            (Some(found), Some(value)) => !found.is(value),
            (Some(found), None) => !found.is_none(),
        }
    }

    fn class_value(&self) -> Value {
        Value::Class(self.class.clone())
    }

    fn find_inherited(&mut self) -> Result<()> {
        let mut found: Vec<Class> = Vec::new();
        for base in &self.class.bases {
            if let Some(class) = mapped_base(base)
                && is_mapped(&class)
                && !found.contains(&class)
            {
                found.push(class);
            }
        }
        if found.len() > 1 {
            let list: Vec<String> = found.iter().map(shown).collect();
            return Err(invalid_request(format!(
                "Class {} has multiple mapped bases: [{}]",
                shown(&self.class),
                list.join(", ")
            )));
        }
        self.inherits = found.pop();
        self.single = !self.own.contains_str("__table__") && self.table_name.is_none();
        if self.inherited_table_args.get() && self.table_name.is_none() {
            self.table_args = None;
        }
        Ok(())
    }
}

/// Installs a mapped attribute on its class.
pub fn install(class: &Class, key: &Rc<str>, mapped: &Mapped) {
    let value = match mapped {
        Mapped::Column(column) => Value::native(Attribute {
            class: class.clone(),
            key: key.clone(),
            column: column.clone(),
        }),
        Mapped::Property(property) => Value::native(PropertyAttribute {
            class: class.clone(),
            key: key.clone(),
            property: property.clone(),
        }),
    };
    class.set(key, value);
}

/// Handles `Class.name = Column(...)` after mapping. Returns whether the value was mappable.
///
/// # Errors
/// What attaching the column raises.
pub fn add_attribute(
    vm: &mut Interpreter,
    class: &Class,
    key: &str,
    value: &Value,
) -> Result<bool> {
    let Some(mapping) = class.native::<Mapping>() else {
        return Ok(false);
    };
    let key: Rc<str> = Rc::from(key);
    let mapped = if let Some(property) = value.downcast::<Property>() {
        *property.key.borrow_mut() = Some(key.clone());
        for (column, _) in property.columns() {
            name_after(&column, &key);
            if let Some(table) = &mapping.table {
                vm.lend(|| table.append_column(&column, true))?;
            }
        }
        Mapped::Property(property)
    } else if is_column(value) {
        let Some(column) = conversion::find_column(value) else {
            return Ok(false);
        };
        name_after(&column, &key);
        let Some(table) = &mapping.table else {
            return Ok(false);
        };
        vm.lend(|| table.append_column(&column, true))?;
        Mapped::Column(column)
    } else {
        return Ok(false);
    };
    install(class, &key, &mapped);
    mapping.properties.borrow_mut().insert(key, mapped);
    super::mapped_column::show_warnings(vm);
    Ok(true)
}
