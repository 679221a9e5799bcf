//! The history of a workspace: a tree of states. A state is complete (files, folder, environment, console
//! output), and the workspace is always at one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use limbeck::ground::hash::HashSet;
use protocol::{Failure, HistoryEntry, Made, Printed, Verb};

use crate::workspace::Files;

/// How many states the history holds at most.
pub const HISTORY_STATES: usize = 200;

/// How many bytes the states may take; the same contents in several states count once.
pub const HISTORY_BYTES: usize = 64 * 1024 * 1024;

/// How many commands that changed nothing a state remembers.
const PRINTED: usize = 200;

/// How long a pause in typing may be, in microseconds, so that what is typed next is still the same
/// edit.
const EDIT_PAUSE: i64 = 30_000_000;

/// Files, current folder and environment at one moment; cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// The files.
    pub files: Files,
    /// The current folder.
    pub directory: String,
    /// What `export` set.
    pub environment: BTreeMap<String, String>,
}

impl Moment {
    /// Whether two moments are the same, by identity of contents where possible.
    pub fn same(&self, other: &Moment) -> bool {
        self.directory == other.directory
            && self.environment == other.environment
            && self.files.same(&other.files)
    }
}

/// A state.
#[derive(Clone, Debug)]
pub struct State {
    /// What there was.
    pub moment: Rc<Moment>,
    /// Its line in the list of states.
    pub entry: HistoryEntry,
    /// Whether the state that it came from is gone: its parent is an older one.
    pub cut: bool,
    /// How many of its parent's console entries came before it.
    pub after: usize,
    /// What the console showed: the command that made it, then those that ran here and changed
    /// nothing.
    pub console: Vec<Rc<Printed>>,
}

/// The tree.
#[derive(Clone, Debug)]
pub struct History {
    states: BTreeMap<u32, State>,
    /// Where the workspace stands.
    pub at: u32,
    /// The newest state of the branch that it stands on.
    pub tip: u32,
    /// The number of the next state.
    pub next: u32,
    /// Counts what happened to it, so that one notices that something did.
    pub changes: u64,
    /// Whether the state where it stands is an edit that still goes on.
    open: bool,
}

impl History {
    /// The history of a workspace that begins.
    pub fn new(moment: Moment, time: i64) -> Self {
        let start = State {
            moment: Rc::new(moment),
            entry: HistoryEntry {
                made: Made::Start,
                command: "start".to_owned(),
                time,
                ..HistoryEntry::default()
            },
            cut: false,
            after: 0,
            console: Vec::new(),
        };
        History {
            states: [(0, start)].into(),
            at: 0,
            tip: 0,
            next: 1,
            changes: 0,
            open: false,
        }
    }

    /// The history of these states, as they were saved.
    ///
    /// # Errors
    ///
    /// Where they are no tree.
    pub fn restored(states: Vec<State>, at: u32, tip: u32, next: u32) -> Result<Self, String> {
        let states: BTreeMap<u32, State> = states
            .into_iter()
            .map(|state| (state.entry.number, state))
            .collect();
        let whole = states.contains_key(&0)
            && states.contains_key(&at)
            && states.values().all(|state| match state.entry.parent {
                // A parent is older: no ring.
                Some(parent) => parent < state.entry.number && states.contains_key(&parent),
                None => state.entry.number == 0,
            });
        if !whole {
            return Err("the saved history is damaged".to_owned());
        }
        let last = states.keys().next_back().copied().unwrap_or_default();
        let mut history = History {
            states,
            at,
            tip,
            next: next.max(last + 1),
            changes: 0,
            open: false,
        };
        if !history.path(tip).contains(&at) {
            history.tip = history.newest_below(at);
        }
        Ok(history)
    }

    /// The state of a number.
    pub fn state(&self, number: u32) -> Option<&State> {
        self.states.get(&number)
    }

    /// All states, by number.
    pub fn states(&self) -> impl Iterator<Item = &State> {
        self.states.values()
    }

    /// The state that another came from, where that is still kept.
    pub fn before(&self, number: u32) -> Option<&State> {
        let state = self.state(number).filter(|state| !state.cut)?;
        self.state(state.entry.parent?)
    }

    /// Whether nothing was ever done.
    pub fn is_untouched(&self) -> bool {
        self.states.len() == 1 && self.state(0).is_some_and(|start| start.console.is_empty())
    }

    /// Numbers from the start to a state.
    pub fn path(&self, number: u32) -> Vec<u32> {
        let mut path = Vec::new();
        let mut next = Some(number);
        while let Some(state) = next.and_then(|number| self.state(number)) {
            path.push(state.entry.number);
            next = state.entry.parent;
        }
        path.reverse();
        path
    }

    /// What the console showed at a state.
    pub fn console(&self, number: u32) -> Vec<Rc<Printed>> {
        let path = self.path(number);
        let mut console = Vec::new();
        for (index, number) in path.iter().enumerate() {
            let Some(state) = self.state(*number) else {
                continue;
            };
            // Of the states on the way, what was there when the next one began.
            let count = path
                .get(index + 1)
                .and_then(|next| self.state(*next))
                .map_or(state.console.len(), |next| next.after);
            for printed in state.console.iter().take(count) {
                if printed.clear {
                    console.clear();
                } else {
                    console.push(printed.clone());
                }
            }
        }
        let surplus = console.len().saturating_sub(PRINTED);
        console.drain(..surplus);
        console
    }

    /// Adds a state after the one where the workspace stands, and goes to it.
    pub fn push(&mut self, entry: HistoryEntry, moment: Moment, printed: Option<Printed>) -> u32 {
        let number = self.next;
        let after = self.state(self.at).map_or(0, |state| state.console.len());
        self.states.insert(
            number,
            State {
                moment: Rc::new(moment),
                entry: HistoryEntry {
                    number,
                    parent: Some(self.at),
                    ..entry
                },
                cut: false,
                after,
                console: printed.map(Rc::new).into_iter().collect(),
            },
        );
        self.at = number;
        self.tip = number;
        self.next += 1;
        self.open = false;
        self.changes += 1;
        self.prune(HISTORY_STATES, HISTORY_BYTES);
        number
    }

    /// Records an edit: merged into the ongoing one, or as a new state.
    pub fn edit(&mut self, what: &str, time: i64, moment: Moment) {
        let open = self.open;
        if open
            && let Some(state) = self.states.get_mut(&self.at)
            && state.entry.command == what
            && (0..EDIT_PAUSE).contains(&(time - state.entry.time))
        {
            state.moment = Rc::new(moment);
            state.entry.time = time;
            self.changes += 1;
            return;
        }
        let entry = HistoryEntry {
            made: Made::Edit,
            command: what.to_owned(),
            time,
            ..HistoryEntry::default()
        };
        self.push(entry, moment, None);
        self.open = true;
    }

    /// Notes a command that changed nothing.
    pub fn print(&mut self, printed: Printed) {
        self.open = false;
        self.changes += 1;
        let at = self.at;
        let Some(state) = self.states.get_mut(&at) else {
            return;
        };
        state.console.push(Rc::new(printed));
        if state.console.len() > PRINTED {
            state.console.remove(0);
            for child in self.states.values_mut() {
                if child.entry.parent == Some(at) {
                    child.after = child.after.saturating_sub(1);
                }
            }
        }
    }

    /// Says why the command that was noted last failed, and which button runs it.
    pub fn explain_printed(&mut self, failure: Failure, verb: Option<Verb>) {
        let state = self.states.get_mut(&self.at);
        if let Some(printed) = state.and_then(|state| state.console.last_mut()) {
            let printed = Rc::make_mut(printed);
            printed.failure = Some(failure);
            printed.verb = verb;
            self.changes += 1;
        }
    }

    /// Goes to a state, where there is one of that number.
    pub fn travel(&mut self, to: u32) -> Option<&State> {
        self.states.get(&to)?;
        if !self.path(self.tip).contains(&to) {
            self.tip = self.newest_below(to);
        }
        self.at = to;
        self.open = false;
        self.changes += 1;
        self.state(to)
    }

    /// Forgets the states beside the branch that is shown; says how many.
    pub fn clear_branches(&mut self) -> usize {
        let line: BTreeSet<u32> = self.path(self.tip).into_iter().collect();
        let before = self.states.len();
        self.states.retain(|number, _| line.contains(number));
        self.changes += 1;
        before - self.states.len()
    }

    fn below(&self, number: u32) -> BTreeSet<u32> {
        // A parent has a smaller number than its children: one walk finds all.
        let mut found = BTreeSet::from([number]);
        for state in self.states.values() {
            if state
                .entry
                .parent
                .is_some_and(|parent| found.contains(&parent))
            {
                found.insert(state.entry.number);
            }
        }
        found
    }

    fn newest_below(&self, number: u32) -> u32 {
        self.below(number).last().copied().unwrap_or(number)
    }

    /// The bytes of all states; what several hold counts once.
    pub fn weight(&self) -> usize {
        let mut seen = HashSet::default();
        let files: usize = self
            .states
            .values()
            .flat_map(|state| state.moment.files.files.values())
            .filter(|contents| seen.insert(Rc::as_ptr(contents)))
            .map(|contents| contents.len())
            .sum();
        let printed: usize = self
            .states
            .values()
            .flat_map(|state| &state.console)
            .flat_map(|printed| &printed.output)
            .map(|(_, text)| text.len())
            .sum();
        files + printed
    }

    /// The side branch that was left longest ago goes first, whole; then the oldest states. The start
    /// stays, and where the workspace stands.
    fn prune(&mut self, states: usize, bytes: usize) {
        while self.states.len() > 2 && (self.states.len() > states || self.weight() > bytes) {
            let line: BTreeSet<u32> = self.path(self.tip).into_iter().collect();
            let side = self
                .states
                .values()
                .filter(|state| {
                    !line.contains(&state.entry.number)
                        && state
                            .entry
                            .parent
                            .is_some_and(|parent| line.contains(&parent))
                })
                .map(|state| (self.newest_below(state.entry.number), state.entry.number))
                .min();
            if let Some((_, root)) = side {
                for number in self.below(root) {
                    self.states.remove(&number);
                }
                continue;
            }
            let oldest = self
                .states
                .keys()
                .find(|number| **number != 0 && **number != self.at)
                .copied();
            let Some(gone) = oldest.and_then(|number| self.states.remove(&number)) else {
                return;
            };
            for child in self.states.values_mut() {
                if child.entry.parent == Some(gone.entry.number) {
                    child.entry.parent = gone.entry.parent;
                    child.after = gone.after;
                    child.cut = true;
                }
            }
            if self.tip == gone.entry.number {
                self.tip = self.at;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::absolute;

    fn moment(text: &str) -> Moment {
        let mut files = Files::new();
        files.put(&absolute("a.py"), text.as_bytes().to_vec());
        Moment {
            files,
            ..Moment::default()
        }
    }

    fn ran(history: &mut History, line: &str) -> u32 {
        let entry = HistoryEntry {
            command: line.to_owned(),
            ..HistoryEntry::default()
        };
        history.push(entry, moment(line), Some(printed(line)))
    }

    fn printed(line: &str) -> Printed {
        Printed {
            line: line.to_owned(),
            ..Printed::default()
        }
    }

    fn lines(history: &History, number: u32) -> Vec<String> {
        history
            .console(number)
            .iter()
            .map(|printed| printed.line.clone())
            .collect()
    }

    #[test]
    fn going_back_and_on_is_exact_and_a_new_branch_leaves_the_other() {
        let mut history = History::new(moment(""), 0);
        let one = ran(&mut history, "one");
        history.print(printed("ls"));
        let two = ran(&mut history, "two");
        assert_eq!(lines(&history, two), ["one", "ls", "two"]);
        assert_eq!(
            history.travel(one).map(|state| (*state.moment).clone()),
            Some(moment("one"))
        );
        assert_eq!((history.at, history.tip), (one, two));
        history.print(printed("pwd"));
        assert_eq!(lines(&history, one), ["one", "ls", "pwd"]);
        // What ran in the past later did not run before.
        assert_eq!(lines(&history, two), ["one", "ls", "two"]);
        let three = ran(&mut history, "three");
        assert_eq!(history.path(three), [0, one, three]);
        assert_eq!(lines(&history, three), ["one", "ls", "pwd", "three"]);
        assert!(history.travel(two).is_some());
        assert_eq!((history.at, history.tip), (two, two));
        assert_eq!(history.clear_branches(), 1);
        assert!(history.travel(three).is_none());
    }

    #[test]
    fn what_is_typed_in_one_go_is_one_state() {
        let mut history = History::new(moment(""), 0);
        history.edit("edited a.py", 1_000_000, moment("a"));
        history.edit("edited a.py", 2_000_000, moment("ab"));
        assert_eq!(history.at, 1);
        history.edit("edited b.py", 3_000_000, moment("abc"));
        history.edit("edited b.py", 90_000_000, moment("abcd"));
        assert_eq!(history.at, 3);
        history.print(printed("ls"));
        history.edit("edited b.py", 90_000_001, moment("abcde"));
        assert_eq!(history.at, 4);
        assert!(history.travel(0).is_some());
        history.edit("edited b.py", 90_000_002, moment("x"));
        assert_eq!(history.before(5).map(|state| state.entry.number), Some(0));
    }

    #[test]
    fn side_branches_go_first_then_the_oldest_states_and_never_the_start() {
        let mut history = History::new(moment(""), 0);
        let one = ran(&mut history, "one");
        let side = ran(&mut history, "side");
        assert!(history.travel(one).is_some());
        let two = ran(&mut history, "two");
        let three = ran(&mut history, "three");
        history.prune(4, HISTORY_BYTES);
        assert!(history.state(side).is_none());
        assert_eq!(history.path(three), [0, one, two, three]);
        history.prune(3, HISTORY_BYTES);
        assert_eq!(history.path(three), [0, two, three]);
        assert!(history.before(two).is_none());
        history.prune(1, 0);
        assert_eq!(history.path(three), [0, three]);
        assert_eq!(lines(&history, three), ["three"]);
    }
}
