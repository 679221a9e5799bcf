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
        _ => format!("{} indexes", crate::words::number(number as u64)),
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

/// The grid of rows.
pub mod grid {
    use crate::words::{count, number};

    pub const EDITS: &str = "Double-click or Enter edits, Alt+N sets NULL";
    pub const SORT: &str = "Sort";
    pub const RESIZE: &str = "Drag to resize; double-click for the width of the contents";
    pub const SET_NULL: &str = "Set NULL (Alt+N)";
    pub const COPY: &str = "Copy rows";
    pub const COPY_AS: &str = "Copy rows as";
    pub const COPY_ABOUT: &str =
        "The selected rows, or all. Select with Shift+↑ and Shift+↓, or Shift and a click.";
    pub const TSV: &str = "TSV, for a spreadsheet";
    pub const CSV: &str = "CSV";
    pub const INSERT: &str = "INSERT statements";
    pub const MARKDOWN: &str = "Markdown";
    pub const LOADING: &str = "…";

    pub const INTEGER: &str = "a whole number";
    pub const NUMBER: &str = "a number";
    pub const BOOLEAN: &str = "true or false";
    pub const DATE: &str = "a date such as 2026-05-01";
    pub const DATE_TIME: &str = "a time such as 2026-05-01 10:00:00";
    pub const TIME: &str = "a time such as 10:00";
    pub const JSON: &str = "JSON";
    pub const NOT_NULL: &str = "This column is NOT NULL: the database will refuse it.";

    pub fn unfit(text: &str, wanted: &str, kind: &str) -> String {
        format!(
            "“{text}” is not {wanted} ({kind}). SQLite would store it as text. Enter again to keep it, Escape to cancel."
        )
    }

    pub fn too_long(length: usize, most: usize) -> String {
        format!(
            "{length} characters; the column takes {most}. SQLite does not check it. Enter again to keep it, Escape to cancel."
        )
    }

    pub fn copied(rows: usize) -> String {
        format!("{} copied", count(rows, crate::words::ROW))
    }

    pub fn only_first_copied(rows: usize, total: u64) -> String {
        format!(
            "The first {} of {} rows copied",
            number(rows as u64),
            number(total)
        )
    }

    pub fn of(rows: u64) -> String {
        count(rows as usize, crate::words::ROW)
    }

    pub fn selected(rows: usize, total: u64) -> String {
        format!("{} of {} selected", number(rows as u64), of(total))
    }
}
