//! The worker of Limbeck's page: the one crate of the page that holds the engine.
//!
//! [`session`] answers the page's requests over a [`workspace`]; each feature answers its own and has a
//! folder, named as the page names it. [`engine`] turns what the engine says into what goes over the wire.
//! What needs a browser is `queue`, which takes the requests in their order, `trial_queue`, which does so in
//! the workers for trials ([`trials`]), and of `keep` what saves.

mod compare;
pub mod console;
pub mod database;
pub mod engine;
mod explain;
pub mod files;
pub mod keep;
mod lessons;
pub mod migrations;
pub mod models;
pub mod postgresql;
#[cfg(target_family = "wasm")]
mod queue;
pub mod review;
pub mod session;
pub mod share;
pub mod time;
#[cfg(target_family = "wasm")]
mod trial_queue;
pub mod trials;
pub mod watch;
pub mod workspace;

#[cfg(target_family = "wasm")]
pub use queue::start;
