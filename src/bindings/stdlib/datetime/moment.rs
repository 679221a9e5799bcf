//! `datetime.date`, `datetime.datetime` and `datetime.time`.

use std::cmp::Ordering;

use ground::calendar;

use super::{TimeDelta, Zone, class_named, integer, text};
use driver::python_str;
use ground::diagnostic::{Error, Result};
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

/// `datetime.datetime`.
#[derive(Clone)]
pub struct DateTime {
    /// What the clock on the wall shows.
    pub value: calendar::DateTime,
    /// `tzinfo`: a [`Zone`], or another object with `utcoffset`.
    pub zone: Option<Value>,
}

/// `datetime.time`.
#[derive(Clone)]
pub struct Time {
    /// What the clock on the wall shows.
    pub value: calendar::Time,
    /// `tzinfo`.
    pub zone: Option<Value>,
}

/// Seconds from UTC of a `tzinfo`, where it is one of ours.
fn offset_of(zone: &Option<Value>) -> Option<i32> {
    zone.as_ref()?.downcast::<Zone>().map(|zone| zone.offset)
}

fn zone_of(offset: Option<i32>) -> Option<Value> {
    offset.map(|offset| Value::native(Zone { offset, name: None }))
}

impl DateTime {
    /// A moment from the wall clock and the offset from UTC in seconds, if it has one.
    pub fn with_offset(value: calendar::DateTime, offset: Option<i32>) -> DateTime {
        DateTime {
            value,
            zone: zone_of(offset),
        }
    }

    /// Seconds from UTC, where it is known.
    pub fn offset(&self) -> Option<i32> {
        offset_of(&self.zone)
    }

    /// Microseconds since 1970 on the wall clock.
    fn wall(&self) -> i64 {
        self.value.microseconds()
    }

    fn isoformat(&self, separator: &str, timespec: &str) -> Option<String> {
        Some(format!(
            "{}{separator}{}",
            text::iso_date(self.value.date()),
            text::iso_time(self.value.time(), self.offset(), timespec)?
        ))
    }
}

impl Time {
    /// A time from the wall clock and the offset from UTC in seconds, if it has one.
    pub fn with_offset(value: calendar::Time, offset: Option<i32>) -> Time {
        Time {
            value,
            zone: zone_of(offset),
        }
    }

    /// Seconds from UTC, where it is known.
    pub fn offset(&self) -> Option<i32> {
        offset_of(&self.zone)
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

/// 1900-01-01, the day that `time.strftime` shows.
const DAY_OF_A_TIME: i64 = -25_567;

fn out_of_range() -> Error {
    Error::new("OverflowError", "date value out of range")
}

fn date_from_days(number: i64) -> Result<calendar::Date> {
    calendar::Date::from_days(number).map_err(|_| out_of_range())
}

/// The moment so many microseconds after 1970-01-01 on the wall clock.
fn from_microseconds(number: i64) -> Result<calendar::DateTime> {
    calendar::DateTime::from_microseconds(number).map_err(|_| out_of_range())
}

fn make_date(vm: &Interpreter, year: i64, month: i64, day: i64) -> Result<calendar::Date> {
    if !(1..=9999).contains(&year) {
        return Err(vm.value_error(format!("year {year} is out of range")));
    }
    if !(1..=12).contains(&month) {
        return Err(vm.value_error("month must be in 1..12"));
    }
    // In range by the checks above.
    i8::try_from(day)
        .ok()
        .and_then(|day| calendar::Date::new(year as i16, month as i8, day).ok())
        .ok_or_else(|| vm.value_error("day is out of range for month"))
}

fn make_time(vm: &Interpreter, parts: [i64; 4]) -> Result<calendar::Time> {
    let names = ["hour", "minute", "second", "microsecond"];
    let limits = [23, 59, 59, 999_999];
    for ((value, name), limit) in parts.iter().zip(names).zip(limits) {
        if !(0..=limit).contains(value) {
            return Err(vm.value_error(format!("{name} must be in 0..{limit}")));
        }
    }
    // In range by the checks above.
    calendar::Time::new(
        parts[0] as i8,
        parts[1] as i8,
        parts[2] as i8,
        (parts[3] * 1000) as i32,
    )
    .map_err(|_| vm.value_error("time is out of range"))
}

fn text_argument(vm: &mut Interpreter, value: &Value, function: &str) -> Result<std::rc::Rc<str>> {
    match value.as_text() {
        Some(text) => Ok(text),
        None => {
            let class = vm.class_of(value).name();
            Err(vm.type_error(format!("{function}: argument must be str, not {class}")))
        }
    }
}

struct DateHooks;

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

struct DateTimeHooks;

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

struct TimeHooks;

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

/// `now(tz)`: the moment in that zone, or on the wall of the host.
fn moment_at(vm: &mut Interpreter, utc: i64, zone: Option<Value>) -> Result<Value> {
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

fn timestamp_argument(vm: &mut Interpreter, value: &Value) -> Result<i64> {
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

fn shared_date_methods(builder: ClassBuilder) -> ClassBuilder {
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

fn date_class(vm: &mut Interpreter) -> Class {
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
                None => {
                    Err(vm
                        .value_error(format!("Invalid isoformat string: {}", python_str(&source))))
                }
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

fn date_text(this: &Value) -> Value {
    Value::optional(
        this.downcast::<Date>()
            .map(|date| Value::str(text::iso_date(date.0))),
    )
}

fn datetime_class(vm: &mut Interpreter, date: &Class) -> Class {
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
                    python_str(&source)
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
                    python_str(&source),
                    python_str(&format)
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

fn replaced_time(
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

fn time_class(vm: &mut Interpreter) -> Class {
    ClassBuilder::new("datetime", "time")
        .hooks(TimeHooks)
        .class_method("fromisoformat", |vm, _, arguments| {
            let [value] = arguments.exactly("fromisoformat")?;
            let source = text_argument(vm, &value, "fromisoformat")?;
            match text::parse_iso_time(&source) {
                Some((value, offset)) => Ok(Value::native(Time::with_offset(value, offset))),
                None => {
                    Err(vm
                        .value_error(format!("Invalid isoformat string: {}", python_str(&source))))
                }
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

fn date_attribute(date: calendar::Date, name: &str) -> Option<Value> {
    Some(Value::Int(match name {
        "year" => date.year().into(),
        "month" => date.month().into(),
        "day" => date.day().into(),
        _ => return None,
    }))
}

fn time_attribute(time: calendar::Time, zone: &Option<Value>, name: &str) -> Option<Value> {
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

/// The parts of a time as its `repr()` shows them after the hour and minute.
fn time_parts(time: calendar::Time) -> String {
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

fn zone_part(vm: &mut Interpreter, zone: &Option<Value>) -> Result<String> {
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
