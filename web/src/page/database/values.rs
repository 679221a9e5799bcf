//! Values of rows as text: how one is typed, what does not fit its column, and rows as the clipboard gets
//! them.

use std::cmp::Ordering;
use std::fmt::Write as _;

use base64::Engine as _;
use protocol::sql::{quote_name, quote_text};
use protocol::{Cell, Column};

use super::words::grid as words;

/// What a cell's editor begins with; nothing for a value that can't be typed.
pub fn editable(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Null => Some(String::new()),
        Cell::Integer(number) => Some(number.to_string()),
        Cell::Real(number) => Some(format!("{number:?}")),
        Cell::Text(text) => Some(text.clone()),
        Cell::Blob(_) => None,
    }
}

/// What a column's declared type asks of a value. SQLite itself takes any value in any column, so that
/// only a person can be told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Integer,
    Number,
    Boolean,
    Date,
    DateTime,
    Time,
    Json,
    Other,
}

fn kind_of(column: &Column) -> Kind {
    let kind = column.kind.to_ascii_uppercase();
    let has = |part: &str| kind.contains(part);
    if has("JSON") {
        Kind::Json
    } else if has("BOOL") {
        Kind::Boolean
    } else if has("DATETIME") || has("TIMESTAMP") {
        Kind::DateTime
    } else if has("DATE") {
        Kind::Date
    } else if ["CHAR", "TEXT", "CLOB", "UUID", "ENUM", "INTERVAL", "POINT"]
        .iter()
        .any(|part| has(part))
    {
        Kind::Other
    } else if has("INT") {
        Kind::Integer
    } else if has("TIME") {
        Kind::Time
    } else if ["REAL", "FLOA", "DOUB", "NUMERIC", "DECIMAL"]
        .iter()
        .any(|part| has(part))
    {
        Kind::Number
    } else {
        Kind::Other
    }
}

/// A typed value in SQL: a number where the column takes one.
pub fn literal(text: &str, column: &Column) -> String {
    if column.strict {
        // It reads its own types.
        return quote_text(text);
    }
    let kind = kind_of(column);
    let textual = matches!(kind, Kind::Date | Kind::DateTime | Kind::Time | Kind::Json)
        || ["CHAR", "TEXT", "CLOB", "UUID"]
            .iter()
            .any(|part| column.kind.to_ascii_uppercase().contains(part));
    if !textual && (text.parse::<i64>().is_ok() || is_number(text)) {
        return text.to_owned();
    }
    match text.to_ascii_lowercase().as_str() {
        "true" if kind == Kind::Boolean => "1".to_owned(),
        "false" if kind == Kind::Boolean => "0".to_owned(),
        _ => quote_text(text),
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite)
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || "+-.eE".contains(c))
}

/// Numbers at fixed places, such as `####-##-##`.
fn fits(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| {
            if wanted == b'#' {
                byte.is_ascii_digit()
            } else {
                byte == wanted
            }
        })
}

fn is_date(text: &str) -> bool {
    let part = |range: std::ops::Range<usize>| {
        text.get(range)
            .and_then(|digits| digits.parse::<u32>().ok())
            .unwrap_or_default()
    };
    fits(text, "####-##-##") && (1..=12).contains(&part(5..7)) && (1..=31).contains(&part(8..10))
}

fn is_time(text: &str) -> bool {
    let (text, fraction) = text.split_once('.').unwrap_or((text, ""));
    (fits(text, "##:##") || fits(text, "##:##:##"))
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && text
            .split(':')
            .zip([23, 59, 59])
            .all(|(part, most)| part.parse::<u32>().is_ok_and(|number| number <= most))
}

fn is_moment(text: &str) -> bool {
    text.split_once([' ', 'T'])
        .is_some_and(|(date, time)| is_date(date) && is_time(time))
}

/// The length that a declared type such as `VARCHAR(50)` names.
fn length_of(column: &Column) -> Option<usize> {
    let (name, rest) = column.kind.split_once('(')?;
    name.to_ascii_uppercase()
        .contains("CHAR")
        .then(|| rest.trim_end_matches(')').trim().parse().ok())?
}

/// Why a typed value does not fit its column, in words.
pub fn misfit(text: &str, column: &Column) -> Option<String> {
    if column.strict {
        return None;
    }
    let said = |wanted: &str| Some(words::unfit(text, wanted, &column.kind));
    match kind_of(column) {
        Kind::Integer if text.parse::<i64>().is_err() => said(words::INTEGER),
        Kind::Number if !is_number(text) => said(words::NUMBER),
        Kind::Boolean
            if !["0", "1", "true", "false"].contains(&text.to_ascii_lowercase().as_str()) =>
        {
            said(words::BOOLEAN)
        }
        Kind::Date if !is_date(text) => said(words::DATE),
        Kind::DateTime if !is_moment(text) => said(words::DATE_TIME),
        Kind::Time if !is_time(text) => said(words::TIME),
        Kind::Json if serde_json::from_str::<serde_json::Value>(text).is_err() => said(words::JSON),
        Kind::Other => length_of(column)
            .filter(|length| text.chars().count() > *length)
            .map(|length| words::too_long(text.chars().count(), length)),
        _ => None,
    }
}

/// The order of two values as `ORDER BY` has it: NULL, numbers, texts, blobs.
pub fn compare(one: &Cell, other: &Cell) -> Ordering {
    let rank = |cell: &Cell| match cell {
        Cell::Null => 0,
        Cell::Integer(_) | Cell::Real(_) => 1,
        Cell::Text(_) => 2,
        Cell::Blob(_) => 3,
    };
    match (one, other) {
        (Cell::Integer(one), Cell::Integer(other)) => one.cmp(other),
        (Cell::Integer(one), Cell::Real(other)) => (*one as f64).total_cmp(other),
        (Cell::Real(one), Cell::Integer(other)) => one.total_cmp(&(*other as f64)),
        (Cell::Real(one), Cell::Real(other)) => one.total_cmp(other),
        (Cell::Text(one), Cell::Text(other)) | (Cell::Blob(one), Cell::Blob(other)) => {
            one.cmp(other)
        }
        _ => rank(one).cmp(&rank(other)),
    }
}

/// What rows are copied as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Values with tabs between, as a spreadsheet takes them.
    Tsv,
    /// RFC 4180.
    Csv,
    /// INSERT statements.
    Insert,
    /// A table of Markdown.
    Markdown,
}

/// All of them, with their names.
pub const FORMATS: [(Format, &str); 4] = [
    (Format::Tsv, words::TSV),
    (Format::Csv, words::CSV),
    (Format::Insert, words::INSERT),
    (Format::Markdown, words::MARKDOWN),
];

/// A value as text; NULL is none, a blob stands in hexadecimal.
pub fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Blob(base64) => blob(base64),
        cell => editable(cell).unwrap_or_default(),
    }
}

/// A blob, which comes in base64, as SQL writes it.
fn blob(base64: &str) -> String {
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(base64)
        .unwrap_or_default();
    let mut hexadecimal = String::from("X'");
    for byte in bytes {
        let _ = write!(hexadecimal, "{byte:02X}");
    }
    hexadecimal + "'"
}

fn sql(cell: &Cell) -> String {
    match cell {
        Cell::Null => "NULL".to_owned(),
        Cell::Text(text) => quote_text(text),
        Cell::Blob(base64) => blob(base64),
        cell => plain(cell),
    }
}

/// Rows as text; `table` is the one that INSERT names.
pub fn write(format: Format, table: &str, columns: &[String], rows: &[Vec<Cell>]) -> String {
    let line = |values: &mut dyn Iterator<Item = String>, between: &str| {
        let mut line = values.collect::<Vec<_>>().join(between);
        line.push('\n');
        line
    };
    match format {
        Format::Tsv => {
            let safe = |text: String| text.replace(['\t', '\n', '\r'], " ");
            let mut text = line(&mut columns.iter().cloned().map(safe), "\t");
            for row in rows {
                text.push_str(&line(&mut row.iter().map(plain).map(safe), "\t"));
            }
            text
        }
        Format::Csv => {
            let quoted = |text: String| {
                if text.contains(['"', ',', '\n', '\r']) {
                    format!("\"{}\"", text.replace('"', "\"\""))
                } else {
                    text
                }
            };
            let mut text = line(&mut columns.iter().cloned().map(quoted), ",");
            for row in rows {
                let mut values = row.iter().map(|cell| match cell {
                    // An empty text is not NULL.
                    Cell::Text(text) if text.is_empty() => "\"\"".to_owned(),
                    cell => quoted(plain(cell)),
                });
                text.push_str(&line(&mut values, ","));
            }
            text
        }
        Format::Insert => {
            let names: Vec<String> = columns.iter().map(|name| quote_name(name)).collect();
            let mut text = String::new();
            for row in rows {
                let values: Vec<String> = row.iter().map(sql).collect();
                let _ = writeln!(
                    text,
                    "INSERT INTO {} ({}) VALUES ({});",
                    quote_name(table),
                    names.join(", "),
                    values.join(", ")
                );
            }
            text
        }
        Format::Markdown => {
            let safe = |text: String| {
                text.replace('\\', "\\\\")
                    .replace('|', "\\|")
                    .replace(['\n', '\r'], " ")
            };
            let mut text = format!(
                "| {}| {}",
                line(&mut columns.iter().cloned().map(safe), " | ").replace('\n', " |\n"),
                line(&mut columns.iter().map(|_| "---".to_owned()), " | ").replace('\n', " |\n")
            );
            for row in rows {
                let mut values = row.iter().map(|cell| match cell {
                    Cell::Null => "NULL".to_owned(),
                    cell => safe(plain(cell)),
                });
                let _ = write!(text, "| {}", line(&mut values, " | ").replace('\n', " |\n"));
            }
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(kind: &str) -> Column {
        Column {
            strict: false,
            kind: kind.to_owned(),
            ..Column::default()
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        for (kind, good, bad) in [
            ("INTEGER", "12", "twelve"),
            ("BIGINT", "-1", "1.5"),
            ("NUMERIC(10, 2)", "1.5", "1,5"),
            ("FLOAT", "1e3", "nan"),
            ("BOOLEAN", "true", "yes"),
            ("DATE", "2026-05-01", "1.5.2026"),
            ("DATE", "2026-12-31", "2026-13-01"),
            ("DATETIME", "2026-05-01 10:00:00.000000", "2026-05-01"),
            ("TIME", "10:00", "25:00"),
            ("JSON", "{\"a\": 1}", "{a}"),
            ("VARCHAR(3)", "abc", "abcd"),
        ] {
            assert_eq!(misfit(good, &column(kind)), None, "{kind} {good}");
            assert!(misfit(bad, &column(kind)).is_some(), "{kind} {bad}");
        }
        assert_eq!(misfit("anything", &column("TEXT")), None);
        assert_eq!(misfit("anything", &column("")), None);
    }

    #[test]
    fn numbers_stay_numbers_and_texts_texts() {
        assert_eq!(literal("12", &column("INTEGER")), "12");
        assert_eq!(literal("012", &column("VARCHAR(20)")), "'012'");
        assert_eq!(literal("inf", &column("INTEGER")), "'inf'");
        assert_eq!(literal("true", &column("BOOLEAN")), "1");
        assert_eq!(literal("", &column("VARCHAR")), "''");
        assert_eq!(literal("it's", &column("TEXT")), "'it''s'");
    }

    #[test]
    fn rows_are_written_in_each_format() {
        let columns = ["id".to_owned(), "a b".to_owned()];
        let rows = [
            vec![Cell::Integer(1), Cell::Text("x|\"y\", z".into())],
            vec![Cell::Null, Cell::Blob("AQL/".into())],
            vec![Cell::Real(1.0), Cell::Text(String::new())],
        ];
        let written = |format| write(format, "my \"t\"", &columns, &rows);
        assert_eq!(
            written(Format::Tsv),
            "id\ta b\n1\tx|\"y\", z\n\tX'0102FF'\n1.0\t\n"
        );
        assert_eq!(
            written(Format::Csv),
            "id,a b\n1,\"x|\"\"y\"\", z\"\n,X'0102FF'\n1.0,\"\"\n"
        );
        assert_eq!(
            written(Format::Insert),
            "INSERT INTO \"my \"\"t\"\"\" (\"id\", \"a b\") VALUES (1, 'x|\"y\", z');\n\
             INSERT INTO \"my \"\"t\"\"\" (\"id\", \"a b\") VALUES (NULL, X'0102FF');\n\
             INSERT INTO \"my \"\"t\"\"\" (\"id\", \"a b\") VALUES (1.0, '');\n"
        );
        assert_eq!(
            written(Format::Markdown),
            "| id | a b |\n| --- | --- |\n| 1 | x\\|\"y\", z |\n| NULL | X'0102FF' |\n| 1.0 |  |\n"
        );
        assert_eq!(plain(&Cell::Blob("AQ==".into())), "X'01'");
        assert_eq!(plain(&Cell::Blob("AQI=".into())), "X'0102'");
    }

    #[test]
    fn values_sort_as_sqlite_sorts_them() {
        let mut cells = vec![
            Cell::Text("a".into()),
            Cell::Integer(2),
            Cell::Null,
            Cell::Real(1.5),
        ];
        cells.sort_by(compare);
        assert_eq!(
            cells,
            [
                Cell::Null,
                Cell::Real(1.5),
                Cell::Integer(2),
                Cell::Text("a".into())
            ]
        );
    }
}
