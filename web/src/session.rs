//! Answers the page's requests: the worker without its browser.

use limbeck::ground::order::InOrder;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use limbeck::ground::event::Observer;
use limbeck::ground::host::{Host as _, Stream};
use limbeck::ground::run::Run;
use limbeck::review::Recorder;

use crate::changes;
use crate::console;
use crate::database;
use crate::engine;
use crate::examples;
use crate::history::{History, Moment};
use crate::protocol::{
    Answer, Changes, Contents, Database, Event, Failure, GraphRequest, Migrations, Printed,
    Progress, Ran, Reply, Request, Revision, Stayed, View, Workspace, WorkspaceEntry, from_wire,
    to_wire,
};
use crate::text;
use crate::workspace::{Files, Outside, ROOT, WorkspaceHost, absolute, relative};

mod files;
mod graph;
mod make;
mod share;
mod shell;
mod sqlite;
mod states;
mod watch;

/// How long Pending may think, in microseconds, before it says that the models take too long.
const PENDING_LIMIT: u64 = 8_000_000;

/// How long a review may take, in microseconds.
const REVIEW_LIMIT: u64 = 10_000_000;

/// Output of one command that goes to the page, in bytes; the rest is cut.
const OUTPUT_LIMIT: usize = 4 << 20;

/// Who hears of progress.
pub type Listener = Rc<dyn Fn(Progress)>;

/// One workspace and all that the page may ask of it.
pub struct Session {
    /// The workspace.
    pub host: Rc<WorkspaceHost>,
    /// The states that it was in; it always stands at one of them.
    pub history: History,
    /// The example that the workspace started as; empty for none.
    pub example: String,
    /// The workspaces there are, for the view.
    pub workspaces: Rc<Vec<WorkspaceEntry>>,
    shell: shell::Shell,
    changes: Rc<Changes>,
    databases: BTreeMap<String, (Rc<Vec<u8>>, Database)>,
    migrations: Option<(Files, String, Rc<Migrations>)>,
    saved: u64,
    recordings: watch::Recordings,
}

struct Watch {
    host: Rc<WorkspaceHost>,
    events: RefCell<Vec<Event>>,
    listener: Option<Listener>,
    outside: Rc<Outside>,
    deadline: Option<u64>,
    recorder: Option<Recorder>,
}

impl Observer for Watch {
    fn event(&self, event: limbeck::ground::event::Event) {
        if let Some(recorder) = &self.recorder {
            recorder.hear(&event);
        }
        let event = engine::event(event, &self.host);
        if let Some(listener) = &self.listener {
            listener(Progress::Event(event.clone()));
        }
        self.events.borrow_mut().push(event);
    }

    fn operation_ended(&self) {
        if let Some(recorder) = &self.recorder {
            recorder.operation_ended();
        }
    }

    fn cancelled(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| (self.outside.elapsed)() > deadline)
    }
}

fn failed(message: impl Into<String>) -> Failure {
    Failure {
        message: message.into(),
        ..Failure::default()
    }
}

impl Session {
    /// A session that begins with this.
    pub fn new(moment: Moment, example: &str, outside: Rc<Outside>) -> Self {
        let time = (outside.now)().microseconds;
        Session::with_history(History::new(moment, time), example, outside)
    }

    /// A session where its history stands.
    pub fn with_history(history: History, example: &str, outside: Rc<Outside>) -> Self {
        let mut session = Session {
            host: Rc::new(WorkspaceHost::new(Files::new(), outside)),
            history,
            example: example.to_owned(),
            workspaces: Rc::default(),
            shell: shell::Shell::default(),
            changes: Rc::default(),
            databases: BTreeMap::new(),
            migrations: None,
            // As if it had been saved before anything happened.
            saved: 0,
            recordings: watch::Recordings::default(),
        };
        session.stand();
        session
    }

    /// A session with an example.
    ///
    /// # Errors
    ///
    /// Where its database can't be made.
    pub fn with_example(
        name: &str,
        outside: Rc<Outside>,
    ) -> limbeck::ground::diagnostic::Result<Self> {
        let example = examples::example(name);
        let moment = Moment {
            files: examples::files(example, &outside)?,
            directory: absolute(example.directory),
            environment: BTreeMap::new(),
        };
        Ok(Session::new(moment, example.name, outside))
    }

    /// A session with a workspace that came over the wire.
    ///
    /// # Errors
    ///
    /// Where a path or a file of it is none.
    pub fn with_workspace(workspace: &Workspace, outside: Rc<Outside>) -> Result<Self, Failure> {
        let mut files = Files::new();
        for (path, contents) in &workspace.files {
            let full = Self::check_path(path)?;
            files.put(&full, from_wire(contents).map_err(failed)?);
        }
        for folder in &workspace.folders {
            files.add_folders(&Self::check_path(folder)?);
        }
        let directory = absolute(&workspace.directory);
        files.add_folders(&directory);
        let moment = Moment {
            files,
            directory,
            environment: workspace.environment.clone(),
        };
        Ok(Session::new(moment, "", outside))
    }

    /// Answers one request.
    pub fn answer(&mut self, request: Request, listener: &Listener) -> Reply {
        let result = match request {
            Request::Run { line } => Ok(Answer::Ran(Box::new(self.run(&line, listener)))),
            Request::Pending => Ok(Answer::Pending(self.pending())),
            Request::Review { revision } => self.review(&revision, crate::review::review),
            Request::Graph(GraphRequest::RoundTrip { revision }) => {
                self.review(&revision, crate::review::there_and_back)
            }
            Request::Graph(GraphRequest::Models) => Ok(Answer::Models(self.models())),
            Request::Read { path } => self.read(&path),
            Request::Write { path, contents } => self.write(&path, &contents),
            Request::Remove { path } => self.remove(&path),
            Request::Rename { from, to } => self.rename(&from, &to),
            Request::Query { sql, database } => self.query(&sql, database),
            Request::Rows {
                database,
                table,
                offset,
                limit,
            } => self.rows(&database, &table, offset, limit),
            Request::Travel { to } => self.travel(to),
            Request::Undo { entry } => self.undo(entry),
            Request::ClearBranches => {
                self.history.clear_branches();
                Ok(Answer::View(self.view()))
            }
            Request::Reset => self.reset(),
            // Whoever holds several sessions answers these.
            Request::NewWorkspace { .. }
            | Request::OpenWorkspace { .. }
            | Request::RenameWorkspace { .. }
            | Request::RemoveWorkspace { .. }
            | Request::RestoreWorkspace { .. }
            | Request::BringBack { .. }
            | Request::TakeOver => Err(failed("this is one workspace")),
            Request::Export => Ok(Answer::Workspace(self.export())),
            Request::Share(request) => Ok(self.share(&request)),
            Request::View => Ok(Answer::View(self.view())),
            Request::Watch(request) => self.watch(request).map(Answer::Watch),
            Request::Completions => Ok(Answer::Completions(engine::completions(&Rc::new(
                self.host.copy(),
            )))),
        };
        match result {
            Ok(answer) => Reply::Done(answer),
            Err(failure) => Reply::Failed(failure),
        }
    }

    // ---- commands

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
                states::gather(&mut pieces.borrow_mut(), stream == Stream::Stderr, text);
                listener(Progress::Output {
                    error: stream == Stream::Stderr,
                    text: text.to_owned(),
                });
            }));
        }
        let watch = Rc::new(Watch {
            host: self.host.clone(),
            events: RefCell::default(),
            listener: Some(listener.clone()),
            outside: outside.clone(),
            deadline: None,
            recorder: Some(self.recorder()),
        });
        let status = self.type_lines(line, &watch);
        *self.host.listener.borrow_mut() = None;
        let after = self.moment();
        let changed = !after.same(&before);
        self.keep_recordings(line, changed.then_some(self.history.next));
        let events = watch.events.take();
        let (stdout, stderr) = output.take();
        let failure = (status != 0)
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
        };
        if changed {
            self.changes = Rc::new(self.compare(line, &before.files, &after.files));
            self.remember(line, status, time, Some(printed));
        } else {
            self.history.print(printed);
        }
        let written = self
            .changes
            .files
            .iter()
            .filter(|(path, change)| {
                changed
                    && *change == crate::protocol::Change::Added
                    && path.ends_with(".py")
                    && path.contains("versions/")
            })
            .map(|(path, _)| path.clone())
            .collect();
        Ran {
            status,
            stdout,
            stderr,
            events,
            microseconds,
            view: self.view(),
            written,
            opened: std::mem::take(&mut *self.host.opened.borrow_mut()),
            clear: self.shell.clear,
            failure,
            stayed,
        }
    }

    fn failure_of(&self, events: &[Event], stderr: &str) -> Option<Failure> {
        let told = events.iter().rev().find_map(|event| match event {
            Event::Failed { error } => Some(error.clone()),
            _ => None,
        });
        let printed = stderr
            .lines()
            .flat_map(console::places::links)
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
            failure.place = printed.map(|link| crate::protocol::Place {
                path: relative(&self.host.path(&link.path)),
                line: link.line,
                column: 1,
                end_line: link.line,
                end_column: 1,
            });
        }
        (!failure.message.is_empty()).then_some(failure)
    }

    // ---- pending

    fn pending(&self) -> crate::protocol::Pending {
        let outside = self.host.outside.clone();
        let started = (outside.elapsed)();
        let copy = Rc::new(self.host.copy());
        let watch = Rc::new(Watch {
            host: copy.clone(),
            events: RefCell::default(),
            listener: None,
            outside: outside.clone(),
            deadline: Some(started + PENDING_LIMIT),
            recorder: None,
        });
        let mut pending = engine::pending(&copy, watch);
        pending.microseconds = (outside.elapsed)().saturating_sub(started);
        pending
    }

    fn review(&mut self, revision: &str, how: crate::review::How) -> Result<Answer, Failure> {
        let outside = self.host.outside.clone();
        let started = (outside.elapsed)();
        let copy = Rc::new(self.host.copy());
        let watch = Rc::new(Watch {
            host: copy.clone(),
            events: RefCell::default(),
            listener: None,
            outside: outside.clone(),
            deadline: Some(started + REVIEW_LIMIT),
            recorder: None,
        });
        let mut review = how(&copy, watch, revision).map_err(|failure| {
            if failure.class == "KeyboardInterrupt" {
                failed(text::review::too_long(REVIEW_LIMIT / 1_000_000))
            } else {
                failure
            }
        })?;
        let view = self.view();
        review.rows = view
            .databases
            .iter()
            .filter(|database| Some(&database.path) == view.migrations.database.as_ref())
            .flat_map(|database| &database.tables)
            .filter(|table| !table.view && table.name != "alembic_version")
            .map(|table| table.rows)
            .sum();
        review.microseconds = (outside.elapsed)().saturating_sub(started);
        Ok(Answer::Review(Box::new(review)))
    }

    // ---- files

    fn read(&self, path: &str) -> Result<Answer, Failure> {
        self.host
            .read(&absolute(path))
            .map(|contents| Answer::File(to_wire(&contents)))
            .map_err(|_| failed(text::failure::no_file(path)))
    }

    fn check_path(path: &str) -> Result<String, Failure> {
        let full = absolute(path);
        if full == ROOT || !full.starts_with(&format!("{ROOT}/")) {
            return Err(failed(text::failure::not_in_project(path)));
        }
        Ok(full)
    }

    fn write(&mut self, path: &str, contents: &Contents) -> Result<Answer, Failure> {
        let full = Self::check_path(path)?;
        let bytes = from_wire(contents).map_err(failed)?;
        if self.host.is_directory(&full) {
            return Err(failed(text::failure::is_folder(path)));
        }
        let same = self
            .host
            .state
            .borrow()
            .files
            .get(&full)
            .is_some_and(|there| **there == bytes);
        if !same {
            self.host.state.borrow_mut().put(&full, bytes);
            self.edited(&format!("edited {}", relative(&full)));
        }
        Ok(Answer::View(self.view()))
    }

    fn remove(&mut self, path: &str) -> Result<Answer, Failure> {
        let full = Self::check_path(path)?;
        if !self.remove_path(&full) {
            return Err(failed(text::failure::no_file(path)));
        }
        self.note(&format!("rm {}", console::quote(path)));
        Ok(Answer::View(self.view()))
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<Answer, Failure> {
        let (old, new) = (Self::check_path(from)?, Self::check_path(to)?);
        if self.host.is_file(&new) || self.host.is_directory(&new) {
            return Err(failed(text::failure::there_already(to)));
        }
        if self.host.is_file(&old) {
            let mut state = self.host.state.borrow_mut();
            if let Some(contents) = state.files.remove(&old) {
                if let Some((folder, _)) = new.rsplit_once('/') {
                    state.add_folders(folder);
                }
                state.files.insert(new, contents);
            }
        } else if self.host.is_directory(&old) {
            let mut state = self.host.state.borrow_mut();
            let prefix = format!("{old}/");
            if format!("{new}/").starts_with(&prefix) {
                return Err(failed(text::failure::INTO_ITSELF));
            }
            let moved = |path: &String| {
                path.strip_prefix(&prefix)
                    .map(|rest| format!("{new}/{rest}"))
                    .unwrap_or_else(|| {
                        if *path == old {
                            new.clone()
                        } else {
                            path.clone()
                        }
                    })
            };
            state.files = state
                .files
                .iter()
                .map(|(path, contents)| (moved(path), contents.clone()))
                .collect();
            state.folders = state.folders.iter().map(moved).collect();
            if let Some((folder, _)) = new.rsplit_once('/') {
                state.add_folders(folder);
            }
        } else {
            return Err(failed(text::failure::no_file(from)));
        }
        self.note(&format!(
            "mv {} {}",
            console::quote(from),
            console::quote(to)
        ));
        Ok(Answer::View(self.view()))
    }

    // ---- databases

    fn chosen(&self, database: Option<String>) -> Result<String, Failure> {
        if let Some(path) = database {
            return Ok(absolute(&path));
        }
        let files = self.host.files();
        let databases = files.databases();
        let main = self
            .migrations
            .as_ref()
            .and_then(|(_, _, migrations)| migrations.database.clone())
            .map(|path| absolute(&path));
        main.filter(|path| databases.contains(path))
            .or_else(|| databases.first().cloned())
            .ok_or_else(|| failed(text::failure::NO_DATABASE))
    }

    fn query(&mut self, sql: &str, database: Option<String>) -> Result<Answer, Failure> {
        let path = self.chosen(database)?;
        let run = Run::new(self.host.clone());
        let before = self.host.files();
        let result = database::open(&run, &path).and_then(|connection| {
            let result = database::query(connection.as_ref(), sql);
            connection.close();
            result
        });
        let _ = limbeck::driver::flush(&run.host);
        if !self.host.files().same(&before) {
            self.note(&format!(
                "sqlite3 {} {}",
                console::quote(&relative(&path)),
                console::quote(sql)
            ));
        }
        let results = result.map_err(|error| engine::failure(&error, &self.host))?;
        Ok(Answer::Queried {
            results,
            view: self.view(),
        })
    }

    fn rows(
        &mut self,
        path: &str,
        table: &str,
        offset: u32,
        limit: u32,
    ) -> Result<Answer, Failure> {
        self.view();
        let full = absolute(path);
        let table = self
            .databases
            .get(&full)
            .and_then(|(_, database)| database.tables.iter().find(|t| t.name == table))
            .cloned()
            .ok_or_else(|| failed(text::failure::no_table(table, path)))?;
        let run = Run::new(Rc::new(self.host.copy()));
        let rows = database::open(&run, &full)
            .and_then(|connection| database::rows(connection.as_ref(), &table, offset, limit))
            .map_err(|error| engine::failure(&error, &self.host))?;
        Ok(Answer::Rows(rows))
    }

    fn read_database(&mut self, path: &str, contents: &Rc<Vec<u8>>) -> Database {
        if let Some((known, database)) = self.databases.get(path)
            && (Rc::ptr_eq(known, contents) || known == contents)
        {
            return database.clone();
        }
        let database = self.inspect(path, contents);
        self.databases
            .insert(path.to_owned(), (contents.clone(), database.clone()));
        database
    }

    fn snapshot(&self, path: &str, contents: &Rc<Vec<u8>>) -> Run {
        let mut files = Files::new();
        if let Some((folder, _)) = path.rsplit_once('/') {
            files.add_folders(folder);
        }
        files.files.insert(path.to_owned(), contents.clone());
        Run::new(Rc::new(WorkspaceHost::new(
            files,
            self.host.outside.clone(),
        )))
    }

    fn inspect(&self, path: &str, contents: &Rc<Vec<u8>>) -> Database {
        let run = self.snapshot(path, contents);
        let tables =
            database::open(&run, path).and_then(|connection| database::tables(connection.as_ref()));
        let (tables, failure) = match tables {
            Ok(tables) => (tables, None),
            Err(error) => (Vec::new(), Some(engine::failure(&error, &self.host))),
        };
        Database {
            path: relative(path),
            tables,
            failure,
        }
    }

    fn compare(&mut self, line: &str, before: &Files, after: &Files) -> Changes {
        let mut changes = Changes {
            command: line.trim().to_owned(),
            files: changes::files(before, after),
            tables: Vec::new(),
        };
        let mut paths = before.databases();
        paths.extend(after.databases());
        paths.in_order();
        paths.dedup();
        for path in paths {
            let (old, new) = (before.files.get(&path), after.files.get(&path));
            if old == new {
                continue;
            }
            let side = |contents: Option<&Rc<Vec<u8>>>| {
                contents.map(|contents| {
                    let database = self.inspect(&path, contents);
                    let connection = database::open(&self.snapshot(&path, contents), &path).ok();
                    (database, connection)
                })
            };
            let (old, new) = (side(old), side(new));
            let parts = |side: &Option<(Database, Option<Rc<dyn limbeck::driver::Connection>>)>| {
                side.as_ref()
                    .map(|(database, connection)| (database.tables.clone(), connection.clone()))
                    .unwrap_or_default()
            };
            let ((old_tables, old), (new_tables, new)) = (parts(&old), parts(&new));
            changes.tables.extend(changes::tables(
                &relative(&path),
                (&old_tables, old.as_deref()),
                (&new_tables, new.as_deref()),
            ));
        }
        changes
    }

    fn export(&self) -> Workspace {
        self.wire(&self.host.files())
    }

    // ---- the view

    /// What there is now.
    pub fn view(&mut self) -> Rc<View> {
        let files = self.host.files();
        let migrations = self.read_migrations(&files);
        let mut databases = Vec::new();
        for path in files.databases() {
            if let Some(contents) = files.files.get(&path) {
                databases.push(self.read_database(&path, contents));
            }
        }
        self.databases
            .retain(|path, _| files.files.contains_key(path));
        Rc::new(View {
            models: Rc::new(models(&files, &migrations)),
            files: Rc::new(files.entries()),
            folders: Rc::new(
                files
                    .folders
                    .iter()
                    .map(|path| relative(path))
                    .filter(|path| !path.is_empty())
                    .collect(),
            ),
            directory: relative(&self.host.current_directory()),
            targets: Rc::new(make::targets(&files, &self.host.current_directory())),
            variables: Rc::new(self.host.environment.borrow().keys().cloned().collect()),
            migrations,
            databases: Rc::new(databases),
            history: Rc::new(
                self.history
                    .states()
                    .map(|state| state.entry.clone())
                    .collect(),
            ),
            at: self.history.at,
            tip: self.history.tip,
            workspaces: self.workspaces.clone(),
            changes: self.changes.clone(),
            same: crate::protocol::Same::default(),
        })
    }

    fn read_migrations(&mut self, files: &Files) -> Rc<Migrations> {
        let directory = self.host.current_directory();
        if let Some((known, known_directory, migrations)) = &self.migrations
            && *known_directory == directory
        {
            if known.same(files) {
                return migrations.clone();
            }
            // Typing in the models changes no revision: only what lies in the script location, the
            // configuration and the databases count.
            let location = migrations.location.clone();
            let counts = |path: &str| {
                let path = relative(path);
                !path.ends_with(".py")
                    || location
                        .as_deref()
                        .is_none_or(|location| path.starts_with(location))
                    || path.contains("versions/")
            };
            let part = |files: &Files| -> Vec<(String, Rc<Vec<u8>>)> {
                files
                    .files
                    .iter()
                    .filter(|(path, _)| counts(path))
                    .map(|(path, contents)| (path.clone(), contents.clone()))
                    .collect()
            };
            let (old, new) = (part(known), part(files));
            if old.len() == new.len()
                && old
                    .iter()
                    .zip(&new)
                    .all(|(a, b)| a.0 == b.0 && (Rc::ptr_eq(&a.1, &b.1) || a.1 == b.1))
            {
                let migrations = migrations.clone();
                self.migrations = Some((files.clone(), directory, migrations.clone()));
                return migrations;
            }
        }
        let mut migrations = engine::migrations(&Rc::new(self.host.copy()));
        if let Some((_, known_directory, known)) = &self.migrations
            && *known_directory == directory
            && migrations.failure.is_some()
            && migrations.revisions.is_empty()
        {
            // A script that is half written can't be loaded, nor the graph that it is part of: what
            // was known of it stays in sight, with the reason, so that the script can be finished.
            let there = |revision: &&Revision| files.files.contains_key(&absolute(&revision.path));
            let kept: Vec<Revision> = known.revisions.iter().filter(there).cloned().collect();
            // Where all scripts are gone, nothing is ahead.
            if !kept.is_empty() {
                migrations.heads = known.heads.clone();
                migrations.ahead = kept.iter().filter(|one| !one.applied).count();
                migrations.back = known.back.clone();
                migrations.revisions = kept;
            }
        }
        let migrations = Rc::new(migrations);
        self.migrations = Some((files.clone(), directory, migrations.clone()));
        migrations
    }

    /// Notes that the workspace is as it was saved: whether it changed since is asked next time.
    pub fn take_changed(&mut self) -> bool {
        let changed = self.saved != self.history.changes;
        self.saved = self.history.changes;
        changed
    }
}

/// The files that hold models: Python that makes tables, outside the script location; the one with
/// the most first, and packages' plain files after.
fn models(files: &Files, migrations: &Migrations) -> Vec<String> {
    let location = migrations
        .location
        .as_ref()
        .map(|location| format!("{}/", location.trim_end_matches('/')));
    let mut found: Vec<(usize, String)> = Vec::new();
    for (path, contents) in &files.files {
        let path = relative(path);
        let outside = location
            .as_ref()
            .is_none_or(|location| !path.starts_with(location.as_str()));
        if !path.ends_with(".py")
            || !outside
            || path.contains("versions/")
            || path.ends_with("env.py")
        {
            continue;
        }
        let text = String::from_utf8_lossy(contents);
        let score = [
            "__tablename__",
            "table=True",
            "mapped_column(",
            "Column(",
            "Table(",
        ]
        .iter()
        .map(|mark| text.matches(mark).count())
        .sum::<usize>();
        let score = score + usize::from(path.ends_with("models.py"));
        if score > 0 {
            found.push((score, path));
        }
    }
    found.in_order_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    found.into_iter().map(|(_, path)| path).collect()
}

/// Of a failed command's statements, those whose effect stays and those that were rolled back.
fn stayed(events: &[Event]) -> Option<(Vec<String>, Vec<String>)> {
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
            Event::Statement { sql, .. } => match crate::sql::first_word(sql).as_str() {
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

#[cfg(test)]
mod tests;
