//! The operations a migration script performs.
