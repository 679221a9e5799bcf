//! The lesson of the open workspace, how far one is in all lessons, and what a class handed in.

use std::collections::BTreeMap;
use std::rc::Rc;

use protocol::Workspace;
use protocol::lessons::{CommandOutcome, Folder, Lesson, Verdict};
use serde::{Deserialize, Serialize};

use super::hand_in::HandedIn;
use crate::editor::Note;

/// How many commands of a step are kept.
const OUTCOMES: usize = 100;

/// How much of a command's output is kept, in bytes: both ends of it.
const OUTPUT: usize = 4_000;

/// A lesson that is being taken, in a workspace of its own. It is saved: fields may be added, none may go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learning {
    /// Id of the workspace.
    pub workspace: String,
    /// What its folder says.
    #[serde(skip)]
    pub lesson: Rc<Lesson>,
    /// The name of its folder.
    pub slug: String,
    /// Its files.
    pub folder: Rc<Folder>,
    /// The address that it came from, for a link.
    pub address: Option<String>,
    /// The step to be done, from 0; the number of steps once all are.
    pub step: usize,
    /// The step that is shown.
    #[serde(skip)]
    pub shown: usize,
    /// The steps that were begun.
    pub taken: Vec<Taken>,
}

/// A step that was begun.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// When, in milliseconds since 1970.
    pub began: u64,
    /// When it was done.
    pub done: Option<u64>,
    /// How many hints were asked for.
    pub hints: usize,
    /// Whether the solution was played.
    pub played: bool,
    /// The state of the history at which it began.
    pub at: u32,
    /// What was run since.
    pub outcomes: Vec<CommandOutcome>,
    /// What checks compare with: the project when it began.
    pub start: Rc<str>,
    /// The project when it was done.
    pub end: Option<Rc<Workspace>>,
}

impl Learning {
    /// Whether a step is done.
    pub fn is_done(&self, step: usize) -> bool {
        self.taken
            .get(step)
            .is_some_and(|taken| taken.done.is_some())
    }

    /// Whether all steps are.
    pub fn is_finished(&self) -> bool {
        (0..self.lesson.steps.len()).all(|step| self.is_done(step))
    }

    /// How far it is, for the page around this one.
    pub fn told(&self) -> serde_json::Value {
        let progressed = self.progressed();
        serde_json::json!({
            "lesson": self.slug,
            "title": progressed.title,
            "steps": progressed.steps,
            "done": progressed.done,
            "step": self.lesson.steps.get(self.step).map(|step| &step.id),
            "finished": self.is_finished(),
        })
    }

    /// Where its progress stands, for the list.
    pub fn progressed(&self) -> Progressed {
        let done = self.lesson.steps.iter().enumerate();
        Progressed {
            title: self.lesson.title.clone(),
            steps: self.lesson.steps.len(),
            done: done
                .filter(|(step, _)| self.is_done(*step))
                .map(|(_, step)| step.id.clone())
                .collect(),
            workspace: Some(self.workspace.clone()),
        }
    }
}

/// How far one is in a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progressed {
    /// The lesson's title.
    pub title: String,
    /// How many steps it has.
    pub steps: usize,
    /// Ids of the steps that were done once.
    pub done: Vec<String>,
    /// Id of the workspace in which it was taken last; none in an exported file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
}

/// How far one is in all lessons, by the names of their folders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Says what this is, in an exported file.
    #[serde(default)]
    pub limbeck_progress: u32,
    /// By slug.
    #[serde(default)]
    pub lessons: BTreeMap<String, Progressed>,
}

impl Progress {
    /// Adds what another one has: nothing that was done is forgotten.
    pub fn merge(&mut self, other: Progress) {
        for (slug, more) in other.lessons {
            let known = self.lessons.entry(slug).or_default();
            for step in more.done {
                if !known.done.contains(&step) {
                    known.done.push(step);
                }
            }
            known.title = more.title;
            known.steps = more.steps;
            if more.workspace.is_some() {
                known.workspace = more.workspace;
            }
        }
    }
}

/// The lessons that the page comes with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Courses {
    /// Each with its lessons.
    pub courses: Vec<Course>,
}

/// Lessons in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Course {
    /// Its title.
    pub title: String,
    /// Its lessons.
    pub lessons: Vec<Listed>,
}

/// A lesson of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Listed {
    /// The name of its folder.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// How long it takes.
    pub minutes: u32,
    /// What one learns.
    #[serde(default)]
    pub teaches: Vec<String>,
    /// Its database.
    #[serde(default)]
    pub database: String,
}

impl Courses {
    /// All lessons, in their order.
    pub fn all(&self) -> impl Iterator<Item = &Listed> {
        self.courses.iter().flat_map(|course| &course.lessons)
    }
}

/// The lessons that a teacher chose, from the page's address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// The names of their folders.
    pub lessons: Vec<String>,
}

/// What lies over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The list of all lessons.
    Lessons,
    /// Making a link for a class.
    Class,
    /// Handing in what was done.
    HandIn,
    /// What was handed in.
    HandedIn,
}

/// The lessons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LessonsState {
    /// The lesson of the open workspace.
    pub learning: Option<Rc<Learning>>,
    /// Whether the step that is to be done is; nothing until that is known.
    pub verdict: Option<Rc<Verdict>>,
    /// Whether the official solution of the shown step is open.
    pub solution: bool,
    /// Whether a solution is being played.
    pub playing: bool,
    /// What lies over the page.
    pub overlay: Option<Overlay>,
    /// The lessons that the page comes with, once they are known.
    pub courses: Option<Rc<Courses>>,
    /// How far one is.
    pub progress: Rc<Progress>,
    /// The lessons that a teacher chose.
    pub class: Option<Rc<Class>>,
    /// What was handed in.
    pub handed_in: Rc<Vec<Rc<HandedIn>>>,
    /// What is wrong with the lesson that the workspace holds, at its line.
    pub problem: Option<Rc<Note>>,
}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum LessonsAction {
    /// A lesson is open with its workspace, or none is any more.
    Learning(Option<Rc<Learning>>),
    /// The lessons that the page comes with are known.
    Courses(Rc<Courses>),
    /// How far one is, is known.
    Progress(Rc<Progress>),
    /// A teacher chose lessons.
    Class(Rc<Class>),
    /// Something lies over the page, or nothing more.
    Overlay(Option<Overlay>),
    /// Another step is shown.
    Show(usize),
    /// The next hint.
    Hint,
    /// The official solution, open or not.
    Solution(bool),
    /// The step that is to be done begins, at this time and this state of the history.
    Begin(u64, u32),
    /// What checks of that step compare with.
    Start(Rc<str>),
    /// A command ran.
    Ran(CommandOutcome),
    /// A check of that step came to its end.
    Checked(Rc<Verdict>),
    /// The step is done, at this time.
    Done(u64),
    /// The project when a step was done.
    End(usize, Rc<Workspace>),
    /// Goes on with the next step.
    GoOn,
    /// A solution is being played, or no longer.
    Playing(bool),
    /// What was handed in.
    HandedIn(Rc<Vec<Rc<HandedIn>>>),
    /// What is wrong with the lesson that the workspace holds, or that nothing is.
    Problem(Option<Rc<Note>>),
}

impl LessonsState {
    /// The state after something happened. A function of its own, so that it loads with the lessons.
    #[inline(never)]
    pub(crate) fn reduce(&mut self, action: LessonsAction) {
        match action {
            LessonsAction::Learning(learning) => {
                self.verdict = None;
                self.solution = false;
                self.playing = false;
                self.learning = learning;
                self.note_progress();
            }
            LessonsAction::Courses(courses) => self.courses = Some(courses),
            LessonsAction::Progress(progress) => self.progress = progress,
            LessonsAction::Class(class) => self.class = Some(class),
            LessonsAction::Overlay(overlay) => self.overlay = overlay,
            LessonsAction::HandedIn(handed_in) => self.handed_in = handed_in,
            LessonsAction::Problem(problem) => self.problem = problem,
            LessonsAction::Playing(playing) => {
                self.playing = playing;
                if playing && let Some(taken) = self.current() {
                    taken.played = true;
                }
            }
            LessonsAction::Show(step) => {
                self.solution = false;
                if let Some(learning) = self.learning() {
                    learning.shown = step.min(learning.step);
                }
            }
            LessonsAction::Hint => {
                if let Some(taken) = self.current() {
                    taken.hints += 1;
                }
            }
            LessonsAction::Solution(open) => self.solution = open,
            LessonsAction::Begin(now, at) => {
                self.verdict = None;
                self.solution = false;
                if let Some(learning) = self.learning() {
                    learning.taken.truncate(learning.step);
                    learning.taken.push(Taken {
                        began: now,
                        at,
                        ..Taken::default()
                    });
                    learning.shown = learning.step;
                }
            }
            LessonsAction::Start(start) => {
                if let Some(taken) = self.current() {
                    taken.start = start;
                }
            }
            LessonsAction::Ran(outcome) => {
                if let Some(taken) = self.current() {
                    if taken.outcomes.len() == OUTCOMES {
                        taken.outcomes.remove(0);
                    }
                    taken.outcomes.push(CommandOutcome {
                        output: shortened(&outcome.output),
                        ..outcome
                    });
                }
            }
            LessonsAction::Checked(verdict) => self.verdict = Some(verdict),
            LessonsAction::Done(now) => {
                if let Some(taken) = self.current() {
                    taken.done.get_or_insert(now);
                }
                self.note_progress();
            }
            LessonsAction::End(step, workspace) => {
                if let Some(taken) = self.learning().and_then(|one| one.taken.get_mut(step)) {
                    taken.end = Some(workspace);
                }
            }
            LessonsAction::GoOn => {
                if let Some(learning) = self.learning()
                    && learning.is_done(learning.step)
                    && learning.step + 1 < learning.lesson.steps.len()
                {
                    learning.step += 1;
                }
            }
        }
    }

    fn note_progress(&mut self) {
        if let Some(learning) = &self.learning {
            let more = [(learning.slug.clone(), learning.progressed())];
            let mut progress = (*self.progress).clone();
            progress.merge(Progress {
                lessons: more.into(),
                ..Progress::default()
            });
            self.progress = Rc::new(progress);
        }
    }

    fn learning(&mut self) -> Option<&mut Learning> {
        self.learning.as_mut().map(Rc::make_mut)
    }

    /// The step that is to be done.
    fn current(&mut self) -> Option<&mut Taken> {
        let learning = self.learning()?;
        learning.taken.get_mut(learning.step)
    }

    /// The lesson after the open one, of the class or of the course.
    pub fn next_lesson(&self) -> Option<Listed> {
        let (courses, learning) = (self.courses.as_ref()?, self.learning.as_ref()?);
        let chosen = |lesson: &&Listed| {
            self.class
                .as_ref()
                .is_none_or(|class| class.lessons.contains(&lesson.slug))
        };
        let mut all = courses.all().filter(chosen);
        all.find(|lesson| lesson.slug == learning.slug)?;
        all.next().cloned()
    }
}

/// Both ends of a long text.
fn shortened(text: &str) -> String {
    if text.len() <= OUTPUT {
        return text.to_owned();
    }
    let half = OUTPUT / 2;
    let start = (0..=half).rev().find(|at| text.is_char_boundary(*at));
    let end = (text.len() - half..text.len()).find(|at| text.is_char_boundary(*at));
    format!(
        "{}\n…\n{}",
        &text[..start.unwrap_or(0)],
        &text[end.unwrap_or(text.len())..]
    )
}

#[cfg(test)]
mod tests {
    use protocol::lessons::Step;

    use super::*;

    fn lesson(steps: &[&str]) -> LessonsState {
        let steps = steps.iter().map(|id| Step {
            id: (*id).to_owned(),
            ..Step::default()
        });
        let learning = Learning {
            slug: "01-first".to_owned(),
            lesson: Rc::new(Lesson {
                steps: steps.collect(),
                ..Lesson::default()
            }),
            ..Learning::default()
        };
        LessonsState {
            learning: Some(Rc::new(learning)),
            ..LessonsState::default()
        }
    }

    #[test]
    fn a_step_follows_when_the_one_before_is_done_and_progress_is_noted() {
        let mut state = lesson(&["models", "upgrade"]);
        state.reduce(LessonsAction::Begin(1, 0));
        state.reduce(LessonsAction::GoOn);
        let step = |state: &LessonsState| state.learning.as_ref().unwrap().step;
        assert_eq!(step(&state), 0);
        state.reduce(LessonsAction::Done(5));
        // A second time it is not done later.
        state.reduce(LessonsAction::Done(9));
        state.reduce(LessonsAction::GoOn);
        state.reduce(LessonsAction::Begin(6, 3));
        assert_eq!(step(&state), 1);
        let learning = state.learning.clone().unwrap();
        assert_eq!(learning.taken[0].done, Some(5));
        assert!(!learning.is_finished());
        assert_eq!(state.progress.lessons["01-first"].done, ["models"]);
        state.reduce(LessonsAction::Done(7));
        assert!(state.learning.as_ref().unwrap().is_finished());
        // There is no step after the last.
        state.reduce(LessonsAction::GoOn);
        assert_eq!(step(&state), 1);
    }

    #[test]
    fn progress_of_two_browsers_comes_together() {
        let progress = |done: &[&str]| Progress {
            lessons: [(
                "a".to_owned(),
                Progressed {
                    done: done.iter().map(|id| (*id).to_owned()).collect(),
                    ..Progressed::default()
                },
            )]
            .into(),
            ..Progress::default()
        };
        let mut here = progress(&["one", "two"]);
        here.merge(progress(&["two", "three"]));
        assert_eq!(here.lessons["a"].done, ["one", "two", "three"]);
    }

    #[test]
    fn a_long_output_keeps_both_ends() {
        let text = format!("begin{}end", "é".repeat(4_000));
        let short = shortened(&text);
        assert!(short.len() < 4_100, "{}", short.len());
        assert!(short.starts_with("begin") && short.ends_with("end"));
    }
}
