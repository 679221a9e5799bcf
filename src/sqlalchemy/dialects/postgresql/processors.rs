//! Bind processing of values.

use crate::sqltypes::{Type, TypeProcessors, classes};

/// `UUID` of `sqlalchemy.dialects.postgresql`; psycopg accepts all other values directly.
pub struct PGTypeProcessors;

impl TypeProcessors for PGTypeProcessors {
    fn is_uuid_literal(&self, kind: &Type) -> bool {
        kind.is_instance(&classes::UUID)
    }
}
