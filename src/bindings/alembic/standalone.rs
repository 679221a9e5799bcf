//! `MigrationContext` without an env.py: `MigrationContext.configure(connection)`.

use std::rc::Rc;

use super::callbacks::PythonCallbacks;
use super::context::{CONFIGURE, configure_options, target};
use super::differences::differences_value;
use super::migration_context::{migration_context_value, to_migration_context};
use super::operations::objects::{container_list, operation_value};
use crate::autogenerate::{AutogenContext, AutogenOptions, Comparison, render_cmd_body};
use crate::bindings::conversion;
use crate::runtime::{ConfigureOptions, MigrationContext, MigrationTarget};
use ground::diagnostic::Result;
use python::{Arguments, Bound, FreeFunction, Interpreter, Module, Value, function, parameters};
use sqlalchemy::dialects::Dialect;

/// `MigrationContext.configure(connection=None, url=None, ..., opts=None)`.
pub(super) fn configure(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let mut options = ConfigureOptions::default();
    let given = bound.take_some("opts");
    match given.as_ref().and_then(Value::as_dict) {
        Some(dict) => {
            let mut arguments = Arguments::none();
            for (name, value) in dict.str_entries() {
                if &*name == "as_sql" {
                    options.environment.as_sql = vm.truth(&value)?;
                } else {
                    arguments.keyword.push((name, value));
                }
            }
            let parameters = parameters!("EnvironmentContext.configure", CONFIGURE);
            let mut bound = arguments.with_first(Value::None).bind(parameters)?;
            configure_options(vm, None, &mut bound, &mut options)?;
        }
        None => {
            let autogenerate = AutogenOptions {
                compare_type: Comparison::On,
                callbacks: Rc::new(PythonCallbacks::default()),
                ..AutogenOptions::default()
            };
            options
                .others
                .insert(AutogenOptions::KEY.to_owned(), Rc::new(autogenerate));
        }
    }
    let target = target(vm, bound)?;
    let run = vm.run.clone();
    let context = vm.lend(|| MigrationContext::new(&run, target, options, None))?;
    Ok(migration_context_value(vm, &context))
}

const RENDER_PYTHON_CODE: FreeFunction = function(
    "render_python_code",
    "up_or_down_op, sqlalchemy_module_prefix='sa.', alembic_module_prefix='op.', \
     render_as_batch=False, imports=(), render_item=None, migration_context=None, \
     user_module_prefix=None",
    render_python_code,
);

/// `render_python_code(UpgradeOps(...))`: the body that a revision file would have.
fn render_python_code(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let operations = container_list(vm, &bound.value("up_or_down_op"))?;
    let text = |value: Value| value.as_text().map(|text| text.to_string());
    let mut prefix = |name: &str, default: &str| {
        let given = bound.take_some(name).and_then(text);
        given.unwrap_or_else(|| default.to_owned())
    };
    let sqlalchemy_module_prefix = prefix("sqlalchemy_module_prefix", "sa.");
    let alembic_module_prefix = prefix("alembic_module_prefix", "op.");
    let callbacks = PythonCallbacks {
        render_item: bound.take_some("render_item"),
        ..PythonCallbacks::default()
    };
    let options = AutogenOptions {
        sqlalchemy_module_prefix,
        alembic_module_prefix,
        user_module_prefix: bound.take_some("user_module_prefix").and_then(text),
        render_as_batch: bound.flag("render_as_batch"),
        callbacks: Rc::new(callbacks),
        ..AutogenOptions::default()
    };
    let given = bound.value("migration_context");
    let context = match to_migration_context(&given) {
        Some(context) => context,
        None => {
            let target = MigrationTarget::Dialect(Dialect::named("default"));
            let run = vm.run.clone();
            vm.lend(|| MigrationContext::new(&run, target, ConfigureOptions::default(), None))?
        }
    };
    let text = vm.lend(|| {
        let context = AutogenContext::new(&context, None, options, false)?;
        render_cmd_body(&operations, &context)
    })?;
    Ok(Value::str(text))
}

/// The functions of `alembic.autogenerate` that need no env.py.
static FUNCTIONS: [FreeFunction; 3] = [
    RENDER_PYTHON_CODE,
    function("compare_metadata", "context, metadata", |vm, bound| {
        let (context, metadata) = arguments_of(vm, bound)?;
        let differences = vm.lend(|| crate::autogenerate::compare_metadata(&context, &metadata))?;
        Ok(differences_value(vm, &differences))
    }),
    function("produce_migrations", "context, metadata", |vm, bound| {
        let (context, metadata) = arguments_of(vm, bound)?;
        let script = vm.lend(|| crate::autogenerate::produce_migrations(&context, &metadata))?;
        Ok(operation_value(vm, &script.into()))
    }),
];

/// The module `alembic.autogenerate`.
pub(super) fn autogenerate_module(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("alembic.autogenerate")
        .functions(&FUNCTIONS)
        .attribute_hook(|vm, name| {
            Ok(match name {
                "rewriter" => Some(vm.import("alembic.autogenerate.rewriter")?),
                "Rewriter" => {
                    let module = vm.import("alembic.autogenerate.rewriter")?;
                    Some(vm.get_attribute(&module, "Rewriter")?)
                }
                "renderers" | "comparators" => {
                    Some(vm.import(&format!("alembic.autogenerate.{name}"))?)
                }
                _ => None,
            })
        })
        .build())
}

fn arguments_of(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
) -> Result<(MigrationContext, sqlalchemy::schema::MetaData)> {
    let context = bound.value("context");
    let Some(context) = to_migration_context(&context) else {
        return Err(vm.type_error("a MigrationContext was expected"));
    };
    let metadata = bound.value("metadata");
    let metadata = conversion::to_metadata(vm, &metadata)?;
    Ok((context, metadata))
}
