//! The history of a workspace.

use serde::{Deserialize, Serialize};

/// History requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeRequest {
    /// Goes to a state, back or forward.
    Travel {
        /// Its number.
        to: u32,
    },
    /// Forgets the states that are not on the way from the start to the newest of the branch that is
    /// shown.
    ClearBranches,
    /// Brings the open workspace back to its start, as a new state: travelling undoes it.
    Reset,
}

/// What made a state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Made {
    /// The workspace began with it.
    Start,
    /// A command of the console, or of a button.
    #[default]
    Command,
    /// An edit of a file.
    Edit,
}

/// A state of the history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// Its number: what `travel(n)` takes. 0 is the start.
    pub number: u32,
    /// The state that it came from; nothing for the start.
    pub parent: Option<u32>,
    /// What made it, for people: the command line, or `edited models.py`.
    pub command: String,
    /// What made it.
    pub made: Made,
    /// The command's exit status.
    pub status: i32,
    /// When it was made, in microseconds since 1970.
    pub time: i64,
}
