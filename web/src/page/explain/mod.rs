//! What failed last, and why: at its button, at its line and over its output.

pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
