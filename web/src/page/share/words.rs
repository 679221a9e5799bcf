//! Texts of import and export.
#![expect(missing_docs, reason = "the words say what each is")]

use protocol::{Server, Trial};

use super::link::Refusal;
use crate::words::count;

pub const MENU: &str = "Share";
pub const MENU_NOTE: &str = "Share this project, or open another";
pub const LINK: &str = "Share a link …";
pub const LINK_ABOUT: &str = "The whole project in a URL; nothing is stored on a server";
pub const ZIP: &str = "A zip for real Alembic";
pub const ZIP_ABOUT: &str = "Files, database, requirements, a test";
pub const DATABASE: &str = "The database";
pub const DATABASE_ABOUT: &str = "A SQLite file";
pub const SQL: &str = "SQL dump";
pub const SQL_ABOUT: &str = "The statements that recreate the database and its rows";
pub const IMPORT: &str = "Open a zip or a database …";
pub const IMPORT_ABOUT: &str = "Or drop it anywhere on the page";
pub const FOLDER: &str = "Open a folder …";
pub const FOLDER_ABOUT: &str = "A folder with alembic.ini";
pub const COMPARE: &str = "Compare with a zip or a patch …";
pub const COMPARE_ABOUT: &str = "Or drop the output of git diff, or paste it";
pub const COMPARE_FOLDER: &str = "Compare with a folder …";
pub const COMPARE_FOLDER_ABOUT: &str = "Another state of this project";
pub const DROP: &str = "Drop a project, a zip, a database or a patch";
pub const PASTED: &str = "the pasted patch";

pub const OFFER: &str = "Share this project";
pub const ADDRESS: &str = "Link";
pub const MAKING: &str = "Creating the link …";
pub const COPY: &str = "Copy link";
pub const COPY_MARKDOWN: &str = "Copy as Markdown";
pub const COPY_FRAME: &str = "Copy as <iframe>";
pub const FILE: &str = "Save as a file";
pub const FILE_ABOUT: &str = "Dropped onto the page, it opens just as the link does.";
pub const COPIED: &str = "Copied";
pub const NOT_COPIED: &str = "The browser did not allow it: copy the text above yourself";
pub const OPTIONS: &str = "Include";
pub const WITH_DATABASE: &str = "The database with its rows";
pub const WITH_COMMENTS: &str = "The comments";
pub const READ_ONLY: &str = "Read-only";
pub const VIEW: &str = "Open at";
pub const VIEWS: [(&str, &str); 4] = [
    ("", "All columns"),
    ("models", "Models"),
    ("migrations", "Migrations"),
    ("database", "Database"),
];
pub const FILES: &str = "A file";
pub const RUN: &str = "Commands to run on opening, one per line";
pub const RUN_EXAMPLE: &str = "alembic upgrade head";
pub const RUN_ABOUT: &str = "They run only if the recipient agrees.";
pub const CHAT: &str =
    "Some chat apps truncate messages longer than 2,000 characters: a file is safer there.";
pub const LONG: &str = "Too long for many chat and mail apps: save it as a file and send that.";
pub const PRIVATE: &str = "Anyone with the link can read the whole project.";

pub const ARRIVED: &str = "A shared project";
pub const ARRIVED_ABOUT: &str =
    "It opens as a new project; your own stay as they are. None of its code has run.";
pub const ARRIVED_READ_ONLY: &str = "It opens read-only.";
pub const ARRIVED_RUN: &str = "It asks to run:";
pub const OPEN: &str = "Open";
pub const OPEN_AND_RUN: &str = "Open and run";
pub const NOT_NOW: &str = "Not now";
pub const STILL_THERE: &str =
    "The shared project is still in the address of this page: reload the page to see it again.";

pub const REFUSED: &str = "This link can't be opened";
pub const REFUSED_ABOUT: &str = "Nothing was run or saved, and your own projects are unchanged.";

pub const IMPORTED: &str = "Project opened";
pub const PROBING: &str = "Checking what runs here …";
pub const ALL_RUNS: &str = "Everything runs here. Tested on copies:";
pub const DOES_NOT_RUN: &str = "Problems found";
pub const NO_CONFIG: &str = "It has no alembic.ini and no pyproject.toml with [tool.alembic]. `alembic init alembic` in the console creates one.";
pub const TRIED: &str = "What was tested, on copies";
pub const WORKED: &str = "works: ";
pub const FAILED: &str = "fails: ";
pub const NO_MODELS: &str = "env.py and the models";
pub const NOT_RUN: &str = "the revisions: not run, because env.py or a script fails before";
pub const USE_SQLITE: &str = "Use SQLite here";
pub const SET: &str = "Set";
pub const LEFT_OUT: &str = "Left out";
pub const DONE: &str = "Continue";

pub const DROPPED: &str = "A database";
pub const DROPPED_INTO: &str = "Add to this project";
pub const DROPPED_NEW: &str = "Open as a new project";

pub const TO_MODELS: &str = "Database → models";
pub const TO_MODELS_ABOUT: &str = "A new project with models of every table: columns, keys, indexes, defaults and relationships, and a first revision that the database is stamped with.";
pub const STYLE_DECLARATIVE: &str = "SQLAlchemy 2.0";
pub const STYLE_SQLMODEL: &str = "SQLModel";
pub const WRITE_MODELS: &str = "Write models";

pub const SEVERAL: &str = "Which project?";
pub const SEVERAL_ABOUT: &str = "It contains several. Commands will run where the chosen one is; the files of the others come along.";
pub const GO_TO: &str = "Go to that project";

/// Beside a link that was opened before.
pub fn made_before(name: &str) -> String {
    format!("You opened this link before, as “{name}”.")
}

pub const UNNAMED: &str = "Limbeck project";
pub const NO_DATABASE: &str = "There is no database yet. An upgrade creates it.";
pub const SQL_TOO_LARGE: &str =
    "The database is too large to export as SQL. Export the database file instead.";
pub const NOT_LOADED: &str =
    "Part of the page could not be loaded. Check the network and try again.";
pub const NEW_VERSION: &str = "A new version of Limbeck is ready. Reload the page to use it.";
pub const VIEW_ONLY: &str = "This project is read-only.";
pub const MAY_CHANGE: &str = "Edit anyway";

/// `2,913 characters: 8 files (12.4 kB), one of them a database`.
pub fn size(characters: usize, files: usize, databases: usize, bytes: usize) -> String {
    format!(
        "{} characters: {}",
        crate::words::number(characters as u64),
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

fn weight(bytes: usize) -> String {
    match bytes {
        0..=999 => format!("{bytes} bytes"),
        1_000..=999_999 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// That env.py ran and the models were compared.
pub fn models(tables: usize) -> String {
    format!("env.py and the models: {}", count(tables, "table"))
}

/// How an upgrade of a copy went.
pub fn trial(trial: &Trial, revisions: usize) -> String {
    let ground = match &trial.database {
        Some(path) => format!(
            "`{path}`, with its {} {}",
            crate::words::number(trial.rows),
            if trial.rows == 1 { "row" } else { "rows" }
        ),
        None => "an empty database".to_owned(),
    };
    let told = match (trial.failed, trial.ran) {
        (true, _) => "not every revision runs".to_owned(),
        (false, 0) => "up to date".to_owned(),
        (false, ran) if ran == revisions && ran > 1 => {
            format!("all {ran} revisions upgraded")
        }
        (false, ran) => format!("{} upgraded", count(ran, crate::words::REVISION)),
    };
    format!("{ground}: {told}")
}

/// Whether the SQL for a server can be written.
pub fn writes_sql(server: &Server) -> String {
    format!("the SQL for {}: `alembic upgrade heads --sql`", server.name)
}

/// What of a project for a server runs here.
pub fn server(server: &Server) -> String {
    let name = &server.name;
    if server.runs_here() {
        return format!(
            "This project uses {name}. The page runs {name} itself, so its URL works as it is: it opens a database in this page, and reaches no server."
        );
    }
    let sql = if server.writes_sql {
        format!("Here Limbeck can write its SQL for {name}, and run it on SQLite instead.")
    } else {
        "Here it can run on SQLite instead.".to_owned()
    };
    format!("This project uses {name}. A page can't connect to a {name} server. {sql}")
}

/// Before the field for a variable.
pub fn missing(name: &str) -> String {
    format!("The project reads `{name}`, which is not set.")
}

/// Where the suggested value comes from.
pub fn from_file(path: &str, server: Option<&str>) -> String {
    match server {
        Some("PostgreSQL") => format!(
            "The value is from `{path}`. It reaches no server: PostgreSQL runs in this page."
        ),
        Some(server) => format!(
            "The value is from `{path}`. A page can't connect to a {server} server: SQLite stands in for it."
        ),
        None => format!("The value is from `{path}`."),
    }
}

/// Why a link or a file is not opened.
pub fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Version => {
            "It was made by another version of Limbeck. Reload the page to get the newest one, and try again."
        }
        Refusal::Cut => {
            "It was cut off on the way: only its beginning arrived. Ask for the whole link, or for the project as a file."
        }
        Refusal::Base64 => {
            "It was truncated or altered on the way: it contains characters that no link has."
        }
        Refusal::Compression => {
            "It was truncated or altered on the way: its contents can't be unpacked."
        }
        Refusal::Size => "It contains more than 20 MB, the limit for a project opened from a link.",
        Refusal::Count => "It contains more than 2,000 files, the limit for a project here.",
        Refusal::Document => "It does not contain a project.",
        Refusal::Path => {
            "It has a file whose path leaves the project, is too long, or contains invisible characters."
        }
        Refusal::Twice => "It contains the same path twice.",
        Refusal::Text => {
            "It has a name, command or variable that is too long or contains invisible characters."
        }
    }
}

/// Why a folder or a zip is not opened.
pub fn not_taken(reason: &str) -> String {
    let why = match reason {
        "zip" => "it is not a readable zip file",
        "large" => "it is larger than 40 MB",
        "total" => "it unpacks to more than 20 MB",
        "count" => "it contains too many files",
        "several" => "open zip files one at a time",
        "empty" => "it contains no project files",
        "database" => "it is not a SQLite database",
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
        "count" => "over the limit of 2,000 files; what Alembic reads has priority",
        "total" => "over the limit of 20 MB in total",
        "path" => "its path leaves the project",
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
