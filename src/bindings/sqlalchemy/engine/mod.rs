//! `sqlalchemy.engine` and related modules: engines, connections, results, the inspector,
//! exceptions, events and pools.

mod asyncio;
mod connection;
mod create;
mod event;
mod exc;
pub(super) mod inspector;
mod mock;
mod pool;
mod result;
mod row;
mod transaction;
mod url;

#[cfg(test)]
mod tests;

use crate::bindings::conversion;
use std::rc::Rc;

pub use asyncio::{AsyncConnectionObject, Ready, async_connection_value};
pub use connection::schema_translate_map;
pub use connection::{
    ConnectionObject, EngineObject, connection_value, driver_parameter_set, engine_value, execute,
    is_engine, to_connection, to_engine,
};
pub use create::{call_default, create_or_drop, create_or_drop_item};
pub use event::{Listeners, listeners};
pub use inspector::{InspectorObject, inspect, inspector_value, to_inspector};
pub use mock::{MockConnection, MockExecutor};
pub use result::{ResultObject, python_values};
pub use row::{RowMappingObject, RowObject};
pub use transaction::{TransactionObject, transaction_value};

/// Whether a value is a row of a result.
pub fn is_row(value: &python::Value) -> bool {
    value.downcast::<RowObject>().is_some()
}
pub use url::{UrlObject, to_url};

use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Bound, FreeFunction, Interpreter, Module, ModuleBuilder, Registry, Value, function,
};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::engine::dialect::standard_value;
use sqlalchemy::engine::{Connection, EngineOptions, ExecutionOptions, PoolClass, create_engine};

/// The Python object of a dialect.
pub fn dialect_value(_vm: &mut Interpreter, dialect: &Dialect) -> Value {
    Value::native(super::dialects::DialectObject {
        dialect: dialect.clone(),
    })
}

/// Registers the engine modules.
pub fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.exc", exc::module);
    registry.add("sqlalchemy.event", event::module);
    registry.add("sqlalchemy.pool", pool::module);
    registry.add("sqlalchemy.engine", engine_module);
    registry.add("sqlalchemy.engine.base", engine_module);
    registry.add("sqlalchemy.engine.default", |vm| {
        let dialect = vm.class(&super::dialects::DEFAULT_DIALECT);
        Ok(Module::build("sqlalchemy.engine.default")
            .class(&dialect)
            .build())
    });
    registry.add("sqlalchemy.engine.interfaces", |vm| {
        let dialect = vm.class(&super::dialects::DIALECT);
        Ok(Module::build("sqlalchemy.engine.interfaces")
            .class(&dialect)
            .build())
    });
    registry.add("sqlalchemy.engine.url", url_module);
    registry.add("sqlalchemy.engine.reflection", reflection_module);
    registry.add("sqlalchemy.engine.row", result_module);
    registry.add("sqlalchemy.engine.result", result_module);
    registry.add("sqlalchemy.engine.cursor", result_module);
    registry.add("sqlalchemy.ext.asyncio", asyncio_module);
    registry.add("sqlalchemy.ext.asyncio.engine", asyncio_module);
    registry.add("sqlalchemy.ext.asyncio.result", asyncio_module);
    registry.add("sqlalchemy.ext.asyncio.scoping", asyncio_module);
    registry.add("sqlalchemy.ext.asyncio.session", asyncio_module);
}

/// Adds the engine names of the `sqlalchemy` namespace.
///
/// # Errors
/// What making the modules says.
pub fn add_names(vm: &mut Interpreter, mut module: ModuleBuilder) -> Result<ModuleBuilder> {
    for (name, value) in names(vm)? {
        module = module.value(name, value);
    }
    Ok(module
        .functions(&ENGINE_FUNCTIONS)
        .declared(&MAKE_URL)
        .declared(&mock::CREATE_MOCK_ENGINE)
        .declared(&INSPECT))
}

fn names(vm: &mut Interpreter) -> Result<Vec<(&'static str, Value)>> {
    exc::define(vm);
    let mut found = vec![
        ("URL", vm.class(&url::URL).into()),
        ("Dialect", vm.class(&super::dialects::DIALECT).into()),
        ("Engine", vm.class(&connection::ENGINE).into()),
        ("Connection", vm.class(&connection::CONNECTION).into()),
        ("Transaction", vm.class(&transaction::TRANSACTION).into()),
        ("Inspector", vm.class(&inspector::INSPECTOR).into()),
    ];
    for declared in result::CLASSES {
        let class = vm.class(*declared);
        let name = match &*class.name() {
            "Result" => "Result",
            "CursorResult" => "CursorResult",
            "ScalarResult" => "ScalarResult",
            "MappingResult" => "MappingResult",
            "Row" => "Row",
            "RowMapping" => "RowMapping",
            _ => continue,
        };
        found.push((name, class.into()));
    }
    for class in pool::CLASSES {
        found.push((class.name(), vm.class(pool::declared(class)).into()));
    }
    Ok(found)
}

fn engine_module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    exc::define(vm);
    let mut module = Module::build("sqlalchemy.engine")
        .functions(&ENGINE_FUNCTIONS)
        .declared(&MAKE_URL)
        .declared(&mock::CREATE_MOCK_ENGINE)
        .class(&vm.class(&url::URL))
        .class(&vm.class(&connection::ENGINE))
        .class(&vm.class(&connection::CONNECTION))
        .class(&vm.class(&transaction::TRANSACTION))
        .class(&vm.class(&inspector::INSPECTOR));
    for declared in result::CLASSES {
        let class = vm.class(*declared);
        module = module.class(&class);
    }
    // Created on first use: importing them imports this module first.
    Ok(module
        .attribute_hook(|vm, name| match name {
            "reflection" | "url" | "result" | "row" | "cursor" | "base" => {
                vm.import(&format!("sqlalchemy.engine.{name}")).map(Some)
            }
            _ => Ok(None),
        })
        .build())
}

fn url_module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.engine.url")
        .class(&vm.class(&url::URL))
        .declared(&MAKE_URL)
        .build())
}

fn reflection_module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.engine.reflection")
        .class(&vm.class(&inspector::INSPECTOR))
        .build())
}

fn result_module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut module = Module::build("sqlalchemy.engine.result");
    for declared in result::CLASSES {
        let class = vm.class(*declared);
        module = module.class(&class);
    }
    Ok(module.build())
}

fn asyncio_module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.ext.asyncio")
        .class(&vm.class(&asyncio::ASYNC_ENGINE))
        .class(&vm.class(&asyncio::ASYNC_CONNECTION))
        .class(&vm.class(&asyncio::ASYNC_ATTRS))
        .functions(&ASYNC_FUNCTIONS)
        .attribute_hook(crate::bindings::orm::find_asynchronous)
        .build())
}

static MAKE_URL: FreeFunction = function(
    "make_url",
    "name_or_url, *, keep_blank_values=False",
    |vm, bound| {
        bound.refuse(&["keep_blank_values"])?;
        let url = to_url(vm, &bound.value("name_or_url"))?;
        Ok(Value::native(UrlObject { url }))
    },
);

static INSPECT: FreeFunction = function("inspect", "subject, raiseerr=True", |vm, bound| {
    let subject = bound.value("subject");
    let raises = bound
        .take("raiseerr")
        .is_none_or(|raises| raises.as_bool() != Some(false));
    if let Value::Class(class) = &subject
        && let Some(mapper) = class.lookup("__mapper__")
    {
        return Ok(mapper);
    }
    if let Some(state) = crate::bindings::orm::inspect(vm, &subject)? {
        return Ok(state);
    }
    if let Some(inspector) = inspect(vm, &subject)? {
        return Ok(inspector);
    }
    match to_inspector(vm, &subject) {
        Ok(found) => Ok(inspector_value(&found)),
        Err(error) if !raises && error.class.ends_with("NoInspectionAvailable") => Ok(Value::None),
        Err(error) => Err(error),
    }
});

/// The functions of `sqlalchemy.engine`.
static ENGINE_FUNCTIONS: [FreeFunction; 2] = [
    function("create_engine", "url, **kwargs", |vm, bound| {
        make_engine(vm, bound, false)
    }),
    function(
        "engine_from_config",
        "configuration, prefix='sqlalchemy.', **kwargs",
        |vm, bound| from_config(vm, bound, false),
    ),
];

/// The functions of `sqlalchemy.ext.asyncio`.
static ASYNC_FUNCTIONS: [FreeFunction; 2] = [
    function("create_async_engine", "url, **kw", |vm, bound| {
        make_engine(vm, bound, true)
    }),
    function(
        "async_engine_from_config",
        "configuration, prefix='sqlalchemy.', **kwargs",
        |vm, bound| from_config(vm, bound, true),
    ),
];

/// The keyword arguments of SQLAlchemy's `create_engine`.
const KEYWORDS: [&str; 34] = [
    "connect_args",
    "creator",
    "echo",
    "echo_pool",
    "enable_from_linting",
    "execution_options",
    "future",
    "hide_parameters",
    "implicit_returning",
    "insertmanyvalues_page_size",
    "isolation_level",
    "json_deserializer",
    "json_serializer",
    "label_length",
    "logging_name",
    "max_identifier_length",
    "max_overflow",
    "module",
    "native_datetime",
    "paramstyle",
    "plugins",
    "pool",
    "pool_events",
    "pool_logging_name",
    "pool_pre_ping",
    "pool_recycle",
    "pool_reset_on_return",
    "pool_size",
    "pool_timeout",
    "pool_use_lifo",
    "poolclass",
    "query_cache_size",
    "skip_autocommit_rollback",
    "use_insertmanyvalues",
];

fn make_engine(vm: &mut Interpreter, bound: &mut Bound<'_>, asynchronous: bool) -> Result<Value> {
    let url = bound.value("url");
    engine_with(vm, &url, std::mem::take(&mut bound.extra), asynchronous)
}

/// An engine for a URL, with the keyword arguments of `create_engine`.
fn engine_with(
    vm: &mut Interpreter,
    url: &Value,
    given: Vec<(Rc<str>, Value)>,
    asynchronous: bool,
) -> Result<Value> {
    let url = to_url(vm, url)?;
    url.check_dialect()?;
    if asynchronous {
        check_asynchronous(&url)?;
    }
    let mut options = EngineOptions::default();
    for (name, value) in &given {
        match &**name {
            "echo" => options.echo = !matches!(value.as_str(), Some("")) && vm.truth(value)?,
            "hide_parameters" => options.hide_parameters = vm.truth(value)?,
            "isolation_level" => {
                options.isolation_level = value.as_text().map(|level| level.to_string());
            }
            "poolclass" => {
                options.poolclass = value
                    .as_class()
                    .and_then(|class| PoolClass::from_name(&class.name()));
            }
            "connect_args" => {
                let given = value
                    .as_dict()
                    .map(|dict| dict.entries())
                    .unwrap_or_default();
                for (name, value) in given {
                    let (Some(name), Ok(literal)) = (
                        name.as_text(),
                        crate::bindings::conversion::to_literal(vm, &value),
                    ) else {
                        continue;
                    };
                    // Values that no driver accepts, such as a class, are ignored.
                    if let Some(value) = standard_value(&literal) {
                        options.connect_args.set(&name, value);
                    }
                }
            }
            "execution_options" => {
                let option = |name: &str| {
                    let value = value.as_dict()?.get_str(name)?;
                    value.as_text().map(|text| text.to_string())
                };
                let map = value
                    .as_dict()
                    .and_then(|dict| dict.get_str("schema_translate_map"));
                let schema_translate_map = match map {
                    Some(map) => connection::schema_translate_map(vm, &map)?,
                    None => None,
                };
                options.execution_options = ExecutionOptions {
                    isolation_level: option("isolation_level"),
                    logging_token: option("logging_token"),
                    schema_translate_map,
                };
            }
            "future" if !vm.truth(value)? => {
                return Err(Error::new(
                    sqlalchemy::exc::ARGUMENT_ERROR,
                    "The 'future' parameter passed to create_engine() may only be set to True.",
                ));
            }
            "json_serializer" => options.json_serializer = !value.is_none(),
            "json_deserializer" => options.json_deserializer = !value.is_none(),
            "creator" | "pool_events" | "module" | "pool" if vm.truth(value)? => {
                return Err(Error::unsupported(format!("create_engine({name}=...)")));
            }
            "logging_name" => options.logging_name = value.as_text(),
            _ => {}
        }
    }
    if let Some((_, strategy)) = given.iter().find(|(name, _)| &**name == "strategy") {
        let shown = vm.repr(strategy)?;
        return Err(conversion::argument_error(format!(
            "unknown strategy: {shown}"
        )));
    }
    let pool = options
        .poolclass
        .unwrap_or_else(|| url.get_dialect().get_pool_class(&url));
    let unknown: Vec<String> = given
        .iter()
        .filter(|(name, _)| !KEYWORDS.contains(&&**name) || !pool.takes(name))
        .map(|(name, _)| format!("'{name}'"))
        .collect();
    if !unknown.is_empty() {
        return Err(Error::new(
            "TypeError",
            format!(
                "Invalid argument(s) {} sent to create_engine(), using configuration \
                 {}/{}/Engine.  Please check that the keyword arguments are appropriate for this \
                 combination of components.",
                unknown.join(","),
                url.get_dialect().class_name(),
                pool.name()
            ),
        ));
    }
    let run = vm.run.clone();
    let engine = create_engine(&run, &url, options)?;
    connection::listen(vm, &engine);
    if asynchronous {
        Ok(EngineObject::value(engine, true))
    } else {
        Ok(engine_value(vm, &engine))
    }
}

/// Rejects an asynchronous engine with a synchronous driver.
fn check_asynchronous(url: &sqlalchemy::engine::Url) -> Result<()> {
    let driver = url.get_driver_name()?;
    if url.get_dialect().asynchronous_drivers().contains(&driver) {
        return Ok(());
    }
    Err(Error::new(
        sqlalchemy::exc::INVALID_REQUEST_ERROR,
        format!(
            "The asyncio extension requires an async driver to be used. The loaded '{driver}' is \
             not async."
        ),
    ))
}

fn from_config(vm: &mut Interpreter, bound: &mut Bound<'_>, asynchronous: bool) -> Result<Value> {
    let prefix = bound
        .take("prefix")
        .and_then(|prefix| prefix.as_text())
        .unwrap_or_else(|| "sqlalchemy.".into());
    let configuration = bound.value("configuration");
    conversion::refuse_opaque(&configuration, "The configuration")?;
    let pairs = match configuration.as_dict() {
        Some(dict) => dict.entries(),
        None => {
            let items = vm.call_method(&configuration, "items", Arguments::none())?;
            let mut pairs = Vec::new();
            for item in vm.collect(&items)? {
                if let Some([key, value]) = item.as_items().as_deref() {
                    pairs.push((key.clone(), value.clone()));
                }
            }
            pairs
        }
    };
    let mut options: Vec<(Rc<str>, Value)> = Vec::new();
    for (name, value) in pairs {
        let Some(name) = name.as_text() else { continue };
        if let Some(name) = name.strip_prefix(&*prefix) {
            let value = coerced(name, value)?;
            options.push((name.into(), value));
        }
    }
    for (name, value) in std::mem::take(&mut bound.extra) {
        options.retain(|(known, _)| *known != name);
        options.push((name, value));
    }
    let Some(place) = options.iter().position(|(name, _)| &**name == "url") else {
        let key = Value::str("url");
        return Err(vm.key_error(&key));
    };
    let (_, url) = options.remove(place);
    engine_with(vm, &url, options, asynchronous)
}

/// Converts a configuration file's string to the argument's type.
fn coerced(name: &str, value: Value) -> Result<Value> {
    let Some(text) = value.as_text() else {
        return Ok(value);
    };
    let boolean = || match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "t" | "1" => Ok(true),
        "false" | "no" | "off" | "n" | "f" | "0" => Ok(false),
        other => Err(Error::new(
            "ValueError",
            format!(
                "String is not true/false: {}",
                ground::formatting::repr::string_repr(other)
            ),
        )),
    };
    Ok(match name {
        "echo" | "echo_pool" if &*text == "debug" => value,
        "echo" | "echo_pool" | "future" | "hide_parameters" | "pool_pre_ping"
        | "use_native_unicode" | "pool_use_lifo" => Value::Bool(boolean()?),
        "pool_size" | "pool_recycle" | "max_overflow" | "query_cache_size" => {
            Value::Int(text.trim().parse().map_err(|_| {
                Error::new(
                    "ValueError",
                    format!(
                        "invalid literal for int() with base 10: {}",
                        ground::formatting::repr::string_repr(&text)
                    ),
                )
            })?)
        }
        _ => value,
    })
}

/// Runs a function with the given connection, or one checked out from the given engine.
///
/// # Errors
/// What connecting and the action say; `sqlalchemy.exc.ArgumentError` for anything else.
pub fn with_connection<T>(
    vm: &mut Interpreter,
    bind: &Value,
    action: impl FnOnce(&mut Interpreter, &Connection) -> Result<T>,
) -> Result<T> {
    if let Some(connection) = to_connection(bind) {
        return action(vm, &connection);
    }
    if let Some(engine) = to_engine(bind) {
        let connection = vm.lend(|| engine.connect())?;
        let transaction = vm.lend(|| connection.begin())?;
        let result = action(vm, &connection);
        let ended = vm.lend(|| transaction.exit(result.is_ok()));
        vm.lend(|| connection.close())?;
        let value = result?;
        ended?;
        return Ok(value);
    }
    conversion::refuse_opaque(bind, "The bind")?;
    let shown = vm.repr(bind)?;
    Err(Error::new(
        sqlalchemy::exc::ARGUMENT_ERROR,
        format!("Expected an Engine or a Connection, got {shown}"),
    ))
}
