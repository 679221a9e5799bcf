//! PostgreSQL (`sqlalchemy.dialects.postgresql`).

mod compiler;
mod connect;
mod ddl;
mod image;
mod locks;
mod processors;
mod reflection;
mod reserved_words;
mod types;

use super::{DefaultDialect, Dialect, IdentifierPreparer, Paramstyle};
use crate::compiler::SQLCompiler;
use crate::compiler::ddl::DDLCompiler;
use crate::compiler::types::TypeCompiler;
use crate::sqltypes::{Type, TypeProcessors, classes};

/// The module path of `ExcludeConstraint`.
pub const EXCLUDE_CONSTRAINT: &str = "sqlalchemy.dialects.postgresql.ext.ExcludeConstraint";

/// The module that declares `CreateEnumType` and its like.
pub const NAMED_TYPES: &str = "sqlalchemy.dialects.postgresql.named_types";

/// `postgresql.dialect()`.
pub fn dialect() -> Dialect {
    Dialect::of(&PGDialect)
}

/// `sqlalchemy.dialects.postgresql.base.PGDialect`.
pub struct PGDialect;

impl DefaultDialect for PGDialect {
    fn name(&self) -> &'static str {
        "postgresql"
    }

    fn identifier_preparer(&self) -> &'static dyn IdentifierPreparer {
        &PGIdentifierPreparer
    }

    fn type_compiler(&self) -> &'static dyn TypeCompiler {
        &types::PGTypeCompiler
    }

    fn statement_compiler(&self) -> &'static dyn SQLCompiler {
        &compiler::PGCompiler
    }

    fn ddl_compiler(&self) -> &'static dyn DDLCompiler {
        &ddl::PGDDLCompiler
    }

    fn type_processors(&self) -> &'static dyn TypeProcessors {
        &processors::PGTypeProcessors
    }

    fn construct_arguments(&self) -> &'static [(&'static str, &'static [&'static str])] {
        &[
            (
                "Index",
                &[
                    "using",
                    "include",
                    "where",
                    "ops",
                    "concurrently",
                    "with",
                    "tablespace",
                    "nulls_not_distinct",
                    "invalid",
                ],
            ),
            (
                "Table",
                &[
                    "ignore_search_path",
                    "tablespace",
                    "partition_by",
                    "with_oids",
                    "with",
                    "on_commit",
                    "inherits",
                    "using",
                ],
            ),
            ("CheckConstraint", &["not_valid"]),
            ("ForeignKeyConstraint", &["not_valid"]),
            ("PrimaryKeyConstraint", &["include"]),
            ("UniqueConstraint", &["include", "nulls_not_distinct"]),
        ]
    }

    fn default_paramstyle(&self, driver: &str) -> Paramstyle {
        match driver {
            "asyncpg" => Paramstyle::NumericDollar,
            "pg8000" => Paramstyle::Format,
            _ => Paramstyle::Pyformat,
        }
    }

    fn doubles_percents_for(&self, driver: &str) -> bool {
        driver != "pg8000"
    }

    fn supports_native_boolean(&self) -> bool {
        true
    }

    /// psycopg's strings are all of one type, whose name in DDL is VARCHAR.
    fn type_descriptor(&self, kind: &Type) -> Type {
        if !kind.is_instance(&classes::GENERIC_STRING) || kind.is_instance(&classes::GENERIC_ENUM) {
            return kind.clone();
        }
        Type::with_arguments(&classes::GENERIC_STRING, kind.arguments().to_vec())
            .unwrap_or_else(|_| kind.clone())
    }

    fn supports_native_enum(&self) -> bool {
        true
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

    fn has_named_types(&self) -> bool {
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
        63
    }

    fn isolation_level_values(&self) -> &'static [&'static str] {
        &[
            "AUTOCOMMIT",
            "READ COMMITTED",
            "READ UNCOMMITTED",
            "REPEATABLE READ",
            "SERIALIZABLE",
        ]
    }
}

/// `PGIdentifierPreparer`.
pub struct PGIdentifierPreparer;

impl IdentifierPreparer for PGIdentifierPreparer {
    fn reserved_words(&self) -> &'static [&'static str] {
        reserved_words::POSTGRESQL
    }
}
