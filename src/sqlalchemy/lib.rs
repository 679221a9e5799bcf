//! SQLAlchemy's schema, types, SQL and connections.

pub mod compiler;
pub mod dialects;
pub mod elements;
pub mod engine;
pub mod exc;
pub mod image;
pub mod inspector;
pub mod literal;
pub mod name;
pub mod naming;
pub mod schema;
pub mod sql;
pub mod sqltypes;
pub mod topological;
