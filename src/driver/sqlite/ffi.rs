//! One name for SQLite's C API, whichever crate carries it.

#[cfg(not(target_family = "wasm"))]
pub use libsqlite3_sys::*;
#[cfg(target_family = "wasm")]
pub use sqlite_wasm_rs::*;
