//! Why there is nothing to watch or compare.

pub const GONE: &str = "this run is no longer recorded";
pub const NO_STEP: &str = "there is no such step";

pub fn too_long(seconds: u64) -> String {
    format!("This took longer than {seconds} seconds and was stopped.")
}

pub fn no_revision(revision: &str) -> String {
    format!("there is no revision {revision}")
}

pub fn no_state(number: u32) -> String {
    format!("the history has no state {number}")
}
