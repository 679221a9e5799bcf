//! `sqlalchemy.dialects.sqlite`.

use python::{Declaration, Registry};

use super::{DEFAULT_DIALECT, DialectObject, Package, make};

/// The class of this database's dialects.
static SQLITE_DIALECT: Declaration<DialectObject> = Declaration {
    bases: &[&DEFAULT_DIALECT],
    ..Declaration::new("sqlalchemy.dialects.sqlite.base.SQLiteDialect")
};

pub(super) static PACKAGE: Package = Package {
    name: "sqlite",
    shared: &[
        "BLOB",
        "BOOLEAN",
        "CHAR",
        "DECIMAL",
        "FLOAT",
        "INTEGER",
        "NUMERIC",
        "REAL",
        "SMALLINT",
        "TEXT",
        "TIMESTAMP",
        "VARCHAR",
    ],
    names: |_, module| module,
    dialect: &SQLITE_DIALECT,
    version: || {
        let mut parts = driver::sqlite::sqlite_version().split('.');
        let mut next = || parts.next()?.parse().ok();
        Some((next()?, next()?, next()?))
    },
    drivers: &[
        ("pysqlite", "SQLiteDialect_pysqlite"),
        ("aiosqlite", "SQLiteDialect_aiosqlite"),
    ],
    inspector: None,
};

/// Registers the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.dialects.sqlite", |vm| make(vm, &PACKAGE));
    registry.add("sqlalchemy.dialects.sqlite.base", |vm| make(vm, &PACKAGE));
}
