//! `int`, `float`, `bool`.

use ground::exception;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, Num, Signed, ToPrimitive};

use super::{class_methods, constructor, methods, wrap};
use crate::arguments::Arguments;
use crate::interpreter::Interpreter;
use crate::operators::{big, float_as_int};
use crate::parameters;
use crate::value::{Class, Value};
use ground::diagnostic::{Error, Result};
use ground::formatting::integer;
use ground::formatting::repr::{float_repr, string_repr};

fn new_int(vm: &mut Interpreter, class: &Class, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!("int", "x=0, /, base=10"))?;
    let base = bound.take("base");
    let value = bound.take("x").unwrap_or(Value::Int(0));
    let value = to_int(vm, &value, base)?;
    Ok(wrap(vm, class, value))
}

fn to_int(vm: &mut Interpreter, value: &Value, base: Option<Value>) -> Result<Value> {
    let text = match value.plain() {
        Value::Str(text) => Some(text.to_string()),
        Value::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    };
    if let Some(text) = text {
        let base = base.and_then(|base| base.as_int()).unwrap_or(10);
        if base != 0 && !(2..=36).contains(&base) {
            return Err(vm.value_error("int() base must be >= 2 and <= 36, or 0"));
        }
        let shown = vm.repr(value)?;
        return parse_int(&text, u32::try_from(base).unwrap_or(10)).ok_or_else(|| {
            vm.value_error(format!(
                "invalid literal for int() with base {base}: {shown}"
            ))
        });
    }
    if base.is_some() {
        return Err(vm.type_error("int() can't convert non-string with explicit base"));
    }
    match value.plain() {
        Value::Int(_) | Value::BigInt(_) => return Ok(value.plain().clone()),
        Value::Bool(truth) => return Ok(Value::Int(i64::from(*truth))),
        Value::Float(number) => return float_as_int(*number).map(Value::int),
        _ => {}
    }
    let class = vm.class_of(value);
    for name in ["__int__", "__index__", "__trunc__"] {
        if let Some(method) = class.lookup(name) {
            let method = vm.bind(&method, value, &class)?;
            return vm.call(&method, Arguments::none());
        }
    }
    vm.require_known(value, "its value")?;
    Err(vm.type_error(format!(
        "int() argument must be a string, a bytes-like object or a real number, not '{}'",
        class.name()
    )))
}

fn parse_int(text: &str, base: u32) -> Option<Value> {
    let literal = integer::literal(text, base)?;
    let number = BigInt::from_str_radix(&literal.digits, literal.base).ok()?;
    Some(Value::int(if literal.negative { -number } else { number }))
}

fn new_float(vm: &mut Interpreter, class: &Class, arguments: Arguments) -> Result<Value> {
    let [value] = arguments.between::<1>("float", 0)?;
    let value = value.unwrap_or(Value::Float(0.0));
    let number = match value.plain() {
        Value::Str(text) => match parse_float(text) {
            Some(number) => number,
            None => {
                let shown = string_repr(text);
                return Err(vm.value_error(format!("could not convert string to float: {shown}")));
            }
        },
        plain => match plain.as_float() {
            Some(number) if number.is_infinite() && matches!(plain, Value::BigInt(_)) => {
                return Err(Error::new(
                    exception::OVERFLOW_ERROR,
                    "int too large to convert to float",
                ));
            }
            Some(number) => number,
            None => {
                let of = vm.class_of(&value);
                for name in ["__float__", "__index__"] {
                    if let Some(method) = of.lookup(name) {
                        let method = vm.bind(&method, &value, &of)?;
                        return vm.call(&method, Arguments::none());
                    }
                }
                vm.require_known(&value, "its value")?;
                return Err(vm.type_error(format!(
                    "float() argument must be a string or a real number, not '{}'",
                    of.name()
                )));
            }
        },
    };
    Ok(wrap(vm, class, Value::Float(number)))
}

/// Parses text by the rules of Python's `float()`.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let text = integer::strip(text);
    if text.starts_with('_') || text.ends_with('_') || text.contains("__") {
        return None;
    }
    let plain = text.replace('_', "");
    let lower = plain.to_ascii_lowercase();
    let unsigned = lower.trim_start_matches(['+', '-']);
    match unsigned {
        "inf" | "infinity" | "nan" => {}
        _ if unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {}
        _ => return None,
    }
    lower.parse().ok()
}

fn new_bool(vm: &mut Interpreter, _class: &Class, arguments: Arguments) -> Result<Value> {
    let [value] = arguments.between::<1>("bool", 0)?;
    Ok(Value::Bool(match value {
        Some(value) => vm.truth(&value)?,
        None => false,
    }))
}

/// `round(number, digits)`.
pub(super) fn round(vm: &mut Interpreter, number: &Value, digits: Option<Value>) -> Result<Value> {
    let places = match &digits {
        Some(digits) => match vm.as_index(digits)? {
            Some(places) => Some(places),
            None => {
                let class = vm.class_of(digits).name();
                return Err(vm.type_error(format!(
                    "'{class}' object cannot be interpreted as an integer"
                )));
            }
        },
        None => None,
    };
    match number.plain() {
        Value::Float(value) => match places {
            None => float_as_int(value.round_ties_even()).map(Value::int),
            Some(places) => {
                if !value.is_finite() || places > 300 {
                    return Ok(Value::Float(*value));
                }
                if places >= 0 {
                    let places = usize::try_from(places).unwrap_or(0);
                    // Rust rounds the exact decimal expansion, ties to even, as CPython does.
                    Ok(Value::Float(
                        format!("{value:.places$}").parse().unwrap_or(*value),
                    ))
                } else {
                    let scale = 10f64.powi(i32::try_from(-places).unwrap_or(308).min(308));
                    Ok(Value::Float((value / scale).round_ties_even() * scale))
                }
            }
        },
        plain if big(plain).is_some() => {
            let value = big(plain).unwrap_or_default();
            match places {
                Some(places) if places < 0 => {
                    let scale = num_traits::pow(
                        BigInt::from(10),
                        usize::try_from(-places).unwrap_or(0).min(10_000),
                    );
                    let (quotient, remainder) = crate::operators::floor_divide(&value, &scale);
                    let twice: BigInt = &remainder * 2;
                    let up = twice > scale
                        || (twice == scale && (&quotient % BigInt::from(2)) != BigInt::from(0));
                    Ok(Value::int(
                        (if up { quotient + 1 } else { quotient }) * scale,
                    ))
                }
                _ => Ok(Value::int(value)),
            }
        }
        _ => {
            let class = vm.class_of(number);
            match class.lookup("__round__") {
                Some(method) => {
                    let method = vm.bind(&method, number, &class)?;
                    vm.call(&method, Arguments::positional(digits.into_iter().collect()))
                }
                None => Err(vm.type_error(format!(
                    "type {} doesn't define __round__ method",
                    class.name()
                ))),
            }
        }
    }
}

pub(super) fn install(vm: &mut Interpreter) {
    let int = vm.classes.int.clone();
    constructor(&int, new_int);
    methods(
        &int,
        &[
            ("bit_length", |_, this, _| {
                let number = big(this.plain()).unwrap_or_default();
                Ok(Value::from(usize::try_from(number.bits()).unwrap_or(0)))
            }),
            ("bit_count", |_, this, _| {
                let number = big(this.plain()).unwrap_or_default().abs();
                let ones: u32 = number.iter_u64_digits().map(u64::count_ones).sum();
                Ok(Value::Int(i64::from(ones)))
            }),
            ("conjugate", |_, this, _| Ok(this.plain().clone())),
            ("as_integer_ratio", |_, this, _| {
                Ok(Value::tuple(vec![this.plain().clone(), Value::Int(1)]))
            }),
            ("is_integer", |_, _, _| Ok(Value::Bool(true))),
            ("__index__", |_, this, _| Ok(int_of(this))),
            ("__int__", |_, this, _| Ok(int_of(this))),
            ("to_bytes", |vm, this, arguments| {
                let mut bound = arguments.bind(parameters!(
                    "to_bytes",
                    "length=1, byteorder='big', *, signed=False"
                ))?;
                let length = bound
                    .take("length")
                    .and_then(|length| length.as_int())
                    .unwrap_or(1);
                let length = usize::try_from(length).unwrap_or(0);
                vm.allocate(length)?;
                let order = bound
                    .take("byteorder")
                    .and_then(|order| order.as_text())
                    .unwrap_or_else(|| "big".into());
                let signed = bound
                    .take("signed")
                    .and_then(|signed| signed.as_bool())
                    .unwrap_or(false);
                let number = big(this.plain()).unwrap_or_default();
                if number.is_negative() && !signed {
                    return Err(Error::new(
                        exception::OVERFLOW_ERROR,
                        "can't convert negative int to unsigned",
                    ));
                }
                let mut bytes = if signed {
                    number.to_signed_bytes_le()
                } else {
                    number.to_bytes_le().1
                };
                let fill = if number.is_negative() { 0xff } else { 0 };
                while bytes.len() > length && bytes.last() == Some(&fill) {
                    bytes.pop();
                }
                if bytes.len() > length {
                    return Err(Error::new(
                        exception::OVERFLOW_ERROR,
                        "int too big to convert",
                    ));
                }
                bytes.resize(length, fill);
                if &*order == "big" {
                    bytes.reverse();
                }
                Ok(Value::bytes(bytes))
            }),
        ],
    );
    class_methods(
        &int,
        &[("from_bytes", |vm, class, arguments| {
            let mut bound = arguments.bind(parameters!(
                "from_bytes",
                "bytes, byteorder='big', *, signed=False"
            ))?;
            let source = bound.value("bytes");
            let mut bytes = super::bytes::to_bytes(vm, &source)?;
            let order = bound
                .take("byteorder")
                .and_then(|order| order.as_text())
                .unwrap_or_else(|| "big".into());
            if &*order == "little" {
                bytes.reverse();
            }
            let signed = bound
                .take("signed")
                .and_then(|signed| signed.as_bool())
                .unwrap_or(false);
            let number = if signed {
                BigInt::from_signed_bytes_be(&bytes)
            } else {
                BigInt::from_bytes_be(num_bigint::Sign::Plus, &bytes)
            };
            Ok(wrap(vm, class, Value::int(number)))
        })],
    );
    let float = vm.classes.float.clone();
    constructor(&float, new_float);
    methods(
        &float,
        &[
            ("is_integer", |_, this, _| {
                let number = this.as_float().unwrap_or(0.0);
                Ok(Value::Bool(number.is_finite() && number.fract() == 0.0))
            }),
            ("hex", |_, this, _| {
                Ok(Value::from(float_repr(this.as_float().unwrap_or(0.0))))
            }),
            ("__float__", |_, this, _| Ok(this.plain().clone())),
            ("__int__", |vm, this, _| to_int(vm, this, None)),
            ("conjugate", |_, this, _| Ok(this.plain().clone())),
            ("as_integer_ratio", |vm, this, _| {
                let number = this.as_float().unwrap_or(0.0);
                if !number.is_finite() {
                    return Err(vm.value_error("cannot convert NaN or infinity to integer ratio"));
                }
                let mut mantissa = number;
                let mut denominator = BigInt::from(1);
                while mantissa.fract() != 0.0 {
                    mantissa *= 2.0;
                    denominator *= 2;
                }
                let numerator = BigInt::from_f64(mantissa).unwrap_or_default();
                Ok(Value::tuple(vec![
                    Value::int(numerator),
                    Value::int(denominator),
                ]))
            }),
        ],
    );
    let bool = vm.classes.bool.clone();
    constructor(&bool, new_bool);
    let _ = |number: &BigInt| number.to_i64();
}

fn int_of(this: &Value) -> Value {
    match this.plain() {
        Value::Bool(truth) => Value::Int(i64::from(*truth)),
        other => other.clone(),
    }
}
