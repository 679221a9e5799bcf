//! Python values: a cheap handle for each kind of object.

mod class;

use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use ground::hash::IndexMap;
use num_bigint::BigInt;

use super::arguments::Arguments;
use super::dict::Dict;
use super::interpreter::Interpreter;
use super::native::NativeObject;
pub use class::{Annotation, Class, ClassBody, ClassData, ExceptionState, Instance, Layout};

pub use super::native_function::{NativeBody, NativeFunction};
use super::tree::Code;
use ground::diagnostic::Result;

/// Any Python value. Cloning copies a handle, never the object.
#[derive(Clone)]
pub enum Value {
    /// `None`.
    None,
    /// `NotImplemented`.
    NotImplemented,
    /// `...`.
    Ellipsis,
    /// `True` and `False`.
    Bool(bool),
    /// An `int` that fits in 64 bits; always represented this way if it fits.
    Int(i64),
    /// An `int` that does not fit in 64 bits.
    BigInt(Rc<BigInt>),
    /// A `float`.
    Float(f64),
    /// A `str`.
    Str(Rc<str>),
    /// A `bytes`.
    Bytes(Rc<[u8]>),
    /// A `list`.
    List(Rc<List>),
    /// A `tuple`.
    Tuple(Rc<[Value]>),
    /// A `dict`.
    Dict(Rc<Dict>),
    /// A `set` or a `frozenset`.
    Set(Rc<Set>),
    /// A `range`.
    Range(Rc<Range>),
    /// A `slice`.
    Slice(Rc<Slice>),
    /// A function written in Python.
    Function(Rc<Function>),
    /// A function written in Rust.
    NativeFunction(Rc<NativeFunction>),
    /// A function bound to its first argument.
    Method(Rc<Method>),
    /// A class.
    Class(Class),
    /// An instance of a class.
    Instance(Rc<Instance>),
    /// A module.
    Module(Rc<Module>),
    /// An iterator of a built-in kind.
    Iterator(Rc<Iterator>),
    /// A running generator, or a coroutine.
    Generator(Rc<super::eval::Generator>),
    /// `property`, `classmethod` or `staticmethod`.
    Descriptor(Rc<Descriptor>),
    /// A Rust value visible to Python.
    Native(Rc<dyn NativeObject>),
}

/// A `list`.
#[derive(Default)]
pub struct List {
    /// Its items.
    pub items: RefCell<Vec<Value>>,
}

impl Drop for List {
    fn drop(&mut self) {
        super::discard::values(std::mem::take(self.items.get_mut()));
    }
}

/// A `set` or `frozenset`; preserves insertion order.
#[derive(Default)]
pub struct Set {
    /// The items, as dictionary keys.
    pub items: Dict,
    /// Whether it is a `frozenset`.
    pub frozen: bool,
}

/// A `range`.
pub struct Range {
    /// The first number.
    pub start: i64,
    /// The bound, not included.
    pub stop: i64,
    /// The step, never zero.
    pub step: i64,
}

impl Range {
    /// How many numbers.
    pub fn len(&self) -> usize {
        let (start, stop, step) = (
            i128::from(self.start),
            i128::from(self.stop),
            i128::from(self.step),
        );
        let count = if step > 0 {
            (stop - start + step - 1).div_euclid(step)
        } else {
            (start - stop - step - 1).div_euclid(-step)
        };
        usize::try_from(count.max(0)).unwrap_or(usize::MAX)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at an index, which must be in range.
    pub fn at(&self, index: usize) -> i64 {
        self.start
            .wrapping_add(self.step.wrapping_mul(i64::try_from(index).unwrap_or(0)))
    }
}

/// A `slice`.
pub struct Slice {
    /// `start`, or `None`.
    pub start: Value,
    /// `stop`, or `None`.
    pub stop: Value,
    /// `step`, or `None`.
    pub step: Value,
}

/// A function written in Python.
pub struct Function {
    /// Its body and parameters.
    pub code: Rc<Code>,
    /// `__name__`.
    pub name: RefCell<Rc<str>>,
    /// `__qualname__`.
    pub qualified_name: RefCell<Rc<str>>,
    /// The module's namespace.
    pub globals: Rc<Dict>,
    /// The scope of the enclosing function.
    pub(crate) closure: Option<Rc<super::eval::Scope>>,
    /// Defaults of the last positional parameters.
    pub defaults: RefCell<Vec<Value>>,
    /// Defaults of keyword-only parameters.
    pub keyword_defaults: RefCell<Vec<(Rc<str>, Value)>>,
    /// The class whose body defined it, for `super()`.
    pub(crate) class_cell: Option<Rc<ClassCell>>,
    /// Attributes set on the function.
    pub attributes: Dict,
    /// Annotations by parameter name, `return` last.
    pub annotations: RefCell<IndexMap<Rc<str>, Annotation>>,
}

/// The class whose body is running, filled in once it has been created.
pub type ClassCell = RefCell<Option<std::rc::Weak<ClassData>>>;

impl Drop for Function {
    fn drop(&mut self) {
        super::discard::values(std::mem::take(self.defaults.get_mut()));
    }
}

/// A function bound to its first argument.
pub struct Method {
    /// The first argument.
    pub this: Value,
    /// The function.
    pub function: Value,
}

/// `property`, `classmethod`, `staticmethod` and `functools.cached_property`.
pub enum Descriptor {
    /// `property`.
    Property {
        /// The getter.
        get: Option<Value>,
        /// The setter.
        set: Option<Value>,
        /// The deleter.
        delete: Option<Value>,
        /// `__doc__`.
        doc: RefCell<Value>,
    },
    /// `classmethod`.
    ClassMethod(Value),
    /// `staticmethod`.
    StaticMethod(Value),
    /// `functools.cached_property`: the function and the name it was given.
    CachedProperty(Value, RefCell<Rc<str>>),
}

/// A module.
pub struct Module {
    /// `__name__`.
    pub name: Rc<str>,
    /// `__dict__`.
    pub namespace: Rc<Dict>,
    /// Resolves attributes missing from the namespace.
    pub attribute_hook: RefCell<Option<Rc<AttributeHook>>>,
    /// The path of the file it came from.
    pub file: Option<Rc<str>>,
    /// Whether it is a placeholder for an unavailable module.
    pub opaque: bool,
}

/// Resolves a module attribute; `None` if there is none.
pub type AttributeHook = dyn Fn(&mut Interpreter, &str) -> Result<Option<Value>>;

/// The step of an [`Iterator`]: the next value, or `None` at the end.
pub type NextBody = dyn FnMut(&mut Interpreter) -> Result<Option<Value>>;

/// An iterator of a built-in kind.
pub struct Iterator {
    /// The name of its class, such as `list_iterator`.
    pub kind: &'static str,
    pub(crate) next: RefCell<Option<Box<NextBody>>>,
}

impl Drop for Iterator {
    fn drop(&mut self) {
        if let Some(next) = self.next.get_mut().take() {
            super::discard::step(next);
        }
    }
}

impl Iterator {
    /// Creates an iterator from a step closure.
    #[expect(
        clippy::new_ret_no_self,
        reason = "an iterator is only of use as a value"
    )]
    pub fn new(
        kind: &'static str,
        next: impl FnMut(&mut Interpreter) -> Result<Option<Value>> + 'static,
    ) -> Value {
        Value::Iterator(Rc::new(Iterator {
            kind,
            next: RefCell::new(Some(Box::new(next))),
        }))
    }

    /// Returns the next value; a finished iterator stays finished.
    pub fn step(&self, vm: &mut Interpreter) -> Result<Option<Value>> {
        vm.check_stack()?;
        // The closure is taken out while it runs, so that no borrow is held across Python code.
        let Some(mut next) = self.next.borrow_mut().take() else {
            return Ok(None);
        };
        let result = next(vm)?;
        if result.is_some() {
            *self.next.borrow_mut() = Some(next);
        }
        Ok(result)
    }
}

impl Value {
    /// A `str`.
    pub fn str(text: impl AsRef<str>) -> Value {
        Value::Str(Rc::from(text.as_ref()))
    }

    /// A `list`.
    pub fn list(items: Vec<Value>) -> Value {
        Value::List(Rc::new(List {
            items: RefCell::new(items),
        }))
    }

    /// A `tuple`.
    pub fn tuple(items: Vec<Value>) -> Value {
        Value::Tuple(Rc::from(items))
    }

    /// A `dict` with `str` keys.
    pub fn dict<K: AsRef<str>>(items: impl IntoIterator<Item = (K, Value)>) -> Value {
        let dict = Dict::new();
        for (name, value) in items {
            dict.set_str(name.as_ref(), value);
        }
        Value::Dict(Rc::new(dict))
    }

    /// A `bytes`.
    pub fn bytes(bytes: impl AsRef<[u8]>) -> Value {
        Value::Bytes(Rc::from(bytes.as_ref()))
    }

    /// An `int` of any size, in its normal form.
    pub fn int(value: impl Into<BigInt>) -> Value {
        use num_traits::ToPrimitive;
        let value = value.into();
        match value.to_i64() {
            Some(small) => Value::Int(small),
            None => Value::BigInt(Rc::new(value)),
        }
    }

    /// A native object.
    pub fn native(object: impl NativeObject) -> Value {
        Value::Native(Rc::new(object))
    }

    /// `value`, or `None`.
    pub fn optional(value: Option<Value>) -> Value {
        value.unwrap_or(Value::None)
    }

    /// Creates a native function that does not bind as a method.
    pub fn function(
        name: &str,
        body: impl Fn(&mut Interpreter, Arguments) -> Result<Value> + 'static,
    ) -> Value {
        Value::NativeFunction(Rc::new(NativeFunction::new(name, "", false, body)))
    }

    /// Whether it is `None`.
    pub fn is_none(&self) -> bool {
        matches!(self, Value::None)
    }

    /// The text of a `str` or of an instance of a `str` subclass.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            Value::Instance(instance) => match &instance.base {
                Some(Value::Str(text)) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// The text of a `str`, shared.
    pub fn as_text(&self) -> Option<Rc<str>> {
        match self {
            Value::Str(text) => Some(text.clone()),
            Value::Instance(instance) => match &instance.base {
                Some(Value::Str(text)) => Some(text.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// The value of an `int` or `bool` that fits in 64 bits.
    pub fn as_int(&self) -> Option<i64> {
        match self.plain() {
            Value::Int(value) => Some(*value),
            Value::Bool(value) => Some(i64::from(*value)),
            _ => None,
        }
    }

    /// The truth of a `bool`.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number of a `float` or `int`.
    pub fn as_float(&self) -> Option<f64> {
        use num_traits::ToPrimitive;
        match self.plain() {
            Value::Float(value) => Some(*value),
            Value::Int(value) => Some(*value as f64),
            Value::Bool(value) => Some(f64::from(u8::from(*value))),
            Value::BigInt(value) => value.to_f64(),
            _ => None,
        }
    }

    /// The items of a `list` or `tuple`, copied.
    pub fn as_items(&self) -> Option<Vec<Value>> {
        match self.plain() {
            Value::List(list) => Some(list.items.borrow().clone()),
            Value::Tuple(items) => Some(items.to_vec()),
            _ => None,
        }
    }

    /// The class, if the value is one.
    pub fn as_class(&self) -> Option<&Class> {
        match self {
            Value::Class(class) => Some(class),
            _ => None,
        }
    }

    /// The dictionary of a `dict` or of an instance of a `dict` subclass.
    pub fn as_dict(&self) -> Option<&Rc<Dict>> {
        match self.plain() {
            Value::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// The built-in value inside an instance of a subclass of a built-in class; otherwise the value
    /// itself.
    pub fn plain(&self) -> &Value {
        match self {
            Value::Instance(instance) => instance.base.as_ref().unwrap_or(self),
            other => other,
        }
    }

    /// The Rust state of this type: the native object itself, or state attached to an instance or
    /// class.
    pub fn downcast<T: 'static>(&self) -> Option<Rc<T>> {
        match self {
            Value::Native(object) => {
                let object: Rc<dyn Any> = object.clone();
                object.downcast::<T>().ok()
            }
            Value::Instance(instance) => match (instance.native::<T>(), &instance.base) {
                (None, Some(base @ Value::Native(_))) => base.downcast::<T>(),
                (found, _) => found,
            },
            Value::Class(class) => class.native::<T>(),
            _ => None,
        }
    }

    /// Whether it is a container, which may start a chain of nested ones.
    pub(crate) fn holds_others(&self) -> bool {
        matches!(
            self,
            Value::List(_)
                | Value::Tuple(_)
                | Value::Dict(_)
                | Value::Set(_)
                | Value::Instance(_)
                | Value::Function(_)
                | Value::Method(_)
                | Value::Iterator(_)
                | Value::Generator(_)
        )
    }

    /// The nesting depth of tuples, along their first and last items.
    pub(crate) fn tuple_depth(&self) -> usize {
        let mut depth = 0;
        let mut value = self;
        while let Value::Tuple(items) = value {
            depth += 1;
            let Some(next) = [items.first(), items.last()]
                .into_iter()
                .flatten()
                .find(|item| matches!(item, Value::Tuple(_)))
            else {
                break;
            };
            value = next;
        }
        depth
    }

    /// Whether both are the same object (`is`).
    pub fn is(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::None, Value::None)
            | (Value::NotImplemented, Value::NotImplemented)
            | (Value::Ellipsis, Value::Ellipsis) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::BigInt(a), Value::BigInt(b)) => Rc::ptr_eq(a, b),
            (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
            (Value::Str(a), Value::Str(b)) => Rc::ptr_eq(a, b) || a == b,
            (Value::Bytes(a), Value::Bytes(b)) => Rc::ptr_eq(a, b),
            (Value::List(a), Value::List(b)) => Rc::ptr_eq(a, b),
            (Value::Tuple(a), Value::Tuple(b)) => {
                Rc::ptr_eq(a, b) || (a.is_empty() && b.is_empty())
            }
            (Value::Dict(a), Value::Dict(b)) => Rc::ptr_eq(a, b),
            (Value::Set(a), Value::Set(b)) => Rc::ptr_eq(a, b),
            (Value::Range(a), Value::Range(b)) => Rc::ptr_eq(a, b),
            (Value::Slice(a), Value::Slice(b)) => Rc::ptr_eq(a, b),
            (Value::Function(a), Value::Function(b)) => Rc::ptr_eq(a, b),
            (Value::NativeFunction(a), Value::NativeFunction(b)) => Rc::ptr_eq(a, b),
            (Value::Method(a), Value::Method(b)) => Rc::ptr_eq(a, b),
            (Value::Class(a), Value::Class(b)) => a == b,
            (Value::Instance(a), Value::Instance(b)) => Rc::ptr_eq(a, b),
            (Value::Module(a), Value::Module(b)) => Rc::ptr_eq(a, b),
            (Value::Iterator(a), Value::Iterator(b)) => Rc::ptr_eq(a, b),
            (Value::Generator(a), Value::Generator(b)) => Rc::ptr_eq(a, b),
            (Value::Descriptor(a), Value::Descriptor(b)) => Rc::ptr_eq(a, b),
            (Value::Native(a), Value::Native(b)) => std::ptr::addr_eq(Rc::as_ptr(a), Rc::as_ptr(b)),
            _ => false,
        }
    }

    /// A number that identifies the object during its lifetime (`id()`); `None` for values without
    /// an address.
    pub fn address(&self) -> Option<usize> {
        Some(match self {
            Value::BigInt(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Str(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Bytes(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::List(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Tuple(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Dict(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Set(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Range(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Slice(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Function(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::NativeFunction(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Method(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Class(a) => Rc::as_ptr(&a.0).cast::<u8>() as usize,
            Value::Instance(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Module(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Iterator(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Generator(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Descriptor(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            Value::Native(a) => Rc::as_ptr(a).cast::<u8>() as usize,
            _ => return None,
        })
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::None => f.write_str("None"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(value) => write!(f, "{value}"),
            Value::Float(value) => write!(f, "{value}"),
            Value::Str(value) => write!(f, "{value:?}"),
            Value::Class(class) => write!(f, "<class {}>", class.name()),
            Value::Instance(instance) => write!(f, "<{} object>", instance.class.borrow().name()),
            Value::Module(module) => write!(f, "<module {}>", module.name),
            Value::Function(function) => write!(f, "<function {}>", function.name.borrow()),
            Value::List(list) => list.items.borrow().fmt(f),
            Value::Tuple(items) => items.fmt(f),
            _ => f.write_str("<value>"),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::str(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::str(text)
    }
}

impl From<Rc<str>> for Value {
    fn from(text: Rc<str>) -> Value {
        Value::Str(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Value {
        Value::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Value {
        Value::Float(value)
    }
}

impl From<Class> for Value {
    fn from(value: Class) -> Value {
        Value::Class(value)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::None, Into::into)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Value {
        Value::list(items.into_iter().map(Into::into).collect())
    }
}
