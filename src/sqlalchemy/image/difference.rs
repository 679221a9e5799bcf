//! How the rows of two states of a table differ.

use driver::Value;

/// What happened to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is there now and was not.
    Added,
    /// It was there and is not now.
    Removed,
    /// It is another.
    Altered,
}

impl Change {
    /// The change as a word: `added`, `removed`, `altered`.
    pub fn word(self) -> &'static str {
        match self {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Altered => "altered",
        }
    }
}

/// A cell that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct CellChange {
    /// The column, by its new name where there is one.
    pub column: String,
    /// What it held; `None` where there was no such column or row.
    pub before: Option<Value>,
    /// What it holds; `None` where there is no such column or row.
    pub after: Option<Value>,
}

/// A row that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct RowChange {
    /// What happened to it.
    pub change: Change,
    /// What it was found by: columns of the primary key, or `rowid`, or its place.
    pub key: Vec<(String, Value)>,
    /// Its cells: all of a row lost or added, those that differ of one altered.
    pub cells: Vec<CellChange>,
}

/// The cells of one column that differ, in rows that are on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnCells {
    /// The column, by its new name where there is one.
    pub column: String,
    /// What happened to the column itself: added, removed; `None` where it is on both sides.
    pub change: Option<Change>,
    /// Values that are gone: the cell is NULL now, or the column is not there any more.
    pub lost: u64,
    /// Values that are others now.
    pub changed: u64,
    /// Values that read the same and are of another type now, such as 1 and '1'.
    pub converted: u64,
    /// Cells that were NULL, or not there, and have a value now.
    pub filled_in: u64,
}

/// How the rows of a table differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowDifference {
    /// Rows before.
    pub before: u64,
    /// Rows after.
    pub after: u64,
    /// What rows were matched by: `id`, `rowid`, `place`.
    pub matched_by: String,
    /// Rows that are gone.
    pub lost: u64,
    /// Rows that are new.
    pub added: u64,
    /// Rows with a cell that differs in a column of both sides.
    pub changed: u64,
    /// The columns with cells that differ.
    pub columns: Vec<ColumnCells>,
    /// Some of the rows that differ: lost, then altered, then added.
    pub sample: Vec<RowChange>,
}

impl RowDifference {
    /// Whether no row and no cell differs.
    pub fn is_empty(&self) -> bool {
        self.lost == 0 && self.added == 0 && self.changed == 0 && self.columns.is_empty()
    }

    /// Whether values or rows are gone or are others, new ones left aside.
    pub fn loses(&self) -> bool {
        self.lost > 0
            || self
                .columns
                .iter()
                .any(|column| column.lost > 0 || column.changed > 0)
    }
}

/// A table whose rows are compared, as the schema of its side has it.
#[derive(Clone, Debug)]
pub struct ComparedTable<'a> {
    /// Name.
    pub name: &'a str,
    /// Columns, in order.
    pub columns: Vec<&'a str>,
    /// Columns of the primary key, in order.
    pub primary_key: &'a [String],
}

impl ComparedTable<'_> {
    /// Whether it has a column of that name.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains(&column)
    }
}

/// Gives the name that a column of the earlier side has on the later one.
pub type NewColumn<'a> = &'a dyn Fn(&str) -> String;
