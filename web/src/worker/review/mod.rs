//! Reviews of a revision: the engine's findings and round trips as wire types.

use std::rc::Rc;

use limbeck::cli::review::{Settings, silences};
use limbeck::command::with_index;
use limbeck::driver::Value;
use limbeck::ground::diagnostic::Result;
use limbeck::ground::event::Observer;
use limbeck::ground::host::Host as _;
use limbeck::ground::run::Run;
use limbeck::review::{self, Change, Verdict as Outcome};
use protocol::{
    ColumnCells, Differs, Edit, Evidence, Finding, Fix, Ground, ItemDifference, ModelFix, Review,
    RoundTrip, RowChange, RowDifference, Severity, TableDifference, Verdict,
};

use crate::database::cell;
use crate::engine::{failure, place};
use crate::workspace::{WorkspaceHost, relative};

mod requests;
#[cfg(test)]
mod tests;
mod words;

/// One of the two ways of trying a revision.
pub type How = fn(&Rc<WorkspaceHost>, Rc<dyn Observer>, &str) -> Result<Review>;

/// Takes a revision there and back, without looking for findings; nothing of the host's is changed.
///
/// # Errors
///
/// Where it can't be tried at all, such as a script that can't be read, or was cancelled.
pub fn there_and_back(
    host: &Rc<WorkspaceHost>,
    observer: Rc<dyn Observer>,
    revision: &str,
) -> Result<Review> {
    let run = Run::observed(host.clone(), observer);
    let trip = review::round_trip(&run, revision, review::Rows::AtHand)?;
    Ok(Review {
        path: String::new(),
        ground: ground(trip.ground),
        unreachable: trip.unreachable.as_ref().map(|error| failure(error, host)),
        rows: 0,
        findings: Vec::new(),
        round_trip: round_trip(&trip, host),
        microseconds: 0,
        revision: trip.revision,
    })
}

pub(crate) fn ground(ground: review::Ground) -> Ground {
    match ground {
        review::Ground::Here => Ground::Here,
        review::Ground::TakenBack => Ground::TakenBack,
        review::Ground::Empty => Ground::Empty,
    }
}

/// Reviews a revision; nothing of the host's is changed.
///
/// # Errors
///
/// Where it can't be tried at all, such as a script that can't be read, or was cancelled.
pub fn review(
    host: &Rc<WorkspaceHost>,
    observer: Rc<dyn Observer>,
    revision: &str,
) -> Result<Review> {
    let run = Run::observed(host.clone(), observer);
    let found = review::findings(&run, revision, review::Rows::AtHand)?;
    let trip = review::round_trip(&run, revision, review::Rows::AtHand)?;
    // What is wrong with them, the program says; a review goes on without.
    let settings = Settings::read(&run).unwrap_or_default();
    let text = host
        .read(&found.path)
        .map(|contents| String::from_utf8_lossy(&contents).into_owned())
        .unwrap_or_default();
    Ok(Review {
        path: relative(&host.path(&found.path)),
        ground: ground(found.ground),
        unreachable: found.unreachable.as_ref().map(|error| failure(error, host)),
        rows: 0,
        findings: told(found.findings, &settings, &text)
            .map(|one| finding(one, &text, host))
            .collect(),
        round_trip: round_trip(&trip, host),
        microseconds: 0,
        revision: found.revision,
    })
}

/// The findings that the project wants told, with the severities that it gives them: without those that it leaves out,
/// does not ask for, or ignores at their line.
fn told(
    found: Vec<review::Finding>,
    settings: &Settings,
    text: &str,
) -> impl Iterator<Item = review::Finding> {
    let comments = silences(text);
    found.into_iter().filter_map(move |mut finding| {
        finding.severity = settings.severity(finding.code, finding.severity)?;
        let ignored = comments.iter().any(|comment| comment.silences(&finding));
        (!ignored).then_some(finding)
    })
}

/// The model of a column that a finding wants an index on.
fn indexed_model(found: &review::Finding, host: &WorkspaceHost) -> Option<ModelFix> {
    if found.code != review::Code::ForeignKeyWithoutIndex {
        return None;
    }
    let (table, column) = found.target.as_ref()?.split_once('.')?;
    let files = host.files();
    let mut texts = files.files.iter().filter(|(path, _)| path.ends_with(".py"));
    texts.find_map(|(path, contents)| {
        let text = std::str::from_utf8(contents).ok()?;
        // Most files do not name the column: parsing them would take longer.
        text.contains(column).then_some(())?;
        Some(ModelFix {
            keyword: "index=True".to_owned(),
            path: relative(path),
            edit: Edit::between(text, &with_index(text, table, column)?),
        })
    })
}

fn finding(found: review::Finding, text: &str, host: &WorkspaceHost) -> Finding {
    let model = indexed_model(&found, host);
    Finding {
        code: found.code.word().to_owned(),
        severity: match found.severity {
            review::Severity::Error => Severity::Error,
            review::Severity::Warning => Severity::Warning,
            review::Severity::Note => Severity::Note,
        },
        place: place(&found.location, host),
        message: found.message,
        target: found.target,
        evidence: found.evidence.map(|evidence| Evidence {
            columns: evidence.columns,
            rows: evidence
                .rows
                .iter()
                .map(|row| row.iter().map(cell).collect())
                .collect(),
            total: evidence.total,
            made: evidence.made,
        }),
        fix: found.fix.map(|fix| Fix {
            edit: Edit::between(text, &review::apply_edits(text, &fix.edits)),
            title: fix.title,
            model,
        }),
    }
}

fn round_trip(trip: &review::RoundTrip, host: &WorkspaceHost) -> RoundTrip {
    let (verdict, step, broken) = match &trip.verdict {
        Outcome::Lossless => (Verdict::Lossless, None, None),
        Outcome::SchemaOnly => (Verdict::SchemaOnly, None, None),
        Outcome::LosesData => (Verdict::LosesData, None, None),
        Outcome::NotReversed => (Verdict::NotReversed, None, None),
        Outcome::Broken {
            step,
            error,
            location,
        } => {
            let mut failure = failure(error, host);
            if let Some(location) = location {
                failure.place = Some(place(location, host));
            }
            (Verdict::Broken, Some((*step).to_owned()), Some(failure))
        }
    };
    RoundTrip {
        verdict,
        step,
        failure: broken,
        empty_downgrade: trip.empty_downgrade,
        back: tables(&trip.back),
        again: tables(&trip.again),
        now: tables(&trip.now),
    }
}

fn differs(change: Change) -> Differs {
    match change {
        Change::Added => Differs::Added,
        Change::Removed => Differs::Removed,
        Change::Altered => Differs::Altered,
    }
}

/// Differences over the wire.
pub(crate) fn tables(differences: &[review::StateDifference]) -> Vec<TableDifference> {
    differences
        .iter()
        .flat_map(|difference| &difference.tables)
        .map(|table| TableDifference {
            table: table.table.clone(),
            was: table.was.clone(),
            change: table.change.map(differs),
            items: table
                .items
                .iter()
                .map(|item| ItemDifference {
                    kind: item.kind.word().to_owned(),
                    change: differs(item.change),
                    before: item.before.as_ref().map(words),
                    after: item.after.as_ref().map(words),
                })
                .collect(),
            rows: table
                .rows
                .as_ref()
                .filter(|rows| !rows.is_empty())
                .map(rows),
        })
        .collect()
}

fn words(item: &review::SchemaItem) -> String {
    format!("{} {}", item.name, item.definition)
        .trim()
        .to_owned()
}

fn rows(difference: &review::RowDifference) -> RowDifference {
    RowDifference {
        before: difference.before,
        after: difference.after,
        lost: difference.lost,
        added: difference.added,
        changed: difference.changed,
        columns: difference
            .columns
            .iter()
            .map(|column| ColumnCells {
                column: column.column.clone(),
                lost: column.lost,
                changed: column.changed,
                converted: column.converted,
                filled_in: column.filled_in,
            })
            .collect(),
        sample: difference
            .sample
            .iter()
            .map(|row| RowChange {
                change: differs(row.change),
                key: row
                    .key
                    .iter()
                    .map(|(column, value)| format!("{column} = {}", literal(value)))
                    .collect::<Vec<_>>()
                    .join(", "),
                cells: row
                    .cells
                    .iter()
                    .map(|cell| {
                        (
                            cell.column.clone(),
                            cell.before.as_ref().map(literal),
                            cell.after.as_ref().map(literal),
                        )
                    })
                    .collect(),
            })
            .collect(),
    }
}

/// Characters of a value that are shown.
const SHOWN: usize = 120;

/// A value as SQL writes it.
fn literal(value: &Value) -> String {
    let text = match value {
        Value::Null => "NULL".to_owned(),
        Value::Text(text) => protocol::sql::quote_text(text),
        Value::Blob(bytes) => format!("a BLOB of {} bytes", bytes.len()),
        other => other.python_repr(),
    };
    if text.chars().count() > SHOWN {
        text.chars().take(SHOWN).chain(['…']).collect()
    } else {
        text
    }
}
