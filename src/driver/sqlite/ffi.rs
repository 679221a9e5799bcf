//! SQLite's C API under one name, regardless of the crate that provides it.

#[cfg(not(target_family = "wasm"))]
pub use libsqlite3_sys::*;
#[cfg(target_family = "wasm")]
pub use sqlite_wasm_rs::*;
