//! Lessons: a workspace to begin with, steps that say what to do, and checks of what came of it.
//!
//! A lesson is a folder of texts ([`Lesson::read`]; `docs/lessons.md` describes it). A check is about
//! results, so that every right way to them counts: [`evaluate`] looks at the project and its
//! databases with what `command` and `review` know. [`play()`] does what a solution says. [`draft`](draft::draft)
//! makes a lesson of what was done in a workspace.
//!
//! Nothing is read from outside here: the caller brings a lesson's texts, and a host.

pub mod checks;
mod course;
pub mod draft;
mod fields;
mod lesson;
mod markdown;
mod play;
mod problem;
mod rehearsal;
mod solution;
mod state;
#[cfg(test)]
mod tests;

pub use checks::{Check, Part, Verdict, evaluate};
pub use course::Course;
pub use lesson::{Lesson, StartCommand, Step};
pub use markdown::{Block, Inline, LinkTarget, plain};
pub use play::{connect, console_words, existing, lay_out, play};
pub use problem::Problem;
pub use rehearsal::{Player, rehearse};
pub use solution::{Action, Solution};
pub use state::{CommandOutcome, State, StepStart};

/// The database of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// The dialect's name.
    pub dialect: String,
    /// The file, or the server's name of it, that `start/database.sql` fills.
    pub name: Option<String>,
}
