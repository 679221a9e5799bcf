//! Exporting a workspace, and checking one that was imported.

use serde::{Deserialize, Serialize};

use crate::Failure;

/// A question about the workspace as something to give away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShareRequest {
    /// The whole workspace as it is.
    Export,
    /// The workspace as it travels: databases vacuumed, so that nothing deleted goes along.
    Pack {
        /// Whether its databases go along.
        databases: bool,
    },
    /// What of the project does not run here: every revision file is read and run on a copy.
    Probe,
}

/// What does not run, and how much was tried.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probed {
    /// How many revisions there are.
    pub revisions: usize,
    /// How many tables the models have; nothing where they could not be compared.
    pub tables: Option<usize>,
    /// The databases, all copies, on which the revisions were run.
    pub trials: Vec<Trial>,
    /// The server that the project is for.
    pub server: Option<Server>,
    /// Environment variables that the project reads and that are not set.
    pub missing: Vec<MissingVariable>,
    /// What fails, each with its place where it has one.
    pub failures: Vec<Failure>,
}

/// An upgrade to the heads of a copy of a database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// Path of the database; nothing for an empty one.
    pub database: Option<String>,
    /// How many rows it had.
    pub rows: u64,
    /// How many revisions ran.
    pub ran: usize,
    /// Whether one failed.
    pub failed: bool,
}

/// The server that a project is for: its URL names one, and a page reaches none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Its name, such as PostgreSQL.
    pub name: String,
    /// Whether `alembic upgrade heads --sql` writes the SQL for it.
    pub writes_sql: bool,
    /// Whether it is the ini file's `sqlalchemy.url` that names it.
    pub in_config: bool,
}

impl Server {
    /// Whether the page runs one itself.
    pub fn runs_here(&self) -> bool {
        self.name == "PostgreSQL"
    }
}

/// An environment variable that a project reads and that is not set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingVariable {
    /// Its name.
    pub name: String,
    /// Its value in a `.env` of the project, or empty.
    pub value: String,
    /// Path of that file, or empty.
    pub source: String,
}
