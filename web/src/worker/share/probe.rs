//! Tries a project that was imported: what of it runs here, on which databases, and what it lacks.

use std::collections::BTreeMap;
use std::rc::Rc;

use limbeck::command::ProjectState;
use limbeck::ground::exception;
use limbeck::ground::host::Host as _;
use limbeck::ground::run::Run;
use protocol::console::program::server_of;
use protocol::{Event, Failure, MissingVariable, Probed, Server, Trial};

use crate::engine;
use crate::session::{RunObserver, Session};
use crate::workspace::{Outside, WorkspaceHost, relative};

/// How long a probe may take, in microseconds.
const PROBE_LIMIT: u64 = 15_000_000;

/// How many failures a probe looks for.
const PROBE_FAILURES: usize = 40;

/// One probe: the copy that it works on, what it has found, and when it must end.
struct Probe {
    outside: Rc<Outside>,
    deadline: u64,
    found: Found,
}

impl Probe {
    fn watch(&self, host: &Rc<WorkspaceHost>) -> Rc<RunObserver> {
        Rc::new(RunObserver {
            host: host.clone(),
            events: std::cell::RefCell::default(),
            listener: None,
            outside: self.outside.clone(),
            deadline: Some(self.deadline),
            recorder: None,
            timings: std::cell::Cell::default(),
        })
    }

    fn late(&self) -> bool {
        (self.outside.elapsed)() > self.deadline
    }

    /// Reads every revision file and env.py. Alembic reads no further than the first file that fails: that
    /// one is told and, on the copy, made one that does nothing, so that the next is met.
    fn read(&mut self, host: &Rc<WorkspaceHost>) -> ProjectState {
        loop {
            let state = limbeck::command::describe(&Run::new(host.clone()));
            let mut again = false;
            for error in &state.errors {
                let failure = engine::failure(error, host);
                let script = failure
                    .place
                    .as_ref()
                    .map(|place| place.path.clone())
                    .filter(|path| path.ends_with(".py") && !path.ends_with("env.py"));
                self.found.add(failure);
                if let Some(path) = script
                    && state.revisions.is_empty()
                {
                    again |= quieten(host, &path);
                }
            }
            if !again || self.late() || self.found.failures.len() >= PROBE_FAILURES {
                return state;
            }
        }
    }

    /// Upgrades to the heads and gives how many revisions ran. What fails is told and, on the copy, made
    /// something that does nothing.
    fn upgrade(&mut self, host: &Rc<WorkspaceHost>, trial: &mut Trial) {
        for round in 0..PROBE_FAILURES {
            let heard = self.watch(host);
            let words = ["upgrade", "heads"].map(str::to_owned);
            let status = engine::alembic(host, heard.clone(), &words);
            let events = heard.events.take();
            let finished = events
                .iter()
                .filter(|event| matches!(event, Event::RevisionFinished { .. }));
            trial.ran += finished.count();
            if status == 0 {
                return;
            }
            trial.failed = true;
            let failure = events.iter().rev().find_map(|event| match event {
                Event::Failed { error } => Some(error.clone()),
                _ => None,
            });
            let revision = events
                .iter()
                .rev()
                .any(|event| matches!(event, Event::RevisionStarted { .. }));
            let Some(failure) = failure.filter(|_| !self.late()) else {
                return;
            };
            // After the first, an ordinary error may only follow from what did not run.
            if round == 0 || exception::is_own(&failure.class) {
                self.found.add(failure.clone());
            }
            let script = failure.place.map(|place| place.path);
            if !(revision && script.is_some_and(|path| quieten(host, &path))) {
                return;
            }
        }
    }
}

impl Session {
    /// Tries everything on copies: env.py and the models, all revisions on the project's database with its
    /// rows and on an empty one, and where a server is named, the SQL for it.
    pub(crate) fn probe(&self) -> Probed {
        let outside = self.host.outside.clone();
        let mut probe = Probe {
            deadline: (outside.elapsed)() + PROBE_LIMIT,
            outside,
            found: Found::default(),
        };
        let host = Rc::new(self.host.copy());
        let state = probe.read(&host);
        let pending = crate::models::compare(&Rc::new(host.copy()), probe.watch(&host));
        if let Some(failure) = pending.failure.filter(|_| !pending.behind) {
            probe.found.add(failure);
        }
        let models = self.models();
        let mut trials = Vec::new();
        if state.errors.is_empty() {
            if let Some(trial) = self.on_own_database(&mut probe, &host) {
                trials.push(trial);
            }
            let empty = Rc::new(host.copy());
            let paths = empty.files().databases();
            let mut files = empty.state.borrow_mut();
            files.files.retain(|path, _| !paths.contains(path));
            drop(files);
            let mut trial = Trial::default();
            probe.upgrade(&empty, &mut trial);
            trials.push(trial);
        }
        let server = self.server(&state, &probe);
        Probed {
            revisions: state.revisions.len(),
            tables: models.failure.is_none().then_some(models.tables.len()),
            trials,
            server,
            // One that the project does without, by a default, is not missing.
            missing: if probe.found.failures.is_empty() {
                Vec::new()
            } else {
                missing_variables(&host)
            },
            failures: probe.found.failures,
        }
    }

    /// Upgrades the project's own database, where it brings one.
    fn on_own_database(&self, probe: &mut Probe, host: &Rc<WorkspaceHost>) -> Option<Trial> {
        let path = self.migrations.as_ref()?.migrations.database.clone()?;
        let mut databases = self.databases.values();
        let (_, database) = databases.find(|(_, database)| database.path == path)?;
        let tables = database.tables.iter();
        let mut trial = Trial {
            rows: tables
                .filter(|table| !table.view && table.name != "alembic_version")
                .map(|table| table.rows)
                .sum(),
            database: Some(path),
            ..Trial::default()
        };
        probe.upgrade(&Rc::new(host.copy()), &mut trial);
        Some(trial)
    }

    /// The server that the project is for: what its URL names, and whether its SQL can be written here.
    fn server(&self, state: &ProjectState, probe: &Probe) -> Option<Server> {
        let url = state.database_url.as_deref();
        let variables = self.host.environment.borrow();
        let mut urls = url
            .into_iter()
            .chain(variables.values().map(String::as_str));
        let (name, _) = urls.find_map(server_of)?;
        drop(variables);
        let host = Rc::new(self.host.copy());
        let words = ["upgrade", "heads", "--sql"].map(str::to_owned);
        let heard = probe.watch(&host);
        Some(Server {
            name: name.to_owned(),
            writes_sql: engine::alembic(&host, heard, &words) == 0,
            in_config: url.and_then(server_of).is_some(),
        })
    }
}

/// The variables that were asked for in vain and that the project's files name, each with its value in a
/// `.env` of the project.
fn missing_variables(host: &WorkspaceHost) -> Vec<MissingVariable> {
    let files = host.files();
    let text_of = |path: &str| -> Option<String> {
        let contents = files.files.get(path)?;
        Some(String::from_utf8_lossy(contents).into_owned())
    };
    let named_in = |end: &str, name: &str| {
        files.files.keys().any(|path| {
            path.ends_with(end) && text_of(path).is_some_and(|text| text.contains(name))
        })
    };
    let asked = host.asked_in_vain.borrow().clone();
    asked
        .into_iter()
        // The engine asks for some of its own, such as COLUMNS.
        .filter(|name| {
            [".py", ".ini", ".toml"]
                .iter()
                .any(|end| named_in(end, name))
        })
        .map(|name| {
            let mut suggestion = None;
            for path in files.files.keys() {
                let file = path.rsplit('/').next().unwrap_or(path);
                if file.starts_with(".env") && suggestion.is_none() {
                    suggestion = text_of(path)
                        .and_then(|text| value_in(&text, &name))
                        .map(|value| (relative(path), value));
                }
            }
            let (source, value) = suggestion.unwrap_or_default();
            MissingVariable {
                name,
                value,
                source,
            }
        })
        .collect()
}

/// The value of a variable in the text of a `.env`.
fn value_in(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (known, value) = line.split_once('=')?;
        let value = value.trim();
        let quoted = ['"', '\'']
            .iter()
            .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
        (known.trim() == name).then(|| quoted.unwrap_or(value).to_owned())
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::{run, session};

    fn write(session: &Session, path: &str, text: &str) {
        let full = crate::workspace::absolute(path);
        let mut files = session.host.state.borrow_mut();
        files.put(&full, text.as_bytes().to_vec());
    }

    #[test]
    fn a_project_is_tried_on_its_own_rows_and_on_an_empty_database() {
        let mut library = session("library");
        run(&mut library, "alembic downgrade -1");
        let probed = library.probe();
        assert_eq!((probed.revisions, probed.tables), (2, Some(4)));
        assert_eq!(probed.failures, []);
        let [own, empty] = probed.trials.as_slice() else {
            panic!("{:?}", probed.trials)
        };
        assert_eq!(own.database.as_deref(), Some("library.db"));
        assert!(own.rows > 7, "{own:?}");
        assert_eq!((own.ran, own.failed), (1, false));
        assert_eq!(
            (&empty.database, empty.ran, empty.failed),
            (&None, 2, false)
        );
        assert_eq!(probed.server, None);
        assert_eq!(probed.missing, []);
    }

    #[test]
    fn rows_that_a_revision_fails_on_are_told() {
        let mut library = session("library");
        run(&mut library, "alembic revision -m unique --rev-id aaaa");
        let path = "alembic/versions/aaaa_unique.py";
        let text = String::from_utf8(library.host.read(path).expect("it is there"));
        let text = text.expect("a text").replacen(
            "    pass",
            "    op.create_index('ux', 'book', ['author_id'], unique=True)",
            1,
        );
        write(&library, path, &text);
        library.view();
        let probed = library.probe();
        assert_eq!(
            probed
                .trials
                .iter()
                .map(|one| one.failed)
                .collect::<Vec<_>>(),
            [true, false]
        );
        assert!(
            probed.failures[0]
                .message
                .contains("UNIQUE constraint failed")
        );
    }

    #[test]
    fn a_missing_variable_is_named_with_its_value_in_the_env_file() {
        let mut library = session("library");
        let env = String::from_utf8(library.host.read("alembic/env.py").expect("it is there"));
        let env = format!(
            "import os\n{}",
            env.expect("a text").replace(
                "config = context.config\n",
                "config = context.config\nconfig.set_main_option('sqlalchemy.url', os.environ['DATABASE_URL'])\n"
            )
        );
        write(&library, "alembic/env.py", &env);
        write(
            &library,
            ".env",
            "# ours\nexport DATABASE_URL=\"sqlite:///library.db\"\n",
        );
        library.view();
        let probed = library.probe();
        assert_eq!(
            probed.missing,
            [MissingVariable {
                name: "DATABASE_URL".to_owned(),
                value: "sqlite:///library.db".to_owned(),
                source: ".env".to_owned(),
            }]
        );
        assert!(!probed.failures.is_empty());
        run(&mut library, "export DATABASE_URL=sqlite:///library.db");
        let probed = library.probe();
        assert_eq!((probed.missing, probed.failures), (vec![], vec![]));
    }

    #[test]
    fn a_project_for_a_server_says_which_and_whether_its_sql_is_written() {
        let mut library = session("library");
        let config = String::from_utf8(library.host.read("alembic.ini").expect("it is there"));
        let config = config
            .expect("a text")
            .replace("sqlite:///library.db", "postgresql://u:p@localhost/app");
        write(&library, "alembic.ini", &config);
        library.view();
        let probed = library.probe();
        assert_eq!(
            probed.server,
            Some(Server {
                name: "PostgreSQL".to_owned(),
                writes_sql: true,
                in_config: true,
            })
        );
    }
}
