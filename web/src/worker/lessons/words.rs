//! What is said of lessons that can't be taken.

use limbeck::lessons::StartCommand;

pub fn no_step(id: &str) -> String {
    format!("The lesson has no step {id}.")
}

pub fn no_text(path: &str) -> String {
    format!("{path}: a lesson's files are texts; its database is made by start/database.sql.")
}

pub fn start_fails(command: &StartCommand, printed: &str) -> String {
    let how = if command.fails {
        "does not fail"
    } else {
        "fails"
    };
    let last = printed.lines().rfind(|line| !line.trim().is_empty());
    format!(
        "lesson.md:{}: of its start, `{}` {how}. {}",
        command.at,
        command.line,
        last.unwrap_or_default()
    )
}

pub fn not_in_start(path: &str) -> String {
    format!(
        "the start does not have what was in {path}. A lesson's start is texts, start/database.sql, and the commands of `start`."
    )
}
