//! `repr()` of `str`, `bytes` and `float`, and of tuples and lists of `str`.

use std::fmt::Write;

use super::characters::is_printable;

/// `repr()` of a `str`.
pub fn string_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut result = String::with_capacity(text.len() + 2);
    result.push(quote);
    for character in text.chars() {
        match character {
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            c if c == quote => {
                result.push('\\');
                result.push(c);
            }
            c if is_printable(c) => result.push(c),
            c => push_escape(&mut result, c),
        }
    }
    result.push(quote);
    result
}

/// `repr()` of a `bytes`.
pub fn bytes_repr(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        b'"'
    } else {
        b'\''
    };
    let mut result = String::with_capacity(bytes.len() + 3);
    result.push('b');
    result.push(char::from(quote));
    for &byte in bytes {
        match byte {
            b'\\' => result.push_str("\\\\"),
            b'\n' => result.push_str("\\n"),
            b'\r' => result.push_str("\\r"),
            b'\t' => result.push_str("\\t"),
            b if b == quote => {
                result.push('\\');
                result.push(char::from(b));
            }
            0x20..=0x7e => result.push(char::from(byte)),
            _ => push_escape(&mut result, char::from(byte)),
        }
    }
    result.push(char::from(quote));
    result
}

/// `repr()` of a `float`: the shortest text that reads back as the same number, with an exponent below 0.0001 and
/// from 1e16 on.
pub fn float_repr(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = split_exponent(&scientific);
    if number == 0.0 || (-4..16).contains(&exponent) {
        let mut plain = number.to_string();
        if !plain.contains('.') {
            plain.push_str(".0");
        }
        plain
    } else {
        with_exponent(digits, exponent)
    }
}

/// `repr()` of a `tuple` of `str`.
pub fn tuple_repr(items: &[String]) -> String {
    match items {
        [only] => format!("({},)", string_repr(only)),
        _ => format!("({})", joined(items)),
    }
}

/// `repr()` of a `list` of `str`.
pub fn list_repr(items: &[String]) -> String {
    format!("[{}]", joined(items))
}

fn joined(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| string_repr(item)).collect();
    items.join(", ")
}

/// What `ascii()` does after `repr()`: everything beyond ASCII escaped.
pub fn ascii(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            result.push(character);
        } else {
            push_escape(&mut result, character);
        }
    }
    result
}

fn push_escape(text: &mut String, character: char) {
    let code = u32::from(character);
    // Writing to a String does not fail.
    let _ = match code {
        0..0x100 => write!(text, "\\x{code:02x}"),
        0x100..0x1_0000 => write!(text, "\\u{code:04x}"),
        _ => write!(text, "\\U{code:08x}"),
    };
}

/// Digits and exponent of what Rust's `{:e}` wrote.
pub(super) fn split_exponent(text: &str) -> (&str, i32) {
    let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
    (digits, exponent.parse().unwrap_or(0))
}

/// Digits with an exponent as C writes it: a sign and at least two digits.
pub(super) fn with_exponent(digits: &str, exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_change_to_an_exponent_where_python_does() {
        for (number, text) in [
            (1e16, "1e+16"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-0.0, "-0.0"),
            (1.5e300, "1.5e+300"),
        ] {
            assert_eq!(float_repr(number), text);
        }
    }

    #[test]
    fn quotes_and_escapes() {
        assert_eq!(string_repr("it's"), "\"it's\"");
        assert_eq!(
            string_repr("it's \"\u{a0}\u{301}\u{ad}\u{e000}"),
            "'it\\'s \"\\xa0\u{301}\\xad\\ue000'"
        );
        assert_eq!(bytes_repr(b"a'\x00\xff\n"), "b\"a'\\x00\\xff\\n\"");
        assert_eq!(tuple_repr(&["a".to_owned()]), "('a',)");
    }
}
