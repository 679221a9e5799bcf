//! Texts of comments.
#![expect(missing_docs, reason = "the words say what each is")]

use super::thread::{Anchor, News};
use crate::words::{count, short};

pub const TITLE: &str = "Comments";
pub const MENU_ABOUT: &str = "Read, answer and pass on";
pub const COMMENT: &str = "Comment";
pub const ON_LINE: &str = "Comment on this line";
pub const REPLY: &str = "Reply";
pub const EDIT: &str = "Edit";
pub const SAVE: &str = "Save";
pub const DELETE: &str = "Delete";
pub const RESOLVE: &str = "Resolve";
pub const REOPEN: &str = "Reopen";
pub const RESOLVED: &str = "Resolved";
/// Who resolved a thread and gave no name.
pub const SOMEBODY: &str = "Somebody";
pub const NAME: &str = "Your name";
pub const NAME_ABOUT: &str = "It goes with your comments, and stays in this browser.";
pub const CHANGE_NAME: &str = "Change name";
pub const TEXT: &str = "Comment";
pub const EMPTY: &str = "No comments yet. Comment on a line with the button over the script, or on a finding, a difference or a table of the diagram.";
pub const TRAVEL: &str = "Nobody else sees a comment until you share the project: comments travel in its link, zip and file.";
pub const CHANGED: &str = "On a line that has changed since.";
pub const NEW: &str = "new";
pub const EDITED: &str = "edited";
pub const DELETED: &str = "Deleted.";
pub const SHOW_RESOLVED: &str = "Show resolved threads";
pub const COPY_MARKDOWN: &str = "Copy as Markdown";
pub const COPY_LINK: &str = "Copy link";
pub const COPIED: &str = "Copied";
pub const COPYING: &str = "Copying …";
pub const NOT_READ: &str = "Its comments can't be read: they stay in limbeck-comments.json.";
pub const NOT_KEPT: &str =
    "This browser does not keep the comments: share the project before you leave the page.";
pub const NOT_LOADED: &str = "A part of the page could not be loaded. Are you online?";
pub const NO_NEWS: &str = "no comments that you do not have";
pub const OTHER_FILES: &str =
    "Only comments are added: to see its files, open it as a project of its own.";

/// The button for a place that has so many threads.
pub fn discuss(threads: usize) -> String {
    match threads {
        0 => COMMENT.to_owned(),
        _ => count(threads, "comment thread"),
    }
}

/// A place in a few words; `line` is where its line is now.
pub fn place(anchor: &Anchor, line: Option<u32>) -> String {
    match anchor {
        Anchor::Line {
            path, line: was, ..
        } => {
            format!("{path}, line {}", line.unwrap_or(*was))
        }
        Anchor::Finding { revision, code, .. } => format!("{code} on {}", short(revision)),
        Anchor::Verdict { revision } => format!("verdict on {}", short(revision)),
        Anchor::Row {
            revision,
            table,
            row,
        } => format!("{table}, {row}, on {}", short(revision)),
        Anchor::Table { table } => format!("table {table}"),
    }
}

pub fn writes(name: &str) -> String {
    format!("You comment as {name}.")
}

pub fn resolved_by(name: &str) -> String {
    format!("Resolved by {name}")
}

/// The button of the header.
pub fn unresolved(threads: usize) -> String {
    format!("{TITLE}: {}", count(threads, "open thread"))
}

/// What came with a link.
pub fn news(news: &News) -> String {
    let total: usize = news.by.values().sum();
    let mut text = match news.by.iter().collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        [(name, _)] => format!("{} by {name}", count(total, "new comment")),
        several => {
            let each: Vec<String> = several
                .iter()
                .map(|(name, number)| format!("{number} by {name}"))
                .collect();
            format!("{}: {}", count(total, "new comment"), each.join(", "))
        }
    };
    if news.resolved > 0 {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(&count(news.resolved, "thread"));
        text.push_str(" resolved or reopened");
    }
    text
}

/// What came with a link that is another copy of a project of this browser.
pub fn yours(name: &str, news: &str) -> String {
    format!("This is a copy of your project {name}, with {news}.")
}

pub fn add_to(name: &str) -> String {
    format!("Add to {name}")
}

pub fn holds(threads: usize) -> String {
    format!("With {}.", count(threads, "comment thread"))
}

// ---- the review as Markdown

pub fn markdown_title(name: &str) -> String {
    format!("Review of {name}")
}

pub fn markdown_findings(revision: &str) -> String {
    format!("Findings on `{revision}`")
}

pub const MARKDOWN_OPEN: &str = "Open in Limbeck";
pub const MARKDOWN_THREADS: &str = "Comments";
pub const MARKDOWN_NO_FINDINGS: &str = "No findings.";
