//! Texts about projects and saving.

/// Names the menu for screen readers.
pub const MENU: &str = "Projects";
/// Over the list of workspaces.
pub const YOURS: &str = "Your projects";
/// Over the examples.
pub const NEW: &str = "New project from an example";
/// Copies the open workspace.
pub const DUPLICATE: &str = "Duplicate";
/// Gives the open workspace another name.
pub const RENAME: &str = "Rename";
/// Brings the open workspace back to its start.
pub const RESET: &str = "Reset";
/// Removes the open workspace.
pub const REMOVE: &str = "Remove";
/// Names the field for a name.
pub const NAME: &str = "Project name";
/// Keeps the name.
pub const KEEP_NAME: &str = "Save";
/// The placeholder for an unknown name.
pub const UNNAMED: &str = "Project";
/// Before the worker answers.
pub const STARTING: &str = "starting …";
/// Nothing was done yet that could be saved.
pub const NOT_YET: &str = "nothing to save yet";
/// On its way.
pub const SAVING: &str = "saving …";
/// Saved.
pub const SAVED: &str = "saved in this browser";
/// Another tab may change the workspace.
pub const READ_ONLY: &str = "read-only";
/// What that means.
pub const ELSEWHERE: &str =
    "This project is open for editing in another tab, so it is read-only here.";
/// Makes this tab the one that may change it.
pub const TAKE_OVER: &str = "Take over";
/// The page is in a frame of another one.
pub const EMBEDDED: &str = "Embedded: changes are not saved";
/// Why it is not saved.
pub fn not_saved(reason: &str) -> String {
    format!("not saved: {reason}")
}
/// How much room a workspace takes.
pub fn size(bytes: u64) -> String {
    match bytes {
        0 => "not saved".to_owned(),
        1..=999_999 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{:.1} MB", bytes as f64 / 1_000_000.0),
    }
}
/// Undoes what the message speaks of.
pub const UNDO: &str = "Undo";
/// After a reset.
pub const RESET_DONE: &str = "The project was reset to its initial state.";

/// After a removal.
pub fn removed(name: &str) -> String {
    format!("{name} was removed.")
}

/// Name of a project that begins empty.
pub const NEW_NAME: &str = "New project";
