//! The view: everything the page draws except texts and rows; and the encoding of a view as a
//! difference from the previous one.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::{
    Answer, Changes, Database, FileEntry, HistoryEntry, Migrations, Reply, WorkspaceEntry,
};

/// What the path of a database of PostgreSQL begins with; its name follows.
pub const POSTGRESQL: &str = "postgresql:///";

/// The view: everything the page draws except texts and rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Every file, in the order of paths.
    pub files: Rc<Vec<FileEntry>>,
    /// Every folder, in the order of paths.
    pub folders: Rc<Vec<String>>,
    /// The files that hold models, the most likely first.
    pub models: Rc<Vec<String>>,
    /// The console's current folder, relative to the project, empty at its top.
    pub directory: String,
    /// Targets of the Makefile in that folder.
    pub targets: Rc<Vec<String>>,
    /// Names of the environment variables that are set.
    pub variables: Rc<Vec<String>>,
    /// The revisions.
    pub migrations: Rc<Migrations>,
    /// The databases.
    pub databases: Rc<Vec<Database>>,
    /// The states so far, by number: a tree.
    pub history: Rc<Vec<HistoryEntry>>,
    /// Number of the state that the workspace stands at.
    pub at: u32,
    /// Number of the newest state of the branch that the workspace stands on.
    pub tip: u32,
    /// The workspaces, the one that changed last first.
    pub workspaces: Rc<Vec<WorkspaceEntry>>,
    /// What the last command changed.
    pub changes: Rc<Changes>,
    /// On the wire, which of these are not sent again; else nothing.
    pub same: Same,
}

impl View {
    /// Whether the project's database is one of PostgreSQL.
    pub fn is_on_postgresql(&self) -> bool {
        let database = self.migrations.database.as_deref();
        database.is_some_and(|database| database.starts_with(POSTGRESQL))
    }
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
    /// The view in it, if it has one.
    pub fn view(&mut self) -> Option<&mut Rc<View>> {
        match self {
            Reply::Ready { view, .. } | Reply::View(view) => Some(view),
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
    use crate::{FileKind, decode, encode};

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
