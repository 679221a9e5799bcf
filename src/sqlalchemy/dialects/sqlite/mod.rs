//! SQLite (`sqlalchemy.dialects.sqlite`).

mod compiler;
mod connect;
mod ddl;
mod image;
mod processors;
mod reflection;
mod reserved_words;
mod types;

pub use connect::{binding_error, driver_value};

use super::{DefaultDialect, Dialect, IdentifierPreparer, Paramstyle};
use crate::compiler::SQLCompiler;
use crate::compiler::ddl::DDLCompiler;
use crate::compiler::types::TypeCompiler;
use crate::sqltypes::TypeProcessors;

/// `sqlite.dialect()`.
pub fn dialect() -> Dialect {
    Dialect::of(&SQLiteDialect)
}

/// `sqlalchemy.dialects.sqlite.base.SQLiteDialect`.
pub struct SQLiteDialect;

impl DefaultDialect for SQLiteDialect {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn default_schema_name(&self) -> Option<&'static str> {
        Some("main")
    }

    fn identifier_preparer(&self) -> &'static dyn IdentifierPreparer {
        &SQLiteIdentifierPreparer
    }

    fn type_compiler(&self) -> &'static dyn TypeCompiler {
        &types::SQLiteTypeCompiler
    }

    fn statement_compiler(&self) -> &'static dyn SQLCompiler {
        &compiler::SQLiteCompiler
    }

    fn ddl_compiler(&self) -> &'static dyn DDLCompiler {
        &ddl::SQLiteDDLCompiler
    }

    fn type_processors(&self) -> &'static dyn TypeProcessors {
        &processors::SQLiteTypeProcessors
    }

    fn construct_arguments(&self) -> &'static [(&'static str, &'static [&'static str])] {
        &[
            ("Table", &["autoincrement", "with_rowid", "strict"]),
            ("Index", &["where"]),
            (
                "Column",
                &[
                    "on_conflict_primary_key",
                    "on_conflict_not_null",
                    "on_conflict_unique",
                ],
            ),
            ("Constraint", &["on_conflict"]),
        ]
    }

    fn default_paramstyle(&self, _driver: &str) -> Paramstyle {
        Paramstyle::Qmark
    }

    fn supports_alter(&self) -> bool {
        false
    }

    fn insert_returning(&self) -> bool {
        true
    }

    fn tuple_in_values(&self) -> bool {
        true
    }

    fn isolation_level_values(&self) -> &'static [&'static str] {
        &["READ UNCOMMITTED", "SERIALIZABLE", "AUTOCOMMIT"]
    }
}

/// `SQLiteIdentifierPreparer`.
pub struct SQLiteIdentifierPreparer;

impl IdentifierPreparer for SQLiteIdentifierPreparer {
    fn reserved_words(&self) -> &'static [&'static str] {
        reserved_words::SQLITE
    }
}

/// An identifier in double quotes, unconditionally.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as a literal.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
