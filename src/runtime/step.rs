//! A step of a run: the upgrade or downgrade of a revision, or a stamp that only changes the
//! version.

use std::rc::Rc;

use ground::hash::IndexSet;

use crate::script::Script;
use crate::script::revision::{RevisionMap, RevisionOrBase};
use ground::diagnostic::{Error, Result};

/// The heads in the version table, in insertion order.
///
/// Alembic keeps a Python set, whose order varies from run to run.
pub type Heads = IndexSet<String>;

/// Runs the body of a step (Alembic's `migration_fn`).
///
/// Implemented in `bindings`, which loads `upgrade()` and `downgrade()` from a revision file.
pub trait Migrations {
    /// Calls `upgrade(**kw)` (or `downgrade(**kw)`) of the revision file; the implementor holds the
    /// keywords of `context.run_migrations()`.
    ///
    /// # Errors
    /// Whatever the function raises.
    fn run(&self, script: &Rc<Script>, is_upgrade: bool) -> Result<()>;

    /// `__name__` of that function, as log lines show it.
    fn name(&self, script: &Rc<Script>, is_upgrade: bool) -> Result<String> {
        let _ = script;
        Ok(if is_upgrade { "upgrade" } else { "downgrade" }.to_owned())
    }
}

/// `alembic.runtime.migration.MigrationStep`: a `RevisionStep` or a `StampStep`.
#[derive(Clone)]
pub enum MigrationStep {
    /// A revision runs.
    Revision(RevisionStep),
    /// The version changes without running a migration.
    Stamp(StampStep),
}

/// `alembic.runtime.migration.RevisionStep`.
#[derive(Clone)]
pub struct RevisionStep {
    /// The revision map.
    pub revision_map: RevisionMap,
    /// The revision that runs.
    pub script: Rc<Script>,
    /// Up or down.
    pub is_upgrade: bool,
}

/// `alembic.runtime.migration.StampStep`.
#[derive(Clone)]
pub struct StampStep {
    /// The versions before the step.
    pub from: Vec<String>,
    /// The versions after the step.
    pub to: Vec<String>,
    /// Up or down.
    pub is_upgrade: bool,
    /// Whether a branch is created or removed.
    pub branch_move: bool,
    /// The revision map.
    pub revision_map: Option<RevisionMap>,
}

/// `alembic.runtime.migration.MigrationInfo`: the step information passed to `on_version_apply`
/// callbacks.
#[derive(Clone)]
pub struct MigrationInfo {
    /// The revision map.
    pub revision_map: Option<RevisionMap>,
    /// Up or down.
    pub is_upgrade: bool,
    /// Whether it was a stamp.
    pub is_stamp: bool,
    /// The upper revisions of the step.
    pub up_revision_ids: Vec<String>,
    /// The lower revisions of the step.
    pub down_revision_ids: Vec<String>,
}

impl MigrationInfo {
    /// First of [`up_revision_ids`](Self::up_revision_ids).
    pub fn up_revision_id(&self) -> Option<&str> {
        self.up_revision_ids.first().map(String::as_str)
    }

    /// The revisions before the step.
    pub fn source_revision_ids(&self) -> &[String] {
        if self.is_upgrade {
            &self.down_revision_ids
        } else {
            &self.up_revision_ids
        }
    }

    /// The revisions after the step.
    pub fn destination_revision_ids(&self) -> &[String] {
        if self.is_upgrade {
            &self.up_revision_ids
        } else {
            &self.down_revision_ids
        }
    }
}

fn assertion(message: &str) -> Error {
    Error::new("AssertionError", message)
}

impl MigrationStep {
    /// `MigrationStep.upgrade_from_script`.
    pub fn upgrade_from_script(revision_map: &RevisionMap, script: &Rc<Script>) -> Self {
        MigrationStep::Revision(RevisionStep {
            revision_map: revision_map.clone(),
            script: script.clone(),
            is_upgrade: true,
        })
    }

    /// `MigrationStep.downgrade_from_script`.
    pub fn downgrade_from_script(revision_map: &RevisionMap, script: &Rc<Script>) -> Self {
        MigrationStep::Revision(RevisionStep {
            revision_map: revision_map.clone(),
            script: script.clone(),
            is_upgrade: false,
        })
    }

    /// Whether the step is an upgrade.
    pub fn is_upgrade(&self) -> bool {
        match self {
            MigrationStep::Revision(step) => step.is_upgrade,
            MigrationStep::Stamp(step) => step.is_upgrade,
        }
    }

    /// The first line of the revision's message; `None` for a stamp.
    pub fn doc(&self) -> Option<String> {
        match self {
            MigrationStep::Revision(step) => step.doc(),
            MigrationStep::Stamp(_) => None,
        }
    }

    /// Versions before the step, without dependencies, as log lines name them.
    pub fn from_revisions_no_deps(&self) -> Vec<String> {
        match self {
            MigrationStep::Revision(step) if step.is_upgrade => step.versioned_down_revisions(),
            MigrationStep::Revision(step) => vec![step.revision()],
            MigrationStep::Stamp(step) => step.from.clone(),
        }
    }

    /// Versions after the step, without dependencies, as log lines name them.
    pub fn to_revisions_no_deps(&self) -> Vec<String> {
        match self {
            MigrationStep::Revision(step) if !step.is_upgrade => step.versioned_down_revisions(),
            MigrationStep::Revision(step) => vec![step.revision()],
            MigrationStep::Stamp(step) => step.to.clone(),
        }
    }

    /// `__name__` of the function that the step runs.
    pub fn name(&self, migrations: &dyn Migrations) -> Result<String> {
        match self {
            MigrationStep::Revision(step) => migrations.name(&step.script, step.is_upgrade),
            MigrationStep::Stamp(_) => Ok("stamp_revision".to_owned()),
        }
    }

    /// `short_log`: name and versions.
    pub fn short_log(&self, migrations: &dyn Migrations) -> Result<String> {
        Ok(format!(
            "{} {} -> {}",
            self.name(migrations)?,
            self.from_revisions_no_deps().join(", "),
            self.to_revisions_no_deps().join(", ")
        ))
    }

    /// `str(step)`: the short log and the message.
    pub fn log_text(&self, migrations: &dyn Migrations) -> Result<String> {
        let short = self.short_log(migrations)?;
        Ok(match self.doc() {
            Some(doc) if !doc.is_empty() => format!("{short}, {doc}"),
            _ => short,
        })
    }

    /// The information passed to callbacks.
    pub fn info(&self) -> MigrationInfo {
        match self {
            MigrationStep::Revision(step) => MigrationInfo {
                revision_map: Some(step.revision_map.clone()),
                is_upgrade: step.is_upgrade,
                is_stamp: false,
                up_revision_ids: vec![step.revision()],
                down_revision_ids: step.normalized_down_revisions(),
            },
            MigrationStep::Stamp(step) => {
                let (up, down) = if step.is_upgrade {
                    (&step.to, &step.from)
                } else {
                    (&step.from, &step.to)
                };
                MigrationInfo {
                    revision_map: step.revision_map.clone(),
                    is_upgrade: step.is_upgrade,
                    is_stamp: true,
                    up_revision_ids: up.clone(),
                    down_revision_ids: down.clone(),
                }
            }
        }
    }

    pub(super) fn should_delete_branch(&self, heads: &Heads) -> Result<bool> {
        match self {
            MigrationStep::Revision(step) => step.should_delete_branch(heads),
            MigrationStep::Stamp(step) => Ok(!step.is_upgrade && step.branch_move),
        }
    }

    pub(super) fn should_create_branch(&self, heads: &Heads) -> bool {
        match self {
            MigrationStep::Revision(step) => {
                let down = step.normalized_down_revisions();
                step.is_upgrade
                    && (down.is_empty() || !down.iter().any(|version| heads.contains(version)))
            }
            MigrationStep::Stamp(step) => {
                let missing = |versions: &[String]| versions.iter().any(|v| !heads.contains(v));
                step.is_upgrade && (step.branch_move || missing(&step.from)) && missing(&step.to)
            }
        }
    }

    pub(super) fn should_merge_branches(&self, heads: &Heads) -> bool {
        match self {
            MigrationStep::Revision(step) => {
                let down = step.normalized_down_revisions();
                step.is_upgrade
                    && down.len() > 1
                    && down
                        .iter()
                        .filter(|version| heads.contains(*version))
                        .count()
                        > 1
            }
            MigrationStep::Stamp(step) => step.from.len() > 1,
        }
    }

    pub(super) fn should_unmerge_branches(&self, heads: &Heads) -> bool {
        match self {
            MigrationStep::Revision(step) => {
                !step.is_upgrade
                    && heads.contains(&step.revision())
                    && step.normalized_down_revisions().len() > 1
            }
            MigrationStep::Stamp(step) => step.to.len() > 1,
        }
    }

    pub(super) fn delete_version_num(&self) -> Result<String> {
        match self {
            MigrationStep::Revision(step) => Ok(step.revision()),
            MigrationStep::Stamp(step) => only(&step.from),
        }
    }

    pub(super) fn insert_version_num(&self) -> Result<String> {
        match self {
            MigrationStep::Revision(step) => Ok(step.revision()),
            MigrationStep::Stamp(step) => only(&step.to),
        }
    }

    /// Versions to delete, the one to update, and what it becomes.
    pub(super) fn merge_branch_idents(
        &self,
        heads: &Heads,
    ) -> Result<(Vec<String>, String, String)> {
        match self {
            MigrationStep::Revision(step) => {
                let from = step.normalized_down_revisions();
                let other: Vec<String> = heads
                    .iter()
                    .filter(|head| !from.contains(head))
                    .cloned()
                    .collect();
                let from = if other.is_empty() {
                    from
                } else {
                    let ancestors = step.ancestors(&other)?;
                    from.into_iter()
                        .filter(|version| !ancestors.contains(version))
                        .collect()
                };
                split_last(from).map(|(rest, last)| (rest, last, step.revision()))
            }
            MigrationStep::Stamp(step) => {
                let to = step.to.first().ok_or_else(index_error)?.clone();
                split_last(step.from.clone()).map(|(rest, last)| (rest, last, to))
            }
        }
    }

    /// The version to update, what it becomes, and versions to insert.
    pub(super) fn unmerge_branch_idents(
        &self,
        heads: &Heads,
    ) -> Result<(String, String, Vec<String>)> {
        match self {
            MigrationStep::Revision(step) => {
                let to = step.unmerge_to_revisions(heads)?;
                split_last(to).map(|(rest, last)| (step.revision(), last, rest))
            }
            MigrationStep::Stamp(step) => {
                let from = step.from.first().ok_or_else(index_error)?.clone();
                split_last(step.to.clone()).map(|(rest, last)| (from, last, rest))
            }
        }
    }

    pub(super) fn update_version_num(&self, heads: &Heads) -> Result<(String, String)> {
        match self {
            MigrationStep::Revision(step) => {
                let down = step.normalized_down_revisions();
                let down_revision = if down.len() == 1 {
                    down[0].clone()
                } else {
                    let mut among = down.into_iter().filter(|version| heads.contains(version));
                    match (among.next(), among.next()) {
                        (Some(version), None) => version,
                        _ => {
                            return Err(assertion(
                                "Can't do an UPDATE because downrevision is ambiguous",
                            ));
                        }
                    }
                };
                let revision = step.revision();
                Ok(if step.is_upgrade {
                    (down_revision, revision)
                } else {
                    (revision, down_revision)
                })
            }
            MigrationStep::Stamp(step) => Ok((only(&step.from)?, only(&step.to)?)),
        }
    }
}

fn index_error() -> Error {
    Error::new("IndexError", "tuple index out of range")
}

fn only(versions: &[String]) -> Result<String> {
    match versions {
        [version] => Ok(version.clone()),
        _ => Err(assertion("")),
    }
}

fn split_last(mut versions: Vec<String>) -> Result<(Vec<String>, String)> {
    let last = versions
        .pop()
        .ok_or_else(|| Error::new("IndexError", "list index out of range"))?;
    Ok((versions, last))
}

impl RevisionStep {
    /// The revision's id.
    pub fn revision(&self) -> String {
        self.script.node().revision.clone()
    }

    fn doc(&self) -> Option<String> {
        Some(self.script.doc())
    }

    fn versioned_down_revisions(&self) -> Vec<String> {
        self.script.node().versioned_down_revisions().to_vec()
    }

    fn normalized_down_revisions(&self) -> Vec<String> {
        self.script.node().normalized_down_revisions()
    }

    fn ancestors(&self, versions: &[String]) -> Result<IndexSet<String>> {
        let mut targets = Vec::new();
        for found in self.revision_map.get_revisions_of(versions)? {
            if let RevisionOrBase::Revision(revision) = found {
                targets.push(revision);
            }
        }
        Ok(self
            .revision_map
            .get_ancestor_nodes(&targets, true)?
            .iter()
            .map(|revision| revision.revision.clone())
            .collect())
    }

    fn should_delete_branch(&self, heads: &Heads) -> Result<bool> {
        if self.is_upgrade || !heads.contains(&self.revision()) {
            return Ok(false);
        }
        if self.normalized_down_revisions().is_empty() {
            return Ok(true);
        }
        Ok(self.unmerge_to_revisions(heads)?.is_empty())
    }

    fn unmerge_to_revisions(&self, heads: &Heads) -> Result<Vec<String>> {
        let to = self.normalized_down_revisions();
        let other: Vec<String> = heads
            .iter()
            .filter(|head| **head != self.revision())
            .cloned()
            .collect();
        let ancestors: IndexSet<String> = if other.is_empty() {
            let mut ancestors = IndexSet::default();
            for version in &to {
                for ancestor in self.ancestors(std::slice::from_ref(version))? {
                    if ancestor != *version {
                        ancestors.insert(ancestor);
                    }
                }
            }
            ancestors
        } else {
            self.ancestors(&other)?
        };
        Ok(to
            .into_iter()
            .filter(|version| !ancestors.contains(version))
            .collect())
    }
}
