//! Texts of import and export.
#![expect(missing_docs, reason = "the words say what each is")]

use super::link::Refusal;

pub const MENU: &str = "Share";
pub const MENU_NOTE: &str = "Give this project away, or bring one in";
pub const LINK: &str = "Share a link …";
pub const LINK_ABOUT: &str = "The whole project in an address; nothing is stored on a server";
pub const ZIP: &str = "A zip for real Alembic";
pub const ZIP_ABOUT: &str = "Files, database, requirements, a test";
pub const DATABASE: &str = "The database alone";
pub const DATABASE_ABOUT: &str = "A SQLite file";
pub const SQL: &str = "The SQL alone";
pub const SQL_ABOUT: &str = "What makes the database anew, rows included";
pub const IMPORT: &str = "Open a zip or a database …";
pub const IMPORT_ABOUT: &str = "Or drop it anywhere on the page";
pub const FOLDER: &str = "Open a folder …";
pub const FOLDER_ABOUT: &str = "A project with alembic.ini, as it is on disk";
pub const DROP: &str = "Drop a project, a zip or a database";

pub const OFFER: &str = "Share this project";
pub const ADDRESS: &str = "Link";
pub const MAKING: &str = "Making the link …";
pub const COPY: &str = "Copy link";
pub const COPY_MARKDOWN: &str = "Copy as Markdown";
pub const COPY_FRAME: &str = "Copy as <iframe>";
pub const FILE: &str = "Save as a file";
pub const FILE_ABOUT: &str = "Dropped on the page, it opens as the link does.";
pub const COPIED: &str = "Copied";
pub const NOT_COPIED: &str = "The browser did not allow it: copy the text above by hand";
pub const OPTIONS: &str = "What goes along";
pub const WITH_DATABASE: &str = "The database with its rows";
pub const READ_ONLY: &str = "Read-only: to be looked at, not changed";
pub const VIEW: &str = "What is seen first";
pub const VIEWS: [(&str, &str); 4] = [
    ("", "All columns"),
    ("models", "Models"),
    ("migrations", "Migrations"),
    ("database", "Database"),
];
pub const RUN: &str = "Commands to run on opening, one a line";
pub const RUN_EXAMPLE: &str = "alembic upgrade head";
pub const RUN_ABOUT: &str = "They run only when the other person says so.";
pub const CHAT: &str =
    "Some chat programs cut a message of more than 2,000 characters: a file is safer there.";
pub const LONG: &str = "Too long for many chat and mail programs: save it as a file and send that.";
pub const PRIVATE: &str = "Whoever has the link has all of it.";

pub const ARRIVED: &str = "Somebody shared a project";
pub const ARRIVED_ABOUT: &str =
    "It opens beside your own projects, which stay as they are. Nothing of it has run.";
pub const ARRIVED_READ_ONLY: &str = "It is to be looked at, not changed.";
pub const ARRIVED_RUN: &str = "It would run:";
pub const OPEN: &str = "Open";
pub const OPEN_AND_RUN: &str = "Open and run";
pub const NOT_NOW: &str = "Not now";

pub const REFUSED: &str = "This link can't be opened";
pub const REFUSED_ABOUT: &str =
    "Nothing of it was run or kept, and your own projects are as they were.";

pub const IMPORTED: &str = "Project opened";
pub const PROBING: &str = "Looking for what does not run here …";
pub const ALL_RUNS: &str =
    "Everything in it runs here: env.py, the models and every revision, tried on a copy.";
pub const DOES_NOT_RUN: &str = "What does not run here; the rest does";
pub const NO_CONFIG: &str = "It has no alembic.ini, and no pyproject.toml with [tool.alembic]: `alembic init alembic` in the console makes one.";
pub const LEFT_OUT: &str = "Left out";
pub const DONE: &str = "Go on";

pub const DROPPED: &str = "A database";
pub const DROPPED_INTO: &str = "Add to this project";
pub const DROPPED_NEW: &str = "Open as a new project";

pub const UNNAMED: &str = "Limbeck project";
pub const NO_DATABASE: &str = "There is no database yet: an upgrade makes one.";
pub const SQL_TOO_LARGE: &str =
    "The database is too large to be written as SQL here; the database alone can be saved.";
pub const NOT_LOADED: &str =
    "A part of the page could not be loaded. Is there a network? Try again.";
pub const NEW_VERSION: &str =
    "A new version of Limbeck is ready: it opens when you reload the page.";
pub const VIEW_ONLY: &str = "This project is to be looked at, not changed.";
pub const MAY_CHANGE: &str = "Change it anyway";

/// `2,913 characters: 8 files (12.4 kB), one of them a database`.
pub fn size(characters: usize, files: usize, databases: usize, bytes: usize) -> String {
    format!(
        "{} characters: {}",
        thousands(characters),
        holds(files, databases, bytes)
    )
}

/// `8 files (12.4 kB), 1 database`.
pub fn holds(files: usize, databases: usize, bytes: usize) -> String {
    let mut text = format!("{} ({})", crate::words::count(files, "file"), weight(bytes));
    if databases > 0 {
        text.push_str(&format!(
            ", {} with rows",
            crate::words::count(databases, "database")
        ));
    }
    text
}

fn thousands(number: usize) -> String {
    let text = number.to_string();
    let mut out = String::new();
    for (index, digit) in text.chars().enumerate() {
        if index > 0 && (text.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn weight(bytes: usize) -> String {
    match bytes {
        0..=999 => format!("{bytes} bytes"),
        1_000..=999_999 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// Why a link or a file is not opened.
pub fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Version => {
            "It was made by another version of Limbeck, which this page does not know. A newer page may read it."
        }
        Refusal::Base64 => {
            "It is cut off or was changed on the way: it holds characters that no link has."
        }
        Refusal::Compression => {
            "It is cut off or was changed on the way: what it holds can't be unpacked."
        }
        Refusal::Size => {
            "It holds more than 20 MB: more than a project that is opened from a link may have."
        }
        Refusal::Count => "It holds more than 2,000 files: more than a project may have here.",
        Refusal::Document => "It holds something else than a project.",
        Refusal::Path => {
            "It has a file whose path leads out of the project, is too long, or can't be seen."
        }
        Refusal::Twice => "It has the same path twice.",
        Refusal::Text => {
            "It has a name, a command or a variable that is too long or can't be seen."
        }
    }
}

/// Why a folder or a zip is not opened.
pub fn not_taken(reason: &str) -> String {
    let why = match reason {
        "zip" => "it is no zip that can be read",
        "large" => "it is larger than 40 MB",
        "total" => "it unpacks to more than 20 MB",
        "count" => "it holds too many files",
        "several" => "a zip is opened alone, one after the other",
        "empty" => "there is no file in it that a project needs",
        "database" => "it is no SQLite database",
        other => other,
    };
    format!("This can't be opened: {why}.")
}

/// Why a file was left out.
pub fn left_out(reason: &str) -> &'static str {
    match reason {
        "skipped" => "not part of a project",
        "large" => "too large",
        "binary" => "neither text nor a SQLite database",
        "count" => "more than 2,000 files, and what Alembic reads goes first",
        "total" => "more than 20 MB in all",
        "path" => "its path leads out of the project",
        _ => "can't be unpacked",
    }
}

/// A name for a file.
pub fn file_name(name: &str) -> String {
    let safe: String = name
        .chars()
        .map(|one| {
            if one.is_alphanumeric() || "._-".contains(one) {
                one
            } else {
                '-'
            }
        })
        .collect();
    safe.trim_matches(['-', '.']).to_owned()
}

pub fn opened(name: &str, files: usize) -> String {
    format!("{name}: {}", crate::words::count(files, "file"))
}
