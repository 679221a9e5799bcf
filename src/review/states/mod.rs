//! Two states of a project compared: the base, which runs somewhere, and the head, which shall follow
//! it. Which revisions are new, edited or moved, what the upgrade does to the base's database, and in
//! which order code and schema can be deployed.

mod deployment;

use std::collections::BTreeMap;

use super::database::Database;
use super::findings::Ground;
use super::script::{same_code, same_file};
use super::trial::Trial;
use super::{Renames, StateDifference, compare};
use crate::command::{ProjectRevision, ProjectState};
use ground::diagnostic::{Error, Result};
use ground::host::Host as _;
use ground::run::Run;
use sqlalchemy::image;

pub use deployment::{Access, Breakage, Deployment, Order};

/// The maximum number of differing rows listed per table.
const SAMPLE: usize = 20;

/// A file of the head that differs from the base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Its path.
    pub path: String,
    /// What the head has there; `None` where it has no such file.
    pub contents: Option<Vec<u8>>,
}

/// What became of a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionChange {
    /// Its id.
    pub revision: String,
    /// The path of its file, in the head if it is there.
    pub path: String,
    /// Whether only the head has it.
    pub added: bool,
    /// Whether only the base has it.
    pub removed: bool,
    /// Whether its code is another, apart from comments and the docstring.
    pub edited: bool,
    /// Its parents, in the head if it is there.
    pub parents: Vec<String>,
    /// Its parents in the base, where they are others in the head.
    pub moved_from: Option<Vec<String>>,
    /// The path of its file in the base, where it is another one.
    pub was_at: Option<String>,
}

impl RevisionChange {
    /// Whether the head's state of it has not been reviewed with the base.
    pub fn is_due(&self) -> bool {
        self.added || self.edited || self.moved_from.is_some()
    }

    /// What became of it in words, such as `edited, follows c3 instead of b2`.
    pub fn words(&self) -> String {
        let list = |ids: &[String]| match ids {
            [] => "nothing".to_owned(),
            ids => ids.join(", "),
        };
        let mut words = Vec::new();
        for (said, word) in [
            (self.added, "new"),
            (self.removed, "only in the base"),
            (self.edited, "edited"),
        ] {
            if said {
                words.push(word.to_owned());
            }
        }
        if let Some(was) = &self.moved_from {
            words.push(format!(
                "follows {} instead of {}",
                list(&self.parents),
                list(was)
            ));
        }
        if let Some(was) = &self.was_at {
            words.push(format!("was {was}"));
        }
        words.join(", ")
    }
}

/// What the head's upgrade does to the base's database.
#[derive(Clone, Debug)]
pub struct UpgradeOfBase {
    /// The rows that it was tried on.
    pub ground: Ground,
    /// Why it was tried on an empty database, if it was.
    pub unreachable: Option<Error>,
    /// What differs, for each database.
    pub changes: Vec<StateDifference>,
    /// Why it fails, if it does.
    pub error: Option<Error>,
}

/// Two states of a project.
#[derive(Clone, Debug)]
pub struct ProjectStates {
    /// The revisions that differ, the oldest first.
    pub revisions: Vec<RevisionChange>,
    /// The base's heads.
    pub base_heads: Vec<String>,
    /// The head's heads.
    pub head_heads: Vec<String>,
    /// The heads after both are merged, where they are more than the head has: the base went on from
    /// where the head left it.
    pub meet: Vec<String>,
    /// What `upgrade heads` does.
    pub upgrade: UpgradeOfBase,
    /// Which code works with which schema; `None` where the upgrade fails, or the project has not one
    /// database with models.
    pub deployment: Option<Deployment>,
}

/// Compares a project with what it becomes by `changes`; everything runs on copies.
///
/// # Errors
/// Where one of both can't be read, or the observer cancelled.
pub fn project_states(base: &Run, changes: &[FileChange]) -> Result<ProjectStates> {
    let start = Trial::new(base);
    let project = readable(start.describe())?;
    let head = changed(&start, changes)?;
    let following = readable(head.describe())?;
    let revisions = revisions(&project, &start, &following, &head);
    let only_base = project
        .heads
        .iter()
        .filter(|id| following.find_exact(id).is_none());
    let mut meet: Vec<String> = only_base.cloned().collect();
    let goes_on = following
        .heads
        .iter()
        .any(|id| project.find_exact(id).is_none());
    if meet.is_empty() || !goes_on {
        meet.clear();
    } else {
        meet.extend(following.heads.iter().cloned());
    }
    let (reached, unreachable) = reach(start, &project)?;
    let mut upgrade = UpgradeOfBase {
        ground: match unreachable {
            Some(_) => Ground::Empty,
            None => Ground::Here,
        },
        unreachable,
        changes: Vec::new(),
        error: None,
    };
    let names = reached.databases_of(&project);
    let before = databases(&reached, &names)?;
    let upgraded = changed(&reached, changes)?;
    let outcome = upgraded.command(&["upgrade", "heads"], false)?;
    upgrade.error = outcome.error;
    let mut deployment = None;
    if upgrade.error.is_none() {
        let renames = Renames::of(&outcome.timelines);
        for (before, after) in before.iter().zip(databases(&upgraded, &names)?) {
            upgrade
                .changes
                .push(compare(before, &after, &renames, SAMPLE)?);
        }
        if let [name] = names.as_slice() {
            deployment = deployment::deployment(&reached, &upgraded, name)?;
        }
    }
    Ok(ProjectStates {
        revisions,
        base_heads: project.heads,
        head_heads: following.heads,
        meet,
        upgrade,
        deployment,
    })
}

fn readable(project: ProjectState) -> Result<ProjectState> {
    match (project.revisions.is_empty(), project.errors.first()) {
        (true, Some(error)) => Err(error.clone()),
        _ => Ok(project),
    }
}

/// Another copy, with the head's files.
fn changed(trial: &Trial, changes: &[FileChange]) -> Result<Trial> {
    let head = trial.again();
    for change in changes {
        let done = match &change.contents {
            Some(contents) => {
                let folder = change
                    .path
                    .rsplit_once('/')
                    .map_or("", |(folder, _)| folder);
                if !folder.is_empty() {
                    let _ = head.host.create_directories(folder);
                }
                head.host.write(&change.path, contents)
            }
            None if head.host.is_file(&change.path) => head.host.remove(&change.path),
            None => Ok(()),
        };
        done.map_err(|error| super::copy::unreadable(&error))?;
    }
    Ok(head)
}

fn databases(trial: &Trial, names: &[String]) -> Result<Vec<Database>> {
    let host = trial.dyn_host();
    names
        .iter()
        .map(|name| Database::of_host(&host, name))
        .collect()
}

/// Brings the base's databases to its heads, or empty ones where that fails; the reason then.
fn reach(start: Trial, project: &ProjectState) -> Result<(Trial, Option<Error>)> {
    let at_hand = start.again();
    let Some(error) = at_hand.command(&["upgrade", "heads"], false)?.error else {
        return Ok((at_hand, None));
    };
    let empty = start;
    for name in empty.databases_of(project) {
        if let Ok(images) = image::owner(&name) {
            // A database that is not there is empty.
            let _ = images.empty(&empty.dyn_host(), &name);
        }
    }
    match empty.command(&["upgrade", "heads"], false)?.error {
        Some(error) => Err(error),
        None => Ok((empty, Some(error))),
    }
}

/// The revisions that differ, the oldest first.
fn revisions(
    base: &ProjectState,
    base_files: &Trial,
    head: &ProjectState,
    head_files: &Trial,
) -> Vec<RevisionChange> {
    let was: BTreeMap<&str, &ProjectRevision> = base
        .revisions
        .iter()
        .map(|one| (one.revision.as_str(), one))
        .collect();
    let mut found = Vec::new();
    for revision in head.revisions.iter().rev() {
        let mut change = RevisionChange {
            revision: revision.revision.clone(),
            path: revision.path.clone(),
            added: false,
            removed: false,
            edited: false,
            parents: revision.down_revision.clone(),
            moved_from: None,
            was_at: None,
        };
        match was.get(revision.revision.as_str()) {
            None => change.added = true,
            Some(old) => {
                let text = |trial: &Trial, path: &str| trial.host_text(path).unwrap_or_default();
                let own_lines = |text: String| without_identity(&text);
                change.edited = !same_code(
                    &own_lines(text(base_files, &old.path)),
                    &own_lines(text(head_files, &revision.path)),
                );
                if old.down_revision != revision.down_revision {
                    change.moved_from = Some(old.down_revision.clone());
                }
                if !same_file(&old.path, &revision.path) {
                    change.was_at = Some(old.path.clone());
                }
            }
        }
        if change.is_due() || change.was_at.is_some() {
            found.push(change);
        }
    }
    let gone = base.revisions.iter().rev();
    let gone = gone.filter(|old| head.find_exact(&old.revision).is_none());
    found.extend(gone.map(|old| RevisionChange {
        revision: old.revision.clone(),
        path: old.path.clone(),
        added: false,
        removed: true,
        edited: false,
        parents: old.down_revision.clone(),
        moved_from: None,
        was_at: None,
    }));
    found
}

/// A revision's text without the line of its parents: to follow another one is no edit.
fn without_identity(text: &str) -> String {
    let lines = text.lines();
    let kept: Vec<&str> = lines
        .filter(|line| !line.starts_with("down_revision"))
        .collect();
    kept.join("\n")
}
