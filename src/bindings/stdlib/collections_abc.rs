//! `collections.abc`.

use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Class, Constant, Declaration, Declared, DeclaredMethod as Method,
    FreeFunction, GenericAlias, Interpreter, Module, NativeClass, Registry, Value, function,
    method,
};
use std::rc::Rc;

/// A class of `collections.abc`: any object with certain methods is an instance.
struct ProtocolHooks {
    /// The methods that make an object an instance; none where only classes count.
    methods: &'static [&'static str],
    /// The classes whose instances are.
    classes: &'static [&'static str],
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

static CLASS_METHODS: [FreeFunction; 1] =
    [function("__class_getitem__", "cls, key, /", |_, bound| {
        let arguments = match bound.value("key") {
            Value::Tuple(items) => items.to_vec(),
            other => vec![other],
        };
        Ok(Value::native(GenericAlias {
            origin: bound.value("cls"),
            arguments,
            name: None,
        }))
    })];

/// A static for each class, and all of them: its name, its bases and the methods that it gives to
/// classes that inherit from it; then what [`ProtocolHooks`] says of it.
macro_rules! protocols {
    ($($name:ident $path:literal ($($base:ident),*) $own:ident
        [$($method:literal),*] [$($class:literal),*];)*) => {
        $(static $name: Declaration<Value> = Declaration {
            bases: &[$(&$base),*],
            hooks: Some(|| {
                Rc::new(ProtocolHooks {
                    methods: &[$($method),*],
                    classes: &[$($class),*],
                })
            }),
            constants: &[("__abc__", Constant::Bool(true))],
            class_methods: &CLASS_METHODS,
            methods: $own,
            ..Declaration::new($path)
        };)*
        static PROTOCOLS: &[&dyn Declared] = &[$(&$name),*];
    };
}

static NO_METHODS: &[Method<Value>] = &[];

protocols! {
    HASHABLE "collections.abc.Hashable" () NO_METHODS
        ["__hash__"] [];
    SIZED "collections.abc.Sized" () NO_METHODS
        ["__len__"] ["str", "bytes", "list", "tuple", "dict", "set", "frozenset", "range"];
    CONTAINER "collections.abc.Container" () NO_METHODS
        ["__contains__"] ["str", "bytes", "list", "tuple", "dict", "set", "frozenset", "range"];
    ITERABLE "collections.abc.Iterable" () NO_METHODS
        ["__iter__"] ["str", "bytes", "list", "tuple", "dict", "set", "frozenset", "range", "generator"];
    ITERATOR "collections.abc.Iterator" (ITERABLE) NO_METHODS
        ["__iter__", "__next__"] ["generator"];
    REVERSIBLE "collections.abc.Reversible" (ITERABLE) NO_METHODS
        ["__reversed__"] ["list", "tuple", "dict", "range"];
    COLLECTION "collections.abc.Collection" (SIZED, ITERABLE, CONTAINER) NO_METHODS
        ["__len__", "__iter__", "__contains__"] ["str", "bytes", "list", "tuple", "dict", "set", "frozenset", "range", "dict_keys", "dict_items", "dict_values"];
    CALLABLE "collections.abc.Callable" () NO_METHODS
        ["__call__"] [];
    GENERATOR "collections.abc.Generator" (ITERATOR) NO_METHODS
        [] ["generator"];
    SEQUENCE "collections.abc.Sequence" (REVERSIBLE, COLLECTION) NO_METHODS
        [] ["str", "bytes", "list", "tuple", "range", "collections.deque"];
    BYTE_STRING "collections.abc.ByteString" (SEQUENCE) NO_METHODS
        [] ["bytes"];
    MUTABLE_SEQUENCE "collections.abc.MutableSequence" (SEQUENCE) NO_METHODS
        [] ["list", "collections.deque"];
    SET "collections.abc.Set" (COLLECTION) NO_METHODS
        [] ["set", "frozenset", "dict_keys", "dict_items"];
    MUTABLE_SET "collections.abc.MutableSet" (SET) NO_METHODS
        [] ["set"];
    MAPPING "collections.abc.Mapping" (COLLECTION) MAPPING_METHODS
        [] ["dict", "mappingproxy"];
    MUTABLE_MAPPING "collections.abc.MutableMapping" (MAPPING) MUTABLE_MAPPING_METHODS
        [] ["dict"];
    KEYS_VIEW "collections.abc.KeysView" (MAPPING_VIEW, SET) NO_METHODS
        [] ["dict_keys"];
    ITEMS_VIEW "collections.abc.ItemsView" (MAPPING_VIEW, SET) NO_METHODS
        [] ["dict_items"];
    VALUES_VIEW "collections.abc.ValuesView" (MAPPING_VIEW, COLLECTION) NO_METHODS
        [] ["dict_values"];
    MAPPING_VIEW "collections.abc.MappingView" (SIZED) NO_METHODS
        [] ["dict_keys", "dict_items", "dict_values"];
    AWAITABLE "collections.abc.Awaitable" () NO_METHODS
        ["__await__"] ["coroutine"];
    COROUTINE "collections.abc.Coroutine" (AWAITABLE) NO_METHODS
        [] ["coroutine"];
    ASYNC_ITERABLE "collections.abc.AsyncIterable" () NO_METHODS
        ["__aiter__"] [];
    ASYNC_ITERATOR "collections.abc.AsyncIterator" (ASYNC_ITERABLE) NO_METHODS
        ["__aiter__", "__anext__"] [];
    ASYNC_GENERATOR "collections.abc.AsyncGenerator" (ASYNC_ITERATOR) NO_METHODS
        [] [];
}

fn collections_abc(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut module = Module::build("collections.abc");
    for declared in PROTOCOLS {
        module = module.class(&vm.class(*declared));
    }
    Ok(module.build())
}

fn entries(vm: &mut Interpreter, this: &Value) -> Result<Vec<(Value, Value)>> {
    let mut entries = Vec::new();
    for key in vm.collect(this)? {
        let value = vm.get_item(this, &key)?;
        entries.push((key, value));
    }
    Ok(entries)
}

/// The value of the key that was passed; `None` if there is none.
fn find(vm: &mut Interpreter, this: &Value, bound: &mut Bound<'_>) -> Result<Option<Value>> {
    let key = bound.value("key");
    match vm.get_item(this, &key) {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.class == "KeyError" => Ok(None),
        Err(error) => Err(error),
    }
}

/// What `Mapping` gives to a class that has `__getitem__`, `__iter__` and `__len__`.
static MAPPING_METHODS: &[Method<Value>] = &[
    method("get", "self, key, default=None", |vm, this, bound| {
        Ok(find(vm, this, bound)?.unwrap_or_else(|| bound.value("default")))
    }),
    method("__contains__", "self, key", |vm, this, bound| {
        Ok(find(vm, this, bound)?.is_some().into())
    }),
    method("keys", "self", |vm, this, _| {
        vm.collect(this).map(Value::list)
    }),
    method("values", "self", |vm, this, _| {
        let entries = entries(vm, this)?.into_iter();
        Ok(Value::list(entries.map(|(_, value)| value).collect()))
    }),
    method("items", "self", |vm, this, _| {
        let entries = entries(vm, this)?.into_iter();
        let pairs = entries.map(|(key, value)| Value::tuple(vec![key, value]));
        Ok(Value::list(pairs.collect()))
    }),
];

/// What `MutableMapping` gives besides to one that has `__setitem__` and `__delitem__` too.
static MUTABLE_MAPPING_METHODS: &[Method<Value>] = &[
    method(
        "setdefault",
        "self, key, default=None",
        |vm, this, bound| {
            let key = bound.value("key");
            if vm.contains(this, &key)? {
                return vm.get_item(this, &key);
            }
            let value = bound.value("default");
            vm.set_item(this, key, value.clone())?;
            Ok(value)
        },
    ),
    method(
        "pop",
        "self, key, default=<object object>",
        |vm, this, bound| {
            let key = bound.value("key");
            match vm.get_item(this, &key) {
                Ok(value) => {
                    vm.delete_item(this, &key)?;
                    Ok(value)
                }
                Err(error) if error.class == "KeyError" => bound.take("default").ok_or(error),
                Err(error) => Err(error),
            }
        },
    ),
    method("update", "self, other=(), /, **kwds", |vm, this, bound| {
        let arguments = Arguments {
            positional: bound.take("other").into_iter().collect(),
            keyword: std::mem::take(&mut bound.extra),
        };
        if let Some(dict) = vm.registered_class("dict") {
            let all = vm.call(&Value::Class(dict), arguments)?;
            for (key, value) in all.as_dict().map(|dict| dict.entries()).unwrap_or_default() {
                vm.set_item(this, key, value)?;
            }
        }
        Ok(Value::None)
    }),
];

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("collections.abc", collections_abc);
}
