//! The diagram of tables and foreign keys.

#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
