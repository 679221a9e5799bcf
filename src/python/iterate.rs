//! Iteration, length, membership.

use ground::exception;
use std::rc::Rc;

use super::arguments::Arguments;
use super::eval::{Answer, Sent};
use super::interpreter::Interpreter;
use super::value::{Iterator, Value};
use ground::diagnostic::{Error, Result};

impl Interpreter {
    /// Whether `iter(object)` would succeed.
    pub fn is_iterable(&mut self, object: &Value) -> bool {
        match object {
            Value::List(_)
            | Value::Tuple(_)
            | Value::Str(_)
            | Value::Dict(_)
            | Value::Set(_)
            | Value::Range(_)
            | Value::Bytes(_)
            | Value::Iterator(_) => true,
            Value::Generator(generator) => !generator.coroutine,
            Value::Native(_) => true,
            Value::Class(class) => {
                class.hooks.is_some() || class.lookup("__class_getitem__").is_some()
            }
            other => {
                if other.plain().address() != other.address() {
                    let plain = other.plain().clone();
                    if self.is_iterable(&plain) {
                        return true;
                    }
                }
                let class = self.class_of(other);
                class
                    .lookup("__iter__")
                    .is_some_and(|found| !found.is_none())
                    || class.lookup("__getitem__").is_some()
            }
        }
    }

    /// `iter(object)`.
    pub fn iterate(&mut self, object: &Value) -> Result<Value> {
        match object {
            Value::Iterator(_) => Ok(object.clone()),
            Value::Generator(generator) if !generator.coroutine => Ok(object.clone()),
            Value::List(list) => {
                let list = list.clone();
                let mut index = 0;
                Ok(Iterator::new("list_iterator", move |_| {
                    let item = list.items.borrow().get(index).cloned();
                    index += 1;
                    Ok(item)
                }))
            }
            Value::Tuple(items) => {
                let items = items.clone();
                let mut index = 0;
                Ok(Iterator::new("tuple_iterator", move |_| {
                    index += 1;
                    Ok(items.get(index - 1).cloned())
                }))
            }
            Value::Str(text) => {
                let text = text.clone();
                let mut offset = 0;
                Ok(Iterator::new("str_iterator", move |_| {
                    let Some(c) = text[offset..].chars().next() else {
                        return Ok(None);
                    };
                    let start = offset;
                    offset += c.len_utf8();
                    Ok(Some(Value::str(&text[start..offset])))
                }))
            }
            Value::Bytes(bytes) => {
                let bytes = bytes.clone();
                let mut index = 0;
                Ok(Iterator::new("bytes_iterator", move |_| {
                    index += 1;
                    Ok(bytes
                        .get(index - 1)
                        .map(|byte| Value::Int(i64::from(*byte))))
                }))
            }
            Value::Dict(dict) => Ok(dict_iterator(
                dict,
                "dict_keyiterator",
                Part::Key,
                "dictionary",
            )),
            Value::Set(set) => {
                let set = set.clone();
                let version = set.items.version();
                let mut position = 0;
                Ok(Iterator::new("set_iterator", move |_| {
                    if set.items.version() != version {
                        return Err(Error::new(
                            exception::RUNTIME_ERROR,
                            "Set changed size during iteration",
                        ));
                    }
                    Ok(set.items.entry_from(position).map(|(next, key, _)| {
                        position = next;
                        key
                    }))
                }))
            }
            Value::Range(range) => {
                let range = range.clone();
                let length = range.len();
                let mut index = 0;
                Ok(Iterator::new("range_iterator", move |_| {
                    if index >= length {
                        return Ok(None);
                    }
                    index += 1;
                    Ok(Some(Value::Int(range.at(index - 1))))
                }))
            }
            Value::Class(class) => {
                if let Some(hooks) = class.hooks.clone()
                    && let Some(value) = hooks.class_iterate(self, class)?
                {
                    return self.iterate(&value);
                }
                Err(self.type_error("'type' object is not iterable"))
            }
            Value::Native(native) => {
                let native = native.clone();
                if let Some(value) = native.iterate(object, self)? {
                    return match &value {
                        Value::Native(inner)
                            if std::ptr::addr_eq(Rc::as_ptr(inner), Rc::as_ptr(&native)) =>
                        {
                            Ok(value)
                        }
                        other => self.iterate(other),
                    };
                }
                self.iterate_by_class(object)
            }
            Value::Module(_) => {
                self.require_known(object, "what it contains")?;
                self.iterate_by_class(object)
            }
            _ => self.iterate_by_class(object),
        }
    }

    fn iterate_by_class(&mut self, object: &Value) -> Result<Value> {
        let class = self.class_of(object);
        if let Some((owner, method)) = class.lookup_with_class("__iter__")
            && !method.is_none()
            && (owner.user_defined || object.plain().address() == object.address())
        {
            let method = self.bind(&method, object, &class)?;
            let iterator = self.call(&method, Arguments::none())?;
            let of = self.class_of(&iterator);
            let valid = matches!(
                iterator,
                Value::Iterator(_) | Value::Generator(_) | Value::Native(_)
            ) || of.lookup("__next__").is_some();
            if !valid {
                return Err(self.type_error(format!(
                    "iter() returned non-iterator of type '{}'",
                    of.name()
                )));
            }
            return Ok(iterator);
        }
        if object.plain().address() != object.address() {
            return self.iterate(&object.plain().clone());
        }
        if class.lookup("__getitem__").is_some() {
            let object = object.clone();
            let mut index = 0;
            return Ok(Iterator::new("iterator", move |vm| {
                index += 1;
                match vm.get_item(&object, &Value::Int(index - 1)) {
                    Ok(value) => Ok(Some(value)),
                    Err(error)
                        if error.class == exception::INDEX_ERROR
                            || error.class == exception::STOP_ITERATION =>
                    {
                        Ok(None)
                    }
                    Err(error) => Err(error),
                }
            }));
        }
        self.require_known(object, "what it contains")?;
        Err(self.type_error(format!("'{}' object is not iterable", class.name())))
    }

    /// The next value of an iterator, or `None` at its end.
    pub fn next(&mut self, iterator: &Value) -> Result<Option<Value>> {
        match iterator {
            Value::Iterator(inner) => inner.step(self),
            Value::Generator(generator) => {
                let generator = generator.clone();
                match self.resume(&generator, Sent::Value(Value::None))? {
                    Answer::Yielded(value) => Ok(Some(value)),
                    Answer::Returned(_) => Ok(None),
                }
            }
            Value::Native(native) => {
                let native = native.clone();
                match native.next(iterator, self)? {
                    Some(next) => Ok(next),
                    None => self.next_by_class(iterator),
                }
            }
            _ => self.next_by_class(iterator),
        }
    }

    fn next_by_class(&mut self, iterator: &Value) -> Result<Option<Value>> {
        let class = self.class_of(iterator);
        let Some(method) = class.lookup("__next__") else {
            return Err(self.type_error(format!("'{}' object is not an iterator", class.name())));
        };
        let method = self.bind(&method, iterator, &class)?;
        match self.call(&method, Arguments::none()) {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                let stop = self.classes.exception(exception::STOP_ITERATION);
                if error.class == exception::STOP_ITERATION || self.error_matches(&error, &stop) {
                    Ok(None)
                } else {
                    Err(error)
                }
            }
        }
    }

    /// Collects all items of an iterable.
    pub fn collect(&mut self, object: &Value) -> Result<Vec<Value>> {
        match object {
            Value::List(list) => return Ok(list.items.borrow().clone()),
            Value::Tuple(items) => return Ok(items.to_vec()),
            Value::Dict(dict) => return Ok(dict.keys()),
            Value::Set(set) => return Ok(set.items.keys()),
            _ => {}
        }
        let iterator = self.iterate(object)?;
        let mut items = Vec::new();
        while let Some(item) = self.next(&iterator)? {
            self.step()?;
            items.push(item);
            if items.len() % 4096 == 0 {
                self.allocate(4096 * 24)?;
            }
        }
        Ok(items)
    }

    /// `len(object)`.
    pub fn length(&mut self, object: &Value) -> Result<usize> {
        Ok(match object {
            Value::Str(text) => {
                if text.is_ascii() {
                    text.len()
                } else {
                    text.chars().count()
                }
            }
            Value::Bytes(bytes) => bytes.len(),
            Value::List(list) => list.items.borrow().len(),
            Value::Tuple(items) => items.len(),
            Value::Dict(dict) => dict.len(),
            Value::Set(set) => set.items.len(),
            Value::Range(range) => range.len(),
            Value::Native(native) => {
                let native = native.clone();
                match native.length(object, self)? {
                    Some(length) => length,
                    None => self.length_by_class(object)?,
                }
            }
            Value::Class(class) => {
                if let Some(hooks) = class.hooks.clone()
                    && let Some(length) = hooks.class_length(self, class)?
                {
                    return Ok(length);
                }
                return Err(self.type_error("object of type 'type' has no len()"));
            }
            _ => self.length_by_class(object)?,
        })
    }

    fn length_by_class(&mut self, object: &Value) -> Result<usize> {
        let class = self.class_of(object);
        if let Some((owner, method)) = class.lookup_with_class("__len__")
            && (owner.user_defined || object.plain().address() == object.address())
        {
            let method = self.bind(&method, object, &class)?;
            let value = self.call(&method, Arguments::none())?;
            return match value.as_int() {
                Some(length) => usize::try_from(length)
                    .map_err(|_| self.value_error("__len__() should return >= 0")),
                None => {
                    let name = self.class_of(&value).name();
                    Err(self.type_error(format!(
                        "'{name}' object cannot be interpreted as an integer"
                    )))
                }
            };
        }
        if object.plain().address() != object.address() {
            return self.length(&object.plain().clone());
        }
        self.require_known(object, "its length")?;
        Err(self.type_error(format!("object of type '{}' has no len()", class.name())))
    }

    /// `item in object`.
    pub fn contains(&mut self, object: &Value, item: &Value) -> Result<bool> {
        match object {
            Value::Str(text) => match item.as_str() {
                Some(item) => Ok(text.contains(item)),
                None => {
                    self.require_known(item, "its text")?;
                    let class = self.class_of(item).name();
                    Err(self.type_error(format!(
                        "'in <string>' requires string as left operand, not {class}"
                    )))
                }
            },
            Value::Bytes(bytes) => match item.plain() {
                Value::Bytes(item) => {
                    Ok(item.is_empty()
                        || bytes.windows(item.len()).any(|window| window == &item[..]))
                }
                Value::Int(number) => {
                    Ok(u8::try_from(*number).is_ok_and(|byte| bytes.contains(&byte)))
                }
                other => {
                    let class = self.class_of(other).name();
                    Err(self.type_error(format!("a bytes-like object is required, not '{class}'")))
                }
            },
            Value::Dict(dict) => {
                let dict = dict.clone();
                dict.contains(self, item)
            }
            Value::Set(set) => {
                let set = set.clone();
                set.items.contains(self, item)
            }
            Value::List(_) | Value::Tuple(_) => {
                let items = object.as_items().unwrap_or_default();
                for other in &items {
                    if self.equal(other, item)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Value::Range(range) if matches!(item, Value::Int(_) | Value::Bool(_)) => {
                let number = item.as_int().unwrap_or(0);
                let inside = if range.step > 0 {
                    number >= range.start && number < range.stop
                } else {
                    number <= range.start && number > range.stop
                };
                Ok(inside
                    && (i128::from(number) - i128::from(range.start)) % i128::from(range.step) == 0)
            }
            Value::Class(class) => {
                if let Some(hooks) = class.hooks.clone()
                    && let Some(answer) = hooks.class_contains(self, class, item)?
                {
                    return Ok(answer);
                }
                self.contains_by_iteration(object, item)
            }
            Value::Native(native) => {
                let native = native.clone();
                match native.contains(object, self, item)? {
                    Some(answer) => Ok(answer),
                    None => self.contains_by_class(object, item),
                }
            }
            _ => self.contains_by_class(object, item),
        }
    }

    fn contains_by_class(&mut self, object: &Value, item: &Value) -> Result<bool> {
        let class = self.class_of(object);
        if let Some((owner, method)) = class.lookup_with_class("__contains__")
            && (owner.user_defined || object.plain().address() == object.address())
        {
            let method = self.bind(&method, object, &class)?;
            let value = self.call(&method, Arguments::positional(vec![item.clone()]))?;
            return self.truth(&value);
        }
        if object.plain().address() != object.address()
            && !class
                .mro()
                .any(|class| class.user_defined && class.namespace.contains_str("__iter__"))
        {
            return self.contains(&object.plain().clone(), item);
        }
        self.contains_by_iteration(object, item)
    }

    fn contains_by_iteration(&mut self, object: &Value, item: &Value) -> Result<bool> {
        if !self.is_iterable(object) {
            self.require_known(object, "what it contains")?;
            let class = self.class_of(object).name();
            return Err(self.type_error(format!("argument of type '{class}' is not iterable")));
        }
        let iterator = self.iterate(object)?;
        while let Some(other) = self.next(&iterator)? {
            self.step()?;
            if self.equal(&other, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Which part of each entry a dictionary iterator returns.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    Key,
    Value,
    Item,
}

pub(crate) fn dict_iterator(
    dict: &Rc<super::dict::Dict>,
    kind: &'static str,
    part: Part,
    name: &'static str,
) -> Value {
    let dict = dict.clone();
    let version = dict.version();
    let length = dict.len();
    let mut position = 0;
    Iterator::new(kind, move |_| {
        if dict.version() != version {
            let what = if dict.len() == length {
                "keys changed"
            } else {
                "changed size"
            };
            return Err(Error::new(
                exception::RUNTIME_ERROR,
                format!("{name} {what} during iteration"),
            ));
        }
        Ok(dict.entry_from(position).map(|(next, key, value)| {
            position = next;
            match part {
                Part::Key => key,
                Part::Value => value,
                Part::Item => Value::tuple(vec![key, value]),
            }
        }))
    })
}
