//! The file tree, and texts on their way between editors and worker.

#[cfg(target_family = "wasm")]
pub(crate) mod effects;
#[cfg(target_family = "wasm")]
mod search;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
