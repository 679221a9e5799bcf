//! Why a review ended before its time.

pub fn too_long(seconds: u64) -> String {
    format!("The review takes longer than {seconds} seconds.")
}
