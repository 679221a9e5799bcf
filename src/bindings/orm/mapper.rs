//! What is known of a mapped class.

use std::cell::RefCell;
use std::rc::Rc;

use ground::hash::IndexMap;

use super::declarative::Mapped;
use super::properties::PropertyKind;
use super::registry::{Registry, RegistryObject};
use crate::bindings::conversion::{self, known_class};
use crate::bindings::sqlalchemy::schema::ColumnsObject;
use ground::diagnostic::Result;
use python::{Class, Dict, Interpreter, NativeObject, Value};
use sqlalchemy::schema::{Column, Table};

/// The mapping of a class; kept on the class as native state.
pub struct Mapping {
    /// The class.
    pub class: Class,
    /// Its registry.
    pub registry: Rc<Registry>,
    /// Its table (the parent's with single-table inheritance).
    pub table: Option<Table>,
    /// The mapped class it inherits from.
    pub inherits: Option<Class>,
    /// Whether it shares its parent's table.
    pub single: bool,
    /// What its attributes are mapped to, in order.
    pub properties: RefCell<IndexMap<Rc<str>, Mapped>>,
    /// `__mapper_args__`.
    pub arguments: Dict,
}

impl Mapping {
    /// The mapping of a class or of the nearest that it inherits from.
    pub fn of(class: &Class) -> Option<Rc<Mapping>> {
        class.inherited_native::<Mapping>()
    }

    /// The columns by attribute, those of parents first.
    pub fn columns(&self) -> Vec<(Rc<str>, Column)> {
        let mut found = match self.inherits.as_ref().and_then(Mapping::of) {
            Some(parent) => parent.columns(),
            None => Vec::new(),
        };
        for (key, mapped) in self.properties.borrow().iter() {
            let columns: Vec<(Rc<str>, Column)> = match mapped {
                Mapped::Column(column) => vec![(key.clone(), column.clone())],
                // The columns of a composite are mapped under their own keys.
                Mapped::Property(property) if property.kind == PropertyKind::Composite => property
                    .columns()
                    .into_iter()
                    .map(|(column, _)| (column.key(), column))
                    .collect(),
                Mapped::Property(property) => property
                    .columns()
                    .into_iter()
                    .take(1)
                    .map(|(column, _)| (key.clone(), column))
                    .collect(),
            };
            for (key, column) in columns {
                match found.iter_mut().find(|(known, _)| *known == key) {
                    Some(known) => known.1 = column,
                    None => found.push((key, column)),
                }
            }
        }
        found
    }

    /// The names of all mapped attributes, those of parents first.
    pub fn keys(&self) -> Vec<Rc<str>> {
        let mut found = match self.inherits.as_ref().and_then(Mapping::of) {
            Some(parent) => parent.keys(),
            None => Vec::new(),
        };
        for key in self.properties.borrow().keys() {
            if !found.contains(key) {
                found.push(key.clone());
            }
        }
        found
    }
}

/// `Class.__mapper__`.
pub struct MapperObject {
    /// The mapping.
    pub mapping: Rc<Mapping>,
}

impl NativeObject for MapperObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.orm.mapper.Mapper")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let mapping = &self.mapping;
        Ok(Some(match name {
            "class_" | "entity" => Value::Class(mapping.class.clone()),
            "local_table" | "persist_selectable" | "mapped_table" | "selectable" => {
                match &mapping.table {
                    Some(table) => conversion::table_value(vm, table),
                    None => Value::None,
                }
            }
            "inherits" => match mapping.inherits.as_ref().and_then(Mapping::of) {
                Some(parent) => Value::native(MapperObject { mapping: parent }),
                None => Value::None,
            },
            "single" => Value::Bool(mapping.single && mapping.inherits.is_some()),
            "registry" => Value::native(RegistryObject(mapping.registry.clone())),
            "mapper" => Value::native(MapperObject {
                mapping: mapping.clone(),
            }),
            "columns" | "c" => {
                let columns = mapping.columns();
                Value::native(ColumnsObject {
                    keys: Some(columns.iter().map(|(key, _)| key.clone()).collect()),
                    columns: columns.into_iter().map(|(_, column)| column).collect(),
                })
            }
            "primary_key" => {
                let mut items = Vec::new();
                if let Some(table) = &mapping.table {
                    for column in table.primary_key().columns() {
                        items.push(conversion::column_value(vm, &column));
                    }
                }
                Value::tuple(items)
            }
            "attrs" | "all_orm_descriptors" | "column_attrs" | "relationships" => {
                let dict = Dict::new();
                for key in mapping.keys() {
                    if let Some(value) = mapping.class.lookup(&key) {
                        let related = value
                            .downcast::<super::attribute::PropertyAttribute>()
                            .is_some();
                        if (name == "relationships" && !related)
                            || (name == "column_attrs" && related)
                        {
                            continue;
                        }
                        dict.set_name(&key, value);
                    }
                }
                Value::native(super::attribute::AttributesObject(Rc::new(dict)))
            }
            "polymorphic_on" | "polymorphic_identity" => {
                mapping.arguments.get_str(name).unwrap_or(Value::None)
            }
            _ => return Ok(None),
        }))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(format!(
            "<Mapper at 0x7f0000000000; {}>",
            self.mapping.class.name()
        )))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        let class = self.mapping.class.name();
        Ok(Some(match &self.mapping.table {
            Some(table) => format!("Mapper[{class}({})]", table.name()),
            None => format!("Mapper[{class}]"),
        }))
    }
}
