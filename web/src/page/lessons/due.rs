//! What of lessons the page looks at after everything that happens: whether the open workspace has one, and
//! whether its step is to be checked again. It loads with the page; all else of lessons does not.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use protocol::lessons::CommandOutcome;

use super::effects;
use super::state::LessonsAction;
use crate::page::{Page, remembered};
use crate::state::State;

/// Where it is kept which workspaces have a lesson.
pub(super) const WORKSPACES: &str = "limbeck:lessons";

/// Requests in progress.
#[derive(Default)]
pub(crate) struct Asked {
    /// Whether a check is under way.
    pub(super) running: Cell<bool>,
    pub(super) timer: RefCell<Option<Timeout>>,
    /// The workspace that was looked at last.
    workspace: RefCell<String>,
    /// The lesson as it was kept last.
    pub(super) kept: RefCell<Option<Rc<super::state::Learning>>>,
}

impl Page {
    /// Called after everything that happens.
    pub(crate) fn lessons_due(&self, before: &State, after: &State) {
        if after.app.ready && !Rc::ptr_eq(&before.view, &after.view) {
            self.look_for_lesson();
        }
        if after.lessons.learning.is_some() {
            effects::happened(self, before, after);
        }
    }

    /// Where another workspace is open, it may have a lesson.
    fn look_for_lesson(&self) {
        let Some(id) = self.open_id() else {
            return;
        };
        if *self.0.lessons.workspace.borrow() == id {
            return;
        }
        *self.0.lessons.workspace.borrow_mut() = id.clone();
        let open = self.state().lessons.learning.clone();
        if open.is_some_and(|learning| learning.workspace != id) {
            self.dispatch(LessonsAction::Learning(None));
        }
        if remembered(WORKSPACES).is_some_and(|all| all.contains(&id)) {
            effects::resume(self, id);
        }
    }

    /// A command came to its end.
    pub(crate) fn lesson_ran(&self, line: &str, status: i32, output: impl FnOnce() -> String) {
        if self.state().lessons.learning.is_some() {
            self.dispatch(LessonsAction::Ran(CommandOutcome {
                line: line.to_owned(),
                status,
                output: output(),
            }));
        }
    }
}
