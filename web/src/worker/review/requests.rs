//! Runs reviews on a copy of the workspace, with a time limit.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::{Answer, Failure, ReviewRequest};

use super::{How, review, there_and_back, words};
use crate::engine::failure;
use crate::session::{RunObserver, Session, failed};
use crate::workspace::WorkspaceHost;

/// How long a review may take, in microseconds.
const REVIEW_LIMIT: u64 = 10_000_000;

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
        }
    }

    pub(crate) fn review(&mut self, revision: &str, how: How) -> Result<Answer, Failure> {
        let outside = self.host.outside.clone();
        let started = (outside.elapsed)();
        let copy = Rc::new(self.host.copy());
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
        Ok(Answer::Review(Box::new(review)))
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
