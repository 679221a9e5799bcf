//! The state of a project as data, for the page; nothing is printed.

use std::any::Any;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Project;
use crate::autogenerate::{PendingOperation, RevisionArguments, RevisionContext};
use crate::config::{CommandOptions, Config};
use crate::runtime::EnvironmentOptions;
use crate::script::TemplateValue;
use driver;
use ground::diagnostic::{Error, Location, Result};
use ground::host::{DatabasePlace, Host, HostError, Now, Stream};
use ground::run::Run;
use ground::socket::{ServerAddress, Socket, SocketError};
use sqlalchemy::compiler::ddl::{Unseen, create_all};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::schema::MetaData;

/// One revision of the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectRevision {
    /// Its id.
    pub revision: String,
    /// Its parents.
    pub down_revision: Vec<String>,
    /// What it depends on, as real ids.
    pub depends_on: Vec<String>,
    /// Its own and inherited labels.
    pub branch_labels: Vec<String>,
    /// First paragraph of its docstring.
    pub doc: String,
    /// Path of its file.
    pub path: String,
    /// Whether no revision follows it.
    pub is_head: bool,
    /// Whether several follow it.
    pub is_branch_point: bool,
    /// Whether it has several parents.
    pub is_merge_point: bool,
}

/// A database that env.py connects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseState {
    /// Its URL, the password hidden.
    pub url: String,
    /// The revisions in its version table.
    pub current: Vec<String>,
}

/// The state of a project, as far as it could be found out.
#[derive(Clone, Debug, Default)]
pub struct ProjectState {
    /// `script_location`, where there is one.
    pub script_location: Option<String>,
    /// The folders of revision files (`version_locations`), absolute.
    pub version_locations: Vec<String>,
    /// `sqlalchemy.url` of the ini file; env.py may take another.
    pub database_url: Option<String>,
    /// Every revision, newest first.
    pub revisions: Vec<ProjectRevision>,
    /// The heads.
    pub heads: Vec<String>,
    /// The databases that env.py connects to, in its order.
    pub databases: Vec<DatabaseState>,
    /// The error that kept the rest from being found out.
    pub errors: Vec<Error>,
}

impl ProjectState {
    /// The revision that a word means: an id or its beginning, a branch label (its head), `head` where
    /// there is one.
    ///
    /// # Errors
    /// `CommandError` where it means none or several.
    pub fn find(&self, word: &str) -> Result<&ProjectRevision> {
        let revisions = &self.revisions;
        if let Some(exact) = revisions.iter().find(|known| known.revision == word) {
            return Ok(exact);
        }
        let meant = |known: &&ProjectRevision| {
            known.is_head
                && (word == "head" || known.branch_labels.iter().any(|label| label == word))
        };
        let mut found: Vec<&ProjectRevision> = revisions.iter().filter(meant).collect();
        if found.is_empty() {
            let starting = |known: &&ProjectRevision| known.revision.starts_with(word);
            found = revisions.iter().filter(starting).collect();
        }
        match found.as_slice() {
            [only] => Ok(only),
            [] => Err(Error::command(format!(
                "Can't locate revision identified by '{word}'"
            ))),
            [first, second, ..] => Err(Error::command(format!(
                "'{word}' could be {} or {}; name one",
                first.revision, second.revision
            ))),
        }
    }

    /// The revision of exactly this id.
    pub fn find_exact(&self, id: &str) -> Option<&ProjectRevision> {
        self.revisions.iter().find(|known| known.revision == id)
    }

    /// These revisions and all that they build on, by `down_revision` and `depends_on`.
    pub fn ancestors<'a>(&self, of: impl IntoIterator<Item = &'a String>) -> BTreeSet<String> {
        let known: BTreeMap<&str, &ProjectRevision> = self
            .revisions
            .iter()
            .map(|revision| (revision.revision.as_str(), revision))
            .collect();
        let mut found = BTreeSet::new();
        let mut open: Vec<String> = of.into_iter().cloned().collect();
        while let Some(id) = open.pop() {
            if found.contains(&id) {
                continue;
            }
            if let Some(revision) = known.get(id.as_str()) {
                open.extend(revision.down_revision.iter().cloned());
                open.extend(revision.depends_on.iter().cloned());
            }
            found.insert(id);
        }
        found
    }
}

/// What autogenerate would write now, or the error that keeps it from it.
#[derive(Clone, Debug, Default)]
pub struct PendingState {
    /// The operations, one by one.
    pub operations: Vec<PendingOperation>,
    /// Body of `upgrade()`.
    pub upgrade: String,
    /// Body of `downgrade()`.
    pub downgrade: String,
    /// Import lines that the script would need.
    pub imports: String,
    /// Whether there is a revision.
    pub has_revisions: bool,
    /// How many tables env.py's `target_metadata` has.
    pub tables: usize,
    /// The paths of the files that env.py imported.
    pub imported: Vec<String>,
    /// Whether the database must be upgraded first: it does not have all revisions.
    pub behind: bool,
    /// The exception that stopped it, with its places in the text.
    pub error: Option<Error>,
    /// Where the error stands, where that is known.
    pub location: Option<Location>,
}

/// A host that passes everything on to another but drops what is written to the output.
struct Silent(Rc<dyn Host>);

impl Host for Silent {
    fn read(&self, path: &str) -> Result<Vec<u8>, HostError> {
        self.0.read(path)
    }
    fn write(&self, path: &str, contents: &[u8]) -> Result<(), HostError> {
        self.0.write(path, contents)
    }
    fn remove(&self, path: &str) -> Result<(), HostError> {
        self.0.remove(path)
    }
    fn create_directories(&self, path: &str) -> Result<(), HostError> {
        self.0.create_directories(path)
    }
    fn list(&self, path: &str) -> Result<Vec<String>, HostError> {
        self.0.list(path)
    }
    fn is_file(&self, path: &str) -> bool {
        self.0.is_file(path)
    }
    fn is_directory(&self, path: &str) -> bool {
        self.0.is_directory(path)
    }
    fn current_directory(&self) -> String {
        self.0.current_directory()
    }
    fn now(&self) -> Now {
        self.0.now()
    }
    fn random(&self, buffer: &mut [u8]) {
        self.0.random(buffer);
    }
    fn environment_names(&self) -> Vec<String> {
        self.0.environment_names()
    }

    fn environment(&self, name: &str) -> Option<String> {
        self.0.environment(name)
    }
    fn output(&self, _stream: Stream, _text: &str) {}
    fn database(&self, path: &str) -> DatabasePlace {
        self.0.database(path)
    }
    fn time_zone_offset(&self, name: &str, microseconds: i64) -> Option<i32> {
        self.0.time_zone_offset(name, microseconds)
    }
    fn connect(
        &self,
        address: &ServerAddress,
    ) -> std::result::Result<Box<dyn Socket>, SocketError> {
        self.0.connect(address)
    }
    fn server_settings(
        &self,
        name: &str,
        settings: Rc<dyn Any>,
    ) -> std::result::Result<Rc<dyn Any>, SocketError> {
        self.0.server_settings(name, settings)
    }
    fn copy_of_servers(&self) -> Option<Rc<dyn Host>> {
        self.0.copy_of_servers()
    }
}

fn open(run: &Run) -> Result<Project> {
    let silent = Run::observed(Rc::new(Silent(run.host.clone())), run.observer.clone());
    let config = Config::from_options(&silent, CommandOptions::default())?;
    Project::open(&config)
}

/// Finds the scripts of a project, without running env.py: its state without databases.
pub fn describe_scripts(run: &Run) -> ProjectState {
    let mut state = ProjectState::default();
    if let Some(project) = read_scripts(run, &mut state) {
        drop(project);
        let _ = driver::finish(&run.host);
    }
    state
}

fn read_scripts(run: &Run, state: &mut ProjectState) -> Option<Project> {
    let project = match open(run) {
        Ok(project) => project,
        Err(error) => {
            state.errors.push(error);
            return None;
        }
    };
    state.script_location = Some(project.script.dir().to_owned());
    state.version_locations = project.script.version_locations().to_vec();
    state.database_url = project
        .config
        .get_main_option("sqlalchemy.url")
        .ok()
        .flatten();
    match revisions(&project) {
        Ok((revisions, heads)) => {
            state.revisions = revisions;
            state.heads = heads;
        }
        Err(error) => state.errors.push(error),
    }
    Some(project)
}

/// Finds the state of a project. Nothing is written but what env.py itself writes; the version
/// table is not made.
pub fn describe(run: &Run) -> ProjectState {
    let mut state = ProjectState::default();
    let Some(project) = read_scripts(run, &mut state) else {
        return state;
    };
    let databases: Rc<RefCell<Vec<DatabaseState>>> = Rc::default();
    let found = databases.clone();
    let result = project.environment.run_env(
        &project.script,
        EnvironmentOptions {
            migrations: Some(Rc::new(move |heads, context| {
                if let Some(connection) = context.connection() {
                    found.borrow_mut().push(DatabaseState {
                        url: connection.engine().url().render_as_string(true),
                        current: heads.to_vec(),
                    });
                }
                Ok(Vec::new())
            })),
            dont_mutate: true,
            ..EnvironmentOptions::default()
        },
    );
    if let Err(error) = result {
        state.errors.push(error);
    }
    state.databases = databases.borrow().clone();
    let _ = driver::finish(&run.host);
    state
}

/// The statements that would make the tables of env.py's `target_metadata` in an empty database of
/// the dialect that env.py works with. The project is worked on as a command does, so give it a
/// copy.
///
/// # Errors
/// What reading the project or running env.py raises, and `sqlalchemy.exc.CompileError` for a table
/// that can't be written as SQL.
pub fn model_statements(run: &Run) -> Result<Vec<String>> {
    let project = open(run)?;
    let found: Rc<RefCell<Vec<(MetaData, Dialect)>>> = Rc::default();
    let seen = found.clone();
    let result = project.environment.run_env(
        &project.script,
        EnvironmentOptions {
            migrations: Some(Rc::new(move |_, context| {
                let metadata = context.options().target_metadata.all().into_iter();
                let dialect = context.dialect();
                seen.borrow_mut()
                    .extend(metadata.map(|metadata| (metadata, dialect.clone())));
                Ok(Vec::new())
            })),
            dont_mutate: true,
            ..EnvironmentOptions::default()
        },
    );
    let _ = driver::finish(&run.host);
    result?;
    let mut statements = Vec::new();
    for (metadata, dialect) in found.borrow().iter() {
        // A table that two databases share is made once.
        for statement in create_all(metadata, None, dialect, &Unseen(false))? {
            if !statements.contains(&statement) {
                statements.push(statement);
            }
        }
    }
    Ok(statements)
}

fn revisions(project: &Project) -> Result<(Vec<ProjectRevision>, Vec<String>)> {
    let scripts = project
        .script
        .walk_revisions(&"base".into(), &"heads".into())?;
    let revisions = scripts
        .iter()
        .map(|script| ProjectRevision {
            revision: script.revision.clone(),
            down_revision: script.down_revision.clone(),
            depends_on: script.resolved_dependencies().clone(),
            branch_labels: script.branch_labels().iter().cloned().collect(),
            doc: script.doc(),
            path: script.path().to_owned(),
            is_head: script.is_head(),
            is_branch_point: script.is_branch_point(),
            is_merge_point: script.is_merge_point(),
        })
        .collect();
    Ok((revisions, project.script.get_heads(false)?))
}

/// Finds what `alembic revision --autogenerate` would write. The project and its databases are
/// worked on as that command does, so give it copies.
pub fn pending(run: &Run) -> PendingState {
    match compare(run) {
        Ok(state) => state,
        Err(error) => refused(error, false),
    }
}

fn refused(error: Error, behind: bool) -> PendingState {
    PendingState {
        behind,
        location: error.traceback.last().map(|frame| frame.location.clone()),
        error: Some(error),
        ..PendingState::default()
    }
}

fn compare(run: &Run) -> Result<PendingState> {
    let project = open(run)?;
    let context = RevisionContext::new(
        &project.config,
        &project.script,
        RevisionArguments::default(),
    );
    if let Err(error) = project.run_revision_environment(&context, true, false) {
        return Ok(refused(error, context.is_database_behind()));
    }
    let mut state = PendingState {
        operations: project.environment.lend(|| context.pending_operations())?,
        has_revisions: !project.script.get_heads(false)?.is_empty(),
        tables: context.metadata_tables(),
        imported: project.environment.with_interpreter(|vm| {
            let files = vm.imported_files();
            Ok(files.iter().map(|path| path.to_string()).collect())
        })?,
        ..PendingState::default()
    };
    let script = context.generated_revisions().borrow().last().cloned();
    if let Some(script) = script {
        let script = script.borrow().clone();
        let arguments = context.rendered(&script)?;
        let text = |suffix: &str| -> String {
            let bodies: Vec<String> = arguments
                .iter()
                .filter(|(name, _)| name.ends_with(suffix))
                .filter_map(|(_, value)| match value {
                    TemplateValue::Text(text) => Some(text.clone()),
                    _ => None,
                })
                .collect();
            bodies.join("\n\n")
        };
        state.upgrade = text("upgrades");
        state.downgrade = text("downgrades");
        state.imports = text("imports");
    }
    Ok(state)
}
