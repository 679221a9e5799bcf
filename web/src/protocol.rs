//! What the page and the worker say to each other. These are wire types, not the engine's own.
//!
//! The worker says [`Reply::Ready`] first. Each request ends in exactly one [`Reply::Done`],
//! [`Reply::Failed`] or [`Reply::Cancelled`], with any number of [`Reply::Progress`] between.

use std::rc::Rc;

use base64::Engine as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::text;

mod graph;
mod review;
mod share;
mod watch;
mod workspaces;

pub use graph::{GraphRequest, Models, Same};
pub use review::{
    ColumnCells, Differs, Evidence, Finding, Fix, Ground, ItemDifference, Review, RoundTrip,
    RowChange, RowDifference, Severity, TableDifference, Verdict,
};
pub use watch::{
    CopyOf, DatabaseDifference, Difference, Direction, Recording, SqlText, Step, StepStatement,
    Steps, WatchAnswer, WatchRequest,
};
pub use workspaces::{Held, HistoryEntry, Made, Opened, Printed, Source, WorkspaceEntry};

pub use share::{Probed, ShareRequest};

/// Number of this protocol; a page and a worker of different numbers don't talk.
pub const PROTOCOL: u32 = 6;

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

/// The number and the body of a message.
///
/// # Errors
///
/// With its number, where the sender speaks another protocol or the body is none.
pub fn decode<'a, B: Deserialize<'a>>(bytes: &'a [u8]) -> Result<(u32, B), (u32, String)> {
    let number = |from: usize| {
        bytes
            .get(from..from + 4)
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, u32::from_le_bytes)
    };
    let id = number(4);
    if number(0) != PROTOCOL {
        return Err((id, text::worker::VERSION.to_owned()));
    }
    match postcard::from_bytes(bytes.get(8..).unwrap_or_default()) {
        Ok(body) => Ok((id, body)),
        Err(error) => Err((id, text::worker::no_sense(&error.to_string()))),
    }
}

// What is seldom answered is read by a function of its own: the page loads that one when it is wanted.
#[inline(never)]
fn apart<'a, T: Deserialize<'a>, D: Deserializer<'a>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(deserializer)
}

/// What the page asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Runs a command line of the console.
    Run {
        /// The line as it was typed.
        line: String,
    },
    /// Asks what autogenerate would write now, on copies of files and databases.
    Pending,
    /// Reviews a revision on copies: findings, and there and back.
    Review {
        /// Its id.
        revision: String,
    },
    /// What the revision graph and the diagram ask for.
    Graph(GraphRequest),
    /// Reads a file.
    Read {
        /// Its path.
        path: String,
    },
    /// Makes or replaces a file, with the folders above it.
    Write {
        /// Its path.
        path: String,
        /// What it holds.
        contents: Contents,
    },
    /// Removes a file, or a folder with all that is in it.
    Remove {
        /// Its path.
        path: String,
    },
    /// Gives a file another path.
    Rename {
        /// Where it is.
        from: String,
        /// Where it will be.
        to: String,
    },
    /// Runs SQL that is no command of the console: the caller's own, unrecorded.
    Query {
        /// One or more statements.
        sql: String,
        /// Path of the database; the chosen one if not given.
        database: Option<String>,
    },
    /// A page of a table's rows.
    Rows {
        /// Path of the database.
        database: String,
        /// The table.
        table: String,
        /// How many rows to leave out first.
        offset: u32,
        /// How many at most.
        limit: u32,
    },
    /// Goes to a state of the history, back or forward.
    Travel {
        /// Its number.
        to: u32,
    },
    /// Forgets the states that are not on the way from the start to the newest of the branch that is
    /// shown.
    ClearBranches,
    /// Takes back what a command did, and keeps what was typed since.
    Undo {
        /// Number of the history's entry.
        entry: u32,
    },
    /// Brings the open workspace back to its start, as a new state: travelling undoes it.
    Reset,
    /// Opens a new workspace and leaves the one before as it is.
    NewWorkspace {
        /// Its name; empty for one that fits.
        name: String,
        /// What it begins as.
        from: Source,
    },
    /// Opens another workspace.
    OpenWorkspace {
        /// Its id.
        id: String,
    },
    /// Gives a workspace another name.
    RenameWorkspace {
        /// Its id.
        id: String,
        /// The name.
        name: String,
    },
    /// Removes a workspace; where it is the open one, another is opened.
    RemoveWorkspace {
        /// Its id.
        id: String,
    },
    /// Brings back a workspace that was removed, and opens it.
    RestoreWorkspace {
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
    /// Asks for the whole workspace.
    Export,
    /// Asks for what goes out, or over what came in.
    Share(ShareRequest),
    /// Asks for the view.
    View,
    /// Asks what an editor may offer in Python.
    Completions,
    /// Asks for something to watch.
    Watch(WatchRequest),
}

impl Request {
    /// Whether nobody waits for it: the page asks it by itself, on copies, and may ask it again.
    pub fn is_background(&self) -> bool {
        matches!(
            self,
            Request::Pending | Request::Review { .. } | Request::Graph(_)
        )
    }

    /// Whether a person waits for it now.
    pub fn is_urgent(&self) -> bool {
        matches!(
            self,
            Request::Run { .. }
                | Request::Query { .. }
                | Request::Travel { .. }
                | Request::Undo { .. }
                | Request::Reset
                | Request::NewWorkspace { .. }
                | Request::OpenWorkspace { .. }
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
    /// Something happened on the way.
    Progress(Progress),
    /// The request succeeded.
    Done(Answer),
    /// The request failed.
    Failed(Failure),
    /// The request was given up: its worker is gone.
    Cancelled,
    /// The request was in the background and a person's could not wait; sent by the page to itself.
    Overtaken,
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
        #[serde(deserialize_with = "apart")]
        opened: Box<Opened>,
        /// Whether the browser keeps it.
        storage: Storage,
    },
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

/// What happens while a command runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
}

/// An event of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// What it says.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where, innermost place of the person's own files.
    pub place: Option<Place>,
}

/// What a request that succeeded gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// A command ended.
    Ran(Box<Ran>),
    /// What autogenerate would write.
    Pending(Pending),
    /// What was found on a revision.
    #[serde(deserialize_with = "apart")]
    Review(Box<Review>),
    /// The tables of the models.
    #[serde(deserialize_with = "apart")]
    Models(Models),
    /// A file.
    #[serde(deserialize_with = "apart")]
    File(Contents),
    /// Rows.
    #[serde(deserialize_with = "apart")]
    Rows(Rows),
    /// The results of SQL, and what there is now.
    Queried {
        /// One for each statement that gives rows.
        #[serde(deserialize_with = "apart")]
        results: Vec<Rows>,
        /// What there is now.
        view: Rc<View>,
    },
    /// What there is now.
    View(Rc<View>),
    /// Another workspace, or another state of this one.
    #[serde(deserialize_with = "apart")]
    Opened(Box<Opened>),
    /// The whole workspace.
    #[serde(deserialize_with = "apart")]
    Workspace(Workspace),
    /// What of the project does not run here.
    #[serde(deserialize_with = "apart")]
    Probed(Probed),
    /// What an editor may offer.
    #[serde(deserialize_with = "apart")]
    Completions(Vec<Completion>),
    /// Something to watch.
    #[serde(deserialize_with = "apart")]
    Watch(WatchAnswer),
}

/// A name that an editor may offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// What it is an attribute of: `op`, `batch_op`, or the name of a module.
    pub of: String,
    /// The name.
    pub name: String,
    /// Its parameters, where they are known.
    pub parameters: Vec<String>,
}

/// A command that ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// What there is now.
    pub view: Rc<View>,
    /// A revision file that it wrote, for the page to open.
    pub written: Vec<String>,
    /// Files that it opens in the page's editor.
    pub opened: Vec<String>,
    /// Whether the page should clear the console.
    pub clear: bool,
    /// The error it ended with, with its place.
    pub failure: Option<Failure>,
    /// For a failed command: the statements that stayed.
    pub stayed: Option<Stayed>,
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

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Contents {
    /// Text.
    Text(String),
    /// Bytes, in base64.
    Binary(String),
}

/// Contents as they go over the wire.
pub fn to_wire(contents: &[u8]) -> Contents {
    match std::str::from_utf8(contents) {
        Ok(text) if !text.contains('\0') => Contents::Text(text.to_owned()),
        _ => Contents::Binary(base64::engine::general_purpose::STANDARD.encode(contents)),
    }
}

/// Contents as they came over the wire.
///
/// # Errors
///
/// Where the base64 is none.
pub fn from_wire(contents: &Contents) -> Result<Vec<u8>, String> {
    match contents {
        Contents::Text(text) => Ok(text.clone().into_bytes()),
        Contents::Binary(text) => base64::engine::general_purpose::STANDARD
            .decode(text)
            .map_err(|error| format!("not base64: {error}")),
    }
}

/// A whole workspace as `export()` gives it and `load()` takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// Files by path, relative to the project's folder.
    pub files: std::collections::BTreeMap<String, Contents>,
    /// Folders that no file is in.
    #[serde(default)]
    pub folders: Vec<String>,
    /// The current folder, relative likewise.
    #[serde(default)]
    pub directory: String,
    /// Environment variables that `export` set.
    #[serde(default)]
    pub environment: std::collections::BTreeMap<String, String>,
}

/// What there is: all that the page draws but for texts and rows.
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

/// What kind of file one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    /// Text.
    Text,
    /// A SQLite database.
    Database,
    /// Other bytes.
    Binary,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path relative to the project.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Short hash of the contents.
    pub hash: String,
    /// What kind.
    pub kind: FileKind,
}

/// The revisions of the project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Migrations {
    /// Newest first, each before what it came from.
    pub revisions: Vec<Revision>,
    /// Heads.
    pub heads: Vec<String>,
    /// What the database says it is at.
    pub current: Vec<String>,
    /// How many revisions an upgrade to all heads would run.
    pub ahead: usize,
    /// Where a downgrade by one would land: an id, or `base`; nothing if it can't.
    pub back: Option<String>,
    /// Path of the database that `sqlalchemy.url` names.
    pub database: Option<String>,
    /// Why there are none to show.
    pub failure: Option<Failure>,
    /// Folder of the scripts (`script_location`), relative to the project.
    pub location: Option<String>,
}

/// A revision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Its id.
    pub id: String,
    /// First line of its message.
    pub message: String,
    /// Path of its file.
    pub path: String,
    /// What it came from.
    pub down: Vec<String>,
    /// What it depends on.
    pub depends_on: Vec<String>,
    /// Its branch labels.
    pub labels: Vec<String>,
    /// Whether nothing comes after it.
    pub head: bool,
    /// Whether the database is there.
    pub current: bool,
    /// Whether the database has it: it is current or came before a current one.
    pub applied: bool,
    /// `Create Date` of its docstring.
    pub date: String,
}

/// A database file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Database {
    /// Path relative to the project.
    pub path: String,
    /// Its tables, sorted by name.
    pub tables: Vec<Table>,
    /// Why it could not be read.
    pub failure: Option<Failure>,
}

/// A table or view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Whether it is a view.
    pub view: bool,
    /// Its text in `sqlite_master`.
    pub sql: String,
    /// How many rows.
    pub rows: u64,
    /// Whether its rows have a `rowid` to edit them by.
    pub rowid: bool,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its indexes, unique constraints among them.
    pub indexes: Vec<Index>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its declared type.
    pub kind: String,
    /// Whether it is NOT NULL.
    pub not_null: bool,
    /// Its DEFAULT.
    pub default: Option<String>,
    /// Its place in the primary key, from one; 0 if it is not in it.
    pub primary_key: u32,
}

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name; empty for the automatic ones.
    pub name: String,
    /// Whether it is unique.
    pub unique: bool,
    /// Its columns; an expression stands as `(…)`.
    pub columns: Vec<String>,
    /// Where it is from: `c` CREATE INDEX, `u` UNIQUE, `pk` PRIMARY KEY.
    pub origin: String,
}

/// A foreign key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Its columns.
    pub columns: Vec<String>,
    /// The table it points to.
    pub table: String,
    /// The columns it points to.
    pub referred: Vec<String>,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    /// NULL.
    Null,
    /// INTEGER.
    Integer(i64),
    /// REAL.
    Real(f64),
    /// TEXT.
    Text(String),
    /// BLOB, in base64.
    Blob(String),
}

/// Rows of a table or of a query.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// `rowid` of each row, where the table has it.
    pub rowids: Vec<i64>,
    /// How many there are in all.
    pub total: u64,
    /// How many rows the statement changed.
    pub changed: i64,
}

/// How something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Altered,
}

/// What the last command changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The command, for the words above it.
    pub command: String,
    /// In the databases.
    pub tables: Vec<TableChange>,
    /// Files that were added, removed or altered.
    pub files: Vec<(String, Change)>,
}

/// What changed in one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableChange {
    /// Path of the database.
    pub database: String,
    /// Its name.
    pub table: String,
    /// How the table itself changed; nothing if only its rows did.
    pub change: Option<Change>,
    /// Columns, by name; the text says what they were.
    pub columns: Vec<(String, Change, String)>,
    /// Indexes, by name.
    pub indexes: Vec<(String, Change)>,
    /// Foreign keys, as text.
    pub foreign_keys: Vec<(String, Change)>,
    /// Rows that are new or altered, by `rowid`.
    pub rows: Vec<(i64, Change)>,
    /// How many rows were added.
    pub added: u64,
    /// How many rows were removed.
    pub removed: u64,
    /// How many rows were altered.
    pub altered: u64,
    /// The table as it was, where it is gone.
    pub was: Option<Table>,
}

/// What autogenerate would write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The operations, in the order of the script.
    pub operations: Vec<PendingOperation>,
    /// What is wrong, with its place.
    pub diagnostics: Vec<Diagnostic>,
    /// Why there is nothing to compare, such as a database that is behind.
    pub failure: Option<Failure>,
    /// Whether the database must be upgraded first.
    pub behind: bool,
    /// How long it took.
    pub microseconds: u64,
}

/// One operation that autogenerate would write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingOperation {
    /// Its name, such as `add_column`.
    pub name: String,
    /// What it does, for a person: `Detected added column 'user.email'`.
    pub text: String,
    /// The line of the script.
    pub code: String,
    /// What kind of change it is.
    pub change: Option<Change>,
    /// What it changes: `user.email`.
    pub target: String,
}

/// Something to underline in an editor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Where.
    pub place: Place,
    /// Whether it is an error; else a warning.
    pub error: bool,
    /// What it says.
    pub message: String,
}
