//! What the page knows of the revisions' ways there and back.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Outcome, Reviewed, verdict};
use crate::protocol::{FileEntry, Verdict};

/// What came of a revision's round trip.
#[derive(Clone, Debug, PartialEq)]
pub struct Trip {
    /// What came of it; nothing where it can't be tried.
    pub verdict: Option<Verdict>,
    /// In a word or two.
    pub word: &'static str,
    /// The sentence that gives its reason.
    pub sentence: String,
    /// Whether `downgrade` does nothing though `upgrade` does something.
    pub empty_downgrade: bool,
    files: Rc<Vec<FileEntry>>,
}

impl Trip {
    /// What a review says; nothing where it was stopped.
    pub fn of(reviewed: &Reviewed) -> Option<Trip> {
        let files = reviewed.files.clone();
        match &reviewed.outcome {
            Outcome::Done(review) => {
                let (word, sentence) = verdict(review);
                Some(Trip {
                    verdict: Some(review.round_trip.verdict),
                    word,
                    sentence,
                    empty_downgrade: review.round_trip.empty_downgrade,
                    files,
                })
            }
            Outcome::Failed(failure) => Some(Trip {
                verdict: None,
                word: crate::text::graph::NOT_TRIED,
                sentence: failure.message.clone(),
                empty_downgrade: false,
                files,
            }),
            Outcome::Stopped => None,
        }
    }

    /// Whether it speaks of the files as they are now.
    pub fn is_of(&self, files: &Rc<Vec<FileEntry>>) -> bool {
        Rc::ptr_eq(&self.files, files)
    }
}

/// The round trips of this session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trips {
    /// What came of them, by revision.
    pub known: Rc<BTreeMap<Rc<str>, Rc<Trip>>>,
    /// How many of how many are done, while those of all are on their way.
    pub under_way: Option<(usize, usize)>,
}

impl Trips {
    pub(super) fn take(&mut self, reviewed: &Reviewed) {
        if let Some(trip) = Trip::of(reviewed) {
            Rc::make_mut(&mut self.known).insert(reviewed.revision.clone(), Rc::new(trip));
        }
    }
}
