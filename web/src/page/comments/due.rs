//! What of comments the page looks at after everything that happens: whether the open workspace has some, and whether
//! their lines are to be found again. It loads with the page; all else of comments does not.

use std::cell::RefCell;
use std::rc::Rc;

use super::effects;
use super::state::CommentsAction;
use crate::page::{Page, remembered};
use crate::state::State;

/// Where it is kept which workspaces have comments.
pub(super) const WORKSPACES: &str = "limbeck:comments";

/// The workspace that was looked at last.
#[derive(Default)]
pub(crate) struct Looked(RefCell<String>);

impl Page {
    /// Called after everything that happens.
    pub(crate) fn comments_due(&self, before: &State, after: &State) {
        if !after.app.ready || Rc::ptr_eq(&before.view, &after.view) {
            return;
        }
        let Some(id) = self.open_id() else {
            return;
        };
        if *self.0.comments.0.borrow() != id {
            *self.0.comments.0.borrow_mut() = id.clone();
            if after.comments.discussion.is_some() {
                self.dispatch(CommentsAction::Discussion(None, 0));
            }
            if after.comments.open || remembered(WORKSPACES).is_some_and(|all| all.contains(&id)) {
                effects::load(self, id);
            }
        } else if after.comments.discussion.is_some()
            && !Rc::ptr_eq(&before.view.files, &after.view.files)
        {
            effects::locate_soon(self);
        }
    }
}
