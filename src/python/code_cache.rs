//! Caches parsed source: few files change between two commands of one process. The counterpart of
//! Python's `__pycache__`. Code objects hold no runtime values, so interpreters can share them.

use ground::hash::HashMap;
use std::cell::RefCell;
use std::rc::Rc;

use super::parse::{self, ParseFailure};
use super::source::SourceFile;
use super::tree::Code;

/// A source text and its parse result.
#[derive(Clone)]
pub(super) struct Parsed {
    /// The file number that its spans carry; unique per thread.
    pub(super) number: u32,
    /// The text.
    pub(super) file: Rc<SourceFile>,
    /// The code, or the syntax error.
    pub(super) code: Result<Rc<Code>, ParseFailure>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    path: Rc<str>,
    text: Rc<str>,
    expression: bool,
}

/// When this many bytes of source have been added, entries not used since are evicted. A syntax
/// tree takes about twenty times the memory of its source, and the browser has less than the native
/// program.
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

/// Parses a module or an expression, or returns the cached result.
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
