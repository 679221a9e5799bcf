//! Workspaces, and whether the browser keeps them.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::lessons::Folder;
use crate::{Contents, Printed, View, Workspace};

/// Workspace requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeepRequest {
    /// Opens a new workspace and leaves the one before as it is.
    New {
        /// Its name; empty for one that fits.
        name: String,
        /// What it begins as.
        from: Source,
    },
    /// Opens another workspace.
    Open {
        /// Its id.
        id: String,
    },
    /// Gives a workspace another name.
    Rename {
        /// Its id.
        id: String,
        /// The name.
        name: String,
    },
    /// Removes a workspace; where it is the open one, another is opened.
    Remove {
        /// Its id.
        id: String,
    },
    /// Brings back a workspace that was removed, and opens it.
    Restore {
        /// Its id.
        id: String,
    },
    /// Makes this page the one that may change the open workspace.
    TakeOver,
    /// Brings back what the worker before had and could not save.
    BringBack {
        /// The workspaces, whole.
        held: Vec<Held>,
        /// Id of the one that was open.
        open: String,
    },
}

/// What a new workspace begins as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// An example of [`crate::examples::EXAMPLES`], by its name.
    Example(String),
    /// These files.
    Workspace(Box<Workspace>),
    /// A database, with models written from it and a first revision stamped.
    Database(Box<FromDatabase>),
    /// The current contents of the open workspace, without its history.
    Copy,
    /// What a lesson begins with: its `start/`, with the commands run that it names.
    Lesson(Box<Folder>),
}

/// A database that a project is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FromDatabase {
    /// Name of its file.
    pub name: String,
    /// What it holds.
    pub contents: Contents,
    /// How its models are written.
    pub style: ModelStyle,
}

/// How models are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModelStyle {
    /// As SQLAlchemy 2.0 has them.
    #[default]
    Declarative,
    /// As SQLModel has them.
    SqlModel,
}

/// A workspace that the browser does not keep, with its history: the page holds it for a worker that is
/// started later. What the page has of it already is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The current view.
    pub view: Rc<View>,
    /// What the console showed then.
    pub console: Vec<Printed>,
}

/// Whether the browser keeps the workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Storage {
    /// Not saved yet.
    #[default]
    Unknown,
    /// Being saved.
    Saving,
    /// Saved.
    Saved,
    /// Not saved.
    Failed {
        /// Why, for a person.
        reason: String,
    },
    /// Another tab may change the workspace, this one only shows it.
    ReadOnly,
}
