//! `datetime.tzinfo` and `datetime.timezone`.

use std::rc::Rc;

use super::delta::from_microseconds;
use super::{DateTime, TimeDelta};
use ground::diagnostic::Result;
use ground::host::Host;
use python::{
    Bound, Class, CompareOperator, Constant, Declaration, Interpreter, NativeObject, Value,
    constructor, method,
};

/// A fixed offset from UTC: `datetime.timezone`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// The UTC offset in seconds.
    pub offset: i32,
    /// The explicit name, if any.
    pub name: Option<Rc<str>>,
}

impl Zone {
    /// `datetime.timezone.utc`.
    pub const UTC: Zone = Zone {
        offset: 0,
        name: None,
    };

    /// The result of `tzname()`.
    pub fn label(&self) -> String {
        match &self.name {
            Some(name) => name.to_string(),
            None if self.offset == 0 => "UTC".to_owned(),
            None => format!("UTC{}", offset_text(self.offset, ":")),
        }
    }
}

/// A zone of the time zone database: `zoneinfo.ZoneInfo`.
#[derive(Clone)]
pub struct NamedZone {
    /// `Europe/Paris`.
    pub key: Rc<str>,
    host: Rc<dyn Host>,
}

impl NamedZone {
    /// Its offset from UTC in seconds at that moment, in microseconds since 1970.
    pub fn offset_at(&self, utc: i64) -> i32 {
        self.host.time_zone_offset(&self.key, utc).unwrap_or(0)
    }

    /// Its offset where a clock shows that time, the earlier one of two (`fold=0`).
    pub fn offset_by_wall(&self, wall: i64) -> i32 {
        const DAY: i64 = 86_400_000_000;
        let (before, after) = (self.offset_at(wall - DAY), self.offset_at(wall + DAY));
        let at = |offset: i32| self.offset_at(wall - i64::from(offset) * 1_000_000);
        if before != after && at(before) != before && at(after) == after {
            after
        } else {
            before
        }
    }
}

fn find_zone(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let key = bound.value("key");
    let Some(key) = key.as_text() else {
        let class = vm.class_of(&key).name();
        return Err(vm.type_error(format!("key must be a str, not {class}")));
    };
    let host = vm.run.host.clone();
    let is_utc = matches!(
        &*key,
        "UTC" | "Etc/UTC" | "GMT" | "Etc/GMT" | "Zulu" | "UCT"
    );
    if !is_utc && host.time_zone_offset(&key, 0).is_none() {
        let module = vm.import("zoneinfo")?;
        let class = vm.get_attribute(&module, "ZoneInfoNotFoundError")?;
        let text = Value::from(format!("No time zone found with key {key}"));
        let error = vm.call(&class, python::Arguments::positional(vec![text]))?;
        return Err(vm.raise(&error));
    }
    Ok(Value::native(NamedZone { key, host }))
}

pub(crate) static ZONE_INFO: Declaration<NamedZone> = Declaration {
    bases: &[&TZINFO],
    constructor: constructor("self, key", find_zone),
    properties: &[python::property("key", |_, zone| {
        Ok(zone.key.clone().into())
    })],
    class_methods: &[python::function("no_cache", "cls, key", find_zone)],
    methods: &[
        method("utcoffset", "self, dt, /", |_, zone, bound| {
            let moment = bound.value("dt").downcast::<DateTime>();
            Ok(match moment {
                Some(moment) => {
                    let offset = zone.offset_by_wall(moment.wall());
                    from_microseconds(i64::from(offset) * 1_000_000)
                }
                None => Value::None,
            })
        }),
        method("tzname", "self, dt, /", |vm, zone, _| {
            zone_label(vm, zone).map(Value::from)
        }),
    ],
    ..Declaration::new("zoneinfo.ZoneInfo")
};

/// The abbreviation of a zone, of which the host knows only offsets.
pub(super) fn zone_label(vm: &mut Interpreter, zone: &NamedZone) -> Result<String> {
    if zone.offset_at(0) == 0 && zone.key.contains("UTC") {
        return Ok("UTC".to_owned());
    }
    Err(vm.unsupported(format!("the abbreviation of the time zone {}", zone.key)))
}

impl NativeObject for NamedZone {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&ZONE_INFO)
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let Some(other) = other.downcast::<NamedZone>() else {
            return Ok(None);
        };
        Ok(match operator {
            CompareOperator::Equal => Some(Value::Bool(self.key == other.key)),
            CompareOperator::NotEqual => Some(Value::Bool(self.key != other.key)),
            _ => None,
        })
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(format!(
            "zoneinfo.ZoneInfo(key={})",
            ground::formatting::repr::string_repr(&self.key)
        )))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.key.to_string()))
    }

    fn hash(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<u64>> {
        vm.hash(&Value::Str(self.key.clone())).map(Some)
    }
}

/// `+02:00`, including seconds if they are not zero.
pub(super) fn offset_text(offset: i32, colon: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let seconds = offset.unsigned_abs();
    let mut text = format!("{sign}{:02}{colon}{:02}", seconds / 3600, seconds / 60 % 60);
    if !seconds.is_multiple_of(60) {
        text.push_str(&format!("{colon}{:02}", seconds % 60));
    }
    text
}

fn construct(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let offset = bound.value("offset");
    let Some(delta) = offset.downcast::<TimeDelta>() else {
        let class = vm.class_of(&offset).name();
        return Err(vm.type_error(format!(
            "timezone() argument 1 must be datetime.timedelta, not {class}"
        )));
    };
    let seconds = delta.microseconds / 1_000_000;
    if seconds.abs() >= 86_400 {
        return Err(vm.value_error(format!(
            "offset must be a timedelta strictly between -timedelta(hours=24) and \
             timedelta(hours=24), not {}.",
            delta.python_repr()
        )));
    }
    Ok(Value::native(Zone {
        // Less than a day, so it fits.
        offset: seconds as i32,
        name: bound.take_some("name").and_then(|name| name.as_text()),
    }))
}

pub(super) static TZINFO: Declaration<Value> = Declaration::new("datetime.tzinfo");

pub(super) static TIMEZONE: Declaration<Zone> = Declaration {
    bases: &[&TZINFO],
    constructor: constructor("self, offset, name=None", construct),
    methods: &[
        method("utcoffset", "self, dt, /", |_, zone, _| {
            Ok(from_microseconds(i64::from(zone.offset) * 1_000_000))
        }),
        method("tzname", "self, dt, /", |_, zone, _| {
            Ok(zone.label().into())
        }),
        method("dst", "self, dt, /", |_, _, _| Ok(Value::None)),
    ],
    constants: &[("utc", Constant::Made(|| Value::native(Zone::UTC)))],
    ..Declaration::new("datetime.timezone")
};

impl NativeObject for Zone {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&TIMEZONE)
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let Some(other) = other.downcast::<Zone>() else {
            return Ok(None);
        };
        Ok(match operator {
            CompareOperator::Equal => Some(Value::Bool(self.offset == other.offset)),
            CompareOperator::NotEqual => Some(Value::Bool(self.offset != other.offset)),
            _ => None,
        })
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        if *self == Zone::UTC {
            return Ok(Some("datetime.timezone.utc".to_owned()));
        }
        let delta = TimeDelta {
            microseconds: i64::from(self.offset) * 1_000_000,
        };
        Ok(Some(match &self.name {
            Some(name) => format!(
                "datetime.timezone({}, {})",
                delta.python_repr(),
                ground::formatting::repr::string_repr(name)
            ),
            None => format!("datetime.timezone({})", delta.python_repr()),
        }))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.label()))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.offset as u64))
    }
}
