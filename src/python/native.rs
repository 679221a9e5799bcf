//! How Rust exposes values, functions, classes and modules to Python.

use std::any::Any;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::arguments::Arguments;
use super::declaration::{Declared, DeclaredBody, FreeFunction, Signature};
use super::dict::Dict;
use super::interpreter::Interpreter;
use super::members::{Body, Member, Members};
use super::names::NameTable;
use super::native_function::{NativeBody, NativeFunction};
use super::tree::{BinaryOperator, CompareOperator, UnaryOperator};
use super::value::{Class, ClassBody, Instance, Module, Value};
use ground::diagnostic::Result;
use ground::host::Host;
use ground::resource::Resource;

/// A Rust value visible to Python. Every method defaults to "not handled" (`None`), so that the
/// interpreter falls back to the object's class and then to Python's own error.
///
/// `this` is always the value that holds the object, so that it can be stored or returned.
#[expect(unused_variables, reason = "the defaults ignore their arguments")]
pub trait NativeObject: Any {
    /// The Python class of the object, as seen by `type(x)` and `isinstance`. Its methods,
    /// properties and constants are looked up after [`get_attribute`](Self::get_attribute).
    fn class(&self, vm: &mut Interpreter) -> Class;

    /// `this.name`.
    fn get_attribute(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(None)
    }

    /// `this.name = value`; `false` if the attribute cannot be set.
    fn set_attribute(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        Ok(false)
    }

    /// `del this.name`; `false` if there is no such attribute.
    fn delete_attribute(&self, this: &Value, vm: &mut Interpreter, name: &str) -> Result<bool> {
        Ok(false)
    }

    /// Names for `dir()`.
    fn attribute_names(&self) -> Vec<String> {
        Vec::new()
    }

    /// `this(arguments)`. `None` falls back to `__call__` on the class.
    fn call(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        Ok(None)
    }

    /// `this + other`, or `other + this` if `reflected`.
    fn binary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        Ok(None)
    }

    /// `-this`, `~this`, `+this`.
    fn unary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: UnaryOperator,
    ) -> Result<Option<Value>> {
        Ok(None)
    }

    /// `this == other` and the other comparisons; the result need not be a `bool`.
    fn compare(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        Ok(None)
    }

    /// `this[key]`.
    fn get_item(&self, this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        Ok(None)
    }

    /// `this[key] = value`; `false` if item assignment is unsupported.
    fn set_item(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        key: &Value,
        value: &Value,
    ) -> Result<bool> {
        Ok(false)
    }

    /// `del this[key]`; `false` if item deletion is unsupported.
    fn delete_item(&self, this: &Value, vm: &mut Interpreter, key: &Value) -> Result<bool> {
        Ok(false)
    }

    /// `item in this`.
    fn contains(&self, this: &Value, vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        Ok(None)
    }

    /// `len(this)`.
    fn length(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(None)
    }

    /// `iter(this)`: an iterator, or a list to iterate over.
    fn iterate(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(None)
    }

    /// `next(this)` for an object that is an iterator: `Some(None)` at the end.
    fn next(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<Option<Value>>> {
        Ok(None)
    }

    /// `bool(this)`.
    fn truth(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<bool>> {
        Ok(None)
    }

    /// `repr(this)`.
    fn repr(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(None)
    }

    /// `str(this)`; by default the same as `repr`.
    fn str(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(None)
    }

    /// `format(this, specification)`.
    fn format(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        specification: &str,
    ) -> Result<Option<String>> {
        Ok(None)
    }

    /// `hash(this)`; by default by identity. Objects that define `==` must return a hash or an
    /// error.
    fn hash(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(None)
    }

    /// `with this as value:`.
    fn enter(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(None)
    }

    /// `__exit__`: receives the exception that left the body, or `None`; `Some(true)` suppresses
    /// it.
    fn exit(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        Ok(None)
    }

    /// The result of `await this`, for a value that is available immediately.
    fn awaited(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(None)
    }

    /// The descriptor protocol: `__get__`, when the object is found in the namespace of a class.
    /// `instance` is `None` for access through the class.
    fn descriptor_get(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        instance: Option<&Value>,
        owner: &Class,
    ) -> Result<Option<Value>> {
        Ok(None)
    }

    /// Whether this is a data descriptor, which takes precedence over instance attributes.
    fn is_data_descriptor(&self) -> bool {
        false
    }

    /// The descriptor protocol: `__set__`.
    fn descriptor_set(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        instance: &Value,
        value: &Value,
    ) -> Result<bool> {
        Ok(false)
    }

    /// The descriptor protocol: `__delete__`; `false` removes the instance's own value.
    fn descriptor_delete(&self, vm: &mut Interpreter, instance: &Value) -> Result<bool> {
        Ok(false)
    }

    /// The descriptor protocol: `__set_name__`.
    fn set_name(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        owner: &Class,
        name: &str,
    ) -> Result<()> {
        Ok(())
    }

    /// `__mro_entries__`: the classes that replace this object in a list of bases, such as
    /// `Generic[T]`.
    fn bases(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<Vec<Class>>> {
        Ok(None)
    }

    /// `isinstance(value, this)` and `issubclass`, for objects that are not classes.
    fn instance_check(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        value: &Value,
    ) -> Result<Option<bool>> {
        Ok(None)
    }

    /// Another Rust value to use where one of that type is expected; an attribute of a mapped class
    /// stands for its column.
    fn stands_for(&self) -> Option<Rc<dyn Any>> {
        None
    }

    /// The name of the missing object, if this is an opaque value.
    fn opaque(&self) -> Option<Rc<str>> {
        None
    }
}

/// Hooks that customise a class; Python subclasses inherit them. Every method defaults to Python's
/// own behaviour.
#[expect(unused_variables, reason = "the defaults ignore their arguments")]
pub trait NativeClass {
    /// `cls(arguments)`: creates an instance. `class` may be a Python subclass. `None` falls back
    /// to `__new__` and `__init__`.
    fn construct(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        Ok(None)
    }

    /// Called when a subclass has been created, with its namespace, annotations and bases in place,
    /// before `__init_subclass__` of Python classes. Class keywords it consumes must be removed
    /// from `body.keywords`.
    fn init_subclass(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        body: &mut ClassBody,
    ) -> Result<()> {
        Ok(())
    }

    /// `cls.name`, before the namespaces are searched.
    fn class_attribute(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(None)
    }

    /// `cls.name`, if it is not in the namespaces (a metaclass's `__getattr__`).
    fn missing_class_attribute(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(None)
    }

    /// `cls.name = value`; `false` stores it in the namespace.
    fn set_class_attribute(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        Ok(false)
    }

    /// `instance.name`, before its instance attributes.
    fn instance_attribute(
        &self,
        vm: &mut Interpreter,
        instance: &Value,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(None)
    }

    /// `instance.name = value`; `false` stores it in the instance attributes.
    fn set_instance_attribute(
        &self,
        vm: &mut Interpreter,
        instance: &Value,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        Ok(false)
    }

    /// `cls[key]`.
    fn class_item(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        key: &Value,
    ) -> Result<Option<Value>> {
        Ok(None)
    }

    /// `iter(cls)`.
    fn class_iterate(&self, vm: &mut Interpreter, class: &Class) -> Result<Option<Value>> {
        Ok(None)
    }

    /// `len(cls)`.
    fn class_length(&self, vm: &mut Interpreter, class: &Class) -> Result<Option<usize>> {
        Ok(None)
    }

    /// `item in cls`.
    fn class_contains(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        item: &Value,
    ) -> Result<Option<bool>> {
        Ok(None)
    }

    /// `repr(cls)`.
    fn class_repr(&self, vm: &mut Interpreter, class: &Class) -> Result<Option<String>> {
        Ok(None)
    }

    /// `isinstance(value, cls)`, if the value's class is not a subclass.
    fn instance_check(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        value: &Value,
    ) -> Result<Option<bool>> {
        Ok(None)
    }

    /// The name of the metaclass, as `type(cls)` shows it.
    fn metaclass(&self, vm: &mut Interpreter) -> Option<Class> {
        None
    }

    /// The hooks below a metaclass that a program wrote, if these are such a metaclass's.
    fn without_metaclass(&self) -> Option<Option<Rc<dyn NativeClass>>> {
        None
    }
}

/// Builds a class whose name, bases or hooks are only known at run time: they come from a table, as
/// those of SQLAlchemy's types, or from user code. A class that is known beforehand is a
/// [`Declaration`](super::Declaration), and its members are declared here too.
pub struct ClassBuilder {
    bases: Vec<Class>,
    hooks: Option<Rc<dyn NativeClass>>,
    members: Members,
}

impl ClassBuilder {
    /// Starts a class that inherits from `object`.
    pub fn new(module: &str, name: &str) -> ClassBuilder {
        ClassBuilder {
            bases: Vec::new(),
            hooks: None,
            members: Members::new(Rc::from(module), Rc::from(name)),
        }
    }

    /// Adds a base.
    pub fn base(mut self, base: &Class) -> Self {
        self.bases.push(base.clone());
        self
    }

    /// Adds hooks that customise the class and its subclasses.
    pub fn hooks(mut self, hooks: impl NativeClass + 'static) -> Self {
        self.hooks = Some(Rc::new(hooks));
        self
    }

    /// Adds the members of a declaration, whose bases and constructor do not count here.
    pub fn declared(mut self, declared: &'static dyn Declared) -> Self {
        self.members.declared = Some(declared);
        self
    }

    /// Adds a class attribute.
    pub fn constant(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        let member = Member::Constant(value.into());
        self.members.list.push((name, member));
        self
    }

    /// Adds an `__init__` that binds its arguments itself; `signature` makes the parameter list that
    /// it shows, in Python's syntax.
    pub fn initializer(
        mut self,
        signature: impl Fn() -> String + 'static,
        body: impl Fn(&mut Interpreter, &Value, Arguments) -> Result<Value> + 'static,
    ) -> Self {
        let body = DeclaredBody::Unbound(Box::new(body), Signature::made(Box::new(signature)));
        let body = Body(true, NativeBody::Declared(body));
        self.members.list.push(("__init__", Member::Function(body)));
        self
    }

    /// Creates the class and registers it under its dotted name, for
    /// [`Interpreter::registered_class`].
    pub fn build(self, vm: &mut Interpreter) -> Class {
        let bases = if self.bases.is_empty() {
            vec![vm.object_class()]
        } else {
            self.bases
        };
        vm.make_native_class(bases, None, self.hooks, self.members)
    }
}

/// Builds a native module: `Module::build("sqlalchemy").function("text", ...)`.
pub struct ModuleBuilder {
    name: Rc<str>,
    namespace: Dict,
    attribute_hook: Option<Rc<super::value::AttributeHook>>,
}

impl Module {
    /// Starts a native module.
    pub fn build(name: &str) -> ModuleBuilder {
        ModuleBuilder {
            name: Rc::from(name),
            namespace: Dict::new(),
            attribute_hook: None,
        }
    }

    /// Looks up an attribute in the module's namespace.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.namespace.get_str(name)
    }
}

impl ModuleBuilder {
    /// Adds a function.
    pub fn function(
        self,
        name: &str,
        body: impl Fn(&mut Interpreter, Arguments) -> Result<Value> + 'static,
    ) -> Self {
        self.boxed_function(name, NativeBody::Function(Box::new(body)))
    }

    /// Adds a declared function, with its signature.
    pub fn declared(self, function: &'static FreeFunction) -> Self {
        let body = NativeBody::Declared(DeclaredBody::free(function));
        self.boxed_function(function.name, body)
    }

    /// Adds declared functions.
    pub fn functions(self, functions: &'static [FreeFunction]) -> Self {
        functions.iter().fold(self, ModuleBuilder::declared)
    }

    fn boxed_function(self, name: &str, body: NativeBody) -> Self {
        let name: Rc<str> = Rc::from(name);
        let function = NativeFunction {
            name: name.clone(),
            owner: None,
            module: self.name.clone(),
            binds: false,
            body,
            attributes: OnceCell::new(),
        };
        self.namespace
            .set_name(&name, Value::NativeFunction(Rc::new(function)));
        self
    }

    /// Adds a class under its own name.
    pub fn class(self, class: &Class) -> Self {
        self.namespace
            .set_name(&class.name(), Value::Class(class.clone()));
        self
    }

    /// Adds an arbitrary value.
    pub fn value(self, name: &str, value: impl Into<Value>) -> Self {
        self.namespace.set_str(name, value.into());
        self
    }

    /// Adds all names of another module, as `from other import *` does.
    pub fn all_of(self, other: &Module) -> Self {
        for (name, value) in other.namespace.str_entries() {
            if !name.starts_with('_') {
                self.namespace.set_name(&name, value);
            }
        }
        self
    }

    /// Sets the function that resolves attributes missing from the namespace.
    pub fn attribute_hook(
        mut self,
        hook: impl Fn(&mut Interpreter, &str) -> Result<Option<Value>> + 'static,
    ) -> Self {
        self.attribute_hook = Some(Rc::new(hook));
        self
    }

    /// Finishes the module.
    pub fn build(self) -> Rc<Module> {
        self.namespace
            .set_str("__name__", Value::Str(self.name.clone()));
        Rc::new(Module {
            name: self.name,
            namespace: Rc::new(self.namespace),
            attribute_hook: RefCell::new(self.attribute_hook),
            file: None,
            opaque: false,
        })
    }
}

/// Creates a native module when it is first imported.
pub type ModuleMaker = fn(&mut Interpreter) -> Result<Rc<Module>>;

/// How a module comes into being.
#[derive(Clone, Copy)]
pub enum Maker {
    /// By a function.
    Native(ModuleMaker),
    /// By running its text.
    Source(Resource),
    /// It shows what another module shows, or a class of it.
    Part(&'static str, Option<&'static str>),
}

/// The native modules by their dotted names, and the names of the reference that are not among
/// them.
#[derive(Clone, Default)]
pub struct Registry {
    modules: BTreeMap<&'static str, Maker>,
    table: Option<Resource>,
    installed: Option<InstalledFolders>,
    strict: Vec<&'static str>,
}

/// The folders from which a project's own package would be installed.
pub type InstalledFolders = fn(&dyn Host) -> Vec<String>;

impl Registry {
    /// An empty registry.
    pub fn new() -> Registry {
        Registry::default()
    }

    /// Has the functions of a package refuse each argument that they are given and do not ask for. In
    /// the standard library many ask for a default only where they want it.
    pub fn refuse_unasked(&mut self, package: &'static str) {
        self.strict.push(package);
    }

    pub(crate) fn is_strict(&self, module: &str) -> bool {
        let package = module.split('.').next().unwrap_or_default();
        self.strict.contains(&package)
    }

    /// Adds a module.
    pub fn add(&mut self, name: &'static str, make: ModuleMaker) {
        self.modules.insert(name, Maker::Native(make));
    }

    /// Adds a module that is written in Python.
    pub fn add_source(&mut self, name: &'static str, text: Resource) {
        self.modules.insert(name, Maker::Source(text));
    }

    /// Adds a module that shows what another one shows, or a class of it.
    pub fn add_part(&mut self, name: &'static str, of: &'static str, class: Option<&'static str>) {
        self.modules.insert(name, Maker::Part(of, class));
    }

    /// How the module is made, if it is registered.
    pub fn get(&self, name: &str) -> Option<Maker> {
        self.modules.get(name).copied()
    }

    /// Whether a submodule is registered (`a.b` for `a`).
    pub fn has_below(&self, name: &str) -> bool {
        let prefix = format!("{name}.");
        self.modules
            .range(prefix.as_str()..)
            .next()
            .is_some_and(|(name, _)| name.starts_with(&prefix))
    }

    /// Sets the text of the table of names.
    pub fn set_table(&mut self, text: Resource) {
        self.table = Some(text);
    }

    /// The names that the reference has beyond what is implemented.
    pub fn table(&self) -> NameTable {
        NameTable::new(self.table.map_or("", |table| table.text()))
    }

    /// Whether a dotted name is one of a package that the reference has, rather than one of a
    /// module that is not in the workspace.
    pub fn is_known(&self, name: &str) -> bool {
        let top = name.split(['.', '(', '[']).next().unwrap_or(name);
        self.modules.contains_key(top) || self.table().has(top)
    }

    /// Sets the function that finds the folders of the project's own package.
    pub fn set_installed(&mut self, folders: InstalledFolders) {
        self.installed = Some(folders);
    }

    /// The function that finds the folders of the project's own package.
    pub fn installed(&self) -> Option<InstalledFolders> {
        self.installed
    }

    /// The registered names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.modules.keys().copied()
    }
}

/// Creates an instance that holds Rust state, for [`NativeClass::construct`]; works for the class
/// itself and its Python subclasses.
pub fn instance<T: 'static>(class: &Class, state: T) -> Value {
    Instance::with_native(class, Rc::new(state))
}
