//! What a run tells its observer, as it does it.

use std::any::Any;
use std::rc::Rc;

use crate::diagnostic::{Error, Location};

/// One thing that happened. The console, the live view and the tests all read this stream.
#[derive(Clone, Debug)]
pub enum Event {
    /// A revision begins to run.
    RevisionStarted {
        /// Its id, or the ids of the step joined by `, `.
        revision: String,
        /// `upgrade`, `downgrade` or `stamp`.
        direction: &'static str,
        /// First line of its message.
        message: String,
    },
    /// The revision ended and the version table was updated.
    RevisionFinished {
        /// Its id, as in [`Event::RevisionStarted`].
        revision: String,
    },
    /// An operation of a script begins.
    Operation {
        /// Its name as the script calls it, such as `create_table`.
        name: String,
        /// Where the script calls it.
        location: Option<Location>,
        /// The operation itself, for the rooms that know operations: an
        /// `operations::OperationCall`. Others pass it on unread.
        call: Option<Rc<dyn Any>>,
    },
    /// A statement ended.
    Statement {
        /// The SQL as it was sent.
        sql: String,
        /// Its parameters, as text, one list for each execution.
        parameters: Vec<Vec<String>>,
        /// Rows inserted, updated or deleted; `None` where that has no meaning.
        rows: Option<i64>,
        /// How long it took.
        microseconds: u64,
        /// Path of the database it ran in, or `None` for one in memory.
        database: Option<String>,
    },
    /// Transaction control: `BEGIN`, `COMMIT`, `ROLLBACK`.
    Transaction {
        /// Which.
        action: &'static str,
    },
    /// A statement or a revision failed.
    Failed {
        /// How.
        error: Error,
    },
}

/// Who listens to a run.
pub trait Observer {
    /// Is told of one event.
    fn event(&self, event: Event);
    /// Whether the run should stop at the next place where it can.
    fn cancelled(&self) -> bool {
        false
    }
    /// The operation that was told last has ended, well or not.
    fn operation_ended(&self) {}
    /// Whether a script goes on after an operation that failed. Commands never do; a review does,
    /// to see the operations that follow.
    fn passes_over(&self, _error: &Error) -> bool {
        false
    }
}

/// Nobody.
#[derive(Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {
    fn event(&self, _event: Event) {}
}
