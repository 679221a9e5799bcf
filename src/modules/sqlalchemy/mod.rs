//! SQLAlchemy as user code imports it.

pub mod convert;
pub mod engine;
