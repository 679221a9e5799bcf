//! What the Models column and Pending say.
#![expect(missing_docs, reason = "the words say what each is")]

pub const FILES: &str = "Files with models";
pub const ALL_FILES: &str = "All files";
pub const ALL_FILES_KEY: &str = "All files (Ctrl+B)";
pub const HINT: &str = "The first step";
pub const BEGIN: &str = "Begin here.";
pub const FIRST_STEP: &str = "In `Book`, take the `#` off the `isbn` line. Pending shows what that means for the database; Autogenerate writes it down, Upgrade does it.";
pub const CLOSE_HINT: &str = "Close the hint";
pub const NOT_A_TEXT: &str = "This file is not a text.";
pub const NO_FILE: &str = "No file is open. Files lists what there is.";

/// In the message of a revision, where nothing is to be suggested.
pub const DESCRIBE: &str = "describe the change";

/// What autogenerate would write.
pub mod pending {
    pub const TITLE: &str = "Pending";
    pub const LIST: &str = "Pending changes";
    pub const COMPARING: &str = "Comparing the models with the database …";
    pub const BEHIND: &str =
        "Models are compared with the database, and it is behind the migrations.";
    pub const UPGRADE_FIRST: &str = "Upgrade first";
    pub const NOTHING: &str = "The database is what the models say.";
    pub const STOPPED: &str = "The comparison was stopped. It begins again when something changes.";
}
