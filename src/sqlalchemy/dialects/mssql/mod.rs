//! Microsoft SQL Server (`sqlalchemy.dialects.mssql`).

mod compiler;
mod ddl;
mod processors;
mod reserved_words;
mod types;

use crate::engine::dialect::EngineDialect;

use super::{DefaultDialect, IdentifierPreparer};
use crate::compiler::SQLCompiler;
use crate::compiler::ddl::DDLCompiler;
use crate::compiler::types::TypeCompiler;
use crate::sqltypes::TypeProcessors;

/// `sqlalchemy.dialects.mssql.base.MSDialect`, limited to what schema items need.
pub struct MSDialect;

impl DefaultDialect for MSDialect {
    fn name(&self) -> &'static str {
        "mssql"
    }

    fn identifier_preparer(&self) -> &'static dyn IdentifierPreparer {
        &MSIdentifierPreparer
    }

    fn type_compiler(&self) -> &'static dyn TypeCompiler {
        &types::MSTypeCompiler
    }

    fn statement_compiler(&self) -> &'static dyn SQLCompiler {
        &compiler::MSSQLCompiler
    }

    fn ddl_compiler(&self) -> &'static dyn DDLCompiler {
        &ddl::MSDDLCompiler
    }

    fn type_processors(&self) -> &'static dyn TypeProcessors {
        &processors::MSTypeProcessors
    }

    fn supports_native_decimal(&self) -> bool {
        true
    }

    fn supports_native_uuid(&self) -> bool {
        true
    }

    fn supports_comments(&self) -> bool {
        true
    }

    fn supports_sequences(&self) -> bool {
        true
    }

    fn sequences_optional(&self) -> bool {
        true
    }

    fn supports_identity_columns(&self) -> bool {
        true
    }

    fn insert_returning(&self) -> bool {
        true
    }

    fn postfetch_lastrowid(&self) -> bool {
        false
    }

    fn max_identifier_length(&self) -> usize {
        128
    }

    fn quote_case_sensitive_collations(&self) -> bool {
        false
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

/// Identifiers in brackets.
struct MSIdentifierPreparer;

impl IdentifierPreparer for MSIdentifierPreparer {
    fn initial_quote(&self) -> char {
        '['
    }

    fn final_quote(&self) -> char {
        ']'
    }

    fn reserved_words(&self) -> &'static [&'static str] {
        reserved_words::MSSQL
    }

    fn quote_schema(&self, schema: &str) -> String {
        // `database.owner`, as far as no part is in brackets.
        match schema.rsplit_once('.') {
            Some((database, owner)) if !schema.contains('[') => {
                format!("{}.{}", self.quote(database), self.quote(owner))
            }
            _ => self.quote(schema),
        }
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
