//! `datetime.timedelta`.

use ground::diagnostic::Result;
use python::{
    BinaryOperator, Bound, Class, CompareOperator, Constant, Declaration, Interpreter,
    NativeObject, UnaryOperator, Value, constructor, method, property,
};

/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;

/// A duration in microseconds; unlike in CPython, more than 292,000 years is an OverflowError.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeDelta {
    /// The total duration.
    pub microseconds: i64,
}

impl TimeDelta {
    /// Days, seconds and microseconds, normalised as in Python: only days may be negative.
    fn parts(self) -> (i64, i64, i64) {
        let days = self.microseconds.div_euclid(DAY);
        let rest = self.microseconds.rem_euclid(DAY);
        (days, rest / 1_000_000, rest % 1_000_000)
    }

    /// `str(delta)`.
    pub fn text(self) -> String {
        let (days, seconds, microseconds) = self.parts();
        let mut text = String::new();
        if days != 0 {
            let plural = if days.abs() == 1 { "" } else { "s" };
            text = format!("{days} day{plural}, ");
        }
        text.push_str(&format!(
            "{}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        ));
        if microseconds != 0 {
            text.push_str(&format!(".{microseconds:06}"));
        }
        text
    }

    /// `repr(delta)`.
    pub fn python_repr(self) -> String {
        let (days, seconds, microseconds) = self.parts();
        let mut parts = Vec::new();
        for (name, value) in [
            ("days", days),
            ("seconds", seconds),
            ("microseconds", microseconds),
        ] {
            if value != 0 {
                parts.push(format!("{name}={value}"));
            }
        }
        if parts.is_empty() {
            parts.push("0".to_owned());
        }
        format!("datetime.timedelta({})", parts.join(", "))
    }
}

const UNITS: [(&str, i64); 7] = [
    ("days", DAY),
    ("seconds", 1_000_000),
    ("microseconds", 1),
    ("milliseconds", 1_000),
    ("minutes", 60_000_000),
    ("hours", 3_600_000_000),
    ("weeks", 7 * DAY),
];

fn construct(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let mut whole: i128 = 0;
    let mut fraction = 0.0;
    for (name, unit) in UNITS {
        let Some(value) = bound.take(name) else {
            continue;
        };
        if let Some(number) = value.as_int() {
            whole += i128::from(number) * i128::from(unit);
        } else if let Some(number) = value.as_float() {
            let microseconds = number * unit as f64;
            whole += microseconds.trunc() as i128;
            fraction += microseconds.fract();
        } else {
            let class = vm.class_of(&value).name();
            return Err(vm.type_error(format!(
                "unsupported type for timedelta {name} component: {class}"
            )));
        }
    }
    whole += fraction.round_ties_even() as i128;
    match i64::try_from(whole) {
        Ok(microseconds) => Ok(Value::native(TimeDelta { microseconds })),
        Err(_) => Err(vm.error("OverflowError", "date value out of range")),
    }
}

pub(super) static TIMEDELTA: Declaration<TimeDelta> = Declaration {
    constructor: constructor(
        "self, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0",
        construct,
    ),
    properties: &[
        property("days", |_, delta| Ok(delta.parts().0.into())),
        property("seconds", |_, delta| Ok(delta.parts().1.into())),
        property("microseconds", |_, delta| Ok(delta.parts().2.into())),
    ],
    methods: &[method("total_seconds", "self, /", |_, delta, _| {
        Ok(Value::Float(delta.microseconds as f64 / 1e6))
    })],
    constants: &[("resolution", Constant::Made(|| from_microseconds(1)))],
    ..Declaration::new("datetime.timedelta")
};

/// A `timedelta` of so many microseconds.
pub(super) fn from_microseconds(microseconds: i64) -> Value {
    Value::native(TimeDelta { microseconds })
}

impl NativeObject for TimeDelta {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&TIMEDELTA)
    }

    fn binary(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        let make = |microseconds: i64| Some(Value::native(TimeDelta { microseconds }));
        let delta = other
            .downcast::<TimeDelta>()
            .map(|delta| delta.microseconds);
        let number = other.as_int();
        let float = match other {
            Value::Float(float) => Some(*float),
            _ => None,
        };
        let own = self.microseconds;
        let zero =
            |vm: &Interpreter| vm.error("ZeroDivisionError", "integer division or modulo by zero");
        Ok(match (operator, delta, number, float) {
            (BinaryOperator::Add, Some(delta), ..) => make(own.saturating_add(delta)),
            (BinaryOperator::Subtract, Some(delta), ..) if reflected => {
                make(delta.saturating_sub(own))
            }
            (BinaryOperator::Subtract, Some(delta), ..) => make(own.saturating_sub(delta)),
            (BinaryOperator::Multiply, None, Some(number), _) => make(own.saturating_mul(number)),
            (BinaryOperator::Multiply, None, _, Some(float)) => {
                make((own as f64 * float).round_ties_even() as i64)
            }
            (BinaryOperator::Divide, Some(delta), ..) if !reflected => {
                if delta == 0 {
                    return Err(vm.error("ZeroDivisionError", "division by zero"));
                }
                Some(Value::Float(own as f64 / delta as f64))
            }
            (BinaryOperator::Divide, None, ..) if !reflected && other.as_float().is_some() => {
                let by = other.as_float().unwrap_or(1.0);
                if by == 0.0 {
                    return Err(vm.error("ZeroDivisionError", "division by zero"));
                }
                make((own as f64 / by).round_ties_even() as i64)
            }
            (BinaryOperator::FloorDivide, Some(delta), ..) if !reflected => {
                if delta == 0 {
                    return Err(zero(vm));
                }
                Some(Value::Int(own.div_euclid(delta)))
            }
            (BinaryOperator::FloorDivide, None, Some(number), _) if !reflected => {
                if number == 0 {
                    return Err(zero(vm));
                }
                make(own.div_euclid(number))
            }
            (BinaryOperator::Modulo, Some(delta), ..) if !reflected => {
                if delta == 0 {
                    return Err(zero(vm));
                }
                make(own.rem_euclid(delta))
            }
            _ => None,
        })
    }

    fn unary(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: UnaryOperator,
    ) -> Result<Option<Value>> {
        Ok(match operator {
            UnaryOperator::Negate => Some(Value::native(TimeDelta {
                microseconds: self.microseconds.saturating_neg(),
            })),
            UnaryOperator::Plus => Some(Value::native(*self)),
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
        Ok(other
            .downcast::<TimeDelta>()
            .and_then(|other| super::moment::ordered(operator, self.cmp(&other)))
            .map(Value::Bool))
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Ok(Some(self.microseconds != 0))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.python_repr()))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.text()))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.microseconds as u64))
    }
}
