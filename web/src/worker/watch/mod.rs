//! Recordings of runs for the step view, differences between two states, and the SQL that a revision would
//! run.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use limbeck::ground::diagnostic;
use limbeck::ground::event;
use limbeck::ground::hash::HashSet;
use limbeck::ground::host::Host;
use limbeck::ground::run::Run;
use limbeck::review::{self, Recorder, Renames, Timeline};
use limbeck::sqlalchemy::image::Image;
use protocol::{
    Blocks, CopyOf, DatabaseDifference, Difference, Direction, Failure, Made, Recording, SqlText,
    Step, StepLock, StepStatement, Steps, WatchAnswer, WatchRequest,
};

use crate::database::image;
use crate::engine;
use crate::postgresql;
use crate::session::{RunObserver, Session, failed};
use crate::workspace::{FileKindOf as _, Files, WorkspaceHost, relative};

mod words;

/// How many recordings are kept.
const RECORDINGS: usize = 60;

/// How many bytes of databases they keep, all together.
const RECORDED_BYTES: usize = 48 << 20;

/// With databases larger than this, what a step changed is not kept: each step would copy them.
const RECORDED_DATABASES: usize = 16 << 20;

/// Rows that a difference names, a table.
const SAMPLE: usize = 20;

/// How long a run on a copy may take, in microseconds.
const REHEARSAL_LIMIT: u64 = 20_000_000;

/// How long the SQL of one dialect may take, in microseconds.
const SQL_LIMIT: u64 = 6_000_000;

/// A dialect that SQL is written for.
struct Dialect {
    /// SQLAlchemy's name.
    name: &'static str,
    /// The database's own.
    title: &'static str,
    /// The class that Alembic names when it has the dialect, and the URL that chooses it; without
    /// one the project's own is used.
    instead: Option<(&'static str, &'static str)>,
    /// Whether its SQL was compared with Alembic's.
    compared: bool,
}

/// The dialects, in the order in which they are shown. Another one is another entry.
const DIALECTS: &[Dialect] = &[
    Dialect {
        name: "sqlite",
        title: "SQLite",
        instead: None,
        compared: true,
    },
    Dialect {
        name: "postgresql",
        title: "PostgreSQL",
        instead: Some(("PostgresqlImpl", "postgresql://localhost/app")),
        compared: false,
    },
];

/// A run that is kept.
struct Kept {
    number: u32,
    /// Counts the command lines: what one line ran belongs together.
    run: u32,
    command: String,
    direction: Direction,
    copy: Option<CopyOf>,
    path: String,
    text: String,
    timeline: Timeline,
}

/// The runs that are kept.
#[derive(Default)]
pub struct Recordings {
    kept: Vec<Kept>,
    /// Of the line that runs now, with the files after each command.
    fresh: Vec<(Timeline, Files)>,
    last: u32,
    runs: u32,
    /// What the command of an entry of the history renamed.
    renames: BTreeMap<u32, Renames>,
}

impl Recordings {
    /// Forgets what the line that runs now has recorded.
    pub(crate) fn forget_line(&mut self) {
        self.fresh.clear();
    }

    fn keep(&mut self, fresh: Vec<Kept>) {
        for kept in fresh {
            self.kept.retain(|known| {
                (
                    &known.timeline.revision,
                    known.direction,
                    known.copy.is_some(),
                ) != (&kept.timeline.revision, kept.direction, kept.copy.is_some())
            });
            self.kept.push(kept);
        }
        let surplus = self.kept.len().saturating_sub(RECORDINGS);
        self.kept.drain(..surplus);
        // The newest are counted first, so that the oldest go.
        let mut seen = HashSet::default();
        let mut bytes = 0;
        let fit = self
            .kept
            .iter()
            .rev()
            .take_while(|kept| {
                bytes += kept.timeline.weight(&mut seen);
                bytes <= RECORDED_BYTES
            })
            .count();
        let surplus = self.kept.len().saturating_sub(fit.max(1));
        self.kept.drain(..surplus);
    }
}

fn direction_of(timeline: &Timeline) -> Option<Direction> {
    match timeline.direction {
        "upgrade" => Some(Direction::Upgrade),
        "downgrade" => Some(Direction::Downgrade),
        _ => None,
    }
}

impl Session {
    /// A recorder for a command line that begins.
    pub(crate) fn recorder(&mut self) -> Recorder {
        self.recordings.runs += 1;
        let files = self.host.files();
        let size: usize = files
            .databases()
            .iter()
            .filter_map(|path| files.files.get(path))
            .map(|contents| contents.len())
            .sum();
        let cap = if size > RECORDED_DATABASES {
            0
        } else {
            RECORDED_BYTES
        };
        let host: Rc<dyn Host> = self.host.clone();
        Recorder::new(&host, cap)
    }

    /// Takes what a command recorded.
    pub(crate) fn gather(&mut self, watch: &RunObserver) {
        let Some(recorder) = &watch.recorder else {
            return;
        };
        let files = self.host.files();
        self.recordings.fresh.extend(
            recorder
                .take()
                .into_iter()
                // `--sql` runs nothing.
                .filter(|timeline| {
                    timeline.error.is_some()
                        || timeline
                            .steps
                            .iter()
                            .any(|step| !step.statements.is_empty())
                })
                .map(|timeline| (timeline, files.clone())),
        );
    }

    /// Keeps what a command line recorded; `entry` is its number in the history.
    pub(crate) fn keep_recordings(&mut self, line: &str, entry: Option<u32>) {
        let fresh = std::mem::take(&mut self.recordings.fresh);
        if fresh.is_empty() {
            return;
        }
        if let Some(entry) = entry {
            let renames = Renames::of(fresh.iter().map(|(timeline, _)| timeline));
            if renames != Renames::default() {
                self.recordings.renames.insert(entry, renames);
            }
        }
        let paths = self.script_paths();
        let kept = fresh
            .into_iter()
            .filter_map(|(timeline, files)| {
                let direction = direction_of(&timeline)?;
                Some(self.kept(&paths, timeline, direction, None, line.trim(), &files))
            })
            .collect();
        self.recordings.keep(kept);
    }

    /// The paths of the scripts, by revision.
    fn script_paths(&mut self) -> BTreeMap<String, String> {
        let files = self.host.files();
        self.read_migrations(&files)
            .migrations
            .revisions
            .iter()
            .map(|revision| (revision.id.clone(), revision.path.clone()))
            .collect()
    }

    fn kept(
        &mut self,
        paths: &BTreeMap<String, String>,
        timeline: Timeline,
        direction: Direction,
        copy: Option<CopyOf>,
        command: &str,
        files: &Files,
    ) -> Kept {
        let path = paths
            .get(&timeline.revision)
            .cloned()
            .or_else(|| {
                let location = timeline
                    .steps
                    .iter()
                    .find_map(|step| step.location.as_ref())?;
                Some(relative(&self.host.path(&location.path)))
            })
            .unwrap_or_default();
        let text = files
            .files
            .get(&crate::workspace::absolute(&path))
            .map(|contents| String::from_utf8_lossy(contents).into_owned())
            .unwrap_or_default();
        // Of a worker that was started again the numbers are others.
        let least = (self.host.now().microseconds / 100_000) as u32;
        self.recordings.last = self.recordings.last.wrapping_add(1).max(least);
        Kept {
            number: self.recordings.last,
            run: self.recordings.runs,
            command: command.to_owned(),
            direction,
            copy,
            path,
            text,
            timeline,
        }
    }

    /// Answers what has to do with watching.
    pub(crate) fn watch(&mut self, request: WatchRequest) -> Result<WatchAnswer, Failure> {
        match request {
            WatchRequest::Steps {
                revision,
                direction,
            } => Ok(WatchAnswer::Steps(Box::new(
                self.steps(&revision, direction),
            ))),
            WatchRequest::Rehearse {
                revision,
                direction,
            } => self
                .rehearse(&revision, direction)
                .map(|steps| WatchAnswer::Steps(Box::new(steps))),
            WatchRequest::StepDifference { recording, step } => self
                .step_difference(recording, step as usize)
                .map(WatchAnswer::StepDifference),
            WatchRequest::Difference { from, to } => {
                self.difference(from, to).map(WatchAnswer::Difference)
            }
            WatchRequest::Sql { revision } => self.sql_of(&revision).map(WatchAnswer::Sql),
        }
    }

    // ---- steps

    fn steps(&mut self, revision: &str, direction: Option<Direction>) -> Steps {
        let shown = self
            .recordings
            .kept
            .iter()
            .rev()
            .find(|kept| {
                kept.timeline.revision == revision
                    && direction
                        .is_none_or(|direction| kept.direction == direction && kept.copy.is_none())
            })
            .map(|kept| self.recording(kept));
        self.offered(revision, shown)
    }

    fn offered(&self, revision: &str, shown: Option<Recording>) -> Steps {
        let recorded = |direction: Direction| {
            self.recordings.kept.iter().any(|kept| {
                kept.timeline.revision == revision
                    && kept.direction == direction
                    && kept.copy.is_none()
            })
        };
        Steps {
            recorded: [Direction::Upgrade, Direction::Downgrade]
                .into_iter()
                .filter(|direction| recorded(*direction))
                .collect(),
            shown,
        }
    }

    fn rehearse(&mut self, revision: &str, direction: Direction) -> Result<Steps, Failure> {
        let copy = Rc::new(self.host.copy());
        let watch = self.quiet(&copy, REHEARSAL_LIMIT);
        let run = Run::observed(copy, watch);
        let rehearsal = review::rehearse(&run, revision, direction == Direction::Downgrade)
            .map_err(|error| {
                if error.is_cancelled() {
                    failed(words::too_long(REHEARSAL_LIMIT / 1_000_000))
                } else {
                    engine::failure(&error, &self.host)
                }
            })?;
        let of = match rehearsal.ground {
            review::Ground::Here => CopyOf::Here,
            review::Ground::TakenBack => CopyOf::TakenBack,
            review::Ground::Empty => CopyOf::Empty,
        };
        self.recordings.runs += 1;
        let files = self.host.files();
        let paths = self.script_paths();
        let kept = self.kept(&paths, rehearsal.timeline, direction, Some(of), "", &files);
        let number = kept.number;
        self.recordings.keep(vec![kept]);
        let shown = self
            .recordings
            .kept
            .iter()
            .find(|kept| kept.number == number)
            .map(|kept| self.recording(kept));
        Ok(self.offered(revision, shown))
    }

    /// An observer that only ends what takes too long.
    fn quiet(&self, copy: &Rc<WorkspaceHost>, limit: u64) -> Rc<RunObserver> {
        let outside = self.host.outside.clone();
        Rc::new(RunObserver {
            host: copy.clone(),
            events: std::cell::RefCell::default(),
            listener: None,
            deadline: Some((outside.elapsed)() + limit),
            outside,
            recorder: None,
            timings: std::cell::Cell::default(),
        })
    }

    fn recording(&self, kept: &Kept) -> Recording {
        let host = &self.host;
        let timeline = &kept.timeline;
        let place = self
            .recordings
            .kept
            .iter()
            .position(|known| known.number == kept.number)
            .unwrap_or_default();
        let beside = |index: Option<usize>| {
            index
                .and_then(|index| self.recordings.kept.get(index))
                .filter(|other| other.run == kept.run)
                .map(|other| other.timeline.revision.clone())
        };
        let now = host
            .files()
            .files
            .get(&crate::workspace::absolute(&kept.path))
            .cloned();
        Recording {
            number: kept.number,
            revision: timeline.revision.clone(),
            direction: kept.direction,
            copy: kept.copy,
            command: kept.command.clone(),
            path: kept.path.clone(),
            outdated: now.is_none_or(|now| now.as_slice() != kept.text.as_bytes()),
            text: kept.text.clone(),
            steps: timeline
                .steps
                .iter()
                .map(|step| self.step(step, kept))
                .collect(),
            failure: timeline
                .error
                .as_ref()
                .map(|error| engine::failure(error, host)),
            truncated: timeline.truncated || timeline.steps.iter().any(|step| step.after.is_none()),
            previous: beside(place.checked_sub(1)),
            next: beside(place.checked_add(1)),
        }
    }

    fn step(&self, step: &review::Step, kept: &Kept) -> Step {
        let place = step
            .location
            .as_ref()
            .map(|location| engine::place(location, &self.host));
        Step {
            name: step.name.clone(),
            call: place
                .as_ref()
                .filter(|place| place.path == kept.path)
                .map(|place| call_at(&kept.text, place))
                .unwrap_or_default(),
            place,
            waits: step.batch,
            statements: step
                .statements
                .iter()
                .map(|statement| StepStatement {
                    part: statement.part.word().to_owned(),
                    sql: statement.sql.trim().to_owned(),
                    parameters: statement.parameters.clone(),
                    rows: statement.rows,
                    microseconds: statement.microseconds,
                    locks: statement.locks.iter().map(lock).collect(),
                })
                .collect(),
            microseconds: step.microseconds(),
            rows: step.rows(),
            failure: step
                .error
                .as_ref()
                .map(|error| engine::failure(error, &self.host)),
            kept: step.before.is_some() && step.after.is_some(),
        }
    }

    fn step_difference(
        &self,
        recording: u32,
        step: usize,
    ) -> Result<Option<Vec<DatabaseDifference>>, Failure> {
        let timeline = &self
            .recordings
            .kept
            .iter()
            .find(|kept| kept.number == recording)
            .ok_or_else(|| failed(words::GONE))?
            .timeline;
        let one = timeline
            .steps
            .get(step)
            .ok_or_else(|| failed(words::NO_STEP))?;
        let (Some(before), Some(after)) = (&one.before, &one.after) else {
            return Ok(None);
        };
        let renames = timeline.renames(step);
        let mut databases = Vec::new();
        for (path, image) in &after.databases {
            let old = before.image(Some(path));
            if !old.map_or(image.is_empty(), |old| old.same(image)) {
                let images = match old {
                    Some(old) => Ok((old.clone(), image.clone())),
                    None => image::read(&[]).map(|old| (old, image.clone())),
                };
                databases.push(self.compare_images(path, images, &renames));
            }
        }
        Ok(Some(databases))
    }

    // ---- states

    /// The states before and after the last command.
    pub(crate) fn last_run(&self) -> Option<(u32, u32)> {
        let history = &self.history;
        history
            .path(history.at)
            .into_iter()
            .rev()
            .filter_map(|number| history.state(number))
            .find(|state| state.entry.made == Made::Command)
            .and_then(|state| {
                let before = history.before(state.entry.number)?;
                Some((before.entry.number, state.entry.number))
            })
    }

    /// What happened between two states was renamed like this.
    fn renamed_between(&self, from: u32, to: u32) -> Renames {
        // Followed over one command only: what one renamed another may have renamed back.
        let parent = self.history.before(to);
        if parent.is_some_and(|state| state.entry.number == from) {
            self.recordings
                .renames
                .get(&to)
                .cloned()
                .unwrap_or_default()
        } else {
            Renames::default()
        }
    }

    fn difference(&self, from: Option<u32>, to: Option<u32>) -> Result<Difference, Failure> {
        let last = self.last_run();
        let (from, to) = match (from, to, last) {
            (Some(from), Some(to), _) => (from, to),
            (from, to, Some(last)) => (from.unwrap_or(last.0), to.unwrap_or(last.1)),
            _ => {
                return Ok(Difference {
                    from: 0,
                    to: 0,
                    databases: Vec::new(),
                });
            }
        };
        let files = |number: u32| {
            self.state_files(number)
                .ok_or_else(|| failed(words::no_state(number)))
        };
        let (before, after) = (files(from)?, files(to)?);
        let renames = self.renamed_between(from, to);
        let paths: BTreeSet<String> = before
            .databases()
            .into_iter()
            .chain(after.databases())
            .collect();
        let bytes = |files: &Files, path: &str| {
            files
                .files
                .get(path)
                .filter(|contents| contents.is_database(path))
                .cloned()
                .unwrap_or_default()
        };
        let databases = paths
            .iter()
            .filter_map(|path| {
                let (old, new) = (bytes(&before, path), bytes(&after, path));
                if Rc::ptr_eq(&old, &new) || old == new {
                    return None;
                }
                let images = self
                    .image_of(path, &old)
                    .and_then(|old| Ok((old, self.image_of(path, &new)?)));
                Some(self.compare_images(path, images, &renames))
            })
            .filter(|one| one.failure.is_some() || !one.tables.is_empty())
            .collect();
        Ok(Difference {
            from,
            to,
            databases,
        })
    }

    /// The state that a database was saved as; one of PostgreSQL can be opened where there is a server.
    fn image_of(&self, path: &str, contents: &Rc<Vec<u8>>) -> diagnostic::Result<Image> {
        if postgresql::is_database(path) {
            image::take(&self.snapshot(path, contents).host, path)
        } else {
            image::read(contents)
        }
    }

    fn compare_images(
        &self,
        path: &str,
        images: diagnostic::Result<(Image, Image)>,
        renames: &Renames,
    ) -> DatabaseDifference {
        let difference = images.and_then(|(old, new)| {
            let old = review::Database::from_image(&old)?;
            let new = review::Database::from_image(&new)?;
            review::compare(&old, &new, renames, SAMPLE)
        });
        let (tables, failure) = match difference {
            Ok(difference) => (crate::review::tables(&[difference]), None),
            Err(error) => (Vec::new(), Some(engine::failure(&error, &self.host))),
        };
        DatabaseDifference {
            database: relative(path),
            tables,
            failure,
        }
    }

    // ---- SQL

    fn sql_of(&mut self, revision: &str) -> Result<Vec<SqlText>, Failure> {
        let view = self.view();
        let revision = view
            .migrations
            .revisions
            .iter()
            .find(|known| known.id == revision)
            .ok_or_else(|| failed(words::no_revision(revision)))?;
        let down = revision.down.first().map_or("base", String::as_str);
        let id = &revision.id;
        let mut texts = Vec::new();
        for dialect in DIALECTS {
            for (direction, range) in [
                (Direction::Upgrade, format!("{down}:{id}")),
                (Direction::Downgrade, format!("{id}:{down}")),
            ] {
                texts.extend(self.offline(dialect, direction, &range));
            }
        }
        Ok(texts)
    }

    /// Runs `--sql` on a copy. Gives nothing where the project can't be turned to the dialect.
    fn offline(&self, dialect: &Dialect, direction: Direction, range: &str) -> Option<SqlText> {
        let copy = self.host.copy();
        if let Some((_, url)) = dialect.instead {
            turn(&copy, url)?;
        }
        let output: Rc<std::cell::RefCell<(String, String)>> = Rc::default();
        let heard = output.clone();
        *copy.listener.borrow_mut() = Some(Rc::new(move |stream, text: &str| {
            let mut output = heard.borrow_mut();
            match stream {
                limbeck::ground::host::Stream::Stderr => output.1.push_str(text),
                _ => output.0.push_str(text),
            }
        }));
        let copy = Rc::new(copy);
        let watch = self.quiet(&copy, SQL_LIMIT);
        let arguments = [direction.word(), range, "--sql"].map(str::to_owned);
        let status = engine::alembic(&copy, watch.clone(), &arguments);
        let (text, errors) = output.take();
        // env.py may take its URL from elsewhere: Alembic says which dialect it has.
        if let Some((class, _)) = dialect.instead
            && !errors.contains(class)
        {
            return None;
        }
        let events = watch.events.take();
        Some(SqlText {
            dialect: dialect.name.to_owned(),
            title: dialect.title.to_owned(),
            compared: dialect.compared,
            direction,
            command: format!("alembic {}", arguments.join(" ")),
            text,
            failure: (status != 0)
                .then(|| self.failure_of(&events, &errors))
                .flatten(),
        })
    }
}

/// Gives a copy's alembic.ini another URL.
fn turn(copy: &WorkspaceHost, url: &str) -> Option<()> {
    let contents = copy.read("alembic.ini").ok()?;
    let text = String::from_utf8(contents).ok()?;
    let mut found = false;
    let lines: Vec<String> = text
        .lines()
        .map(|line| match line.split_once('=') {
            Some((name, _)) if name.trim_end() == "sqlalchemy.url" => {
                found = true;
                format!("sqlalchemy.url = {url}")
            }
            _ => line.to_owned(),
        })
        .collect();
    copy.write("alembic.ini", lines.join("\n").as_bytes())
        .ok()?;
    found.then_some(())
}

/// The source of a call, on one line.
fn call_at(text: &str, place: &protocol::Place) -> String {
    let (first, last) = (place.line as usize, place.end_line.max(place.line) as usize);
    let lines: Vec<String> = text
        .lines()
        .enumerate()
        .skip(first.saturating_sub(1))
        .take(last + 1 - first)
        .map(|(index, line)| {
            let number = index + 1;
            let end = if number == last && place.end_column > 1 {
                place.end_column as usize - 1
            } else {
                usize::MAX
            };
            let start = if number == first {
                (place.column as usize).saturating_sub(1)
            } else {
                0
            };
            line.chars()
                .enumerate()
                .filter(|(column, _)| *column >= start && *column < end)
                .map(|(_, character)| character)
                .collect::<String>()
        })
        .collect();
    let words: Vec<&str> = lines
        .iter()
        .flat_map(|line| line.split_whitespace())
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests;

fn lock(lock: &event::TableLock) -> StepLock {
    StepLock {
        table: lock.table.clone(),
        mode: lock.mode.to_owned(),
        blocks: match lock.blocks {
            event::Blocks::SchemaChanges => Blocks::SchemaChanges,
            event::Blocks::Writes => Blocks::Writes,
            event::Blocks::ReadsAndWrites => Blocks::ReadsAndWrites,
        },
        rewritten: lock.rewritten,
    }
}
