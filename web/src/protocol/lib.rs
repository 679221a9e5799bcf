//! What the page and the worker say to each other: wire types, not the engine's own, a file a feature;
//! and what both must read in the same way: the language of the console ([`console`]), SQL as text
//! ([`sql`]) and the list of examples ([`examples`]).
//!
//! The worker says [`Reply::Ready`] first. Each request ends in exactly one [`Reply::Done`],
//! [`Reply::Failed`] or [`Reply::Cancelled`], with any number of [`Reply::Progress`] between.

// Of two `Rc` of what is `Eq`, the addresses are compared first: a large state is compared after each key.
#![warn(clippy::derive_partial_eq_without_eq)]

use std::fmt;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

mod compare;
pub mod console;
mod database;
pub mod examples;
mod explain;
mod files;
mod keep;
pub mod lessons;
mod migrations;
mod models;
mod review;
mod share;
pub mod sql;
mod time;
mod view;
mod watch;

pub use compare::{
    Breakage, CompareRequest, Deployment, FileDifference, Other, RevisionDifference, States,
};
pub use console::{ConsoleRequest, Event, Loading, Printed, Progress, Ran, Stayed, Timings};
pub use database::{
    Cell, Change, Changes, Column, Database, DatabaseRequest, ForeignKey, Index, Order, Rows,
    Table, TableChange,
};
pub use explain::{Cause, Explanation, Mend, Verb};
pub use files::{
    Contents, FileEntry, FileKind, FilesRequest, Found, FoundIn, Symbol, Workspace, from_wire,
    occurrences, to_wire,
};
pub use keep::{
    FromDatabase, Held, KeepRequest, ModelStyle, Opened, Source, Storage, WorkspaceEntry,
};
pub use lessons::LessonsRequest;
pub use migrations::{Migrations, Revision};
pub use models::{Completion, Diagnostic, Models, ModelsRequest, Pending, PendingOperation};
pub use review::{
    ColumnCells, Differs, Edit, Evidence, Finding, Fix, Ground, ItemDifference, ModelFix, Review,
    ReviewRequest, RoundTrip, RowChange, RowDifference, Severity, TableDifference, Verdict,
};
pub use share::{MissingVariable, Probed, Server, ShareRequest, Trial};
pub use time::{HistoryEntry, Made, TimeRequest};
pub use view::{POSTGRESQL, Same, View};
pub use watch::{
    Blocks, CopyOf, DatabaseDifference, Difference, Direction, Recording, SqlText, Step, StepLock,
    StepStatement, Steps, WatchAnswer, WatchRequest,
};

/// Number of this protocol; a page and a worker of different numbers don't talk.
pub const PROTOCOL: u32 = 12;

/// The version that both sides were built as: a page that finds another one in `Ready` has a worker
/// from a cache.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A message as bytes: [`PROTOCOL`], the number of the request that it is or belongs to (0 for what
/// nobody asked for), and what it says, as postcard writes it.
pub fn encode(id: u32, body: &impl Serialize) -> Vec<u8> {
    let mut bytes = [PROTOCOL.to_le_bytes(), id.to_le_bytes()].concat();
    match postcard::to_allocvec(body) {
        Ok(body) => bytes.extend(body),
        // Only a sequence that does not know its own length could get here, and there is none; the
        // other side says that it can't read it.
        Err(_) => bytes.truncate(8),
    }
    bytes
}

/// Why a message can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misread {
    /// The sender speaks another [`PROTOCOL`].
    OtherVersion,
    /// The body does not decode.
    Body(postcard::Error),
}

impl fmt::Display for Misread {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Misread::OtherVersion => formatter
                .write_str("the page and its worker are different versions: reload the page"),
            Misread::Body(error) => write!(formatter, "unreadable message: {error}"),
        }
    }
}

/// The number and the body of a message.
///
/// # Errors
///
/// The number of the message and why it can't be read.
pub fn decode<'a, B: Deserialize<'a>>(bytes: &'a [u8]) -> Result<(u32, B), (u32, Misread)> {
    let number = |from: usize| {
        bytes
            .get(from..from + 4)
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, u32::from_le_bytes)
    };
    let id = number(4);
    if number(0) != PROTOCOL {
        return Err((id, Misread::OtherVersion));
    }
    match postcard::from_bytes(bytes.get(8..).unwrap_or_default()) {
        Ok(body) => Ok((id, body)),
        Err(error) => Err((id, Misread::Body(error))),
    }
}

/// What the page asks, by feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Of the console.
    Console(ConsoleRequest),
    /// Of the models.
    Models(ModelsRequest),
    /// Of a revision on copies.
    Review(ReviewRequest),
    /// Of files.
    Files(FilesRequest),
    /// Of databases.
    Database(DatabaseRequest),
    /// Of the history.
    Time(TimeRequest),
    /// Of workspaces.
    Keep(KeepRequest),
    /// Of the workspace as something to give away.
    Share(ShareRequest),
    /// Of runs and states to watch and compare.
    Watch(WatchRequest),
    /// Of lessons.
    Lessons(LessonsRequest),
    /// Of two states of the project.
    Compare(CompareRequest),
    /// The view.
    View,
    /// To tell the worker of this lane what there is: an answer does not come.
    Tell {
        /// Which worker for trials.
        lane: Lane,
        /// Number of the trial that waits for it.
        trial: u32,
    },
}

/// Which of the workers for trials: one that is quick is not kept waiting by one that takes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lane {
    /// What is asked at every pause in typing.
    Models,
    /// What runs revisions.
    Revisions,
}

impl Request {
    /// Where it runs if it is a trial: it works on copies, may be given up at any time, and is asked in
    /// workers of its own, so that no command waits for it.
    pub fn trial(&self) -> Option<Lane> {
        match self {
            Request::Models(_) => Some(Lane::Models),
            // They want the history, which only the workspace's own worker has.
            Request::Review(ReviewRequest::WhenApplied { .. })
            | Request::Lessons(LessonsRequest::Draft { .. }) => None,
            Request::Review(_)
            | Request::Lessons(_)
            | Request::Compare(_)
            | Request::Watch(WatchRequest::Sql { .. }) => Some(Lane::Revisions),
            _ => None,
        }
    }

    /// Whether it can be asked twice: it changes nothing where it fails.
    pub fn only_asks(&self) -> bool {
        self.changes_nothing() || matches!(self, Request::Database(_))
    }

    /// Whether it leaves the workspace as it is.
    pub fn changes_nothing(&self) -> bool {
        matches!(
            self,
            Request::Models(_)
                | Request::Review(_)
                | Request::Files(
                    FilesRequest::Read { .. } | FilesRequest::Search { .. } | FilesRequest::Symbols
                )
                | Request::Database(DatabaseRequest::Rows { .. })
                | Request::Watch(_)
                | Request::Share(_)
                | Request::Lessons(_)
                | Request::Compare(_)
        )
    }
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// The worker listens.
    Ready {
        /// [`VERSION`] of the worker.
        version: String,
        /// Version of its SQLite.
        sqlite: String,
        /// What there is.
        view: Rc<View>,
        /// Whether the workspace is one that was saved.
        restored: bool,
        /// What the console showed.
        console: Vec<Printed>,
        /// Whether the browser keeps it.
        storage: Storage,
    },
    /// Things happened on the way.
    Progress(Vec<Progress>),
    /// The request succeeded.
    Done(Answer),
    /// The request failed.
    Failed(Failure),
    /// The request was given up: its worker is gone.
    Cancelled,
    /// The worker panicked, or ran out of stack or memory; sent by the page to itself.
    Panicked {
        /// What is known of it.
        message: String,
    },
    /// Nobody asked: how saving went.
    Storage(Storage),
    /// Nobody asked: what the open workspace is, where it can't be saved.
    Hold(Box<Held>),
    /// Nobody asked: this page may change the workspace now, which is as another one left it.
    Opened {
        /// What there is, and what the console shows.
        opened: Box<Opened>,
        /// Whether the browser keeps it.
        storage: Storage,
    },
    /// A worker for trials listens.
    Listening,
    /// A worker for trials holds so much memory that it is better ended.
    Full,
    /// Nobody asked: PostgreSQL is being loaded, since the project connects to one.
    Loading(Loading),
    /// Nobody asked: what there is, now that what was loading has come.
    View(Rc<View>),
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Path in the workspace.
    pub path: String,
    /// Line, from one.
    pub line: u32,
    /// Column in characters, from one.
    pub column: u32,
    /// Last line, from one.
    pub end_line: u32,
    /// Column after the last character, from one.
    pub end_column: u32,
}

/// An error for a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Dotted name of the Python class, or empty.
    pub class: String,
    /// The message.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where, innermost place of the person's own files.
    pub place: Option<Place>,
    /// Why, where the class does not tell.
    pub explanation: Option<Box<Explanation>>,
}

/// What a request that succeeded gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// A command ended.
    Ran(Box<Ran>),
    /// What autogenerate would write.
    Pending(Pending),
    /// The review of a revision.
    Review(Box<Review>),
    /// The tables of the models.
    Models(Models),
    /// A file.
    File(Contents),
    /// Where a text was found.
    Found(Found),
    /// Classes and attributes of the models.
    Symbols(Vec<Symbol>),
    /// Rows.
    Rows(Rows),
    /// The results of SQL, and what there is now.
    Queried {
        /// One for each statement that gives rows.
        results: Vec<Rows>,
        /// The current view.
        view: Rc<View>,
    },
    /// The current view.
    View(Rc<View>),
    /// Another workspace, or another state of this one.
    Opened(Box<Opened>),
    /// The whole workspace.
    Workspace(Workspace),
    /// What of the project does not run here.
    Probed(Probed),
    /// What an editor may offer.
    Completions(Vec<Completion>),
    /// Something to watch.
    Watch(WatchAnswer),
    /// A lesson.
    Lesson(Box<lessons::Lesson>),
    /// What checks of a step compare with.
    StepStart(String),
    /// Whether a step of one is done.
    Verdict(lessons::Verdict),
    /// What is wrong with a lesson that was played; nothing where it is in order.
    Played(Vec<String>),
    /// Two states of the project.
    States(Box<States>),
}
