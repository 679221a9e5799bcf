//! The page around its features: header, the band of verbs, notices, what is under way.

#[cfg(target_family = "wasm")]
pub(crate) mod effects;
#[cfg(target_family = "wasm")]
pub(crate) mod header;
pub mod layout;
pub mod state;
#[cfg(target_family = "wasm")]
pub(crate) mod verbs;
#[cfg(target_family = "wasm")]
pub(crate) mod view;
pub mod words;
#[cfg(target_family = "wasm")]
pub(crate) mod work;
