//! Oracle Database: the types and arguments that models may use.

use crate::engine::dialect::EngineDialect;

use super::DefaultDialect;

/// `sqlalchemy.dialects.oracle.base.OracleDialect`, limited to what schema items need.
pub struct OracleDialect;

impl DefaultDialect for OracleDialect {
    fn name(&self) -> &'static str {
        "oracle"
    }

    fn construct_arguments(&self) -> &'static [(&'static str, &'static [&'static str])] {
        &[
            (
                "Table",
                &["resolve_synonyms", "on_commit", "compress", "tablespace"],
            ),
            ("Index", &["bitmap", "compress", "vector"]),
            ("Sequence", &["order"]),
            ("Identity", &["order", "on_null"]),
        ]
    }
}

impl EngineDialect for OracleDialect {
    fn title(&self) -> &'static str {
        "Oracle Database"
    }

    fn class_name(&self) -> &'static str {
        "OracleDialect_oracledb"
    }

    fn asynchronous_drivers(&self) -> &'static [&'static str] {
        &["oracledb", "oracledb_async"]
    }

    fn drivers(&self) -> &'static [&'static str] {
        &["oracledb", "cx_oracle", "oracledb_async"]
    }
}
