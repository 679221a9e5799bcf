//! The revision engine of Limbeck: Alembic's migration workflow without Python.
//!
//! The rooms, each of which may use only the ones below it:
//!
//! ```text
//! review
//! command
//! modules            Python values <-> engine types; runs env.py, upgrade(), downgrade()
//! autogenerate
//! runtime
//! operations   script
//! ddl
//! sqlalchemy
//! python   config   driver
//! run      host     event    logging    diagnostic    regex    civil    order    hash
//! ```
//!
//! The engine does no I/O of its own: whatever is outside comes through [`host::Host`].

pub mod autogenerate;
pub mod civil;
pub mod command;
pub mod config;
pub mod ddl;
pub mod diagnostic;
pub mod driver;
pub mod event;
pub mod hash;
pub mod host;
pub mod logging;
pub mod modules;
pub mod operations;
pub mod order;
pub mod python;
pub mod regex;
pub mod review;
pub mod run;
pub mod runtime;
pub mod script;
pub mod sqlalchemy;
