//! Python values in statements, defaults and types.

use ground::formatting::moment::{
    date_repr, datetime_repr, datetime_text, interval_repr, interval_text, offset_text, time_repr,
};
pub use ground::formatting::moment::{date_text, time_text, uuid_hex, uuid_text};
use ground::formatting::repr::{bytes_repr, float_repr, string_repr};
use std::any::Any;
use std::fmt;
use std::rc::Rc;

use driver::DriverObject;
use ground::calendar;
use num_bigint::BigInt;

/// A Python object that is passed through and rendered by its `repr()`.
pub trait Object {
    /// `repr(object)`.
    fn python_repr(&self) -> String;
    /// `str(object)`; by default the same as `repr`.
    fn python_str(&self) -> String {
        self.python_repr()
    }
    /// The class's `__name__`.
    fn class_name(&self) -> String;
    /// For downcasting by its creator.
    fn as_any(&self) -> &dyn Any;
}

/// A value of a class that a driver has.
impl Object for DriverObject {
    fn python_repr(&self) -> String {
        self.repr.to_string()
    }

    fn python_str(&self) -> String {
        self.text.to_string()
    }

    fn class_name(&self) -> String {
        let name = self.class.rsplit('.').next();
        name.unwrap_or(self.class).to_owned()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A member of a Python `enum.Enum`.
#[derive(Clone)]
pub struct EnumMember {
    /// Name of the class.
    pub class: Rc<str>,
    /// Name of the member.
    pub name: Rc<str>,
    /// Its value.
    pub value: Rc<Literal>,
    /// The Python object.
    pub object: Option<Rc<dyn Any>>,
}

/// A Python value used as a parameter, default or type argument.
#[derive(Clone, Default)]
pub enum Literal {
    /// `None`.
    #[default]
    Null,
    /// `bool`.
    Boolean(bool),
    /// An `int` that fits in 64 bits.
    Integer(i64),
    /// `int` beyond 64 bits.
    BigInteger(Rc<BigInt>),
    /// `float`.
    Float(f64),
    /// `decimal.Decimal`, as its `str()`.
    Decimal(Rc<str>),
    /// `str`.
    String(Rc<str>),
    /// `bytes`.
    Bytes(Rc<[u8]>),
    /// `datetime.date`.
    Date(calendar::Date),
    /// `datetime.time`, with an optional UTC offset in seconds.
    Time(calendar::Time, Option<i32>),
    /// `datetime.datetime`, with an optional UTC offset in seconds.
    DateTime(calendar::DateTime, Option<i32>),
    /// `datetime.timedelta` in microseconds.
    Interval(i64),
    /// `uuid.UUID`.
    Uuid([u8; 16]),
    /// `list`.
    List(Rc<[Literal]>),
    /// `tuple`.
    Tuple(Rc<[Literal]>),
    /// `dict`, in insertion order.
    Dictionary(Rc<[(Literal, Literal)]>),
    /// A member of an `enum.Enum`.
    Enum(EnumMember),
    /// `JSON.NULL`: the `null` of JSON, where `None` may be SQL's.
    JsonNull,
    /// Anything else.
    Object(Rc<dyn Object>),
}

impl Literal {
    /// Whether it is `None`.
    pub fn is_null(&self) -> bool {
        matches!(self, Literal::Null)
    }

    /// `bool(value)`.
    pub fn truth(&self) -> bool {
        match self {
            Literal::Null => false,
            Literal::Boolean(value) => *value,
            Literal::Integer(value) => *value != 0,
            Literal::Float(value) => *value != 0.0,
            Literal::String(value) => !value.is_empty(),
            Literal::Bytes(value) => !value.is_empty(),
            Literal::List(items) | Literal::Tuple(items) => !items.is_empty(),
            Literal::Dictionary(items) => !items.is_empty(),
            Literal::Interval(value) => *value != 0,
            _ => true,
        }
    }

    /// The text of a `str`.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Literal::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number of an `int` or `bool`.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Literal::Integer(value) => Some(*value),
            Literal::Boolean(value) => Some(i64::from(*value)),
            _ => None,
        }
    }

    /// The `__name__` of its Python class.
    pub fn class_name(&self) -> String {
        match self {
            Literal::Null => "NoneType".into(),
            Literal::Boolean(_) => "bool".into(),
            Literal::Integer(_) | Literal::BigInteger(_) => "int".into(),
            Literal::Float(_) => "float".into(),
            Literal::Decimal(_) => "Decimal".into(),
            Literal::String(_) => "str".into(),
            Literal::Bytes(_) => "bytes".into(),
            Literal::Date(_) => "date".into(),
            Literal::Time(..) => "time".into(),
            Literal::DateTime(..) => "datetime".into(),
            Literal::Interval(_) => "timedelta".into(),
            Literal::Uuid(_) => "UUID".into(),
            Literal::List(_) => "list".into(),
            Literal::Tuple(_) => "tuple".into(),
            Literal::Dictionary(_) => "dict".into(),
            Literal::Enum(member) => member.class.to_string(),
            Literal::JsonNull => "symbol".into(),
            Literal::Object(object) => object.class_name(),
        }
    }

    /// `repr(value)`.
    pub fn python_repr(&self) -> String {
        match self {
            Literal::Null => "None".into(),
            Literal::Boolean(true) => "True".into(),
            Literal::Boolean(false) => "False".into(),
            Literal::Integer(value) => value.to_string(),
            Literal::BigInteger(value) => value.to_string(),
            Literal::Float(value) => float_repr(*value),
            Literal::Decimal(text) => format!("Decimal('{text}')"),
            Literal::String(text) => string_repr(text),
            Literal::Bytes(bytes) => bytes_repr(bytes),
            Literal::Date(date) => date_repr(*date),
            Literal::Time(time, offset) => time_repr(*time, *offset),
            Literal::DateTime(moment, offset) => datetime_repr(*moment, *offset),
            Literal::Interval(microseconds) => interval_repr(*microseconds),
            Literal::Uuid(bytes) => format!("UUID('{}')", uuid_text(bytes)),
            Literal::List(items) => {
                let items: Vec<String> = items.iter().map(Literal::python_repr).collect();
                format!("[{}]", items.join(", "))
            }
            Literal::Tuple(items) if items.len() == 1 => {
                format!("({},)", items[0].python_repr())
            }
            Literal::Tuple(items) => {
                let items: Vec<String> = items.iter().map(Literal::python_repr).collect();
                format!("({})", items.join(", "))
            }
            Literal::Dictionary(items) => {
                let items: Vec<String> = items
                    .iter()
                    .map(|(key, value)| format!("{}: {}", key.python_repr(), value.python_repr()))
                    .collect();
                format!("{{{}}}", items.join(", "))
            }
            Literal::Enum(member) => {
                format!(
                    "<{}.{}: {}>",
                    member.class,
                    member.name,
                    member.value.python_repr()
                )
            }
            Literal::JsonNull => "symbol('JSON_NULL')".into(),
            Literal::Object(object) => object.python_repr(),
        }
    }

    /// `str(value)`.
    pub fn python_str(&self) -> String {
        match self {
            Literal::String(text) | Literal::Decimal(text) => text.to_string(),
            Literal::Date(date) => date_text(*date),
            Literal::Time(time, offset) => {
                format!("{}{}", time_text(*time), offset_text(*offset))
            }
            Literal::DateTime(moment, offset) => datetime_text(*moment, *offset),
            Literal::Interval(microseconds) => interval_text(*microseconds),
            Literal::Uuid(bytes) => uuid_text(bytes),
            Literal::Enum(member) => format!("{}.{}", member.class, member.name),
            Literal::Object(object) => object.python_str(),
            other => other.python_repr(),
        }
    }
}

impl PartialEq for Literal {
    fn eq(&self, other: &Literal) -> bool {
        use Literal::*;
        match (self, other) {
            (Null, Null) | (JsonNull, JsonNull) => true,
            (Boolean(_) | Integer(_), Boolean(_) | Integer(_)) => {
                self.as_integer() == other.as_integer()
            }
            (BigInteger(a), BigInteger(b)) => a == b,
            (Float(a), Float(b)) => a == b,
            (Float(a), Boolean(_) | Integer(_)) => other.as_integer().map(|b| b as f64) == Some(*a),
            (Boolean(_) | Integer(_), Float(b)) => self.as_integer().map(|a| a as f64) == Some(*b),
            (Decimal(a), Decimal(b)) | (String(a), String(b)) => a == b,
            (Bytes(a), Bytes(b)) => a == b,
            (Date(a), Date(b)) => a == b,
            (Time(a, x), Time(b, y)) => a == b && x == y,
            (DateTime(a, x), DateTime(b, y)) => a == b && x == y,
            (Interval(a), Interval(b)) => a == b,
            (Uuid(a), Uuid(b)) => a == b,
            (List(a), List(b)) | (Tuple(a), Tuple(b)) => a == b,
            (Dictionary(a), Dictionary(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .all(|(key, value)| b.iter().any(|(k, v)| k == key && v == value))
            }
            (Enum(a), Enum(b)) => a.class == b.class && a.name == b.name,
            (Object(a), Object(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl fmt::Debug for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.python_repr())
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Literal::String(text.into())
    }
}

impl From<String> for Literal {
    fn from(text: String) -> Self {
        Literal::String(text.into())
    }
}

impl From<Rc<str>> for Literal {
    fn from(text: Rc<str>) -> Self {
        Literal::String(text)
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Literal::Boolean(value)
    }
}

impl From<i64> for Literal {
    fn from(value: i64) -> Self {
        Literal::Integer(value)
    }
}

impl From<f64> for Literal {
    fn from(value: f64) -> Self {
        Literal::Float(value)
    }
}
