//! The mapping of a mapped class.

use std::cell::RefCell;
use std::rc::Rc;

use ground::hash::IndexMap;

use super::attribute::{AttributesObject, PropertyAttribute};
use super::decl_base::Mapped;
use super::properties::PropertyKind;
use super::registry::{Registry, RegistryObject};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::schema::ColumnsObject;
use ground::diagnostic::{Error, Result};
use python::{Class, Declaration, Dict, Interpreter, NativeObject, Value, method, property};
use sqlalchemy::elements::{Expression, Operand, Operator, and_};
use sqlalchemy::schema::{Column, Table};
use sqlalchemy::sql::FromClause;

/// The mapping of a class; stored on the class as native state.
pub struct Mapping {
    /// The class.
    pub class: Class,
    /// Its registry.
    pub registry: Rc<Registry>,
    /// Its table (the parent's under single-table inheritance).
    pub table: Option<Table>,
    /// The mapped class it inherits from.
    pub inherits: Option<Class>,
    /// Whether it shares its parent's table.
    pub single: bool,
    /// The mapped attributes, in order.
    pub properties: RefCell<IndexMap<Rc<str>, Mapped>>,
    /// The columns with `deferred=True`, by attribute name: (True, group, raiseload).
    pub deferred: RefCell<IndexMap<Rc<str>, Value>>,
    /// `__mapper_args__`.
    pub arguments: Dict,
}

impl Mapping {
    /// The mapping of a class or of its nearest mapped ancestor.
    pub fn of(class: &Class) -> Option<Rc<Mapping>> {
        class.inherited_native::<Mapping>()
    }

    /// The mapping of a value that is a mapped class.
    pub(super) fn of_value(value: &Value) -> Option<Rc<Mapping>> {
        value.as_class().and_then(Mapping::of)
    }

    fn parent(&self) -> Option<Rc<Mapping>> {
        self.inherits.as_ref().and_then(Mapping::of)
    }

    /// Whether its table is joined to its parent's, or its parent's to that one's parent's.
    pub fn is_joined(&self) -> bool {
        match self.parent() {
            Some(parent) => !self.single || parent.is_joined(),
            None => false,
        }
    }

    /// What a SELECT of the class reads: its table, or the join with its parents' tables.
    pub fn selectable(&self) -> Option<FromClause> {
        let own = self.table.clone();
        match self.parent() {
            Some(parent) if self.single => parent.selectable(),
            Some(parent) => {
                let left = parent.selectable()?;
                let own = own?;
                let condition = self.inherit_condition(&parent, &own);
                left.join(own, condition, false, false).ok()
            }
            None => own.map(FromClause::Table),
        }
    }

    /// How the table is joined to the parent's: by the foreign keys that refer to it.
    fn inherit_condition(&self, parent: &Mapping, own: &Table) -> Option<Expression> {
        if let Some(given) = self.arguments.get_str("inherit_condition") {
            let given = conversion::find_expression(&given);
            if given.is_some() {
                return given;
            }
        }
        let columns: Vec<Column> = parent.columns().into_iter().map(|(_, it)| it).collect();
        let mut conditions = Vec::new();
        for key in own.foreign_keys() {
            let (Some(referring), Ok(referred)) = (key.parent(), key.column()) else {
                continue;
            };
            let of_parent = columns.iter().any(|column| column.ptr_eq(&referred));
            if of_parent && referring.primary_key() {
                let operand = Operand::Expression(Expression::Column(referring));
                conditions.extend(
                    Expression::Column(referred)
                        .operate(Operator::Eq, operand)
                        .ok(),
                );
            }
        }
        (!conditions.is_empty()).then(|| and_(conditions))
    }

    /// The column that tells the class of a row.
    ///
    /// # Errors
    /// A plain no where it is an expression.
    pub fn discriminator(&self) -> Result<Option<Column>> {
        let Some(given) = self.arguments.get_str("polymorphic_on") else {
            return match self.parent() {
                Some(parent) => parent.discriminator(),
                None => Ok(None),
            };
        };
        if let Some(name) = given.as_str() {
            let columns = self.columns();
            let found = columns.iter().find(|(key, _)| &**key == name);
            return Ok(found.map(|(_, column)| column.clone()));
        }
        match conversion::find_column(&given) {
            Some(column) => Ok(Some(column)),
            None => Err(Error::unsupported(
                "a class of a single table whose polymorphic_on is an expression",
            )),
        }
    }

    /// The identities of the class and of those that inherit from it.
    pub fn identities(&self) -> Vec<Value> {
        let mut found = Vec::new();
        let mut waiting = vec![self.class.clone()];
        while let Some(class) = waiting.pop() {
            if let Some(mapping) = class.native::<Mapping>() {
                let own = mapping.arguments.get_str("polymorphic_identity");
                found.extend(own.filter(|it| !it.is_none()));
            }
            waiting.extend(class.subclasses().into_iter().rev());
        }
        found
    }

    /// The columns by attribute name, those of parents first.
    pub fn columns(&self) -> Vec<(Rc<str>, Column)> {
        let mut found = match self.inherits.as_ref().and_then(Mapping::of) {
            Some(parent) => parent.columns(),
            None => Vec::new(),
        };
        for (key, mapped) in self.properties.borrow().iter() {
            let columns: Vec<(Rc<str>, Column)> = match mapped {
                Mapped::Column(column) => vec![(key.clone(), column.clone())],
                // A composite's columns are mapped under their own keys.
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

/// `sqlalchemy.orm.Mapper`.
pub(super) static MAPPER: Declaration<MapperObject> = Declaration {
    properties: &[
        property("class_", class_of),
        property("entity", class_of),
        property("local_table", table_of),
        property("persist_selectable", table_of),
        property("mapped_table", table_of),
        property("selectable", table_of),
        property("inherits", |_, mapper| {
            let parent = mapper.mapping.inherits.as_ref().and_then(Mapping::of);
            Ok(parent.map_or(Value::None, |mapping| {
                Value::native(MapperObject { mapping })
            }))
        }),
        property("single", |_, mapper| {
            let mapping = &mapper.mapping;
            Ok(Value::Bool(mapping.single && mapping.inherits.is_some()))
        }),
        property("registry", |_, mapper| {
            Ok(Value::native(RegistryObject(
                mapper.mapping.registry.clone(),
            )))
        }),
        property("mapper", |_, mapper| {
            Ok(Value::native(MapperObject {
                mapping: mapper.mapping.clone(),
            }))
        }),
        property("columns", columns_of),
        property("c", columns_of),
        property("primary_key", |vm, mapper| {
            let mut items = Vec::new();
            if let Some(table) = &mapper.mapping.table {
                for column in table.primary_key().columns() {
                    items.push(conversion::column_value(vm, &column));
                }
            }
            Ok(Value::tuple(items))
        }),
        property("attrs", |_, mapper| Ok(mapper.attributes(|_| true))),
        property("all_orm_descriptors", |_, mapper| {
            Ok(mapper.attributes(|_| true))
        }),
        property("column_attrs", |_, mapper| {
            Ok(mapper.attributes(|value| value.downcast::<PropertyAttribute>().is_none()))
        }),
        property("relationships", |_, mapper| {
            Ok(mapper.attributes(|value| value.downcast::<PropertyAttribute>().is_some()))
        }),
        property("polymorphic_on", |_, mapper| {
            let arguments = &mapper.mapping.arguments;
            Ok(Value::optional(arguments.get_str("polymorphic_on")))
        }),
        property("polymorphic_identity", |_, mapper| {
            let arguments = &mapper.mapping.arguments;
            Ok(Value::optional(arguments.get_str("polymorphic_identity")))
        }),
    ],
    methods: &[method("has_property", "self, key", |_, mapper, bound| {
        let key = bound.value("key");
        let known = mapper.mapping.keys();
        Ok(Value::Bool(
            known.iter().any(|known| Some(&**known) == key.as_str()),
        ))
    })],
    ..Declaration::new("sqlalchemy.orm.mapper.Mapper")
};

fn class_of(_vm: &mut Interpreter, mapper: &MapperObject) -> Result<Value> {
    Ok(Value::Class(mapper.mapping.class.clone()))
}

fn table_of(vm: &mut Interpreter, mapper: &MapperObject) -> Result<Value> {
    Ok(match &mapper.mapping.table {
        Some(table) => conversion::table_value(vm, table),
        None => Value::None,
    })
}

fn columns_of(_vm: &mut Interpreter, mapper: &MapperObject) -> Result<Value> {
    Ok(ColumnsObject::with_keys(mapper.mapping.columns()))
}

impl MapperObject {
    /// The mapped attributes of a given kind, by name.
    fn attributes(&self, is_wanted: impl Fn(&Value) -> bool) -> Value {
        let dict = Dict::new();
        for key in self.mapping.keys() {
            if let Some(value) = self.mapping.class.lookup(&key)
                && is_wanted(&value)
            {
                dict.set_name(&key, value);
            }
        }
        Value::native(AttributesObject(Rc::new(dict)))
    }
}

impl NativeObject for MapperObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&MAPPER)
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
