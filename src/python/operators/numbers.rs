//! Arithmetic, comparison and hashing of numbers with the semantics of Python's `int` and `float`.

use super::*;
use ground::exception;

pub(super) fn is_number(value: &Value) -> bool {
    matches!(
        value,
        Value::Int(_) | Value::Bool(_) | Value::BigInt(_) | Value::Float(_)
    )
}

pub(crate) fn big(value: &Value) -> Option<BigInt> {
    match value {
        Value::Int(number) => Some(BigInt::from(*number)),
        Value::Bool(truth) => Some(BigInt::from(i64::from(*truth))),
        Value::BigInt(number) => Some((**number).clone()),
        _ => None,
    }
}

/// `int()` of a float, truncating its fraction.
///
/// Errors: `ValueError` for NaN, `OverflowError` for infinity.
pub(crate) fn float_as_int(number: f64) -> Result<BigInt> {
    if number.is_nan() {
        return Err(Error::new(
            exception::VALUE_ERROR,
            "cannot convert float NaN to integer",
        ));
    }
    BigInt::from_f64(number.trunc()).ok_or_else(|| {
        Error::new(
            exception::OVERFLOW_ERROR,
            "cannot convert float infinity to integer",
        )
    })
}

pub(super) fn float_error(operation: &str) -> Error {
    Error::new(exception::ZERO_DIVISION_ERROR, operation)
}

impl Interpreter {
    pub(super) fn numbers(
        &mut self,
        operator: BinaryOperator,
        a: &Value,
        b: &Value,
    ) -> Result<Option<Value>> {
        use BinaryOperator as Op;
        if matches!(a, Value::Float(_)) || matches!(b, Value::Float(_)) {
            let too_large = || {
                Error::new(
                    exception::OVERFLOW_ERROR,
                    "int too large to convert to float",
                )
            };
            let x = a
                .as_float()
                .filter(|x| x.is_finite() || matches!(a, Value::Float(_)));
            let y = b
                .as_float()
                .filter(|y| y.is_finite() || matches!(b, Value::Float(_)));
            let (Some(x), Some(y)) = (x, y) else {
                return Err(too_large());
            };
            return Ok(Some(Value::Float(match operator {
                Op::Add => x + y,
                Op::Subtract => x - y,
                Op::Multiply => x * y,
                Op::Divide => {
                    if y == 0.0 {
                        return Err(float_error("float division by zero"));
                    }
                    x / y
                }
                Op::FloorDivide => {
                    if y == 0.0 {
                        return Err(float_error("float floor division by zero"));
                    }
                    float_divmod(x, y).0
                }
                Op::Modulo => {
                    if y == 0.0 {
                        return Err(float_error("float modulo"));
                    }
                    float_divmod(x, y).1
                }
                Op::Power => {
                    if x == 0.0 && y < 0.0 {
                        return Err(float_error("0.0 cannot be raised to a negative power"));
                    }
                    let result = x.powf(y);
                    if result.is_infinite() && x.is_finite() && y.is_finite() {
                        return Err(Error::new(
                            exception::OVERFLOW_ERROR,
                            "(34, 'Numerical result out of range')",
                        ));
                    }
                    if result.is_nan() && !x.is_nan() && !y.is_nan() {
                        return Err(self.unsupported("complex numbers are not supported"));
                    }
                    result
                }
                _ => return Ok(None),
            })));
        }
        if operator == Op::Divide {
            let (x, y) = (
                a.as_float().unwrap_or(f64::INFINITY),
                b.as_float().unwrap_or(f64::INFINITY),
            );
            if y == 0.0 {
                return Err(float_error("division by zero"));
            }
            if let (Value::BigInt(_), _) | (_, Value::BigInt(_)) = (a, b)
                && (!x.is_finite() || !y.is_finite())
            {
                return Err(Error::new(
                    exception::OVERFLOW_ERROR,
                    "integer division result too large for a float",
                ));
            }
            return Ok(Some(Value::Float(x / y)));
        }
        if let (Value::Bool(x), Value::Bool(y)) = (a, b) {
            match operator {
                Op::And => return Ok(Some(Value::Bool(x & y))),
                Op::Or => return Ok(Some(Value::Bool(x | y))),
                Op::Xor => return Ok(Some(Value::Bool(x ^ y))),
                _ => {}
            }
        }
        let (Some(x), Some(y)) = (big(a), big(b)) else {
            return Ok(None);
        };
        let size = usize::try_from(x.bits() / 8 + y.bits() / 8 + 16).unwrap_or(usize::MAX);
        self.allocate(size)?;
        Ok(Some(match operator {
            Op::Add => Value::int(x + y),
            Op::Subtract => Value::int(x - y),
            Op::Multiply => {
                if x.bits().max(y.bits()) > 4_000_000 {
                    return Err(Error::new(exception::MEMORY_ERROR, ""));
                }
                Value::int(x * y)
            }
            Op::FloorDivide | Op::Modulo => {
                if y.is_zero() {
                    return Err(float_error(if operator == Op::Modulo {
                        "integer modulo by zero"
                    } else {
                        "integer division or modulo by zero"
                    }));
                }
                let (quotient, remainder) = floor_divide(&x, &y);
                Value::int(if operator == Op::Modulo {
                    remainder
                } else {
                    quotient
                })
            }
            Op::Power => {
                if y.is_negative() {
                    let (x, y) = (
                        x.to_f64().unwrap_or(f64::NAN),
                        y.to_f64().unwrap_or(f64::NAN),
                    );
                    if x == 0.0 {
                        return Err(float_error("0.0 cannot be raised to a negative power"));
                    }
                    return Ok(Some(Value::Float(x.powf(y))));
                }
                let exponent = y.to_u32().filter(|exponent| {
                    x.bits() <= 1 || x.bits().saturating_mul(u64::from(*exponent)) < 8_000_000
                });
                match exponent {
                    Some(exponent) => {
                        let size = x.bits().saturating_mul(u64::from(exponent)) / 8;
                        self.allocate(usize::try_from(size).unwrap_or(usize::MAX))?;
                        Value::int(Pow::pow(x, exponent))
                    }
                    None => return Err(Error::new(exception::MEMORY_ERROR, "")),
                }
            }
            Op::LeftShift | Op::RightShift => {
                if y.is_negative() {
                    return Err(Error::new(exception::VALUE_ERROR, "negative shift count"));
                }
                if operator == Op::RightShift {
                    match y.to_u64() {
                        Some(count) => Value::int(x >> count),
                        None => Value::Int(if x.is_negative() { -1 } else { 0 }),
                    }
                } else {
                    match y.to_u64().filter(|count| *count < 8_000_000) {
                        Some(count) => Value::int(x << count),
                        None if x.is_zero() => Value::Int(0),
                        None => return Err(Error::new(exception::MEMORY_ERROR, "")),
                    }
                }
            }
            Op::And => Value::int(x & y),
            Op::Or => Value::int(x | y),
            Op::Xor => Value::int(x ^ y),
            Op::Divide | Op::MatrixMultiply => return Ok(None),
        }))
    }
}

pub(super) fn small_integers(operator: BinaryOperator, x: i64, y: i64) -> Option<Value> {
    use BinaryOperator as Op;
    match operator {
        Op::Add => x.checked_add(y),
        Op::Subtract => x.checked_sub(y),
        Op::Multiply => x.checked_mul(y),
        Op::FloorDivide if y > 0 => Some(x.div_euclid(y)),
        Op::Modulo if y > 0 => Some(x.rem_euclid(y)),
        Op::And => Some(x & y),
        Op::Or => Some(x | y),
        Op::Xor => Some(x ^ y),
        Op::RightShift if (0..64).contains(&y) => Some(x >> y),
        _ => None,
    }
    .map(Value::Int)
}

pub(crate) fn floor_divide(x: &BigInt, y: &BigInt) -> (BigInt, BigInt) {
    let quotient = x / y;
    let remainder = x % y;
    if !remainder.is_zero() && (remainder.is_negative() != y.is_negative()) {
        (quotient - 1, remainder + y)
    } else {
        (quotient, remainder)
    }
}

pub(crate) fn float_divmod(x: f64, y: f64) -> (f64, f64) {
    let mut remainder = x % y;
    let mut quotient = (x - remainder) / y;
    if remainder != 0.0 {
        if (y < 0.0) != (remainder < 0.0) {
            remainder += y;
            quotient -= 1.0;
        }
    } else {
        remainder = 0f64.copysign(y);
    }
    let floored = if quotient == 0.0 {
        0f64.copysign(x / y)
    } else {
        let floored = quotient.floor();
        if quotient - floored > 0.5 {
            floored + 1.0
        } else {
            floored
        }
    };
    (floored, remainder)
}

pub(super) fn decide(operator: CompareOperator, ordering: Ordering) -> bool {
    match operator {
        CompareOperator::Equal => ordering.is_eq(),
        CompareOperator::NotEqual => ordering.is_ne(),
        CompareOperator::Less => ordering.is_lt(),
        CompareOperator::LessEqual => ordering.is_le(),
        CompareOperator::Greater => ordering.is_gt(),
        CompareOperator::GreaterEqual => ordering.is_ge(),
        _ => false,
    }
}

/// Compares two numbers, exactly between integers and floats; `None` if either is NaN.
pub(crate) fn compare_numbers(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Float(x), Value::Float(y)) => x.partial_cmp(y),
        (Value::Float(x), other) => compare_float(*x, &big(other)?),
        (other, Value::Float(y)) => compare_float(*y, &big(other)?).map(Ordering::reverse),
        _ => Some(big(a)?.cmp(&big(b)?)),
    }
}

pub(super) fn compare_float(x: f64, y: &BigInt) -> Option<Ordering> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 {
            Ordering::Greater
        } else {
            Ordering::Less
        });
    }
    let whole = x.floor();
    let number = num_traits::FromPrimitive::from_f64(whole).unwrap_or_else(|| BigInt::from(0));
    Some(number.cmp(y).then(if x > whole {
        Ordering::Greater
    } else {
        Ordering::Equal
    }))
}

/// CPython's numeric hash: numbers that compare equal have equal hashes.
pub(crate) fn hash_number(value: &Value) -> u64 {
    const MODULUS: i128 = (1 << 61) - 1;
    let hash: i64 = match value {
        Value::Bool(truth) => i64::from(*truth),
        Value::Int(number) => {
            let number = i128::from(*number);
            let hash = number.abs() % MODULUS;
            i64::try_from(if number < 0 { -hash } else { hash }).unwrap_or(0)
        }
        Value::BigInt(number) => {
            let hash = (number.abs() % BigInt::from(MODULUS)).to_i64().unwrap_or(0);
            if number.is_negative() { -hash } else { hash }
        }
        Value::Float(number) => {
            if number.is_infinite() {
                return if *number > 0.0 {
                    314_159
                } else {
                    (-314_159i64).cast_unsigned()
                };
            }
            if number.is_nan() {
                return 0;
            }
            let mut mantissa = number.abs();
            let mut exponent = 0i32;
            while mantissa >= 1.0 {
                mantissa /= 2.0;
                exponent += 1;
            }
            while mantissa != 0.0 && mantissa < 0.5 {
                mantissa *= 2.0;
                exponent -= 1;
            }
            let mut hash: u64 = 0;
            let modulus = MODULUS as u64;
            while mantissa != 0.0 {
                hash = ((hash << 28) & modulus) | (hash >> (61 - 28));
                mantissa *= 268_435_456.0;
                exponent -= 28;
                let part = mantissa as u64;
                mantissa -= part as f64;
                hash += part;
                if hash >= modulus {
                    hash -= modulus;
                }
            }
            let shift = exponent.rem_euclid(61) as u32;
            hash = ((hash << shift) & modulus) | hash.checked_shr(61 - shift).unwrap_or(0);
            let hash = hash.cast_signed();
            if *number < 0.0 { -hash } else { hash }
        }
        _ => 0,
    };
    (if hash == -1 { -2 } else { hash }).cast_unsigned()
}
