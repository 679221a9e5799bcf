//! How each dialect carries out a schema change.
