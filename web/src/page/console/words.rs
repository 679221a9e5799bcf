//! Texts of the console.
#![expect(missing_docs, reason = "the words say what each is")]

use crate::words::count;

pub const TITLE: &str = "Console";
pub const HEIGHT: &str = "Console height";
pub const STOP_KEY: &str = "Ctrl+C in the console";
pub const COPY_ALL: &str = "Copy the console";
pub const CLEAR: &str = "Clear the console";
pub const CLEAR_KEY: &str = "Clear (Ctrl+L)";
pub const LOG: &str = "Command output";
pub const EMPTY: &str = "Each button runs a command, which appears here. You can also type one: `alembic history`, or `help`.";
pub const COMMAND: &str = "Command";
pub const RUNS: &str = "running …";
pub const STOPPED: &str = "stopped; files and databases are unchanged";
pub const LEFT: &str = "What the failed command left behind";
pub const NOTHING_STAYED: &str = "It left nothing behind in the database.";
pub const ALTHOUGH: &str =
    "even though the command failed: under Alembic, SQLite runs these outside a transaction.";
pub const WHICH: &str = "Show them";
pub const IS_BACK: &str = "Undone: files and databases are as they were before the command.";
pub const BRING_BACK: &str = "Undo this command";

pub const SHOW_END: &str = "Show only the end";

pub fn loading(loading: protocol::Loading) -> String {
    format!(
        "PostgreSQL is loading: {} %. It is {:.1} MB, once; the browser keeps it.",
        loading.percent,
        f64::from(loading.bytes) / 1e6
    )
}

pub fn show_all(lines: usize) -> String {
    format!("Show all {} lines", crate::words::number(lines as u64))
}

pub fn copy_entry(line: &str) -> String {
    format!("Copy {line} and its output")
}

pub fn status(number: i32) -> String {
    format!("exit status {number}")
}

pub fn broke(message: &str) -> String {
    format!("the engine crashed ({message}); files and databases are unchanged")
}

pub fn stayed(statements: usize) -> String {
    format!(
        "{} stayed in the database",
        count(statements, crate::words::STATEMENT)
    )
}

pub fn rolled_back(statements: usize) -> String {
    format!(
        "{} rolled back.",
        count(statements, crate::words::STATEMENT)
    )
}

pub const CLEAR_IT: &str = "Clear";
pub const CLEARED: &str = "The console was cleared.";
pub const UNCLEAR: &str = "Undo";
pub const THIS_IS_SQL: &str =
    "This is SQL, and the console runs commands: the SQL box of the Database column runs it.\n";
pub const TO_SQL_BOX: &str = "Put it into the SQL box";
pub const FIND: &str = "Find in the console";
pub const FIND_KEY: &str = "Find in the console (Ctrl+F)";
pub const FIND_PREVIOUS: &str = "Previous match (Shift+Enter)";
pub const FIND_NEXT: &str = "Next match (Enter)";
pub const FIND_CLOSE: &str = "Close (Escape)";

pub fn matches(at: usize, all: usize) -> String {
    use crate::words::number;
    match all {
        0 => "no match".to_owned(),
        _ => format!("{} of {}", number(at as u64), number(all as u64)),
    }
}
