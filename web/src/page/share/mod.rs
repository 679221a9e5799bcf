//! A workspace that goes out or comes in: links, files, folders, frames.

#[cfg(target_family = "wasm")]
pub(crate) mod arrivals;
#[cfg(target_family = "wasm")]
pub(crate) mod codec;
#[cfg(target_family = "wasm")]
pub(crate) mod effects;
pub mod link;
#[cfg(target_family = "wasm")]
pub(crate) mod offer;
#[cfg(target_family = "wasm")]
pub(crate) mod probing;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod tried;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
