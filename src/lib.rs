//! The revision engine of Limbeck: Alembic's migration workflow without Python.
//!
//! The rooms, each of which may use only the ones below it:
//!
//! ```text
//! cli
//! lessons            workspaces to learn in: their format, and checks of what came of a step
//! review
//! command
//! bindings           Python values <-> engine types; runs env.py, upgrade(), downgrade()
//! autogenerate
//! runtime
//! operations   script
//! ddl
//! sqlalchemy
//! python   config   driver
//! ground
//! ```
//!
//! The engine does no I/O of its own: whatever is outside comes through [`ground::host::Host`].

pub use {driver, ground, python, sqlalchemy};

pub mod autogenerate;
pub mod bindings;
pub mod cli;
pub mod command;
pub mod config;
pub mod ddl;
pub mod lessons;
pub mod operations;
pub mod review;
pub mod runtime;
pub mod script;
