//! `MigrationContext` and related objects as Python values.

use std::cell::RefCell;
use std::rc::Rc;

use super::operations::sql::execution_options;
use crate::bindings::conversion::{self, OperationField};
use crate::bindings::sqlalchemy::engine::{self, MockConnection, MockExecutor};
use crate::operations::ops::SqlText;
use crate::runtime::{AutocommitBlock, MigrationContext, MigrationTransaction};
use crate::script::ScriptDirectory;
use crate::script::revision::Identifier;
use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Class, ClassBuilder, Declaration, Interpreter, NativeObject, Receiver, Value,
    function, instance, method, property,
};
use sqlalchemy::name::Name;
use sqlalchemy::schema::DialectOptions;

/// The context behind a Python `MigrationContext`.
pub struct ContextState(pub MigrationContext);

/// The Python object of a migration context.
pub fn migration_context_value(vm: &mut Interpreter, context: &MigrationContext) -> Value {
    let class = vm.class(&MIGRATION_CONTEXT);
    instance(&class, ContextState(context.clone()))
}

/// The engine's context behind a Python `MigrationContext`, if the value is one.
pub fn to_migration_context(value: &Value) -> Option<MigrationContext> {
    value
        .downcast::<ContextState>()
        .map(|state| state.0.clone())
}

/// The Rust state of a `MigrationContext`.
impl Receiver for ContextState {
    fn receive<R>(this: &Value, then: impl FnOnce(&Self) -> R) -> Option<R> {
        this.downcast::<ContextState>().map(|state| then(&state))
    }
}

/// `alembic.runtime.migration.MigrationContext`.
pub(super) static MIGRATION_CONTEXT: Declaration<ContextState> = Declaration {
    properties: &[
        property("bind", connection),
        property("connection", connection),
        property("dialect", |vm, context| {
            Ok(engine::dialect_value(vm, context.0.dialect()))
        }),
        property("impl", |vm, context| Ok(impl_value(vm, &context.0))),
        property("opts", |vm, _| Ok(super::context::configured_options(vm))),
        property("as_sql", |_, context| Ok(Value::Bool(context.0.as_sql()))),
        property("version_table", |_, context| {
            Ok(context.0.version_table().into())
        }),
        property("version_table_schema", |_, context| {
            Ok(context.0.options().version_table_schema.clone().into())
        }),
        property("config", |vm, _| {
            Ok(super::context::active(vm).map_or(Value::None, |active| active.config))
        }),
        property("script", |vm, context| {
            Ok(match context.0.environment_context() {
                Some(environment) => {
                    super::script::script_directory_value(vm, environment.script())
                }
                None => Value::None,
            })
        }),
        property("environment_context", |vm, _| vm.import("alembic.context")),
        property("_version", |vm, context| {
            Ok(conversion::table_value(vm, context.0.version()))
        }),
        property("_in_external_transaction", |_, _| Ok(Value::Bool(false))),
    ],
    methods: &[
        method("get_current_revision", "self", |vm, context, _| {
            Ok(vm.lend(|| context.0.get_current_revision())?.into())
        }),
        method("get_current_heads", "self", |vm, context, _| {
            let heads = vm.lend(|| context.0.get_current_heads())?;
            Ok(Value::tuple(heads.iter().map(Value::str).collect()))
        }),
        method(
            "execute",
            "self, sql, execution_options=None",
            |vm, context, bound| execute(vm, &context.0, bound),
        ),
        method(
            "begin_transaction",
            "self, _per_migration=False",
            |vm, context, bound| {
                let per_migration = match bound.take("_per_migration") {
                    Some(value) => vm.truth(&value)?,
                    None => false,
                };
                transaction_value(vm, &context.0, per_migration)
            },
        ),
        method("autocommit_block", "self", |_, context, _| {
            Ok(Value::native(Autocommit {
                context: context.0.clone(),
                block: RefCell::new(None),
            }))
        }),
        method(
            "stamp",
            "self, script_directory, revision",
            |vm, context, bound| {
                let script = bound.value("script_directory");
                let Some(script) = super::script::find_script_directory(&script) else {
                    return Err(vm.type_error("stamp() takes a ScriptDirectory"));
                };
                let revision = bound.value("revision");
                let revisions = match revision.as_str() {
                    Some(one) => vec![one.to_owned()],
                    None => {
                        let mut texts = Vec::new();
                        for one in vm.collect(&revision)? {
                            texts.push(vm.str(&one)?);
                        }
                        texts
                    }
                };
                vm.lend(|| context.0.stamp(&script, &revisions))?;
                Ok(Value::None)
            },
        ),
        method("run_migrations", "self, **kw", |vm, context, bound| {
            let arguments = Arguments {
                positional: Vec::new(),
                keyword: std::mem::take(&mut bound.extra),
            };
            let migrations = super::environment::PythonMigrations { arguments };
            vm.lend(|| context.0.run_migrations(&migrations))?;
            Ok(Value::None)
        }),
        method(
            "_ensure_version_table",
            "self, purge=False",
            |vm, context, bound| {
                let purge = bound.flag("purge");
                vm.lend(|| context.0.ensure_version_table(purge))?;
                Ok(Value::None)
            },
        ),
    ],
    class_methods: &[function(
        "configure",
        "cls, connection=None, url=None, dialect_name=None, dialect=None, \
         environment_context=None, dialect_opts=None, opts=None",
        super::standalone::configure,
    )],
    ..Declaration::new("alembic.runtime.migration.MigrationContext")
};

fn connection(vm: &mut Interpreter, context: &ContextState) -> Result<Value> {
    Ok(bind_value(vm, &context.0))
}

/// The connection of a context: with `--sql`, one that writes what it executes into the script.
pub(super) fn bind_value(vm: &mut Interpreter, context: &MigrationContext) -> Value {
    match context.connection() {
        Some(connection) => engine::connection_value(vm, &connection),
        None => mock_connection(context),
    }
}

/// `MigrationContext._stdout_connection`.
pub(super) fn mock_connection(context: &MigrationContext) -> Value {
    MockConnection::value(context.dialect(), Rc::new(StdoutExecutor(context.clone())))
}

/// Writes statements into the script of `--sql`.
struct StdoutExecutor(MigrationContext);

impl MockExecutor for StdoutExecutor {
    fn execute(&self, vm: &mut Interpreter, statement: &Value, _: Value) -> Result<Value> {
        let executable = SqlText::parse(vm, statement)?.to_executable();
        vm.lend(|| self.0.implementation().execute(&executable, None))?;
        Ok(Value::None)
    }
}

/// `context.execute(sql, execution_options=None)`.
pub(super) fn execute(
    vm: &mut Interpreter,
    context: &MigrationContext,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let text = SqlText::parse(vm, &bound.value("sql"))?;
    let options = match bound.take_some("execution_options") {
        Some(options) => Some(execution_options(vm, &options)?),
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
    Ok(Value::native(Transaction {
        context: context.clone(),
        kind,
    }))
}

static PROXY_TRANSACTION: Declaration<Transaction> = Declaration {
    methods: &[
        method("commit", "self", |vm, transaction, _| {
            vm.lend(|| transaction.context.finish_transaction(true))?;
            Ok(Value::None)
        }),
        method("rollback", "self", |vm, transaction, _| {
            vm.lend(|| transaction.context.finish_transaction(false))?;
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("alembic.runtime.migration._ProxyTransaction")
};

struct Transaction {
    context: MigrationContext,
    kind: MigrationTransaction,
}

impl NativeObject for Transaction {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&PROXY_TRANSACTION)
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

static AUTOCOMMIT_BLOCK: Declaration<Autocommit> = Declaration::new("contextlib._AutocommitBlock");

struct Autocommit {
    context: MigrationContext,
    block: RefCell<Option<AutocommitBlock>>,
}

impl NativeObject for Autocommit {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&AUTOCOMMIT_BLOCK)
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

impl Receiver for ImplState {
    fn receive<R>(this: &Value, then: impl FnOnce(&Self) -> R) -> Option<R> {
        this.downcast::<ImplState>().map(|state| then(&state))
    }
}

static DEFAULT_IMPL: Declaration<ImplState> = Declaration {
    properties: &[
        property("transactional_ddl", |_, context| {
            let implementation = context.0.implementation();
            Ok(Value::Bool(implementation.transactional_ddl()))
        }),
        property("as_sql", |_, context| Ok(Value::Bool(context.0.as_sql()))),
        property("dialect", |vm, context| {
            Ok(engine::dialect_value(vm, context.0.dialect()))
        }),
        property("__dialect__", |_, context| {
            Ok(context.0.dialect().name().into())
        }),
        property("bind", |vm, context| Ok(bind_value(vm, &context.0))),
        property("connection", |vm, context| Ok(bind_value(vm, &context.0))),
    ],
    methods: &[
        method("static_output", "self, text", |vm, context, bound| {
            let text = vm.str(&bound.value("text"))?;
            vm.lend(|| context.0.implementation().static_output(&text))?;
            Ok(Value::None)
        }),
        method(
            "execute",
            "self, sql, execution_options=None",
            |vm, context, bound| execute(vm, &context.0, bound),
        ),
        method(
            "create_table",
            "self, table, *, if_not_exists=None",
            |vm, context, bound| {
                let exists = bound.flag("if_not_exists");
                with_item(vm, bound, "table", conversion::find_table, |table| {
                    context.0.implementation().create_table(table, exists)
                })
            },
        ),
        method(
            "drop_table",
            "self, table, *, if_exists=None",
            |vm, context, bound| {
                let exists = bound.flag("if_exists");
                with_item(vm, bound, "table", conversion::find_table, |table| {
                    context.0.implementation().drop_table(table, exists)
                })
            },
        ),
        method(
            "create_index",
            "self, index, *, if_not_exists=None",
            |vm, context, bound| {
                let exists = bound.flag("if_not_exists");
                with_item(vm, bound, "index", conversion::find_index, |index| {
                    context.0.implementation().create_index(index, exists)
                })
            },
        ),
        method(
            "drop_index",
            "self, index, *, if_exists=None",
            |vm, context, bound| {
                let exists = bound.flag("if_exists");
                with_item(vm, bound, "index", conversion::find_index, |index| {
                    context.0.implementation().drop_index(index, exists)
                })
            },
        ),
        method(
            "add_constraint",
            "self, const, **kw",
            |vm, context, bound| {
                with_item(
                    vm,
                    bound,
                    "const",
                    conversion::find_constraint,
                    |constraint| context.0.implementation().add_constraint(constraint),
                )
            },
        ),
        method(
            "drop_constraint",
            "self, const, **kw",
            |vm, context, bound| {
                with_item(
                    vm,
                    bound,
                    "const",
                    conversion::find_constraint,
                    |constraint| {
                        context
                            .0
                            .implementation()
                            .drop_constraint(constraint, false)
                    },
                )
            },
        ),
        method(
            "add_column",
            "self, table_name, column, *, schema=None",
            |vm, context, bound| {
                let (table, schema) = names(bound, "table_name");
                with_item(vm, bound, "column", conversion::find_column, |column| {
                    let implementation = context.0.implementation();
                    implementation.add_column(&table, column, schema.as_ref(), false, false, false)
                })
            },
        ),
        method(
            "drop_column",
            "self, table_name, column, *, schema=None, **kw",
            |vm, context, bound| {
                let (table, schema) = names(bound, "table_name");
                with_item(vm, bound, "column", conversion::find_column, |column| {
                    let implementation = context.0.implementation();
                    implementation.drop_column(
                        &table,
                        column,
                        schema.as_ref(),
                        false,
                        &DialectOptions::new(),
                    )
                })
            },
        ),
        method(
            "compare_type",
            "self, inspector_column, metadata_column",
            |vm, context, bound| {
                let inspected = conversion::to_column(vm, &bound.value("inspector_column"))?;
                let modelled = conversion::to_column(vm, &bound.value("metadata_column"))?;
                let implementation = context.0.implementation();
                let differ = vm.lend(|| implementation.compare_type(&inspected, &modelled))?;
                Ok(Value::Bool(differ))
            },
        ),
        method(
            "rename_table",
            "self, old_table_name, new_table_name, schema=None",
            |vm, context, bound| {
                let (old, schema) = names(bound, "old_table_name");
                let (new, _) = names(bound, "new_table_name");
                vm.lend(|| {
                    let implementation = context.0.implementation();
                    implementation.rename_table(&old, &new, schema.as_ref())
                })?;
                Ok(Value::None)
            },
        ),
    ],
    ..Declaration::new("alembic.ddl.impl.DefaultImpl")
};

/// Calls a method of the implementation with the item of a schema that it was given.
fn with_item<T>(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    name: &str,
    find: fn(&Value) -> Option<T>,
    run: impl FnOnce(&T) -> Result<()>,
) -> Result<Value> {
    let value = bound.value(name);
    let Some(item) = find(&value) else {
        let shown = vm.repr(&value)?;
        return Err(conversion::argument_error(format!(
            "Schema item expected, got {shown}."
        )));
    };
    vm.lend(|| run(&item))?;
    Ok(Value::None)
}

/// The name of a table and its schema.
fn names(bound: &mut Bound<'_>, table: &str) -> (Name, Option<Name>) {
    let name = conversion::identifier(&bound.value(table), None);
    let schema = conversion::identifier(&bound.value("schema"), None);
    (name.unwrap_or_else(|| Name::new("")), schema)
}

/// The `DefaultImpl` of a context's dialect.
pub(super) fn impl_value(vm: &mut Interpreter, context: &MigrationContext) -> Value {
    let name = context.implementation().name();
    let module = format!("alembic.ddl.{}", context.dialect().name());
    let class = match vm.registered_class(&format!("{module}.{name}")) {
        Some(class) => class,
        None => {
            let base = vm.class(&DEFAULT_IMPL);
            ClassBuilder::new(&module, name).base(&base).build(vm)
        }
    };
    instance(&class, ImplState(context.clone()))
}

/// `script.as_revision_number`: a single id, a tuple of ids, or `None` for base.
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
