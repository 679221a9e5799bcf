//! Files: what is asked of them, what they hold, and a whole workspace of them.

use std::collections::BTreeMap;
use std::ops::Range;

use base64::Engine as _;
use serde::{Deserialize, Serialize};

/// File requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FilesRequest {
    /// Reads a file.
    Read {
        /// Its path.
        path: String,
    },
    /// Makes or replaces a file, with the folders above it.
    Write {
        /// Its path.
        path: String,
        /// What it holds.
        contents: Contents,
    },
    /// Removes a file, or a folder with all that is in it.
    Remove {
        /// Its path.
        path: String,
    },
    /// Gives a file another path.
    Rename {
        /// Where it is.
        from: String,
        /// Where it will be.
        to: String,
    },
    /// Looks for a text in all files.
    Search {
        /// The text; a capital letter in it makes capitals count.
        text: String,
    },
    /// Asks for the classes and attributes of the files with models.
    Symbols,
    /// The same as [`Write`](FilesRequest::Write) while a person types: trials see it at once, and it is
    /// saved, and answered, at the next pause or request.
    Type {
        /// Its path.
        path: String,
        /// What it holds.
        contents: Contents,
    },
}

impl FilesRequest {
    /// Whether a person may go on typing.
    pub fn is_typing(&self) -> bool {
        matches!(self, FilesRequest::Type { .. })
    }
}

/// The lines of a file in which a text was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundIn {
    /// Path of the file.
    pub path: String,
    /// Number of each line, from one, and the line, cut where it is very long.
    pub lines: Vec<(u32, String)>,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// By file.
    pub files: Vec<FoundIn>,
    /// Whether there is more than is listed.
    pub more: bool,
}

/// A class or an attribute of the models.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Symbol {
    /// Its name: `Book`, `Book.title`.
    pub name: String,
    /// Path of its file.
    pub path: String,
    /// Its line, from one.
    pub line: u32,
}

/// Where a text is in another, as byte ranges. Capitals count where there is one in what is looked for, and
/// only those of ASCII do not.
pub fn occurrences(text: &str, wanted: &str) -> Vec<Range<usize>> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let ranges = |text: &str, wanted: &str| -> Vec<Range<usize>> {
        text.match_indices(wanted)
            .map(|(start, part)| start..start + part.len())
            .collect()
    };
    if wanted.chars().any(char::is_uppercase) {
        ranges(text, wanted)
    } else {
        // In ASCII the length stays when the case changes, so that places can be carried over.
        ranges(&text.to_ascii_lowercase(), wanted)
    }
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Contents {
    /// Text.
    Text(String),
    /// Bytes, in base64.
    Binary(String),
}

/// Contents as they go over the wire.
pub fn to_wire(contents: &[u8]) -> Contents {
    match std::str::from_utf8(contents) {
        Ok(text) if !text.contains('\0') => Contents::Text(text.to_owned()),
        _ => Contents::Binary(base64::engine::general_purpose::STANDARD.encode(contents)),
    }
}

/// Contents as they came over the wire.
///
/// # Errors
///
/// Invalid base64.
pub fn from_wire(contents: &Contents) -> Result<Vec<u8>, String> {
    match contents {
        Contents::Text(text) => Ok(text.clone().into_bytes()),
        Contents::Binary(text) => base64::engine::general_purpose::STANDARD
            .decode(text)
            .map_err(|error| format!("not base64: {error}")),
    }
}

/// A whole workspace as `export()` gives it and `load()` takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// Files by path, relative to the project's folder.
    pub files: BTreeMap<String, Contents>,
    /// Folders that no file is in.
    #[serde(default)]
    pub folders: Vec<String>,
    /// The current folder, relative likewise.
    #[serde(default)]
    pub directory: String,
    /// Environment variables that `export` set.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
}

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    /// Text.
    Text,
    /// A SQLite database.
    Database,
    /// Other bytes.
    Binary,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path relative to the project.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Short hash of the contents.
    pub hash: String,
    /// What kind.
    pub kind: FileKind,
}
