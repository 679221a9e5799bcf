//! Upgrade, downgrade, upgrade: whether the way back is the way back.

use super::database::Database;
use super::findings::Ground;
use super::script::Script;
use super::trial::Prepared;
use super::{Renames, StateDifference, compare};
use ground::diagnostic::{Error, Location, Result};
use ground::run::Run;

/// Rows that a difference names, a table.
const SAMPLE: usize = 20;

/// What came of going there and back.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Schema and rows came back as they were, and the second upgrade gave what the first gave.
    Lossless,
    /// The schema came back; rows differ, but nothing that was there is lost.
    SchemaOnly,
    /// Rows or values that were there are gone or are others.
    LosesData,
    /// The downgrade ran and left another schema than there was before.
    NotReversed,
    /// A step failed.
    Broken {
        /// Which: `upgrade`, `downgrade`, or `upgrade again`.
        step: &'static str,
        /// How.
        error: Error,
        /// The line, in the revision's file where there is one of it in the traceback.
        location: Option<Location>,
    },
}

impl Verdict {
    /// The verdict as a word: `lossless`, `schema only`, `loses data`, `not reversed`, `broken`.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Lossless => "lossless",
            Verdict::SchemaOnly => "schema only",
            Verdict::LosesData => "loses data",
            Verdict::NotReversed => "not reversed",
            Verdict::Broken { .. } => "broken",
        }
    }
}

/// A revision's way there and back.
#[derive(Clone, Debug)]
pub struct RoundTrip {
    /// The revision.
    pub revision: String,
    /// What rows it ran on.
    pub ground: Ground,
    /// Why it ran on an empty database, where it did.
    pub unreachable: Option<Error>,
    /// What came of it.
    pub verdict: Verdict,
    /// Whether `downgrade` does nothing, or is not there, though `upgrade` does something.
    pub empty_downgrade: bool,
    /// From before the upgrade to after the downgrade; empty where both are the same. Of each
    /// database that env.py speaks to, in its order.
    pub back: Vec<StateDifference>,
    /// From the first upgrade to the second.
    pub again: Vec<StateDifference>,
    /// What going back now would do to the user's rows, where the database has the revision:
    /// from now to the downgrade and upgrade again.
    pub now: Vec<StateDifference>,
}

/// Takes one revision there and back on a copy of the workspace, with the user's rows. The
/// workspace is not touched; the run's observer can cancel it.
///
/// # Errors
/// Where the project can't be read, has no such revision, or the observer cancelled.
pub fn round_trip(run: &Run, revision: &str) -> Result<RoundTrip> {
    let prepared = Prepared::new(run, revision)?;
    let id = prepared.revision.revision.clone();
    let text = prepared.trial.host_text(&prepared.revision.path);
    let script = text.and_then(|text| Script::new(&prepared.revision.path, &text).ok());
    let mut trip = RoundTrip {
        revision: id.clone(),
        ground: prepared.ground,
        unreachable: prepared.unreachable.clone(),
        verdict: Verdict::Lossless,
        empty_downgrade: script
            .as_ref()
            .is_some_and(|script| !script.is_empty("upgrade") && script.is_empty("downgrade")),
        back: Vec::new(),
        again: Vec::new(),
        now: Vec::new(),
    };
    let start = prepared.databases()?;
    let broken = |step: &'static str, error: Error| {
        let location = place(&error, &prepared.revision.path);
        Verdict::Broken {
            step,
            error,
            location,
        }
    };
    let up = prepared.trial.command(&["upgrade", &id], false)?;
    if let Some(error) = up.error {
        trip.verdict = broken("upgrade", error);
        return Ok(trip);
    }
    let there = prepared.databases()?;
    let down = prepared
        .trial
        .command(&["downgrade", &prepared.back()], false)?;
    if let Some(error) = down.error {
        trip.verdict = broken("downgrade", error);
        return Ok(trip);
    }
    let back = prepared.databases()?;
    // Names are the same again at the end of both legs, so nothing is followed under another.
    let differences = |before: &[Database], after: &[Database]| -> Result<Vec<StateDifference>> {
        before
            .iter()
            .zip(after)
            .map(|(before, after)| compare(before, after, &Renames::default(), SAMPLE))
            .collect()
    };
    trip.back = differences(&start, &back)?;
    let second = prepared.trial.command(&["upgrade", &id], false)?;
    if let Some(error) = second.error {
        trip.verdict = broken("upgrade again", error);
        return Ok(trip);
    }
    let there_again = prepared.databases()?;
    trip.again = differences(&there, &there_again)?;
    if prepared.applied && prepared.ground == Ground::TakenBack {
        let host = run.host.clone();
        let is_head = prepared
            .project
            .databases
            .iter()
            .all(|database| database.current.contains(&id));
        if is_head {
            let now: Vec<Database> = prepared
                .databases
                .iter()
                .map(|path| Database::of_host(&host, path))
                .collect::<Result<_>>()?;
            trip.now = differences(&now, &there_again)?;
        }
    }
    trip.verdict = verdict(&trip);
    Ok(trip)
}

fn verdict(trip: &RoundTrip) -> Verdict {
    let loses = |differences: &[StateDifference]| {
        differences.iter().any(|difference| {
            difference
                .tables
                .iter()
                .any(|table| table.rows.as_ref().is_some_and(super::RowDifference::loses))
        })
    };
    if trip.back.iter().any(|difference| !difference.same_schema()) {
        Verdict::NotReversed
    } else if loses(&trip.back) || loses(&trip.again) {
        Verdict::LosesData
    } else if trip
        .back
        .iter()
        .chain(&trip.again)
        .any(|difference| !difference.is_empty())
    {
        Verdict::SchemaOnly
    } else {
        Verdict::Lossless
    }
}

/// Takes each of these revisions there and back; one that can't be tried is told by its error.
/// Stops where the observer cancels: what was tried until then is given.
pub fn round_trips(run: &Run, revisions: &[String]) -> Vec<(String, Result<RoundTrip>)> {
    let mut trips = Vec::new();
    for revision in revisions {
        if run.observer.cancelled() {
            break;
        }
        trips.push((revision.clone(), round_trip(run, revision)));
    }
    trips
}

/// The innermost frame of the revision's own file, or of any.
pub(super) fn place(error: &Error, path: &str) -> Option<Location> {
    let own = |location: &Location| location.path.ends_with(path.trim_start_matches("./"));
    error
        .traceback
        .iter()
        .rev()
        .find(|frame| own(&frame.location))
        .or(error.traceback.last())
        .map(|frame| frame.location.clone())
}
