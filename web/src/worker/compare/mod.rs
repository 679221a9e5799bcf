//! Two states of a project: the open one and another, which comes as a patch or as files.

use std::collections::BTreeMap;
use std::rc::Rc;

use limbeck::ground::diagnostic::Error;
use limbeck::ground::run::Run;
use limbeck::review::{self, FileChange};
use protocol::{
    Answer, Breakage, CompareRequest, Contents, Deployment, Differs, Failure, FileDifference,
    FileKind, Other, RevisionDifference, States, from_wire,
};

use crate::engine::failure;
use crate::session::{Session, failed};
use crate::workspace::{Files, ROOT, WorkspaceHost, absolute, kind, relative};

mod patch;
mod words;

/// How long a comparison may take, in microseconds.
const COMPARE_LIMIT: u64 = 20_000_000;

/// Whether an absolute path is in the project.
fn inside(path: &str) -> bool {
    path.strip_prefix(ROOT)
        .is_some_and(|rest| rest.starts_with('/'))
}

impl Session {
    /// Answers what is asked of two states; the workspace stays as it is.
    ///
    /// # Errors
    ///
    /// Where the other state can't be read, or can't be tried.
    pub(crate) fn answer_compare(&mut self, request: &CompareRequest) -> Result<Answer, Failure> {
        match request {
            CompareRequest::States { other } => {
                let (base, head) = self.both(other)?;
                let states = self.states(&base, &head)?;
                Ok(Answer::States(Box::new(states)))
            }
            CompareRequest::Review { other, revision } => {
                let (_, head) = self.both(other)?;
                let host = Rc::new(self.over(head));
                let watch = self.observer(&host, COMPARE_LIMIT);
                let reviewed = crate::review::review(&host, watch, revision);
                let mut review = reviewed.map_err(|error| told(&error, &host))?;
                review.rows = self.rows_at_hand();
                Ok(Answer::Review(Box::new(review)))
            }
        }
    }

    /// The files of base and head. Databases are those of the open project in both.
    fn both(&self, other: &Other) -> Result<(Files, Files), Failure> {
        let open = self.host.files();
        Ok(match other {
            Other::Patch(text) => {
                let head = patch::apply(&open, text)?;
                (open, head)
            }
            Other::Head(files) => {
                let head = beside(&open, files)?;
                (open, head)
            }
            Other::Base(files) => (beside(&open, files)?, open),
        })
    }

    /// A copy of the workspace with other files.
    fn over(&self, files: Files) -> WorkspaceHost {
        let copy = self.host.copy();
        let host = WorkspaceHost::new(files, copy.outside.clone());
        host.directory.replace(copy.directory.take());
        host.environment.replace(copy.environment.take());
        host
    }

    fn states(&self, base: &Files, head: &Files) -> Result<States, Failure> {
        let host = Rc::new(self.over(base.clone()));
        let watch = self.observer(&host, COMPARE_LIMIT);
        let changes = changes(base, head);
        let states = review::project_states(&Run::observed(host.clone(), watch), &changes);
        let states = states.map_err(|error| told(&error, &host))?;
        let reason = |error: &Option<Error>| error.as_ref().map(|error| failure(error, &host));
        let upgrade = &states.upgrade;
        Ok(States {
            files: differences(base, head, &changes),
            revisions: states
                .revisions
                .iter()
                .map(|change| RevisionDifference {
                    revision: change.revision.clone(),
                    path: relative(&host.path(&change.path)),
                    what: change.words(),
                    due: change.is_due(),
                })
                .collect(),
            meet: states.meet,
            ground: crate::review::ground(upgrade.ground),
            unreachable: reason(&upgrade.unreachable),
            upgrade: crate::review::tables(&upgrade.changes),
            failure: reason(&upgrade.error),
            deployment: states.deployment.as_ref().map(deployment),
        })
    }
}

fn told(error: &Error, host: &WorkspaceHost) -> Failure {
    if error.is_cancelled() {
        failed(words::too_long(COMPARE_LIMIT / 1_000_000))
    } else {
        failure(error, host)
    }
}

/// The project with these files in place of its own; its databases stay.
fn beside(open: &Files, files: &BTreeMap<String, Contents>) -> Result<Files, Failure> {
    let mut other = Files::new();
    for (path, contents) in &open.files {
        if kind(path, contents) == FileKind::Database {
            other.put(path, contents.to_vec());
        }
    }
    for (path, contents) in files {
        let path = absolute(path);
        let contents = from_wire(contents).map_err(failed)?;
        if kind(&path, &contents) != FileKind::Database {
            other.put(&path, contents);
        }
    }
    Ok(other)
}

/// What makes the head of the base.
fn changes(base: &Files, head: &Files) -> Vec<FileChange> {
    let gone = base
        .files
        .keys()
        .filter(|path| !head.files.contains_key(*path));
    let mut changes: Vec<FileChange> = gone
        .map(|path| FileChange {
            path: path.clone(),
            contents: None,
        })
        .collect();
    for (path, contents) in &head.files {
        if base.files.get(path) != Some(contents) {
            changes.push(FileChange {
                path: path.clone(),
                contents: Some(contents.to_vec()),
            });
        }
    }
    changes
}

/// The files that differ; one that only has another path is one, not two.
fn differences(base: &Files, head: &Files, changes: &[FileChange]) -> Vec<FileDifference> {
    let removed = |path: &str| !head.files.contains_key(path);
    let moved_from = |change: &FileChange| -> Option<String> {
        let contents = change.contents.as_ref().filter(|one| !one.is_empty())?;
        let mut old = base.files.iter();
        let (path, _) = old.find(|(path, was)| removed(path) && ***was == *contents)?;
        Some(path.clone())
    };
    let moved: Vec<(String, String)> = changes
        .iter()
        .filter(|change| !base.files.contains_key(&change.path))
        .filter_map(|change| Some((change.path.clone(), moved_from(change)?)))
        .collect();
    changes
        .iter()
        .filter(|change| !moved.iter().any(|(_, was)| *was == change.path))
        .map(|change| {
            let was = moved.iter().find(|(path, _)| *path == change.path);
            FileDifference {
                path: relative(&change.path),
                was: was.map(|(_, was)| relative(was)),
                change: match (&change.contents, base.files.contains_key(&change.path)) {
                    (None, _) => Differs::Removed,
                    (Some(_), false) if was.is_none() => Differs::Added,
                    _ => Differs::Altered,
                },
            }
        })
        .collect()
}

fn deployment(deployment: &review::Deployment) -> Deployment {
    let broken = |all: &[review::Breakage]| -> Vec<Breakage> {
        all.iter()
            .map(|one| Breakage {
                table: one.table.clone(),
                statement: one.access.word().to_owned(),
                message: one.message.clone(),
            })
            .collect()
    };
    Deployment {
        order: deployment.order().word().to_owned(),
        advice: deployment.order().advice().to_owned(),
        old_code: broken(&deployment.old_code),
        new_code: broken(&deployment.new_code),
    }
}
