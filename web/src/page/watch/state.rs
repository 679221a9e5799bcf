//! Recorded runs, what they changed, their SQL, and the player.

use std::collections::BTreeMap;
use std::rc::Rc;

use protocol::{
    DatabaseDifference, Difference, Direction, Event, Failure, FileEntry, HistoryEntry, Ran,
    Recording, SqlText, Step, Steps,
};

use crate::app::state::Pane;
use crate::database::state::DatabaseTab;
use crate::migrations::state::ScriptTab;
use crate::state::State;

/// How fast steps can be played: as it is called, and how many of a hundredth of a second a step's
/// time is divided by.
pub const SPEEDS: [(&str, u32); 4] = [("0.5×", 50), ("1×", 100), ("2×", 200), ("4×", 400)];

/// What is asked for and what came, or why it did not.
pub type Told<T> = Result<Rc<T>, Failure>;

/// What one step changed; nothing where that was not kept.
pub type StepChanges = Told<Option<Vec<DatabaseDifference>>>;

/// Steps that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Of which revision.
    pub revision: Rc<str>,
    /// How many commands had run then: after another one they may be others.
    pub runs: u32,
    /// The files then.
    pub files: Rc<Vec<FileEntry>>,
    /// The steps.
    pub steps: Told<Steps>,
}

/// A difference that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The states that were asked for.
    pub between: Between,
    /// The history then.
    pub history: Rc<Vec<HistoryEntry>>,
    /// Where the workspace stood in it.
    pub at: u32,
    /// The difference.
    pub difference: Told<Difference>,
}

/// Two states of the history; nothing stands for those before and after the last command.
pub type Between = (Option<u32>, Option<u32>);

/// SQL that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Of which revision.
    pub revision: Rc<str>,
    /// The files then.
    pub files: Rc<Vec<FileEntry>>,
    /// The texts.
    pub texts: Told<Vec<SqlText>>,
}

/// Everything that can be watched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// How many commands have ended.
    pub runs: u32,
    /// The steps that came last.
    pub watched: Option<Rc<Watched>>,
    /// Whether a run on a copy is in progress.
    pub rehearsing: bool,
    /// The stop that is shown, of [`stops`].
    pub step: usize,
    /// Whether the next one follows by itself.
    pub playing: bool,
    /// Whether to play as soon as the steps are there.
    pub play_when_there: bool,
    /// Which of [`SPEEDS`]; nothing chosen is the usual one.
    pub speed: Option<usize>,
    /// What the steps of the recording changed, as far as it was asked.
    pub changes: Rc<BTreeMap<usize, StepChanges>>,
    /// The states that are compared.
    pub between: Between,
    /// The differences between them.
    pub compared: Option<Rc<Compared>>,
    /// The SQL that came last.
    pub written: Option<Rc<Written>>,
}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum WatchAction {
    /// The steps of a revision are to be shown and played.
    Open(Rc<str>),
    /// A run on a copy is in progress.
    Rehearsing,
    /// Steps came.
    Steps {
        /// Of which revision.
        revision: Rc<str>,
        /// Which.
        steps: Told<Steps>,
    },
    /// A stop is to be shown.
    Go(usize),
    /// Playing begins or ends.
    Play(bool),
    /// The time of the step is over.
    Next,
    /// It is played at another speed.
    Speed(usize),
    /// It is known what a step changed.
    Changes {
        /// Number of the recording.
        recording: u32,
        /// The step.
        step: usize,
        /// What it changed.
        changes: StepChanges,
    },
    /// Two other states are to be compared.
    Between(Between),
    /// A difference came.
    Compared(Rc<Compared>),
    /// SQL came.
    Written(Rc<Written>),
}

/// Where the player stops: at a step, and in a batch at each of its statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The step.
    pub step: usize,
    /// The statement, in a batch.
    pub statement: Option<usize>,
    /// Whether the step ends with it.
    pub last: bool,
}

/// The stops of a recording.
pub fn stops(recording: &Recording) -> Vec<Stop> {
    let mut stops = Vec::new();
    for (number, step) in recording.steps.iter().enumerate() {
        let mut of_step = |statement| {
            stops.push(Stop {
                step: number,
                statement,
                last: false,
            });
        };
        let batch = step.name == "batch_alter_table";
        let mut statements = (0..step.statements.len())
            .filter(|place| batch && step.statements[*place].part != "transaction")
            .peekable();
        if statements.peek().is_none() {
            of_step(None);
        }
        statements.for_each(|place| of_step(Some(place)));
        if let Some(stop) = stops.last_mut() {
            stop.last = true;
        }
    }
    stops
}

impl Watch {
    /// The recording that is shown, if it is of that revision.
    pub fn recording(&self, revision: &str) -> Option<&Recording> {
        self.watched
            .as_ref()
            .filter(|watched| &*watched.revision == revision)?
            .steps
            .as_ref()
            .ok()?
            .shown
            .as_ref()
    }

    /// The speed: its place in [`SPEEDS`].
    pub fn speed(&self) -> usize {
        self.speed.unwrap_or(1)
    }

    /// The recording that came last.
    pub fn shown(&self) -> Option<&Recording> {
        self.recording(&self.watched.as_ref()?.revision)
    }

    fn last(&self) -> usize {
        self.shown()
            .map_or(0, |recording| stops(recording).len().saturating_sub(1))
    }

    /// How long the shown step stays while it is played, in milliseconds: as long as there is
    /// something to read.
    pub fn pause(&self) -> u32 {
        let statements =
            self.shown()
                .map_or(0, |recording| match stops(recording).get(self.step) {
                    Some(stop) if stop.statement.is_none() => {
                        recording.steps[stop.step].statements.len()
                    }
                    stop => stop.iter().len(),
                });
        let reading = 1_400 + 500 * statements.min(6) as u32;
        reading * 100 / SPEEDS[self.speed().min(SPEEDS.len() - 1)].1
    }

    /// Forgets the workspace before.
    pub(crate) fn forget(&mut self) {
        *self = Watch {
            runs: self.runs,
            speed: self.speed,
            ..Watch::default()
        };
    }

    /// A command ended.
    pub(crate) fn ended(&mut self) {
        self.runs += 1;
    }

    pub(crate) fn take(&mut self, action: WatchAction) {
        match action {
            // What it does to the page is the state's own affair.
            WatchAction::Open(_) => self.play_when_there = true,
            WatchAction::Rehearsing => self.rehearsing = true,
            WatchAction::Steps { revision, steps } => {
                let before = self.shown().map(|recording| recording.number);
                self.rehearsing = false;
                // A worker that had to be started again knows of no run; what came stays.
                let kept = self
                    .watched
                    .as_ref()
                    .filter(|_| self.recording(&revision).is_some())
                    .map(|watched| watched.steps.clone());
                let steps = match (steps, kept) {
                    (Ok(steps), Some(kept)) if steps.shown.is_none() => kept,
                    (steps, _) => steps,
                };
                self.watched = Some(Rc::new(Watched {
                    revision,
                    runs: self.runs,
                    files: Rc::default(),
                    steps,
                }));
                let now = self.shown().map(|recording| recording.number);
                if before != now {
                    self.step = 0;
                    self.playing = false;
                    self.changes = Rc::default();
                }
                if std::mem::take(&mut self.play_when_there) && now.is_some() {
                    self.step = 0;
                    self.playing = self.last() > 0;
                }
            }
            WatchAction::Go(step) => {
                self.step = step.min(self.last());
                self.playing = false;
            }
            WatchAction::Play(play) => {
                // From the end it begins again.
                if play && self.step == self.last() {
                    self.step = 0;
                }
                self.playing = play && self.last() > 0;
            }
            WatchAction::Next => {
                self.step = (self.step + 1).min(self.last());
                self.playing &= self.step < self.last();
            }
            WatchAction::Speed(speed) => self.speed = Some(speed.min(SPEEDS.len() - 1)),
            WatchAction::Changes {
                recording,
                step,
                changes,
            } => {
                if self.shown().is_some_and(|shown| shown.number == recording) {
                    Rc::make_mut(&mut self.changes).insert(step, changes);
                }
            }
            WatchAction::Between(between) => self.between = between,
            WatchAction::Compared(compared) => self.compared = Some(compared),
            WatchAction::Written(written) => self.written = Some(written),
        }
    }
}

impl State {
    pub(crate) fn reduce_watch(&mut self, action: WatchAction) {
        if let WatchAction::Open(revision) = &action {
            self.migrations.revision = Some(revision.clone());
            self.migrations.tab = ScriptTab::Steps;
            self.app.turn_to(Pane::Migrations);
            // Asked for again even where it is there: it is played from its beginning.
            self.watch.watched = None;
        }
        let files = matches!(action, WatchAction::Steps { .. });
        self.watch.take(action);
        if files && let Some(watched) = &mut self.watch.watched {
            Rc::make_mut(watched).files = self.view.files.clone();
        }
    }

    /// The recording of the chosen revision.
    pub fn shown_recording(&self) -> Option<&Recording> {
        self.watch.recording(self.migrations.revision.as_deref()?)
    }

    /// Whether steps of the chosen revision are wanted and not there, or may be others by now.
    pub fn steps_due(&self) -> bool {
        matches!(self.migrations.tab, ScriptTab::Steps | ScriptTab::Sql)
            && self.migrations.revision.is_some()
            && self.app.ready
            && self.console.running == 0
            && !self.watch.rehearsing
            && !self.watch.watched.as_ref().is_some_and(|watched| {
                Some(&watched.revision) == self.migrations.revision.as_ref()
                    && watched.runs == self.watch.runs
                    && Rc::ptr_eq(&watched.files, &self.view.files)
            })
    }

    /// The recording and step of which it is wanted and not known what it changed.
    pub fn step_changes_due(&self) -> Option<(u32, usize)> {
        if self.migrations.tab != ScriptTab::Steps || self.console.running > 0 {
            return None;
        }
        let recording = self.shown_recording()?;
        let stop = *stops(recording).get(self.watch.step)?;
        (stop.last
            && recording.steps[stop.step].kept
            && !self.watch.changes.contains_key(&stop.step))
        .then_some((recording.number, stop.step))
    }

    /// Whether a difference is wanted and not there.
    pub fn difference_due(&self) -> bool {
        self.database.tab == DatabaseTab::Changes
            && self.app.ready
            && self.console.running == 0
            && !self.watch.compared.as_ref().is_some_and(|compared| {
                compared.between == self.watch.between
                    && compared.at == self.view.at
                    && Rc::ptr_eq(&compared.history, &self.view.history)
            })
    }

    /// Whether SQL of the chosen revision is wanted and not there.
    pub fn sql_due(&self) -> bool {
        self.migrations.tab == ScriptTab::Sql
            && self.migrations.revision.is_some()
            && self.app.ready
            && self.console.running == 0
            && !self.watch.written.as_ref().is_some_and(|written| {
                Some(&written.revision) == self.migrations.revision.as_ref()
                    && Rc::ptr_eq(&written.files, &self.view.files)
            })
    }
}

/// The revision whose steps a command's end is best watched from: the one that failed, or the first.
pub(crate) fn watchable(ran: &Ran) -> Option<Rc<str>> {
    let mut revisions = ran.events.iter().filter_map(|event| match event {
        Event::RevisionStarted {
            revision,
            direction,
            ..
        } if direction != "stamp" => Some(revision),
        _ => None,
    });
    let found = if ran.status == 0 {
        revisions.next()
    } else {
        revisions.next_back()
    }?;
    // `--sql` begins revisions and runs nothing.
    let ran_something = ran.status != 0
        || ran
            .events
            .iter()
            .any(|event| matches!(event, Event::Statement { .. }));
    ran_something.then(|| found.as_str().into())
}

/// Where a step stands in words: the operation, or what Alembic does by itself.
pub fn step_name(step: &Step) -> &str {
    match step.name.as_str() {
        "" => crate::watch::words::steps::CONNECTION,
        "alembic_version" => crate::watch::words::steps::VERSION,
        name => name,
    }
}

/// The same of a stop, with what batch mode does there.
pub fn stop_name(recording: &Recording, stop: Stop) -> String {
    let step = &recording.steps[stop.step];
    let part = stop
        .statement
        .and_then(|place| crate::watch::words::steps::part(&step.statements[place].part));
    match part {
        Some(part) => crate::watch::words::steps::part_of(part, step_name(step)),
        None => step_name(step).to_owned(),
    }
}

/// Both directions.
pub fn directions() -> [Direction; 2] {
    [Direction::Upgrade, Direction::Downgrade]
}

#[cfg(test)]
mod tests;
