//! Why a file is not read or written.

pub const INTO_ITSELF: &str = "a folder can't be moved into itself";

pub fn no_file(path: &str) -> String {
    format!("there is no file {path}")
}

pub fn not_in_project(path: &str) -> String {
    format!("{path} is outside the project")
}

pub fn is_folder(path: &str) -> String {
    format!("{path} is a folder")
}

pub fn there_already(path: &str) -> String {
    format!("{path} already exists")
}
