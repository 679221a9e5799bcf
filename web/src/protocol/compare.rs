//! Two states of a project: the base, which is there, and the head, which shall follow it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Contents, Differs, Failure, Ground, TableDifference};

/// The state that is compared with the open project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Other {
    /// The open project is the base; this text of `git diff` makes the head of it.
    Patch(String),
    /// The open project is the base; these are the files of the head.
    Head(BTreeMap<String, Contents>),
    /// The open project is the head; these are the files of the base.
    Base(BTreeMap<String, Contents>),
}

/// A question about two states; the workspace stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CompareRequest {
    /// What differs and what that does.
    States {
        /// The other state.
        other: Other,
    },
    /// The review of a revision in the head.
    Review {
        /// The other state.
        other: Other,
        /// Which one.
        revision: String,
    },
}

/// What differs between two states, and what that does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct States {
    /// The files that differ.
    pub files: Vec<FileDifference>,
    /// The revisions that differ, the oldest first.
    pub revisions: Vec<RevisionDifference>,
    /// The heads after both are merged, where they are more than the head has.
    pub meet: Vec<String>,
    /// The rows that the upgrade was tried on.
    pub ground: Ground,
    /// Why it was tried on an empty database, if it was.
    pub unreachable: Option<Failure>,
    /// What the upgrade changes in the base's databases.
    pub upgrade: Vec<TableDifference>,
    /// Why the upgrade fails, if it does.
    pub failure: Option<Failure>,
    /// In which order code and schema can be deployed, where that was tried.
    pub deployment: Option<Deployment>,
}

/// A file that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDifference {
    /// Its path, in the head if it is there.
    pub path: String,
    /// Its path in the base, where the same contents have another one.
    pub was: Option<String>,
    /// What happened to it.
    pub change: Differs,
}

/// A revision that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionDifference {
    /// Its id.
    pub revision: String,
    /// The path of its file.
    pub path: String,
    /// What became of it, in words.
    pub what: String,
    /// Whether it is to be reviewed: it is new, edited or follows another one.
    pub due: bool,
}

/// Which code works with which schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// The order in a few words, such as `migrate first`.
    pub order: String,
    /// What to do, as a sentence.
    pub advice: String,
    /// What breaks of the old code once the schema is new.
    pub old_code: Vec<Breakage>,
    /// What breaks of the new code while the schema is old.
    pub new_code: Vec<Breakage>,
}

/// A model that does not work with a schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakage {
    /// The table of the model.
    pub table: String,
    /// `SELECT` or `INSERT`.
    pub statement: String,
    /// What the database says.
    pub message: String,
}
