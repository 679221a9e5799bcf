//! `datetime.date`.

use super::delta::{self, DAY};
use super::moment::{DateTime, from_microseconds, ordered, out_of_range, text_argument};
use super::{TimeDelta, integer, text};
use ground::calendar;
use ground::diagnostic::Result;
use ground::formatting::repr::string_repr;
use python::{
    BinaryOperator, Bound, Class, CompareOperator, Constant, Declaration, Interpreter,
    NativeObject, Receiver, Value, constructor, function, method, property,
};

/// `datetime.date`.
#[derive(Clone, Copy, Debug)]
pub struct Date(
    /// The day.
    pub calendar::Date,
);

pub(super) fn date_from_days(number: i64) -> Result<calendar::Date> {
    calendar::Date::from_days(number).map_err(|_| out_of_range())
}

pub(super) fn make_date(
    vm: &Interpreter,
    year: i64,
    month: i64,
    day: i64,
) -> Result<calendar::Date> {
    if !(1..=9999).contains(&year) {
        return Err(vm.value_error(format!("year {year} is out of range")));
    }
    if !(1..=12).contains(&month) {
        return Err(vm.value_error("month must be in 1..12"));
    }
    // In range, as checked above.
    i8::try_from(day)
        .ok()
        .and_then(|day| calendar::Date::new(year as i16, month as i8, day).ok())
        .ok_or_else(|| vm.value_error("day is out of range for month"))
}

/// The day of a `date`, which a `datetime` is too.
pub(super) struct Day(calendar::Date);

impl Receiver for Day {
    fn receive<R>(this: &Value, then: impl FnOnce(&Day) -> R) -> Option<R> {
        day_of(this).map(|day| then(&Day(day)))
    }
}

/// The day of a `date` or `datetime`.
pub(super) fn day_of(value: &Value) -> Option<calendar::Date> {
    match value.downcast::<Date>() {
        Some(date) => Some(date.0),
        None => Some(value.downcast::<DateTime>()?.value.date()),
    }
}

fn construct(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let year = integer(vm, bound.take("year"), 0)?;
    let month = integer(vm, bound.take("month"), 0)?;
    let day = integer(vm, bound.take("day"), 0)?;
    Ok(Value::native(Date(make_date(vm, year, month, day)?)))
}

/// `date` with the `year=`, `month=` and `day=` that were passed.
pub(super) fn replaced_date(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    date: calendar::Date,
) -> Result<calendar::Date> {
    let year = integer(vm, bound.take("year"), date.year().into())?;
    let month = integer(vm, bound.take("month"), date.month().into())?;
    let day = integer(vm, bound.take("day"), date.day().into())?;
    make_date(vm, year, month, day)
}

/// Days from 0001-01-01, which is day 1, to 1970-01-01.
const ORDINAL_OF_EPOCH: i64 = 719_163;

pub(super) static DATE: Declaration<Day> = Declaration {
    constructor: constructor("self, year, month, day", construct),
    properties: &[
        property("year", |_, day| Ok(Value::Int(day.0.year().into()))),
        property("month", |_, day| Ok(Value::Int(day.0.month().into()))),
        property("day", |_, day| Ok(Value::Int(day.0.day().into()))),
    ],
    class_methods: &[
        function("today", "cls, /", |vm, _| {
            let now = vm.run.host.now();
            let wall = now.microseconds + i64::from(now.local_offset) * 1_000_000;
            Ok(Value::native(Date(from_microseconds(wall)?.date())))
        }),
        function("fromisoformat", "cls, object, /", |vm, bound| {
            let source = bound.value("object");
            let source = text_argument(vm, &source, "fromisoformat")?;
            match text::parse_iso_date(&source) {
                Some(date) => Ok(Value::native(Date(date))),
                None => Err(vm.value_error(format!(
                    "Invalid isoformat string: {}",
                    string_repr(&source)
                ))),
            }
        }),
        function("fromordinal", "cls, object, /", |vm, bound| {
            let number = integer(vm, bound.take("object"), 0)?;
            let days = number.saturating_sub(ORDINAL_OF_EPOCH);
            Ok(Value::native(Date(date_from_days(days)?)))
        }),
    ],
    methods: &[
        method("weekday", "self, /", |_, day, _| {
            Ok(Value::Int(day.0.weekday().into()))
        }),
        method("isoweekday", "self, /", |_, day, _| {
            Ok(Value::Int((day.0.weekday() + 1).into()))
        }),
        method("toordinal", "self, /", |_, day, _| {
            Ok((day.0.days() + ORDINAL_OF_EPOCH).into())
        }),
        method("isoformat", "self, /", |_, day, _| {
            Ok(text::iso_date(day.0).into())
        }),
        method("strftime", "self, format", |vm, day, bound| {
            let format = bound.value("format");
            let format = text_argument(vm, &format, "strftime")?;
            let midnight = day.0.to_datetime(calendar::Time::midnight());
            Ok(text::format(midnight, None, &format).into())
        }),
        method(
            "replace",
            "self, year=0, month=0, day=0",
            |vm, day, bound| Ok(Value::native(Date(replaced_date(vm, bound, day.0)?))),
        ),
    ],
    constants: &[(
        "resolution",
        Constant::Made(|| delta::from_microseconds(DAY)),
    )],
    ..Declaration::new("datetime.date")
};

impl NativeObject for Date {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&DATE)
    }

    fn binary(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        if let Some(delta) = other.downcast::<TimeDelta>() {
            let moved = delta.microseconds.div_euclid(DAY);
            return Ok(match operator {
                BinaryOperator::Add => {
                    Some(Value::native(Date(date_from_days(self.0.days() + moved)?)))
                }
                BinaryOperator::Subtract if !reflected => {
                    Some(Value::native(Date(date_from_days(self.0.days() - moved)?)))
                }
                _ => None,
            });
        }
        Ok(match (operator, other.downcast::<Date>()) {
            (BinaryOperator::Subtract, Some(other)) if !reflected => {
                Some(Value::native(TimeDelta {
                    microseconds: (self.0.days() - other.0.days()) * DAY,
                }))
            }
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
            .downcast::<Date>()
            .and_then(|other| ordered(operator, self.0.cmp(&other.0)))
            .map(Value::Bool))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        let date = self.0;
        Ok(Some(format!(
            "datetime.date({}, {}, {})",
            date.year(),
            date.month(),
            date.day()
        )))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(text::iso_date(self.0)))
    }

    fn format(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        specification: &str,
    ) -> Result<Option<String>> {
        Ok((!specification.is_empty()).then(|| {
            text::format(
                self.0.to_datetime(calendar::Time::midnight()),
                None,
                specification,
            )
        }))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.0.days() as u64))
    }
}
