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
    Dialect::of(&MYSQL)
}

/// `mariadb.dialect()`.
pub fn mariadb() -> Dialect {
    Dialect::of(&MARIADB)
}

/// `sqlalchemy.dialects.mysql.base.MySQLDialect`, and with `is_mariadb` its subclass
/// `sqlalchemy.dialects.mysql.mariadb.MariaDBDialect`.
pub struct MySQLDialect {
    is_mariadb: bool,
}

/// `MySQLDialect`, for the registry.
pub static MYSQL: MySQLDialect = MySQLDialect { is_mariadb: false };

/// `MariaDBDialect`, for the registry.
pub static MARIADB: MySQLDialect = MySQLDialect { is_mariadb: true };

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
        if self.is_mariadb { "mariadb" } else { "mysql" }
    }

    fn fallback_name(&self) -> Option<&'static str> {
        self.is_mariadb.then_some("mysql")
    }

    fn identifier_preparer(&self) -> &'static dyn IdentifierPreparer {
        if self.is_mariadb {
            &MySQLIdentifierPreparer {
                reserved_words: reserved_words::MARIADB,
            }
        } else {
            &MySQLIdentifierPreparer {
                reserved_words: reserved_words::MYSQL,
            }
        }
    }

    fn type_compiler(&self) -> &'static dyn TypeCompiler {
        &types::MySQLTypeCompiler
    }

    fn statement_compiler(&self) -> &'static dyn SQLCompiler {
        &compiler::MySQLCompiler
    }

    fn ddl_compiler(&self) -> &'static dyn DDLCompiler {
        if self.is_mariadb {
            &ddl::MySQLDDLCompiler {
                check: "CONSTRAINT",
            }
        } else {
            &ddl::MySQLDDLCompiler { check: "CHECK" }
        }
    }

    fn construct_arguments(&self) -> &'static [(&'static str, &'static [&'static str])] {
        CONSTRUCT_ARGUMENTS
    }

    fn default_paramstyle(&self, driver: &str) -> Paramstyle {
        match driver {
            "pyodbc" => Paramstyle::Named,
            "mariadbconnector" => Paramstyle::Qmark,
            _ => Paramstyle::Format,
        }
    }

    fn doubles_percents_for(&self, driver: &str) -> bool {
        driver != "mysqlconnector"
    }

    fn supports_native_enum(&self) -> bool {
        true
    }

    fn supports_native_decimal(&self) -> bool {
        true
    }

    fn supports_native_uuid(&self) -> bool {
        self.is_mariadb
    }

    fn supports_sequences(&self) -> bool {
        self.is_mariadb
    }

    fn insert_returning(&self) -> bool {
        self.is_mariadb
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

/// `MySQLIdentifierPreparer`, and with other words `MariaDBIdentifierPreparer`.
pub struct MySQLIdentifierPreparer {
    reserved_words: &'static [&'static str],
}

impl IdentifierPreparer for MySQLIdentifierPreparer {
    fn initial_quote(&self) -> char {
        '`'
    }

    fn reserved_words(&self) -> &'static [&'static str] {
        self.reserved_words
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
        if self.is_mariadb { "MariaDB" } else { "MySQL" }
    }

    fn class_name(&self) -> &'static str {
        if self.is_mariadb {
            "MariaDBDialect_mysqldb"
        } else {
            "MySQLDialect_mysqldb"
        }
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
