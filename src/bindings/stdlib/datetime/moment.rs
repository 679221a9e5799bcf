//! `datetime.datetime`.

use super::date::{Date, date_attribute, date_class, make_date, shared_date_methods};
use super::time::{Time, make_time, replaced_time, time_attribute, time_class, time_parts};
use super::{TimeDelta, Zone, class_named, integer, text};
use ground::calendar;
use ground::diagnostic::{Error, Result};
use ground::formatting::repr::string_repr;
use python::parameters;
use python::{
    Arguments, BinaryOperator, Class, ClassBuilder, CompareOperator, Interpreter, NativeClass,
    NativeObject, Value,
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

/// The UTC offset of a `tzinfo` in seconds, if it is one of ours.
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
        offset_of(&self.zone)
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

pub(super) struct DateTimeHooks;

impl NativeClass for DateTimeHooks {
    fn construct(
        &self,
        vm: &mut Interpreter,
        _class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let mut bound = arguments.clone().bind(parameters!(
            "datetime",
            "year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0"
        ))?;
        let year = integer(vm, bound.take("year"), 0)?;
        let month = integer(vm, bound.take("month"), 0)?;
        let day = integer(vm, bound.take("day"), 0)?;
        let date = make_date(vm, year, month, day)?;
        let mut parts = [0; 4];
        for (part, name) in parts
            .iter_mut()
            .zip(["hour", "minute", "second", "microsecond"])
        {
            *part = integer(vm, bound.take(name), 0)?;
        }
        let time = make_time(vm, parts)?;
        Ok(Some(Value::native(DateTime {
            value: date.to_datetime(time),
            zone: bound.take_some("tzinfo"),
        })))
    }
}

/// `now(tz)`: the current time in that zone, or in the host's local time.
pub(super) fn moment_at(vm: &mut Interpreter, utc: i64, zone: Option<Value>) -> Result<Value> {
    let offset = match &zone {
        None => i64::from(vm.run.host.now().local_offset),
        Some(zone) => match zone.downcast::<Zone>() {
            Some(zone) => i64::from(zone.offset),
            None => {
                let class = vm.class_of(zone).name();
                return Err(vm.unsupported(format!(
                    "a time zone of class {class}: this program knows datetime.timezone"
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

pub(super) fn classes(vm: &mut Interpreter) -> (Class, Class, Class) {
    let date = date_class(vm);
    let datetime = datetime_class(vm, &date);
    let time = time_class(vm);
    (date, datetime, time)
}

pub(super) fn datetime_class(vm: &mut Interpreter, date: &Class) -> Class {
    let builder = ClassBuilder::new("datetime", "datetime")
        .base(date)
        .hooks(DateTimeHooks);
    shared_date_methods(builder)
        .class_method("now", |vm, _, arguments| {
            let mut bound = arguments.bind(parameters!("now", "tz=None"))?;
            let zone = bound.take_some("tz");
            let utc = vm.run.host.now().microseconds;
            moment_at(vm, utc, zone)
        })
        .class_method("today", |vm, _, _| {
            let utc = vm.run.host.now().microseconds;
            moment_at(vm, utc, None)
        })
        .class_method("utcnow", |vm, _, _| {
            let utc = vm.run.host.now().microseconds;
            Ok(Value::native(DateTime {
                value: from_microseconds(utc)?,
                zone: None,
            }))
        })
        .class_method("fromtimestamp", |vm, _, arguments| {
            let mut bound =
                arguments.bind(parameters!("fromtimestamp", "timestamp, tz=None"))?;
            let value = bound.value("timestamp");
            let utc = timestamp_argument(vm, &value)?;
            moment_at(vm, utc, bound.take_some("tz"))
        })
        .class_method("utcfromtimestamp", |vm, _, arguments| {
            let [value] = arguments.exactly("utcfromtimestamp")?;
            let utc = timestamp_argument(vm, &value)?;
            Ok(Value::native(DateTime {
                value: from_microseconds(utc)?,
                zone: None,
            }))
        })
        .class_method("fromisoformat", |vm, _, arguments| {
            let [value] = arguments.exactly("fromisoformat")?;
            let source = text_argument(vm, &value, "fromisoformat")?;
            match text::parse_iso(&source) {
                Some((value, offset)) => Ok(Value::native(DateTime::with_offset(value, offset))),
                None => Err(vm.value_error(format!(
                    "Invalid isoformat string: {}",
                    string_repr(&source)
                ))),
            }
        })
        .class_method("strptime", |vm, _, arguments| {
            let [value, format] = arguments.exactly("strptime")?;
            let source = text_argument(vm, &value, "strptime")?;
            let format = text_argument(vm, &format, "strptime")?;
            match text::parse(&source, &format) {
                Some((value, offset)) => Ok(Value::native(DateTime::with_offset(value, offset))),
                None => Err(vm.value_error(format!(
                    "time data {} does not match format {}",
                    string_repr(&source),
                    string_repr(&format)
                ))),
            }
        })
        .class_method("combine", |vm, _, arguments| {
            let mut bound =
                arguments.bind(parameters!("combine", "date, time, tzinfo=None"))?;
            let (date, time) = (bound.value("date"), bound.value("time"));
            let date = date
                .downcast::<Date>()
                .map(|date| date.0)
                .or_else(|| date.downcast::<DateTime>().map(|moment| moment.value.date()));
            match (date, time.downcast::<Time>()) {
                (Some(date), Some(time)) => Ok(Value::native(DateTime {
                    value: date.to_datetime(time.value),
                    zone: bound.take_some("tzinfo").or_else(|| time.zone.clone()),
                })),
                _ => Err(vm.type_error("combine() wants a date and a time")),
            }
        })
        .method("isoformat", |vm, this, arguments| {
            let mut bound =
                arguments.bind(parameters!("isoformat", "sep='T', timespec='auto'"))?;
            let separator = bound.take("sep").and_then(|sep| sep.as_text());
            let timespec = bound.take("timespec").and_then(|spec| spec.as_text());
            let Some(moment) = this.downcast::<DateTime>() else {
                return Ok(Value::None);
            };
            moment
                .isoformat(
                    separator.as_deref().unwrap_or("T"),
                    timespec.as_deref().unwrap_or("auto"),
                )
                .map(Value::str)
                .ok_or_else(|| vm.value_error("Unknown timespec value"))
        })
        .method("strftime", |vm, this, arguments| {
            let [format] = arguments.exactly("strftime")?;
            let format = text_argument(vm, &format, "strftime")?;
            Ok(match this.downcast::<DateTime>() {
                Some(moment) => Value::str(text::format(
                    moment.value,
                    moment
                        .zone
                        .as_ref()
                        .and_then(|zone| zone.downcast::<Zone>())
                        .map(|zone| (zone.offset, zone.label())),
                    &format,
                )),
                None => Value::None,
            })
        })
        .method("date", |_, this, _| {
            Ok(Value::optional(this.downcast::<DateTime>().map(|moment| {
                Value::native(Date(moment.value.date()))
            })))
        })
        .method("time", |_, this, _| {
            Ok(Value::optional(this.downcast::<DateTime>().map(|moment| {
                Value::native(Time {
                    value: moment.value.time(),
                    zone: None,
                })
            })))
        })
        .method("timetz", |_, this, _| {
            Ok(Value::optional(this.downcast::<DateTime>().map(|moment| {
                Value::native(Time {
                    value: moment.value.time(),
                    zone: moment.zone.clone(),
                })
            })))
        })
        .method("timestamp", |vm, this, _| {
            let local = vm.run.host.now().local_offset;
            Ok(Value::optional(this.downcast::<DateTime>().map(|moment| {
                let offset = i64::from(moment.offset().unwrap_or(local));
                Value::Float((moment.wall() - offset * 1_000_000) as f64 / 1e6)
            })))
        })
        .method("utcoffset", |_, this, _| {
            Ok(Value::optional(
                this.downcast::<DateTime>()
                    .and_then(|moment| moment.offset())
                    .map(|offset| {
                        Value::native(TimeDelta {
                            microseconds: i64::from(offset) * 1_000_000,
                        })
                    }),
            ))
        })
        .method("astimezone", |vm, this, arguments| {
            let mut bound = arguments.bind(parameters!("astimezone", "tz=None"))?;
            let Some(moment) = this.downcast::<DateTime>() else {
                return Ok(Value::None);
            };
            let local = vm.run.host.now().local_offset;
            let utc = moment.wall() - i64::from(moment.offset().unwrap_or(local)) * 1_000_000;
            let zone = bound.take_some("tz").unwrap_or_else(|| {
                Value::native(Zone {
                    offset: local,
                    name: None,
                })
            });
            moment_at(vm, utc, Some(zone))
        })
        .method("replace", |vm, this, arguments| {
            let Some(moment) = this.downcast::<DateTime>() else {
                return Ok(Value::None);
            };
            let mut bound = arguments.bind(parameters!(
                "replace",
                "year=0, month=0, day=0, hour=0, minute=0, second=0, microsecond=0, tzinfo=0, *, fold=0"
            ))?;
            let (date, time) = (moment.value.date(), moment.value.time());
            let year = integer(vm, bound.take("year"), date.year().into())?;
            let month = integer(vm, bound.take("month"), date.month().into())?;
            let day = integer(vm, bound.take("day"), date.day().into())?;
            let date = make_date(vm, year, month, day)?;
            let time = replaced_time(vm, &mut bound, time)?;
            let zone = match bound.take("tzinfo") {
                None => moment.zone.clone(),
                Some(Value::None) => None,
                Some(zone) => Some(zone),
            };
            Ok(Value::native(DateTime {
                value: date.to_datetime(time),
                zone,
            }))
        })
        .build(vm)
}

pub(super) fn zone_part(vm: &mut Interpreter, zone: &Option<Value>) -> Result<String> {
    Ok(match zone {
        Some(zone) => format!(", tzinfo={}", vm.repr(zone)?),
        None => String::new(),
    })
}

impl NativeObject for DateTime {
    fn class(&self, vm: &mut Interpreter) -> Class {
        class_named(vm, "datetime")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(date_attribute(self.value.date(), name)
            .or_else(|| time_attribute(self.value.time(), &self.zone, name)))
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
