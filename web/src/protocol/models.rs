//! The models against the database: what autogenerate would write, and what an editor may offer.

use serde::{Deserialize, Serialize};

use crate::{Change, Explanation, Failure, Place, Table};

/// Requests about the models.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModelsRequest {
    /// What autogenerate would write now, on copies of files and databases.
    Pending,
    /// The tables of the models, as an empty database would have them.
    Tables,
    /// What an editor may offer in Python.
    Completions,
}

/// A name that an editor may offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// The object it is an attribute of: `op`, `batch_op`, or a module name.
    pub of: String,
    /// The name.
    pub name: String,
    /// Its parameters, where they are known.
    pub parameters: Vec<String>,
}

/// What autogenerate would write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The operations, in the order of the script.
    pub operations: Vec<PendingOperation>,
    /// Errors, with their locations.
    pub diagnostics: Vec<Diagnostic>,
    /// Why there is nothing to compare, such as a database that is behind.
    pub failure: Option<Failure>,
    /// Whether the database must be upgraded first.
    pub behind: bool,
    /// Why the operations are not what a person may expect.
    pub explanation: Option<Explanation>,
    /// How long it took.
    pub microseconds: u64,
}

/// One operation that autogenerate would write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingOperation {
    /// Its name, such as `add_column`.
    pub name: String,
    /// A description: `Detected added column 'user.email'`.
    pub text: String,
    /// The line of the script.
    pub code: String,
    /// The kind of change.
    pub change: Option<Change>,
    /// What it changes: `user.email`.
    pub target: String,
}

/// Something to underline in an editor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Where.
    pub place: Place,
    /// Whether it is an error; else a warning.
    pub error: bool,
    /// The message.
    pub message: String,
}

/// The tables that the models describe.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Models {
    /// The tables, sorted by name.
    pub tables: Vec<Table>,
    /// Why there are none, or not all.
    pub failure: Option<Failure>,
}
