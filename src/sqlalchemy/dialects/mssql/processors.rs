//! Bind processing of values.

use crate::sqltypes::{Type, TypeProcessors, classes};

/// SQL Server's types take Python's datetimes and UUIDs; a Unicode literal has a prefix.
pub struct MSTypeProcessors;

impl TypeProcessors for MSTypeProcessors {
    fn unicode_prefix(&self, kind: &Type) -> &'static str {
        let unicode = [
            &classes::GENERIC_UNICODE,
            &classes::GENERIC_UNICODE_TEXT,
            &classes::NVARCHAR,
            &classes::NCHAR,
        ];
        if unicode.iter().any(|class| kind.is_instance(class)) {
            "N"
        } else {
            ""
        }
    }

    fn is_uuid_literal(&self, kind: &Type) -> bool {
        is_native(kind)
    }

    fn keeps_hyphens(&self, kind: &Type) -> bool {
        is_native(kind)
    }
}

fn is_native(kind: &Type) -> bool {
    kind.flag("native_uuid")
        || kind.is_instance(&classes::UUID)
        || kind.is_instance(&classes::MSSQL_UNIQUEIDENTIFIER)
}
