//! `format()`: Python's format specification mini-language for `str`, `int` and `float`.

use super::repr::{float_repr, split_exponent, with_exponent};
use crate::diagnostic::{Error, Result};
use crate::exception;

/// Digits after the point beyond which a float is not written: no `double` has more.
const MAX_PRECISION: usize = 100_000;

/// A format specification: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Specification {
    fill: char,
    align: Option<char>,
    sign: Option<char>,
    no_negative_zero: bool,
    alternate: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

/// The type of a value that is formatted: what a specification may say depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// `str`.
    String,
    /// `int` or a class made from it.
    Integer,
    /// `float`.
    Float,
}

fn value_error(message: impl Into<String>) -> Error {
    Error::new(exception::VALUE_ERROR, message)
}

impl Specification {
    /// Reads a specification for a value of the class named `class`.
    ///
    /// Errors: `ValueError`.
    pub fn parse(text: &str, subject: Subject, class: &str) -> Result<Specification> {
        let chars: Vec<char> = text.chars().collect();
        let is_align = |c: &char| matches!(c, '<' | '>' | '^' | '=');
        let mut at = 0;
        let mut fill = None;
        let mut align = None;
        if chars.get(1).is_some_and(is_align) {
            fill = Some(chars[0]);
            align = Some(chars[1]);
            at = 2;
        } else if chars.first().is_some_and(is_align) {
            align = Some(chars[0]);
            at = 1;
        }
        let mut take = |wanted: &[char]| {
            let found = chars.get(at).copied().filter(|c| wanted.contains(c));
            at += usize::from(found.is_some());
            found
        };
        let sign = take(&['+', '-', ' ']);
        let no_negative_zero = take(&['z']).is_some();
        let alternate = take(&['#']).is_some();
        if fill.is_none() && take(&['0']).is_some() {
            fill = Some('0');
            if align.is_none() && subject != Subject::String {
                align = Some('=');
            }
        }
        let width = decimal(&chars, &mut at)?.unwrap_or(0);
        let grouping = grouping(&chars, &mut at)?;
        let mut precision = None;
        if chars.get(at) == Some(&'.') {
            at += 1;
            precision = Some(
                decimal(&chars, &mut at)?
                    .ok_or_else(|| value_error("Format specifier missing precision"))?,
            );
        }
        let kind = match chars.get(at..).unwrap_or_default() {
            [] => None,
            [kind] => Some(*kind),
            _ => {
                return Err(value_error(format!(
                    "Invalid format specifier '{text}' for object of type '{class}'"
                )));
            }
        };
        if let Some(separator) = grouping {
            let kind = kind.or(match subject {
                Subject::String => Some('s'),
                Subject::Integer | Subject::Float => None,
            });
            match kind {
                None | Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F') => {}
                Some('b' | 'o' | 'x' | 'X') if separator == '_' => {}
                Some(kind) => {
                    return Err(value_error(format!(
                        "Cannot specify '{separator}' with '{}'.",
                        shown_kind(kind)
                    )));
                }
            }
        }
        Ok(Specification {
            fill: fill.unwrap_or(' '),
            align,
            sign,
            no_negative_zero,
            alternate,
            width,
            grouping,
            precision,
            kind,
        })
    }

    /// About how many characters the answer can have besides the value's own.
    pub fn size(&self) -> usize {
        self.width
            .saturating_add(self.precision.unwrap_or(0).min(1 << 20))
    }

    /// Whether an `int` is formatted as a `float` is.
    pub fn wants_float(&self) -> bool {
        matches!(self.kind, Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%'))
    }

    fn unknown_code(&self, class: &str) -> Error {
        value_error(format!(
            "Unknown format code '{}' for object of type '{class}'",
            self.kind.map(shown_kind).unwrap_or_default()
        ))
    }

    /// `format()` of a `str`.
    ///
    /// Errors: `ValueError`.
    pub fn string(&self, text: &str, class: &str) -> Result<String> {
        if !matches!(self.kind, None | Some('s')) {
            return Err(self.unknown_code(class));
        }
        let refused = match self.sign {
            Some(' ') => Some("Space not allowed in string format specifier"),
            Some(_) => Some("Sign not allowed in string format specifier"),
            None if self.no_negative_zero => {
                Some("Negative zero coercion (z) not allowed in string format specifier")
            }
            None if self.alternate => {
                Some("Alternate form (#) not allowed in string format specifier")
            }
            None if self.align == Some('=') => {
                Some("'=' alignment not allowed in string format specifier")
            }
            None => None,
        };
        if let Some(message) = refused {
            return Err(value_error(message));
        }
        let shown: String = match self.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text.to_owned(),
        };
        Ok(padded(
            &shown,
            self.width,
            self.fill,
            self.align.unwrap_or('<'),
        ))
    }

    /// `format()` of an `int`, of which `digits` gives the digits of its absolute value in a base.
    ///
    /// Errors: `ValueError`; `OverflowError` for the type `c` and no code point.
    pub fn integer(
        &self,
        negative: bool,
        digits: &dyn Fn(u32) -> String,
        class: &str,
    ) -> Result<String> {
        let kind = self.kind.unwrap_or('d');
        let (prefix, base) = match kind {
            'd' | 'n' | 'c' => ("", 10),
            'x' => ("0x", 16),
            'X' => ("0X", 16),
            'o' => ("0o", 8),
            'b' => ("0b", 2),
            _ => return Err(self.unknown_code(class)),
        };
        if self.precision.is_some() {
            return Err(value_error(
                "Precision not allowed in integer format specifier",
            ));
        }
        if self.no_negative_zero {
            return Err(value_error(
                "Negative zero coercion (z) not allowed in integer format specifier",
            ));
        }
        let mut text = digits(base);
        if kind == 'c' {
            if self.sign.is_some() {
                return Err(value_error(
                    "Sign not allowed with integer format specifier 'c'",
                ));
            }
            if self.alternate {
                return Err(value_error(
                    "Alternate form (#) not allowed with integer format specifier 'c'",
                ));
            }
            // `format` has a C `long` of the number first, `%` has not.
            if text.parse::<i64>().is_err() && !(negative && text == "9223372036854775808") {
                return Err(Error::new(
                    exception::OVERFLOW_ERROR,
                    "Python int too large to convert to C long",
                ));
            }
            let character = character(negative, &text)?.to_string();
            return Ok(self.number(false, "", "", &character));
        }
        if kind == 'X' {
            text.make_ascii_uppercase();
        }
        let prefix = if self.alternate { prefix } else { "" };
        Ok(self.number(negative, prefix, &text, ""))
    }

    /// `format()` of a `float`.
    ///
    /// Errors: `ValueError`.
    pub fn float(&self, number: f64, class: &str) -> Result<String> {
        let (kind, default_precision) = match self.kind {
            None => ('g', None),
            Some('n') => ('g', Some(6)),
            Some(kind @ ('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%')) => (kind, Some(6)),
            Some(_) => return Err(self.unknown_code(class)),
        };
        let precision = self.precision.or(default_precision);
        if precision.is_some_and(|precision| precision > MAX_PRECISION) {
            return Err(value_error("precision too big"));
        }
        let magnitude = number.abs();
        let text = match precision {
            None if !self.alternate => float_repr(magnitude),
            // The shortest digits, with a point behind them that `#` asks for and `repr` has anyway.
            None => with_point(float_repr(magnitude)),
            Some(precision) => float_digits(
                magnitude,
                kind,
                precision,
                self.alternate,
                self.kind.is_none(),
            ),
        };
        let zero = text.split(['e', 'E']).next().is_some_and(|digits| {
            digits
                .bytes()
                .all(|byte| matches!(byte, b'0' | b'.' | b'%'))
        });
        let negative =
            number.is_sign_negative() && !number.is_nan() && !(self.no_negative_zero && zero);
        let whole = text.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = text.split_at(whole);
        Ok(self.number(negative, "", digits, rest))
    }

    /// A number from its sign, prefix, digits before the point and the rest, grouped and padded.
    fn number(&self, negative: bool, prefix: &str, digits: &str, rest: &str) -> String {
        let sign = sign(negative, self.sign);
        let align = self.align.unwrap_or('>');
        let fixed = sign.len() + prefix.len() + rest.chars().count();
        let least = if align == '=' && self.fill == '0' {
            self.width.saturating_sub(fixed)
        } else {
            0
        };
        let size = match self.kind {
            Some('x' | 'X' | 'b' | 'o') => 4,
            _ => 3,
        };
        let grouped = grouped(
            digits,
            self.grouping.map(|separator| (separator, size)),
            least,
        );
        if align == '=' {
            let missing = self.width.saturating_sub(fixed + grouped.len());
            let fill: String = std::iter::repeat_n(self.fill, missing).collect();
            return format!("{sign}{prefix}{fill}{grouped}{rest}");
        }
        let text = format!("{sign}{prefix}{grouped}{rest}");
        padded(&text, self.width, self.fill, align)
    }
}

/// How a message shows a type that does not exist.
fn shown_kind(kind: char) -> String {
    if matches!(kind, '!'..='\x7f') {
        kind.to_string()
    } else {
        format!("\\x{:x}", u32::from(kind))
    }
}

fn decimal(chars: &[char], at: &mut usize) -> Result<Option<usize>> {
    let mut value = None;
    while let Some(digit) = chars.get(*at).and_then(|c| c.to_digit(10)) {
        value = value
            .unwrap_or(0usize)
            .checked_mul(10)
            .and_then(|value| value.checked_add(digit as usize))
            // A 64-bit CPython's limit, whatever this program's words have.
            .filter(|value| i64::try_from(*value).is_ok())
            .map(Some)
            .ok_or_else(|| value_error("Too many decimal digits in format string"))?;
        *at += 1;
    }
    Ok(value)
}

fn grouping(chars: &[char], at: &mut usize) -> Result<Option<char>> {
    let mut grouping = None;
    while let Some(separator @ (',' | '_')) = chars.get(*at) {
        match grouping {
            None => grouping = Some(*separator),
            Some(before) if before != *separator => {
                return Err(value_error("Cannot specify both ',' and '_'."));
            }
            // The second of two equal ones is taken for the type, which it can't be.
            Some(_) => break,
        }
        *at += 1;
    }
    Ok(grouping)
}

/// Digits in groups from the right, with zeros before them up to `least` characters; since no separator stands
/// first, it can be one more.
fn grouped(digits: &str, groups: Option<(char, usize)>, least: usize) -> String {
    let Some((separator, size)) = groups.filter(|_| !digits.is_empty()) else {
        return format!("{digits:0>least$}");
    };
    let mut reversed: Vec<char> = Vec::with_capacity(digits.len() + digits.len() / size);
    let mut rest = digits.chars().rev().peekable();
    let mut count = 0;
    while rest.peek().is_some() || reversed.len() < least {
        if count > 0 && count % size == 0 {
            reversed.push(separator);
        }
        reversed.push(rest.next().unwrap_or('0'));
        count += 1;
    }
    reversed.into_iter().rev().collect()
}

/// A text in a field, on the left (`<`), in the middle (`^`) or on the right.
pub(super) fn padded(text: &str, width: usize, fill: char, align: char) -> String {
    let missing = width.saturating_sub(text.chars().count());
    let before = match align {
        '<' => 0,
        '^' => missing / 2,
        _ => missing,
    };
    let mut result = String::with_capacity(text.len() + missing);
    result.extend(std::iter::repeat_n(fill, before));
    result.push_str(text);
    result.extend(std::iter::repeat_n(fill, missing - before));
    result
}

/// What stands before a number; `shown` is `+` or a space where one is asked for.
pub(super) fn sign(negative: bool, shown: Option<char>) -> &'static str {
    match shown {
        _ if negative => "-",
        Some('+') => "+",
        Some(' ') => " ",
        _ => "",
    }
}

/// `chr()` of an integer from its decimal digits.
///
/// Errors: `OverflowError`.
pub(super) fn character(negative: bool, digits: &str) -> Result<char> {
    let code = digits.parse().ok().filter(|code| !negative || *code == 0);
    code.and_then(char::from_u32)
        .ok_or_else(|| Error::new(exception::OVERFLOW_ERROR, "%c arg not in range(0x110000)"))
}

fn with_point(text: String) -> String {
    match text.split_once('e') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.e{exponent}"),
        _ => text,
    }
}

/// The digits of a float that is not negative in one of the types `e f g %` and their capitals.
///
/// With `add_point`, which `format()` does where no type is given, a `g` has at least one digit after the point, and
/// takes the exponent one digit earlier to make room for it.
pub(super) fn float_digits(
    number: f64,
    kind: char,
    precision: usize,
    alternate: bool,
    add_point: bool,
) -> String {
    let percent = kind == '%';
    // Multiplied first, as CPython does: 100 times a number is rounded.
    let number = if percent { number * 100.0 } else { number };
    let mut text = if !number.is_finite() {
        if number.is_nan() { "nan" } else { "inf" }.to_owned()
    } else {
        match kind {
            'f' | 'F' | '%' => {
                let point = if alternate && precision == 0 { "." } else { "" };
                format!("{number:.precision$}{point}")
            }
            'e' | 'E' => {
                let text = format!("{number:.precision$e}");
                let (digits, exponent) = split_exponent(&text);
                let point = if alternate && precision == 0 { "." } else { "" };
                with_exponent(&format!("{digits}{point}"), exponent)
            }
            _ => general_digits(number, precision.max(1), alternate, add_point),
        }
    };
    if kind.is_ascii_uppercase() {
        text.make_ascii_uppercase();
    }
    if percent {
        text.push('%');
    }
    text
}

/// The type `g`.
fn general_digits(number: f64, precision: usize, alternate: bool, add_point: bool) -> String {
    let text = format!("{number:.*e}", precision - 1);
    let (digits, exponent) = split_exponent(&text);
    let limit = i32::try_from(precision).unwrap_or(i32::MAX) - i32::from(add_point);
    let trimmed = |text: String| {
        if alternate {
            if text.contains('.') { text } else { text + "." }
        } else if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        }
    };
    if exponent < -4 || exponent >= limit {
        return with_exponent(&trimmed(digits.to_owned()), exponent);
    }
    let decimals = i32::try_from(precision).unwrap_or(i32::MAX) - 1 - exponent;
    let decimals = usize::try_from(decimals).unwrap_or(0);
    let text = trimmed(format!("{number:.decimals$}"));
    if add_point && text.ends_with('.') {
        text + "0"
    } else if add_point && !text.contains('.') {
        text + ".0"
    } else {
        text
    }
}
