//! `datetime.date`.

use super::moment::{DateTime, from_microseconds, ordered, out_of_range, text_argument};
use super::{TimeDelta, class_named, integer, text};
use ground::calendar;
use ground::diagnostic::Result;
use ground::formatting::repr::string_repr;
use python::parameters;
use python::{
    Arguments, BinaryOperator, Class, ClassBuilder, CompareOperator, Interpreter, NativeClass,
    NativeObject, Value,
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

pub(super) struct DateHooks;

impl NativeClass for DateHooks {
    fn construct(
        &self,
        vm: &mut Interpreter,
        _class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let mut bound = arguments
            .clone()
            .bind(parameters!("date", "year, month, day"))?;
        let year = integer(vm, bound.take("year"), 0)?;
        let month = integer(vm, bound.take("month"), 0)?;
        let day = integer(vm, bound.take("day"), 0)?;
        Ok(Some(Value::native(Date(make_date(vm, year, month, day)?))))
    }
}

pub(super) fn shared_date_methods(builder: ClassBuilder) -> ClassBuilder {
    fn date_of(value: &Value) -> calendar::Date {
        match (value.downcast::<DateTime>(), value.downcast::<Date>()) {
            (Some(moment), _) => moment.value.date(),
            (None, Some(date)) => date.0,
            (None, None) => calendar::Date::EPOCH,
        }
    }
    builder
        .method("weekday", |_, this, _| {
            Ok(Value::Int(date_of(this).weekday().into()))
        })
        .method("isoweekday", |_, this, _| {
            Ok(Value::Int((date_of(this).weekday() + 1).into()))
        })
        .method("toordinal", |_, this, _| {
            Ok(Value::Int(date_of(this).days() + 719_163))
        })
}

pub(super) fn date_class(vm: &mut Interpreter) -> Class {
    shared_date_methods(ClassBuilder::new("datetime", "date").hooks(DateHooks))
        .class_method("today", |vm, _, _| {
            let now = vm.run.host.now();
            let wall = now.microseconds + i64::from(now.local_offset) * 1_000_000;
            Ok(Value::native(Date(from_microseconds(wall)?.date())))
        })
        .class_method("fromisoformat", |vm, _, arguments| {
            let [value] = arguments.exactly("fromisoformat")?;
            let source = text_argument(vm, &value, "fromisoformat")?;
            match text::parse_iso_date(&source) {
                Some(date) => Ok(Value::native(Date(date))),
                None => Err(vm.value_error(format!(
                    "Invalid isoformat string: {}",
                    string_repr(&source)
                ))),
            }
        })
        .class_method("fromordinal", |vm, _, arguments| {
            let [value] = arguments.exactly("fromordinal")?;
            let number = integer(vm, Some(value), 0)?;
            Ok(Value::native(Date(date_from_days(number - 719_163)?)))
        })
        .method("isoformat", |_, this, _| Ok(date_text(this)))
        .method("strftime", |vm, this, arguments| {
            let [format] = arguments.exactly("strftime")?;
            let format = text_argument(vm, &format, "strftime")?;
            Ok(match this.downcast::<Date>() {
                Some(date) => Value::str(text::format(
                    date.0.to_datetime(calendar::Time::midnight()),
                    None,
                    &format,
                )),
                None => Value::None,
            })
        })
        .method("replace", |vm, this, arguments| {
            let Some(date) = this.downcast::<Date>() else {
                return Ok(Value::None);
            };
            let mut bound = arguments.bind(parameters!("replace", "year=0, month=0, day=0"))?;
            let year = integer(vm, bound.take("year"), date.0.year().into())?;
            let month = integer(vm, bound.take("month"), date.0.month().into())?;
            let day = integer(vm, bound.take("day"), date.0.day().into())?;
            Ok(Value::native(Date(make_date(vm, year, month, day)?)))
        })
        .build(vm)
}

pub(super) fn date_text(this: &Value) -> Value {
    Value::optional(
        this.downcast::<Date>()
            .map(|date| Value::str(text::iso_date(date.0))),
    )
}

impl NativeObject for Date {
    fn class(&self, vm: &mut Interpreter) -> Class {
        class_named(vm, "date")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(date_attribute(self.0, name))
    }

    fn binary(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        const DAY: i64 = 86_400_000_000;
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

pub(super) fn date_attribute(date: calendar::Date, name: &str) -> Option<Value> {
    Some(Value::Int(match name {
        "year" => date.year().into(),
        "month" => date.month().into(),
        "day" => date.day().into(),
        _ => return None,
    }))
}
