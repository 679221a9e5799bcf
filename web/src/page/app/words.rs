//! Texts of the page outside its features: columns, command bar, header, notices.
#![expect(missing_docs, reason = "the words say what each is")]

/// The three columns.
pub mod columns {
    pub const ALL: &str = "Columns";
    pub const MODELS: &str = "Models";
    pub const MODELS_ABOUT: &str = "what you want";
    pub const MIGRATIONS: &str = "Migrations";
    pub const MIGRATIONS_ABOUT: &str = "how to get there";
    pub const DATABASE: &str = "Database";
    pub const DATABASE_ABOUT: &str = "what you have";
    pub const WIDEN: &str = "Maximize this column";
    pub const SHOW_ALL: &str = "Show all three columns";
    pub const FIRST_DIVIDER: &str = "Width of Models";
    pub const SECOND_DIVIDER: &str = "Width of Migrations";
}

/// The line of news at the top.
pub mod notice {
    pub const CLOSE: &str = "Dismiss";
    pub const NO_DATABASE: &str = "There is no database yet. An upgrade creates it.";

    pub fn stopped(line: &str, saved: bool) -> String {
        if saved {
            format!("Stopped: {line}. Files and databases are unchanged.")
        } else {
            format!(
                "Stopped: {line}. This browser does not save this page, so the project is back at its initial state."
            )
        }
    }

    pub fn engine_broke(message: &str) -> String {
        format!("The engine crashed ({message}) and was restarted from the last saved state.")
    }
}

/// The line at the top.
pub mod header {
    pub const NAME: &str = "Limbeck";
    pub const FILES_KEY: &str = "Files (Ctrl+B)";
    pub const THEME: &str = "Light or dark";
    pub const NEW: &str = "New empty project";
    pub const NEW_SHORT: &str = "New";
    pub const OPEN: &str = "Open";
    pub const HELP: &str = "Help";
    pub const DOCUMENTATION: &str = "Documentation";
    pub const DOCUMENTATION_ABOUT: &str = "Commands, rules, frames, hosting";
    pub const KEYS_ABOUT: &str = "Every key of the page";
    pub const CONSOLE_ABOUT: &str = "The commands of the console, in the console";
    pub const ALEMBIC_HELP: &str = "Alembic's commands";
    pub const ALEMBIC_HELP_ABOUT: &str = "alembic --help, in the console";

    pub fn sqlite(version: &str) -> String {
        format!("SQLite {version}")
    }

    /// The version that PGlite has.
    pub const POSTGRESQL: &str = "PostgreSQL 18.7";
}

/// What has been under way for a while.
pub mod work {
    pub const TITLE: &str = "Running";
    pub const STOP_KEY: &str = "Stop (Escape, or Ctrl+C in the console)";
    pub const REVIEW: &str = "Reviewing the revision";
    pub const PENDING: &str = "Comparing the models with the database";

    pub fn step(number: usize, of: Option<usize>) -> String {
        match of {
            Some(of) => format!(
                "revision {} of {}",
                crate::words::number(number as u64),
                crate::words::number(of as u64)
            ),
            None => format!("revision {number}"),
        }
    }

    pub fn runs(line: &str) -> String {
        format!("Running {line}")
    }
}

/// The band of verbs.
pub mod verbs {
    use crate::words::count;

    pub const BAND: &str = "From models to the database";
    pub const AUTOGENERATE: &str = "Autogenerate";
    pub const UPGRADE: &str = "Upgrade";
    pub const DOWNGRADE: &str = "Downgrade";
    pub const MERGE: &str = "Merge";
    pub const WRITE: &str = "Write";
    pub const MESSAGE_OF_REVISION: &str = "Message for the new revision";
    pub const MESSAGE_OF_MERGE: &str = "Message for the merge";
    pub const MERGE_MESSAGE: &str = "merge heads";
    pub const LOOKING: &str = "checking …";
    pub const UPGRADE_FIRST: &str = "upgrade first";
    pub const CANNOT_COMPARE: &str = "can't compare";
    pub const NOTHING_TO_WRITE: &str = "nothing to write";
    pub const NO_REVISIONS: &str = "no revisions yet";
    pub const UP_TO_DATE: &str = "up to date";
    pub const AT_BASE: &str = "at base";
    pub const NOT_IN_ONE_STEP: &str = "choose a revision to go back to";

    pub fn to_write(changes: usize) -> String {
        format!("{} to write", count(changes, crate::words::CHANGE))
    }

    pub fn ahead(revisions: usize) -> String {
        format!("{} ahead", count(revisions, crate::words::REVISION))
    }

    pub fn ahead_of_heads(revisions: usize, heads: usize) -> String {
        format!(
            "{} ahead, {}",
            crate::words::number(revisions as u64),
            count(heads, crate::words::HEAD)
        )
    }

    pub fn back_to(revision: &str) -> String {
        format!("back to {revision}")
    }
}
