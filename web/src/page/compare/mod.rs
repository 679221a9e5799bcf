//! Another state of the project beside the open one: what a patch, a zip or a folder makes of it.

#[cfg(target_family = "wasm")]
mod effects;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
