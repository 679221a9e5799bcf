//! The part of the ORM that is written in Python: sessions, queries, the unit of work, relationships.
//! It is loaded when a name of it is first asked for.

use ground::diagnostic::Result;
use python::{Interpreter, Registry, Value};

macro_rules! modules {
    ($($name:literal,)*) => {
        /// Registers the modules.
        pub(super) fn register(registry: &mut Registry) {
            registry.add("_sqlalchemy_orm", super::support::make);
            $(registry.add_source(
                concat!("sqlalchemy.orm.", $name),
                resource!(concat!("orm/library/", $name, ".py")),
            );)*
        }
    };
}

modules! {
    "asynchronous",
    "attributes",
    "cascades",
    "collections",
    "context",
    "dependency",
    "dynamic",
    "evaluator",
    "events",
    "identity",
    "loading",
    "mapping",
    "membership",
    "merging",
    "persistence",
    "query",
    "relationships",
    "scoping",
    "session",
    "state",
    "strategy_options",
    "transaction",
    "unitofwork",
    "util",
}

/// The names of `sqlalchemy.ext.asyncio` that are defined here.
const ASYNCHRONOUS: &[&str] = &[
    "AsyncMappingResult",
    "AsyncResult",
    "AsyncScalarResult",
    "AsyncSession",
    "AsyncSessionTransaction",
    "async_object_session",
    "async_scoped_session",
    "async_session",
    "async_sessionmaker",
    "close_all_sessions",
];

/// A name of `sqlalchemy.ext.asyncio` that is defined here.
///
/// # Errors
/// What loading the module raises.
pub fn find_asynchronous(vm: &mut Interpreter, name: &str) -> Result<Option<Value>> {
    if !ASYNCHRONOUS.contains(&name) {
        return Ok(None);
    }
    super::statements::library(vm, "asynchronous", name).map(Some)
}

/// An instance of a class of the asynchronous half, made of what it stands for.
///
/// # Errors
/// What loading the module raises.
pub fn asynchronous(vm: &mut Interpreter, class: &str, of: Value) -> Result<Value> {
    call(vm, "asynchronous", class, vec![of])
}

/// The names of `sqlalchemy.orm` that these modules define.
const NAMES: &[(&str, &[&str])] = &[
    (
        "session",
        &[
            "Session",
            "sessionmaker",
            "object_session",
            "close_all_sessions",
            "make_transient",
            "make_transient_to_detached",
        ],
    ),
    ("scoping", &["scoped_session", "QueryPropertyDescriptor"]),
    ("transaction", &["SessionTransaction"]),
    ("query", &["Query"]),
    ("dynamic", &["AppenderQuery", "WriteOnlyCollection"]),
    ("context", &["ORMExecuteState"]),
    ("unitofwork", &["UOWTransaction"]),
    ("state", &["InstanceState", "AttributeState"]),
    (
        "strategy_options",
        &[
            "Load",
            "LoaderCriteriaOption",
            "joinedload",
            "selectinload",
            "subqueryload",
            "immediateload",
            "lazyload",
            "noload",
            "raiseload",
            "contains_eager",
            "defaultload",
            "load_only",
            "defer",
            "undefer",
            "undefer_group",
            "with_expression",
            "with_loader_criteria",
            "selectin_polymorphic",
        ],
    ),
    (
        "util",
        &[
            "AliasedClass",
            "Bundle",
            "aliased",
            "with_parent",
            "with_polymorphic",
            "polymorphic_union",
            "was_deleted",
            "join",
            "outerjoin",
        ],
    ),
    (
        "collections",
        &[
            "KeyFuncDict",
            "MappedCollection",
            "attribute_keyed_dict",
            "attribute_mapped_collection",
            "column_keyed_dict",
            "column_mapped_collection",
            "keyfunc_mapping",
            "mapped_collection",
        ],
    ),
    ("mapping", &["configure_mappers"]),
];

/// A name of `sqlalchemy.orm` that is defined here.
///
/// # Errors
/// What loading the module raises.
pub(super) fn find_name(vm: &mut Interpreter, name: &str) -> Result<Option<Value>> {
    let module = NAMES
        .iter()
        .find(|(_, names)| names.contains(&name))
        .map(|(module, _)| *module);
    match module {
        Some(module) => super::statements::library(vm, module, name).map(Some),
        None => Ok(None),
    }
}

/// Calls a function of one of the modules.
///
/// # Errors
/// What it raises.
pub(super) fn call(
    vm: &mut Interpreter,
    module: &str,
    function: &str,
    arguments: Vec<Value>,
) -> Result<Value> {
    let function = super::statements::library(vm, module, function)?;
    vm.call(&function, python::Arguments::positional(arguments))
}
