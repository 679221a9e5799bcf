//! What a database of the workspace holds: tables, rows, and SQL run on it.

use std::rc::Rc;

use base64::Engine as _;
use limbeck::driver::{Connection, Parameters, Value};
use limbeck::ground::diagnostic::{Error, Result};
use limbeck::ground::order::InOrder;
use limbeck::ground::run::Run;
use limbeck::sqlalchemy::engine;
use limbeck::sqlalchemy::image::owner;
use limbeck::sqlalchemy::inspector::{
    IndexOrigin, Inspector, ListedColumn, ListedForeignKey, ListedIndex, ListedTable,
};
use protocol::sql::{RowId, quote_name, statements};
use protocol::{Cell, Column, ForeignKey, Index, Order, Rows, Table};

pub(crate) mod changes;
pub mod image;
mod requests;
pub(crate) mod words;

/// How many rows of a result go to the page.
pub const RESULT_ROWS: usize = 1_000;

/// How many characters of one value go to the page.
const CELL_CHARACTERS: usize = 100_000;

/// Connects to a database of the workspace, in autocommit mode: SQL is run as it is written.
///
/// # Errors
///
/// The database's.
pub fn connect(run: &Run, path: &str) -> Result<engine::Connection> {
    let images = owner(path).map_err(|error| image::unreadable(&error))?;
    // What the driver itself said, without what SQLAlchemy writes around it.
    let own = |error: Error| error.cause.clone().unwrap_or(error);
    images.connect(run, path).map_err(own)
}

/// Opens a database of the workspace as [`connect`] does, for what only runs SQL. It closes with the
/// last handle of it.
///
/// # Errors
///
/// The database's.
pub fn open(run: &Run, path: &str) -> Result<Rc<dyn Connection>> {
    connect(run, path)?.dbapi()
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

/// Reads every table and view. One that the database can't tell of, such as a view over a table that
/// is gone or a virtual table of a module that is not here, has no columns and hides no other.
///
/// # Errors
///
/// The database's, such as for a file that is no database.
pub fn tables(connection: &engine::Connection) -> Result<Vec<Table>> {
    let listing = Inspector::new(connection)?.get_listing()?;
    let dbapi = connection.dbapi()?;
    Ok(listing
        .into_iter()
        .map(|listed| Table {
            rows: count(&*dbapi, &listed.name),
            ..table(listed)
        })
        .collect())
}

/// How many rows a table has; none where they can't be counted, as of a view over a table that is
/// gone.
fn count(connection: &dyn Connection, table: &str) -> u64 {
    let sql = format!("SELECT count(*) FROM {}", quote_name(table));
    connection
        .execute(&sql, &Parameters::NONE)
        .ok()
        .and_then(|cursor| cursor.rows.first().map(|row| integer(&row[0]) as u64))
        .unwrap_or_default()
}

/// A table as it goes to the page, but for the number of its rows.
fn table(listed: ListedTable) -> Table {
    let mut table = Table {
        name: listed.name.to_string(),
        view: listed.view,
        sql: listed.definition.to_string(),
        rows: 0,
        rowid: listed.has_rowid,
        columns: listed.columns.into_iter().map(column).collect(),
        indexes: listed.indexes.into_iter().map(index).collect(),
        foreign_keys: listed.foreign_keys.into_iter().map(foreign_key).collect(),
    };
    table
        .indexes
        .in_order_by(|a, b| (&a.name, &a.columns).cmp(&(&b.name, &b.columns)));
    table
        .foreign_keys
        .in_order_by(|a, b| a.columns.cmp(&b.columns));
    table
}

fn column(listed: ListedColumn) -> Column {
    Column {
        name: listed.name.to_string(),
        kind: listed.declared_type.to_string(),
        not_null: listed.not_null,
        default: listed.default,
        primary_key: listed.primary_key,
        strict: false,
    }
}

fn index(listed: ListedIndex) -> Index {
    Index {
        name: listed.name.as_deref().unwrap_or_default().to_owned(),
        unique: listed.unique,
        columns: listed
            .columns
            .iter()
            .map(|column| column.as_deref().unwrap_or("(…)").to_owned())
            .collect(),
        origin: match listed.origin {
            IndexOrigin::Statement => "c",
            IndexOrigin::Unique => "u",
            IndexOrigin::PrimaryKey => "pk",
        }
        .to_owned(),
    }
}

fn foreign_key(listed: ListedForeignKey) -> ForeignKey {
    ForeignKey {
        table: listed.referred_table.to_string(),
        columns: listed.columns.iter().map(|name| name.to_string()).collect(),
        referred: listed
            .referred_columns
            .iter()
            .map(|name| name.as_deref().unwrap_or_default().to_owned())
            .collect(),
    }
}

/// An array as PostgreSQL writes it: `{one,"two words",NULL}`.
fn array(value: &Value) -> String {
    match value {
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(array).collect();
            format!("{{{}}}", items.join(","))
        }
        Value::Null => "NULL".to_owned(),
        other => {
            let text = other.python_str();
            let plain = |one: char| !one.is_whitespace() && !"{}\\\",".contains(one);
            if !text.is_empty() && text.chars().all(plain) && !text.eq_ignore_ascii_case("null") {
                text
            } else {
                format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
        }
    }
}

/// A value as it goes to the page.
pub fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Integer(number) => Cell::Integer(*number),
        Value::Real(number) => Cell::Real(*number),
        Value::Blob(bytes) => {
            Cell::Blob(base64::engine::general_purpose::STANDARD.encode(&bytes[..]))
        }
        Value::Boolean(truth) => Cell::Text(truth.to_string()),
        Value::List(_) => Cell::Text(array(value)),
        other => {
            let text = other.python_str();
            Cell::Text(if text.len() > CELL_CHARACTERS {
                text.chars().take(CELL_CHARACTERS).collect()
            } else {
                text
            })
        }
    }
}

/// Some rows of a table, from an offset and at most so many, with the `rowid` that they can be edited by.
///
/// # Errors
///
/// The database's.
pub fn rows(
    connection: &dyn Connection,
    table: &Table,
    number: RowId,
    (offset, limit): (u32, u32),
    order: Option<&Order>,
) -> Result<Rows> {
    let quoted = quote_name(&table.name);
    let selected = if table.rowid {
        format!("{}, *", number.column())
    } else {
        "*".to_owned()
    };
    let sorted = order.map(|order| {
        let direction = if order.descending { " DESC" } else { "" };
        format!("{}{direction}", quote_name(&order.column))
    });
    // Rows of equal values stay in the order in which they are stored.
    let mut key: Vec<&Column> = table
        .columns
        .iter()
        .filter(|one| one.primary_key > 0)
        .collect();
    key.in_order_by(|a, b| a.primary_key.cmp(&b.primary_key));
    // A row that is changed is stored elsewhere then.
    let key = key.iter().filter(|_| number == RowId::Ctid);
    let terms: Vec<String> = sorted
        .into_iter()
        .chain(key.map(|column| quote_name(&column.name)))
        .chain(table.rowid.then(|| number.order().to_owned()))
        .collect();
    let order = if terms.is_empty() {
        String::new()
    } else {
        format!("ORDER BY {}", terms.join(", "))
    };
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
/// The database's; what ran before stays, as it does in `sqlite3`.
pub fn query(connection: &dyn Connection, sql: &str) -> Result<Vec<Rows>> {
    let mut results = Vec::new();
    for statement in statements(sql) {
        let cursor = connection.execute_text(statement)?;
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
            "a transaction was left open and has been rolled back; end it with COMMIT in the same text",
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
