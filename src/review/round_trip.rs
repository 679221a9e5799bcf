//! Upgrade, downgrade, upgrade: whether the downgrade reverses the upgrade.

use std::rc::Rc;

use super::copy::CopyHost;
use super::database::Database;
use super::findings::Ground;
use super::rows::Rows;
use super::script::Script;
use super::trial::Prepared;
use super::{Renames, StateDifference, compare};
use ground::diagnostic::{Error, Location, Result};
use ground::host::Host;
use ground::run::Run;

/// The maximum number of differing rows listed per table.
const SAMPLE: usize = 20;

/// The result of a round trip.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Schema and rows were restored, and the second upgrade had the same result as the first.
    Lossless,
    /// The schema was restored; rows differ, but no data was lost.
    SchemaOnly,
    /// Existing rows or values were lost or changed.
    LosesData,
    /// The downgrade succeeded but did not restore the schema.
    NotReversed,
    /// A step failed.
    Broken {
        /// The step: `upgrade`, `downgrade`, or `upgrade again`.
        step: &'static str,
        /// The error.
        error: Error,
        /// The location, in the revision file if the traceback contains a frame of it.
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

/// A round trip of a revision.
#[derive(Clone, Debug)]
pub struct RoundTrip {
    /// The revision.
    pub revision: String,
    /// The data that it ran on.
    pub ground: Ground,
    /// The reason why it ran on an empty database, if it did.
    pub unreachable: Option<Error>,
    /// The result.
    pub verdict: Verdict,
    /// Whether `downgrade` is missing or empty although `upgrade` is not.
    pub empty_downgrade: bool,
    /// Differences between before the upgrade and after the downgrade, if any; for each database
    /// used by env.py, in its order.
    pub back: Vec<StateDifference>,
    /// Differences between the first and the second upgrade.
    pub again: Vec<StateDifference>,
    /// The effect of a downgrade and upgrade on the user's current data, if the revision is
    /// applied.
    pub now: Vec<StateDifference>,
}

/// Runs a round trip of one revision on a copy of the workspace, with the user's data. The
/// workspace is not modified; the run's observer can cancel it.
///
/// # Errors
/// Where the project can't be read, has no such revision, or the observer cancelled.
pub fn round_trip(run: &Run, revision: &str, rows: Rows) -> Result<RoundTrip> {
    let prepared = Prepared::new(run, revision, rows)?;
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
    // After both legs, names are the same again, so there are no renames to follow.
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
        // A copy, since a database of a server is a file on a copy alone.
        let host: Rc<dyn Host> = CopyHost::new(&run.host);
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

/// Runs a round trip of each revision; one that cannot be tried yields its error. If the observer
/// cancels, the results so far are returned.
pub fn round_trips(run: &Run, revisions: &[String]) -> Vec<(String, Result<RoundTrip>)> {
    let mut trips = Vec::new();
    for revision in revisions {
        if run.observer.cancelled() {
            break;
        }
        trips.push((revision.clone(), round_trip(run, revision, Rows::AtHand)));
    }
    trips
}

/// The innermost frame in the revision's file, or else in any file.
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
