//! `NamedTuple` and `TypedDict`.

use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Class, ClassBody, Declaration, Descriptor, Dict, Instance, Interpreter,
    NativeClass, Value, built_in, function, method,
};
use std::rc::Rc;

/// Class hooks of `NamedTuple` subclasses.
struct NamedTupleHooks;

fn replace(vm: &mut Interpreter, this: &Value, bound: &mut Bound<'_>) -> Result<Value> {
    let class = vm.class_of(this);
    let mut values = this.as_items().unwrap_or_default();
    for (name, value) in std::mem::take(&mut bound.extra) {
        match tuple_fields(&class).iter().position(|field| *field == name) {
            Some(index) => values[index] = value,
            None => {
                return Err(vm.value_error(format!("Got unexpected field names: ['{name}']")));
            }
        }
    }
    Ok(tuple_instance(&class, values))
}

pub(super) static NAMED_TUPLE: Declaration<Value> = Declaration {
    bases: &[&built_in::TUPLE],
    hooks: Some(|| Rc::new(NamedTupleHooks)),
    methods: &[
        method("__repr__", "self", |vm, this, _| {
            let class = vm.class_of(this);
            let values = this.as_items().unwrap_or_default();
            let mut parts = Vec::new();
            for (name, value) in tuple_fields(&class).iter().zip(&values) {
                parts.push(format!("{name}={}", vm.repr(value)?));
            }
            Ok(format!("{}({})", class.name(), parts.join(", ")).into())
        }),
        method("_asdict", "self", |vm, this, _| {
            let class = vm.class_of(this);
            let values = this.as_items().unwrap_or_default();
            Ok(Value::dict(tuple_fields(&class).into_iter().zip(values)))
        }),
        method("_replace", "self, /, **kwds", replace),
    ],
    class_methods: &[function("_make", "cls, iterable", |vm, bound| {
        let values = vm.collect(&bound.value("iterable"))?;
        match bound.value("cls") {
            Value::Class(class) => Ok(tuple_instance(&class, values)),
            _ => Err(vm.type_error("_make() is a class method")),
        }
    })],
    ..Declaration::new("typing.NamedTuple")
};

fn tuple_fields(class: &Class) -> Vec<Rc<str>> {
    match class.lookup("_fields") {
        Some(Value::Tuple(names)) => names.iter().filter_map(Value::as_text).collect(),
        _ => Vec::new(),
    }
}

fn tuple_instance(class: &Class, values: Vec<Value>) -> Value {
    let mut instance = Instance::new(class);
    instance.base = Some(Value::tuple(values));
    Value::Instance(Rc::new(instance))
}

impl NativeClass for NamedTupleHooks {
    fn init_subclass(
        &self,
        _vm: &mut Interpreter,
        class: &Class,
        _body: &mut ClassBody,
    ) -> Result<()> {
        if class.lookup("_fields").is_some() {
            return Ok(());
        }
        let names: Vec<Rc<str>> = class.annotations.borrow().keys().cloned().collect();
        let defaults = Dict::new();
        for (index, name) in names.iter().enumerate() {
            if let Some(default) = class.namespace.get_str(name) {
                defaults.set_name(name, default);
            }
            let get = Value::NativeFunction(Rc::new(python::NativeFunction::new(
                name,
                "",
                true,
                move |vm, arguments| {
                    let [this] = arguments.exactly("__get__")?;
                    vm.get_item(this.plain(), &Value::from(index))
                },
            )));
            class.set(
                name,
                Value::Descriptor(Rc::new(Descriptor::Property {
                    get: Some(get),
                    set: None,
                    delete: None,
                    doc: std::cell::RefCell::new(Value::None),
                })),
            );
        }
        let fields = Value::tuple(names.into_iter().map(Value::Str).collect());
        class.set("_fields", fields.clone());
        class.set("__match_args__", fields);
        class.set("_field_defaults", Value::Dict(Rc::new(defaults)));
        Ok(())
    }

    fn construct(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let names = tuple_fields(class);
        let defaults = class.lookup("_field_defaults");
        let list: Vec<String> = names
            .iter()
            .map(|name| {
                let default = defaults
                    .as_ref()
                    .and_then(|defaults| defaults.as_dict().cloned())
                    .is_some_and(|defaults| defaults.contains_str(name));
                if default {
                    format!("{name}=...")
                } else {
                    name.to_string()
                }
            })
            .collect();
        let parameters =
            python::Parameters::new(&format!("{}.__new__", class.name()), &list.join(", "));
        let mut bound = arguments.clone().bind(&parameters)?;
        let mut values = Vec::new();
        for name in &names {
            let value = match bound.take(name) {
                Some(value) => value,
                None => defaults
                    .as_ref()
                    .and_then(|defaults| defaults.as_dict().cloned())
                    .and_then(|defaults| defaults.get_str(name))
                    .unwrap_or(Value::None),
            };
            values.push(value);
        }
        let _ = vm;
        Ok(Some(tuple_instance(class, values)))
    }
}

/// Class hooks of `TypedDict` subclasses: calling one creates a `dict`.
struct TypedDictHooks;

pub(super) static TYPED_DICT: Declaration<Value> = Declaration {
    hooks: Some(|| Rc::new(TypedDictHooks)),
    ..Declaration::new("typing.TypedDict")
};

impl NativeClass for TypedDictHooks {
    fn init_subclass(
        &self,
        _vm: &mut Interpreter,
        _class: &Class,
        body: &mut ClassBody,
    ) -> Result<()> {
        body.keywords.retain(|(name, _)| &**name != "total");
        Ok(())
    }

    fn construct(
        &self,
        vm: &mut Interpreter,
        _class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        match vm.registered_class("dict") {
            Some(dict) => vm.call(&Value::Class(dict), arguments.clone()).map(Some),
            None => Ok(None),
        }
    }
}
