//! Comparison of names, types and values.

use driver::Value;

/// The similarity of two names, from 0 to 1.
pub(super) fn name_similarity(one: &str, other: &str) -> f64 {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let distance = levenshtein(&one, &other) as f64;
    let longest = one.chars().count().max(other.chars().count()).max(1) as f64;
    let letters = 1.0 - distance / longest;
    fn words(name: &str) -> Vec<&str> {
        name.split('_').filter(|word| !word.is_empty()).collect()
    }
    let (first, second) = (words(&one), words(&other));
    let shared = first.iter().filter(|word| second.contains(word)).count() as f64;
    let all = first.len().max(second.len()).max(1) as f64;
    let mut by_words = shared / all;
    // `name` and `full_name`, `user` and `users`: one contains the other.
    if shared as usize == first.len().min(second.len()) && shared > 0.0 {
        by_words = by_words.max(0.7);
    }
    letters.max(by_words)
}

fn levenshtein(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, b) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The upper-case name of a type without its arguments.
pub(super) fn base_type(kind: &str) -> String {
    kind.split('(')
        .next()
        .unwrap_or(kind)
        .trim()
        .to_ascii_uppercase()
}

/// The family of a type, within which values have the same meaning.
pub(in crate::review) fn family(kind: &str) -> &'static str {
    let base = base_type(kind);
    let has = |part: &str| base.contains(part);
    if has("BOOL") {
        "boolean"
    } else if has("DATETIME") || has("TIMESTAMP") {
        "datetime"
    } else if has("DATE") {
        "date"
    } else if has("TIME") {
        "time"
    } else if has("JSON") {
        "json"
    } else if has("INT") {
        "integer"
    } else if has("CHAR") || has("TEXT") || has("CLOB") {
        "text"
    } else if has("BLOB") || has("BINARY") {
        "bytes"
    } else if has("REAL") || has("FLOA") || has("DOUB") || has("NUMERIC") || has("DECIMAL") {
        "number"
    } else {
        "other"
    }
}

/// The similarity of two types, from 0 to 1.
pub(super) fn type_similarity(one: &str, other: &str) -> f64 {
    if base_type(one) == base_type(other) {
        1.0
    } else if family(one) == family(other) {
        0.8
    } else {
        0.0
    }
}

/// The length of a type such as `VARCHAR(80)`, in characters.
pub(in crate::review) fn length(kind: &str) -> Option<usize> {
    kind.split_once('(')?
        .1
        .trim_end_matches(')')
        .trim()
        .parse()
        .ok()
}

/// Whether a column of that type could store the value.
pub(super) fn fits(value: &Value, kind: &str, enums: &[String]) -> bool {
    let text_like = |pattern: fn(&str) -> bool| value.as_str().is_some_and(pattern);
    if !enums.is_empty() {
        return value
            .as_str()
            .is_some_and(|text| enums.iter().any(|known| known == text));
    }
    match family(kind) {
        "integer" => matches!(value, Value::Integer(_)),
        "boolean" => matches!(value, Value::Integer(0 | 1)),
        "number" => matches!(value, Value::Integer(_) | Value::Real(_)),
        "text" => value
            .as_str()
            .is_some_and(|text| length(kind).is_none_or(|length| text.chars().count() <= length)),
        "bytes" => matches!(value, Value::Blob(_)),
        "date" => text_like(|text| text.len() == 10 && text.matches('-').count() == 2),
        "datetime" => text_like(|text| {
            text.get(..10)
                .is_some_and(|date| date.matches('-').count() == 2)
        }),
        "time" => text_like(|text| text.contains(':')),
        "json" => text_like(|text| {
            text.starts_with(['{', '[', '"', 't', 'f', 'n', '-']) || text.parse::<f64>().is_ok()
        }),
        _ => true,
    }
}

/// An example value for a type, as SQL and as Python's `server_default`.
pub(super) fn filler(kind: &str, enums: &[String]) -> Option<(String, String)> {
    if let Some(first) = enums.first() {
        let sql = super::super::database::literal(first);
        return Some((sql, ground::formatting::repr::string_repr(first)));
    }
    let text = match family(kind) {
        "integer" | "number" | "boolean" => "0",
        "text" => "",
        "json" => "{}",
        "date" => "1970-01-01",
        "datetime" => "1970-01-01 00:00:00.000000",
        "time" => "00:00:00.000000",
        _ => return None,
    };
    let number = matches!(family(kind), "integer" | "number" | "boolean");
    Some((
        if number {
            text.to_owned()
        } else {
            super::super::database::literal(text)
        },
        ground::formatting::repr::string_repr(text),
    ))
}
