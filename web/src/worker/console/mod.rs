//! The console: runs command lines.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use limbeck::ground::host::{Host as _, Stream};
use protocol::console::places;
use protocol::{
    Answer, Change, ConsoleRequest, Event, Failure, Place, Printed, Progress, Ran, Stayed,
};

use crate::explain::explain_refusal;
use crate::postgresql;
use crate::session::{Listener, RunObserver, Session, failed};
use crate::time::gather;
use crate::workspace::{Files, relative};

pub(crate) mod expansion;
mod file_commands;
pub(crate) mod make;
mod makefile;
mod psql;
pub(crate) mod shell;
mod sqlite;

#[cfg(target_family = "wasm")]
pub(crate) use sqlite::sqlite_version;

pub(crate) use shell::Shell;

/// Output of one command that goes to the page, in bytes; the rest is cut.
const OUTPUT_LIMIT: usize = 4 << 20;

impl Session {
    /// Answers what is asked of the console.
    ///
    /// # Errors
    ///
    /// Where there is nothing to take back.
    pub(crate) fn answer_console(
        &mut self,
        request: ConsoleRequest,
        listener: &Listener,
    ) -> Result<Answer, Failure> {
        match request {
            ConsoleRequest::Run { line } => Ok(Answer::Ran(Box::new(self.run(&line, listener)))),
            ConsoleRequest::Undo { entry } => self.undo(entry),
        }
    }

    /// Runs a line of the console.
    pub fn run(&mut self, line: &str, listener: &Listener) -> Ran {
        let outside = self.host.outside.clone();
        let started = (outside.elapsed)();
        let time = self.host.now().microseconds;
        let before = self.moment();
        let output: Rc<RefCell<(String, String)>> = Rc::default();
        let pieces: Rc<RefCell<Vec<(bool, String)>>> = Rc::default();
        {
            let output = output.clone();
            let pieces = pieces.clone();
            let listener = listener.clone();
            *self.host.listener.borrow_mut() = Some(Rc::new(move |stream, text: &str| {
                let mut kept = output.borrow_mut();
                if kept.0.len() + kept.1.len() > OUTPUT_LIMIT {
                    return;
                }
                if stream == Stream::Stderr {
                    kept.1.push_str(text);
                } else {
                    kept.0.push_str(text);
                }
                drop(kept);
                gather(&mut pieces.borrow_mut(), stream == Stream::Stderr, text);
                listener(Some(Progress::Output {
                    error: stream == Stream::Stderr,
                    text: text.to_owned(),
                }));
            }));
        }
        let watch = Rc::new(RunObserver {
            host: self.host.clone(),
            events: RefCell::default(),
            listener: Some(listener.clone()),
            outside: outside.clone(),
            deadline: None,
            recorder: Some(self.recorder()),
            timings: Cell::default(),
        });
        let mut lap = {
            let outside = outside.clone();
            let mut last = started;
            move || {
                let now = (outside.elapsed)();
                now.saturating_sub(std::mem::replace(&mut last, now)) as f64 / 1_000.0
            }
        };
        lap();
        let shell = self.shell.clone();
        let status = self.type_lines(line, &watch);
        self.waits = postgresql::is_waited_for();
        if self.waits {
            // It is as if it had not begun.
            *self.host.listener.borrow_mut() = None;
            *self.host.state.borrow_mut() = before.files;
            *self.host.directory.borrow_mut() = before.directory;
            *self.host.environment.borrow_mut() = before.environment;
            self.host.opened.borrow_mut().clear();
            self.shell = shell;
            self.recordings.forget_line();
            return Ran::default();
        }
        let opened = |files: &Files| -> Vec<String> {
            let paths = files.databases().into_iter();
            paths.filter(|path| postgresql::is_database(path)).collect()
        };
        let known = opened(&before.files);
        for path in opened(&self.host.files()) {
            if !known.contains(&path) {
                self.complain(&postgresql::words::opened(&path));
            }
        }
        let mut timings = watch.timings.get();
        timings.engine = lap() - timings.recording - timings.telling;
        *self.host.listener.borrow_mut() = None;
        let after = self.moment();
        let changed = !after.same(&before);
        self.keep_recordings(line, changed.then_some(self.history.next));
        let events = watch.events.take();
        let (stdout, stderr) = output.take();
        let mut failure = (status != 0)
            .then(|| self.failure_of(&events, &stderr))
            .flatten();
        let entry = self.history.next;
        let stayed = if changed && status != 0 {
            stayed(&events).map(|(kept, undone)| Stayed {
                kept,
                undone,
                entry,
            })
        } else {
            None
        };
        let microseconds = (outside.elapsed)().saturating_sub(started);
        let printed = Printed {
            line: line.to_owned(),
            output: pieces.take(),
            status,
            microseconds,
            stayed: stayed.clone(),
            clear: self.shell.clear,
            ..Printed::default()
        };
        timings.image = lap();
        if changed {
            self.changes = Rc::new(self.compare(line, &before.files, &after.files));
            timings.compare = lap();
            self.remember(line, status, time, Some(printed));
        } else {
            self.history.print(printed);
        }
        timings.image += lap();
        let view = self.view();
        if let Some(failure) = &mut failure {
            explain_refusal(&self.host, failure);
        }
        let verb = self.shell.failed.take().filter(|_| status != 0);
        if let Some(failure) = &failure {
            self.history.explain_printed(failure.clone(), verb);
        }
        timings.view = lap();
        let written = if changed {
            let added = |path: &str| {
                let mut files = view.changes.files.iter();
                files.any(|(one, change)| one == path && *change == Change::Added)
            };
            let revisions = view.migrations.revisions.iter();
            revisions
                .filter(|revision| added(&revision.path))
                .map(|revision| revision.id.clone())
                .collect()
        } else {
            Vec::new()
        };
        Ran {
            status,
            stdout,
            stderr,
            events,
            microseconds,
            view,
            written,
            opened: std::mem::take(&mut *self.host.opened.borrow_mut()),
            clear: self.shell.clear,
            failure,
            verb,
            stayed,
            timings,
        }
    }

    pub(crate) fn failure_of(&self, events: &[Event], stderr: &str) -> Option<Failure> {
        let told = events.iter().rev().find_map(|event| match event {
            Event::Failed { error } => Some(error.clone()),
            _ => None,
        });
        let printed = stderr
            .lines()
            .flat_map(places::links)
            .rfind(|link| self.host.is_file(&link.path));
        let mut failure = told.unwrap_or_else(|| {
            failed(
                stderr
                    .lines()
                    .rfind(|line| !line.trim().is_empty())
                    .unwrap_or_default(),
            )
        });
        if failure.place.is_none() {
            failure.place = printed.map(|link| Place {
                path: relative(&self.host.path(&link.path)),
                line: link.line,
                column: 1,
                end_line: link.line,
                end_column: 1,
            });
        }
        (!failure.message.is_empty()).then_some(failure)
    }
}

/// Of a failed command's statements, those whose effect stays and those that were rolled back.
/// Nothing where PostgreSQL ran them: what stays there are whole transactions.
fn stayed(events: &[Event]) -> Option<(Vec<String>, Vec<String>)> {
    let on_server = events.iter().any(|event| match event {
        Event::Statement { database, .. } => {
            database.as_deref().is_some_and(postgresql::is_database)
        }
        _ => false,
    });
    if on_server {
        return None;
    }
    let mut kept = Vec::new();
    let mut undone = Vec::new();
    let mut open: Option<Vec<String>> = None;
    for event in events {
        match event {
            Event::Transaction { action } => match action.as_str() {
                "COMMIT" => kept.extend(open.take().unwrap_or_default()),
                "ROLLBACK" => undone.extend(open.take().unwrap_or_default()),
                // SQLAlchemy's own begin says nothing to SQLite.
                _ => {}
            },
            Event::Statement { sql, .. } => match protocol::sql::first_word(sql).as_str() {
                // As Python's sqlite3: a transaction begins before a change of rows, and before
                // nothing else; what follows is in it.
                "INSERT" | "UPDATE" | "DELETE" | "REPLACE" => {
                    open.get_or_insert_default().push(sql.clone());
                }
                "CREATE" | "ALTER" | "DROP" => match &mut open {
                    Some(open) => open.push(sql.clone()),
                    None => kept.push(sql.clone()),
                },
                _ => {}
            },
            _ => {}
        }
    }
    undone.extend(open.unwrap_or_default());
    (!kept.is_empty() || !undone.is_empty()).then_some((kept, undone))
}
