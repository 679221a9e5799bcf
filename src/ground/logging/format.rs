//! Python's `%` operator with a mapping, and `repr` of a string.

use crate::diagnostic::{Error, Result};

/// `repr()` of a Python string.
pub fn python_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut result = String::with_capacity(text.len() + 2);
    result.push(quote);
    for c in text.chars() {
        match c {
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            c if c == quote => {
                result.push('\\');
                result.push(c);
            }
            c if (c as u32) < 0x20 || (0x7f..=0xa0).contains(&(c as u32)) || c == '\u{ad}' => {
                result.push_str(&format!("\\x{:02x}", c as u32));
            }
            c => result.push(c),
        }
    }
    result.push(quote);
    result
}

/// A value given to [`percent_format`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PercentValue {
    /// A Python `str`.
    Text(String),
    /// A Python `int`.
    Integer(i64),
}

/// Python's `template % mapping`.
///
/// Errors: `KeyError` for a name that the mapping lacks, `TypeError` for a number format of a
/// string or a format without a name, `ValueError` for a broken format.
pub fn percent_format(
    template: &str,
    lookup: &dyn Fn(&str) -> Option<PercentValue>,
) -> Result<String> {
    let characters: Vec<char> = template.chars().collect();
    let mut result = String::new();
    let mut at = 0;
    while at < characters.len() {
        let c = characters[at];
        at += 1;
        if c != '%' {
            result.push(c);
            continue;
        }
        let incomplete = || Error::new("ValueError", "incomplete format");
        let mut name: Option<String> = None;
        if characters.get(at) == Some(&'(') {
            let mut depth = 1;
            let start = at + 1;
            at = start;
            while depth > 0 {
                match characters.get(at) {
                    Some('(') => depth += 1,
                    Some(')') => depth -= 1,
                    Some(_) => {}
                    None => return Err(Error::new("ValueError", "incomplete format key")),
                }
                at += 1;
            }
            name = Some(characters[start..at - 1].iter().collect());
        }
        let mut flags = String::new();
        while let Some(flag @ ('-' | '+' | ' ' | '#' | '0')) = characters.get(at) {
            flags.push(*flag);
            at += 1;
        }
        let number = |at: &mut usize| {
            let mut value: Option<usize> = None;
            while let Some(digit) = characters.get(*at).and_then(|c| c.to_digit(10)) {
                value = Some(
                    value
                        .unwrap_or(0)
                        .saturating_mul(10)
                        .saturating_add(digit as usize),
                );
                *at += 1;
            }
            value
        };
        let width = number(&mut at).unwrap_or(0).min(10_000);
        let mut precision = None;
        if characters.get(at) == Some(&'.') {
            at += 1;
            precision = Some(number(&mut at).unwrap_or(0).min(10_000));
        }
        while let Some('h' | 'l' | 'L') = characters.get(at) {
            at += 1;
        }
        let Some(&conversion) = characters.get(at) else {
            return Err(incomplete());
        };
        at += 1;
        if conversion == '%' {
            result.push('%');
            continue;
        }
        let Some(name) = name else {
            return Err(Error::new(
                "TypeError",
                "not enough arguments for format string",
            ));
        };
        let value = lookup(&name).ok_or_else(|| Error::new("KeyError", python_repr(&name)))?;
        let text = match conversion {
            's' | 'r' | 'a' => {
                let mut text = match (&value, conversion) {
                    (PercentValue::Text(text), 's') => text.clone(),
                    (PercentValue::Text(text), _) => python_repr(text),
                    (PercentValue::Integer(number), _) => number.to_string(),
                };
                if let Some(precision) = precision {
                    text = text.chars().take(precision).collect();
                }
                text
            }
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
                let PercentValue::Integer(number) = value else {
                    let needs = if matches!(conversion, 'd' | 'i' | 'u') {
                        "a real number is required"
                    } else {
                        "an integer is required"
                    };
                    return Err(Error::new(
                        "TypeError",
                        format!("%{conversion} format: {needs}, not str"),
                    ));
                };
                let magnitude = number.unsigned_abs();
                let mut digits = match conversion {
                    'x' => format!("{magnitude:x}"),
                    'X' => format!("{magnitude:X}"),
                    'o' => format!("{magnitude:o}"),
                    _ => magnitude.to_string(),
                };
                let least = precision.unwrap_or(0);
                if digits.len() < least {
                    digits = format!("{}{digits}", "0".repeat(least - digits.len()));
                }
                let sign = if number < 0 {
                    "-"
                } else if flags.contains('+') {
                    "+"
                } else if flags.contains(' ') {
                    " "
                } else {
                    ""
                };
                let length = sign.len() + digits.len();
                if flags.contains('0') && !flags.contains('-') && length < width {
                    format!("{sign}{}{digits}", "0".repeat(width - length))
                } else {
                    format!("{sign}{digits}")
                }
            }
            'f' | 'F' => {
                let PercentValue::Integer(number) = value else {
                    return Err(Error::new("TypeError", "must be real number, not str"));
                };
                format!("{number}.{}", "0".repeat(precision.unwrap_or(6)))
            }
            other => {
                return Err(Error::new(
                    "ValueError",
                    format!(
                        "unsupported format character '{other}' (0x{:x}) at index {}",
                        other as u32,
                        at - 1
                    ),
                ));
            }
        };
        let length = text.chars().count();
        let padding = " ".repeat(width.saturating_sub(length));
        if flags.contains('-') {
            result.push_str(&text);
            result.push_str(&padding);
        } else {
            result.push_str(&padding);
            result.push_str(&text);
        }
    }
    Ok(result)
}
