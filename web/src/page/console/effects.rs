//! Running command lines.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use protocol::{Answer, ConsoleRequest, Progress, Ran, Reply, Request};
use wasm_bindgen_futures::spawn_local;

use super::state::{CommandProgress, ConsoleAction, Ending, Piece, ending_of};
use crate::page::{Page, remember};
use crate::state::Action;
use crate::words as common;

/// How long output is gathered before it is drawn, in milliseconds.
const OUTPUT_PAUSE: u32 = 30;

/// Where the command lines are kept.
pub(crate) const TYPED: &str = "limbeck:typed";

/// Milliseconds since 1970, by a clock that the worker has too.
fn clock() -> f64 {
    let performance = gloo::utils::window().performance();
    performance.map_or_else(js_sys::Date::now, |clock| clock.time_origin() + clock.now())
}

impl Page {
    /// Runs a command line; it shows in the console.
    ///
    /// # Errors
    ///
    /// Where it did not come to its end.
    pub async fn run(&self, line: &str) -> Result<Rc<Ran>, String> {
        self.flush();
        if self.state().share.view_only {
            self.notice(crate::share::words::VIEW_ONLY, true);
            return Err(crate::share::words::VIEW_ONLY.to_owned());
        }
        let pieces: Rc<RefCell<Vec<Piece>>> = Rc::default();
        let timer: Rc<RefCell<Option<Timeout>>> = Rc::default();
        let number: Rc<Cell<u32>> = Rc::default();
        let draw = {
            let (page, pieces, timer, number) =
                (self.clone(), pieces.clone(), timer.clone(), number.clone());
            move || {
                timer.borrow_mut().take();
                let pieces = std::mem::take(&mut *pieces.borrow_mut());
                if !pieces.is_empty() {
                    page.dispatch(ConsoleAction::Printed {
                        id: number.get(),
                        pieces,
                    });
                }
            }
        };
        let progress = {
            let (page, draw, number) = (self.clone(), draw.clone(), number.clone());
            let (command, step) = (
                line.to_owned(),
                RefCell::new((CommandProgress::default(), 0.0)),
            );
            Rc::new(move |progress: Progress| match progress {
                Progress::Output { error, text } => {
                    pieces.borrow_mut().push(Piece { error, text });
                    let mut timer = timer.borrow_mut();
                    if timer.is_none() {
                        *timer = Some(Timeout::new(OUTPUT_PAUSE, draw.clone()));
                    }
                }
                Progress::Loading(loading) => {
                    pieces.borrow_mut().clear();
                    page.dispatch(ConsoleAction::Waits {
                        id: number.get(),
                        for_: Some(loading),
                    });
                }
                Progress::Begins => page.dispatch(ConsoleAction::Waits {
                    id: number.get(),
                    for_: None,
                }),
                Progress::Event(event) => {
                    page.step_of(&command, &mut step.borrow_mut(), &event);
                    page.tell_with("event", || event.json());
                }
            })
        };
        let asked = clock();
        let (id, reply) = self.client().ask(
            Request::Console(ConsoleRequest::Run {
                line: line.to_owned(),
            }),
            Some(progress),
        );
        number.set(id);
        let kept = self.keeping();
        self.dispatch(ConsoleAction::Started {
            id,
            line: line.into(),
        });
        self.keep_typed();
        let reply = reply.await;
        let received = clock();
        drop(kept);
        draw();
        match reply {
            Reply::Done(Answer::Ran(mut ran)) => {
                // The worker sends when it began and when it sent this.
                let timings = &mut ran.timings;
                timings.wait = (timings.wait - asked).max(0.0);
                timings.transfer = (received - timings.transfer).max(0.0);
                let mut ran = Rc::new(*ran);
                self.dispatch(ConsoleAction::Ended {
                    id,
                    ran: ran.clone(),
                });
                self.lesson_ran(line, ran.status, || format!("{}{}", ran.stdout, ran.stderr));
                Rc::make_mut(&mut ran).timings.page = clock() - received;
                self.tell(
                    "command",
                    &serde_json::json!({ "command": line, "status": ran.status }).to_string(),
                );
                self.look_after_command();
                Ok(ran)
            }
            other => {
                let ending = ending_of(&other);
                let message = match &ending {
                    Ending::Broken(message) => message.clone(),
                    _ => common::CANCELLED.to_owned(),
                };
                self.dispatch(ConsoleAction::Stopped { id, ending });
                Err(message)
            }
        }
    }

    /// Runs a command line, for a button.
    pub fn command(&self, line: impl Into<String>) {
        let page = self.clone();
        let line = line.into();
        spawn_local(async move {
            let _ = page.run(&line).await;
        });
    }

    pub(crate) fn keep_typed(&self) {
        let state = self.state();
        let last: Vec<&str> = state
            .console
            .typed
            .iter()
            .rev()
            .take(100)
            .rev()
            .map(|line| &**line)
            .collect();
        remember(TYPED, &serde_json::to_string(&last).unwrap_or_default());
    }

    /// Takes back what a command did.
    pub fn undo(&self, entry: u32) {
        let page = self.clone();
        spawn_local(async move {
            match page
                .ask(Request::Console(ConsoleRequest::Undo { entry }))
                .await
            {
                Ok(Answer::View(view)) => {
                    page.dispatch(ConsoleAction::TakenBack(entry));
                    page.dispatch(Action::Changed(view));
                    page.look();
                }
                Err(failure) => page.notice(&failure.message, true),
                Ok(_) => {}
            }
        });
    }
}
