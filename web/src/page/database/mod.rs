//! The Database column: tables, rows, SQL.

#[cfg(target_family = "wasm")]
pub(crate) mod effects;
#[cfg(target_family = "wasm")]
pub(crate) mod rows;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
