//! `sqlalchemy.dialects.oracle`.

use python::Registry;

use super::{Package, generic_type, make};

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
    inspector: None,
};

/// Registers the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.dialects.oracle", |vm| make(vm, &PACKAGE));
}
