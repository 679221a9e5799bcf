//! Imports: native modules, files on `sys.path`, and opaque placeholders for modules that are not
//! available.

use ground::exception;
use std::cell::RefCell;
use std::rc::Rc;

use super::Scope;
use crate::code_cache;
use crate::dict::Dict;
use crate::interpreter::Interpreter;
use crate::tree::*;
use crate::value::{Module, Value};
use ground::diagnostic::{Error, Result};

impl Interpreter {
    /// Parses source; a failure becomes a SyntaxError with its location.
    pub(crate) fn compile(
        &mut self,
        path: &str,
        source: &str,
        expression: bool,
    ) -> Result<Rc<Code>> {
        let parsed = code_cache::parse(path, source, expression);
        self.sources.add(parsed.number, parsed.file);
        parsed
            .code
            .map_err(|failure| self.syntax_error(path, parsed.number, failure))
    }

    fn import_error(&mut self, class: &str, message: String, name: &str) -> Error {
        let class = self.classes.exception(class);
        let error = self.new_exception(&class, vec![Value::from(message)]);
        if let Some(value) = error
            .raised
            .as_ref()
            .and_then(|raised| raised.downcast_ref::<Value>())
            && let Value::Instance(instance) = value
        {
            instance.attributes.set_str("name", Value::str(name));
        }
        error
    }

    fn not_found(&mut self, name: &str) -> Error {
        self.import_error(
            exception::MODULE_NOT_FOUND_ERROR,
            format!("No module named '{name}'"),
            name,
        )
    }

    /// Imports a module by its dotted name and returns it (the last component, as
    /// `importlib.import_module` does). Raises ModuleNotFoundError; never creates an opaque module.
    pub fn import(&mut self, name: &str) -> Result<Value> {
        match self.find_module(name)? {
            Some(module) => Ok(module),
            None => Err(self.not_found(name)),
        }
    }

    /// Finds a native module or a file; `None` if there is neither.
    pub(super) fn find_module(&mut self, name: &str) -> Result<Option<Value>> {
        if let Some(module) = self.modules.get_str(name) {
            return Ok(if module.is_none() { None } else { Some(module) });
        }
        self.enter_stack();
        self.check_stack()?;
        let (parent, last) = match name.rsplit_once('.') {
            Some((parent, last)) => (self.find_module(parent)?, last),
            None => (None, name),
        };
        if name.contains('.')
            && parent.is_none()
            && self.registry.get(name).is_none()
            && !self.registry.has_below(name)
        {
            return Ok(None);
        }
        // Importing the parent may already have imported this module.
        if let Some(module) = self.modules.get_str(name) {
            return Ok(Some(module));
        }
        if let Some(make) = self.registry.get(name) {
            let module = Value::Module(self.make_module(name, make)?);
            self.modules.set_str(name, module.clone());
            self.add_submodule(parent.as_ref(), last, &module);
            return Ok(Some(module));
        }
        if self.registry.has_below(name) {
            let module = Value::Module(Module::build(name).build());
            self.modules.set_str(name, module.clone());
            self.add_submodule(parent.as_ref(), last, &module);
            return Ok(Some(module));
        }
        if let Some(parent @ Value::Module(module)) = &parent
            && !module.opaque
            // A folder without an `__init__.py` has no file either, but a path.
            && (module.file.is_none() && !module.namespace.contains_str("__path__")
                || self.registry.get(&module.name).is_some())
        {
            return Ok(self.listed_module(name, Some(parent), last));
        }
        let places = match &parent {
            Some(parent) => {
                let Value::Module(module) = parent else {
                    return Ok(None);
                };
                if module.opaque {
                    return Ok(None);
                }
                match module.namespace.get_str("__path__") {
                    Some(path) => self.collect(&path)?,
                    None => return Ok(None),
                }
            }
            None => self.search_path()?,
        };
        let mut namespace_folder = None;
        for place in places {
            let Some(place) = place.as_text() else {
                continue;
            };
            let base = if place.is_empty() || &*place == "." {
                last.to_owned()
            } else {
                format!("{}/{last}", place.trim_end_matches('/'))
            };
            let package = format!("{base}/__init__.py");
            if self.run.host.is_file(&package) {
                let module = self.load_file(name, &package, Some(&base), parent.as_ref(), last)?;
                return Ok(Some(module));
            }
            let file = format!("{base}.py");
            if self.run.host.is_file(&file) {
                let module = self.load_file(name, &file, None, parent.as_ref(), last)?;
                return Ok(Some(module));
            }
            if namespace_folder.is_none() && self.run.host.is_directory(&base) {
                namespace_folder = Some(base);
            }
        }
        if parent.is_none()
            && let Some(module) = self.listed_module(name, None, last)
        {
            return Ok(Some(module));
        }
        if let Some(folder) = namespace_folder {
            let namespace = Dict::new();
            namespace.set_str("__name__", Value::str(name));
            namespace.set_str("__path__", Value::list(vec![Value::from(folder)]));
            namespace.set_str("__package__", Value::str(name));
            let module = Value::Module(Rc::new(Module {
                name: Rc::from(name),
                namespace: Rc::new(namespace),
                attribute_hook: RefCell::new(None),
                file: None,
                opaque: false,
            }));
            self.modules.set_str(name, module.clone());
            self.add_submodule(parent.as_ref(), last, &module);
            return Ok(Some(module));
        }
        Ok(None)
    }

    pub(super) fn add_submodule(&mut self, parent: Option<&Value>, last: &str, module: &Value) {
        if let Some(Value::Module(parent)) = parent
            && !parent.namespace.contains_str(last)
        {
            parent.namespace.set_str(last, module.clone());
        }
    }

    fn load_file(
        &mut self,
        name: &str,
        path: &str,
        package: Option<&str>,
        parent: Option<&Value>,
        last: &str,
    ) -> Result<Value> {
        let directory = self.run.host.current_directory();
        let absolute = ground::host::absolute_path(&directory, path);
        let source = self.read_source(path)?;
        let module = self.new_module(name, &absolute, package);
        self.modules.set_str(name, Value::Module(module.clone()));
        if let Err(error) = self.run_in_module(&module, &absolute, &source) {
            self.modules.remove_str(name);
            return Err(error);
        }
        let module = self.modules.get_str(name).unwrap_or(Value::Module(module));
        if let Some(Value::Module(parent)) = parent {
            parent.namespace.set_str(last, module.clone());
        }
        Ok(module)
    }

    /// Reads the source of a Python file.
    pub fn read_source(&mut self, path: &str) -> Result<String> {
        let bytes = self
            .run
            .host
            .read(path)
            .map_err(|error| self.host_error(&error))?;
        let text = String::from_utf8(bytes).map_err(|_| {
            Error::new(
                exception::SYNTAX_ERROR,
                format!("(unicode error) 'utf-8' codec can't decode bytes in file {path}"),
            )
        })?;
        Ok(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        })
    }

    /// A module of a file, which has not run yet; `package` is its folder.
    pub fn new_module(&mut self, name: &str, path: &str, package: Option<&str>) -> Rc<Module> {
        let namespace = Dict::new();
        namespace.set_str("__name__", Value::str(name));
        namespace.set_str("__doc__", Value::None);
        let package_name = if package.is_some() {
            name
        } else {
            name.rsplit_once('.').map_or("", |(parent, _)| parent)
        };
        namespace.set_str("__package__", Value::str(package_name));
        namespace.set_str("__file__", Value::str(path));
        if let Some(package) = package {
            namespace.set_str("__path__", Value::list(vec![Value::str(package)]));
        }
        namespace.set_str("__builtins__", Value::None);
        let namespace = Rc::new(namespace);
        self.namespaces.push(Rc::downgrade(&namespace));
        Rc::new(Module {
            name: Rc::from(name),
            namespace,
            attribute_hook: RefCell::new(None),
            file: Some(Rc::from(path)),
            opaque: false,
        })
    }

    /// Runs a file in a module that exists.
    ///
    /// # Errors
    /// What the file raises, or that it can't be read.
    pub fn run_module(&mut self, module: &Rc<Module>, path: &str) -> Result<()> {
        let source = self.read_source(path)?;
        self.run_in_module(module, path, &source)
    }

    pub(super) fn run_in_module(
        &mut self,
        module: &Rc<Module>,
        path: &str,
        source: &str,
    ) -> Result<()> {
        let code = self.compile(path, source, false)?;
        if let Some(text) = &code.documentation {
            module
                .namespace
                .set_str("__doc__", Value::Str(text.clone()));
        }
        self.run_code(code, &module.namespace, None)?;
        Ok(())
    }

    /// Runs a module's or expression's code in a namespace.
    pub(crate) fn run_code(
        &mut self,
        code: Rc<Code>,
        globals: &Rc<Dict>,
        locals: Option<&Rc<Dict>>,
    ) -> Result<Value> {
        let scope = Rc::new(Scope {
            slots: RefCell::default(),
            parent: None,
            globals: globals.clone(),
            class_namespace: locals.cloned(),
            class_cell: None,
            annotations: RefCell::default(),
            code,
        });
        self.run_body(scope)
    }

    /// Executes a file as a module of that name without adding it to `sys.modules`.
    pub fn exec_module(&mut self, name: &str, path: &str, source: &str) -> Result<Rc<Module>> {
        let module = self.new_module(name, path, None);
        self.run_in_module(&module, path, source)?;
        Ok(module)
    }

    /// Executes a file as `__main__`; `package` is the one that it belongs to, if it is run as a
    /// module.
    ///
    /// # Errors
    /// What the file raises.
    pub fn exec_main(&mut self, path: &str, source: &str, package: Option<&str>) -> Result<()> {
        let module = self.new_module("__main__", path, None);
        if let Some(package) = package {
            module.namespace.set_str("__package__", Value::str(package));
        }
        self.modules
            .set_str("__main__", Value::Module(module.clone()));
        self.run_in_module(&module, path, source)
    }

    /// Executes statements in a namespace.
    pub fn run_source(&mut self, path: &str, source: &str, globals: &Rc<Dict>) -> Result<()> {
        let code = self.compile(path, source, false)?;
        self.run_code(code, globals, None)?;
        Ok(())
    }

    /// Evaluates an expression in a namespace, with additional names that take precedence.
    pub fn evaluate(
        &mut self,
        source: &str,
        globals: &Rc<Dict>,
        locals: Option<&Rc<Dict>>,
    ) -> Result<Value> {
        let code = match self.expressions.get(source) {
            Some(code) => code.clone(),
            None => {
                let code = self.compile("<string>", source.trim(), true)?;
                self.expressions.insert(Rc::from(source), code.clone());
                code
            }
        };
        self.run_code(code, globals, Some(locals.unwrap_or(globals)))
    }

    // Import statements.

    fn opaque_module(&mut self, name: &str) -> Value {
        if let Some(module) = self.modules.get_str(name) {
            return module;
        }
        if !name.contains('.')
            && let Some(location) = self.call_location()
        {
            self.opaque_imports.insert(Rc::from(name), location);
        }
        let namespace = Dict::new();
        namespace.set_str("__name__", Value::str(name));
        let module = Value::Module(Rc::new(Module {
            name: Rc::from(name),
            namespace: Rc::new(namespace),
            attribute_hook: RefCell::new(None),
            file: None,
            opaque: true,
        }));
        self.modules.set_str(name, module.clone());
        module
    }

    /// Finds a module for an import statement. A module that is neither native nor a file is
    /// replaced by an opaque one, unless its parent package exists or the import is guarded by
    /// `except ImportError`.
    fn import_or_opaque(&mut self, name: &str, guarded: bool) -> Result<Value> {
        if let Some(module) = self.modules.get_str(name)
            && let Value::Module(inner) = &module
            && !(inner.opaque && guarded)
        {
            return Ok(module);
        }
        let known = self.modules.get_str(name).is_some();
        if !known && let Some(module) = self.find_module(name)? {
            return Ok(module);
        }
        let mut parent = name;
        while let Some((upper, _)) = parent.rsplit_once('.') {
            parent = upper;
            if let Some(Value::Module(module)) = self.modules.get_str(parent)
                && !module.opaque
            {
                let first_missing = self.first_missing(name);
                let error = if module.namespace.contains_str("__path__")
                    || self.registry.has_below(parent)
                {
                    self.not_found(&first_missing)
                } else {
                    self.import_error(
                        exception::MODULE_NOT_FOUND_ERROR,
                        format!("No module named '{name}'; '{parent}' is not a package"),
                        name,
                    )
                };
                return Err(error);
            }
        }
        if guarded {
            let first_missing = self.first_missing(name);
            return Err(self.not_found(&first_missing));
        }
        let mut module = Value::None;
        let mut whole = String::new();
        for part in name.split('.') {
            let parent = module.clone();
            if !whole.is_empty() {
                whole.push('.');
            }
            whole.push_str(part);
            module = match self.modules.get_str(&whole) {
                Some(module) => module,
                None => self.opaque_module(&whole),
            };
            if let Value::Module(parent) = &parent {
                parent.namespace.set_str(part, module.clone());
            }
        }
        Ok(module)
    }

    fn first_missing(&mut self, name: &str) -> String {
        let mut whole = String::new();
        for part in name.split('.') {
            if !whole.is_empty() {
                whole.push('.');
            }
            whole.push_str(part);
            match self.modules.get_str(&whole) {
                Some(Value::Module(module)) if !module.opaque => {}
                _ => return whole,
            }
        }
        whole
    }

    pub(crate) fn import_statement(&mut self, cx: &Rc<Scope>, names: &[ImportName]) -> Result<()> {
        for import in names {
            let module = self.import_or_opaque(&import.name, import.guarded)?;
            let (name, place) = &import.bound;
            let value = if import.renamed {
                module
            } else {
                let first = import.name.split('.').next().unwrap_or(&import.name);
                self.modules.get_str(first).unwrap_or(module)
            };
            self.store(cx, name, *place, value)?;
        }
        Ok(())
    }

    pub(crate) fn import_from_statement(
        &mut self,
        cx: &Rc<Scope>,
        import: &ImportFrom,
    ) -> Result<()> {
        let name = if import.level > 0 {
            self.relative_name(cx, import)?
        } else {
            import.module.to_string()
        };
        let guarded = import.guarded || import.level > 0;
        let module = self.import_or_opaque(&name, guarded)?;
        let Value::Module(inner) = &module else {
            // The module may have replaced itself in `sys.modules`.
            for (name, bound, place, _) in &import.names {
                let value = self.get_attribute(&module, name)?;
                self.store(cx, bound, *place, value)?;
            }
            return Ok(());
        };
        if import.names.is_empty() {
            return self.import_star(cx, inner);
        }
        for (attribute, bound, place, _) in &import.names {
            let value = match self.module_attribute(inner, attribute)? {
                Some(value) => value,
                None => {
                    let below = format!("{name}.{attribute}");
                    match self.find_module(&below)? {
                        Some(module) => module,
                        None if inner.opaque => {
                            let value = self.opaque(&below);
                            inner.namespace.set_name(attribute, value.clone());
                            value
                        }
                        None => {
                            let place = match &inner.file {
                                Some(file) => file.to_string(),
                                None => "unknown location".to_owned(),
                            };
                            return Err(self.import_error(
                                exception::IMPORT_ERROR,
                                format!(
                                    "cannot import name '{attribute}' from '{}' ({place})",
                                    inner.name
                                ),
                                &inner.name.clone(),
                            ));
                        }
                    }
                }
            };
            self.store(cx, bound, *place, value)?;
        }
        Ok(())
    }

    fn relative_name(&mut self, cx: &Rc<Scope>, import: &ImportFrom) -> Result<String> {
        let package = match cx.globals.get_str("__package__") {
            Some(Value::Str(package)) if !package.is_empty() => package,
            _ => {
                return Err(Error::new(
                    exception::IMPORT_ERROR,
                    "attempted relative import with no known parent package",
                ));
            }
        };
        let mut base = &*package;
        for _ in 1..import.level {
            match base.rsplit_once('.') {
                Some((parent, _)) => base = parent,
                None => {
                    return Err(Error::new(
                        exception::IMPORT_ERROR,
                        "attempted relative import beyond top-level package",
                    ));
                }
            }
        }
        Ok(if import.module.is_empty() {
            base.to_owned()
        } else {
            format!("{base}.{}", import.module)
        })
    }

    fn import_star(&mut self, cx: &Rc<Scope>, module: &Rc<Module>) -> Result<()> {
        if module.opaque {
            return Err(self.unsupported(format!(
                "from {} import *: the module is not here, so its names are unknown; import them by name",
                module.name
            )));
        }
        let into = cx.class_namespace.as_ref().unwrap_or(&cx.globals).clone();
        if let Some(all) = module.namespace.get_str("__all__") {
            for name in self.collect(&all)? {
                if let Some(name) = name.as_text() {
                    let value = match self.module_attribute(module, &name)? {
                        Some(value) => value,
                        None => {
                            let below = format!("{}.{name}", module.name);
                            match self.find_module(&below)? {
                                Some(value) => value,
                                None => {
                                    return Err(self.attribute_error(format!(
                                        "module '{}' has no attribute '{name}'",
                                        module.name
                                    )));
                                }
                            }
                        }
                    };
                    into.set_name(&name, value);
                }
            }
            return Ok(());
        }
        for (name, value) in module.namespace.str_entries() {
            if !name.starts_with('_') {
                into.set_name(&name, value);
            }
        }
        if module.file.is_none() {
            let registry = self.registry.clone();
            for (name, _) in registry.table().names(&module.name) {
                if !module.namespace.contains_str(name)
                    && let Some(value) = self.module_attribute(module, name)?
                {
                    into.set_name(&Rc::from(name), value);
                }
            }
        }
        Ok(())
    }

    /// Looks up a module attribute: its own, then the reference's names that it lacks.
    pub(crate) fn module_attribute(
        &mut self,
        module: &Rc<Module>,
        name: &str,
    ) -> Result<Option<Value>> {
        match self.own_attribute(module, name)? {
            Some(value) => Ok(Some(value)),
            None if module.opaque || name.starts_with('_') => Ok(None),
            None if module.file.is_some() && self.registry.get(&module.name).is_none() => Ok(None),
            None => self.listed_name(module, name),
        }
    }

    /// Looks up what a module has itself: its namespace, its hook, then its `__getattr__`.
    pub(super) fn own_attribute(
        &mut self,
        module: &Rc<Module>,
        name: &str,
    ) -> Result<Option<Value>> {
        if let Some(value) = module.namespace.get_str(name) {
            return Ok(Some(value));
        }
        let hook = module.attribute_hook.borrow().clone();
        if let Some(hook) = hook
            && let Some(value) = hook(self, name)?
        {
            return Ok(Some(value));
        }
        if !module.opaque
            && (module.file.is_none() || self.registry.get(&module.name).is_some())
            && self
                .registry
                .get(&format!("{}.{name}", module.name))
                .is_some()
        {
            let below = format!("{}.{name}", module.name);
            return self.find_module(&below);
        }
        if let Some(function) = module.namespace.get_str("__getattr__") {
            return match self.call(
                &function,
                crate::arguments::Arguments::positional(vec![Value::str(name)]),
            ) {
                Ok(value) => Ok(Some(value)),
                Err(error) if error.class == exception::ATTRIBUTE_ERROR => Ok(None),
                Err(error) => Err(error),
            };
        }
        if name == "__dict__" {
            return Ok(Some(Value::Dict(module.namespace.clone())));
        }
        if name == "__class__" {
            return Ok(Some(Value::Class(self.classes.module.clone())));
        }
        Ok(None)
    }
}
