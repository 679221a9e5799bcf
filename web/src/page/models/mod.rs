//! The Models column: the editor, and what autogenerate would write.

#[cfg(target_family = "wasm")]
pub(crate) mod effects;
pub mod setup;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
