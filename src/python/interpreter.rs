//! The interpreter's state and its public entry points.

use ground::exception;
use ground::hash::HashMap;
use std::any::{Any, TypeId};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::classes::Classes;
use super::dict::Dict;
use super::members::Members;
use super::native::{NativeClass, Registry};
use super::source::Sources;
use super::tree::Extent;
use super::value::{Class, ClassData, Layout, Value};
use ground::diagnostic::{Error, Location, Result, Span};
use ground::host::Host;
use ground::run::Run;

/// Resource limits of a run.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Statements and expressions executed.
    pub steps: u64,
    /// Nested Python calls, as `sys.setrecursionlimit` counts them.
    pub depth: usize,
    /// Bytes of native stack.
    pub stack: usize,
    /// Bytes of a single string, list or number.
    pub object: usize,
    /// Total bytes allocated, including those freed since.
    pub memory: u64,
    /// Bytes written to stdout and stderr.
    pub output: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            steps: 60_000_000,
            depth: 1000,
            // The stack is 1 MB in the browser, 2 MB in a test thread.
            stack: if cfg!(target_family = "wasm") {
                500_000
            } else {
                1_300_000
            },
            object: 64 << 20,
            memory: 2 << 30,
            output: 16 << 20,
        }
    }
}

/// What is known of a running function.
pub(crate) struct CallFrame {
    pub(crate) scope: Rc<super::eval::Scope>,
    /// The call or statement being executed.
    pub(crate) extent: Extent,
    /// Where the propagating error was raised; [`ALREADY_NOTED`] if its traceback already has an
    /// entry for this frame.
    pub(crate) error_extent: Option<Extent>,
}

/// Marks that the propagating error's traceback already has an entry for this frame.
pub(crate) const ALREADY_NOTED: Extent = Extent {
    start: u32::MAX,
    end: u32::MAX,
};

/// The interpreter: built-ins, modules, limits, and the run it belongs to.
pub struct Interpreter {
    /// The host, the loggers and the observer.
    pub run: Run,
    /// The parsed source files.
    pub sources: Sources,
    /// Resource limits.
    pub limits: Limits,
    /// `sys.modules`.
    pub modules: Rc<Dict>,
    /// `sys.path`, a list.
    pub path: Value,
    /// The folders from which the project's own package would be installed, once they are asked for.
    pub(crate) installed: OnceCell<Vec<Value>>,
    /// `sys.argv`, a list.
    pub argv: Value,
    /// The built-in names.
    pub builtins: Rc<Dict>,
    pub(crate) classes: Rc<Classes>,
    pub(crate) registry: Rc<Registry>,
    pub(crate) registered: HashMap<Box<str>, Class>,
    pub(crate) frames: Vec<CallFrame>,
    pub(crate) handled: Vec<Value>,
    pub(crate) steps: u64,
    pub(crate) stack_base: usize,
    pub(crate) stack_floor: usize,
    pub(crate) allocated: u64,
    pub(crate) printed: usize,
    pub(crate) repr_stack: Vec<usize>,
    pub(crate) extensions: HashMap<TypeId, Rc<dyn Any>>,
    /// Expressions already parsed for `evaluate`.
    pub(crate) expressions: HashMap<Rc<str>, Rc<super::tree::Code>>,
    pub(crate) exception_fillers: BTreeMap<String, super::exceptions::Filler>,
    pub(crate) exception_base: Option<fn(&str) -> Option<String>>,
    /// The namespaces of all modules it created, including those that are not in `modules`.
    pub(crate) namespaces: Vec<std::rc::Weak<Dict>>,
    /// The classes that metaclasses of a program are making, innermost last.
    pub(crate) plans: Vec<Option<super::eval::Plan>>,
    /// Where each module that is not in the workspace was first imported.
    pub(crate) opaque_imports: HashMap<Rc<str>, Location>,
    /// Scopes captured by its functions.
    pub(crate) enclosing: super::eval::Enclosing,
}

/// The folders of the environment variable `PYTHONPATH`.
fn python_path(host: &dyn Host) -> Vec<Value> {
    let variable = host.environment("PYTHONPATH").unwrap_or_default();
    let folders = variable.split(':').filter(|folder| !folder.is_empty());
    let directory = host.current_directory();
    folders
        .map(|folder| Value::str(ground::host::absolute_path(&directory, folder)))
        .collect()
}

impl Interpreter {
    /// The paths of the files that were imported, in the order in which they began.
    pub fn imported_files(&self) -> Vec<Rc<str>> {
        let modules = self.modules.values();
        modules
            .iter()
            .filter_map(|module| match module {
                Value::Module(module) => module.file.clone(),
                _ => None,
            })
            .collect()
    }

    /// Creates an interpreter whose native modules come from `registry`.
    pub fn new(run: Run, registry: Rc<Registry>) -> Interpreter {
        let builtins = Rc::new(Dict::new());
        // About the number of classes registered by an env.py with models.
        let mut registered = HashMap::with_capacity_and_hasher(448, Default::default());
        let classes = Rc::new(Classes::new(&mut registered));
        let path = python_path(&*run.host);
        let mut vm = Interpreter {
            run,
            sources: Sources::default(),
            limits: Limits::default(),
            modules: Rc::new(Dict::new()),
            path: Value::list(path),
            installed: OnceCell::new(),
            argv: Value::list(vec![Value::str("alembic")]),
            builtins,
            classes,
            registry,
            registered,
            frames: Vec::new(),
            handled: Vec::new(),
            steps: 0,
            stack_base: 0,
            stack_floor: 0,
            allocated: 0,
            printed: 0,
            repr_stack: Vec::new(),
            expressions: HashMap::default(),
            exception_fillers: BTreeMap::new(),
            exception_base: None,
            namespaces: Vec::new(),
            plans: Vec::new(),
            opaque_imports: HashMap::default(),
            enclosing: Default::default(),
            extensions: HashMap::default(),
        };
        super::builtins::install(&mut vm);
        vm
    }

    /// Per-interpreter state of another crate, created on first use.
    pub fn extension<T: Default + 'static>(&mut self) -> Rc<T> {
        let any = self
            .extensions
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Rc::new(T::default()))
            .clone();
        // The map is keyed by type, so the downcast succeeds.
        any.downcast::<T>().unwrap_or_default()
    }

    /// Stores per-interpreter state, replacing any of the same type.
    pub fn set_extension<T: 'static>(&mut self, state: Rc<T>) {
        self.extensions.insert(TypeId::of::<T>(), state);
    }

    /// Per-interpreter state, if it was set.
    pub fn find_extension<T: 'static>(&self) -> Option<Rc<T>> {
        self.extensions
            .get(&TypeId::of::<T>())
            .and_then(|any| any.clone().downcast::<T>().ok())
    }

    /// A native or built-in class by its dotted name (`sqlalchemy.exc.IntegrityError`,
    /// `ValueError`), if it has been created.
    pub fn registered_class(&self, dotted_name: &str) -> Option<Class> {
        self.registered.get(dotted_name).cloned()
    }

    /// `object`.
    pub fn object_class(&self) -> Class {
        self.classes.object.clone()
    }

    /// Defines and registers an exception class, so that it catches an [`Error`] of that dotted
    /// name. Returns the existing class if there is one.
    pub fn define_exception(&mut self, module: &str, name: &str, bases: &[Class]) -> Class {
        let dotted = [module, ".", name].concat();
        if let Some(class) = self.registered.get(&*dotted) {
            return class.clone();
        }
        let bases = if bases.is_empty() {
            vec![self.classes.exception(exception::EXCEPTION)]
        } else {
            bases.to_vec()
        };
        let members = Members::new(Rc::from(module), Rc::from(name));
        self.make_native_class(bases, None, None, members)
    }

    pub(crate) fn make_native_class(
        &mut self,
        bases: Vec<Class>,
        layout: Option<Layout>,
        hooks: Option<Rc<dyn NativeClass>>,
        mut members: Members,
    ) -> Class {
        let (module, name) = (members.module.clone(), members.owner.clone());
        members.tells_module = true;
        let layout = layout.unwrap_or_else(|| super::classes::inherited_layout(&bases));
        let hooks = hooks.or_else(|| {
            bases
                .iter()
                .flat_map(|base| base.mro())
                .find_map(|class| class.hooks.clone())
        });
        let ancestors = super::classes::linearize(&bases).unwrap_or_else(|| bases.clone());
        let class = Class(Rc::new(ClassData {
            name: std::cell::RefCell::new(name.clone()),
            qualified_name: std::cell::RefCell::new(name),
            module: std::cell::RefCell::new(module),
            bases: bases.clone(),
            ancestors,
            namespace: Rc::new(Dict::of_members(members)),
            layout,
            hooks,
            annotations: std::cell::RefCell::default(),
            definition: None,
            opaque_base: None,
            user_defined: false,
            slots: None,
            native: std::cell::RefCell::default(),
            subclasses: std::cell::RefCell::default(),
            instances: std::cell::RefCell::default(),
        }));
        for base in &bases {
            base.subclasses.borrow_mut().push(Rc::downgrade(&class.0));
        }
        self.registered
            .insert(class.dotted_name().into(), class.clone());
        class
    }

    // Current position.

    /// The source location of the innermost running Python code: the call that led into Rust.
    pub fn call_location(&self) -> Option<Location> {
        self.sources.location(self.call_span()?)
    }

    /// As [`call_location`](Self::call_location), as a span of [`Sources`].
    pub fn call_span(&self) -> Option<Span> {
        let frame = self.frames.last()?;
        Some(Span {
            file: frame.scope.code.file,
            start: frame.extent.start,
            end: frame.extent.end,
        })
    }

    /// The name of the innermost running function, `<module>` outside of one.
    pub fn function_name(&self) -> Option<String> {
        let frame = self.frames.last()?;
        Some(frame.scope.code.name.to_string())
    }

    /// The module namespace of the innermost running Python code.
    pub fn current_globals(&self) -> Option<Rc<Dict>> {
        self.frames.last().map(|frame| frame.scope.globals.clone())
    }

    // Errors.

    /// Creates an error of a class, by name.
    pub fn error(&self, class: &'static str, message: impl Into<String>) -> Error {
        Error::new(class, message)
    }

    /// `TypeError`.
    pub fn type_error(&self, message: impl Into<String>) -> Error {
        Error::new(exception::TYPE_ERROR, message)
    }

    /// `ValueError`.
    pub fn value_error(&self, message: impl Into<String>) -> Error {
        Error::new(exception::VALUE_ERROR, message)
    }

    /// `AttributeError`.
    pub fn attribute_error(&self, message: impl Into<String>) -> Error {
        Error::new(exception::ATTRIBUTE_ERROR, message)
    }

    /// `IndexError`.
    pub fn index_error(&self, message: impl Into<String>) -> Error {
        Error::new(exception::INDEX_ERROR, message)
    }

    /// `KeyError` with the key as its argument.
    pub fn key_error(&mut self, key: &Value) -> Error {
        let class = self.classes.exception(exception::KEY_ERROR);
        self.new_exception(&class, vec![key.clone()])
    }

    /// An error for an unsupported construct, with the current source location.
    pub fn unsupported(&self, message: impl Into<String>) -> Error {
        Error::unsupported(message)
    }

    /// Counts a step; fails when the limit is exceeded or the run was cancelled.
    #[inline]
    pub(crate) fn step(&mut self) -> Result<()> {
        self.steps += 1;
        if self.steps & 0x3fff == 0 {
            return self.check_run();
        }
        Ok(())
    }

    #[cold]
    fn check_run(&mut self) -> Result<()> {
        if self.run.observer.cancelled() {
            return Err(Error::cancelled());
        }
        if self.steps > self.limits.steps {
            return Err(Error::new(
                exception::LIMIT_EXCEEDED,
                format!(
                    "the program was stopped after {} steps; it may never end",
                    self.limits.steps
                ),
            ));
        }
        Ok(())
    }

    /// Raises RecursionError when the stack is nearly exhausted. Call it in every native function
    /// that recurses over Python values.
    #[inline]
    pub fn check_stack(&mut self) -> Result<()> {
        let marker = 0u8;
        let here = std::ptr::addr_of!(marker) as usize;
        if here < self.stack_floor {
            return Err(self.recursion_error());
        }
        Ok(())
    }

    #[cold]
    pub(crate) fn recursion_error(&self) -> Error {
        Error::new(
            exception::RECURSION_ERROR,
            "maximum recursion depth exceeded",
        )
    }

    /// Records the stack's base if this is the outermost entry into the interpreter.
    pub(crate) fn enter_stack(&mut self) {
        let marker = 0u8;
        let here = std::ptr::addr_of!(marker) as usize;
        if self.frames.is_empty() || self.stack_base == 0 || here > self.stack_base {
            self.stack_base = here;
            self.stack_floor = here.saturating_sub(self.limits.stack);
        }
    }

    /// Accounts for memory about to be allocated for one object; raises MemoryError beyond the
    /// limit.
    pub fn allocate(&mut self, bytes: usize) -> Result<()> {
        self.allocated = self.allocated.saturating_add(bytes as u64);
        if bytes > self.limits.object {
            return Err(Error::new(exception::MEMORY_ERROR, ""));
        }
        if self.allocated > self.limits.memory {
            return Err(Error::new(
                exception::LIMIT_EXCEEDED,
                "the program was stopped because it used too much memory",
            ));
        }
        Ok(())
    }

    /// Writes to standard output, up to the output limit.
    pub fn print(&mut self, text: &str) -> Result<()> {
        self.count_output(text)?;
        self.run.print(text);
        Ok(())
    }

    /// Writes to standard error, up to the output limit.
    pub fn print_error(&mut self, text: &str) -> Result<()> {
        self.count_output(text)?;
        self.run.warn(text);
        Ok(())
    }

    /// The exception being handled, as in `sys.exc_info()`.
    pub fn handled_exception(&self) -> Option<Value> {
        self.handled.last().cloned()
    }

    pub(crate) fn count_output(&mut self, text: &str) -> Result<()> {
        self.printed = self.printed.saturating_add(text.len());
        if self.printed > self.limits.output {
            return Err(Error::new(
                exception::LIMIT_EXCEEDED,
                format!(
                    "the program was stopped because it wrote more than {} bytes",
                    self.limits.output
                ),
            ));
        }
        Ok(())
    }

    /// Frees what its programs created. Values form reference cycles (a function and its module
    /// namespace, a class and its methods), which reference counting alone never frees; they are
    /// broken at modules, captured variables, classes and instances.
    pub fn close(&mut self) {
        for (_, value) in self.modules.entries() {
            if let Value::Module(module) = value {
                module.namespace.clear();
                module.attribute_hook.take();
            }
        }
        self.modules.clear();
        for namespace in std::mem::take(&mut self.namespaces) {
            if let Some(namespace) = namespace.upgrade() {
                namespace.clear();
            }
        }
        self.enclosing.clear();
        let mut classes = vec![self.classes.object.clone()];
        while let Some(class) = classes.pop() {
            classes.extend(class.subclasses());
            for attributes in class.0.instances.take() {
                if let Some(attributes) = attributes.upgrade() {
                    attributes.clear();
                }
            }
            class.0.namespace.clear();
            class.0.annotations.take();
            class.0.native.take();
        }
        self.extensions.clear();
    }
}
