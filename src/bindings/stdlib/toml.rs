//! `tomllib`.

use std::rc::Rc;

use crate::config::toml::{self, Value as Toml};
use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Dict, FreeFunction, Interpreter, Module, Registry, Value, function,
};

fn parsed(vm: &mut Interpreter, text: &str) -> Result<Value> {
    match toml::parse(text) {
        Ok(table) => value_of(vm, &Toml::Table(table)),
        Err(message) => Err(vm.error("tomllib.TOMLDecodeError", message)),
    }
}

fn value_of(vm: &mut Interpreter, value: &Toml) -> Result<Value> {
    Ok(match value {
        Toml::String(text) => Value::str(text),
        Toml::Integer(number) => Value::Int(*number),
        Toml::Float(number) => Value::Float(*number),
        Toml::Boolean(truth) => Value::Bool(*truth),
        Toml::Moment(text) => {
            let module = vm.import("datetime")?;
            let class = match (text.contains(':'), text.contains('-')) {
                (true, true) => "datetime",
                (false, _) => "date",
                (true, false) => "time",
            };
            let class = vm.get_attribute(&module, class)?;
            let text = Value::str(text.replace(['T', 't'], " ").replace(['z', 'Z'], "+00:00"));
            vm.call_method(&class, "fromisoformat", Arguments::positional(vec![text]))?
        }
        Toml::Array(items) => {
            let mut values = Vec::new();
            for item in items {
                values.push(value_of(vm, item)?);
            }
            Value::list(values)
        }
        Toml::Table(table) => {
            let dict = Dict::new();
            for (name, value) in table {
                let value = value_of(vm, value)?;
                dict.set_str(name, value);
            }
            Value::Dict(Rc::new(dict))
        }
    })
}

static FUNCTIONS: &[FreeFunction] = &[
    function("loads", "s, /, *, parse_float=float", |vm, bound| {
        let text = bound.value("s");
        match text.as_text() {
            Some(text) => parsed(vm, &text),
            None => Err(vm.type_error("Expected str object")),
        }
    }),
    function("load", "fp, /, *, parse_float=float", load),
];

fn load(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let file = bound.value("fp");
    match vm.call_method(&file, "read", Arguments::none())? {
        Value::Bytes(bytes) => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            parsed(vm, &text)
        }
        _ => Err(
            vm.type_error("File must be opened in binary mode, e.g. use `open('foo.toml', 'rb')`")
        ),
    }
}

fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let base = vm.registered_class("ValueError");
    let error = vm.define_exception("tomllib", "TOMLDecodeError", base.as_slice());
    Ok(Module::build("tomllib")
        .class(&error)
        .functions(FUNCTIONS)
        .build())
}

/// Adds the module, also under the name of the package that came before it.
pub fn register(registry: &mut Registry) {
    registry.add("tomllib", module);
    registry.add_part("tomli", "tomllib", None);
}
