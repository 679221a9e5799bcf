//! A SQL script cut into its statements, for drivers that take one at a time.

/// A statement of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScriptStatement<'a> {
    /// Its text, without the semicolon that ends it.
    pub sql: &'a str,
    /// The line on which it begins, counted from 1.
    pub line: usize,
}

/// Cuts a script into statements at the semicolons that end them: those in strings, quoted names,
/// comments and the bodies of functions and triggers don't.
pub fn statements(script: &str) -> Vec<ScriptStatement<'_>> {
    let bytes = script.as_bytes();
    let mut found = Vec::new();
    let (mut start, mut at) = (None, 0);
    let mut words: Vec<String> = Vec::new();
    while at < bytes.len() {
        let from = at;
        match bytes[at] {
            quote @ (b'\'' | b'"' | b'`') => at = after(script, at + 1, &[quote]),
            b'$' if let Some(mark) = dollar_mark(&script[at..]) => {
                at = after(script, at + mark.len(), mark.as_bytes());
            }
            b'-' if bytes[at..].starts_with(b"--") => {
                at = after(script, at, b"\n");
                continue;
            }
            b'/' if bytes[at..].starts_with(b"/*") => {
                at = after(script, at + 2, b"*/");
                continue;
            }
            b';' => {
                let trigger = words.first().is_some_and(|word| word == "create")
                    && words.iter().take(3).any(|word| word == "trigger");
                // The body of a trigger of SQLite's is between BEGIN and END.
                let inside = trigger
                    && words.iter().any(|word| word == "begin")
                    && words.last().is_none_or(|word| word != "end");
                if !inside {
                    if let Some(begin) = start.take() {
                        found.push(statement(script, begin, at));
                    }
                    words.clear();
                }
                at += 1;
                continue;
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                    at += 1;
                }
                words.push(script[from..at].to_ascii_lowercase());
            }
            byte => {
                at += 1;
                if byte.is_ascii_whitespace() {
                    continue;
                }
            }
        }
        start.get_or_insert(from);
    }
    if let Some(begin) = start {
        found.push(statement(script, begin, script.len()));
    }
    found
}

fn statement(script: &str, begin: usize, end: usize) -> ScriptStatement<'_> {
    ScriptStatement {
        sql: script[begin..end].trim_end(),
        line: script[..begin].matches('\n').count() + 1,
    }
}

/// The place behind the next `mark`, or the end.
fn after(script: &str, from: usize, mark: &[u8]) -> usize {
    let rest = &script.as_bytes()[from.min(script.len())..];
    rest.windows(mark.len())
        .position(|bytes| bytes == mark)
        .map_or(script.len(), |place| from + place + mark.len())
}

/// The mark that a text of PostgreSQL begins and ends with, where this begins with one: `$$` or
/// `$name$`.
fn dollar_mark(text: &str) -> Option<&str> {
    let end = text[1..].find('$')? + 1;
    let name = &text[1..end];
    let word = name
        .chars()
        .all(|one| one.is_ascii_alphanumeric() || one == '_');
    (word && !name.starts_with(|one: char| one.is_ascii_digit())).then(|| &text[..=end])
}

#[cfg(test)]
mod tests {
    use super::{ScriptStatement, statements};

    #[test]
    fn statements_end_where_they_end() {
        let script = "-- a; comment\nINSERT INTO t VALUES ('a;b', \"c;\");\n;\n/* ; */ SELECT 1;\n\
                      CREATE TRIGGER x AFTER INSERT ON t BEGIN\n UPDATE t SET a = 1; END;\n\
                      CREATE FUNCTION f() AS $x$ a; $x$ LANGUAGE sql;\nSELECT 'ä;'";
        let texts: Vec<(usize, &str)> = statements(script)
            .iter()
            .map(|ScriptStatement { sql, line }| (*line, *sql))
            .collect();
        assert_eq!(
            texts,
            [
                (2, "INSERT INTO t VALUES ('a;b', \"c;\")"),
                (4, "SELECT 1"),
                (
                    5,
                    "CREATE TRIGGER x AFTER INSERT ON t BEGIN\n UPDATE t SET a = 1; END"
                ),
                (7, "CREATE FUNCTION f() AS $x$ a; $x$ LANGUAGE sql"),
                (8, "SELECT 'ä;'"),
            ]
        );
        assert_eq!(statements(" -- nothing"), []);
        assert_eq!(statements("SELECT 'open").len(), 1);
    }
}
