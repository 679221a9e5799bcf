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
use super::interpreter::Interpreter;
use super::value::{Class, Descriptor, NativeFunction, Value};
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
    let class_name = class.name();
    let qualified = format!("{class_name}.{name}");
    let own = Rc::downgrade(&class.0);
    let method: Rc<str> = Rc::from(name);
    Value::NativeFunction(Rc::new(NativeFunction::new(
        &qualified,
        "",
        true,
        move |vm, mut arguments| {
            let Some(this) = arguments.take_first() else {
                return Err(vm.type_error(format!(
                    "unbound method {class_name}.{method}() needs an argument"
                )));
            };
            if let Some(own) = own.upgrade() {
                let own = Class(own);
                let class = vm.class_of(&this);
                if !class.is_subclass(&own) {
                    return Err(vm.type_error(format!(
                        "descriptor '{method}' for '{class_name}' objects doesn't apply to a '{}' \
                         object",
                        class.name()
                    )));
                }
            }
            body(vm, &this, arguments)
        },
    )))
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
    let qualified = format!("{}.{name}", class.name());
    let shown = qualified.clone();
    Value::NativeFunction(Rc::new(NativeFunction::new(
        &qualified,
        "",
        false,
        move |vm, mut arguments| match arguments.take_first() {
            Some(Value::Class(class)) => body(vm, &class, arguments),
            Some(other) => {
                let name = vm.class_of(&other).name();
                Err(vm.type_error(format!("{shown}(X): X is not a type object ({name})")))
            }
            None => Err(vm.type_error(format!("{shown}(): not enough arguments"))),
        },
    )))
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
