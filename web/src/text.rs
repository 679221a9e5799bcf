//! Every word that the page itself says: labels, hints, notices, names for those who don't see the
//! page. A module for each region; where something is filled in, a function.
//!
//! What the engine prints is Alembic's own and is not here.

/// Dialogs.
pub mod dialog {
    /// Closes a dialog.
    pub const CLOSE: &str = "Close";
}

/// The step view.
pub mod steps {}

/// What changed between two states.
pub mod changes {}

/// The panes of SQL.
pub mod sql {}

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
