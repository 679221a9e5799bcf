//! Comparison, equality and hashes.

use super::*;

impl Interpreter {
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
        if let (Value::Instance(one), _) | (_, Value::Instance(one)) = (a, b)
            && let Some(Value::Native(_)) = &one.base
        {
            let class = one.class();
            let own = class.lookup_with_class(operator.method());
            if !own.is_some_and(|(owner, _)| owner.user_defined) {
                return self.compare(operator, a.plain(), b.plain());
            }
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
        class: &crate::value::Class,
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
