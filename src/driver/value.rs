//! Database values and parameters.

use ground::formatting::repr::{bytes_repr, float_repr, string_repr};
use std::rc::Rc;

/// A database value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL `NULL`.
    Null,
    /// A 64-bit integer.
    Integer(i64),
    /// A 64-bit floating point number.
    Real(f64),
    /// Text.
    Text(Rc<str>),
    /// Bytes.
    Blob(Rc<[u8]>),
}

impl Value {
    /// The Python `repr`, as shown in SQLAlchemy's logs and errors.
    pub fn python_repr(&self) -> String {
        match self {
            Value::Null => "None".to_owned(),
            Value::Integer(number) => number.to_string(),
            Value::Real(number) => float_repr(*number),
            Value::Text(text) => string_repr(text),
            Value::Blob(bytes) => bytes_repr(bytes),
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
    /// For `?`, in order.
    Positional(Vec<Value>),
    /// For `:name`.
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
