//! How a class body becomes a table: the order and the rules of SQLAlchemy's declarative scan.

use ground::order::InOrder;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use ground::hash::IndexMap;

use super::annotation::{self, Extracted};
use super::attribute::{Attribute, PropertyAttribute};
use super::dataclass::{self, DataclassTransform};
use super::declared_attr::DeclaredAttr;
use super::mapped_column::{AttributePlace, MappedColumn, name_after};
use super::mapper::{MapperObject, Mapping};
use super::properties::{Property, PropertyKind};
use super::registry::Registry;
use crate::bindings::conversion::{
    self, argument_error, find_metadata, find_table, invalid_request,
};
use crate::bindings::sqlalchemy::schema::ColumnObject;
use crate::bindings::sqlalchemy::schema::make_table;
use ground::diagnostic::{Error, Result};
use python::{Annotation, Arguments, Class, Dict, Interpreter, Value};
use sqlalchemy::schema::{Column, Table};

/// What `declared_attr` functions gave while their class is scanned.
#[derive(Default)]
pub struct Scanning {
    /// By the function object.
    pub made: RefCell<Vec<(Value, Value)>>,
    /// Whether the scan goes on.
    pub active: Cell<bool>,
}

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

#[derive(Clone)]
struct Collected {
    extracted: Extracted,
    originating: Class,
}

struct Scan {
    class: Class,
    registry: Rc<Registry>,
    /// The names that the class body itself had.
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
}

/// What an attribute is mapped to.
#[derive(Clone)]
pub enum Mapped {
    /// A column.
    Column(Column),
    /// A property.
    Property(Rc<Property>),
}

/// Whether a class is mapped, itself and not through a base.
pub fn is_mapped(class: &Class) -> bool {
    class.native::<Mapping>().is_some()
}

/// `{cls!r}` of a class in a message.
fn shown(class: &Class) -> String {
    format!("<class '{}'>", class.dotted_name())
}

/// The names of a class's namespace and of its annotations in one order, as SQLAlchemy merges
/// them.
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
        // The element that both lists have is taken from the other one, which goes on from there.
        std::mem::swap(&mut current, &mut other);
    }
}

fn locals_of(class: &Class) -> Vec<Local> {
    // Bases made in Rust have methods that are nobody's columns, yet SQLModel names its tables.
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

fn is_column(value: &Value) -> bool {
    value.downcast::<ColumnObject>().is_some() || value.downcast::<MappedColumn>().is_some()
}

/// The class that a base stands for when its mapping is looked for.
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
    let scanning = Rc::new(Scanning::default());
    scanning.active.set(true);
    class.set_native(scanning.clone());
    let mut scan = Scan {
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

impl Scan {
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

    fn scan_attributes(&mut self, vm: &mut Interpreter) -> Result<()> {
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

    fn scan_special(
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

    fn scan_mixin(&mut self, vm: &mut Interpreter, base: &Class, local: &Local) -> Result<()> {
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

    fn scan_own(&mut self, vm: &mut Interpreter, base: &Class, local: Local) -> Result<()> {
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

    fn blank_column(&self, vm: &mut Interpreter, container: &Class) -> Result<Value> {
        let unmapped = &*container.name() == "Unmapped";
        Ok(Value::native(MappedColumn::blank(vm, unmapped)?))
    }

    fn copy_columns(
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

    fn in_fixed_table(&self, value: &Value, name: &str) -> bool {
        let Some(table) = self.own.get_str("__table__").as_ref().and_then(find_table) else {
            return false;
        };
        let own = conversion::find_column(value).and_then(|column| column.name_option());
        table
            .column(own.as_ref().map_or(name, |name| name.as_str()))
            .is_some()
    }

    fn is_mapped_annotation(
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

    fn collect(
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

    fn dataclass_fields(&self) -> Vec<dataclass::Field> {
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

    fn extract_attributes(&mut self, vm: &mut Interpreter) -> Result<()> {
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

    fn check_container(
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

    fn existing_column(&self) -> Option<Table> {
        if !self.single {
            return None;
        }
        self.inherits
            .as_ref()
            .and_then(|class| class.native::<Mapping>())
            .and_then(|mapping| mapping.table.clone())
    }

    fn scan_column(
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

    fn dataclass_arguments(&self, name: &str, given: &[&'static str]) -> Error {
        let mut names: Vec<String> = given.iter().map(|name| format!("'{name}'")).collect();
        names.in_order();
        argument_error(format!(
            "Attribute '{name}' on class {} includes dataclasses argument(s): {} but class does \
             not specify SQLAlchemy native dataclass configuration.",
            shown(&self.class),
            names.join(", ")
        ))
    }

    fn scan_property(
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

    fn scan_composite(
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

    fn extract_columns(&mut self, vm: &mut Interpreter) {
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

    fn declare(&mut self, column: &Column, order: i64) {
        match self
            .columns
            .iter_mut()
            .find(|(known, _)| known.ptr_eq(column))
        {
            Some(known) => known.1 = order,
            None => self.columns.push((column.clone(), order)),
        }
    }

    fn make_table(&mut self, vm: &mut Interpreter) -> Result<Option<Table>> {
        if !self.table_function && !self.own.contains_str("__table__") {
            let Some(name) = self.table_name.clone() else {
                return Ok(None);
            };
            let mut arguments = Arguments::none();
            let class = self.class_value();
            let metadata = match vm.find_attribute(&class, "metadata")? {
                Some(found) if find_metadata(&found).is_some() => found,
                _ => conversion::metadata_value(vm, &self.registry.metadata),
            };
            arguments.positional.push(Value::Str(name));
            arguments.positional.push(metadata);
            let mut columns = self.columns.clone();
            columns.in_order_by_key(|(_, order)| *order);
            for (column, _) in &columns {
                arguments
                    .positional
                    .push(conversion::column_value(vm, column));
            }
            let mut keywords = None;
            match self.table_args.as_ref().map(Value::plain) {
                Some(Value::Dict(dict)) => keywords = Some(dict.clone()),
                Some(Value::Tuple(items)) => {
                    let (mut items, last) = (items.to_vec(), items.last().cloned());
                    if let Some(dict) = last.as_ref().and_then(Value::as_dict) {
                        keywords = Some(dict.clone());
                        items.pop();
                    }
                    arguments.positional.extend(items);
                }
                _ => {}
            }
            if let Some(keywords) = keywords {
                arguments.keyword = keywords.str_entries();
            }
            if let Some(bind) = self.own.get_str("__autoload_with__") {
                arguments.keyword.push((Rc::from("autoload_with"), bind));
            }
            let table = make_table(vm, arguments)?;
            self.class.set("__table__", table.clone());
            return Ok(find_table(&table));
        }
        let class = self.class_value();
        let found = vm.get_attribute(&class, "__table__")?;
        conversion::refuse_opaque(&found, "__table__")?;
        if self.table_function {
            self.class.set("__table__", found.clone());
        }
        let table = find_table(&found);
        for (column, _) in &self.columns {
            let inside = table
                .as_ref()
                .is_some_and(|table| table.columns().iter().any(|known| known.ptr_eq(column)));
            if !inside {
                return Err(argument_error(format!(
                    "Can't add additional column {} when specifying __table__",
                    sqlalchemy::literal::string_repr(&column.key())
                )));
            }
        }
        if table.is_none() {
            return Err(Error::unsupported(
                "a class can be mapped to a Table only here, not to a join or a query",
            ));
        }
        Ok(table)
    }

    fn inherit_columns(&self, vm: &mut Interpreter, table: Option<&Table>) -> Result<()> {
        let Some(parent) = &self.inherits else {
            if table.is_none() {
                let class = self.class_value();
                if vm.find_attribute(&class, "__no_table__")?.is_some() {
                    return Ok(());
                }
                return Err(invalid_request(format!(
                    "Class {} does not have a __table__ or __tablename__ specified and does not \
                     inherit from an existing table-mapped class.",
                    shown(&self.class)
                )));
            }
            return Ok(());
        };
        if table.is_some() {
            return Ok(());
        }
        if self.table_args.is_some() {
            return Err(argument_error(
                "Can't place __table_args__ on an inherited class with no table.",
            ));
        }
        let Some(inherited) = parent
            .native::<Mapping>()
            .and_then(|mapping| mapping.table.clone())
        else {
            return Ok(());
        };
        for (column, _) in &self.columns {
            if let Some(known) = inherited.column(&column.name()) {
                if known.ptr_eq(column) {
                    continue;
                }
                return Err(argument_error(format!(
                    "Column '{}' on class {} conflicts with existing column '{}'.  If using \
                     Declarative, consider using the use_existing_column parameter of \
                     mapped_column() to resolve conflicts.",
                    column.python_str(),
                    self.class.name(),
                    known.python_str()
                )));
            }
            if column.primary_key() {
                return Err(argument_error(
                    "Can't place primary key columns on an inherited class with no table.",
                ));
            }
            inherited.append_column(column, false)?;
        }
        Ok(())
    }

    fn make_mapper(mut self, vm: &mut Interpreter, table: Option<Table>) -> Result<()> {
        let mut arguments = Dict::new();
        if self.has_mapper_args {
            let class = self.class_value();
            let given = vm.get_attribute(&class, "__mapper_args__")?;
            if let Some(dict) = given.as_dict() {
                arguments = dict.copy();
            }
        }
        let own_table = table.is_some();
        let inherited = self
            .inherits
            .as_ref()
            .and_then(|class| class.native::<Mapping>());
        let concrete = match arguments.get_str("concrete") {
            Some(value) => vm.truth(&value)?,
            None => false,
        };
        let local = table.or_else(|| inherited.as_ref().and_then(|mapping| mapping.table.clone()));
        if own_table
            && !concrete
            && let (Some(table), Some(parent)) = (&local, &inherited)
        {
            self.check_inherit_condition(table, parent, &arguments)?;
        }
        if let Some(table) = &local {
            let explicit = arguments.contains_str("primary_key");
            let own_key = !table.primary_key().columns().is_empty();
            if !explicit && !own_key && (inherited.is_none() || concrete) {
                return Err(argument_error(format!(
                    "Mapper Mapper[{}({})] could not assemble any primary key columns for mapped \
                     table '{}'",
                    self.class.name(),
                    table.name(),
                    table.name()
                )));
            }
            if own_table {
                let mapped: Vec<Column> = self
                    .properties
                    .values()
                    .flat_map(|mapped| match mapped {
                        Mapped::Column(column) => vec![column.clone()],
                        Mapped::Property(property) => property
                            .columns()
                            .into_iter()
                            .map(|(column, _)| column)
                            .collect(),
                    })
                    .collect();
                for column in table.columns() {
                    let known = mapped.iter().any(|known| known.ptr_eq(&column))
                        || self.unmapped.iter().any(|known| known.ptr_eq(&column));
                    if !known {
                        let key = column.key();
                        self.properties.entry(key).or_insert(Mapped::Column(column));
                    }
                }
            }
        }
        let mapping = Rc::new(Mapping {
            class: self.class.clone(),
            registry: self.registry.clone(),
            table: local.clone(),
            inherits: self.inherits.clone(),
            single: !own_table,
            properties: RefCell::new(self.properties.clone()),
            arguments,
        });
        self.class.set_native(mapping.clone());
        if let Some(table) = &local {
            vm.extension::<super::session_state::MappedTables>()
                .add(table, &self.class);
        }
        if !own_table && let Some(table) = &local {
            let value = conversion::table_value(vm, table);
            if !self.class.namespace.contains_str("__table__") && self.inherits.is_none() {
                self.class.set("__table__", value);
            }
        }
        self.class.set(
            "__mapper__",
            Value::native(MapperObject {
                mapping: mapping.clone(),
            }),
        );
        for (key, mapped) in &self.properties {
            install(&self.class, key, mapped);
        }
        Ok(())
    }

    fn check_inherit_condition(
        &self,
        table: &Table,
        parent: &Mapping,
        arguments: &Dict,
    ) -> Result<()> {
        if arguments.contains_str("inherit_condition") {
            return Ok(());
        }
        let mut ancestors = Vec::new();
        if let Some(table) = &parent.table {
            ancestors.push(table.key());
        }
        let refers = table.foreign_keys().iter().any(|key| {
            key.target_table_key()
                .is_some_and(|target| ancestors.iter().any(|known| **known == *target))
        });
        if refers {
            return Ok(());
        }
        let inherited = parent
            .table
            .as_ref()
            .map(|table| table.name().text())
            .unwrap_or_default();
        Err(Error::new(
            "sqlalchemy.exc.NoForeignKeysError",
            format!(
                "Can't determine the inherit condition between inherited table '{inherited}' and \
                 inheriting table '{}'; tables have no foreign key relationships established.  \
                 Please ensure the inheriting table has a foreign key relationship to the \
                 inherited table, or provide an 'on clause' using the 'inherit_condition' mapper \
                 argument.",
                table.name()
            ),
        ))
    }
}

fn remember(keys: &mut IndexMap<Rc<str>, Vec<Rc<str>>>, column: &Column, key: &Rc<str>) {
    if let Some(name) = column.name_option() {
        keys.entry(name.text()).or_default().push(key.clone());
    }
}

/// Puts a mapped attribute on its class.
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

/// `Class.name = Column(...)` after the class was mapped. Whether it was something to map.
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
                table.append_column(&column, true)?;
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
        table.append_column(&column, true)?;
        Mapped::Column(column)
    } else {
        return Ok(false);
    };
    install(class, &key, &mapped);
    mapping.properties.borrow_mut().insert(key, mapped);
    super::mapped_column::show_warnings(vm);
    Ok(true)
}
