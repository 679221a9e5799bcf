//! Going from one pane to another, following work that takes a while, and stopping it.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use protocol::{Event, Failure, Pending, Storage};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use super::state::{AppAction, Pane, Work};
use crate::console::state::{CommandProgress, ConsoleAction};
use crate::models::state::ModelsAction;
use crate::page::{Page, narrow};
use crate::state::State;

/// How long a command runs before the page says so, in milliseconds.
const COMMAND_PAUSE: u32 = 300;

/// The same of what runs by itself.
const BACKGROUND_PAUSE: u32 = 1_500;

/// How often the progress is drawn at most, in milliseconds.
const PROGRESS_PAUSE: f64 = 80.0;

impl Page {
    /// Says what is under way when it has been so for a while.
    pub(crate) fn watch_work(&self, before: &State, after: &State) {
        let command = |state: &State| state.console.running > 0;
        let (was, is) = (before.work().is_some(), after.work().is_some());
        if !is {
            if was || after.app.long {
                self.0.work_timer.borrow_mut().take();
            }
            if after.app.long {
                self.dispatch(AppAction::Long(false));
            }
        } else if !after.app.long && (!was || command(after) != command(before)) {
            let pause = if command(after) {
                COMMAND_PAUSE
            } else {
                BACKGROUND_PAUSE
            };
            let page = self.clone();
            let timer = Timeout::new(pause, move || {
                if page.state().work().is_some() {
                    page.dispatch(AppAction::Long(true));
                }
            });
            *self.0.work_timer.borrow_mut() = Some(timer);
        }
    }

    /// Counts the revisions that a command runs.
    pub(crate) fn step_of(&self, line: &str, counted: &mut (CommandProgress, f64), event: &Event) {
        let Event::RevisionStarted {
            revision,
            direction,
            message,
        } = event
        else {
            return;
        };
        let (progress, drawn) = counted;
        if progress.number == 0 {
            progress.of = self.state().revisions_of(line, direction);
        }
        progress.number += 1;
        progress.revision = format!("{revision} {message}");
        let now = js_sys::Date::now();
        if now - *drawn > PROGRESS_PAUSE || progress.of == Some(progress.number) {
            *drawn = now;
            self.dispatch(ConsoleAction::Progress(Rc::new(progress.clone())));
        }
    }

    /// Gives up what is under way: its worker is ended, and another one begins with the last saved state.
    pub fn cancel(&self) {
        let state = self.state();
        let work = state.work();
        if self.client().is_idle() && state.app.ready {
            return;
        }
        if let Some(Work::Command(line, _)) = &work {
            // Before anything was done there is nothing to lose.
            let kept = !matches!(state.keep.storage, Storage::Failed { .. })
                || !self.0.keep.held.borrow().is_empty();
            self.notice(&super::words::notice::stopped(line, kept), false);
        }
        self.0
            .models
            .stopped
            .set(work == Some(Work::Pending) && self.0.models.running.get());
        self.0.models.running.set(false);
        if !self.client().cancel() && self.0.models.stopped.replace(false) {
            self.say_pending_stopped();
        }
    }

    pub(crate) fn say_pending_stopped(&self) {
        self.dispatch(ModelsAction::Pending(Rc::new(Pending {
            failure: Some(Failure {
                message: crate::models::words::pending::STOPPED.to_owned(),
                ..Failure::default()
            }),
            ..Pending::default()
        })));
    }

    /// Escape, where nothing nearer took it: what has run for a while is stopped, unless a person types;
    /// else a wide column gives its room back.
    pub fn escape(&self, in_text: bool) {
        let state = self.state();
        if state.app.long && !in_text {
            self.cancel();
        } else if state.app.wide.is_some() {
            self.dispatch(AppAction::Wide(None));
        }
    }

    /// Shows a column, the one on a narrow page, with the keyboard in what one types in there.
    pub fn go(&self, place: Pane) {
        self.dispatch(AppAction::Tab(place));
        let focus = move || {
            if let Some(element) = typed_in(place) {
                let _ = element.focus();
            }
        };
        // At once, so that what is typed next goes there; and again where it was hidden until now.
        focus();
        if narrow() {
            Timeout::new(0, focus).forget();
        }
    }
}

/// What one types in in a pane: the line of the console, or a column's editor; where none is to be seen,
/// the column itself.
fn typed_in(place: Pane) -> Option<HtmlElement> {
    let document = gloo::utils::document();
    let find = |selector: &str| document.query_selector(selector).ok().flatten();
    if place == Pane::Console {
        return find("#console-input")?.dyn_into().ok();
    }
    let name = place.name();
    let editor = find(&format!(
        "#{name} .editor-frame:not([hidden]) .editor, #{name} .sql-frame .editor"
    ))
    .and_then(|host| host.shadow_root()?.query_selector(".cm-content").ok()?);
    editor
        .or_else(|| find(&format!("#{name}")))?
        .dyn_into()
        .ok()
}
