//! The state of a revision's review, and its presentation.

use std::rc::Rc;

use protocol::{Differs, Failure, FileEntry, Ground, Review, Severity, TableDifference, Verdict};

use super::words;
use crate::migrations::state::ScriptTab;
use crate::state::State;
use crate::words as common;

/// How a review ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is there.
    Done(Rc<Review>),
    /// The revision can't be tried.
    Failed(Failure),
    /// It was cancelled.
    Cancelled,
}

/// A review that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// The revision.
    pub revision: Rc<str>,
    /// The files when it was asked for: it is outdated if they have changed.
    pub files: Rc<Vec<FileEntry>>,
    /// How it ended.
    pub outcome: Outcome,
}

impl Reviewed {
    /// The review, if there is one.
    pub fn review(&self) -> Option<&Rc<Review>> {
        match &self.outcome {
            Outcome::Done(review) => Some(review),
            _ => None,
        }
    }
}

/// Reviews.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewState {
    /// The review of a revision, selected or not.
    pub reviewed: Option<Rc<Reviewed>>,
    /// Whether a review is on its way.
    pub reviewing: bool,
}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum ReviewAction {
    /// A review is on its way.
    Started,
    /// A review ended.
    Ended(Reviewed),
    /// The review is wanted anew.
    Again,
}

impl State {
    /// The state after something happened to a review.
    pub(crate) fn reduce_review(&mut self, action: ReviewAction) {
        match action {
            ReviewAction::Started => self.review.reviewing = true,
            ReviewAction::Ended(reviewed) => {
                self.review.reviewing = false;
                self.graph.take(&reviewed);
                self.review.reviewed = Some(Rc::new(reviewed));
            }
            ReviewAction::Again => self.review.reviewed = None,
        }
    }

    /// The review of the selected revision, if known.
    pub fn shown_review(&self) -> Option<&Rc<Reviewed>> {
        self.review
            .reviewed
            .as_ref()
            .filter(|reviewed| Some(&reviewed.revision) == self.migrations.revision.as_ref())
    }

    /// Whether a review of the selected revision is needed: its tab is open, or it is reviewed unasked, and there is
    /// no review or files have changed since.
    pub fn review_due(&self) -> bool {
        let wanted = self.migrations.revision.is_some()
            && (self.migrations.tab == ScriptTab::Review
                || self.migrations.unasked == self.migrations.revision);
        wanted
            && self.app.ready
            && !self
                .shown_review()
                .is_some_and(|reviewed| Rc::ptr_eq(&reviewed.files, &self.view.files))
    }
}

/// How many findings there are of each severity, the worst first; those that there are.
pub fn tally(review: &Review) -> Vec<(Severity, usize)> {
    [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| {
            let number = review
                .findings
                .iter()
                .filter(|finding| finding.severity == severity)
                .count();
            (severity, number)
        })
        .filter(|(_, number)| *number > 0)
        .collect()
}

fn number(count: u64, one: &str) -> String {
    common::count(count as usize, one)
}

/// The data on which the revision was tried.
fn ground(review: &Review) -> String {
    match review.ground {
        Ground::Empty => words::ON_EMPTY.to_owned(),
        // How many rows are left then is not known.
        Ground::TakenBack => words::ON_TAKEN_BACK.to_owned(),
        Ground::WhenApplied => words::ON_WHEN_APPLIED.to_owned(),
        Ground::Here if review.rows == 0 => words::ON_NO_ROWS.to_owned(),
        Ground::Here => words::on_rows(&number(review.rows, common::ROW)),
    }
}

/// The verdict that is shown. A copy that was downgraded first has lost what that loses already: of the database as it
/// is, the round trip loses it.
pub fn shown_verdict(review: &Review) -> Verdict {
    match review.round_trip.verdict {
        Verdict::Lossless | Verdict::SchemaOnly if lost_now(review).is_some() => Verdict::LosesData,
        verdict => verdict,
    }
}

/// The verdict: in a word or two, and the sentence that gives its reason.
pub fn verdict(review: &Review) -> (&'static str, String) {
    let trip = &review.round_trip;
    let ground = ground(review);
    let (word, mut sentence) = match trip.verdict {
        Verdict::Lossless | Verdict::SchemaOnly if let Some(lost) = lost_now(review) => {
            (words::LOSES_DATA, words::loses_now(&lost))
        }
        Verdict::Lossless => (words::LOSSLESS, words::lossless(&ground)),
        Verdict::SchemaOnly => (
            words::SCHEMA_ONLY,
            words::schema_only(&ground, &told(&[&trip.back, &trip.again], false)),
        ),
        Verdict::LosesData => (
            words::LOSES_DATA,
            words::loses_data(&ground, &told(&[&trip.back, &trip.again], true)),
        ),
        Verdict::NotReversed => (
            words::NOT_REVERSED,
            words::not_reversed(&ground, &items(&trip.back)),
        ),
        Verdict::Broken => {
            let step = trip.step.as_deref().unwrap_or("upgrade");
            let (line, message) = match &trip.failure {
                Some(failure) => (
                    match &failure.place {
                        Some(place) if place.path == review.path => words::at_line(place.line),
                        Some(place) => words::at_place(&place.path, place.line),
                        None => String::new(),
                    },
                    failure.message.lines().next().unwrap_or_default(),
                ),
                None => (String::new(), ""),
            };
            (words::BROKEN, words::broken(step, &ground, &line, message))
        }
    };
    if trip.empty_downgrade {
        // An error's own words end as they please.
        if !sentence.ends_with('.') {
            sentence.push('.');
        }
        sentence.push_str(words::DOES_NOTHING);
    }
    (word, sentence)
}

/// Schema items that differ, the first few by name.
fn items(tables: &[TableDifference]) -> String {
    let mut all = Vec::new();
    for table in tables {
        match table.change {
            Some(Differs::Added) => all.push(words::table_left(&table.table)),
            Some(Differs::Removed) => all.push(words::table_missing(&table.table)),
            _ => all.extend(table.items.iter().map(|item| {
                let shown = item.after.as_ref().or(item.before.as_ref());
                let name = shown.map_or("", |text| text.as_str());
                let what = match item.change {
                    Differs::Added => words::IS_LEFT,
                    Differs::Removed => words::IS_MISSING,
                    Differs::Altered => words::IS_ANOTHER,
                };
                let name = name.split(' ').next().unwrap_or_default();
                words::item(&item.kind, name, &table.table, what)
            })),
        }
    }
    few(all)
}

/// A summary of differing rows and cells: lost data only, or all differences.
fn told(legs: &[&Vec<TableDifference>], only_lost: bool) -> String {
    let mut all: Vec<String> = Vec::new();
    for table in legs.iter().flat_map(|leg| leg.iter()) {
        let Some(rows) = &table.rows else { continue };
        let name = &table.table;
        let mut say = |text: String| {
            if !all.contains(&text) {
                all.push(text);
            }
        };
        if rows.lost > 0 {
            say(words::of(&number(rows.lost, common::ROW), name));
        }
        for column in &rows.columns {
            let cell = format!("{name}.{}", column.column);
            if column.lost > 0 {
                say(words::of(&number(column.lost, common::VALUE), &cell));
            }
            if column.changed > 0 {
                say(words::others(column.changed, &cell));
            }
            if !only_lost && column.filled_in > 0 {
                say(words::filled_in(
                    &number(column.filled_in, common::CELL),
                    &cell,
                ));
            }
            if !only_lost && column.converted > 0 {
                say(words::converted(
                    &number(column.converted, common::VALUE),
                    &cell,
                ));
            }
        }
        if !only_lost && rows.added > 0 {
            say(words::added_to(&number(rows.added, common::ROW), name));
        }
    }
    few(all)
}

fn few(mut all: Vec<String>) -> String {
    let more = all.len().saturating_sub(3);
    all.truncate(3);
    let mut text = all.join("; ");
    if more > 0 {
        text.push_str(&words::and_more(more));
    }
    text
}

/// What a downgrade and an upgrade would lose of the database as it is.
fn lost_now(review: &Review) -> Option<String> {
    let lost = told(&[&review.round_trip.now], true);
    (!lost.is_empty()).then_some(lost)
}

/// The cost of a downgrade and upgrade for the current database; `None` if there is none.
pub fn going_back_now(review: &Review) -> Option<String> {
    lost_now(review).map(|lost| words::going_back(&lost))
}

#[cfg(test)]
mod tests;
