//! The built-in functions and the methods of the built-in classes.

mod bytes;
mod dicts;
mod functions;
mod kinds;
mod lists;
mod numbers;
mod objects;
mod sets;
mod strings;

use std::rc::Rc;

use super::arguments::Arguments;
use super::dict::Dict;
use super::interpreter::Interpreter;
use super::value::{Class, Descriptor, NativeBody, NativeFunction, Value};
use crate::diagnostic::Result;

/// The body of a method: the object, then the arguments after it.
type Body = fn(&mut Interpreter, &Value, Arguments) -> Result<Value>;
/// The body of a class method or of `__new__`: the class, then the arguments after it.
type ClassMethodBody = fn(&mut Interpreter, &Class, Arguments) -> Result<Value>;

fn methods(class: &Class, table: &[(&str, Body)]) {
    for &(name, body) in table {
        let function = method_function(class, name, body);
        class.set(name, function);
    }
}

fn method_function(class: &Class, name: &str, body: Body) -> Value {
    let own = Rc::downgrade(&class.0);
    native_function(class, name, true, NativeBody::BuiltInMethod(own, body))
}

fn native_function(class: &Class, name: &str, binds: bool, body: NativeBody) -> Value {
    Value::NativeFunction(Rc::new(NativeFunction {
        name: Rc::from(name),
        owner: Some(class.name()),
        module: Rc::default(),
        binds,
        body,
        attributes: Dict::new(),
    }))
}

fn class_methods(class: &Class, table: &[(&str, ClassMethodBody)]) {
    for &(name, body) in table {
        let function = class_function(class, name, body);
        class.set(
            name,
            Value::Descriptor(Rc::new(Descriptor::ClassMethod(function))),
        );
    }
}

fn class_function(class: &Class, name: &str, body: ClassMethodBody) -> Value {
    native_function(class, name, false, NativeBody::ClassMethod(Box::new(body)))
}

/// Sets `__new__`: a function of the class and the arguments.
fn constructor(class: &Class, body: ClassMethodBody) {
    let function = class_function(class, "__new__", body);
    class.set(
        "__new__",
        Value::Descriptor(Rc::new(Descriptor::StaticMethod(function))),
    );
}

/// Sets `__hash__` to `None`, as classes of mutable values have it.
fn property(class: &Class, name: &str, get: Body) {
    let get = method_function(class, name, get);
    class.set(
        name,
        Value::Descriptor(Rc::new(Descriptor::Property {
            get: Some(get),
            set: None,
            delete: None,
            doc: std::cell::RefCell::new(Value::None),
        })),
    );
}

/// An instance of a class that inherits from a built-in one, around the built-in value; the value
/// itself for the built-in class.
pub(crate) fn wrap(vm: &mut Interpreter, class: &Class, value: Value) -> Value {
    if vm.class_of(&value) == *class {
        return value;
    }
    let mut instance = super::value::Instance::new(class);
    instance.base = Some(value);
    Value::Instance(Rc::new(instance))
}

pub(crate) fn install(vm: &mut Interpreter) {
    let builtins = vm.builtins.clone();
    for (name, class) in vm.registered.clone() {
        if !matches!(
            name.as_str(),
            "NoneType"
                | "NotImplementedType"
                | "ellipsis"
                | "function"
                | "builtin_function_or_method"
                | "method"
                | "module"
                | "generator"
                | "coroutine"
                | "cached_property"
        ) {
            builtins.set_str(&name, Value::Class(class));
        }
    }
    for alias in ["IOError", "EnvironmentError"] {
        builtins.set_str(alias, Value::Class(vm.classes.exception("OSError")));
    }
    builtins.set_str("None", Value::None);
    builtins.set_str("NotImplemented", Value::NotImplemented);
    builtins.set_str("Ellipsis", Value::Ellipsis);
    builtins.set_str("__debug__", Value::Bool(true));
    builtins.set_str("__name__", Value::str("builtins"));
    objects::install(vm);
    functions::install(vm);
    numbers::install(vm);
    strings::install(vm);
    bytes::install(vm);
    lists::install(vm);
    dicts::install(vm);
    sets::install(vm);
    kinds::install(vm);
}
