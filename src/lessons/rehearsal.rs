//! A step played with its solution, as its author wants to know that it works.

use std::collections::BTreeSet;
use std::rc::Rc;

use ground::diagnostic::Result;
use ground::host::Host;

use super::{Action, CommandOutcome, Step, StepStart, Verdict};

/// A workspace in which a lesson is played.
pub trait Player {
    /// The workspace as it is now.
    fn host(&self) -> Rc<dyn Host>;
    /// What there is, for a step to compare with.
    fn step_start(&self) -> StepStart;
    /// Whether a step is done.
    fn check(&self, step: &Step, outcomes: &[CommandOutcome], start: &StepStart) -> Verdict;
    /// Plays an action; the outcome of a command.
    ///
    /// # Errors
    /// As [`play`](super::play()).
    fn play(&mut self, action: &Action) -> Result<Option<CommandOutcome>>;
}

/// Plays a step's solution and says what is wrong with it, or with its check.
pub fn rehearse(player: &mut dyn Player, step: &Step) -> Vec<String> {
    let start = player.step_start();
    let before = player.check(step, &[], &start);
    let mut wrong = Vec::new();
    if before.holds {
        wrong.push("The check holds before anything is done.".to_owned());
    }
    let mut outcomes = Vec::new();
    for action in &step.solution.actions {
        match player.play(action) {
            Ok(outcome) => outcomes.extend(outcome),
            Err(error) => {
                wrong.push(format!("The solution can't be played: {}", error.message));
                return wrong;
            }
        }
    }
    let after = player.check(step, &outcomes, &start);
    if !after.holds {
        wrong.push("The check does not hold after the solution.".to_owned());
        wrong.extend(
            after
                .parts
                .iter()
                .filter(|part| !part.holds)
                .map(|part| format!("  {} {}", part.expected, part.found)),
        );
        wrong.extend(after.error.map(|error| format!("  {error}")));
        for outcome in outcomes.iter().filter(|outcome| outcome.status != 0) {
            wrong.push(format!(
                "  $ {}\n{}",
                outcome.line,
                outcome.output.trim_end()
            ));
        }
    }
    wrong.extend(strayed(player, step, &start));
    wrong
}

/// What has changed although neither the check nor the solution says a word of it.
fn strayed(player: &dyn Player, step: &Step, start: &StepStart) -> Vec<String> {
    let now = player.step_start();
    let host = player.host();
    let tables: BTreeSet<&String> = start.tables.keys().chain(now.tables.keys()).collect();
    let tables = tables
        .into_iter()
        .filter(|name| start.tables.get(*name) != now.tables.get(*name))
        .filter(|name| !step.check.speaks_of(name))
        .map(|name| format!("The table {name} has changed, and the check does not look at it."));
    let files: BTreeSet<&String> = start.files.keys().chain(now.files.keys()).collect();
    let files = files
        .into_iter()
        .filter(|path| start.files.get(*path) != now.files.get(*path))
        .filter(|path| !may_change(&*host, step, path))
        .map(|path| format!("The file {path} has changed, and the solution does not name it."));
    tables.chain(files).collect()
}

/// Whether a solution changes a file: it writes it, names it in a command, or has Alembic write it.
fn may_change(host: &dyn Host, step: &Step, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let named = step.solution.actions.iter().any(|action| match action {
        Action::Write { path: known, .. } | Action::Replace { path: known, .. } => {
            match known.split_once('*') {
                Some((start, end)) => path.starts_with(start) && path.ends_with(end),
                None => known == path,
            }
        }
        Action::Run { line, .. } => line.contains(name),
    });
    named
        || match String::from_utf8(host.read(path).unwrap_or_default()) {
            Ok(text) => text.contains("\nRevision ID: "),
            // A database; its tables are looked at one by one.
            Err(_) => true,
        }
}
