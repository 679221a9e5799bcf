//! Operators, comparison, hashing, truth.

mod numbers;

use std::cmp::Ordering;
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::{Pow, Signed, ToPrimitive, Zero};

use super::arguments::Arguments;
use super::dict::Dict;
use super::interpreter::Interpreter;
use super::tree::{BinaryOperator, CompareOperator, UnaryOperator};
use super::value::{Set, Value};
use ground::diagnostic::{Error, Result};
use ground::hash::of_text;

pub(crate) use numbers::{big, compare_numbers, floor_divide, hash_number};
use numbers::{decide, is_number, small_integers};

impl Interpreter {
    /// A binary operation.
    pub fn binary(&mut self, operator: BinaryOperator, a: &Value, b: &Value) -> Result<Value> {
        match self.try_binary(operator, a, b)? {
            Some(value) => Ok(value),
            None => Err(self.operand_error(operator, a, b)),
        }
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

    /// `a += b` and the like: lists and sets change in place.
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

    /// What one side of an operation says.
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
        if let Some(name) = self.opaque_name(object)
            && matches!(object, Value::Instance(_))
        {
            let _ = name;
        }
        Ok(true)
    }

    /// A comparison; the result need not be a `bool`.
    pub fn compare(&mut self, operator: CompareOperator, a: &Value, b: &Value) -> Result<Value> {
        use CompareOperator as Op;
        match operator {
            Op::Is => return Ok(Value::Bool(a.is(b))),
            Op::IsNot => return Ok(Value::Bool(!a.is(b))),
            Op::In => return Ok(Value::Bool(self.contains(b, a)?)),
            Op::NotIn => return Ok(Value::Bool(!self.contains(b, a)?)),
            _ => {}
        }
        match (a, b) {
            (Value::Int(x), Value::Int(y)) => {
                return Ok(Value::Bool(decide(operator, x.cmp(y))));
            }
            (Value::Str(x), Value::Str(y)) => {
                return Ok(Value::Bool(match operator {
                    Op::Equal => x == y,
                    Op::NotEqual => x != y,
                    _ => decide(operator, x.cmp(y)),
                }));
            }
            _ => {}
        }
        self.check_stack()?;
        let class_a = self.class_of(a);
        let class_b = self.class_of(b);
        let special = |value: &Value| matches!(value, Value::Instance(_) | Value::Native(_));
        if special(a) || special(b) {
            let reflected_first = class_a != class_b
                && class_b.is_subclass(&class_a)
                && matches!(b, Value::Instance(_));
            if reflected_first && let Some(value) = self.compare_side(operator.reflected(), b, a)? {
                return Ok(value);
            }
            if let Some(value) = self.compare_side(operator, a, b)? {
                return Ok(value);
            }
            if !reflected_first
                && let Some(value) = self.compare_side(operator.reflected(), b, a)?
            {
                return Ok(value);
            }
        }
        if let Some(answer) = self.plain_compare(operator, a.plain(), b.plain())? {
            return Ok(Value::Bool(answer));
        }
        match operator {
            Op::Equal => Ok(Value::Bool(a.is(b))),
            Op::NotEqual => Ok(Value::Bool(!a.is(b))),
            _ => Err(self.type_error(format!(
                "'{}' not supported between instances of '{}' and '{}'",
                operator.sign(),
                class_a.name(),
                class_b.name()
            ))),
        }
    }

    fn compare_side(
        &mut self,
        operator: CompareOperator,
        this: &Value,
        other: &Value,
    ) -> Result<Option<Value>> {
        match this {
            Value::Native(native) => {
                let native = native.clone();
                if let Some(value) = native.compare(this, self, operator, other)?
                    && !matches!(value, Value::NotImplemented)
                {
                    return Ok(Some(value));
                }
            }
            Value::Instance(_) => {}
            _ => return Ok(None),
        }
        let class = self.class_of(this);
        let object = self.classes.object.clone();
        let Some((owner, method)) = class.lookup_with_class(operator.method()) else {
            if operator == CompareOperator::NotEqual {
                return self.not_equal_by_equal(&class, this, other);
            }
            return Ok(None);
        };
        if operator == CompareOperator::NotEqual && owner == object {
            return self.not_equal_by_equal(&class, this, other);
        }
        if owner == object
            || (!owner.user_defined
                && matches!(this, Value::Instance(instance) if instance.base.is_some()))
        {
            if operator == CompareOperator::NotEqual {
                return self.not_equal_by_equal(&class, this, other);
            }
            return Ok(None);
        }
        let method = self.bind(&method, this, &class)?;
        let value = self.call(&method, Arguments::positional(vec![other.clone()]))?;
        Ok((!matches!(value, Value::NotImplemented)).then_some(value))
    }

    fn not_equal_by_equal(
        &mut self,
        class: &super::value::Class,
        this: &Value,
        other: &Value,
    ) -> Result<Option<Value>> {
        let Some((owner, method)) = class.lookup_with_class("__eq__") else {
            return Ok(None);
        };
        if owner == self.classes.object || method.is_none() {
            return Ok(None);
        }
        if !owner.user_defined
            && matches!(this, Value::Instance(instance) if instance.base.is_some())
        {
            return Ok(None);
        }
        let method = self.bind(&method, this, class)?;
        let value = self.call(&method, Arguments::positional(vec![other.clone()]))?;
        if matches!(value, Value::NotImplemented) {
            return Ok(None);
        }
        Ok(Some(Value::Bool(!self.truth(&value)?)))
    }

    fn plain_compare(
        &mut self,
        operator: CompareOperator,
        a: &Value,
        b: &Value,
    ) -> Result<Option<bool>> {
        use CompareOperator as Op;
        let equality = matches!(operator, Op::Equal | Op::NotEqual);
        let wanted = operator == Op::Equal;
        if is_number(a) && is_number(b) {
            return Ok(Some(match compare_numbers(a, b) {
                Some(ordering) => decide(operator, ordering),
                None => operator == Op::NotEqual,
            }));
        }
        Ok(match (a, b) {
            (Value::Str(x), Value::Str(y)) => Some(decide(operator, x.cmp(y))),
            (Value::Bytes(x), Value::Bytes(y)) => Some(decide(operator, x.cmp(y))),
            (Value::List(x), Value::List(y)) => {
                if Rc::ptr_eq(x, y) && equality {
                    return Ok(Some(wanted));
                }
                let (x, y) = (x.items.borrow().clone(), y.items.borrow().clone());
                Some(self.compare_items(operator, &x, &y)?)
            }
            (Value::Tuple(x), Value::Tuple(y)) => {
                let (x, y) = (x.clone(), y.clone());
                Some(self.compare_items(operator, &x, &y)?)
            }
            (Value::Dict(x), Value::Dict(y)) if equality => {
                let mut equal = x.len() == y.len();
                if equal && !Rc::ptr_eq(x, y) {
                    for (key, value) in x.entries() {
                        match y.get(self, &key)? {
                            Some(other) => {
                                if !self.equal(&value, &other)? {
                                    equal = false;
                                    break;
                                }
                            }
                            None => {
                                equal = false;
                                break;
                            }
                        }
                    }
                }
                Some(equal == wanted)
            }
            (Value::Set(x), Value::Set(y)) => {
                let x_in_y = self.is_subset(x, y)?;
                let (x_len, y_len) = (x.items.len(), y.items.len());
                Some(match operator {
                    Op::Equal => x_in_y && x_len == y_len,
                    Op::NotEqual => !(x_in_y && x_len == y_len),
                    Op::LessEqual => x_in_y,
                    Op::Less => x_in_y && x_len < y_len,
                    Op::GreaterEqual => self.is_subset(y, x)?,
                    _ => self.is_subset(y, x)? && y_len < x_len,
                })
            }
            (Value::Range(x), Value::Range(y)) if equality => {
                let same = x.len() == y.len()
                    && (x.is_empty() || x.start == y.start && (x.len() == 1 || x.step == y.step));
                Some(same == wanted)
            }
            (Value::Method(x), Value::Method(y)) if equality => {
                Some((x.this.is(&y.this) && x.function.is(&y.function)) == wanted)
            }
            (Value::Slice(x), Value::Slice(y)) if equality => {
                let same = self.equal(&x.start, &y.start)?
                    && self.equal(&x.stop, &y.stop)?
                    && self.equal(&x.step, &y.step)?;
                Some(same == wanted)
            }
            _ => None,
        })
    }

    pub(crate) fn is_subset(&mut self, a: &Set, b: &Set) -> Result<bool> {
        if a.items.len() > b.items.len() {
            return Ok(false);
        }
        for key in a.items.keys() {
            if !b.items.contains(self, &key)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn compare_items(
        &mut self,
        operator: CompareOperator,
        a: &[Value],
        b: &[Value],
    ) -> Result<bool> {
        use CompareOperator as Op;
        if matches!(operator, Op::Equal | Op::NotEqual) && a.len() != b.len() {
            return Ok(operator == Op::NotEqual);
        }
        for (x, y) in a.iter().zip(b) {
            if !self.equal(x, y)? {
                return match operator {
                    Op::Equal => Ok(false),
                    Op::NotEqual => Ok(true),
                    _ => {
                        let value = self.compare(operator, x, y)?;
                        self.truth(&value)
                    }
                };
            }
        }
        Ok(decide(operator, a.len().cmp(&b.len())))
    }

    /// Whether `a == b` is true (or they are the same object).
    pub fn equal(&mut self, a: &Value, b: &Value) -> Result<bool> {
        match (a, b) {
            (Value::Str(x), Value::Str(y)) => return Ok(x == y),
            (Value::Int(x), Value::Int(y)) => return Ok(x == y),
            (Value::Float(_), Value::Float(_)) => {}
            (a, b) if a.is(b) => return Ok(true),
            _ => {}
        }
        let value = self.compare(CompareOperator::Equal, a, b)?;
        self.truth(&value)
    }

    /// `hash(object)`.
    pub fn hash(&mut self, object: &Value) -> Result<u64> {
        Ok(match object {
            Value::Str(text) => of_text(text),
            Value::Int(_) | Value::Bool(_) | Value::BigInt(_) | Value::Float(_) => {
                hash_number(object)
            }
            Value::None => 0x1234_5678,
            Value::Bytes(bytes) => bytes.iter().fold(5381, |hash: u64, byte| {
                hash.wrapping_mul(33) ^ u64::from(*byte)
            }),
            Value::Tuple(items) => {
                self.check_stack()?;
                let items = items.clone();
                let mut hash: u64 = 0x345_678;
                for item in items.iter() {
                    hash = (hash ^ self.hash(item)?).wrapping_mul(1_000_003);
                }
                hash
            }
            Value::Set(set) if set.frozen => {
                let mut hash: u64 = 1927;
                for item in set.items.keys() {
                    hash ^= self.hash(&item)?.wrapping_mul(0x9E37_79B9_7F4A_7C15);
                }
                hash
            }
            Value::List(_) | Value::Dict(_) | Value::Set(_) | Value::Slice(_) => {
                let class = self.class_of(object).name();
                return Err(self.type_error(format!("unhashable type: '{class}'")));
            }
            Value::Range(range) => range
                .start
                .wrapping_mul(31)
                .wrapping_add(range.stop)
                .cast_unsigned(),
            Value::Method(method) => {
                let function = method.function.clone();
                self.hash(&function)? ^ method.this.address().unwrap_or(0) as u64
            }
            Value::Native(native) => {
                let native = native.clone();
                if let Some(hash) = native.hash(object, self)? {
                    return Ok(hash);
                }
                self.hash_by_class(object)?
            }
            Value::Instance(_) => self.hash_by_class(object)?,
            other => other.address().unwrap_or(1) as u64 >> 4,
        })
    }

    fn hash_by_class(&mut self, object: &Value) -> Result<u64> {
        let class = self.class_of(object);
        if let Some((owner, method)) = class.lookup_with_class("__hash__")
            && (owner.user_defined
                || (owner != self.classes.object
                    && !matches!(object, Value::Instance(instance) if instance.base.is_some())))
        {
            if method.is_none() {
                return Err(self.type_error(format!("unhashable type: '{}'", class.name())));
            }
            let method = self.bind(&method, object, &class)?;
            let value = self.call(&method, Arguments::none())?;
            return match value.plain() {
                number @ (Value::Int(_) | Value::BigInt(_) | Value::Bool(_)) => {
                    Ok(hash_number(number))
                }
                _ => Err(self.type_error("__hash__ method should return an integer")),
            };
        }
        if let Value::Instance(instance) = object
            && let Some(base) = &instance.base
        {
            if matches!(base, Value::List(_) | Value::Dict(_) | Value::Set(_)) {
                return Err(self.type_error(format!("unhashable type: '{}'", class.name())));
            }
            return self.hash(&base.clone());
        }
        Ok(object.address().unwrap_or(1) as u64 >> 4)
    }
}

fn repeat_items(items: &[Value], count: usize) -> Vec<Value> {
    let mut result = Vec::with_capacity(items.len() * count);
    for _ in 0..count {
        result.extend_from_slice(items);
    }
    result
}
