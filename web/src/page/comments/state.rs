//! What the page knows of the comments on the open project.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::thread::{Anchor, Comments, Thread};

/// Comments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommentsState {
    /// Whether their pane is open.
    pub open: bool,
    /// How many threads are not resolved.
    pub unresolved: usize,
    /// Those of the open workspace, once they are wanted.
    pub discussion: Option<Rc<Discussion>>,
}

/// The comments of a workspace, and what is shown of them.
#[derive(Clone, Debug, Default)]
pub struct Discussion {
    /// The workspace's id.
    pub workspace: String,
    /// The comments.
    pub comments: Comments,
    /// Where the lines are by now that threads were begun on, by the threads' ids; none where a line has changed.
    pub lines: BTreeMap<String, Option<u32>>,
    /// The thread that was chosen last, and how often one was chosen, so that choosing it again shows it again.
    pub chosen: (Option<String>, u32),
    /// Where a thread is about to be begun.
    pub begun: Option<Anchor>,
    /// Who writes here.
    pub author: String,
    /// Comments that came with the last link.
    pub new: Vec<String>,
    /// What happened last, for people.
    pub said: String,
    /// Whether resolved threads are shown too.
    pub resolved: bool,
}

/// Another one is made whenever something changes.
impl PartialEq for Discussion {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Discussion {}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum CommentsAction {
    /// The pane opens or closes.
    Open(bool),
    /// There is another discussion, and so many of its threads are not resolved.
    Discussion(Option<Rc<Discussion>>, usize),
}

impl CommentsState {
    /// The state after something happened.
    pub(crate) fn reduce(&mut self, action: CommentsAction) {
        match action {
            CommentsAction::Open(open) => self.open = open,
            CommentsAction::Discussion(discussion, unresolved) => {
                self.discussion = discussion;
                self.unresolved = unresolved;
            }
        }
    }
}

impl Discussion {
    /// The threads about a place, those that are not resolved first.
    pub fn threads_at(&self, place: &Anchor) -> Vec<(&String, &Thread)> {
        let mut all = self.comments.in_order();
        all.retain(|(id, thread)| match (&thread.anchor, place) {
            (
                Anchor::Line { path, .. },
                Anchor::Line {
                    path: other, line, ..
                },
            ) => path == other && self.lines.get(*id) == Some(&Some(*line)),
            (one, other) => one == other,
        });
        all.sort_by_key(|(_, thread)| thread.is_resolved());
        all
    }

    /// How many threads are not resolved.
    pub fn unresolved(&self) -> usize {
        let all = self.comments.in_order();
        all.iter().filter(|(_, one)| !one.is_resolved()).count()
    }

    /// The lines of each file that have threads which are not resolved, each with how many.
    pub fn commented(&self) -> BTreeMap<&str, BTreeMap<u32, usize>> {
        let mut files: BTreeMap<&str, BTreeMap<u32, usize>> = BTreeMap::new();
        for (id, thread) in self.comments.in_order() {
            if let (Anchor::Line { path, .. }, Some(Some(line)), false) =
                (&thread.anchor, self.lines.get(id), thread.is_resolved())
            {
                *files.entry(path).or_default().entry(*line).or_default() += 1;
            }
        }
        files
    }

    /// The files that threads were begun in.
    pub fn files(&self) -> Vec<String> {
        let anchors = self.comments.threads.values().map(|thread| &thread.anchor);
        let mut files: Vec<String> = anchors
            .filter_map(|anchor| match anchor {
                Anchor::Line { path, .. } => Some(path.clone()),
                _ => None,
            })
            .collect();
        files.sort_unstable();
        files.dedup();
        files
    }
}
