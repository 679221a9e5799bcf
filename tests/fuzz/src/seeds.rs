//! What mutations begin with: the page's examples and lessons, and the corpus.

use std::path::Path;

/// A project in one text: each file after a line `=== path`.
pub fn project(files: &[(String, String)]) -> String {
    files
        .iter()
        .map(|(path, text)| format!("=== {path}\n{text}"))
        .collect()
}

/// The files of such a text.
pub fn files(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match (line.strip_prefix("=== "), files.last_mut()) {
            (Some(path), _) => files.push((path.trim().to_owned(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    files
}

/// The page's examples, as projects.
pub fn examples() -> Vec<String> {
    projects("examples")
}

/// The lessons, each in one text.
pub fn lessons() -> Vec<String> {
    projects("lessons")
}

fn projects(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../web")
        .join(folder);
    let mut all = Vec::new();
    for name in names(&folder) {
        let mut found = Vec::new();
        gather(&folder.join(&name), "", &mut found);
        all.push(project(&found));
    }
    all
}

/// What the corpus has for a target.
pub fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    names(&folder)
        .iter()
        .filter_map(|name| std::fs::read(folder.join(name)).ok())
        .collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn gather(folder: &Path, below: &str, found: &mut Vec<(String, String)>) {
    for name in names(folder) {
        let path = format!("{below}{name}");
        if folder.join(&name).is_dir() {
            gather(&folder.join(&name), &format!("{path}/"), found);
        } else if let Ok(text) = std::fs::read_to_string(folder.join(&name)) {
            found.push((path, text));
        }
    }
}
