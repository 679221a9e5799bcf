//! Scans a class and its bases for the attributes of a mapped class.

use std::rc::Rc;

use super::super::annotation;
use super::super::attribute::{Attribute, PropertyAttribute};
use super::super::dataclass;
use super::super::declared_attr::DeclaredAttr;
use super::super::mapped_column::MappedColumn;
use super::super::properties::Property;
use super::{ClassScan, Collected, Local, SPECIAL, is_column, is_mapped, shown};
use crate::bindings::conversion::{self, argument_error, find_table, invalid_request};
use ground::diagnostic::Result;
use python::{Annotation, Class, Interpreter, Value};

/// Merges the names of a class's namespace and annotations into one order, as SQLAlchemy does.
fn merged(a: Vec<Rc<str>>, b: Vec<Rc<str>>) -> Vec<Rc<str>> {
    let mut overlap: Vec<Rc<str>> = a.iter().filter(|name| b.contains(name)).cloned().collect();
    let mut result = Vec::new();
    let mut current = a.into_iter();
    let mut other = b.into_iter();
    loop {
        let mut swapped = false;
        for element in current.by_ref() {
            if let Some(index) = overlap.iter().position(|name| *name == element) {
                overlap.swap_remove(index);
                swapped = true;
                break;
            }
            result.push(element);
        }
        if !swapped {
            result.extend(other);
            return result;
        }
        // At an element common to both lists, continue with the other list.
        std::mem::swap(&mut current, &mut other);
    }
}

fn locals_of(class: &Class) -> Vec<Local> {
    // Native base classes define methods that are never columns, except that SQLModel sets table
    // names.
    let native = !class.user_defined;
    let keep = |name: &str| {
        SPECIAL.contains(&name) || !(native || name.starts_with("__") || name.starts_with("_sa_"))
    };
    if native
        && !SPECIAL
            .iter()
            .any(|name| class.namespace.contains_str(name))
    {
        return Vec::new();
    }
    let values: Vec<(Rc<str>, Value)> = class.namespace.str_entries();
    let annotations = class.annotations.borrow();
    let names = merged(
        values.iter().map(|(name, _)| name.clone()).collect(),
        annotations.keys().cloned().collect(),
    );
    names
        .into_iter()
        .filter(|name| keep(name))
        .map(|name| Local {
            value: values
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.clone())
                .filter(|value| !value.is_none()),
            annotation: annotations.get(&name).cloned(),
            name,
        })
        .collect()
}

impl ClassScan {
    pub(super) fn scan_attributes(&mut self, vm: &mut Interpreter) -> Result<()> {
        let order: Vec<Class> = self.class.mro().cloned().collect();
        let mut bases = Vec::new();
        for base in order {
            let own = base == self.class;
            let mapped = !own && is_mapped(&base);
            let locals = locals_of(&base);
            let copies = if !mapped && !own {
                self.copy_columns(vm, &base, &locals)?
            } else {
                Vec::new()
            };
            bases.push((base, mapped, locals, copies));
        }
        for (base, mapped, locals, copies) in bases {
            for (name, value) in copies {
                self.attributes.insert(name, value);
            }
            for local in locals {
                if SPECIAL.contains(&&*local.name) {
                    self.scan_special(vm, &base, mapped, &local)?;
                } else if mapped {
                    continue;
                } else if base != self.class {
                    self.scan_mixin(vm, &base, &local)?;
                } else {
                    self.scan_own(vm, &base, local)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn scan_special(
        &mut self,
        vm: &mut Interpreter,
        base: &Class,
        mapped: bool,
        local: &Local,
    ) -> Result<()> {
        let Some(value) = &local.value else {
            return Ok(());
        };
        let declared = value.downcast::<DeclaredAttr>().is_some();
        let takes = !mapped || declared;
        match &*local.name {
            "__mapper_args__" if takes => self.has_mapper_args = true,
            "__tablename__" if takes && self.table_name.is_none() => {
                let class = self.class_value();
                let name = vm.get_attribute(&class, "__tablename__")?;
                conversion::refuse_opaque(&name, "__tablename__")?;
                self.table_name = name.as_text();
            }
            "__table__" if declared => self.table_function = true,
            "__table_args__" if takes && self.table_args.is_none() => {
                let class = self.class_value();
                let given = vm.get_attribute(&class, "__table_args__")?;
                conversion::refuse_opaque(&given, "__table_args__")?;
                match given.plain() {
                    Value::None => {}
                    Value::Tuple(items) => {
                        if !items.is_empty() {
                            self.table_args = Some(given);
                        }
                    }
                    Value::Dict(dict) => {
                        if !dict.is_empty() {
                            self.table_args = Some(given);
                        }
                    }
                    _ => {
                        return Err(argument_error(
                            "__table_args__ value must be a tuple, dict, or None",
                        ));
                    }
                }
                if *base != self.class && self.table_args.is_some() {
                    self.inherited_table_args.set(true);
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn scan_mixin(
        &mut self,
        vm: &mut Interpreter,
        base: &Class,
        local: &Local,
    ) -> Result<()> {
        let Some(value) = &local.value else {
            return Ok(());
        };
        if is_column(value) {
            return Ok(());
        }
        if value.downcast::<Property>().is_some() {
            return Err(invalid_request(
                "Mapper properties (i.e. deferred,column_property(), relationship(), etc.) must be \
                 declared as @declared_attr callables on declarative mixin classes.  For dataclass \
                 field() objects, use a lambda:",
            ));
        }
        let Some(declared) = value.downcast::<DeclaredAttr>() else {
            return Ok(());
        };
        let class = self.class_value();
        let found = if declared.cascading {
            if self.own.contains_str(&local.name) {
                vm.run.warning(
                    "SAWarning",
                    &format!(
                        "Attribute '{}' on class {} cannot be processed due to \
                         @declared_attr.cascading; skipping",
                        local.name,
                        shown(&self.class)
                    ),
                );
            }
            let found = declared.evaluate(vm, value, &self.class)?;
            self.class.set(&local.name, found.clone());
            found
        } else {
            vm.get_attribute(&class, &local.name)?
        };
        self.attributes.insert(local.name.clone(), found);
        let annotation = declared.return_annotation();
        self.collect(
            vm,
            &local.name,
            annotation.as_ref(),
            base,
            Some(true),
            Some(value.clone()),
        )?;
        Ok(())
    }

    pub(super) fn scan_own(
        &mut self,
        vm: &mut Interpreter,
        base: &Class,
        local: Local,
    ) -> Result<()> {
        let collected = self.collect(
            vm,
            &local.name,
            local.annotation.as_ref(),
            base,
            None,
            local.value.clone(),
        )?;
        let container = collected
            .as_ref()
            .and_then(|collected| collected.extracted.container.clone());
        if local.value.is_none()
            && !self.fixed_table
            && let Some(container) = container
        {
            let made = self.blank_column(vm, &container)?;
            self.attributes.insert(local.name, made);
        } else if self.own.contains_str(&local.name)
            && let Some(value) = local.value
        {
            self.attributes.insert(local.name, value);
        }
        Ok(())
    }

    pub(super) fn blank_column(&self, vm: &mut Interpreter, container: &Class) -> Result<Value> {
        let unmapped = &*container.name() == "Unmapped";
        Ok(Value::native(MappedColumn::blank(vm, unmapped)?))
    }

    pub(super) fn copy_columns(
        &mut self,
        vm: &mut Interpreter,
        base: &Class,
        locals: &[Local],
    ) -> Result<Vec<(Rc<str>, Value)>> {
        let mut copies = Vec::new();
        for local in locals {
            if SPECIAL.contains(&&*local.name) {
                continue;
            }
            match &local.value {
                None => {
                    if self.fixed_table || !self.is_mapped_annotation(vm, base, local)? {
                        continue;
                    }
                    if self.overridden(&local.name, None) {
                        continue;
                    }
                    let collected = self.collect(
                        vm,
                        &local.name,
                        local.annotation.as_ref(),
                        base,
                        Some(true),
                        None,
                    )?;
                    let Some(container) =
                        collected.and_then(|collected| collected.extracted.container)
                    else {
                        continue;
                    };
                    let made = self.blank_column(vm, &container)?;
                    copies.push((local.name.clone(), made.clone()));
                    self.class.set(&local.name, made);
                }
                Some(value) if is_column(value) => {
                    if self.overridden(&local.name, Some(value)) {
                        continue;
                    }
                    self.collect(
                        vm,
                        &local.name,
                        local.annotation.as_ref(),
                        base,
                        Some(true),
                        Some(value.clone()),
                    )?;
                    if self.own.contains_str(&local.name) || self.in_fixed_table(value, &local.name)
                    {
                        continue;
                    }
                    let column = conversion::find_column(value);
                    if let Some(column) = &column
                        && column.foreign_keys().iter().any(|key| {
                            key.target_column()
                                .is_some_and(|target| target.table().is_none())
                        })
                    {
                        return Err(invalid_request(
                            "Columns with foreign keys to non-table-bound columns must be declared \
                             as @declared_attr callables on declarative mixin classes.  For \
                             dataclass field() objects, use a lambda:.",
                        ));
                    }
                    let copy = match (value.downcast::<MappedColumn>(), column) {
                        (Some(mapped), _) => Value::native(mapped.copy()?),
                        (None, Some(column)) => {
                            let copy = column.copy()?;
                            conversion::column_value(vm, &copy)
                        }
                        (None, None) => continue,
                    };
                    copies.push((local.name.clone(), copy.clone()));
                    self.class.set(&local.name, copy);
                }
                Some(_) => {}
            }
        }
        Ok(copies)
    }

    pub(super) fn in_fixed_table(&self, value: &Value, name: &str) -> bool {
        let Some(table) = self.own.get_str("__table__").as_ref().and_then(find_table) else {
            return false;
        };
        let own = conversion::find_column(value).and_then(|column| column.name_option());
        table
            .column(own.as_ref().map_or(name, |name| name.as_str()))
            .is_some()
    }

    pub(super) fn is_mapped_annotation(
        &self,
        vm: &mut Interpreter,
        base: &Class,
        local: &Local,
    ) -> Result<bool> {
        let Some(given) = &local.annotation else {
            return Ok(false);
        };
        match annotation::extract(vm, &self.class, base, &local.name, given, false) {
            Ok(Some(extracted)) => Ok(extracted.container.is_some()),
            Ok(None) => Ok(false),
            Err(error) if error.class == "NameError" => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(super) fn collect(
        &mut self,
        vm: &mut Interpreter,
        name: &Rc<str>,
        given: Option<&Annotation>,
        originating: &Class,
        expect_mapped: Option<bool>,
        value: Option<Value>,
    ) -> Result<Option<Collected>> {
        if let Some(known) = self.annotations.get(name) {
            return Ok(Some(known.clone()));
        }
        let Some(given) = given else {
            return Ok(None);
        };
        let expect_mapped = expect_mapped.unwrap_or_else(|| {
            !self.allow_unmapped
                && value.as_ref().is_none_or(|value| {
                    value.downcast::<MappedColumn>().is_some()
                        || value.downcast::<Property>().is_some()
                })
        });
        let extracted = annotation::extract(
            vm,
            &self.class,
            originating,
            name,
            given,
            expect_mapped && !self.dataclass_before,
        )?;
        let Some(extracted) = extracted else {
            return Ok(None);
        };
        let collected = Collected {
            extracted,
            originating: originating.clone(),
        };
        self.annotations.insert(name.clone(), collected.clone());
        Ok(Some(collected))
    }

    pub(super) fn dataclass_fields(&self) -> Vec<dataclass::DataclassField> {
        let mut fields = Vec::new();
        for (name, collected) in &self.annotations {
            let Some(container) = &collected.extracted.container else {
                continue;
            };
            if &*container.name() == "Unmapped" {
                continue;
            }
            let value = self.attributes.get(name);
            if let Some(value) = value
                && (value.downcast::<Attribute>().is_some()
                    || value.downcast::<PropertyAttribute>().is_some())
            {
                continue;
            }
            fields.push(dataclass::field(name, value));
        }
        fields
    }
}
