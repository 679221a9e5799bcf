//! Functions written in Rust.

use std::cell::OnceCell;
use std::rc::{Rc, Weak};

use super::arguments::Arguments;
use super::declaration::DeclaredBody;
use super::dict::Dict;
use super::interpreter::Interpreter;
use super::value::{Class, ClassData, Value};
use ground::diagnostic::{Error, Result};

/// Called with all arguments.
pub type FunctionBody = dyn Fn(&mut Interpreter, Arguments) -> Result<Value>;
/// Called with the class and the remaining arguments.
pub type ClassMethodBody = fn(&mut Interpreter, &Class, Arguments) -> Result<Value>;

/// The body of a native function, by calling convention.
pub enum NativeBody {
    /// All arguments.
    Function(Box<FunctionBody>),
    /// The class (first argument) and the rest.
    ClassMethod(ClassMethodBody),
    /// An instance of the given class or a subclass, and the rest.
    BuiltInMethod(
        Weak<ClassData>,
        fn(&mut Interpreter, &Value, Arguments) -> Result<Value>,
    ),
    /// Declared in a [`Declaration`](super::Declaration).
    #[allow(private_interfaces, reason = "only this crate makes one")]
    Declared(DeclaredBody),
}

/// A function written in Rust. Thousands are created per run, so names are shared.
pub struct NativeFunction {
    /// `__name__`.
    pub name: Rc<str>,
    /// The class name that prefixes `__qualname__`.
    pub owner: Option<Rc<str>>,
    /// `__module__`.
    pub module: Rc<str>,
    /// Whether it binds as a method when found on a class.
    pub binds: bool,
    /// The implementation.
    pub body: NativeBody,
    /// Attributes set on the function; rarely used.
    pub attributes: OnceCell<Box<Dict>>,
}

impl NativeFunction {
    /// Creates a native function; `binds` makes it a method of classes that contain it.
    pub fn new(
        name: &str,
        module: &str,
        binds: bool,
        body: impl Fn(&mut Interpreter, Arguments) -> Result<Value> + 'static,
    ) -> NativeFunction {
        let (owner, name) = match name.rsplit_once('.') {
            Some((owner, name)) => (Some(Rc::from(owner)), name),
            None => (None, name),
        };
        NativeFunction {
            name: Rc::from(name),
            owner,
            module: Rc::from(module),
            binds,
            body: NativeBody::Function(Box::new(body)),
            attributes: OnceCell::new(),
        }
    }

    /// `__qualname__`, such as `dict.get`.
    pub fn qualified_name(&self) -> String {
        match &self.owner {
            Some(owner) => format!("{owner}.{}", self.name),
            None => self.name.to_string(),
        }
    }

    pub(crate) fn declared_body(&self) -> Option<&DeclaredBody> {
        match &self.body {
            NativeBody::Declared(body) => Some(body),
            _ => None,
        }
    }

    /// Calls it. A method receives its object as the first positional argument.
    pub(crate) fn call(&self, vm: &mut Interpreter, mut arguments: Arguments) -> Result<Value> {
        match &self.body {
            NativeBody::Function(body) => body(vm, arguments),
            NativeBody::Declared(body) => body.call(vm, self, arguments),
            NativeBody::ClassMethod(body) => match arguments.take_first() {
                Some(Value::Class(class)) => body(vm, &class, arguments),
                Some(other) => {
                    let shown = self.qualified_name();
                    let name = vm.class_of(&other).name();
                    Err(vm.type_error(format!("{shown}(X): X is not a type object ({name})")))
                }
                None => {
                    let shown = self.qualified_name();
                    Err(vm.type_error(format!("{shown}(): not enough arguments")))
                }
            },
            NativeBody::BuiltInMethod(own, body) => {
                let Some(this) = arguments.take_first() else {
                    return Err(self.unbound(vm));
                };
                if let Some(own) = own.upgrade() {
                    let own = Class(own);
                    let class = vm.class_of(&this);
                    if !class.is_subclass(&own) {
                        return Err(vm.type_error(format!(
                            "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
                            self.name,
                            own.name(),
                            class.name()
                        )));
                    }
                }
                body(vm, &this, arguments)
            }
        }
    }

    pub(crate) fn unbound(&self, vm: &Interpreter) -> Error {
        let shown = self.qualified_name();
        vm.type_error(format!("unbound method {shown}() needs an argument"))
    }
}
