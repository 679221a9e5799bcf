//! `sqlalchemy.dialects`: a module per database, and dialect objects as passed to types and
//! `@compiles` functions. Only this folder calls a database by its name.

mod dialect;
mod exclude;
mod mssql;
mod mysql;
mod oracle;
mod postgresql;
mod psycopg;
mod sqlite;
mod sqlite3;

pub use dialect::{DEFAULT_DIALECT, DIALECT, DialectObject};
pub use exclude::{EXCLUDE_CONSTRAINT, exclude_constraint};

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{Class, Declaration, Interpreter, Module, ModuleBuilder, Registry, Value};
use sqlalchemy::dialects::{Dialect, Paramstyle};
use sqlalchemy::sqltypes::classes;

pub use postgresql::AGGREGATE_ORDER_BY;
pub use sqlite3::DbapiConnectionObject;

use super::engine::InspectorObject;
use super::{build_classes, sql, submodule, types};

/// What `sqlalchemy.dialects.<name>` exports.
struct Package {
    name: &'static str,
    /// The types of `sqlalchemy.types` that it exports besides its own.
    shared: &'static [&'static str],
    /// Adds the names other than types, `dialect()` and `insert()`.
    names: fn(&mut Interpreter, ModuleBuilder) -> ModuleBuilder,
    /// The class of its dialects.
    dialect: &'static Declaration<DialectObject>,
    /// The version of the database, where the program itself is the database.
    version: fn() -> Option<(u32, u32, u32)>,
    /// The names of its drivers, and those of their dialects' classes.
    drivers: &'static [(&'static str, &'static str)],
    /// The dialect's own class of inspectors.
    inspector: Option<&'static Declaration<InspectorObject>>,
}

/// A dialect's own class of inspectors.
pub fn inspector_class(dialect: &str) -> Option<&'static Declaration<InspectorObject>> {
    let package = PACKAGES.iter().find(|package| package.name == dialect)?;
    package.inspector
}

static PACKAGES: [&Package; 5] = [
    &sqlite::PACKAGE,
    &postgresql::PACKAGE,
    &mysql::PACKAGE,
    &mssql::PACKAGE,
    &oracle::PACKAGE,
];

/// The type of `sqlalchemy.types` of that name.
fn generic_type(vm: &mut Interpreter, name: &str) -> Option<Class> {
    let class = classes::ALL
        .iter()
        .find(|class| class.dialect.is_empty() && class.name == name)?;
    Some(types::python_class(vm, class))
}

/// Makes the module of a dialect.
fn make(vm: &mut Interpreter, package: &'static Package) -> Result<Rc<Module>> {
    build_classes(vm);
    let mut module = Module::build(&format!("sqlalchemy.dialects.{}", package.name));
    for name in package.shared {
        if let Some(class) = generic_type(vm, name) {
            module = module.class(&class);
        }
    }
    for class in classes::ALL {
        if class.dialect == package.name && !class.name.starts_with('_') {
            module = module.class(&types::python_class(vm, class));
        }
    }
    module = module
        .class(&vm.class(package.dialect))
        .declared(&sql::INSERT_FUNCTION)
        .function("dialect", |vm, arguments| {
            let mut dialect = Dialect::named(package.name);
            for (name, value) in &arguments.keyword {
                let style = value.as_str().and_then(Paramstyle::named);
                match (&**name, style) {
                    ("paramstyle", Some(style)) => dialect = dialect.with_paramstyle(style),
                    _ => {
                        let shown = format!("{}.dialect({name}=...)", package.name);
                        return Err(vm.unsupported(format!("{shown} is not supported")));
                    }
                }
            }
            Ok(Value::native(DialectObject { dialect }))
        });
    if let Some(insert) = vm.registered_class("sqlalchemy.sql.dml.Insert") {
        module = module.value("Insert", Value::Class(insert));
    }
    Ok((package.names)(vm, module).build())
}

fn make_dialects(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.dialects")
        .attribute_hook(|vm, name| {
            let known = PACKAGES.iter().any(|package| package.name == name);
            submodule(vm, "sqlalchemy.dialects", known, name)
        })
        .build())
}

/// Registers the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.dialects", make_dialects);
    sqlite::register(registry);
    postgresql::register(registry);
    mysql::register(registry);
    mssql::register(registry);
    oracle::register(registry);
    registry.add("sqlite3", sqlite3::module);
    psycopg::register(registry);
}

/// Defines the exceptions that drivers raise.
pub(super) fn define_exceptions(vm: &mut Interpreter) {
    sqlite3::define_exceptions(vm);
    psycopg::define_exceptions(vm);
}
