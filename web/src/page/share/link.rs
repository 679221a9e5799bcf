//! Links that hold a workspace: writing them, and reading them without trusting them.
//!
//! `#limbeck=1.PAYLOAD`: the version, then base64url without padding of deflate. What is deflated is
//! a JSON document and, after a zero byte, the bytes of the binary files, one after the other. A link may
//! come from anybody: [`read`] accepts exactly this format, within limits.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use protocol::{Contents, POSTGRESQL, Workspace, from_wire, to_wire};
use serde::{Deserialize, Serialize};

/// What a fragment of ours begins with.
pub const PREFIX: &str = "limbeck=";

/// From how many letters on the beginning of a fragment is taken for one of ours.
const CUT_LENGTH: usize = 4;

/// The version of links that this page writes.
pub const VERSION: &str = "1";

/// How long a payload may be, in characters.
pub const PAYLOAD_LIMIT: usize = 12_000_000;

/// How large it may become when it is unpacked, in bytes.
pub const UNPACKED_LIMIT: usize = 20_000_000;

/// How many files a workspace from outside may have.
pub const FILES_LIMIT: usize = 2_000;

/// How many characters some chat programs take in one message.
pub const CHAT_LIMIT: usize = 2_000;

/// From how many characters on a file is better than a link.
pub const LINK_LIMIT: usize = 8_000;

const PATH_LIMIT: usize = 240;
const NAME_LIMIT: usize = 100;
const COMMANDS_LIMIT: usize = 50;
const COMMAND_LIMIT: usize = 2_000;

/// A workspace in a link or a file, and how it is to be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// Its name.
    pub name: String,
    /// The workspace.
    pub workspace: Workspace,
    /// The column to show.
    pub view: Option<String>,
    /// The file to show.
    pub file: Option<String>,
    /// A line of it.
    pub line: Option<u32>,
    /// The revision to show.
    pub revision: Option<String>,
    /// What to show of it: a tab of the script.
    pub tab: Option<String>,
    /// The thread of comments to show.
    pub thread: Option<String>,
    /// Command lines to run.
    pub run: Vec<String>,
    /// Whether it is only to be looked at.
    pub read_only: bool,
}

/// Why a link or a file is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is of a version that this page does not know.
    Version,
    /// Its end is missing.
    Cut,
    /// It is no base64.
    Base64,
    /// It can't be inflated.
    Compression,
    /// It holds more than the page takes.
    Size,
    /// It holds more files than the page takes.
    Count,
    /// It is no document of ours.
    Document,
    /// It has a path that is none in a project.
    Path,
    /// It has a path twice, or a file where a folder is.
    Twice,
    /// It has a name, a command or a variable that is none.
    Text,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limbeck: Option<u32>,
    name: String,
    files: Vec<(String, Held)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    folders: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    directory: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    environment: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    view: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revision: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tab: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thread: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    run: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    read_only: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Held {
    /// A text.
    Text(String),
    /// So many of the bytes after the document.
    Length(usize),
    /// Bytes, where a file is JSON alone.
    Base64 { base64: String },
}

/// The payload of a fragment, with or without its `#`; nothing where it is not ours.
pub fn payload(fragment: &str) -> Option<Result<&str, Refusal>> {
    let rest = fragment.strip_prefix('#').unwrap_or(fragment);
    // A link that was cut to its first letters, as some programs cut what is long.
    let begins = format!("{PREFIX}{VERSION}.");
    if rest.len() >= CUT_LENGTH && begins.starts_with(rest) {
        return Some(Err(Refusal::Cut));
    }
    let rest = rest.strip_prefix(PREFIX)?;
    Some(match rest.split_once('.') {
        Some((VERSION, payload)) if payload.len() <= PAYLOAD_LIMIT => Ok(payload),
        Some((VERSION, _)) => Err(Refusal::Size),
        _ => Err(Refusal::Version),
    })
}

fn document(shared: &Shared, files: Vec<(String, Held)>) -> Document {
    Document {
        limbeck: None,
        name: shared.name.clone(),
        files,
        folders: shared.workspace.folders.clone(),
        directory: shared.workspace.directory.clone(),
        environment: shared.workspace.environment.clone(),
        view: shared.view.clone(),
        file: shared.file.clone(),
        line: shared.line,
        revision: shared.revision.clone(),
        tab: shared.tab.clone(),
        thread: shared.thread.clone(),
        run: shared.run.clone(),
        read_only: shared.read_only,
    }
}

/// What a link holds, before it is deflated.
pub fn write(shared: &Shared) -> Vec<u8> {
    let mut tail = Vec::new();
    let files = shared.workspace.files.iter().map(|(path, contents)| {
        let held = match contents {
            Contents::Text(text) => Held::Text(text.clone()),
            contents => {
                let bytes = from_wire(contents).unwrap_or_default();
                tail.extend_from_slice(&bytes);
                Held::Length(bytes.len())
            }
        };
        (path.clone(), held)
    });
    let files = files.collect();
    let mut bytes = serde_json::to_vec(&document(shared, files)).unwrap_or_default();
    if !tail.is_empty() {
        bytes.push(0);
        bytes.extend_from_slice(&tail);
    }
    bytes
}

/// The same as a file of JSON alone.
pub fn write_file(shared: &Shared) -> String {
    let files = shared.workspace.files.iter().map(|(path, contents)| {
        let held = match contents {
            Contents::Text(text) => Held::Text(text.clone()),
            Contents::Binary(base64) => Held::Base64 {
                base64: base64.clone(),
            },
        };
        (path.clone(), held)
    });
    let mut document = document(shared, files.collect());
    document.limbeck = Some(1);
    serde_json::to_string(&document).unwrap_or_default()
}

/// Whether a path is one in a project: relative, without `.` and `..`, of a bearable length, and
/// without characters that are not seen.
pub fn is_path(path: &str) -> bool {
    // Of a database of PostgreSQL it is the name.
    let path = path.strip_prefix(POSTGRESQL).unwrap_or(path);
    path.chars().count() <= PATH_LIMIT
        && is_plain(path)
        && !path.contains('\\')
        && path
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..")
}

/// Whether all of a text can be seen.
pub fn is_plain(text: &str) -> bool {
    text.chars().all(is_seen)
}

/// Whether a character can be seen: it is no control character, and none that turns the direction of a text.
pub fn is_seen(one: char) -> bool {
    !one.is_control()
        && !matches!(one, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Reads what a link held, after it was inflated.
///
/// # Errors
///
/// Why it is not to be opened; nothing of it is used then.
pub fn read(bytes: &[u8]) -> Result<Shared, Refusal> {
    if bytes.len() > UNPACKED_LIMIT {
        return Err(Refusal::Size);
    }
    // JSON holds no zero byte.
    let end = bytes.iter().position(|byte| *byte == 0);
    let (text, mut tail) = match end {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[][..]),
    };
    let document: Document = serde_json::from_slice(text).map_err(|_| Refusal::Document)?;
    if document.limbeck.is_some_and(|version| version != 1) {
        return Err(Refusal::Version);
    }
    if document.files.len() > FILES_LIMIT || document.folders.len() > FILES_LIMIT {
        return Err(Refusal::Count);
    }
    let known = |text: &Option<String>| text.as_deref().is_none_or(is_path);
    let named = |name: &str, limit: usize| name.chars().count() <= limit && is_plain(name);
    let variables = document.environment.iter().all(|(name, value)| {
        let word = |one: char| one.is_ascii_alphanumeric() || one == '_';
        !name.is_empty()
            && named(name, NAME_LIMIT)
            && name.chars().all(word)
            && value.len() <= 10_000
    });
    let texts = named(&document.name, NAME_LIMIT)
        && document.run.len() <= COMMANDS_LIMIT
        && document.run.iter().all(|line| named(line, COMMAND_LIMIT))
        && [
            &document.view,
            &document.revision,
            &document.tab,
            &document.thread,
        ]
        .into_iter()
        .flatten()
        .all(|text| named(text, NAME_LIMIT))
        && document.environment.len() <= 100
        && variables;
    if !texts {
        return Err(Refusal::Text);
    }
    let folder = |path: &str| path.is_empty() || is_path(path);
    if !folder(&document.directory)
        || !known(&document.file)
        || !document.folders.iter().all(|path| is_path(path))
        || !document.files.iter().all(|(path, _)| is_path(path))
    {
        return Err(Refusal::Path);
    }
    let mut folders: BTreeSet<&str> = document.folders.iter().map(String::as_str).collect();
    folders.insert(&document.directory);
    for (path, _) in &document.files {
        folders.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
    }
    let mut seen = BTreeSet::new();
    let twice = document
        .files
        .iter()
        .any(|(path, _)| !seen.insert(path.as_str()) || folders.contains(path.as_str()));
    if twice {
        return Err(Refusal::Twice);
    }
    let mut files = BTreeMap::new();
    for (path, held) in document.files {
        let contents = match held {
            Held::Text(text) => Contents::Text(text),
            Held::Length(length) => {
                let (bytes, rest) = tail.split_at_checked(length).ok_or(Refusal::Document)?;
                tail = rest;
                to_wire(bytes)
            }
            Held::Base64 { base64 } => {
                let bytes = base64::engine::general_purpose::STANDARD
                    .decode(&base64)
                    .map_err(|_| Refusal::Base64)?;
                to_wire(&bytes)
            }
        };
        files.insert(path, contents);
    }
    if !tail.is_empty() {
        return Err(Refusal::Document);
    }
    Ok(Shared {
        name: document.name,
        workspace: Workspace {
            files,
            folders: document.folders,
            directory: document.directory,
            environment: document.environment,
        },
        view: document.view,
        file: document.file,
        line: document.line,
        revision: document.revision,
        tab: document.tab,
        thread: document.thread,
        run: document.run,
        read_only: document.read_only,
    })
}

/// What a workspace from outside holds, for a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    /// How many files.
    pub files: usize,
    /// How many of them are databases.
    pub databases: usize,
    /// How many bytes in all.
    pub bytes: usize,
}

/// Counts what a workspace holds.
pub fn holds(workspace: &Workspace) -> Holds {
    // Base64 of what every SQLite file starts with, and every state of a PostgreSQL.
    const DATABASES: [&str; 2] = ["U1FMaXRlIGZvcm1hdCAz", "TGltYmVjayBQb3N0Z3JlU1FMIDEK"];
    let mut holds = Holds::default();
    for contents in workspace.files.values() {
        holds.files += 1;
        holds.bytes += match contents {
            Contents::Text(text) => text.len(),
            Contents::Binary(base64) => {
                holds.databases +=
                    usize::from(DATABASES.iter().any(|start| base64.starts_with(start)));
                base64.len() / 4 * 3
            }
        };
    }
    holds
}

/// What the page's address asks for, beside a link in its fragment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The column to show.
    pub view: Option<String>,
    /// The file to show, and a line of it.
    pub file: Option<(String, Option<u32>)>,
    /// The revision to show.
    pub revision: Option<String>,
    /// The example to start with, where the page is embedded.
    pub example: Option<String>,
    /// Whether it is only to be looked at.
    pub read_only: bool,
    /// When what the link holds is opened and run.
    pub run: When,
    /// Where a lesson is that is to be opened.
    pub lesson: Option<String>,
    /// The lessons of a class, by slug with commas between, and the class's name.
    pub class: Option<(String, String)>,
}

/// When a link's workspace is opened, and its commands run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    /// When the visitor says so.
    #[default]
    Asked,
    /// It is opened at once, where the page is embedded; nothing is run.
    Opened,
    /// It is opened and run at once.
    Run,
}

/// Reads an address's parameters: names with decoded values.
pub fn address(get: impl Fn(&str) -> Option<String>) -> Address {
    let word = |name: &str| get(name).filter(|text| !text.is_empty() && is_plain(text));
    let yes =
        |name: &str| get(name).is_some_and(|text| !matches!(text.as_str(), "no" | "0" | "false"));
    Address {
        view: word("view"),
        file: word("file").map(|text| match text.rsplit_once(':') {
            Some((path, line)) if line.parse::<u32>().is_ok() => {
                (path.to_owned(), line.parse().ok())
            }
            _ => (text, None),
        }),
        revision: word("revision"),
        example: word("example"),
        read_only: yes("read-only"),
        run: match get("run").as_deref() {
            Some("auto") => When::Run,
            Some("open") => When::Opened,
            _ => When::Asked,
        },
        lesson: word("lesson"),
        class: word("class").map(|lessons| (lessons, word("name").unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests;
