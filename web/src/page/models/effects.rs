//! Asking what autogenerate would write, and what editors may offer.

use std::cell::Cell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use protocol::examples::EXAMPLES;
use protocol::{Answer, Failure, Models, ModelsRequest, Pending, Reply, Request};
use wasm_bindgen_futures::spawn_local;

use super::state::{FirstSteps, ModelsAction};
use crate::editor::line_that_starts;
use crate::page::{Page, embedded, session_storage};
use crate::state::State;
use crate::words as common;

/// What is asked of the models.
#[derive(Default)]
pub(crate) struct Asked {
    /// Whether the comparison was stopped, and is not begun again by itself.
    pub(crate) stopped: Cell<bool>,
    /// Whether the question is on its way.
    pub(crate) running: Cell<bool>,
    again: Cell<bool>,
    completions: Cell<bool>,
}

/// How long after a command it shows that no other follows at once, in milliseconds.
const COMMAND_PAUSE: u32 = 30;

/// Where a tab keeps how far the first steps have come.
const FIRST_STEPS: &str = "limbeck:first-steps";

/// How far the first steps had come when this tab was loaded last, where they were shown.
pub(crate) fn first_steps_kept() -> Option<FirstSteps> {
    let kept = session_storage()?.get_item(FIRST_STEPS).ok().flatten()?;
    FirstSteps::read(&kept)
}

impl Page {
    /// Keeps the first steps for a reload. Called after everything that happens.
    pub(crate) fn keep_first_steps(&self, before: &State, after: &State) {
        let steps = after.models.first_steps;
        if steps == before.models.first_steps || embedded() {
            return;
        }
        if let Some(storage) = session_storage() {
            let _ = match steps {
                Some(steps) => storage.set_item(FIRST_STEPS, &steps.write()),
                None => storage.remove_item(FIRST_STEPS),
            };
        }
    }

    /// Asks what autogenerate would write now, unless another command follows: that would only make both
    /// slower.
    pub(crate) fn look_after_command(&self) {
        self.dispatch(ModelsAction::Asked);
        let page = self.clone();
        Timeout::new(COMMAND_PAUSE, move || {
            if page.state().console.running == 0 {
                page.look();
            }
        })
        .forget();
    }

    /// Asks what autogenerate would write. One question is on its way at a time; the latest wins.
    pub fn look(&self) {
        self.dispatch(ModelsAction::Asked);
        if self.0.models.running.replace(true) {
            self.0.models.again.set(true);
            return;
        }
        let page = self.clone();
        spawn_local(async move {
            loop {
                page.0.models.again.set(false);
                let (_, reply) = page
                    .client()
                    .ask(Request::Models(ModelsRequest::Pending), None);
                let reply = reply.await;
                if page.0.models.again.get() {
                    continue;
                }
                page.0.models.running.set(false);
                let pending = match reply {
                    Reply::Done(Answer::Pending(pending)) => pending,
                    Reply::Panicked { message } => Pending {
                        failure: Some(Failure {
                            message: common::engine_broke(&message),
                            ..Failure::default()
                        }),
                        ..Pending::default()
                    },
                    // Another worker comes, and asks again.
                    _ => return page.0.models.running.set(false),
                };
                page.dispatch(ModelsAction::Pending(Rc::new(pending)));
                page.tell("pending", "{}");
                return;
            }
        });
    }

    /// Puts the cursor on the line that the first steps ask to uncomment.
    pub fn show_first_line(&self) {
        let page = self.clone();
        spawn_local(async move {
            let path = page.state().view.models.first().cloned();
            let (Some(path), Some(start)) = (path, EXAMPLES[0].first_line) else {
                return;
            };
            page.flush();
            if let Some(text) = page.read(&path).await
                && let Some(line) = line_that_starts(&text, start)
            {
                page.open(&path, Some(line));
            }
        });
    }

    /// What editors may offer in Python, as JSON; once, when the first is typed in.
    pub async fn completions(&self) -> Option<String> {
        if self.0.models.completions.replace(true) {
            return None;
        }
        match self
            .client()
            .ask(Request::Models(ModelsRequest::Completions), None)
            .1
            .await
        {
            Reply::Done(Answer::Completions(completions)) => {
                serde_json::to_string(&completions).ok()
            }
            _ => {
                self.0.models.completions.set(false);
                None
            }
        }
    }

    /// The tables of the models; nothing where the engine was stopped.
    pub async fn models(&self) -> Option<Models> {
        let request = Request::Models(ModelsRequest::Tables);
        match self.client().ask(request, None).1.await {
            Reply::Done(Answer::Models(models)) => Some(models),
            Reply::Failed(failure) => Some(Models {
                failure: Some(failure),
                ..Models::default()
            }),
            _ => None,
        }
    }
}
