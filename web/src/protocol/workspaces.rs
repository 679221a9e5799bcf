//! Workspaces, their history, and whether they are kept, as they go over the wire.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::{Stayed, View, Workspace};

/// What a new workspace begins as.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Source {
    /// An example of [`crate::examples::EXAMPLES`], by its name.
    Example(String),
    /// These files.
    Workspace(Box<Workspace>),
    /// What the open workspace is now, without its history.
    Copy,
}

/// A workspace that the browser does not keep, with its history: the page holds it for a worker that is
/// started later. What the page has of it already is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The example that it began as.
    pub example: String,
    /// Its states, as they would be saved; empty where it need not be held any more.
    pub record: String,
    /// New pieces of its contents, by name.
    pub put: Vec<(String, Vec<u8>)>,
    /// Pieces that no state has any more.
    pub delete: Vec<String>,
}

/// A workspace of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceEntry {
    /// What `OpenWorkspace` takes.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Bytes that it takes in the browser, history included; 0 until it is saved.
    pub bytes: u64,
    /// When it last changed, in microseconds since 1970.
    pub time: i64,
    /// Whether it is the one that is open here.
    pub open: bool,
}

/// A workspace that was opened, or a state that was gone to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// What there is now.
    pub view: Rc<View>,
    /// What the console showed then.
    pub console: Vec<Printed>,
}

/// A command in the console and what it printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// The line.
    pub line: String,
    /// What it printed, in its order: whether to standard error, and the text.
    pub output: Vec<(bool, String)>,
    /// Its exit status.
    pub status: i32,
    /// How long it took.
    pub microseconds: u64,
    /// What it left where it failed.
    #[serde(default)]
    pub stayed: Option<Stayed>,
    /// Whether it emptied the console.
    #[serde(default)]
    pub clear: bool,
}

/// What made a state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Made {
    /// The workspace began with it.
    Start,
    /// A command of the console, or of a button.
    #[default]
    Command,
    /// An edit of a file.
    Edit,
}

/// A state of the history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// Its number: what `travel(n)` takes. 0 is the start.
    pub number: u32,
    /// The state that it came from; nothing for the start.
    pub parent: Option<u32>,
    /// What made it, for people: the command line, or `edited models.py`.
    pub command: String,
    /// What made it.
    pub made: Made,
    /// The command's exit status.
    pub status: i32,
    /// When it was made, in microseconds since 1970.
    pub time: i64,
}
