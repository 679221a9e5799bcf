//! What is said of two states of a project.
#![expect(missing_docs, reason = "the words say what each is")]

use protocol::{Ground, Other};

pub const COMPARING: &str = "Comparing on copies …";
pub const FILES: &str = "Files";
pub const REVISIONS: &str = "Revisions";
pub const NO_REVISIONS: &str = "No revision differs.";
pub const REVIEWING: &str = "being reviewed …";
pub const NO_FINDINGS: &str = "no findings";
pub const UPGRADE: &str = "What the upgrade changes";
pub const NO_CHANGES: &str = "The upgrade changes nothing in the database.";
pub const DEPLOYMENT: &str = "Deploying it";
pub const NO_DEPLOYMENT: &str = "Whether old and new code work with both schemas is tried where the project has one database and models.";
pub const OLD_CODE: &str = "Old code, new schema";
pub const NEW_CODE: &str = "New code, old schema";
pub const TURN: &str = "Take it the other way round";

pub fn title(name: &str) -> String {
    format!("Compare with {name}")
}

/// Which of both the open project is.
pub fn about(other: &Other) -> &'static str {
    match other {
        Other::Patch(_) => {
            "The open project is the base; the patch makes the head of it. Nothing of the project is changed."
        }
        Other::Head(_) => {
            "The open project is the base, what was chosen is the head. Nothing of the project is changed."
        }
        Other::Base(_) => {
            "What was chosen is the base, the open project is the head. Nothing of the project is changed."
        }
    }
}

pub fn moved(was: &str) -> String {
    format!("was {was}")
}

pub fn meet(heads: &[String]) -> String {
    format!(
        "After both are merged there are {} heads: {}. Put one after the other (limbeck rebase), or merge them.",
        heads.len(),
        heads.join(", ")
    )
}

pub fn upgrade_fails(message: &str) -> String {
    format!("The upgrade fails: {message}")
}

/// The rows that the upgrade was tried on.
pub fn ground(ground: Ground, why: Option<&str>) -> String {
    match (ground, why) {
        (Ground::Empty, Some(why)) => format!(
            "Tried on an empty database, since yours can't be brought to the base's heads: {why}"
        ),
        _ => "Tried on a copy of the database, brought to the base's heads.".to_owned(),
    }
}

pub fn place(path: &str, line: u32) -> String {
    format!("{path}, line {line}: ")
}

pub fn finding(line: u32, code: &str, message: &str) -> String {
    format!("line {line}, {code}: {message}")
}

pub fn breaks(statement: &str, table: &str, message: &str) -> String {
    format!("{statement} {table}: {message}")
}
