//! Reviews of a revision: findings, and there and back.

#[cfg(target_family = "wasm")]
pub(crate) mod effects;
#[cfg(target_family = "wasm")]
pub(crate) mod finding;
pub mod lines;
#[cfg(target_family = "wasm")]
pub(crate) mod preview;
#[cfg(target_family = "wasm")]
pub(crate) mod round_trip;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
