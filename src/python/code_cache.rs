//! Texts that were parsed before are not parsed again: between two commands of one process hardly a
//! file changes. It is what `__pycache__` is to Python. Code holds no values of a run, so that
//! interpreters share it.

use ground::hash::HashMap;
use std::cell::RefCell;
use std::rc::Rc;

use super::parse::{self, ParseFailure};
use super::source::SourceFile;
use super::tree::Code;

/// A text and what it became.
#[derive(Clone)]
pub(super) struct Parsed {
    /// The number of the file, which its spans carry; no two texts of a thread share one.
    pub(super) number: u32,
    /// The text.
    pub(super) file: Rc<SourceFile>,
    /// Its code, or why it has none.
    pub(super) code: Result<Rc<Code>, ParseFailure>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    path: Rc<str>,
    text: Rc<str>,
    expression: bool,
}

/// Bytes of text after which the texts not asked for since are let go. Their trees take about
/// twenty times as much, and a page has less room than a machine.
const GENERATION: usize = if cfg!(target_family = "wasm") {
    1 << 20
} else {
    4 << 20
};

#[derive(Default)]
struct Cache {
    count: u32,
    bytes: usize,
    recent: HashMap<Key, Parsed>,
    older: HashMap<Key, Parsed>,
}

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::default();
}

/// Parses a module, or an expression, unless that was done before.
pub(super) fn parse(path: &str, text: &str, expression: bool) -> Parsed {
    let key = Key {
        path: Rc::from(path),
        text: Rc::from(text),
        expression,
    };
    CACHE.with_borrow_mut(|cache| {
        if let Some(parsed) = cache.recent.get(&key) {
            return parsed.clone();
        }
        let parsed = match cache.older.remove(&key) {
            Some(parsed) => parsed,
            None => {
                let number = cache.count;
                cache.count = number.wrapping_add(1);
                Parsed {
                    number,
                    file: Rc::new(SourceFile::new(key.path.clone(), key.text.clone())),
                    code: if expression {
                        parse::parse_expression(number, text)
                    } else {
                        parse::parse_module(number, text)
                    },
                }
            }
        };
        cache.bytes += key.text.len();
        if cache.bytes > GENERATION {
            cache.bytes = key.text.len();
            cache.older = std::mem::take(&mut cache.recent);
        }
        cache.recent.insert(key, parsed.clone());
        parsed
    })
}
