//! `datetime.time`.

use super::date::date_from_days;
use super::moment::{DAY_OF_A_TIME, offset_of, ordered, text_argument, zone_of, zone_part};
use super::{delta, integer, text};
use ground::calendar;
use ground::diagnostic::Result;
use ground::formatting::repr::string_repr;
use python::{
    Bound, Class, CompareOperator, Constant, Declaration, Interpreter, NativeObject, Value,
    constructor, function, method, property,
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

/// The `hour=`, `minute=`, `second=` and `microsecond=` of a constructor.
pub(super) fn time_argument(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<calendar::Time> {
    replaced_time(vm, bound, calendar::Time::midnight())
}

fn construct(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    Ok(Value::native(Time {
        value: time_argument(vm, bound)?,
        zone: super::moment::known_zone(vm, bound.take_some("tzinfo"))?,
    }))
}

/// The `tzinfo=` of `replace()`, which may be `None`.
pub(super) fn replaced_zone(bound: &mut Bound<'_>, zone: &Option<Value>) -> Option<Value> {
    match bound.take("tzinfo") {
        None => zone.clone(),
        Some(zone) => Some(zone).filter(|zone| !zone.is_none()),
    }
}

/// `time` with the parts that were passed.
pub(super) fn replaced_time(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    time: calendar::Time,
) -> Result<calendar::Time> {
    let hour = integer(vm, bound.take("hour"), time.hour().into())?;
    let minute = integer(vm, bound.take("minute"), time.minute().into())?;
    let second = integer(vm, bound.take("second"), time.second().into())?;
    let microsecond = integer(vm, bound.take("microsecond"), microsecond(time))?;
    make_time(vm, [hour, minute, second, microsecond])
}

/// Microseconds past the second.
pub(super) fn microsecond(time: calendar::Time) -> i64 {
    i64::from(time.subsec_nanosecond()) / 1000
}

pub(super) static TIME: Declaration<Time> = Declaration {
    constructor: constructor(
        "self, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0",
        construct,
    ),
    properties: &[
        property("hour", |_, time| Ok(Value::Int(time.value.hour().into()))),
        property("minute", |_, time| {
            Ok(Value::Int(time.value.minute().into()))
        }),
        property("second", |_, time| {
            Ok(Value::Int(time.value.second().into()))
        }),
        property("microsecond", |_, time| Ok(microsecond(time.value).into())),
        property("tzinfo", |_, time| Ok(time.zone.clone().into())),
        property("fold", |_, _| Ok(Value::Int(0))),
    ],
    class_methods: &[function("fromisoformat", "cls, object, /", |vm, bound| {
        let source = bound.value("object");
        let source = text_argument(vm, &source, "fromisoformat")?;
        match text::parse_iso_time(&source) {
            Some((value, offset)) => Ok(Value::native(Time::with_offset(value, offset))),
            None => Err(vm.value_error(format!(
                "Invalid isoformat string: {}",
                string_repr(&source)
            ))),
        }
    })],
    methods: &[
        method("isoformat", "self, timespec='auto'", |vm, time, bound| {
            let timespec = bound.take("timespec").and_then(|spec| spec.as_text());
            text::iso_time(
                time.value,
                time.offset(),
                timespec.as_deref().unwrap_or("auto"),
            )
            .map(Value::str)
            .ok_or_else(|| vm.value_error("Unknown timespec value"))
        }),
        method("strftime", "self, format", |vm, time, bound| {
            let format = bound.value("format");
            let format = text_argument(vm, &format, "strftime")?;
            let moment = date_from_days(DAY_OF_A_TIME)?.to_datetime(time.value);
            Ok(text::format(moment, None, &format).into())
        }),
        method(
            "replace",
            "self, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0",
            |vm, time, bound| {
                Ok(Value::native(Time {
                    value: replaced_time(vm, bound, time.value)?,
                    zone: replaced_zone(bound, &time.zone),
                }))
            },
        ),
    ],
    constants: &[("resolution", Constant::Made(|| delta::from_microseconds(1)))],
    ..Declaration::new("datetime.time")
};

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
        vm.class(&TIME)
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
