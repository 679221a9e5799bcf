//! The Models column: the editor, and what autogenerate would write.

#[cfg(target_family = "wasm")]
pub(crate) mod effects;
#[cfg(target_family = "wasm")]
pub(crate) mod first_steps;
pub mod setup;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
