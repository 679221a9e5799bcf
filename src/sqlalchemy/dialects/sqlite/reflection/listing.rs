//! What a SQLite database holds in its own words.

use super::AUTOMATIC;
use super::catalog::{ColumnRow, ForeignKeyRow, integer, optional_text, text};
use crate::dialects::sqlite::quoted;
use crate::inspector::{IndexOrigin, ListedColumn, ListedForeignKey, ListedIndex, ListedTable};
use driver::{Connection, Cursor, Parameters, Value};
use ground::diagnostic::Result;

/// Every table and view, by name. What SQLite can't tell of one, such as the columns of a view over
/// a table that is gone or of a virtual table whose module is not here, is left empty.
///
/// # Errors
/// What SQLite says, such as for a file that is no database.
pub(super) fn tables(connection: &dyn Connection) -> Result<Vec<ListedTable>> {
    let rows = ask(
        connection,
        "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view') \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )?
    .rows;
    Ok(rows
        .iter()
        .map(|row| {
            let mut table = ListedTable {
                name: text(row.first()),
                view: &*text(row.get(1)) == "view",
                definition: text(row.get(2)),
                ..ListedTable::default()
            };
            let name = quoted(&table.name);
            table.columns = columns(connection, &name);
            if !table.view {
                table.indexes = indexes(connection, &name);
                table.foreign_keys = foreign_keys(connection, &name);
                // A column of that name hides the rowid.
                table.has_rowid = ask(connection, &format!("SELECT rowid FROM {name} LIMIT 0"))
                    .is_ok()
                    && !table
                        .columns
                        .iter()
                        .any(|column| column.name.eq_ignore_ascii_case("rowid"));
            }
            table
        })
        .collect())
}

fn ask(connection: &dyn Connection, sql: &str) -> Result<Cursor> {
    connection.execute(sql, &Parameters::NONE)
}

/// The rows of a PRAGMA about something; none where it fails.
fn told(connection: &dyn Connection, pragma: &str, name: &str) -> Vec<Vec<Value>> {
    ask(connection, &format!("PRAGMA {pragma}({name})"))
        .map(|cursor| cursor.rows)
        .unwrap_or_default()
}

fn columns(connection: &dyn Connection, table: &str) -> Vec<ListedColumn> {
    told(connection, "table_xinfo", table)
        .iter()
        .map(|row| {
            let row = ColumnRow::read(row);
            ListedColumn {
                name: row.name,
                declared_type: row.type_,
                not_null: row.not_null,
                default: row.default,
                primary_key: u32::try_from(row.primary_key).unwrap_or(0),
            }
        })
        .collect()
}

/// From the columns of `index_list`: seq, name, unique, origin, partial.
fn indexes(connection: &dyn Connection, table: &str) -> Vec<ListedIndex> {
    told(connection, "index_list", table)
        .iter()
        .map(|row| {
            let name = text(row.get(1));
            let columns = told(connection, "index_info", &quoted(&name))
                .iter()
                .map(|column| optional_text(column.get(2)))
                .collect();
            ListedIndex {
                name: (!name.starts_with(AUTOMATIC)).then_some(name),
                unique: integer(row.get(2)) != 0,
                columns,
                origin: match &*text(row.get(3)) {
                    "u" => IndexOrigin::Unique,
                    "pk" => IndexOrigin::PrimaryKey,
                    _ => IndexOrigin::Statement,
                },
            }
        })
        .collect()
}

fn foreign_keys(connection: &dyn Connection, table: &str) -> Vec<ListedForeignKey> {
    let mut keys: Vec<ListedForeignKey> = Vec::new();
    let mut last = None;
    for row in told(connection, "foreign_key_list", table) {
        let row = ForeignKeyRow::read(&row);
        // The rows of one key follow one another.
        if last != Some(row.id) {
            last = Some(row.id);
            keys.push(ListedForeignKey {
                referred_table: row.table,
                ..ListedForeignKey::default()
            });
        }
        if let Some(key) = keys.last_mut() {
            key.columns.push(row.from);
            key.referred_columns.push(row.to);
        }
    }
    keys
}
