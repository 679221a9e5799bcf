//! `datetime.tzinfo` and `datetime.timezone`.

use std::rc::Rc;

use super::TimeDelta;
use super::delta::from_microseconds;
use ground::diagnostic::Result;
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
