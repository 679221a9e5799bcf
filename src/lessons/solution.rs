//! What solves a step: a text for people, whose blocks can be played.

use std::collections::BTreeMap;

use super::Problem;
use super::markdown::{self, Block};

/// The folder of the solutions, a file for each step.
pub(super) const FOLDER: &str = "solution/";

/// A solution.
#[derive(Clone, Debug, Default)]
pub struct Solution {
    /// What is shown of it.
    pub text: Vec<Block>,
    /// What it does, in order.
    pub actions: Vec<Action>,
}

/// One thing that a solution does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Gives a file another text, or makes it.
    Write {
        /// Its path from the lesson's folder; one `*` in it stands for what one existing file has there.
        path: String,
        /// The whole text.
        text: String,
    },
    /// Replaces a piece of a file, which occurs once.
    Replace {
        /// Its path, as above.
        path: String,
        /// The piece.
        old: String,
        /// What comes in its place.
        new: String,
    },
    /// Runs a line of the console.
    Run {
        /// The line.
        line: String,
        /// What it prints, as the solution shows it.
        output: String,
    },
}

/// Reads the solution of a step; the error is `None` where there is none.
pub(super) fn read(
    texts: &BTreeMap<String, String>,
    id: &str,
) -> Result<Solution, Option<Problem>> {
    let file = format!("{FOLDER}{id}.md");
    let text = texts.get(&file).ok_or(None)?;
    let mut solution = Solution::default();
    let mut parts = markdown::parse(&file, text, 0)?.into_iter().peekable();
    while let Some(part) = parts.next() {
        let Block::Code { language, text } = &part.block else {
            solution.text.push(part.block);
            continue;
        };
        let problem = |message: String| Some(Problem::new(&file, part.line, message));
        let attribute = |name: &str| {
            part.info
                .split_whitespace()
                .find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
                .map(str::to_owned)
        };
        if let Some(path) = attribute("file") {
            solution.actions.push(Action::Write {
                path: checked(&path).ok_or_else(|| problem(refused(&path)))?,
                text: format!("{text}\n"),
            });
        } else if let Some(path) = attribute("replace") {
            let next =
                parts.next_if(|next| next.info.split_whitespace().any(|word| word == "with"));
            let Some(Block::Code { text: new, .. }) = next.as_ref().map(|next| &next.block) else {
                return Err(problem(format!(
                    "After `replace={path}` comes the block that takes its place: ```{language} with"
                )));
            };
            solution.actions.push(Action::Replace {
                path: checked(&path).ok_or_else(|| problem(refused(&path)))?,
                old: text.clone(),
                new: new.clone(),
            });
            solution.text.push(part.block.clone());
            solution.text.extend(next.map(|next| next.block));
            continue;
        } else if language == "console" {
            solution.actions.extend(commands(text).ok_or_else(|| {
                problem("A console block begins with a command: `$ alembic current`.".to_owned())
            })?);
        }
        solution.text.push(part.block);
    }
    if solution.actions.is_empty() {
        let message = "The solution does nothing: it has no block of code with file=, replace= or \
                       console.";
        return Err(Some(Problem::new(&file, 1, message)));
    }
    Ok(solution)
}

/// The commands of a console block with what is shown below them; `None` where it begins with
/// something else.
fn commands(text: &str) -> Option<Vec<Action>> {
    let mut found: Vec<Action> = Vec::new();
    for line in text.lines() {
        if let Some(line) = line.strip_prefix("$ ") {
            found.push(Action::Run {
                line: line.trim().to_owned(),
                output: String::new(),
            });
        } else if let Some(Action::Run { output, .. }) = found.last_mut() {
            output.push_str(line);
            output.push('\n');
        } else {
            return None;
        }
    }
    (!found.is_empty()).then_some(found)
}

/// A path that stays in the lesson's folder.
fn checked(path: &str) -> Option<String> {
    let stays = !path.starts_with('/')
        && path
            .split('/')
            .all(|name| !name.is_empty() && name != "." && name != "..")
        && path.matches('*').count() <= 1;
    stays.then(|| path.to_owned())
}

fn refused(path: &str) -> String {
    format!("{path:?} is no path within the lesson's folder, with at most one *.")
}
