//! Values as psycopg sends them: the type that it tells the server, and the text.

use ground::formatting::moment::{
    date_text, datetime_text, interval_parts, offset_text, time_text, uuid_text,
};
use ground::formatting::repr::float_repr;

use super::decode::{ARRAYS, oid};
use crate::Value;

/// A value for the server: its type, 0 where the server finds out, and its text, `None` for NULL.
pub(super) struct Encoded {
    pub(super) oid: u32,
    pub(super) text: Option<String>,
}

/// A value as a parameter.
pub(super) fn encode(value: &Value) -> Encoded {
    Encoded {
        oid: type_of(value),
        text: text_of(value),
    }
}

/// The type that psycopg tells the server.
fn type_of(value: &Value) -> u32 {
    match value {
        Value::Null | Value::Text(_) | Value::Object(_) => 0,
        Value::Boolean(_) => oid::BOOL,
        Value::Integer(number) => match number {
            -0x8000..=0x7fff => oid::INT2,
            -0x8000_0000..=0x7fff_ffff => oid::INT4,
            _ => oid::INT8,
        },
        Value::BigInteger(_) | Value::Decimal(_) => oid::NUMERIC,
        Value::Real(_) => oid::FLOAT8,
        Value::Blob(_) => oid::BYTEA,
        Value::Date(_) => oid::DATE,
        Value::Time(_, None) => oid::TIME,
        Value::Time(_, Some(_)) => oid::TIMETZ,
        Value::DateTime(_, None) => oid::TIMESTAMP,
        Value::DateTime(_, Some(_)) => oid::TIMESTAMPTZ,
        Value::Interval(_) => oid::INTERVAL,
        Value::Uuid(_) => oid::UUID,
        Value::Json(_) => oid::JSON,
        Value::List(items) => list_type(items),
        Value::Tuple(_) => oid::RECORD,
    }
}

/// The type of an array: that of its items, the widest one of numbers; of texts `text[]`.
fn list_type(items: &[Value]) -> u32 {
    let mut widest = 0;
    for item in items {
        let item = match item {
            Value::List(inner) => return list_type(inner),
            Value::Null => continue,
            Value::Text(_) => oid::TEXT,
            item => type_of(item),
        };
        widest = match (widest, item) {
            (oid::INT8 | oid::INT4, oid::INT2) | (oid::INT8, oid::INT4) => widest,
            _ => item,
        };
    }
    let array = ARRAYS.iter().find(|(_, item)| *item == widest);
    array.map_or(0, |(array, _)| *array)
}

fn text_of(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Boolean(truth) => (if *truth { "t" } else { "f" }).to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => float_repr(*number),
        Value::BigInteger(text) | Value::Decimal(text) | Value::Text(text) | Value::Json(text) => {
            text.to_string()
        }
        Value::Blob(bytes) => bytea(bytes),
        Value::Date(date) => date_text(*date),
        Value::Time(time, offset) => format!("{}{}", time_text(*time), offset_text(*offset)),
        Value::DateTime(moment, offset) => datetime_text(*moment, *offset),
        Value::Interval(microseconds) => interval(*microseconds),
        Value::Uuid(bytes) => uuid_text(bytes),
        Value::List(items) => array(items),
        Value::Tuple(items) => {
            let parts: Vec<String> = items
                .iter()
                .map(|item| text_of(item).map_or_else(String::new, |text| quoted(&text)))
                .collect();
            format!("({})", parts.join(","))
        }
        Value::Object(object) => object.text.to_string(),
    })
}

/// Bytes in PostgreSQL's hexadecimal form.
pub(super) fn bytea(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(2 + bytes.len() * 2);
    out.push_str("\\x");
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
        }
    }
    out
}

/// An interval in words that every setting of the server reads.
pub(super) fn interval(microseconds: i64) -> String {
    let (days, seconds, rest) = interval_parts(microseconds);
    format!("{days} days {seconds}.{rest:06} seconds")
}

fn array(items: &[Value]) -> String {
    let parts: Vec<String> = items
        .iter()
        .map(|item| match item {
            Value::List(inner) => array(inner),
            item => match text_of(item) {
                None => "NULL".to_owned(),
                Some(text) => quoted(&text),
            },
        })
        .collect();
    format!("{{{}}}", parts.join(","))
}

/// An item of an array or a row, in quotes, which are always allowed.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
