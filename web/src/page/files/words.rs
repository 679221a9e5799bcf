//! Texts of the file tree.
#![expect(missing_docs, reason = "the words say what each is")]

pub const TITLE: &str = "Files";
pub const OK: &str = "OK";
pub const NEW: &str = "New file";
pub const NEW_NAME: &str = "Path, such as app/models.py";
pub const NEW_PATH: &str = "New path";
pub const CLOSE: &str = "Close files";
pub const CLOSE_KEY: &str = "Close (Ctrl+B)";
pub const RENAME: &str = "Rename";
pub const DELETE: &str = "Delete";
pub const KEEP: &str = "Cancel";

pub fn there_already(name: &str) -> String {
    format!("{name} already exists.")
}

pub fn delete_question(name: &str) -> String {
    format!("Delete {name}?")
}

pub fn rename(path: &str) -> String {
    format!("Rename {path}")
}

pub fn delete(path: &str) -> String {
    format!("Delete {path}")
}

pub const SEARCH: &str = "Search in all files";
pub const SEARCH_KEY: &str = "Search in all files (Ctrl+Shift+F)";
pub const SEARCH_HINT: &str = "Text in any file";
pub const SEARCH_CLOSE: &str = "Close the search";
pub const RESULTS: &str = "Lines found";
pub const NOT_FOUND: &str = "Not found in any file.";
pub const MORE_FOUND: &str = "There is more: only the first lines are listed.";

pub fn found(lines: usize, files: usize) -> String {
    use crate::words::count;
    format!("{} in {}", count(lines, "line"), count(files, "file"))
}
