//! Runs commands on a copy, and positions a copy just before a revision.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::copy::CopyHost;
use super::database::Database;
use super::findings::Ground;
use super::recorder::{Recorder, Timeline};
use super::rows::{self, Rows};
use super::script::Script;
use crate::command::{self, ProjectRevision, ProjectState};
use ground::diagnostic::{Error, Result};
use ground::event::{Event, Observer};
use ground::host::Host;
use ground::run::Run;
use sqlalchemy::dialects::Dialect;
use sqlalchemy::engine::make_url;
use sqlalchemy::image;

/// Records a trial, and lets the caller's observer cancel it.
struct TrialObserver {
    recorder: Recorder,
    outer: Rc<dyn Observer>,
    lenient: Cell<bool>,
}

impl Observer for TrialObserver {
    fn event(&self, event: Event) {
        self.recorder.hear(&event);
    }
    fn operation_ended(&self) {
        self.recorder.operation_ended();
    }
    fn cancelled(&self) -> bool {
        self.outer.cancelled()
    }
    fn watches_locks(&self) -> bool {
        true
    }
    fn passes_over(&self, _error: &Error) -> bool {
        self.lenient.get() && !self.outer.cancelled()
    }
}

/// The outcome of a command on a copy.
pub(super) struct Outcome {
    /// The recorded revisions.
    pub(super) timelines: Vec<Timeline>,
    /// Its error, if it failed.
    pub(super) error: Option<Error>,
}

impl Outcome {
    /// The recording of one revision.
    pub(super) fn of(&self, revision: &str) -> Option<&Timeline> {
        self.timelines
            .iter()
            .find(|timeline| timeline.revision == revision)
    }
}

/// A copy to run commands on.
pub(super) struct Trial {
    pub(super) host: Rc<CopyHost>,
    outer: Rc<dyn Observer>,
    /// Whether somebody goes on with the host.
    kept: bool,
}

impl Drop for Trial {
    fn drop(&mut self) {
        if !self.kept {
            self.host.leave_servers();
        }
    }
}

impl Trial {
    pub(super) fn new(run: &Run) -> Self {
        Trial {
            host: CopyHost::new(&run.host),
            outer: run.observer.clone(),
            kept: false,
        }
    }

    /// Another copy in the same state.
    pub(super) fn again(&self) -> Self {
        Trial {
            host: self.host.again(),
            outer: self.outer.clone(),
            kept: false,
        }
    }

    /// Another copy in the same state, a day later and with other random bytes.
    pub(super) fn at_another_time(&self) -> Self {
        Trial {
            host: self.host.at_another_time(),
            outer: self.outer.clone(),
            kept: false,
        }
    }

    /// The copy, for somebody who goes on with it and leaves its servers in the end.
    pub(super) fn into_host(mut self) -> Rc<CopyHost> {
        self.kept = true;
        self.host.clone()
    }

    pub(super) fn dyn_host(&self) -> Rc<dyn Host> {
        self.host.clone()
    }

    /// Fails if the caller's observer has cancelled.
    pub(super) fn check(&self) -> Result<()> {
        if self.outer.cancelled() {
            return Err(Error::cancelled());
        }
        Ok(())
    }

    fn run(&self, recorder: Recorder, lenient: bool) -> (Run, Rc<TrialObserver>) {
        let observer = Rc::new(TrialObserver {
            recorder,
            outer: self.outer.clone(),
            lenient: Cell::new(lenient),
        });
        (Run::observed(self.dyn_host(), observer.clone()), observer)
    }

    /// The state of the project.
    pub(super) fn describe(&self) -> ProjectState {
        let (run, _) = self.run(Recorder::new(&self.dyn_host(), 0), false);
        command::describe(&run)
    }

    /// Runs a command. With `lenient`, a script continues after a failed operation.
    ///
    /// # Errors
    /// Where the one who waits has cancelled; the command's own failure is in the outcome.
    pub(super) fn command(&self, words: &[&str], lenient: bool) -> Result<Outcome> {
        self.check()?;
        self.host.repeat_random();
        let (run, observer) = self.run(Recorder::new(&self.dyn_host(), Recorder::CAP), lenient);
        let argv: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let status = command::run(&run, &argv);
        self.check()?;
        let error = (status != 0).then(|| {
            observer.recorder.failure().unwrap_or_else(|| {
                let output = self.host.take_output();
                let last = output.lines().rfind(|line| !line.trim().is_empty());
                Error::command(last.unwrap_or("the command failed"))
            })
        });
        Ok(Outcome {
            timelines: observer.recorder.take(),
            error,
        })
    }
}

/// A copy positioned just before a revision.
pub(super) struct Prepared {
    /// The copy.
    pub(super) trial: Trial,
    /// The user's project.
    pub(super) project: ProjectState,
    /// The revision.
    pub(super) revision: ProjectRevision,
    /// Whether it is applied in the user's database.
    pub(super) applied: bool,
    /// The data in the copy.
    pub(super) ground: Ground,
    /// The reason why the user's database cannot be brought there.
    pub(super) unreachable: Option<Error>,
    /// The databases, by the driver's names.
    pub(super) databases: Vec<String>,
    /// The dialect of the first database.
    pub(super) dialect: Dialect,
    /// The tables whose rows are made up.
    pub(super) generated: BTreeSet<String>,
}

impl Prepared {
    /// Positions a copy just before the revision.
    ///
    /// # Errors
    /// Where the project can't be read or has no such revision.
    pub(super) fn new(run: &Run, revision: &str, rows: Rows) -> Result<Prepared> {
        let mut prepared = Self::before(run, revision)?;
        prepared.unreachable = prepared.reach()?;
        if prepared.unreachable.is_some() {
            prepared.start_empty(run)?;
        }
        if rows == Rows::Generated {
            let host = prepared.trial.dyn_host();
            for name in &prepared.databases {
                prepared.generated.extend(rows::generate(&host, name)?);
            }
        }
        Ok(prepared)
    }

    /// Positions a copy whose databases were empty just before the revision.
    ///
    /// # Errors
    /// As [`new`](Self::new), and where the revisions before it fail.
    pub(super) fn empty(run: &Run, revision: &str) -> Result<Prepared> {
        let mut prepared = Self::before(run, revision)?;
        prepared.start_empty(run)?;
        Ok(prepared)
    }

    /// A copy in the user's state.
    fn before(run: &Run, revision: &str) -> Result<Prepared> {
        let trial = Trial::new(run);
        let project = trial.describe();
        let found = project.find(revision).cloned();
        let revision = found.map_err(|error| project.errors.first().cloned().unwrap_or(error))?;
        let current: Vec<String> = project
            .databases
            .iter()
            .flat_map(|database| database.current.iter().cloned())
            .collect();
        let applied = project.ancestors(&current).contains(&revision.revision);
        let dialect = project
            .databases
            .iter()
            .find_map(|database| make_url(&database.url).ok())
            .map_or_else(Dialect::default_dialect, |url| url.get_dialect());
        let databases = trial.databases_of(&project);
        Ok(Prepared {
            trial,
            project,
            revision,
            applied,
            ground: if applied {
                Ground::TakenBack
            } else {
                Ground::Here
            },
            unreachable: None,
            databases,
            dialect,
            generated: BTreeSet::new(),
        })
    }

    /// The downgrade target for the state before the revision, when the revision is a head.
    pub(super) fn back(&self) -> String {
        match self.revision.down_revision.as_slice() {
            // Downgrading a merge to one of its parents separates both branches.
            [first, _, ..] => first.clone(),
            _ => format!("{}@-1", self.revision.revision),
        }
    }

    /// Downgrades the revision, or upgrades to its parents; returns the error if that fails.
    fn reach(&self) -> Result<Option<Error>> {
        let id = self.revision.revision.as_str();
        if self.applied {
            if let Some(without) = self.without_way_back() {
                return Ok(Some(Error::command(format!(
                    "downgrade() of {without} does nothing, so the database can't be taken back"
                ))));
            }
            let is_head = self
                .project
                .databases
                .iter()
                .all(|database| database.current.iter().any(|current| current == id));
            if !is_head && let Some(error) = self.trial.command(&["downgrade", id], false)?.error {
                return Ok(Some(error));
            }
            return Ok(self
                .trial
                .command(&["downgrade", &self.back()], false)?
                .error);
        }
        let before = self
            .revision
            .down_revision
            .iter()
            .chain(&self.revision.depends_on);
        for parent in before {
            let error = self.trial.command(&["upgrade", parent], false)?.error;
            if error.is_some() {
                return Ok(error);
            }
        }
        Ok(None)
    }

    /// A revision to be downgraded whose `downgrade` is empty although its `upgrade` is not:
    /// afterwards the schema would not be the previous one.
    fn without_way_back(&self) -> Option<String> {
        let current: Vec<String> = self
            .project
            .databases
            .iter()
            .flat_map(|database| database.current.iter().cloned())
            .collect();
        let applied = self.project.ancestors(&current);
        let mut after = BTreeSet::from([self.revision.revision.clone()]);
        // The project lists newest revisions first; reversed, parents come before children.
        for revision in self.project.revisions.iter().rev() {
            let follows = revision
                .down_revision
                .iter()
                .chain(&revision.depends_on)
                .any(|parent| after.contains(parent));
            if follows && applied.contains(&revision.revision) {
                after.insert(revision.revision.clone());
            }
        }
        self.project
            .revisions
            .iter()
            .filter(|revision| after.contains(&revision.revision))
            .find(|revision| {
                self.trial
                    .host_text(&revision.path)
                    .and_then(|text| Script::new(&revision.path, &text).ok())
                    .is_some_and(|script| {
                        !script.is_empty("upgrade") && script.is_empty("downgrade")
                    })
            })
            .map(|revision| revision.revision.clone())
    }

    /// Starts from an empty database, if the user's cannot be used.
    fn start_empty(&mut self, run: &Run) -> Result<()> {
        self.trial = Trial::new(run);
        for path in &self.databases {
            if let Ok(images) = image::owner(path) {
                // An unused database is already empty.
                let _ = images.empty(&self.trial.dyn_host(), path);
            }
        }
        self.ground = Ground::Empty;
        let parents: Vec<String> = self
            .revision
            .down_revision
            .iter()
            .chain(&self.revision.depends_on)
            .cloned()
            .collect();
        for parent in parents {
            let outcome = self.trial.command(&["upgrade", &parent], false)?;
            if let Some(error) = outcome.error {
                return Err(error);
            }
        }
        Ok(())
    }

    /// The current databases of the copy, by path.
    ///
    /// # Errors
    /// The database's.
    pub(super) fn databases(&self) -> Result<Vec<Database>> {
        let host = self.trial.dyn_host();
        self.databases
            .iter()
            .map(|path| Database::of_host(&host, path))
            .collect()
    }
}

impl Trial {
    /// The databases of a project, by the driver's names, as the copy holds them: on the host itself a
    /// server's have none.
    pub(super) fn databases_of(&self, project: &ProjectState) -> Vec<String> {
        let run = Run::new(self.dyn_host());
        project
            .databases
            .iter()
            .filter_map(|database| make_url(&database.url).ok())
            .filter_map(|url| url.get_dialect().database_of(&run, &url))
            .collect()
    }

    /// The text of a file.
    pub(super) fn host_text(&self, path: &str) -> Option<String> {
        String::from_utf8(self.host.read(path).ok()?).ok()
    }
}
