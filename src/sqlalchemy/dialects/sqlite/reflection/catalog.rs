//! Reads SQLite's catalog with few statements.
//!
//! SQLAlchemy executes several PRAGMAs per table. Here the first few tables are read one by one;
//! after that all of them are read at once, joined through SQLite's table-valued PRAGMA functions.
//! The results are cached until another statement is executed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::dialects::sqlite::quoted;
use crate::engine::Connection;
use driver::{Parameters, Value};
use ground::diagnostic::Result;

/// A row of `PRAGMA table_xinfo`.
#[derive(Clone, Debug)]
pub(super) struct ColumnRow {
    pub name: Rc<str>,
    pub type_: Rc<str>,
    pub not_null: bool,
    pub default: Option<String>,
    pub primary_key: i64,
    pub hidden: i64,
}

/// A row of `PRAGMA index_list`.
#[derive(Clone, Debug)]
pub(super) struct IndexRow {
    pub name: Rc<str>,
    pub unique: bool,
    pub partial: bool,
}

/// A row of `PRAGMA foreign_key_list`.
#[derive(Clone, Debug)]
pub(super) struct ForeignKeyRow {
    pub id: i64,
    pub table: Rc<str>,
    pub from: Rc<str>,
    pub to: Option<Rc<str>>,
}

/// Schema (`None` for main and temp together) and name.
type Key = (Option<String>, String);
type Rows<T> = RefCell<BTreeMap<Key, Rc<Vec<T>>>>;

/// The cached results.
#[derive(Default)]
pub(super) struct Catalog {
    /// The engine's execution count at the time of reading.
    executions: Cell<u64>,
    /// The number of tables read one by one.
    singles: Cell<usize>,
    /// Whether all tables are expected to be read.
    expected: Cell<bool>,
    whole: Cell<bool>,
    columns: Rows<ColumnRow>,
    indexes: Rows<IndexRow>,
    /// Columns of an index; `None` for an expression.
    index_columns: Rows<Option<Rc<str>>>,
    foreign_keys: Rows<ForeignKeyRow>,
    /// The CREATE statements of tables and views.
    sql: RefCell<BTreeMap<Key, Option<Rc<str>>>>,
    index_sql: RefCell<BTreeMap<Key, Option<Rc<str>>>>,
}

/// The number of tables read one by one before all are read at once.
const SINGLES: usize = 3;

fn key(schema: Option<&str>, name: &str) -> Key {
    (schema.map(str::to_owned), name.to_owned())
}

pub(super) fn text(value: Option<&Value>) -> Rc<str> {
    match value {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Null) | None => "".into(),
        Some(other) => other.python_repr().into(),
    }
}

pub(super) fn optional_text(value: Option<&Value>) -> Option<Rc<str>> {
    match value {
        None | Some(Value::Null) => None,
        value => Some(text(value)),
    }
}

pub(super) fn integer(value: Option<&Value>) -> i64 {
    value.and_then(Value::as_integer).unwrap_or(0)
}

impl ColumnRow {
    /// From the columns of `table_xinfo`: cid, name, type, notnull, dflt_value, pk, hidden.
    pub(super) fn read(row: &[Value]) -> Self {
        ColumnRow {
            name: text(row.get(1)),
            type_: text(row.get(2)),
            not_null: integer(row.get(3)) != 0,
            default: optional_text(row.get(4)).map(|text| text.to_string()),
            primary_key: integer(row.get(5)),
            hidden: integer(row.get(6)),
        }
    }
}

impl IndexRow {
    /// From the columns of `index_list`: seq, name, unique, origin, partial.
    fn read(row: &[Value]) -> Self {
        IndexRow {
            name: text(row.get(1)),
            unique: integer(row.get(2)) != 0,
            partial: integer(row.get(4)) != 0,
        }
    }
}

impl ForeignKeyRow {
    /// From the columns of `foreign_key_list`: id, seq, table, from, to, and more.
    pub(super) fn read(row: &[Value]) -> Self {
        ForeignKeyRow {
            id: integer(row.first()),
            table: text(row.get(2)),
            from: text(row.get(3)),
            to: optional_text(row.get(4)).filter(|name| !name.is_empty()),
        }
    }
}

impl Catalog {
    pub(super) fn clear(&self) {
        self.singles.set(0);
        self.whole.set(false);
        self.columns.borrow_mut().clear();
        self.indexes.borrow_mut().clear();
        self.index_columns.borrow_mut().clear();
        self.foreign_keys.borrow_mut().clear();
        self.sql.borrow_mut().clear();
        self.index_sql.borrow_mut().clear();
    }

    /// Announces that all tables will be read, so that the first is not read separately.
    pub(super) fn expect_all(&self) {
        self.expected.set(true);
    }

    /// Discards results that a later statement may have invalidated.
    fn refresh(&self, connection: &Connection) {
        let executions = connection.executions();
        if self.executions.replace(executions) != executions {
            self.clear();
        }
    }

    /// A PRAGMA on a table or index: in one schema, or in main and, if that returns nothing, in
    /// temp.
    fn pragma(
        connection: &Connection,
        pragma: &str,
        name: &str,
        schema: Option<&str>,
    ) -> Result<Vec<Vec<Value>>> {
        let name = quoted(name);
        let schemas = match schema {
            Some(schema) => vec![quoted(schema)],
            None => vec!["main".to_owned(), "temp".to_owned()],
        };
        for schema in schemas {
            let cursor = connection.reflect(
                &format!("PRAGMA {schema}.{pragma}({name})"),
                &Parameters::NONE,
            )?;
            if !cursor.rows.is_empty() {
                return Ok(cursor.rows);
            }
        }
        Ok(Vec::new())
    }

    /// Reads information about a table: from the cache, or by reading all tables or this one.
    fn rows<T>(
        &self,
        connection: &Connection,
        cache: &Rows<T>,
        pragma: &str,
        name: &str,
        schema: Option<&str>,
        read: impl Fn(&[Value]) -> T,
    ) -> Result<Rc<Vec<T>>> {
        self.refresh(connection);
        let key = key(schema, name);
        if let Some(rows) = cache.borrow().get(&key) {
            return Ok(rows.clone());
        }
        let many = self.expected.get() || self.singles.get() >= SINGLES;
        if schema.is_none() && !self.whole.get() && many {
            // If reading all at once fails, the table is read separately and reports the error
            // there.
            self.whole.set(true);
            if self.read_whole(connection).is_err() {
                self.clear();
                self.whole.set(true);
            }
            if let Some(rows) = cache.borrow().get(&key) {
                return Ok(rows.clone());
            }
        }
        if pragma == "table_xinfo" {
            self.singles.set(self.singles.get() + 1);
        }
        let rows = Self::pragma(connection, pragma, name, schema)?;
        let rows: Rc<Vec<T>> = Rc::new(rows.iter().map(|row| read(row)).collect());
        cache.borrow_mut().insert(key, rows.clone());
        Ok(rows)
    }

    pub(super) fn columns(
        &self,
        connection: &Connection,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<ColumnRow>>> {
        let read = ColumnRow::read;
        self.rows(
            connection,
            &self.columns,
            "table_xinfo",
            table,
            schema,
            read,
        )
    }

    pub(super) fn indexes(
        &self,
        connection: &Connection,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<IndexRow>>> {
        let read = IndexRow::read;
        self.rows(connection, &self.indexes, "index_list", table, schema, read)
    }

    pub(super) fn index_columns(
        &self,
        connection: &Connection,
        index: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<Option<Rc<str>>>>> {
        let read = |row: &[Value]| optional_text(row.get(2));
        let cache = &self.index_columns;
        self.rows(connection, cache, "index_info", index, schema, read)
    }

    pub(super) fn foreign_keys(
        &self,
        connection: &Connection,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<ForeignKeyRow>>> {
        let read = ForeignKeyRow::read;
        let cache = &self.foreign_keys;
        self.rows(connection, cache, "foreign_key_list", table, schema, read)
    }

    /// The CREATE statement of a table or view; `None` if there is none.
    pub(super) fn table_sql(
        &self,
        connection: &Connection,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Option<Rc<str>>> {
        self.refresh(connection);
        let key = key(schema, table);
        if let Some(sql) = self.sql.borrow().get(&key) {
            return Ok(sql.clone());
        }
        let parameters = Parameters::Positional(vec![table.into()]);
        let cursor = match schema {
            // SQLAlchemy first queries the schema's sqlite_temp_master, which does not exist.
            Some(schema) => connection.reflect(
                &format!(
                    "SELECT sql FROM {}.sqlite_master WHERE name = ? AND type in ('table', 'view')",
                    quoted(schema)
                ),
                &parameters,
            )?,
            None => connection.reflect(
                "SELECT sql FROM  (SELECT * FROM sqlite_master UNION ALL   SELECT * FROM \
                 sqlite_temp_master) WHERE name = ? AND type in ('table', 'view')",
                &parameters,
            )?,
        };
        let sql = optional_text(cursor.rows.first().and_then(|row| row.first()));
        self.sql.borrow_mut().insert(key, sql.clone());
        Ok(sql)
    }

    /// The CREATE statement of an index.
    pub(super) fn index_sql(
        &self,
        connection: &Connection,
        index: &str,
        schema: Option<&str>,
    ) -> Result<Option<Rc<str>>> {
        self.refresh(connection);
        let key = key(schema, index);
        if let Some(sql) = self.index_sql.borrow().get(&key) {
            return Ok(sql.clone());
        }
        let prefix = schema.map_or_else(String::new, |schema| format!("{}.", quoted(schema)));
        let cursor = connection.reflect(
            &format!("SELECT sql FROM {prefix}sqlite_master WHERE name = ? AND type = 'index'"),
            &Parameters::Positional(vec![index.into()]),
        )?;
        let sql = optional_text(cursor.rows.first().and_then(|row| row.first()));
        self.index_sql.borrow_mut().insert(key, sql.clone());
        Ok(sql)
    }

    /// Reads all tables of the main schema.
    fn read_whole(&self, connection: &Connection) -> Result<()> {
        let select = |sql: &str| {
            connection
                .reflect(sql, &Parameters::NONE)
                .map(|cursor| cursor.rows)
        };
        let temporary = select("SELECT name FROM sqlite_temp_master")?;
        let hidden = |name: &str| temporary.iter().any(|row| *text(row.first()) == *name);
        let mut tables = Vec::new();
        for row in select("SELECT type, name, sql FROM main.sqlite_master")? {
            let name = text(row.get(1));
            let sql = optional_text(row.get(2));
            match &*text(row.first()) {
                "table" | "view" => {
                    if &*text(row.first()) == "table" {
                        tables.push(name.to_string());
                    }
                    self.sql.borrow_mut().insert(key(None, &name), sql);
                }
                "index" => {
                    self.index_sql.borrow_mut().insert(key(None, &name), sql);
                }
                _ => {}
            }
        }
        // NULL for columns that are not used.
        let columns = group(
            select(
                "SELECT m.name, NULL, x.name, x.type, x.\"notnull\", x.dflt_value, x.pk, x.hidden \
                 FROM main.sqlite_master AS m CROSS JOIN \
                 pragma_table_xinfo(m.name, 'main') AS x WHERE m.type = 'table'",
            )?,
            ColumnRow::read,
        );
        let indexes = group(
            select(
                "SELECT m.name, NULL, l.name, l.\"unique\", NULL, l.partial \
                 FROM main.sqlite_master AS m CROSS JOIN \
                 pragma_index_list(m.name, 'main') AS l WHERE m.type = 'table'",
            )?,
            IndexRow::read,
        );
        let index_columns = group(
            select(
                "SELECT m.name, NULL, NULL, i.name \
                 FROM main.sqlite_master AS m CROSS JOIN \
                 pragma_index_info(m.name, 'main') AS i WHERE m.type = 'index'",
            )?,
            |row| optional_text(row.get(2)),
        );
        let foreign_keys = group(
            select(
                // A foreign key cannot be declared without this keyword.
                "SELECT m.name, f.id, NULL, f.\"table\", f.\"from\", f.\"to\" \
                 FROM main.sqlite_master AS m CROSS JOIN \
                 pragma_foreign_key_list(m.name, 'main') AS f \
                 WHERE m.type = 'table' AND instr(upper(m.sql), 'REFERENCES')",
            )?,
            ForeignKeyRow::read,
        );
        // Tables without indexes or foreign keys have no rows above and are recorded as empty. If
        // main has nothing, temp is queried, so names that also exist in temp are read separately.
        keep(&self.columns, columns, &[], &hidden);
        keep(&self.indexes, indexes, &tables, &hidden);
        keep(&self.index_columns, index_columns, &[], &hidden);
        keep(&self.foreign_keys, foreign_keys, &tables, &hidden);
        Ok(())
    }
}

/// Groups rows by the name in their first column.
fn group<T>(rows: Vec<Vec<Value>>, read: impl Fn(&[Value]) -> T) -> BTreeMap<String, Vec<T>> {
    let mut groups: BTreeMap<String, Vec<T>> = BTreeMap::new();
    let mut rows = rows.iter().peekable();
    while let Some(first) = rows.next() {
        // Rows of the same name are consecutive.
        let mut group = vec![read(&first[1..])];
        while let Some(row) = rows.next_if(|row| row[0] == first[0]) {
            group.push(read(&row[1..]));
        }
        let name = text(first.first()).to_string();
        groups.entry(name).or_default().append(&mut group);
    }
    groups
}

fn keep<T>(
    cache: &Rows<T>,
    mut groups: BTreeMap<String, Vec<T>>,
    all: &[String],
    hidden: &dyn Fn(&str) -> bool,
) {
    for name in all {
        groups.entry(name.clone()).or_default();
    }
    let mut cache = cache.borrow_mut();
    for (name, rows) in groups {
        if !hidden(&name) {
            cache.entry((None, name)).or_insert_with(|| Rc::new(rows));
        }
    }
}
