//! Events that a run reports to its observer as they happen.

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
        /// The locks that it took on tables, where the observer
        /// [wants them](Observer::watches_locks) and the database tells.
        locks: Vec<TableLock>,
    },
    /// Transaction control: `BEGIN`, `COMMIT`, `ROLLBACK`.
    Transaction {
        /// The command, as it was sent.
        action: &'static str,
    },
    /// A statement or a revision failed.
    Failed {
        /// The failure.
        error: Error,
    },
}

/// A lock that a statement took on a table that was there before, until its transaction ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableLock {
    /// The table.
    pub table: String,
    /// The database's name for the lock, such as `ACCESS EXCLUSIVE`.
    pub mode: &'static str,
    /// What others can't do meanwhile.
    pub blocks: Blocks,
    /// Whether the statement wrote the whole table anew.
    pub rewritten: bool,
}

/// What a lock keeps others from doing with a table, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blocks {
    /// Changing its schema.
    SchemaChanges,
    /// Changing its rows.
    Writes,
    /// Reading them, too.
    ReadsAndWrites,
}

/// Receives the events of a run.
pub trait Observer {
    /// Called for each event, in order.
    fn event(&self, event: Event);
    /// Asked now and then; `true` stops the run with `limbeck.Cancelled`.
    fn cancelled(&self) -> bool {
        false
    }
    /// Whether the database shall be asked after each statement which locks it took.
    fn watches_locks(&self) -> bool {
        false
    }
    /// Called when the operation of the last [`Event::Operation`] has ended, whether it failed or not.
    fn operation_ended(&self) {}
    /// Whether a script goes on after an operation that failed. Commands never do; a review does,
    /// to see the operations that follow.
    fn passes_over(&self, _error: &Error) -> bool {
        false
    }
}

/// An observer that ignores every event.
#[derive(Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {
    fn event(&self, _event: Event) {}
}
