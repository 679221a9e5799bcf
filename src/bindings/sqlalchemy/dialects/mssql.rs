//! `sqlalchemy.dialects.mssql`.

use python::{Declaration, Registry};

use super::{DEFAULT_DIALECT, DialectObject, Package, make};

/// The class of this database's dialects.
static MS_DIALECT: Declaration<DialectObject> = Declaration {
    bases: &[&DEFAULT_DIALECT],
    ..Declaration::new("sqlalchemy.dialects.mssql.base.MSDialect")
};

pub(super) static PACKAGE: Package = Package {
    name: "mssql",
    shared: &[
        "BIGINT", "BINARY", "CHAR", "DATE", "DATETIME", "DECIMAL", "FLOAT", "INTEGER", "NCHAR",
        "NUMERIC", "NVARCHAR", "SMALLINT", "TEXT", "VARCHAR",
    ],
    names: |_, module| module,
    dialect: &MS_DIALECT,
    version: || None,
    drivers: &[
        ("pyodbc", "MSDialect_pyodbc"),
        ("pymssql", "MSDialect_pymssql"),
        ("aioodbc", "MSDialect_aioodbc"),
    ],
    inspector: None,
};

/// Registers the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.dialects.mssql.base", |vm| make(vm, &PACKAGE));
    registry.add("sqlalchemy.dialects.mssql", |vm| make(vm, &PACKAGE));
}
