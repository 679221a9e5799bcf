//! What is said of a patch that can't be applied.

/// What the place of such a failure is in.
pub const PATCH: &str = "the patch";

/// Of a text that is none.
pub fn no_patch(why: &str) -> String {
    format!("This is no patch that can be read: {why}.")
}

/// Of a file that the project lacks.
pub fn no_file(path: &str) -> String {
    format!("The patch changes {path}, which the open project does not have.")
}

/// Of a file that is no text.
pub fn no_text(path: &str) -> String {
    format!("The patch changes {path}, which is no text in the open project.")
}

/// Of lines that are not there.
pub fn other_lines(path: &str) -> String {
    format!(
        "The patch does not fit: {path} has other lines here. Open the state that the patch was made of."
    )
}

/// Of a path that leads out.
pub fn outside(path: &str) -> String {
    format!("The patch writes {path}, which is outside the project.")
}

/// Of a trial without end.
pub fn too_long(seconds: u64) -> String {
    format!("Comparing both states took more than {seconds} seconds and was given up.")
}
