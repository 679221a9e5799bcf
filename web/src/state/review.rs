//! What the page knows of a revision's review, and how it says it.

use std::rc::Rc;

use crate::protocol::{
    Differs, Failure, FileEntry, Ground, Review, Severity, TableDifference, Verdict,
};

use crate::text::{self, review as words};

/// What is shown of the chosen revision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScriptTab {
    /// Its script.
    #[default]
    Script,
    /// What was found on it.
    Review,
    /// What it did, step by step.
    Steps,
    /// The SQL that it ran, and would run.
    Sql,
}

/// How a review ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is there.
    Done(Rc<Review>),
    /// The revision can't be tried.
    Failed(Failure),
    /// It was stopped.
    Stopped,
}

/// A review that ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Reviewed {
    /// The revision.
    pub revision: Rc<str>,
    /// The files that it speaks of: with other files it is out of date.
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
    text::count(count as usize, one)
}

/// What the revision was tried on.
fn ground(review: &Review) -> String {
    match review.ground {
        Ground::Empty => words::ON_EMPTY.to_owned(),
        // How many rows are left then is not known.
        Ground::TakenBack => words::ON_TAKEN_BACK.to_owned(),
        Ground::Here if review.rows == 0 => words::ON_NO_ROWS.to_owned(),
        Ground::Here => words::on_rows(&number(review.rows, text::ROW)),
    }
}

/// The verdict: in a word or two, and the sentence that gives its reason.
pub fn verdict(review: &Review) -> (&'static str, String) {
    let trip = &review.round_trip;
    let ground = ground(review);
    let (word, mut sentence) = match trip.verdict {
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

/// What became of rows and cells: what is lost, or all that differs.
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
            say(words::of(&number(rows.lost, text::ROW), name));
        }
        for column in &rows.columns {
            let cell = format!("{name}.{}", column.column);
            if column.lost > 0 {
                say(words::of(&number(column.lost, text::VALUE), &cell));
            }
            if column.changed > 0 {
                say(words::others(column.changed, &cell));
            }
            if !only_lost && column.filled_in > 0 {
                say(words::filled_in(
                    &number(column.filled_in, text::CELL),
                    &cell,
                ));
            }
            if !only_lost && column.converted > 0 {
                say(words::converted(
                    &number(column.converted, text::VALUE),
                    &cell,
                ));
            }
        }
        if !only_lost && rows.added > 0 {
            say(words::added_to(&number(rows.added, text::ROW), name));
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

/// What going back from where the database is now and up again would cost it; nothing where it
/// costs nothing.
pub fn going_back_now(review: &Review) -> Option<String> {
    let now = &review.round_trip.now;
    let lost = told(&[now], true);
    (!lost.is_empty()).then(|| words::going_back(&lost))
}
