//! Converts scanned attributes to columns, relationships, composites and other properties.

use std::rc::Rc;

use super::super::annotation;
use super::super::dataclass::DataclassTransform;
use super::super::declared_attr::DeclaredAttr;
use super::super::mapped_column::{AttributePlace, MappedColumn, name_after};
use super::super::mapper::Mapping;
use super::super::properties::{Property, PropertyKind};
use super::{ClassScan, Collected, Mapped, SPECIAL, is_column, shown};
use crate::bindings::conversion::{self, argument_error, find_metadata};
use crate::bindings::sqlalchemy::schema::ColumnObject;
use ground::diagnostic::{Error, Result};
use ground::hash::IndexMap;
use ground::order::InOrder;
use python::{Annotation, Interpreter, Value};
use sqlalchemy::schema::{Column, Table};

impl ClassScan {
    pub(super) fn extract_attributes(&mut self, vm: &mut Interpreter) -> Result<()> {
        let names: Vec<Rc<str>> = self.attributes.keys().cloned().collect();
        for name in names {
            let Some(mut value) = self.attributes.get(&name).cloned() else {
                continue;
            };
            if value.downcast::<DeclaredAttr>().is_some() {
                let class = self.class_value();
                value = vm.get_attribute(&class, &name)?;
            }
            if &*name == "registry" || (&*name == "metadata" && find_metadata(&value).is_none()) {
                let noun = if &*name == "metadata" {
                    "MetaData instance"
                } else {
                    "Declarative class registry"
                };
                vm.run.warning(
                    "SAWarning",
                    &format!(
                        "Attribute name '{name}' should be left reserved for the {noun} when using \
                         a Declarative class."
                    ),
                );
            }
            let collected = self.annotations.get(&name).cloned();
            self.check_container(&name, collected.as_ref(), &value)?;
            if let Value::Tuple(items) = &value
                && let [only] = &items[..]
                && (is_column(only) || only.downcast::<Property>().is_some())
            {
                vm.run.warning(
                    "SAWarning",
                    &format!(
                        "Ignoring declarative-like tuple value of attribute '{name}': possibly a \
                         copy-and-paste error with a comma accidentally placed at the end of the \
                         line?"
                    ),
                );
                continue;
            }
            if let Some(object) = value.downcast::<ColumnObject>() {
                name_after(&object.column, &name);
                self.attributes.insert(name, value);
                continue;
            }
            if let Some(mapped) = value.downcast::<MappedColumn>() {
                self.scan_column(vm, &name, &mapped, collected.as_ref())?;
                self.attributes.insert(name, value);
                continue;
            }
            if let Some(property) = value.downcast::<Property>() {
                self.scan_property(vm, &name, &property, collected.as_ref())?;
                self.attributes.insert(name, value);
                continue;
            }
            self.attributes.shift_remove(&name);
            self.class.set(&name, value);
        }
        Ok(())
    }

    pub(super) fn check_container(
        &self,
        name: &str,
        collected: Option<&Collected>,
        value: &Value,
    ) -> Result<()> {
        let Some(container) = collected.and_then(|collected| collected.extracted.container.clone())
        else {
            return Ok(());
        };
        let unmapped = value
            .downcast::<MappedColumn>()
            .is_some_and(|mapped| mapped.unmapped);
        let class = self.class.name();
        if &*container.name() == "Unmapped" {
            if !unmapped {
                return Err(argument_error(format!(
                    "Attribute \"{class}.{name}\" uses the Unmapped[] annotation, which must be \
                     used with unmapped_column() or with no value on the right side"
                )));
            }
        } else if unmapped {
            return Err(argument_error(format!(
                "Attribute \"{class}.{name}\" uses unmapped_column() with the {}[] annotation; \
                 unmapped_column() must be used with the Unmapped[] annotation",
                container.name()
            )));
        }
        Ok(())
    }

    pub(super) fn existing_column(&self) -> Option<Table> {
        if !self.single {
            return None;
        }
        self.inherits
            .as_ref()
            .and_then(|class| class.native::<Mapping>())
            .and_then(|mapping| mapping.table.clone())
    }

    pub(super) fn scan_column(
        &self,
        vm: &mut Interpreter,
        name: &Rc<str>,
        mapped: &MappedColumn,
        collected: Option<&Collected>,
    ) -> Result<()> {
        let given = !mapped.dataclass.given.is_empty();
        if given
            && self
                .class
                .inherited_native::<DataclassTransform>()
                .is_none()
        {
            return Err(self.dataclass_arguments(name, &mapped.dataclass.given));
        }
        let container = collected.and_then(|collected| collected.extracted.container.clone());
        if container.is_none() && collected.is_some() && !self.allow_unmapped {
            return Ok(());
        }
        let inner = collected
            .filter(|collected| collected.extracted.container.is_some() || self.allow_unmapped)
            .map(|collected| collected.extracted.inner.clone());
        let table = self.existing_column();
        let lookup = move |name: &str| table.as_ref().and_then(|table| table.column(name));
        let result = mapped.declarative_scan(
            vm,
            AttributePlace {
                registry: &self.registry,
                class: &self.class,
                originating: collected.map(|collected| &collected.originating),
                key: name,
                existing: Some(&lookup),
            },
            inner.as_ref(),
        );
        match result {
            Err(error) if error.class == "NameError" => {
                let shown = collected.map_or("", |collected| &collected.extracted.shown);
                Err(annotation::mapped_annotation_error(format!(
                    "Could not resolve all types within mapped annotation: \"{shown}\".  Ensure \
                     all types are written correctly and are imported within the module in use."
                ))
                .with_cause(error))
            }
            other => other,
        }
    }

    pub(super) fn dataclass_arguments(&self, name: &str, given: &[&'static str]) -> Error {
        let mut names: Vec<String> = given.iter().map(|name| format!("'{name}'")).collect();
        names.in_order();
        argument_error(format!(
            "Attribute '{name}' on class {} includes dataclasses argument(s): {} but class does \
             not specify SQLAlchemy native dataclass configuration.",
            shown(&self.class),
            names.join(", ")
        ))
    }

    pub(super) fn scan_property(
        &self,
        vm: &mut Interpreter,
        name: &Rc<str>,
        property: &Property,
        collected: Option<&Collected>,
    ) -> Result<()> {
        if !property.dataclass.given.is_empty()
            && self
                .class
                .inherited_native::<DataclassTransform>()
                .is_none()
        {
            return Err(self.dataclass_arguments(name, &property.dataclass.given));
        }
        *property.key.borrow_mut() = Some(name.clone());
        *property.parent.borrow_mut() = Some(self.class.clone());
        if let Some(collected) = collected {
            *property.annotation.borrow_mut() = Some(collected.extracted.inner.clone());
            let container = collected.extracted.container.as_ref();
            *property.container.borrow_mut() = container.map(|class| class.name());
        }
        match property.kind {
            PropertyKind::ColumnProperty => {
                if let Some((column, _)) = property.columns().first() {
                    name_after(column, name);
                }
            }
            PropertyKind::Composite => self.scan_composite(vm, name, property, collected)?,
            PropertyKind::Relationship
                if collected.is_none()
                    && property.arguments.positional.is_empty()
                    && property.arguments.keyword_value("argument").is_none() =>
            {
                return Err(argument_error(format!(
                    "Python typing annotation is required for attribute \"{}.{name}\" when \
                         primary argument(s) for \"Relationship\" construct are None or not present",
                    self.class.name()
                )));
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn scan_composite(
        &self,
        vm: &mut Interpreter,
        _name: &Rc<str>,
        property: &Property,
        collected: Option<&Collected>,
    ) -> Result<()> {
        let mut arguments = property.arguments.positional.clone();
        let mut composite = None;
        if let Some(first) = arguments.first()
            && first.downcast::<MappedColumn>().is_none()
            && conversion::find_column(first).is_none()
            && first.as_str().is_none()
        {
            composite = Some(arguments.remove(0));
        }
        if composite.is_none()
            && let Some(collected) = collected
        {
            let inner = &collected.extracted.inner;
            let found = annotation::resolve(vm, &collected.originating, inner)?;
            composite = Some(annotation::without_none(vm, &found)?);
        }
        let Some(Value::Class(class)) = composite else {
            return Ok(());
        };
        let fields: Vec<(Rc<str>, Annotation)> = class
            .annotations
            .borrow()
            .iter()
            .map(|(name, given)| (name.clone(), given.clone()))
            .collect();
        for (index, argument) in arguments.iter().enumerate() {
            let Some((field, given)) = fields.get(index) else {
                break;
            };
            if let Some(mapped) = argument.downcast::<MappedColumn>() {
                let inner = vm.evaluate_annotation(&class, given)?;
                mapped.declarative_scan(
                    vm,
                    AttributePlace {
                        registry: &self.registry,
                        class: &self.class,
                        originating: Some(&class),
                        key: field,
                        existing: None,
                    },
                    Some(&inner),
                )?;
            } else if let Some(column) = conversion::find_column(argument) {
                name_after(&column, field);
            }
        }
        Ok(())
    }

    pub(super) fn extract_columns(&mut self, vm: &mut Interpreter) {
        let mut keys_by_name: IndexMap<Rc<str>, Vec<Rc<str>>> = IndexMap::default();
        let attributes = self.attributes.clone();
        for (key, value) in &attributes {
            if SPECIAL.contains(&&**key) {
                continue;
            }
            if let Some(mapped) = value.downcast::<MappedColumn>() {
                let column = mapped.current();
                remember(&mut keys_by_name, &column, key);
                self.declare(&column, mapped.sort_order.get().unwrap_or(0));
                if mapped.unmapped {
                    self.unmapped.push(column);
                    self.class.namespace.remove_str(key);
                } else {
                    if let Some(deferral) = mapped.deferral() {
                        self.deferred.insert(key.clone(), deferral);
                    }
                    self.properties.insert(key.clone(), Mapped::Column(column));
                }
            } else if let Some(object) = value.downcast::<ColumnObject>() {
                let column = object.column.clone();
                remember(&mut keys_by_name, &column, key);
                self.declare(&column, 0);
                self.properties.insert(key.clone(), Mapped::Column(column));
            } else if let Some(property) = value.downcast::<Property>() {
                for (column, _) in property.columns() {
                    if property.kind != PropertyKind::Composite {
                        remember(&mut keys_by_name, &column, key);
                    }
                    self.declare(&column, 0);
                }
                self.properties
                    .insert(key.clone(), Mapped::Property(property));
            }
        }
        for (name, mut keys) in keys_by_name {
            if keys.len() > 1 {
                keys.in_order();
                let keys: Vec<&str> = keys.iter().map(|key| &**key).collect();
                vm.run.warning(
                    "SAWarning",
                    &format!(
                        "On class '{}', Column object '{name}' named directly multiple times, only \
                         one will be used: {}. Consider using orm.synonym instead",
                        self.class.name(),
                        keys.join(", ")
                    ),
                );
            }
        }
    }

    pub(super) fn declare(&mut self, column: &Column, order: i64) {
        match self
            .columns
            .iter_mut()
            .find(|(known, _)| known.ptr_eq(column))
        {
            Some(known) => known.1 = order,
            None => self.columns.push((column.clone(), order)),
        }
    }
}

fn remember(keys: &mut IndexMap<Rc<str>, Vec<Rc<str>>>, column: &Column, key: &Rc<str>) {
    if let Some(name) = column.name_option() {
        keys.entry(name.text()).or_default().push(key.clone());
    }
}
