//! Texts of the time bar.
#![expect(missing_docs, reason = "the words say what each is")]

use crate::words::count;

pub const BAR: &str = "History";
pub const START: &str = "the initial state";
pub const EARLIER: &str = "Earlier";
pub const EARLIER_KEY: &str = "Earlier (Alt+[)";
pub const LATER: &str = "Later";
pub const LATER_KEY: &str = "Later (Alt+])";
pub const NONE: &str = "Every command and edit is kept as a state here: going back loses nothing.";
pub const PAST_BEFORE: &str = "Viewing the past, after ";
pub const PAST_AFTER: &str = ". Continuing here starts another timeline.";
pub const FAILED: &str = "failed";
pub const OTHERS: &str = "Other timelines";
pub const OTHERS_ABOUT: &str = "What was done after going back. Select one to go there.";
pub const CLEAR: &str = "Delete the other timelines";
pub const CLEAR_YES: &str = "Delete";
pub const CLEAR_NO: &str = "Cancel";
pub const CAP: &str = "A project keeps up to 200 states or 64 MB. Beyond that, the oldest timeline is deleted first, then the oldest states; the initial state stays.";

pub fn state(index: usize, last: usize, name: &str, status: i32) -> String {
    let failed = if status == 0 { "" } else { ", failed" };
    format!("{index} of {last}: {name}{failed}")
}

pub fn branches(number: usize) -> String {
    if number == 1 {
        "1 other timeline".to_owned()
    } else {
        format!("{number} other timelines")
    }
}

pub fn branch(states: usize, from: &str) -> String {
    format!("{}, after {from}", count(states, "state"))
}

pub fn clear_question(states: usize) -> String {
    format!("Delete {}?", count(states, "state"))
}
