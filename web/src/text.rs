//! Every word that the page itself says: labels, hints, notices, names for those who don't see the
//! page. A module for each region; where something is filled in, a function.
//!
//! What the engine prints is Alembic's own and is not here.

/// Dialogs.
pub mod dialog {
    /// Closes a dialog.
    pub const CLOSE: &str = "Close";
}

/// The tabs over the chosen revision.
pub mod script_tabs {
    /// What the tabs are of.
    pub const LABEL: &str = "The chosen revision";
    /// Its text.
    pub const SCRIPT: &str = "Script";
    /// What was found on it.
    pub const REVIEW: &str = "Review";
    /// After the tick on the tab of the review, for those who don't see it.
    pub const NOTHING_FOUND: &str = " nothing found";
}

/// The tabs of the Database column.
pub mod database_tabs {
    /// What the tabs are of.
    pub const LABEL: &str = "The database";
    /// Tables, rows and columns.
    pub const TABLES: &str = "Tables";
}

/// The step view.
pub mod steps {
    /// Its tab.
    pub const TAB: &str = "Steps";
}

/// What changed between two states.
pub mod changes {
    /// Its tab.
    pub const TAB: &str = "Changes";
}

/// The panes of SQL.
pub mod sql {
    /// Their tab.
    pub const TAB: &str = "SQL";
}

/// Workspaces, and whether they are kept.
pub mod workspaces {}

/// The time bar.
pub mod time {}

/// Links, import and export.
pub mod share {}

/// The diagram.
pub mod diagram {}

/// The revision graph.
pub mod graph {}

/// The command palette and the sheet of keys.
pub mod palette {}
