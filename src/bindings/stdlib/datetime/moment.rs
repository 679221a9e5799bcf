//! `datetime.datetime`.

use super::date::{DATE, Date, day_of, make_date, replaced_date};
use super::time::{Time, microsecond, replaced_time, replaced_zone, time_argument, time_parts};
use super::{NamedZone, TimeDelta, Zone, delta, integer, text};
use ground::calendar;
use ground::diagnostic::{Error, Result};
use ground::formatting::repr::string_repr;
use python::{
    BinaryOperator, Bound, Class, CompareOperator, Constant, Declaration, Interpreter,
    NativeObject, Value, constructor, function, method, property,
};
use std::cmp::Ordering;

/// `datetime.datetime`.
#[derive(Clone)]
pub struct DateTime {
    /// The local (wall clock) date and time.
    pub value: calendar::DateTime,
    /// `tzinfo`: a [`Zone`], or another object with `utcoffset`.
    pub zone: Option<Value>,
}

/// The UTC offset of a `tzinfo` in seconds, if it is one of ours and the same at all times.
pub(super) fn offset_of(zone: &Option<Value>) -> Option<i32> {
    zone.as_ref()?.downcast::<Zone>().map(|zone| zone.offset)
}

pub(super) fn zone_of(offset: Option<i32>) -> Option<Value> {
    offset.map(|offset| Value::native(Zone { offset, name: None }))
}

impl DateTime {
    /// A datetime from local time and an optional UTC offset in seconds.
    pub fn with_offset(value: calendar::DateTime, offset: Option<i32>) -> DateTime {
        DateTime {
            value,
            zone: zone_of(offset),
        }
    }

    /// The UTC offset in seconds, if known.
    pub fn offset(&self) -> Option<i32> {
        let named = self.zone.as_ref()?.downcast::<NamedZone>();
        match named {
            Some(zone) => Some(zone.offset_by_wall(self.wall())),
            None => offset_of(&self.zone),
        }
    }

    /// Microseconds since 1970-01-01 in local time.
    pub(super) fn wall(&self) -> i64 {
        self.value.microseconds()
    }

    pub(super) fn isoformat(&self, separator: &str, timespec: &str) -> Option<String> {
        Some(format!(
            "{}{separator}{}",
            text::iso_date(self.value.date()),
            text::iso_time(self.value.time(), self.offset(), timespec)?
        ))
    }
}

/// Whether an ordering satisfies a comparison.
pub(crate) fn ordered(operator: CompareOperator, order: Ordering) -> Option<bool> {
    Some(match operator {
        CompareOperator::Equal => order.is_eq(),
        CompareOperator::NotEqual => order.is_ne(),
        CompareOperator::Less => order.is_lt(),
        CompareOperator::LessEqual => order.is_le(),
        CompareOperator::Greater => order.is_gt(),
        CompareOperator::GreaterEqual => order.is_ge(),
        _ => return None,
    })
}

/// 1900-01-01, the date used by `time.strftime`, in days since 1970-01-01.
pub(super) const DAY_OF_A_TIME: i64 = -25_567;

pub(super) fn out_of_range() -> Error {
    Error::new("OverflowError", "date value out of range")
}

/// The datetime that is `number` microseconds after 1970-01-01 in local time.
pub(super) fn from_microseconds(number: i64) -> Result<calendar::DateTime> {
    calendar::DateTime::from_microseconds(number).map_err(|_| out_of_range())
}

pub(super) fn text_argument(
    vm: &mut Interpreter,
    value: &Value,
    function: &str,
) -> Result<std::rc::Rc<str>> {
    match value.as_text() {
        Some(text) => Ok(text),
        None => {
            let class = vm.class_of(value).name();
            Err(vm.type_error(format!("{function}: argument must be str, not {class}")))
        }
    }
}

fn construct(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let year = integer(vm, bound.take("year"), 0)?;
    let month = integer(vm, bound.take("month"), 0)?;
    let day = integer(vm, bound.take("day"), 0)?;
    let date = make_date(vm, year, month, day)?;
    let time = time_argument(vm, bound)?;
    Ok(Value::native(DateTime {
        value: date.to_datetime(time),
        zone: known_zone(vm, bound.take_some("tzinfo"))?,
    }))
}

/// A `tzinfo`, which must be one whose offset is known here.
pub(super) fn known_zone(vm: &mut Interpreter, zone: Option<Value>) -> Result<Option<Value>> {
    if let Some(zone) = &zone
        && zone.downcast::<Zone>().is_none()
        && zone.downcast::<NamedZone>().is_none()
    {
        vm.require_known(zone, "its offset")?;
        let class = vm.class_of(zone).name();
        return Err(vm.unsupported(format!(
            "a time zone of class {class}: datetime.timezone and zoneinfo.ZoneInfo are known"
        )));
    }
    Ok(zone)
}

/// `now(tz)`: the current time in that zone, or in the host's local time.
pub(super) fn moment_at(vm: &mut Interpreter, utc: i64, zone: Option<Value>) -> Result<Value> {
    let offset = match &zone {
        None => i64::from(vm.run.host.now().local_offset),
        Some(zone) => match (zone.downcast::<Zone>(), zone.downcast::<NamedZone>()) {
            (Some(zone), _) => i64::from(zone.offset),
            (None, Some(zone)) => i64::from(zone.offset_at(utc)),
            (None, None) => {
                let class = vm.class_of(zone).name();
                return Err(vm.unsupported(format!(
                    "a time zone of class {class}: datetime.timezone and zoneinfo.ZoneInfo are known"
                )));
            }
        },
    };
    Ok(Value::native(DateTime {
        value: from_microseconds(utc + offset * 1_000_000)?,
        zone,
    }))
}

pub(super) fn timestamp_argument(vm: &mut Interpreter, value: &Value) -> Result<i64> {
    if let Some(number) = value.as_int() {
        return Ok(number.saturating_mul(1_000_000));
    }
    match value.as_float() {
        Some(number) => Ok((number * 1e6).round_ties_even() as i64),
        None => {
            let class = vm.class_of(value).name();
            Err(vm.type_error(format!(
                "'{class}' object cannot be interpreted as an integer"
            )))
        }
    }
}

fn combine(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let (date, time) = (bound.value("date"), bound.value("time"));
    match (day_of(&date), time.downcast::<Time>()) {
        (Some(date), Some(time)) => Ok(Value::native(DateTime {
            value: date.to_datetime(time.value),
            zone: known_zone(vm, bound.take_some("tzinfo"))?.or_else(|| time.zone.clone()),
        })),
        _ => Err(vm.type_error("combine() wants a date and a time")),
    }
}

fn strptime(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let (source, format) = (bound.value("date_string"), bound.value("format"));
    let source = text_argument(vm, &source, "strptime")?;
    let format = text_argument(vm, &format, "strptime")?;
    match text::parse(&source, &format) {
        Some((value, offset)) => Ok(Value::native(DateTime::with_offset(value, offset))),
        None => Err(vm.value_error(format!(
            "time data {} does not match format {}",
            string_repr(&source),
            string_repr(&format)
        ))),
    }
}

fn isoformat(vm: &mut Interpreter, moment: &DateTime, bound: &mut Bound<'_>) -> Result<Value> {
    let separator = bound.take("sep").and_then(|sep| sep.as_text());
    let timespec = bound.take("timespec").and_then(|spec| spec.as_text());
    moment
        .isoformat(
            separator.as_deref().unwrap_or("T"),
            timespec.as_deref().unwrap_or("auto"),
        )
        .map(Value::str)
        .ok_or_else(|| vm.value_error("Unknown timespec value"))
}

fn astimezone(vm: &mut Interpreter, moment: &DateTime, bound: &mut Bound<'_>) -> Result<Value> {
    let local = vm.run.host.now().local_offset;
    let utc = moment.wall() - i64::from(moment.offset().unwrap_or(local)) * 1_000_000;
    let zone = bound.take_some("tz").or_else(|| zone_of(Some(local)));
    moment_at(vm, utc, zone)
}

/// A `datetime` without a zone, so many microseconds after 1970-01-01.
fn naive(microseconds: i64) -> Result<Value> {
    Ok(Value::native(DateTime {
        value: from_microseconds(microseconds)?,
        zone: None,
    }))
}

pub(super) static DATETIME: Declaration<DateTime> = Declaration {
    bases: &[&DATE],
    constructor: constructor(
        "self, year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0",
        construct,
    ),
    properties: &[
        property("hour", |_, moment| {
            Ok(Value::Int(moment.value.time().hour().into()))
        }),
        property("minute", |_, moment| {
            Ok(Value::Int(moment.value.time().minute().into()))
        }),
        property("second", |_, moment| {
            Ok(Value::Int(moment.value.time().second().into()))
        }),
        property("microsecond", |_, moment| {
            Ok(microsecond(moment.value.time()).into())
        }),
        property("tzinfo", |_, moment| Ok(moment.zone.clone().into())),
        property("fold", |_, _| Ok(Value::Int(0))),
    ],
    class_methods: &[
        function("now", "cls, /, tz=None", |vm, bound| {
            let zone = bound.take_some("tz");
            let utc = vm.run.host.now().microseconds;
            moment_at(vm, utc, zone)
        }),
        function("today", "cls, /", |vm, _| {
            let utc = vm.run.host.now().microseconds;
            moment_at(vm, utc, None)
        }),
        function("utcnow", "cls, /", |vm, _| {
            naive(vm.run.host.now().microseconds)
        }),
        function("fromtimestamp", "cls, timestamp, tz=None", |vm, bound| {
            let value = bound.value("timestamp");
            let utc = timestamp_argument(vm, &value)?;
            moment_at(vm, utc, bound.take_some("tz"))
        }),
        function("utcfromtimestamp", "cls, timestamp, /", |vm, bound| {
            let value = bound.value("timestamp");
            naive(timestamp_argument(vm, &value)?)
        }),
        function("fromisoformat", "cls, object, /", |vm, bound| {
            let source = bound.value("object");
            let source = text_argument(vm, &source, "fromisoformat")?;
            match text::parse_iso(&source) {
                Some((value, offset)) => Ok(Value::native(DateTime::with_offset(value, offset))),
                None => Err(vm.value_error(format!(
                    "Invalid isoformat string: {}",
                    string_repr(&source)
                ))),
            }
        }),
        function("strptime", "cls, date_string, format, /", strptime),
        function("combine", "cls, date, time, tzinfo=None", combine),
    ],
    methods: &[
        method("isoformat", "self, sep='T', timespec='auto'", isoformat),
        method("strftime", "self, format", |vm, moment, bound| {
            let format = bound.value("format");
            let format = text_argument(vm, &format, "strftime")?;
            let fixed = moment
                .zone
                .as_ref()
                .and_then(|zone| zone.downcast::<Zone>());
            let named = moment
                .zone
                .as_ref()
                .and_then(|zone| zone.downcast::<NamedZone>());
            let zone = match (fixed, named) {
                (Some(zone), _) => Some((zone.offset, zone.label())),
                (None, Some(zone)) => {
                    let label = match format.contains("%Z") {
                        true => super::zone::zone_label(vm, &zone)?,
                        false => String::new(),
                    };
                    Some((zone.offset_by_wall(moment.wall()), label))
                }
                (None, None) => None,
            };
            Ok(text::format(moment.value, zone, &format).into())
        }),
        method("date", "self, /", |_, moment, _| {
            Ok(Value::native(Date(moment.value.date())))
        }),
        method("time", "self, /", |_, moment, _| {
            Ok(Value::native(Time {
                value: moment.value.time(),
                zone: None,
            }))
        }),
        method("timetz", "self, /", |_, moment, _| {
            Ok(Value::native(Time {
                value: moment.value.time(),
                zone: moment.zone.clone(),
            }))
        }),
        method("timestamp", "self, /", |vm, moment, _| {
            let local = vm.run.host.now().local_offset;
            let offset = i64::from(moment.offset().unwrap_or(local));
            let utc = moment.wall() - offset * 1_000_000;
            Ok(Value::Float(utc as f64 / 1e6))
        }),
        method("utcoffset", "self, /", |_, moment, _| {
            let microseconds = |offset| i64::from(offset) * 1_000_000;
            let offset = moment.offset().map(microseconds);
            Ok(offset.map(delta::from_microseconds).into())
        }),
        method("astimezone", "self, tz=None", astimezone),
        method(
            "replace",
            "self, year=0, month=0, day=0, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, \
             *, fold=0",
            |vm, moment, bound| {
                let date = replaced_date(vm, bound, moment.value.date())?;
                let time = replaced_time(vm, bound, moment.value.time())?;
                Ok(Value::native(DateTime {
                    value: date.to_datetime(time),
                    zone: known_zone(vm, replaced_zone(bound, &moment.zone))?,
                }))
            },
        ),
    ],
    constants: &[("resolution", Constant::Made(|| delta::from_microseconds(1)))],
    ..Declaration::new("datetime.datetime")
};

pub(super) fn zone_part(vm: &mut Interpreter, zone: &Option<Value>) -> Result<String> {
    Ok(match zone {
        Some(zone) => format!(", tzinfo={}", vm.repr(zone)?),
        None => String::new(),
    })
}

impl NativeObject for DateTime {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&DATETIME)
    }

    fn binary(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        if let Some(delta) = other.downcast::<TimeDelta>() {
            let moved = match operator {
                BinaryOperator::Add => delta.microseconds,
                BinaryOperator::Subtract if !reflected => delta.microseconds.saturating_neg(),
                _ => return Ok(None),
            };
            return Ok(Some(Value::native(DateTime {
                value: from_microseconds(self.wall().saturating_add(moved))?,
                zone: self.zone.clone(),
            })));
        }
        let Some(other) = other.downcast::<DateTime>() else {
            return Ok(None);
        };
        if operator != BinaryOperator::Subtract || reflected {
            return Ok(None);
        }
        match (self.offset(), other.offset()) {
            (Some(_), None) | (None, Some(_)) => {
                Err(vm.type_error("can't subtract offset-naive and offset-aware datetimes"))
            }
            (own, others) => Ok(Some(Value::native(TimeDelta {
                microseconds: self.wall()
                    - other.wall()
                    - i64::from(own.unwrap_or(0) - others.unwrap_or(0)) * 1_000_000,
            }))),
        }
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let Some(other) = other.downcast::<DateTime>() else {
            return Ok(None);
        };
        if self.offset().is_some() != other.offset().is_some() {
            return match operator {
                CompareOperator::Equal => Ok(Some(Value::Bool(false))),
                CompareOperator::NotEqual => Ok(Some(Value::Bool(true))),
                _ => Err(vm.type_error("can't compare offset-naive and offset-aware datetimes")),
            };
        }
        let utc =
            |moment: &DateTime| moment.wall() - i64::from(moment.offset().unwrap_or(0)) * 1_000_000;
        Ok(ordered(operator, utc(self).cmp(&utc(&other))).map(Value::Bool))
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let date = self.value.date();
        let zone = zone_part(vm, &self.zone)?;
        Ok(Some(format!(
            "datetime.datetime({}, {}, {}, {}{zone})",
            date.year(),
            date.month(),
            date.day(),
            time_parts(self.value.time())
        )))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(self.isoformat(" ", "auto"))
    }

    fn format(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        specification: &str,
    ) -> Result<Option<String>> {
        Ok((!specification.is_empty()).then(|| text::format(self.value, None, specification)))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(
            (self.wall() - i64::from(self.offset().unwrap_or(0)) * 1_000_000) as u64,
        ))
    }
}
