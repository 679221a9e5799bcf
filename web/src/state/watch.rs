//! What the page knows of runs that can be watched, and of what they changed.

/// What the Database column shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DatabaseTab {
    /// The tables, their rows and columns.
    #[default]
    Tables,
    /// What is different between two states.
    Changes,
}
