//! One lesson played from its start to its last step.

use std::collections::BTreeSet;
use std::rc::Rc;

use ground::diagnostic::Error;
use ground::host::{Host, Stream};
use ground::run::Run;

use super::console::run_line;
use super::stage::Stage;
use crate::lessons::{
    Action, CommandOutcome, Lesson, Problem, State, Step, StepStart, Verdict, evaluate, lay_out,
    play,
};
use crate::review::CopyHost;

/// A lesson on its stage.
pub struct Performance {
    stage: Rc<Stage>,
}

impl Performance {
    /// Brings a lesson to its start; `None` where it needs a server and there is none.
    ///
    /// # Errors
    /// Where its files can't be written, or a command of the start does not end as it should: with the
    /// file and the line that says so.
    pub fn begin(run: &Run, lesson: &Lesson) -> Result<Option<Performance>, Problem> {
        let problem = |file: &str, line: usize, message: String| Problem {
            file: file.to_owned(),
            line,
            message,
        };
        let unplayable = |error: Error| problem("lesson.md", 0, error.message.clone());
        let Some(stage) = Stage::new(run, lesson).map_err(unplayable)? else {
            return Ok(None);
        };
        let performance = Performance { stage };
        lay_out(&Run::new(performance.host()), lesson)
            .map_err(|error| problem("start", 0, error.message.clone()))?;
        performance
            .stage
            .enter(&lesson.directory)
            .map_err(unplayable)?;
        for command in &lesson.start {
            let outcome = performance.run_line(&command.line);
            if (outcome.status != 0) != command.fails {
                let ended = if command.fails { "succeeds" } else { "fails" };
                let printed = outcome.output.trim_end();
                let message = format!("The start's `{}` {ended}:\n{printed}", command.line);
                return Err(problem("lesson.md", command.at, message));
            }
        }
        Ok(Some(performance))
    }

    /// The workspace as it is now.
    pub fn host(&self) -> Rc<dyn Host> {
        self.stage.clone()
    }

    /// The workspace as a check sees it: a copy, where it can be copied.
    fn looked_at(&self) -> Run {
        if self.stage.is_on_server() {
            Run::new(self.host())
        } else {
            Run::new(CopyHost::new(&self.host()))
        }
    }

    /// Runs a line of the console.
    pub fn run_line(&self, line: &str) -> CommandOutcome {
        self.stage.memory().take_output();
        let status = run_line(&self.host(), line);
        CommandOutcome {
            line: line.to_owned(),
            status,
            output: self.printed().concat(),
        }
    }

    /// What was printed since this was last asked.
    fn printed(&self) -> Vec<String> {
        let output = self.stage.memory().take_output();
        output
            .into_iter()
            .map(|(_, text): (Stream, String)| text)
            .collect()
    }

    /// What there is, for a step to compare with.
    pub fn step_start(&self) -> StepStart {
        let start = StepStart::of(&self.looked_at());
        self.printed();
        start
    }

    /// Whether a step is done.
    pub fn check(&self, step: &Step, outcomes: &[CommandOutcome], start: &StepStart) -> Verdict {
        let run = self.looked_at();
        let verdict = evaluate(&step.check, &State::new(&run, outcomes, start));
        self.printed();
        verdict
    }

    /// Plays an action; the outcome of a command.
    ///
    /// # Errors
    /// As [`play`].
    pub fn play(&self, action: &Action) -> Result<Option<CommandOutcome>, Error> {
        play(&*self.host(), action, &mut |line| self.run_line(line))
    }

    /// Plays a step's solution and says what is wrong with it, or with its check.
    pub fn step(&self, step: &Step) -> Vec<String> {
        let start = self.step_start();
        let before = self.check(step, &[], &start);
        let mut wrong = Vec::new();
        if before.holds {
            wrong.push("The check holds before anything is done.".to_owned());
        }
        let mut outcomes = Vec::new();
        for action in &step.solution.actions {
            match self.play(action) {
                Ok(outcome) => outcomes.extend(outcome),
                Err(error) => {
                    wrong.push(format!("The solution can't be played: {}", error.message));
                    return wrong;
                }
            }
        }
        let after = self.check(step, &outcomes, &start);
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
        wrong.extend(self.strayed(step, &start));
        wrong
    }

    /// What has changed although neither the check nor the solution says a word of it.
    fn strayed(&self, step: &Step, start: &StepStart) -> Vec<String> {
        let now = self.step_start();
        let tables: BTreeSet<&String> = start.tables.keys().chain(now.tables.keys()).collect();
        let tables = tables
            .into_iter()
            .filter(|name| start.tables.get(*name) != now.tables.get(*name))
            .filter(|name| !step.check.speaks_of(name))
            .map(|name| {
                format!("The table {name} has changed, and the check does not look at it.")
            });
        let files: BTreeSet<&String> = start.files.keys().chain(now.files.keys()).collect();
        let files = files
            .into_iter()
            .filter(|path| start.files.get(*path) != now.files.get(*path))
            .filter(|path| !self.may_change(step, path))
            .map(|path| format!("The file {path} has changed, and the solution does not name it."));
        tables.chain(files).collect()
    }

    /// Whether a solution changes a file: it writes it, names it in a command, or has Alembic write it.
    fn may_change(&self, step: &Step, path: &str) -> bool {
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
            || match String::from_utf8(self.host().read(path).unwrap_or_default()) {
                Ok(text) => text.contains("\nRevision ID: "),
                // A database; its tables are looked at one by one.
                Err(_) => true,
            }
    }
}
