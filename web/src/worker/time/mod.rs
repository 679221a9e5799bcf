//! Recording states of the workspace, and travelling between them.

use std::rc::Rc;

use limbeck::ground::host::Host as _;
use protocol::{Answer, Failure, HistoryEntry, Made, Opened, Printed, TimeRequest};

use crate::session::{Session, failed};
use crate::time::history::{History, Moment};
use crate::workspace::{self, Files, ROOT};

pub mod history;
mod words;

/// How many bytes of a command's output are kept with its state: what the page shows of it.
const OUTPUT_KEPT: usize = 400_000;

/// Adds a text to what was printed; the oldest goes where it is too much.
pub(crate) fn gather(pieces: &mut Vec<(bool, String)>, error: bool, text: &str) {
    match pieces.last_mut() {
        Some((same, last)) if *same == error => last.push_str(text),
        _ => pieces.push((error, text.to_owned())),
    }
    let length: usize = pieces.iter().map(|(_, text)| text.len()).sum();
    // Cut seldom: moving a long text for every line would take long.
    if length > 2 * OUTPUT_KEPT
        && let Some((_, first)) = pieces.first_mut()
    {
        let mut cut = (length - OUTPUT_KEPT).min(first.len());
        while !first.is_char_boundary(cut) {
            cut += 1;
        }
        first.drain(..cut);
        if first.is_empty() {
            pieces.remove(0);
        }
    }
}

impl Session {
    /// Answers what is asked of the history.
    ///
    /// # Errors
    ///
    /// Where it has no such state.
    pub(crate) fn answer_time(&mut self, request: &TimeRequest) -> Result<Answer, Failure> {
        match request {
            TimeRequest::Travel { to } => self.travel(*to),
            TimeRequest::ClearBranches => {
                self.history.clear_branches();
                Ok(Answer::View(self.view()))
            }
            TimeRequest::Reset => self.reset(),
        }
    }

    /// The current contents.
    pub(crate) fn moment(&self) -> Moment {
        Moment {
            files: self.host.files(),
            directory: self.host.current_directory(),
            environment: self.host.environment.borrow().clone(),
        }
    }

    /// The files of a state.
    pub fn state_files(&self, number: u32) -> Option<Files> {
        self.history
            .state(number)
            .map(|state| state.moment.files.clone())
    }

    /// Makes what there is now a state, made by a command.
    pub(crate) fn remember(
        &mut self,
        line: &str,
        status: i32,
        time: i64,
        printed: Option<Printed>,
    ) {
        let entry = HistoryEntry {
            command: line.trim().to_owned(),
            made: Made::Command,
            status,
            time,
            ..HistoryEntry::default()
        };
        let moment = self.moment();
        self.history.push(entry, moment, printed);
    }

    /// The same for something that was no command of the console.
    pub(crate) fn note(&mut self, what: &str) {
        let time = self.host.now().microseconds;
        self.remember(what, 0, time, None);
    }

    /// Makes what there is now a state, made by an edit.
    pub(crate) fn edited(&mut self, what: &str) {
        let time = self.host.now().microseconds;
        let moment = self.moment();
        self.history.edit(what, time, moment);
    }

    /// Makes the workspace what it was at the state where its history stands.
    pub(crate) fn stand(&mut self) {
        let at = self.history.at;
        let Some(moment) = self.history.state(at).map(|state| (*state.moment).clone()) else {
            return;
        };
        let directory = if moment.files.folders.contains(&moment.directory) {
            moment.directory
        } else {
            ROOT.to_owned()
        };
        *self.host.state.borrow_mut() = moment.files;
        *self.host.directory.borrow_mut() = directory;
        *self.host.environment.borrow_mut() = moment.environment;
        let console = self.history.console(at);
        self.shell.follow(
            console
                .iter()
                .map(|printed| (&*printed.line, printed.status)),
        );
    }

    /// Makes the workspace what it was when its history was this one.
    pub fn go_to(&mut self, history: History) {
        self.history = history;
        self.stand();
    }

    /// What there is now, and what the console shows.
    pub fn opened(&mut self) -> Opened {
        Opened {
            view: self.view(),
            console: self
                .history
                .console(self.history.at)
                .iter()
                .map(|printed| (**printed).clone())
                .collect(),
        }
    }

    pub(crate) fn travel(&mut self, to: u32) -> Result<Answer, Failure> {
        if self.history.travel(to).is_none() {
            return Err(failed(words::no_state(to)));
        }
        self.stand();
        // What is marked as changed is what was when the state was new.
        let command = self
            .history
            .state(to)
            .map(|state| state.entry.command.clone())
            .unwrap_or_default();
        let before = self
            .history
            .before(to)
            .map(|state| state.moment.files.clone());
        self.changes = match before {
            Some(before) => {
                let after = self.host.files();
                Rc::new(self.compare(&command, &before, &after))
            }
            None => Rc::default(),
        };
        Ok(Answer::Opened(Box::new(self.opened())))
    }

    pub(crate) fn undo(&mut self, number: u32) -> Result<Answer, Failure> {
        let (Some(state), Some(before)) = (self.history.state(number), self.history.before(number))
        else {
            return Err(failed(words::STATE_GONE));
        };
        let command = state.entry.command.clone();
        let target = workspace::undo(
            &self.host.files(),
            &before.moment.files,
            &state.moment.files,
        );
        self.set(target, &format!("undo: {command}"));
        Ok(Answer::View(self.view()))
    }

    fn set(&mut self, target: Files, what: &str) {
        let before = self.host.files();
        *self.host.state.borrow_mut() = target.clone();
        if !self.host.is_directory(&self.host.current_directory()) {
            *self.host.directory.borrow_mut() = ROOT.to_owned();
        }
        self.changes = Rc::new(self.compare(what, &before, &target));
        self.note(what);
    }

    /// Brings back what the workspace began as, with an empty console; a state like any other.
    pub(crate) fn reset(&mut self) -> Result<Answer, Failure> {
        let moment = self
            .history
            .state(0)
            .map(|state| (*state.moment).clone())
            .unwrap_or_default();
        let before = self.host.files();
        let entry = HistoryEntry {
            command: "reset".to_owned(),
            made: Made::Edit,
            time: self.host.now().microseconds,
            ..HistoryEntry::default()
        };
        let printed = Printed {
            line: "clear".to_owned(),
            clear: true,
            ..Printed::default()
        };
        self.history.push(entry, moment.clone(), Some(printed));
        self.stand();
        self.changes = Rc::new(self.compare("reset", &before, &moment.files));
        Ok(Answer::Opened(Box::new(self.opened())))
    }
}
