//! The history as the time bar shows it: the branch where the workspace stands, and the others.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{HistoryEntry, View};

use crate::state::State;

/// A branch that is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The newest state of it.
    pub tip: u32,
    /// The first one.
    pub first: u32,
    /// The state that it leaves the shown branch at.
    pub from: u32,
    /// How many states it has.
    pub states: usize,
}

impl State {
    /// The number of the state some steps earlier or later on the shown branch, where there is one.
    pub fn step(&self, by: i32) -> Option<u32> {
        let line = line(&self.view);
        let here = line.iter().position(|entry| entry.number == self.view.at)?;
        let there = here.checked_add_signed(by as isize)?;
        line.get(there).map(|entry| entry.number)
    }
}

/// The states from the start to the newest of the branch where the workspace stands.
pub fn line(view: &View) -> Vec<&HistoryEntry> {
    let entries: BTreeMap<u32, &HistoryEntry> = view
        .history
        .iter()
        .map(|entry| (entry.number, entry))
        .collect();
    let mut line = Vec::new();
    let mut next = entries.get(&view.tip);
    while let Some(entry) = next {
        line.push(*entry);
        // A parent is older: this comes to an end.
        next = entry
            .parent
            .filter(|parent| *parent < entry.number)
            .and_then(|parent| entries.get(&parent));
    }
    line.reverse();
    line
}

/// The branches that leave the shown one, the newest first.
pub fn branches(view: &View) -> Vec<Branch> {
    let shown: BTreeSet<u32> = line(view).iter().map(|entry| entry.number).collect();
    // Of each state beside the line, the first one of its branch. Parents come before children.
    let mut roots: BTreeMap<u32, u32> = BTreeMap::new();
    let mut found: BTreeMap<u32, Branch> = BTreeMap::new();
    for entry in view.history.iter() {
        let (number, Some(parent)) = (entry.number, entry.parent) else {
            continue;
        };
        if shown.contains(&number) {
            continue;
        }
        let root = match roots.get(&parent) {
            Some(root) => *root,
            None => number,
        };
        roots.insert(number, root);
        let branch = found.entry(root).or_insert(Branch {
            tip: number,
            first: number,
            from: parent,
            states: 0,
        });
        branch.tip = number;
        branch.states += 1;
    }
    let mut found: Vec<Branch> = found.into_values().collect();
    found.sort_by_key(|branch| std::cmp::Reverse(branch.tip));
    found
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    fn view(parents: &[Option<u32>], at: u32, tip: u32) -> View {
        View {
            history: Rc::new(
                parents
                    .iter()
                    .enumerate()
                    .map(|(number, parent)| HistoryEntry {
                        number: number as u32,
                        parent: *parent,
                        ..HistoryEntry::default()
                    })
                    .collect(),
            ),
            at,
            tip,
            ..View::default()
        }
    }

    #[test]
    fn the_branch_shown_and_the_others() {
        // 0 - 1 - 2 - 5, and from 1: 3 - 4.
        let view = view(&[None, Some(0), Some(1), Some(1), Some(3), Some(2)], 1, 4);
        let shown: Vec<u32> = line(&view).iter().map(|entry| entry.number).collect();
        assert_eq!(shown, [0, 1, 3, 4]);
        let others = branches(&view);
        let branch = Branch {
            tip: 5,
            first: 2,
            from: 1,
            states: 2,
        };
        assert_eq!(others, [branch]);
        let state = State {
            view: Rc::new(view),
            ..State::default()
        };
        assert_eq!((state.step(-1), state.step(1)), (Some(0), Some(3)));
        assert_eq!((state.step(-2), state.step(3)), (None, None));
    }
}
