//! Python's `json` for JSON columns: the same separators, escapes and key order.

use ground::formatting::repr::float_repr;
use std::rc::Rc;

use crate::literal::Literal;
use ground::diagnostic::{Error, Result};

fn type_error(message: impl Into<String>) -> Error {
    Error::new("TypeError", message)
}

/// `json.dumps(value)`.
///
/// # Errors
/// `TypeError` for what JSON has no form for.
pub fn json_dumps(value: &Literal) -> Result<String> {
    let mut out = String::new();
    write_json(value, &mut out)?;
    Ok(out)
}

fn write_json(value: &Literal, out: &mut String) -> Result<()> {
    match value {
        Literal::Null => out.push_str("null"),
        Literal::Boolean(true) => out.push_str("true"),
        Literal::Boolean(false) => out.push_str("false"),
        Literal::Integer(number) => out.push_str(&number.to_string()),
        Literal::BigInteger(number) => out.push_str(&number.to_string()),
        Literal::Float(number) if number.is_nan() => out.push_str("NaN"),
        Literal::Float(number) if number.is_infinite() => {
            out.push_str(if *number > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            });
        }
        Literal::Float(number) => out.push_str(&float_repr(*number)),
        Literal::String(text) => write_json_string(text, out),
        Literal::List(items) | Literal::Tuple(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push_str(", ");
                }
                write_json(item, out)?;
            }
            out.push(']');
        }
        Literal::Dictionary(items) => {
            out.push('{');
            for (place, (key, item)) in items.iter().enumerate() {
                if place > 0 {
                    out.push_str(", ");
                }
                match key {
                    Literal::String(text) => write_json_string(text, out),
                    Literal::Null
                    | Literal::Boolean(_)
                    | Literal::Integer(_)
                    | Literal::BigInteger(_)
                    | Literal::Float(_) => {
                        let mut text = String::new();
                        write_json(key, &mut text)?;
                        write_json_string(&text, out);
                    }
                    other => {
                        return Err(type_error(format!(
                            "keys must be str, int, float, bool or None, not {}",
                            other.class_name()
                        )));
                    }
                }
                out.push_str(": ");
                write_json(item, out)?;
            }
            out.push('}');
        }
        Literal::Enum(member)
            if matches!(*member.value, Literal::String(_) | Literal::Integer(_)) =>
        {
            write_json(&member.value, out)?;
        }
        other => {
            return Err(type_error(format!(
                "Object of type {} is not JSON serializable",
                other.class_name()
            )));
        }
    }
    Ok(())
}

fn write_json_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(character),
            other => {
                let mut units = [0; 2];
                for unit in other.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}

/// `json.loads(text)`.
///
/// # Errors
/// `json.decoder.JSONDecodeError`.
pub fn json_loads(text: &str) -> Result<Literal> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        let column = error.column();
        let line = error.line();
        let before: usize = text
            .split_inclusive('\n')
            .take(line.saturating_sub(1))
            .map(|line| line.chars().count())
            .sum();
        let place = before + column.saturating_sub(1);
        Error::new(
            "json.decoder.JSONDecodeError",
            format!(
                "Expecting value: line {line} column {} (char {place})",
                column.max(1)
            ),
        )
    })?;
    Ok(from_json(value))
}

fn from_json(value: serde_json::Value) -> Literal {
    match value {
        serde_json::Value::Null => Literal::Null,
        serde_json::Value::Bool(value) => Literal::Boolean(value),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Literal::Integer(number),
            None => match number.to_string().parse::<num_bigint::BigInt>() {
                Ok(number) => Literal::BigInteger(Rc::new(number)),
                Err(_) => Literal::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
        },
        serde_json::Value::String(text) => Literal::from(text),
        serde_json::Value::Array(items) => {
            Literal::List(items.into_iter().map(from_json).collect())
        }
        serde_json::Value::Object(items) => Literal::Dictionary(
            items
                .into_iter()
                .map(|(key, value)| (Literal::from(key), from_json(value)))
                .collect(),
        ),
    }
}
