//! Bind processing of values.

use crate::sqltypes::TypeProcessors;

/// For a driver that accepts Python values directly.
pub struct DefaultTypeProcessors;

impl TypeProcessors for DefaultTypeProcessors {}
