//! Limbeck's page: what it shows, and what it asks its worker. It never names the engine.
//!
//! A feature is a folder, named as the worker names it: its part of the [`state`] and what changes it
//! (`state.rs`), its [`words`] (`words.rs`), its views, and what it asks of the worker (`effects.rs`). State
//! and words know no browser and are tested without one.
//!
//! Around the features stand `page` (the handle that views, worker and `window.limbeck` share), `client`
//! (the worker's other end, with `connection` and `trials`), `api` (`window.limbeck`), `parts` (JavaScript that loads when it is wanted),
//! `ui` (what all views are built of) and [`editor`].

// Of two `Rc` of what is `Eq`, the addresses are compared first: a large state is compared after each key.
#![warn(clippy::derive_partial_eq_without_eq)]

pub mod app;
pub mod comments;
pub mod compare;
pub mod console;
pub mod database;
pub mod diagram;
pub mod editor;
pub mod explain;
pub mod files;
pub mod graph;
pub mod keep;
pub mod lessons;
pub mod migrations;
pub mod models;
pub mod palette;
pub mod review;
pub mod share;
pub mod state;
pub mod time;
pub mod watch;
pub mod words;

#[cfg(target_family = "wasm")]
mod api;
#[cfg(target_family = "wasm")]
mod client;
#[cfg(target_family = "wasm")]
mod connection;
#[cfg(target_family = "wasm")]
mod page;
#[cfg(target_family = "wasm")]
mod parts;
#[cfg(target_family = "wasm")]
mod start;
#[cfg(target_family = "wasm")]
mod trials;
#[cfg(target_family = "wasm")]
mod ui;

#[cfg(target_family = "wasm")]
pub use start::start;
