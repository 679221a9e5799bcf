//! `sqlalchemy.dialects.mysql`.

use python::{Declaration, Registry};

use super::{DEFAULT_DIALECT, DialectObject, Package, make};

/// The class of this database's dialects.
static MYSQL_DIALECT: Declaration<DialectObject> = Declaration {
    bases: &[&DEFAULT_DIALECT],
    ..Declaration::new("sqlalchemy.dialects.mysql.base.MySQLDialect")
};

pub(super) static PACKAGE: Package = Package {
    name: "mysql",
    shared: &["BINARY", "BLOB", "BOOLEAN", "DATE", "VARBINARY"],
    names: |_, module| module,
    dialect: &MYSQL_DIALECT,
    version: || None,
    drivers: &[
        ("mysqldb", "MySQLDialect_mysqldb"),
        ("pymysql", "MySQLDialect_pymysql"),
        ("mysqlconnector", "MySQLDialect_mysqlconnector"),
        ("aiomysql", "MySQLDialect_aiomysql"),
        ("asyncmy", "MySQLDialect_asyncmy"),
    ],
    inspector: None,
};

/// Registers the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.dialects.mysql", |vm| make(vm, &PACKAGE));
    registry.add("sqlalchemy.dialects.mysql.base", |vm| make(vm, &PACKAGE));
    registry.add("sqlalchemy.dialects.mysql.types", |vm| make(vm, &PACKAGE));
}
