//! What is said of a review that took too long.

pub fn too_long(seconds: u64) -> String {
    format!("The review took longer than {seconds} seconds and was stopped.")
}
