//! Exporting the workspace, and checking which parts of an imported project don't run here.

use std::collections::BTreeMap;
use std::rc::Rc;

use limbeck::ground::exception;
use limbeck::ground::host::Host as _;
use limbeck::ground::run::Run;
use protocol::{Answer, Event, Failure, Probed, ShareRequest, Workspace, to_wire};

use crate::session::{RunObserver, Session};
use crate::workspace::{Files, ROOT, WorkspaceHost, relative};
use crate::{database, engine};

/// How long a probe may take, in microseconds.
const PROBE_LIMIT: u64 = 15_000_000;

/// How many failures a probe looks for.
const PROBE_FAILURES: usize = 40;

impl Session {
    /// Answers what is asked of the workspace as something to give away.
    pub(crate) fn answer_share(&self, request: &ShareRequest) -> Answer {
        match request {
            ShareRequest::Export => Answer::Workspace(self.export()),
            ShareRequest::Pack { databases } => Answer::Workspace(self.pack(*databases)),
            ShareRequest::Probe => Answer::Probed(self.probe()),
        }
    }

    pub(crate) fn export(&self) -> Workspace {
        self.wire(&self.host.files())
    }

    /// A workspace over the wire: with the folders that no file is in.
    pub(crate) fn wire(&self, files: &Files) -> Workspace {
        let empty = |folder: &&String| {
            let inside = format!("{folder}/");
            folder.as_str() != ROOT
                && folder.starts_with(ROOT)
                && !files.files.keys().any(|path| path.starts_with(&inside))
                && !files.folders.iter().any(|path| path.starts_with(&inside))
        };
        Workspace {
            files: files
                .files
                .iter()
                .map(|(path, contents)| (relative(path), to_wire(contents)))
                .collect(),
            folders: files
                .folders
                .iter()
                .filter(empty)
                .map(|folder| relative(folder))
                .collect(),
            directory: relative(&self.host.current_directory()),
            environment: self.host.environment.borrow().clone(),
        }
    }

    fn pack(&self, databases: bool) -> Workspace {
        let host = Rc::new(self.host.copy());
        let paths = host.files().databases();
        if databases {
            let run = Run::new(host.clone());
            for path in &paths {
                // One that can't be vacuumed, such as a broken file, travels as it is.
                if let Ok(connection) = database::open(&run, path) {
                    let _ = connection.execute("VACUUM", &limbeck::driver::Parameters::NONE);
                    connection.close();
                }
            }
            let _ = limbeck::driver::flush(&run.host);
        } else {
            let mut state = host.state.borrow_mut();
            state.files.retain(|path, _| !paths.contains(path));
        }
        let mut files = host.files();
        files
            .files
            .retain(|path, _| !path.contains("/__pycache__/") && !path.ends_with("-journal"));
        self.wire(&files)
    }

    /// Reads every revision file and env.py, and runs all revisions from the base on, on a copy
    /// without databases.
    fn probe(&self) -> Probed {
        let outside = self.host.outside.clone();
        let deadline = (outside.elapsed)() + PROBE_LIMIT;
        let mut found = Found::default();
        let host = Rc::new(self.host.copy());
        let watch = || {
            Rc::new(RunObserver {
                host: host.clone(),
                events: std::cell::RefCell::default(),
                listener: None,
                outside: outside.clone(),
                deadline: Some(deadline),
                recorder: None,
                timings: std::cell::Cell::default(),
            })
        };
        let late = || (outside.elapsed)() > deadline;
        // Alembic reads no further than the first file that fails: that one is told and, on the
        // copy, made one that does nothing, so that the next is met.
        let mut revisions = 0;
        let mut readable = false;
        while !late() && found.failures.len() < PROBE_FAILURES {
            let state = limbeck::command::describe(&Run::new(host.clone()));
            revisions = state.revisions.len();
            let mut again = false;
            for error in &state.errors {
                let failure = engine::failure(error, &host);
                let script = failure
                    .place
                    .as_ref()
                    .map(|place| place.path.clone())
                    .filter(|path| path.ends_with(".py") && !path.ends_with("env.py"));
                found.add(failure);
                if let Some(path) = script
                    && state.revisions.is_empty()
                {
                    again |= quieten(&host, &path);
                }
            }
            if !again {
                readable = state.errors.is_empty();
                break;
            }
        }
        // Models and the rest of env.py.
        let pending = crate::models::compare(&Rc::new(host.copy()), watch());
        if let Some(failure) = pending.failure.filter(|_| !pending.behind) {
            found.add(failure);
        }
        if readable {
            let paths = host.files().databases();
            host.state
                .borrow_mut()
                .files
                .retain(|path, _| !paths.contains(path));
            for round in 0..PROBE_FAILURES {
                let heard = watch();
                let words = ["upgrade", "heads"].map(str::to_owned);
                if engine::alembic(&host, heard.clone(), &words) == 0 || late() {
                    break;
                }
                let events = heard.events.take();
                let failure = events.iter().rev().find_map(|event| match event {
                    Event::Failed { error } => Some(error.clone()),
                    _ => None,
                });
                let revision = events.iter().rev().find_map(|event| match event {
                    Event::RevisionStarted { revision, .. } => Some(revision.clone()),
                    _ => None,
                });
                let Some(failure) = failure else { break };
                let unsupported = exception::is_own(&failure.class);
                // After the first, an ordinary error may only follow from what did not run.
                if round == 0 || unsupported {
                    found.add(failure.clone());
                }
                let script = failure.place.map(|place| place.path);
                match (revision, script) {
                    (Some(_), Some(path)) if quieten(&host, &path) => {}
                    _ => break,
                }
            }
        }
        Probed {
            revisions,
            failures: found.failures,
        }
    }
}

#[derive(Default)]
struct Found {
    failures: Vec<Failure>,
    seen: BTreeMap<(String, u32, String), ()>,
}

impl Found {
    fn add(&mut self, failure: Failure) {
        let (path, line) = failure
            .place
            .as_ref()
            .map(|place| (place.path.clone(), place.line))
            .unwrap_or_default();
        let key = (path, line, failure.message.clone());
        if self.seen.insert(key, ()).is_none() {
            self.failures.push(failure);
        }
    }
}

/// Leaves of a revision file what says where it belongs; false where there was no more to take.
fn quieten(host: &WorkspaceHost, path: &str) -> bool {
    let full = crate::workspace::absolute(path);
    let Ok(contents) = host.read(&full) else {
        return false;
    };
    let text = String::from_utf8_lossy(&contents);
    let names = ["revision", "down_revision", "branch_labels", "depends_on"];
    let mut kept = String::new();
    for line in text.lines() {
        let Some((name, value)) = line.split_once('=') else {
            continue;
        };
        let name = name.split(':').next().unwrap_or_default().trim_end();
        if names.contains(&name) {
            kept.push_str(&format!("{name} = {}\n", value.trim()));
        }
    }
    if !kept.contains("revision") {
        return false;
    }
    kept.push_str("def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n");
    if kept == text {
        return false;
    }
    host.state.borrow_mut().put(&full, kept.into_bytes());
    true
}
