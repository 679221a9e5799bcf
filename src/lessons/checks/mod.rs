//! When a step is done: conditions on the state of a workspace, as `checks.toml` writes them.
//!
//! A step's check is a list of conditions, all of which must hold. What each can say is in
//! `docs/lessons.md`. Reading and evaluating of a kind of condition are in one file:
//! [`schema`] (tables), [`rows`] (queries), [`graph`] (revisions and their graph), [`files`],
//! [`commands`], [`reviews`] (models, round trips, findings).

mod commands;
mod files;
mod graph;
mod reviews;
mod rows;
mod schema;

pub(super) use files::defined;

use std::collections::BTreeMap;

use super::Problem;
use super::fields::{Document, Fields, one_of};
use super::lesson::CHECKS;
use super::state::State;
use crate::config::toml::Table;

/// The check of a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Check {
    conditions: Vec<Condition>,
}

/// What is required, and in whose words.
#[derive(Clone, Debug, PartialEq)]
struct Condition {
    /// The author's sentence instead of the usual ones.
    says: Option<String>,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Table(Box<schema::TableCondition>),
    Query(rows::QueryCondition),
    Graph(graph::GraphCondition),
    Revision(Box<graph::RevisionCondition>),
    Current(graph::CurrentCondition),
    File(files::FileCondition),
    Commands(commands::CommandsCondition),
    Models(reviews::ModelsCondition),
    RoundTrip(reviews::RoundTripCondition),
    Finding(reviews::FindingCondition),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Vec<Condition>),
}

/// How a step stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the step is done.
    pub holds: bool,
    /// What is required, piece by piece.
    pub parts: Vec<Part>,
    /// What keeps the project from being read, where something does.
    pub error: Option<String>,
}

/// One thing that is required.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Whether it is so.
    pub holds: bool,
    /// What is required, as a sentence.
    pub expected: String,
    /// What there is, as a sentence; empty where there is no more to say than that it holds.
    pub found: String,
}

impl Part {
    fn new(holds: bool, expected: impl Into<String>, found: impl Into<String>) -> Part {
        Part {
            holds,
            expected: expected.into(),
            found: if holds { String::new() } else { found.into() },
        }
    }

    /// What could not be found out, and why.
    fn unknown(expected: impl Into<String>, why: impl Into<String>) -> Part {
        Part::new(false, expected, why)
    }
}

/// Whether a step is done. Nothing is printed.
pub fn evaluate(check: &Check, state: &State<'_>) -> Verdict {
    let parts: Vec<Part> = check
        .conditions
        .iter()
        .flat_map(|condition| condition.parts(state))
        .collect();
    let holds = parts.iter().all(|part| part.holds);
    Verdict {
        holds,
        parts,
        error: if holds { None } else { state.project_error() },
    }
}

impl Check {
    /// Whether the check looks at a table: in a condition on it, in a query, or in comparing all with the
    /// models.
    pub fn speaks_of(&self, table: &str) -> bool {
        self.conditions
            .iter()
            .any(|condition| condition.speaks_of(table))
    }
}

impl Condition {
    fn parts(&self, state: &State<'_>) -> Vec<Part> {
        let parts = match &self.kind {
            Kind::Table(condition) => condition.parts(state),
            Kind::Query(condition) => condition.parts(state),
            Kind::Graph(condition) => condition.parts(state),
            Kind::Revision(condition) => condition.parts(state),
            Kind::Current(condition) => condition.parts(state),
            Kind::File(condition) => condition.parts(state),
            Kind::Commands(condition) => condition.parts(state),
            Kind::Models(condition) => condition.parts(state),
            Kind::RoundTrip(condition) => condition.parts(state),
            Kind::Finding(condition) => condition.parts(state),
            Kind::All(conditions) => all_parts(conditions, state),
            Kind::Any(conditions) => any_parts(conditions, state),
            Kind::Not(conditions) => {
                let holds = !all_parts(conditions, state).iter().all(|part| part.holds);
                // Reading has seen to it that the author says what is required.
                vec![Part::new(holds, "", "It is not so yet.")]
            }
        };
        match &self.says {
            None => parts,
            Some(says) => {
                let mut failed: Vec<&str> = Vec::new();
                for part in parts.iter().filter(|part| !part.holds) {
                    if !failed.contains(&part.found.as_str()) {
                        failed.push(&part.found);
                    }
                }
                let holds = parts.iter().all(|part| part.holds);
                vec![Part::new(holds, says, failed.join(" "))]
            }
        }
    }

    fn speaks_of(&self, table: &str) -> bool {
        match &self.kind {
            Kind::Table(condition) => condition.table() == table,
            Kind::Query(condition) => condition.names(table),
            // Every table is compared.
            Kind::Models(_) => true,
            Kind::All(inner) | Kind::Any(inner) | Kind::Not(inner) => {
                inner.iter().any(|condition| condition.speaks_of(table))
            }
            _ => false,
        }
    }
}

fn all_parts(conditions: &[Condition], state: &State<'_>) -> Vec<Part> {
    conditions
        .iter()
        .flat_map(|condition| condition.parts(state))
        .collect()
}

/// The parts of the alternative that holds, or else of the one that is nearest to it.
fn any_parts(conditions: &[Condition], state: &State<'_>) -> Vec<Part> {
    let mut nearest: Option<(usize, Vec<Part>)> = None;
    for condition in conditions {
        let parts = condition.parts(state);
        let wrong = parts.iter().filter(|part| !part.holds).count();
        if wrong == 0 {
            return parts;
        }
        if nearest.as_ref().is_none_or(|(fewest, _)| wrong < *fewest) {
            nearest = Some((wrong, parts));
        }
    }
    nearest.map(|(_, parts)| parts).unwrap_or_default()
}

/// The checks of a lesson by step, as they are taken.
pub(super) struct Written {
    checks: BTreeMap<String, (usize, Check)>,
}

impl Written {
    pub(super) fn take(&mut self, step: &str) -> Option<Check> {
        self.checks.remove(step).map(|(_, check)| check)
    }

    /// The first step whose check nobody took, with its line.
    pub(super) fn first_left(&self) -> Option<(&str, usize)> {
        let (step, (line, _)) = self.checks.first_key_value()?;
        Some((step, *line))
    }
}

/// Reads `checks.toml`.
pub(super) fn read(texts: &BTreeMap<String, String>) -> Result<Written, Problem> {
    let text = texts
        .get(CHECKS)
        .ok_or_else(|| Problem::new(CHECKS, 0, "The lesson has no such file."))?;
    let document = Document {
        file: CHECKS,
        text,
        lines_before: 0,
    };
    let table = document.parse()?;
    let root = Fields::new(&document, &table, 1);
    let mut checks = BTreeMap::new();
    for step in table.keys() {
        let lines = document.header_lines(step);
        let first = lines.first().copied().unwrap_or(1);
        let mut check = Check::default();
        for (index, table) in root.tables(step)?.unwrap_or_default().iter().enumerate() {
            let line = lines.get(index).copied().unwrap_or(first);
            let fields = Fields::new(&document, table, line);
            check.conditions.push(condition(&fields)?);
        }
        checks.insert(step.clone(), (first, check));
    }
    Ok(Written { checks })
}

/// What a condition begins with, which says its kind.
const SUBJECTS: &[&str] = &[
    "table",
    "query",
    "revisions",
    "new_revisions",
    "heads",
    "bases",
    "shape",
    "kept",
    "revision",
    "current",
    "file",
    "command",
    "commands",
    "models",
    "round_trip",
    "finding",
    "review",
    "all",
    "any",
    "not",
];

fn condition(fields: &Fields<'_>) -> Result<Condition, Problem> {
    let says = fields.text("says")?;
    let subject = SUBJECTS.iter().find(|subject| fields.has(subject));
    let kind = match subject.copied() {
        Some("table") => Kind::Table(Box::new(schema::TableCondition::read(fields)?)),
        Some("query") => Kind::Query(rows::QueryCondition::read(fields)?),
        Some("revision") => Kind::Revision(Box::new(graph::RevisionCondition::read(fields)?)),
        Some("current") => Kind::Current(graph::CurrentCondition::read(fields)?),
        Some("file") => Kind::File(files::FileCondition::read(fields)?),
        Some("command" | "commands") => Kind::Commands(commands::CommandsCondition::read(fields)?),
        Some("models") => Kind::Models(reviews::ModelsCondition::read(fields)?),
        Some("round_trip") => Kind::RoundTrip(reviews::RoundTripCondition::read(fields)?),
        Some("finding" | "review") => Kind::Finding(reviews::FindingCondition::read(fields)?),
        Some("all") => Kind::All(inner(fields, "all")?),
        Some("any") => Kind::Any(inner(fields, "any")?),
        Some("not") => {
            if says.is_none() {
                let message = "A condition with `not` says in `says` what is required.";
                return Err(fields.wrong("not", message));
            }
            Kind::Not(inner(fields, "not")?)
        }
        Some(_) => Kind::Graph(graph::GraphCondition::read(fields)?),
        None => {
            return Err(fields.missing(format!(
                "This is no condition that there is: it has none of {}.",
                one_of(SUBJECTS)
            )));
        }
    };
    fields.finish("A condition of this kind")?;
    Ok(Condition { says, kind })
}

fn inner(fields: &Fields<'_>, key: &str) -> Result<Vec<Condition>, Problem> {
    let tables: Vec<&Table> = fields.tables(key)?.unwrap_or_default();
    if tables.is_empty() {
        return Err(fields.wrong(key, format!("{key} has no conditions in it.")));
    }
    tables
        .into_iter()
        .map(|table| condition(&fields.inner(key, table)))
        .collect()
}

/// Words as they stand in a sentence: `a`, `a and b`, `a, b and c`.
fn listed(words: &[impl AsRef<str>]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [] => "none".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `1 revision`, `2 revisions`.
fn counted(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}s"),
        1 => format!("one {noun}"),
        number => format!("{number} {noun}s"),
    }
}
