//! Requests for steps, what they changed, differences and SQL: each is sent when it is due, one of a kind
//! at a time.

use std::cell::Cell;
use std::rc::Rc;

use protocol::{Answer, Direction, Failure, Request, WatchAnswer, WatchRequest};
use wasm_bindgen_futures::spawn_local;

use super::state::{Compared, WatchAction, Written};
use crate::page::Page;
use crate::state::{Action, State};

/// Requests in progress.
#[derive(Default)]
pub(crate) struct Asked {
    steps: Cell<bool>,
    changes: Cell<bool>,
    difference: Cell<bool>,
    sql: Cell<bool>,
}

/// A kind of thing that is asked.
type Kind = fn(&Asked) -> &Cell<bool>;

impl Page {
    /// Asks for what is due. Called after everything that happens.
    pub(crate) fn watch_due(&self, state: &State) {
        let revision = state.migrations.revision.clone();
        if let Some(revision) = revision.clone().filter(|_| state.steps_due()) {
            let request = WatchRequest::Steps {
                revision: revision.to_string(),
                direction: None,
            };
            self.watch_one(
                request,
                |asked| &asked.steps,
                move |answer| steps(revision, answer),
            );
        }
        if let Some((recording, step)) = state.step_changes_due() {
            let request = WatchRequest::StepDifference {
                recording,
                step: step as u32,
            };
            self.watch_one(
                request,
                |asked| &asked.changes,
                move |answer| {
                    let changes = match answer {
                        Ok(WatchAnswer::StepDifference(changes)) => Ok(Rc::new(changes)),
                        Ok(_) => return None,
                        Err(failure) => Err(failure),
                    };
                    Some(WatchAction::Changes {
                        recording,
                        step,
                        changes,
                    })
                },
            );
        }
        if state.difference_due() {
            let (between, at) = (state.watch.between, state.view.at);
            let history = state.view.history.clone();
            let request = WatchRequest::Difference {
                from: between.0,
                to: between.1,
            };
            self.watch_one(
                request,
                |asked| &asked.difference,
                move |answer| {
                    let difference = match answer {
                        Ok(WatchAnswer::Difference(difference)) => Ok(Rc::new(difference)),
                        Ok(_) => return None,
                        Err(failure) => Err(failure),
                    };
                    Some(WatchAction::Compared(Rc::new(Compared {
                        between,
                        history,
                        at,
                        difference,
                    })))
                },
            );
        }
        if let Some(revision) = revision.filter(|_| state.sql_due()) {
            let files = state.view.files.clone();
            let request = WatchRequest::Sql {
                revision: revision.to_string(),
            };
            self.watch_one(
                request,
                |asked| &asked.sql,
                move |answer| {
                    let texts = match answer {
                        Ok(WatchAnswer::Sql(texts)) => Ok(Rc::new(texts)),
                        Ok(_) => return None,
                        Err(failure) => Err(failure),
                    };
                    Some(WatchAction::Written(Rc::new(Written {
                        revision,
                        files,
                        texts,
                    })))
                },
            );
        }
    }

    fn watch_one(
        &self,
        request: WatchRequest,
        kind: Kind,
        then: impl FnOnce(Result<WatchAnswer, Failure>) -> Option<WatchAction> + 'static,
    ) {
        if kind(&self.0.watch).replace(true) {
            // Further requests are sent when the current one has finished.
            return;
        }
        let page = self.clone();
        spawn_local(async move {
            let answer = page.watching(request).await;
            kind(&page.0.watch).set(false);
            if let Some(action) = then(answer) {
                page.dispatch(Action::Watch(action));
            }
        });
    }

    /// Asks for something to watch.
    ///
    /// # Errors
    ///
    /// How it failed.
    pub async fn watching(&self, request: WatchRequest) -> Result<WatchAnswer, Failure> {
        match self.ask(Request::Watch(request)).await {
            Ok(Answer::Watch(answer)) => Ok(answer),
            Ok(_) => Err(Failure::default()),
            Err(failure) => Err(failure),
        }
    }

    /// Shows the last recorded run of a direction, or runs it on a copy.
    pub fn play(&self, revision: Rc<str>, direction: Direction, copy: bool) {
        let request = if copy {
            self.dispatch(Action::Watch(WatchAction::Rehearsing));
            WatchRequest::Rehearse {
                revision: revision.to_string(),
                direction,
            }
        } else {
            WatchRequest::Steps {
                revision: revision.to_string(),
                direction: Some(direction),
            }
        };
        let page = self.clone();
        spawn_local(async move {
            let answer = page.watching(request).await;
            if let Some(action) = steps(revision, answer) {
                page.dispatch(Action::Watch(action));
            }
        });
    }
}

fn steps(revision: Rc<str>, answer: Result<WatchAnswer, Failure>) -> Option<WatchAction> {
    let steps = match answer {
        Ok(WatchAnswer::Steps(steps)) => Ok(Rc::from(steps)),
        Ok(_) => return None,
        Err(failure) => Err(failure),
    };
    Some(WatchAction::Steps { revision, steps })
}
