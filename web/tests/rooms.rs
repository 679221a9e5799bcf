//! Who may use what in the page: the compiler holds the crates apart, this test the features in them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What of other features a feature of the page uses in its views, its effects and its words. The state
/// of the others it may read, and their actions it may dispatch: `state.rs` of a feature is part of the
/// page's one state. The frame, `app`, shows all of them.
const USES: &[(&str, &[&str])] = &[
    // A project that is only to be looked at says so; a command that ran can be watched.
    (
        "console",
        &["app::layout", "explain", "share::words", "watch::words"],
    ),
    // They go out as projects do, and in the review as Markdown.
    ("comments", &["share::codec", "share::link", "share::offer"]),
    // A table can be commented on.
    ("diagram", &["comments"]),
    // So can a finding, and a row of a difference.
    ("review", &["comments"]),
    // Its tabs.
    (
        "database",
        &["app::words", "diagram", "files::words", "watch"],
    ),
    // Its panels and its list.
    (
        "migrations",
        &["app::words", "comments", "graph", "review", "watch"],
    ),
    // Why nothing is pending.
    ("models", &["app::words", "explain"]),
    // Undoing what a failed command left is the console's.
    ("explain", &["console::words"]),
    // What the header and the menu for sharing do, by key, the list of lessons, and comments.
    ("palette", &["app::header", "comments", "lessons", "share"]),
    // A lesson, or what a class hands in, comes as other files and addresses do; comments come and go with a project.
    ("share", &["comments", "lessons"]),
    // Files go out, and what is handed in is packed, as projects are.
    ("lessons", &["share::codec"]),
];

/// What stands around the features: any of them may use it.
const COMMON: &[&str] = &["editor", "page", "parts", "state", "ui", "words"];

/// What only a browser has.
const BROWSER: &[&str] = &["gloo", "js_sys", "wasm_bindgen", "web_sys", "yew"];

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// The sources of a crate, each with its path in it, without tests and comments.
fn code(name: &str) -> Vec<(String, String)> {
    let root = sources().join(name);
    let mut all = Vec::new();
    files(&root, &mut all);
    all.sort();
    all.into_iter()
        .map(|path| {
            let inside = path.strip_prefix(&root).expect("a file of the crate");
            let inside = inside.to_string_lossy().replace('\\', "/");
            let text = std::fs::read_to_string(&path).expect("a text");
            let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
            let kept: Vec<&str> = text[..end]
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect();
            (inside, kept.join("\n"))
        })
        .filter(|(inside, _)| !inside.contains("tests"))
        .collect()
}

/// The words of a text that are followed by `::`, such as the names of crates.
fn names(text: &str) -> BTreeSet<&str> {
    text.match_indices("::")
        .filter_map(|(at, _)| {
            let start = text[..at]
                .rfind(|one: char| !one.is_alphanumeric() && one != '_')
                .map_or(0, |before| before + 1);
            let name = &text[start..at];
            // What follows another `::` is no crate.
            (!name.is_empty() && !text[..start].ends_with("::")).then_some(name)
        })
        .collect()
}

/// The paths that a text names after `crate::`, those in braces too, as far as two names go.
fn paths(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        expand("", rest, &mut found);
    }
    found
}

fn expand(before: &str, rest: &str, found: &mut BTreeSet<String>) {
    let Some(list) = rest.strip_prefix('{') else {
        let end = rest
            .find(|one: char| !one.is_alphanumeric() && one != '_')
            .unwrap_or(rest.len());
        let path = if before.is_empty() {
            rest[..end].to_owned()
        } else {
            format!("{before}::{}", &rest[..end])
        };
        match rest[end..].strip_prefix("::") {
            Some(next) if before.is_empty() => expand(&path, next, found),
            _ => {
                found.insert(path);
            }
        }
        return;
    };
    let (mut depth, mut start) = (0, 0);
    for (at, one) in list.char_indices() {
        match one {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let item = list[start..at].trim();
                if !item.is_empty() {
                    expand(before, item, found);
                }
                start = at + 1;
                if one == '}' {
                    return;
                }
            }
            _ => {}
        }
    }
}

fn manifest(name: &str) -> String {
    std::fs::read_to_string(sources().join(name).join("Cargo.toml")).expect("a manifest")
}

#[test]
fn each_crate_depends_on_what_it_may() {
    let own = |name: &str| -> Vec<String> {
        let text = manifest(name);
        let dependencies = text.split("[dev-dependencies]").next().unwrap_or_default();
        dependencies
            .lines()
            .filter(|line| line.contains("path = ") && line.contains('{'))
            .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
            .collect()
    };
    assert_eq!(own("protocol"), [""; 0]);
    assert_eq!(own("page"), ["protocol"]);
    assert_eq!(own("worker"), ["limbeck", "protocol"]);
    for name in ["protocol", "page"] {
        for (path, text) in code(name) {
            for other in ["limbeck", "limbeck_worker", "worker"] {
                assert!(!names(&text).contains(other), "{name}/{path} names {other}");
            }
        }
    }
}

#[test]
fn the_protocol_knows_no_browser() {
    for (path, text) in code("protocol") {
        for other in BROWSER {
            assert!(!names(&text).contains(other), "{path} names {other}");
        }
    }
}

#[test]
fn state_and_words_know_no_browser_and_no_view() {
    let mut read = 0;
    for (path, text) in code("page") {
        let name = path.rsplit('/').next().unwrap_or_default();
        if name != "state.rs" && name != "words.rs" {
            continue;
        }
        read += 1;
        for other in BROWSER {
            assert!(!names(&text).contains(other), "{path} names {other}");
        }
        for used in paths(&text) {
            let part = used.split("::").nth(1).unwrap_or_default();
            let pure = ["", "state", "words", "link", "layout", "Note", "Reveal"];
            let root = ["state", "words"].contains(&used.split("::").next().unwrap_or_default());
            assert!(root || pure.contains(&part), "{path} uses {used}");
        }
    }
    assert!(read > 20, "only {read} files of state and words were read");
}

#[test]
fn a_feature_uses_of_another_what_is_listed() {
    let all = code("page");
    let features: BTreeSet<&str> = all
        .iter()
        .filter_map(|(path, _)| path.split_once('/').map(|(folder, _)| folder))
        .filter(|folder| !COMMON.contains(folder))
        .collect();
    assert!(features.len() > 10, "{features:?}");
    let mut wrong = Vec::new();
    let mut used_up = BTreeSet::new();
    for (path, text) in &all {
        let Some((feature, _)) = path.split_once('/') else {
            continue;
        };
        let listed = USES
            .iter()
            .find(|(name, _)| *name == feature)
            .map_or(&[][..], |(_, uses)| uses);
        for used in paths(text) {
            let (other, part) = used.split_once("::").unwrap_or((&used, ""));
            if COMMON.contains(&feature) && features.contains(other) && part != "state" {
                wrong.push(format!("{path}: {used}, which is a feature's"));
            }
            if !features.contains(other) || other == feature || part == "state" {
                continue;
            }
            let allowed = listed
                .iter()
                .find(|one| **one == other || **one == used.as_str());
            match allowed {
                Some(one) => {
                    used_up.insert((feature, *one));
                }
                None if feature == "app" || COMMON.contains(&feature) => {}
                None => wrong.push(format!("{path}: {used}")),
            }
        }
    }
    for (feature, uses) in USES {
        for one in *uses {
            if !used_up.contains(&(*feature, *one)) {
                wrong.push(format!("{feature} is allowed {one} and does not use it"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What in the worker is SQLite's own: the shell of that name. Everything else reads databases through
/// the engine's inspector and images.
const OF_SQLITE: &[&str] = &["console/sqlite.rs"];

#[test]
fn the_worker_reads_databases_through_the_engine() {
    let mut wrong = Vec::new();
    for (path, text) in code("worker") {
        if OF_SQLITE.contains(&path.as_str()) {
            continue;
        }
        let small = text.to_lowercase();
        for word in ["pragma", "sqlite_master", "sqlite_schema", "driver::sqlite"] {
            if small.contains(word) {
                wrong.push(format!("{path} names {word}"));
            }
        }
        // `driver::{sqlite, …}`.
        for (at, found) in small.match_indices("driver::{") {
            let list = &small[at + found.len()..];
            if list
                .split(';')
                .next()
                .unwrap_or_default()
                .contains("sqlite")
            {
                wrong.push(format!("{path} uses the driver's sqlite"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn both_sides_name_a_feature_alike() {
    let folders = |name: &str| -> BTreeSet<String> {
        code(name)
            .iter()
            .filter_map(|(path, _)| path.split_once('/').map(|(folder, _)| folder.to_owned()))
            .collect()
    };
    let page = folders("page");
    // The server of a database is no feature: what a person sees of it is in `database`.
    let features = folders("worker")
        .into_iter()
        .filter(|folder| folder != "postgresql");
    for folder in features {
        assert!(page.contains(&folder), "the page has no {folder}");
    }
}

#[test]
fn no_file_is_too_long_to_read() {
    let mut all = Vec::new();
    files(&sources(), &mut all);
    for path in all {
        let lines = std::fs::read_to_string(&path)
            .expect("a text")
            .lines()
            .count();
        assert!(lines <= 800, "{} has {lines} lines", path.display());
    }
}
