//! The one place where the page meets the engine: what it asks and how the answers go over the wire.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use limbeck::command::{self, ProjectState, RevisionState};
use limbeck::driver::Parameters;
use limbeck::ground::diagnostic::{Error, Location};
use limbeck::ground::event::{self, Observer};
use limbeck::ground::host::Host as _;
use limbeck::ground::run::Run;

use crate::protocol::{
    Change, Completion, Diagnostic, Event, Failure, Migrations, Pending, PendingOperation, Place,
    Revision,
};
use crate::workspace::{WorkspaceHost, relative};

/// Version of the engine's SQLite.
pub fn sqlite_version() -> String {
    limbeck::driver::sqlite_version().to_owned()
}

/// A place over the wire.
pub fn place(location: &Location, host: &WorkspaceHost) -> Place {
    Place {
        path: relative(&host.path(&location.path)),
        line: location.line,
        column: location.column,
        end_line: location.end_line,
        end_column: location.end_column,
    }
}

/// An error over the wire; its place is the innermost one in a file of the project.
pub fn failure(error: &Error, host: &WorkspaceHost) -> Failure {
    let class = error.class_name();
    let frame = || {
        error
            .traceback
            .iter()
            .rev()
            .find(|frame| host.is_file(&frame.location.path))
            .map(|frame| place(&frame.location, host))
    };
    let mut hint = error.hint.clone();
    let place = match class {
        "SyntaxError" | "IndentationError" | "TabError" => unread(error, host).or_else(frame),
        // What Alembic itself says no to is no line's fault.
        "CommandError" => None,
        "NoSuchModuleError" => {
            let line = url_line(host);
            if line.is_some() {
                hint =
                    Some("Write which database to use: sqlalchemy.url = sqlite:///app.db".into());
            }
            line.or_else(frame)
        }
        _ => frame(),
    };
    // What a traceback's last line says; a CommandError's message stands for itself.
    let message = if error.message.is_empty() {
        class.to_owned()
    } else if class == "CommandError" || error.class.starts_with("limbeck.") {
        error.message.clone()
    } else {
        format!("{class}: {}", error.message)
    };
    Failure {
        class: error.class.to_string(),
        message,
        hint,
        place,
    }
}

/// The line of alembic.ini that still has the URL that `alembic init` writes.
fn url_line(host: &WorkspaceHost) -> Option<Place> {
    let contents = host.read("alembic.ini").ok()?;
    let text = String::from_utf8_lossy(&contents);
    let line = text
        .lines()
        .position(|line| line.starts_with("sqlalchemy.url") && line.contains("driver://"))?
        as u32
        + 1;
    Some(Place {
        path: relative(&host.path("alembic.ini")),
        line,
        column: 1,
        end_line: line,
        end_column: u32::MAX,
    })
}

/// The line that could not be read: a syntax error names it after its frames.
fn unread(error: &Error, host: &WorkspaceHost) -> Option<Place> {
    let link = limbeck::python::format_traceback(error)
        .lines()
        .flat_map(crate::console::places::links)
        .rfind(|link| host.is_file(&link.path))?;
    Some(Place {
        path: relative(&host.path(&link.path)),
        line: link.line,
        column: 1,
        end_line: link.line,
        // The editor cuts it at the line's end.
        end_column: u32::MAX,
    })
}

/// An event over the wire.
pub fn event(event: event::Event, host: &WorkspaceHost) -> Event {
    match event {
        event::Event::RevisionStarted {
            revision,
            direction,
            message,
        } => Event::RevisionStarted {
            revision,
            direction: direction.to_owned(),
            message,
        },
        event::Event::RevisionFinished { revision } => Event::RevisionFinished { revision },
        event::Event::Operation { name, location, .. } => Event::Operation {
            name,
            place: location.as_ref().map(|location| place(location, host)),
        },
        event::Event::Statement {
            sql,
            parameters,
            rows,
            microseconds,
            database,
        } => Event::Statement {
            sql,
            parameters,
            rows,
            microseconds,
            database: database.as_deref().map(relative),
        },
        event::Event::Transaction { action } => Event::Transaction {
            action: action.to_owned(),
        },
        event::Event::Failed { error } => Event::Failed {
            error: failure(&error, host),
        },
    }
}

/// What an editor may offer in Python.
pub fn completions(host: &Rc<WorkspaceHost>) -> Vec<Completion> {
    command::completions(&Run::new(host.clone()))
        .unwrap_or_default()
        .into_iter()
        .map(|one| Completion {
            of: one.of,
            name: one.name,
            parameters: one.parameters,
        })
        .collect()
}

/// Runs `alembic ARGUMENTS`.
pub fn alembic(host: &Rc<WorkspaceHost>, observer: Rc<dyn Observer>, arguments: &[String]) -> i32 {
    command::run(&Run::observed(host.clone(), observer), arguments)
}

/// What autogenerate would write; the host is a copy that may be changed.
pub fn pending(host: &Rc<WorkspaceHost>, observer: Rc<dyn Observer>) -> Pending {
    let state = command::pending(&Run::observed(host.clone(), observer));
    let mut pending = Pending {
        operations: state
            .operations
            .into_iter()
            .map(|operation| PendingOperation {
                change: change_of(operation.name),
                text: if operation.detail.is_empty() {
                    format!("{} {}", operation.name.replace('_', " "), operation.target)
                } else {
                    operation.detail
                },
                name: operation.name.to_owned(),
                code: operation.code,
                target: operation.target,
            })
            .collect(),
        behind: state
            .refusal
            .as_deref()
            .is_some_and(|message| message.contains("not up to date")),
        ..Pending::default()
    };
    if let Some(error) = &state.error {
        let mut failure = failure(error, host);
        // That the database is behind is no line's fault.
        if failure.place.is_none() && !pending.behind {
            failure.place = state
                .location
                .as_ref()
                .map(|location| place(location, host));
        }
        if !pending.behind
            && let Some(place) = &failure.place
        {
            pending.diagnostics.push(Diagnostic {
                place: place.clone(),
                error: true,
                message: match &failure.hint {
                    Some(hint) => format!("{}\n{hint}", failure.message),
                    None => failure.message.clone(),
                },
            });
        }
        pending.failure = Some(failure);
    }
    pending
}

fn change_of(operation: &str) -> Option<Change> {
    match operation.split('_').next() {
        Some("create" | "add" | "bulk") => Some(Change::Added),
        Some("drop") => Some(Change::Removed),
        Some("alter" | "rename" | "modify") => Some(Change::Altered),
        _ => None,
    }
}

/// The revisions of the project in the current folder; the host is a copy that may be changed.
pub fn migrations(host: &Rc<WorkspaceHost>) -> Migrations {
    let run = Run::new(host.clone());
    let state = command::describe(&run);
    let database = database_of(&state, host);
    let current: Vec<String> = match state.databases.first() {
        Some(database) => database.current.clone(),
        // env.py could not be run: the database itself still knows where it is.
        None => database
            .as_deref()
            .map(|path| version_rows(&run, path))
            .unwrap_or_default(),
    };
    let applied = ancestors(&state, &current);
    let revisions: Vec<Revision> = state
        .revisions
        .iter()
        .map(|revision| Revision {
            id: revision.revision.clone(),
            message: revision.doc.lines().next().unwrap_or_default().to_owned(),
            path: relative(&host.path(&revision.path)),
            down: revision.down_revision.clone(),
            depends_on: revision.depends_on.clone(),
            labels: revision.branch_labels.clone(),
            head: revision.is_head,
            current: current.contains(&revision.revision),
            applied: applied.contains(revision.revision.as_str()),
            date: create_date(host, &revision.path),
        })
        .collect();
    let back = match current.as_slice() {
        [only] => revisions
            .iter()
            .find(|revision| revision.id == *only)
            .and_then(|revision| match revision.down.as_slice() {
                [] => Some("base".to_owned()),
                [down] => Some(down.clone()),
                _ => None,
            }),
        _ => None,
    };
    Migrations {
        ahead: revisions.iter().filter(|one| !one.applied).count(),
        heads: state.heads.clone(),
        back,
        database: database.map(|path| relative(&path)),
        failure: if revisions.is_empty() {
            state.errors.first().map(|error| failure(error, host))
        } else {
            None
        },
        location: state
            .script_location
            .as_ref()
            .map(|location| relative(&host.path(location))),
        revisions,
        current,
    }
}

fn create_date(host: &WorkspaceHost, path: &str) -> String {
    host.read(path)
        .ok()
        .and_then(|contents| {
            String::from_utf8_lossy(&contents)
                .lines()
                .take(20)
                .find_map(|line| line.strip_prefix("Create Date: ").map(str::to_owned))
        })
        .unwrap_or_default()
}

fn ancestors(state: &ProjectState, current: &[String]) -> BTreeSet<String> {
    let known: BTreeMap<&str, &RevisionState> = state
        .revisions
        .iter()
        .map(|one| (one.revision.as_str(), one))
        .collect();
    let mut found = BTreeSet::new();
    let mut open: Vec<String> = current.to_vec();
    while let Some(id) = open.pop() {
        if let Some(revision) = known.get(id.as_str())
            && found.insert(id)
        {
            open.extend(revision.down_revision.iter().cloned());
            open.extend(revision.depends_on.iter().cloned());
        }
    }
    found
}

/// The file of a URL such as `sqlite:///app.db`.
fn database_of(state: &ProjectState, host: &WorkspaceHost) -> Option<String> {
    let url = state
        .databases
        .first()
        .map(|database| database.url.as_str())
        .or(state.database_url.as_deref())?;
    let rest = url.strip_prefix("sqlite")?;
    let (_, path) = rest.split_once(":///")?;
    let path = path.split('?').next().unwrap_or(path);
    (!path.is_empty() && path != ":memory:").then(|| host.path(path))
}

fn version_rows(run: &Run, path: &str) -> Vec<String> {
    if !run.host.is_file(path) {
        return Vec::new();
    }
    crate::database::open(run, path)
        .and_then(|connection| {
            connection.execute("SELECT version_num FROM alembic_version", &Parameters::NONE)
        })
        .map(|cursor| {
            cursor
                .rows
                .iter()
                .filter_map(|row| row.first()?.as_str().map(str::to_owned))
                .collect()
        })
        .unwrap_or_default()
}
