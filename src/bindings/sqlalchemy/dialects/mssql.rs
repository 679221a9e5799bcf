//! `sqlalchemy.dialects.mssql`.

use python::Registry;

use super::{Package, make};

pub(super) static PACKAGE: Package = Package {
    name: "mssql",
    shared: &[
        "BIGINT", "BINARY", "CHAR", "DATE", "DATETIME", "DECIMAL", "FLOAT", "INTEGER", "NCHAR",
        "NUMERIC", "NVARCHAR", "SMALLINT", "TEXT", "VARCHAR",
    ],
    names: |_, module| module,
    inspector: None,
};

/// Registers the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.dialects.mssql", |vm| make(vm, &PACKAGE));
}
