//! Which revisions are reviewed.

use std::collections::BTreeSet;

use ground::diagnostic::{Error, Result};
use ground::host::{Host, Program, ProgramError, ProgramKind, absolute_path};
use ground::run::Run;

use super::options::Revisions;
use crate::command::{ProjectRevision, ProjectState};

/// The revisions to review, the oldest first.
pub(super) struct Selected {
    /// Their ids.
    pub(super) revisions: Vec<String>,
    /// Why these, as the report says it.
    pub(super) reason: String,
}

/// Finds the revisions that are asked for.
///
/// # Errors
/// `CommandError` for a revision that there is not, and where Git can't be asked.
pub(super) fn select(run: &Run, project: &ProjectState, wanted: &Revisions) -> Result<Selected> {
    let graph = Graph(project);
    let (chosen, reason) = match wanted {
        Revisions::One(word) => (graph.named(word)?, word.clone()),
        Revisions::Range(base, head) => {
            let known = project.ancestors(&graph.named(base)?);
            let upto = project.ancestors(&graph.named(head)?);
            let between = upto.difference(&known).cloned().collect();
            (between, format!("{base}..{head}"))
        }
        Revisions::ChangedSince(commit) => {
            let changed = changed_files(run, commit)?;
            let of = |revision: &&ProjectRevision| changed.contains(&revision.path);
            let ids = project.revisions.iter().filter(of);
            (
                ids.map(|revision| revision.revision.clone()).collect(),
                format!("changed since {commit}"),
            )
        }
        Revisions::Unapplied => {
            let current = project.databases.iter().flat_map(|one| &one.current);
            let applied = project.ancestors(current);
            let left: BTreeSet<String> = graph
                .all()
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
    let revisions = graph
        .all()
        .rev()
        .map(|revision| revision.revision.clone())
        .filter(|id| chosen.contains(id))
        .collect();
    Ok(Selected { revisions, reason })
}

/// The revisions of a project, as far as a review needs to find its way among them.
struct Graph<'a>(&'a ProjectState);

impl<'a> Graph<'a> {
    fn all(&self) -> impl DoubleEndedIterator<Item = &'a ProjectRevision> {
        self.0.revisions.iter()
    }

    /// The revisions that a word means: `head`, `heads`, `base`, an id or its beginning, a label.
    fn named(&self, word: &str) -> Result<BTreeSet<String>> {
        match word {
            "base" => return Ok(BTreeSet::new()),
            "head" | "heads" => return Ok(self.0.heads.iter().cloned().collect()),
            _ => {}
        }
        let one = |revision: &ProjectRevision| BTreeSet::from([revision.revision.clone()]);
        if let Some(exact) = self.all().find(|revision| revision.revision == word) {
            return Ok(one(exact));
        }
        let labelled = |revision: &&ProjectRevision| {
            revision.is_head && revision.branch_labels.iter().any(|label| label == word)
        };
        if let Some(head) = self.all().find(labelled) {
            return Ok(one(head));
        }
        let mut starting = self
            .all()
            .filter(|revision| revision.revision.starts_with(word));
        match (starting.next(), starting.next()) {
            (Some(only), None) => Ok(one(only)),
            (None, _) => Err(Error::command(format!(
                "Can't locate revision identified by '{word}'"
            ))),
            (Some(first), Some(second)) => Err(Error::command(format!(
                "'{word}' could be {} or {}",
                first.revision, second.revision
            ))),
        }
    }
}

/// The absolute paths of files that differ from a commit, those that Git does not know yet among
/// them.
fn changed_files(run: &Run, commit: &str) -> Result<BTreeSet<String>> {
    let top = git(run, &["rev-parse", "--show-toplevel"])?;
    let top = top.trim_end();
    // Where the branch left the other one, not what has happened there since.
    let base = git(run, &["merge-base", commit, "HEAD"])
        .map_or_else(|_| commit.to_owned(), |base| base.trim_end().to_owned());
    let differing = git(
        run,
        &["diff", "--name-only", "--no-renames", "-z", &base, "--"],
    )?;
    let new = git(
        run,
        &[
            "ls-files",
            "--others",
            "--exclude-standard",
            "--full-name",
            "-z",
            "--",
            ":/",
        ],
    )?;
    Ok(differing
        .split('\0')
        .chain(new.split('\0'))
        .filter(|path| !path.is_empty())
        .map(|path| absolute_path(top, path))
        .collect())
}

/// What Git prints.
fn git(run: &Run, words: &[&str]) -> Result<String> {
    let program = Program {
        kind: ProgramKind::Executable("git".to_owned()),
        arguments: words.iter().map(|word| (*word).to_owned()).collect(),
        directory: None,
    };
    let host: &dyn Host = &*run.host;
    let output = host.program_output(&program).map_err(|error| match error {
        ProgramError::NotFound => Error::command("--changed-since needs Git, which is not there."),
        ProgramError::Refused(_, text) => Error::command(format!("Git can't be run: {text}")),
    })?;
    if output.status != 0 {
        return Err(Error::command(format!(
            "git {} says: {}",
            words.join(" "),
            output.stderr.trim_end()
        )));
    }
    Ok(output.stdout)
}
