//! `object`, `type` and exceptions.

use ground::exception;
use std::rc::Rc;

use super::{constructor, methods};
use crate::arguments::Arguments;
use crate::dict::Dict;
use crate::interpreter::Interpreter;
use crate::tree::CompareOperator;
use crate::value::{Class, Descriptor, ExceptionState, Instance, Layout, NativeFunction, Value};
use ground::diagnostic::Result;

fn new_object(vm: &mut Interpreter, class: &Class, arguments: Arguments) -> Result<Value> {
    let value = match class.layout {
        Layout::Object | Layout::Native => Value::Instance(Rc::new(Instance::new(class))),
        Layout::Exception => vm.make_exception(class, arguments.positional),
        Layout::Int | Layout::Bool => {
            let mut instance = Instance::new(class);
            instance.base = Some(Value::Int(0));
            Value::Instance(Rc::new(instance))
        }
        Layout::Str => {
            let mut instance = Instance::new(class);
            instance.base = Some(Value::str(""));
            Value::Instance(Rc::new(instance))
        }
        Layout::Dict => super::wrap(vm, class, Value::Dict(Rc::default())),
        Layout::List => super::wrap(vm, class, Value::list(Vec::new())),
        _ => {
            let name = class.name();
            return Err(vm.type_error(format!("cannot create '{name}' instances")));
        }
    };
    Ok(value)
}

fn nothing(_vm: &mut Interpreter, _this: &Value, _arguments: Arguments) -> Result<Value> {
    Ok(Value::None)
}

fn new_type(vm: &mut Interpreter, class: &Class, arguments: Arguments) -> Result<Value> {
    let Arguments {
        positional,
        keyword,
    } = arguments;
    match <[Value; 3]>::try_from(positional) {
        Ok([name, bases, namespace]) => {
            let Some(name) = name.as_text() else {
                return Err(vm.type_error("type.__new__() argument 1 must be str"));
            };
            let bases = vm.collect(&bases)?;
            let Some(namespace) = namespace.as_dict() else {
                return Err(vm.type_error("type.__new__() argument 3 must be dict"));
            };
            let namespace = Rc::new(namespace.copy());
            vm.new_class_of(class, &name, bases, namespace, keyword)
        }
        Err(positional) => match &positional[..] {
            [one] => Ok(Value::Class(vm.class_of(one))),
            _ => Err(vm.type_error("type() takes 1 or 3 arguments")),
        },
    }
}

pub(super) fn install(vm: &mut Interpreter) {
    let object = vm.classes.object.clone();
    constructor(&object, new_object);
    methods(
        &object,
        &[
            ("__init__", nothing),
            ("__repr__", |vm, this, _| {
                Ok(Value::from(vm.default_repr(this)))
            }),
            ("__str__", |vm, this, _| vm.repr(this).map(Value::from)),
            ("__hash__", |_, this, _| {
                Ok(Value::Int((this.address().unwrap_or(1) >> 4) as i64))
            }),
            ("__eq__", |_, this, arguments| {
                let [other] = arguments.exactly("__eq__")?;
                Ok(if this.is(&other) {
                    Value::Bool(true)
                } else {
                    Value::NotImplemented
                })
            }),
            ("__ne__", |vm, this, arguments| {
                let [other] = arguments.exactly("__ne__")?;
                let class = vm.class_of(this);
                let equal = match class.lookup("__eq__") {
                    Some(method) => {
                        let method = vm.bind(&method, this, &class)?;
                        vm.call(&method, Arguments::positional(vec![other]))?
                    }
                    None => Value::NotImplemented,
                };
                if matches!(equal, Value::NotImplemented) {
                    return Ok(equal);
                }
                Ok(Value::Bool(!vm.truth(&equal)?))
            }),
            ("__format__", |vm, this, arguments| {
                let [specification] = arguments.exactly("__format__")?;
                let specification = specification.as_text().unwrap_or_default();
                if specification.is_empty() {
                    return vm.str(this).map(Value::from);
                }
                let class = vm.class_of(this).name();
                Err(vm.type_error(format!(
                    "unsupported format string passed to {class}.__format__"
                )))
            }),
            ("__getattribute__", |vm, this, arguments| {
                let [name] = arguments.exactly("__getattribute__")?;
                let name = name.as_text().unwrap_or_default();
                if let Value::Instance(instance) = this {
                    let class = instance.class();
                    if let Some(value) = vm.generic_attribute(this, instance, &class, &name)? {
                        return Ok(value);
                    }
                    return Err(vm.attribute_error(format!(
                        "'{}' object has no attribute '{name}'",
                        class.name()
                    )));
                }
                vm.get_attribute(this, &name)
            }),
            ("__setattr__", |vm, this, arguments| {
                let [name, value] = arguments.exactly("__setattr__")?;
                let name = name.as_text().unwrap_or_default();
                match this {
                    Value::Instance(instance) => vm.set_plainly(this, instance, &name, value)?,
                    other => vm.set_attribute(other, &name, value)?,
                }
                Ok(Value::None)
            }),
            ("__delattr__", |vm, this, arguments| {
                let [name] = arguments.exactly("__delattr__")?;
                let name = name.as_text().unwrap_or_default();
                if let Value::Instance(instance) = this {
                    if instance.attributes.remove_str(&name).is_none() {
                        return Err(vm.attribute_error(name.to_string()));
                    }
                    return Ok(Value::None);
                }
                vm.delete_attribute(this, &name)?;
                Ok(Value::None)
            }),
            ("__dir__", |vm, this, _| {
                Ok(Value::from(vm.attribute_names(this)))
            }),
        ],
    );
    object.set(
        "__init_subclass__",
        Value::Descriptor(Rc::new(Descriptor::ClassMethod(Value::NativeFunction(
            Rc::new(NativeFunction::new(
                "object.__init_subclass__",
                "",
                false,
                |vm, mut arguments| {
                    let class = arguments.take_first();
                    if !arguments.keyword.is_empty() {
                        let name = match class {
                            Some(Value::Class(class)) => class.name(),
                            _ => Rc::from("object"),
                        };
                        return Err(vm.type_error(format!(
                            "{name}.__init_subclass__() takes no keyword arguments"
                        )));
                    }
                    Ok(Value::None)
                },
            )),
        )))),
    );
    let r#type = vm.classes.r#type.clone();
    constructor(&r#type, new_type);
    methods(
        &r#type,
        &[
            ("__call__", |vm, this, arguments| match this {
                Value::Class(class) => {
                    let class = class.clone();
                    vm.construct_plainly(&class, arguments)
                }
                _ => Err(vm.type_error("not a class")),
            }),
            ("__init__", nothing),
            ("__setattr__", |vm, this, arguments| {
                let [name, value] = arguments.exactly("__setattr__")?;
                match (this, name.as_text()) {
                    (Value::Class(class), Some(name)) => {
                        class.set(&name, value);
                        Ok(Value::None)
                    }
                    _ => Err(vm.type_error("attribute name must be string")),
                }
            }),
        ],
    );
    install_exceptions(vm);
    let _ = CompareOperator::Equal;
}

fn install_exceptions(vm: &mut Interpreter) {
    let base = vm.classes.base_exception.clone();
    constructor(&base, |vm, class, arguments| {
        let mut class = class.clone();
        if class == vm.classes.exception(exception::OS_ERROR)
            && arguments.positional.len() >= 2
            && let Some(number) = arguments.positional[0].as_int()
        {
            let name = match number {
                2 => exception::FILE_NOT_FOUND_ERROR,
                17 => exception::FILE_EXISTS_ERROR,
                20 => exception::NOT_A_DIRECTORY_ERROR,
                21 => exception::IS_A_DIRECTORY_ERROR,
                1 | 13 => exception::PERMISSION_ERROR,
                4 => exception::INTERRUPTED_ERROR,
                110 => exception::TIMEOUT_ERROR,
                _ => exception::OS_ERROR,
            };
            class = vm.classes.exception(name);
        }
        let class = &class;
        let value = vm.make_exception(class, arguments.positional);
        if let Value::Instance(instance) = &value {
            for (name, keyword) in arguments.keyword {
                if matches!(&*name, "name" | "path" | "obj") {
                    instance.attributes.set_name(&name, keyword);
                }
            }
        }
        Ok(value)
    });
    methods(
        &base,
        &[
            ("__init__", |vm, this, arguments| {
                let class = vm.class_of(this);
                let special = class.is_subclass(&vm.classes.exception(exception::IMPORT_ERROR))
                    || class.is_subclass(&vm.classes.exception(exception::ATTRIBUTE_ERROR))
                    || class.is_subclass(&vm.classes.exception(exception::NAME_ERROR));
                if !arguments.keyword.is_empty() && !special {
                    return Err(
                        vm.type_error(format!("{}() takes no keyword arguments", class.name()))
                    );
                }
                if let Some(state) = this.downcast::<ExceptionState>() {
                    *state.arguments.borrow_mut() = Rc::from(arguments.positional);
                }
                Ok(Value::None)
            }),
            ("__str__", |vm, this, _| {
                vm.exception_text(this).map(Value::from)
            }),
            ("__repr__", |vm, this, _| {
                let name = vm.class_of(this).name();
                let Some(state) = this.downcast::<ExceptionState>() else {
                    return Ok(Value::from(format!("{name}()")));
                };
                let arguments = state.arguments.borrow().clone();
                let text = vm.repr_items(&arguments)?;
                Ok(Value::from(format!("{name}({text})")))
            }),
            ("with_traceback", |_, this, _| Ok(this.clone())),
            ("add_note", |vm, this, arguments| {
                let [note] = arguments.exactly("add_note")?;
                if let Value::Instance(instance) = this {
                    match instance.attributes.get_str("__notes__") {
                        Some(Value::List(notes)) => notes.items.borrow_mut().push(note),
                        _ => instance
                            .attributes
                            .set_str("__notes__", Value::list(vec![note])),
                    }
                }
                let _ = vm;
                Ok(Value::None)
            }),
        ],
    );
    let _ = Dict::new();
}
