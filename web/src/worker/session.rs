//! Answers the page's requests: the worker without its browser. Each feature answers its own.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use limbeck::ground::event::Observer;
use limbeck::ground::host::Host as _;
use limbeck::review::Recorder;
use protocol::{
    Answer, Changes, Database, Event, Failure, Progress, Reply, Request, Same, Timings, View,
    Workspace, WorkspaceEntry, from_wire,
};

use crate::console::{Shell, make};
use crate::migrations::Known;
use crate::time::history::{History, Moment};
use crate::workspace::{Entries, Files, Outside, WorkspaceHost, absolute, relative};
use crate::{engine, keep, models, postgresql, watch};

/// Called with the progress of a run, and with nothing now and then while there is none.
pub type Listener = Rc<dyn Fn(Option<Progress>)>;

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
    pub(crate) shell: Shell,
    pub(crate) changes: Rc<Changes>,
    pub(crate) databases: BTreeMap<String, (Rc<Vec<u8>>, Database)>,
    pub(crate) entries: Entries,
    pub(crate) migrations: Option<Known>,
    pub(crate) saved: u64,
    pub(crate) recordings: watch::Recordings,
    /// Whether the last command was taken back, since it wants what is yet to be loaded.
    pub(crate) waits: bool,
}

/// Observes a run: reports to the page, records for the step view, and enforces the deadline.
pub(crate) struct RunObserver {
    pub(crate) host: Rc<WorkspaceHost>,
    pub(crate) events: RefCell<Vec<Event>>,
    pub(crate) listener: Option<Listener>,
    pub(crate) outside: Rc<Outside>,
    pub(crate) deadline: Option<u64>,
    pub(crate) recorder: Option<Recorder>,
    /// How long it took to record and to tell.
    pub(crate) timings: Cell<Timings>,
}

impl Observer for RunObserver {
    fn event(&self, event: limbeck::ground::event::Event) {
        let started = (self.outside.elapsed)();
        if let Some(recorder) = &self.recorder {
            recorder.hear(&event);
        }
        let recorded = (self.outside.elapsed)();
        let event = engine::event(event, &self.host);
        if let Some(listener) = &self.listener {
            listener(Some(Progress::Event(event.clone())));
        }
        self.events.borrow_mut().push(event);
        let mut timings = self.timings.get();
        timings.recording += milliseconds(started, recorded);
        timings.telling += milliseconds(recorded, (self.outside.elapsed)());
        self.timings.set(timings);
    }

    fn watches_locks(&self) -> bool {
        self.recorder.is_some()
    }

    fn operation_ended(&self) {
        if let Some(recorder) = &self.recorder {
            let started = (self.outside.elapsed)();
            recorder.operation_ended();
            let mut timings = self.timings.get();
            timings.recording += milliseconds(started, (self.outside.elapsed)());
            self.timings.set(timings);
        }
    }

    fn cancelled(&self) -> bool {
        if let Some(listener) = &self.listener {
            listener(None);
        }
        postgresql::is_waited_for()
            || self
                .deadline
                .is_some_and(|deadline| (self.outside.elapsed)() > deadline)
    }
}

fn milliseconds(from: u64, to: u64) -> f64 {
    to.saturating_sub(from) as f64 / 1_000.0
}

/// A failure that says this and no more.
pub(crate) fn failed(message: impl Into<String>) -> Failure {
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
            shell: Shell::default(),
            changes: Rc::default(),
            databases: BTreeMap::new(),
            entries: Entries::default(),
            migrations: None,
            // As if it had been saved before anything happened.
            saved: 0,
            recordings: watch::Recordings::default(),
            waits: false,
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
        let example = protocol::examples::example(name);
        let moment = Moment {
            files: keep::examples::files(example, &outside)?,
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
            Request::Console(request) => self.answer_console(request, listener),
            Request::Models(request) => self.answer_models(&request),
            Request::Review(request) => self.answer_review(&request),
            Request::Files(request) => self.answer_files(&request),
            Request::Database(request) => self.answer_database(request),
            Request::Time(request) => self.answer_time(&request),
            Request::Share(request) => Ok(self.answer_share(&request)),
            Request::Watch(request) => self.watch(request).map(Answer::Watch),
            Request::Lessons(request) => self.answer_lessons(request),
            Request::Compare(request) => self.answer_compare(&request),
            // Whoever holds several sessions answers it, and knows the workers for trials.
            Request::Keep(_) | Request::Tell { .. } => Err(failed("this is one workspace")),
            Request::View => Ok(Answer::View(self.view())),
        };
        match result {
            Ok(answer) => Reply::Done(answer),
            Err(failure) => Reply::Failed(failure),
        }
    }

    /// The current view.
    pub fn view(&mut self) -> Rc<View> {
        let files = self.host.files();
        let known = self.read_migrations(&files);
        let (migrations, folders) = (known.migrations.clone(), known.folders.clone());
        let mut databases = Vec::new();
        for path in files.databases() {
            if let Some(contents) = files.files.get(&path) {
                databases.push(self.read_database(&path, contents));
            }
        }
        self.databases
            .retain(|path, _| files.files.contains_key(path));
        Rc::new(View {
            models: Rc::new(models::files_with_models(&files, &folders)),
            files: Rc::new(files.entries(&mut self.entries)),
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
            same: Same::default(),
        })
    }

    /// Notes that the workspace is as it was saved: whether it changed since is asked next time.
    pub fn take_changed(&mut self) -> bool {
        let changed = self.saved != self.history.changes;
        self.saved = self.history.changes;
        changed
    }
}

#[cfg(test)]
pub(crate) mod tests;
