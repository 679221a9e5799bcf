//! What is said where a state can't be restored.

pub const STATE_GONE: &str = "the state before this command is no longer in the history";

pub fn no_state(number: u32) -> String {
    format!("the history has no state {number}")
}
