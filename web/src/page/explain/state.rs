//! The command that failed last, until another one begins or it is closed.

use std::rc::Rc;

use protocol::{Failure, FileEntry, FileKind, Printed, Ran, Stayed, Verb, View};

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
    /// Whether the same line failed for the same reason just before.
    pub again: bool,
}

impl Failed {
    /// What is told of a command that ended; nothing of one that did not fail, or of a command that is none of
    /// Alembic's.
    fn of(
        line: &Rc<str>,
        status: i32,
        verb: Option<Verb>,
        failure: Option<&Failure>,
        stayed: Option<&Stayed>,
    ) -> Option<Failed> {
        let failure = failure?;
        if status == 0 || (verb.is_none() && failure.class.is_empty()) {
            return None;
        }
        Some(Failed {
            line: line.clone(),
            verb,
            failure: Rc::new(failure.clone()),
            undo: stayed.map(|stayed| stayed.entry),
            again: false,
        })
    }

    /// What is told of a command that ended.
    pub(crate) fn of_ran(line: &Rc<str>, ran: &Ran) -> Option<Failed> {
        let (failure, stayed) = (ran.failure.as_ref(), ran.stayed.as_ref());
        Failed::of(line, ran.status, ran.verb, failure, stayed)
    }

    /// The same of a command that the console shows again.
    pub(crate) fn of_printed(line: &Rc<str>, printed: &Printed) -> Option<Failed> {
        let (failure, stayed) = (printed.failure.as_ref(), printed.stayed.as_ref());
        Failed::of(line, printed.status, printed.verb, failure, stayed)
    }

    /// Whether its button would fail as well: it runs this line, or what failed is in a file of the project. A
    /// mistyped line says nothing about the button.
    fn concerns_button(&self) -> bool {
        let own = match self.verb {
            Some(Verb::Upgrade) => {
                matches!(
                    &*self.line,
                    "alembic upgrade head" | "alembic upgrade heads"
                )
            }
            Some(Verb::Downgrade) => &*self.line == "alembic downgrade -1",
            Some(Verb::Autogenerate) => {
                self.line.starts_with("alembic revision --autogenerate -m ")
            }
            Some(Verb::Merge) => self.line.starts_with("alembic merge -m "),
            None => false,
        };
        own || self.failure.place.is_some()
    }
}

/// What is shown of the command that failed last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExplainState {
    /// It.
    pub failed: Option<Rc<Failed>>,
    /// The same at its line.
    pub note: Option<Rc<Note>>,
    /// Whether a narrow page shows the reason; a wide one always does.
    pub open: bool,
    /// Whether the files that it may have failed by are others since: it may be mended.
    pub edited: bool,
    /// The files when it failed.
    files: Rc<Vec<FileEntry>>,
    /// What failed before the command that runs now.
    before: Option<Rc<Failed>>,
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

    /// A command begins.
    pub(crate) fn started(&mut self) {
        *self = ExplainState {
            before: self.failed.take(),
            ..ExplainState::default()
        };
    }

    /// A command of Alembic ended, and how it failed; `open` where a narrow page shows no console, which tells
    /// the reason itself.
    pub(crate) fn ended(
        &mut self,
        mut failed: Option<Failed>,
        files: &Rc<Vec<FileEntry>>,
        open: bool,
    ) {
        if let (Some(failed), Some(before)) = (&mut failed, self.before.take()) {
            failed.again = before.line == failed.line && before.failure == failed.failure;
        }
        *self = ExplainState {
            note: failed.as_ref().and_then(|failed| {
                let place = failed.failure.place.as_ref()?;
                Some(Rc::new(Note {
                    path: place.path.as_str().into(),
                    line: place.line,
                    text: words::sentence(&failed.failure).into(),
                }))
            }),
            failed: failed.map(Rc::new),
            open,
            files: files.clone(),
            ..ExplainState::default()
        };
    }

    /// The files are others, or the same again. What fails in a script is mended there; the rest may have its cause
    /// in any file.
    pub(crate) fn files_changed(&mut self, view: &View) {
        let Some(failed) = &self.failed else { return };
        let place = failed.failure.place.as_ref();
        let mut revisions = view.migrations.revisions.iter();
        let script = place.filter(|place| revisions.any(|one| one.path == place.path));
        let concerns = |file: &&FileEntry| match script {
            Some(script) => file.path == script.path,
            None => file.kind == FileKind::Text,
        };
        let hashes = |files: &[FileEntry]| -> Vec<(String, String)> {
            let files = files.iter().filter(concerns);
            files
                .map(|file| (file.path.clone(), file.hash.clone()))
                .collect()
        };
        self.edited = hashes(&self.files) != hashes(&view.files);
    }

    /// Whether the command of a button failed, and nothing was run or mended since.
    pub fn has_failed(&self, verb: Verb) -> bool {
        !self.edited
            && self
                .failed
                .as_ref()
                .is_some_and(|failed| failed.verb == Some(verb) && failed.concerns_button())
    }
}
