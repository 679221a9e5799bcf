//! Which workspaces there are, who may change them, and how they are saved.

pub mod examples;
#[cfg(target_family = "wasm")]
mod locks;
pub mod saved;
#[cfg(target_family = "wasm")]
mod storage;
#[cfg(target_family = "wasm")]
mod words;
#[cfg(target_family = "wasm")]
pub(crate) mod workspaces;
