//! Texts of the revision graph.
#![expect(missing_docs, reason = "the words say what each is")]

use protocol::Revision;

use crate::words::count;

pub const LABEL: &str = "Revisions, newest first";
pub const HOW: &str = "Arrow keys select a revision, typing finds one, Enter opens its menu.";
pub const NO_MESSAGE: &str = "(no message)";
pub const NONE: &str = "No revisions yet. Autogenerate writes the first one from the models.";
pub const CURRENT: &str = "current";
pub const HEAD: &str = "head";
pub const KEY: &str = "key";
pub const FILTER: &str = "Filter revisions";
pub const FILTER_HINT: &str = "id, message, label, head, current …";
pub const NOTHING_FITS: &str = "No matching revision.";
pub const ROUND_TRIPS: &str = "Test every round trip";
pub const ROUND_TRIPS_HINT: &str =
    "Upgrade, downgrade and upgrade again, for each revision, on a copy of the database";
pub const ACTIONS: &str = "Actions";
pub const OUT_OF_DATE: &str = "The files have changed since this test.";
pub const NOT_TRIED: &str = "Not tested";
pub const EMPTY_DOWNGRADE: &str = "empty downgrade";
pub const SCRIPT: &str = "Script";
pub const SHOW_SQL: &str = "Show SQL";
pub const HERE: &str = "current revision";
pub const UPGRADE: &str = "Upgrade to this";
pub const DOWNGRADE: &str = "Downgrade to this";
pub const DOWNGRADE_BASE: &str = "Downgrade past this";
pub const STAMP: &str = "Stamp with this revision";
pub const MERGE: &str = "Merge all heads";
pub const SHOW: &str = "Show details in the console";
pub const NEW: &str = "New revision after this";
pub const NEW_MESSAGE: &str = "new revision";
pub const REVIEW: &str = "Review";
pub const REVIEW_HINT: &str = "problems and the lines that cause them";
pub const ROUND_TRIP: &str = "Round trip";
pub const ROUND_TRIP_HINT: &str = "upgrade, downgrade, upgrade on a copy";
pub const SQUASH: &str = "Squash all up to this";
pub const SQUASH_FROM: &str = "Squash from this one";
pub const SQUASH_FROM_HINT: &str = "the menu of a later revision has the rest";
pub const DELETE: &str = "Delete its script";
pub const IS_APPLIED: &str = "the database has this revision: downgrade past it first";
pub const UNDO: &str = "Undo";

/// Why a script is not deleted.
pub fn is_followed(by: &str) -> String {
    format!("{by} follows it: delete that first")
}

/// Says that a script is gone.
pub fn deleted(revision: &str) -> String {
    format!("Revision {revision} was deleted.")
}

/// What a revision depends on.
pub fn needs(revisions: &str) -> String {
    format!("needs {revisions}")
}

/// Puts a branch after another head.
pub fn put_after(head: &str) -> String {
    format!("Put its branch after {head}")
}

/// Makes one revision of those from another one to this.
pub fn squash_to(first: &str) -> String {
    format!("Squash {first} to this")
}

/// Says that several revisions are one.
pub fn squashed(into: &str) -> String {
    format!("The revisions are one now: {into}.")
}

/// Says that a branch was put after another one.
pub fn rebased(onto: &str) -> String {
    format!("The branch follows {onto} now.")
}

/// Merges two heads.
pub fn merge_with(head: &str) -> String {
    format!("Merge with {head}")
}

/// Names a menu of actions.
pub fn actions_of(revision: &str) -> String {
    format!("Actions on {revision}")
}

/// How many revisions the filter leaves.
pub fn fit(shown: usize, all: usize) -> String {
    if shown == all {
        count(all, "revision")
    } else {
        format!(
            "{} of {}",
            crate::words::number(shown as u64),
            count(all, "revision")
        )
    }
}

/// Stops the round trips.
pub fn stop(done: usize, all: usize) -> String {
    format!(
        "Stop ({} of {})",
        crate::words::number(done as u64),
        crate::words::number(all as u64)
    )
}

/// A row as a screen reader says it: what it is, what it came from, and what is known of it.
pub fn name(revision: &Revision, verdict: Option<&str>) -> String {
    let mut parts = vec![revision.id.clone()];
    parts.push(if revision.message.is_empty() {
        NO_MESSAGE.to_owned()
    } else {
        revision.message.clone()
    });
    if revision.head {
        parts.push(HEAD.to_owned());
    }
    if revision.current {
        parts.push(CURRENT.to_owned());
    }
    parts.push(
        if revision.applied {
            "applied"
        } else {
            "not applied"
        }
        .to_owned(),
    );
    if !revision.labels.is_empty() {
        parts.push(format!("branch {}", revision.labels.join(", ")));
    }
    parts.push(match revision.down.as_slice() {
        [] => "the first".to_owned(),
        [down] => format!("from {down}"),
        many => format!("merges {}", many.join(" and ")),
    });
    if !revision.depends_on.is_empty() {
        parts.push(format!("depends on {}", revision.depends_on.join(" and ")));
    }
    if let Some(verdict) = verdict {
        parts.push(format!("round trip: {verdict}"));
    }
    parts.join(", ")
}
