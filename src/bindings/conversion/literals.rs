//! Plain values used as parameters, defaults and type arguments.

use std::rc::Rc;

use ground::calendar;
use ground::diagnostic::Result;
use python::{Arguments, Instance, Interpreter, Value};
use sqlalchemy::literal::{EnumMember, Literal, Object};

use super::refuse_opaque;
use crate::bindings::sqlalchemy::types::JsonNull;

/// A Python object that the engine passes through and renders by its `repr()`.
pub struct PythonObject {
    /// The object.
    pub value: Value,
    repr: String,
    text: String,
    class_name: String,
}

impl Object for PythonObject {
    fn python_repr(&self) -> String {
        self.repr.clone()
    }

    fn python_str(&self) -> String {
        self.text.clone()
    }

    fn class_name(&self) -> String {
        self.class_name.clone()
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// Converts a Python value to a parameter, default or type argument.
///
/// # Errors
/// `limbeck.Unsupported` for a value whose module is not here.
pub fn to_literal(vm: &mut Interpreter, value: &Value) -> Result<Literal> {
    vm.check_stack()?;
    Ok(match value {
        Value::None => Literal::Null,
        Value::Bool(value) => Literal::Boolean(*value),
        Value::Int(value) => Literal::Integer(*value),
        Value::BigInt(value) => Literal::BigInteger(value.clone()),
        Value::Float(value) => Literal::Float(*value),
        Value::Str(text) => Literal::String(text.clone()),
        Value::Bytes(bytes) => Literal::Bytes(bytes.clone()),
        Value::List(_) => Literal::List(literals(vm, value)?.into()),
        Value::Tuple(_) | Value::Set(_) | Value::Range(_) => {
            Literal::Tuple(literals(vm, value)?.into())
        }
        Value::Dict(dict) => {
            let mut items = Vec::new();
            for (key, value) in dict.entries() {
                items.push((to_literal(vm, &key)?, to_literal(vm, &value)?));
            }
            Literal::Dictionary(items.into())
        }
        Value::Instance(instance) => instance_literal(vm, value, instance)?,
        _ => {
            refuse_opaque(value, "the value")?;
            if let Value::Native(_) = value
                && let Some(found) = native_literal(vm, value)?
            {
                return Ok(found);
            }
            object_literal(vm, value)?
        }
    })
}

fn literals(vm: &mut Interpreter, value: &Value) -> Result<Vec<Literal>> {
    let mut items = Vec::new();
    for item in vm.collect(value)? {
        items.push(to_literal(vm, &item)?);
    }
    Ok(items)
}

fn object_literal(vm: &mut Interpreter, value: &Value) -> Result<Literal> {
    let repr = vm.repr(value)?;
    let text = vm.str(value)?;
    let class_name = vm.class_of(value).name().to_string();
    Ok(Literal::Object(Rc::new(PythonObject {
        value: value.clone(),
        repr,
        text,
        class_name,
    })))
}

fn instance_literal(vm: &mut Interpreter, value: &Value, instance: &Instance) -> Result<Literal> {
    let class = instance.class();
    if class.inherits_from("enum.Enum") {
        let name = vm.get_attribute(value, "name")?;
        let inner = vm.get_attribute(value, "value")?;
        return Ok(Literal::Enum(EnumMember {
            class: class.name(),
            name: name.as_text().unwrap_or_default(),
            value: Rc::new(to_literal(vm, &inner)?),
            object: Some(Rc::new(value.clone())),
        }));
    }
    if let Some(found) = native_literal(vm, value)? {
        return Ok(found);
    }
    if let Some(base) = &instance.base {
        return to_literal(vm, base);
    }
    object_literal(vm, value)
}

fn native_literal(vm: &mut Interpreter, value: &Value) -> Result<Option<Literal>> {
    if let Some(bytes) = value.as_byte_string() {
        return Ok(Some(Literal::Bytes(bytes)));
    }
    if value.downcast::<JsonNull>().is_some() {
        return Ok(Some(Literal::JsonNull));
    }
    let class = vm.class_of(value);
    let is = |name: &str| class.inherits_from(name);
    if is("datetime.datetime") {
        let (date, time) = (read_date(vm, value)?, read_time(vm, value)?);
        return Ok(Some(Literal::DateTime(
            date.to_datetime(time),
            offset(vm, value)?,
        )));
    }
    if is("datetime.date") {
        return Ok(Some(Literal::Date(read_date(vm, value)?)));
    }
    if is("datetime.time") {
        let offset = offset(vm, value)?;
        return Ok(Some(Literal::Time(read_time(vm, value)?, offset)));
    }
    if is("datetime.timedelta") {
        let days = number(vm, value, "days")?;
        let seconds = number(vm, value, "seconds")?;
        let microseconds = number(vm, value, "microseconds")?;
        return Ok(Some(Literal::Interval(
            (days * 86_400 + seconds) * 1_000_000 + microseconds,
        )));
    }
    if is("decimal.Decimal") {
        return Ok(Some(Literal::Decimal(Rc::from(vm.str(value)?))));
    }
    if is("uuid.UUID") {
        let hex = vm.get_attribute(value, "hex")?;
        if let Some(bytes) = hex.as_str().and_then(hex_bytes) {
            return Ok(Some(Literal::Uuid(bytes)));
        }
    }
    Ok(None)
}

fn hex_bytes(text: &str) -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    if text.len() != 32 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).ok()?;
    }
    Some(bytes)
}

fn number(vm: &mut Interpreter, value: &Value, name: &str) -> Result<i64> {
    Ok(vm.get_attribute(value, name)?.as_int().unwrap_or(0))
}

fn small<T: TryFrom<i64> + Default>(vm: &mut Interpreter, value: &Value, name: &str) -> Result<T> {
    Ok(T::try_from(number(vm, value, name)?).unwrap_or_default())
}

fn read_date(vm: &mut Interpreter, value: &Value) -> Result<calendar::Date> {
    let year = small(vm, value, "year")?;
    let month = small(vm, value, "month")?;
    let day = small(vm, value, "day")?;
    calendar::Date::new(year, month, day).map_err(|error| vm.value_error(error.to_string()))
}

fn read_time(vm: &mut Interpreter, value: &Value) -> Result<calendar::Time> {
    let hour = small(vm, value, "hour")?;
    let minute = small(vm, value, "minute")?;
    let second = small(vm, value, "second")?;
    let microsecond: i32 = small(vm, value, "microsecond")?;
    calendar::Time::new(hour, minute, second, microsecond.saturating_mul(1000))
        .map_err(|error| vm.value_error(error.to_string()))
}

fn offset(vm: &mut Interpreter, value: &Value) -> Result<Option<i32>> {
    let Some(method) = vm.find_attribute(value, "utcoffset")? else {
        return Ok(None);
    };
    let offset = vm.call(&method, Arguments::none())?;
    if offset.is_none() {
        return Ok(None);
    }
    let seconds = number(vm, &offset, "days")? * 86_400 + number(vm, &offset, "seconds")?;
    Ok(Some(i32::try_from(seconds).unwrap_or(0)))
}

/// Converts a literal to a Python value.
///
/// # Errors
/// What the standard library's constructors raise.
pub fn from_literal(vm: &mut Interpreter, literal: &Literal) -> Result<Value> {
    Ok(match literal {
        Literal::Null => Value::None,
        Literal::JsonNull => Value::native(JsonNull),
        Literal::Boolean(value) => Value::Bool(*value),
        Literal::Integer(value) => Value::Int(*value),
        Literal::BigInteger(value) => Value::int((**value).clone()),
        Literal::Float(value) => Value::Float(*value),
        Literal::String(text) => Value::Str(text.clone()),
        Literal::Bytes(bytes) => Value::Bytes(bytes.clone()),
        Literal::List(items) => Value::list(values(vm, items)?),
        Literal::Tuple(items) => Value::tuple(values(vm, items)?),
        Literal::Dictionary(items) => {
            let dict = python::Dict::new();
            for (key, value) in items.iter() {
                let key = from_literal(vm, key)?;
                let value = from_literal(vm, value)?;
                dict.set(vm, key, value)?;
            }
            Value::Dict(Rc::new(dict))
        }
        Literal::Enum(member) => {
            match member
                .object
                .clone()
                .and_then(|object| object.downcast::<Value>().ok())
            {
                Some(value) => (*value).clone(),
                None => Value::Str(member.name.clone()),
            }
        }
        Literal::Object(object) => match object.as_any().downcast_ref::<PythonObject>() {
            Some(object) => object.value.clone(),
            None => Value::str(vm.lend(|| object.python_str())),
        },
        Literal::Decimal(text) => {
            construct(vm, "decimal", "Decimal", vec![Value::Str(text.clone())])?
        }
        Literal::Uuid(_) => {
            let text = literal.python_str();
            construct(vm, "uuid", "UUID", vec![Value::str(text)])?
        }
        Literal::Date(date) => construct(vm, "datetime", "date", date_parts(*date))?,
        Literal::Time(time, offset) => {
            let mut parts = time_parts(*time);
            push_offset(vm, &mut parts, *offset)?;
            construct(vm, "datetime", "time", parts)?
        }
        Literal::DateTime(moment, offset) => {
            let mut parts = date_parts(moment.date());
            parts.extend(time_parts(moment.time()));
            push_offset(vm, &mut parts, *offset)?;
            construct(vm, "datetime", "datetime", parts)?
        }
        Literal::Interval(microseconds) => {
            let parts = vec![Value::Int(0), Value::Int(0), Value::Int(*microseconds)];
            construct(vm, "datetime", "timedelta", parts)?
        }
    })
}

fn values(vm: &mut Interpreter, items: &[Literal]) -> Result<Vec<Value>> {
    let mut found = Vec::new();
    for item in items {
        found.push(from_literal(vm, item)?);
    }
    Ok(found)
}

fn construct(vm: &mut Interpreter, module: &str, name: &str, parts: Vec<Value>) -> Result<Value> {
    let module = vm.import(module)?;
    let class = vm.get_attribute(&module, name)?;
    vm.call(&class, Arguments::positional(parts))
}

fn date_parts(date: calendar::Date) -> Vec<Value> {
    vec![
        Value::Int(date.year().into()),
        Value::Int(date.month().into()),
        Value::Int(date.day().into()),
    ]
}

fn time_parts(time: calendar::Time) -> Vec<Value> {
    vec![
        Value::Int(time.hour().into()),
        Value::Int(time.minute().into()),
        Value::Int(time.second().into()),
        Value::Int(i64::from(time.subsec_nanosecond()) / 1000),
    ]
}

fn push_offset(vm: &mut Interpreter, parts: &mut Vec<Value>, offset: Option<i32>) -> Result<()> {
    if let Some(offset) = offset {
        let delta = construct(
            vm,
            "datetime",
            "timedelta",
            vec![Value::Int(0), Value::Int(offset.into())],
        )?;
        parts.push(construct(vm, "datetime", "timezone", vec![delta])?);
    }
    Ok(())
}
