//! What Git knows of a branch: which files it changes, and what its base has done since it left.

use std::collections::{BTreeMap, BTreeSet};

use ground::diagnostic::{Error, Result};
use ground::host::{Host, Program, ProgramError, ProgramKind, absolute_path};
use ground::run::Run;

use crate::command::{ProjectRevision, ProjectState};
use crate::review::{Code, FileChange, Finding, Severity, revision_identity, same_code};

/// The work of a branch.
pub(super) struct Branch {
    /// The absolute paths of files that differ from where it left the other one, those that Git does
    /// not know yet among them.
    pub(super) changed: BTreeSet<String>,
    /// The root of the repository.
    top: String,
    /// The commit that is asked about.
    commit: String,
    /// Where the branch left it.
    base: String,
}

impl Branch {
    /// What differs from a commit of Git.
    ///
    /// # Errors
    /// `CommandError` where Git can't be asked or does not know the commit.
    pub(super) fn since(run: &Run, commit: &str) -> Result<Branch> {
        let top = git(run, &["rev-parse", "--show-toplevel"])?;
        let top = top.trim_end().to_owned();
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
        Ok(Branch {
            changed: differing
                .split('\0')
                .chain(new.split('\0'))
                .filter(|path| !path.is_empty())
                .map(|path| absolute_path(&top, path))
                .collect(),
            top,
            commit: commit.to_owned(),
            base,
        })
    }

    /// The commit that was named.
    pub(super) fn commit(&self) -> &str {
        &self.commit
    }

    /// The files that differ, as they were where the branch began. Those that are no text, such as a
    /// database that Git keeps, are left out.
    pub(super) fn files_before(&self, run: &Run) -> Vec<FileChange> {
        let is_text = |text: &[u8]| !text.contains(&0) && std::str::from_utf8(text).is_ok();
        let mut files = Vec::new();
        for path in &self.changed {
            let Some(own) = self.in_repository(path) else {
                continue;
            };
            let was = self.text_at(run, &self.base, own).map(String::into_bytes);
            let is = run.host.read(path).ok();
            let texts = [&was, &is].into_iter().flatten().all(|text| is_text(text));
            // What is no UTF-8 comes from Git with another character in its place.
            let whole = was
                .as_ref()
                .is_none_or(|was| !String::from_utf8_lossy(was).contains('\u{FFFD}'));
            if texts && whole {
                files.push(FileChange {
                    path: path.clone(),
                    contents: was,
                });
            }
        }
        files
    }

    /// What it says of revisions, by their ids.
    pub(super) fn findings(
        &self,
        run: &Run,
        project: &ProjectState,
    ) -> BTreeMap<String, Vec<Finding>> {
        let mut found: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        let mut tell = |revision: &ProjectRevision, finding: Finding| {
            let told = found.entry(revision.revision.clone()).or_default();
            told.push(finding);
        };
        for revision in &project.revisions {
            if let Some(finding) = self.edited(run, revision) {
                tell(revision, finding);
            }
        }
        for (revision, finding) in self.meeting(run, project) {
            tell(revision, finding);
        }
        found
    }

    /// A path as Git names it.
    fn in_repository<'a>(&self, path: &'a str) -> Option<&'a str> {
        path.strip_prefix(&self.top)?.strip_prefix('/')
    }

    fn text_at(&self, run: &Run, commit: &str, path: &str) -> Option<String> {
        git(run, &["show", &format!("{commit}:{path}")]).ok()
    }

    /// A revision that the base has, with other code.
    fn edited(&self, run: &Run, revision: &ProjectRevision) -> Option<Finding> {
        if !self.changed.contains(&revision.path) {
            return None;
        }
        let was = self.text_at(run, &self.base, self.in_repository(&revision.path)?)?;
        let text = run.host.read(&revision.path).ok()?;
        let text = String::from_utf8(text).ok()?;
        if same_code(&was, &text) {
            return None;
        }
        let (location, _, _) = revision_identity(&revision.path, &text)?;
        Some(finding(
            Code::EditedAfterMerge,
            location,
            format!(
                "{} is in {} already: a database that has it never runs it again, and does not get this \
                 edit.",
                revision.revision, self.commit
            ),
        ))
    }

    /// The first revisions of this branch whose parent is followed by another one in the base by now.
    fn meeting<'a>(
        &self,
        run: &Run,
        project: &'a ProjectState,
    ) -> Vec<(&'a ProjectRevision, Finding)> {
        let added = git(
            run,
            &[
                "diff",
                "--name-only",
                "--no-renames",
                "--diff-filter=A",
                "-z",
                &self.base,
                &self.commit,
                "--",
            ],
        )
        .unwrap_or_default();
        let mut found = Vec::new();
        for path in added.split('\0').filter(|path| path.ends_with(".py")) {
            let absolute = absolute_path(&self.top, path);
            let folders = &project.version_locations;
            if !folders
                .iter()
                .any(|folder| absolute.starts_with(folder.as_str()))
            {
                continue;
            }
            let Some(text) = self.text_at(run, &self.commit, path) else {
                continue;
            };
            let Some((_, id, parents)) = revision_identity(&absolute, &text) else {
                continue;
            };
            if project.revisions.iter().any(|known| known.revision == id) {
                continue;
            }
            let beside = project.revisions.iter().find(|known| {
                self.changed.contains(&known.path)
                    && known
                        .down_revision
                        .iter()
                        .any(|parent| parents.contains(parent))
            });
            let Some(beside) = beside else { continue };
            let text = run.host.read(&beside.path).unwrap_or_default();
            let text = String::from_utf8_lossy(&text).into_owned();
            let Some((location, ..)) = revision_identity(&beside.path, &text) else {
                continue;
            };
            found.push((
                beside,
                finding(
                    Code::HeadsMeet,
                    location,
                    format!(
                        "{id} follows the same revision in {}: after the merge there are two heads. \
                         Then run limbeck rebase {} --onto {id}.",
                        self.commit, beside.revision
                    ),
                ),
            ));
        }
        found
    }
}

fn finding(code: Code, location: ground::diagnostic::Location, message: String) -> Finding {
    Finding {
        code,
        severity: Severity::Warning,
        location,
        message,
        target: None,
        evidence: None,
        fix: None,
    }
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
