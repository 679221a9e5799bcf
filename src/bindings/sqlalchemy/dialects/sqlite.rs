//! `sqlalchemy.dialects.sqlite`.

use python::Registry;

use super::{Package, make};

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
    inspector: None,
};

/// Registers the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.dialects.sqlite", |vm| make(vm, &PACKAGE));
    registry.add("sqlalchemy.dialects.sqlite.base", |vm| make(vm, &PACKAGE));
}
