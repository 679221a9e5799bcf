//! Round trips of all revisions, one request each, so that user input is handled in between and
//! they can be stopped.

use std::rc::Rc;

use protocol::{Answer, Contents, Failure, FilesRequest, Reply, Request, Revision, TimeRequest};
use wasm_bindgen_futures::spawn_local;

use super::state::GraphAction;
use super::words;
use crate::app::state::{AppAction, Notice};
use crate::page::Page;
use crate::review::state::{Outcome, Reviewed};
use crate::words::short;

impl Page {
    /// Takes all revisions there and back whose verdict is not known for the files as they are; the
    /// newest first.
    pub fn round_trips(&self) {
        let state = self.state();
        if state.graph.under_way.is_some() || !state.app.ready {
            return;
        }
        self.flush();
        let revisions = &state.view.migrations.revisions;
        let wanted: Vec<Rc<str>> = revisions
            .iter()
            .filter(|one| {
                let known = state.graph.known.get(one.id.as_str());
                !known.is_some_and(|trip| trip.is_of(&state.view.files))
            })
            .map(|one| one.id.as_str().into())
            .collect();
        let (all, done) = (revisions.len(), revisions.len() - wanted.len());
        self.dispatch(GraphAction::RoundTrips(Some((done, all))));
        let page = self.clone();
        spawn_local(async move {
            for (number, revision) in wanted.into_iter().enumerate() {
                if page.state().graph.under_way.is_none() {
                    return;
                }
                let Some(reviewed) = page.round_trip(revision).await else {
                    break;
                };
                // Stopped while it ran: the button may have been pressed again since.
                let still = page.state().graph.under_way == Some((done + number, all));
                page.dispatch(GraphAction::RoundTrip(reviewed));
                if !still {
                    return;
                }
                page.dispatch(GraphAction::RoundTrips(Some((done + number + 1, all))));
            }
            page.dispatch(GraphAction::RoundTrips(None));
        });
    }

    async fn round_trip(&self, revision: Rc<str>) -> Option<Reviewed> {
        let files = self.state().view.files.clone();
        let outcome = match self.try_revision(&revision, false).await {
            Reply::Done(Answer::Review(review)) => Outcome::Done(Rc::from(review)),
            Reply::Failed(failure) => Outcome::Failed(failure),
            Reply::Panicked { message } => Outcome::Failed(Failure {
                message: crate::words::engine_broke(&message),
                ..Failure::default()
            }),
            _ => return None,
        };
        Some(Reviewed {
            revision,
            files,
            outcome,
        })
    }

    /// The same for one revision.
    pub fn round_trip_of(&self, revision: &str) {
        let (page, revision): (Page, Rc<str>) = (self.clone(), revision.into());
        self.flush();
        spawn_local(async move {
            if let Some(reviewed) = page.round_trip(revision).await {
                page.dispatch(GraphAction::RoundTrip(reviewed));
            }
        });
    }

    /// Deletes a revision's script by this line, and offers to undo that.
    pub fn delete_revision(&self, revision: &Revision, line: &str) {
        let page = self.clone();
        let (revision, line) = (revision.clone(), line.to_owned());
        spawn_local(async move {
            let text = page.read(&revision.path).await;
            // A line that failed says why itself.
            if !matches!(page.run(&line).await, Ok(ran) if ran.status == 0) {
                return;
            }
            // Written again, whatever was done in between.
            let undo = text.map(|text| {
                let write = FilesRequest::Write {
                    path: revision.path.clone(),
                    contents: Contents::Text(text),
                };
                (Rc::from(words::UNDO), Request::Files(write))
            });
            page.dispatch(AppAction::Notice(Some(Notice {
                text: words::deleted(&short(&revision.id)).into(),
                bad: false,
                undo,
            })));
        });
    }

    /// Changes the revisions by this line, says so, and offers to undo that.
    pub fn rewrite_revisions(&self, line: &str, done: String) {
        let (page, line) = (self.clone(), line.to_owned());
        spawn_local(async move {
            let before = page.state().view.at;
            // A line that failed, or changed nothing because it could not be proven, says why itself.
            if !matches!(page.run(&line).await, Ok(ran) if ran.status == 0) {
                return;
            }
            let back = Request::Time(TimeRequest::Travel { to: before });
            page.dispatch(AppAction::Notice(Some(Notice {
                text: done.into(),
                bad: false,
                undo: Some((Rc::from(words::UNDO), back)),
            })));
        });
    }

    /// Asks for no further round trips.
    pub fn stop_round_trips(&self) {
        self.dispatch(GraphAction::RoundTrips(None));
    }
}
