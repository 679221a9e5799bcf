//! What is said of a review that took too long.

pub fn too_long(seconds: u64) -> String {
    format!("The review took longer than {seconds} seconds and was stopped.")
}

pub const NOT_IN_THE_HISTORY: &str =
    "The history does not go back to before this revision was applied.";
