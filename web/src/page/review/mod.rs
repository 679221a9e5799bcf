//! Reviews of a revision: findings, and there and back.

#[cfg(target_family = "wasm")]
pub(crate) mod effects;
#[cfg(target_family = "wasm")]
pub(crate) mod finding;
#[cfg(target_family = "wasm")]
pub(crate) mod round_trip;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
