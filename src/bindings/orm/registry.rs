//! `registry`: the metadata, the type map and the classes of one declarative base.

use std::cell::RefCell;
use std::rc::Rc;

use ground::hash::IndexMap;

use super::annotation::{self, Shape};
use super::decl_api::REGISTRY;
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::types::{enum_members, is_enum_class};
use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{Arguments, Bound, Class, Dict, Interpreter, NativeObject, Value};
use sqlalchemy::schema::MetaData;
use sqlalchemy::sqltypes::{Argument, EnumClass, Type, classes};

/// `sqlalchemy.orm.registry`.
pub struct Registry {
    /// The metadata.
    pub metadata: MetaData,
    /// `type_annotation_map`.
    pub types: Rc<Dict>,
    /// Mapped classes by name.
    pub classes: RefCell<IndexMap<Rc<str>, Class>>,
    /// `constructor=`, if given.
    pub constructor: Option<Value>,
}

/// `registry(...)`.
///
/// # Errors
/// TypeError for unknown keywords.
pub fn make_registry(vm: &mut Interpreter, arguments: Arguments) -> Result<Rc<Registry>> {
    let mut bound = arguments
        .with_first(Value::None)
        .bind(parameters!("registry.__init__", REGISTRY_PARAMETERS))?;
    registry_of(vm, &mut bound)
}

/// The parameters of `registry(...)`.
pub(super) const REGISTRY_PARAMETERS: &str = "self, *, metadata=None, class_registry=None, \
                                              type_annotation_map=None, constructor=None";

/// Creates a registry from the arguments of `registry(...)`.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for a metadata that is none.
pub(super) fn registry_of(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Rc<Registry>> {
    let metadata = match bound.take_some("metadata") {
        Some(value) => conversion::find_metadata(&value).ok_or_else(|| {
            conversion::argument_error("the metadata of a registry must be a MetaData")
        })?,
        None => MetaData::new(),
    };
    let registry = Registry {
        metadata,
        types: Rc::new(Dict::new()),
        classes: RefCell::default(),
        constructor: bound.take("constructor"),
    };
    if let Some(map) = bound.take_some("type_annotation_map") {
        registry.update_types(vm, &map)?;
    }
    Ok(Rc::new(registry))
}

impl Registry {
    /// `update_type_annotation_map`.
    ///
    /// # Errors
    /// What iterating over the map raises.
    pub fn update_types(&self, vm: &mut Interpreter, map: &Value) -> Result<()> {
        for key in vm.collect(map)? {
            let value = vm.get_item(map, &key)?;
            let key = annotation::without_none(vm, &key)?;
            self.types.set(vm, key, value)?;
        }
        Ok(())
    }

    /// The SQL type for a Python type, if the map has one.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ArgumentError` for literals that are no text.
    pub fn resolve_type(&self, vm: &mut Interpreter, python: &Value) -> Result<Option<Type>> {
        match annotation::shape(vm, python)? {
            Shape::Literal(values) => {
                if let Some(found) = self.types.get(vm, python)? {
                    let kind = conversion::to_type(vm, &found)?;
                    return self.adapt(vm, kind, python, python, true);
                }
                let mut given = None;
                for key in self.types.keys() {
                    let shown = vm.repr(&key)?;
                    if shown.ends_with("typing.Literal") {
                        given = self.types.get(vm, &key)?;
                    }
                }
                let mut texts = Vec::new();
                let mut bad = Vec::new();
                for value in &values {
                    match value.as_text() {
                        Some(text) => texts.push(text),
                        None => bad.push(vm.repr(value)?),
                    }
                }
                if !bad.is_empty() {
                    return Err(conversion::argument_error(format!(
                        "Can't create string-based Enum datatype from non-string values: {}.  \
                         Please provide an explicit Enum datatype for this Python type",
                        bad.join(", ")
                    )));
                }
                let mut arguments = match given {
                    Some(given) => enum_arguments(&conversion::to_type(vm, &given)?),
                    None => Vec::new(),
                };
                arguments.retain(|(name, _)| *name != "native_enum");
                arguments.push(("native_enum", Argument::from(false)));
                Type::enumeration(&classes::GENERIC_ENUM, texts, None, arguments).map(Some)
            }
            Shape::Class(class) => {
                let searched: Vec<Class> = class.mro().cloned().collect();
                for ancestor in searched {
                    let exact = ancestor == class;
                    let key = Value::Class(ancestor.clone());
                    if let Some(found) = self.types.get(vm, &key)? {
                        let kind = conversion::to_type(vm, &found)?;
                        if let Some(adapted) = self.adapt(vm, kind, python, &key, exact)? {
                            return Ok(Some(adapted));
                        }
                        continue;
                    }
                    if ancestor.is_named("enum.Enum") && is_enum_class(python) {
                        return python_enum(vm, python, Vec::new()).map(Some);
                    }
                    if exact && let Some(kind) = default_type(&ancestor) {
                        return Ok(Some(kind));
                    }
                }
                Ok(None)
            }
            _ => match self.types.get(vm, python)? {
                Some(found) => {
                    let kind = conversion::to_type(vm, &found)?;
                    self.adapt(vm, kind, python, python, true)
                }
                None => Ok(None),
            },
        }
    }

    /// Adapts a type from the map to the Python type it was found for.
    fn adapt(
        &self,
        vm: &mut Interpreter,
        kind: Type,
        python: &Value,
        matched: &Value,
        exact: bool,
    ) -> Result<Option<Type>> {
        if !kind.is_instance(&classes::GENERIC_ENUM) || kind.custom_class().is_some() {
            return Ok(exact.then_some(kind));
        }
        let generic = kind
            .enum_class()
            .is_some_and(|found| &*found.name == "Enum" && &*found.module == "enum");
        if !generic && python.is(matched) {
            return Ok(Some(kind));
        }
        if is_enum_class(python) {
            return python_enum(vm, python, enum_arguments(&kind)).map(Some);
        }
        Ok(Some(kind))
    }
}

/// The arguments that an Enum copied from a pattern keeps.
fn enum_arguments(kind: &Type) -> Vec<(&'static str, Argument)> {
    let generic = kind.enum_class().is_some() && kind.enums().is_empty();
    kind.arguments()
        .iter()
        .filter(|(name, _)| *name != "enums" && !(generic && *name == "name"))
        .cloned()
        .collect()
}

/// An Enum of the members of a Python enum class.
fn python_enum(
    vm: &mut Interpreter,
    python: &Value,
    arguments: Vec<(&'static str, Argument)>,
) -> Result<Type> {
    let members = enum_members(vm, python)?;
    let Some(class) = python.as_class() else {
        return Err(Error::new("TypeError", "an enum class is needed"));
    };
    let mut literals = Vec::new();
    for (name, member) in &members {
        literals.push((name.clone(), conversion::to_literal(vm, member)?));
    }
    let names = members.into_iter().map(|(name, _)| name).collect();
    let description = EnumClass {
        name: class.name(),
        module: class.module.borrow().clone(),
        members: literals.into(),
        object: Some(Rc::new(python.clone())),
    };
    Type::enumeration(&classes::GENERIC_ENUM, names, Some(description), arguments)
}

/// SQLAlchemy's default type map.
fn default_type(class: &Class) -> Option<Type> {
    Some(Type::new(match &*class.dotted_name() {
        "int" => &classes::GENERIC_INTEGER,
        "float" => &classes::GENERIC_DOUBLE,
        "bool" => &classes::GENERIC_BOOLEAN,
        "uuid.UUID" => &classes::GENERIC_UUID,
        "decimal.Decimal" => &classes::GENERIC_NUMERIC,
        "datetime.date" => &classes::GENERIC_DATE,
        "datetime.datetime" => &classes::GENERIC_DATE_TIME,
        "datetime.time" => &classes::GENERIC_TIME,
        "datetime.timedelta" => &classes::GENERIC_INTERVAL,
        "bytes" => &classes::GENERIC_LARGE_BINARY,
        "str" => &classes::GENERIC_STRING,
        _ => return None,
    }))
}

/// The Python object of a registry.
pub struct RegistryObject(
    /// The registry.
    pub Rc<Registry>,
);

impl NativeObject for RegistryObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&REGISTRY)
    }
}

/// The registry in a value.
pub fn find_registry(value: &Value) -> Option<Rc<Registry>> {
    value
        .downcast::<RegistryObject>()
        .map(|object| object.0.clone())
}
