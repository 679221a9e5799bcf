//! Small pieces of Python's text handling that configuration and scripts need: `repr` of a string,
//! `str.lower`, and the `%` operator with a mapping.

pub use ground::logging::format::{PercentValue, percent_format, python_repr};

/// `repr()` of `None`, a string, or a tuple of strings, by length: what `tuple_rev_as_scalar`
/// makes of revision ids.
pub fn python_repr_scalar(ids: &[String]) -> String {
    match ids {
        [] => "None".to_owned(),
        [one] => python_repr(one),
        many => python_repr_tuple(many),
    }
}

/// `repr()` of a tuple of strings.
pub fn python_repr_tuple(items: &[String]) -> String {
    let inside: Vec<String> = items.iter().map(|item| python_repr(item)).collect();
    if let [one] = inside.as_slice() {
        format!("({one},)")
    } else {
        format!("({})", inside.join(", "))
    }
}

/// `repr()` of a list of strings.
pub fn python_repr_list(items: &[String]) -> String {
    let inside: Vec<String> = items.iter().map(|item| python_repr(item)).collect();
    format!("[{}]", inside.join(", "))
}

/// `str.lower()`.
pub fn python_lower(text: &str) -> String {
    text.to_lowercase()
}

/// `int(text)`: white space around it, one sign, digits with single underscores between.
pub fn python_int(text: &str) -> Option<i64> {
    let trimmed = text.trim();
    let (negative, digits) = match trimmed.as_bytes().first() {
        Some(b'-') => (true, &trimmed[1..]),
        Some(b'+') => (false, &trimmed[1..]),
        _ => (false, trimmed),
    };
    let mut value: i64 = 0;
    let mut previous_digit = false;
    for c in digits.chars() {
        if c == '_' {
            if !previous_digit {
                return None;
            }
            previous_digit = false;
            continue;
        }
        let digit = i64::from(c.to_digit(10)?);
        value = value.saturating_mul(10).saturating_add(digit);
        previous_digit = true;
    }
    if !previous_digit {
        return None;
    }
    Some(if negative { -value } else { value })
}
