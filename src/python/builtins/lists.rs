//! `list`, `tuple`, `range`, `slice`.

use ground::exception;
use std::rc::Rc;

use super::{constructor, methods, wrap};
use crate::arguments::Arguments;
use crate::interpreter::Interpreter;
use crate::parameters;
use crate::value::{List, Range, Slice, Value};
use ground::diagnostic::{Error, Result};

fn list_of(vm: &mut Interpreter, this: &Value) -> Result<Rc<List>> {
    match this.plain() {
        Value::List(list) => Ok(list.clone()),
        _ => Err(vm.type_error("a list is required")),
    }
}

fn find(
    vm: &mut Interpreter,
    items: &[Value],
    wanted: &Value,
    start: Option<Value>,
    stop: Option<Value>,
) -> Result<Option<usize>> {
    let slice = Slice {
        start: start.unwrap_or(Value::None),
        stop: stop.unwrap_or(Value::None),
        step: Value::None,
    };
    let (start, stop, _) = vm.slice_bounds(&slice, items.len())?;
    for index in start.max(0)..stop {
        let index = usize::try_from(index).unwrap_or(0);
        if vm.equal(&items[index], wanted)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

fn count(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
    let [wanted] = arguments.exactly("count")?;
    let mut total = 0;
    for item in this.as_items().unwrap_or_default() {
        if vm.equal(&item, &wanted)? {
            total += 1;
        }
    }
    Ok(Value::Int(total))
}

pub(super) fn install(vm: &mut Interpreter) {
    let list = vm.classes.list.clone();
    constructor(&list, |vm, class, _| {
        Ok(wrap(vm, class, Value::list(Vec::new())))
    });
    methods(
        &list,
        &[
            ("__init__", |vm, this, arguments| {
                let [iterable] = arguments.between::<1>("list", 0)?;
                let items = match iterable {
                    Some(iterable) => vm.collect(&iterable)?,
                    None => Vec::new(),
                };
                let old = list_of(vm, this)?.items.replace(items);
                drop(old);
                Ok(Value::None)
            }),
            ("append", |vm, this, arguments| {
                let [item] = arguments.exactly("list.append")?;
                list_of(vm, this)?.items.borrow_mut().push(item);
                Ok(Value::None)
            }),
            ("extend", |vm, this, arguments| {
                let [iterable] = arguments.exactly("list.extend")?;
                let items = vm.collect(&iterable)?;
                vm.allocate(items.len() * 24)?;
                list_of(vm, this)?.items.borrow_mut().extend(items);
                Ok(Value::None)
            }),
            ("insert", |vm, this, arguments| {
                let [index, item] = arguments.exactly("insert")?;
                let list = list_of(vm, this)?;
                let length = list.items.borrow().len();
                let Some(index) = vm.as_index(&index)? else {
                    let class = vm.class_of(&index).name();
                    return Err(vm.type_error(format!(
                        "'{class}' object cannot be interpreted as an integer"
                    )));
                };
                let length_signed = i64::try_from(length).unwrap_or(i64::MAX);
                let at = if index < 0 {
                    (index + length_signed).max(0)
                } else {
                    index.min(length_signed)
                };
                list.items
                    .borrow_mut()
                    .insert(usize::try_from(at).unwrap_or(0), item);
                Ok(Value::None)
            }),
            ("pop", |vm, this, arguments| {
                let [index] = arguments.between::<1>("pop", 0)?;
                let list = list_of(vm, this)?;
                let length = list.items.borrow().len();
                if length == 0 {
                    return Err(vm.index_error("pop from empty list"));
                }
                let at = match index {
                    None => length - 1,
                    Some(index) => match vm.index(&index, length, "list") {
                        Err(error) if error.class == exception::INDEX_ERROR => {
                            return Err(vm.index_error("pop index out of range"));
                        }
                        other => other?,
                    },
                };
                let item = list.items.borrow_mut().remove(at);
                Ok(item)
            }),
            ("remove", |vm, this, arguments| {
                let [wanted] = arguments.exactly("list.remove")?;
                let list = list_of(vm, this)?;
                let items = list.items.borrow().clone();
                match find(vm, &items, &wanted, None, None)? {
                    Some(at) => {
                        let old = list.items.borrow_mut().remove(at);
                        drop(old);
                        Ok(Value::None)
                    }
                    None => Err(vm.value_error("list.remove(x): x not in list")),
                }
            }),
            ("index", |vm, this, arguments| {
                let [wanted, start, stop] = arguments.between::<3>("index", 1)?;
                let wanted = wanted.unwrap_or(Value::None);
                let items = this.as_items().unwrap_or_default();
                match find(vm, &items, &wanted, start, stop)? {
                    Some(at) => Ok(Value::from(at)),
                    None => {
                        let shown = vm.repr(&wanted)?;
                        Err(vm.value_error(format!("{shown} is not in list")))
                    }
                }
            }),
            ("count", count),
            ("clear", |vm, this, _| {
                let old = list_of(vm, this)?.items.take();
                drop(old);
                Ok(Value::None)
            }),
            ("copy", |_, this, _| {
                Ok(Value::list(this.as_items().unwrap_or_default()))
            }),
            ("reverse", |vm, this, _| {
                list_of(vm, this)?.items.borrow_mut().reverse();
                Ok(Value::None)
            }),
            ("sort", |vm, this, arguments| {
                let mut bound =
                    arguments.bind(parameters!("sort", "*, key=None, reverse=False"))?;
                let key = bound.take_some("key");
                let reverse = match bound.take("reverse") {
                    Some(reverse) => vm.truth(&reverse)?,
                    None => false,
                };
                let list = list_of(vm, this)?;
                let items = list.items.borrow().clone();
                let sorted = vm.sort(items, key.as_ref(), reverse)?;
                let old = list.items.replace(sorted);
                drop(old);
                Ok(Value::None)
            }),
            ("__len__", |vm, this, _| {
                vm.length(this.plain()).map(Value::from)
            }),
            ("__iter__", |vm, this, _| vm.iterate(&this.plain().clone())),
            ("__getitem__", |vm, this, arguments| {
                let [key] = arguments.exactly("__getitem__")?;
                vm.get_item(&this.plain().clone(), &key)
            }),
            ("__setitem__", |vm, this, arguments| {
                let [key, value] = arguments.exactly("__setitem__")?;
                vm.set_item(&this.plain().clone(), key, value)?;
                Ok(Value::None)
            }),
            ("__delitem__", |vm, this, arguments| {
                let [key] = arguments.exactly("__delitem__")?;
                vm.delete_item(&this.plain().clone(), &key)?;
                Ok(Value::None)
            }),
            ("__contains__", |vm, this, arguments| {
                let [item] = arguments.exactly("__contains__")?;
                vm.contains(&this.plain().clone(), &item).map(Value::Bool)
            }),
        ],
    );
    let tuple = vm.classes.tuple.clone();
    constructor(&tuple, |vm, class, arguments| {
        let [iterable] = arguments.between::<1>("tuple", 0)?;
        let value = match iterable {
            Some(value @ Value::Tuple(_)) => value,
            Some(iterable) => Value::tuple(vm.collect(&iterable)?),
            None => Value::tuple(Vec::new()),
        };
        Ok(wrap(vm, class, value))
    });
    methods(
        &tuple,
        &[
            ("count", count),
            ("index", |vm, this, arguments| {
                let [wanted, start, stop] = arguments.between::<3>("index", 1)?;
                let wanted = wanted.unwrap_or(Value::None);
                let items = this.as_items().unwrap_or_default();
                match find(vm, &items, &wanted, start, stop)? {
                    Some(at) => Ok(Value::from(at)),
                    None => Err(vm.value_error("tuple.index(x): x not in tuple")),
                }
            }),
            ("__len__", |vm, this, _| {
                vm.length(this.plain()).map(Value::from)
            }),
            ("__iter__", |vm, this, _| vm.iterate(&this.plain().clone())),
            ("__getitem__", |vm, this, arguments| {
                let [key] = arguments.exactly("__getitem__")?;
                vm.get_item(&this.plain().clone(), &key)
            }),
            ("__contains__", |vm, this, arguments| {
                let [item] = arguments.exactly("__contains__")?;
                vm.contains(&this.plain().clone(), &item).map(Value::Bool)
            }),
            ("__repr__", |vm, this, _| {
                vm.repr(&this.plain().clone()).map(Value::from)
            }),
        ],
    );
    let range = vm.classes.range.clone();
    constructor(&range, |vm, _, arguments| {
        let [first, second, step] = arguments.between::<3>("range", 1)?;
        let mut number = |value: Option<Value>| -> Result<Option<i64>> {
            match value {
                None => Ok(None),
                Some(value) => match vm.as_index(&value)? {
                    Some(number) => Ok(Some(number)),
                    None => {
                        vm.require_known(&value, "its value")?;
                        let class = vm.class_of(&value).name();
                        Err(vm.type_error(format!(
                            "'{class}' object cannot be interpreted as an integer"
                        )))
                    }
                },
            }
        };
        let (first, second, step) = (number(first)?, number(second)?, number(step)?);
        let step = step.unwrap_or(1);
        if step == 0 {
            return Err(Error::new(
                exception::VALUE_ERROR,
                "range() arg 3 must not be zero",
            ));
        }
        let (start, stop) = match second {
            Some(stop) => (first.unwrap_or(0), stop),
            None => (0, first.unwrap_or(0)),
        };
        Ok(Value::Range(Rc::new(Range { start, stop, step })))
    });
    methods(
        &range,
        &[
            ("index", |vm, this, arguments| {
                let [wanted] = arguments.exactly("range.index")?;
                for (index, item) in vm.collect(this)?.iter().enumerate() {
                    if vm.equal(item, &wanted)? {
                        return Ok(Value::from(index));
                    }
                }
                let shown = vm.repr(&wanted)?;
                Err(vm.value_error(format!("{shown} is not in range")))
            }),
            ("count", |vm, this, arguments| {
                let [wanted] = arguments.exactly("range.count")?;
                Ok(Value::Int(i64::from(vm.contains(this, &wanted)?)))
            }),
        ],
    );
    let slice = vm.classes.slice.clone();
    constructor(&slice, |_, _, arguments| {
        let [first, second, step] = arguments.between::<3>("slice", 1)?;
        let (start, stop) = match second {
            Some(stop) => (first.unwrap_or(Value::None), stop),
            None => (Value::None, first.unwrap_or(Value::None)),
        };
        Ok(Value::Slice(Rc::new(Slice {
            start,
            stop,
            step: Value::optional(step),
        })))
    });
    methods(
        &slice,
        &[("indices", |vm, this, arguments| {
            let [length] = arguments.exactly("slice.indices")?;
            let Value::Slice(slice) = this else {
                return Ok(Value::None);
            };
            let length = length
                .as_int()
                .and_then(|length| usize::try_from(length).ok());
            let (start, stop, step) = vm.slice_bounds(slice, length.unwrap_or(0))?;
            Ok(Value::tuple(vec![
                Value::Int(start),
                Value::Int(stop),
                Value::Int(step),
            ]))
        })],
    );
}
