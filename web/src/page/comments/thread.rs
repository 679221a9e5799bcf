//! Threads of comments at places of a project, how they are written, and how two copies of them come together.
//!
//! They travel as a file of the project, [`FILE`]. Two copies are merged field by field: what one of them has, the
//! result has; where both have a field, the later one counts. So it does not matter who opens whose link first, or how
//! often.

use std::collections::BTreeMap;

use protocol::{Contents, Workspace};
use serde::{Deserialize, Serialize};

use super::time::Time;
use crate::share::link::{is_path, is_plain, is_seen};

/// Where the comments stand in a project that travels.
pub const FILE: &str = "limbeck-comments.json";

/// How many comments a project may have.
const COMMENTS_LIMIT: usize = 5_000;

/// How long a comment may be, in characters.
pub const TEXT_LIMIT: usize = 10_000;

/// How long a name, and what an anchor keeps, may be, in characters.
pub const NAME_LIMIT: usize = 100;
const KEPT_LIMIT: usize = 500;

/// All comments on a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments {
    /// The project's own id, which all copies of it share.
    pub project: String,
    /// The threads, by id.
    pub threads: BTreeMap<String, Thread>,
}

/// A place, and what was said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// The place.
    pub anchor: Anchor,
    /// Whether it is resolved, once somebody has said so.
    pub resolved: Option<Resolved>,
    /// The comments, by id.
    pub comments: BTreeMap<String, Comment>,
}

/// What a thread is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Anchor {
    /// A line of a file.
    Line {
        /// The file.
        path: String,
        /// The line's number when the thread was begun, from one.
        line: u32,
        /// The line without the space around it, by which it is found when lines before it come or go.
        text: String,
    },
    /// A finding of a revision's review.
    Finding {
        /// The revision.
        revision: String,
        /// The rule's code.
        code: String,
        /// What the finding says.
        message: String,
    },
    /// The verdict on a revision's way there and back.
    Verdict {
        /// The revision.
        revision: String,
    },
    /// A row of the difference that a revision's way there and back leaves.
    Row {
        /// The revision.
        revision: String,
        /// The table.
        table: String,
        /// The row's key, or the kind and name of the part of the schema.
        row: String,
    },
    /// A table of the diagram.
    Table {
        /// The table.
        table: String,
    },
}

/// Whether a thread is resolved. Of two, the greater one is the later one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolved {
    /// When that was said.
    pub at: Time,
    /// Who said it.
    pub by: String,
    /// Whether it is.
    pub resolved: bool,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// When it was written first, and by whom.
    pub at: Time,
    /// Its author.
    pub by: String,
    /// What it says.
    pub text: Text,
}

/// What a comment says, or that it was deleted. Of two, the greater one is the later one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text {
    /// When it was written, changed or deleted.
    pub at: Time,
    /// The text; none where it was deleted.
    pub text: Option<String>,
}

impl Comments {
    /// Both together: nothing that one of them has is lost.
    pub fn merge(&mut self, other: &Comments) {
        if self.project.is_empty() || (!other.project.is_empty() && other.project < self.project) {
            self.project = other.project.clone();
        }
        for (id, thread) in &other.threads {
            match self.threads.get_mut(id) {
                Some(own) => own.merge(thread),
                None => {
                    self.threads.insert(id.clone(), thread.clone());
                }
            }
        }
    }

    /// Brings times that are later than one to that: a copy that comes from outside must not say what nobody can change
    /// any more.
    pub fn not_after(&mut self, end: Time) {
        for thread in self.threads.values_mut() {
            if let Some(resolved) = &mut thread.resolved {
                resolved.at = resolved.at.min(end);
            }
            for comment in thread.comments.values_mut() {
                comment.at = comment.at.min(end);
                comment.text.at = comment.text.at.min(end);
            }
        }
    }

    /// What another copy has that this one has not: the authors of comments that are new or were changed, each with how
    /// many there are, and how many threads were resolved or reopened.
    pub fn news(&self, other: &Comments) -> News {
        let mut merged = self.clone();
        merged.merge(other);
        let mut news = News::default();
        for (id, thread) in &merged.threads {
            let own = self.threads.get(id);
            for (id, comment) in &thread.comments {
                if own.and_then(|own| own.comments.get(id)) != Some(comment) {
                    *news.by.entry(comment.by.clone()).or_default() += 1;
                    news.comments.push(id.clone());
                }
            }
            if own.is_some_and(|own| own.is_resolved() != thread.is_resolved()) {
                news.resolved += 1;
            }
        }
        news
    }

    /// The threads with something to read, by the time they were begun.
    pub fn in_order(&self) -> Vec<(&String, &Thread)> {
        let mut all: Vec<_> = self
            .threads
            .iter()
            .filter(|(_, thread)| thread.comments.values().any(|one| one.text.text.is_some()))
            .collect();
        all.sort_by_key(|(id, thread)| (thread.began(), (*id).clone()));
        all
    }

    /// The thread that a comment of this id stands in, or that has the id itself.
    pub fn thread_of(&self, id: &str) -> Option<&String> {
        let mut all = self.threads.iter();
        all.find(|(thread, one)| *thread == id || one.comments.contains_key(id))
            .map(|(thread, _)| thread)
    }
}

/// What a copy that came has that one's own has not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// How many comments of each author are new or changed.
    pub by: BTreeMap<String, usize>,
    /// Their ids.
    pub comments: Vec<String>,
    /// How many threads were resolved or reopened.
    pub resolved: usize,
}

impl News {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.comments.is_empty() && self.resolved == 0
    }
}

impl Thread {
    fn merge(&mut self, other: &Thread) {
        // The anchor of a thread never changes; where a copy was made to say otherwise, all take the same one.
        self.anchor = self.anchor.clone().min(other.anchor.clone());
        self.resolved = self.resolved.clone().max(other.resolved.clone());
        for (id, comment) in &other.comments {
            match self.comments.get_mut(id) {
                Some(own) => {
                    let theirs = (comment.at, comment.by.clone());
                    (own.at, own.by) = (own.at, own.by.clone()).min(theirs);
                    own.text = own.text.clone().max(comment.text.clone());
                }
                None => {
                    self.comments.insert(id.clone(), comment.clone());
                }
            }
        }
    }

    /// Whether it is resolved.
    pub fn is_resolved(&self) -> bool {
        self.resolved.as_ref().is_some_and(|one| one.resolved)
    }

    /// When it was begun.
    fn began(&self) -> Option<Time> {
        self.comments.values().map(|comment| comment.at).min()
    }

    /// Its comments by the time they were written.
    pub fn in_order(&self) -> Vec<(&String, &Comment)> {
        let mut all: Vec<_> = self.comments.iter().collect();
        all.sort_by_key(|(id, comment)| (comment.at, (*id).clone()));
        all
    }

    /// A time that is later than all that was said of it, even where another clock is ahead.
    pub fn later(&self, now: Time) -> Time {
        let texts = self.comments.values().map(|comment| comment.text.at);
        let last = texts.chain(self.resolved.iter().map(|one| one.at)).max();
        last.map_or(now, |last| now.max(last.next()))
    }
}

impl Anchor {
    /// The revision that it belongs to; a line's is its file's.
    pub fn revision(&self) -> Option<&str> {
        match self {
            Anchor::Finding { revision, .. }
            | Anchor::Verdict { revision }
            | Anchor::Row { revision, .. } => Some(revision),
            Anchor::Line { .. } | Anchor::Table { .. } => None,
        }
    }

    /// The anchor of a line of a text.
    pub fn line(path: &str, line: u32, text: &str) -> Self {
        Anchor::Line {
            path: path.to_owned(),
            line,
            text: kept(text),
        }
    }
}

/// What an anchor keeps of a text.
pub fn kept(text: &str) -> String {
    let seen = text.trim().chars().filter(|one| is_seen(*one));
    seen.take(KEPT_LIMIT).collect()
}

/// The number of the line that an anchor means, from one, in the text as it is now: the nearest one that reads as it did.
pub fn line_of(text: &str, line: u32, was: &str) -> Option<u32> {
    let same = (1u32..)
        .zip(text.lines())
        .filter(|(number, here)| kept(here) == was && (!was.is_empty() || *number == line));
    same.map(|(number, _)| number)
        .min_by_key(|number| (number.abs_diff(line), *number))
}

// ---- as a file

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    limbeck_comments: u32,
    project: String,
    threads: Vec<WrittenThread>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenThread {
    id: String,
    on: Anchor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resolved: Option<Resolved>,
    comments: Vec<WrittenComment>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenComment {
    id: String,
    by: String,
    at: Time,
    /// When it was changed or deleted, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    changed: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// The comments as a text for people, and for [`read`].
pub fn write(comments: &Comments) -> String {
    let mut threads: Vec<_> = comments.threads.iter().collect();
    threads.sort_by_key(|(id, thread)| (thread.began(), (*id).clone()));
    let threads = threads.into_iter().map(|(id, thread)| WrittenThread {
        id: id.clone(),
        on: thread.anchor.clone(),
        resolved: thread.resolved.clone(),
        comments: thread
            .in_order()
            .into_iter()
            .map(|(id, comment)| WrittenComment {
                id: id.clone(),
                by: comment.by.clone(),
                at: comment.at,
                changed: Some(comment.text.at).filter(|at| *at != comment.at),
                text: comment.text.text.clone(),
            })
            .collect(),
    });
    let document = Document {
        limbeck_comments: 1,
        project: comments.project.clone(),
        threads: threads.collect(),
    };
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

/// Reads what [`write`] wrote, or what somebody made to look like it; nothing where it is not exactly that.
pub fn read(text: &str) -> Option<Comments> {
    let document: Document = serde_json::from_str(text).ok()?;
    if document.limbeck_comments != 1 || !is_id(&document.project) {
        return None;
    }
    let mut comments = Comments {
        project: document.project,
        threads: BTreeMap::new(),
    };
    let mut count = 0;
    for thread in document.threads {
        let mut inside = BTreeMap::new();
        for comment in thread.comments {
            count += 1;
            let fits = is_id(&comment.id)
                && is_name(&comment.by)
                && comment.text.as_deref().is_none_or(is_text)
                && count <= COMMENTS_LIMIT;
            let text = Text {
                at: comment.changed.unwrap_or(comment.at),
                text: comment.text,
            };
            let (at, by) = (comment.at, comment.by);
            let twice = inside
                .insert(comment.id, Comment { at, by, text })
                .is_some();
            if !fits || twice {
                return None;
            }
        }
        let name = thread.resolved.as_ref().is_none_or(|one| is_name(&one.by));
        let one = Thread {
            anchor: thread.on,
            resolved: thread.resolved,
            comments: inside,
        };
        if !name || !is_id(&thread.id) || !is_anchor(&one.anchor) {
            return None;
        }
        if comments.threads.insert(thread.id, one).is_some() {
            return None;
        }
    }
    Some(comments)
}

/// Takes the comments out of a project that comes in now. A file of that name that holds none stays in it.
pub fn take(workspace: &mut Workspace, now: Time) -> Option<Comments> {
    let mut comments = match workspace.files.get(FILE)? {
        Contents::Text(text) => read(text)?,
        Contents::Binary(_) => return None,
    };
    // Another clock may be ahead, and another time zone wrong.
    comments.not_after(now.plus_a_day());
    workspace.files.remove(FILE);
    Some(comments)
}

fn is_id(id: &str) -> bool {
    (1..=40).contains(&id.len())
        && id
            .chars()
            .all(|one| one.is_ascii_alphanumeric() || one == '-')
}

fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= NAME_LIMIT && is_plain(name)
}

/// Whether a text may be a comment's: all of it can be seen.
pub fn is_text(text: &str) -> bool {
    text.chars().count() <= TEXT_LIMIT && text.split(['\n', '\t']).all(is_plain)
}

fn is_anchor(anchor: &Anchor) -> bool {
    let short = |text: &String| text.chars().count() <= KEPT_LIMIT && is_plain(text);
    match anchor {
        Anchor::Line { path, line, text } => is_path(path) && *line > 0 && short(text),
        Anchor::Finding {
            revision,
            code,
            message,
        } => [revision, code, message].into_iter().all(short),
        Anchor::Verdict { revision } => short(revision),
        Anchor::Row {
            revision,
            table,
            row,
        } => [revision, table, row].into_iter().all(short),
        Anchor::Table { table } => short(table),
    }
}

#[cfg(test)]
mod tests;
