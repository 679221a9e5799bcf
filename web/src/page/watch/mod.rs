//! Runs step by step, what is different between two states, and SQL.

#[cfg(target_family = "wasm")]
pub(crate) mod changes;
#[cfg(target_family = "wasm")]
pub(crate) mod effects;
#[cfg(target_family = "wasm")]
pub(crate) mod player;
#[cfg(target_family = "wasm")]
pub(crate) mod script_source;
#[cfg(target_family = "wasm")]
pub(crate) mod sql_panes;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod steps;
pub mod words;
