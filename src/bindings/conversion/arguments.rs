//! Plain arguments: strings, numbers, flags, `info=`.

use std::any::Any;
use std::rc::Rc;

use ground::diagnostic::Result;
use python::{Bound, Dict, Interpreter, Set, Value};

/// A string argument; `None` if it is absent or Python's `None`.
pub fn text(bound: &mut Bound<'_>, name: &str) -> Option<Rc<str>> {
    bound.take_some(name).and_then(|value| value.as_text())
}

/// The truth value of an argument that was passed and is not `None`.
///
/// # Errors
/// What `bool(value)` raises.
pub fn flag(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str) -> Result<Option<bool>> {
    match bound.take_some(name) {
        Some(value) => Ok(Some(vm.truth(&value)?)),
        None => Ok(None),
    }
}

/// An integer argument, if it was passed.
pub fn integer(bound: &mut Bound<'_>, name: &str) -> Option<i64> {
    bound.take_some(name).and_then(|value| value.as_int())
}

/// The strings in a list, tuple or other collection.
///
/// # Errors
/// TypeError where it is no collection.
pub fn to_texts(vm: &mut Interpreter, value: &Value) -> Result<Vec<Rc<str>>> {
    if let Some(text) = value.as_text() {
        return Ok(vec![text]);
    }
    let mut texts = Vec::new();
    for item in vm.collect(value)? {
        match item.as_text() {
            Some(text) => texts.push(text),
            None => texts.push(Rc::from(vm.str(&item)?)),
        }
    }
    Ok(texts)
}

/// `info=` in the engine's representation.
pub fn info_argument(value: Option<Value>) -> Option<Rc<dyn Any>> {
    value
        .filter(|value| !value.is_none())
        .map(|value| Rc::new(value) as Rc<dyn Any>)
}

/// The `info` dictionary of an item, created on first access.
pub fn info_value(
    get: impl Fn() -> Option<Rc<dyn Any>>,
    set: impl Fn(Option<Rc<dyn Any>>),
) -> Value {
    if let Some(found) = get().and_then(|found| found.downcast::<Value>().ok()) {
        return (*found).clone();
    }
    let made = Value::Dict(Rc::new(Dict::new()));
    set(Some(Rc::new(made.clone())));
    made
}

/// The `info` dictionary of an item that does not store it.
pub fn fixed_info(info: Option<Rc<dyn Any>>) -> Value {
    info.and_then(|found| found.downcast::<Value>().ok())
        .map_or_else(
            || Value::Dict(Rc::new(Dict::new())),
            |found| (*found).clone(),
        )
}

/// A Python set of values.
pub fn set_value(vm: &mut Interpreter, items: Vec<Value>) -> Result<Value> {
    let set = Set::default();
    for item in items {
        set.items.set(vm, item, Value::None)?;
    }
    Ok(Value::Set(Rc::new(set)))
}
