//! The command palette, the sheet of keys, and the table of actions that both read.

#[cfg(target_family = "wasm")]
pub(crate) mod actions;
pub mod find;
#[cfg(target_family = "wasm")]
pub(crate) mod keys;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
