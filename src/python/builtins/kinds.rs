//! `property`, `classmethod`, `staticmethod`, `super`, generators, functions.

use ground::exception;
use std::cell::RefCell;
use std::rc::Rc;

use super::{constructor, methods};
use crate::arguments::Arguments;
use crate::eval::{Answer, Sent};
use crate::interpreter::Interpreter;
use crate::native::NativeObject;
use crate::parameters;
use crate::value::{Class, Descriptor, Value};
use ground::diagnostic::{Error, Result};

/// `super()`: attribute lookup that starts after a given class in the MRO.
struct Super {
    after: Class,
    object: Value,
    /// The class whose MRO is searched.
    of: Class,
}

impl NativeObject for Super {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.classes.super_class.clone()
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let order: Vec<Class> = self.of.mro().cloned().collect();
        let start = order
            .iter()
            .position(|class| *class == self.after)
            .map_or(0, |index| index + 1);
        for class in &order[start..] {
            let Some(found) = class.namespace.get_str(name) else {
                continue;
            };
            if let (Value::Class(_), Value::Descriptor(descriptor)) = (&self.object, &found) {
                match &**descriptor {
                    Descriptor::ClassMethod(_) => {
                        return vm.bind(&found, &self.object, &self.of).map(Some);
                    }
                    Descriptor::StaticMethod(inner) => return Ok(Some(inner.clone())),
                    _ => {}
                }
            }
            if matches!(self.object, Value::Class(ref class) if *class == self.of) {
                return Ok(Some(found));
            }
            return vm.bind(&found, &self.object.clone(), &self.of).map(Some);
        }
        if let Some(name_of) = order.iter().find_map(|class| class.opaque_base.clone())
            && !(name.starts_with("__") && name.ends_with("__") && name != "__init__")
        {
            return Ok(Some(vm.opaque(&format!("{name_of}.{name}"))));
        }
        if name == "__class__" {
            return Ok(None);
        }
        Err(vm.attribute_error(format!("'super' object has no attribute '{name}'")))
    }

    fn set_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        vm.set_attribute(&self.object.clone(), name, value.clone())?;
        Ok(true)
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let object = self.object.clone();
        let of = vm.class_of(&object).name();
        Ok(Some(format!(
            "<super: <class '{}'>, <{of} object>>",
            self.after.name()
        )))
    }
}

fn new_super(vm: &mut Interpreter, _class: &Class, arguments: Arguments) -> Result<Value> {
    let [after, object] = arguments.between::<2>("super", 0)?;
    let (after, object) = match (after, object) {
        (Some(Value::Class(after)), Some(object)) => (after, object),
        (Some(Value::Class(after)), None) => {
            return Err(vm.unsupported(format!(
                "super({}) without an object is not supported",
                after.name()
            )));
        }
        (Some(_), _) => return Err(vm.type_error("super() argument 1 must be a type")),
        (None, _) => {
            let Some(frame) = vm.frames.last() else {
                return Err(Error::new(
                    exception::RUNTIME_ERROR,
                    "super(): no current frame",
                ));
            };
            let scope = frame.scope.clone();
            let class = scope
                .class_cell
                .as_ref()
                .and_then(|cell| cell.borrow().as_ref().and_then(std::rc::Weak::upgrade))
                .map(Class);
            let Some(class) = class else {
                return Err(Error::new(
                    exception::RUNTIME_ERROR,
                    "super(): __class__ cell not found",
                ));
            };
            let first = if scope.code.parameters.positional.is_empty() {
                match scope.slots.borrow().first() {
                    Some(Some(Value::Tuple(rest))) if scope.code.parameters.rest.is_some() => {
                        rest.first().cloned()
                    }
                    _ => None,
                }
            } else {
                scope.slots.borrow().first().cloned().flatten()
            };
            let Some(first) = first else {
                return Err(Error::new(
                    exception::RUNTIME_ERROR,
                    "super(): no arguments",
                ));
            };
            (class, first)
        }
    };
    let of = match &object {
        Value::Class(class) if class.is_subclass(&after) => class.clone(),
        other => {
            let of = vm.class_of(other);
            if !of.is_subclass(&after) {
                return Err(
                    vm.type_error("super(type, obj): obj must be an instance or subtype of type")
                );
            }
            of
        }
    };
    Ok(Value::native(Super { after, object, of }))
}

fn changed_property(this: &Value, which: &str, function: Value) -> Value {
    let Value::Descriptor(descriptor) = this else {
        return Value::None;
    };
    let Descriptor::Property {
        get,
        set,
        delete,
        doc,
    } = &**descriptor
    else {
        return Value::None;
    };
    let (mut get, mut set, mut delete) = (get.clone(), set.clone(), delete.clone());
    match which {
        "getter" => get = Some(function),
        "setter" => set = Some(function),
        _ => delete = Some(function),
    }
    Value::Descriptor(Rc::new(Descriptor::Property {
        get,
        set,
        delete,
        doc: RefCell::new(doc.borrow().clone()),
    }))
}

fn generator_send(vm: &mut Interpreter, this: &Value, sent: Sent) -> Result<Value> {
    let Value::Generator(generator) = this else {
        return Err(vm.type_error("a generator is required"));
    };
    let generator = generator.clone();
    match vm.resume(&generator, sent)? {
        Answer::Yielded(value) => Ok(value),
        Answer::Returned(value) => Err(vm.stop_iteration(value)),
    }
}

impl Interpreter {
    /// `generator.throw(exception)`. Returns the next yielded value, or `None` if the generator
    /// returned.
    pub fn throw(&mut self, generator: &Value, exception: &Value) -> Result<Option<Value>> {
        let error = self.raise(exception);
        let Value::Generator(inner) = generator else {
            return Err(error);
        };
        let inner = inner.clone();
        match self.resume(&inner, Sent::Error(error))? {
            Answer::Yielded(value) => Ok(Some(value)),
            Answer::Returned(_) => Ok(None),
        }
    }
}

pub(super) fn install(vm: &mut Interpreter) {
    let property = vm.classes.property.clone();
    constructor(&property, |_, _, arguments| {
        let mut bound = arguments.bind(parameters!(
            "property",
            "fget=None, fset=None, fdel=None, doc=None"
        ))?;
        Ok(Value::Descriptor(Rc::new(Descriptor::Property {
            get: bound.take_some("fget"),
            set: bound.take_some("fset"),
            delete: bound.take_some("fdel"),
            doc: RefCell::new(bound.value("doc")),
        })))
    });
    methods(
        &property,
        &[
            ("getter", |_, this, arguments| {
                let [function] = arguments.exactly("getter")?;
                Ok(changed_property(this, "getter", function))
            }),
            ("setter", |_, this, arguments| {
                let [function] = arguments.exactly("setter")?;
                Ok(changed_property(this, "setter", function))
            }),
            ("deleter", |_, this, arguments| {
                let [function] = arguments.exactly("deleter")?;
                Ok(changed_property(this, "deleter", function))
            }),
        ],
    );
    let class_method = vm.classes.class_method.clone();
    constructor(&class_method, |_, _, arguments| {
        let [function] = arguments.exactly("classmethod")?;
        Ok(Value::Descriptor(Rc::new(Descriptor::ClassMethod(
            function,
        ))))
    });
    let static_method = vm.classes.static_method.clone();
    constructor(&static_method, |_, _, arguments| {
        let [function] = arguments.exactly("staticmethod")?;
        Ok(Value::Descriptor(Rc::new(Descriptor::StaticMethod(
            function,
        ))))
    });
    let super_class = vm.classes.super_class.clone();
    constructor(&super_class, new_super);
    let coroutine = vm.classes.coroutine.clone();
    methods(&coroutine, &[("__await__", |_, this, _| Ok(this.clone()))]);
    for class in [vm.classes.generator.clone(), vm.classes.coroutine.clone()] {
        methods(
            &class,
            &[
                ("send", |vm, this, arguments| {
                    let [value] = arguments.exactly("send")?;
                    if let Value::Generator(generator) = this {
                        if generator.coroutine {
                            let value = vm.await_value(this)?;
                            return Err(vm.stop_iteration(value));
                        }
                        if !value.is_none() && Interpreter::generator_is_fresh(generator) {
                            return Err(vm.type_error(
                                "can't send non-None value to a just-started generator",
                            ));
                        }
                    }
                    generator_send(vm, this, Sent::Value(value))
                }),
                ("throw", |vm, this, arguments| {
                    let mut arguments = arguments;
                    let exception =
                        match (arguments.positional.get(1), arguments.positional.first()) {
                            (Some(value), _) if !value.is_none() => value.clone(),
                            (_, Some(kind)) => kind.clone(),
                            _ => Value::None,
                        };
                    arguments.positional.clear();
                    let error = vm.raise(&exception);
                    generator_send(vm, this, Sent::Error(error))
                }),
                ("close", |vm, this, _| {
                    let Value::Generator(generator) = this else {
                        return Ok(Value::None);
                    };
                    let generator = generator.clone();
                    if Interpreter::generator_is_fresh(&generator) || generator.coroutine {
                        Interpreter::forget_generator(&generator);
                        return Ok(Value::None);
                    }
                    let class = vm.classes.exception(exception::GENERATOR_EXIT);
                    let error = vm.new_exception(&class, Vec::new());
                    match vm.resume(&generator, Sent::Error(error)) {
                        Ok(Answer::Yielded(_)) => Err(Error::new(
                            exception::RUNTIME_ERROR,
                            "generator ignored GeneratorExit",
                        )),
                        Ok(Answer::Returned(_)) => Ok(Value::None),
                        Err(error)
                            if matches!(
                                &*error.class,
                                exception::GENERATOR_EXIT | exception::STOP_ITERATION
                            ) =>
                        {
                            Ok(Value::None)
                        }
                        Err(error) => Err(error),
                    }
                }),
                ("__next__", |vm, this, _| {
                    generator_send(vm, this, Sent::Value(Value::None))
                }),
                ("__iter__", |_, this, _| Ok(this.clone())),
            ],
        );
    }
    for kind in [
        "list_iterator",
        "dict_keyiterator",
        "enumerate",
        "zip",
        "map",
        "filter",
        "reversed",
    ] {
        let class = vm.sealed_class("builtins", kind);
        methods(
            &class,
            &[
                ("__next__", |vm, this, _| match vm.next(this)? {
                    Some(value) => Ok(value),
                    None => Err(vm.stop_iteration(Value::None)),
                }),
                ("__iter__", |_, this, _| Ok(this.clone())),
            ],
        );
    }
    let function = vm.classes.function.clone();
    methods(
        &function,
        &[("__get__", |vm, this, arguments| {
            let [object, _owner] = arguments.between::<2>("__get__", 1)?;
            match object {
                Some(object) if !object.is_none() => {
                    let class = vm.class_of(&object);
                    vm.bind(this, &object, &class)
                }
                _ => Ok(this.clone()),
            }
        })],
    );
}
