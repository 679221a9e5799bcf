//! The interpreter for the Python of migration projects.
