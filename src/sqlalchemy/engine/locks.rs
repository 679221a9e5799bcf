//! The locks that statements take on tables, found by asking the database after each of them. Not a
//! part of SQLAlchemy: a review tells what a migration would block.

use std::rc::Rc;

use ground::event::{Blocks, TableLock};

/// A table as the current transaction sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableState {
    /// Its name, with its schema where it needs one.
    pub table: Rc<str>,
    /// What names its storage; another one after a statement that wrote the table anew.
    pub storage: i64,
    /// The locks that the transaction holds on it, beyond those of reading and changing rows: the
    /// database's name for each, and what it blocks.
    pub locks: Vec<(&'static str, Blocks)>,
}

/// The locks that a statement took on tables that were there before it, and the tables that it wrote
/// anew. `in_transaction` tells whether the transaction began before the statement; otherwise what
/// was held then is over.
pub(super) fn taken(
    before: &[TableState],
    after: &[TableState],
    in_transaction: bool,
) -> Vec<TableLock> {
    let mut taken = Vec::new();
    for state in after {
        let Some(was) = before.iter().find(|was| was.table == state.table) else {
            continue;
        };
        let rewritten = was.storage != state.storage;
        let strongest = |locks: &[(&'static str, Blocks)]| {
            locks.iter().copied().max_by_key(|(_, blocks)| *blocks)
        };
        let held = in_transaction.then(|| strongest(&was.locks)).flatten();
        // A weaker lock beside one that is held blocks nothing more.
        if let Some((mode, blocks)) = strongest(&state.locks)
            && (rewritten || held.is_none_or(|(_, held)| blocks > held))
        {
            taken.push(TableLock {
                table: state.table.to_string(),
                mode,
                blocks,
                rewritten,
            });
        }
    }
    taken
}
