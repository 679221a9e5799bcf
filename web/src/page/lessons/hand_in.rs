//! What a learner hands in: how far they came, and the project at the end of each step, so that whoever gets it
//! can check it again. It travels as a link or a file: `#limbeck-lesson=1.PAYLOAD`, packed as projects are.

use std::rc::Rc;

use protocol::Workspace;
use protocol::lessons::CommandOutcome;
use serde::{Deserialize, Serialize};

use super::state::Learning;

/// What a link or file of this kind begins with.
pub const PREFIX: &str = "#limbeck-lesson=1.";

/// What is handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandIn {
    /// The name of the lesson's folder.
    pub lesson: String,
    /// The lesson's title.
    pub title: String,
    /// Which version of the lesson.
    pub hash: String,
    /// Who hands it in, in their own words.
    pub name: String,
    /// When, in milliseconds since 1970.
    pub time: u64,
    /// How many steps the lesson has.
    pub steps: usize,
    /// The steps that were begun.
    pub taken: Vec<HandedStep>,
    /// [`seal`](HandIn::seal) of all the rest.
    pub seal: String,
}

/// A step in what is handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandedStep {
    /// Its id.
    pub id: String,
    /// When it began, in milliseconds since 1970.
    pub began: u64,
    /// When it was done.
    pub done: Option<u64>,
    /// How many hints were asked for.
    pub hints: usize,
    /// Whether the solution was played.
    pub played: bool,
    /// What was run.
    pub outcomes: Vec<CommandOutcome>,
    /// What its check compares with: the project when it began.
    pub start: Rc<str>,
    /// The project when it was done.
    pub end: Option<Rc<Workspace>>,
}

impl HandIn {
    /// Of a lesson that is being taken.
    pub fn of(learning: &Learning, name: &str, time: u64) -> Self {
        let mut hand_in = HandIn {
            lesson: learning.slug.clone(),
            title: learning.lesson.title.clone(),
            hash: learning.lesson.hash.clone(),
            name: name.trim().to_owned(),
            time,
            steps: learning.lesson.steps.len(),
            taken: learning
                .taken
                .iter()
                .zip(&learning.lesson.steps)
                .map(|(taken, step)| HandedStep {
                    id: step.id.clone(),
                    began: taken.began,
                    done: taken.done,
                    hints: taken.hints,
                    played: taken.played,
                    outcomes: taken.outcomes.clone(),
                    start: taken.start.clone(),
                    end: taken.end.clone(),
                })
                .collect(),
            seal: String::new(),
        };
        hand_in.seal = hand_in.seal();
        hand_in
    }

    /// A sum of what it holds: a file that was damaged or edited by hand is told by it. It is no signature; what
    /// a step is worth is told by its check on its state.
    pub fn seal(&self) -> String {
        let open = HandIn {
            seal: String::new(),
            ..self.clone()
        };
        let text = serde_json::to_string(&open).unwrap_or_default();
        // FNV-1a.
        let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in text.bytes() {
            sum = (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        format!("{sum:016x}")
    }

    /// How many steps it says are done.
    pub fn done(&self) -> usize {
        self.taken.iter().filter(|step| step.done.is_some()).count()
    }

    /// The step that was begun last and is not done.
    pub fn stuck(&self) -> Option<&HandedStep> {
        self.taken.last().filter(|step| step.done.is_none())
    }

    /// How long the steps that were begun took, in milliseconds; the last one until it was handed in.
    pub fn duration(&self) -> u64 {
        let took = |step: &HandedStep| step.done.unwrap_or(self.time).saturating_sub(step.began);
        self.taken.iter().map(took).sum()
    }
}

/// What is wrong with something that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is no hand-in, or its end is missing.
    Unreadable,
    /// It does not fit its seal.
    Changed,
    /// Its lesson is not known here, or is another version.
    Foreign,
    /// These steps are not done, as the project at their end shows; with what was found.
    Fails(Vec<(String, String)>),
}

/// Something that was handed in, as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandedIn {
    /// The name of its file.
    pub file: String,
    /// What it says.
    pub hand_in: Option<Rc<HandIn>>,
    /// Whether its steps have been checked.
    pub checked: bool,
    /// What is wrong with it.
    pub trouble: Option<Trouble>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edited_hand_in_does_not_fit_its_seal() {
        let mut hand_in = HandIn {
            name: "Ada".to_owned(),
            steps: 2,
            time: 90_000,
            taken: vec![
                HandedStep {
                    id: "one".to_owned(),
                    began: 1_000,
                    done: Some(31_000),
                    ..HandedStep::default()
                },
                HandedStep {
                    id: "two".to_owned(),
                    began: 40_000,
                    ..HandedStep::default()
                },
            ],
            ..HandIn::default()
        };
        hand_in.seal = hand_in.seal();
        let text = serde_json::to_string(&hand_in).unwrap();
        let read: HandIn = serde_json::from_str(&text).unwrap();
        assert_eq!(read.seal, read.seal());
        assert_eq!((read.done(), read.duration()), (1, 80_000));
        assert_eq!(read.stuck().map(|step| step.id.as_str()), Some("two"));
        let edited: HandIn = serde_json::from_str(&text.replace("Ada", "Bob")).unwrap();
        assert_ne!(edited.seal, edited.seal());
    }
}
