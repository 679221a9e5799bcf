//! Which revisions are reviewed.

use std::collections::{BTreeMap, BTreeSet};

use ground::diagnostic::Result;
use ground::run::Run;

use super::branches::Branch;
use super::options::Revisions;
use crate::command::{ProjectRevision, ProjectState};
use crate::review::Finding;

/// The revisions to review, the oldest first.
pub(super) struct Selected {
    /// Their ids.
    pub(super) revisions: Vec<String>,
    /// Why these, as the report says it.
    pub(super) reason: String,
    /// What the branch's history says of a revision, by its id.
    pub(super) beside: BTreeMap<String, Vec<Finding>>,
    /// The branch, where revisions are asked for by a commit.
    pub(super) branch: Option<Branch>,
}

/// Finds the revisions that are asked for.
///
/// # Errors
/// `CommandError` for a revision that there is not, and where Git can't be asked.
pub(super) fn select(run: &Run, project: &ProjectState, wanted: &Revisions) -> Result<Selected> {
    let mut beside = BTreeMap::new();
    let mut of_branch = None;
    let (chosen, reason) = match wanted {
        Revisions::One(word) => (named(project, word)?, word.clone()),
        Revisions::Range(base, head) => {
            let known = project.ancestors(&named(project, base)?);
            let upto = project.ancestors(&named(project, head)?);
            let between = upto.difference(&known).cloned().collect();
            (between, format!("{base}..{head}"))
        }
        Revisions::ChangedSince(commit) => {
            let branch = Branch::since(run, commit)?;
            beside = branch.findings(run, project);
            let changed = &branch.changed;
            let of = |revision: &&ProjectRevision| changed.contains(&revision.path);
            let ids = project.revisions.iter().filter(of);
            let ids = ids.map(|revision| revision.revision.clone()).collect();
            of_branch = Some(branch);
            (ids, format!("changed since {commit}"))
        }
        Revisions::Unapplied => {
            let current = project.databases.iter().flat_map(|one| &one.current);
            let applied = project.ancestors(current);
            let left: BTreeSet<String> = project
                .revisions
                .iter()
                .filter(|revision| !applied.contains(&revision.revision))
                .map(|revision| revision.revision.clone())
                .collect();
            if left.is_empty() {
                (
                    project.heads.iter().cloned().collect(),
                    "the heads; the database has every revision".to_owned(),
                )
            } else {
                (left, "what the database does not have yet".to_owned())
            }
        }
    };
    // The project lists the newest first.
    let revisions = project
        .revisions
        .iter()
        .rev()
        .map(|revision| revision.revision.clone())
        .filter(|id| chosen.contains(id))
        .collect();
    Ok(Selected {
        revisions,
        reason,
        beside,
        branch: of_branch,
    })
}

/// The revisions that a word means: `head` and `heads` are all heads, `base` is none.
fn named(project: &ProjectState, word: &str) -> Result<BTreeSet<String>> {
    Ok(match word {
        "base" => BTreeSet::new(),
        "head" | "heads" => project.heads.iter().cloned().collect(),
        _ => BTreeSet::from([project.find(word)?.revision.clone()]),
    })
}
