//! `decimal`: exact decimal numbers; inexact results are rounded to 28 digits.

use std::cmp::Ordering;
use std::rc::Rc;

use num_bigint::{BigInt, Sign};
use num_traits::{Pow as _, Signed as _, ToPrimitive as _, Zero as _};

use ground::diagnostic::Result;
use python::{
    BinaryOperator, Bound, Class, CompareOperator, Declaration, Interpreter, Module, NativeObject,
    Registry, UnaryOperator, Value, constructor, method,
};

const PRECISION: u32 = 28;
/// The largest exponent supported; beyond it, arithmetic would take too long.
const LARGEST_EXPONENT: i64 = 6_000;

/// `decimal.Decimal`: an integer coefficient times a power of ten.
#[derive(Clone, Debug)]
pub struct Decimal {
    digits: BigInt,
    exponent: i64,
}

impl Decimal {
    /// Parses the argument of `Decimal("…")`, except infinities and NaN.
    pub fn parse(text: &str) -> Option<Decimal> {
        let text: String = text.trim().chars().filter(|c| *c != '_').collect();
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i64>().ok()?),
            None => (text.as_str(), 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let unsigned = whole.strip_prefix(['+', '-']).unwrap_or(whole);
        let all = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if (unsigned.is_empty() && fraction.is_empty()) || !all(unsigned) || !all(fraction) {
            return None;
        }
        let digits: BigInt = format!("{unsigned}{fraction}").parse().ok()?;
        let exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        if exponent.abs() > LARGEST_EXPONENT {
            return None;
        }
        Some(Decimal {
            digits: if whole.starts_with('-') {
                -digits
            } else {
                digits
            },
            exponent,
        })
    }

    /// `str(decimal)`.
    pub fn text(&self) -> String {
        let sign = if self.digits.is_negative() { "-" } else { "" };
        let digits = self.digits.abs().to_string();
        let adjusted = self.exponent + digits.len() as i64 - 1;
        if self.exponent <= 0 && adjusted >= -6 {
            return format!("{sign}{}", with_point(&digits, -self.exponent));
        }
        let mut text = format!("{sign}{}", &digits[..1]);
        if digits.len() > 1 {
            text.push('.');
            text.push_str(&digits[1..]);
        }
        text.push_str(&format!("E{adjusted:+}"));
        text
    }

    /// The number without an exponent, as `format(decimal, "f")` writes it.
    fn plain(&self) -> String {
        let sign = if self.digits.is_negative() { "-" } else { "" };
        let digits = self.digits.abs().to_string();
        if self.exponent > 0 {
            return format!("{sign}{digits}{}", "0".repeat(self.exponent as usize));
        }
        format!("{sign}{}", with_point(&digits, -self.exponent))
    }

    fn as_float(&self) -> f64 {
        self.text().parse().unwrap_or(f64::NAN)
    }

    fn at_exponent(&self, exponent: i64) -> BigInt {
        let shift = (self.exponent - exponent).max(0).unsigned_abs() as u32;
        &self.digits * BigInt::from(10).pow(shift)
    }

    fn aligned(&self, other: &Decimal) -> (BigInt, BigInt, i64) {
        let exponent = self.exponent.min(other.exponent);
        (
            self.at_exponent(exponent),
            other.at_exponent(exponent),
            exponent,
        )
    }

    fn order(&self, other: &Decimal) -> Ordering {
        let (a, b, _) = self.aligned(other);
        a.cmp(&b)
    }

    /// Rounds half-even to the precision of the default context.
    fn rounded(self) -> Decimal {
        let count = self.digits.abs().to_string().len() as u32;
        if count <= PRECISION {
            return self;
        }
        let drop = count - PRECISION;
        let exponent = self.exponent + i64::from(drop);
        Decimal {
            digits: divide_half_even(&self.digits, &BigInt::from(10).pow(drop)),
            exponent,
        }
        .rounded()
    }

    /// Rescales to an exponent, rounding half-even, or half-up if `half_up`.
    fn quantized(&self, exponent: i64, half_up: bool) -> Decimal {
        let digits = if exponent <= self.exponent {
            self.at_exponent(exponent)
        } else {
            let unit = BigInt::from(10).pow((exponent - self.exponent).unsigned_abs() as u32);
            if half_up {
                let twice: BigInt = self.digits.abs() * 2 + &unit;
                let rounded: BigInt = twice / (&unit * 2);
                if self.digits.is_negative() {
                    -rounded
                } else {
                    rounded
                }
            } else {
                divide_half_even(&self.digits, &unit)
            }
        };
        Decimal { digits, exponent }
    }

    fn divided(&self, other: &Decimal) -> Decimal {
        // Enough digits for the precision, plus one that records whether the remainder is zero.
        let extra = PRECISION + 4 + other.digits.abs().to_string().len() as u32;
        let scaled = &self.digits * BigInt::from(10).pow(extra);
        let mut quotient = &scaled / &other.digits;
        let exact = (&quotient * &other.digits) == scaled;
        let mut exponent = self.exponent - other.exponent - i64::from(extra);
        if exact {
            let ideal = self.exponent - other.exponent;
            let ten = BigInt::from(10);
            while exponent < ideal && (&quotient % &ten).is_zero() {
                quotient /= &ten;
                exponent += 1;
            }
        } else if (&quotient % BigInt::from(5)).is_zero() {
            // A non-zero remainder means that this is not a tie.
            quotient += if quotient.is_negative() { -1 } else { 1 };
        }
        Decimal {
            digits: quotient,
            exponent,
        }
        .rounded()
    }
}

fn with_point(digits: &str, places: i64) -> String {
    let places = usize::try_from(places).unwrap_or(0);
    if places == 0 {
        return digits.to_owned();
    }
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    format!("{whole}.{fraction}")
}

fn divide_half_even(number: &BigInt, unit: &BigInt) -> BigInt {
    let (quotient, rest) = (number / unit, number % unit);
    let twice: BigInt = rest.abs() * 2;
    let up = match twice.cmp(unit) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => &quotient % BigInt::from(2) != BigInt::from(0),
    };
    match (up, number.sign() == Sign::Minus) {
        (false, _) => quotient,
        (true, true) => quotient - 1,
        (true, false) => quotient + 1,
    }
}

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("decimal", module);
}

/// The operand as a decimal, if arithmetic accepts it.
fn operand(value: &Value) -> Option<Decimal> {
    match value.plain() {
        Value::Int(number) => Some(Decimal {
            digits: BigInt::from(*number),
            exponent: 0,
        }),
        Value::Bool(truth) => Some(Decimal {
            digits: BigInt::from(u8::from(*truth)),
            exponent: 0,
        }),
        Value::BigInt(number) => Some(Decimal {
            digits: (**number).clone(),
            exponent: 0,
        }),
        value => value
            .downcast::<Decimal>()
            .map(|decimal| (*decimal).clone()),
    }
}

fn construct(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let value = bound.take("value").unwrap_or(Value::Int(0));
    if let Some(decimal) = operand(&value) {
        return Ok(Value::native(decimal));
    }
    let parsed = match (&value, value.as_text()) {
        (_, Some(text)) => Decimal::parse(&text),
        (Value::Float(number), _) => exact_float(*number),
        _ => {
            let class = vm.class_of(&value).name();
            return Err(vm.type_error(format!(
                "conversion from {class} to Decimal is not supported"
            )));
        }
    };
    match parsed {
        Some(decimal) => Ok(Value::native(decimal)),
        None => Err(vm.error(
            "decimal.InvalidOperation",
            "[<class 'decimal.ConversionSyntax'>]",
        )),
    }
}

/// The exact value of a binary floating-point number.
fn exact_float(number: f64) -> Option<Decimal> {
    if !number.is_finite() {
        return None;
    }
    let bits = number.to_bits();
    let raw = ((bits >> 52) & 0x7ff) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, power) = if raw == 0 {
        (fraction, -1074)
    } else {
        (fraction | (1 << 52), raw - 1075)
    };
    let mut digits = BigInt::from(mantissa);
    if number.is_sign_negative() {
        digits = -digits;
    }
    let mut decimal = if power >= 0 {
        Decimal {
            digits: digits * BigInt::from(2).pow(power.unsigned_abs() as u32),
            exponent: 0,
        }
    } else {
        Decimal {
            digits: digits * BigInt::from(5).pow(power.unsigned_abs() as u32),
            exponent: power,
        }
    };
    let ten = BigInt::from(10);
    while decimal.exponent < 0 && (&decimal.digits % &ten).is_zero() {
        decimal.digits /= &ten;
        decimal.exponent += 1;
    }
    Some(decimal)
}

static DECIMAL: Declaration<Decimal> = Declaration {
    constructor: constructor("self, value='0', context=None", construct),
    methods: &[
        method(
            "quantize",
            "self, /, exp, rounding=None, context=None",
            |vm, decimal, bound| {
                let target = bound.value("exp");
                let half_up = bound
                    .take_some("rounding")
                    .and_then(|rounding| rounding.as_text())
                    .is_some_and(|rounding| &*rounding == "ROUND_HALF_UP");
                match operand(&target) {
                    Some(target) => Ok(Value::native(decimal.quantized(target.exponent, half_up))),
                    None => Err(vm.type_error("quantize() wants a Decimal")),
                }
            },
        ),
        method("normalize", "self, /, context=None", |_, decimal, _| {
            let mut decimal = decimal.clone();
            let ten = BigInt::from(10);
            while !decimal.digits.is_zero() && (&decimal.digits % &ten).is_zero() {
                decimal.digits /= &ten;
                decimal.exponent += 1;
            }
            Ok(Value::native(decimal))
        }),
        method("is_nan", "self, /", |_, _, _| Ok(Value::Bool(false))),
        method("is_finite", "self, /", |_, _, _| Ok(Value::Bool(true))),
        method("__int__", "self, /", |_, decimal, _| {
            Ok(if decimal.exponent >= 0 {
                Value::int(decimal.at_exponent(0))
            } else {
                let unit = BigInt::from(10).pow(decimal.exponent.unsigned_abs() as u32);
                Value::int(&decimal.digits / unit)
            })
        }),
        method("__float__", "self, /", |_, decimal, _| {
            Ok(Value::Float(decimal.as_float()))
        }),
        method("__abs__", "self, /", |_, decimal, _| {
            Ok(Value::native(Decimal {
                digits: decimal.digits.abs(),
                exponent: decimal.exponent,
            }))
        }),
        method("__round__", "self, ndigits=None, /", |_, decimal, bound| {
            let places = bound
                .take_some("ndigits")
                .and_then(|places| places.as_int());
            Ok(match places {
                Some(places) => Value::native(decimal.quantized(-places.clamp(-6000, 6000), false)),
                None => Value::int(decimal.quantized(0, false).digits),
            })
        }),
    ],
    ..Declaration::new("decimal.Decimal")
};

fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = vm.class(&DECIMAL);
    let base = vm.registered_class("ArithmeticError");
    let invalid = vm.define_exception("decimal", "InvalidOperation", base.as_slice());
    let zero = vm.registered_class("ZeroDivisionError");
    let division = vm.define_exception("decimal", "DivisionByZero", zero.as_slice());
    let mut module = Module::build("decimal")
        .class(&class)
        .value("InvalidOperation", invalid)
        .value("DivisionByZero", division);
    for rounding in [
        "ROUND_HALF_EVEN",
        "ROUND_HALF_UP",
        "ROUND_DOWN",
        "ROUND_UP",
        "ROUND_FLOOR",
        "ROUND_CEILING",
        "ROUND_HALF_DOWN",
    ] {
        module = module.value(rounding, rounding);
    }
    Ok(module.build())
}

impl NativeObject for Decimal {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&DECIMAL)
    }

    fn binary(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        let Some(other) = operand(other) else {
            return Ok(None);
        };
        let (a, b) = if reflected {
            (&other, self)
        } else {
            (self, &other)
        };
        if b.digits.is_zero()
            && matches!(
                operator,
                BinaryOperator::Divide | BinaryOperator::FloorDivide | BinaryOperator::Modulo
            )
        {
            return Err(vm.error(
                "decimal.DivisionByZero",
                "[<class 'decimal.DivisionByZero'>]",
            ));
        }
        let (left, right, exponent) = a.aligned(b);
        let result = match operator {
            BinaryOperator::Add => Decimal {
                digits: left + right,
                exponent,
            },
            BinaryOperator::Subtract => Decimal {
                digits: left - right,
                exponent,
            },
            BinaryOperator::Multiply => Decimal {
                digits: &a.digits * &b.digits,
                exponent: a.exponent + b.exponent,
            },
            BinaryOperator::Divide => a.divided(b),
            BinaryOperator::FloorDivide => Decimal {
                digits: left / right,
                exponent: 0,
            },
            BinaryOperator::Modulo => Decimal {
                digits: left % right,
                exponent,
            },
            BinaryOperator::Power => {
                let power = if b.exponent == 0 {
                    b.digits.to_u32()
                } else {
                    None
                };
                match power.filter(|power| *power <= 1000) {
                    Some(power) => Decimal {
                        digits: num_traits::pow(a.digits.clone(), power as usize),
                        exponent: a.exponent * i64::from(power),
                    },
                    None => {
                        return Err(
                            vm.unsupported("Decimal powers other than whole numbers up to 1000")
                        );
                    }
                }
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::native(result.rounded())))
    }

    fn unary(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: UnaryOperator,
    ) -> Result<Option<Value>> {
        Ok(match operator {
            UnaryOperator::Negate => Some(Value::native(Decimal {
                digits: -&self.digits,
                exponent: self.exponent,
            })),
            UnaryOperator::Plus => Some(Value::native(self.clone())),
            _ => None,
        })
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let other = match other {
            Value::Float(number) => exact_float(*number),
            other => operand(other),
        };
        Ok(other
            .and_then(|other| super::datetime::ordered(operator, self.order(&other)))
            .map(Value::Bool))
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Ok(Some(!self.digits.is_zero()))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(format!("Decimal('{}')", self.text())))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.text()))
    }

    fn format(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        specification: &str,
    ) -> Result<Option<String>> {
        if specification.is_empty() {
            return Ok(Some(self.text()));
        }
        let places = specification
            .strip_prefix('.')
            .and_then(|rest| rest.strip_suffix('f'))
            .and_then(|places| places.parse::<i64>().ok());
        if let Some(places) = places {
            return Ok(Some(self.quantized(-places.min(6000), false).plain()));
        }
        let float = Value::Float(self.as_float());
        vm.format(&float, specification).map(Some)
    }

    fn hash(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<u64>> {
        // Hashes equal to an int or float of the same value, as in Python.
        if self.exponent >= 0 {
            let number = Value::int(self.at_exponent(0));
            return vm.hash(&number).map(Some);
        }
        let float = Value::Float(self.as_float());
        vm.hash(&float).map(Some)
    }
}
