//! A single run of a revision on a copy, for the step view.

use super::findings::Ground;
use super::recorder::Timeline;
use super::rows::Rows;
use super::trial::Prepared;
use ground::diagnostic::{Error, Result};
use ground::run::Run;

/// The result of a run on a copy.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// The recording.
    pub timeline: Timeline,
    /// The data that it ran on.
    pub ground: Ground,
    /// The reason why it ran on an empty database, if it did.
    pub unreachable: Option<Error>,
}

/// Runs a revision's `upgrade`, or its `downgrade` after that, on a copy of the workspace. The
/// workspace is not modified; the run's observer can cancel it. A failed run is returned as far as
/// it got.
///
/// # Errors
/// Where the project can't be read, has no such revision, it can't be brought to where the run
/// begins, or the observer cancelled.
pub fn rehearse(run: &Run, revision: &str, downgrade: bool) -> Result<Rehearsal> {
    let prepared = Prepared::new(run, revision, Rows::AtHand)?;
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
