//! `sqlalchemy.orm`: declarative bases, mapped classes, sessions.

use std::rc::Rc;

use crate::bindings::sqlalchemy::build_classes;
use ground::diagnostic::Result;
use python::{Declared, Interpreter, Module, ModuleBuilder, ModuleMaker, Value};

pub mod annotation;
pub mod attribute;
pub mod base;
mod constructors;
pub mod dataclass;
pub mod decl_api;
pub mod decl_base;
pub mod declared_attr;
mod errors;
mod evaluator;
mod extensions;
mod instance;
mod library;
pub mod mapped_column;
pub mod mapper;
pub mod properties;
pub mod registry;
mod statements;
mod support;

pub use instance::{inspect, listen};
pub use library::{asynchronous, find_asynchronous};
pub use mapper::Mapping;
pub use statements::{
    attribute_equals, by_column, entity_with, filter_entity, is_mapped, joined_tables,
    no_entity_has, relationship_joins, single_criterion,
};

/// The classes exported by `sqlalchemy.orm`.
static CLASSES: [&dyn Declared; 23] = [
    &decl_api::DECLARATIVE_BASE,
    &decl_api::DECLARATIVE_BASE_NO_META,
    &decl_api::MAPPED_AS_DATACLASS,
    &decl_api::DECLARATIVE_META,
    &declared_attr::DECLARED_ATTR,
    &decl_api::REGISTRY,
    &base::MAPPED,
    &base::UNMAPPED,
    &base::DYNAMIC_MAPPED,
    &base::WRITE_ONLY_MAPPED,
    &base::SQL_ORM_EXPRESSION,
    &attribute::INSTRUMENTED_ATTRIBUTE,
    &attribute::QUERYABLE_ATTRIBUTE,
    &properties::MAPPER_PROPERTY,
    &properties::COLUMN_PROPERTY,
    &properties::MAPPED_SQL_EXPRESSION,
    &mapped_column::MAPPED_COLUMN,
    &properties::RELATIONSHIP_PROPERTY,
    &properties::SYNONYM_PROPERTY,
    &properties::SYNONYM,
    &properties::COMPOSITE_PROPERTY,
    &properties::COMPOSITE,
    &mapper::MAPPER,
];

fn with_orm_names(vm: &mut Interpreter, mut module: ModuleBuilder) -> Result<ModuleBuilder> {
    build_classes(vm);
    for declared in CLASSES {
        module = module.class(&vm.class(declared));
    }
    let relationship = vm.class(&properties::RELATIONSHIP_PROPERTY);
    module = module.value("Relationship", Value::Class(relationship));
    Ok(module
        .functions(constructors::FUNCTIONS)
        .attribute_hook(library::find_name))
}

fn make_orm(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let module = Module::build("sqlalchemy.orm");
    errors::define(vm);
    Ok(with_orm_names(vm, module)?.build())
}

fn make_part(name: &str, vm: &mut Interpreter) -> Result<Rc<Module>> {
    let module = Module::build(name);
    Ok(with_orm_names(vm, module)?.build())
}

/// Registers the ORM modules.
pub fn register(registry: &mut python::Registry) {
    let modules: &[(&'static str, ModuleMaker)] = &[
        ("sqlalchemy.orm", make_orm),
        ("sqlalchemy.orm.decl_api", |vm| {
            make_part("sqlalchemy.orm.decl_api", vm)
        }),
        ("sqlalchemy.orm.properties", |vm| {
            make_part("sqlalchemy.orm.properties", vm)
        }),
        ("sqlalchemy.orm.base", |vm| {
            make_part("sqlalchemy.orm.base", vm)
        }),
        ("sqlalchemy.orm.mapper", |vm| {
            make_part("sqlalchemy.orm.mapper", vm)
        }),
        ("sqlalchemy.orm.interfaces", |vm| {
            make_part("sqlalchemy.orm.interfaces", vm)
        }),
        ("sqlalchemy.ext.declarative", |vm| {
            make_part("sqlalchemy.ext.declarative", vm)
        }),
        ("sqlalchemy.ext.declarative.api", |vm| {
            make_part("sqlalchemy.ext.declarative.api", vm)
        }),
    ];
    for (name, make) in modules {
        registry.add(name, *make);
    }
    registry.add("sqlalchemy.orm.exc", errors::module);
    library::register(registry);
    extensions::register(registry);
}
