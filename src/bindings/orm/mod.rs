//! `sqlalchemy.orm`: declarative bases, mapped classes and what they hold.

use std::rc::Rc;

use crate::bindings::conversion::{self, known_class};
use crate::bindings::sqlalchemy::build_classes;
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Class, ClassBody, ClassBuilder, Dict, Interpreter, Module, ModuleBuilder,
    ModuleMaker, NativeClass, Value,
};

pub mod annotation;
pub mod attribute;
pub mod dataclass;
pub mod declarative;
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

use dataclass::DataclassTransform;
use properties::{Property, PropertyKind};
use registry::{Registry, RegistryObject, find_registry};

/// Which registry a base belongs to; kept on the class.
struct BaseRegistry(Rc<Registry>);

/// Rust's part in declarative bases and the classes below them.
struct DeclarativeHooks;

fn is_native_base(class: &Class) -> bool {
    !class.user_defined
        && matches!(
            &*class.dotted_name(),
            "sqlalchemy.orm.decl_api.DeclarativeBase"
                | "sqlalchemy.orm.decl_api.DeclarativeBaseNoMeta"
                | "sqlalchemy.orm.decl_api._GeneratedBase"
        )
}

impl NativeClass for DeclarativeHooks {
    fn init_subclass(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        body: &mut ClassBody,
    ) -> Result<()> {
        let as_dataclass = class.inherits_from("sqlalchemy.orm.decl_api.MappedAsDataclass");
        if as_dataclass {
            let mut transform = dataclass::take_keywords(&mut body.keywords);
            if let Some(current) = class.inherited_native::<DataclassTransform>() {
                transform.init = transform.init.or(current.init);
                transform.kw_only = transform.kw_only.or(current.kw_only);
            }
            class.set_native(Rc::new(transform));
        }
        if class.bases.iter().any(is_native_base) {
            return set_up_base(vm, class);
        }
        let Some(registry) = class.inherited_native::<BaseRegistry>() else {
            // A mixin below MappedAsDataclass alone.
            if as_dataclass {
                note_mixin_fields(vm, class)?;
            }
            return Ok(());
        };
        declarative::map_class(vm, class, &registry.0)
    }

    fn set_class_attribute(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        declarative::add_attribute(vm, class, name, value)
    }
}

/// What happens to a class below a declarative base when it is defined, for bases that other
/// modules make.
///
/// # Errors
/// What SQLAlchemy raises when a class is mapped.
pub fn init_declarative_subclass(
    vm: &mut Interpreter,
    class: &Class,
    body: &mut ClassBody,
) -> Result<()> {
    DeclarativeHooks.init_subclass(vm, class, body)
}

/// Makes a class that another module built the base of a registry's classes.
pub fn adopt_base(class: &Class, registry: &Rc<Registry>) {
    install_constructor(class, registry);
    class.set_native(Rc::new(BaseRegistry(registry.clone())));
}

/// Fields of a dataclass mixin, so that the classes below know them.
fn note_mixin_fields(vm: &mut Interpreter, class: &Class) -> Result<()> {
    let names: Vec<Rc<str>> = class.annotations.borrow().keys().cloned().collect();
    let fields = names
        .iter()
        .map(|name| dataclass::field(name, class.namespace.get_str(name).as_ref()))
        .collect();
    class.set_native(Rc::new(dataclass::Fields(fields)));
    let _ = vm;
    Ok(())
}

fn set_up_base(vm: &mut Interpreter, class: &Class) -> Result<()> {
    let value = Value::Class(class.clone());
    let metadata = vm.find_attribute(&value, "metadata")?;
    let types = vm.find_attribute(&value, "type_annotation_map")?;
    let given = vm.find_attribute(&value, "registry")?;
    let registry = match given {
        Some(given) if !given.is_none() => {
            let Some(registry) = find_registry(&given) else {
                return Err(conversion::invalid_request(
                    "Declarative base class has a 'registry' attribute that is not an instance of \
                     sqlalchemy.orm.registry()",
                ));
            };
            if types.is_some_and(|types| !types.is_none()) {
                return Err(conversion::invalid_request(
                    "Declarative base class has both a 'registry' attribute and a \
                     type_annotation_map entry.  Per-base type_annotation_maps are not supported.  \
                     Please apply the type_annotation_map to this registry directly.",
                ));
            }
            registry
        }
        _ => {
            let mut arguments = Arguments::none();
            if let Some(metadata) = metadata {
                arguments = arguments.with_keyword("metadata", metadata);
            }
            if let Some(types) = types {
                arguments = arguments.with_keyword("type_annotation_map", types);
            }
            let registry = registry::make_registry(vm, arguments)?;
            class.set("registry", Value::native(RegistryObject(registry.clone())));
            registry
        }
    };
    if !class.namespace.contains_str("metadata") {
        let metadata = conversion::metadata_value(vm, &registry.metadata);
        class.set("metadata", metadata);
    }
    install_constructor(class, &registry);
    class.set_native(Rc::new(BaseRegistry(registry)));
    Ok(())
}

/// Gives a class the registry's constructor, unless it has its own.
fn install_constructor(class: &Class, registry: &Registry) {
    let own = class
        .lookup_with_class("__init__")
        .is_some_and(|(owner, _)| !owner.is_named("object"));
    if own {
        return;
    }
    match &registry.constructor {
        Some(Value::None) => {}
        Some(constructor) => class.set("__init__", constructor.clone()),
        None => class.set("__init__", default_constructor()),
    }
}

/// `_declarative_constructor`: keywords that the class knows.
fn default_constructor() -> Value {
    Value::NativeFunction(Rc::new(python::NativeFunction::new(
        "__init__",
        "sqlalchemy.orm.decl_base",
        true,
        |vm, mut arguments| {
            let Some(this) = arguments.take_first() else {
                return Ok(Value::None);
            };
            if !arguments.positional.is_empty() {
                return Err(vm.type_error(format!(
                    "_declarative_constructor() takes 1 positional argument but {} were given",
                    arguments.positional.len() + 1
                )));
            }
            let class = vm.class_of(&this);
            for (name, value) in arguments.keyword {
                if vm
                    .find_attribute(&Value::Class(class.clone()), &name)?
                    .is_none()
                {
                    return Err(vm.type_error(format!(
                        "'{name}' is an invalid keyword argument for {}",
                        class.name()
                    )));
                }
                vm.set_attribute(&this, &name, value)?;
            }
            Ok(Value::None)
        },
    )))
}

/// `Mapped`, `DynamicMapped` and their kin: `Mapped[x]` keeps `x`.
struct ContainerHooks;

impl NativeClass for ContainerHooks {
    fn class_item(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        key: &Value,
    ) -> Result<Option<Value>> {
        Ok(Some(annotation::container_alias(vm, class, key)))
    }
}

/// A class that takes brackets and gives itself.
struct GenericHooks;

impl NativeClass for GenericHooks {
    fn class_item(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        key: &Value,
    ) -> Result<Option<Value>> {
        Ok(Some(annotation::container_alias(vm, class, key)))
    }
}

/// A class of that name that takes brackets.
pub fn generic_class(vm: &mut Interpreter, module: &str, name: &str) -> Class {
    let dotted = format!("{module}.{name}");
    match vm.registered_class(&dotted) {
        Some(class) => class,
        None => ClassBuilder::new(module, name)
            .hooks(GenericHooks)
            .build(vm),
    }
}

/// Rust's part in `registry`.
struct RegistryHooks;

impl NativeClass for RegistryHooks {
    fn construct(
        &self,
        vm: &mut Interpreter,
        _class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let mut arguments = arguments.clone();
        if !arguments.positional.is_empty() {
            return Err(vm.type_error(format!(
                "registry.__init__() takes 1 positional argument but {} were given",
                arguments.positional.len() + 1
            )));
        }
        arguments.positional.clear();
        let registry = registry::make_registry(vm, arguments)?;
        Ok(Some(Value::native(RegistryObject(registry))))
    }
}

fn this_registry(vm: &mut Interpreter, this: &Value) -> Result<Rc<Registry>> {
    find_registry(this).ok_or_else(|| vm.type_error("this is no registry"))
}

fn expect_class(vm: &mut Interpreter, value: Option<&Value>, function: &str) -> Result<Class> {
    match value {
        Some(Value::Class(class)) => Ok(class.clone()),
        _ => Err(vm.type_error(format!("{function}() needs a class"))),
    }
}

/// `@registry.mapped`.
fn map_plain(vm: &mut Interpreter, registry: &Rc<Registry>, class: &Class) -> Result<()> {
    install_constructor(class, registry);
    class.set_native(Rc::new(BaseRegistry(registry.clone())));
    declarative::map_class(vm, class, registry)
}

fn mapped_as_dataclass(
    vm: &mut Interpreter,
    registry: Rc<Registry>,
    arguments: Arguments,
) -> Result<Value> {
    let mut keywords = arguments.keyword.clone();
    let transform = dataclass::take_keywords(&mut keywords);
    let apply = move |vm: &mut Interpreter, class: &Class| -> Result<Value> {
        class.set_native(Rc::new(transform.clone()));
        class.set_native(Rc::new(BaseRegistry(registry.clone())));
        declarative::map_class(vm, class, &registry)?;
        Ok(Value::Class(class.clone()))
    };
    if let Some(Value::Class(class)) = arguments.positional.first() {
        return apply(vm, class);
    }
    Ok(Value::function(
        "mapped_as_dataclass",
        move |vm, arguments| {
            let class = expect_class(vm, arguments.positional.first(), "mapped_as_dataclass")?;
            apply(vm, &class)
        },
    ))
}

fn map_imperatively(
    vm: &mut Interpreter,
    registry: &Rc<Registry>,
    arguments: Arguments,
) -> Result<Value> {
    let mut bound = arguments.bind(python::parameters!(
        "registry.map_imperatively",
        "class_, local_table=None, properties=None, **kw"
    ))?;
    let given = bound.take("class_");
    let class = expect_class(vm, given.as_ref(), "map_imperatively")?;
    let table = bound.take_some("local_table");
    let table = table.as_ref().and_then(conversion::find_table);
    let mut properties = ground::hash::IndexMap::default();
    if let Some(given) = bound.take_some("properties")
        && let Some(dict) = given.as_dict()
    {
        for (key, value) in dict.str_entries() {
            if let Some(property) = value.downcast::<Property>() {
                *property.key.borrow_mut() = Some(key.clone());
                properties.insert(key, declarative::Mapped::Property(property));
            } else if let Some(column) = conversion::find_column(&value) {
                properties.insert(key, declarative::Mapped::Column(column));
            }
        }
    }
    if let Some(table) = &table {
        for column in table.columns() {
            let known = properties.values().any(|mapped| {
                matches!(mapped, declarative::Mapped::Column(known) if known.ptr_eq(&column))
            });
            if !known {
                properties
                    .entry(column.key())
                    .or_insert(declarative::Mapped::Column(column));
            }
        }
        let value = conversion::table_value(vm, table);
        class.set("__table__", value);
    }
    install_constructor(&class, registry);
    let mapping = Rc::new(Mapping {
        class: class.clone(),
        registry: registry.clone(),
        table,
        inherits: None,
        single: false,
        properties: std::cell::RefCell::new(properties.clone()),
        arguments: Dict::new(),
    });
    class.set_native(mapping.clone());
    registry
        .classes
        .borrow_mut()
        .insert(class.name(), class.clone());
    let mapper = Value::native(mapper::MapperObject { mapping });
    class.set("__mapper__", mapper.clone());
    for (key, mapped) in &properties {
        declarative::install(&class, key, mapped);
    }
    Ok(mapper)
}

/// `declarative_base(...)`, `registry.generate_base(...)`.
fn generate_base(
    vm: &mut Interpreter,
    registry: Option<Rc<Registry>>,
    mut arguments: Arguments,
) -> Result<Value> {
    let name = arguments
        .take_keyword("name")
        .and_then(|name| name.as_text())
        .unwrap_or_else(|| Rc::from("Base"));
    let classes = arguments.take_keyword("cls");
    arguments.take_keyword("mapper");
    arguments.take_keyword("metaclass");
    arguments.take_keyword("bind");
    let registry = match registry {
        Some(registry) => registry,
        None => registry::make_registry(vm, arguments)?,
    };
    let mut bases = match classes {
        None | Some(Value::None) => Vec::new(),
        Some(value) => match value.as_items() {
            Some(items) => items,
            None => vec![value],
        },
    };
    bases.retain(|base| {
        base.as_class()
            .is_none_or(|class| !class.is_named("object"))
    });
    let generated = known_class(vm, "sqlalchemy.orm.decl_api._GeneratedBase");
    bases.push(Value::Class(generated));
    let namespace = Dict::new();
    namespace.set_str("__module__", Value::str("sqlalchemy.orm.decl_api"));
    namespace.set_str("registry", Value::native(RegistryObject(registry.clone())));
    let metadata = conversion::metadata_value(vm, &registry.metadata);
    namespace.set_str("metadata", metadata);
    namespace.set_str("__abstract__", Value::Bool(true));
    let class = vm.new_class(&name, bases, Rc::new(namespace), Vec::new())?;
    Ok(Value::Class(class))
}

fn property(kind: PropertyKind) -> impl Fn(&mut Interpreter, Arguments) -> Result<Value> {
    move |_, arguments| Ok(Value::native(Property::new(kind, arguments)))
}

/// Builds the classes of this room, once.
fn build_orm_classes(vm: &mut Interpreter) {
    #[derive(Default)]
    struct Built(std::cell::Cell<bool>);
    let built = vm.extension::<Built>();
    if built.0.replace(true) {
        return;
    }
    build_classes(vm);
    let api = "sqlalchemy.orm.decl_api";
    for name in [
        "DeclarativeBase",
        "DeclarativeBaseNoMeta",
        "_GeneratedBase",
        "MappedAsDataclass",
    ] {
        ClassBuilder::new(api, name)
            .hooks(DeclarativeHooks)
            .build(vm);
    }
    ClassBuilder::new(api, "DeclarativeMeta").build(vm);
    ClassBuilder::new(api, "declared_attr")
        .hooks(declared_attr::DeclaredAttrClass)
        .build(vm);
    ClassBuilder::new(api, "registry")
        .hooks(RegistryHooks)
        .method("mapped", |vm, this, arguments| {
            let registry = this_registry(vm, this)?;
            let class = expect_class(vm, arguments.positional.first(), "mapped")?;
            map_plain(vm, &registry, &class)?;
            Ok(Value::Class(class))
        })
        .method("map_declaratively", |vm, this, arguments| {
            let registry = this_registry(vm, this)?;
            let class = expect_class(vm, arguments.positional.first(), "map_declaratively")?;
            map_plain(vm, &registry, &class)?;
            vm.get_attribute(&Value::Class(class), "__mapper__")
        })
        .method("mapped_as_dataclass", |vm, this, arguments| {
            let registry = this_registry(vm, this)?;
            mapped_as_dataclass(vm, registry, arguments)
        })
        .method("map_imperatively", |vm, this, arguments| {
            let registry = this_registry(vm, this)?;
            map_imperatively(vm, &registry, arguments)
        })
        .method("generate_base", |vm, this, arguments| {
            let registry = this_registry(vm, this)?;
            generate_base(vm, Some(registry), arguments)
        })
        .method("as_declarative_base", as_declarative_base)
        .method("update_type_annotation_map", |vm, this, arguments| {
            let [map] = arguments.exactly("update_type_annotation_map")?;
            this_registry(vm, this)?.update_types(vm, &map)?;
            Ok(Value::None)
        })
        .method("configure", |_, _, _| Ok(Value::None))
        .method("dispose", |_, _, _| Ok(Value::None))
        .build(vm);
    let base = ClassBuilder::new("sqlalchemy.orm.base", "_MappedAnnotationBase")
        .hooks(ContainerHooks)
        .build(vm);
    for (module, name) in [
        ("sqlalchemy.orm.base", "Mapped"),
        ("sqlalchemy.orm.base", "Unmapped"),
        ("sqlalchemy.orm.base", "DynamicMapped"),
        ("sqlalchemy.orm.base", "WriteOnlyMapped"),
        ("sqlalchemy.orm.base", "SQLORMExpression"),
    ] {
        ClassBuilder::new(module, name).base(&base).build(vm);
    }
    let column = known_class(vm, "sqlalchemy.sql.elements.ColumnElement");
    ClassBuilder::new("sqlalchemy.orm.attributes", "QueryableAttribute")
        .base(&column)
        .build(vm);
    let queryable = known_class(vm, "sqlalchemy.orm.attributes.QueryableAttribute");
    attribute_methods(
        ClassBuilder::new("sqlalchemy.orm.attributes", "InstrumentedAttribute").base(&queryable),
    )
    .build(vm);
    let property = ClassBuilder::new("sqlalchemy.orm.interfaces", "MapperProperty").build(vm);
    for (module, name) in [
        ("sqlalchemy.orm.properties", "ColumnProperty"),
        ("sqlalchemy.orm.relationships", "RelationshipProperty"),
        ("sqlalchemy.orm.descriptor_props", "SynonymProperty"),
        ("sqlalchemy.orm.descriptor_props", "CompositeProperty"),
    ] {
        ClassBuilder::new(module, name).base(&property).build(vm);
    }
    for (module, name, base) in [
        (
            "sqlalchemy.orm.properties",
            "MappedSQLExpression",
            "sqlalchemy.orm.properties.ColumnProperty",
        ),
        (
            "sqlalchemy.orm.relationships",
            "_RelationshipDeclared",
            "sqlalchemy.orm.relationships.RelationshipProperty",
        ),
        (
            "sqlalchemy.orm.descriptor_props",
            "Synonym",
            "sqlalchemy.orm.descriptor_props.SynonymProperty",
        ),
        (
            "sqlalchemy.orm.descriptor_props",
            "Composite",
            "sqlalchemy.orm.descriptor_props.CompositeProperty",
        ),
    ] {
        let base = known_class(vm, base);
        ClassBuilder::new(module, name).base(&base).build(vm);
    }
    ClassBuilder::new("sqlalchemy.orm.properties", "MappedColumn")
        .base(&column)
        .build(vm);
    ClassBuilder::new("sqlalchemy.orm.properties", "UnmappedColumn")
        .base(&column)
        .build(vm);
    ClassBuilder::new("sqlalchemy.orm.mapper", "Mapper")
        .method("has_property", |_, this, arguments| {
            let [name] = arguments.exactly("has_property")?;
            let found = this
                .downcast::<mapper::MapperObject>()
                .is_some_and(|object| {
                    object
                        .mapping
                        .keys()
                        .iter()
                        .any(|key| Some(&**key) == name.as_str())
                });
            Ok(Value::Bool(found))
        })
        .build(vm);
    ClassBuilder::new("sqlalchemy.util._collections", "ReadOnlyProperties").build(vm);
}

fn as_declarative_base(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
    let registry = this_registry(vm, this)?;
    let keywords = arguments.keyword;
    Ok(Value::function(
        "as_declarative_base",
        move |vm, arguments| {
            let class = expect_class(vm, arguments.positional.first(), "as_declarative_base")?;
            let mut call = Arguments::none();
            call.keyword = keywords.clone();
            call.keyword
                .push((Rc::from("name"), Value::Str(class.name())));
            call.keyword.push((Rc::from("cls"), Value::Class(class)));
            generate_base(vm, Some(registry.clone()), call)
        },
    ))
}

fn attribute_methods(builder: ClassBuilder) -> ClassBuilder {
    let accept = |_: &mut Interpreter, this: &Value, _: Arguments| Ok(this.clone());
    builder
        .method("of_type", accept)
        .method("and_", accept)
        .method("has", |_, _, _| {
            Err(Error::unsupported(
                "has() on a relationship is not possible here; write a join or exists()",
            ))
        })
        .method("any", |_, _, _| {
            Err(Error::unsupported(
                "any() on a relationship is not possible here; write a join or exists()",
            ))
        })
}

fn with_orm_names(vm: &mut Interpreter, mut module: ModuleBuilder) -> Result<ModuleBuilder> {
    build_orm_classes(vm);
    for dotted in [
        "sqlalchemy.orm.decl_api.DeclarativeBase",
        "sqlalchemy.orm.decl_api.DeclarativeBaseNoMeta",
        "sqlalchemy.orm.decl_api.MappedAsDataclass",
        "sqlalchemy.orm.decl_api.DeclarativeMeta",
        "sqlalchemy.orm.decl_api.declared_attr",
        "sqlalchemy.orm.decl_api.registry",
        "sqlalchemy.orm.base.Mapped",
        "sqlalchemy.orm.base.Unmapped",
        "sqlalchemy.orm.base.DynamicMapped",
        "sqlalchemy.orm.base.WriteOnlyMapped",
        "sqlalchemy.orm.base.SQLORMExpression",
        "sqlalchemy.orm.attributes.InstrumentedAttribute",
        "sqlalchemy.orm.attributes.QueryableAttribute",
        "sqlalchemy.orm.interfaces.MapperProperty",
        "sqlalchemy.orm.properties.ColumnProperty",
        "sqlalchemy.orm.properties.MappedColumn",
        "sqlalchemy.orm.relationships.RelationshipProperty",
        "sqlalchemy.orm.descriptor_props.SynonymProperty",
        "sqlalchemy.orm.descriptor_props.CompositeProperty",
        "sqlalchemy.orm.mapper.Mapper",
    ] {
        let class = known_class(vm, dotted);
        module = module.class(&class);
    }
    let relationship = known_class(vm, "sqlalchemy.orm.relationships.RelationshipProperty");
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
                declarative::add_attribute(vm, class, &name, &value)?;
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

fn unmapped_dataclass(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    if let Some(Value::Class(class)) = arguments.positional.first() {
        note_mixin_fields(vm, class)?;
        return Ok(Value::Class(class.clone()));
    }
    Ok(Value::function("unmapped_dataclass", |vm, arguments| {
        let class = expect_class(vm, arguments.positional.first(), "unmapped_dataclass")?;
        note_mixin_fields(vm, &class)?;
        Ok(Value::Class(class))
    }))
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

fn make_async_attrs(vm: &mut Interpreter) -> Class {
    match vm.registered_class("sqlalchemy.ext.asyncio.session.AsyncAttrs") {
        Some(class) => class,
        None => ClassBuilder::new("sqlalchemy.ext.asyncio.session", "AsyncAttrs").build(vm),
    }
}

/// `AsyncAttrs`, for `sqlalchemy.ext.asyncio`.
pub fn async_attrs(vm: &mut Interpreter) -> Class {
    make_async_attrs(vm)
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
