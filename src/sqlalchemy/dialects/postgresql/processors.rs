//! Values on their way to the database.

use crate::sqltypes::{Type, TypeProcessors, classes};

/// `UUID` of `sqlalchemy.dialects.postgresql`; psycopg takes all else as it is.
pub struct PGTypeProcessors;

impl TypeProcessors for PGTypeProcessors {
    fn is_uuid_literal(&self, kind: &Type) -> bool {
        kind.is_instance(&classes::UUID)
    }
}
