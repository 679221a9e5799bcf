//! SQLAlchemy's schema, types, SQL and connections.

pub mod engine;
pub mod reflection;
