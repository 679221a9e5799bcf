//! The DBAPI of this house.
