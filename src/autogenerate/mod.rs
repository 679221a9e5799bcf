//! Comparing models with a database and writing the difference as a script.
