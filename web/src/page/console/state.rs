//! The commands of the console and what they printed.

use std::rc::Rc;

use protocol::{Failure, Loading, Printed, Ran, Reply, Stayed};

use super::words;
use crate::app::state::Pane;
use crate::explain::state::{ExplainState, Failed};
use crate::state::State;
use crate::watch::state::watchable;
use crate::words as common;

/// How many entries the console keeps.
const CONSOLE_ENTRIES: usize = 200;

/// How many bytes of one command's output the console shows.
const SHOWN_OUTPUT: usize = 400_000;

/// How far a command has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandProgress {
    /// Which revision it runs, counted from one.
    pub number: usize,
    /// Of how many, where that is known.
    pub of: Option<usize>,
    /// Its id and message.
    pub revision: String,
}

/// A part of a command's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Whether it went to standard error.
    pub error: bool,
    /// The text.
    pub text: String,
}

/// How a command of the console ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It runs.
    Running,
    /// With an exit status.
    Status(i32),
    /// It was stopped.
    Cancelled,
    /// The worker broke.
    Broken(String),
}

/// A command in the console and what it printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Tells it from all others that the console shows.
    pub number: u32,
    /// Number of the request.
    pub id: u32,
    /// The line.
    pub line: Rc<str>,
    /// What it printed, in the order in which it did.
    pub output: Vec<Piece>,
    /// How it ended.
    pub ending: Ending,
    /// How long it took, in microseconds.
    pub microseconds: u64,
    /// What a failed command left.
    pub stayed: Option<Stayed>,
    /// Whether that was taken back.
    pub taken_back: bool,
    /// The revision whose steps can be watched.
    pub watch: Option<Rc<str>>,
    /// Why it failed.
    pub failed: Option<Rc<Failed>>,
}

/// The console.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsoleState {
    /// The commands and what they printed.
    pub entries: Vec<Rc<Entry>>,
    /// Command lines for the arrow keys, oldest first.
    pub typed: Rc<Vec<Rc<str>>>,
    /// What the console showed before it was cleared, until something else happens in it.
    pub cleared: Vec<Rc<Entry>>,
    /// How many commands are on their way.
    pub running: u32,
    /// How many entries there have been.
    pub pushed: u32,
    /// How far the command that runs has come.
    pub progress: Option<Rc<CommandProgress>>,
}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum ConsoleAction {
    /// A command starts.
    Started {
        /// Number of its request.
        id: u32,
        /// The line.
        line: Rc<str>,
    },
    /// A command printed.
    Printed {
        /// Number of its request.
        id: u32,
        /// What.
        pieces: Vec<Piece>,
    },
    /// A command waits, before it begins, for something that is loaded once, or begins now; what it had
    /// printed counts no more.
    Waits {
        /// Number of its request.
        id: u32,
        /// How far that has come; nothing where it has.
        for_: Option<Loading>,
    },
    /// The command that runs has come so far.
    Progress(Rc<CommandProgress>),
    /// A command ended.
    Ended {
        /// Number of its request.
        id: u32,
        /// How.
        ran: Rc<Ran>,
    },
    /// A command did not get to its end.
    Stopped {
        /// Number of its request.
        id: u32,
        /// How.
        ending: Ending,
    },
    /// A command was taken back.
    TakenBack(u32),
    /// The console is emptied.
    Clear,
    /// What it showed before it was emptied is shown again.
    Unclear,
    /// A text for the console that is no command's.
    Say(Rc<str>),
    /// SQL was typed where commands are: it is not run, and the console says where it is.
    Sql(Rc<str>),
}

impl ConsoleState {
    /// Shows what the console showed at another state.
    pub(crate) fn print_again(&mut self, console: &[Printed]) {
        self.cleared.clear();
        // What runs now is of no state yet.
        self.entries.retain(|entry| entry.ending == Ending::Running);
        let running = std::mem::take(&mut self.entries);
        for printed in console {
            let line: Rc<str> = printed.line.as_str().into();
            self.push(Entry {
                number: 0,
                id: 0,
                failed: Failed::of_printed(&line, printed).map(Rc::new),
                line,
                output: printed
                    .output
                    .iter()
                    .map(|(error, text)| Piece {
                        error: *error,
                        text: text.clone(),
                    })
                    .collect(),
                ending: Ending::Status(printed.status),
                microseconds: printed.microseconds,
                stayed: printed.stayed.clone(),
                taken_back: false,
                watch: None,
            });
        }
        for entry in running {
            self.entries.push(entry);
        }
    }

    fn push(&mut self, entry: Entry) {
        self.pushed += 1;
        let number = self.pushed;
        self.entries.push(Rc::new(Entry { number, ..entry }));
        let surplus = self.entries.len().saturating_sub(CONSOLE_ENTRIES);
        self.entries.drain(..surplus);
    }

    fn entry(&mut self, id: u32, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.entries.iter_mut().rev().find(|entry| entry.id == id) {
            change(Rc::make_mut(entry));
        }
    }

    /// Keeps a line for the arrow keys.
    fn note_typed(&mut self, line: &Rc<str>) {
        if self.typed.last() != Some(line) && !line.starts_with('#') {
            let mut typed = (*self.typed).clone();
            typed.push(line.clone());
            let surplus = typed.len().saturating_sub(300);
            typed.drain(..surplus);
            self.typed = Rc::new(typed);
        }
    }

    fn started(&mut self, id: u32, line: Rc<str>) {
        self.running += 1;
        self.cleared.clear();
        self.note_typed(&line);
        self.push(Entry {
            number: 0,
            id,
            line,
            output: Vec::new(),
            ending: Ending::Running,
            microseconds: 0,
            stayed: None,
            taken_back: false,
            watch: None,
            failed: None,
        });
    }

    fn ended(&mut self, id: u32, ran: &Ran) {
        self.running = self.running.saturating_sub(1);
        self.progress = None;
        self.entry(id, |entry| {
            entry.ending = Ending::Status(ran.status);
            entry.microseconds = ran.microseconds;
            entry.stayed = ran.stayed.clone();
            entry.watch = watchable(ran);
        });
        if ran.clear {
            self.entries.clear();
        }
    }

    fn say(&mut self, text: &str) {
        let output = vec![Piece {
            error: false,
            text: text.to_owned(),
        }];
        if let Some(last) = self.entries.last_mut()
            && last.line.is_empty()
        {
            Rc::make_mut(last).output = output;
        } else {
            self.push(Entry {
                number: 0,
                id: 0,
                line: "".into(),
                output,
                ending: Ending::Status(0),
                microseconds: 0,
                stayed: None,
                taken_back: false,
                watch: None,
                failed: None,
            });
        }
    }
}

impl State {
    /// The state after something happened in the console.
    pub(crate) fn reduce_console(&mut self, action: ConsoleAction) {
        let console = &mut self.console;
        match action {
            ConsoleAction::Started { id, line } => {
                console.started(id, line);
                self.explain.started();
            }
            ConsoleAction::Printed { id, pieces } => console.entry(id, |entry| entry.print(pieces)),
            ConsoleAction::Waits { id, for_ } => console.entry(id, |entry| {
                let text = for_.map(|loading| Piece {
                    error: true,
                    text: format!("{}\n", words::loading(loading)),
                });
                entry.output = text.into_iter().collect();
            }),
            ConsoleAction::Progress(progress) => console.progress = Some(progress),
            ConsoleAction::Ended { id, ran } => {
                console.ended(id, &ran);
                self.watch.ended();
                let line = console.entries.iter().rev().find(|entry| entry.id == id);
                let line = line.map(|entry| entry.line.clone()).unwrap_or_default();
                let failed = Failed::of_ran(&line, &ran);
                self.take(ran.view.clone());
                // A narrow page that shows the console has the reason over the output there.
                let open = self.app.tab != Pane::Console;
                self.explain.ended(failed, &self.view.files, open);
                let failed = self.explain.failed.clone();
                self.console.entry(id, |entry| entry.failed = failed);
                self.after(&ran);
            }
            ConsoleAction::Stopped { id, ending } => {
                console.running = console.running.saturating_sub(1);
                console.progress = None;
                console.entry(id, |entry| entry.ending = ending);
                // What was asked meanwhile got no answer either.
                self.watch.ended();
            }
            ConsoleAction::TakenBack(number) => {
                self.explain = ExplainState::default();
                for entry in &mut console.entries {
                    if entry
                        .stayed
                        .as_ref()
                        .is_some_and(|stayed| stayed.entry == number)
                    {
                        Rc::make_mut(entry).taken_back = true;
                    }
                }
            }
            ConsoleAction::Clear => {
                let (running, ended) = std::mem::take(&mut console.entries)
                    .into_iter()
                    .partition(|entry| entry.ending == Ending::Running);
                console.entries = running;
                if !ended.is_empty() {
                    console.cleared = ended;
                }
            }
            ConsoleAction::Unclear => {
                let mut entries = std::mem::take(&mut console.cleared);
                entries.append(&mut console.entries);
                console.entries = entries;
            }
            ConsoleAction::Say(text) => console.say(&text),
            ConsoleAction::Sql(line) => {
                console.cleared.clear();
                console.note_typed(&line);
                console.push(Entry {
                    number: 0,
                    id: 0,
                    line,
                    output: vec![Piece {
                        error: true,
                        text: words::THIS_IS_SQL.to_owned(),
                    }],
                    ending: Ending::Status(0),
                    microseconds: 0,
                    stayed: None,
                    taken_back: false,
                    watch: None,
                    failed: None,
                });
            }
        }
    }

    fn after(&mut self, ran: &Ran) {
        if ran.status == 0
            && let Some(steps) = &mut self.models.first_steps
        {
            steps.ran(!ran.written.is_empty(), self.view.migrations.ahead);
        }
        if ran.status == 0
            && let Some(id) = ran.written.first()
        {
            self.migrations.revision = Some(id.as_str().into());
            self.migrations.unasked = Some(id.as_str().into());
            if self.app.tab != Pane::Console {
                self.app.tab = Pane::Migrations;
            }
        }
        if let Some(path) = ran.opened.last() {
            self.open(path, None);
        }
        if let Some(failure) = &ran.failure {
            self.show_place(failure);
        }
    }

    /// A failure in a file is shown at its line, in the column that is in sight.
    pub(crate) fn show_place(&mut self, failure: &Failure) {
        if let Some(place) = &failure.place {
            let tab = self.app.tab;
            self.open(&place.path, Some(place.line));
            self.app.tab = tab;
        }
    }

    /// How many revisions a command will run, as far as its words tell.
    pub fn revisions_of(&self, line: &str, direction: &str) -> Option<usize> {
        let migrations = &self.view.migrations;
        let last = line.split_whitespace().last().unwrap_or_default();
        let number = match (direction, last) {
            ("upgrade", "head" | "heads") => migrations.ahead,
            ("downgrade", "base") => migrations
                .revisions
                .iter()
                .filter(|one| one.applied)
                .count(),
            _ => 0,
        };
        (number > 0).then_some(number)
    }
}

impl Entry {
    fn print(&mut self, pieces: Vec<Piece>) {
        for piece in pieces {
            match self.output.last_mut() {
                Some(last) if last.error == piece.error => last.text.push_str(&piece.text),
                _ => self.output.push(piece),
            }
        }
        let length: usize = self.output.iter().map(|piece| piece.text.len()).sum();
        if length > SHOWN_OUTPUT
            && let Some(first) = self.output.first_mut()
        {
            let mut cut = (length - SHOWN_OUTPUT).min(first.text.len());
            while !first.text.is_char_boundary(cut) {
                cut += 1;
            }
            first.text.drain(..cut);
            if first.text.is_empty() {
                self.output.remove(0);
            }
        }
    }

    /// What it printed, for the clipboard.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if !self.line.is_empty() {
            text.push_str("$ ");
            text.push_str(&self.line);
            text.push('\n');
        }
        for piece in &self.output {
            text.push_str(&piece.text);
        }
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text
    }
}

/// How a reply that is no success ends a command.
pub fn ending_of(reply: &Reply) -> Ending {
    match reply {
        Reply::Cancelled => Ending::Cancelled,
        Reply::Panicked { message } => Ending::Broken(message.clone()),
        Reply::Failed(failure) => Ending::Broken(failure.message.clone()),
        _ => Ending::Broken(common::worker::UNASKED.to_owned()),
    }
}
