//! `sqlalchemy.dialects.oracle`.

use python::{Declaration, Registry};

use super::{DEFAULT_DIALECT, DialectObject, Package, generic_type, make};

/// The class of this database's dialects.
static ORACLE_DIALECT: Declaration<DialectObject> = Declaration {
    bases: &[&DEFAULT_DIALECT],
    ..Declaration::new("sqlalchemy.dialects.oracle.base.OracleDialect")
};

pub(super) static PACKAGE: Package = Package {
    name: "oracle",
    shared: &[
        "BLOB",
        "BOOLEAN",
        "CHAR",
        "CLOB",
        "DOUBLE_PRECISION",
        "NCHAR",
        "NVARCHAR",
        "REAL",
        "VARCHAR",
    ],
    names: |vm, module| match generic_type(vm, "NVARCHAR") {
        Some(class) => module.value("NVARCHAR2", class),
        None => module,
    },
    dialect: &ORACLE_DIALECT,
    version: || None,
    drivers: &[
        ("oracledb", "OracleDialect_oracledb"),
        ("cx_oracle", "OracleDialect_cx_oracle"),
    ],
    inspector: None,
};

/// Registers the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.dialects.oracle.base", |vm| make(vm, &PACKAGE));
    registry.add("sqlalchemy.dialects.oracle", |vm| make(vm, &PACKAGE));
}
