//! Each room of the engine uses only the rooms below it (see the map in `src/lib.rs`). What lies in crates of its own
//! (`ground`, `python`, `driver`, `sqlalchemy`) is held by Cargo.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the top down; those on one line may not use each other, except where a pair is
/// allowed below.
const RINGS: &[&[&str]] = &[
    &["main", "network"],
    &["cli"],
    &["lessons"],
    &["review"],
    &["command"],
    &["bindings"],
    &["autogenerate"],
    &["runtime"],
    &["operations", "script"],
    &["ddl"],
    &["config"],
];

/// The crates below the engine: they know none of its rooms, since Cargo forbids a ring.
const CRATES: &[&str] = &["driver", "ground", "python", "sqlalchemy"];

fn ring(room: &str) -> Option<usize> {
    RINGS.iter().position(|rooms| rooms.contains(&room))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The rooms that a line of source names as `crate::room`, in a list `crate::{a::…, b::…}` too.
fn rooms_named(text: &str) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    for (start, _) in text.match_indices("crate::") {
        if text[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let line = text[..start].matches('\n').count() + 1;
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        if text[line_start..start].trim_start().starts_with("//") {
            continue;
        }
        let rest = &text[start + "crate::".len()..];
        let identifier = |text: &str| -> String {
            text.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        };
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut item = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        named.push((line, identifier(item.trim())));
                        item.clear();
                        continue;
                    }
                    _ => {}
                }
                item.push(c);
            }
            named.push((line, identifier(item.trim())));
        } else {
            named.push((line, identifier(rest)));
        }
    }
    named
}

#[test]
fn rooms_use_only_what_is_below_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files.sort();
    let mut wrong = Vec::new();
    let mut read = 0;
    for file in &files {
        let relative = file.strip_prefix(&root).unwrap();
        let first = relative.components().next().unwrap().as_os_str();
        let room = Path::new(first).file_stem().unwrap().to_str().unwrap();
        if room == "lib" || CRATES.contains(&room) {
            continue;
        }
        let Some(own) = ring(room) else {
            wrong.push(format!("{}: no such room on the map", relative.display()));
            continue;
        };
        let text = fs::read_to_string(file).unwrap();
        for (line, other) in rooms_named(&text) {
            let Some(ring) = ring(&other) else { continue };
            read += 1;
            if other != room && ring <= own {
                wrong.push(format!(
                    "{}:{line}: {room} may not use {other}",
                    relative.display()
                ));
            }
        }
    }
    assert!(read > 10, "the check read only {read} uses of other rooms");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn only_the_parse_room_names_the_parser_and_only_the_driver_is_unsafe() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    for file in &files {
        let relative = file.strip_prefix(&root).unwrap();
        let text = fs::read_to_string(file).unwrap();
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            let place = format!("{}:{}", relative.display(), number + 1);
            if code.contains("ruff_")
                && !relative.starts_with("python/parse")
                && relative != Path::new("python/parse.rs")
            {
                wrong.push(format!("{place} names the parser"));
            }
            if code.contains("unsafe ") && !relative.starts_with("driver") {
                wrong.push(format!("{place} is unsafe"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Names that belong into a dialect's room.
const DIALECT_WORDS: &[&str] = &[
    "sqlite",
    "SQLite",
    "Sqlite",
    "postgresql",
    "Postgresql",
    "mysql",
    "MySQL",
    "mariadb",
    "MariaDB",
    "PRAGMA",
];

/// Where each database may be called by its name.
const DIALECT_ROOMS: &[&str] = &["ddl", "driver", "sqlalchemy/dialects"];

/// Files outside that name a database all the same, and why.
const DIALECTS_NAMED: &[(&str, &str)] = &[
    (
        "bindings/sqlalchemy/dialects",
        "Python's packages are called after databases: sqlalchemy.dialects.sqlite, sqlite3",
    ),
    (
        "cli/lessons",
        "programs that a solution runs are called after databases, and so is the tests' server",
    ),
    (
        "ground/logging/mod.rs",
        "Alembic has a logger of that name: alembic.ddl.postgresql",
    ),
    (
        "sqlalchemy/sqltypes/classes.rs",
        "generated: in which package each type class stands",
    ),
];

/// The code of a file: without comments, and without the tests at its end.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .take_while(|line| *line != "#[cfg(test)]")
        .map(|line| match line.trim_start().strip_prefix("//") {
            Some(_) => "",
            // `://` of a URL begins no comment.
            None => line.split(" //").next().unwrap_or(""),
        })
        .enumerate()
        .map(|(number, line)| (number + 1, line))
}

#[test]
fn a_database_is_named_in_its_room_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files.sort();
    let mut wrong = Vec::new();
    let mut needed = vec![false; DIALECTS_NAMED.len()];
    for file in &files {
        let relative = file.strip_prefix(&root).unwrap();
        let is_test = relative.file_name().is_some_and(|name| name == "tests.rs");
        if is_test || DIALECT_ROOMS.iter().any(|room| relative.starts_with(room)) {
            continue;
        }
        let exception = DIALECTS_NAMED
            .iter()
            .position(|(place, _)| relative.starts_with(place));
        let text = fs::read_to_string(file).unwrap();
        for (number, line) in code_lines(&text) {
            let Some(word) = DIALECT_WORDS.iter().find(|word| line.contains(**word)) else {
                continue;
            };
            match exception {
                Some(exception) => needed[exception] = true,
                None => wrong.push(format!("{}:{number} names {word}", relative.display())),
            }
        }
    }
    for ((place, _), needed) in DIALECTS_NAMED.iter().zip(needed) {
        if !needed {
            wrong.push(format!("{place} needs no exception any more"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The standard library's sorts, each of which is compiled anew for every type (`ground::order`).
const SORTS: &[&str] = &[
    ".sort()",
    ".sort_by(",
    ".sort_by_key(",
    ".sort_by_cached_key(",
    ".sort_unstable()",
    ".sort_unstable_by(",
    ".sort_unstable_by_key(",
];

#[test]
fn the_engine_sorts_by_one_function() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&top.join("src"), &mut files);
    sources(&top.join("web/src/worker"), &mut files);
    let mut wrong = Vec::new();
    for file in &files {
        let relative = file.strip_prefix(top).unwrap();
        let is_test = relative.file_name().is_some_and(|name| name == "tests.rs");
        // The native program alone is not loaded by a page.
        let exempt = ["src/ground/order.rs", "src/main.rs"].map(Path::new);
        if is_test || exempt.contains(&relative) {
            continue;
        }
        let text = fs::read_to_string(file).unwrap();
        for (number, line) in code_lines(&text) {
            if SORTS.iter().any(|sort| line.contains(sort)) {
                wrong.push(format!("{}:{number}", relative.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "use ground::order::InOrder in\n{}",
        wrong.join("\n")
    );
}

/// Data that a generator writes may be as long as it is.
const GENERATED: &[&str] = &["src/sqlalchemy/sqltypes/classes.rs"];

#[test]
fn no_file_is_longer_than_800_lines() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "web/src", "tests", "examples"] {
        sources(&top.join(folder), &mut files);
    }
    let mut wrong = Vec::new();
    for file in &files {
        let relative = file.strip_prefix(top).unwrap();
        let lines = fs::read_to_string(file).unwrap().lines().count();
        if lines > 800 && !GENERATED.iter().any(|path| relative == Path::new(path)) {
            wrong.push(format!("{} has {lines} lines", relative.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
