//! States of a database file as pages, those that did not change shared with an earlier state.
#![expect(unsafe_code, reason = "pages are compared by words")]

use std::cell::Cell;
use std::rc::Rc;

/// SQLite's default page size in bytes; any size works, since pages are only shared.
pub(super) const PAGE: usize = 4096;

/// A state of a database file.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    pages: Vec<Rc<[u8]>>,
    /// The open file that it was taken from, and the time by that file's [`Writes`].
    taken: Option<(u64, u64)>,
}

impl Pages {
    /// The pages, in their order; the last one may be shorter.
    pub fn pages(&self) -> &[Rc<[u8]>] {
        &self.pages
    }

    /// The state with these bytes; pages with the same bytes are shared with the earlier state.
    pub fn compared(bytes: &[u8], earlier: Option<&Pages>) -> Pages {
        let known = earlier.map_or(&[] as &[_], |earlier| &earlier.pages);
        let pages = bytes
            .chunks(PAGE)
            .enumerate()
            .map(|(number, page)| match known.get(number) {
                Some(known) if same(known, page) => known.clone(),
                _ => Rc::from(page),
            })
            .collect();
        Pages { pages, taken: None }
    }

    /// Whether both are the same handles on the same pages.
    pub fn is(&self, other: &Pages) -> bool {
        self.pages.len() == other.pages.len()
            && self
                .pages
                .iter()
                .zip(&other.pages)
                .all(|(ours, theirs)| Rc::ptr_eq(ours, theirs))
    }
}

/// Whether two pages have the same bytes. By words, since `memcmp` of wasm32 goes byte by byte.
fn same(one: &[u8], other: &[u8]) -> bool {
    const WORDS: usize = size_of::<[u64; 4]>();
    if one.len() != other.len() {
        return false;
    }
    let words = |page: &[u8]| page.as_ptr().cast::<[u64; 4]>();
    let (a, b) = (words(one), words(other));
    let count = one.len() / WORDS;
    let equal = (0..count).all(|at| {
        // SAFETY: both slices hold `count` of them; they are read without alignment.
        let (a, b) = unsafe { (a.add(at).read_unaligned(), b.add(at).read_unaligned()) };
        let [first, second, third, fourth] = a;
        (first ^ b[0]) | (second ^ b[1]) | (third ^ b[2]) | (fourth ^ b[3]) == 0
    });
    equal && one[count * WORDS..] == other[count * WORDS..]
}

/// When each page of an open file was last written. The time is the number of states that were taken.
#[derive(Debug)]
pub(super) struct Writes {
    file: u64,
    now: u64,
    pages: Vec<u64>,
}

impl Writes {
    /// Of a file that was just opened.
    pub(super) fn new() -> Self {
        thread_local! {
            static FILES: Cell<u64> = const { Cell::new(0) };
        }
        let file = FILES.with(|files| files.replace(files.get() + 1));
        Writes {
            file,
            now: 1,
            pages: Vec::new(),
        }
    }

    /// Notes that the bytes from `start` to `end` were written.
    pub(super) fn written(&mut self, start: usize, end: usize) {
        if start >= end {
            return;
        }
        let (first, last) = (start / PAGE, (end - 1) / PAGE);
        if self.pages.len() <= last {
            self.pages.resize(last + 1, 0);
        }
        self.pages[first..=last].fill(self.now);
    }

    /// The state of the file, which has these contents.
    pub(super) fn take(&mut self, contents: &[u8], earlier: Option<&Pages>) -> Pages {
        let mut taken = match earlier {
            Some(earlier) if earlier.taken.is_some_and(|(file, _)| file == self.file) => {
                let since = earlier.taken.map_or(0, |(_, time)| time);
                let pages = contents
                    .chunks(PAGE)
                    .enumerate()
                    .map(|(number, page)| match earlier.pages.get(number) {
                        Some(known)
                            if known.len() == page.len()
                                && self.pages.get(number).is_none_or(|time| *time <= since) =>
                        {
                            known.clone()
                        }
                        _ => Rc::from(page),
                    })
                    .collect();
                Pages { pages, taken: None }
            }
            earlier => Pages::compared(contents, earlier),
        };
        taken.taken = Some((self.file, self.now));
        self.now += 1;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_the_same_where_every_byte_is() {
        for length in [0, 1, 7, 31, 32, 33, 100, PAGE] {
            let page: Vec<u8> = (0..length).map(|at| at as u8).collect();
            assert!(same(&page, &page.clone()));
            for at in 0..length {
                let mut other = page.clone();
                other[at] ^= 16;
                assert!(!same(&page, &other), "{at} of {length}");
            }
            assert!(!same(&page, &[&page[..], &[0]].concat()));
        }
    }

    #[test]
    fn what_was_not_written_is_shared() {
        let mut contents = vec![1; 3 * PAGE];
        let mut writes = Writes::new();
        let first = writes.take(&contents, None);
        contents[PAGE + 1] = 2;
        writes.written(PAGE + 1, PAGE + 2);
        let second = writes.take(&contents, Some(&first));
        let shared = |a: &Pages, b: &Pages| -> Vec<bool> {
            let pairs = a.pages.iter().zip(&b.pages);
            pairs.map(|(a, b)| Rc::ptr_eq(a, b)).collect()
        };
        assert_eq!(shared(&first, &second), [true, false, true]);
        assert_eq!(second.pages.concat(), contents);
        assert!(second.is(&writes.take(&contents, Some(&second))));
        // Of an older state all that was written since is another.
        contents.truncate(2 * PAGE);
        contents.extend([7; PAGE + 9]);
        writes.written(2 * PAGE, 3 * PAGE + 9);
        let third = writes.take(&contents, Some(&first));
        assert_eq!(shared(&first, &third), [true, false, false]);
        assert_eq!(third.pages.concat(), contents);
        // Of another file only the bytes tell.
        let other = Writes::new().take(&contents, Some(&third));
        assert!(other.is(&third));
    }
}
