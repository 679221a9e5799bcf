//! `collections.abc`.

use ground::diagnostic::Result;
use python::{Class, ClassBuilder, Interpreter, Module, NativeClass, Registry, Value};
use std::rc::Rc;

/// A class of `collections.abc`: any object with certain methods is an instance.
pub(super) struct ProtocolHooks {
    pub(super) methods: &'static [&'static str],
    pub(super) classes: &'static [&'static str],
}

impl NativeClass for ProtocolHooks {
    fn instance_check(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        value: &Value,
    ) -> Result<Option<bool>> {
        if class.user_defined {
            return Ok(None);
        }
        let of = vm.class_of(value);
        if of
            .mro()
            .any(|class| self.classes.contains(&&*class.dotted_name()))
        {
            return Ok(Some(true));
        }
        if class.name().as_ref() == "Callable" {
            return Ok(Some(
                matches!(
                    value,
                    Value::Function(_)
                        | Value::NativeFunction(_)
                        | Value::Method(_)
                        | Value::Class(_)
                ) || of.lookup("__call__").is_some(),
            ));
        }
        if class.name().as_ref() == "Hashable" {
            return Ok(Some(vm.hash(value).is_ok()));
        }
        if class.name().as_ref() == "Iterable" && !matches!(value, Value::Class(_)) {
            return Ok(Some(
                matches!(
                    value,
                    Value::Iterator(_) | Value::Generator(_) | Value::Range(_)
                ) || of.lookup("__iter__").is_some(),
            ));
        }
        if class.name().as_ref() == "Iterator" {
            return Ok(Some(
                matches!(value, Value::Iterator(_) | Value::Generator(_))
                    || (of.lookup("__next__").is_some() && of.lookup("__iter__").is_some()),
            ));
        }
        if self.methods.is_empty() {
            return Ok(Some(false));
        }
        Ok(Some(self.methods.iter().all(|method| {
            of.lookup(method).is_some_and(|found| !found.is_none())
        })))
    }
}

pub(super) const PROTOCOLS: &[(&str, &[&str], &[&str])] = &[
    ("Hashable", &["__hash__"], &[]),
    (
        "Sized",
        &["__len__"],
        &[
            "str",
            "bytes",
            "list",
            "tuple",
            "dict",
            "set",
            "frozenset",
            "range",
        ],
    ),
    (
        "Container",
        &["__contains__"],
        &[
            "str",
            "bytes",
            "list",
            "tuple",
            "dict",
            "set",
            "frozenset",
            "range",
        ],
    ),
    (
        "Iterable",
        &["__iter__"],
        &[
            "str",
            "bytes",
            "list",
            "tuple",
            "dict",
            "set",
            "frozenset",
            "range",
            "generator",
        ],
    ),
    ("Iterator", &["__iter__", "__next__"], &["generator"]),
    (
        "Reversible",
        &["__reversed__"],
        &["list", "tuple", "dict", "range"],
    ),
    (
        "Collection",
        &["__len__", "__iter__", "__contains__"],
        &[
            "str",
            "bytes",
            "list",
            "tuple",
            "dict",
            "set",
            "frozenset",
            "range",
            "dict_keys",
            "dict_items",
            "dict_values",
        ],
    ),
    ("Callable", &["__call__"], &[]),
    ("Generator", &[], &["generator"]),
    (
        "Sequence",
        &[],
        &[
            "str",
            "bytes",
            "list",
            "tuple",
            "range",
            "collections.deque",
        ],
    ),
    ("ByteString", &[], &["bytes"]),
    ("MutableSequence", &[], &["list", "collections.deque"]),
    ("Set", &[], &["set", "frozenset", "dict_keys", "dict_items"]),
    ("MutableSet", &[], &["set"]),
    ("Mapping", &[], &["dict", "mappingproxy"]),
    ("MutableMapping", &[], &["dict"]),
    ("KeysView", &[], &["dict_keys"]),
    ("ItemsView", &[], &["dict_items"]),
    ("ValuesView", &[], &["dict_values"]),
    (
        "MappingView",
        &[],
        &["dict_keys", "dict_items", "dict_values"],
    ),
    ("Awaitable", &["__await__"], &["coroutine"]),
    ("Coroutine", &[], &["coroutine"]),
    ("AsyncIterable", &["__aiter__"], &[]),
    ("AsyncIterator", &["__aiter__", "__anext__"], &[]),
    ("AsyncGenerator", &[], &[]),
];

fn collections_abc(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut module = Module::build("collections.abc");
    for (name, methods, classes) in PROTOCOLS {
        let mut builder = ClassBuilder::new("collections.abc", name)
            .hooks(ProtocolHooks { methods, classes })
            .constant("__abc__", true)
            .class_method("__class_getitem__", |_, class, arguments| {
                let [key] = arguments.exactly("__class_getitem__")?;
                let arguments = match &key {
                    Value::Tuple(items) => items.to_vec(),
                    other => vec![other.clone()],
                };
                Ok(Value::native(python::GenericAlias {
                    origin: Value::Class(class.clone()),
                    arguments,
                    name: None,
                }))
            });
        if matches!(*name, "Mapping" | "MutableMapping") {
            builder = mapping_methods(builder);
        }
        let class = builder.build(vm);
        module = module.class(&class);
    }
    Ok(module.build())
}

/// What `Mapping` gives to a class that has `__getitem__`, `__iter__` and `__len__`.
pub(super) fn mapping_methods(builder: ClassBuilder) -> ClassBuilder {
    fn entries(vm: &mut Interpreter, this: &Value) -> Result<Vec<(Value, Value)>> {
        let mut entries = Vec::new();
        for key in vm.collect(this)? {
            let value = vm.get_item(this, &key)?;
            entries.push((key, value));
        }
        Ok(entries)
    }
    builder
        .method("get", |vm, this, arguments| {
            let [key, default] = arguments.between::<2>("get", 1)?;
            match vm.get_item(this, &key.unwrap_or(Value::None)) {
                Ok(value) => Ok(value),
                Err(error) if error.class == "KeyError" => Ok(default.unwrap_or(Value::None)),
                Err(error) => Err(error),
            }
        })
        .method("__contains__", |vm, this, arguments| {
            let [key] = arguments.exactly("__contains__")?;
            match vm.get_item(this, &key) {
                Ok(_) => Ok(Value::Bool(true)),
                Err(error) if error.class == "KeyError" => Ok(Value::Bool(false)),
                Err(error) => Err(error),
            }
        })
        .method("keys", |vm, this, _| vm.collect(this).map(Value::list))
        .method("values", |vm, this, _| {
            Ok(Value::list(
                entries(vm, this)?
                    .into_iter()
                    .map(|(_, value)| value)
                    .collect(),
            ))
        })
        .method("items", |vm, this, _| {
            Ok(Value::list(
                entries(vm, this)?
                    .into_iter()
                    .map(|(key, value)| Value::tuple(vec![key, value]))
                    .collect(),
            ))
        })
        .method("setdefault", |vm, this, arguments| {
            let [key, default] = arguments.between::<2>("setdefault", 1)?;
            let key = key.unwrap_or(Value::None);
            if vm.contains(this, &key)? {
                return vm.get_item(this, &key);
            }
            let value = default.unwrap_or(Value::None);
            vm.set_item(this, key, value.clone())?;
            Ok(value)
        })
        .method("pop", |vm, this, arguments| {
            let [key, default] = arguments.between::<2>("pop", 1)?;
            let key = key.unwrap_or(Value::None);
            match vm.get_item(this, &key) {
                Ok(value) => {
                    vm.delete_item(this, &key)?;
                    Ok(value)
                }
                Err(error) if error.class == "KeyError" => default.ok_or(error),
                Err(error) => Err(error),
            }
        })
        .method("update", |vm, this, arguments| {
            let dict = vm.registered_class("dict").map(Value::Class);
            if let Some(dict) = dict {
                let all = vm.call(&dict, arguments)?;
                for (key, value) in all.as_dict().map(|dict| dict.entries()).unwrap_or_default() {
                    vm.set_item(this, key, value)?;
                }
            }
            Ok(Value::None)
        })
}

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("collections.abc", collections_abc);
}
