//! `sqlalchemy.orm.decl_api`: declarative bases, their default constructor and `registry`.

use std::rc::Rc;

use super::dataclass::DataclassTransform;
use super::mapper::{MapperObject, Mapping};
use super::properties::Property;
use super::registry::{
    self, REGISTRY_PARAMETERS, Registry, RegistryObject, find_registry, registry_of,
};
use super::{dataclass, decl_base};
use crate::bindings::conversion;
use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Class, ClassBody, Declaration, Dict, Interpreter, NativeClass, Value,
    constructor, method, property,
};

/// The registry of a declarative base; stored on the class.
struct BaseRegistry(Rc<Registry>);

/// Class hooks of declarative bases and their subclasses.
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
            // A mixin that inherits from MappedAsDataclass only.
            if as_dataclass {
                note_mixin_fields(class);
            }
            return Ok(());
        };
        decl_base::map_class(vm, class, &registry.0)
    }

    fn set_class_attribute(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        decl_base::add_attribute(vm, class, name, value)
    }
}

/// Maps a new subclass of a declarative base; for bases created by other modules.
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

/// Makes a class created by another module the base of a registry's classes.
pub fn adopt_base(class: &Class, registry: &Rc<Registry>) {
    install_constructor(class, registry);
    class.set_native(Rc::new(BaseRegistry(registry.clone())));
}

/// Records the fields of a dataclass mixin for its subclasses.
fn note_mixin_fields(class: &Class) {
    let names: Vec<Rc<str>> = class.annotations.borrow().keys().cloned().collect();
    let fields = names
        .iter()
        .map(|name| dataclass::field(name, class.namespace.get_str(name).as_ref()))
        .collect();
    class.set_native(Rc::new(dataclass::Fields(fields)));
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

/// Installs the registry's constructor on a class, unless it defines its own.
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

/// `_declarative_constructor`: accepts keywords that are attributes of the class.
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

pub(super) fn expect_class(
    vm: &mut Interpreter,
    value: Option<&Value>,
    function: &str,
) -> Result<Class> {
    match value {
        Some(Value::Class(class)) => Ok(class.clone()),
        _ => Err(vm.type_error(format!("{function}() needs a class"))),
    }
}

/// `@registry.mapped`.
fn map_plain(vm: &mut Interpreter, registry: &Rc<Registry>, class: &Class) -> Result<()> {
    install_constructor(class, registry);
    class.set_native(Rc::new(BaseRegistry(registry.clone())));
    decl_base::map_class(vm, class, registry)
}

fn mapped_as_dataclass(
    vm: &mut Interpreter,
    registry: &RegistryObject,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let registry = registry.0.clone();
    bound.take("self");
    let class = bound.take_some("cls");
    let transform = dataclass::take_keywords(&mut bound.take_keywords());
    let apply = move |vm: &mut Interpreter, class: &Class| -> Result<Value> {
        class.set_native(Rc::new(transform.clone()));
        class.set_native(Rc::new(BaseRegistry(registry.clone())));
        decl_base::map_class(vm, class, &registry)?;
        Ok(Value::Class(class.clone()))
    };
    if let Some(Value::Class(class)) = &class {
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
    registry: &RegistryObject,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let registry = &registry.0;
    let given = bound.take("class_");
    let class = expect_class(vm, given.as_ref(), "map_imperatively")?;
    let table = bound.take_some("local_table");
    let table = table.as_ref().and_then(conversion::find_table);
    let mut properties = ground::hash::IndexMap::default();
    let keywords = std::mem::take(&mut bound.extra);
    let given = keywords.iter().find(|(name, _)| &**name == "properties");
    if let Some((_, given)) = given
        && let Some(dict) = given.as_dict()
    {
        for (key, value) in dict.str_entries() {
            if let Some(property) = value.downcast::<Property>() {
                *property.key.borrow_mut() = Some(key.clone());
                properties.insert(key, decl_base::Mapped::Property(property));
            } else if let Some(column) = conversion::find_column(&value) {
                properties.insert(key, decl_base::Mapped::Column(column));
            }
        }
    }
    if let Some(table) = &table {
        for column in table.columns() {
            let known = properties.values().any(|mapped| {
                matches!(mapped, decl_base::Mapped::Column(known) if known.ptr_eq(&column))
            });
            if !known {
                properties
                    .entry(column.key())
                    .or_insert(decl_base::Mapped::Column(column));
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
        deferred: std::cell::RefCell::default(),
        arguments: Dict::new(),
    });
    class.set_native(mapping.clone());
    registry
        .classes
        .borrow_mut()
        .insert(class.name(), class.clone());
    vm.extension::<super::support::MappedClasses>().add(&class);
    let mapper = Value::native(MapperObject { mapping });
    class.set("__mapper__", mapper.clone());
    for (key, mapped) in &properties {
        decl_base::install(&class, key, mapped);
    }
    Ok(mapper)
}

/// `declarative_base(...)`, `registry.generate_base(...)`.
pub(super) fn generate_base(
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
    let generated = vm.class(&GENERATED_BASE);
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

fn as_declarative_base(
    _vm: &mut Interpreter,
    registry: &RegistryObject,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let registry = registry.0.clone();
    let keywords = std::mem::take(&mut bound.extra);
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

pub(super) fn unmapped_dataclass(_vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    if let Some(Value::Class(class)) = bound.named("__cls") {
        note_mixin_fields(class);
        return Ok(Value::Class(class.clone()));
    }
    Ok(Value::function("unmapped_dataclass", |vm, arguments| {
        let class = expect_class(vm, arguments.positional.first(), "unmapped_dataclass")?;
        note_mixin_fields(&class);
        Ok(Value::Class(class))
    }))
}

const fn base(path: &'static str) -> Declaration<Value> {
    Declaration {
        hooks: Some(|| Rc::new(DeclarativeHooks)),
        ..Declaration::new(path)
    }
}

pub(super) static DECLARATIVE_BASE: Declaration<Value> =
    base("sqlalchemy.orm.decl_api.DeclarativeBase");
pub(super) static DECLARATIVE_BASE_NO_META: Declaration<Value> =
    base("sqlalchemy.orm.decl_api.DeclarativeBaseNoMeta");
pub(super) static GENERATED_BASE: Declaration<Value> =
    base("sqlalchemy.orm.decl_api._GeneratedBase");
/// `sqlalchemy.orm.MappedAsDataclass`.
pub static MAPPED_AS_DATACLASS: Declaration<Value> =
    base("sqlalchemy.orm.decl_api.MappedAsDataclass");

pub(super) static DECLARATIVE_META: Declaration<Value> =
    Declaration::new("sqlalchemy.orm.decl_api.DeclarativeMeta");

/// `sqlalchemy.orm.registry`.
pub(super) static REGISTRY: Declaration<RegistryObject> = Declaration {
    constructor: constructor(REGISTRY_PARAMETERS, |vm, bound| {
        Ok(Value::native(RegistryObject(registry_of(vm, bound)?)))
    }),
    properties: &[
        property("metadata", |vm, registry: &RegistryObject| {
            Ok(conversion::metadata_value(vm, &registry.0.metadata))
        }),
        property("type_annotation_map", |_, registry: &RegistryObject| {
            Ok(Value::Dict(registry.0.types.clone()))
        }),
        property("mappers", |_, registry: &RegistryObject| {
            let classes = registry.0.classes.borrow();
            let mappers = classes.values();
            Ok(Value::list(
                mappers
                    .filter_map(|class| class.lookup("__mapper__"))
                    .collect(),
            ))
        }),
        property("_class_registry", |_, registry: &RegistryObject| {
            let dict = Dict::new();
            for (name, class) in registry.0.classes.borrow().iter() {
                dict.set_name(name, Value::Class(class.clone()));
            }
            Ok(Value::Dict(Rc::new(dict)))
        }),
        property("constructor", |_, registry: &RegistryObject| {
            Ok(Value::optional(registry.0.constructor.clone()))
        }),
    ],
    methods: &[
        method("mapped", "self, cls", |vm, registry, bound| {
            let class = expect_class(vm, bound.named("cls"), "mapped")?;
            map_plain(vm, &registry.0, &class)?;
            Ok(Value::Class(class))
        }),
        method("map_declaratively", "self, cls", |vm, registry, bound| {
            let class = expect_class(vm, bound.named("cls"), "map_declaratively")?;
            map_plain(vm, &registry.0, &class)?;
            vm.get_attribute(&Value::Class(class), "__mapper__")
        }),
        method(
            "mapped_as_dataclass",
            "self, cls=None, *, init=None, repr=None, eq=None, order=None, unsafe_hash=None, \
             match_args=None, kw_only=None, dataclass_callable=None",
            mapped_as_dataclass,
        ),
        method(
            "map_imperatively",
            "self, class_, local_table=None, **kw",
            map_imperatively,
        ),
        method(
            "generate_base",
            "self, mapper=None, cls=object, name='Base', metaclass=DeclarativeMeta",
            |vm, registry, bound| {
                bound.take("self");
                let arguments = Arguments {
                    positional: Vec::new(),
                    keyword: bound.take_keywords(),
                };
                generate_base(vm, Some(registry.0.clone()), arguments)
            },
        ),
        method("as_declarative_base", "self, **kw", as_declarative_base),
        method(
            "update_type_annotation_map",
            "self, type_annotation_map",
            |vm, registry, bound| {
                let map = bound.value("type_annotation_map");
                registry.0.update_types(vm, &map)?;
                Ok(Value::None)
            },
        ),
        method("configure", "self, cascade=False", |_, _, bound| {
            bound.ignore(&["cascade"]);
            Ok(Value::None)
        }),
        method("dispose", "self, cascade=False", |_, _, bound| {
            bound.ignore(&["cascade"]);
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("sqlalchemy.orm.decl_api.registry")
};
