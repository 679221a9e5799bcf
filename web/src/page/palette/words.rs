//! What the command palette and the sheet of keys say.
#![expect(missing_docs, reason = "the words say what each is")]

pub const EARLIER: &str = "Go back one state";
pub const LATER: &str = "Go forward one state";
pub const WORKSPACES: &str = "Projects and examples";
pub const DUPLICATE: &str = "Duplicate the project";
pub const RESET: &str = "Reset the project to its initial state";
pub const TITLE: &str = "Commands";
pub const PALETTE_KEY: &str = "Commands (Ctrl+K)";
pub const INPUT: &str = "Find a command, file or revision";
pub const NOTHING: &str = "No matches.";
pub const SHEET: &str = "Keyboard shortcuts";
pub const KEYS_KEY: &str = "Keyboard shortcuts (?)";
pub const EVERYWHERE: &str = "Everywhere";
pub const IN_ONE_PLACE: &str = "In one part of the page";

pub const AUTOGENERATE: &str = "Autogenerate a revision …";
pub const UPGRADE_HEAD: &str = "Upgrade to head";
pub const UPGRADE_ONE: &str = "Upgrade by one revision";
pub const DOWNGRADE_ONE: &str = "Downgrade by one revision";
pub const DOWNGRADE_BASE: &str = "Downgrade to base";
pub const CHECK: &str = "Check for pending changes";
pub const CURRENT: &str = "Show the current revision";
pub const HISTORY: &str = "Show the history";
pub const HEADS: &str = "Show the heads";
pub const BRANCHES: &str = "Show branch points";
pub const SQL: &str = "Show the SQL of an upgrade";
pub const HELP: &str = "List console commands";
pub const PALETTE: &str = "Find a command";
pub const KEYS: &str = "Show keyboard shortcuts";
pub const MODELS: &str = "Go to Models";
pub const MIGRATIONS: &str = "Go to Migrations";
pub const DATABASE: &str = "Go to Database";
pub const CONSOLE: &str = "Go to the console";
pub const FILES: &str = "Show or hide Files";
pub const WIDE_MODELS: &str = "Maximize or restore Models";
pub const WIDE_MIGRATIONS: &str = "Maximize or restore Migrations";
pub const WIDE_DATABASE: &str = "Maximize or restore Database";
pub const SHARE_ZIP: &str = "Export a zip for real Alembic";
pub const SHARE_DATABASE: &str = "Export the database";
pub const SHARE_SQL: &str = "Export the database as SQL";
pub const STOP: &str = "Stop the running command";
pub const CLEAR: &str = "Clear the console";
pub const THEME: &str = "Switch between light and dark";
pub const SAVE: &str = "Save now (changes are saved as you type)";

pub const KEY_SUBMIT: &str = "Models: check or autogenerate. Script: upgrade to it. SQL: run it";
pub const KEY_ESCAPE: &str = "Close; restore a maximized column; stop the running command";
pub const KEY_LEAVE: &str = "Leave the editor, where Tab indents";
pub const KEY_ARROWS: &str = "Console: previous commands. Revisions: previous or next";
pub const KEY_TAB: &str = "Console: complete; on an empty line, leave the console";
pub const STEPS: &str = "Show the steps of the selected revision";
pub const SQL_PANES: &str = "Show the SQL of the selected revision";
pub const CHANGES: &str = "Show what changed in the database";
pub const DIAGRAM: &str = "Show the diagram";
pub const ROUND_TRIPS: &str = "Test every round trip on a copy";
pub const KEY_MENU: &str = "Revisions: open the menu; letters find one";
pub const KEY_DIAGRAM: &str = "Diagram: pan, zoom, fit; move between tables; Enter highlights one";
pub const KEY_PLAYER: &str = "Steps: play or pause, step back or forward, first or last";
pub const KEY_STOP: &str = "Console: stop the running command";
pub const KEY_CLEAR: &str = "Console: clear";
pub const KEY_CELL: &str = "Rows: edit the cell";

pub fn open(path: &str) -> String {
    format!("Open {path}")
}

pub fn revision(id: &str, message: &str) -> String {
    format!("Revision {id} {message}")
}

pub fn table(name: &str) -> String {
    format!("Table {name}")
}

pub const NEW_PROJECT: &str = "New empty project";
pub const TO_MODELS: &str = "Write models from the database …";
pub const SEARCH: &str = "Search in all files";
pub const FIND_REVISION: &str = "Find a revision";
pub const KEY_FIND: &str = "Find: in the editor, the console, the revisions";
pub const KEY_NULL: &str = "Rows: set NULL";
pub const KEY_SELECT: &str = "Rows: select several, to copy them (Ctrl+C)";
pub const KEY_HEADERS: &str = "Rows, at a header: sort; change its width";
pub const KEY_DIVIDER: &str = "Dividers: move; back to where it was";

pub fn symbol(name: &str, path: &str) -> String {
    format!("{name} in {path}")
}
