//! What a database file holds: tables, rows, and SQL run on it.

use std::rc::Rc;

use base64::Engine as _;
use limbeck::driver::sqlite::Sqlite;
use limbeck::driver::{ConnectArguments, Connection, Driver as _, Parameters, Value};
use limbeck::ground::diagnostic::{Error, Result};
use limbeck::ground::order::InOrder;
use limbeck::ground::run::Run;
use protocol::sql::{quote_name, statements};
use protocol::{Cell, Column, ForeignKey, Index, Rows, Table};

pub(crate) mod changes;
mod requests;
pub(crate) mod words;

/// How many rows of a result go to the page.
pub const RESULT_ROWS: usize = 1_000;

/// How many characters of one value go to the page.
const CELL_CHARACTERS: usize = 100_000;

/// Opens a database of the workspace, in autocommit mode: SQL is run as it is written.
///
/// # Errors
///
/// SQLite's.
pub fn open(run: &Run, path: &str) -> Result<Rc<dyn Connection>> {
    Sqlite.connect(
        run,
        &ConnectArguments::new()
            .with("database", path)
            .with("isolation_level", Value::Null),
    )
}

/// A value as text; NULL is none.
pub fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Null => String::new(),
        other => other.python_repr(),
    }
}

fn integer(value: &Value) -> i64 {
    value.as_integer().unwrap_or_default()
}

/// Reads every table and view. One that SQLite can't tell of, such as a view over a table that is gone
/// or a virtual table of a module that is not here, has no columns and hides no other.
///
/// # Errors
///
/// SQLite's, such as for a file that is no database.
pub fn tables(connection: &dyn Connection) -> Result<Vec<Table>> {
    let ask = |sql: &str| connection.execute(sql, &Parameters::NONE);
    let told = |sql: &str| ask(sql).map(|cursor| cursor.rows).unwrap_or_default();
    let mut tables = Vec::new();
    for row in ask(
        "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view') \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )?
    .rows
    {
        let name = text(&row[0]);
        let quoted = quote_name(&name);
        let mut table = Table {
            view: text(&row[1]) == "view",
            sql: text(&row[2]),
            ..Table::default()
        };
        for column in told(&format!("PRAGMA table_xinfo({quoted})")) {
            table.columns.push(Column {
                name: text(&column[1]),
                kind: text(&column[2]),
                not_null: integer(&column[3]) != 0,
                default: match &column[4] {
                    Value::Null => None,
                    other => Some(text(other)),
                },
                primary_key: integer(&column[5]) as u32,
            });
        }
        if !table.view {
            for index in told(&format!("PRAGMA index_list({quoted})")) {
                let index_name = text(&index[1]);
                let columns = told(&format!("PRAGMA index_info({})", quote_name(&index_name)))
                    .iter()
                    .map(|column| match &column[2] {
                        Value::Null => "(…)".to_owned(),
                        other => text(other),
                    })
                    .collect();
                table.indexes.push(Index {
                    name: if index_name.starts_with("sqlite_autoindex") {
                        String::new()
                    } else {
                        index_name
                    },
                    unique: integer(&index[2]) != 0,
                    columns,
                    origin: text(&index[3]),
                });
            }
            table
                .indexes
                .in_order_by(|a, b| (&a.name, &a.columns).cmp(&(&b.name, &b.columns)));
            let mut last = None;
            for key in told(&format!("PRAGMA foreign_key_list({quoted})")) {
                if last != Some(integer(&key[0])) {
                    last = Some(integer(&key[0]));
                    table.foreign_keys.push(ForeignKey {
                        table: text(&key[2]),
                        ..ForeignKey::default()
                    });
                }
                if let Some(foreign_key) = table.foreign_keys.last_mut() {
                    foreign_key.columns.push(text(&key[3]));
                    foreign_key.referred.push(text(&key[4]));
                }
            }
            table
                .foreign_keys
                .in_order_by(|a, b| a.columns.cmp(&b.columns));
            table.rowid = ask(&format!("SELECT rowid FROM {quoted} LIMIT 0")).is_ok()
                && !table
                    .columns
                    .iter()
                    .any(|column| column.name.eq_ignore_ascii_case("rowid"));
        }
        // A view over a table that is gone can't be counted.
        table.rows = ask(&format!("SELECT count(*) FROM {quoted}"))
            .ok()
            .and_then(|cursor| cursor.rows.first().map(|row| integer(&row[0]) as u64))
            .unwrap_or_default();
        table.name = name;
        tables.push(table);
    }
    Ok(tables)
}

/// A value as it goes to the page.
pub fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Integer(number) => Cell::Integer(*number),
        Value::Real(number) => Cell::Real(*number),
        Value::Text(text) => Cell::Text(if text.len() > CELL_CHARACTERS {
            text.chars().take(CELL_CHARACTERS).collect()
        } else {
            text.to_string()
        }),
        Value::Blob(bytes) => {
            Cell::Blob(base64::engine::general_purpose::STANDARD.encode(&bytes[..]))
        }
    }
}

/// Some rows of a table, with the `rowid` that they can be edited by.
///
/// # Errors
///
/// SQLite's.
pub fn rows(connection: &dyn Connection, table: &Table, offset: u32, limit: u32) -> Result<Rows> {
    let quoted = quote_name(&table.name);
    let selected = if table.rowid { "rowid, *" } else { "*" };
    let order = if table.rowid { "ORDER BY rowid" } else { "" };
    let cursor = connection.execute(
        &format!("SELECT {selected} FROM {quoted} {order} LIMIT {limit} OFFSET {offset}"),
        &Parameters::NONE,
    )?;
    let skip = usize::from(table.rowid);
    Ok(Rows {
        columns: cursor
            .description
            .iter()
            .flat_map(|names| names.iter())
            .skip(skip)
            .map(|name| name.to_string())
            .collect(),
        rowids: if table.rowid {
            cursor.rows.iter().map(|row| integer(&row[0])).collect()
        } else {
            Vec::new()
        },
        rows: cursor
            .rows
            .iter()
            .map(|row| row.iter().skip(skip).map(cell).collect())
            .collect(),
        total: table.rows,
        changed: 0,
    })
}

/// Runs the statements of a text, each after the other; the first that fails ends it.
///
/// # Errors
///
/// SQLite's; what ran before stays, as it does in `sqlite3`.
pub fn query(connection: &dyn Connection, sql: &str) -> Result<Vec<Rows>> {
    let mut results = Vec::new();
    for statement in statements(sql) {
        let cursor = connection.execute(statement, &Parameters::NONE)?;
        let total = cursor.rows.len() as u64;
        results.push(Rows {
            columns: cursor
                .description
                .iter()
                .flat_map(|names| names.iter())
                .map(|name| name.to_string())
                .collect(),
            rows: cursor
                .rows
                .iter()
                .take(RESULT_ROWS)
                .map(|row| row.iter().map(cell).collect())
                .collect(),
            rowids: Vec::new(),
            total,
            changed: cursor.rowcount,
        });
    }
    if connection.in_transaction() {
        connection.rollback()?;
        return Err(Error::new(
            "sqlite3.OperationalError",
            "a transaction was left open: it was rolled back. End it with COMMIT in the same text",
        ));
    }
    Ok(results)
}

/// A value as the program `sqlite3` prints it.
pub fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(number) => limbeck::ground::formatting::repr::float_repr(*number),
        Cell::Text(text) => text.clone(),
        Cell::Blob(bytes) => String::from_utf8_lossy(
            &base64::engine::general_purpose::STANDARD
                .decode(bytes)
                .unwrap_or_default(),
        )
        .into_owned(),
    }
}
