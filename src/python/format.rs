//! `format()`, `str.format` and `%`.

use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::Signed;

use super::arguments::Arguments;
use super::display::{ascii, repr_float};
use super::interpreter::Interpreter;
use super::operators::big;
use super::value::Value;
use ground::diagnostic::{Error, Result};

/// A format specification: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.
#[derive(Clone, Debug, Default)]
struct Specification {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    alternate: bool,
    zero: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

fn parse(text: &str) -> Option<Specification> {
    let chars: Vec<char> = text.chars().collect();
    let mut spec = Specification::default();
    let mut at = 0;
    let is_align = |c: char| matches!(c, '<' | '>' | '^' | '=');
    if chars.len() > 1 && is_align(chars[1]) {
        spec.fill = Some(chars[0]);
        spec.align = Some(chars[1]);
        at = 2;
    } else if chars.first().is_some_and(|c| is_align(*c)) {
        spec.align = Some(chars[0]);
        at = 1;
    }
    if let Some(c @ ('+' | '-' | ' ')) = chars.get(at) {
        spec.sign = Some(*c);
        at += 1;
    }
    if chars.get(at) == Some(&'#') {
        spec.alternate = true;
        at += 1;
    }
    if chars.get(at) == Some(&'0') {
        spec.zero = true;
        at += 1;
    }
    while let Some(digit) = chars.get(at).and_then(|c| c.to_digit(10)) {
        spec.width = spec.width.checked_mul(10)?.checked_add(digit as usize)?;
        at += 1;
    }
    if let Some(c @ (',' | '_')) = chars.get(at) {
        spec.grouping = Some(*c);
        at += 1;
    }
    if chars.get(at) == Some(&'.') {
        at += 1;
        let mut precision = 0usize;
        let start = at;
        while let Some(digit) = chars.get(at).and_then(|c| c.to_digit(10)) {
            precision = precision.checked_mul(10)?.checked_add(digit as usize)?;
            at += 1;
        }
        if at == start {
            return None;
        }
        spec.precision = Some(precision);
    }
    if let Some(c) = chars.get(at) {
        spec.kind = Some(*c);
        at += 1;
    }
    (at == chars.len()).then_some(spec)
}

fn pad(spec: &Specification, text: String, default: char) -> String {
    let length = text.chars().count();
    if spec.width <= length {
        return text;
    }
    let missing = spec.width - length;
    let fill = spec.fill.unwrap_or(if spec.zero { '0' } else { ' ' });
    let (before, after) = match spec.align.unwrap_or(default) {
        '<' => (0, missing),
        '^' => (missing / 2, missing - missing / 2),
        _ => (missing, 0),
    };
    let mut result = String::with_capacity(text.len() + missing);
    result.extend(std::iter::repeat_n(fill, before));
    result.push_str(&text);
    result.extend(std::iter::repeat_n(fill, after));
    result
}

/// A number from its sign, prefix and digits, padded and grouped.
fn pad_number(spec: &Specification, negative: bool, prefix: &str, digits: &str) -> String {
    let sign = if negative {
        "-"
    } else {
        match spec.sign {
            Some('+') => "+",
            Some(' ') => " ",
            _ => "",
        }
    };
    let align = spec.align.unwrap_or(if spec.zero { '=' } else { '>' });
    let (whole, rest) = match digits.find(|c: char| !c.is_ascii_alphanumeric()) {
        Some(point) if spec.grouping.is_some() => digits.split_at(point),
        _ => match digits.find(['e', 'E', '%', '.']) {
            Some(point) if prefix.is_empty() && spec.grouping.is_some() => digits.split_at(point),
            _ => (digits, ""),
        },
    };
    let group = if matches!(spec.kind, Some('x' | 'X' | 'b' | 'o')) {
        4
    } else {
        3
    };
    let grouped = match spec.grouping {
        Some(separator) => {
            let mut whole = whole.to_owned();
            if align == '=' && spec.fill.unwrap_or('0') == '0' {
                let fixed = sign.len() + prefix.len() + rest.len();
                while fixed + whole.len() + (whole.len() - 1) / group < spec.width {
                    whole.insert(0, '0');
                }
                // A separator may not stand first.
                if fixed + whole.len() + (whole.len() - 1) / group > spec.width
                    && whole.len() % group == 1
                    && whole.starts_with('0')
                    && whole.len() > 1
                {
                    // CPython too goes one over the width here.
                }
            }
            let mut result = String::new();
            for (index, c) in whole.chars().enumerate() {
                if index > 0 && (whole.len() - index) % group == 0 {
                    result.push(separator);
                }
                result.push(c);
            }
            result + rest
        }
        None => digits.to_owned(),
    };
    let length = sign.len() + prefix.len() + grouped.chars().count();
    if align == '=' && length < spec.width {
        let fill = spec.fill.unwrap_or(if spec.zero { '0' } else { ' ' });
        let fill: String = std::iter::repeat_n(fill, spec.width - length).collect();
        return format!("{sign}{prefix}{fill}{grouped}");
    }
    pad(
        &Specification {
            align: Some(if align == '=' { '>' } else { align }),
            zero: false,
            fill: spec.fill.or(if spec.zero { Some('0') } else { None }),
            ..spec.clone()
        },
        format!("{sign}{prefix}{grouped}"),
        '>',
    )
}

/// The digits of a non-negative finite float in one of the kinds `e f g %` and `n`.
fn float_digits(number: f64, kind: char, precision: usize, alternate: bool) -> String {
    match kind {
        'f' | 'F' => format!("{number:.precision$}"),
        '%' => format!("{:.precision$}%", number * 100.0),
        'e' | 'E' => {
            let text = format!("{number:.precision$e}");
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let exponent: i32 = exponent.parse().unwrap_or(0);
            let sign = if exponent < 0 { '-' } else { '+' };
            let text = format!("{mantissa}e{sign}{:02}", exponent.abs());
            if kind == 'E' {
                text.to_uppercase()
            } else {
                text
            }
        }
        _ => {
            let precision = precision.max(1);
            let text = format!("{number:.*e}", precision - 1);
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let exponent: i32 = exponent.parse().unwrap_or(0);
            let text = if exponent < -4 || exponent >= i32::try_from(precision).unwrap_or(i32::MAX)
            {
                let mantissa = if alternate || !mantissa.contains('.') {
                    mantissa
                } else {
                    mantissa.trim_end_matches('0').trim_end_matches('.')
                };
                let sign = if exponent < 0 { '-' } else { '+' };
                format!("{mantissa}e{sign}{:02}", exponent.abs())
            } else {
                let decimals =
                    usize::try_from(i32::try_from(precision).unwrap_or(i32::MAX) - 1 - exponent)
                        .unwrap_or(0);
                let text = format!("{number:.decimals$}");
                if alternate || !text.contains('.') {
                    text
                } else {
                    text.trim_end_matches('0').trim_end_matches('.').to_owned()
                }
            };
            if kind == 'G' {
                text.to_uppercase()
            } else {
                text
            }
        }
    }
}

impl Interpreter {
    /// `format(object, specification)`.
    pub fn format(&mut self, object: &Value, specification: &str) -> Result<String> {
        if let Value::Native(native) = object {
            let native = native.clone();
            if let Some(text) = native.format(object, self, specification)? {
                return Ok(text);
            }
        }
        if matches!(object, Value::Instance(_) | Value::Native(_)) {
            let class = self.class_of(object);
            if let Some((owner, method)) = class.lookup_with_class("__format__")
                && owner != self.classes.object
            {
                let method = self.bind(&method, object, &class)?;
                let result = self.call(
                    &method,
                    Arguments::positional(vec![Value::str(specification)]),
                )?;
                return match result.as_str() {
                    Some(text) => Ok(text.to_owned()),
                    None => {
                        let name = self.class_of(&result).name();
                        Err(self.type_error(format!("__format__ must return a str, not {name}")))
                    }
                };
            }
            if specification.is_empty() {
                return self.str(object);
            }
            if object.plain().address() == object.address()
                && !matches!(object.plain(), Value::Int(_) | Value::Float(_))
            {
                return Err(self.type_error(format!(
                    "unsupported format string passed to {}.__format__",
                    class.name()
                )));
            }
        }
        if specification.is_empty() {
            return self.str(object);
        }
        let plain = object.plain().clone();
        let invalid = |vm: &mut Interpreter| {
            let class = vm.class_of(object).name();
            vm.value_error(format!(
                "Invalid format specifier '{specification}' for object of type '{class}'"
            ))
        };
        let known = matches!(
            plain,
            Value::Str(_) | Value::Int(_) | Value::Bool(_) | Value::BigInt(_) | Value::Float(_)
        );
        if !known {
            let class = self.class_of(object).name();
            return Err(self.type_error(format!(
                "unsupported format string passed to {class}.__format__"
            )));
        }
        let Some(spec) = parse(specification) else {
            return Err(match &plain {
                Value::Str(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_) => {
                    let _ = invalid(self);
                    self.value_error("Invalid format specifier")
                }
                _ => invalid(self),
            });
        };
        self.allocate(
            spec.width
                .saturating_add(spec.precision.unwrap_or(0).min(1 << 20)),
        )?;
        if spec.precision.is_some_and(|precision| precision > 100_000) {
            return Err(self.value_error("precision too big"));
        }
        match &plain {
            Value::Str(text) => self.format_str(&spec, text),
            Value::Float(number) => self.format_float(&spec, *number),
            number => match spec.kind {
                Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
                    let number = number.as_float().unwrap_or(f64::INFINITY);
                    self.format_float(&spec, number)
                }
                None if matches!(number, Value::Bool(_)) && specification.is_empty() => {
                    self.str(number)
                }
                _ => {
                    let number = big(number).unwrap_or_default();
                    self.format_int(&spec, &number)
                }
            },
        }
    }

    fn unknown_code(&self, kind: char, class: &str) -> Error {
        self.value_error(format!(
            "Unknown format code '{kind}' for object of type '{class}'"
        ))
    }

    fn format_str(&mut self, spec: &Specification, text: &str) -> Result<String> {
        if let Some(kind) = spec.kind
            && kind != 's'
        {
            return Err(self.unknown_code(kind, "str"));
        }
        if spec.align == Some('=') {
            return Err(self.value_error("'=' alignment not allowed in string format specifier"));
        }
        if spec.sign.is_some() {
            return Err(self.value_error("Sign not allowed in string format specifier"));
        }
        if let Some(grouping) = spec.grouping {
            return Err(self.value_error(format!("Cannot specify '{grouping}' with 's'.")));
        }
        let text: String = match spec.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text.to_owned(),
        };
        Ok(pad(spec, text, '<'))
    }

    fn format_int(&mut self, spec: &Specification, number: &BigInt) -> Result<String> {
        if spec.precision.is_some() {
            return Err(self.value_error("Precision not allowed in integer format specifier"));
        }
        let magnitude = number.abs();
        let (prefix, digits) = match spec.kind.unwrap_or('d') {
            'd' | 'n' => ("", magnitude.to_string()),
            'x' => ("0x", magnitude.to_str_radix(16)),
            'X' => ("0X", magnitude.to_str_radix(16).to_uppercase()),
            'o' => ("0o", magnitude.to_str_radix(8)),
            'b' => ("0b", magnitude.to_str_radix(2)),
            'c' => {
                use num_traits::ToPrimitive;
                let text = number
                    .to_u32()
                    .and_then(char::from_u32)
                    .map(String::from)
                    .ok_or_else(|| Error::new("OverflowError", "%c arg not in range(0x110000)"))?;
                return Ok(pad(spec, text, '<'));
            }
            kind => return Err(self.unknown_code(kind, "int")),
        };
        let prefix = if spec.alternate { prefix } else { "" };
        Ok(pad_number(spec, number.is_negative(), prefix, &digits))
    }

    fn format_float(&mut self, spec: &Specification, number: f64) -> Result<String> {
        let kind = spec.kind;
        if let Some(kind) = kind
            && !matches!(kind, 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' | 'n')
        {
            return Err(self.unknown_code(kind, "float"));
        }
        let negative = number.is_sign_negative() && !number.is_nan();
        let magnitude = number.abs();
        let digits = if !magnitude.is_finite() {
            let text = if magnitude.is_nan() { "nan" } else { "inf" };
            let text = if matches!(kind, Some('E' | 'F' | 'G')) {
                text.to_uppercase()
            } else {
                text.to_owned()
            };
            if kind == Some('%') { text + "%" } else { text }
        } else {
            match (kind, spec.precision) {
                (None, None) => repr_float(magnitude),
                (None, Some(precision)) => {
                    let text = float_digits(magnitude, 'g', precision, spec.alternate);
                    if text.contains('.') || text.contains('e') {
                        text
                    } else if text.len() >= precision.max(1) {
                        // Like repr, at least one digit after the point, unless that takes it past
                        // the precision, where the exponent is used.
                        let exponent = text.len() - 1;
                        if text.len() > precision || text.len() == precision && precision > 0 {
                            let mantissa =
                                float_digits(magnitude, 'e', precision.saturating_sub(1), false);
                            let _ = exponent;
                            match mantissa.split_once('e') {
                                Some((digits, exponent)) => {
                                    let digits = if digits.contains('.') {
                                        digits.trim_end_matches('0').trim_end_matches('.')
                                    } else {
                                        digits
                                    };
                                    format!("{digits}e{exponent}")
                                }
                                None => mantissa,
                            }
                        } else {
                            text
                        }
                    } else {
                        text + ".0"
                    }
                }
                (Some('n'), precision) => {
                    float_digits(magnitude, 'g', precision.unwrap_or(6), spec.alternate)
                }
                (Some(kind), precision) => {
                    float_digits(magnitude, kind, precision.unwrap_or(6), spec.alternate)
                }
            }
        };
        Ok(pad_number(spec, negative, "", &digits))
    }

    /// `format % values`.
    pub(crate) fn percent_format(&mut self, format: &str, values: &Value) -> Result<String> {
        let mapping = match values.plain() {
            Value::Dict(_) => Some(values.clone()),
            Value::Native(_) | Value::Instance(_) if format.contains("%(") => Some(values.clone()),
            _ => None,
        };
        let list: Vec<Value> = match values {
            Value::Tuple(items) => items.to_vec(),
            other => match other.plain() {
                Value::Tuple(items) => items.to_vec(),
                _ => vec![other.clone()],
            },
        };
        let mut used = 0;
        let mut mapped = false;
        let mut text = String::new();
        let chars: Vec<char> = format.chars().collect();
        let mut at = 0;
        while at < chars.len() {
            if chars[at] != '%' {
                text.push(chars[at]);
                at += 1;
                continue;
            }
            at += 1;
            let mut value = None;
            if chars.get(at) == Some(&'(') {
                let Some(length) = chars[at..].iter().position(|c| *c == ')') else {
                    return Err(self.value_error("incomplete format key"));
                };
                let key: String = chars[at + 1..at + length].iter().collect();
                at += length + 1;
                let Some(mapping) = &mapping else {
                    return Err(self.type_error("format requires a mapping"));
                };
                value = Some(self.get_item(mapping, &Value::from(key))?);
                mapped = true;
            }
            let mut spec = Specification::default();
            let mut left = false;
            while let Some(c @ ('-' | '+' | ' ' | '#' | '0')) = chars.get(at) {
                match c {
                    '-' => left = true,
                    '+' => spec.sign = Some('+'),
                    ' ' => spec.sign = spec.sign.or(Some(' ')),
                    '#' => spec.alternate = true,
                    _ => spec.zero = true,
                }
                at += 1;
            }
            let next = |used: &mut usize, vm: &mut Interpreter| {
                let value = list.get(*used).cloned();
                *used += 1;
                value.ok_or_else(|| vm.type_error("not enough arguments for format string"))
            };
            if chars.get(at) == Some(&'*') {
                let width = next(&mut used, self)?.as_int().unwrap_or(0);
                left |= width < 0;
                spec.width = usize::try_from(width.unsigned_abs()).unwrap_or(0);
                at += 1;
            }
            while let Some(digit) = chars.get(at).and_then(|c| c.to_digit(10)) {
                spec.width = spec.width.saturating_mul(10).saturating_add(digit as usize);
                at += 1;
            }
            if chars.get(at) == Some(&'.') {
                at += 1;
                let mut precision = 0usize;
                if chars.get(at) == Some(&'*') {
                    precision =
                        usize::try_from(next(&mut used, self)?.as_int().unwrap_or(0)).unwrap_or(0);
                    at += 1;
                }
                while let Some(digit) = chars.get(at).and_then(|c| c.to_digit(10)) {
                    precision = precision.saturating_mul(10).saturating_add(digit as usize);
                    at += 1;
                }
                spec.precision = Some(precision.min(100_000));
            }
            while let Some('l' | 'h' | 'L') = chars.get(at) {
                at += 1;
            }
            let Some(&kind) = chars.get(at) else {
                return Err(self.value_error("incomplete format"));
            };
            at += 1;
            if kind == '%' {
                text.push('%');
                continue;
            }
            self.allocate(spec.width)?;
            let value = match value {
                Some(value) => value,
                None => {
                    if mapping.is_some() && list.len() == 1 && used == 0 {
                        used += 1;
                        values.clone()
                    } else {
                        next(&mut used, self)?
                    }
                }
            };
            if left {
                spec.align = Some('<');
                spec.zero = false;
            }
            let piece = match kind {
                's' | 'r' | 'a' => {
                    let piece = match kind {
                        's' => self.str(&value)?,
                        'r' => self.repr(&value)?,
                        _ => ascii(&self.repr(&value)?),
                    };
                    let piece: String = match spec.precision {
                        Some(precision) => piece.chars().take(precision).collect(),
                        None => piece,
                    };
                    spec.zero = false;
                    pad(&spec, piece, '>')
                }
                'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
                    let number = match value.plain() {
                        Value::Float(number) if matches!(kind, 'd' | 'i' | 'u') => {
                            num_traits::FromPrimitive::from_f64(number.trunc())
                        }
                        other => big(other),
                    };
                    let Some(number) = number else {
                        let class = self.class_of(&value).name();
                        return Err(self.type_error(if matches!(kind, 'd' | 'i' | 'u') {
                            format!("%{kind} format: a real number is required, not {class}")
                        } else {
                            format!("%{kind} format: an integer is required, not {class}")
                        }));
                    };
                    let radix = match kind {
                        'x' | 'X' => 16,
                        'o' => 8,
                        _ => 10,
                    };
                    let mut digits = number.abs().to_str_radix(radix);
                    if kind == 'X' {
                        digits = digits.to_uppercase();
                    }
                    if let Some(precision) = spec.precision {
                        while digits.len() < precision {
                            digits.insert(0, '0');
                        }
                    }
                    let prefix = match (spec.alternate, kind) {
                        (true, 'x') => "0x",
                        (true, 'X') => "0X",
                        (true, 'o') => "0o",
                        _ => "",
                    };
                    pad_number(&spec, number.is_negative(), prefix, &digits)
                }
                'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                    let Some(number) = value.as_float() else {
                        let class = self.class_of(&value).name();
                        return Err(self.type_error(format!("must be real number, not {class}")));
                    };
                    spec.kind = Some(kind);
                    self.format_float(&spec, number)?
                }
                'c' => match (value.as_str(), value.as_int()) {
                    (Some(one), _) if one.chars().count() == 1 => pad(&spec, one.to_owned(), '>'),
                    (_, Some(code)) => {
                        let c = u32::try_from(code)
                            .ok()
                            .and_then(char::from_u32)
                            .ok_or_else(|| {
                                Error::new("OverflowError", "%c arg not in range(0x110000)")
                            })?;
                        pad(&spec, c.to_string(), '>')
                    }
                    _ => return Err(self.type_error("%c requires int or char")),
                },
                kind => {
                    return Err(self.value_error(format!(
                        "unsupported format character '{kind}' (0x{:x}) at index {}",
                        kind as u32,
                        at - 1
                    )));
                }
            };
            text.push_str(&piece);
        }
        let is_tuple = matches!(values.plain(), Value::Tuple(_));
        let spare = if is_tuple {
            used < list.len()
        } else {
            used == 0 && !mapped && mapping.is_none()
        };
        if spare {
            return Err(self.type_error("not all arguments converted during string formatting"));
        }
        self.allocate(text.len())?;
        Ok(text)
    }

    /// `str.format(*arguments)`.
    pub(crate) fn str_format(&mut self, format: &str, arguments: &Arguments) -> Result<String> {
        let mut automatic = Some(0);
        let chars: Vec<char> = format.chars().collect();
        let text = self.format_fields(&chars, arguments, &mut automatic, 0)?;
        self.allocate(text.len())?;
        Ok(text)
    }

    fn format_fields(
        &mut self,
        chars: &[char],
        arguments: &Arguments,
        automatic: &mut Option<usize>,
        depth: usize,
    ) -> Result<String> {
        if depth > 2 {
            return Err(self.value_error("Max string recursion exceeded"));
        }
        let mut text = String::new();
        let mut at = 0;
        while at < chars.len() {
            let c = chars[at];
            at += 1;
            match c {
                '{' if chars.get(at) == Some(&'{') => {
                    text.push('{');
                    at += 1;
                }
                '}' if chars.get(at) == Some(&'}') => {
                    text.push('}');
                    at += 1;
                }
                '}' => {
                    return Err(self.value_error("Single '}' encountered in format string"));
                }
                '{' => {
                    let start = at;
                    let mut open = 1;
                    let mut brackets = false;
                    while at < chars.len() && open > 0 {
                        match chars[at] {
                            '[' => brackets = true,
                            ']' => brackets = false,
                            '{' if !brackets => open += 1,
                            '}' if !brackets => open -= 1,
                            _ => {}
                        }
                        at += 1;
                    }
                    if open > 0 {
                        return Err(self.value_error(if start >= chars.len() {
                            "Single '{' encountered in format string"
                        } else {
                            "expected '}' before end of string"
                        }));
                    }
                    let field = &chars[start..at - 1];
                    let piece = self.format_field(field, arguments, automatic, depth)?;
                    text.push_str(&piece);
                }
                c => text.push(c),
            }
        }
        Ok(text)
    }

    fn format_field(
        &mut self,
        field: &[char],
        arguments: &Arguments,
        automatic: &mut Option<usize>,
        depth: usize,
    ) -> Result<String> {
        let mut end = 0;
        let mut brackets = false;
        while end < field.len() {
            match field[end] {
                '[' => brackets = true,
                ']' => brackets = false,
                '!' | ':' if !brackets => break,
                _ => {}
            }
            end += 1;
        }
        let name: String = field[..end].iter().collect();
        let mut conversion = None;
        if field.get(end) == Some(&'!') {
            conversion = field.get(end + 1).copied();
            if !matches!(conversion, Some('r' | 's' | 'a')) {
                return Err(self.value_error(match conversion {
                    Some(c) => format!("Unknown conversion specifier {c}"),
                    None => "end of string while looking for conversion specifier".to_owned(),
                }));
            }
            end += 2;
        }
        let specification = if field.get(end) == Some(&':') {
            self.format_fields(&field[end + 1..], arguments, automatic, depth + 1)?
        } else {
            String::new()
        };
        let first_end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, mut rest) = name.split_at(first_end);
        let mut value = if first.is_empty() {
            let Some(index) = automatic else {
                return Err(self.value_error(
                    "cannot switch from manual field specification to automatic field numbering",
                ));
            };
            let value = arguments.positional.get(*index).cloned();
            let number = *index;
            *index += 1;
            match value {
                Some(value) => value,
                None => {
                    return Err(self.index_error(format!(
                        "Replacement index {number} out of range for positional args tuple"
                    )));
                }
            }
        } else if let Ok(index) = first.parse::<usize>() {
            if automatic.is_some_and(|count| count > 0) {
                return Err(self.value_error(
                    "cannot switch from automatic field numbering to manual field specification",
                ));
            }
            *automatic = None;
            match arguments.positional.get(index) {
                Some(value) => value.clone(),
                None => {
                    return Err(self.index_error(format!(
                        "Replacement index {index} out of range for positional args tuple"
                    )));
                }
            }
        } else {
            match arguments.keyword_value(first) {
                Some(value) => value.clone(),
                None => return Err(self.key_error(&Value::str(first))),
            }
        };
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('.') {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                value = self.get_attribute(&value, &after[..end])?;
                rest = &after[end..];
            } else if let Some(after) = rest.strip_prefix('[') {
                let Some(end) = after.find(']') else {
                    return Err(self.value_error("Missing ']' in format string"));
                };
                let key = match after[..end].parse::<i64>() {
                    Ok(index) => Value::Int(index),
                    Err(_) => Value::Str(Rc::from(&after[..end])),
                };
                value = self.get_item(&value, &key)?;
                rest = &after[end + 1..];
            } else {
                return Err(
                    self.value_error("Only '.' or '[' may follow ']' in format field specifier")
                );
            }
        }
        let value = self.convert(&value, conversion)?;
        self.format(&value, &specification)
    }
}
