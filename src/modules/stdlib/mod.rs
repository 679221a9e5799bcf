//! Python's standard library, as far as migration projects use it.

use crate::python::Registry;

/// Adds the standard library's modules.
pub fn register(_registry: &mut Registry) {}
