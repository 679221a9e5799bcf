//! What Python's `sqlite3` sees in a statement's text.

/// What is left of a text after the blanks and comments that it begins with.
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

/// Whether Python's `sqlite3` takes it for a statement that changes rows: by its first word.
pub(super) fn is_dml(sql: &str) -> bool {
    let rest = after_comments(sql).as_bytes();
    ["insert", "update", "delete", "replace"]
        .iter()
        .any(|word| {
            rest.get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
        })
}
