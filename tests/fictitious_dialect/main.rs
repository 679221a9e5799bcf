//! A database that nobody has needs a room, a driver and a line in each registry.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod compiled;
mod ledger;
mod migrated;
