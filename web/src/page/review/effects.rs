//! Asks for reviews when they are due: one at a time, and the latest request wins.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use protocol::console::quote;
use protocol::{
    Answer, Contents, Edit, Failure, FilesRequest, Fix, Ground, Reply, Request, ReviewRequest,
    Verdict,
};
use wasm_bindgen_futures::spawn_local;

use super::state::{Outcome, ReviewAction, Reviewed, shown_verdict};
use crate::page::Page;
use crate::state::State;

/// How long nothing must change before a review is asked for, in milliseconds: Pending goes first.
const PAUSE: u32 = 250;

/// Requests in progress.
#[derive(Default)]
pub(crate) struct Asked {
    running: Cell<bool>,
    timer: RefCell<Option<Timeout>>,
}

impl Page {
    /// Asks for a review where one is due that was not due before. Called after everything that happens.
    pub(crate) fn review_due(&self, before: &State, after: &State) {
        if after.review_due()
            && (!before.review_due()
                || after.migrations.revision != before.migrations.revision
                || !Rc::ptr_eq(&after.view.files, &before.view.files))
        {
            self.review_soon();
        }
    }

    /// Asks for the review that is due, when nothing has changed for a moment.
    fn review_soon(&self) {
        let page = self.clone();
        *self.0.review.timer.borrow_mut() = Some(Timeout::new(PAUSE, move || page.review_now()));
    }

    fn review_now(&self) {
        let state = self.state();
        let Some(revision) = state
            .migrations
            .revision
            .clone()
            .filter(|_| state.review_due())
        else {
            return;
        };
        if state.console.running > 0 {
            // A command that runs now would be slower, and mostly makes the review another one.
            self.review_soon();
            return;
        }
        if self.0.review.running.replace(true) {
            // Further requests are sent when the current one has finished.
            return;
        }
        self.flush();
        self.dispatch(ReviewAction::Started);
        let files = self.state().view.files.clone();
        let page = self.clone();
        spawn_local(async move {
            let outcome = match page.try_revision(&revision, true).await {
                Reply::Done(Answer::Review(review)) => Outcome::Done(Rc::from(review)),
                Reply::Failed(failure) => Outcome::Failed(failure),
                Reply::Panicked { message } => Outcome::Failed(Failure {
                    message: crate::words::engine_broke(&message),
                    ..Failure::default()
                }),
                _ => Outcome::Cancelled,
            };
            page.0.review.running.set(false);
            page.dispatch(ReviewAction::Ended(Reviewed {
                revision,
                files,
                outcome,
            }));
            page.tell("review", "{}");
            // Another revision was chosen, or a text changed, while it ran.
            page.review_now();
        });
    }

    /// Tries a revision, with findings or there and back only. What an applied one did to rows is seen on those that
    /// it met, which the history has: those that are left can't be lost again.
    pub(crate) async fn try_revision(&self, revision: &str, findings: bool) -> Reply {
        let revision = revision.to_owned();
        let request = match findings {
            true => ReviewRequest::Review {
                revision: revision.clone(),
            },
            false => ReviewRequest::RoundTrip {
                revision: revision.clone(),
            },
        };
        let reply = self.client().ask(Request::Review(request), None).1.await;
        if let Reply::Done(Answer::Review(review)) = &reply
            && review.ground == Ground::TakenBack
            && matches!(
                shown_verdict(review),
                Verdict::Lossless | Verdict::SchemaOnly
            )
        {
            let request = ReviewRequest::WhenApplied { revision, findings };
            let then = self.client().ask(Request::Review(request), None).1.await;
            if matches!(&then, Reply::Done(Answer::Review(then)) if then.round_trip.verdict == Verdict::LosesData)
            {
                return then;
            }
        }
        reply
    }

    /// Writes a fix into the script, and into the model that it changes too; a review that is out of date
    /// is made again instead. `back` is what the revision's downgrade goes back to, where it is applied.
    pub fn apply_fix(&self, path: &str, fix: &Fix, how: How, back: Option<&str>) {
        if self.is_dirty(path) || self.state().review_due() {
            self.flush();
            return;
        }
        let page = self.clone();
        let (path, fix) = (path.to_owned(), fix.clone());
        let back = back.map(str::to_owned);
        spawn_local(async move {
            if let Err(failure) = page.apply(&path, &fix, how, back).await {
                page.notice(&failure.message, true);
            }
        });
    }

    async fn apply(
        &self,
        path: &str,
        fix: &Fix,
        how: How,
        back: Option<String>,
    ) -> Result<(), Failure> {
        let write = async |path: &str, edit: &Edit| {
            let text = self.read(path).await;
            let Some(text) = text.and_then(|text| edit.apply(&text)) else {
                return Ok(());
            };
            let contents = Contents::Text(text);
            let path = path.to_owned();
            self.change(Request::Files(FilesRequest::Write { path, contents }))
                .await
                .map(|_| ())
        };
        // A command that fails says why itself.
        let runs = async |line: String| matches!(self.run(&line).await, Ok(ran) if ran.status == 0);
        let current = self.state().view.migrations.current.clone();
        if let (How::Rerun, Some(back)) = (how, &back)
            && !runs(format!("alembic downgrade {}", quote(back))).await
        {
            return Ok(());
        }
        if let Some(model) = &fix.model {
            write(&model.path, &model.edit).await?;
        }
        if how == How::NewRevision {
            runs(format!(
                "alembic revision --autogenerate -m {}",
                quote(&fix.title)
            ))
            .await;
            return Ok(());
        }
        write(path, &fix.edit).await?;
        if how == How::Rerun {
            for revision in current.iter() {
                if !runs(format!("alembic upgrade {}", quote(revision))).await {
                    break;
                }
            }
        }
        Ok(())
    }
}

/// How a fix is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The script is changed, and the model.
    Script,
    /// The revision is undone first, and run again.
    Rerun,
    /// The script stays: the change of the model becomes a revision of its own.
    NewRevision,
}
