//! What a branch makes of the project as its base has it.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use ground::host::Host as _;
use ground::run::Run;

use super::branches::Branch;
use crate::review::{
    CopyHost, FileChange, ProjectStates, StateDifference, difference_lines, project_states,
};

/// The project beside its base.
#[derive(Clone, Debug)]
pub struct BaseComparison {
    /// What the base is called: the commit that was named.
    pub commit: String,
    /// Both compared, or why they can't be.
    pub states: Result<ProjectStates>,
}

impl BaseComparison {
    /// Compares the project with a copy whose files are those of the commit where the branch began.
    /// `None` where no file differs.
    pub(super) fn of(run: &Run, branch: &Branch) -> Option<BaseComparison> {
        let was = branch.files_before(run);
        if was.is_empty() {
            return None;
        }
        Some(BaseComparison {
            commit: branch.commit().to_owned(),
            states: compared(run, was),
        })
    }

    /// What there is to say of the base and this state, a line each; those that belong to the one above
    /// begin with two blanks.
    pub(super) fn lines(&self) -> Vec<String> {
        let states = match &self.states {
            Ok(states) => states,
            Err(error) => {
                let why = error.message.lines().next().unwrap_or_default();
                return vec![format!("{} can't be compared with: {why}", self.commit)];
            }
        };
        let mut lines = Vec::new();
        for change in &states.revisions {
            lines.push(format!("{}: {}", change.revision, change.words()));
        }
        if !states.meet.is_empty() {
            lines.push(format!(
                "Merged, there are the heads {}.",
                states.meet.join(" and ")
            ));
        }
        let upgrade = &states.upgrade;
        let from = match &upgrade.unreachable {
            None => "the database".to_owned(),
            Some(error) => format!(
                "an empty database (this one can't be brought to {}: {})",
                self.commit,
                error.message.lines().next().unwrap_or_default()
            ),
        };
        match &upgrade.error {
            Some(error) => lines.push(format!(
                "The upgrade of {from} as {} makes it fails: {}",
                self.commit,
                error.message.lines().next().unwrap_or_default()
            )),
            None => {
                lines.push(format!(
                    "The upgrade of {from} as {} makes it changes {}",
                    self.commit,
                    if upgrade.changes.iter().all(StateDifference::is_empty) {
                        "nothing."
                    } else {
                        "this:"
                    }
                ));
                let changes = upgrade.changes.iter();
                let changes = changes.flat_map(|one| difference_lines(one, "before", "after"));
                lines.extend(changes.map(|line| format!("  {line}")));
            }
        }
        if let Some(deployment) = &states.deployment {
            lines.push(deployment.order().advice().to_owned());
            for (broken, which) in [
                (&deployment.old_code, "old code, new schema"),
                (&deployment.new_code, "new code, old schema"),
            ] {
                lines.extend(broken.iter().map(|one| {
                    format!(
                        "  {which}: {} {} fails: {}",
                        one.access.word(),
                        one.table,
                        one.message
                    )
                }));
            }
        }
        lines
    }
}

fn compared(run: &Run, was: Vec<FileChange>) -> Result<ProjectStates> {
    let changes: Vec<FileChange> = was
        .iter()
        .map(|file| FileChange {
            path: file.path.clone(),
            contents: run.host.read(&file.path).ok(),
        })
        .collect();
    let base = CopyHost::new(&run.host);
    for file in was {
        let done = match file.contents {
            Some(contents) => {
                let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
                let _ = base.create_directories(folder);
                base.write(&file.path, &contents)
            }
            None if base.is_file(&file.path) => base.remove(&file.path),
            None => Ok(()),
        };
        done.map_err(|error| Error::command(format!("Can't copy {}: {error}", file.path)))?;
    }
    let base: Rc<CopyHost> = base;
    let states = project_states(&Run::observed(base.clone(), run.observer.clone()), &changes);
    base.leave_servers();
    states
}
