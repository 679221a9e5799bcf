//! Differences between the rows of two snapshots of a table.

use driver::Value;

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Exists only in the later snapshot.
    Added,
    /// Exists only in the earlier snapshot.
    Removed,
    /// Exists in both and differs.
    Altered,
}

impl Change {
    /// The word `added`, `removed` or `altered`.
    pub fn word(self) -> &'static str {
        match self {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Altered => "altered",
        }
    }
}

/// A differing cell.
#[derive(Clone, Debug, PartialEq)]
pub struct CellChange {
    /// The column, by its new name if it was renamed.
    pub column: String,
    /// The old value; `None` if the column or row did not exist.
    pub before: Option<Value>,
    /// The new value; `None` if the column or row no longer exists.
    pub after: Option<Value>,
}

/// A differing row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowChange {
    /// The kind of change.
    pub change: Change,
    /// What identifies it: primary key columns, `rowid`, or its position.
    pub key: Vec<(String, Value)>,
    /// Its cells: all of them if the row was lost or added, the differing ones if it was altered.
    pub cells: Vec<CellChange>,
}

/// Counts the differing cells of a column, in rows on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnCells {
    /// The column, by its new name if it was renamed.
    pub column: String,
    /// Whether the column itself was added or removed; `None` if it is on both sides.
    pub change: Option<Change>,
    /// Lost values: the cell is now NULL, or the column was removed.
    pub lost: u64,
    /// Changed values.
    pub changed: u64,
    /// Values that read the same but have another type, such as 1 and '1'.
    pub converted: u64,
    /// Cells that were NULL or missing and now have a value.
    pub filled_in: u64,
}

/// Differences between the rows of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowDifference {
    /// Row count before.
    pub before: u64,
    /// Row count after.
    pub after: u64,
    /// How rows were matched: `id`, `rowid`, `place`.
    pub matched_by: String,
    /// Lost rows.
    pub lost: u64,
    /// New rows.
    pub added: u64,
    /// Rows with a differing cell in a column on both sides.
    pub changed: u64,
    /// The columns with differing cells.
    pub columns: Vec<ColumnCells>,
    /// A sample of differing rows: lost, then altered, then added.
    pub sample: Vec<RowChange>,
}

impl RowDifference {
    /// Whether no row and no cell differs.
    pub fn is_empty(&self) -> bool {
        self.lost == 0 && self.added == 0 && self.changed == 0 && self.columns.is_empty()
    }

    /// Whether values or rows were lost or changed; additions do not count.
    pub fn loses(&self) -> bool {
        self.lost > 0
            || self
                .columns
                .iter()
                .any(|column| column.lost > 0 || column.changed > 0)
    }
}

/// A table whose rows are compared, described by one side's schema.
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

/// Maps a column name of the earlier side to the later one.
pub type NewColumn<'a> = &'a dyn Fn(&str) -> String;
