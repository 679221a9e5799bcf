//! `sqlite3`: SQL and the dot commands that people use, printed as the program prints them.

use std::rc::Rc;

use limbeck::driver::sqlite::Sqlite;
use limbeck::driver::{ConnectArguments, Connection, Driver as _, Parameters, Value};
use limbeck::ground::diagnostic::{Error, Result};
use limbeck::ground::host::Host as _;
use limbeck::ground::run::Run;
use protocol::sql::quote_name;
use protocol::{Cell, Rows};

use super::expansion;
use crate::database;
use crate::session::{RunObserver, Session};

/// How rows are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    List,
    Csv,
    Column,
    Table,
    Box,
    Markdown,
    Line,
    Json,
}

fn mode(name: &str) -> Option<Mode> {
    Some(match name {
        "list" | "tabs" => Mode::List,
        "csv" => Mode::Csv,
        "column" | "columns" => Mode::Column,
        "table" => Mode::Table,
        "box" | "qbox" => Mode::Box,
        "markdown" => Mode::Markdown,
        "line" | "lines" => Mode::Line,
        "json" => Mode::Json,
        _ => return None,
    })
}

/// SQLite's version, which the program is of.
#[cfg(target_family = "wasm")]
pub(crate) fn sqlite_version() -> String {
    limbeck::driver::sqlite::sqlite_version().to_owned()
}

/// Opens what the program was given, which may be no file of the workspace: in autocommit mode.
fn open(run: &Run, file: &str) -> Result<Rc<dyn Connection>> {
    Sqlite.connect(
        run,
        &ConnectArguments::new()
            .with("database", file)
            .with("isolation_level", Value::Null),
    )
}

struct Look {
    mode: Mode,
    headers: Option<bool>,
    separator: String,
    null: String,
}

impl Session {
    /// Runs `sqlite3 ARGUMENTS`.
    pub(crate) fn sqlite(
        &mut self,
        arguments: &[String],
        input: Option<&str>,
        watch: &Rc<RunObserver>,
    ) -> i32 {
        let mut look = Look {
            mode: Mode::List,
            headers: None,
            separator: "|".to_owned(),
            null: String::new(),
        };
        let mut words = arguments.iter();
        let mut file = None;
        let mut texts: Vec<String> = Vec::new();
        while let Some(word) = words.next() {
            // A text may begin with a comment.
            let option = word
                .strip_prefix("--")
                .or_else(|| word.strip_prefix('-'))
                .filter(|name| !name.contains(char::is_whitespace));
            match option.filter(|_| file.is_none() || texts.is_empty()) {
                Some("header" | "headers") => look.headers = Some(true),
                Some("noheader") => look.headers = Some(false),
                Some("batch" | "bail" | "readonly" | "safe" | "echo" | "interactive") => {}
                Some("separator") => look.separator = words.next().cloned().unwrap_or_default(),
                Some("nullvalue") => look.null = words.next().cloned().unwrap_or_default(),
                Some("cmd") => texts.extend(words.next().cloned()),
                Some("version") => {
                    self.say(&format!("{}\n", limbeck::driver::sqlite::sqlite_version()));
                    return 0;
                }
                Some(name) => match mode(name) {
                    Some(mode) => look.mode = mode,
                    None => {
                        self.complain(&format!("sqlite3: {word} is not supported here: -header, -column, -csv, -json, -line, -table and -box are"));
                        return 1;
                    }
                },
                None if file.is_none() => file = Some(word.clone()),
                None => texts.push(word.clone()),
            }
        }
        let Some(file) = file else {
            self.complain("sqlite3: name a database: sqlite3 app.db \"SELECT …\"");
            return 2;
        };
        if texts.is_empty() {
            match input {
                Some(input) => texts.push(input.to_owned()),
                None => {
                    self.complain(&format!(
                        "sqlite3: write the SQL after the file: sqlite3 {file} \"SELECT …\" or .tables; or use the SQL box above"
                    ));
                    return 2;
                }
            }
        }
        // `.schema book` without quotes around both.
        let bare = |word: &String| {
            word.chars()
                .all(|c| c.is_alphanumeric() || "_%*".contains(c))
        };
        if texts.len() > 1 && texts[0].starts_with('.') && texts[1..].iter().all(bare) {
            texts = vec![texts.join(" ")];
        }
        let file = file.strip_prefix("sqlite:///").unwrap_or(&file).to_owned();
        let there = file == ":memory:" || self.host.is_file(&file);
        let run = Run::observed(self.host.clone(), watch.clone());
        let result = open(&run, &file).and_then(|connection| {
            let result = texts
                .iter()
                .try_for_each(|text| self.sqlite_text(connection.as_ref(), text, &mut look));
            connection.close();
            result
        });
        let _ = limbeck::driver::flush(&run.host);
        if !there {
            // Looking into a database that is not there leaves none behind.
            let empty = self
                .host
                .read(&file)
                .is_ok_and(|contents| contents.is_empty());
            if empty {
                let _ = self.host.remove(&file);
            }
            if empty || !self.host.is_file(&file) {
                self.complain(&format!("limbeck: there is no database {file}"));
            }
        }
        match result {
            Ok(()) => 0,
            Err(error) => self.complain(&format!("Error: {}", error.message)),
        }
    }

    /// SQL and dot commands, line by line.
    fn sqlite_text(
        &mut self,
        connection: &dyn Connection,
        text: &str,
        look: &mut Look,
    ) -> Result<()> {
        let mut sql = String::new();
        for line in text.split_inclusive('\n') {
            let whole = sql.trim_end();
            if line.starts_with('.') && (whole.is_empty() || whole.ends_with(';')) {
                self.sqlite_statements(connection, &std::mem::take(&mut sql), look)?;
                self.dot_command(connection, line.trim(), look)?;
            } else {
                sql.push_str(line);
            }
        }
        self.sqlite_statements(connection, &sql, look)
    }

    fn sqlite_statements(
        &mut self,
        connection: &dyn Connection,
        sql: &str,
        look: &Look,
    ) -> Result<()> {
        for rows in database::query(connection, sql)? {
            self.say(&shown(&rows, look));
        }
        Ok(())
    }

    fn dot_command(
        &mut self,
        connection: &dyn Connection,
        line: &str,
        look: &mut Look,
    ) -> Result<()> {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or_default();
        let arguments: Vec<&str> = words.map(|word| word.trim_matches(['\'', '"'])).collect();
        let argument = arguments.first().copied();
        let names = |kinds: &str| -> Result<Vec<(String, String)>> {
            let rows = connection.execute(
                &format!("SELECT name, tbl_name, sql FROM sqlite_schema WHERE type IN ({kinds}) AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"),
                &Parameters::NONE,
            )?;
            Ok(rows
                .rows
                .iter()
                .map(|row| (database::text(&row[0]), database::text(&row[1])))
                .collect())
        };
        match name {
            ".tables" => {
                let mut found: Vec<String> = names("'table', 'view'")?.into_iter().map(|(name, _)| name).collect();
                found.retain(|name| argument.is_none_or(|pattern| expansion::fits(&pattern.replace('%', "*"), name)));
                self.say(&in_columns(&found));
            }
            ".indexes" | ".indices" => {
                let mut found = names("'index'")?;
                found.retain(|(_, table)| argument.is_none_or(|pattern| expansion::fits(&pattern.replace('%', "*"), table)));
                let found: Vec<String> = found.into_iter().map(|(name, _)| name).collect();
                self.say(&in_columns(&found));
            }
            ".schema" => {
                let rows = connection.execute(
                    "SELECT tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid",
                    &Parameters::NONE,
                )?;
                for row in &rows.rows {
                    let table = database::text(&row[0]);
                    if argument.is_none_or(|pattern| expansion::fits(&pattern.replace('%', "*"), &table)) {
                        self.say(&format!("{};\n", database::text(&row[1])));
                    }
                }
            }
            ".dump" => self.dump(connection, argument)?,
            ".databases" => self.say(&format!("main: {} r/w\n", connection.database().as_deref().unwrap_or("\"\""))),
            ".headers" | ".header" => look.headers = Some(matches!(argument, Some("on" | "1" | "yes"))),
            ".mode" => match argument.and_then(mode) {
                Some(mode) => look.mode = mode,
                None => return Err(unknown(&format!("{line}: list, csv, column, table, box, markdown, line and json are"))),
            },
            ".separator" => look.separator = argument.unwrap_or_default().to_owned(),
            ".nullvalue" => look.null = argument.unwrap_or_default().to_owned(),
            ".print" => self.say(&format!("{}\n", arguments.join(" "))),
            ".read" => {
                let path = argument.unwrap_or_default();
                match self.text_of(path) {
                    Ok(text) => self.sqlite_text(connection, &text, look)?,
                    Err(trouble) => return Err(Error::new("limbeck.Console", format!("{path}: {trouble}"))),
                }
            }
            ".quit" | ".exit" | ".timer" | ".echo" | ".bail" | ".width" | ".changes" => {}
            ".help" => self.say(".databases\n.dump [TABLE]\n.headers on|off\n.indexes [TABLE]\n.mode list|csv|column|table|box|markdown|line|json\n.read FILE\n.schema [TABLE]\n.separator TEXT\n.tables [PATTERN]\n"),
            name => return Err(unknown(&format!("{name}: .help lists what is"))),
        }
        Ok(())
    }

    fn dump(&mut self, connection: &dyn Connection, only: Option<&str>) -> Result<()> {
        let ask = |sql: &str| connection.execute(sql, &Parameters::NONE);
        self.say("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n");
        let objects = ask(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type = 'table' DESC, rowid",
        )?;
        for row in &objects.rows {
            let (kind, name) = (database::text(&row[0]), database::text(&row[1]));
            let table = database::text(&row[2]);
            if only.is_some_and(|only| !expansion::fits(&only.replace('%', "*"), &table)) {
                continue;
            }
            self.say(&format!("{};\n", database::text(&row[3])));
            if kind != "table" {
                continue;
            }
            let columns = ask(&format!("PRAGMA table_info({})", quote_name(&name)))?;
            let quoted: Vec<String> = columns
                .rows
                .iter()
                .map(|column| format!("quote({})", quote_name(&database::text(&column[1]))))
                .collect();
            let rows = ask(&format!(
                "SELECT {} FROM {}",
                quoted.join(", "),
                quote_name(&name)
            ))?;
            let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let shown = if plain {
                name.clone()
            } else {
                quote_name(&name)
            };
            for row in &rows.rows {
                let values: Vec<String> = row.iter().map(database::text).collect();
                self.say(&format!(
                    "INSERT INTO {shown} VALUES({});\n",
                    values.join(",")
                ));
            }
        }
        self.say("COMMIT;\n");
        Ok(())
    }
}

fn unknown(what: &str) -> Error {
    Error::new("limbeck.Console", format!("not supported here: {what}"))
}

/// Names side by side in 80 columns, as `.tables` has them.
fn in_columns(names: &[String]) -> String {
    let width = names
        .iter()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or_default();
    let columns = (80 / (width + 2)).max(1);
    let rows = names.len().div_ceil(columns);
    let mut text = String::new();
    for row in 0..rows {
        let line: Vec<String> = (row..names.len())
            .step_by(rows)
            .map(|index| format!("{:<width$}", names[index]))
            .collect();
        text.push_str(line.join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn cell(cell: &Cell, look: &Look) -> String {
    match cell {
        Cell::Null => look.null.clone(),
        other => database::plain(other),
    }
}

fn shown(rows: &Rows, look: &Look) -> String {
    if rows.columns.is_empty() {
        return String::new();
    }
    let mut table: Vec<Vec<String>> = rows
        .rows
        .iter()
        .map(|row| row.iter().map(|value| cell(value, look)).collect())
        .collect();
    let mut text = String::new();
    match look.mode {
        Mode::List | Mode::Csv => {
            if look.headers == Some(true) {
                table.insert(0, rows.columns.clone());
            }
            for row in &table {
                let row: Vec<String> = if look.mode == Mode::Csv {
                    row.iter().map(|value| csv(value)).collect()
                } else {
                    row.clone()
                };
                let separator = if look.mode == Mode::Csv {
                    ","
                } else {
                    &look.separator
                };
                text.push_str(&row.join(separator));
                text.push('\n');
            }
        }
        Mode::Line => {
            let width = rows
                .columns
                .iter()
                .map(|name| name.chars().count())
                .max()
                .unwrap_or_default();
            for (index, row) in table.iter().enumerate() {
                if index > 0 {
                    text.push('\n');
                }
                for (name, value) in rows.columns.iter().zip(row) {
                    text.push_str(&format!("{name:>width$} = {value}\n"));
                }
            }
        }
        Mode::Json => {
            let objects: Vec<String> = rows
                .rows
                .iter()
                .map(|row| {
                    let members: Vec<String> = rows
                        .columns
                        .iter()
                        .zip(row)
                        .map(|(name, value)| format!("{}:{}", json(name), json_of(value)))
                        .collect();
                    format!("{{{}}}", members.join(","))
                })
                .collect();
            if !objects.is_empty() {
                text = format!("[{}]\n", objects.join(",\n"));
            }
        }
        Mode::Column | Mode::Table | Mode::Box | Mode::Markdown => {
            if !table.is_empty() {
                text = ruled(&rows.columns, &table, look);
            }
        }
    }
    if rows.total > rows.rows.len() as u64 {
        text.push_str(&format!(
            "… {} more rows\n",
            rows.total - rows.rows.len() as u64
        ));
    }
    text
}

fn ruled(columns: &[String], table: &[Vec<String>], look: &Look) -> String {
    let widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(index, name)| {
            table
                .iter()
                .filter_map(|row| row.get(index))
                .chain([name])
                .map(|value| value.chars().count())
                .max()
                .unwrap_or_default()
        })
        .collect();
    let row = |values: &[String], left: &str, between: &str, right: &str| {
        let cells: Vec<String> = values
            .iter()
            .zip(&widths)
            .map(|(value, width)| format!("{value:<width$}"))
            .collect();
        let line = format!("{left}{}{right}", cells.join(between));
        format!(
            "{}\n",
            if right.is_empty() {
                line.trim_end()
            } else {
                &line
            }
        )
    };
    let rule = |stroke: &str, margin: usize, left: &str, between: &str, right: &str| {
        let strokes: Vec<String> = widths
            .iter()
            .map(|width| stroke.repeat(width + margin))
            .collect();
        format!("{left}{}{right}\n", strokes.join(between))
    };
    let mut text = String::new();
    let (left, between, right) = match look.mode {
        Mode::Box => ("│ ", " │ ", " │"),
        Mode::Column => ("", "  ", ""),
        _ => ("| ", " | ", " |"),
    };
    match look.mode {
        Mode::Table => text.push_str(&rule("-", 2, "+", "+", "+")),
        Mode::Box => text.push_str(&rule("─", 2, "┌", "┬", "┐")),
        _ => {}
    }
    if look.mode != Mode::Column || look.headers != Some(false) {
        text.push_str(&row(columns, left, between, right));
        text.push_str(&match look.mode {
            Mode::Table => rule("-", 2, "+", "+", "+"),
            Mode::Box => rule("─", 2, "├", "┼", "┤"),
            Mode::Markdown => rule("-", 2, "|", "|", "|"),
            _ => rule("-", 0, "", "  ", ""),
        });
    }
    for values in table {
        text.push_str(&row(values, left, between, right));
    }
    match look.mode {
        Mode::Table => text.push_str(&rule("-", 2, "+", "+", "+")),
        Mode::Box => text.push_str(&rule("─", 2, "└", "┴", "┘")),
        _ => {}
    }
    text
}

fn csv(value: &str) -> String {
    if value.contains([',', '"', '\n', '\'', ' ']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

fn json_of(cell: &Cell) -> String {
    match cell {
        Cell::Null => "null".to_owned(),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(number) => limbeck::ground::formatting::repr::float_repr(*number),
        other => json(&database::plain(other)),
    }
}
