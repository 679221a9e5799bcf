//! One lesson played from its start to its last step.

use std::rc::Rc;

use ground::diagnostic::Error;
use ground::host::{Host, Stream};
use ground::run::Run;

use super::console::run_line;
use super::stage::Stage;
use crate::lessons::{
    Action, CommandOutcome, Lesson, Player, Problem, State, Step, StepStart, Verdict, evaluate,
    lay_out, play,
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
}

impl Player for Performance {
    fn host(&self) -> Rc<dyn Host> {
        self.stage.clone()
    }

    fn step_start(&self) -> StepStart {
        let start = StepStart::of(&self.looked_at());
        self.printed();
        start
    }

    fn check(&self, step: &Step, outcomes: &[CommandOutcome], start: &StepStart) -> Verdict {
        let run = self.looked_at();
        let verdict = evaluate(&step.check, &State::new(&run, outcomes, start));
        self.printed();
        verdict
    }

    fn play(&mut self, action: &Action) -> Result<Option<CommandOutcome>, Error> {
        play(&*self.host(), action, &mut |line| self.run_line(line))
    }
}
