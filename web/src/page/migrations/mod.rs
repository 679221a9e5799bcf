//! The Migrations column: the chosen revision.

#[cfg(target_family = "wasm")]
pub(crate) mod script_tabs;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
