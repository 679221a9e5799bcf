//! Databases: what is asked of them, their tables and rows, and what a command changed in them.

use serde::{Deserialize, Serialize};

use crate::Failure;

/// Database requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DatabaseRequest {
    /// Runs SQL that is no command of the console: the caller's own, unrecorded.
    Query {
        /// One or more statements.
        sql: String,
        /// Path of the database; the chosen one if not given.
        database: Option<String>,
    },
    /// A page of a table's rows.
    Rows {
        /// Path of the database.
        database: String,
        /// The table.
        table: String,
        /// How many rows to leave out first.
        offset: u32,
        /// How many at most.
        limit: u32,
        /// What they are sorted by; as the database stores them if not given.
        order: Option<Order>,
    },
}

/// What rows are sorted by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The column.
    pub column: String,
    /// Whether the greatest value comes first.
    pub descending: bool,
}

/// A database file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Database {
    /// Path relative to the project.
    pub path: String,
    /// Its tables, sorted by name.
    pub tables: Vec<Table>,
    /// Why it could not be read.
    pub failure: Option<Failure>,
}

/// A table or view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Whether it is a view.
    pub view: bool,
    /// The statement that made it, as the database keeps it.
    pub sql: String,
    /// How many rows.
    pub rows: u64,
    /// Whether its rows have a `rowid` to edit them by.
    pub rowid: bool,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its indexes, unique constraints among them.
    pub indexes: Vec<Index>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its declared type.
    pub kind: String,
    /// Whether it is NOT NULL.
    pub not_null: bool,
    /// Its DEFAULT.
    pub default: Option<String>,
    /// Its place in the primary key, from one; 0 if it is not in it.
    pub primary_key: u32,
    /// Whether the database refuses a value that is none of its type.
    pub strict: bool,
}

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name; empty for the automatic ones.
    pub name: String,
    /// Whether it is unique.
    pub unique: bool,
    /// Its columns; an expression stands as `(…)`.
    pub columns: Vec<String>,
    /// Where it is from: `c` CREATE INDEX, `u` UNIQUE, `pk` PRIMARY KEY.
    pub origin: String,
}

/// A foreign key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Its columns.
    pub columns: Vec<String>,
    /// The table it points to.
    pub table: String,
    /// The columns it points to.
    pub referred: Vec<String>,
}

/// A value of a row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Cell {
    /// NULL.
    Null,
    /// INTEGER.
    Integer(i64),
    /// REAL.
    Real(f64),
    /// TEXT.
    Text(String),
    /// BLOB, in base64.
    Blob(String),
}

/// Equal where it is the same value to a person: of an `Rc` of what holds only such values, yew compares the address.
impl PartialEq for Cell {
    fn eq(&self, other: &Cell) -> bool {
        match (self, other) {
            (Cell::Null, Cell::Null) => true,
            (Cell::Integer(one), Cell::Integer(other)) => one == other,
            (Cell::Real(one), Cell::Real(other)) => one.to_bits() == other.to_bits(),
            (Cell::Text(one), Cell::Text(other)) | (Cell::Blob(one), Cell::Blob(other)) => {
                one == other
            }
            _ => false,
        }
    }
}

impl Eq for Cell {}

/// Rows of a table or of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// `rowid` of each row, where the table has it.
    pub rowids: Vec<i64>,
    /// How many there are in all.
    pub total: u64,
    /// How many rows the statement changed.
    pub changed: i64,
}

/// How something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Altered,
}

/// What the last command changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The command, for the words above it.
    pub command: String,
    /// In the databases.
    pub tables: Vec<TableChange>,
    /// Files that were added, removed or altered.
    pub files: Vec<(String, Change)>,
}

/// What changed in one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableChange {
    /// Path of the database.
    pub database: String,
    /// Its name.
    pub table: String,
    /// How the table itself changed; nothing if only its rows did.
    pub change: Option<Change>,
    /// Columns, by name; the text says what they were.
    pub columns: Vec<(String, Change, String)>,
    /// Indexes, by name.
    pub indexes: Vec<(String, Change)>,
    /// Foreign keys, as text.
    pub foreign_keys: Vec<(String, Change)>,
    /// Rows that are new or altered, by `rowid`.
    pub rows: Vec<(i64, Change)>,
    /// How many rows were added.
    pub added: u64,
    /// How many rows were removed.
    pub removed: u64,
    /// How many rows were altered.
    pub altered: u64,
    /// The table as it was, where it is gone.
    pub was: Option<Table>,
}
