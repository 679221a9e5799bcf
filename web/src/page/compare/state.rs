//! The comparison that is shown, and the reviews of what it brings.

use std::rc::Rc;

use protocol::{Failure, Other, Review, States};

/// The review of a revision of the head: it, or why there is none.
pub type HeadReview = Result<Rc<Review>, Failure>;

/// The open project beside another state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Its number: what is answered to an earlier one comes too late.
    pub number: u32,
    /// What the other state came as, such as the name of a file.
    pub name: Rc<str>,
    /// The other state.
    pub other: Rc<Other>,
    /// What differs, or why that can't be told; nothing while it is found out.
    pub states: Option<Result<Rc<States>, Failure>>,
    /// The reviews that are there, by revision.
    pub reviews: Vec<(String, HeadReview)>,
}

/// What is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompareState {
    /// The comparison that is shown.
    pub shown: Option<Rc<Comparison>>,
    /// How many there were.
    pub count: u32,
}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum CompareAction {
    /// The open project is compared with another state.
    Opened(Rc<str>, Rc<Other>),
    /// What differs is known, of the comparison of that number.
    Compared(u32, Result<Rc<States>, Failure>),
    /// A revision of the head was reviewed.
    Reviewed(u32, String, HeadReview),
    /// It is shown no more.
    Closed,
}

impl CompareState {
    /// The state after something happened.
    pub(crate) fn reduce(&mut self, action: CompareAction) {
        match action {
            CompareAction::Opened(name, other) => {
                self.count += 1;
                self.shown = Some(Rc::new(Comparison {
                    number: self.count,
                    name,
                    other,
                    states: None,
                    reviews: Vec::new(),
                }));
            }
            CompareAction::Compared(number, states) => {
                if let Some(shown) = self.shown_as(number) {
                    shown.states = Some(states);
                }
            }
            CompareAction::Reviewed(number, revision, review) => {
                if let Some(shown) = self.shown_as(number) {
                    shown.reviews.push((revision, review));
                }
            }
            CompareAction::Closed => self.shown = None,
        }
    }

    fn shown_as(&mut self, number: u32) -> Option<&mut Comparison> {
        let shown = self.shown.as_mut().filter(|one| one.number == number)?;
        Some(Rc::make_mut(shown))
    }
}

impl Comparison {
    /// The review of a revision, if it is there.
    pub fn review(&self, revision: &str) -> Option<&HeadReview> {
        let mut all = self.reviews.iter();
        all.find(|(id, _)| id == revision).map(|(_, review)| review)
    }

    /// The same files taken the other way round; a patch has one way only.
    pub fn turned(&self) -> Option<Other> {
        match &*self.other {
            Other::Patch(_) => None,
            Other::Head(files) => Some(Other::Base(files.clone())),
            Other::Base(files) => Some(Other::Head(files.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use protocol::{Failure, Other};

    use super::{CompareAction, CompareState};

    #[test]
    fn what_comes_too_late_is_not_shown() {
        let mut state = CompareState::default();
        let open = |text: &str| {
            CompareAction::Opened("a.patch".into(), Rc::new(Other::Patch(text.to_owned())))
        };
        state.reduce(open("one"));
        state.reduce(open("two"));
        state.reduce(CompareAction::Compared(1, Err(Failure::default())));
        assert_eq!(
            state.shown.as_ref().map(|one| one.states.is_some()),
            Some(false)
        );
        state.reduce(CompareAction::Compared(2, Err(Failure::default())));
        assert_eq!(
            state.shown.as_ref().map(|one| one.states.is_some()),
            Some(true)
        );
        state.reduce(CompareAction::Closed);
        state.reduce(CompareAction::Compared(2, Err(Failure::default())));
        assert_eq!(state.shown, None);
    }
}
