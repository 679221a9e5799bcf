//! `__future__`, `builtins`, `importlib`.

use ground::diagnostic::Result;
use python::{Bound, FreeFunction, Interpreter, Module, Registry, Value, function};
use std::rc::Rc;

fn builtins(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut module = Module::build("builtins");
    for (name, value) in vm.builtins.str_entries() {
        module = module.value(&name, value);
    }
    Ok(module.build())
}

fn future(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut module = Module::build("__future__");
    for name in [
        "annotations",
        "absolute_import",
        "division",
        "generator_stop",
        "nested_scopes",
        "print_function",
        "unicode_literals",
        "with_statement",
    ] {
        module = module.value(name, name);
    }
    Ok(module.build())
}

fn import_module(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let name = bound.value("name").as_text().unwrap_or_default();
    let relative = name.trim_start_matches('.');
    let dots = name.len() - relative.len();
    if dots == 0 {
        return vm.import(&name);
    }
    let Some(package) = bound.take_some("package").and_then(|name| name.as_text()) else {
        return Err(vm.type_error(format!(
            "the 'package' argument is required to perform a relative import for '{name}'"
        )));
    };
    let mut base = &*package;
    for _ in 1..dots {
        base = base.rsplit_once('.').map_or("", |(parent, _)| parent);
    }
    vm.import(&format!("{base}.{relative}"))
}

static IMPORTLIB: &[FreeFunction] = &[
    function("import_module", "name, package=None", import_module),
    function("reload", "module", |_, bound| Ok(bound.value("module"))),
];

fn importlib(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("importlib").functions(IMPORTLIB).build())
}

/// Adds the modules.
pub fn register(registry: &mut Registry) {
    registry.add("__future__", future);
    registry.add("builtins", builtins);
    registry.add("importlib", importlib);
}
