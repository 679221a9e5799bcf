//! `datetime.time`.

use super::date::date_from_days;
use super::moment::{DAY_OF_A_TIME, offset_of, ordered, text_argument, zone_of, zone_part};
use super::{class_named, integer, text};
use ground::calendar;
use ground::diagnostic::Result;
use ground::formatting::repr::string_repr;
use python::parameters;
use python::{
    Arguments, Class, ClassBuilder, CompareOperator, Interpreter, NativeClass, NativeObject, Value,
};

/// `datetime.time`.
#[derive(Clone)]
pub struct Time {
    /// The local (wall clock) time.
    pub value: calendar::Time,
    /// `tzinfo`.
    pub zone: Option<Value>,
}

impl Time {
    /// A time from local time and an optional UTC offset in seconds.
    pub fn with_offset(value: calendar::Time, offset: Option<i32>) -> Time {
        Time {
            value,
            zone: zone_of(offset),
        }
    }

    /// The UTC offset in seconds, if known.
    pub fn offset(&self) -> Option<i32> {
        offset_of(&self.zone)
    }
}

pub(super) fn make_time(vm: &Interpreter, parts: [i64; 4]) -> Result<calendar::Time> {
    let names = ["hour", "minute", "second", "microsecond"];
    let limits = [23, 59, 59, 999_999];
    for ((value, name), limit) in parts.iter().zip(names).zip(limits) {
        if !(0..=limit).contains(value) {
            return Err(vm.value_error(format!("{name} must be in 0..{limit}")));
        }
    }
    // In range, as checked above.
    calendar::Time::new(
        parts[0] as i8,
        parts[1] as i8,
        parts[2] as i8,
        (parts[3] * 1000) as i32,
    )
    .map_err(|_| vm.value_error("time is out of range"))
}

pub(super) struct TimeHooks;

impl NativeClass for TimeHooks {
    fn construct(
        &self,
        vm: &mut Interpreter,
        _class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let mut bound = arguments.clone().bind(parameters!(
            "time",
            "hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0"
        ))?;
        let mut parts = [0; 4];
        for (part, name) in parts
            .iter_mut()
            .zip(["hour", "minute", "second", "microsecond"])
        {
            *part = integer(vm, bound.take(name), 0)?;
        }
        Ok(Some(Value::native(Time {
            value: make_time(vm, parts)?,
            zone: bound.take_some("tzinfo"),
        })))
    }
}

pub(super) fn replaced_time(
    vm: &mut Interpreter,
    bound: &mut python::Bound<'_>,
    time: calendar::Time,
) -> Result<calendar::Time> {
    let hour = integer(vm, bound.take("hour"), time.hour().into())?;
    let minute = integer(vm, bound.take("minute"), time.minute().into())?;
    let second = integer(vm, bound.take("second"), time.second().into())?;
    let own = i64::from(time.subsec_nanosecond()) / 1000;
    let microsecond = integer(vm, bound.take("microsecond"), own)?;
    make_time(vm, [hour, minute, second, microsecond])
}

pub(super) fn time_class(vm: &mut Interpreter) -> Class {
    ClassBuilder::new("datetime", "time")
        .hooks(TimeHooks)
        .class_method("fromisoformat", |vm, _, arguments| {
            let [value] = arguments.exactly("fromisoformat")?;
            let source = text_argument(vm, &value, "fromisoformat")?;
            match text::parse_iso_time(&source) {
                Some((value, offset)) => Ok(Value::native(Time::with_offset(value, offset))),
                None => Err(vm.value_error(format!(
                    "Invalid isoformat string: {}",
                    string_repr(&source)
                ))),
            }
        })
        .method("isoformat", |vm, this, arguments| {
            let mut bound = arguments.bind(parameters!("isoformat", "timespec='auto'"))?;
            let timespec = bound.take("timespec").and_then(|spec| spec.as_text());
            let Some(time) = this.downcast::<Time>() else {
                return Ok(Value::None);
            };
            text::iso_time(
                time.value,
                time.offset(),
                timespec.as_deref().unwrap_or("auto"),
            )
            .map(Value::str)
            .ok_or_else(|| vm.value_error("Unknown timespec value"))
        })
        .method("strftime", |vm, this, arguments| {
            let [format] = arguments.exactly("strftime")?;
            let format = text_argument(vm, &format, "strftime")?;
            Ok(match this.downcast::<Time>() {
                Some(time) => Value::str(text::format(
                    date_from_days(DAY_OF_A_TIME)?.to_datetime(time.value),
                    None,
                    &format,
                )),
                None => Value::None,
            })
        })
        .method("replace", |vm, this, arguments| {
            let Some(time) = this.downcast::<Time>() else {
                return Ok(Value::None);
            };
            let mut bound = arguments.bind(parameters!(
                "replace",
                "hour=0, minute=0, second=0, microsecond=0, tzinfo=0, *, fold=0"
            ))?;
            let value = replaced_time(vm, &mut bound, time.value)?;
            let zone = match bound.take("tzinfo") {
                None => time.zone.clone(),
                Some(Value::None) => None,
                Some(zone) => Some(zone),
            };
            Ok(Value::native(Time { value, zone }))
        })
        .build(vm)
}

pub(super) fn time_attribute(
    time: calendar::Time,
    zone: &Option<Value>,
    name: &str,
) -> Option<Value> {
    Some(match name {
        "hour" => Value::Int(time.hour().into()),
        "minute" => Value::Int(time.minute().into()),
        "second" => Value::Int(time.second().into()),
        "microsecond" => Value::Int(i64::from(time.subsec_nanosecond()) / 1000),
        "tzinfo" => Value::optional(zone.clone()),
        "fold" => Value::Int(0),
        _ => return None,
    })
}

/// The components that `repr()` shows after hour and minute.
pub(super) fn time_parts(time: calendar::Time) -> String {
    let microsecond = time.subsec_nanosecond() / 1000;
    let mut parts = format!("{}, {}", time.hour(), time.minute());
    if time.second() != 0 || microsecond != 0 {
        parts.push_str(&format!(", {}", time.second()));
    }
    if microsecond != 0 {
        parts.push_str(&format!(", {microsecond}"));
    }
    parts
}

impl NativeObject for Time {
    fn class(&self, vm: &mut Interpreter) -> Class {
        class_named(vm, "time")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(time_attribute(self.value, &self.zone, name))
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        Ok(other
            .downcast::<Time>()
            .and_then(|other| ordered(operator, self.value.cmp(&other.value)))
            .map(Value::Bool))
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let zone = zone_part(vm, &self.zone)?;
        Ok(Some(format!(
            "datetime.time({}{zone})",
            time_parts(self.value)
        )))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(text::iso_time(self.value, self.offset(), "auto"))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.value.hour().unsigned_abs().into()))
    }
}
