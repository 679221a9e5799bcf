//! Reviews: asked for when they are due, one at a time, the latest wins.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;

use super::Page;
use crate::protocol::{Answer, Contents, Failure, Reply, Request};
use crate::state::{Action, Outcome};

/// How long nothing must change before a review is asked for, in milliseconds: Pending goes first.
const PAUSE: u32 = 250;

impl Page {
    /// Asks for the review that is due, when nothing has changed for a moment.
    pub(super) fn review_soon(&self) {
        let page = self.clone();
        *self.0.review_timer.borrow_mut() = Some(Timeout::new(PAUSE, move || page.review_now()));
    }

    fn review_now(&self) {
        let state = self.state();
        let Some(revision) = state.revision.clone().filter(|_| state.review_due()) else {
            return;
        };
        if self.0.reviewing.replace(true) {
            // What is due after the one on its way is asked for then.
            return;
        }
        self.flush();
        self.dispatch(Action::Reviewing);
        let request = Request::Review {
            revision: revision.to_string(),
        };
        let (_, reply) = self.client().ask(request, None);
        let page = self.clone();
        spawn_local(async move {
            let outcome = match reply.await {
                Reply::Done(Answer::Review(review)) => Some(Outcome::Done(Rc::from(review))),
                Reply::Failed(failure) => Some(Outcome::Failed(failure)),
                Reply::Panicked { message } => Some(Outcome::Failed(Failure {
                    message: crate::text::engine_broke(&message),
                    ..Failure::default()
                })),
                Reply::Overtaken => None,
                _ => Some(Outcome::Stopped),
            };
            page.0.reviewing.set(false);
            let Some(outcome) = outcome else {
                page.dispatch(Action::Overtaken);
                page.review_soon();
                return;
            };
            page.dispatch(Action::Reviewed { revision, outcome });
            page.tell("review", "{}");
            // Another revision was chosen, or a text changed, while it ran.
            page.review_now();
        });
    }

    /// Writes the script's text with a fix in it; a review that is out of date is made again
    /// instead.
    pub fn apply_fix(&self, path: &str, text: &str) {
        if self.is_dirty(path) || self.state().review_due() {
            self.flush();
            return;
        }
        let request = Request::Write {
            path: path.to_owned(),
            contents: Contents::Text(text.to_owned()),
        };
        self.do_change(request, None);
    }
}
