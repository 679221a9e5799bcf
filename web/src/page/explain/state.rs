//! The command that failed last, until another one begins or it is closed.

use std::rc::Rc;

use protocol::{Failure, Ran, Verb};

use super::words;
use crate::editor::Note;

/// A command that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The line.
    pub line: Rc<str>,
    /// The button that runs it.
    pub verb: Option<Verb>,
    /// How it failed.
    pub failure: Rc<Failure>,
    /// Number of the history's entry that undoes what it left.
    pub undo: Option<u32>,
}

/// What is shown of the command that failed last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExplainState {
    /// It.
    pub failed: Option<Rc<Failed>>,
    /// The same at its line.
    pub note: Option<Rc<Note>>,
    /// Whether a narrow page shows the reason; a wide one always does.
    pub open: bool,
}

/// Reducer actions of this feature.
#[derive(Clone, Copy, Debug)]
pub enum ExplainAction {
    /// A narrow page shows the reason, or hides it.
    Open(bool),
    /// It is known.
    Close,
}

impl ExplainState {
    /// The state after something happened.
    pub(crate) fn reduce(&mut self, action: ExplainAction) {
        match action {
            ExplainAction::Open(open) => self.open = open,
            ExplainAction::Close => *self = ExplainState::default(),
        }
    }

    /// A command of Alembic ended.
    pub(crate) fn ran(&mut self, line: &Rc<str>, ran: &Ran) {
        *self = ExplainState::default();
        let Some(failure) = &ran.failure else { return };
        if ran.status == 0 || (ran.verb.is_none() && failure.class.is_empty()) {
            return;
        }
        self.note = failure.place.as_ref().map(|place| {
            Rc::new(Note {
                path: place.path.as_str().into(),
                line: place.line,
                text: words::sentence(failure).into(),
            })
        });
        self.failed = Some(Rc::new(Failed {
            line: line.clone(),
            verb: ran.verb,
            failure: Rc::new(failure.clone()),
            undo: ran.stayed.as_ref().map(|stayed| stayed.entry),
        }));
    }

    /// Whether the command of a button failed and nothing was run since.
    pub fn has_failed(&self, verb: Verb) -> bool {
        self.failed
            .as_ref()
            .is_some_and(|failed| failed.verb == Some(verb))
    }
}
