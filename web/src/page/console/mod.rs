//! The console.

pub mod completion;
#[cfg(target_family = "wasm")]
pub(crate) mod effects;
#[cfg(target_family = "wasm")]
mod find;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
