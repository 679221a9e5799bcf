//! What a check looks at: the project and its databases as they are, the commands of the step, and
//! what there was at the step's start.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::command::{self, PendingState, ProjectRevision, ProjectState};
use crate::review::{self, TableSchema};
use driver::Value;
use ground::diagnostic::{Error, Result};
use ground::host::Host;
use ground::run::Run;
use sqlalchemy::engine::{Connection, make_url};
use sqlalchemy::inspector::Inspector;

/// A command that was run, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandOutcome {
    /// The line as it was typed.
    pub line: String,
    /// Its exit status.
    pub status: i32,
    /// What it printed, both streams, in the order in which it came.
    pub output: String,
}

/// The state of a workspace, as a check sees it. Each part is found out when it is first asked for.
/// Checks run env.py and may run revisions, so give it a copy of the workspace.
pub struct State<'a> {
    run: Run,
    outcomes: &'a [CommandOutcome],
    start: &'a StepStart,
    project: OnceCell<ProjectState>,
    pending: OnceCell<PendingState>,
    /// Connections by URL; the project's own by an empty one.
    databases: RefCell<BTreeMap<String, std::result::Result<Connection, String>>>,
}

impl<'a> State<'a> {
    /// The state of a host whose current folder is the lesson's, the commands that were run since
    /// the step began, and what there was then.
    pub fn new(run: &Run, outcomes: &'a [CommandOutcome], start: &'a StepStart) -> State<'a> {
        State {
            run: run.clone(),
            outcomes,
            start,
            project: OnceCell::new(),
            pending: OnceCell::new(),
            databases: RefCell::default(),
        }
    }

    pub(super) fn run(&self) -> &Run {
        &self.run
    }

    pub(super) fn outcomes(&self) -> &'a [CommandOutcome] {
        self.outcomes
    }

    pub(super) fn start(&self) -> &'a StepStart {
        self.start
    }

    pub(super) fn project(&self) -> &ProjectState {
        self.project.get_or_init(|| command::describe(&self.run))
    }

    /// The first error that keeps the project from being read.
    pub(super) fn project_error(&self) -> Option<String> {
        self.project().errors.first().map(shown)
    }

    pub(super) fn pending(&self) -> &PendingState {
        self.pending.get_or_init(|| command::pending(&self.run))
    }

    /// The revisions whose ids were not there at the step's start.
    pub(super) fn new_revisions(&self) -> Vec<&ProjectRevision> {
        let known = &self.start.revisions;
        let revisions = self.project().revisions.iter();
        revisions
            .filter(|revision| !known.contains(&revision.revision))
            .collect()
    }

    /// What the version table holds; an error where the database can't be asked.
    pub(super) fn current(&self) -> std::result::Result<Vec<String>, String> {
        match self.project().databases.first() {
            Some(database) => Ok(database.current.clone()),
            None => Err(self
                .project_error()
                .unwrap_or_else(|| "env.py connects to no database.".to_owned())),
        }
    }

    /// A database: the one of a URL, or the one that env.py connects to, or else that of alembic.ini.
    pub(super) fn database(&self, url: Option<&str>) -> std::result::Result<Connection, String> {
        let key = url.unwrap_or_default();
        if let Some(known) = self.databases.borrow().get(key) {
            return known.clone();
        }
        let found = self.connect(url).map_err(|error| shown(&error));
        let mut known = self.databases.borrow_mut();
        known.insert(key.to_owned(), found.clone());
        found
    }

    fn connect(&self, url: Option<&str>) -> Result<Connection> {
        let project_url = || {
            let project = self.project();
            let url = match project.databases.first() {
                Some(database) => Some(&database.url),
                None => project.database_url.as_ref(),
            };
            url.cloned().ok_or_else(|| {
                let first = project.errors.first().cloned();
                first.unwrap_or_else(|| Error::command("The project names no database."))
            })
        };
        let url = match url {
            Some(url) => url.to_owned(),
            None => project_url()?,
        };
        super::connect(&self.run, &make_url(&url)?)
    }

    pub(super) fn inspector(&self, url: Option<&str>) -> std::result::Result<Inspector, String> {
        Inspector::new(&self.database(url)?).map_err(|error| shown(&error))
    }

    /// The rows of a query.
    pub(super) fn query(
        &self,
        url: Option<&str>,
        sql: &str,
    ) -> std::result::Result<Vec<Vec<Value>>, String> {
        rows(&self.database(url)?, sql).map_err(|error| shown(&error))
    }

    /// The text of a file.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        String::from_utf8(self.run.host.read(path).ok()?).ok()
    }
}

impl Drop for State<'_> {
    fn drop(&mut self) {
        for connection in self.databases.take().into_values().flatten() {
            connection.engine().dispose();
        }
        // What was written meanwhile is the copy's, which goes as well.
        let _ = driver::finish(&self.run.host);
    }
}

fn rows(connection: &Connection, sql: &str) -> Result<Vec<Vec<Value>>> {
    Ok(connection.dbapi()?.execute_text(sql)?.rows)
}

/// The first line of an error.
pub(super) fn shown(error: &Error) -> String {
    let first = error.message.lines().next().unwrap_or_default();
    if first.is_empty() {
        error.class.to_string()
    } else {
        first.to_owned()
    }
}

/// What there was at the start of a step, as far as checks compare with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepStart {
    /// The ids of the revisions.
    pub revisions: Vec<String>,
    /// The files by path, each with a hash of its contents.
    pub files: BTreeMap<String, String>,
    /// The tables by name, each with a hash of its schema and one of its rows.
    pub tables: BTreeMap<String, (String, String)>,
}

/// Files deeper than that are no part of a lesson.
const DEPTH: usize = 8;

impl StepStart {
    /// What there is now. It runs env.py, so give it a copy of the workspace.
    pub fn of(run: &Run) -> StepStart {
        let nothing = StepStart::default();
        let state = State::new(run, &[], &nothing);
        let revisions = state.project().revisions.iter();
        let revisions = revisions
            .map(|revision| revision.revision.clone())
            .collect();
        let mut files = BTreeMap::new();
        add_files(&*run.host, "", DEPTH, &mut files);
        let mut tables = BTreeMap::new();
        if let Ok(connection) = state.database(None) {
            for table in review::read_tables(&connection).unwrap_or_default() {
                let rows = rows_hash(&connection, &table);
                tables.insert(table.name.clone(), (schema_hash(&table), rows));
            }
        }
        StepStart {
            revisions,
            files,
            tables,
        }
    }

    /// It as a text to keep.
    pub fn to_json(&self) -> String {
        json!({"revisions": self.revisions, "files": self.files, "tables": self.tables}).to_string()
    }

    /// What [`to_json`](Self::to_json) wrote; `None` for any other text.
    pub fn from_json(text: &str) -> Option<StepStart> {
        let value: serde_json::Value = serde_json::from_str(text).ok()?;
        let word = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let revisions = value["revisions"].as_array()?.iter().map(word);
        let files = value["files"].as_object()?.iter();
        let tables = value["tables"].as_object()?.iter();
        Some(StepStart {
            revisions: revisions.collect::<Option<_>>()?,
            files: files
                .map(|(path, hash)| Some((path.clone(), word(hash)?)))
                .collect::<Option<_>>()?,
            tables: tables
                .map(|(name, pair)| Some((name.clone(), (word(&pair[0])?, word(&pair[1])?))))
                .collect::<Option<_>>()?,
        })
    }
}

fn add_files(host: &dyn Host, folder: &str, depth: usize, files: &mut BTreeMap<String, String>) {
    let names = host.list(if folder.is_empty() { "." } else { folder });
    for name in names.unwrap_or_default() {
        let path = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        if host.is_directory(&path) {
            if depth > 0 && name != "__pycache__" {
                add_files(host, &path, depth - 1, files);
            }
        } else if let Ok(contents) = host.read(&path) {
            files.insert(path, hash(&contents));
        }
    }
}

pub(super) fn hash(contents: &[u8]) -> String {
    let sum = Sha256::digest(contents);
    sum[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn schema_hash(table: &TableSchema) -> String {
    hash(format!("{:?}", table.items).as_bytes())
}

/// A hash of a table's rows, whatever their order.
pub(super) fn rows_hash(connection: &Connection, table: &TableSchema) -> String {
    let name = connection.engine().dialect().quote_identifier(&table.name);
    let found = rows(connection, &format!("SELECT * FROM {name}")).unwrap_or_default();
    let mut texts: Vec<String> = found.iter().map(|row| row_text(row)).collect();
    ground::order::InOrder::in_order(texts.as_mut_slice());
    hash(texts.join("\n").as_bytes())
}

/// A value as checks write it: NULL, or its text.
pub(super) fn value_text(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Boolean(is) => is.to_string(),
        other => other.python_str(),
    }
}

/// A row as `sqlite3` prints it.
pub(super) fn row_text(row: &[Value]) -> String {
    let cells: Vec<String> = row.iter().map(value_text).collect();
    cells.join("|")
}
