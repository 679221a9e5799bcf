//! Classes and their instances.

use std::any::{Any, TypeId};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use ground::hash::IndexMap;

use super::Value;
use crate::dict::Dict;
use crate::native::NativeClass;
use ground::diagnostic::{Error, Location, Span};

/// A class.
#[derive(Clone)]
pub struct Class(pub Rc<ClassData>);

/// The built-in layout of a class's instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A plain object with a `__dict__`.
    Object,
    /// `type`.
    Type,
    /// `int`.
    Int,
    /// `bool`.
    Bool,
    /// `float`.
    Float,
    /// `complex` and other values that live in [`Value::Native`].
    Native,
    /// `str`.
    Str,
    /// `bytes`.
    Bytes,
    /// `list`.
    List,
    /// `tuple`.
    Tuple,
    /// `dict`.
    Dict,
    /// `set`.
    Set,
    /// `frozenset`.
    FrozenSet,
    /// `BaseException` and its subclasses.
    Exception,
    /// Built-in types that Python code cannot instantiate or subclass (`NoneType`, `function`).
    Sealed,
}

/// The state of a class object.
pub struct ClassData {
    /// `__name__`.
    pub name: RefCell<Rc<str>>,
    /// `__qualname__`.
    pub qualified_name: RefCell<Rc<str>>,
    /// `__module__`.
    pub module: RefCell<Rc<str>>,
    /// `__bases__`.
    pub bases: Vec<Class>,
    /// The method resolution order, without the class itself.
    pub(crate) ancestors: Vec<Class>,
    /// `__dict__`.
    pub namespace: Rc<Dict>,
    /// The layout of instances.
    pub layout: Layout,
    /// Rust hooks of the class, its own or inherited.
    pub hooks: Option<Rc<dyn NativeClass>>,
    /// Annotations of the body, in order.
    pub annotations: RefCell<IndexMap<Rc<str>, Annotation>>,
    /// Where Python code defined it, if it did.
    pub definition: Option<Span>,
    /// The name of an opaque base, if it has one.
    pub opaque_base: Option<Rc<str>>,
    /// Whether it was made by a `class` statement or `type()`.
    pub user_defined: bool,
    /// The names in `__slots__`, if it is defined and no base has a `__dict__`.
    pub slots: Option<Vec<Rc<str>>>,
    pub(crate) native: RefCell<Vec<Rc<dyn Any>>>,
    pub(crate) subclasses: RefCell<Vec<std::rc::Weak<ClassData>>>,
    /// What the instances hold, for as long as they live: they may hold each other.
    pub(crate) instances: RefCell<Vec<std::rc::Weak<Dict>>>,
}

impl ClassData {
    fn note_instance(&self, attributes: &Rc<Dict>) {
        let mut instances = self.instances.borrow_mut();
        // Those that are gone are dropped before the list would grow, at most every other time.
        if instances.len() == instances.capacity() {
            instances.retain(|attributes| attributes.strong_count() > 0);
            let live = instances.len();
            instances.reserve_exact(live.max(16));
        }
        instances.push(Rc::downgrade(attributes));
    }
}

/// One annotation of a class body or function: `name: annotation`.
#[derive(Clone)]
pub struct Annotation {
    /// The annotation's source text.
    pub source: Rc<str>,
    /// Where it stands.
    pub span: Span,
    /// The value, if the annotation was evaluated (no `from __future__ import annotations`);
    /// otherwise `None`, to be resolved with [`Interpreter::evaluate_annotation`].
    pub value: Option<Value>,
}

/// An instance of a class.
pub struct Instance {
    /// `__class__`.
    pub class: RefCell<Class>,
    /// `__dict__`.
    pub attributes: Rc<Dict>,
    /// The built-in value inside an instance of a subclass of `str`, `int`, `list`, `dict`, ...
    pub base: Option<Value>,
    /// Attached Rust state, by type.
    pub(crate) native: RefCell<Vec<Rc<dyn Any>>>,
}

/// The state of a `BaseException` instance, besides its attributes.
pub struct ExceptionState {
    /// `args`.
    pub arguments: RefCell<Rc<[Value]>>,
    /// `__cause__`.
    pub cause: RefCell<Option<Value>>,
    /// `__context__`.
    pub context: RefCell<Option<Value>>,
    /// `__suppress_context__`.
    pub suppress_context: Cell<bool>,
    /// The error it was raised as, with its traceback.
    pub error: RefCell<Option<Error>>,
    /// The traceback's frames so far.
    pub traceback: RefCell<Vec<ground::diagnostic::Frame>>,
}

impl PartialEq for Class {
    fn eq(&self, other: &Class) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Class {}

impl std::ops::Deref for Class {
    type Target = ClassData;
    fn deref(&self) -> &ClassData {
        &self.0
    }
}

impl fmt::Debug for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<class {}>", self.dotted_name())
    }
}

impl Class {
    /// `__name__`.
    pub fn name(&self) -> Rc<str> {
        self.0.name.borrow().clone()
    }

    /// `__module__` and `__qualname__`; built-in classes have no module prefix.
    pub fn dotted_name(&self) -> String {
        let module = self.0.module.borrow();
        let name = self.0.qualified_name.borrow();
        if &**module == "builtins" {
            name.to_string()
        } else {
            [&**module, ".", &**name].concat()
        }
    }

    /// The method resolution order: the class itself, then its ancestors.
    pub fn mro(&self) -> impl std::iter::Iterator<Item = &Class> {
        std::iter::once(self).chain(self.0.ancestors.iter())
    }

    /// Whether it is `other` or a subclass of it.
    pub fn is_subclass(&self, other: &Class) -> bool {
        self == other || self.0.ancestors.contains(other)
    }

    /// Whether `dotted_name` is its dotted name.
    pub fn is_named(&self, dotted_name: &str) -> bool {
        let module = self.0.module.borrow();
        let name = self.0.qualified_name.borrow();
        if &**module == "builtins" {
            return &**name == dotted_name;
        }
        dotted_name
            .strip_suffix(&**name)
            .and_then(|rest| rest.strip_suffix('.'))
            == Some(&**module)
    }

    /// Whether it or an ancestor has that dotted name.
    pub fn inherits_from(&self, dotted_name: &str) -> bool {
        self.mro().any(|class| class.is_named(dotted_name))
    }

    /// Looks up an attribute along the MRO, without binding it.
    pub fn lookup(&self, name: &str) -> Option<Value> {
        self.mro().find_map(|class| class.0.namespace.get_str(name))
    }

    /// As [`lookup`](Self::lookup), with the class that defines it.
    pub fn lookup_with_class(&self, name: &str) -> Option<(Class, Value)> {
        self.mro().find_map(|class| {
            let value = class.0.namespace.get_str(name)?;
            Some((class.clone(), value))
        })
    }

    /// Sets an attribute in its own namespace, bypassing all hooks.
    pub fn set(&self, name: &str, value: Value) {
        self.0.namespace.set_str(name, value);
    }

    /// The Rust state of that type attached to this class itself.
    pub fn native<T: 'static>(&self) -> Option<Rc<T>> {
        find_native(&self.0.native)
    }

    /// The Rust state of that type attached to this class or its nearest ancestor.
    pub fn inherited_native<T: 'static>(&self) -> Option<Rc<T>> {
        self.mro().find_map(Class::native::<T>)
    }

    /// Attaches Rust state, replacing any of the same type.
    pub fn set_native<T: 'static>(&self, state: Rc<T>) {
        set_native(&self.0.native, state);
    }

    /// Its direct subclasses that are still alive (`__subclasses__`).
    pub fn subclasses(&self) -> Vec<Class> {
        self.0
            .subclasses
            .borrow()
            .iter()
            .filter_map(|weak| weak.upgrade().map(Class))
            .collect()
    }
}

impl Instance {
    /// Creates an instance without running its constructor.
    pub fn new(class: &Class) -> Instance {
        let attributes = Rc::new(Dict::new());
        if class.user_defined {
            class.note_instance(&attributes);
        }
        Instance {
            class: RefCell::new(class.clone()),
            attributes,
            base: None,
            native: RefCell::default(),
        }
    }

    /// Creates an instance that holds Rust state.
    pub fn with_native<T: 'static>(class: &Class, state: Rc<T>) -> Value {
        let instance = Instance::new(class);
        instance.native.borrow_mut().push(state);
        Value::Instance(Rc::new(instance))
    }

    /// The attached Rust state of that type.
    pub fn native<T: 'static>(&self) -> Option<Rc<T>> {
        find_native(&self.native)
    }

    /// Attaches Rust state, replacing any of the same type.
    pub fn set_native<T: 'static>(&self, state: Rc<T>) {
        set_native(&self.native, state);
    }

    /// Its class.
    pub fn class(&self) -> Class {
        self.class.borrow().clone()
    }
}

// Not generic, so that the WebAssembly build contains one copy instead of a hundred.
fn find_any(slots: &RefCell<Vec<Rc<dyn Any>>>, kind: TypeId) -> Option<Rc<dyn Any>> {
    let slots = slots.borrow();
    slots
        .iter()
        .find(|slot| (***slot).type_id() == kind)
        .cloned()
}

fn find_native<T: 'static>(slots: &RefCell<Vec<Rc<dyn Any>>>) -> Option<Rc<T>> {
    let found = find_any(slots, TypeId::of::<T>())?;
    found.downcast::<T>().ok()
}

fn set_native<T: 'static>(slots: &RefCell<Vec<Rc<dyn Any>>>, state: Rc<T>) {
    let mut slots = slots.borrow_mut();
    match slots.iter_mut().find(|slot| slot.is::<T>()) {
        Some(slot) => *slot = state,
        None => slots.push(state),
    }
}

/// A new class's body, as passed to [`NativeClass::init_subclass`].
pub struct ClassBody {
    /// Class keywords: `class Hero(SQLModel, table=True)`.
    pub keywords: Vec<(Rc<str>, Value)>,
    /// Where the statement stands.
    pub location: Option<Location>,
}
