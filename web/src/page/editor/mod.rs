//! The editor of the columns: CodeMirror in an element that Yew leaves alone.

use std::rc::Rc;

#[cfg(target_family = "wasm")]
pub(crate) mod bundle;
#[cfg(target_family = "wasm")]
pub(crate) mod view;

/// Number of the first line that starts so, after its indentation; from one.
pub fn line_that_starts(text: &str, start: &str) -> Option<u32> {
    let index = text
        .lines()
        .position(|line| line.trim_start().starts_with(start))?;
    u32::try_from(index + 1).ok()
}

/// A sentence that stands under a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The file.
    pub path: Rc<str>,
    /// The line, from one.
    pub line: u32,
    /// The sentence.
    pub text: Rc<str>,
}

/// Where an editor should go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reveal {
    /// The file.
    pub path: Rc<str>,
    /// The line, from one.
    pub line: u32,
    /// Counts, so that going to the same place twice goes there twice.
    pub count: u32,
}
