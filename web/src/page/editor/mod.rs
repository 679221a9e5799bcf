//! The editor of the columns: CodeMirror in an element that Yew leaves alone.

use std::rc::Rc;

#[cfg(target_family = "wasm")]
pub(crate) mod bundle;
#[cfg(target_family = "wasm")]
pub(crate) mod view;

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
