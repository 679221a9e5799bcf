//! Comments on places of a project: a pane beside the columns, where colleagues answer each other by links.

#[cfg(target_family = "wasm")]
pub(crate) mod arriving;
#[cfg(target_family = "wasm")]
mod compose;
#[cfg(target_family = "wasm")]
pub(crate) mod discuss;
#[cfg(target_family = "wasm")]
pub(crate) mod due;
#[cfg(target_family = "wasm")]
pub(crate) mod effects;
pub mod markdown;
#[cfg(target_family = "wasm")]
mod markdown_copy;
#[cfg(target_family = "wasm")]
mod part;
pub mod project;
pub mod state;
pub mod thread;
pub mod time;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
