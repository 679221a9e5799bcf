//! The page's words stand in the `words.rs` of its features, and nowhere in its views.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::path::{Path, PathBuf};

/// What is no text for people: commands, SQL, what the browser reads, such as selectors, and what it says.
const ALLOWED: &[&str] = &[
    ".",
    "alembic ",
    "limbeck ",
    "sqlite3 ",
    "allow-",
    "input, ",
    "prefers-",
    "Maximum call stack",
    "too much recursion",
    "to run {",
    "(max-width",
    "(pointer",
    "(hover",
];

/// What holds words, is a test, or speaks to no person.
fn is_elsewhere(path: &Path) -> bool {
    let text = path.to_string_lossy().replace('\\', "/");
    ["/words.rs", "/tests.rs", "/api.rs"]
        .iter()
        .any(|end| text.ends_with(end))
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !is_elsewhere(&path)
        {
            into.push(path);
        }
    }
}

/// The string literals of a line, each with what stands before it.
fn literals(line: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    let mut escaped = false;
    for (index, character) in line.char_indices() {
        match (start, character) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (None, '"') if !line[..index].ends_with('\'') => start = Some(index + 1),
            (Some(from), '"') => {
                found.push((&line[..from - 1], &line[from..index]));
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn is_word(part: &str) -> bool {
    let letters = part.trim_matches(|one: char| !one.is_alphanumeric());
    letters.len() > 1
        && !part.contains('{')
        && letters.chars().all(char::is_alphabetic)
        && (letters.chars().skip(1).all(char::is_lowercase))
}

/// Whether a literal is a text for people, as far as it can be told.
fn speaks(before: &str, literal: &str) -> bool {
    let named = ["aria-label=", "title=", "placeholder=", "alt=", "label="];
    let shown = before.trim_end().ends_with('{') && !before.trim_end().ends_with("={");
    let named = named
        .iter()
        .any(|name| before.ends_with(name) || before.ends_with(&format!("{name}{{")));
    let words: Vec<&str> = literal.split(' ').collect();
    let sentence = words
        .windows(2)
        .any(|pair| is_word(pair[0]) && is_word(pair[1]));
    // What stands in the same tag, or in the same statement.
    let near = before.rsplit('>').next().unwrap_or(before);
    let quiet = near.contains("class=")
        || near.contains("classes!(")
        || before.contains("reason = ")
        || before.contains("expect(")
        || before.ends_with("keys: ");
    let capitals = literal
        .split(|one: char| !one.is_alphabetic())
        .find(|word| !word.is_empty())
        .is_some_and(|word| word.len() > 1 && word.chars().all(char::is_uppercase));
    let markup = literal.trim_start().starts_with('<');
    if quiet || capitals || markup || ALLOWED.iter().any(|one| literal.starts_with(one)) {
        return false;
    }
    let begins = literal.starts_with(char::is_uppercase);
    sentence || ((named || shown && begins) && words.iter().any(|word| is_word(word)))
}

#[test]
fn views_take_their_words_from_words_rs() {
    let mut all = Vec::new();
    files(Path::new(env!("CARGO_MANIFEST_DIR")), &mut all);
    all.sort();
    let mut found = Vec::new();
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            if line == "mod tests {" {
                break;
            }
            if line.trim_start().starts_with("//") || line.trim_start().starts_with("#[") {
                continue;
            }
            for (before, literal) in literals(line) {
                if speaks(before, literal) {
                    found.push(format!("{}:{}: {literal}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(
        found.is_empty(),
        "put these into the words.rs of their feature:\n{}",
        found.join("\n")
    );
}

#[test]
fn what_speaks_is_told_from_what_does_not() {
    assert!(speaks("<p>{ ", "No rows."));
    assert!(speaks("<button title=", "Close"));
    assert!(speaks("aria-label={format!(", "Rows of {}"));
    assert!(!speaks("<button class=", "small danger"));
    assert!(!speaks("page.command(", "alembic upgrade head"));
    assert!(!speaks(
        "sql(format!(",
        "DELETE FROM {} WHERE rowid = {rowid}"
    ));
    assert!(!speaks("<span>{ ", "✓"));
    assert!(!speaks("<path d=", "M2.5 3.5h5"));
}
