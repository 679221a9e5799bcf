//! The Models column: the file that is open, and what autogenerate would write.

use std::rc::Rc;

use protocol::{FileKind, Pending, View};

use super::words;
use crate::words as common;

/// The Models column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelsState {
    /// The file that is open.
    pub file: Option<Rc<str>>,
    /// What autogenerate would write.
    pub pending: Option<Rc<Pending>>,
    /// Whether newer text than that of `pending` is on its way.
    pub asked: bool,
    /// How far a first visit has come with its first steps, while they are shown.
    pub first_steps: Option<FirstSteps>,
}

/// The first steps of a first visit, and which of them are done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FirstSteps {
    /// The models were changed: there is something to autogenerate.
    pub changed: bool,
    /// A revision was written.
    pub written: bool,
    /// The database was upgraded with it.
    pub upgraded: bool,
}

impl FirstSteps {
    /// Number of the step that is next, from 0; 3 if all are done.
    pub fn next(self) -> usize {
        match self {
            FirstSteps { changed: false, .. } => 0,
            FirstSteps { written: false, .. } => 1,
            FirstSteps {
                upgraded: false, ..
            } => 2,
            _ => 3,
        }
    }

    /// As the browser keeps it while the tab is open.
    pub fn write(self) -> String {
        [self.changed, self.written, self.upgraded]
            .map(|done| if done { "1" } else { "0" })
            .concat()
    }

    /// What [`FirstSteps::write`] wrote.
    pub fn read(text: &str) -> Option<FirstSteps> {
        let done: Vec<bool> = text.chars().map(|one| one == '1').collect();
        let [changed, written, upgraded] = done.as_slice() else {
            return None;
        };
        Some(FirstSteps {
            changed: *changed,
            written: *written,
            upgraded: *upgraded,
        })
    }

    /// A command ended without a failure: whether it wrote revisions, and how many the database lacks.
    pub(crate) fn ran(&mut self, written: bool, ahead: usize) {
        if written {
            self.changed = true;
            self.written = true;
        }
        self.upgraded |= self.written && ahead == 0;
    }
}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum ModelsAction {
    /// A text was changed that autogenerate looks at.
    Asked,
    /// The pending autogenerate operations have arrived.
    Pending(Rc<Pending>),
    /// The first steps are not to be shown any more.
    CloseFirstSteps,
}

impl ModelsState {
    /// The state after something happened.
    pub(crate) fn reduce(&mut self, action: ModelsAction) {
        match action {
            ModelsAction::Asked => self.asked = true,
            ModelsAction::Pending(pending) => {
                self.asked = false;
                if let Some(steps) = &mut self.first_steps {
                    steps.changed |= !pending.operations.is_empty();
                }
                // The same answer again, however long it took, is the same handle: nothing is drawn anew.
                let same = self.pending.as_deref().is_some_and(|old| {
                    let microseconds = old.microseconds;
                    Pending {
                        microseconds,
                        ..(*pending).clone()
                    } == *old
                });
                if !same {
                    self.pending = Some(pending);
                }
            }
            ModelsAction::CloseFirstSteps => self.first_steps = None,
        }
    }

    /// Forgets the workspace before.
    pub(crate) fn forget(&mut self) {
        // The first steps refer to the first example.
        self.first_steps = None;
        self.file = None;
        self.pending = None;
    }

    /// Where the open file is gone, opens the one with the most models, else one that says most.
    pub(crate) fn choose(&mut self, view: &View) {
        let exists = |path: &str| view.files.iter().any(|file| file.path == path);
        if !self.file.as_deref().is_some_and(exists) {
            self.file = view
                .models
                .first()
                .map(|path| path.as_str().into())
                .or_else(|| {
                    view.files
                        .iter()
                        .find(|file| file.path.ends_with("alembic.ini"))
                        .or_else(|| view.files.iter().find(|file| file.kind == FileKind::Text))
                        .map(|file| file.path.as_str().into())
                });
        }
    }
}

/// A message for a revision of these operations, such as `add book.isbn`.
pub fn suggested_message(pending: &Pending) -> String {
    let mut parts: Vec<String> = Vec::new();
    for operation in &pending.operations {
        let verb = match operation.name.split('_').next().unwrap_or_default() {
            "create" | "add" => "add",
            "drop" | "remove" => "drop",
            _ => common::CHANGE,
        };
        // An index on a column that is added with it goes without saying.
        if operation.name.contains("index") && !parts.is_empty() {
            continue;
        }
        let target = operation.target.as_str();
        let part = format!("{verb} {target}");
        if !target.is_empty() && !parts.contains(&part) {
            parts.push(part);
        }
    }
    match parts.len() {
        0 => words::DESCRIBE.to_owned(),
        1..=2 => parts.join(common::AND),
        _ => common::and_more(&parts[0], parts.len() - 1),
    }
}

#[cfg(test)]
mod tests {
    use protocol::PendingOperation;

    use super::*;

    #[test]
    fn first_steps_outlive_a_reload() {
        let steps = FirstSteps {
            changed: true,
            ..FirstSteps::default()
        };
        assert_eq!(FirstSteps::read(&steps.write()), Some(steps));
        assert_eq!(FirstSteps::read(""), None);
    }

    #[test]
    fn messages_name_the_change() {
        let operation = |name: &str, target: &str| PendingOperation {
            name: name.into(),
            target: target.into(),
            ..PendingOperation::default()
        };
        let pending = Pending {
            operations: vec![
                operation("add_column", "book.isbn"),
                operation("create_index", "ix_book_isbn"),
            ],
            ..Pending::default()
        };
        assert_eq!(suggested_message(&pending), "add book.isbn");
    }
}
