//! Subscripts: `object[key]`, slices, and index conversion.

use ground::exception;
use ground::order::InOrder;
use std::rc::Rc;

use super::arguments::Arguments;
use super::interpreter::Interpreter;
use super::value::{Slice, Value};
use ground::diagnostic::{Error, Result};

impl Interpreter {
    /// Converts an index to a position in a sequence of the given length; raises IndexError.
    pub(crate) fn index(&mut self, key: &Value, length: usize, kind: &str) -> Result<usize> {
        let Some(index) = self.as_index(key)? else {
            let class = self.class_of(key).name();
            let kind = if kind == "str" { "string" } else { kind };
            return Err(self.type_error(if kind == "string" {
                format!("string indices must be integers, not '{class}'")
            } else {
                format!("{kind} indices must be integers or slices, not {class}")
            }));
        };
        let position = if index < 0 {
            index.saturating_add(i64::try_from(length).unwrap_or(i64::MAX))
        } else {
            index
        };
        match usize::try_from(position) {
            Ok(position) if position < length => Ok(position),
            _ => {
                let kind = match kind {
                    "str" => "string",
                    "byte" => "",
                    "range" => "range object",
                    kind => kind,
                };
                let text = format!("{kind} index out of range");
                Err(self.index_error(text.trim_start()))
            }
        }
    }

    /// The integer value of an object that supports `__index__`.
    pub fn as_index(&mut self, value: &Value) -> Result<Option<i64>> {
        if let Some(number) = value.as_int() {
            return Ok(Some(number));
        }
        match value {
            Value::BigInt(number) => {
                use num_traits::Signed;
                Ok(Some(if number.is_negative() {
                    i64::MIN
                } else {
                    i64::MAX
                }))
            }
            Value::Instance(_) | Value::Native(_) => {
                let class = self.class_of(value);
                match class.lookup("__index__") {
                    Some(method) => {
                        let method = self.bind(&method, value, &class)?;
                        let result = self.call(&method, Arguments::none())?;
                        Ok(result.as_int())
                    }
                    None => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }

    /// Start, stop and step of a slice for a sequence of the given length, as `slice.indices`
    /// returns them.
    pub(crate) fn slice_bounds(&mut self, slice: &Slice, length: usize) -> Result<(i64, i64, i64)> {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let mut part = |value: &Value| -> Result<Option<i64>> {
            if value.is_none() {
                return Ok(None);
            }
            match self.as_index(value)? {
                Some(number) => Ok(Some(number)),
                None => Err(self.type_error(
                    "slice indices must be integers or None or have an __index__ method",
                )),
            }
        };
        let step = part(&slice.step)?.unwrap_or(1);
        if step == 0 {
            return Err(Error::new(
                exception::VALUE_ERROR,
                "slice step cannot be zero",
            ));
        }
        let (low, high) = if step < 0 {
            (-1, length - 1)
        } else {
            (0, length)
        };
        let clamp = |value: i64| {
            if value < 0 {
                value.saturating_add(length).max(low)
            } else {
                value.min(high)
            }
        };
        let start = part(&slice.start)?.map_or(if step < 0 { high } else { low }, clamp);
        let stop = part(&slice.stop)?.map_or(if step < 0 { low } else { high }, clamp);
        Ok((start, stop, step))
    }

    pub(crate) fn slice_positions(&mut self, slice: &Slice, length: usize) -> Result<Vec<usize>> {
        let (start, stop, step) = self.slice_bounds(slice, length)?;
        let mut positions = Vec::new();
        let mut at = start;
        while if step > 0 { at < stop } else { at > stop } {
            positions.push(usize::try_from(at).unwrap_or(0));
            at = at.saturating_add(step);
        }
        Ok(positions)
    }

    /// `object[key]`.
    pub fn get_item(&mut self, object: &Value, key: &Value) -> Result<Value> {
        match object {
            Value::Dict(dict) => {
                let dict = dict.clone();
                match dict.get(self, key)? {
                    Some(value) => Ok(value),
                    None => Err(self.key_error(key)),
                }
            }
            Value::List(list) => match key {
                Value::Slice(slice) => {
                    let items = list.items.borrow().clone();
                    let positions = self.slice_positions(slice, items.len())?;
                    Ok(Value::list(
                        positions.into_iter().map(|at| items[at].clone()).collect(),
                    ))
                }
                key => {
                    let length = list.items.borrow().len();
                    let at = self.index(key, length, "list")?;
                    Ok(list.items.borrow().get(at).cloned().unwrap_or(Value::None))
                }
            },
            Value::Tuple(items) => match key {
                Value::Slice(slice) => {
                    let positions = self.slice_positions(slice, items.len())?;
                    Ok(Value::tuple(
                        positions.into_iter().map(|at| items[at].clone()).collect(),
                    ))
                }
                key => {
                    let at = self.index(key, items.len(), "tuple")?;
                    Ok(items[at].clone())
                }
            },
            Value::Str(text) => self.string_item(text, key),
            Value::Bytes(bytes) => match key {
                Value::Slice(slice) => {
                    let positions = self.slice_positions(slice, bytes.len())?;
                    Ok(Value::bytes(
                        positions
                            .into_iter()
                            .map(|at| bytes[at])
                            .collect::<Vec<u8>>(),
                    ))
                }
                key => {
                    let at = self.index(key, bytes.len(), "byte")?;
                    Ok(Value::Int(i64::from(bytes[at])))
                }
            },
            Value::Range(range) => match key {
                Value::Slice(slice) => {
                    let (start, stop, step) = self.slice_bounds(slice, range.len())?;
                    Ok(Value::Range(Rc::new(super::value::Range {
                        start: range.start.wrapping_add(start.wrapping_mul(range.step)),
                        stop: range.start.wrapping_add(stop.wrapping_mul(range.step)),
                        step: range.step.wrapping_mul(step),
                    })))
                }
                key => {
                    let at = self.index(key, range.len(), "range")?;
                    Ok(Value::Int(range.at(at)))
                }
            },
            Value::Class(class) => {
                if let Some(hooks) = class.hooks.clone()
                    && let Some(value) = hooks.class_item(self, class, key)?
                {
                    return Ok(value);
                }
                self.class_subscript(class, key)
            }
            Value::Native(native) => {
                let native = native.clone();
                match native.get_item(object, self, key)? {
                    Some(value) => Ok(value),
                    None => self.item_by_class(object, key),
                }
            }
            Value::Module(module) if module.opaque => {
                Ok(self.opaque(&format!("{}[...]", module.name)))
            }
            _ => self.item_by_class(object, key),
        }
    }

    fn item_by_class(&mut self, object: &Value, key: &Value) -> Result<Value> {
        let class = self.class_of(object);
        if let Some((owner, method)) = class.lookup_with_class("__getitem__")
            && (owner.user_defined || object.plain().address() == object.address())
        {
            let method = self.bind(&method, object, &class)?;
            return self.call(&method, Arguments::positional(vec![key.clone()]));
        }
        if let Value::Instance(instance) = object
            && let Some(base) = &instance.base
        {
            if let Value::Dict(dict) = base
                && let Some(missing) = class.lookup("__missing__")
            {
                let dict = dict.clone();
                if let Some(value) = dict.get(self, key)? {
                    return Ok(value);
                }
                let missing = self.bind(&missing, object, &class)?;
                return self.call(&missing, Arguments::positional(vec![key.clone()]));
            }
            return self.get_item(&base.clone(), key);
        }
        if let Some(name) = class.mro().find_map(|class| class.opaque_base.clone()) {
            return Ok(self.opaque(&format!("{name}()[...]")));
        }
        Err(self.type_error(format!("'{}' object is not subscriptable", class.name())))
    }

    fn class_subscript(&mut self, class: &super::value::Class, key: &Value) -> Result<Value> {
        if let Some(method) = class.lookup("__class_getitem__") {
            let method = match &method {
                Value::Descriptor(descriptor) => match &**descriptor {
                    super::value::Descriptor::ClassMethod(inner) => inner.clone(),
                    _ => method.clone(),
                },
                _ => method,
            };
            return self.call(
                &method,
                Arguments::positional(vec![Value::Class(class.clone()), key.clone()]),
            );
        }
        if let Some(name) = class.mro().find_map(|class| class.opaque_base.clone()) {
            return Ok(self.opaque(&format!("{name}[...]")));
        }
        use super::value::Layout;
        let generic = matches!(
            class.layout,
            Layout::List
                | Layout::Tuple
                | Layout::Dict
                | Layout::Set
                | Layout::FrozenSet
                | Layout::Type
        ) || class.mro().any(|class| {
            let name = class.dotted_name();
            name == "typing.Generic" || name.starts_with("collections.")
        }) || (!class.user_defined && class.dotted_name().contains('.'));
        if !generic {
            return Err(self.type_error(format!("type '{}' is not subscriptable", class.name())));
        }
        let arguments = match key {
            Value::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        };
        Ok(Value::native(super::generic::GenericAlias {
            origin: Value::Class(class.clone()),
            arguments,
            name: None,
        }))
    }

    fn string_item(&mut self, text: &Rc<str>, key: &Value) -> Result<Value> {
        if text.is_ascii() {
            return match key {
                Value::Slice(slice) => {
                    let (start, stop, step) = self.slice_bounds(slice, text.len())?;
                    if step == 1 {
                        let (start, stop) = (start.max(0) as usize, stop.max(0) as usize);
                        return Ok(Value::str(text.get(start..stop.max(start)).unwrap_or("")));
                    }
                    let bytes = text.as_bytes();
                    let positions = self.slice_positions(slice, text.len())?;
                    Ok(Value::from(
                        positions
                            .into_iter()
                            .map(|at| char::from(bytes[at]))
                            .collect::<String>(),
                    ))
                }
                key => {
                    let at = self.index(key, text.len(), "str")?;
                    Ok(Value::str(&text[at..=at]))
                }
            };
        }
        let chars: Vec<char> = text.chars().collect();
        match key {
            Value::Slice(slice) => {
                let positions = self.slice_positions(slice, chars.len())?;
                Ok(Value::from(
                    positions
                        .into_iter()
                        .map(|at| chars[at])
                        .collect::<String>(),
                ))
            }
            key => {
                let at = self.index(key, chars.len(), "str")?;
                Ok(Value::from(chars[at].to_string()))
            }
        }
    }

    /// `object[key] = value`.
    pub fn set_item(&mut self, object: &Value, key: Value, value: Value) -> Result<()> {
        match object {
            Value::Dict(dict) => {
                let dict = dict.clone();
                dict.set(self, key, value)
            }
            Value::List(list) => match &key {
                Value::Slice(slice) => {
                    let new = self.collect(&value)?;
                    let length = list.items.borrow().len();
                    let (start, stop, step) = self.slice_bounds(slice, length)?;
                    if step == 1 {
                        let start = usize::try_from(start).unwrap_or(0);
                        let stop = usize::try_from(stop).unwrap_or(0).max(start);
                        let old: Vec<Value> =
                            list.items.borrow_mut().splice(start..stop, new).collect();
                        drop(old);
                        return Ok(());
                    }
                    let positions = self.slice_positions(slice, length)?;
                    if positions.len() != new.len() {
                        return Err(self.value_error(format!(
                            "attempt to assign sequence of size {} to extended slice of size {}",
                            new.len(),
                            positions.len()
                        )));
                    }
                    for (at, value) in positions.into_iter().zip(new) {
                        if let Some(slot) = list.items.borrow_mut().get_mut(at) {
                            *slot = value;
                        }
                    }
                    Ok(())
                }
                key => {
                    let length = list.items.borrow().len();
                    let at = match self.index(key, length, "list") {
                        Err(error) if error.class == exception::INDEX_ERROR => {
                            return Err(self.index_error("list assignment index out of range"));
                        }
                        other => other?,
                    };
                    let old = list
                        .items
                        .borrow_mut()
                        .get_mut(at)
                        .map(|slot| std::mem::replace(slot, value));
                    drop(old);
                    Ok(())
                }
            },
            Value::Native(native) => {
                let native = native.clone();
                if native.set_item(object, self, &key, &value)? {
                    return Ok(());
                }
                self.set_item_by_class(object, key, value)
            }
            _ => self.set_item_by_class(object, key, value),
        }
    }

    fn set_item_by_class(&mut self, object: &Value, key: Value, value: Value) -> Result<()> {
        let class = self.class_of(object);
        if let Some((owner, method)) = class.lookup_with_class("__setitem__")
            && (owner.user_defined || object.plain().address() == object.address())
        {
            let method = self.bind(&method, object, &class)?;
            self.call(&method, Arguments::positional(vec![key, value]))?;
            return Ok(());
        }
        if object.plain().address() != object.address() {
            return self.set_item(&object.plain().clone(), key, value);
        }
        Err(self.type_error(format!(
            "'{}' object does not support item assignment",
            class.name()
        )))
    }

    /// `del object[key]`.
    pub fn delete_item(&mut self, object: &Value, key: &Value) -> Result<()> {
        match object {
            Value::Dict(dict) => {
                let dict = dict.clone();
                match dict.remove(self, key)? {
                    Some(_) => Ok(()),
                    None => Err(self.key_error(key)),
                }
            }
            Value::List(list) => match key {
                Value::Slice(slice) => {
                    let length = list.items.borrow().len();
                    let mut positions = self.slice_positions(slice, length)?;
                    positions.in_order();
                    for at in positions.into_iter().rev() {
                        let old = list.items.borrow_mut().remove(at);
                        drop(old);
                    }
                    Ok(())
                }
                key => {
                    let length = list.items.borrow().len();
                    let at = match self.index(key, length, "list") {
                        Err(error) if error.class == exception::INDEX_ERROR => {
                            return Err(self.index_error("list assignment index out of range"));
                        }
                        other => other?,
                    };
                    let old = list.items.borrow_mut().remove(at);
                    drop(old);
                    Ok(())
                }
            },
            Value::Native(native) => {
                let native = native.clone();
                if native.delete_item(object, self, key)? {
                    return Ok(());
                }
                self.delete_item_by_class(object, key)
            }
            _ => self.delete_item_by_class(object, key),
        }
    }

    fn delete_item_by_class(&mut self, object: &Value, key: &Value) -> Result<()> {
        let class = self.class_of(object);
        if let Some((owner, method)) = class.lookup_with_class("__delitem__")
            && (owner.user_defined || object.plain().address() == object.address())
        {
            let method = self.bind(&method, object, &class)?;
            self.call(&method, Arguments::positional(vec![key.clone()]))?;
            return Ok(());
        }
        if object.plain().address() != object.address() {
            return self.delete_item(&object.plain().clone(), key);
        }
        Err(self.type_error(format!(
            "'{}' object doesn't support item deletion",
            class.name()
        )))
    }
}
