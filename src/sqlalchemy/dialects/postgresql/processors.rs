//! Bind processing of values.

use crate::sqltypes::{Type, TypeProcessors, classes};

/// `UUID` of `sqlalchemy.dialects.postgresql`; psycopg accepts all other values directly.
pub struct PGTypeProcessors;

impl TypeProcessors for PGTypeProcessors {
    fn literal_interval(&self, _kind: &Type) -> Option<fn(&str) -> String> {
        Some(|seconds| format!("make_interval(secs=>{seconds})"))
    }

    fn driver_reads_json(&self, driver: &str) -> bool {
        driver != "asyncpg"
    }

    fn is_uuid_literal(&self, kind: &Type) -> bool {
        kind.is_instance(&classes::UUID) || kind.flag("native_uuid")
    }
}
