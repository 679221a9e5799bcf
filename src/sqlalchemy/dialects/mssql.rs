//! Microsoft SQL Server: the types and arguments that models may use.

use crate::engine::dialect::EngineDialect;

use super::DefaultDialect;

/// `sqlalchemy.dialects.mssql.base.MSDialect`, limited to what schema items need.
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
