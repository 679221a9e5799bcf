//! What the revision graph and the diagram ask for, and how a view travels that is much the same as
//! the one before.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::{Answer, Failure, Reply, Table, View};

/// What the revision graph and the diagram ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GraphRequest {
    /// Takes a revision there and back on a copy; the answer is a review without findings.
    RoundTrip {
        /// Its id.
        revision: String,
    },
    /// Asks for the tables of the models, as an empty database would have them.
    Models,
}

/// The tables that the models describe.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Models {
    /// The tables, sorted by name.
    pub tables: Vec<Table>,
    /// Why there are none, or not all.
    pub failure: Option<Failure>,
}

/// Which parts of a view are left out because they are as in the view before it on the same wire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Same {
    /// The files.
    pub files: bool,
    /// The revisions.
    pub migrations: bool,
    /// The databases.
    pub databases: bool,
    /// What the last command changed.
    pub changes: bool,
    /// The states.
    pub history: bool,
}

impl Reply {
    fn view(&mut self) -> Option<&mut Rc<View>> {
        match self {
            Reply::Ready { view, .. } => Some(view),
            Reply::Opened { opened, .. } => Some(&mut opened.view),
            Reply::Done(answer) => match answer {
                Answer::Ran(ran) => Some(&mut ran.view),
                Answer::Opened(opened) => Some(&mut opened.view),
                Answer::Queried { view, .. } | Answer::View(view) => Some(view),
                _ => None,
            },
            _ => None,
        }
    }

    /// For the sender: leaves out of the view in this reply, if it has one, what is as in the view
    /// sent before it. A project of thousands of files is not told anew at every pause in typing.
    pub fn leave_out_the_same(&mut self, before: &mut Option<Rc<View>>) {
        let Some(view) = self.view() else { return };
        let whole = view.clone();
        if let Some(before) = before.as_ref() {
            let thin = Rc::make_mut(view);
            let same = Same {
                files: thin.files == before.files,
                migrations: thin.migrations == before.migrations,
                databases: thin.databases == before.databases,
                changes: thin.changes == before.changes,
                history: thin.history == before.history,
            };
            if same.files {
                thin.files = Rc::default();
            }
            if same.migrations {
                thin.migrations = Rc::default();
            }
            if same.databases {
                thin.databases = Rc::default();
            }
            if same.changes {
                thin.changes = Rc::default();
            }
            if same.history {
                thin.history = Rc::default();
            }
            thin.same = same;
        }
        *before = Some(whole);
    }

    /// For the receiver: puts back what was left out; the parts are then the same handles as before.
    pub fn put_back_the_same(&mut self, before: &mut Option<Rc<View>>) {
        let Some(view) = self.view() else { return };
        let same = view.same.clone();
        if let Some(before) = before.as_ref() {
            let whole = Rc::make_mut(view);
            if same.files {
                whole.files = before.files.clone();
            }
            if same.migrations {
                whole.migrations = before.migrations.clone();
            }
            if same.databases {
                whole.databases = before.databases.clone();
            }
            if same.changes {
                whole.changes = before.changes.clone();
            }
            if same.history {
                whole.history = before.history.clone();
            }
            whole.same = Same::default();
        }
        *before = Some(view.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{FileEntry, FileKind, Migrations, decode, encode};

    fn view(files: usize, revision: &str) -> Rc<View> {
        Rc::new(View {
            files: Rc::new(
                (0..files)
                    .map(|number| FileEntry {
                        path: format!("{number}.py"),
                        size: 1,
                        hash: "a".to_owned(),
                        kind: FileKind::Text,
                    })
                    .collect(),
            ),
            migrations: Rc::new(Migrations {
                heads: vec![revision.to_owned()],
                ..Migrations::default()
            }),
            ..View::default()
        })
    }

    #[test]
    fn what_is_the_same_is_sent_once_and_comes_back_whole() {
        let (mut sent, mut known) = (None, None);
        let mut length = Vec::new();
        for view in [
            view(500, "a"),
            view(500, "a"),
            view(501, "a"),
            view(501, "b"),
        ] {
            let mut reply = Reply::Done(Answer::View(view.clone()));
            reply.leave_out_the_same(&mut sent);
            let bytes = encode(1, &reply);
            length.push(bytes.len());
            let (_, mut reply) = decode::<Reply>(&bytes).expect("as it was written");
            reply.put_back_the_same(&mut known);
            assert_eq!(reply, Reply::Done(Answer::View(view)));
        }
        assert!(length[0] > 5_000 && length[1] < 100, "{length:?}");
        assert!(length[2] > 5_000 && length[3] < 100, "{length:?}");
    }
}
