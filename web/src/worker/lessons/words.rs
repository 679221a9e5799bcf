//! What is said of lessons that can't be taken.

pub fn no_step(id: &str) -> String {
    format!("The lesson has no step {id}.")
}

pub fn no_text(path: &str) -> String {
    format!("{path}: a lesson's files are texts; its database is made by start/database.sql.")
}

pub fn start_fails(line: &str, fails: bool, printed: &str) -> String {
    let how = if fails { "does not fail" } else { "fails" };
    let last = printed.lines().rfind(|line| !line.trim().is_empty());
    format!(
        "lesson.md: of its start, `{line}` {how}. {}",
        last.unwrap_or_default()
    )
}
