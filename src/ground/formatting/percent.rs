//! The `%` operator: `template % arguments`.

use super::repr::string_repr;
use super::specification::{character, float_digits, padded, sign};
use crate::diagnostic::{Error, Result};
use crate::exception;

/// The largest precision: a C `int`.
const MAX_PRECISION: i64 = i32::MAX as i64;

/// Digits after the point beyond which a float is not written: no `double` has as many.
const MAX_DIGITS: usize = 100_000;

/// Which of the arguments a conversion shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentArgument<'a> {
    /// What stands on the right of the operator, which is no tuple.
    Whole,
    /// An item of the tuple on the right.
    Item(usize),
    /// What the mapping on the right has for `%(key)s`.
    Key(&'a str),
}

/// An integer as a conversion needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integer {
    /// Whether it is below zero.
    pub negative: bool,
    /// The digits of its absolute value in the base that was asked for.
    pub digits: String,
}

/// The right side of the operator. The methods after `choose` speak of the argument that was chosen last.
pub trait PercentArguments {
    /// How many items the tuple has, or `None` where it is no tuple.
    fn tuple_length(&self) -> Option<usize>;

    /// Whether `%(key)s` may be asked for; such a value may also stay unused.
    fn is_mapping(&self) -> bool;

    /// Goes to an argument. An item is within the tuple's length.
    ///
    /// Errors: `KeyError` and what else the mapping raises.
    fn choose(&mut self, argument: PercentArgument<'_>) -> Result<()>;

    /// Its text for `s`, `r` or `a`.
    ///
    /// Errors: what the value's own methods raise.
    fn text(&mut self, conversion: char) -> Result<String>;

    /// It as an integer in base 8, 10 or 16, or `None` where it is none; with base 10 a float counts, without its
    /// fraction.
    ///
    /// Errors: what the value's own methods raise.
    fn integer(&mut self, base: u32) -> Result<Option<Integer>>;

    /// It as a float, or `None` where it is no number.
    ///
    /// Errors: `OverflowError`, and what the value's own methods raise.
    fn float(&mut self) -> Result<Option<f64>>;

    /// The size that `*` stands for, cut off at what 64 bits hold, or `None` where it is no integer.
    fn size(&self) -> Option<i64>;

    /// The character, where it is a `str` of one.
    fn character(&self) -> Option<char>;

    /// The name of its class.
    fn class_name(&mut self) -> String;

    /// Makes sure that a text of that many characters may be made.
    ///
    /// Errors: those of a limit.
    fn reserve(&mut self, characters: usize) -> Result<()>;
}

/// `template % arguments`.
///
/// Errors: `TypeError`, `ValueError`, `OverflowError`, `KeyError`, with CPython's messages, and those of the arguments.
pub fn format(template: &str, arguments: &mut dyn PercentArguments) -> Result<String> {
    let mut formatter = PercentFormatter {
        chars: template.chars().collect(),
        at: 0,
        used: 0,
        keyed: false,
        arguments,
    };
    let mut result = String::with_capacity(template.len());
    while let Some(c) = formatter.next() {
        if c == '%' {
            formatter.conversion(&mut result)?;
        } else {
            result.push(c);
        }
    }
    let used = formatter.used;
    let spare = match arguments.tuple_length() {
        Some(length) => used < length,
        None => used == 0 && !arguments.is_mapping(),
    };
    if spare {
        return Err(type_error(
            "not all arguments converted during string formatting",
        ));
    }
    arguments.reserve(result.len())?;
    Ok(result)
}

fn type_error(message: impl Into<String>) -> Error {
    Error::new(exception::TYPE_ERROR, message)
}

fn value_error(message: impl Into<String>) -> Error {
    Error::new(exception::VALUE_ERROR, message)
}

#[derive(Default)]
struct ConversionFlags {
    left: bool,
    zero: bool,
    alternate: bool,
    sign: Option<char>,
    width: usize,
    precision: Option<usize>,
}

struct PercentFormatter<'a> {
    chars: Vec<char>,
    at: usize,
    /// Items of the tuple that were shown, or whether the one value was.
    used: usize,
    /// Whether the conversion has a key, whose value is chosen and not shown yet.
    keyed: bool,
    arguments: &'a mut dyn PercentArguments,
}

impl PercentFormatter<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    /// One conversion, of which the `%` is read.
    fn conversion(&mut self, result: &mut String) -> Result<()> {
        if self.peek() == Some('%') {
            self.at += 1;
            result.push('%');
            return Ok(());
        }
        self.keyed = false;
        if self.peek() == Some('(') {
            self.key()?;
        }
        let mut flags = ConversionFlags::default();
        while let Some(flag @ ('-' | '+' | ' ' | '#' | '0')) = self.peek() {
            match flag {
                '-' => flags.left = true,
                '+' => flags.sign = Some('+'),
                ' ' => flags.sign = flags.sign.or(Some(' ')),
                '#' => flags.alternate = true,
                _ => flags.zero = true,
            }
            self.at += 1;
        }
        let width = self.size(i64::MAX, "width too big")?.unwrap_or(0);
        flags.left |= width < 0;
        flags.width = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
        if self.peek() == Some('.') {
            self.at += 1;
            let precision = self.size(MAX_PRECISION, "precision too big")?;
            flags.precision = Some(usize::try_from(precision.unwrap_or(0)).unwrap_or(0));
        }
        // C's length of a number, which means nothing here.
        if let Some('h' | 'l' | 'L') = self.peek() {
            self.at += 1;
        }
        let kind = self
            .next()
            .ok_or_else(|| value_error("incomplete format"))?;
        self.choose_next()?;
        let text = self.shown(kind, &flags)?;
        result.push_str(&text);
        Ok(())
    }

    /// `(key)`, with balanced parentheses inside.
    fn key(&mut self) -> Result<()> {
        if !self.arguments.is_mapping() {
            return Err(type_error("format requires a mapping"));
        }
        self.at += 1;
        let start = self.at;
        let mut depth = 1;
        while depth > 0 {
            match self.next() {
                Some('(') => depth += 1,
                Some(')') => depth -= 1,
                Some(_) => {}
                None => return Err(value_error("incomplete format key")),
            }
        }
        let key: String = self.chars[start..self.at - 1].iter().collect();
        self.arguments.choose(PercentArgument::Key(&key))?;
        self.keyed = true;
        // From here on there is one value, as if no tuple had been given.
        self.used = self.used.max(1);
        Ok(())
    }

    /// Goes to the argument that is due.
    fn choose_next(&mut self) -> Result<()> {
        if std::mem::take(&mut self.keyed) {
            return Ok(());
        }
        let length = self.arguments.tuple_length();
        if self.used >= length.unwrap_or(1) {
            return Err(type_error("not enough arguments for format string"));
        }
        let argument = match length {
            Some(_) => PercentArgument::Item(self.used),
            None => PercentArgument::Whole,
        };
        self.used += 1;
        self.arguments.choose(argument)
    }

    /// A width or precision: digits, or `*` for the next argument.
    fn size(&mut self, limit: i64, too_big: &str) -> Result<Option<i64>> {
        if self.peek() == Some('*') {
            self.at += 1;
            self.choose_next()?;
            let size = self
                .arguments
                .size()
                .ok_or_else(|| type_error("* wants int"))?;
            if matches!(size, i64::MIN | i64::MAX) || size > limit {
                let kind = if limit == MAX_PRECISION {
                    "int"
                } else {
                    "ssize_t"
                };
                return Err(Error::new(
                    exception::OVERFLOW_ERROR,
                    format!("Python int too large to convert to C {kind}"),
                ));
            }
            return Ok(Some(size));
        }
        let mut value = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            let next = value
                .unwrap_or(0i64)
                .checked_mul(10)
                .and_then(|value| value.checked_add(i64::from(digit)))
                .filter(|value| *value <= limit)
                .ok_or_else(|| value_error(too_big))?;
            value = Some(next);
            self.at += 1;
        }
        Ok(value)
    }

    fn shown(&mut self, kind: char, flags: &ConversionFlags) -> Result<String> {
        self.arguments.reserve(
            flags
                .width
                .saturating_add(flags.precision.unwrap_or(0).min(1 << 20)),
        )?;
        let (prefix, text) = match kind {
            's' | 'r' | 'a' => {
                let text = self.arguments.text(kind)?;
                let text = match flags.precision {
                    Some(precision) => text.chars().take(precision).collect(),
                    None => text,
                };
                return Ok(in_field(flags, &text));
            }
            'c' => {
                let character = self.shown_character()?;
                return Ok(in_field(flags, &character.to_string()));
            }
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' => self.shown_integer(kind, flags)?,
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                let number = self.arguments.float()?.ok_or_else(|| {
                    let class = self.arguments.class_name();
                    type_error(format!("must be real number, not {class}"))
                })?;
                let precision = flags.precision.unwrap_or(6);
                if precision > MAX_DIGITS && number.is_finite() {
                    return Err(value_error("precision too big"));
                }
                let negative = number.is_sign_negative() && !number.is_nan();
                (
                    sign(negative, flags.sign).to_owned(),
                    float_digits(number.abs(), kind, precision, flags.alternate, false),
                )
            }
            other => {
                let shown = if matches!(other, '\x1f'..='~') {
                    other
                } else {
                    '?'
                };
                return Err(value_error(format!(
                    "unsupported format character '{shown}' (0x{:x}) at index {}",
                    u32::from(other),
                    self.at - 1
                )));
            }
        };
        if flags.zero && !flags.left {
            let missing = flags.width.saturating_sub(prefix.len() + text.len());
            return Ok(format!("{prefix}{}{text}", "0".repeat(missing)));
        }
        Ok(in_field(flags, &(prefix + &text)))
    }

    fn shown_character(&mut self) -> Result<char> {
        if let Some(character) = self.arguments.character() {
            return Ok(character);
        }
        // A float is no integer here, so that it is asked in a base that takes none.
        let integer = match self.arguments.integer(16)? {
            Some(_) => self.arguments.integer(10)?,
            None => None,
        };
        let integer = integer.ok_or_else(|| type_error("%c requires int or char"))?;
        character(integer.negative, &integer.digits)
    }

    /// Sign and prefix, and the digits.
    fn shown_integer(&mut self, kind: char, flags: &ConversionFlags) -> Result<(String, String)> {
        let (prefix, base) = match kind {
            'x' => ("0x", 16),
            'X' => ("0X", 16),
            'o' => ("0o", 8),
            _ => ("", 10),
        };
        let Some(Integer {
            negative,
            mut digits,
        }) = self.arguments.integer(base)?
        else {
            let needed = if base == 10 {
                "a real number"
            } else {
                "an integer"
            };
            let class = self.arguments.class_name();
            return Err(type_error(format!(
                "%{kind} format: {needed} is required, not {class}"
            )));
        };
        if kind == 'X' {
            digits.make_ascii_uppercase();
        }
        let least = flags.precision.unwrap_or(0);
        let missing = least.saturating_sub(digits.len());
        let prefix = if flags.alternate { prefix } else { "" };
        Ok((
            format!("{}{prefix}", sign(negative, flags.sign)),
            "0".repeat(missing) + &digits,
        ))
    }
}

fn in_field(flags: &ConversionFlags, text: &str) -> String {
    padded(text, flags.width, ' ', if flags.left { '<' } else { '>' })
}

/// A value of a mapping that Rust code gives to [`format_mapping`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MappedValue {
    /// A `str`.
    Text(String),
    /// An `int`.
    Integer(i64),
}

/// `template % mapping`, where the template is a person's and the mapping is ours.
///
/// Errors: as [`format`]; `KeyError` for a name that the mapping lacks.
pub fn format_mapping(
    template: &str,
    lookup: &dyn Fn(&str) -> Option<MappedValue>,
) -> Result<String> {
    let chosen = MappedValue::Text(String::new());
    format(template, &mut MappedArguments { lookup, chosen })
}

struct MappedArguments<'a> {
    lookup: &'a dyn Fn(&str) -> Option<MappedValue>,
    chosen: MappedValue,
}

impl PercentArguments for MappedArguments<'_> {
    fn tuple_length(&self) -> Option<usize> {
        // A conversion without a key fails: nobody wants the mapping itself as text.
        Some(0)
    }

    fn is_mapping(&self) -> bool {
        true
    }

    fn choose(&mut self, argument: PercentArgument<'_>) -> Result<()> {
        if let PercentArgument::Key(name) = argument {
            self.chosen = (self.lookup)(name)
                .ok_or_else(|| Error::new(exception::KEY_ERROR, string_repr(name)))?;
        }
        Ok(())
    }

    fn text(&mut self, conversion: char) -> Result<String> {
        Ok(match (&self.chosen, conversion) {
            (MappedValue::Text(text), 's') => text.clone(),
            (MappedValue::Text(text), 'r') => string_repr(text),
            (MappedValue::Text(text), _) => super::repr::ascii(&string_repr(text)),
            (MappedValue::Integer(number), _) => number.to_string(),
        })
    }

    fn integer(&mut self, base: u32) -> Result<Option<Integer>> {
        let MappedValue::Integer(number) = self.chosen else {
            return Ok(None);
        };
        let magnitude = number.unsigned_abs();
        Ok(Some(Integer {
            negative: number < 0,
            digits: match base {
                8 => format!("{magnitude:o}"),
                16 => format!("{magnitude:x}"),
                _ => magnitude.to_string(),
            },
        }))
    }

    fn float(&mut self) -> Result<Option<f64>> {
        Ok(match self.chosen {
            MappedValue::Integer(number) => Some(number as f64),
            MappedValue::Text(_) => None,
        })
    }

    fn size(&self) -> Option<i64> {
        match self.chosen {
            MappedValue::Integer(number) => Some(number),
            MappedValue::Text(_) => None,
        }
    }

    fn character(&self) -> Option<char> {
        let MappedValue::Text(text) = &self.chosen else {
            return None;
        };
        let mut characters = text.chars();
        characters.next().filter(|_| characters.next().is_none())
    }

    fn class_name(&mut self) -> String {
        match self.chosen {
            MappedValue::Text(_) => "str",
            MappedValue::Integer(_) => "int",
        }
        .to_owned()
    }

    fn reserve(&mut self, characters: usize) -> Result<()> {
        // What a file name or a log line can't use anyway.
        if characters > 1 << 20 {
            return Err(Error::new(exception::MEMORY_ERROR, ""));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(template: &str) -> Result<String> {
        format_mapping(template, &|name| match name {
            "text" => Some(MappedValue::Text("é'".to_owned())),
            "number" => Some(MappedValue::Integer(-42)),
            _ => None,
        })
    }

    #[test]
    fn a_mapping_is_formatted_as_in_python() {
        for (template, expected) in [
            ("%(text)s|%(text)r|%(text)a", "é'|\"é'\"|\"\\xe9'\""),
            (
                "%(number)06d|%(number)-6d|%(number)+.3d",
                "-00042|-42   |-042",
            ),
            ("%(number)#x|%(number)5.1f|%%", "-0x2a|-42.0|%"),
        ] {
            assert_eq!(shown(template).as_deref().ok(), Some(expected));
        }
    }

    #[test]
    fn errors_are_pythons() {
        for (template, class, message) in [
            ("%(other)s", "KeyError", "'other'"),
            ("%s", "TypeError", "not enough arguments for format string"),
            (
                "%(text)d",
                "TypeError",
                "%d format: a real number is required, not str",
            ),
            ("%(text", "ValueError", "incomplete format key"),
            ("%(text)5", "ValueError", "incomplete format"),
            (
                "a%(text)y",
                "ValueError",
                "unsupported format character 'y' (0x79) at index 8",
            ),
        ] {
            let error = shown(template).expect_err(template);
            assert_eq!((&*error.class, &*error.message), (class, message));
        }
    }
}
