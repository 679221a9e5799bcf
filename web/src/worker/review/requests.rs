//! Runs reviews on a copy of the workspace, with a time limit.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use limbeck::command::describe;
use limbeck::ground::run::Run;
use protocol::{Answer, Failure, Ground, Review, ReviewRequest};

use super::{How, review, there_and_back, words};
use crate::engine::failure;
use crate::session::{RunObserver, Session, failed};
use crate::workspace::{Files, WorkspaceHost};

/// How long a review may take, in microseconds.
const REVIEW_LIMIT: u64 = 10_000_000;

/// How many earlier states of the databases are looked at for the one that a revision met.
const LOOKED_AT: usize = 20;

impl Session {
    /// Answers what is asked of a revision on copies.
    ///
    /// # Errors
    ///
    /// Where it can't be tried, or takes too long.
    pub(crate) fn answer_review(&mut self, request: &ReviewRequest) -> Result<Answer, Failure> {
        match request {
            ReviewRequest::Review { revision } => self.review(revision, review),
            ReviewRequest::RoundTrip { revision } => self.review(revision, there_and_back),
            ReviewRequest::WhenApplied { revision, findings } => {
                let how = if *findings { review } else { there_and_back };
                let met = self.when_applied(revision);
                let met = met.ok_or_else(|| failed(words::NOT_IN_THE_HISTORY.to_owned()))?;
                let mut review = self.tried(Rc::new(met), revision, how)?;
                if review.ground == Ground::Here {
                    review.ground = Ground::WhenApplied;
                }
                Ok(Answer::Review(Box::new(review)))
            }
        }
    }

    /// The files as they are, with the databases as they were before a revision was applied.
    fn when_applied(&self, revision: &str) -> Option<WorkspaceHost> {
        let mut files = self.host.files();
        let mut later = take_databases(&mut files);
        let path = self.history.path(self.history.at);
        let mut looked_at = 0;
        for number in path.into_iter().rev() {
            let mut then = self.history.state(number)?.moment.files.clone();
            let databases = take_databases(&mut then);
            if databases == later {
                continue;
            }
            let host = self.host.copy();
            let mut there = files.clone();
            there.files.extend(databases.clone());
            *host.state.borrow_mut() = there;
            if !self.is_applied(&host, revision) {
                return Some(host);
            }
            later = databases;
            looked_at += 1;
            if looked_at == LOOKED_AT {
                break;
            }
        }
        None
    }

    /// Whether a revision is among those that the database of a host has.
    fn is_applied(&self, host: &WorkspaceHost, revision: &str) -> bool {
        let copy = Rc::new(host.copy());
        let watch = self.observer(&copy, REVIEW_LIMIT);
        let project = describe(&Run::observed(copy, watch));
        let database = project.databases.first();
        database.is_some_and(|one| project.ancestors(&one.current).contains(revision))
    }

    pub(crate) fn review(&mut self, revision: &str, how: How) -> Result<Answer, Failure> {
        let review = self.tried(Rc::new(self.host.copy()), revision, how)?;
        Ok(Answer::Review(Box::new(review)))
    }

    fn tried(
        &mut self,
        copy: Rc<WorkspaceHost>,
        revision: &str,
        how: How,
    ) -> Result<Review, Failure> {
        let outside = self.host.outside.clone();
        let started = (outside.elapsed)();
        let watch = self.observer(&copy, REVIEW_LIMIT);
        let mut review = how(&copy, watch, revision).map_err(|error| {
            if error.is_cancelled() {
                failed(words::too_long(REVIEW_LIMIT / 1_000_000))
            } else {
                failure(&error, &copy)
            }
        })?;
        review.rows = self.rows_at_hand();
        review.microseconds = (outside.elapsed)().saturating_sub(started);
        Ok(review)
    }

    /// Observes a trial on a copy, which ends when the time is up.
    pub(crate) fn observer(&self, host: &Rc<WorkspaceHost>, limit: u64) -> Rc<RunObserver> {
        let outside = self.host.outside.clone();
        Rc::new(RunObserver {
            host: host.clone(),
            events: RefCell::default(),
            listener: None,
            deadline: Some((outside.elapsed)() + limit),
            outside,
            recorder: None,
            timings: Cell::default(),
        })
    }

    /// How many rows the project's own database has.
    pub(crate) fn rows_at_hand(&mut self) -> u64 {
        let view = self.view();
        view.databases
            .iter()
            .filter(|database| Some(&database.path) == view.migrations.database.as_ref())
            .flat_map(|database| &database.tables)
            .filter(|table| !table.view && table.name != "alembic_version")
            .map(|table| table.rows)
            .sum()
    }
}

/// Takes the databases out of files.
fn take_databases(files: &mut Files) -> BTreeMap<String, Rc<Vec<u8>>> {
    let paths = files.databases();
    let taken = paths.into_iter().filter_map(|path| {
        let contents = files.files.remove(&path)?;
        Some((path, contents))
    });
    taken.collect()
}
