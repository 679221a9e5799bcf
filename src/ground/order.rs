//! Sorting with one body of code for all types.
//!
//! The standard library's sort is compiled anew for each type and each comparison, 4 kB every time: with
//! fifty of them, the page's worker would carry 10 kB compressed of nothing else. Here the indices of
//! the items are sorted, by one function for all types, and the items follow. `tests/rooms.rs` refuses the
//! standard library's sorts elsewhere.

use std::cmp::Ordering;

/// What a slice can do here.
pub trait InOrder<T> {
    /// As `slice::sort`.
    fn in_order(&mut self)
    where
        T: Ord;

    /// As `slice::sort_by`.
    fn in_order_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);

    /// As `slice::sort_by_key`.
    fn in_order_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K);
}

fn numbers_in_order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..count).collect();
    numbers.sort_by(|left, right| compare(*left, *right));
    numbers
}

impl<T> InOrder<T> for [T] {
    fn in_order(&mut self)
    where
        T: Ord,
    {
        self.in_order_by(T::cmp);
    }

    fn in_order_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        let mut numbers = numbers_in_order(self.len(), &mut |left, right| {
            compare(&self[left], &self[right])
        });
        for start in 0..numbers.len() {
            // Along the ring of places that exchange their items; those done hold their own number.
            let mut place = start;
            while numbers[place] != start {
                let from = numbers[place];
                self.swap(place, from);
                numbers[place] = place;
                place = from;
            }
            numbers[place] = place;
        }
    }

    fn in_order_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.in_order_by(|left, right| key(left).cmp(&key(right)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_the_standard_library_does() {
        let mut state = 7u32;
        for count in 0..60 {
            let mut items: Vec<(u32, usize)> = (0..count)
                .map(|index| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 28, index)
                })
                .collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            items.in_order_by_key(|(key, _)| *key);
            assert_eq!(items, expected);
        }
    }
}
