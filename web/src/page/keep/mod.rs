//! Workspaces, and whether they are kept.

#[cfg(target_family = "wasm")]
pub(crate) mod effects;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
