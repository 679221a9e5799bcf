//! What the Models column and Pending say.
#![expect(missing_docs, reason = "the words say what each is")]

pub const FILES: &str = "Model files";
pub const ALL_FILES: &str = "All files";
pub const ALL_FILES_KEY: &str = "All files (Ctrl+B)";
pub const HINT: &str = "First steps";
pub const BEGIN: &str = "Begin here.";
pub const FIRST_STEP: &str = "In `Book`, take the `#` off the `isbn` line. Pending shows what that means for the database; Autogenerate writes it down, Upgrade does it.";
pub const CLOSE_HINT: &str = "Close the hint";
pub const NOT_A_TEXT: &str = "This is a binary file.";
pub const NO_FILE: &str = "No file is open. Open one from Files.";

/// In the message of a revision, where nothing is to be suggested.
pub const DESCRIBE: &str = "describe the change";

/// What autogenerate would write.
pub mod pending {
    pub const TITLE: &str = "Pending";
    pub const LIST: &str = "Pending changes";
    pub const COMPARING: &str = "Comparing the models with the database …";
    pub const BEHIND: &str = "The database is not up to date with the migrations, so it can't be compared with the models.";
    pub const UPGRADE_FIRST: &str = "Upgrade first";
    pub const NOTHING: &str = "The database matches the models.";
    pub const STOPPED: &str = "The comparison was stopped. It starts again at the next change.";
}
