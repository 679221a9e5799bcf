//! The one place where the page meets the engine: what it asks and how the answers go over the wire.

use std::rc::Rc;

use limbeck::diagnostic::{Error, Location};
use limbeck::event::{self, Observer};
use limbeck::run::Run;

use crate::protocol::{Event, Failure, Migrations, Pending, Place, Revision};
use crate::workspace::{WorkspaceHost, relative};

/// Version of the engine's SQLite.
pub fn sqlite_version() -> String {
    limbeck::driver::sqlite_version().to_owned()
}

/// A place over the wire.
pub fn place(location: &Location) -> Place {
    Place {
        path: relative(&location.path),
        line: location.line,
        column: location.column,
        end_line: location.end_line,
        end_column: location.end_column,
    }
}

/// An error over the wire; its place is the innermost one in a file of the project.
pub fn failure(error: &Error, host: &WorkspaceHost) -> Failure {
    use limbeck::host::Host as _;
    let place = error
        .traceback
        .iter()
        .rev()
        .find(|frame| host.is_file(&frame.location.path))
        .map(|frame| place(&frame.location));
    Failure {
        class: error.class.to_string(),
        message: error.message.clone(),
        hint: error.hint.clone(),
        place,
    }
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
        event::Event::Operation { name, location } => Event::Operation {
            name,
            place: location.as_ref().map(place),
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

/// Runs `alembic ARGUMENTS`.
pub fn alembic(host: &Rc<WorkspaceHost>, observer: Rc<dyn Observer>, arguments: &[String]) -> i32 {
    let run = Run::observed(host.clone(), observer);
    let _ = arguments;
    run.warn("limbeck: the engine is being joined\n");
    let _ = limbeck::driver::flush(&run.host);
    1
}

/// What autogenerate would write; the host is a copy that may be changed.
pub fn pending(host: &Rc<WorkspaceHost>, observer: Rc<dyn Observer>) -> Pending {
    let _ = (host, observer);
    Pending::default()
}

/// The revisions of the project in the current folder; the host is a copy that may be changed.
pub fn migrations(host: &Rc<WorkspaceHost>) -> Migrations {
    let mut migrations = Migrations::default();
    for (path, contents) in &host.files().files {
        if !path.contains("/versions/") || !path.ends_with(".py") {
            continue;
        }
        let text = String::from_utf8_lossy(contents);
        let value = |name: &str| {
            text.lines()
                .find(|line| {
                    line.strip_prefix(name)
                        .is_some_and(|rest| rest.starts_with([':', ' ', '=']))
                })
                .and_then(|line| line.split_once('='))
                .map(|(_, value)| value.trim().to_owned())
                .unwrap_or_default()
        };
        let ids = |text: String| -> Vec<String> {
            text.split(['\'', '"'])
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect()
        };
        migrations.revisions.push(Revision {
            id: ids(value("revision"))
                .into_iter()
                .next()
                .unwrap_or_default(),
            message: text
                .trim_start_matches('"')
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned(),
            path: relative(path),
            down: ids(value("down_revision")),
            date: text
                .lines()
                .find_map(|line| line.strip_prefix("Create Date: "))
                .unwrap_or_default()
                .to_owned(),
            ..Revision::default()
        });
    }
    migrations.revisions.sort_by(|a, b| b.date.cmp(&a.date));
    migrations
}
