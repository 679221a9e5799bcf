//! Where modules come from: makers of native modules, names of the reference that are not
//! implemented, and the folders that are searched.

use std::cell::RefCell;
use std::rc::Rc;

use crate::interpreter::Interpreter;
use crate::names::NameKind;
use crate::native::Maker;
use crate::value::{Class, Module, Value};
use ground::diagnostic::Result;

/// Where a module is.
#[derive(Clone, Debug, Default)]
pub struct Located {
    /// Its file; none for one that is not a file.
    pub file: Option<String>,
    /// Its folder, if it is a package.
    pub folder: Option<String>,
}

impl Interpreter {
    pub(super) fn make_module(&mut self, name: &str, maker: Maker) -> Result<Rc<Module>> {
        let (of, class) = match maker {
            Maker::Native(make) => {
                let module = make(self)?;
                if &*module.name == name {
                    return Ok(module);
                }
                // Several names may have one maker.
                module.namespace.set_str("__name__", Value::str(name));
                return Ok(Rc::new(Module {
                    name: Rc::from(name),
                    namespace: module.namespace.clone(),
                    attribute_hook: RefCell::new(module.attribute_hook.borrow().clone()),
                    file: module.file.clone(),
                    opaque: false,
                }));
            }
            Maker::Source(text) => {
                let path = format!("<frozen {name}>");
                let module = self.new_module(name, &path, None);
                // Modules of the library import each other.
                self.modules.set_str(name, Value::Module(module.clone()));
                let done = self.run_in_module(&module, &path, text.text());
                if done.is_err() {
                    self.modules.remove_str(name);
                }
                return done.map(|()| module);
            }
            Maker::Part(of, class) => (of, class),
        };
        let whole = self.import(of)?;
        let shown = match class {
            Some(class) => self.get_attribute(&whole, class)?,
            None => whole,
        };
        let entries = match &shown {
            Value::Module(module) => module.namespace.str_entries(),
            Value::Class(class) => class.namespace.str_entries(),
            _ => Vec::new(),
        };
        let mut module = Module::build(name);
        for (name, value) in entries {
            // What a module imported for itself is not what it shows.
            if !name.starts_with("__") && !matches!(value, Value::Module(_)) {
                module = module.value(&name, value);
            }
        }
        Ok(module.build())
    }

    /// A module of which only the names are known.
    pub(super) fn listed_module(
        &mut self,
        name: &str,
        parent: Option<&Value>,
        last: &str,
    ) -> Option<Value> {
        if !self.registry.table().has(name) {
            return None;
        }
        let module = Value::Module(Module::build(name).build());
        self.modules.set_str(name, module.clone());
        self.add_submodule(parent, last, &module);
        Some(module)
    }

    /// A name that the reference's module has and this one lacks: what another module shows as the
    /// same object, else a placeholder.
    pub(super) fn listed_name(&mut self, module: &Rc<Module>, name: &str) -> Result<Option<Value>> {
        let registry = self.registry.clone();
        let Some(mut entry) = registry.table().find(&module.name, name) else {
            return Ok(None);
        };
        let mut owner: &str = &module.name;
        // The module nearest to the top, then the one that defines it.
        for _ in 0..2 {
            let Some(place) = entry.place else { break };
            if let Some(Value::Module(other)) = self.find_module(place)?
                && let Some(value) = self.own_attribute(&other, name)?
            {
                module.namespace.set_name(&Rc::from(name), value.clone());
                return Ok(Some(value));
            }
            let Some(next) = registry.table().find(place, name) else {
                break;
            };
            if next.place == Some(&module.name) {
                break;
            }
            owner = place;
            entry = next;
        }
        let value = match entry.kind {
            NameKind::Module => match self.find_module(&format!("{owner}.{name}"))? {
                Some(module) => module,
                None => self.opaque(&format!("{owner}.{name}")),
            },
            NameKind::Exception => {
                let base = entry.base.map(|base| self.listed_exception(base));
                let bases = base.transpose()?.flatten();
                Value::Class(self.define_exception(owner, name, bases.as_slice()))
            }
            _ => self.opaque(&format!("{owner}.{name}")),
        };
        module.namespace.set_name(&Rc::from(name), value.clone());
        Ok(Some(value))
    }

    /// The base of an exception, by its dotted name.
    fn listed_exception(&mut self, dotted: &str) -> Result<Option<Class>> {
        if let Some(class) = self.registered_class(dotted) {
            return Ok(Some(class));
        }
        let Some((module, name)) = dotted.rsplit_once('.') else {
            return Ok(None);
        };
        let Some(Value::Module(module)) = self.find_module(module)? else {
            return Ok(None);
        };
        Ok(match self.module_attribute(&module, name)? {
            Some(Value::Class(class)) => Some(class),
            _ => None,
        })
    }

    /// The file of the innermost running code that is the program's own.
    pub fn calling_file(&self) -> Option<String> {
        let frames = self.frames.iter().rev();
        let paths = frames.filter_map(|frame| {
            let span = ground::diagnostic::Span {
                file: frame.scope.code.file,
                start: frame.extent.start,
                end: frame.extent.end,
            };
            Some(self.sources.location(span)?.path.to_string())
        });
        paths.into_iter().find(|path| !path.starts_with('<'))
    }

    /// Where a module would be imported from, without importing it.
    ///
    /// # Errors
    /// What importing the packages above it raises.
    pub fn locate(&mut self, name: &str) -> Result<Option<Located>> {
        let module = match self.modules.get_str(name) {
            Some(Value::Module(module)) if !module.opaque => Some(module),
            _ => None,
        };
        if let Some(module) = module {
            let folder = match module.namespace.get_str("__path__") {
                Some(path) => self.collect(&path)?.first().and_then(Value::as_text),
                None => None,
            };
            return Ok(Some(Located {
                file: module.file.as_deref().map(str::to_owned),
                folder: folder.map(|folder| folder.to_string()),
            }));
        }
        if self.registry.get(name).is_some()
            || self.registry.has_below(name)
            || self.registry.table().has(name)
        {
            return Ok(Some(Located::default()));
        }
        let (places, last) = match name.rsplit_once('.') {
            Some((parent, last)) => {
                let Some(Value::Module(parent)) = self.find_module(parent)? else {
                    return Ok(None);
                };
                match parent.namespace.get_str("__path__") {
                    Some(path) => (self.collect(&path)?, last),
                    None => return Ok(None),
                }
            }
            None => (self.search_path()?, name),
        };
        let directory = self.run.host.current_directory();
        for place in places.iter().filter_map(Value::as_text) {
            let base = ground::host::absolute_path(&directory, &format!("{place}/{last}"));
            let package = format!("{base}/__init__.py");
            let file = format!("{base}.py");
            if self.run.host.is_file(&package) {
                return Ok(Some(Located {
                    file: Some(package),
                    folder: Some(base),
                }));
            }
            if self.run.host.is_file(&file) {
                return Ok(Some(Located {
                    file: Some(file),
                    folder: None,
                }));
            }
            if self.run.host.is_directory(&base) {
                return Ok(Some(Located {
                    file: None,
                    folder: Some(base),
                }));
            }
        }
        Ok(None)
    }

    /// `sys.path`, which a program may have bound anew, and after it the folders from which the
    /// project's own package would be installed.
    pub(super) fn search_path(&mut self) -> Result<Vec<Value>> {
        let sys = self.modules.get_str("sys");
        let path = match &sys {
            Some(Value::Module(sys)) => sys.namespace.get_str("path"),
            _ => None,
        };
        let path = path.unwrap_or_else(|| self.path.clone());
        let mut places = self.collect(&path)?;
        if let Some(folders) = self.registry.installed() {
            let installed = self.installed.get_or_init(|| {
                let folders = folders(&*self.run.host);
                folders.iter().map(Value::str).collect()
            });
            places.extend(installed.iter().cloned());
        }
        Ok(places)
    }

    /// Whether a module that is not a file has a name itself, rather than as a placeholder.
    ///
    /// # Errors
    /// What importing the module raises.
    pub fn implements(&mut self, module: &str, name: &str) -> Result<bool> {
        if self.registry.get(module).is_none() {
            return Ok(false);
        }
        match self.import(module)? {
            Value::Module(module) => Ok(self.own_attribute(&module, name)?.is_some()),
            _ => Ok(false),
        }
    }
}
