//! Lessons: reading one, the workspace that it begins with, and whether a step of it is done.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use limbeck::ground::run::Run;
use limbeck::lessons::{self, State, StepStart};
use protocol::lessons::{Check, Folder, Part, Verdict};
use protocol::{Answer, Contents, Failure, LessonsRequest};

use crate::engine::failure;
use crate::postgresql;
use crate::session::{Listener, RunObserver, Session, failed};
use crate::time::history::Moment;
use crate::workspace::{Files, Outside, ROOT, WorkspaceHost, absolute};

mod authoring;
#[cfg(test)]
mod tests;
mod wire;
mod words;

/// How long a check may take, in microseconds.
const CHECK_LIMIT: u64 = 10_000_000;

impl Session {
    /// Answers what is asked of lessons.
    ///
    /// # Errors
    ///
    /// What is wrong with the lesson, with file and line.
    pub(crate) fn answer_lessons(&mut self, request: LessonsRequest) -> Result<Answer, Failure> {
        match request {
            LessonsRequest::Read { slug, folder } => {
                let lesson = read(&slug, &folder)?;
                Ok(Answer::Lesson(Box::new(wire::lesson(&lesson))))
            }
            LessonsRequest::Begin { slug, folder } => {
                let lesson = read(&slug, &folder)?;
                let run = standing(&self.host, &lesson);
                Ok(Answer::StepStart(StepStart::of(&run).to_json()))
            }
            LessonsRequest::Check(check) => self.check(*check).map(Answer::Verdict),
            LessonsRequest::Draft { title } => Ok(Answer::Workspace(self.draft_lesson(&title))),
            LessonsRequest::Play { slug, folder } => {
                self.play_lesson(&slug, &folder).map(Answer::Played)
            }
        }
    }

    fn check(&self, check: Check) -> Result<Verdict, Failure> {
        let lesson = read(&check.slug, &check.folder)?;
        let step = lesson.steps.iter().find(|step| step.id == check.step);
        let step = step.ok_or_else(|| failed(words::no_step(&check.step)))?;
        let outcomes: Vec<lessons::CommandOutcome> = check
            .outcomes
            .into_iter()
            .map(|outcome| lessons::CommandOutcome {
                line: outcome.line,
                status: outcome.status,
                output: outcome.output,
            })
            .collect();
        let start = StepStart::from_json(&check.start).unwrap_or_default();
        let run = match &check.state {
            Some(workspace) => {
                let outside = self.host.outside.clone();
                standing(&Session::with_workspace(workspace, outside)?.host, &lesson)
            }
            None => standing(&self.host, &lesson),
        };
        let verdict = lessons::evaluate(&step.check, &State::new(&run, &outcomes, &start));
        Ok(Verdict {
            holds: verdict.holds,
            parts: verdict
                .parts
                .into_iter()
                .map(|part| Part {
                    holds: part.holds,
                    expected: part.expected,
                    found: part.found,
                })
                .collect(),
            error: verdict.error,
        })
    }

    /// A session with what a lesson begins with: its files, its database, and what the commands have made that
    /// it says were run. The console shows those.
    ///
    /// # Errors
    ///
    /// What is wrong with the lesson, or with its start.
    pub fn with_lesson(folder: &Folder, outside: Rc<Outside>) -> Result<Self, Failure> {
        let lesson = read("", folder)?;
        let host = Rc::new(WorkspaceHost::new(Files::new(), outside.clone()));
        lessons::lay_out(&Run::new(host.clone()), &lesson)
            .map_err(|error| failure(&error, &host))?;
        let moment = |files: Files| Moment {
            files,
            directory: absolute(&lesson.directory),
            environment: BTreeMap::new(),
        };
        let mut before = Session::new(moment(host.files()), "", outside.clone());
        let listener: Listener = Rc::new(|_| {});
        for command in &lesson.start {
            let ran = before.run(&command.line, &listener);
            if before.waits {
                // It is asked again when PostgreSQL has come.
                return Err(failed(postgresql::words::LOADING));
            }
            if (ran.status != 0) != command.fails {
                let printed = format!("{}{}", ran.stdout, ran.stderr);
                return Err(failed(words::start_fails(command, &printed)));
            }
        }
        let mut session = Session::new(before.moment(), "", outside);
        for printed in before.history.console(before.history.at) {
            session.history.print((*printed).clone());
        }
        Ok(session)
    }
}

/// A run on a copy of a host, which stands where the lesson does.
fn standing(host: &WorkspaceHost, lesson: &lessons::Lesson) -> Run {
    standing_at(host, &absolute(&lesson.directory))
}

/// A run on a copy of a host, in a folder; in the workspace's own where there is no such folder.
fn standing_at(host: &WorkspaceHost, place: &str) -> Run {
    let copy = host.copy();
    let there = copy.state.borrow().folders.contains(place);
    *copy.directory.borrow_mut() = if there { place } else { ROOT }.to_owned();
    let copy = Rc::new(copy);
    let outside = copy.outside.clone();
    let watch = RunObserver {
        host: copy.clone(),
        events: RefCell::default(),
        listener: None,
        deadline: Some((outside.elapsed)() + CHECK_LIMIT),
        outside,
        recorder: None,
        timings: Cell::default(),
    };
    Run::observed(copy, Rc::new(watch))
}

fn read(slug: &str, folder: &Folder) -> Result<lessons::Lesson, Failure> {
    let mut texts = BTreeMap::new();
    for (path, contents) in folder {
        match contents {
            Contents::Text(text) => texts.insert(path.clone(), text.clone()),
            Contents::Binary(_) => return Err(failed(words::no_text(path))),
        };
    }
    lessons::Lesson::read(slug, &texts).map_err(|problem| failed(problem.to_string()))
}
