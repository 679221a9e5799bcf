//! Database values and parameters.

use ground::calendar::{Date, DateTime, Time};
use ground::formatting::moment::{
    date_repr, date_text, datetime_repr, datetime_text, interval_repr, interval_text, offset_text,
    time_repr, time_text, uuid_text,
};
use ground::formatting::repr::{bytes_repr, float_repr, string_repr};
use std::rc::Rc;

/// A database value, as a driver gives it to Python and takes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL `NULL`.
    Null,
    /// A truth value, where the database has a type for it.
    Boolean(bool),
    /// A 64-bit integer.
    Integer(i64),
    /// An integer beyond 64 bits, as its digits.
    BigInteger(Rc<str>),
    /// A 64-bit floating point number.
    Real(f64),
    /// `decimal.Decimal`, as its `str()`.
    Decimal(Rc<str>),
    /// Text.
    Text(Rc<str>),
    /// Bytes.
    Blob(Rc<[u8]>),
    /// `datetime.date`.
    Date(Date),
    /// `datetime.time`, with an optional UTC offset in seconds.
    Time(Time, Option<i32>),
    /// `datetime.datetime`, with an optional UTC offset in seconds.
    DateTime(DateTime, Option<i32>),
    /// `datetime.timedelta`, in microseconds.
    Interval(i64),
    /// `uuid.UUID`.
    Uuid([u8; 16]),
    /// A document of JSON that the driver reads for Python, as its text.
    Json(Rc<str>),
    /// An array.
    List(Rc<[Value]>),
    /// A row in a row.
    Tuple(Rc<[Value]>),
    /// A value of a class that only the driver's own module has.
    Object(DriverObject),
}

/// A value of a class that a driver's module has for a type of its database, such as a range.
#[derive(Clone, Debug, PartialEq)]
pub struct DriverObject {
    /// The dotted name of its Python class.
    pub class: &'static str,
    /// The value as the database writes it.
    pub text: Rc<str>,
    /// Its Python `repr`.
    pub repr: Rc<str>,
}

impl Value {
    /// The Python `repr`, as shown in SQLAlchemy's logs and errors.
    pub fn python_repr(&self) -> String {
        let all = |items: &[Value]| {
            let parts: Vec<String> = items.iter().map(Value::python_repr).collect();
            parts.join(", ")
        };
        match self {
            Value::Null => "None".to_owned(),
            Value::Boolean(true) => "True".to_owned(),
            Value::Boolean(false) => "False".to_owned(),
            Value::Integer(number) => number.to_string(),
            Value::BigInteger(digits) => digits.to_string(),
            Value::Real(number) => float_repr(*number),
            Value::Decimal(text) => format!("Decimal('{text}')"),
            Value::Text(text) => string_repr(text),
            Value::Blob(bytes) => bytes_repr(bytes),
            Value::Date(date) => date_repr(*date),
            Value::Time(time, offset) => time_repr(*time, *offset),
            Value::DateTime(moment, offset) => datetime_repr(*moment, *offset),
            Value::Interval(microseconds) => interval_repr(*microseconds),
            Value::Uuid(bytes) => format!("UUID('{}')", uuid_text(bytes)),
            Value::Json(text) => string_repr(text),
            Value::List(items) => format!("[{}]", all(items)),
            Value::Tuple(items) if items.len() == 1 => format!("({},)", all(items)),
            Value::Tuple(items) => format!("({})", all(items)),
            Value::Object(object) => object.repr.to_string(),
        }
    }

    /// The name of its Python class, as `sqlite3` says it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "NoneType",
            Value::Boolean(_) => "bool",
            Value::Integer(_) | Value::BigInteger(_) => "int",
            Value::Real(_) => "float",
            Value::Decimal(_) => "decimal.Decimal",
            Value::Text(_) | Value::Json(_) => "str",
            Value::Blob(_) => "bytes",
            Value::Date(_) => "datetime.date",
            Value::Time(..) => "datetime.time",
            Value::DateTime(..) => "datetime.datetime",
            Value::Interval(_) => "datetime.timedelta",
            Value::Uuid(_) => "UUID",
            Value::List(_) => "list",
            Value::Tuple(_) => "tuple",
            Value::Object(object) => object.class.rsplit('.').next().unwrap_or(object.class),
        }
    }

    /// The Python `str`.
    pub fn python_str(&self) -> String {
        match self {
            Value::Text(text) | Value::Decimal(text) | Value::Json(text) => text.to_string(),
            Value::Date(date) => date_text(*date),
            Value::Time(time, offset) => format!("{}{}", time_text(*time), offset_text(*offset)),
            Value::DateTime(moment, offset) => datetime_text(*moment, *offset),
            Value::Interval(microseconds) => interval_text(*microseconds),
            Value::Uuid(bytes) => uuid_text(bytes),
            Value::Object(object) => object.text.to_string(),
            other => other.python_repr(),
        }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether it is `NULL`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Integer(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Real(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Value::Integer(truth.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text.into())
    }
}

/// The parameters of an execution.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameters {
    /// For `?`, `%s` or `$1`, in order.
    Positional(Vec<Value>),
    /// For `:name` or `%(name)s`.
    Named(Vec<(Rc<str>, Value)>),
}

impl Parameters {
    /// No parameters.
    pub const NONE: Parameters = Parameters::Positional(Vec::new());

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        match self {
            Parameters::Positional(values) => values.is_empty(),
            Parameters::Named(values) => values.is_empty(),
        }
    }

    /// The Python repr: a tuple, or a dict.
    pub fn python_repr(&self) -> String {
        match self {
            Parameters::Positional(values) => {
                let parts: Vec<String> = values.iter().map(Value::python_repr).collect();
                match parts.as_slice() {
                    [only] => format!("({only},)"),
                    parts => format!("({})", parts.join(", ")),
                }
            }
            Parameters::Named(values) => {
                let parts: Vec<String> = values
                    .iter()
                    .map(|(name, value)| format!("{}: {}", string_repr(name), value.python_repr()))
                    .collect();
                format!("{{{}}}", parts.join(", "))
            }
        }
    }
}

impl From<Vec<Value>> for Parameters {
    fn from(values: Vec<Value>) -> Self {
        Parameters::Positional(values)
    }
}
