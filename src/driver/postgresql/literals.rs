//! Statements as psycopg2 sends them: with the values in the text.

use ground::diagnostic::Result;
use ground::formatting::moment::{date_text, offset_text, time_text, uuid_text};
use ground::formatting::repr::float_repr;

use super::PostgresDriver;
use super::encode::{bytea, interval};
use super::placeholders::{Part, Place, find, parts};
use crate::{Parameters, Value};

/// A statement with its values in place of the marks.
///
/// # Errors
/// What psycopg2 raises for a mark without a value.
pub(super) fn interpolated(sql: &str, parameters: &Parameters) -> Result<String> {
    let driver = PostgresDriver::Psycopg2;
    let mut out = String::with_capacity(sql.len());
    for part in parts(driver, sql)? {
        let place = match part {
            Part::Text(text) => {
                out.push_str(text);
                continue;
            }
            Part::Percent => {
                out.push('%');
                continue;
            }
            Part::Number(number) => Place::Number(number),
            Part::Name(name) => Place::Name(name.to_owned()),
        };
        write(find(driver, &place, parameters)?, &mut out);
    }
    Ok(out)
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("NULL"),
        Value::Boolean(truth) => out.push_str(if *truth { "true" } else { "false" }),
        // A minus may follow another one, which would be a comment.
        Value::Integer(number) => signed(&number.to_string(), out),
        Value::BigInteger(digits) => signed(digits, out),
        Value::Real(number) if number.is_finite() => signed(&float_repr(*number), out),
        Value::Real(number) if number.is_nan() => out.push_str("'NaN'::float"),
        Value::Real(number) if *number > 0.0 => out.push_str("'Infinity'::float"),
        Value::Real(_) => out.push_str("'-Infinity'::float"),
        Value::Decimal(text) if text.contains(['N', 'n', 'I']) => out.push_str("'NaN'::numeric"),
        Value::Decimal(text) => signed(text, out),
        Value::Text(text) | Value::Json(text) => quoted(text, "", out),
        Value::Blob(bytes) => quoted(&bytea(bytes), "::bytea", out),
        Value::Date(date) => quoted(&date_text(*date), "::date", out),
        Value::Time(time, offset) => {
            let kind = if offset.is_some() {
                "::timetz"
            } else {
                "::time"
            };
            let text = format!("{}{}", time_text(*time), offset_text(*offset));
            quoted(&text, kind, out);
        }
        Value::DateTime(moment, offset) => {
            let kind = if offset.is_some() {
                "::timestamptz"
            } else {
                "::timestamp"
            };
            let (date, time) = (date_text(moment.date()), time_text(moment.time()));
            quoted(&format!("{date}T{time}{}", offset_text(*offset)), kind, out);
        }
        Value::Interval(microseconds) => quoted(&interval(*microseconds), "::interval", out),
        Value::Uuid(bytes) => quoted(&uuid_text(bytes), "::uuid", out),
        Value::List(items) if items.is_empty() => out.push_str("'{}'"),
        Value::List(items) => list("ARRAY[", items, ",", ']', out),
        Value::Tuple(items) => list("(", items, ", ", ')', out),
        Value::Object(object) if object.class.ends_with(".Binary") => {
            quoted(&object.text, "::bytea", out);
        }
        Value::Object(object) => quoted(&object.text, "", out),
    }
}

fn signed(number: &str, out: &mut String) {
    if number.starts_with('-') {
        out.push(' ');
    }
    out.push_str(number);
}

fn quoted(text: &str, cast: &str, out: &mut String) {
    out.push('\'');
    out.push_str(&text.replace('\'', "''"));
    out.push('\'');
    out.push_str(cast);
}

fn list(start: &str, items: &[Value], comma: &str, end: char, out: &mut String) {
    out.push_str(start);
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push_str(comma);
        }
        write(item, out);
    }
    out.push(end);
}
