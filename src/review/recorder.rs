//! Records a run, for the step view and for reviews.

use std::cell::RefCell;
use std::rc::Rc;

use super::database::take;
use super::operation::{RecordedOperation, recorded};
use crate::operations::OperationCall;
use ground::diagnostic::{Error, Location};
use ground::event::{Event, Observer, TableLock};
use ground::hash::HashSet;
use ground::host::Host;
use sqlalchemy::image::{self, Image};

/// The role of a statement in a `batch_alter_table` that recreates the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// An ordinary statement.
    Statement,
    /// `BEGIN`, `COMMIT`, `ROLLBACK`.
    Transaction,
    /// Batch mode creates the new table.
    BatchCreate,
    /// Batch mode copies the rows.
    BatchCopy,
    /// Batch mode drops the old table.
    BatchDrop,
    /// Batch mode renames the new table to the old name.
    BatchRename,
}

impl Part {
    /// The role as a word: `statement`, `transaction`, `create`, `copy`, `drop`, `rename`.
    pub fn word(self) -> &'static str {
        match self {
            Part::Statement => "statement",
            Part::Transaction => "transaction",
            Part::BatchCreate => "create",
            Part::BatchCopy => "copy",
            Part::BatchDrop => "drop",
            Part::BatchRename => "rename",
        }
    }
}

/// An executed statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executed {
    /// The SQL as it was sent.
    pub sql: String,
    /// Its parameters as text, one list per parameter set.
    pub parameters: Vec<Vec<String>>,
    /// Rows inserted, updated or deleted.
    pub rows: Option<i64>,
    /// Its duration in microseconds.
    pub microseconds: u64,
    /// Path of its database.
    pub database: Option<String>,
    /// The locks that it took on tables, where the database tells.
    pub locks: Vec<TableLock>,
    /// Its role in a batch.
    pub part: Part,
}

/// The databases of a run at one point in time, by path.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Path and image.
    pub databases: Vec<(Rc<str>, Image)>,
}

impl Snapshot {
    /// The image of a database; without a path, the first one.
    pub fn image(&self, path: Option<&str>) -> Option<&Image> {
        self.databases
            .iter()
            .find(|(known, _)| path.is_none_or(|path| path == &**known))
            .map(|(_, image)| image)
    }
}

/// A step: an operation of a revision, or direct use of the connection between two operations.
#[derive(Clone, Debug)]
pub struct Step {
    /// The operation's name in `op`, such as `create_table`; empty for statements on the
    /// connection, and `alembic_version` for the update of the version table.
    pub name: String,
    /// The call site in the script.
    pub location: Option<Location>,
    /// The operation as data.
    pub operation: Option<RecordedOperation>,
    /// Whether it is deferred inside a `batch_alter_table`, whose own step has the statements.
    pub batch: bool,
    /// The statements that it executed, in order.
    pub statements: Vec<Executed>,
    /// Its error, if it failed.
    pub error: Option<Error>,
    /// The databases before it, unless the memory cap was reached.
    pub before: Option<Rc<Snapshot>>,
    /// The databases after it, unless the memory cap was reached.
    pub after: Option<Rc<Snapshot>>,
}

impl Step {
    /// The total duration of its statements in microseconds.
    pub fn microseconds(&self) -> u64 {
        self.statements
            .iter()
            .map(|statement| statement.microseconds)
            .sum()
    }

    /// The rows affected by its statements, including those that batch mode copied.
    pub fn rows(&self) -> i64 {
        self.statements
            .iter()
            .filter_map(|statement| statement.rows)
            .sum()
    }
}

/// The recording of one revision.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The revision.
    pub revision: String,
    /// `upgrade`, `downgrade` or `stamp`.
    pub direction: &'static str,
    /// First line of its message.
    pub message: String,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// Its error, if it failed.
    pub error: Option<Error>,
    /// Whether it completed.
    pub finished: bool,
    /// Whether the memory cap was reached, so that later steps have no images.
    pub truncated: bool,
}

impl Timeline {
    /// The bytes of images held by this timeline, except those already in `seen`.
    pub fn weight(&self, seen: &mut HashSet<*const u8>) -> usize {
        self.steps
            .iter()
            .flat_map(|step| [&step.before, &step.after])
            .flatten()
            .flat_map(|snapshot| &snapshot.databases)
            .map(|(_, image)| image.weight(seen))
            .sum()
    }

    /// The renames of a step; for a batch, those of its deferred operations.
    pub fn renames(&self, step: usize) -> super::Renames {
        match self.steps.get(step) {
            Some(one) if one.error.is_none() => {
                let first = if one.batch { step } else { self.batch_of(step) };
                super::Renames::of_steps(&self.steps[first..=step])
            }
            _ => super::Renames::default(),
        }
    }

    /// The first deferred step of a batch, or the step itself.
    fn batch_of(&self, step: usize) -> usize {
        let waiting = self.steps[..step].iter().rev();
        step - waiting.take_while(|step| step.batch).count()
    }

    /// The steps that took effect: without a failed one and its deferred steps.
    pub fn effective(&self) -> &[Step] {
        match self.steps.iter().position(|step| step.error.is_some()) {
            Some(failed) => &self.steps[..self.batch_of(failed)],
            None => &self.steps,
        }
    }

    /// The databases before the first step.
    pub fn before(&self) -> Option<&Rc<Snapshot>> {
        self.steps.first()?.before.as_ref()
    }

    /// The databases after the last step.
    pub fn after(&self) -> Option<&Rc<Snapshot>> {
        self.steps.last()?.after.as_ref()
    }
}

struct State {
    timelines: Vec<Timeline>,
    /// Whether a revision is running.
    running: bool,
    /// The unfinished call of the last step.
    call: Option<Rc<OperationCall>>,
    paths: Vec<Rc<str>>,
    last: Option<Rc<Snapshot>>,
    /// Whether something was written since the last snapshot.
    changed: bool,
    used: usize,
    truncated: bool,
    failure: Option<Error>,
}

/// Observes a run: install it as the run's observer, or forward events to it
/// ([`hear`](Recorder::hear) and `operation_ended`); then take the timelines.
pub struct Recorder {
    host: Rc<dyn Host>,
    cap: usize,
    state: RefCell<State>,
}

impl Observer for Recorder {
    fn event(&self, event: Event) {
        self.hear(&event);
    }
    fn operation_ended(&self) {
        self.close_step();
    }
    fn watches_locks(&self) -> bool {
        true
    }
}

impl Recorder {
    /// The default cap on recorded images, in bytes.
    pub const CAP: usize = 64 << 20;

    /// Creates a recorder for runs on this host. At most `cap` bytes of images are kept; later
    /// steps are recorded without images, and the timeline is marked as truncated.
    pub fn new(host: &Rc<dyn Host>, cap: usize) -> Self {
        Recorder {
            host: host.clone(),
            cap,
            state: RefCell::new(State {
                timelines: Vec::new(),
                running: false,
                call: None,
                paths: Vec::new(),
                last: None,
                changed: true,
                used: 0,
                truncated: false,
                failure: None,
            }),
        }
    }

    /// Takes the recorded timelines.
    pub fn take(&self) -> Vec<Timeline> {
        let mut state = self.state.borrow_mut();
        state.running = false;
        state.call = None;
        state.last = None;
        state.used = 0;
        state.truncated = false;
        std::mem::take(&mut state.timelines)
    }

    /// The last failure of the run, inside or outside a revision.
    pub fn failure(&self) -> Option<Error> {
        self.state.borrow().failure.clone()
    }

    /// Paths of the databases in which statements were executed.
    pub fn databases(&self) -> Vec<Rc<str>> {
        self.state.borrow().paths.clone()
    }

    /// Handles an event.
    pub fn hear(&self, event: &Event) {
        match event {
            Event::RevisionStarted {
                revision,
                direction,
                message,
            } => {
                let mut state = self.state.borrow_mut();
                state.timelines.push(Timeline {
                    revision: revision.clone(),
                    direction,
                    message: message.clone(),
                    steps: Vec::new(),
                    error: None,
                    finished: false,
                    truncated: false,
                });
                state.running = true;
                state.changed = true;
            }
            Event::Operation {
                name,
                location,
                call,
            } => {
                let call = call
                    .clone()
                    .and_then(|call| call.downcast::<OperationCall>().ok());
                self.close_step();
                let before = self.snapshot();
                let mut state = self.state.borrow_mut();
                if !state.running {
                    return;
                }
                let step = Step {
                    name: name.clone(),
                    location: location.clone(),
                    operation: call
                        .as_ref()
                        .and_then(|call| call.operation.as_ref().zip(call.dialect.as_ref()))
                        .map(|(operation, dialect)| recorded(operation, dialect)),
                    batch: call.as_ref().is_some_and(|call| call.batch),
                    statements: Vec::new(),
                    error: None,
                    before,
                    after: None,
                };
                state.call = call;
                if let Some(timeline) = state.timelines.last_mut() {
                    timeline.steps.push(step);
                }
            }
            Event::Statement {
                sql,
                parameters,
                rows,
                microseconds,
                database,
                locks,
            } => {
                if let Some(path) = database {
                    let mut state = self.state.borrow_mut();
                    if !state.paths.iter().any(|known| **known == **path) {
                        state.paths.push(path.as_str().into());
                    }
                }
                self.statement(Executed {
                    sql: sql.clone(),
                    parameters: parameters.clone(),
                    rows: *rows,
                    microseconds: *microseconds,
                    database: database.clone(),
                    locks: locks.clone(),
                    part: Part::Statement,
                });
            }
            Event::Transaction { action } => self.statement(Executed {
                sql: (*action).to_owned(),
                parameters: Vec::new(),
                rows: None,
                microseconds: 0,
                database: None,
                locks: Vec::new(),
                part: Part::Transaction,
            }),
            Event::RevisionFinished { .. } => {
                self.close_step();
                let mut state = self.state.borrow_mut();
                state.running = false;
                let truncated = state.truncated;
                if let Some(timeline) = state.timelines.last_mut() {
                    timeline.finished = true;
                    timeline.truncated = truncated;
                }
            }
            Event::Failed { error } => {
                let mut state = self.state.borrow_mut();
                state.failure = Some(error.clone());
                if state.running
                    && let Some(timeline) = state.timelines.last_mut()
                {
                    timeline.error = Some(error.clone());
                }
            }
        }
    }

    fn statement(&self, mut statement: Executed) {
        let writes = writes(&statement.sql);
        let mut state = self.state.borrow_mut();
        if !state.running {
            state.changed |= writes;
            return;
        }
        if state.call.is_none() && statement.part == Part::Statement && writes {
            let name = if touches_version(&statement.sql) {
                "alembic_version"
            } else {
                ""
            };
            let continues = state
                .timelines
                .last()
                .and_then(|timeline| timeline.steps.last())
                .is_some_and(|step| step.name == name && step.operation.is_none());
            if !continues {
                drop(state);
                // The statement has already run: the state before it is that after the previous
                // step.
                let before = self.state.borrow().last.clone();
                self.close_step_with(before.clone());
                state = self.state.borrow_mut();
                if let Some(timeline) = state.timelines.last_mut() {
                    timeline.steps.push(Step {
                        name: name.to_owned(),
                        location: None,
                        operation: None,
                        batch: false,
                        statements: Vec::new(),
                        error: None,
                        before,
                        after: None,
                    });
                }
            }
        }
        state.changed |= writes;
        let Some(step) = state
            .timelines
            .last_mut()
            .and_then(|timeline| timeline.steps.last_mut())
        else {
            return;
        };
        if step.name == "batch_alter_table" && statement.part == Part::Statement {
            statement.part = batch_part(&statement.sql);
        }
        step.statements.push(statement);
    }

    /// Completes the last step with its error and the databases after it.
    fn close_step(&self) {
        let after = self.snapshot();
        self.close_step_with(after);
    }

    fn close_step_with(&self, after: Option<Rc<Snapshot>>) {
        let mut state = self.state.borrow_mut();
        let call = state.call.take();
        if !state.running {
            return;
        }
        let Some(step) = state
            .timelines
            .last_mut()
            .and_then(|timeline| timeline.steps.last_mut())
        else {
            return;
        };
        if let Some(call) = call
            && let Some(Err(error)) = &*call.outcome.borrow()
        {
            step.error = Some(error.clone());
        }
        if step.after.is_none() {
            step.after = after;
        }
    }

    fn snapshot(&self) -> Option<Rc<Snapshot>> {
        let (paths, last) = {
            let state = self.state.borrow();
            if !state.running || state.truncated {
                return None;
            }
            if !state.changed && state.last.is_some() {
                return state.last.clone();
            }
            (state.paths.clone(), state.last.clone())
        };
        let mut snapshot = Snapshot::default();
        let mut new = 0;
        for path in paths {
            let earlier = last
                .as_ref()
                .and_then(|last| last.image(Some(&path)).cloned());
            // Nor is one captured whose transaction, in which a revision runs, nobody else sees.
            if image::owner(&path).is_ok_and(|images| !images.sees_uncommitted()) {
                continue;
            }
            // A database that belongs to no dialect cannot be captured; it is skipped.
            let Ok(image) = take(&self.host, &path, earlier.as_ref()) else {
                continue;
            };
            new += image.added_since(earlier.as_ref());
            snapshot.databases.push((path, image));
        }
        let mut state = self.state.borrow_mut();
        state.used += new;
        state.changed = false;
        if state.used > self.cap {
            state.truncated = true;
            return None;
        }
        let snapshot = Rc::new(snapshot);
        state.last = Some(snapshot.clone());
        Some(snapshot)
    }
}

/// The keywords of a statement, in upper case, up to the first parenthesis.
fn first_words(sql: &str) -> Vec<String> {
    sql.split(|c: char| c.is_whitespace() || c == '(')
        .filter(|word| !word.is_empty())
        .take(6)
        .map(str::to_ascii_uppercase)
        .collect()
}

fn writes(sql: &str) -> bool {
    let words = first_words(sql);
    words.first().is_some_and(|first| !image::only_reads(first))
}

fn touches_version(sql: &str) -> bool {
    first_words(sql)
        .iter()
        .any(|word| word.trim_matches('"') == "ALEMBIC_VERSION")
}

fn batch_part(sql: &str) -> Part {
    let words = first_words(sql);
    let temporary = words
        .iter()
        .any(|word| word.trim_matches('"').starts_with("_ALEMBIC_TMP_"));
    match words.first().map(String::as_str) {
        Some("CREATE") if temporary => Part::BatchCreate,
        Some("INSERT") if temporary => Part::BatchCopy,
        Some("ALTER") if temporary => Part::BatchRename,
        Some("DROP") if words.get(1).is_some_and(|word| word == "TABLE") && !temporary => {
            Part::BatchDrop
        }
        _ => Part::Statement,
    }
}
