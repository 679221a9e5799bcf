//! Conditions on revisions: how many there are and how they follow each other, what one of them does,
//! and where the database stands.

use super::super::Problem;
use super::super::fields::Fields;
use super::super::state::{State, hash, shown};
use super::{Part, counted, listed};
use crate::command::ProjectRevision;
use crate::review::{self, RecordedOperation, Step};
use ground::host::absolute_path;
use ground::order::InOrder;

/// The most revisions that a shape has: to compare two takes the cube of that.
const LARGEST: usize = 64;

/// The graph as a whole.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GraphCondition {
    revisions: Option<usize>,
    /// How many were made since the step began.
    new_revisions: Option<usize>,
    heads: Option<usize>,
    bases: Option<usize>,
    /// The parents of each revision, by number.
    shape: Option<Vec<Vec<usize>>>,
    /// Whether the revisions of the step's start are all there, as they were.
    kept: bool,
}

impl GraphCondition {
    pub(super) fn read(fields: &Fields<'_>) -> Result<GraphCondition, Problem> {
        let shape = match fields.text("shape")? {
            None => None,
            Some(text) => Some(shape(&text).ok_or_else(|| {
                let message = format!(
                    "shape names each revision, {LARGEST} at most, after its parents: \"a; b(a); c(b)\"."
                );
                fields.wrong("shape", message)
            })?),
        };
        Ok(GraphCondition {
            revisions: fields.number("revisions")?,
            new_revisions: fields.number("new_revisions")?,
            heads: fields.number("heads")?,
            bases: fields.number("bases")?,
            shape,
            kept: fields.flag("kept")?,
        })
    }

    pub(super) fn parts(&self, state: &State<'_>) -> Vec<Part> {
        let project = state.project();
        let revisions = &project.revisions;
        let read = !revisions.is_empty() || project.errors.is_empty();
        let mut parts = Vec::new();
        let mut count = |wanted: Option<usize>,
                         found: usize,
                         expected: &dyn Fn(usize) -> String,
                         said: String| {
            let Some(wanted) = wanted else { return };
            let expected = expected(wanted);
            parts.push(if read {
                Part::new(found == wanted, expected, said)
            } else {
                Part::unknown(expected, state.project_error().unwrap_or_default())
            });
        };
        let there_are = |number: usize, noun: &str| {
            let verb = if number == 1 { "is" } else { "are" };
            format!("There {verb} {}.", counted(number, noun))
        };
        count(
            self.revisions,
            revisions.len(),
            &|wanted| there_are(wanted, "revision"),
            there_are(revisions.len(), "revision"),
        );
        let new = state.new_revisions().len();
        count(
            self.new_revisions,
            new,
            &|wanted| there_are(wanted, "new revision"),
            there_are(new, "new revision"),
        );
        let heads = format!("The heads are {}.", listed(&project.heads));
        count(
            self.heads,
            project.heads.len(),
            &|wanted| there_are(wanted, "head"),
            heads,
        );
        let bases = revisions
            .iter()
            .filter(|r| r.down_revision.is_empty())
            .count();
        count(
            self.bases,
            bases,
            &|wanted| {
                format!(
                    "There {} without a parent.",
                    match wanted {
                        1 => "is one revision".to_owned(),
                        wanted => format!("are {}", counted(wanted, "revision")),
                    }
                )
            },
            there_are(bases, "such revision"),
        );
        if let Some(wanted) = &self.shape {
            let same = wanted.len() == revisions.len()
                && fingerprint(wanted) == fingerprint(&parents(revisions));
            let expected = format!(
                "The revisions follow each other as the step says: {}.",
                described(wanted)
            );
            let found = format!("There are {}.", described(&parents(revisions)));
            parts.push(Part::new(same, expected, found));
        }
        if self.kept {
            parts.push(kept(state));
        }
        parts
    }
}

/// Whether every revision of the step's start is there with the text that it had.
fn kept(state: &State<'_>) -> Part {
    let folder = state.run().host.current_directory();
    let revisions = &state.project().revisions;
    let mut changed = Vec::new();
    for id in &state.start().revisions {
        let revision = revisions.iter().find(|revision| revision.revision == *id);
        let same = revision.is_some_and(|revision| {
            let path = absolute_path(&folder, &revision.path);
            let path = path
                .strip_prefix(&format!("{folder}/"))
                .unwrap_or(&path)
                .to_owned();
            let contents = state.run().host.read(&path).unwrap_or_default();
            state.start().files.get(&path) == Some(&hash(&contents))
        });
        if !same {
            changed.push(id.as_str());
        }
    }
    Part::new(
        changed.is_empty(),
        "The revisions that were there are as they were.",
        format!("Changed or gone: {}.", listed(&changed)),
    )
}

/// Reads `a; b(a); c(a, b)`.
fn shape(text: &str) -> Option<Vec<Vec<usize>>> {
    let mut names: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for piece in text.split(';') {
        let (name, above) = match piece.trim().strip_suffix(')') {
            Some(piece) => piece.split_once('(')?,
            None => (piece.trim(), ""),
        };
        let above = above
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let above: Option<Vec<usize>> = above
            .map(|parent| names.iter().position(|known| *known == parent))
            .collect();
        let name = name.trim();
        if name.is_empty() || names.contains(&name) {
            return None;
        }
        names.push(name);
        found.push(above?);
        if found.len() > LARGEST {
            return None;
        }
    }
    Some(found)
}

/// The parents of each revision, by number.
fn parents(revisions: &[ProjectRevision]) -> Vec<Vec<usize>> {
    let number = |id: &String| revisions.iter().position(|known| known.revision == *id);
    revisions
        .iter()
        .map(|revision| revision.down_revision.iter().filter_map(number).collect())
        .collect()
}

/// What two graphs share if and, for those that people draw, only if they are the same up to names: each
/// revision is told by what is around it, as far as the graph is deep.
fn fingerprint(parents: &[Vec<usize>]) -> Vec<String> {
    let mut labels = vec![String::new(); parents.len()];
    for _ in 0..parents.len() {
        let next: Vec<String> = (0..parents.len())
            .map(|one| {
                let joined = |others: Vec<usize>| {
                    let mut names: Vec<&str> =
                        others.iter().map(|other| labels[*other].as_str()).collect();
                    names.in_order();
                    names.join(",")
                };
                let children = (0..parents.len()).filter(|other| parents[*other].contains(&one));
                let label = format!(
                    "{}<{}>{}",
                    labels[one],
                    joined(parents[one].clone()),
                    joined(children.collect())
                );
                hash(label.as_bytes())
            })
            .collect();
        labels = next;
    }
    labels.in_order();
    labels
}

/// A graph in a few words.
fn described(parents: &[Vec<usize>]) -> String {
    let heads = (0..parents.len()).filter(|one| !parents.iter().any(|above| above.contains(one)));
    let merges = parents.iter().filter(|above| above.len() > 1).count();
    let mut words = vec![
        counted(parents.len(), "revision"),
        counted(heads.count(), "head"),
    ];
    if merges > 0 {
        words.push(counted(merges, "merge"));
    }
    words.join(", ")
}

/// Which revisions a condition is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Which {
    /// The heads.
    Head,
    /// Those that were made since the step began.
    New,
    /// All.
    Any,
    /// The one whose id begins so.
    Id(String),
}

impl Which {
    pub(super) fn read(word: &str) -> Which {
        match word {
            "head" | "heads" => Which::Head,
            "new" => Which::New,
            "any" => Which::Any,
            id => Which::Id(id.to_owned()),
        }
    }

    pub(super) fn of<'s>(&self, state: &'s State<'_>) -> Vec<&'s ProjectRevision> {
        let revisions = state.project().revisions.iter();
        match self {
            Which::Head => revisions.filter(|revision| revision.is_head).collect(),
            Which::New => state.new_revisions(),
            Which::Any => revisions.collect(),
            Which::Id(id) => revisions
                .filter(|revision| revision.revision.starts_with(id.as_str()))
                .collect(),
        }
    }

    /// It as the subject of a sentence.
    pub(super) fn words(&self) -> String {
        match self {
            Which::Head => "The head".to_owned(),
            Which::New => "The new revision".to_owned(),
            Which::Any => "A revision".to_owned(),
            Which::Id(id) => format!("Revision {id}"),
        }
    }

    /// Why there is none.
    pub(super) fn missing(&self, state: &State<'_>) -> String {
        match state.project_error() {
            Some(error) => error,
            None if *self == Which::New => "There is no new revision yet.".to_owned(),
            None if matches!(self, Which::Head | Which::Any) => {
                "There is no revision yet.".to_owned()
            }
            None => "There is no such revision.".to_owned(),
        }
    }
}

/// One revision, and what is required of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RevisionCondition {
    which: Which,
    /// What it does in upgrade(): the name in `op`.
    operation: Option<String>,
    /// On which table, or column of a table.
    on: Option<String>,
    absent: bool,
    /// The id of one that it depends on, by `depends_on`.
    depends_on: Option<String>,
    /// Whether it depends on any.
    depends: Option<bool>,
    /// A branch label that it has or inherits.
    label: Option<String>,
    /// How many parents it has.
    parents: Option<usize>,
    /// The id of one that it follows.
    follows: Option<String>,
}

impl RevisionCondition {
    pub(super) fn read(fields: &Fields<'_>) -> Result<RevisionCondition, Problem> {
        let condition = RevisionCondition {
            which: Which::read(&fields.required("revision")?),
            operation: fields.text("operation")?,
            on: fields.text("on")?,
            absent: fields.flag("absent")?,
            depends_on: fields.text("depends_on")?,
            depends: fields.boolean("depends")?,
            label: fields.text("label")?,
            parents: fields.number("parents")?,
            follows: fields.text("follows")?,
        };
        if condition.on.is_some() && condition.operation.is_none() {
            return Err(fields.wrong("on", "on needs an operation."));
        }
        Ok(condition)
    }

    pub(super) fn parts(&self, state: &State<'_>) -> Vec<Part> {
        let revisions = self.which.of(state);
        let who = self.which.words();
        let mut parts = Vec::new();
        if revisions.is_empty() && !self.absent {
            let expected = format!("{who} is there.");
            return vec![Part::new(false, expected, self.which.missing(state))];
        }
        let mut require =
            |holds: &dyn Fn(&ProjectRevision) -> bool, expected: String, found: String| {
                parts.push(Part::new(
                    revisions.iter().any(|one| holds(one)),
                    expected,
                    found,
                ));
            };
        if let Some(parents) = self.parents {
            require(
                &|revision| revision.down_revision.len() == parents,
                format!("{who} has {}.", counted(parents, "parent")),
                match revisions.first() {
                    Some(first) => format!("It has {}.", first.down_revision.len()),
                    None => String::new(),
                },
            );
        }
        if let Some(parent) = &self.follows {
            require(
                &|revision| {
                    revision
                        .down_revision
                        .iter()
                        .any(|id| id.starts_with(parent))
                },
                format!("{who} follows {parent}."),
                "It does not.".to_owned(),
            );
        }
        if let Some(other) = &self.depends_on {
            require(
                &|revision| revision.depends_on.iter().any(|id| id.starts_with(other)),
                format!("{who} depends on {other}."),
                "It does not say so in depends_on.".to_owned(),
            );
        }
        if let Some(depends) = self.depends {
            require(
                &|revision| revision.depends_on.is_empty() != depends,
                match depends {
                    true => format!("{who} depends on another one."),
                    false => format!("{who} depends on no other one."),
                },
                "Its depends_on says otherwise.".to_owned(),
            );
        }
        if let Some(label) = &self.label {
            require(
                &|revision| revision.branch_labels.contains(label),
                format!("{who} belongs to the branch {label}."),
                "It has no such label.".to_owned(),
            );
        }
        if self.operation.is_some() {
            parts.push(self.operation_part(state, &revisions));
        }
        if parts.is_empty() {
            let found = "It is there.".to_owned();
            let expected = if self.absent { "is gone." } else { "is there." };
            let holds = revisions.is_empty() == self.absent;
            parts.push(Part::new(holds, format!("{who} {expected}"), found));
        }
        parts
    }

    fn operation_part(&self, state: &State<'_>, revisions: &[&ProjectRevision]) -> Part {
        let name = self.operation.as_deref().unwrap_or_default();
        let what = match &self.on {
            Some(target) => format!("{name} on {target}"),
            None => name.to_owned(),
        };
        let who = self.which.words();
        let expected = if self.absent {
            format!("{who} does no {what}.")
        } else {
            format!("{who} does {what}.")
        };
        let mut done: Vec<String> = Vec::new();
        for revision in revisions {
            match review::rehearse(state.run(), &revision.revision, false) {
                Err(error) => return Part::unknown(expected, shown(&error)),
                Ok(rehearsal) => done.extend(rehearsal.timeline.steps.iter().filter_map(|step| {
                    let is = step.name == name && self.fits(step);
                    (is || !step.name.is_empty() && step.name != "alembic_version")
                        .then(|| if is { what.clone() } else { step.name.clone() })
                })),
            }
        }
        let is_done = done.contains(&what);
        done.dedup();
        let found = match done.as_slice() {
            [] => "It does nothing.".to_owned(),
            done => format!("It does {}.", listed(done)),
        };
        Part::new(is_done != self.absent, expected, found)
    }

    /// Whether a step is on the table or column.
    fn fits(&self, step: &Step) -> bool {
        let Some(target) = &self.on else { return true };
        let Some(operation) = &step.operation else {
            return false;
        };
        let column = match operation {
            RecordedOperation::AddColumn { column, .. } => Some(column.name.as_str()),
            RecordedOperation::DropColumn { column, .. }
            | RecordedOperation::AlterColumn { column, .. } => Some(column.as_str()),
            _ => None,
        };
        let table = operation.table().unwrap_or_default();
        match target.split_once('.') {
            Some((wanted, name)) => wanted == table && column == Some(name),
            None => target == table,
        }
    }
}

/// Where the database stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CurrentCondition {
    /// `head`, `heads`, `base`, `head-1`, or ids.
    wanted: Vec<String>,
}

impl CurrentCondition {
    pub(super) fn read(fields: &Fields<'_>) -> Result<CurrentCondition, Problem> {
        let wanted = fields.texts("current")?.unwrap_or_default();
        if wanted.is_empty() {
            return Err(fields.wrong(
                "current",
                "current names a revision: \"head\", \"base\", an id.",
            ));
        }
        Ok(CurrentCondition { wanted })
    }

    pub(super) fn parts(&self, state: &State<'_>) -> Vec<Part> {
        let expected = match self.wanted.as_slice() {
            [word] if word == "base" => "The database has no revision.".to_owned(),
            [word] if word == "head" || word == "heads" => {
                format!(
                    "The database is at {}.",
                    if word == "head" {
                        "the head"
                    } else {
                        "the heads"
                    }
                )
            }
            [word] if word == "head-1" => {
                "The database is one revision before the head.".to_owned()
            }
            ids => format!("The database is at {}.", listed(ids)),
        };
        let mut current = match state.current() {
            Ok(current) => current,
            Err(why) => return vec![Part::unknown(expected, why)],
        };
        current.in_order();
        let heads = &state.project().heads;
        let mut wanted: Vec<String> = Vec::new();
        for word in &self.wanted {
            match word.as_str() {
                "base" => {}
                "head" | "heads" => wanted.extend(heads.iter().cloned()),
                "head-1" => wanted.extend(
                    state
                        .project()
                        .revisions
                        .iter()
                        .filter(|revision| revision.is_head)
                        .flat_map(|revision| revision.down_revision.iter().cloned()),
                ),
                id => wanted.push(id.to_owned()),
            }
        }
        wanted.in_order();
        let same = current.len() == wanted.len()
            && current
                .iter()
                .zip(&wanted)
                .all(|(is, id)| is.starts_with(id.as_str()));
        let is_meaningful = self.wanted == ["base"] || !wanted.is_empty();
        let found = match current.as_slice() {
            [] => "It has none yet.".to_owned(),
            ids => format!("It is at {}.", listed(ids)),
        };
        vec![Part::new(same && is_meaningful, expected, found)]
    }
}
