//! A revision run once on a copy, to be watched where it was never run.

use super::findings::Ground;
use super::recorder::Timeline;
use super::trial::Prepared;
use ground::diagnostic::{Error, Result};
use ground::run::Run;

/// What one run on a copy did.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// The run.
    pub timeline: Timeline,
    /// What rows the copy had.
    pub ground: Ground,
    /// Why it ran on an empty database, where it did.
    pub unreachable: Option<Error>,
}

/// Runs a revision's `upgrade`, or its `downgrade` after that, on a copy of the workspace. The
/// workspace is not touched; the run's observer can cancel it. A run that fails half-way is given as
/// far as it came.
///
/// # Errors
/// Where the project can't be read, has no such revision, it can't be brought to where the run
/// begins, or the observer cancelled.
pub fn rehearse(run: &Run, revision: &str, downgrade: bool) -> Result<Rehearsal> {
    let prepared = Prepared::new(run, revision)?;
    let id = prepared.revision.revision.clone();
    let mut outcome = prepared.trial.command(&["upgrade", &id], false)?;
    if downgrade {
        if let Some(error) = outcome.error {
            return Err(error);
        }
        outcome = prepared
            .trial
            .command(&["downgrade", &prepared.back()], false)?;
    }
    let found = outcome
        .timelines
        .iter()
        .position(|timeline| timeline.revision == id);
    match found {
        Some(place) => Ok(Rehearsal {
            timeline: outcome.timelines.swap_remove(place),
            ground: prepared.ground,
            unreachable: prepared.unreachable.clone(),
        }),
        None => Err(outcome
            .error
            .unwrap_or_else(|| Error::command(format!("Nothing ran for revision {id}")))),
    }
}
