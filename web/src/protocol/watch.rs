//! Requests and replies about recorded runs, differences between two states, and SQL.

use serde::{Deserialize, Serialize};

use crate::{Failure, Place, TableDifference};

/// Which way a revision runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// `upgrade()`.
    Upgrade,
    /// `downgrade()`.
    Downgrade,
}

impl Direction {
    /// The command's word.
    pub fn word(self) -> &'static str {
        match self {
            Direction::Upgrade => "upgrade",
            Direction::Downgrade => "downgrade",
        }
    }
}

/// What the page asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WatchRequest {
    /// A recorded run of a revision: the last one, or the last of a direction.
    Steps {
        /// The revision's id.
        revision: String,
        /// Which way.
        direction: Option<Direction>,
    },
    /// Runs a revision on a copy, and records that.
    Rehearse {
        /// The revision's id.
        revision: String,
        /// Which way.
        direction: Direction,
    },
    /// What one step changed.
    StepDifference {
        /// Number of the recording.
        recording: u32,
        /// The step, from zero.
        step: u32,
    },
    /// The differences between two states of the history; without numbers, those of the last
    /// command.
    Difference {
        /// Number of the earlier one.
        from: Option<u32>,
        /// Number of the later one.
        to: Option<u32>,
    },
    /// The SQL that a revision would run.
    Sql {
        /// The revision's id.
        revision: String,
    },
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WatchAnswer {
    /// A recording, and which ones there are.
    Steps(Box<Steps>),
    /// What a step changed in each database; nothing where that was not kept.
    StepDifference(Option<Vec<DatabaseDifference>>),
    /// The differences between two states.
    Difference(Difference),
    /// SQL, a text for each dialect and direction.
    Sql(Vec<SqlText>),
}

/// The recorded runs of a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steps {
    /// The directions that were run, and can be replayed.
    pub recorded: Vec<Direction>,
    /// The recording that was asked for, where there is one.
    pub shown: Option<Recording>,
}

/// What rows a run on a copy had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyOf {
    /// The user's.
    Here,
    /// The user's, from whose database the revision was taken back first.
    TakenBack,
    /// None.
    Empty,
}

/// One run of one revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// Its number in this session.
    pub number: u32,
    /// The revision's id.
    pub revision: String,
    /// Which way it ran.
    pub direction: Direction,
    /// For a run on a copy, what of.
    pub copy: Option<CopyOf>,
    /// The command line that ran it; empty for a copy.
    pub command: String,
    /// Path of its script.
    pub path: String,
    /// The script as it was then.
    pub text: String,
    /// Whether the script is another by now.
    pub outdated: bool,
    /// Its steps.
    pub steps: Vec<Step>,
    /// How it failed.
    pub failure: Option<Failure>,
    /// Whether some steps were too large to keep what they changed.
    pub truncated: bool,
    /// The revision that the same command ran before it.
    pub previous: Option<String>,
    /// The revision that the same command ran after it.
    pub next: Option<String>,
}

/// One step of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The operation: `create_table`; empty for statements on the connection, and
    /// `alembic_version` for the row that Alembic writes.
    pub name: String,
    /// The call as the script has it, on one line.
    pub call: String,
    /// Where the script calls it.
    pub place: Option<Place>,
    /// Whether it waits for the end of a `batch_alter_table`.
    pub waits: bool,
    /// What it sent to the database.
    pub statements: Vec<StepStatement>,
    /// How long that took.
    pub microseconds: u64,
    /// How many rows it touched.
    pub rows: i64,
    /// How it failed.
    pub failure: Option<Failure>,
    /// Whether what it changed is kept.
    pub kept: bool,
}

/// A statement of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepStatement {
    /// `statement`, `transaction`; in a batch `create`, `copy`, `drop`, `rename`.
    pub part: String,
    /// Its SQL.
    pub sql: String,
    /// Its parameters as text, a list for each execution.
    pub parameters: Vec<Vec<String>>,
    /// Rows inserted, updated or deleted.
    pub rows: Option<i64>,
    /// How long it took.
    pub microseconds: u64,
    /// The locks that it took on tables, where the database tells.
    pub locks: Vec<StepLock>,
}

/// A lock on a table that was there before, until the transaction ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepLock {
    /// The table.
    pub table: String,
    /// The database's name for it: `ACCESS EXCLUSIVE`.
    pub mode: String,
    /// What others can't do meanwhile.
    pub blocks: Blocks,
    /// Whether the statement wrote the whole table anew.
    pub rewritten: bool,
}

/// What a lock keeps others from doing with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blocks {
    /// Changing its schema.
    SchemaChanges,
    /// Changing its rows.
    Writes,
    /// Reading them, too.
    ReadsAndWrites,
}

/// The differences in one database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseDifference {
    /// Its path.
    pub database: String,
    /// The tables that differ.
    pub tables: Vec<TableDifference>,
    /// Why it can't be compared.
    pub failure: Option<Failure>,
}

/// The differences between two states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Number of the earlier one.
    pub from: u32,
    /// Number of the later one.
    pub to: u32,
    /// The databases that differ.
    pub databases: Vec<DatabaseDifference>,
}

/// The SQL of one direction in one dialect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SqlText {
    /// The dialect, as SQLAlchemy calls it: `sqlite`.
    pub dialect: String,
    /// The database, as people call it: `SQLite`.
    pub title: String,
    /// Whether it was compared with what Alembic writes.
    pub compared: bool,
    /// Which way.
    pub direction: Direction,
    /// The command that writes it.
    pub command: String,
    /// The SQL.
    pub text: String,
    /// Why there is none, or no more.
    pub failure: Option<Failure>,
}
