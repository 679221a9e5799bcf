//! Microsoft SQL Server, whose types and arguments models may name.

use crate::engine::dialect::EngineDialect;

use super::DefaultDialect;

/// `sqlalchemy.dialects.mssql.base.MSDialect`, as far as schema items speak of it.
pub struct MSDialect;

impl DefaultDialect for MSDialect {
    fn name(&self) -> &'static str {
        "mssql"
    }

    fn non_native_boolean_check_constraint(&self) -> bool {
        false
    }

    fn construct_arguments(&self) -> &'static [(&'static str, &'static [&'static str])] {
        &[
            ("PrimaryKeyConstraint", &["clustered"]),
            ("UniqueConstraint", &["clustered"]),
            ("Index", &["clustered", "include", "where", "columnstore"]),
            ("Column", &["identity_start", "identity_increment"]),
        ]
    }
}

impl EngineDialect for MSDialect {
    fn title(&self) -> &'static str {
        "SQL Server"
    }

    fn class_name(&self) -> &'static str {
        "MSDialect_pyodbc"
    }

    fn asynchronous_drivers(&self) -> &'static [&'static str] {
        &["aioodbc"]
    }

    fn drivers(&self) -> &'static [&'static str] {
        &["pyodbc", "aioodbc", "pymssql", "mssqlpython"]
    }
}
