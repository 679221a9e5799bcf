//! `set` and `frozenset`.

use ground::exception;
use std::rc::Rc;

use super::{Body, constructor, methods, wrap};
use crate::arguments::Arguments;
use crate::interpreter::Interpreter;
use crate::tree::BinaryOperator;
use crate::value::{Set, Value};
use ground::diagnostic::{Error, Result};

fn set_of(vm: &mut Interpreter, this: &Value) -> Result<Rc<Set>> {
    match this.plain() {
        Value::Set(set) => Ok(set.clone()),
        _ => Err(vm.type_error("a set is required")),
    }
}

/// Collects any iterable into a set.
fn any_set(vm: &mut Interpreter, value: &Value) -> Result<Rc<Set>> {
    if let Value::Set(set) = value.plain() {
        return Ok(set.clone());
    }
    let set = Set::default();
    for item in vm.collect(value)? {
        set.items.set(vm, item, Value::None)?;
    }
    Ok(Rc::new(set))
}

fn combine(
    vm: &mut Interpreter,
    this: &Value,
    arguments: Arguments,
    operator: BinaryOperator,
) -> Result<Value> {
    let mut result = this.plain().clone();
    if arguments.positional.is_empty()
        && let Value::Set(set) = &result
    {
        result = Value::Set(Rc::new(Set {
            items: set.items.copy(),
            frozen: set.frozen,
        }));
    }
    for other in &arguments.positional {
        let other = any_set(vm, other)?;
        let own = set_of(vm, &result)?;
        if let Some(value) = vm.sets(operator, &own, &other)? {
            result = value;
        }
    }
    Ok(result)
}

fn change(
    vm: &mut Interpreter,
    this: &Value,
    arguments: Arguments,
    operator: BinaryOperator,
) -> Result<Value> {
    if let Value::Set(result) = combine(vm, this, arguments, operator)? {
        set_of(vm, this)?.items.assign(result.items.copy());
    }
    Ok(Value::None)
}

const COMMON: &[(&str, Body)] = &[
    ("union", |vm, this, arguments| {
        combine(vm, this, arguments, BinaryOperator::Or)
    }),
    ("intersection", |vm, this, arguments| {
        combine(vm, this, arguments, BinaryOperator::And)
    }),
    ("difference", |vm, this, arguments| {
        combine(vm, this, arguments, BinaryOperator::Subtract)
    }),
    ("symmetric_difference", |vm, this, arguments| {
        combine(vm, this, arguments, BinaryOperator::Xor)
    }),
    ("issubset", |vm, this, arguments| {
        let [other] = arguments.exactly("set.issubset")?;
        let other = any_set(vm, &other)?;
        let own = set_of(vm, this)?;
        vm.is_subset(&own, &other).map(Value::Bool)
    }),
    ("issuperset", |vm, this, arguments| {
        let [other] = arguments.exactly("set.issuperset")?;
        let other = any_set(vm, &other)?;
        let own = set_of(vm, this)?;
        vm.is_subset(&other, &own).map(Value::Bool)
    }),
    ("isdisjoint", |vm, this, arguments| {
        let [other] = arguments.exactly("set.isdisjoint")?;
        let own = set_of(vm, this)?;
        for item in vm.collect(&other)? {
            if own.items.contains(vm, &item)? {
                return Ok(Value::Bool(false));
            }
        }
        Ok(Value::Bool(true))
    }),
    ("copy", |vm, this, _| {
        let set = set_of(vm, this)?;
        Ok(Value::Set(Rc::new(Set {
            items: set.items.copy(),
            frozen: set.frozen,
        })))
    }),
    ("__len__", |vm, this, _| {
        Ok(Value::from(set_of(vm, this)?.items.len()))
    }),
    ("__iter__", |vm, this, _| vm.iterate(&this.plain().clone())),
    ("__contains__", |vm, this, arguments| {
        let [item] = arguments.exactly("__contains__")?;
        set_of(vm, this)?.items.contains(vm, &item).map(Value::Bool)
    }),
];

pub(super) fn install(vm: &mut Interpreter) {
    let set = vm.classes.set.clone();
    constructor(&set, |vm, class, _| {
        Ok(wrap(vm, class, Value::Set(Rc::default())))
    });
    methods(&set, COMMON);
    methods(
        &set,
        &[
            ("__init__", |vm, this, arguments| {
                let [iterable] = arguments.between::<1>("set", 0)?;
                let set = set_of(vm, this)?;
                if let Some(iterable) = iterable {
                    for item in vm.collect(&iterable)? {
                        set.items.set(vm, item, Value::None)?;
                    }
                }
                Ok(Value::None)
            }),
            ("add", |vm, this, arguments| {
                let [item] = arguments.exactly("set.add")?;
                set_of(vm, this)?.items.set(vm, item, Value::None)?;
                Ok(Value::None)
            }),
            ("discard", |vm, this, arguments| {
                let [item] = arguments.exactly("set.discard")?;
                set_of(vm, this)?.items.remove(vm, &item)?;
                Ok(Value::None)
            }),
            ("remove", |vm, this, arguments| {
                let [item] = arguments.exactly("set.remove")?;
                match set_of(vm, this)?.items.remove(vm, &item)? {
                    Some(_) => Ok(Value::None),
                    None => Err(vm.key_error(&item)),
                }
            }),
            ("pop", |vm, this, _| {
                match set_of(vm, this)?.items.pop_first() {
                    Some((item, _)) => Ok(item),
                    None => Err(Error::new(exception::KEY_ERROR, "'pop from an empty set'")),
                }
            }),
            ("clear", |vm, this, _| {
                set_of(vm, this)?.items.clear();
                Ok(Value::None)
            }),
            ("update", |vm, this, arguments| {
                let set = set_of(vm, this)?;
                for other in &arguments.positional {
                    for item in vm.collect(other)? {
                        set.items.set(vm, item, Value::None)?;
                    }
                }
                Ok(Value::None)
            }),
            ("intersection_update", |vm, this, arguments| {
                change(vm, this, arguments, BinaryOperator::And)
            }),
            ("difference_update", |vm, this, arguments| {
                change(vm, this, arguments, BinaryOperator::Subtract)
            }),
            ("symmetric_difference_update", |vm, this, arguments| {
                change(vm, this, arguments, BinaryOperator::Xor)
            }),
        ],
    );
    let frozenset = vm.classes.frozenset.clone();
    constructor(&frozenset, |vm, class, arguments| {
        let [iterable] = arguments.between::<1>("frozenset", 0)?;
        let set = Set {
            items: crate::dict::Dict::new(),
            frozen: true,
        };
        if let Some(iterable) = iterable {
            for item in vm.collect(&iterable)? {
                set.items.set(vm, item, Value::None)?;
            }
        }
        Ok(wrap(vm, class, Value::Set(Rc::new(set))))
    });
    methods(&frozenset, COMMON);
}
