//! SQLAlchemy's schema, types, SQL and connections.
