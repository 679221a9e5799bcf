//! Limbeck in a browser tab: what the page and the worker share.
//!
//! The engine lives in one worker, the page draws; they speak [`protocol`]. What can be tested
//! without a browser stands in modules that need none:
//!
//! - [`session`] answers the page's requests over a [`workspace`] and the [`engine`];
//! - [`history`] is the tree of states that a workspace was in;
//! - [`saved`] is how it is kept: pieces named by their hash, and one record of them;
//! - [`console`] reads command lines, completes them, and finds places in printed text;
//! - [`changes`] says what a command changed in a database;
//! - [`review`] asks the engine what a careful reader would say of a revision;
//! - [`graph`] lays out the revision graph;
//! - [`palette`] finds what is typed in the command palette;
//! - [`state`] is the page's one reducer;
//! - [`text`] has all words that the page and the worker themselves say.
//!
//! The rest needs a browser: `storage`, `locks` and `worker` on one side, `client`, `api`, `editor`, `parts`
//! and `view` on the other.

pub mod console;
pub mod examples;
pub mod protocol;
pub mod sql;
pub mod text;

#[cfg(feature = "engine")]
pub mod changes;
#[cfg(feature = "engine")]
pub mod database;
#[cfg(feature = "engine")]
pub mod engine;
#[cfg(feature = "engine")]
pub mod history;
#[cfg(feature = "engine")]
pub mod review;
#[cfg(feature = "engine")]
pub mod saved;
#[cfg(feature = "engine")]
pub mod session;
#[cfg(feature = "engine")]
pub mod workspace;

#[cfg(feature = "page")]
pub mod graph;
#[cfg(feature = "page")]
pub mod palette;
pub mod share;
#[cfg(feature = "page")]
pub mod state;

#[cfg(all(target_family = "wasm", feature = "engine"))]
pub mod locks;
#[cfg(all(target_family = "wasm", feature = "engine"))]
pub mod storage;
#[cfg(all(target_family = "wasm", feature = "engine"))]
pub mod worker;

#[cfg(all(target_family = "wasm", feature = "page"))]
pub mod api;
#[cfg(all(target_family = "wasm", feature = "page"))]
pub mod client;
#[cfg(all(target_family = "wasm", feature = "page"))]
pub mod codec;
#[cfg(all(target_family = "wasm", feature = "page"))]
pub mod editor;
#[cfg(all(target_family = "wasm", feature = "page"))]
pub mod parts;
#[cfg(all(target_family = "wasm", feature = "page"))]
pub mod view;
