//! What the command palette and the sheet of keys say.
#![expect(missing_docs, reason = "the words say what each is")]

pub const EARLIER: &str = "Go to the state before";
pub const LATER: &str = "Go to the state after";
pub const WORKSPACES: &str = "Projects and examples";
pub const DUPLICATE: &str = "Duplicate the project";
pub const RESET: &str = "Reset the project to its start";
pub const TITLE: &str = "Commands";
pub const PALETTE_KEY: &str = "Commands (Ctrl+K)";
pub const INPUT: &str = "What to do, or where to go";
pub const NOTHING: &str = "Nothing fits.";
pub const SHEET: &str = "Keys";
pub const KEYS_KEY: &str = "Keys (?)";
pub const EVERYWHERE: &str = "Everywhere";
pub const IN_ONE_PLACE: &str = "In one place";

pub const AUTOGENERATE: &str = "Autogenerate a revision …";
pub const UPGRADE_HEAD: &str = "Upgrade to head";
pub const UPGRADE_ONE: &str = "Upgrade by one revision";
pub const DOWNGRADE_ONE: &str = "Downgrade by one revision";
pub const DOWNGRADE_BASE: &str = "Downgrade to base";
pub const CHECK: &str = "Check for changes to write";
pub const CURRENT: &str = "Show where the database is";
pub const HISTORY: &str = "Show the revisions";
pub const HEADS: &str = "Show the heads";
pub const BRANCHES: &str = "Show where branches begin";
pub const SQL: &str = "Show the SQL of an upgrade";
pub const HELP: &str = "What the console knows";
pub const PALETTE: &str = "Find a command";
pub const KEYS: &str = "Show the keys";
pub const MODELS: &str = "Go to Models";
pub const MIGRATIONS: &str = "Go to Migrations";
pub const DATABASE: &str = "Go to Database";
pub const CONSOLE: &str = "Go to the console";
pub const FILES: &str = "Open or close Files";
pub const WIDE_MODELS: &str = "Models over the whole width, or back";
pub const WIDE_MIGRATIONS: &str = "Migrations over the whole width, or back";
pub const WIDE_DATABASE: &str = "Database over the whole width, or back";
pub const SHARE_ZIP: &str = "Export a zip for real Alembic";
pub const SHARE_DATABASE: &str = "Export the database";
pub const SHARE_SQL: &str = "Export the database as SQL";
pub const STOP: &str = "Stop what runs";
pub const CLEAR: &str = "Clear the console";
pub const THEME: &str = "Light or dark";
pub const SAVE: &str = "Save now (everything is saved as you type)";

pub const KEY_SUBMIT: &str = "Models: check or autogenerate. Script: upgrade to it. SQL: run it";
pub const KEY_ESCAPE: &str = "Close; give a wide column's room back; stop what runs";
pub const KEY_LEAVE: &str = "Leave an editor, where Tab indents";
pub const KEY_ARROWS: &str = "Console: earlier commands. Revisions: the next one";
pub const KEY_TAB: &str = "Console: complete; leaves it when the line is empty";
pub const STEPS: &str = "Show the steps of the chosen revision";
pub const SQL_PANES: &str = "Show the SQL of the chosen revision";
pub const CHANGES: &str = "Show what changed in the database";
pub const DIAGRAM: &str = "Show the diagram";
pub const ROUND_TRIPS: &str = "Take all revisions there and back on a copy";
pub const KEY_MENU: &str = "Revisions: the actions of the chosen one; letters find one";
pub const KEY_DIAGRAM: &str = "Diagram: move, zoom, show all; between tables; Enter brings one out";
pub const KEY_PLAYER: &str = "Play or pause, step back and forward, first and last: in Steps";
pub const KEY_STOP: &str = "Console: stop what runs";
pub const KEY_CLEAR: &str = "Console: clear it";
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
