//! The modules of the standard library that are written in Python.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{Bound, FreeFunction, Interpreter, Module, Registry, Value, function};

macro_rules! modules {
    ($($name:literal $file:literal,)*) => {
        /// Adds the modules.
        pub fn register(registry: &mut Registry) {
            $(registry.add($name, |vm: &mut Interpreter| {
                vm.exec_module(
                    $name,
                    concat!("<frozen ", $name, ">"),
                    include_str!(concat!("library/", $file)),
                )
            });)*
            registry.add("_warnings", warnings);
            registry.add("urllib", |_| Ok(Module::build("urllib").build()));
        }
    };
}

modules! {
    "collections" "collections.py",
    "contextlib" "contextlib.py",
    "copy" "copy.py",
    "dataclasses" "dataclasses.py",
    "functools" "functools.py",
    "itertools" "itertools.py",
    "operator" "operator.py",
    "pathlib" "pathlib.py",
    "string" "string.py",
    "textwrap" "textwrap.py",
    "traceback" "traceback.py",
    "urllib.parse" "urllib_parse.py",
    "warnings" "warnings.py",
}

fn warn(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let message = bound.value("message");
    let category = match bound.take_some("category") {
        Some(category) => match category.as_class() {
            Some(class) => class.name().to_string(),
            None => "UserWarning".to_owned(),
        },
        None => "UserWarning".to_owned(),
    };
    // Python's default filter ignores these outside `__main__`.
    if !category.contains("Deprecat") && !category.contains("ImportWarning") {
        let text = vm.str(&message)?;
        vm.run.warning(&category, &text);
    }
    Ok(Value::None)
}

static WARN: FreeFunction = function(
    "warn",
    "message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()",
    warn,
);

fn warnings(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("_warnings").declared(&WARN).build())
}
