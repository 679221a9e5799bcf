//! Why a file is not read or written.

pub const INTO_ITSELF: &str = "a folder can't move into itself";

pub fn no_file(path: &str) -> String {
    format!("there is no file {path}")
}

pub fn not_in_project(path: &str) -> String {
    format!("{path} is not a path in the project")
}

pub fn is_folder(path: &str) -> String {
    format!("{path} is a folder")
}

pub fn there_already(path: &str) -> String {
    format!("{path} is there already")
}
