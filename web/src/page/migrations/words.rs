//! What the Migrations column says over the chosen revision.

/// The accessible label of the tabs.
pub const LABEL: &str = "Selected revision";
/// Its text.
pub const SCRIPT: &str = "Script";
/// What was found on it.
pub const REVIEW: &str = "Review";
/// After the tick on the tab of the review, for screen readers.
pub const NOTHING_FOUND: &str = " no findings";
