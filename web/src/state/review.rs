//! What the page knows of a revision's review, and how it says it.

use std::rc::Rc;

use crate::protocol::{
    Differs, Failure, FileEntry, Ground, Review, Severity, TableDifference, Verdict,
};

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
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {one}s")
    }
}

/// What the revision was tried on.
fn ground(review: &Review) -> String {
    match review.ground {
        Ground::Empty => "on an empty database".to_owned(),
        // How many rows are left then is not known.
        Ground::TakenBack => {
            "on a copy of your database, taken back to before this revision,".to_owned()
        }
        Ground::Here if review.rows == 0 => {
            "on a copy of your database, which has no rows,".to_owned()
        }
        Ground::Here => format!("on a copy with your {}", number(review.rows, "row")),
    }
}

/// The verdict: in a word or two, and the sentence that gives its reason.
pub fn verdict(review: &Review) -> (&'static str, String) {
    let trip = &review.round_trip;
    let ground = ground(review);
    let there_and_back = format!("upgrade, downgrade, upgrade {ground}");
    let (word, mut sentence) = match trip.verdict {
        Verdict::Lossless => (
            "Lossless",
            format!("{there_and_back} gave the same schema and rows."),
        ),
        Verdict::SchemaOnly => (
            "Schema only",
            format!(
                "{there_and_back} gave the same schema; nothing that was there is lost, but rows \
                 differ: {}.",
                told(&[&trip.back, &trip.again], false)
            ),
        ),
        Verdict::LosesData => (
            "Loses data",
            format!(
                "{there_and_back} loses {}.",
                told(&[&trip.back, &trip.again], true)
            ),
        ),
        Verdict::NotReversed => (
            "Not reversed",
            format!(
                "downgrade {ground} does not bring back the schema from before: {}.",
                items(&trip.back)
            ),
        ),
        Verdict::Broken => {
            let step = trip.step.as_deref().unwrap_or("upgrade");
            let (line, message) = match &trip.failure {
                Some(failure) => (
                    match &failure.place {
                        Some(place) if place.path == review.path => {
                            format!(" at line {}", place.line)
                        }
                        Some(place) => format!(" at {}, line {}", place.path, place.line),
                        None => String::new(),
                    },
                    failure.message.lines().next().unwrap_or_default(),
                ),
                None => (String::new(), ""),
            };
            (
                "Broken",
                match step {
                    "upgrade again" => {
                        format!("after the downgrade, upgrade {ground} fails{line}: {message}")
                    }
                    _ => format!("{step} {ground} fails{line}: {message}"),
                },
            )
        }
    };
    if trip.empty_downgrade {
        sentence.push_str(" downgrade() does nothing.");
    }
    (word, sentence)
}

/// Schema items that differ, the first few by name.
fn items(tables: &[TableDifference]) -> String {
    let mut all = Vec::new();
    for table in tables {
        match table.change {
            Some(Differs::Added) => all.push(format!("table {} is left over", table.table)),
            Some(Differs::Removed) => all.push(format!("table {} is missing", table.table)),
            _ => all.extend(table.items.iter().map(|item| {
                let shown = item.after.as_ref().or(item.before.as_ref());
                let name = shown.map_or("", |text| text.as_str());
                let what = match item.change {
                    Differs::Added => "is left over",
                    Differs::Removed => "is missing",
                    Differs::Altered => "is another",
                };
                let name = name.split(' ').next().unwrap_or_default();
                format!("{} {name} of {} {what}", item.kind, table.table)
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
            say(format!("{} of {name}", number(rows.lost, "row")));
        }
        for column in &rows.columns {
            let cell = format!("{name}.{}", column.column);
            if column.lost > 0 {
                say(format!("{} of {cell}", number(column.lost, "value")));
            }
            if column.changed > 0 {
                let verb = if column.changed == 1 { "is" } else { "are" };
                let other = if column.changed == 1 {
                    "another"
                } else {
                    "others"
                };
                say(format!(
                    "{} of {cell}, which {verb} {other} now",
                    number(column.changed, "value")
                ));
            }
            if !only_lost && column.filled_in > 0 {
                say(format!(
                    "{} of {cell} filled in",
                    number(column.filled_in, "cell")
                ));
            }
            if !only_lost && column.converted > 0 {
                say(format!(
                    "{} of {cell} of another type",
                    number(column.converted, "value")
                ));
            }
        }
        if !only_lost && rows.added > 0 {
            say(format!("{} added to {name}", number(rows.added, "row")));
        }
    }
    few(all)
}

fn few(mut all: Vec<String>) -> String {
    let more = all.len().saturating_sub(3);
    all.truncate(3);
    let mut text = all.join("; ");
    if more > 0 {
        text.push_str(&format!("; and {more} more"));
    }
    text
}

/// What going back from where the database is now and up again would cost it; nothing where it
/// costs nothing.
pub fn going_back_now(review: &Review) -> Option<String> {
    let now = &review.round_trip.now;
    let lost = told(&[now], true);
    (!lost.is_empty())
        .then(|| format!("Going back from where your database is and up again would lose {lost}."))
}
