//! The revisions of the project.

use serde::{Deserialize, Serialize};

use crate::Failure;

/// The revisions of the project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Migrations {
    /// Newest first, each before what it came from.
    pub revisions: Vec<Revision>,
    /// Heads.
    pub heads: Vec<String>,
    /// The database's current revisions.
    pub current: Vec<String>,
    /// How many revisions an upgrade to all heads would run.
    pub ahead: usize,
    /// Where a downgrade by one would land: an id, or `base`; nothing if it can't.
    pub back: Option<String>,
    /// Path of the database that `sqlalchemy.url` names.
    pub database: Option<String>,
    /// Why there are none to show.
    pub failure: Option<Failure>,
}

/// A revision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Its id.
    pub id: String,
    /// First line of its message.
    pub message: String,
    /// Path of its file.
    pub path: String,
    /// Its down revisions.
    pub down: Vec<String>,
    /// What it depends on.
    pub depends_on: Vec<String>,
    /// Its branch labels.
    pub labels: Vec<String>,
    /// Whether nothing comes after it.
    pub head: bool,
    /// Whether the database is there.
    pub current: bool,
    /// Whether the database has it: it is current or came before a current one.
    pub applied: bool,
    /// `Create Date` of its docstring.
    pub date: String,
}
