//! Operators and truth testing.

mod comparison;
mod numbers;

use std::cmp::Ordering;
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::{FromPrimitive, Pow, Signed, ToPrimitive, Zero};

use super::arguments::Arguments;
use super::builtins::ByteArray;
use super::dict::Dict;
use super::interpreter::Interpreter;
use super::tree::{BinaryOperator, CompareOperator, UnaryOperator};
use super::value::{Set, Value};
use ground::diagnostic::{Error, Result};
use ground::hash::of_text;

pub(crate) use numbers::{big, compare_numbers, float_as_int, floor_divide, hash_number};
use numbers::{decide, is_number, small_integers};

impl Interpreter {
    /// A binary operation.
    pub fn binary(&mut self, operator: BinaryOperator, a: &Value, b: &Value) -> Result<Value> {
        if let Some(value) = self.try_binary(operator, a, b)? {
            return Ok(value);
        }
        // What an instance of a program's own class stands for.
        if let (Value::Native(_), _) | (_, Value::Native(_)) = (a.plain(), b.plain())
            && matches!((a, b), (Value::Instance(_), _) | (_, Value::Instance(_)))
            && let Some(value) = self.try_binary(operator, a.plain(), b.plain())?
        {
            return Ok(value);
        }
        Err(self.operand_error(operator, a, b))
    }

    fn operand_error(&mut self, operator: BinaryOperator, a: &Value, b: &Value) -> Error {
        let left = self.class_of(a).name();
        let right = self.class_of(b).name();
        if operator == BinaryOperator::Add {
            match a.plain() {
                Value::Str(_) => {
                    return self
                        .type_error(format!("can only concatenate str (not \"{right}\") to str"));
                }
                Value::List(_) => {
                    return self.type_error(format!(
                        "can only concatenate list (not \"{right}\") to list"
                    ));
                }
                Value::Tuple(_) => {
                    return self.type_error(format!(
                        "can only concatenate tuple (not \"{right}\") to tuple"
                    ));
                }
                Value::Bytes(_) => {
                    return self.type_error(format!("can't concat {right} to bytes"));
                }
                _ => {}
            }
        }
        if operator == BinaryOperator::Multiply {
            let sequence = |value: &Value| {
                matches!(
                    value.plain(),
                    Value::Str(_) | Value::List(_) | Value::Tuple(_) | Value::Bytes(_)
                )
            };
            if sequence(a) {
                return self.type_error(format!(
                    "can't multiply sequence by non-int of type '{right}'"
                ));
            }
            if sequence(b) {
                return self.type_error(format!(
                    "can't multiply sequence by non-int of type '{left}'"
                ));
            }
        }
        let sign = if operator == BinaryOperator::Power {
            "** or pow()"
        } else {
            operator.sign()
        };
        self.type_error(format!(
            "unsupported operand type(s) for {sign}: '{left}' and '{right}'"
        ))
    }

    /// `a += b` and other augmented assignments; lists and sets are modified in place.
    pub(crate) fn binary_in_place(
        &mut self,
        operator: BinaryOperator,
        a: &Value,
        b: &Value,
    ) -> Result<Value> {
        match (a, operator) {
            (Value::List(list), BinaryOperator::Add) => {
                let items = self.collect(b)?;
                self.allocate(items.len() * 24)?;
                list.items.borrow_mut().extend(items);
                return Ok(a.clone());
            }
            (Value::Set(set), BinaryOperator::Or) if !set.frozen => {
                if let Value::Set(other) = b.plain() {
                    for item in other.items.keys() {
                        set.items.set(self, item, Value::None)?;
                    }
                    return Ok(a.clone());
                }
            }
            (
                Value::Set(set),
                BinaryOperator::Subtract | BinaryOperator::And | BinaryOperator::Xor,
            ) if !set.frozen => {
                if let Some(Value::Set(result)) = self.try_binary(operator, a, b)? {
                    set.items.assign(result.items.copy());
                    return Ok(a.clone());
                }
            }
            (Value::Dict(dict), BinaryOperator::Or) => {
                if let Some(other) = b.as_dict().cloned() {
                    dict.update(self, &other)?;
                    return Ok(a.clone());
                }
            }
            (Value::Native(_), BinaryOperator::Add) => {
                if let (Some(array), Some(more)) = (a.downcast::<ByteArray>(), b.as_byte_string()) {
                    self.allocate(more.len())?;
                    array.0.borrow_mut().extend_from_slice(&more);
                    return Ok(a.clone());
                }
            }
            (Value::Instance(instance), _) => {
                let class = instance.class();
                if let Some(method) = class.lookup(operator.methods()[2]) {
                    let method = self.bind(&method, a, &class)?;
                    let result = self.call(&method, Arguments::positional(vec![b.clone()]))?;
                    if !matches!(result, Value::NotImplemented) {
                        return Ok(result);
                    }
                }
                if let Some(Value::List(list)) = &instance.base
                    && operator == BinaryOperator::Add
                {
                    let items = self.collect(b)?;
                    list.items.borrow_mut().extend(items);
                    return Ok(a.clone());
                }
            }
            _ => {}
        }
        match self.try_binary(operator, a, b)? {
            Some(value) => Ok(value),
            None => {
                let left = self.class_of(a).name();
                let right = self.class_of(b).name();
                let error = self.operand_error(operator, a, b);
                if error.message.starts_with("unsupported operand") {
                    let sign = operator.sign();
                    return Err(self.type_error(format!(
                        "unsupported operand type(s) for {sign}=: '{left}' and '{right}'"
                    )));
                }
                Err(error)
            }
        }
    }

    pub(crate) fn try_binary(
        &mut self,
        operator: BinaryOperator,
        a: &Value,
        b: &Value,
    ) -> Result<Option<Value>> {
        if let (Value::Int(x), Value::Int(y)) = (a, b)
            && let Some(value) = small_integers(operator, *x, *y)
        {
            return Ok(Some(value));
        }
        let special = |value: &Value| matches!(value, Value::Instance(_) | Value::Native(_));
        if special(a) || special(b) {
            let [direct, reflected, _] = operator.methods();
            let class_a = self.class_of(a);
            let class_b = self.class_of(b);
            let reflected_first = class_a != class_b
                && class_b.is_subclass(&class_a)
                && matches!(b, Value::Instance(_));
            if reflected_first && let Some(value) = self.operand(operator, b, a, reflected, true)? {
                return Ok(Some(value));
            }
            if let Some(value) = self.operand(operator, a, b, direct, false)? {
                return Ok(Some(value));
            }
            if !reflected_first
                && let Some(value) = self.operand(operator, b, a, reflected, true)?
            {
                return Ok(Some(value));
            }
            let (plain_a, plain_b) = (a.plain().clone(), b.plain().clone());
            if let (Value::Str(format), BinaryOperator::Modulo) = (&plain_a, operator) {
                return self
                    .percent_format(format, b)
                    .map(|text| Some(Value::from(text)));
            }
            if special(&plain_a) || special(&plain_b) {
                return Ok(None);
            }
            return self.plain_binary(operator, &plain_a, &plain_b);
        }
        self.plain_binary(operator, a, b)
    }

    /// Asks one operand for the result of an operation.
    fn operand(
        &mut self,
        operator: BinaryOperator,
        this: &Value,
        other: &Value,
        method: &str,
        reflected: bool,
    ) -> Result<Option<Value>> {
        match this {
            Value::Native(native) => {
                let native = native.clone();
                if let Some(value) = native.binary(this, self, operator, other, reflected)?
                    && !matches!(value, Value::NotImplemented)
                {
                    return Ok(Some(value));
                }
            }
            Value::Instance(_) => {}
            _ => return Ok(None),
        }
        let class = self.class_of(this);
        let Some(method) = class.lookup(method) else {
            return Ok(None);
        };
        let method = self.bind(&method, this, &class)?;
        let value = self.call(&method, Arguments::positional(vec![other.clone()]))?;
        Ok((!matches!(value, Value::NotImplemented)).then_some(value))
    }

    fn plain_binary(
        &mut self,
        operator: BinaryOperator,
        a: &Value,
        b: &Value,
    ) -> Result<Option<Value>> {
        use BinaryOperator as Op;
        if is_number(a) && is_number(b) {
            return self.numbers(operator, a, b);
        }
        Ok(match (operator, a, b) {
            (Op::Add, Value::Str(x), Value::Str(y)) => {
                self.allocate(x.len() + y.len())?;
                let mut text = String::with_capacity(x.len() + y.len());
                text.push_str(x);
                text.push_str(y);
                Some(Value::from(text))
            }
            (Op::Add, Value::List(x), Value::List(y)) => {
                let mut items = x.items.borrow().clone();
                items.extend(y.items.borrow().iter().cloned());
                self.allocate(items.len() * 24)?;
                Some(Value::list(items))
            }
            (Op::Add, Value::Tuple(x), Value::Tuple(y)) => {
                self.allocate((x.len() + y.len()) * 24)?;
                Some(Value::tuple(x.iter().chain(y.iter()).cloned().collect()))
            }
            (Op::Add, Value::Bytes(x), Value::Bytes(y)) => {
                self.allocate(x.len() + y.len())?;
                Some(Value::bytes([&x[..], &y[..]].concat()))
            }
            (Op::Multiply, sequence, count) if count.as_int().is_some() && !is_number(sequence) => {
                self.repeat(sequence, count.as_int().unwrap_or(0))?
            }
            (Op::Multiply, count, sequence) if count.as_int().is_some() && !is_number(sequence) => {
                self.repeat(sequence, count.as_int().unwrap_or(0))?
            }
            (Op::Modulo, Value::Str(format), values) => {
                let text = self.percent_format(format, values)?;
                Some(Value::from(text))
            }
            (_, Value::Set(x), Value::Set(y)) => self.sets(operator, x, y)?,
            (Op::Or, Value::Dict(x), Value::Dict(y)) => {
                let dict = x.copy();
                dict.update(self, y)?;
                Some(Value::Dict(Rc::new(dict)))
            }
            (Op::Or, a, b)
                if self.is_type_like(a)
                    && self.is_type_like(b)
                    && !(a.is_none() && b.is_none()) =>
            {
                Some(self.make_union(&[a.clone(), b.clone()], false)?)
            }
            _ => None,
        })
    }

    fn repeat(&mut self, sequence: &Value, count: i64) -> Result<Option<Value>> {
        let count = usize::try_from(count).unwrap_or(0);
        let size = |length: usize| length.saturating_mul(count);
        Ok(match sequence {
            Value::Str(text) => {
                self.allocate(size(text.len()))?;
                Some(Value::from(text.repeat(count)))
            }
            Value::Bytes(bytes) => {
                self.allocate(size(bytes.len()))?;
                Some(Value::bytes(bytes.repeat(count)))
            }
            Value::List(list) => {
                let items = list.items.borrow().clone();
                self.allocate(size(items.len()).saturating_mul(24))?;
                Some(Value::list(repeat_items(&items, count)))
            }
            Value::Tuple(items) => {
                self.allocate(size(items.len()).saturating_mul(24))?;
                Some(Value::tuple(repeat_items(items, count)))
            }
            _ => None,
        })
    }

    pub(crate) fn sets(
        &mut self,
        operator: BinaryOperator,
        a: &Set,
        b: &Set,
    ) -> Result<Option<Value>> {
        use BinaryOperator as Op;
        let items = Dict::new();
        match operator {
            Op::Or => {
                items.assign(a.items.copy());
                for key in b.items.keys() {
                    items.set(self, key, Value::None)?;
                }
            }
            Op::And => {
                for key in a.items.keys() {
                    if b.items.contains(self, &key)? {
                        items.set(self, key, Value::None)?;
                    }
                }
            }
            Op::Subtract => {
                for key in a.items.keys() {
                    if !b.items.contains(self, &key)? {
                        items.set(self, key, Value::None)?;
                    }
                }
            }
            Op::Xor => {
                for key in a.items.keys() {
                    if !b.items.contains(self, &key)? {
                        items.set(self, key, Value::None)?;
                    }
                }
                for key in b.items.keys() {
                    if !a.items.contains(self, &key)? {
                        items.set(self, key, Value::None)?;
                    }
                }
            }
            _ => return Ok(None),
        }
        Ok(Some(Value::Set(Rc::new(Set {
            items,
            frozen: a.frozen,
        }))))
    }

    /// A unary operation.
    pub fn unary(&mut self, operator: UnaryOperator, a: &Value) -> Result<Value> {
        if operator == UnaryOperator::Not {
            return Ok(Value::Bool(!self.truth(a)?));
        }
        if let Value::Native(native) = a {
            let native = native.clone();
            if let Some(value) = native.unary(a, self, operator)? {
                return Ok(value);
            }
        }
        let (method, sign) = match operator {
            UnaryOperator::Negate => ("__neg__", "-"),
            UnaryOperator::Plus => ("__pos__", "+"),
            UnaryOperator::Invert | UnaryOperator::Not => ("__invert__", "~"),
        };
        if matches!(a, Value::Native(_) | Value::Instance(_)) {
            let class = self.class_of(a);
            if let Some(found) = class.lookup(method) {
                let bound = self.bind(&found, a, &class)?;
                return self.call(&bound, Arguments::none());
            }
        }
        match (operator, a.plain()) {
            (UnaryOperator::Negate, Value::Float(number)) => return Ok(Value::Float(-number)),
            (UnaryOperator::Plus, Value::Float(number)) => return Ok(Value::Float(*number)),
            (UnaryOperator::Negate, Value::Int(number)) if *number != i64::MIN => {
                return Ok(Value::Int(-number));
            }
            (_, plain) => {
                if let Some(number) = big(plain) {
                    return Ok(Value::int(match operator {
                        UnaryOperator::Negate => -number,
                        UnaryOperator::Invert => -number - 1,
                        _ => number,
                    }));
                }
            }
        }
        let class = self.class_of(a).name();
        Err(self.type_error(format!("bad operand type for unary {sign}: '{class}'")))
    }

    /// `bool(object)`.
    pub fn truth(&mut self, object: &Value) -> Result<bool> {
        Ok(match object {
            Value::None => false,
            Value::Bool(value) => *value,
            Value::Int(value) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::Str(text) => !text.is_empty(),
            Value::Bytes(bytes) => !bytes.is_empty(),
            Value::List(list) => !list.items.borrow().is_empty(),
            Value::Tuple(items) => !items.is_empty(),
            Value::Dict(dict) => !dict.is_empty(),
            Value::Set(set) => !set.items.is_empty(),
            Value::Range(range) => !range.is_empty(),
            Value::Module(module) if module.opaque => {
                self.require_known(object, "whether it is true")?;
                true
            }
            Value::Native(native) => {
                let native = native.clone();
                if let Some(truth) = native.truth(object, self)? {
                    return Ok(truth);
                }
                let class = self.class_of(object);
                if class.lookup("__bool__").is_some() {
                    return self.truth_by_class(object);
                }
                if let Some(length) = native.length(object, self)? {
                    return Ok(length > 0);
                }
                self.truth_by_class(object)?
            }
            Value::Instance(_) => self.truth_by_class(object)?,
            _ => true,
        })
    }

    fn truth_by_class(&mut self, object: &Value) -> Result<bool> {
        let class = self.class_of(object);
        if let Some(method) = class.lookup("__bool__") {
            let method = self.bind(&method, object, &class)?;
            let value = self.call(&method, Arguments::none())?;
            return match value {
                Value::Bool(value) => Ok(value),
                other => {
                    let name = self.class_of(&other).name();
                    Err(self.type_error(format!("__bool__ should return bool, returned {name}")))
                }
            };
        }
        if let Value::Instance(instance) = object
            && let Some(base) = &instance.base
            && !class
                .mro()
                .any(|class| class.user_defined && class.namespace.contains_str("__len__"))
        {
            return self.truth(&base.clone());
        }
        if let Some(method) = class.lookup("__len__") {
            let method = self.bind(&method, object, &class)?;
            let value = self.call(&method, Arguments::none())?;
            return Ok(value.as_int().unwrap_or(0) != 0);
        }
        Ok(true)
    }
}

fn repeat_items(items: &[Value], count: usize) -> Vec<Value> {
    let mut result = Vec::with_capacity(items.len() * count);
    for _ in 0..count {
        result.extend_from_slice(items);
    }
    result
}
