//! The Database column: tables, rows, SQL.

#[cfg(target_family = "wasm")]
pub(crate) mod cell_editor;
#[cfg(target_family = "wasm")]
pub(crate) mod effects;
#[cfg(target_family = "wasm")]
pub(crate) mod grid;
#[cfg(target_family = "wasm")]
pub(crate) mod rows;
pub mod state;
pub mod values;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
