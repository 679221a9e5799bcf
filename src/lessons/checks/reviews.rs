//! Conditions that run something to find out: whether the models match the database, whether a revision
//! can be undone, what a review finds.

use super::super::Problem;
use super::super::fields::{Fields, one_of};
use super::super::state::{State, shown};
use super::graph::Which;
use super::{Part, listed};
use crate::review::{self, Code, Rows, Severity, Verdict, difference_lines};
use ground::diagnostic::Error;

/// Whether the models match the database, as `alembic check` says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ModelsCondition {
    matches: bool,
    /// Operations that autogenerate must want, such as `add_column hero.age`.
    finds: Vec<String>,
}

impl ModelsCondition {
    pub(super) fn read(fields: &Fields<'_>) -> Result<ModelsCondition, Problem> {
        let word = fields.word("models", &["match", "differ"])?;
        Ok(ModelsCondition {
            matches: word.as_deref() == Some("match"),
            finds: fields.texts("finds")?.unwrap_or_default(),
        })
    }

    pub(super) fn parts(&self, state: &State<'_>) -> Vec<Part> {
        let pending = state.pending();
        let expected = if self.matches {
            "The database matches the models: `alembic check` finds nothing to do.".to_owned()
        } else if self.finds.is_empty() {
            "The models differ from the database.".to_owned()
        } else {
            format!("Autogenerate would write {}.", listed(&self.finds))
        };
        if let Some(error) = &pending.error {
            return vec![Part::unknown(expected, shown(error))];
        }
        let operations: Vec<String> = pending
            .operations
            .iter()
            .map(|operation| format!("{} {}", operation.name, operation.target))
            .collect();
        let found = match operations.as_slice() {
            [] => "It finds nothing to do: models and database are the same.".to_owned(),
            found => format!("It finds {}.", listed(found)),
        };
        let holds = operations.is_empty() == self.matches
            && self.finds.iter().all(|wanted| operations.contains(wanted));
        vec![Part::new(holds, expected, found)]
    }
}

/// What becomes of a revision's changes when it is taken back and run again.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RoundTripCondition {
    which: Which,
    /// The words of verdicts that are good enough.
    verdicts: Vec<String>,
}

/// Every verdict of a round trip.
const VERDICTS: &[&str] = &[
    "lossless",
    "schema only",
    "loses data",
    "not reversed",
    "broken",
];

impl RoundTripCondition {
    pub(super) fn read(fields: &Fields<'_>) -> Result<RoundTripCondition, Problem> {
        let verdicts = fields.texts("verdict")?;
        if let Some(word) = verdicts
            .iter()
            .flatten()
            .find(|word| !VERDICTS.contains(&word.as_str()))
        {
            let message = format!("verdict is {}; it can't be {word:?}.", one_of(VERDICTS));
            return Err(fields.wrong("verdict", message));
        }
        Ok(RoundTripCondition {
            which: Which::read(&fields.required("round_trip")?),
            verdicts: verdicts
                .unwrap_or_else(|| ["lossless", "schema only"].map(str::to_owned).to_vec()),
        })
    }

    pub(super) fn parts(&self, state: &State<'_>) -> Vec<Part> {
        let who = self.which.words();
        let expected = if self.verdicts.iter().any(|word| word == "loses data") {
            format!("{who} can be taken back, and the schema is what it was.")
        } else {
            format!("{who} can be taken back and run again, and nothing is lost.")
        };
        let revisions = self.which.of(state);
        if revisions.is_empty() {
            return vec![Part::new(false, expected, self.which.missing(state))];
        }
        revisions
            .iter()
            .map(|revision| {
                match review::round_trip(state.run(), &revision.revision, Rows::AtHand) {
                    Err(error) => Part::unknown(&*expected, untried(&error)),
                    Ok(trip) => {
                        let word = trip.verdict.word();
                        let holds = self.verdicts.iter().any(|known| known == word);
                        Part::new(holds, &*expected, found(&trip))
                    }
                }
            })
            .collect()
    }
}

fn found(trip: &review::RoundTrip) -> String {
    let differences = || {
        let lines: Vec<String> = trip
            .back
            .iter()
            .chain(&trip.again)
            .flat_map(|difference| difference_lines(difference, "before", "after"))
            .take(2)
            .collect();
        lines.join("; ")
    };
    match &trip.verdict {
        Verdict::Broken { step, error, .. } => format!("The {step} fails: {}.", shown(error)),
        Verdict::NotReversed => {
            format!(
                "After the downgrade the schema is not what it was: {}.",
                differences()
            )
        }
        Verdict::LosesData => format!("Values are lost on the way: {}.", differences()),
        Verdict::SchemaOnly | Verdict::Lossless => "Nothing is lost.".to_owned(),
    }
}

/// What a review finds in a revision.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FindingCondition {
    which: Which,
    /// The kind of finding; `None` for any that is more than a note.
    code: Option<Code>,
    absent: bool,
}

impl FindingCondition {
    pub(super) fn read(fields: &Fields<'_>) -> Result<FindingCondition, Problem> {
        let code = match fields.text("finding")? {
            None => {
                fields.word("review", &["clean"])?;
                None
            }
            Some(word) => Some(Code::named(&word).ok_or_else(|| {
                let words: Vec<&str> = Code::ALL.iter().map(|code| code.word()).collect();
                let message = format!("finding is {}; it can't be {word:?}.", one_of(&words));
                fields.wrong("finding", message)
            })?),
        };
        Ok(FindingCondition {
            which: Which::read(&fields.required("in")?),
            absent: fields.flag("absent")? || code.is_none(),
            code,
        })
    }

    pub(super) fn parts(&self, state: &State<'_>) -> Vec<Part> {
        let who = self.which.words();
        let of = lower(&who);
        let expected = match (self.code, self.absent) {
            (None, _) => format!("A review of {of} finds nothing to mend."),
            (Some(code), true) => format!("A review of {of} does not find “{}”.", code.word()),
            (Some(code), false) => format!("A review of {of} finds “{}”.", code.word()),
        };
        let revisions = self.which.of(state);
        if revisions.is_empty() {
            return vec![Part::new(false, expected, self.which.missing(state))];
        }
        let mut found: Vec<String> = Vec::new();
        for revision in revisions {
            match review::findings(state.run(), &revision.revision, Rows::AtHand) {
                Err(error) => return vec![Part::unknown(expected, untried(&error))],
                Ok(review) => found.extend(
                    review
                        .findings
                        .iter()
                        .filter(|finding| match self.code {
                            Some(code) => finding.code == code,
                            None => {
                                finding.severity != Severity::Note && !finding.code.on_request()
                            }
                        })
                        .map(|finding| {
                            format!("line {}: {}", finding.location.line, finding.message)
                        }),
                ),
            }
        }
        let is_found = !found.is_empty();
        let said = match found.as_slice() {
            [] => "It finds none.".to_owned(),
            found => format!("It finds, in {}", found.join("; ")),
        };
        vec![Part::new(is_found != self.absent, expected, said)]
    }
}

/// Why a revision can't be tried, such as one before it that fails.
fn untried(error: &Error) -> String {
    format!("It can't be tried yet: {}.", shown(error))
}

fn lower(who: &str) -> String {
    let mut chars = who.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}
