//! The results of round trips: each revision taken up, down and up again on a copy.

use std::collections::BTreeMap;
use std::rc::Rc;

use protocol::{FileEntry, Verdict};

use crate::review::state::{Outcome, Reviewed, shown_verdict, verdict};
use crate::state::State;

/// The result of a revision's round trip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trip {
    /// The verdict; `None` if the revision could not be tried.
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
    /// The result from a review; `None` if it was stopped.
    pub fn of(reviewed: &Reviewed) -> Option<Trip> {
        let files = reviewed.files.clone();
        match &reviewed.outcome {
            Outcome::Done(review) => {
                let (word, sentence) = verdict(review);
                Some(Trip {
                    verdict: Some(shown_verdict(review)),
                    word,
                    sentence,
                    empty_downgrade: review.round_trip.empty_downgrade,
                    files,
                })
            }
            Outcome::Failed(failure) => Some(Trip {
                verdict: None,
                word: crate::graph::words::NOT_TRIED,
                sentence: failure.message.clone(),
                empty_downgrade: false,
                files,
            }),
            Outcome::Cancelled => None,
        }
    }

    /// Whether it was made with the current files.
    pub fn is_of(&self, files: &Rc<Vec<FileEntry>>) -> bool {
        Rc::ptr_eq(&self.files, files)
    }
}

/// The round trips of this session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trips {
    /// The results, by revision.
    pub known: Rc<BTreeMap<Rc<str>, Rc<Trip>>>,
    /// How many of how many are done, while those of all are on their way.
    pub under_way: Option<(usize, usize)>,
    /// How often the field that finds a revision was asked for; 0 while it is not wanted.
    pub finding: u32,
    /// The revision that a squash is to begin with.
    pub squash_from: Option<Rc<str>>,
}

impl Trips {
    pub(crate) fn take(&mut self, reviewed: &Reviewed) {
        if let Some(trip) = Trip::of(reviewed) {
            Rc::make_mut(&mut self.known).insert(reviewed.revision.clone(), Rc::new(trip));
        }
    }
}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum GraphAction {
    /// A revision was taken there and back.
    RoundTrip(Reviewed),
    /// Those of all are on their way, so many of so many done; or not any more.
    RoundTrips(Option<(usize, usize)>),
    /// The field that finds a revision is wanted, or no longer.
    Find(bool),
    /// A squash is to begin with a revision, or with none.
    SquashFrom(Option<Rc<str>>),
}

impl State {
    /// Whether the revision that was written last is known to fail as it is.
    pub fn written_is_broken(&self) -> bool {
        let written = self.migrations.unasked.as_ref();
        written
            .and_then(|id| self.graph.known.get(id))
            .is_some_and(|trip| {
                trip.verdict == Some(Verdict::Broken) && trip.is_of(&self.view.files)
            })
    }

    /// The state after something happened to the round trips.
    pub(crate) fn reduce_graph(&mut self, action: GraphAction) {
        match action {
            GraphAction::RoundTrip(reviewed) => self.graph.take(&reviewed),
            GraphAction::RoundTrips(under_way) => self.graph.under_way = under_way,
            GraphAction::SquashFrom(revision) => self.graph.squash_from = revision,
            GraphAction::Find(wanted) => {
                self.graph.finding = if wanted { self.graph.finding + 1 } else { 0 };
            }
        }
    }
}
