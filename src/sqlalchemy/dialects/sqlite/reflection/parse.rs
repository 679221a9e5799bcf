//! Parses CREATE TABLE with SQLAlchemy's regular expressions: SQLite stores the statement as it was
//! written, and its PRAGMAs report neither names nor options of constraints.

use std::sync::LazyLock;

use ground::regex::{self, Regex, flags::IGNORECASE};

/// One of SQLAlchemy's patterns; all of them ignore case.
fn pattern(text: &str) -> Regex {
    Regex::constant(text, IGNORECASE)
}

static PRIMARY_KEY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"CONSTRAINT\s+(?:"(.+?)"|(\w+))\s+PRIMARY\s+KEY"#));

static FOREIGN_KEY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r#"(?:CONSTRAINT\s+(?:"(.+?)"|(\w+))\s+)?"#,
        r"FOREIGN\s+KEY\s*\(\s*(.+?)\s*\)\s+",
        r#"REFERENCES\s+(?:(?:"(.+?)")|([a-z0-9_]+))\s*"#,
        r#"\(\s*((?:"[^"]+"|[a-z0-9_]+)(?:(?:\s*,\s*|\s+)(?:"[^"]+"|[a-z0-9_]+))*\s*)\)\s*"#,
        r"((?:ON\s+(?:DELETE|UPDATE)\s+",
        r"(?:SET\s+NULL|SET\s+DEFAULT|CASCADE|RESTRICT|NO\s+ACTION)\s*)*)",
        r"((?:NOT\s+)?DEFERRABLE)?",
        r"(?:\s+INITIALLY\s+(DEFERRED|IMMEDIATE))?",
    ))
});

static UNIQUE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?:CONSTRAINT\s+(?:"(.+?)"|(\w+))\s+)?UNIQUE\s*\((.+?)\)"#));

static INLINE_UNIQUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r#"(?:(".+?")|(?:[\[`])?([a-z0-9_]+)(?:[\]`])?)[\t ]"#,
        r"+[a-z0-9_]+(?:[\t ]+[a-z0-9_]+)*?[\t ]+UNIQUE",
    ))
});

static CHECK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r#"(?:CONSTRAINT\s+("(?:[^"]|"")+"|'(?:[^']|'')+'|\[(?:[^\]]|\]\])+\]|`(?:[^`]|``)+`|\S+)"#,
        r"\s+)?CHECK\s*\(",
    ))
});

static SIGNATURE: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?:"(.+?)")|([a-z0-9_]+)"#));

static PARTIAL: LazyLock<Regex> = LazyLock::new(|| pattern(r"\)\s+where\s+(.+)"));

static TABLE_OPTIONS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\)((?:\s*,?\s*(?:WITHOUT\s+ROWID|STRICT))*)\s*$"));

static TABLE_BODY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?s)^create table .*?\((.*)\)(?:\s*,?\s*(?:WITHOUT\s+ROWID|STRICT))*$")
});

/// Whether a pattern that requires this word could match: a cheap check before the search. Always
/// true for non-ASCII text, whose case folding only the pattern knows.
fn mentions(sql: &str, word: &str) -> bool {
    !sql.is_ascii()
        || sql
            .as_bytes()
            .windows(word.len())
            .any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// The name of the primary key constraint, if it has one.
pub(super) fn primary_key_name(sql: &str) -> Option<String> {
    if !mentions(sql, "CONSTRAINT") {
        return None;
    }
    let found = PRIMARY_KEY.captures(sql)?;
    found
        .get(1)
        .or(found.get(2))
        .map(|name| name.as_str().to_owned())
}

/// Splits a list of column names.
fn columns(signature: &str) -> Vec<String> {
    SIGNATURE
        .captures_iter(signature)
        .filter_map(|found| found.get(1).or(found.get(2)))
        .map(|name| name.as_str().to_owned())
        .collect()
}

/// A foreign key, as written in the CREATE statement.
pub(super) struct ParsedForeignKey {
    pub name: Option<String>,
    pub constrained_columns: Vec<String>,
    pub referred_table: String,
    pub referred_columns: Vec<String>,
    pub ondelete: Option<String>,
    pub onupdate: Option<String>,
    pub deferrable: Option<bool>,
    pub initially: Option<String>,
}

pub(super) fn foreign_keys(sql: &str) -> Vec<ParsedForeignKey> {
    if !mentions(sql, "FOREIGN") {
        return Vec::new();
    }
    FOREIGN_KEY
        .captures_iter(sql)
        .map(|found| {
            let text = |index: usize| {
                found
                    .get(index)
                    .map(|part| part.as_str())
                    .filter(|part| !part.is_empty())
            };
            let constrained_columns = columns(text(3).unwrap_or_default());
            let referred_columns = match text(6) {
                None => constrained_columns.clone(),
                Some(list) => columns(list),
            };
            let (mut ondelete, mut onupdate) = (None, None);
            let actions = text(7).unwrap_or_default().to_uppercase();
            let words: Vec<&str> = actions.split_whitespace().collect();
            for token in words.split(|word| *word == "ON") {
                let token = token.join(" ");
                let (slot, action) = if let Some(action) = token.strip_prefix("DELETE") {
                    (&mut ondelete, action)
                } else if let Some(action) = token.strip_prefix("UPDATE") {
                    (&mut onupdate, action)
                } else {
                    continue;
                };
                let action = action.trim();
                if !action.is_empty() && action != "NO ACTION" {
                    *slot = Some(action.to_owned());
                }
            }
            ParsedForeignKey {
                name: text(1).or(text(2)).map(str::to_owned),
                constrained_columns,
                referred_table: text(4).or(text(5)).unwrap_or_default().to_owned(),
                referred_columns,
                ondelete,
                onupdate,
                deferrable: text(8).map(|words| !words.to_uppercase().contains("NOT")),
                initially: text(9).map(str::to_uppercase),
            }
        })
        .collect()
}

/// Unique constraints, as written in the CREATE statement: table-level ones before column-level
/// ones.
pub(super) fn unique_constraints(sql: &str) -> Vec<(Option<String>, Vec<String>)> {
    if !mentions(sql, "UNIQUE") {
        return Vec::new();
    }
    let of_table = UNIQUE.captures_iter(sql).map(|found| {
        let name = found.get(1).or(found.get(2));
        let list = found.get(3).map_or("", |list| list.as_str());
        (name.map(|name| name.as_str().to_owned()), columns(list))
    });
    let of_columns = INLINE_UNIQUE.captures_iter(sql).map(|found| {
        let column = found.get(1).or(found.get(2));
        (None, columns(column.map_or("", |column| column.as_str())))
    });
    of_table.chain(of_columns).collect()
}

/// Check constraints, as written in the CREATE statement: name and condition.
pub(super) fn check_constraints(sql: &str) -> Vec<(Option<String>, String)> {
    let mut found = Vec::new();
    if !mentions(sql, "CHECK") {
        return found;
    }
    let mut position = 0;
    while let Some(captures) = CHECK.captures_at(sql, position) {
        let Some(whole) = captures.get(0) else { break };
        let inside_word = sql[..whole.start()]
            .chars()
            .next_back()
            .is_some_and(|before| before.is_ascii_alphanumeric() || before == '_');
        if inside_word {
            // The search continues at the next character, like a lookbehind would.
            let width = sql[whole.start()..]
                .chars()
                .next()
                .map_or(1, char::len_utf8);
            position = whole.start() + width;
            continue;
        }
        position = whole.end();
        let name = captures.get(1).map(|name| without_quotes(name.as_str()));
        if let Some(close) = matching_parenthesis(sql, whole.end() - 1) {
            found.push((name, python_strip(&sql[whole.end()..close]).to_owned()));
        }
    }
    found
}

/// A name without surrounding quotes; doubled quotes inside are kept, as in SQLAlchemy.
fn without_quotes(name: &str) -> String {
    let inner = |open: char, close: char| {
        name.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .filter(|rest| !rest.is_empty())
    };
    inner('"', '"')
        .or(inner('\'', '\''))
        .or(inner('`', '`'))
        .or(inner('[', ']'))
        .unwrap_or(name)
        .to_owned()
}

/// Python's `str.strip`.
pub(super) fn python_strip(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

/// The position of the parenthesis that closes the one at `start`, ignoring strings.
fn matching_parenthesis(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0;
    let mut quote = None;
    let mut index = start;
    while let Some(&byte) = bytes.get(index) {
        match (quote, byte) {
            (Some(open), byte) if byte == open => {
                if bytes.get(index + 1) == Some(&open) {
                    index += 1;
                } else {
                    quote = None;
                }
            }
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') => {
                depth -= 1;
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
        index += 1;
    }
    None
}

/// The condition of a partial index.
pub(super) fn partial_predicate(sql: &str) -> Option<String> {
    if !mentions(sql, "WHERE") {
        return None;
    }
    PARTIAL
        .captures(sql)
        .and_then(|found| found.get(1))
        .map(|condition| condition.as_str().to_owned())
}

/// Whether a table is WITHOUT ROWID, and whether it is STRICT.
pub(super) fn table_options(sql: &str) -> (bool, bool) {
    if !mentions(sql, "ROWID") && !mentions(sql, "STRICT") {
        return (false, false);
    }
    // The match ends at the end of the text, so the last parenthesis is the relevant one.
    let words = TABLE_OPTIONS
        .captures(python_strip(sql))
        .and_then(|found| found.get(1))
        .map_or_else(String::new, |words| words.as_str().to_uppercase());
    (words.contains("ROWID"), words.contains("STRICT"))
}

/// The body of a CREATE TABLE, in which computed columns are searched.
pub(super) fn table_body(sql: &str) -> Option<&str> {
    TABLE_BODY
        .captures(python_strip(sql))
        .and_then(|found| found.get(1))
        .map(|body| python_strip(body.as_str()))
}

/// The expression of a computed column; empty if it cannot be found.
pub(super) fn computed_expression(body: &str, column: &str) -> String {
    let text = format!(
        r"{}[^,]*\s+GENERATED\s+ALWAYS\s+AS\s+\((.*)\)\s*(?:virtual|stored)?",
        regex::escape(column)
    );
    Regex::with_flags(&text, IGNORECASE)
        .ok()
        .and_then(|pattern| {
            pattern
                .captures(body)
                .and_then(|found| found.get(1))
                .map(|expression| expression.as_str().to_owned())
        })
        .unwrap_or_default()
}
