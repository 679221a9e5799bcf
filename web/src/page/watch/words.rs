//! What the steps of a run, the changes between two states and the SQL panes say.
#![expect(missing_docs, reason = "the words say what each is")]

/// The step view.
pub mod steps {
    use protocol::{Blocks, StepLock};

    use crate::words::count;

    pub const TAB: &str = "Steps";
    pub const WATCH: &str = "Watch the steps";
    pub const NEVER: &str = "This revision has not run in this session, so there is nothing to replay. Play it on a copy to see it work on your rows without changing them.";
    pub const ON_A_COPY: &str = "Play on a copy";
    pub const RUNNING: &str = "Running on a copy …";
    pub const WHICH: &str = "Run";
    pub const UPGRADE: &str = "upgrade, as it ran";
    pub const DOWNGRADE: &str = "downgrade, as it ran";
    pub const UPGRADE_COPY: &str = "upgrade, on a copy";
    pub const DOWNGRADE_COPY: &str = "downgrade, on a copy";
    pub const COPY_HERE: &str = "Run on a copy; your database was not changed.";
    pub const COPY_TAKEN_BACK: &str =
        "Run on a copy, downgraded past this revision first; your database was not changed.";
    pub const COPY_EMPTY: &str = "Run on an empty database, because yours can't be migrated to this revision's parent; your database was not changed.";
    pub const OUTDATED: &str = "The script has changed since; this is the version that ran.";
    pub const TRUNCATED: &str = "The database is too large to keep what each step changed.";
    pub const NO_STEPS: &str = "It ran without doing anything.";
    pub const PLAYER: &str = "Player";
    pub const STRIP: &str = "Steps";
    pub const FIRST: &str = "First step (Home)";
    pub const PREVIOUS: &str = "Step back (←)";
    pub const PLAY: &str = "Play (space)";
    pub const PAUSE: &str = "Pause (space)";
    pub const NEXT: &str = "Step forward (→)";
    pub const LAST: &str = "Skip to the end (End)";
    pub const SPEED: &str = "Speed";
    pub const SOURCE: &str = "The script that ran";
    pub const CONNECTION: &str = "on the connection";
    pub const VERSION: &str = "Alembic records the version";
    pub const WAITS: &str = "Deferred: batch mode rebuilds the table at the end of the block.";
    pub const NO_SQL: &str = "No SQL was sent to the database.";
    pub const SAME: &str = "Schema and rows are unchanged.";
    pub const NOT_KEPT: &str = "Its changes were not recorded.";
    pub const LOOKING: &str = "Comparing before and after …";
    pub const CHANGED: &str = "Changes";
    pub const SQL: &str = "SQL";
    pub const FAILED: &str = "Failed here";

    pub fn line(line: u32) -> String {
        format!("line {line}")
    }

    pub fn replayed(command: &str) -> String {
        format!("Replayed: `{command}`.")
    }

    pub fn of(step: usize, steps: usize, name: &str) -> String {
        format!("Step {step} of {steps}: {name}")
    }

    pub fn mark(step: usize, name: &str, failed: bool) -> String {
        format!(
            "Step {step}: {name}{}",
            if failed { ", failed" } else { "" }
        )
    }

    pub fn rows(number: i64) -> String {
        count(number.max(0) as usize, crate::words::ROW)
    }

    pub fn parameters(list: &str) -> String {
        format!("with {list}")
    }

    pub fn previous(revision: &str) -> String {
        format!("← {revision}, the previous one")
    }

    pub fn next(revision: &str) -> String {
        format!("{revision}, the next one →")
    }

    /// A statement of a batch.
    pub fn part_of(part: &str, name: &str) -> String {
        format!("{part}, {name}")
    }

    /// What a lock of a statement means for others.
    pub fn lock(lock: &StepLock) -> String {
        let table = &lock.table;
        let meanwhile = match lock.blocks {
            Blocks::SchemaChanges => "other changes of its schema wait",
            Blocks::Writes => "writes to it wait",
            Blocks::ReadsAndWrites => "reads and writes of it wait",
        };
        let rewritten = if lock.rewritten {
            "; the whole table is written anew"
        } else {
            ""
        };
        format!(
            "Locks {table} ({}): {meanwhile} until the transaction ends{rewritten}.",
            lock.mode
        )
    }

    /// The role of a statement in batch mode; `None` for ordinary statements.
    pub fn part(word: &str) -> Option<&'static str> {
        Some(match word {
            "create" => "create",
            "copy" => "copy",
            "drop" => "drop",
            "rename" => "rename",
            _ => return None,
        })
    }
}

/// What changed between two states.
pub mod changes {
    pub const TAB: &str = "Changes";
    pub const FROM: &str = "From";
    pub const TO: &str = "to";
    pub const LAST: &str = "Last command";
    pub const START: &str = "initial state";
    pub const SAME: &str = "Schema and rows are the same in both.";
    pub const NOTHING: &str = "No command has changed anything yet. When one does, its changes to schema and rows appear here.";
    pub const LOOKING: &str = "Comparing …";
    pub const BEFORE: &str = "before";
    pub const AFTER: &str = "after";

    pub fn state(number: u32, command: &str) -> String {
        format!("{number}: {command}")
    }

    pub fn tables(number: usize) -> String {
        if number == 1 {
            "1 table differs".to_owned()
        } else {
            format!("{} tables differ", crate::words::number(number as u64))
        }
    }
}

/// The panes of SQL.
pub mod sql {
    pub const TAB: &str = "SQL";
    pub const RAN: &str = "What ran";
    pub const WOULD_RUN: &str = "What would run";
    pub const NOT_RUN: &str = "This revision has not run in this session.";
    pub const ON_A_COPY: &str = "on a copy";
    pub const WRITING: &str = "Writing the SQL …";
    pub const UPGRADE: &str = "upgrade";
    pub const DOWNGRADE: &str = "downgrade";
    pub const DIRECTION: &str = "Direction";
    pub const NOT_COMPARED: &str = "Not yet compared with Alembic: check it carefully.";

    pub fn copy(what: &str) -> String {
        format!("Copy the SQL for {what}")
    }
}
