//! `dict` and its views.

use ground::exception;
use std::rc::Rc;

use super::{class_methods, constructor, methods, wrap};
use crate::arguments::Arguments;
use crate::declaration::{Declaration, Method, method};
use crate::dict::Dict;
use crate::interpreter::Interpreter;
use crate::iterate::{Part, dict_iterator};
use crate::native::NativeObject;
use crate::tree::{BinaryOperator, CompareOperator};
use crate::value::{Class, Iterator, Set, Value};
use ground::diagnostic::{Error, Result};

fn dict_of(vm: &mut Interpreter, this: &Value) -> Result<Rc<Dict>> {
    match this.as_dict() {
        Some(dict) => Ok(dict.clone()),
        None => Err(vm.type_error("a dict is required")),
    }
}

/// Adds what `dict()` and `dict.update` accept: a mapping or key/value pairs, and keywords.
pub(crate) fn update(
    vm: &mut Interpreter,
    dict: &Dict,
    arguments: Arguments,
    name: &str,
) -> Result<()> {
    if arguments.positional.len() > 1 {
        return Err(vm.type_error(format!(
            "{name} expected at most 1 argument, got {}",
            arguments.positional.len()
        )));
    }
    if let Some(source) = arguments.positional.first() {
        let is_mapping = source.as_dict().is_some()
            || matches!(source, Value::Native(_) | Value::Instance(_))
                && vm.find_attribute(source, "keys")?.is_some();
        if is_mapping {
            for (key, value) in
                vm.mapping_entries(source, |class| format!("'{class}' object is not a mapping"))?
            {
                dict.set(vm, key, value)?;
            }
        } else {
            for (index, pair) in vm.collect(source)?.into_iter().enumerate() {
                if !vm.is_iterable(&pair) {
                    return Err(vm.type_error(format!(
                        "cannot convert dictionary update sequence element #{index} to a sequence"
                    )));
                }
                let items = vm.collect(&pair)?;
                match <[Value; 2]>::try_from(items) {
                    Ok([key, value]) => dict.set(vm, key, value)?,
                    Err(items) => {
                        return Err(vm.value_error(format!(
                            "dictionary update sequence element #{index} has length {}; 2 is \
                             required",
                            items.len()
                        )));
                    }
                }
            }
        }
    }
    for (key, value) in arguments.keyword {
        dict.set_name(&key, value);
    }
    Ok(())
}

/// `dict.keys()`, `dict.values()`, `dict.items()`.
struct View {
    dict: Rc<Dict>,
    part: Part,
}

impl View {
    fn items(&self) -> Vec<Value> {
        match self.part {
            Part::Key => self.dict.keys(),
            Part::Value => self.dict.values(),
            Part::Item => self
                .dict
                .entries()
                .into_iter()
                .map(|(key, value)| Value::tuple(vec![key, value]))
                .collect(),
        }
    }

    fn as_set(&self, vm: &mut Interpreter) -> Result<Set> {
        let set = Set::default();
        for item in self.items() {
            set.items.set(vm, item, Value::None)?;
        }
        Ok(set)
    }
}

fn set_of(vm: &mut Interpreter, value: &Value) -> Result<Set> {
    let set = Set::default();
    for item in vm.collect(value)? {
        set.items.set(vm, item, Value::None)?;
    }
    Ok(set)
}

/// What the views have that are sets.
static SET_METHODS: [Method<View>; 1] = [method("isdisjoint", "self, other, /", |vm, _, bound| {
    let (this, other) = (bound.value("self"), bound.value("other"));
    for item in vm.collect(&other)? {
        if vm.contains(&this, &item)? {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
})];

static DICT_KEYS: Declaration<View> = Declaration {
    methods: &SET_METHODS,
    sealed: true,
    ..Declaration::new("dict_keys")
};

static DICT_VALUES: Declaration<View> = Declaration {
    sealed: true,
    ..Declaration::new("dict_values")
};

static DICT_ITEMS: Declaration<View> = Declaration {
    methods: &SET_METHODS,
    sealed: true,
    ..Declaration::new("dict_items")
};

impl NativeObject for View {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(match self.part {
            Part::Key => &DICT_KEYS,
            Part::Value => &DICT_VALUES,
            Part::Item => &DICT_ITEMS,
        })
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(self.dict.len()))
    }

    fn iterate(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        let kind = match self.part {
            Part::Key => "dict_keyiterator",
            Part::Value => "dict_valueiterator",
            Part::Item => "dict_itemiterator",
        };
        Ok(Some(dict_iterator(
            &self.dict,
            kind,
            self.part,
            "dictionary",
        )))
    }

    fn contains(&self, _this: &Value, vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        match self.part {
            Part::Key => self.dict.contains(vm, item).map(Some),
            Part::Value => {
                for value in self.dict.values() {
                    if vm.equal(&value, item)? {
                        return Ok(Some(true));
                    }
                }
                Ok(Some(false))
            }
            Part::Item => match item.as_items().as_deref() {
                Some([key, value]) => match self.dict.get(vm, key)? {
                    Some(found) => vm.equal(&found, value).map(Some),
                    None => Ok(Some(false)),
                },
                _ => Ok(Some(false)),
            },
        }
    }

    fn binary(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        if matches!(self.part, Part::Value)
            || !matches!(
                operator,
                BinaryOperator::And
                    | BinaryOperator::Or
                    | BinaryOperator::Xor
                    | BinaryOperator::Subtract
            )
            || !vm.is_iterable(other)
        {
            return Ok(None);
        }
        let own = self.as_set(vm)?;
        let other = set_of(vm, other)?;
        if reflected {
            vm.sets(operator, &other, &own)
        } else {
            vm.sets(operator, &own, &other)
        }
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        if matches!(self.part, Part::Value)
            || !(matches!(other.plain(), Value::Set(_)) || other.downcast::<View>().is_some())
        {
            return Ok(None);
        }
        let own = Value::Set(Rc::new(self.as_set(vm)?));
        let other = Value::Set(Rc::new(set_of(vm, other)?));
        vm.compare(operator, &own, &other).map(Some)
    }

    fn repr(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let name = self.class(vm).name();
        let items = self.items();
        vm.guarded_repr(this, "...", |vm| {
            Ok(format!("{name}([{}])", vm.repr_items(&items)?))
        })
        .map(Some)
    }
}

fn view(vm: &mut Interpreter, this: &Value, part: Part) -> Result<Value> {
    let dict = dict_of(vm, this)?;
    Ok(Value::native(View { dict, part }))
}

pub(super) fn install(vm: &mut Interpreter) {
    let dict = vm.classes.dict.clone();
    constructor(&dict, |vm, class, _| {
        Ok(wrap(vm, class, Value::Dict(Rc::default())))
    });
    methods(
        &dict,
        &[
            ("__init__", |vm, this, arguments| {
                let dict = dict_of(vm, this)?;
                update(vm, &dict, arguments, "dict")?;
                Ok(Value::None)
            }),
            ("get", |vm, this, arguments| {
                let [key, default] = arguments.between::<2>("get", 1)?;
                let dict = dict_of(vm, this)?;
                let found = dict.get(vm, &key.unwrap_or(Value::None))?;
                Ok(found.or(default).unwrap_or(Value::None))
            }),
            ("setdefault", |vm, this, arguments| {
                let [key, default] = arguments.between::<2>("setdefault", 1)?;
                let key = key.unwrap_or(Value::None);
                let dict = dict_of(vm, this)?;
                match dict.get(vm, &key)? {
                    Some(value) => Ok(value),
                    None => {
                        let value = default.unwrap_or(Value::None);
                        dict.set(vm, key, value.clone())?;
                        Ok(value)
                    }
                }
            }),
            ("pop", |vm, this, arguments| {
                let [key, default] = arguments.between::<2>("pop", 1)?;
                let key = key.unwrap_or(Value::None);
                let dict = dict_of(vm, this)?;
                match dict.remove(vm, &key)?.or(default) {
                    Some(value) => Ok(value),
                    None => Err(vm.key_error(&key)),
                }
            }),
            ("popitem", |vm, this, _| {
                let dict = dict_of(vm, this)?;
                match dict.pop_last() {
                    Some((key, value)) => Ok(Value::tuple(vec![key, value])),
                    None => Err(Error::new(
                        exception::KEY_ERROR,
                        "'popitem(): dictionary is empty'",
                    )),
                }
            }),
            ("update", |vm, this, arguments| {
                let dict = dict_of(vm, this)?;
                update(vm, &dict, arguments, "update")?;
                Ok(Value::None)
            }),
            ("keys", |vm, this, _| view(vm, this, Part::Key)),
            ("values", |vm, this, _| view(vm, this, Part::Value)),
            ("items", |vm, this, _| view(vm, this, Part::Item)),
            ("clear", |vm, this, _| {
                dict_of(vm, this)?.clear();
                Ok(Value::None)
            }),
            ("copy", |vm, this, _| {
                let dict = dict_of(vm, this)?;
                Ok(Value::Dict(Rc::new(dict.copy())))
            }),
            ("__getitem__", |vm, this, arguments| {
                let [key] = arguments.exactly("__getitem__")?;
                let dict = dict_of(vm, this)?;
                match dict.get(vm, &key)? {
                    Some(value) => Ok(value),
                    None => {
                        let class = vm.class_of(this);
                        if let Some(missing) = class.lookup("__missing__") {
                            let missing = vm.bind(&missing, this, &class)?;
                            return vm.call(&missing, Arguments::positional(vec![key]));
                        }
                        Err(vm.key_error(&key))
                    }
                }
            }),
            ("__setitem__", |vm, this, arguments| {
                let [key, value] = arguments.exactly("__setitem__")?;
                dict_of(vm, this)?.set(vm, key, value)?;
                Ok(Value::None)
            }),
            ("__delitem__", |vm, this, arguments| {
                let [key] = arguments.exactly("__delitem__")?;
                vm.delete_item(&this.plain().clone(), &key)?;
                Ok(Value::None)
            }),
            ("__contains__", |vm, this, arguments| {
                let [key] = arguments.exactly("__contains__")?;
                dict_of(vm, this)?.contains(vm, &key).map(Value::Bool)
            }),
            ("__len__", |vm, this, _| {
                Ok(Value::from(dict_of(vm, this)?.len()))
            }),
            ("__iter__", |vm, this, _| vm.iterate(&this.plain().clone())),
            ("__reversed__", |vm, this, _| {
                let mut keys = dict_of(vm, this)?.keys();
                Ok(Iterator::new("dict_reversekeyiterator", move |_| {
                    Ok(keys.pop())
                }))
            }),
            ("__repr__", |vm, this, _| {
                vm.repr(&this.plain().clone()).map(Value::from)
            }),
        ],
    );
    class_methods(
        &dict,
        &[("fromkeys", |vm, class, arguments| {
            let [keys, value] = arguments.between::<2>("fromkeys", 1)?;
            let value = value.unwrap_or(Value::None);
            let result = vm.call(&Value::Class(class.clone()), Arguments::none())?;
            for key in vm.collect(&keys.unwrap_or(Value::None))? {
                vm.set_item(&result, key, value.clone())?;
            }
            Ok(result)
        })],
    );
}
