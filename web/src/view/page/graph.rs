//! Round trips of all revisions: one after the other, so that what a person types comes between two
//! of them, and so that they can be stopped.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::Page;
use crate::protocol::{Answer, Failure, GraphRequest, Models, Reply, Request};
use crate::state::{Action, Outcome};

impl Page {
    /// Takes all revisions there and back whose verdict is not known for the files as they are; the
    /// newest first.
    pub fn round_trips(&self) {
        let state = self.state();
        if state.trips.under_way.is_some() || !state.ready {
            return;
        }
        self.flush();
        let revisions = &state.view.migrations.revisions;
        let wanted: Vec<Rc<str>> = revisions
            .iter()
            .filter(|one| {
                let known = state.trips.known.get(one.id.as_str());
                !known.is_some_and(|trip| trip.is_of(&state.view.files))
            })
            .map(|one| one.id.as_str().into())
            .collect();
        let (all, done) = (revisions.len(), revisions.len() - wanted.len());
        self.dispatch(Action::RoundTrips(Some((done, all))));
        let page = self.clone();
        spawn_local(async move {
            for (number, revision) in wanted.into_iter().enumerate() {
                if page.state().trips.under_way.is_none() {
                    return;
                }
                let Some(outcome) = page.round_trip(revision.clone()).await else {
                    break;
                };
                // Stopped while it ran: the button may have been pressed again since.
                let still = page.state().trips.under_way == Some((done + number, all));
                page.dispatch(Action::RoundTrip { revision, outcome });
                if !still {
                    return;
                }
                page.dispatch(Action::RoundTrips(Some((done + number + 1, all))));
            }
            page.dispatch(Action::RoundTrips(None));
        });
    }

    async fn round_trip(&self, revision: Rc<str>) -> Option<Outcome> {
        let request = Request::Graph(GraphRequest::RoundTrip {
            revision: revision.to_string(),
        });
        match self.asked_again(request).await {
            Reply::Done(Answer::Review(review)) => Some(Outcome::Done(Rc::from(review))),
            Reply::Failed(failure) => Some(Outcome::Failed(failure)),
            Reply::Panicked { message } => Some(Outcome::Failed(Failure {
                message: crate::text::engine_broke(&message),
                ..Failure::default()
            })),
            _ => None,
        }
    }

    /// The same for one revision.
    pub fn round_trip_of(&self, revision: &str) {
        let (page, revision): (Page, Rc<str>) = (self.clone(), revision.into());
        self.flush();
        spawn_local(async move {
            if let Some(outcome) = page.round_trip(revision.clone()).await {
                page.dispatch(Action::RoundTrip { revision, outcome });
            }
        });
    }

    /// Asks for no further round trips.
    pub fn stop_round_trips(&self) {
        self.dispatch(Action::RoundTrips(None));
    }

    /// The tables of the models; nothing where the engine was stopped.
    pub async fn models(&self) -> Option<Models> {
        let request = Request::Graph(GraphRequest::Models);
        match self.asked_again(request).await {
            Reply::Done(Answer::Models(models)) => Some(models),
            Reply::Failed(failure) => Some(Models {
                failure: Some(failure),
                ..Models::default()
            }),
            _ => None,
        }
    }
}
