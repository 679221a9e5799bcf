//! The history as the time bar shows it.

#[cfg(target_family = "wasm")]
pub(crate) mod effects;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
