//! The built-in functions and the methods of the built-in classes.

mod bytearray;
mod bytes;
mod dicts;
mod functions;
mod kinds;
mod lists;
mod numbers;
mod objects;
mod sets;
mod strings;

pub(crate) use bytearray::ByteArray;
use ground::exception;
use std::rc::Rc;

use super::arguments::Arguments;
use super::interpreter::Interpreter;
use super::members::{self, Member};
use super::native_function::ClassMethodBody;
use super::value::{Class, Descriptor, NativeBody, Value};
use ground::diagnostic::Result;
use ground::order::InOrder;

/// A method's body, called with the object and the remaining arguments.
type Body = fn(&mut Interpreter, &Value, Arguments) -> Result<Value>;

fn methods(class: &Class, table: &[(&'static str, Body)]) {
    for &(name, body) in table {
        let function = Member::Function(method_body(class, body));
        class.0.namespace.add_member(class, name, function);
    }
}

fn method_body(class: &Class, body: Body) -> members::Body {
    let own = Rc::downgrade(&class.0);
    members::Body(true, NativeBody::BuiltInMethod(own, body))
}

fn class_methods(class: &Class, table: &[(&'static str, ClassMethodBody)]) {
    for &(name, body) in table {
        described(class, name, body, Descriptor::ClassMethod);
    }
}

fn described(
    class: &Class,
    name: &'static str,
    body: ClassMethodBody,
    descriptor: fn(Value) -> Descriptor,
) {
    let body = members::Body(false, NativeBody::ClassMethod(body));
    let member = Member::Described(body, descriptor);
    class.0.namespace.add_member(class, name, member);
}

/// Defines `__new__`.
fn constructor(class: &Class, body: ClassMethodBody) {
    described(class, "__new__", body, Descriptor::StaticMethod);
}

/// Defines a read-only property.
fn property(class: &Class, name: &'static str, get: Body) {
    let member = Member::Property(method_body(class, get));
    class.0.namespace.add_member(class, name, member);
}

/// Wraps a built-in value in an instance of a subclass; returns the value itself if `class` is the
/// built-in class.
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
    let mut named: Vec<(Rc<str>, Class)> = vm
        .registered
        .values()
        .map(|class| (class.name(), class.clone()))
        .collect();
    named.in_order_by(|left, right| left.0.cmp(&right.0));
    for (name, class) in named {
        if !matches!(
            &*name,
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
            builtins.set_name(&name, Value::Class(class));
        }
    }
    for alias in ["IOError", "EnvironmentError"] {
        builtins.set_str(
            alias,
            Value::Class(vm.classes.exception(exception::OS_ERROR)),
        );
    }
    builtins.set_str("None", Value::None);
    builtins.set_str("NotImplemented", Value::NotImplemented);
    builtins.set_str("Ellipsis", Value::Ellipsis);
    builtins.set_str("__debug__", Value::Bool(true));
    builtins.set_str("__name__", Value::str("builtins"));
    let array = vm.class(&bytearray::BYTE_ARRAY);
    builtins.set_str("bytearray", Value::Class(array));
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
