//! Lessons: a pane beside the workspace that says what to do and sees whether it is done; the list of lessons;
//! what a class hands in.

pub mod hand_in;
pub mod state;
pub mod words;

#[cfg(target_family = "wasm")]
pub(crate) mod due;
#[cfg(target_family = "wasm")]
pub(crate) mod effects;
#[cfg(target_family = "wasm")]
pub(crate) mod opening;
#[cfg(target_family = "wasm")]
mod part;
#[cfg(target_family = "wasm")]
mod playing;
#[cfg(target_family = "wasm")]
pub(crate) mod teaching;

#[cfg(target_family = "wasm")]
pub(crate) mod authoring;
#[cfg(target_family = "wasm")]
mod blocks;
#[cfg(target_family = "wasm")]
mod class;
#[cfg(target_family = "wasm")]
mod list;
#[cfg(target_family = "wasm")]
mod step;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
