//! Asks what differs between two states, and for the reviews of what is new, one after the other.

use std::rc::Rc;

use protocol::{Answer, CompareRequest, Failure, Other, Reply, Request, States};
use wasm_bindgen_futures::spawn_local;

use super::state::CompareAction;
use crate::page::Page;
use crate::words as common;

impl Page {
    /// Compares the open project with another state; `name` is what that came as.
    pub fn compare_with(&self, name: &str, other: Other) {
        self.flush();
        self.dispatch(CompareAction::Opened(name.into(), Rc::new(other.clone())));
        let page = self.clone();
        let number = self.state().compare.count;
        spawn_local(async move {
            let request = CompareRequest::States {
                other: other.clone(),
            };
            let states = match page.ask_compare(request).await {
                Ok(Answer::States(states)) => Ok(Rc::<States>::from(states)),
                Ok(_) => return,
                Err(failure) => Err(failure),
            };
            let due: Vec<String> = states
                .iter()
                .flat_map(|states| &states.revisions)
                .filter(|one| one.due)
                .map(|one| one.revision.clone())
                .collect();
            page.dispatch(CompareAction::Compared(number, states));
            for revision in due {
                let shown = page.state().compare.shown.clone();
                if shown.is_none_or(|shown| shown.number != number) {
                    return;
                }
                let request = CompareRequest::Review {
                    other: other.clone(),
                    revision: revision.clone(),
                };
                let review = match page.ask_compare(request).await {
                    Ok(Answer::Review(review)) => Ok(Rc::from(review)),
                    Ok(_) => return,
                    Err(failure) => Err(failure),
                };
                page.dispatch(CompareAction::Reviewed(number, revision, review));
            }
        });
    }

    async fn ask_compare(&self, request: CompareRequest) -> Result<Answer, Failure> {
        let (_, reply) = self.client().ask(Request::Compare(request), None);
        match reply.await {
            Reply::Done(answer) => Ok(answer),
            Reply::Failed(failure) => Err(failure),
            Reply::Panicked { message } => Err(Failure {
                message: common::engine_broke(&message),
                ..Failure::default()
            }),
            _ => Err(Failure {
                message: common::CANCELLED.to_owned(),
                ..Failure::default()
            }),
        }
    }
}
