//! `MigrationContext` without an env.py: `MigrationContext.configure(connection)`.

use crate::bindings::conversion;
use std::rc::Rc;

use super::callbacks::PythonCallbacks;
use super::context::{configure_options, target};
use super::migration_context::{migration_context_value, to_migration_context};
use crate::autogenerate::{AutogenOptions, Comparison};
use crate::runtime::{ConfigureOptions, MigrationContext};
use ground::diagnostic::Result;
use python::parameters;
use python::{Arguments, Class, Interpreter, Module, Value};

/// `MigrationContext.configure(connection=None, url=None, ..., opts=None)`.
pub(super) fn configure(
    vm: &mut Interpreter,
    _class: &Class,
    arguments: Arguments,
) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "MigrationContext.configure",
        "connection=None, url=None, dialect_name=None, dialect=None, environment_context=None, \
         dialect_opts=None, opts=None"
    ))?;
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
            configure_options(vm, None, arguments, &mut options)?;
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
    let target = target(vm, &mut bound)?;
    let run = vm.run.clone();
    let context = vm.lend(|| MigrationContext::new(&run, target, options, None))?;
    Ok(migration_context_value(vm, &context))
}

/// `context.stamp(script_directory, revision)`.
pub(super) fn stamp(_vm: &mut Interpreter, _this: &Value, _arguments: Arguments) -> Result<Value> {
    Err(ground::diagnostic::Error::unsupported(
        "MigrationContext.stamp() is not there; use the stamp command",
    ))
}

/// The module `alembic.autogenerate`.
pub(super) fn autogenerate_module(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("alembic.autogenerate")
        .function("compare_metadata", |vm, arguments| {
            let mut bound = arguments.bind(parameters!("compare_metadata", "context, metadata"))?;
            let (context, metadata) = arguments_of(vm, &mut bound)?;
            let differences =
                vm.lend(|| crate::autogenerate::compare_metadata(&context, &metadata))?;
            super::differences::differences_value(vm, &differences)
        })
        .function("produce_migrations", |vm, arguments| {
            let mut bound =
                arguments.bind(parameters!("produce_migrations", "context, metadata"))?;
            let (context, metadata) = arguments_of(vm, &mut bound)?;
            let script =
                vm.lend(|| crate::autogenerate::produce_migrations(&context, &metadata))?;
            Ok(super::directives::operation_value(vm, &script.into()))
        })
        .attribute_hook(|vm, name| {
            Ok(match name {
                "rewriter" => Some(vm.import("alembic.autogenerate.rewriter")?),
                "Rewriter" => {
                    let module = vm.import("alembic.autogenerate.rewriter")?;
                    Some(vm.get_attribute(&module, "Rewriter")?)
                }
                "renderers" => Some(vm.import("alembic.autogenerate.renderers")?),
                _ => None,
            })
        })
        .build())
}

fn arguments_of(
    vm: &mut Interpreter,
    bound: &mut python::Bound<'_>,
) -> Result<(MigrationContext, sqlalchemy::schema::MetaData)> {
    let context = bound.value("context");
    let Some(context) = to_migration_context(&context) else {
        return Err(vm.type_error("a MigrationContext was expected"));
    };
    let metadata = bound.value("metadata");
    let metadata = conversion::to_metadata(vm, &metadata)?;
    Ok((context, metadata))
}
