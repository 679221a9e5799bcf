//! Operations that are being written.
#![allow(missing_docs, unused_variables)]
use std::rc::Rc;

use super::arguments::Arguments;
use super::dict::Dict;
use super::interpreter::Interpreter;
use super::tree::{BinaryOperator, CompareOperator, UnaryOperator};
use super::value::{Annotation, Class, Module, Value};
use crate::diagnostic::{Error, Result};

fn later<T>() -> Result<T> {
    Err(Error::unsupported("not yet"))
}

impl Interpreter {
    /// Imports a module by its dotted name and gives it (the last part, as
    /// `importlib.import_module` does). Fails with ModuleNotFoundError; never makes an opaque module.
    pub fn import(&mut self, name: &str) -> Result<Value> {
        later()
    }
    /// Runs a file as a module of that name without entering it in `sys.modules`.
    pub fn exec_module(&mut self, name: &str, path: &str, source: &str) -> Result<Rc<Module>> {
        later()
    }
    /// Runs statements in a namespace.
    pub fn run_source(&mut self, path: &str, source: &str, globals: &Rc<Dict>) -> Result<()> {
        later()
    }
    /// Evaluates an expression in a namespace, with further names in front.
    pub fn evaluate(
        &mut self,
        source: &str,
        globals: &Rc<Dict>,
        locals: Option<&Rc<Dict>>,
    ) -> Result<Value> {
        later()
    }
    /// The value of an annotation of a class body: the one that was evaluated, or the text
    /// evaluated now, in the class's namespace and its module. A `str` inside is left as it is.
    pub fn evaluate_annotation(&mut self, class: &Class, annotation: &Annotation) -> Result<Value> {
        later()
    }
    /// The namespace of the module in which a Python class or function was defined.
    pub fn globals_of(&mut self, value: &Value) -> Option<Rc<Dict>> {
        None
    }
    /// Calls anything that can be called.
    pub fn call(&mut self, function: &Value, arguments: Arguments) -> Result<Value> {
        later()
    }
    /// Calls a method by name.
    pub fn call_method(
        &mut self,
        object: &Value,
        name: &str,
        arguments: Arguments,
    ) -> Result<Value> {
        later()
    }
    /// `object.name`.
    pub fn get_attribute(&mut self, object: &Value, name: &str) -> Result<Value> {
        later()
    }
    /// `object.name`, or `None` where that raises AttributeError.
    pub fn find_attribute(&mut self, object: &Value, name: &str) -> Result<Option<Value>> {
        later()
    }
    /// `object.name = value`.
    pub fn set_attribute(&mut self, object: &Value, name: &str, value: Value) -> Result<()> {
        later()
    }
    /// `del object.name`.
    pub fn delete_attribute(&mut self, object: &Value, name: &str) -> Result<()> {
        later()
    }
    /// `object[key]`.
    pub fn get_item(&mut self, object: &Value, key: &Value) -> Result<Value> {
        later()
    }
    /// `object[key] = value`.
    pub fn set_item(&mut self, object: &Value, key: Value, value: Value) -> Result<()> {
        later()
    }
    /// `del object[key]`.
    pub fn delete_item(&mut self, object: &Value, key: &Value) -> Result<()> {
        later()
    }
    /// `iter(object)`.
    pub fn iterate(&mut self, object: &Value) -> Result<Value> {
        later()
    }
    /// The next value of an iterator, or `None` at its end.
    pub fn next(&mut self, iterator: &Value) -> Result<Option<Value>> {
        later()
    }
    /// All that iterating gives.
    pub fn collect(&mut self, object: &Value) -> Result<Vec<Value>> {
        later()
    }
    /// `bool(object)`.
    pub fn truth(&mut self, object: &Value) -> Result<bool> {
        later()
    }
    /// `repr(object)`.
    pub fn repr(&mut self, object: &Value) -> Result<String> {
        later()
    }
    /// `str(object)`.
    pub fn str(&mut self, object: &Value) -> Result<String> {
        later()
    }
    /// `format(object, specification)`.
    pub fn format(&mut self, object: &Value, specification: &str) -> Result<String> {
        later()
    }
    /// `hash(object)`.
    pub fn hash(&mut self, object: &Value) -> Result<u64> {
        later()
    }
    /// `len(object)`.
    pub fn length(&mut self, object: &Value) -> Result<usize> {
        later()
    }
    /// `item in object`.
    pub fn contains(&mut self, object: &Value, item: &Value) -> Result<bool> {
        later()
    }
    /// Whether `a == b` is true (or they are the same object).
    pub fn equal(&mut self, a: &Value, b: &Value) -> Result<bool> {
        later()
    }
    /// A comparison; the result need not be a `bool`.
    pub fn compare(&mut self, operator: CompareOperator, a: &Value, b: &Value) -> Result<Value> {
        later()
    }
    /// A binary operation.
    pub fn binary(&mut self, operator: BinaryOperator, a: &Value, b: &Value) -> Result<Value> {
        later()
    }
    /// A unary operation.
    pub fn unary(&mut self, operator: UnaryOperator, a: &Value) -> Result<Value> {
        later()
    }
    /// `type(object)`.
    pub fn class_of(&mut self, object: &Value) -> Class {
        self.object_class()
    }
    /// `isinstance(object, class)`; the class may be a tuple or a union.
    pub fn is_instance(&mut self, object: &Value, class: &Value) -> Result<bool> {
        later()
    }
    /// `issubclass(class, of)`.
    pub fn is_subclass(&mut self, class: &Value, of: &Value) -> Result<bool> {
        later()
    }
    /// Makes a class as a `class` statement does: `type(name, bases, namespace)`.
    pub fn new_class(
        &mut self,
        name: &str,
        bases: Vec<Value>,
        namespace: Rc<Dict>,
        keywords: Vec<(Rc<str>, Value)>,
    ) -> Result<Class> {
        later()
    }
    /// The error that raising this exception value or class gives.
    pub fn raise(&mut self, exception: &Value) -> Error {
        Error::unsupported("not yet")
    }
    /// The error that raising a new exception of that class with these arguments gives.
    pub fn new_exception(&mut self, class: &Class, arguments: Vec<Value>) -> Error {
        Error::unsupported("not yet")
    }
    /// The exception value of an error, as `except ... as e` binds it. The same one each time.
    pub fn exception_value(&mut self, error: &mut Error) -> Value {
        Value::None
    }
    /// Whether `except class` would catch the error.
    pub fn error_matches(&mut self, error: &Error, class: &Class) -> bool {
        false
    }
    /// Called when the exception value of an error of that class (or below) is made from Rust's
    /// parts: sets attributes such as `orig` and `statement`.
    pub fn on_exception(
        &mut self,
        dotted_name: &str,
        fill: fn(&mut Interpreter, &Error, &Value) -> Result<()>,
    ) {
    }
    /// A value that stands for something that is not there; `name` is how diagnostics call it.
    pub fn opaque(&mut self, name: &str) -> Value {
        Value::None
    }
}

/// The text that Python prints for an error that nobody caught: the traceback of each cause, then
/// its own.
pub fn format_traceback(error: &Error) -> String {
    error.message.clone()
}
