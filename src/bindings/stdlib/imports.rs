//! `__future__`, `builtins`, `importlib`.

use ground::diagnostic::Result;
use python::parameters;
use python::{Interpreter, Module, Registry};
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

fn importlib(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let _ = vm;
    Ok(Module::build("importlib")
        .function("import_module", |vm, arguments| {
            let mut bound = arguments.bind(parameters!("import_module", "name, package=None"))?;
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
        })
        .function("reload", |_, arguments| {
            let [module] = arguments.exactly("reload")?;
            Ok(module)
        })
        .build())
}

/// Adds the modules.
pub fn register(registry: &mut Registry) {
    registry.add("__future__", future);
    registry.add("builtins", builtins);
    registry.add("importlib", importlib);
}
