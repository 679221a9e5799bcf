//! Texts of the time bar.
#![expect(missing_docs, reason = "the words say what each is")]

use crate::words::count;

pub const BAR: &str = "History";
pub const START: &str = "the start";
pub const EARLIER: &str = "Earlier";
pub const EARLIER_KEY: &str = "Earlier ([)";
pub const LATER: &str = "Later";
pub const LATER_KEY: &str = "Later (])";
pub const NONE: &str = "Each command and each edit is a state here: going back loses nothing.";
pub const PAST_BEFORE: &str = "You are in the past: after ";
pub const PAST_AFTER: &str = ". Going on from here starts a branch.";
pub const FAILED: &str = "failed";
pub const OTHERS: &str = "Other branches";
pub const OTHERS_ABOUT: &str = "What was done from an earlier state. Choose one to go there.";
pub const CLEAR: &str = "Clear the other branches";
pub const CLEAR_YES: &str = "Clear";
pub const CLEAR_NO: &str = "Keep";
pub const CAP: &str = "A project keeps 200 states or 64 MB. Beyond that the oldest branch goes first, then the oldest states; the start stays.";

pub fn state(index: usize, last: usize, name: &str, status: i32) -> String {
    let failed = if status == 0 { "" } else { ", failed" };
    format!("{index} of {last}: {name}{failed}")
}

pub fn branches(number: usize) -> String {
    if number == 1 {
        "1 other branch".to_owned()
    } else {
        format!("{number} other branches")
    }
}

pub fn branch(states: usize, from: &str) -> String {
    format!("{}, after {from}", count(states, "state"))
}

pub fn clear_question(states: usize) -> String {
    format!("Forget {}?", count(states, "state"))
}
