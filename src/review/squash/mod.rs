//! Many revisions made one. It keeps the id of the last of them, so that databases that have it, and
//! the revisions that follow, need no change; it is proven by running both on copies.

mod fold;
mod members;

use std::collections::BTreeSet;

use super::StateDifference;
use super::findings::{Ground, apply_edits};
use super::rebase::{REVISES, differences};
use super::recorder::Timeline;
use super::rows::Rows;
use super::script::Script;
use super::trial::{Prepared, Trial};
use crate::command::{ProjectRevision, ProjectState};
use ground::diagnostic::{Error, Result};
use ground::formatting::repr::string_repr;
use ground::host::Host as _;
use ground::run::Run;
use members::{Body, Member};

/// Revisions made one, on paper: nothing of the project is changed.
#[derive(Clone, Debug)]
pub struct Squash {
    /// The id of the new revision, which is that of the last one.
    pub revision: String,
    /// The revisions that it stands for, the last one among them, in the order in which they run.
    pub replaces: Vec<String>,
    /// The paths of their files.
    pub removed: Vec<String>,
    /// The path of the new file.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Whether operations were folded; where that would have given something else, every statement is
    /// as it was.
    pub folded: bool,
    /// What was tried.
    pub trials: Vec<SquashTrial>,
}

impl Squash {
    /// Whether nothing differed.
    pub fn is_proven(&self) -> bool {
        self.trials.iter().all(SquashTrial::is_same)
    }

    /// The revisions that a database must not stand at.
    pub fn in_between(&self) -> &[String] {
        self.replaces.split_last().map_or(&[], |(_, rest)| rest)
    }
}

/// Both ways tried from one state of the databases.
#[derive(Clone, Debug)]
pub struct SquashTrial {
    /// The rows that were there.
    pub ground: Ground,
    /// Whether tables without rows got some.
    pub generated: bool,
    /// What differs after the upgrade, for each database.
    pub up: Vec<StateDifference>,
    /// What differs after the downgrade.
    pub down: Vec<StateDifference>,
    /// What differs where a database that was upgraded by the revisions is downgraded by the new one.
    pub crossed: Vec<StateDifference>,
    /// A failure that only one of both had: which step, and the error.
    pub failure: Option<(String, Error)>,
    /// The failure that both had: what comes after it was not compared.
    pub stopped: Option<(&'static str, Error)>,
}

impl SquashTrial {
    fn is_same(&self) -> bool {
        let all = [&self.up, &self.down, &self.crossed];
        self.failure.is_none() && all.into_iter().flatten().all(StateDifference::is_empty)
    }
}

/// Makes one revision of those from `first` to `last`, which are the ones that `history -r
/// first:last` lists; `base` as the first are all that `last` builds on.
///
/// The workspace is not modified. The run's observer can cancel it.
///
/// # Errors
/// `CommandError` where the graph does not allow it (a revision that is not among them builds on one in
/// the middle, or they build on one beside), where a database stands in between, where a script can't
/// be put together with others or fails from an empty database; what reading the project raises.
pub fn squash(run: &Run, first: &str, last: &str, message: Option<&str>) -> Result<Squash> {
    let trial = Trial::new(run);
    let project = trial.describe();
    if let (true, Some(error)) = (project.databases.is_empty(), project.errors.first()) {
        return Err(error.clone());
    }
    let chain = Chain::new(&project, first, last)?;
    chain.check_graph(&project)?;
    chain.check_databases(&project)?;

    let empty = Prepared::empty(run, &chain.first.revision)?;
    let original = Tried::run(&empty, &chain, None)?;
    if let Some(error) = &original.up_error {
        return Err(error.clone());
    }
    let ran = |timelines: &[Timeline]| -> Vec<String> {
        let ids = timelines.iter().map(|timeline| timeline.revision.clone());
        ids.filter(|id| chain.ids.contains(id)).collect()
    };
    let upward = ran(&original.up);
    let downward: Vec<String> = upward.iter().rev().cloned().collect();
    let mut members = Vec::new();
    for id in &upward {
        let revision = project.find(id)?;
        let text = trial.host_text(&revision.path).unwrap_or_default();
        members.push(Member::new(id, &revision.path, &text)?);
    }
    members::separate(&mut members)?;
    let draft = chain.draft(&trial, &project, &members, &upward, message)?;
    let upgrade = members::body(&members, &upward, "upgrade", &original.up)?;
    let downgrade = members::body(&members, &downward, "downgrade", &original.down)?;

    let at_hand = Prepared::new(run, &chain.first.revision, Rows::Generated)?;
    let mut squash = Squash {
        revision: chain.last.revision.clone(),
        removed: members
            .iter()
            .map(|member| member.path().to_owned())
            .collect(),
        replaces: upward,
        path: draft.path.clone(),
        text: String::new(),
        folded: true,
        trials: Vec::new(),
    };
    for folded in [true, false] {
        let text = draft.text(&members, &upgrade, &downgrade, folded)?;
        if text == squash.text {
            break;
        }
        squash.text = text;
        squash.folded = folded;
        squash.trials = Vec::new();
        for start in [&empty, &at_hand] {
            let trial = compared(start, &chain, &squash)?;
            squash.trials.push(trial);
            if at_hand.ground == Ground::Empty && at_hand.generated.is_empty() {
                break;
            }
        }
        if squash.is_proven() {
            break;
        }
    }
    Ok(squash)
}

/// The revisions from a first to a last one.
struct Chain<'a> {
    first: &'a ProjectRevision,
    last: &'a ProjectRevision,
    ids: BTreeSet<String>,
    /// What they build on.
    parents: Vec<String>,
}

impl<'a> Chain<'a> {
    fn new(project: &'a ProjectState, first: &str, last: &str) -> Result<Self> {
        let last = project.find(if last.is_empty() { "head" } else { last })?;
        let below = project.ancestors([&last.revision]);
        // The project lists the newest first.
        let oldest = || {
            let mut all = project.revisions.iter().rev();
            all.find(|known| below.contains(&known.revision) && known.down_revision.is_empty())
        };
        let base = first.is_empty() || first == "base";
        let (first, ids) = match (base, oldest()) {
            (true, Some(oldest)) => (oldest, below),
            _ => {
                let first = project.find(first)?;
                let mut ids = BTreeSet::from([first.revision.clone()]);
                for known in project.revisions.iter().rev() {
                    let follows = known.down_revision.iter().any(|id| ids.contains(id));
                    if follows && below.contains(&known.revision) {
                        ids.insert(known.revision.clone());
                    }
                }
                (first, ids)
            }
        };
        if !ids.contains(&last.revision) {
            return Err(Error::command(format!(
                "{} does not build on {}.",
                last.revision, first.revision
            )));
        }
        if ids.len() == 1 {
            return Err(Error::command(format!(
                "{} is one revision already.",
                last.revision
            )));
        }
        let parents = first.down_revision.clone();
        Ok(Chain {
            first,
            last,
            ids,
            parents,
        })
    }

    fn check_graph(&self, project: &ProjectState) -> Result<()> {
        for known in &project.revisions {
            let inside = self.ids.contains(&known.revision);
            if inside && known.revision != self.first.revision {
                let beside = known
                    .down_revision
                    .iter()
                    .find(|id| !self.ids.contains(*id));
                if let Some(beside) = beside {
                    return Err(Error::command(format!(
                        "{} also builds on {beside}, which is not among those to squash.",
                        known.revision
                    )));
                }
            }
            let middle = |id: &&String| self.ids.contains(*id) && **id != self.last.revision;
            let mut uses = known.down_revision.iter().chain(&known.depends_on);
            if !inside && let Some(used) = uses.find(middle) {
                return Err(Error::command(format!(
                    "{} builds on {used}, which would be gone: squash up to {used}, or rebase {} first.",
                    known.revision, known.revision
                )));
            }
        }
        Ok(())
    }

    /// A database that stands in between would not find its revision.
    fn check_databases(&self, project: &ProjectState) -> Result<()> {
        for database in &project.databases {
            let middle = database
                .current
                .iter()
                .find(|id| self.ids.contains(*id) && **id != self.last.revision);
            if let Some(middle) = middle {
                return Err(Error::command(format!(
                    "{} stands at {middle}, which would be gone.",
                    database.url
                ))
                .with_hint(format!("Upgrade it first: upgrade {}", self.last.revision)));
            }
        }
        Ok(())
    }

    /// What the last revision is downgraded to.
    fn back(&self) -> String {
        match self.parents.as_slice() {
            [] => format!("{}@base", self.last.revision),
            [parent] => format!("{}@{parent}", self.last.revision),
            // To one of the parents of a merge: that parts them again.
            [parent, ..] => parent.clone(),
        }
    }

    /// An empty revision of the project's template with the new one's place in the graph.
    fn draft(
        &self,
        trial: &Trial,
        project: &ProjectState,
        members: &[Member],
        replaces: &[String],
        message: Option<&str>,
    ) -> Result<Draft> {
        let scratch = trial.again();
        let kept = project.ancestors(&self.parents);
        for known in &project.revisions {
            if !kept.contains(&known.revision) {
                // It is there, or could not have been listed.
                let _ = scratch.host.remove(&known.path);
            }
        }
        let message = message.unwrap_or(&self.last.doc);
        let id = &self.last.revision;
        let folder = self
            .last
            .path
            .rsplit_once('/')
            .map_or(".", |(folder, _)| folder);
        let mut words = vec!["revision", "--rev-id", id, "--message", message];
        let first = self.parents.first().map_or("base", String::as_str);
        words.extend(["--head", first, "--splice"]);
        if project.version_locations.len() > 1 {
            words.extend(["--version-path", folder]);
        }
        // A hook that formats the file can't be run on a copy; the file is there all the same.
        let made = scratch.command(&words, false)?;
        let described = scratch.describe();
        let Ok(path) = described.find(id).map(|made| made.path.clone()) else {
            return Err(made
                .error
                .or_else(|| described.errors.first().cloned())
                .unwrap_or_else(|| Error::command("The template made no revision.")));
        };
        let text = scratch.host_text(&path).unwrap_or_default();
        let script = Script::new(&path, &text)?;
        let mut edits = Vec::new();
        let labels = members
            .iter()
            .map(Member::branch_labels)
            .collect::<Result<Vec<_>>>()?
            .concat();
        let depends_on: Vec<String> = project
            .revisions
            .iter()
            .filter(|known| self.ids.contains(&known.revision))
            .flat_map(|known| known.depends_on.clone())
            .filter(|id| !self.ids.contains(id))
            .collect();
        // What `--head` can say is there already.
        let merged = match self.parents.as_slice() {
            [] | [_] => &Vec::new(),
            many => {
                edits.extend(script.docstring_entry(REVISES, &many.join(", ")));
                &self.parents
            }
        };
        for (name, values) in [
            ("down_revision", merged),
            ("branch_labels", &labels),
            ("depends_on", &depends_on),
        ] {
            if values.is_empty() {
                continue;
            }
            let Some(value) = script.assigned(name) else {
                return Err(Error::command(format!(
                    "The template script.py.mako writes no {name}, which the new revision needs."
                )));
            };
            edits.push(script.replace_extent(value.extent, &literal(values)));
        }
        if let Some(end) = members::docstring_end(&script) {
            let others = replaces.split_last().map_or(&[][..], |(_, rest)| rest);
            edits.push(script.replace_extent(
                end,
                &format!(
                    "\nReplaces: {}\nA database at one of these is upgraded to {id} with their files \
                     before it gets this one.\n",
                    others.join(", ")
                ),
            ));
        }
        let template = project
            .script_location
            .as_ref()
            .and_then(|location| trial.host_text(&format!("{location}/script.py.mako")));
        Ok(Draft {
            text: apply_edits(&text, &edits),
            path,
            template: template.unwrap_or_default(),
        })
    }
}

/// A string, or a tuple of strings.
fn literal(values: &[String]) -> String {
    let shown: Vec<String> = values.iter().map(|value| string_repr(value)).collect();
    match shown.as_slice() {
        [only] => only.clone(),
        many => format!("({})", many.join(", ")),
    }
}

/// The new revision's file without what it does.
struct Draft {
    path: String,
    text: String,
    template: String,
}

impl Draft {
    fn text(
        &self,
        members: &[Member],
        upgrade: &Body,
        downgrade: &Body,
        folded: bool,
    ) -> Result<String> {
        let write = if folded { fold::folded } else { fold::verbatim };
        let (up, down) = (write(&upgrade.units), write(&downgrade.units));
        let functions = format!("{}{}", upgrade.functions, downgrade.functions);
        let used = format!("{up}{down}{functions}");
        let (imports, others) = members::top(members, &self.template, &used);
        let script = Script::new(&self.path, &self.text)?;
        let mut edits = Vec::new();
        for (name, body) in [("upgrade", &up), ("downgrade", &down)] {
            let body = body.trim_start().trim_end();
            if !body.is_empty() {
                edits.extend(script.insert_first(name, body));
            }
        }
        let top: String = imports.iter().map(|import| format!("\n{import}")).collect();
        if let Some(last) = script.last_import() {
            let place = python::tree::Extent {
                start: last.end,
                end: last.end,
            };
            edits.push(script.replace_extent(place, &top));
        }
        let beside: String = others
            .iter()
            .map(|other| format!("{other}\n\n\n"))
            .collect();
        if let Some((statement, _)) = script.function("upgrade") {
            let place = python::tree::Extent {
                start: statement.extent.start,
                end: statement.extent.start,
            };
            let functions = functions.trim_start();
            let functions = if functions.is_empty() {
                String::new()
            } else {
                format!("{functions}\n\n")
            };
            edits.push(script.replace_extent(place, &format!("{beside}{functions}")));
        }
        Ok(apply_edits(&self.text, &edits))
    }
}

/// A chain, or what stands for it, run up and down.
struct Tried {
    up: Vec<Timeline>,
    up_error: Option<Error>,
    upgraded: Trial,
    down: Vec<Timeline>,
    down_error: Option<Error>,
    downgraded: Trial,
}

impl Tried {
    /// Runs the chain, or the squashed revision in its place.
    fn run(start: &Prepared, chain: &Chain<'_>, squash: Option<&Squash>) -> Result<Tried> {
        let trial = start.trial.again();
        if let Some(squash) = squash {
            put(&trial, squash)?;
        }
        let up = trial.command(&["upgrade", &chain.last.revision], false)?;
        let upgraded = trial.again();
        let (mut down, mut down_error) = (Vec::new(), None);
        if up.error.is_none() {
            let outcome = trial.command(&["downgrade", &chain.back()], false)?;
            down = outcome.timelines;
            down_error = outcome.error;
        }
        Ok(Tried {
            up: up.timelines,
            up_error: up.error,
            upgraded,
            down,
            down_error,
            downgraded: trial,
        })
    }
}

/// Puts the new file in the place of the others.
fn put(trial: &Trial, squash: &Squash) -> Result<()> {
    for path in &squash.removed {
        trial
            .host
            .remove(path)
            .map_err(|error| super::copy::unreadable(&error))?;
    }
    trial
        .host
        .write(&squash.path, squash.text.as_bytes())
        .map_err(|error| super::copy::unreadable(&error))
}

fn compared(start: &Prepared, chain: &Chain<'_>, squash: &Squash) -> Result<SquashTrial> {
    let old = Tried::run(start, chain, None)?;
    let new = Tried::run(start, chain, Some(squash))?;
    let mut trial = SquashTrial {
        ground: start.ground,
        generated: !start.generated.is_empty(),
        up: Vec::new(),
        down: Vec::new(),
        crossed: Vec::new(),
        failure: None,
        stopped: None,
    };
    if trial.ended("upgrade", &old.up_error, &new.up_error) {
        return Ok(trial);
    }
    let names = &start.databases;
    trial.up = differences(names, &old.upgraded, &new.upgraded)?;
    if trial.ended("downgrade", &old.down_error, &new.down_error) {
        return Ok(trial);
    }
    trial.down = differences(names, &old.downgraded, &new.downgraded)?;
    let crossing = old.upgraded.again();
    put(&crossing, squash)?;
    let crossed = crossing.command(&["downgrade", &chain.back()], false)?;
    if !trial.ended("downgrade", &None, &crossed.error) {
        trial.crossed = differences(names, &old.downgraded, &crossing)?;
    }
    Ok(trial)
}

impl SquashTrial {
    /// Whether a step failed, with which there is an end to comparing.
    fn ended(&mut self, step: &'static str, old: &Option<Error>, new: &Option<Error>) -> bool {
        match (old, new) {
            (None, None) => return false,
            (Some(error), Some(_)) => self.stopped = Some((step, error.clone())),
            (Some(error), None) => {
                self.failure = Some((format!("{step} of the revisions alone"), error.clone()));
            }
            (None, Some(error)) => {
                self.failure = Some((format!("{step} of the squashed one alone"), error.clone()));
            }
        }
        true
    }
}
