//! SQL as text: quoting, splitting into statements, and descriptions of indexes and foreign keys.

use crate::{ForeignKey, Index};

/// An identifier in SQL.
pub fn quote_name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// By which number a database tells the rows of a table apart that has no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowId {
    /// SQLite's `rowid`.
    Rowid,
    /// PostgreSQL's `ctid`, where a row is stored: the page times 65,536, and the place on it. It is
    /// another once the row was changed.
    Ctid,
}

impl RowId {
    /// That of a database, by its path.
    pub fn of(database: &str) -> Self {
        if database.starts_with(crate::POSTGRESQL) {
            RowId::Ctid
        } else {
            RowId::Rowid
        }
    }

    /// The number, as a column to select.
    pub fn column(self) -> &'static str {
        match self {
            RowId::Rowid => "rowid",
            RowId::Ctid => {
                "(ctid::text::point)[0]::bigint * 65536 + (ctid::text::point)[1]::bigint"
            }
        }
    }

    /// What rows are sorted by.
    pub fn order(self) -> &'static str {
        match self {
            RowId::Rowid => "rowid",
            RowId::Ctid => "ctid",
        }
    }

    /// The condition that is true of one row.
    pub fn is(self, number: i64) -> String {
        match self {
            RowId::Rowid => format!("rowid = {number}"),
            RowId::Ctid => format!("ctid = '({},{})'", number >> 16, number & 0xffff),
        }
    }
}

/// A text in SQL.
pub fn quote_text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// An index in words that name it.
pub fn describe_index(index: &Index) -> String {
    let columns = index.columns.join(", ");
    if index.name.is_empty() {
        format!("UNIQUE ({columns})")
    } else {
        format!("{} ({columns})", index.name)
    }
}

/// A foreign key in words that name it.
pub fn describe_foreign_key(key: &ForeignKey) -> String {
    format!(
        "{} → {}.{}",
        key.columns.join(", "),
        key.table,
        key.referred.join(", ")
    )
}

/// Cuts a text into statements at the semicolons that end them: those in strings, names, comments
/// and the bodies of triggers don't.
pub fn statements(sql: &str) -> Vec<&str> {
    let bytes = sql.as_bytes();
    let mut found = Vec::new();
    let mut start = 0;
    let mut position = 0;
    let mut words: Vec<String> = Vec::new();
    let mut blank = true;
    while position < bytes.len() {
        match bytes[position] {
            quote @ (b'\'' | b'"' | b'`' | b'[') => {
                let end = if quote == b'[' { b']' } else { quote };
                position += 1;
                while position < bytes.len() && bytes[position] != end {
                    position += 1;
                }
                blank = false;
                position += 1;
            }
            // PostgreSQL's `$$ … $$` and `$name$ … $name$`.
            b'$' if let Some(mark) = dollar_mark(&sql[position..]) => {
                let inside = position + mark.len();
                let length = sql[inside..].find(mark).unwrap_or(sql.len() - inside);
                position = (inside + length + mark.len()).min(sql.len());
                blank = false;
            }
            b'-' if bytes.get(position + 1) == Some(&b'-') => {
                while position < bytes.len() && bytes[position] != b'\n' {
                    position += 1;
                }
            }
            b'/' if bytes.get(position + 1) == Some(&b'*') => {
                position += 2;
                while position < bytes.len() && !bytes[position..].starts_with(b"*/") {
                    position += 1;
                }
                position += 2;
            }
            b';' => {
                let trigger = words.first().is_some_and(|word| word == "create")
                    && words.iter().take(3).any(|word| word == "trigger");
                position += 1;
                if !trigger || words.last().is_some_and(|word| word == "end") {
                    if !blank {
                        found.push(sql[start..position].trim());
                    }
                    start = position;
                    words.clear();
                    blank = true;
                }
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                let from = position;
                while position < bytes.len()
                    && (bytes[position].is_ascii_alphanumeric() || bytes[position] == b'_')
                {
                    position += 1;
                }
                words.push(sql[from..position].to_ascii_lowercase());
                blank = false;
            }
            byte => {
                blank &= byte.is_ascii_whitespace();
                position += 1;
            }
        }
    }
    if !blank {
        found.push(sql[start..].trim());
    }
    found
}

/// The mark that a text of PostgreSQL begins and ends with, where this begins with one: `$$` or `$name$`.
fn dollar_mark(text: &str) -> Option<&str> {
    let end = text[1..].find('$')? + 1;
    let name = &text[1..end];
    let word = name
        .chars()
        .all(|one| one.is_ascii_alphanumeric() || one == '_');
    (word && !name.starts_with(|one: char| one.is_ascii_digit())).then(|| &text[..=end])
}

/// The verb of a statement in capitals, after the comments before it.
pub fn first_word(sql: &str) -> String {
    let mut rest = sql.trim_start();
    loop {
        let after = if rest.starts_with("--") {
            rest.find('\n').map(|end| end + 1)
        } else if rest.starts_with("/*") {
            rest.find("*/").map(|end| end + 2)
        } else {
            break;
        };
        rest = rest[after.unwrap_or(rest.len())..].trim_start();
    }
    rest.chars()
        .take_while(char::is_ascii_alphabetic)
        .collect::<String>()
        .to_ascii_uppercase()
}

/// Whether a line that stands where commands do is SQL: its first words are those of a statement.
pub fn is_sql(line: &str) -> bool {
    let words: Vec<String> = line
        .split_whitespace()
        .take(3)
        .map(|word| word.trim_end_matches([';', '(', ',']).to_ascii_uppercase())
        .collect();
    let word = |place: usize| words.get(place).map_or("", String::as_str);
    match word(0) {
        "SELECT" | "PRAGMA" | "VALUES" => words.len() > 1,
        "INSERT" | "REPLACE" => ["INTO", "OR"].contains(&word(1)),
        "DELETE" => word(1) == "FROM",
        "UPDATE" => word(2) == "SET" || word(1) == "OR",
        "CREATE" => [
            "TABLE",
            "INDEX",
            "UNIQUE",
            "VIEW",
            "TRIGGER",
            "TEMP",
            "TEMPORARY",
            "VIRTUAL",
        ]
        .contains(&word(1)),
        "DROP" => ["TABLE", "INDEX", "VIEW", "TRIGGER"].contains(&word(1)),
        "ALTER" => word(1) == "TABLE",
        "WITH" => ["AS"].contains(&word(2)) || word(1) == "RECURSIVE",
        "EXPLAIN" => ["QUERY", "SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&word(1)),
        "BEGIN" | "COMMIT" | "ROLLBACK" | "VACUUM" | "ANALYZE" | "REINDEX" => {
            words.len() == 1 || word(1) == "TRANSACTION"
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_is_known_from_commands() {
        for line in [
            "DELETE FROM book WHERE id = 1",
            "select * from book;",
            "update book set title = 'x'",
            "pragma foreign_keys",
            "with a as (select 1) select * from a",
            "vacuum;",
        ] {
            assert!(is_sql(line), "{line}");
        }
        for line in [
            "alembic upgrade head",
            "sqlite3 app.db 'SELECT 1'",
            "select",
            "update",
            "make create table",
            "delete book",
            "",
        ] {
            assert!(!is_sql(line), "{line}");
        }
    }

    #[test]
    fn statements_end_where_they_end() {
        let sql = "INSERT INTO t VALUES ('a;b', \"c;d\"); -- one; two\n/* ; */ ;\n\
                   CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM u; SELECT 1; END;\nSELECT é";
        assert_eq!(
            statements(sql),
            [
                "INSERT INTO t VALUES ('a;b', \"c;d\");",
                "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM u; SELECT 1; END;",
                "SELECT é"
            ]
        );
        assert_eq!(first_word("-- a\n/* b */ select 1"), "SELECT");
        assert_eq!(first_word("-- a"), "");
        assert_eq!(statements("'open"), ["'open"]);
        assert!(statements(" ;; -- nothing").is_empty());
    }
}
