//! The diagram of tables and what refers to what.

#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
