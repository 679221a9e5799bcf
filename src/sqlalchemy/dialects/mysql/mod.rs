//! MySQL and MariaDB (`sqlalchemy.dialects.mysql`).

mod compiler;
mod ddl;
mod reserved_words;
mod types;

use super::{DefaultDialect, Dialect, IdentifierPreparer, Paramstyle};
use crate::compiler::SQLCompiler;
use crate::compiler::ddl::DDLCompiler;
use crate::compiler::types::TypeCompiler;
use crate::engine::dialect::EngineDialect;

/// `mysql.dialect()`.
pub fn dialect() -> Dialect {
    Dialect::of(&MySQLDialect)
}

/// `mariadb.dialect()`.
pub fn mariadb() -> Dialect {
    Dialect::of(&MariaDBDialect)
}

/// `sqlalchemy.dialects.mysql.base.MySQLDialect`.
pub struct MySQLDialect;

/// `sqlalchemy.dialects.mysql.mariadb.MariaDBDialect`.
pub struct MariaDBDialect;

const CONSTRUCT_ARGUMENTS: &[(&str, &[&str])] = &[
    ("Table", &["*"]),
    ("PrimaryKeyConstraint", &["using"]),
    ("Index", &["using", "length", "prefix", "with_parser"]),
];

const ISOLATION_LEVELS: &[&str] = &[
    "READ COMMITTED",
    "READ UNCOMMITTED",
    "REPEATABLE READ",
    "SERIALIZABLE",
    "AUTOCOMMIT",
];

impl DefaultDialect for MySQLDialect {
    fn name(&self) -> &'static str {
        "mysql"
    }

    fn identifier_preparer(&self) -> &'static dyn IdentifierPreparer {
        &MySQLIdentifierPreparer
    }

    fn type_compiler(&self) -> &'static dyn TypeCompiler {
        &types::MySQLTypeCompiler
    }

    fn statement_compiler(&self) -> &'static dyn SQLCompiler {
        &compiler::MySQLCompiler
    }

    fn ddl_compiler(&self) -> &'static dyn DDLCompiler {
        &ddl::MySQLDDLCompiler { check: "CHECK" }
    }

    fn construct_arguments(&self) -> &'static [(&'static str, &'static [&'static str])] {
        CONSTRUCT_ARGUMENTS
    }

    fn default_paramstyle(&self) -> Paramstyle {
        Paramstyle::Format
    }

    fn driver_paramstyle(&self) -> Paramstyle {
        Paramstyle::Format
    }

    fn supports_native_enum(&self) -> bool {
        true
    }

    fn supports_native_decimal(&self) -> bool {
        true
    }

    fn supports_comments(&self) -> bool {
        true
    }

    fn inline_comments(&self) -> bool {
        true
    }

    fn supports_default_values(&self) -> bool {
        false
    }

    fn requires_varchar_length(&self) -> bool {
        true
    }

    fn div_is_floordiv(&self) -> bool {
        false
    }

    fn max_identifier_length(&self) -> usize {
        255
    }

    fn max_index_name_length(&self) -> Option<usize> {
        Some(64)
    }

    fn max_constraint_name_length(&self) -> Option<usize> {
        Some(64)
    }

    fn isolation_level_values(&self) -> &'static [&'static str] {
        ISOLATION_LEVELS
    }
}

impl DefaultDialect for MariaDBDialect {
    fn name(&self) -> &'static str {
        "mariadb"
    }

    fn fallback_name(&self) -> Option<&'static str> {
        Some(MySQLDialect.name())
    }

    fn identifier_preparer(&self) -> &'static dyn IdentifierPreparer {
        &MariaDBIdentifierPreparer
    }

    fn type_compiler(&self) -> &'static dyn TypeCompiler {
        &types::MySQLTypeCompiler
    }

    fn statement_compiler(&self) -> &'static dyn SQLCompiler {
        &compiler::MySQLCompiler
    }

    fn ddl_compiler(&self) -> &'static dyn DDLCompiler {
        &ddl::MySQLDDLCompiler {
            check: "CONSTRAINT",
        }
    }

    fn construct_arguments(&self) -> &'static [(&'static str, &'static [&'static str])] {
        CONSTRUCT_ARGUMENTS
    }

    fn default_paramstyle(&self) -> Paramstyle {
        MySQLDialect.default_paramstyle()
    }

    fn driver_paramstyle(&self) -> Paramstyle {
        MySQLDialect.driver_paramstyle()
    }

    fn supports_native_enum(&self) -> bool {
        MySQLDialect.supports_native_enum()
    }

    fn supports_native_decimal(&self) -> bool {
        MySQLDialect.supports_native_decimal()
    }

    fn supports_native_uuid(&self) -> bool {
        true
    }

    fn supports_comments(&self) -> bool {
        MySQLDialect.supports_comments()
    }

    fn inline_comments(&self) -> bool {
        MySQLDialect.inline_comments()
    }

    fn supports_sequences(&self) -> bool {
        true
    }

    fn supports_default_values(&self) -> bool {
        MySQLDialect.supports_default_values()
    }

    fn requires_varchar_length(&self) -> bool {
        MySQLDialect.requires_varchar_length()
    }

    fn div_is_floordiv(&self) -> bool {
        MySQLDialect.div_is_floordiv()
    }

    fn max_identifier_length(&self) -> usize {
        MySQLDialect.max_identifier_length()
    }

    fn max_index_name_length(&self) -> Option<usize> {
        MySQLDialect.max_index_name_length()
    }

    fn max_constraint_name_length(&self) -> Option<usize> {
        MySQLDialect.max_constraint_name_length()
    }

    fn isolation_level_values(&self) -> &'static [&'static str] {
        ISOLATION_LEVELS
    }
}

/// `MySQLIdentifierPreparer`.
pub struct MySQLIdentifierPreparer;

impl IdentifierPreparer for MySQLIdentifierPreparer {
    fn initial_quote(&self) -> char {
        '`'
    }

    fn reserved_words(&self) -> &'static [&'static str] {
        reserved_words::MYSQL
    }
}

/// `MariaDBIdentifierPreparer`.
pub struct MariaDBIdentifierPreparer;

impl IdentifierPreparer for MariaDBIdentifierPreparer {
    fn initial_quote(&self) -> char {
        '`'
    }

    fn reserved_words(&self) -> &'static [&'static str] {
        reserved_words::MARIADB
    }
}

/// The drivers of both, the default one first.
const DRIVERS: &[&str] = &[
    "mysqldb",
    "pymysql",
    "aiomysql",
    "asyncmy",
    "cymysql",
    "mysqlconnector",
    "pyodbc",
    "mariadbconnector",
];

impl EngineDialect for MySQLDialect {
    fn title(&self) -> &'static str {
        "MySQL"
    }

    fn class_name(&self) -> &'static str {
        "MySQLDialect_mysqldb"
    }

    fn asynchronous_drivers(&self) -> &'static [&'static str] {
        &["aiomysql", "asyncmy"]
    }

    fn drivers(&self) -> &'static [&'static str] {
        DRIVERS
    }

    fn default_isolation_level(&self) -> &'static str {
        "REPEATABLE READ"
    }
}

impl EngineDialect for MariaDBDialect {
    fn title(&self) -> &'static str {
        "MariaDB"
    }

    fn class_name(&self) -> &'static str {
        "MariaDBDialect_mysqldb"
    }

    fn asynchronous_drivers(&self) -> &'static [&'static str] {
        &["aiomysql", "asyncmy"]
    }

    fn drivers(&self) -> &'static [&'static str] {
        DRIVERS
    }

    fn default_isolation_level(&self) -> &'static str {
        "REPEATABLE READ"
    }
}
