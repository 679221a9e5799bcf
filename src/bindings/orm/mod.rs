//! `sqlalchemy.orm`: declarative bases, mapped classes and what they hold.

use std::rc::Rc;

use crate::bindings::conversion;
use crate::bindings::sqlalchemy::build_classes;
use ground::diagnostic::Result;
use python::{Arguments, Declared, Interpreter, Module, ModuleBuilder, ModuleMaker, Value};

pub mod annotation;
pub mod attribute;
pub mod base;
pub mod dataclass;
pub mod decl_api;
pub mod decl_base;
pub mod declared_attr;
mod extensions;
pub mod mapped_column;
pub mod mapper;
pub mod properties;
pub mod registry;
pub mod session;
mod session_flush;
pub mod session_objects;
pub mod session_query;
pub mod session_state;

pub use mapper::Mapping;

use decl_api::{expect_class, generate_base, unmapped_dataclass};
use properties::{Property, PropertyKind};
use registry::RegistryObject;

fn property(kind: PropertyKind) -> impl Fn(&mut Interpreter, Arguments) -> Result<Value> {
    move |_, arguments| Ok(Value::native(Property::new(kind, arguments)))
}

/// The classes that `sqlalchemy.orm` names.
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
    &properties::MAPPED_COLUMN,
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
    module = module
        .function("mapped_column", |vm, arguments| {
            Ok(Value::native(mapped_column::make_mapped_column(
                vm, arguments, false,
            )?))
        })
        .function("unmapped_column", |vm, arguments| {
            Ok(Value::native(mapped_column::make_mapped_column(
                vm, arguments, true,
            )?))
        })
        .function("relationship", property(PropertyKind::Relationship))
        .function("dynamic_loader", property(PropertyKind::Relationship))
        .function("column_property", property(PropertyKind::ColumnProperty))
        .function("deferred", property(PropertyKind::ColumnProperty))
        .function("synonym", property(PropertyKind::Synonym))
        .function("composite", property(PropertyKind::Composite))
        .function("query_expression", property(PropertyKind::QueryExpression))
        .function("declarative_base", |vm, arguments| {
            generate_base(vm, None, arguments)
        })
        .function("as_declarative", |vm, arguments| {
            let registry = registry::make_registry(vm, arguments)?;
            let registry = Value::native(RegistryObject(registry));
            vm.call_method(&registry, "as_declarative_base", Arguments::none())
        })
        .function("declarative_mixin", identity)
        .function("unmapped_dataclass", unmapped_dataclass)
        .function("configure_mappers", nothing)
        .function("clear_mappers", nothing)
        .function("reconstructor", identity)
        .function("foreign", identity)
        .function("remote", identity)
        .function("add_mapped_attribute", |vm, arguments| {
            let [class, name, value] = arguments.exactly("add_mapped_attribute")?;
            if let (Value::Class(class), Some(name)) = (&class, name.as_text()) {
                decl_base::add_attribute(vm, class, &name, &value)?;
            }
            Ok(Value::None)
        })
        .function("backref", |_, arguments| {
            Ok(Value::tuple(vec![
                arguments.positional.first().cloned().unwrap_or(Value::None),
                Value::dict(arguments.keyword),
            ]))
        })
        .function("validates", |_, _| {
            Ok(Value::function("validates", |_, arguments| {
                Ok(arguments
                    .positional
                    .into_iter()
                    .next()
                    .unwrap_or(Value::None))
            }))
        })
        .function("synonym_for", |_, _| {
            Ok(Value::function("synonym_for", |_, arguments| {
                Ok(arguments
                    .positional
                    .into_iter()
                    .next()
                    .unwrap_or(Value::None))
            }))
        })
        .function("class_mapper", |vm, arguments| {
            let class = expect_class(vm, arguments.positional.first(), "class_mapper")?;
            vm.get_attribute(&Value::Class(class), "__mapper__")
        })
        .function("object_mapper", |vm, arguments| {
            let [object] = arguments.exactly("object_mapper")?;
            let class = vm.class_of(&object);
            vm.get_attribute(&Value::Class(class), "__mapper__")
        })
        .function("has_inherited_table", |vm, arguments| {
            let class = expect_class(vm, arguments.positional.first(), "has_inherited_table")?;
            for base in class.mro().skip(1) {
                if base.namespace.contains_str("__table__") {
                    return Ok(Value::Bool(true));
                }
            }
            Ok(Value::Bool(false))
        })
        .function("aliased", |vm, mut arguments| {
            let Some(first) = arguments.take_first() else {
                return Err(vm.type_error("aliased() missing 1 required positional argument"));
            };
            match conversion::find_table(&first) {
                Some(table) => {
                    let table = conversion::table_value(vm, &table);
                    vm.call_method(&table, "alias", arguments)
                }
                None => vm.call_method(&first, "alias", arguments),
            }
        });
    for name in [
        "joinedload",
        "selectinload",
        "subqueryload",
        "lazyload",
        "noload",
        "raiseload",
        "immediateload",
        "contains_eager",
        "defaultload",
        "load_only",
        "defer",
        "undefer",
        "undefer_group",
        "with_expression",
        "with_loader_criteria",
        "selectin_polymorphic",
        "attribute_mapped_collection",
        "attribute_keyed_dict",
        "column_mapped_collection",
        "column_keyed_dict",
        "mapped_collection",
        "keyfunc_mapping",
    ] {
        module = module.value(name, accepted(name));
    }
    Ok(module)
}

/// A call that decides nothing about the schema.
fn accepted(name: &'static str) -> Value {
    Value::function(name, |_, arguments| {
        Ok(arguments
            .positional
            .into_iter()
            .next()
            .unwrap_or(Value::None))
    })
}

fn identity(_vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    Ok(arguments
        .positional
        .into_iter()
        .next()
        .unwrap_or(Value::None))
}

fn nothing(_vm: &mut Interpreter, _arguments: Arguments) -> Result<Value> {
    Ok(Value::None)
}

fn make_orm(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let module = Module::build("sqlalchemy.orm");
    let module = with_orm_names(vm, module)?;
    Ok(session_objects::add_names(vm, module)?.build())
}

fn make_part(name: &str, vm: &mut Interpreter) -> Result<Rc<Module>> {
    let module = Module::build(name);
    Ok(with_orm_names(vm, module)?.build())
}

/// Adds the modules of this room.
pub fn register(registry: &mut python::Registry) {
    let modules: &[(&'static str, ModuleMaker)] = &[
        ("sqlalchemy.orm", make_orm),
        ("sqlalchemy.orm.decl_api", |vm| {
            make_part("sqlalchemy.orm.decl_api", vm)
        }),
        ("sqlalchemy.orm.attributes", |vm| {
            make_part("sqlalchemy.orm.attributes", vm)
        }),
        ("sqlalchemy.orm.properties", |vm| {
            make_part("sqlalchemy.orm.properties", vm)
        }),
        ("sqlalchemy.orm.relationships", |vm| {
            make_part("sqlalchemy.orm.relationships", vm)
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
    extensions::register(registry);
}
