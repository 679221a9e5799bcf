//! The revision graph, and the round trips of its revisions.

#[cfg(target_family = "wasm")]
pub(crate) mod effects;
pub mod layout;
#[cfg(target_family = "wasm")]
pub(crate) mod revision_menu;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
