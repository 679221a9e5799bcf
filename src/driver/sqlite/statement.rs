//! Classification of a statement's text, as in Python's `sqlite3`.

/// The text after leading whitespace and comments.
pub(super) fn after_comments(sql: &str) -> &str {
    let mut rest = sql;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\u{c}', '\n', '\r']);
        if let Some(comment) = rest.strip_prefix("--") {
            match comment.find('\n') {
                Some(end) => rest = &comment[end + 1..],
                None => return "",
            }
        } else if let Some(comment) = rest.strip_prefix("/*") {
            match comment.find("*/") {
                Some(end) => rest = &comment[end + 2..],
                None => return "",
            }
        } else {
            return rest;
        }
    }
}

/// Whether Python's `sqlite3` classifies it as DML, by its first keyword.
pub(super) fn is_dml(sql: &str) -> bool {
    let rest = after_comments(sql).as_bytes();
    ["insert", "update", "delete", "replace"]
        .iter()
        .any(|word| {
            rest.get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
        })
}
