//! `alembic.context`: the functions that env.py calls.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::callbacks::{PythonCallbacks, PythonOnVersionApply};
use super::environment::{ActiveEnvironment, AlembicState, PythonMigrations};
use super::migration_context::{
    context_manager, execute, impl_value, migration_context_value, revision_number,
};
use crate::autogenerate::{AutogenOptions, Comparison};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine;
use crate::runtime::{
    ConfigureOptions, EnvironmentOptions, MigrationTarget, OnVersionApply, OutputBuffer,
    TargetMetadata,
};
use crate::script::revision::Identifier;
use crate::script::{TemplateArguments, TemplateValue};
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Bound, Class, Declaration, Interpreter, Module, NativeFunction, NativeObject, Value,
    method, property,
};
use sqlalchemy::dialects::Paramstyle;
use sqlalchemy::engine::make_url;

/// The innermost environment whose env.py is running.
pub(super) fn active(vm: &mut Interpreter) -> Option<ActiveEnvironment> {
    vm.extension::<AlembicState>()
        .active
        .borrow()
        .last()
        .cloned()
}

fn proxied(vm: &mut Interpreter, function: &str) -> Result<ActiveEnvironment> {
    active(vm).ok_or_else(|| {
        Error::new(
            "NameError",
            format!(
                "Can't invoke function '{function}', as the proxy object has not yet been \
                 established for the Alembic 'EnvironmentContext' class.  Try placing this code \
                 inside a callable."
            ),
        )
    })
}

/// `EnvironmentContext`, whose methods are the functions of `alembic.context`.
pub(super) static ENVIRONMENT_CONTEXT: Declaration<ActiveEnvironment> = Declaration {
    properties: &[
        property("config", |_, active| Ok(active.config.clone())),
        property("script", |vm, active| {
            let script = active.environment.script();
            Ok(super::script::script_directory_value(vm, script))
        }),
        property("context_opts", |_, active| Ok(context_opts(active))),
    ],
    methods: &[
        method("configure", CONFIGURE, configure),
        method("run_migrations", "self, **kw", run_migrations),
        method("begin_transaction", "self", |vm, active, _| {
            let context = active.environment.get_context()?;
            context_manager(vm, &context)
        }),
        method("is_offline_mode", "self", |_, active, _| {
            Ok(Value::Bool(active.environment.is_offline_mode()))
        }),
        method("requires_connection", "self", |_, active, _| {
            Ok(Value::Bool(!active.environment.is_offline_mode()))
        }),
        method("is_transactional_ddl", "self", |_, active, _| {
            let context = active.environment.get_context()?;
            Ok(Value::Bool(context.implementation().transactional_ddl()))
        }),
        method("get_head_revision", "self", |vm, active, _| {
            let script = active.environment.script();
            revision_number(vm, script, &Identifier::One("head".to_owned()))
        }),
        method("get_head_revisions", "self", |vm, active, _| {
            let script = active.environment.script();
            revision_number(vm, script, &Identifier::One("heads".to_owned()))
        }),
        method("get_starting_revision_argument", "self", |vm, active, _| {
            let environment = &active.environment;
            let starting = environment.options().starting_rev.clone();
            match starting {
                Some(revision) => {
                    revision_number(vm, environment.script(), &Identifier::One(revision))
                }
                None if environment.is_configured() || environment.is_offline_mode() => {
                    Ok(Value::None)
                }
                None => Err(Error::command(
                    "No starting revision argument is available.",
                )),
            }
        }),
        method("get_revision_argument", "self", |vm, active, _| {
            let destination = active.environment.options().destination_rev.clone();
            match destination {
                Some(id) => revision_number(vm, active.environment.script(), &id),
                None => Err(Error::new("KeyError", "'destination_rev'")),
            }
        }),
        method("get_tag_argument", "self", |_, active, _| {
            Ok(active.environment.options().tag.clone().into())
        }),
        method(
            "get_x_argument",
            "self, as_dictionary=False",
            |_, active, bound| {
                let as_dictionary = bound
                    .take("as_dictionary")
                    .and_then(|value| value.as_bool());
                let given = active
                    .environment
                    .config()
                    .cmd_opts()
                    .map(|options| options.x())
                    .unwrap_or_default();
                Ok(if as_dictionary == Some(true) {
                    Value::dict(given.iter().map(|text| {
                        let (name, value) = text.split_once('=').unwrap_or((text, ""));
                        (name.to_owned(), Value::str(value))
                    }))
                } else {
                    given.into()
                })
            },
        ),
        method("get_context", "self", |vm, active, _| {
            let context = active.environment.get_context()?;
            Ok(migration_context_value(vm, &context))
        }),
        method("get_bind", "self", |vm, active, _| {
            let context = active.environment.get_context()?;
            Ok(super::migration_context::bind_value(vm, &context))
        }),
        method("get_impl", "self", |vm, active, _| {
            let context = active.environment.get_context()?;
            Ok(impl_value(vm, &context))
        }),
        method(
            "execute",
            "self, sql, execution_options=None",
            |vm, active, bound| {
                let context = active.environment.get_context()?;
                execute(vm, &context, bound)
            },
        ),
        method("static_output", "self, text", |vm, active, bound| {
            let text = vm.str(&bound.value("text"))?;
            let context = active.environment.get_context()?;
            vm.lend(|| context.implementation().static_output(&text))?;
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("alembic.runtime.environment.EnvironmentContext")
};

impl NativeObject for ActiveEnvironment {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&ENVIRONMENT_CONTEXT)
    }
}

/// The module `alembic.context`.
pub fn module(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut builder = Module::build("alembic.context");
    for name in ENVIRONMENT_CONTEXT.method_names() {
        builder = builder.function(name, move |vm, arguments| {
            let active = proxied(vm, name)?;
            vm.call_method(&Value::native(active), name, arguments)
        });
    }
    // Only available while env.py runs, as in Alembic.
    Ok(builder
        .attribute_hook(|vm, name| {
            let Some(active) = active(vm) else {
                return Ok(None);
            };
            Ok(match name {
                "config" => Some(active.config.clone()),
                "script" => {
                    let script = active.environment.script().clone();
                    Some(super::script::script_directory_value(vm, &script))
                }
                "_proxy" => Some(Value::native(active)),
                _ => None,
            })
        })
        .build())
}

/// `EnvironmentContext.context_opts`: what the command asks for, then the keywords of `configure()`.
fn context_opts(active: &ActiveEnvironment) -> Value {
    let options = active.environment.options().clone();
    let mut entries: Vec<(Rc<str>, Value)> = Vec::new();
    if options.migrations.is_some() {
        let name = options.function;
        let function = NativeFunction::new(name, "alembic.command", false, move |vm, _| {
            Err(vm.unsupported(format!(
                "calling context_opts['fn'] ({name}) is not supported"
            )))
        });
        entries.push(("fn".into(), Value::NativeFunction(Rc::new(function))));
    }
    let destination = match options.destination_rev {
        None | Some(Identifier::None) => Value::None,
        Some(Identifier::One(id)) => Value::str(id),
        Some(Identifier::Many(ids)) => Value::tuple(ids.iter().map(Value::str).collect()),
    };
    // What the command gives to its environment.
    let given: &[(&str, Value)] = &match options.function {
        "upgrade" | "downgrade" | "do_stamp" => vec![
            ("as_sql", Value::Bool(options.as_sql)),
            ("starting_rev", options.starting_rev.into()),
            ("destination_rev", destination),
            ("tag", options.tag.into()),
        ],
        "display_version" => vec![("dont_mutate", Value::Bool(true))],
        "retrieve_migrations" | "do_ensure_version" => {
            vec![("as_sql", Value::Bool(options.as_sql))]
        }
        _ => Vec::new(),
    };
    for (name, value) in given {
        entries.push(((*name).into(), value.clone()));
    }
    if options.function == "do_stamp" {
        entries.push(("purge".into(), Value::Bool(options.purge)));
    }
    let configured = active.options.borrow().clone();
    if let Some(configured) = configured.as_dict() {
        entries.extend(configured.str_entries());
    }
    Value::dict(entries)
}

fn run_migrations(
    vm: &mut Interpreter,
    active: &ActiveEnvironment,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let arguments = Arguments {
        positional: Vec::new(),
        keyword: std::mem::take(&mut bound.extra),
    };
    if !active.environment.is_configured() {
        return Err(Error::new("AssertionError", ""));
    }
    let context = active.environment.get_context()?;
    *active.run_arguments.borrow_mut() = arguments.clone();
    super::op::install_proxy(vm, &context);
    let migrations = PythonMigrations { arguments };
    let result = vm.lend(|| context.run_migrations(&migrations));
    super::op::remove_proxy(vm);
    result.map(|()| Value::None)
}

fn flag(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str, default: bool) -> Result<bool> {
    match bound.take(name) {
        Some(value) => vm.truth(&value),
        None => Ok(default),
    }
}

fn optional_text(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    name: &str,
) -> Result<Option<String>> {
    bound
        .take_some(name)
        .map(|value| vm.str(&value))
        .transpose()
}

/// The parameters of `context.configure()`.
pub(super) const CONFIGURE: &str = "self, connection=None, url=None, dialect_name=None, \
     dialect_opts=None, transactional_ddl=None, transaction_per_migration=False, \
     output_buffer=None, starting_rev=None, tag=None, template_args=None, render_as_batch=False, \
     target_metadata=None, include_name=None, include_object=None, include_schemas=False, \
     process_revision_directives=None, compare_type=True, compare_server_default=False, \
     render_item=None, literal_binds=False, upgrade_token='upgrades', \
     downgrade_token='downgrades', alembic_module_prefix='op.', sqlalchemy_module_prefix='sa.', \
     user_module_prefix=None, on_version_apply=None, autogenerate_plugins=None, **kw";

fn configure(
    vm: &mut Interpreter,
    active: &ActiveEnvironment,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let named = bound.given().skip(1);
    let named = named.map(|(name, value)| (Rc::from(name), value.clone()));
    let given: Vec<(Rc<str>, Value)> = named.chain(bound.extra.iter().cloned()).collect();
    let given = Value::dict(given);
    let mut options = ConfigureOptions::default();
    let mut environment = active.environment.options().clone();
    let target = configure_options(vm, Some((active, &mut environment)), bound, &mut options)?;
    let Some(target) = target else {
        return Err(no_target());
    };
    active.environment.set_options(environment);
    *active.options.borrow_mut() = given;
    vm.lend(|| active.environment.configure(target, options))?;
    Ok(Value::None)
}

/// Reads the keywords of `context.configure()` into the options, and determines the database they
/// select. Without an environment they come from `MigrationContext.configure(opts=...)`.
///
/// # Errors
/// `TypeError` for arguments that do not fit; as [`target`].
pub(super) fn configure_options(
    vm: &mut Interpreter,
    environment: Option<(&ActiveEnvironment, &mut EnvironmentOptions)>,
    bound: &mut Bound<'_>,
    options: &mut ConfigureOptions,
) -> Result<Option<MigrationTarget>> {
    if let Some(value) = bound.take_some("transactional_ddl") {
        options.transactional_ddl = Some(vm.truth(&value)?);
    }
    options.transaction_per_migration = flag(vm, bound, "transaction_per_migration", false)?;
    if let Some(buffer) = bound.take_some("output_buffer") {
        options.output_buffer = Some(Rc::new(PythonBuffer(buffer)));
    }
    options.literal_binds = flag(vm, bound, "literal_binds", false)?;
    let mut run_arguments = Rc::default();
    if let Some((active, environment)) = environment {
        run_arguments = active.run_arguments.clone();
        if let Some(revision) = optional_text(vm, bound, "starting_rev")? {
            environment.starting_rev = Some(revision);
        }
        if let Some(tag) = optional_text(vm, bound, "tag")? {
            environment.tag = Some(tag);
        }
        if let Some(template_args) = bound.take_some("template_args") {
            update_template_args(vm, environment, &template_args)?;
        }
    }
    if let Some(metadata) = bound.take_some("target_metadata") {
        options.target_metadata = target_metadata(vm, &metadata)?;
    }

    let callbacks = PythonCallbacks {
        include_name: bound.take_some("include_name"),
        include_object: bound.take_some("include_object"),
        process_revision_directives: bound.take_some("process_revision_directives"),
        render_item: bound.take_some("render_item"),
        compare_type: callable(bound.named("compare_type")),
        compare_server_default: callable(bound.named("compare_server_default")),
    };
    let mut autogenerate = AutogenOptions {
        include_schemas: flag(vm, bound, "include_schemas", false)?,
        render_as_batch: flag(vm, bound, "render_as_batch", false)?,
        compare_type: comparison(bound.named("compare_type"), Comparison::On),
        compare_server_default: comparison(bound.named("compare_server_default"), Comparison::Off),
        user_module_prefix: optional_text(vm, bound, "user_module_prefix")?,
        callbacks: Rc::new(callbacks),
        ..AutogenOptions::default()
    };
    for (name, target) in [
        ("upgrade_token", &mut autogenerate.upgrade_token),
        ("downgrade_token", &mut autogenerate.downgrade_token),
        (
            "alembic_module_prefix",
            &mut autogenerate.alembic_module_prefix,
        ),
        (
            "sqlalchemy_module_prefix",
            &mut autogenerate.sqlalchemy_module_prefix,
        ),
    ] {
        if let Some(value) = bound.take(name) {
            *target = match value {
                Value::None => String::new(),
                value => vm.str(&value)?,
            };
        }
    }
    if let Some(plugins) = bound.take_some("autogenerate_plugins") {
        autogenerate.autogenerate_plugins = Vec::new();
        for plugin in vm.collect(&plugins)? {
            let plugin = vm.str(&plugin)?;
            autogenerate.autogenerate_plugins.push(plugin);
        }
    }
    options
        .others
        .insert(AutogenOptions::KEY.to_owned(), Rc::new(autogenerate));
    options.on_version_apply =
        on_version_apply(vm, &run_arguments, bound.take_some("on_version_apply"))?;
    for (name, value) in std::mem::take(&mut bound.extra) {
        match &*name {
            "version_table" => {
                if let Some(text) = value.as_str() {
                    options.version_table = text.to_owned();
                }
            }
            "version_table_schema" => {
                options.version_table_schema = value.as_str().map(str::to_owned);
            }
            "version_table_pk" => options.version_table_pk = vm.truth(&value)?,
            "mssql_batch_separator" | "oracle_batch_separator" => {
                let text = value.as_text().unwrap_or_default();
                options
                    .dialect_options
                    .push((name.to_string(), text.to_string()));
            }
            _ => {
                options.others.insert(name.to_string(), Rc::new(value));
            }
        }
    }

    if bound.named("connection").is_none()
        && bound.named("url").is_none()
        && bound.named("dialect_name").is_none()
    {
        return Ok(None);
    }
    target(vm, bound).map(Some)
}

fn no_target() -> Error {
    Error::new("Exception", "Connection, url, or dialect_name is required.")
}

/// Adds `template_args` to those of the command.
fn update_template_args(
    vm: &mut Interpreter,
    environment: &EnvironmentOptions,
    given: &Value,
) -> Result<()> {
    let Some(known) = environment
        .template_args
        .clone()
        .and_then(|known| known.downcast::<RefCell<TemplateArguments>>().ok())
    else {
        return Ok(());
    };
    let Some(dict) = given.as_dict() else {
        return Err(vm.type_error("template_args must be a dictionary"));
    };
    for (name, value) in dict.str_entries() {
        known.borrow_mut().insert(
            name.to_string(),
            TemplateValue::Python(Rc::new(value) as Rc<dyn Any>),
        );
    }
    Ok(())
}

/// The database selected by `connection`, `url` or `dialect_name`.
///
/// # Errors
/// `CommandError` for an Engine, `Exception` where nothing is given, what a URL says.
pub(super) fn target(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<MigrationTarget> {
    if let Some(connection) = bound.take_some("connection") {
        if engine::is_engine(&connection) {
            let shown = vm.repr(&connection)?;
            return Err(Error::command(format!(
                "'connection' argument to configure() is expected to be a \
                 sqlalchemy.engine.Connection instance, got {shown}"
            )));
        }
        return match engine::to_connection(&connection) {
            Some(connection) => Ok(MigrationTarget::Connection(connection)),
            None => {
                let class = vm.class_of(&connection);
                Err(vm.attribute_error(format!(
                    "'{}' object has no attribute 'dialect'",
                    class.name()
                )))
            }
        };
    }
    let text = match bound.take_some("url") {
        Some(url) => Some(url_text(vm, &url)?),
        None => None,
    };
    let text = match (
        text.filter(|text| !text.is_empty()),
        bound.take_some("dialect_name"),
    ) {
        (Some(text), _) => text,
        (None, Some(name)) => format!("{}://", vm.str(&name)?),
        (None, None) => return Err(no_target()),
    };
    let url = make_url(&text)?;
    url.check_dialect()?;
    let mut dialect = url.get_dialect();
    if let Some(options) = bound.take_some("dialect_opts")
        && let Value::Dict(options) = &options
        && let Some(paramstyle) = options.get_str("paramstyle")
        && let Some(paramstyle) = paramstyle.as_str().and_then(Paramstyle::named)
    {
        dialect = dialect.with_paramstyle(paramstyle);
    }
    Ok(MigrationTarget::Dialect(dialect))
}

fn callable(value: Option<&Value>) -> Option<Value> {
    value
        .filter(|value| !matches!(value, Value::Bool(_) | Value::None))
        .cloned()
}

fn comparison(value: Option<&Value>, default: Comparison) -> Comparison {
    match value {
        None => default,
        Some(Value::Bool(false)) => Comparison::Off,
        Some(Value::Bool(true) | Value::None) => Comparison::On,
        Some(_) => Comparison::Callable,
    }
}

/// The text of a URL, given as a `str` or a `URL`.
fn url_text(vm: &mut Interpreter, url: &Value) -> Result<String> {
    conversion::refuse_opaque(url, "the url")?;
    match url.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Ok(engine::to_url(vm, url)?.render_as_string(false)),
    }
}

fn target_metadata(vm: &mut Interpreter, value: &Value) -> Result<TargetMetadata> {
    let Some(items) = value.as_items() else {
        return Ok(TargetMetadata::One(conversion::to_metadata(vm, value)?));
    };
    let mut all = Vec::new();
    for item in &items {
        all.push(conversion::to_metadata(vm, item)?);
    }
    Ok(TargetMetadata::Many(all))
}

fn on_version_apply(
    vm: &mut Interpreter,
    run_arguments: &Rc<RefCell<Arguments>>,
    value: Option<Value>,
) -> Result<Vec<Rc<dyn OnVersionApply>>> {
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    let functions = match &value {
        Value::List(_) | Value::Tuple(_) | Value::Set(_) => vm.collect(&value)?,
        _ => vec![value],
    };
    Ok(functions
        .into_iter()
        .map(|function| -> Rc<dyn OnVersionApply> {
            Rc::new(PythonOnVersionApply {
                function,
                run_arguments: run_arguments.clone(),
            })
        })
        .collect())
}

/// A Python file object that `--sql` writes to.
struct PythonBuffer(Value);

impl OutputBuffer for PythonBuffer {
    fn write(&self, text: &str) -> Result<()> {
        Interpreter::borrow_lent(|vm| {
            vm.call_method(
                &self.0,
                "write",
                Arguments::positional(vec![Value::str(text)]),
            )?;
            if vm.find_attribute(&self.0, "flush")?.is_some() {
                vm.call_method(&self.0, "flush", Arguments::none())?;
            }
            Ok(())
        })
    }
}

/// The keywords passed to `context.configure()` for this context.
pub(super) fn configured_options(vm: &mut Interpreter) -> Value {
    match active(vm) {
        Some(active) => active.options.borrow().clone(),
        None => Value::None,
    }
}
