//! `int()` of a text.

use super::characters::is_space;

/// An integer as its text says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegerLiteral {
    /// Whether a minus stands before it.
    pub negative: bool,
    /// The base of the digits, from 2 to 36.
    pub base: u32,
    /// At least one digit, in ASCII, without underscores.
    pub digits: String,
}

/// Reads what `int(text, base)` takes: white space around it, one sign, the prefix of the base, digits with single
/// underscores between them. `base` is 0, which lets the prefix say it, or 2 to 36.
pub fn literal(text: &str, base: u32) -> Option<IntegerLiteral> {
    let text = strip(text);
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let prefix = unsigned.get(..2).unwrap_or_default();
    let prefixed = match prefix {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => 0,
    };
    let (rest, actual) = if prefixed != 0 && (base == 0 || base == prefixed) {
        // An underscore may follow the prefix.
        let rest = &unsigned[2..];
        (rest.strip_prefix('_').unwrap_or(rest), prefixed)
    } else {
        (unsigned, if base == 0 { 10 } else { base })
    };
    let mut digits = String::with_capacity(rest.len());
    let mut after_digit = false;
    for character in rest.chars() {
        if character == '_' {
            if !after_digit {
                return None;
            }
            after_digit = false;
            continue;
        }
        let digit = character.to_digit(actual)?;
        digits.push(char::from_digit(digit, actual)?);
        after_digit = true;
    }
    if !after_digit {
        return None;
    }
    // "010" could be octal, so that without a base only zeros may begin with one.
    if base == 0 && prefixed == 0 && digits.starts_with('0') && digits.bytes().any(|b| b != b'0') {
        return None;
    }
    Some(IntegerLiteral {
        negative,
        base: actual,
        digits,
    })
}

/// The text of a number without the white space around it. CPython takes less of it away from a text that is all ASCII:
/// not the separators that `str.strip()` removes.
pub fn strip(text: &str) -> &str {
    if text.is_ascii() {
        text.trim_matches(|c| matches!(c, ' ' | '\t'..='\r'))
    } else {
        text.trim_matches(is_space)
    }
}

/// `int(text)`, cut off at what 64 bits hold.
pub fn parse(text: &str) -> Option<i64> {
    let IntegerLiteral {
        negative, digits, ..
    } = literal(text, 10)?;
    let magnitude = digits.parse().unwrap_or(i64::MAX);
    Some(if negative { -magnitude } else { magnitude })
}
