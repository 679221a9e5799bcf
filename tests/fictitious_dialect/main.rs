//! A database that nobody has needs a room, a driver and a line in each registry.

mod compiled;
mod ledger;
mod migrated;
