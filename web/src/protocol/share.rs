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
    /// What fails, each with its place where it has one.
    pub failures: Vec<Failure>,
}
