//! Review of a revision before it is applied: what it changes in schema and data, whether the
//! downgrade reverses it, and which lines fail or lose data.
//!
//! Everything is learned by running the revision on a copy and evaluating the recording; the
//! project and its databases are not modified. This layer is above `command`, because it runs
//! commands as a user would.
//!
//! - [`Recorder`] listens to a run and keeps a [`Timeline`] for each revision: operations with
//!   their places, statements, time, rows, and the database before and after each.
//! - [`compare`] tells two states of a database apart: schema and rows.
//! - [`Seed`] is a database made by a SQL file, to try revisions on.
//! - [`rehearse`] runs a revision once on a copy and gives its timeline.
//! - [`round_trip`] runs upgrade, downgrade, upgrade, and gives a [`Verdict`].
//! - [`expectations`] checks what holds of a project in good order.
//! - [`rebase`] puts a branch of the graph after another one; [`squash`] makes one revision of many.
//! - [`project_states`] compares two states of a project: revisions, the upgrade between them, and
//!   which code works with which schema.
//! - [`findings`] reads a revision as a careful reviewer would; a [`Fix`] is an edit of its text.

mod copy;
mod database;
mod expectations;
mod findings;
mod operation;
mod rebase;
mod recorder;
mod rehearsal;
mod round_trip;
mod rows;
mod schema;
mod script;
mod seed;
mod squash;
mod states;
mod trial;

pub use copy::CopyHost;
pub use database::Database;
pub use expectations::{Expectation, expectations};
pub use findings::{
    Code, Evidence, Finding, Fix, Ground, Review, Severity, TextEdit, apply_edits, findings,
};
pub use operation::{ConstraintKind, NewColumn, NewType, RecordedOperation};
pub use rebase::{Rebase, rebase};
pub use recorder::{Executed, Part, Recorder, Snapshot, Step, Timeline};
pub use rehearsal::{Rehearsal, rehearse};
pub use round_trip::{RoundTrip, Verdict, round_trip, round_trips};
pub use rows::Rows;
pub use schema::{ItemDifference, ItemKind, SchemaItem, TableSchema, read_tables};
pub use script::{revision_identity, same_code};
pub use seed::Seed;
pub use squash::{Squash, SquashTrial, squash};
pub use states::{
    Access, Breakage, Deployment, FileChange, Order, ProjectStates, RevisionChange, UpgradeOfBase,
    project_states,
};

pub use sqlalchemy::image::{CellChange, Change, ColumnCells, Image, RowChange, RowDifference};

use ground::diagnostic::Result;
use ground::order::InOrder;

/// The renames of a run, used to match rows and columns under their new names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// Tables: old and new name.
    pub tables: Vec<(String, String)>,
    /// Columns: the table's old name, the old and the new name.
    pub columns: Vec<(String, String, String)>,
}

impl Renames {
    /// The renames of these runs, in sequence.
    pub fn of<'a>(timelines: impl IntoIterator<Item = &'a Timeline>) -> Renames {
        Self::of_steps(
            timelines
                .into_iter()
                .flat_map(|timeline| timeline.effective()),
        )
    }

    /// The renames of these steps, in sequence.
    pub fn of_steps<'a>(steps: impl IntoIterator<Item = &'a Step>) -> Renames {
        let mut renames = Renames::default();
        for step in steps {
            if step.error.is_some() {
                continue;
            }
            match &step.operation {
                Some(RecordedOperation::RenameTable { table, to }) => {
                    renames.add_table(table, to);
                }
                Some(RecordedOperation::AlterColumn {
                    table,
                    column,
                    rename: Some(to),
                    ..
                }) => renames.add_column(table, column, to),
                _ => {}
            }
        }
        renames
    }

    fn add_table(&mut self, from: &str, to: &str) {
        match self.tables.iter_mut().find(|(_, now)| now == from) {
            Some((_, now)) => *now = to.to_owned(),
            None => self.tables.push((from.to_owned(), to.to_owned())),
        }
    }

    fn add_column(&mut self, table: &str, from: &str, to: &str) {
        let table = self.old_table(table).to_owned();
        match self
            .columns
            .iter_mut()
            .find(|(of, _, now)| *of == table && now == from)
        {
            Some((_, _, now)) => *now = to.to_owned(),
            None => self.columns.push((table, from.to_owned(), to.to_owned())),
        }
    }

    /// The old name of a table.
    pub fn old_table<'a>(&'a self, new: &'a str) -> &'a str {
        self.tables
            .iter()
            .find(|(_, now)| now == new)
            .map_or(new, |(was, _)| was)
    }

    /// The new name of a table.
    pub fn new_table<'a>(&'a self, old: &'a str) -> &'a str {
        self.tables
            .iter()
            .find(|(was, _)| was == old)
            .map_or(old, |(_, now)| now)
    }

    /// The new name of a column; the table is given by its old name.
    pub fn new_column<'a>(&'a self, old_table: &str, old: &'a str) -> &'a str {
        self.columns
            .iter()
            .find(|(table, was, _)| table == old_table && was == old)
            .map_or(old, |(_, _, now)| now)
    }
}

/// The differences of one table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableDifference {
    /// Its name; the new one if it was renamed.
    pub table: String,
    /// Its old name, if it was renamed.
    pub was: Option<String>,
    /// The change of the table as a whole; `None` if only its contents differ.
    pub change: Option<Change>,
    /// Columns, keys, indexes, constraints: old and new side by side.
    pub items: Vec<ItemDifference>,
    /// The rows; `None` if they cannot be compared, as in a virtual table.
    pub rows: Option<RowDifference>,
}

/// The differences between two states of a database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateDifference {
    /// The tables that differ, by name.
    pub tables: Vec<TableDifference>,
}

impl StateDifference {
    /// Whether the two are the same in schema and rows.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// Whether the schemas are the same.
    pub fn same_schema(&self) -> bool {
        self.tables.iter().all(|table| table.change.is_none())
    }
}

/// Compares two states of a database, without the version table. At most `sample` differing rows
/// per table are listed; the counts cover all rows.
///
/// # Errors
/// The database's, such as for bytes that are no database.
pub fn compare(
    before: &Database,
    after: &Database,
    renames: &Renames,
    sample: usize,
) -> Result<StateDifference> {
    let old = before.tables()?;
    let new = after.tables()?;
    let mut names: Vec<(Option<&TableSchema>, Option<&TableSchema>)> = Vec::new();
    for table in new.iter() {
        let was = renames.old_table(&table.name);
        names.push((old.iter().find(|known| known.name == was), Some(table)));
    }
    for table in old.iter() {
        let known = names
            .iter()
            .any(|(was, _)| was.is_some_and(|was| was.name == table.name));
        if !known {
            names.push((Some(table), None));
        }
    }
    names.in_order_by_key(|(was, is)| is.or(*was).map(|table| table.name.clone()));
    let comparison = before.image().compare(after.image())?;
    let mut difference = StateDifference::default();
    for (was, is) in names {
        let Some(table) = is.or(was) else { continue };
        let renamed = match (was, is) {
            (Some(was), Some(is)) if was.name != is.name => Some(was.name.clone()),
            _ => None,
        };
        let items = schema::items(was, is, renames);
        let change = match (was, is) {
            (None, _) => Some(Change::Added),
            (_, None) => Some(Change::Removed),
            _ if renamed.is_some() || !items.is_empty() => Some(Change::Altered),
            _ => None,
        };
        // A table that cannot be read (virtual, or of a missing module) has no rows to compare.
        let rows = comparison
            .rows(
                was.map(TableSchema::compared).as_ref(),
                is.map(TableSchema::compared).as_ref(),
                &|column| {
                    let table = was.map_or("", |table| &table.name);
                    renames.new_column(table, column).to_owned()
                },
                sample,
            )
            .ok();
        if change.is_none() && rows.as_ref().is_none_or(RowDifference::is_empty) {
            continue;
        }
        difference.tables.push(TableDifference {
            table: table.name.clone(),
            was: renamed,
            change,
            items,
            rows,
        });
    }
    Ok(difference)
}

/// What differs between two states, a line for each table, column, key, and for the rows of a table;
/// the states are called `before` and `after` in them.
pub fn difference_lines(difference: &StateDifference, before: &str, after: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for table in &difference.tables {
        let name = &table.table;
        match table.change {
            Some(Change::Added) => lines.push(format!("{name}: only {after}")),
            Some(Change::Removed) => lines.push(format!("{name}: only {before}")),
            _ => {
                lines.extend(table.items.iter().map(|item| {
                    let shown = |side: &Option<SchemaItem>| match side {
                        Some(item) => format!("{} {}", item.name, item.definition),
                        None => "none".to_owned(),
                    };
                    format!(
                        "{name}: {} {} {before}, {} {after}",
                        item.kind.word(),
                        shown(&item.before).trim(),
                        shown(&item.after).trim()
                    )
                }));
                if let Some(rows) = table.rows.as_ref().filter(|rows| !rows.is_empty()) {
                    if rows.changed + rows.lost + rows.added == 0 {
                        // The rows are the same but for columns that came or went.
                        for column in &rows.columns {
                            let cells = format!("{name}.{}", column.column);
                            if column.lost > 0 {
                                lines
                                    .push(format!("{cells}: {} values only {before}", column.lost));
                            }
                            if column.converted > 0 {
                                lines.push(format!(
                                    "{cells}: {} values of another type {after}",
                                    column.converted
                                ));
                            }
                        }
                        continue;
                    }
                    lines.push(format!(
                        "{name}: {} rows {before}, {} {after}; {} differ in a value, {} only \
                         {before}, {} only {after}",
                        rows.before, rows.after, rows.changed, rows.lost, rows.added
                    ));
                }
            }
        }
    }
    lines
}
