//! Values on their way to the database.

use crate::sqltypes::TypeProcessors;

/// A driver that takes Python's values as they are.
pub struct DefaultTypeProcessors;

impl TypeProcessors for DefaultTypeProcessors {}
