//! Instances of mapped classes: reading and changing their attributes, inspecting them, and the
//! events of the ORM. What a session has to do with it is in `library/`.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{Arguments, Interpreter, Value};

use super::Mapping;
use super::library;
use super::properties::Property;
use crate::bindings::conversion;

/// The value of a mapped attribute that the instance's dictionary does not have.
///
/// # Errors
/// `sqlalchemy.orm.exc.DetachedInstanceError`, `ObjectDeletedError`; what the database says.
pub(super) fn missing_value(vm: &mut Interpreter, instance: &Value, key: &str) -> Result<Value> {
    let arguments = vec![instance.clone(), Value::str(key)];
    library::call(vm, "attributes", "get_attribute", arguments)
}

/// `instance.key = value`.
///
/// # Errors
/// What validators and listeners raise.
pub(super) fn set_value(
    vm: &mut Interpreter,
    instance: &Value,
    key: &str,
    value: &Value,
) -> Result<bool> {
    let arguments = vec![instance.clone(), Value::str(key), value.clone()];
    library::call(vm, "attributes", "set_attribute", arguments)?;
    Ok(true)
}

/// `del instance.key`.
///
/// # Errors
/// AttributeError where it has no value.
pub(super) fn delete_value(vm: &mut Interpreter, instance: &Value, key: &str) -> Result<bool> {
    let arguments = vec![instance.clone(), Value::str(key)];
    library::call(vm, "attributes", "delete_attribute", arguments)?;
    Ok(true)
}

/// The attributes of a composite's columns, and its class.
fn composite_parts(property: &Property) -> (Option<Value>, Vec<Rc<str>>) {
    let mut class = None;
    let mut keys = Vec::new();
    for argument in &property.arguments.positional {
        match conversion::find_column(argument) {
            Some(column) => keys.push(column.key()),
            None => match argument.as_text() {
                Some(name) => keys.push(name),
                None if class.is_none() => class = Some(argument.clone()),
                None => {}
            },
        }
    }
    (class.or_else(|| property.annotation.borrow().clone()), keys)
}

/// The value of a `composite()`: its class called with the columns' values.
///
/// # Errors
/// What the class raises.
pub(super) fn composite_value(
    vm: &mut Interpreter,
    instance: &Value,
    property: &Property,
) -> Result<Value> {
    let (Some(class), keys) = composite_parts(property) else {
        return Err(vm.unsupported("a composite() without a class"));
    };
    let mut values = Vec::new();
    for key in &keys {
        values.push(vm.get_attribute(instance, key)?);
    }
    if values.iter().all(Value::is_none) {
        return Ok(Value::None);
    }
    vm.call(&class, Arguments::positional(values))
}

/// Sets the columns of a `composite()`.
///
/// # Errors
/// A plain no for a class that does not tell its parts.
pub(super) fn set_composite(
    vm: &mut Interpreter,
    instance: &Value,
    property: &Property,
    value: &Value,
) -> Result<bool> {
    let (_, keys) = composite_parts(property);
    let mut values = vec![Value::None; keys.len()];
    if !value.is_none() {
        if vm.find_attribute(value, "__composite_values__")?.is_some() {
            let parts = vm.call_method(value, "__composite_values__", Arguments::none())?;
            values = vm.collect(&parts)?;
        } else {
            let class = Value::Class(vm.class_of(value));
            let Some(fields) = vm.find_attribute(&class, "__dataclass_fields__")? else {
                return Err(vm.unsupported("a composite() whose class is no dataclass"));
            };
            values.clear();
            for field in vm.collect(&fields)? {
                let name = field.as_text().unwrap_or_default();
                values.push(vm.get_attribute(value, &name)?);
            }
        }
    }
    for (key, value) in keys.iter().zip(values) {
        vm.set_attribute(instance, key, value)?;
    }
    Ok(true)
}

/// `inspect(instance)`: its state; nothing for what is no instance of a mapped class.
///
/// # Errors
/// What loading the module raises.
pub fn inspect(vm: &mut Interpreter, value: &Value) -> Result<Option<Value>> {
    match value {
        Value::Instance(instance) if Mapping::of(&instance.class()).is_some() => {
            library::call(vm, "state", "instance_state", vec![value.clone()]).map(Some)
        }
        _ => Ok(None),
    }
}

/// `event.listen(target, name, function, ...)` where the target is one of the ORM's; false for
/// another one.
///
/// # Errors
/// `sqlalchemy.exc.InvalidRequestError` for an event that the target does not have.
pub fn listen(
    vm: &mut Interpreter,
    what: &str,
    target: &Value,
    arguments: Vec<Value>,
) -> Result<Option<Value>> {
    let concerned = match target {
        Value::Class(class) => {
            class.lookup("__mapper__").is_some()
                || class.is_named("sqlalchemy.orm.mapper.Mapper")
                || class.inherits_from("sqlalchemy.orm.session.Session")
                || class.inherits_from("sqlalchemy.orm.session.sessionmaker")
                || class.inherits_from("sqlalchemy.orm.decl_api.DeclarativeBase")
                || class.lookup("registry").is_some()
                || class.user_defined
        }
        Value::Instance(instance) => {
            let class = instance.class();
            class.inherits_from("sqlalchemy.orm.session.Session")
                || class.inherits_from("sqlalchemy.orm.session.sessionmaker")
                || class.inherits_from("sqlalchemy.orm.scoping.scoped_session")
        }
        other => {
            super::statements::is_mapped(other)
                || other.downcast::<super::mapper::MapperObject>().is_some()
        }
    };
    if !concerned {
        return Ok(None);
    }
    library::call(vm, "events", what, arguments).map(Some)
}
