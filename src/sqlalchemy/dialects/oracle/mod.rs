//! Oracle Database (`sqlalchemy.dialects.oracle`).

mod compiler;
mod ddl;
mod processors;
mod reserved_words;
mod types;

pub use ddl::identity_text;

use crate::engine::dialect::EngineDialect;

use super::{DefaultDialect, IdentifierPreparer, has_illegal_characters};
use crate::compiler::SQLCompiler;
use crate::compiler::ddl::DDLCompiler;
use crate::compiler::types::TypeCompiler;
use crate::sqltypes::TypeProcessors;

/// `sqlalchemy.dialects.oracle.base.OracleDialect`, limited to what schema items need.
pub struct OracleDialect;

impl DefaultDialect for OracleDialect {
    fn name(&self) -> &'static str {
        "oracle"
    }

    fn identifier_preparer(&self) -> &'static dyn IdentifierPreparer {
        &OracleIdentifierPreparer
    }

    fn type_compiler(&self) -> &'static dyn TypeCompiler {
        &types::OracleTypeCompiler
    }

    fn statement_compiler(&self) -> &'static dyn SQLCompiler {
        &compiler::OracleCompiler
    }

    fn ddl_compiler(&self) -> &'static dyn DDLCompiler {
        &ddl::OracleDDLCompiler
    }

    fn type_processors(&self) -> &'static dyn TypeProcessors {
        &processors::OracleTypeProcessors
    }

    fn supports_native_decimal(&self) -> bool {
        true
    }

    fn supports_comments(&self) -> bool {
        true
    }

    fn supports_sequences(&self) -> bool {
        true
    }

    fn supports_identity_columns(&self) -> bool {
        true
    }

    fn supports_default_values(&self) -> bool {
        false
    }

    fn insert_returning(&self) -> bool {
        true
    }

    fn postfetch_lastrowid(&self) -> bool {
        false
    }

    fn div_is_floordiv(&self) -> bool {
        false
    }

    fn supports_native_boolean(&self) -> bool {
        true
    }

    fn supports_multivalues_insert(&self) -> bool {
        false
    }

    fn bind_name(&self, name: &str) -> String {
        // What begins with a digit, or is a word of the language, is quoted.
        let lower = name.to_lowercase();
        if reserved_words::ORACLE
            .binary_search(&lower.as_str())
            .is_ok()
            || name.starts_with(|first: char| first.is_ascii_digit() || "_$".contains(first))
            || has_illegal_characters(name)
        {
            return format!("\"{name}\"");
        }
        name.to_owned()
    }

    fn max_identifier_length(&self) -> usize {
        128
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

/// Identifiers that may not begin with an underscore.
struct OracleIdentifierPreparer;

impl IdentifierPreparer for OracleIdentifierPreparer {
    fn reserved_words(&self) -> &'static [&'static str] {
        reserved_words::ORACLE
    }

    fn requires_quotes(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        self.reserved_words().binary_search(&lower.as_str()).is_ok()
            || has_illegal_characters(name)
            || name.starts_with('_')
            || lower != name
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
