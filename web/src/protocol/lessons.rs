//! Lessons: what a lesson's folder says, and whether a step of it is done.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Contents, Workspace};

/// The files of a lesson's folder, by path in it.
pub type Folder = BTreeMap<String, Contents>;

/// Lesson requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LessonsRequest {
    /// Reads a lesson; the answer is a [`Lesson`].
    Read {
        /// Its name, which its folder's is.
        slug: String,
        /// Its files.
        folder: Folder,
    },
    /// What of the project checks of a step that begins now will compare with; the answer is a text.
    Begin {
        /// The lesson's name.
        slug: String,
        /// Its files.
        folder: Folder,
    },
    /// Evaluates the checks of a step; the answer is a [`Verdict`].
    Check(Box<Check>),
    /// Makes the folder of a lesson of the workspace's history; the answer is a workspace that holds it.
    Draft {
        /// What the lesson is to be called.
        title: String,
    },
    /// Plays a lesson with its solutions; the answer says what is wrong with it.
    Play {
        /// The lesson's name.
        slug: String,
        /// Its files.
        folder: Folder,
    },
}

/// What is to be checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The lesson's name.
    pub slug: String,
    /// Its files.
    pub folder: Folder,
    /// The step's id.
    pub step: String,
    /// The commands that ran since the step began.
    pub outcomes: Vec<CommandOutcome>,
    /// What [`LessonsRequest::Begin`] gave when the step began.
    pub start: String,
    /// The project to check; nothing for the open workspace.
    pub state: Option<Workspace>,
}

/// A command that ran.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandOutcome {
    /// The line.
    pub line: String,
    /// Its exit status.
    pub status: i32,
    /// What it printed, to both streams, shortened.
    pub output: String,
}

/// A lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// The name of its folder.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// How long it takes.
    pub minutes: u32,
    /// What one learns.
    pub teaches: Vec<String>,
    /// The folder where the console stands, and from which solutions name files; empty for the project's.
    pub directory: String,
    /// The file that is open at first.
    pub open: Option<String>,
    /// What is shown at first: a revision or a pane.
    pub show: Option<String>,
    /// What comes before the first step.
    pub introduction: Vec<Block>,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Tells it from other lessons, and from other versions of itself.
    pub hash: String,
}

/// A step of a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What is to be done.
    pub text: Vec<Block>,
    /// Hints, from the slightest on.
    pub hints: Vec<Vec<Block>>,
    /// What solves it.
    pub solution: Solution,
}

/// What solves a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solution {
    /// The solution for a reader.
    pub text: Vec<Block>,
    /// The same, to be carried out in order.
    pub actions: Vec<Action>,
}

/// A part of a solution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// A file is written whole.
    Write {
        /// Its path; one `*` in it stands for what one existing file has there.
        path: String,
        /// Its text.
        text: String,
    },
    /// A text in a file is replaced.
    Replace {
        /// Path of the file, as in [`Write`](Action::Write).
        path: String,
        /// The text, which is there once.
        old: String,
        /// What stands there after.
        new: String,
    },
    /// A command line is run.
    Run {
        /// The line.
        line: String,
    },
}

/// A block of a text in Markdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// What it says.
        content: Vec<Inline>,
    },
    /// Code.
    Code {
        /// Its language, or empty.
        language: String,
        /// The code.
        text: String,
    },
    /// A list.
    List {
        /// The first number; nothing for a list of bullets.
        first: Option<u64>,
        /// Its items.
        items: Vec<Vec<Block>>,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// A table.
    Table {
        /// The cells of its first row.
        head: Vec<Vec<Inline>>,
        /// The other rows.
        rows: Vec<Vec<Vec<Inline>>>,
    },
}

/// A part of a line in Markdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inline {
    /// Text.
    Text(String),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Code.
    Code(String),
    /// A link.
    Link {
        /// Where it leads: an address that begins with `http:` or `https:`, or the name of another lesson.
        to: String,
        /// What it says.
        content: Vec<Inline>,
    },
    /// A new line.
    Break,
}

/// Whether a step is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether all holds that must.
    pub holds: bool,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Why it can't be told.
    pub error: Option<String>,
}

/// One of the things that must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Whether it does.
    pub holds: bool,
    /// What is expected, in a sentence.
    pub expected: String,
    /// What is there, in a sentence; empty where it holds.
    pub found: String,
}
