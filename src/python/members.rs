//! Lazily created members of native classes: hundreds of classes are registered, but a command uses
//! few of them.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::declaration::{Declared, DeclaredBody, Signature};
use super::dict::Dict;
use super::native_function::{NativeBody, NativeFunction};
use super::value::{Descriptor, Value};

/// A function yet to be created, and whether it binds as a method.
pub(crate) struct Body(pub(crate) bool, pub(crate) NativeBody);

/// A member of a class.
pub(crate) enum Member {
    /// An existing value.
    Constant(Value),
    /// A function.
    Function(Body),
    /// A class method or a static method.
    Described(Body, fn(Value) -> Descriptor),
    /// A read-only property.
    Property(Body),
}

/// The members of a class that has not been accessed yet, in order.
pub(crate) struct Members {
    /// `__module__` of the functions.
    pub(crate) module: Rc<str>,
    /// The class's name.
    pub(crate) owner: Rc<str>,
    pub(crate) list: Vec<(&'static str, Member)>,
    /// The class's declaration, whose members come before the list.
    pub(crate) declared: Option<&'static dyn Declared>,
    /// Whether `__module__` is added after the other members.
    pub(crate) tells_module: bool,
}

impl Members {
    /// Members of the class `owner` in `module`.
    pub(crate) fn new(module: Rc<str>, owner: Rc<str>) -> Members {
        Members {
            module,
            owner,
            list: Vec::new(),
            declared: None,
            tells_module: false,
        }
    }

    fn function(&self, name: &Rc<str>, Body(binds, body): Body) -> Value {
        Value::NativeFunction(Rc::new(NativeFunction {
            name: name.clone(),
            owner: Some(self.owner.clone()),
            module: self.module.clone(),
            binds,
            body,
            attributes: OnceCell::new(),
        }))
    }

    fn declared_function(&self, name: &'static str, binds: bool, body: DeclaredBody) -> Value {
        self.function(&Rc::from(name), Body(binds, NativeBody::Declared(body)))
    }

    fn fill_declared(&self, namespace: &Dict, declared: &'static dyn Declared) {
        let outline = declared.outline();
        for (name, constant) in outline.constants {
            namespace.set_str(name, Value::from(*constant));
        }
        let mut index = 0;
        while let Some((name, can_be_set)) = declared.property(index) {
            let get = self.declared_function(name, true, DeclaredBody::Get(declared, index));
            let set = can_be_set
                .then(|| self.declared_function(name, true, DeclaredBody::Set(declared, index)));
            let property = Descriptor::Property {
                get: Some(get),
                set,
                delete: None,
                doc: RefCell::new(Value::None),
            };
            namespace.set_str(name, Value::Descriptor(Rc::new(property)));
            index += 1;
        }
        index = 0;
        while let Some((name, signature)) = declared.method(index) {
            let body = DeclaredBody::Method(declared, index, Signature::new(signature));
            namespace.set_str(name, self.declared_function(name, true, body));
            index += 1;
        }
        for function in outline.static_methods {
            let made = self.declared_function(function.name, false, DeclaredBody::free(function));
            let made = Descriptor::StaticMethod(made);
            namespace.set_str(function.name, Value::Descriptor(Rc::new(made)));
        }
        for function in outline.class_methods {
            let made = self.declared_function(function.name, true, DeclaredBody::free(function));
            let made = Descriptor::ClassMethod(made);
            namespace.set_str(function.name, Value::Descriptor(Rc::new(made)));
        }
        if let Some(constructor) = outline.constructor.or(outline.initializer) {
            let body = DeclaredBody::free(constructor);
            let made = self.declared_function(constructor.name, true, body);
            namespace.set_str(constructor.name, made);
        }
    }

    /// Creates all members.
    #[cold]
    pub(crate) fn fill(mut self, namespace: &Dict) {
        namespace.reserve(self.list.len() + 1);
        if let Some(declared) = self.declared {
            self.fill_declared(namespace, declared);
        }
        for (name, member) in std::mem::take(&mut self.list) {
            let name = Rc::from(name);
            let value = match member {
                Member::Constant(value) => value,
                Member::Function(body) => self.function(&name, body),
                Member::Described(body, descriptor) => {
                    Value::Descriptor(Rc::new(descriptor(self.function(&name, body))))
                }
                Member::Property(get) => Value::Descriptor(Rc::new(Descriptor::Property {
                    get: Some(self.function(&name, get)),
                    set: None,
                    delete: None,
                    doc: RefCell::new(Value::None),
                })),
            };
            namespace.set_name(&name, value);
        }
        if self.tells_module {
            namespace.set_str("__module__", Value::Str(self.module));
        }
    }
}
