//! `sqlalchemy.dialects.mysql`.

use python::Registry;

use super::{Package, make};

pub(super) static PACKAGE: Package = Package {
    name: "mysql",
    shared: &["BINARY", "BLOB", "BOOLEAN", "DATE", "VARBINARY"],
    names: |_, module| module,
    inspector: None,
};

/// Registers the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.dialects.mysql", |vm| make(vm, &PACKAGE));
    registry.add("sqlalchemy.dialects.mysql.base", |vm| make(vm, &PACKAGE));
    registry.add("sqlalchemy.dialects.mysql.types", |vm| make(vm, &PACKAGE));
}
