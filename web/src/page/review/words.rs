//! Texts of reviews and round trips.
#![expect(missing_docs, reason = "the words say what each is")]

use protocol::Fix;

pub const TRYING: &str = "Testing on a copy: upgrade, downgrade, upgrade …";
pub const STOPPED: &str = "The review was stopped.";
pub const AGAIN: &str = "Review again";
pub const NOTHING: &str = "No findings: nothing is lost, nothing fails, and it can be undone.";
/// The same where going back from here would lose rows or values, which is said above.
pub const NOTHING_IN_SCRIPT: &str = "No findings about the script itself.";
pub const FINDINGS: &str = "Findings";
pub const EVIDENCE: &str = "Affected rows";
pub const MADE: &str = ", added to a copy as an example: your data has none";
pub const LEG_BACK: &str = "After the downgrade, compared with before the upgrade";
pub const LEG_AGAIN: &str = "After the second upgrade, compared with the first";
pub const DIFFERS: &str = "Differences";

pub fn unreachable(reason: &str) -> String {
    format!(
        "Your database can't be migrated to this revision's parent ({reason}), so the revision was tested on an empty one."
    )
}

pub fn show_line(line: u32) -> String {
    format!("show line {line}")
}

pub fn line(line: u32) -> String {
    format!("line {line}")
}

/// The label of a fix: of the script, and of the model that it changes too.
pub fn apply(fix: &Fix) -> String {
    match &fix.model {
        Some(model) => format!(
            "Apply: {}, and {} in {}",
            fix.title, model.keyword, model.path
        ),
        None => format!("Apply: {}", fix.title),
    }
}

/// Opens what a fix would change.
pub const PREVIEW: &str = "Show the change";

pub const ALREADY_APPLIED: &str = "The database already has this revision: a change to its script reaches the database only when the revision runs again.";
pub const RERUN: &str = "Downgrade, change it, upgrade again";
pub const NEW_REVISION: &str = "Write a new revision instead";
pub const SCRIPT_ONLY: &str = "Change the script only";

pub const LOSSLESS: &str = "Lossless";
pub const SCHEMA_ONLY: &str = "Schema only";
pub const LOSES_DATA: &str = "Loses data";
pub const NOT_REVERSED: &str = "Not reversed";
pub const BROKEN: &str = "Broken";
pub const DOES_NOTHING: &str = " downgrade() does nothing.";
pub const ON_EMPTY: &str = "on an empty database";
pub const ON_TAKEN_BACK: &str = "on a copy of your database, downgraded past this revision first,";
pub const ON_WHEN_APPLIED: &str = "on a copy of the rows that were there when it was applied";
pub const ON_NO_ROWS: &str = "on a copy of your database, which has no rows,";
pub const IS_LEFT: &str = "is left behind";
pub const IS_MISSING: &str = "is missing";
pub const IS_ANOTHER: &str = "is different";

pub fn on_rows(rows: &str) -> String {
    format!("on a copy with your {rows}")
}

pub fn lossless(ground: &str) -> String {
    format!("upgrade, downgrade, upgrade {ground} gave the same schema and rows.")
}

pub fn schema_only(ground: &str, rows: &str) -> String {
    format!(
        "upgrade, downgrade, upgrade {ground} gave the same schema. No data is lost, but rows differ: {rows}."
    )
}

pub fn loses_data(ground: &str, lost: &str) -> String {
    format!("upgrade, downgrade, upgrade {ground} loses {lost}.")
}

pub fn not_reversed(ground: &str, items: &str) -> String {
    format!("downgrade {ground} does not restore the earlier schema: {items}.")
}

pub fn broken(step: &str, ground: &str, line: &str, message: &str) -> String {
    match step {
        "upgrade again" => {
            format!("after the downgrade, upgrade {ground} fails{line}: {message}")
        }
        _ => format!("{step} {ground} fails{line}: {message}"),
    }
}

pub fn at_line(line: u32) -> String {
    format!(" at line {line}")
}

pub fn at_place(path: &str, line: u32) -> String {
    format!(" at {path}, line {line}")
}

pub fn table_left(table: &str) -> String {
    format!("table {table} is left behind")
}

pub fn table_missing(table: &str) -> String {
    format!("table {table} is missing")
}

pub fn item(kind: &str, name: &str, table: &str, what: &str) -> String {
    format!("{kind} {name} of {table} {what}")
}

pub fn of(number: &str, name: &str) -> String {
    format!("{number} of {name}")
}

pub fn others(number: u64, cell: &str) -> String {
    if number == 1 {
        format!("1 value of {cell} changed")
    } else {
        format!("{} values of {cell} changed", crate::words::number(number))
    }
}

pub fn filled_in(cells: &str, column: &str) -> String {
    format!("{cells} of {column} filled in")
}

pub fn converted(values: &str, column: &str) -> String {
    format!("{values} of {column} changed type")
}

pub fn added_to(rows: &str, table: &str) -> String {
    format!("{rows} added to {table}")
}

pub fn and_more(number: usize) -> String {
    format!("; and {} more", crate::words::number(number as u64))
}

/// The same after the word of the verdict.
pub fn loses_now(lost: &str) -> String {
    format!("downgrading your database past this revision and upgrading again would lose {lost}.")
}

pub fn going_back(lost: &str) -> String {
    format!("Downgrading your database past this revision and upgrading again would lose {lost}.")
}
