//! Schema operations folded: a column that is added to a table of the same squash moves into its
//! `create_table`, and what is made and dropped again goes away. Nothing moves over a step that may
//! read or write rows.

use std::collections::BTreeMap;

use crate::review::findings::{TextEdit, apply_edits};
use crate::review::operation::{NewColumn, RecordedOperation};

/// A statement of an upgrade or a downgrade.
pub(super) struct Unit {
    /// The comment lines above it.
    pub(super) comments: String,
    /// Its source, whole lines.
    pub(super) text: String,
    /// What it did in the schema; `None` where it may do anything else.
    pub(super) schema: Option<SchemaStep>,
}

impl Unit {
    /// A statement that stays as and where it is.
    pub(super) fn kept(comments: String, text: String) -> Unit {
        Unit {
            comments,
            text,
            schema: None,
        }
    }
}

/// A statement that is nothing but operations on the schema.
pub(super) struct SchemaStep {
    /// The operations, as they ran.
    pub(super) operations: Vec<RecordedOperation>,
    /// Where it is one call whose arguments may move.
    pub(super) call: Option<ColumnCall>,
}

/// The columns among the arguments of `op.create_table` or `op.add_column`.
pub(super) struct ColumnCall {
    /// The columns: the name, the byte range in [`Unit::text`], and where the argument before it ends.
    pub(super) columns: Vec<ColumnArgument>,
    /// The end of the table's name.
    pub(super) table_end: usize,
}

/// A column among the arguments of a call.
pub(super) struct ColumnArgument {
    pub(super) name: String,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) before: usize,
}

/// A `create_table` to which columns can still be added.
struct Made {
    unit: usize,
    /// Whether something was done with the table that the order of columns or names matters to.
    settled: bool,
    dropped: Vec<String>,
    added: Vec<(String, String)>,
}

/// The source of these statements, folded.
pub(super) fn folded(units: &[Unit]) -> String {
    let mut fold = Fold {
        units,
        gone: vec![false; units.len()],
        start: 0,
        made: BTreeMap::new(),
        created: Vec::new(),
    };
    for (number, unit) in units.iter().enumerate() {
        match &unit.schema {
            None => fold.stop(number + 1),
            Some(step) => fold.step(number, step),
        }
    }
    fold.stop(units.len());
    let mut text = String::new();
    for (number, unit) in units.iter().enumerate() {
        if fold.gone[number] {
            continue;
        }
        text.push_str(&unit.comments);
        match fold.created.iter().find(|(at, _)| *at == number) {
            Some((_, created)) => text.push_str(created),
            None => text.push_str(&unit.text),
        }
    }
    text
}

/// The source of these statements as it is.
pub(super) fn verbatim(units: &[Unit]) -> String {
    units
        .iter()
        .flat_map(|unit| [unit.comments.as_str(), unit.text.as_str()])
        .collect()
}

struct Fold<'a> {
    units: &'a [Unit],
    /// The statements that are left out.
    gone: Vec<bool>,
    /// The first statement after the last that may do anything.
    start: usize,
    made: BTreeMap<String, Made>,
    /// The statements whose text has changed.
    created: Vec<(usize, String)>,
}

impl Fold<'_> {
    /// Ends what can be folded; it begins anew at a statement.
    fn stop(&mut self, next: usize) {
        for made in std::mem::take(&mut self.made).into_values() {
            let unit = &self.units[made.unit];
            if let Some(call) = unit.schema.as_ref().and_then(|step| step.call.as_ref()) {
                self.created
                    .push((made.unit, with_columns(&unit.text, call, &made)));
            }
        }
        self.start = next;
    }

    fn step(&mut self, number: usize, step: &SchemaStep) {
        let [operation] = step.operations.as_slice() else {
            for operation in &step.operations {
                self.settle(operation);
            }
            return;
        };
        use RecordedOperation as Op;
        let done = match operation {
            Op::CreateTable { table, .. } if step.call.is_some() => {
                let made = Made {
                    unit: number,
                    settled: false,
                    dropped: Vec::new(),
                    added: Vec::new(),
                };
                self.made.insert(table.clone(), made);
                true
            }
            Op::AddColumn { table, column } => self.add(number, step, table, column),
            Op::DropColumn { table, column } if step.call.is_some() => {
                self.drop_column(number, table, column)
            }
            // It stays where it is, and columns may still be added to the table before it.
            Op::CreateIndex { .. } => true,
            Op::DropIndex {
                name: Some(name), ..
            } => self.drop_index(number, name),
            Op::DropTable { table } => self.drop_table(number, table),
            _ => false,
        };
        if !done {
            self.settle(operation);
        }
    }

    fn settle(&mut self, operation: &RecordedOperation) {
        let to = match operation {
            RecordedOperation::RenameTable { to, .. } => Some(to.as_str()),
            _ => None,
        };
        for table in operation.table().into_iter().chain(to) {
            if let Some(made) = self.made.get_mut(table) {
                made.settled = true;
            }
        }
    }

    /// Moves a column into the `create_table` of its table.
    fn add(&mut self, number: usize, step: &SchemaStep, table: &str, column: &NewColumn) -> bool {
        let Some(made) = self.made.get(table) else {
            return false;
        };
        // A table that is made later can't be referred to earlier. An enum's type is made by
        // create_table, but not by add_column.
        let refers_later = referred_tables(column).any(|referred| {
            referred != table
                && self
                    .made
                    .get(referred)
                    .is_some_and(|other| other.unit > made.unit)
        });
        let own = self.columns(made).any(|known| *known == column.name);
        let plain = column.enums.is_empty() && !column.unique && !column.primary_key;
        let Some(ColumnCall { columns, .. }) = &step.call else {
            return false;
        };
        let [argument] = columns.as_slice() else {
            return false;
        };
        if made.settled || refers_later || own || !plain {
            return false;
        }
        let text = self.units[number].text[argument.start..argument.end].to_owned();
        if let Some(made) = self.made.get_mut(table) {
            made.added.push((column.name.clone(), text));
        }
        self.gone[number] = true;
        true
    }

    /// The columns that a `create_table` has now.
    fn columns<'a>(&'a self, made: &'a Made) -> impl Iterator<Item = &'a String> {
        let schema = self.units[made.unit].schema.as_ref();
        schema
            .and_then(|step| step.call.as_ref())
            .into_iter()
            .flat_map(|call| &call.columns)
            .map(|argument| &argument.name)
            .filter(|name| !made.dropped.contains(name))
            .chain(made.added.iter().map(|(name, _)| name))
    }

    fn drop_column(&mut self, number: usize, table: &str, column: &str) -> bool {
        let Some(made) = self.made.get(table) else {
            return self.cancel(number, table, |operation| {
                matches!(operation, RecordedOperation::AddColumn { column: added, .. } if added.name == column)
            });
        };
        if made.settled || !self.columns(made).any(|known| known == column) {
            return false;
        }
        if let Some(made) = self.made.get_mut(table) {
            let before = made.added.len();
            made.added.retain(|(name, _)| name != column);
            if made.added.len() == before {
                made.dropped.push(column.to_owned());
            }
        }
        self.gone[number] = true;
        true
    }

    /// Leaves out a statement and the one that it takes back, where nothing but further columns and
    /// indexes was made of the table between them.
    fn cancel(
        &mut self,
        number: usize,
        table: &str,
        takes_back: impl Fn(&RecordedOperation) -> bool,
    ) -> bool {
        for earlier in (self.start..number).rev() {
            if self.gone[earlier] {
                continue;
            }
            let Some(step) = &self.units[earlier].schema else {
                return false;
            };
            if let [operation] = step.operations.as_slice()
                && takes_back(operation)
            {
                self.gone[earlier] = true;
                self.gone[number] = true;
                return true;
            }
            let other = step.operations.iter().all(|operation| {
                operation.table().is_some_and(|named| named != table)
                    || matches!(operation, RecordedOperation::AddColumn { .. })
            });
            if !other {
                return false;
            }
        }
        false
    }

    fn drop_index(&mut self, number: usize, name: &str) -> bool {
        let takes_back = |operation: &RecordedOperation| matches!(operation, RecordedOperation::CreateIndex { name: Some(made), .. } if made == name);
        let table = self.units[self.start..number]
            .iter()
            .filter_map(|unit| unit.schema.as_ref())
            .flat_map(|step| &step.operations)
            .find(|operation| takes_back(operation))
            .and_then(|operation| operation.table())
            .map(str::to_owned);
        table.is_some_and(|table| self.cancel(number, &table, takes_back))
    }

    /// Leaves out what was made of a table that is dropped in the end: the table itself, or the way to
    /// its end.
    fn drop_table(&mut self, number: usize, table: &str) -> bool {
        let here = self.start..number;
        let names = |unit: usize| {
            let step = self.units[unit].schema.as_ref();
            step.is_some_and(|step| {
                step.operations
                    .iter()
                    .any(|operation| operation.table() == Some(table) || refers(operation, table))
            })
        };
        let own: Vec<usize> = here
            .filter(|unit| !self.gone[*unit] && names(*unit))
            .collect();
        let single = |unit: &usize| {
            let step = self.units[*unit].schema.as_ref();
            step.and_then(|step| match step.operations.as_slice() {
                [only] => Some(only),
                _ => None,
            })
        };
        use RecordedOperation as Op;
        if let Some(made) = self.made.get(table) {
            let create = made.unit;
            let plain = own.iter().all(|unit| {
                matches!(single(unit), Some(Op::CreateTable { table: named, .. } | Op::CreateIndex { table: named, .. }) if named == table)
            });
            if made.settled || !plain || !own.contains(&create) {
                return false;
            }
            for unit in own.into_iter().chain([number]) {
                self.gone[unit] = true;
            }
            self.made.remove(table);
            return true;
        }
        // Columns and indexes go with their table. Another table may be dropped between them that a
        // column refers to, so only what comes right before is left out.
        for earlier in (self.start..number).rev() {
            if self.gone[earlier] {
                continue;
            }
            match single(&earlier) {
                Some(Op::DropColumn { table: named, .. }) if named == table => {
                    self.gone[earlier] = true;
                }
                Some(Op::DropIndex {
                    table: Some(named), ..
                }) if named == table => {
                    self.gone[earlier] = true;
                }
                _ => break,
            }
        }
        true
    }
}

/// The tables that a column's own foreign keys name, as `table.column`.
fn referred_tables(column: &NewColumn) -> impl Iterator<Item = &str> {
    let targets = column.foreign_keys.iter();
    targets.filter_map(|target| target.rsplit('.').nth(1))
}

/// Whether an operation gives another table a foreign key to this one.
fn refers(operation: &RecordedOperation, table: &str) -> bool {
    match operation {
        RecordedOperation::CreateTable { columns, .. } => columns
            .iter()
            .any(|column| referred_tables(column).any(|named| named == table)),
        RecordedOperation::AddColumn { column, .. } => {
            referred_tables(column).any(|named| named == table)
        }
        RecordedOperation::CreateConstraint { referred, .. } => referred.as_deref() == Some(table),
        _ => false,
    }
}

/// A `create_table` with the columns that it has in the end.
fn with_columns(text: &str, call: &ColumnCall, made: &Made) -> String {
    let mut edits: Vec<TextEdit> = Vec::new();
    let mut at = call.table_end;
    let mut separator = ", ";
    for argument in &call.columns {
        let between = &text[argument.before..argument.start];
        if !between.contains('#') {
            separator = between;
        }
        at = argument.end;
        if made.dropped.contains(&argument.name) {
            edits.push(TextEdit {
                start: argument.before,
                end: argument.end,
                text: String::new(),
            });
        }
    }
    if !made.added.is_empty() {
        let added: String = made
            .added
            .iter()
            .map(|(_, column)| format!("{separator}{column}"))
            .collect();
        edits.push(TextEdit {
            start: at,
            end: at,
            text: added,
        });
    }
    apply_edits(text, &edits)
}
