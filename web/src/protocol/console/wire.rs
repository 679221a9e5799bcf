//! Commands of the console: what is asked, what happens while one runs, and how it ended.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::{Failure, Place, Verb, View};

/// Console requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConsoleRequest {
    /// Runs a command line.
    Run {
        /// The line as it was typed.
        line: String,
    },
    /// Takes back what a command did, and keeps what was typed since.
    Undo {
        /// Number of the history's entry.
        entry: u32,
    },
}

/// Progress of a running command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    /// It printed.
    Output {
        /// Whether to standard error.
        error: bool,
        /// What.
        text: String,
    },
    /// It told its observer.
    Event(Event),
    /// It waits, as if it had not begun, for something that is loaded once.
    Loading(Loading),
    /// That has come: it begins, and what it printed before counts no more.
    Begins,
}

/// How far something has come that is loaded when it is first wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loading {
    /// In hundredths.
    pub percent: u8,
    /// How many bytes it is in all.
    pub bytes: u32,
}

/// An event of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A revision begins.
    RevisionStarted {
        /// Its id.
        revision: String,
        /// `upgrade`, `downgrade` or `stamp`.
        direction: String,
        /// First line of its message.
        message: String,
    },
    /// A revision ended.
    RevisionFinished {
        /// Its id.
        revision: String,
    },
    /// An operation of a script begins.
    Operation {
        /// Its name.
        name: String,
        /// Where the script calls it.
        place: Option<Place>,
    },
    /// A statement ended.
    Statement {
        /// Its SQL.
        sql: String,
        /// Its parameters as text.
        parameters: Vec<Vec<String>>,
        /// Rows inserted, updated or deleted.
        rows: Option<i64>,
        /// How long it took.
        microseconds: u64,
        /// In which database.
        database: Option<String>,
    },
    /// `BEGIN`, `COMMIT` or `ROLLBACK`.
    Transaction {
        /// Which.
        action: String,
    },
    /// Something failed.
    Failed {
        /// How.
        error: Failure,
    },
}

impl Event {
    /// The event as `window.limbeck` gives it: an object whose `kind` says which it is.
    pub fn json(&self) -> String {
        // `{"kind":{…}}` becomes `{"kind":"…",…}`: tagged inside it could not be read from bytes that
        // don't name their fields.
        let outside = serde_json::to_string(self).unwrap_or_default();
        match outside
            .strip_prefix("{\"")
            .and_then(|rest| rest.strip_suffix('}'))
            .and_then(|rest| rest.split_once("\":{"))
        {
            Some((kind, fields)) => format!("{{\"kind\":\"{kind}\",{fields}"),
            None => "null".to_owned(),
        }
    }
}

/// A command that ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ran {
    /// Exit status.
    pub status: i32,
    /// What it printed to standard output.
    pub stdout: String,
    /// What it printed to standard error.
    pub stderr: String,
    /// What it told its observer.
    pub events: Vec<Event>,
    /// How long it took.
    pub microseconds: u64,
    /// The current view.
    pub view: Rc<View>,
    /// Ids of the revisions that it wrote, the newest first.
    pub written: Vec<String>,
    /// Files that it opens in the page's editor.
    pub opened: Vec<String>,
    /// Whether the page should clear the console.
    pub clear: bool,
    /// The error it ended with, with its place.
    pub failure: Option<Failure>,
    /// Of a failed command, the button that runs it.
    pub verb: Option<Verb>,
    /// For a failed command: the statements that stayed.
    pub stayed: Option<Stayed>,
    /// Where the time went.
    pub timings: Timings,
}

/// Where the time of a command went, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    /// From being asked until the worker began; as the worker sends it, when it began, since 1970.
    pub wait: f64,
    /// The engine, with its database.
    pub engine: f64,
    /// Recording the steps of revisions: the states of databases between them.
    pub recording: f64,
    /// Telling the page of output and events on the way.
    pub telling: f64,
    /// Keeping the recordings and the state for the history.
    pub image: f64,
    /// Comparing databases before and after.
    pub compare: f64,
    /// Reading the view that the page shows next.
    pub view: f64,
    /// Saving.
    pub save: f64,
    /// The answer's way to the page; as the worker sends it, when it was sent, since 1970.
    pub transfer: f64,
    /// Taking the answer into the page's state.
    pub page: f64,
}

/// What a failed command left behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stayed {
    /// The statements whose effect is in the database.
    pub kept: Vec<String>,
    /// The statements that were rolled back.
    pub undone: Vec<String>,
    /// The history's entry that holds the state before.
    pub entry: u32,
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
    /// The error it ended with. It is saved with the workspace: fields and causes may be added, none may go.
    #[serde(default)]
    pub failure: Option<Failure>,
    /// Of a failed command, the button that runs it.
    #[serde(default)]
    pub verb: Option<Verb>,
}
