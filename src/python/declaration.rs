//! Declares a Python-visible class in one static table: its names, getters and setters, method
//! signatures in Python's syntax, constructor and bases.
//!
//! The table provides attributes, `dir()`, the TypeErrors for bad arguments, and the signatures
//! shown by an editor or compared by tests ([`NativeFunction::parameters`]). Nothing is built until
//! the class is first accessed.
//!
//! ```
//! use python::{Class, Declaration, Interpreter, NativeObject, Value, method, property};
//!
//! struct Point {
//!     x: i64,
//! }
//!
//! static POINT: Declaration<Point> = Declaration {
//!     properties: &[property("x", |_, point| Ok(Value::Int(point.x)))],
//!     methods: &[method("moved", "self, by=1", |_, point, arguments| {
//!         let by = arguments.value("by").as_int().unwrap_or(1);
//!         Ok(Value::native(Point { x: point.x + by }))
//!     })],
//!     ..Declaration::new("geometry.Point")
//! };
//!
//! impl NativeObject for Point {
//!     fn class(&self, vm: &mut Interpreter) -> Class {
//!         vm.class(&POINT)
//!     }
//! }
//! ```

use std::cell::OnceCell;
use std::rc::Rc;

use super::arguments::{Arguments, Bound, Parameters};
use super::interpreter::Interpreter;
use super::members::Members;
use super::native::{NativeClass, NativeObject};
use super::native_function::{NativeBody, NativeFunction};
use super::value::{Class, Layout, Value};
use ground::diagnostic::{Error, Result};

/// What a declared class's functions receive as `self`: a [`NativeObject`], the Rust state of an
/// instance, or the [`Value`] itself where instances have several representations.
pub trait Receiver: 'static {
    /// Calls `then` with the receiver; `None` if the value is not an instance.
    fn receive<R>(this: &Value, then: impl FnOnce(&Self) -> R) -> Option<R>;
}

impl<T: NativeObject> Receiver for T {
    fn receive<R>(this: &Value, then: impl FnOnce(&T) -> R) -> Option<R> {
        this.downcast::<T>().map(|object| then(&object))
    }
}

impl Receiver for Value {
    fn receive<R>(this: &Value, then: impl FnOnce(&Value) -> R) -> Option<R> {
        Some(then(this))
    }
}

/// Gets an attribute.
pub type Get<T> = fn(&mut Interpreter, &T) -> Result<Value>;
/// Sets an attribute.
pub type Set<T> = fn(&mut Interpreter, &T, &Value) -> Result<()>;
/// A method's body; [`Bound::this`] is `self` as a Python value.
pub type Body<T> = fn(&mut Interpreter, &T, &mut Bound<'_>) -> Result<Value>;
/// The body of a closure created at run time.
pub type BoundBody = dyn Fn(&mut Interpreter, &mut Bound<'_>) -> Result<Value>;
/// The body of a method that binds its arguments itself.
pub type UnboundBody = dyn Fn(&mut Interpreter, &Value, Arguments) -> Result<Value>;
/// The body of a function without a receiver.
pub type FreeBody = fn(&mut Interpreter, &mut Bound<'_>) -> Result<Value>;

/// An attribute of a declared class.
pub struct Property<T> {
    name: &'static str,
    get: Get<T>,
    set: Option<Set<T>>,
}

/// A read-only attribute.
pub const fn property<T>(name: &'static str, get: Get<T>) -> Property<T> {
    Property {
        name,
        get,
        set: None,
    }
}

/// A read-write attribute.
pub const fn settable<T>(name: &'static str, get: Get<T>, set: Set<T>) -> Property<T> {
    Property {
        name,
        get,
        set: Some(set),
    }
}

/// A method of a declared class.
pub struct Method<T> {
    name: &'static str,
    signature: &'static str,
    body: Body<T>,
}

/// A method with its signature in Python's syntax, `self` first.
pub const fn method<T>(name: &'static str, signature: &'static str, body: Body<T>) -> Method<T> {
    Method {
        name,
        signature,
        body,
    }
}

/// A function without a receiver: a module function, static method, class method, constructor or
/// initializer.
pub struct FreeFunction {
    pub(crate) name: &'static str,
    pub(crate) signature: &'static str,
    pub(crate) body: FreeBody,
}

impl FreeFunction {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

/// A function with its signature in Python's syntax.
pub const fn function(name: &'static str, signature: &'static str, body: FreeBody) -> FreeFunction {
    FreeFunction {
        name,
        signature,
        body,
    }
}

/// The constructor of a class whose instances are native values: the signature of `__init__`,
/// `self` first, and the function that creates the instance. Python code cannot subclass such a
/// class.
pub const fn constructor(signature: &'static str, body: FreeBody) -> Option<FreeFunction> {
    Some(function("__init__", signature, body))
}

/// Creates the hooks that customise a class; prefer [`Declaration::constructor`] where it suffices.
pub type Hooks = fn() -> Rc<dyn NativeClass>;

/// The declaration of a class whose functions receive a `T`.
pub struct Declaration<T: Receiver> {
    /// The dotted name under which [`Interpreter::registered_class`] finds the class.
    pub path: &'static str,
    /// Base classes; `object` if empty.
    pub bases: &'static [&'static dyn Declared],
    /// Creates instances; absent if only Rust creates them.
    pub constructor: Option<FreeFunction>,
    /// `__init__` of a class that Python code can subclass: instances are allocated the usual way,
    /// and this attaches the Rust state to them.
    pub initializer: Option<FreeFunction>,
    /// Hooks that customise the class, instead of a constructor.
    pub hooks: Option<Hooks>,
    /// Attributes.
    pub properties: &'static [Property<T>],
    /// Attributes shared with other classes that have no common base.
    pub shared_properties: &'static [Property<T>],
    /// Its methods.
    pub methods: &'static [Method<T>],
    /// Its static methods.
    pub static_methods: &'static [FreeFunction],
    /// Class methods; their first parameter is the class.
    pub class_methods: &'static [FreeFunction],
    /// Its constants.
    pub constants: &'static [(&'static str, Constant)],
    /// Whether a Python class that inherits from it is refused, as for many classes of CPython.
    pub sealed: bool,
}

/// Python's own classes, as bases of declared ones. A declaration stands for the class that is
/// registered under its name, whoever made it.
pub mod built_in {
    use super::{Declaration, Value};

    /// `int`.
    pub static INT: Declaration<Value> = Declaration::new("int");
    /// `str`.
    pub static STR: Declaration<Value> = Declaration::new("str");
    /// `tuple`.
    pub static TUPLE: Declaration<Value> = Declaration::new("tuple");
    /// `list`.
    pub static LIST: Declaration<Value> = Declaration::new("list");
    /// `dict`.
    pub static DICT: Declaration<Value> = Declaration::new("dict");
    /// `set`.
    pub static SET: Declaration<Value> = Declaration::new("set");
    /// `type`.
    pub static TYPE: Declaration<Value> = Declaration::new("type");
}

/// A class-level constant.
#[derive(Clone, Copy)]
pub enum Constant {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An `int`.
    Int(i64),
    /// A `str`.
    Str(&'static str),
    /// A value created with the class's other members.
    Made(fn() -> Value),
}

impl From<Constant> for Value {
    fn from(constant: Constant) -> Value {
        match constant {
            Constant::None => Value::None,
            Constant::Bool(value) => Value::Bool(value),
            Constant::Int(value) => Value::Int(value),
            Constant::Str(text) => Value::str(text),
            Constant::Made(make) => make(),
        }
    }
}

impl<T: Receiver> Declaration<T> {
    /// An empty class, to be completed with `..Declaration::new("module.Class")`.
    pub const fn new(path: &'static str) -> Declaration<T> {
        Declaration {
            path,
            bases: &[],
            constructor: None,
            initializer: None,
            hooks: None,
            properties: &[],
            shared_properties: &[],
            methods: &[],
            static_methods: &[],
            class_methods: &[],
            constants: &[],
            sealed: false,
        }
    }

    /// The names of its methods.
    pub fn method_names(&self) -> impl Iterator<Item = &'static str> + use<T> {
        self.methods.iter().map(|method| method.name)
    }

    /// Whether it has a property or method of that name itself.
    pub fn declares(&self, name: &str) -> bool {
        let mut properties = self.properties.iter().chain(self.shared_properties);
        properties.any(|property| property.name == name)
            || self.methods.iter().any(|method| method.name == name)
    }
}

impl<T: Receiver> Declaration<T> {
    fn property_at(&self, index: usize) -> Option<&Property<T>> {
        let shared = index.checked_sub(self.properties.len());
        match shared {
            Some(index) => self.shared_properties.get(index),
            None => self.properties.get(index),
        }
    }
}

/// The member names of a declared class, independent of its receiver type; for [`Declared`].
pub struct Outline {
    pub(crate) path: &'static str,
    pub(crate) bases: &'static [&'static dyn Declared],
    pub(crate) constructor: Option<&'static FreeFunction>,
    pub(crate) initializer: Option<&'static FreeFunction>,
    pub(crate) hooks: Option<Hooks>,
    pub(crate) static_methods: &'static [FreeFunction],
    pub(crate) class_methods: &'static [FreeFunction],
    pub(crate) constants: &'static [(&'static str, Constant)],
    pub(crate) sealed: bool,
}

/// A type-erased [`Declaration`].
pub trait Declared: Sync {
    /// The dotted name.
    fn path(&self) -> &'static str;

    /// The part that does not depend on the receiver type.
    #[doc(hidden)]
    fn outline(&'static self) -> Outline;

    /// A property's name by index, and whether it is settable.
    #[doc(hidden)]
    fn property(&self, index: usize) -> Option<(&'static str, bool)>;

    /// A method's name and signature by index.
    #[doc(hidden)]
    fn method(&self, index: usize) -> Option<(&'static str, &'static str)>;

    /// Gets a property; `None` if the value is not an instance of the class.
    #[doc(hidden)]
    fn get(&self, vm: &mut Interpreter, index: usize, this: &Value) -> Option<Result<Value>>;

    /// Sets a property; `None` if the value is not an instance of the class.
    #[doc(hidden)]
    fn set(
        &self,
        vm: &mut Interpreter,
        index: usize,
        this: &Value,
        value: &Value,
    ) -> Option<Result<()>>;

    /// Calls a method; `None` if the value is not an instance of the class.
    #[doc(hidden)]
    fn call(
        &self,
        vm: &mut Interpreter,
        index: usize,
        this: &Value,
        arguments: &mut Bound<'_>,
    ) -> Option<Result<Value>>;
}

impl<T: Receiver> Declared for Declaration<T> {
    fn path(&self) -> &'static str {
        self.path
    }

    fn outline(&'static self) -> Outline {
        Outline {
            path: self.path,
            bases: self.bases,
            constructor: self.constructor.as_ref(),
            initializer: self.initializer.as_ref(),
            hooks: self.hooks,
            static_methods: self.static_methods,
            class_methods: self.class_methods,
            constants: self.constants,
            sealed: self.sealed,
        }
    }

    fn property(&self, index: usize) -> Option<(&'static str, bool)> {
        let property = self.property_at(index)?;
        Some((property.name, property.set.is_some()))
    }

    fn method(&self, index: usize) -> Option<(&'static str, &'static str)> {
        let method = self.methods.get(index)?;
        Some((method.name, method.signature))
    }

    fn get(&self, vm: &mut Interpreter, index: usize, this: &Value) -> Option<Result<Value>> {
        let get = self.property_at(index)?.get;
        T::receive(this, |object| get(vm, object))
    }

    fn set(
        &self,
        vm: &mut Interpreter,
        index: usize,
        this: &Value,
        value: &Value,
    ) -> Option<Result<()>> {
        let set = self.property_at(index)?.set?;
        T::receive(this, |object| set(vm, object, value))
    }

    fn call(
        &self,
        vm: &mut Interpreter,
        index: usize,
        this: &Value,
        arguments: &mut Bound<'_>,
    ) -> Option<Result<Value>> {
        let body = self.methods.get(index)?.body;
        T::receive(this, |object| body(vm, object, arguments))
    }
}

/// A declared function's parameters, parsed on the first call.
pub struct Signature {
    text: Text,
    parameters: OnceCell<Box<Parameters>>,
}

/// A parameter list in Python's syntax.
enum Text {
    Written(&'static str),
    /// Put together from a table when somebody asks.
    Made(OnceCell<String>, Box<dyn Fn() -> String>),
}

impl Signature {
    pub(crate) fn new(text: &'static str) -> Signature {
        Signature {
            text: Text::Written(text),
            parameters: OnceCell::new(),
        }
    }

    pub(crate) fn made(make: Box<dyn Fn() -> String>) -> Signature {
        Signature {
            text: Text::Made(OnceCell::new(), make),
            parameters: OnceCell::new(),
        }
    }

    fn text(&self) -> &str {
        match &self.text {
            Text::Written(text) => text,
            Text::Made(text, make) => text.get_or_init(make),
        }
    }

    fn get(&self, make: impl FnOnce(&str) -> Parameters) -> &Parameters {
        self.parameters.get_or_init(|| Box::new(make(self.text())))
    }

    /// The parameters, whose errors name the function.
    fn parameters(&self, function: &NativeFunction) -> &Parameters {
        self.get(|text| {
            let parameters = Parameters::new(&function.qualified_name(), text);
            match function.owner {
                Some(_) => parameters,
                None => parameters.of_module(&function.module),
            }
        })
    }
}

/// The callable behind a declared function.
pub(crate) enum DeclaredBody {
    Get(&'static dyn Declared, usize),
    Set(&'static dyn Declared, usize),
    Method(&'static dyn Declared, usize, Signature),
    Free(FreeBody, Signature),
    Closure(Box<BoundBody>, Signature),
    /// Binds its arguments itself; the signature is only shown.
    Unbound(Box<UnboundBody>, Signature),
}

impl DeclaredBody {
    pub(crate) fn free(function: &FreeFunction) -> DeclaredBody {
        DeclaredBody::Free(function.body, Signature::new(function.signature))
    }

    fn signature(&self) -> Option<&Signature> {
        match self {
            DeclaredBody::Method(_, _, signature)
            | DeclaredBody::Free(_, signature)
            | DeclaredBody::Closure(_, signature)
            | DeclaredBody::Unbound(_, signature) => Some(signature),
            DeclaredBody::Get(..) | DeclaredBody::Set(..) => None,
        }
    }

    pub(crate) fn call(
        &self,
        vm: &mut Interpreter,
        function: &NativeFunction,
        arguments: Arguments,
    ) -> Result<Value> {
        let (this, found) = match self {
            DeclaredBody::Get(declared, index) => {
                let [this] = arguments.exactly("__get__")?;
                let found = declared.get(vm, *index, &this);
                (this, found)
            }
            DeclaredBody::Set(declared, index) => {
                let [this, value] = arguments.exactly("__set__")?;
                let found = declared.set(vm, *index, &this, &value);
                (this, found.map(|done| done.map(|()| Value::None)))
            }
            DeclaredBody::Method(declared, index, signature) => {
                let parameters = signature.parameters(function);
                let mut bound = arguments.bind(parameters)?;
                let this = bound.this().clone();
                let mut found = declared.call(vm, *index, &this, &mut bound);
                if let Some(Ok(_)) = found
                    && vm.registry.is_strict(&function.module)
                    && let Err(error) = bound.all_heard()
                {
                    found = Some(Err(error));
                }
                (this, found)
            }
            DeclaredBody::Free(body, signature) => {
                let parameters = signature.parameters(function);
                let class = match arguments.positional.first() {
                    Some(Value::Class(class)) if class.user_defined => Some(class.clone()),
                    _ => None,
                };
                let made = heard(vm, &function.module, arguments.bind(parameters)?, body)?;
                // A class method that makes an instance makes one of the class it was called on.
                return Ok(match (class, &made) {
                    (Some(class), Value::Native(_)) if class.is_subclass(&vm.class_of(&made)) => {
                        super::builtins::wrap(vm, &class, made)
                    }
                    _ => made,
                });
            }
            DeclaredBody::Closure(body, signature) => {
                let parameters = signature.parameters(function);
                return heard(vm, &function.module, arguments.bind(parameters)?, body);
            }
            DeclaredBody::Unbound(body, _) => {
                let mut arguments = arguments;
                return match arguments.take_first() {
                    Some(this) => body(vm, &this, arguments),
                    None => Err(function.unbound(vm)),
                };
            }
        };
        found.unwrap_or_else(|| {
            let class = vm.class_of(&this).name();
            Err(vm.type_error(format!(
                "descriptor '{}' for '{}' objects doesn't apply to a '{class}' object",
                function.name,
                function.owner.as_deref().unwrap_or_default(),
            )))
        })
    }
}

/// Calls a body, and refuses an argument that it did not ask for.
fn heard(
    vm: &mut Interpreter,
    module: &str,
    mut bound: Bound<'_>,
    body: impl FnOnce(&mut Interpreter, &mut Bound<'_>) -> Result<Value>,
) -> Result<Value> {
    let made = body(vm, &mut bound)?;
    if vm.registry.is_strict(module) {
        bound.all_heard()?;
    }
    Ok(made)
}

impl NativeFunction {
    /// A method with its signature in Python's syntax, `self` first, described by a table in
    /// another crate.
    pub fn declared(
        name: &str,
        module: &str,
        signature: &'static str,
        body: impl Fn(&mut Interpreter, &mut Bound<'_>) -> Result<Value> + 'static,
    ) -> NativeFunction {
        NativeFunction {
            name: Rc::from(name),
            owner: None,
            module: Rc::from(module),
            binds: true,
            body: NativeBody::Declared(DeclaredBody::Closure(
                Box::new(body),
                Signature::new(signature),
            )),
            attributes: OnceCell::new(),
        }
    }

    /// The parameters of a declared function, including `self`.
    pub fn parameters(&self) -> Option<&Parameters> {
        let signature = self.declared_body()?.signature()?;
        Some(signature.parameters(self))
    }

    /// A declared function's signature in Python's syntax, with defaults.
    pub fn signature(&self) -> Option<&str> {
        Some(self.declared_body()?.signature()?.text())
    }
}

/// Class hooks for a declared constructor.
struct Constructor {
    path: &'static str,
    body: FreeBody,
    signature: Signature,
}

impl NativeClass for Constructor {
    fn construct(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let own = |name: &str| {
            let found = class.lookup_with_class(name);
            found.filter(|(owner, _)| owner.user_defined)
        };
        if own("__new__").is_some() {
            return Err(Error::unsupported(format!(
                "{} inherits from {} and makes its instances itself, which is not possible here",
                class.name(),
                self.path
            )));
        }
        let parameters = self.signature.get(|text| {
            let (_, name) = split(self.path);
            Parameters::new(&[name, ".__init__"].concat(), text)
        });
        let given = arguments.clone().with_first(Value::None);
        let made = heard(vm, self.path, given.bind(parameters)?, self.body)?;
        if !class.user_defined {
            return Ok(Some(made));
        }
        // An instance of a program's own class stands for the native object.
        let made = super::builtins::wrap(vm, class, made);
        if let Some((_, initialize)) = own("__init__") {
            vm.call(&initialize, arguments.clone().with_first(made.clone()))?;
        }
        Ok(Some(made))
    }
}

/// Splits a dotted name into module and class name.
fn split(path: &'static str) -> (&'static str, &'static str) {
    path.rsplit_once('.').unwrap_or(("builtins", path))
}

impl Interpreter {
    /// The class registered under the declaration's name; built with its bases on first use.
    pub fn class(&mut self, declared: &'static dyn Declared) -> Class {
        let outline = declared.outline();
        if let Some(class) = self.registered.get(outline.path) {
            return class.clone();
        }
        self.declare(declared, outline)
    }

    /// Constructs an instance of a declared class, as `Class(arguments)` does.
    ///
    /// # Errors
    /// What the constructor raises.
    pub fn make(&mut self, declared: &'static dyn Declared, arguments: Arguments) -> Result<Value> {
        let class = self.class(declared);
        self.construct(&class, arguments)
    }

    #[cold]
    fn declare(&mut self, declared: &'static dyn Declared, outline: Outline) -> Class {
        let mut bases: Vec<Class> = Vec::with_capacity(outline.bases.len());
        for base in outline.bases {
            bases.push(self.class(*base));
        }
        if bases.is_empty() {
            bases.push(self.object_class());
        }
        let hooks = match (outline.constructor, outline.hooks) {
            (Some(constructor), _) => Some(Rc::new(Constructor {
                path: outline.path,
                body: constructor.body,
                signature: Signature::new(constructor.signature),
            }) as Rc<dyn NativeClass>),
            (None, Some(hooks)) => Some(hooks()),
            (None, None) => None,
        };
        let (module, name) = split(outline.path);
        let mut members = Members::new(Rc::from(module), Rc::from(name));
        members.declared = Some(declared);
        let layout = outline.sealed.then_some(Layout::Sealed);
        self.make_native_class(bases, layout, hooks, members)
    }
}
