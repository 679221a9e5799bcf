//! Texts of the Database column.
#![expect(missing_docs, reason = "the words say what each is")]

use crate::words::count;

pub const NEW: &str = "new";
pub const NONE: &str =
    "There is no database yet. The first upgrade creates it at `sqlalchemy.url`.";
pub const VIEW: &str = "view";
pub const NO_TABLES: &str = "No tables yet.";
pub const ROWS: &str = "Rows";
pub const COLUMNS: &str = "Columns";
pub const SQL: &str = "SQL";
pub const RUN: &str = "Run SQL";
pub const CLOSE_RESULT: &str = "Close the result";
pub const BACK_TO_TABLE: &str = "Back to the table";
pub const DONE: &str = "Done.";
pub const TYPE: &str = "type";
pub const PRIMARY_KEY: &str = "primary key";
pub const NOT_NULL: &str = "not null";
pub const FOREIGN_KEY: &str = "foreign key";
pub const UNIQUE: &str = "unique";
pub const UNIQUE_INDEX: &str = "unique index";
pub const INDEX: &str = "index";

pub fn indexes(number: usize) -> String {
    match number {
        1 => "1 index".to_owned(),
        _ => format!("{number} indexes"),
    }
}

pub fn rows(signed: &str, one: bool) -> String {
    format!("{signed} row{}", if one { "" } else { "s" })
}

pub fn dropped(rows: usize) -> String {
    match rows {
        0 => "dropped".to_owned(),
        _ => format!("dropped, with {}", count(rows, crate::words::ROW)),
    }
}

pub fn changed(rows: usize) -> String {
    format!("{} changed.", count(rows, crate::words::ROW))
}

pub fn table(name: &str) -> String {
    format!("Table {name}")
}

pub fn columns_of(table: &str) -> String {
    format!("Columns of {table}")
}

pub fn default(value: &str) -> String {
    format!("default {value}")
}

pub fn was(text: &str) -> String {
    format!("was {text}")
}

/// Rows of tables and queries.
pub mod rows {
    use crate::words::count;

    pub const RESULT: &str = "Result";
    pub const READING: &str = "Reading …";
    pub const EDITS: &str = "Double-click or press Enter to edit";
    pub const DELETE_ROW: &str = "Delete this row";
    pub const NONE: &str = "No rows.";
    pub const NEXT: &str = "auto";
    pub const NEW: &str = "New row";
    pub const INSERT: &str = "Insert";
    pub const BEFORE: &str = "Previous rows";
    pub const AFTER: &str = "Next rows";

    pub fn rows_of(table: &str) -> String {
        format!("Rows of {table}")
    }

    pub fn delete_row(rowid: i64) -> String {
        format!("Delete row {rowid}")
    }

    pub fn removed(number: usize) -> String {
        format!("{} removed", count(number, crate::words::ROW))
    }

    pub fn range(first: u32, last: u64, total: u64) -> String {
        format!("{first}–{last} of {total}")
    }
}

/// The tabs of the Database column.
pub mod database_tabs {
    /// The accessible label of the tabs.
    pub const LABEL: &str = "Database views";
    /// Tables, rows and columns.
    pub const TABLES: &str = "Tables";
}
