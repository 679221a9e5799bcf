//! Between the engine and the wire: errors, places and events, and running Alembic.

use std::rc::Rc;

use limbeck::ground::diagnostic::{Error, Location};
use limbeck::ground::event::{self, Observer};
use limbeck::ground::exception;
use limbeck::ground::host::Host as _;
use limbeck::ground::run::Run;
use limbeck::{cli, command};
use protocol::{Event, Failure, Place};

use crate::explain::refusal;
use crate::workspace::{WorkspaceHost, relative};

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
        // A refusal of Alembic itself has no place in a file.
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
    // As a traceback's last line; a CommandError is shown without its class.
    let message = if error.message.is_empty() {
        class.to_owned()
    } else if class == "CommandError" || exception::is_own(&error.class) {
        error.message.clone()
    } else {
        format!("{class}: {}", error.message)
    };
    Failure {
        class: error.class.to_string(),
        message,
        hint,
        place,
        explanation: error.reason.as_ref().map(refusal).map(Box::new),
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
        .flat_map(protocol::console::places::links)
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
            ..
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
    command::run(&Run::observed(host.clone(), observer), arguments)
}

/// Runs `limbeck ARGUMENTS`, whose first word is one of Limbeck's own commands.
pub fn limbeck(host: &Rc<WorkspaceHost>, observer: Rc<dyn Observer>, arguments: &[String]) -> i32 {
    cli::run(&Run::observed(host.clone(), observer), arguments)
}
