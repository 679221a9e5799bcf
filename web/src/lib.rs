//! Limbeck in a browser tab: what the page and the worker share.
//!
//! The engine lives in one worker, the page draws; they speak [`protocol`]. What can be tested
//! without a browser stands in modules that need none:
//!
//! - [`session`] answers the page's requests over a [`workspace`] and the [`engine`];
//! - [`console`] reads command lines, completes them, and finds places in printed text;
//! - [`changes`] says what a command changed in a database;
//! - [`graph`] lays out the revision graph;
//! - [`state`] is the page's one reducer.
//!
//! The rest needs a browser: `storage` and `worker` on one side, `client`, `api`, `editor` and
//! `view` on the other.

pub mod changes;
pub mod console;
pub mod database;
pub mod engine;
pub mod examples;
pub mod graph;
pub mod protocol;
pub mod session;
pub mod state;
pub mod workspace;

#[cfg(target_family = "wasm")]
pub mod api;
#[cfg(target_family = "wasm")]
pub mod client;
#[cfg(target_family = "wasm")]
pub mod editor;
#[cfg(target_family = "wasm")]
pub mod storage;
#[cfg(target_family = "wasm")]
pub mod view;
#[cfg(target_family = "wasm")]
pub mod worker;
