//! `__future__`, `builtins`, `importlib`, and what modules in Python ask about imports.

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
    function("reload", "module", |vm, bound| {
        let module = bound.value("module");
        let Value::Module(inner) = &module else {
            return Err(vm.type_error("reload() argument must be a module"));
        };
        if let Some(path) = inner.file.clone() {
            vm.run_module(inner, &path)?;
        }
        Ok(module)
    }),
    function("invalidate_caches", "", |_, _| Ok(Value::None)),
];

fn importlib(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("importlib").functions(IMPORTLIB).build())
}

/// What the modules written in Python ask of the interpreter.
static IMPORTS: &[FreeFunction] = &[
    // The path of a module's file and its folder if it is a package; None if there is no such
    // module.
    function("find", "name", |vm, bound| {
        let name = bound.value("name").as_text().unwrap_or_default();
        let Some(found) = vm.locate(&name)? else {
            return Ok(Value::None);
        };
        Ok(Value::tuple(vec![found.file.into(), found.folder.into()]))
    }),
    function("new_module", "name, path, folder", |vm, bound| {
        let name = bound.value("name").as_text().unwrap_or_default();
        let path = bound.value("path").as_text().unwrap_or_default();
        let folder = bound.value("folder").as_text();
        Ok(Value::Module(vm.new_module(
            &name,
            &path,
            folder.as_deref(),
        )))
    }),
    function("run_module", "module, path", |vm, bound| {
        let path = bound.value("path").as_text().unwrap_or_default();
        match bound.value("module") {
            Value::Module(module) => vm.run_module(&module, &path)?,
            _ => return Err(vm.type_error("a module was expected")),
        }
        Ok(Value::None)
    }),
    function("list_folder", "path", |vm, bound| {
        let path = bound.value("path").as_text().unwrap_or_default();
        let names = vm.run.host.list(&path);
        Ok(names.map_err(|error| vm.host_error(&error))?.into())
    }),
    // A placeholder for what a module does not implement.
    function("placeholder", "name", |vm, bound| {
        let name = bound.value("name").as_text().unwrap_or_default();
        Ok(vm.opaque(&name))
    }),
    // The file of the code outside the standard library that called.
    function("caller_file", "", |vm, _| Ok(vm.calling_file().into())),
];

fn imports(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("_imports").functions(IMPORTS).build())
}

/// Adds the modules.
pub fn register(registry: &mut Registry) {
    registry.add("__future__", future);
    registry.add("builtins", builtins);
    registry.add("importlib", importlib);
    registry.add("_imports", imports);
}
