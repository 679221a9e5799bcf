//! Why a command failed or autogenerate found nothing, as facts: the page puts them into words.

use serde::{Deserialize, Serialize};

use crate::Place;

/// The button of the page that runs a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verb {
    /// `alembic revision --autogenerate`.
    Autogenerate,
    /// `alembic merge`.
    Merge,
    /// `alembic upgrade`.
    Upgrade,
    /// `alembic downgrade`.
    Downgrade,
}

/// What a person must know to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// The version table names revisions that no script has.
    UnknownCurrent {
        /// The revisions.
        revisions: Vec<String>,
        /// How many scripts there are.
        scripts: usize,
    },
    /// A command names a revision that no script has.
    UnknownRevision {
        /// As it was written.
        revision: String,
    },
    /// A script follows or depends on a revision that no script has.
    UnknownParent {
        /// The revision that is absent.
        parent: String,
        /// The revision that names it.
        revision: String,
        /// Where it does, if that was found.
        place: Option<Place>,
    },
    /// A command wants one head and there are several.
    SeveralHeads {
        /// The heads.
        heads: Vec<String>,
    },
    /// The database does not have all revisions yet.
    Behind,
    /// env.py passes no `target_metadata`.
    NoMetadata,
    /// A file defines a model, and env.py does not import the file.
    NotImported {
        /// Name of the class.
        class: String,
        /// Where it begins.
        place: Place,
        /// Whether `target_metadata` has no table at all, so that every table would be dropped.
        drops_everything: bool,
    },
    /// `target_metadata` has no table, and no file of the project defines a model.
    NoModels,
    /// A class has the fields of a model but is no table.
    NotATable {
        /// Name of the class.
        class: String,
        /// Where it begins.
        place: Place,
    },
    /// There is no revision yet, and the database has the models' tables already: the first revision
    /// would be empty.
    TablesExist {
        /// Path of the database.
        database: String,
    },
}

/// What would mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mend {
    /// A line for the console.
    Run(String),
    /// Another text for a file.
    Write {
        /// Its path.
        path: String,
        /// The text.
        text: String,
    },
}

/// A cause and its mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The cause.
    pub cause: Cause,
    /// What would mend it, where the worker knows.
    pub mend: Option<Mend>,
}

impl From<Cause> for Explanation {
    fn from(cause: Cause) -> Self {
        Explanation { cause, mend: None }
    }
}
