//! `MigrationContext` and the objects that it hands out, as Python values.

use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine;
use std::cell::RefCell;

use crate::runtime::{AutocommitBlock, MigrationContext, MigrationTransaction};
use crate::script::ScriptDirectory;
use crate::script::revision::Identifier;
use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{Arguments, Class, ClassBuilder, Interpreter, NativeObject, Value, instance};

const MODULE: &str = "alembic.runtime.migration";

/// The context behind a Python `MigrationContext`.
pub struct ContextState(pub MigrationContext);

fn context_of(this: &Value) -> Result<MigrationContext> {
    this.downcast::<ContextState>()
        .map(|state| state.0.clone())
        .ok_or_else(|| Error::new("TypeError", "a MigrationContext was expected"))
}

/// The Python object of a migration context.
pub fn migration_context_value(vm: &mut Interpreter, context: &MigrationContext) -> Value {
    let class = class(vm);
    instance(&class, ContextState(context.clone()))
}

/// The engine's context behind a Python `MigrationContext`, if it is one.
pub fn to_migration_context(value: &Value) -> Option<MigrationContext> {
    value
        .downcast::<ContextState>()
        .map(|state| state.0.clone())
}

/// The class `alembic.runtime.migration.MigrationContext`.
pub(super) fn class(vm: &mut Interpreter) -> Class {
    if let Some(class) = vm.registered_class("alembic.runtime.migration.MigrationContext") {
        return class;
    }
    let connection = |vm: &mut Interpreter, this: &Value| {
        Ok(match context_of(this)?.connection() {
            Some(connection) => engine::connection_value(vm, &connection),
            None => Value::None,
        })
    };
    ClassBuilder::new(MODULE, "MigrationContext")
        .class_method("configure", super::standalone::configure)
        .property("bind", connection)
        .property("connection", connection)
        .property("dialect", |vm, this| {
            let dialect = context_of(this)?.dialect().clone();
            Ok(engine::dialect_value(vm, &dialect))
        })
        .property("impl", |vm, this| {
            let context = context_of(this)?;
            Ok(impl_value(vm, &context))
        })
        .property("opts", |vm, this| {
            let context = context_of(this)?;
            Ok(super::context::configured_options(vm, &context))
        })
        .property("as_sql", |_, this| {
            Ok(Value::Bool(context_of(this)?.as_sql()))
        })
        .property("version_table", |_, this| {
            Ok(context_of(this)?.version_table().into())
        })
        .property("version_table_schema", |_, this| {
            Ok(context_of(this)?
                .options()
                .version_table_schema
                .clone()
                .into())
        })
        .property("config", |vm, _| {
            Ok(super::context::active(vm).map_or(Value::None, |active| active.config))
        })
        .property("script", |vm, this| {
            let context = context_of(this)?;
            Ok(match context.environment_context() {
                Some(environment) => {
                    super::script::script_directory_value(vm, environment.script())
                }
                None => Value::None,
            })
        })
        .property("environment_context", |vm, _| vm.import("alembic.context"))
        .property("_version", |vm, this| {
            let context = context_of(this)?;
            Ok(conversion::table_value(vm, context.version()))
        })
        .property("_in_external_transaction", |_, _| Ok(Value::Bool(false)))
        .method("get_current_revision", |vm, this, _| {
            let context = context_of(this)?;
            Ok(vm.lend(|| context.get_current_revision())?.into())
        })
        .method("get_current_heads", |vm, this, _| {
            let context = context_of(this)?;
            let heads = vm.lend(|| context.get_current_heads())?;
            Ok(Value::tuple(heads.iter().map(Value::str).collect()))
        })
        .method("execute", |vm, this, arguments| {
            let context = context_of(this)?;
            execute(vm, &context, "MigrationContext.execute", arguments)
        })
        .method("begin_transaction", |vm, this, arguments| {
            let mut bound = arguments.bind(parameters!(
                "MigrationContext.begin_transaction",
                "_per_migration=False"
            ))?;
            let per_migration = match bound.take("_per_migration") {
                Some(value) => vm.truth(&value)?,
                None => false,
            };
            let context = context_of(this)?;
            transaction_value(vm, &context, per_migration)
        })
        .method("autocommit_block", |vm, this, _| {
            let context = context_of(this)?;
            let class = match vm.registered_class("contextlib._AutocommitBlock") {
                Some(class) => class,
                None => ClassBuilder::new("contextlib", "_AutocommitBlock").build(vm),
            };
            Ok(Value::native(Autocommit {
                class,
                context,
                block: RefCell::new(None),
            }))
        })
        .method("stamp", super::standalone::stamp)
        .method("run_migrations", |vm, this, arguments| {
            let context = context_of(this)?;
            let migrations = super::environment::PythonMigrations { arguments };
            vm.lend(|| context.run_migrations(&migrations))?;
            Ok(Value::None)
        })
        .method("_ensure_version_table", |vm, this, _| {
            let context = context_of(this)?;
            vm.lend(|| context.ensure_version_table(false))?;
            Ok(Value::None)
        })
        .build(vm)
}

/// `context.execute(sql, execution_options=None)`.
pub(super) fn execute(
    vm: &mut Interpreter,
    context: &MigrationContext,
    function: &str,
    arguments: Arguments,
) -> Result<Value> {
    let table = python::Parameters::new(function, "sql, execution_options=None");
    let mut bound = arguments.bind(&table)?;
    let sql = bound.value("sql");
    let text = super::values::to_sql_text(vm, &sql)?;
    let options = match bound.take_some("execution_options") {
        Some(options) => Some(super::values::to_execution_options(vm, &options)?),
        None => None,
    };
    vm.lend(|| context.execute(&text, options.as_ref()))?;
    Ok(Value::None)
}

/// `context.begin_transaction()`.
pub(super) fn context_manager(vm: &mut Interpreter, context: &MigrationContext) -> Result<Value> {
    transaction_value(vm, context, false)
}

fn transaction_value(
    vm: &mut Interpreter,
    context: &MigrationContext,
    per_migration: bool,
) -> Result<Value> {
    let kind = vm.lend(|| context.begin_transaction(per_migration))?;
    let class = match vm.registered_class("alembic.runtime.migration._ProxyTransaction") {
        Some(class) => class,
        None => ClassBuilder::new(MODULE, "_ProxyTransaction")
            .method("commit", |vm, this, _| {
                if let Some(transaction) = this.downcast::<Transaction>() {
                    vm.lend(|| transaction.context.finish_transaction(true))?;
                }
                Ok(Value::None)
            })
            .method("rollback", |vm, this, _| {
                if let Some(transaction) = this.downcast::<Transaction>() {
                    vm.lend(|| transaction.context.finish_transaction(false))?;
                }
                Ok(Value::None)
            })
            .build(vm),
    };
    Ok(Value::native(Transaction {
        class,
        context: context.clone(),
        kind,
    }))
}

struct Transaction {
    class: Class,
    context: MigrationContext,
    kind: MigrationTransaction,
}

impl NativeObject for Transaction {
    fn class(&self, _vm: &mut Interpreter) -> Class {
        self.class.clone()
    }

    fn enter(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(match self.kind {
            MigrationTransaction::Proxy => this.clone(),
            _ => Value::None,
        }))
    }

    fn exit(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        vm.lend(|| self.context.end_transaction(self.kind, exception.is_some()))?;
        Ok(Some(false))
    }
}

struct Autocommit {
    class: Class,
    context: MigrationContext,
    block: RefCell<Option<AutocommitBlock>>,
}

impl NativeObject for Autocommit {
    fn class(&self, _vm: &mut Interpreter) -> Class {
        self.class.clone()
    }

    fn enter(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        let block = vm.lend(|| self.context.enter_autocommit_block())?;
        *self.block.borrow_mut() = Some(block);
        Ok(Some(Value::None))
    }

    fn exit(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        _exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        if let Some(block) = self.block.borrow_mut().take() {
            vm.lend(|| self.context.exit_autocommit_block(block))?;
        }
        Ok(Some(false))
    }
}

/// `context.impl`.
struct ImplState(MigrationContext);

pub(super) fn impl_value(vm: &mut Interpreter, context: &MigrationContext) -> Value {
    let name = context.implementation().name();
    let module = format!("alembic.ddl.{}", context.dialect().name());
    let class = match vm.registered_class(&format!("{module}.{name}")) {
        Some(class) => class,
        None => {
            let impl_of = |this: &Value| {
                this.downcast::<ImplState>()
                    .map(|state| state.0.clone())
                    .ok_or_else(|| Error::new("TypeError", "a DefaultImpl was expected"))
            };
            ClassBuilder::new(&module, name)
                .property("transactional_ddl", move |_, this| {
                    Ok(Value::Bool(
                        impl_of(this)?.implementation().transactional_ddl(),
                    ))
                })
                .property("as_sql", move |_, this| {
                    Ok(Value::Bool(impl_of(this)?.as_sql()))
                })
                .property("dialect", move |vm, this| {
                    let dialect = impl_of(this)?.dialect().clone();
                    Ok(engine::dialect_value(vm, &dialect))
                })
                .property("__dialect__", move |_, this| {
                    Ok(impl_of(this)?.dialect().name().into())
                })
                .property("bind", move |vm, this| {
                    Ok(match impl_of(this)?.connection() {
                        Some(connection) => engine::connection_value(vm, &connection),
                        None => Value::None,
                    })
                })
                .method("static_output", move |vm, this, arguments| {
                    let [text] = arguments.exactly("static_output")?;
                    let text = vm.str(&text)?;
                    let context = impl_of(this)?;
                    vm.lend(|| context.implementation().static_output(&text))?;
                    Ok(Value::None)
                })
                .method("execute", move |vm, this, arguments| {
                    let context = impl_of(this)?;
                    execute(vm, &context, "DefaultImpl.execute", arguments)
                })
                .build(vm)
        }
    };
    instance(&class, ImplState(context.clone()))
}

/// `script.as_revision_number`: one id, a tuple of them, or `None` for the base.
pub(super) fn revision_number(
    vm: &mut Interpreter,
    script: &ScriptDirectory,
    id: &Identifier,
) -> Result<Value> {
    Ok(match vm.lend(|| script.as_revision_number(id))? {
        Identifier::None => Value::None,
        Identifier::One(id) => Value::str(id),
        Identifier::Many(ids) => Value::tuple(ids.iter().map(Value::str).collect()),
    })
}
