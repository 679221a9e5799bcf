//! `psql`: SQL in a database of PostgreSQL, printed as the program prints it.

use std::rc::Rc;

use limbeck::driver::Cursor;
use limbeck::ground::diagnostic::Result;
use limbeck::ground::run::Run;
use protocol::POSTGRESQL;
use protocol::sql::{first_word, statements};
use protocol::{Cell, Rows};

use crate::database;
use crate::postgresql::{self, path_of};
use crate::session::{RunObserver, Session};

/// What `\dt` asks.
const TABLES: &str = "SELECT n.nspname AS \"Schema\", c.relname AS \"Name\", 'table' AS \"Type\", \
                      pg_get_userbyid(c.relowner) AS \"Owner\" FROM pg_class c \
                      JOIN pg_namespace n ON n.oid = c.relnamespace \
                      WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' \
                      AND n.nspname !~ '^pg_' AND pg_table_is_visible(c.oid) ORDER BY 1, 2";

/// How rows are printed.
#[derive(Default)]
struct Look {
    /// `-t`: without names and the number of rows.
    tuples_only: bool,
    /// `-A`: values side by side.
    unaligned: bool,
    /// `-q`: without the tags of statements that give no rows.
    quiet: bool,
}

impl Session {
    /// Runs `psql ARGUMENTS`.
    pub(crate) fn psql(
        &mut self,
        arguments: &[String],
        input: Option<&str>,
        watch: &Rc<RunObserver>,
    ) -> i32 {
        let mut look = Look::default();
        let (mut name, mut texts) = (None, Vec::new());
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "-c" | "--command" => texts.extend(words.next().cloned()),
                "-d" | "--dbname" => name = words.next().cloned(),
                // Whoever and wherever: it is this page's.
                "-h" | "--host" | "-p" | "--port" | "-U" | "--username" | "-v" | "--set" => {
                    words.next();
                }
                "-w" | "-W" | "-X" | "-1" | "--no-psqlrc" | "--single-transaction" => {}
                "-t" | "--tuples-only" => look.tuples_only = true,
                "-A" | "--no-align" => look.unaligned = true,
                "-q" | "--quiet" => look.quiet = true,
                "-At" | "-tA" | "-qAt" => {
                    (look.tuples_only, look.unaligned) = (true, true);
                }
                "-f" | "--file" => {
                    let path = words.next().cloned().unwrap_or_default();
                    match self.text_of(&path) {
                        Ok(text) => texts.push(text),
                        Err(what) => return self.complain(&format!("psql: {path}: {what}")),
                    }
                }
                option if option.starts_with('-') => {
                    self.complain(&format!(
                        "psql: {option} is not supported here: -c, -f, -d, -t, -A and -q are"
                    ));
                    return 2;
                }
                _ if name.is_none() => name = Some(word.clone()),
                // The user.
                _ => {}
            }
        }
        if texts.is_empty() {
            match input {
                Some(input) => texts.push(input.to_owned()),
                None => {
                    self.complain(
                        "psql: write the SQL: psql -c \"SELECT …\"; or use the SQL box above",
                    );
                    return 2;
                }
            }
        }
        let Some(path) = self.database_for(name.as_deref()) else {
            self.complain("psql: name a database: psql app -c \"SELECT …\"");
            return 2;
        };
        let run = Run::observed(self.host.clone(), watch.clone());
        let result = database::open(&run, &path).and_then(|connection| {
            let result = texts.iter().try_for_each(|text| -> Result<()> {
                for statement in statements(text) {
                    let sql = match statement.trim() {
                        "\\dt" => TABLES,
                        sql => sql,
                    };
                    let cursor = connection.execute_text(sql)?;
                    self.say(&printed(&cursor, sql, &look));
                }
                Ok(())
            });
            connection.close();
            result
        });
        match result {
            Ok(()) => 0,
            Err(error) => self.complain(&format!("ERROR:  {}", error.message)),
        }
    }

    /// The database of a name or of a URL; without either, the project's own.
    fn database_for(&mut self, name: Option<&str>) -> Option<String> {
        match name {
            Some(name) => {
                let name = match name.split_once("://") {
                    Some((_, rest)) => {
                        let path = rest.rsplit_once('/').map_or(rest, |(_, path)| path);
                        path.split('?').next().unwrap_or(path)
                    }
                    None => name,
                };
                Some(path_of(name))
            }
            None => {
                let view = self.view();
                let own = view.migrations.database.clone();
                let mut all = view.databases.iter().map(|database| database.path.clone());
                own.filter(|path| postgresql::is_database(path))
                    .or_else(|| all.find(|path| path.starts_with(POSTGRESQL)))
            }
        }
    }
}

/// A result as the program prints it.
fn printed(cursor: &Cursor, sql: &str, look: &Look) -> String {
    let Some(names) = &cursor.description else {
        let verb = first_word(sql);
        return match verb.as_str() {
            _ if look.quiet => String::new(),
            "INSERT" => format!("INSERT 0 {}\n", cursor.rowcount),
            "UPDATE" | "DELETE" | "MERGE" => format!("{verb} {}\n", cursor.rowcount),
            "CREATE" | "ALTER" | "DROP" => {
                let words = sql.split_whitespace().skip(1);
                let kind = words.map(str::to_ascii_uppercase).find(|word| {
                    !["UNIQUE", "OR", "REPLACE", "TEMP", "TEMPORARY"].contains(&&**word)
                });
                format!("{verb} {}\n", kind.unwrap_or_default())
            }
            _ => format!("{verb}\n"),
        };
    };
    let rows = Rows {
        columns: names.iter().map(|name| name.to_string()).collect(),
        rows: cursor
            .rows
            .iter()
            .map(|row| row.iter().map(database::cell).collect())
            .collect(),
        ..Rows::default()
    };
    if look.unaligned {
        unaligned(&rows, look)
    } else {
        aligned(&rows, look)
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if text == "true" => "t".to_owned(),
        Cell::Text(text) if text == "false" => "f".to_owned(),
        other => database::plain(other),
    }
}

fn footer(rows: &Rows) -> String {
    match rows.rows.len() {
        1 => "(1 row)\n".to_owned(),
        many => format!("({many} rows)\n"),
    }
}

fn unaligned(rows: &Rows, look: &Look) -> String {
    let mut lines: Vec<String> = rows
        .rows
        .iter()
        .map(|row| row.iter().map(text).collect::<Vec<_>>().join("|"))
        .collect();
    if look.tuples_only {
        return lines.iter().map(|line| format!("{line}\n")).collect();
    }
    lines.insert(0, rows.columns.join("|"));
    lines
        .iter()
        .map(|line| format!("{line}\n"))
        .collect::<String>()
        + &footer(rows)
}

fn aligned(rows: &Rows, look: &Look) -> String {
    let cells: Vec<Vec<String>> = rows
        .rows
        .iter()
        .map(|row| row.iter().map(text).collect())
        .collect();
    let length = |text: &String| text.chars().count();
    let width = |column: usize| {
        let values = cells.iter().filter_map(|row| row.get(column));
        let name = if look.tuples_only {
            0
        } else {
            length(&rows.columns[column])
        };
        values.map(length).max().unwrap_or_default().max(name)
    };
    let widths: Vec<usize> = (0..rows.columns.len()).map(width).collect();
    let mut printed = String::new();
    if !look.tuples_only {
        let names = rows.columns.iter().zip(&widths);
        let names: Vec<String> = names
            .map(|(name, width)| format!(" {name:^width$} "))
            .collect();
        let lines: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
        printed.push_str(&format!(
            "{}\n{}\n",
            names.join("|").trim_end(),
            lines.join("+")
        ));
    }
    for (row, values) in rows.rows.iter().zip(&cells) {
        let parts: Vec<String> = row
            .iter()
            .zip(values)
            .zip(&widths)
            .map(|((cell, value), width)| match cell {
                Cell::Integer(_) | Cell::Real(_) => format!(" {value:>width$} "),
                _ => format!(" {value:<width$} "),
            })
            .collect();
        printed.push_str(parts.join("|").trim_end());
        printed.push('\n');
    }
    if !look.tuples_only {
        printed.push_str(&footer(rows));
    }
    printed.push('\n');
    printed
}
