//! User functions from env.py that autogenerate and the runtime call.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::dispatch;
use super::migration_context::migration_context_value;
use super::operations::objects::{self, operation_value};
use super::script::script_value;
use crate::autogenerate::{AutogenContext, Callbacks, ParentNames, RenderItem, SchemaObject};
use crate::bindings::conversion::{self, OperationField};
use crate::bindings::sqlalchemy::{engine, types};
use ground::diagnostic::Result;

use crate::operations::ops::{
    CustomOperation, MigrateOperation, MigrationScript, Shared, UpgradeOps,
};
use crate::runtime::{MigrationContext, MigrationInfo, OnVersionApply};
use python::{Arguments, Class, Declaration, Interpreter, NativeObject, Value, method, property};
use sqlalchemy::schema::Column;

/// The callables passed to `context.configure()`.
#[derive(Default)]
pub(super) struct PythonCallbacks {
    pub(super) include_name: Option<Value>,
    pub(super) include_object: Option<Value>,
    pub(super) process_revision_directives: Option<Value>,
    pub(super) render_item: Option<Value>,
    pub(super) compare_type: Option<Value>,
    pub(super) compare_server_default: Option<Value>,
}

fn optional(text: Option<&str>) -> Value {
    text.map_or(Value::None, Value::str)
}

/// The Python object of a schema item.
pub(super) fn schema_object_value(vm: &mut Interpreter, object: &SchemaObject) -> Value {
    match object {
        SchemaObject::Table(table) => conversion::table_value(vm, table),
        SchemaObject::Column(column) => conversion::column_value(vm, column),
        SchemaObject::Index(index) => conversion::index_value(vm, index),
        SchemaObject::Constraint(constraint) => conversion::constraint_value(vm, constraint),
    }
}

/// A comparison function's return value as a boolean; `None` if it was neither true nor `False`.
fn answer(vm: &mut Interpreter, value: &Value) -> Result<Option<bool>> {
    if vm.truth(value)? {
        return Ok(Some(true));
    }
    Ok(matches!(value, Value::Bool(false)).then_some(false))
}

impl Callbacks for PythonCallbacks {
    fn filters_names(&self) -> bool {
        self.include_name.is_some()
    }

    fn include_name(&self, name: Option<&str>, kind: &str, parents: &ParentNames) -> Result<bool> {
        let Some(function) = &self.include_name else {
            return Ok(true);
        };
        Interpreter::borrow_lent(|vm| {
            let parents = Value::dict(
                parents
                    .iter()
                    .map(|(key, value)| (*key, optional(value.as_deref()))),
            );
            let result = vm.call(
                function,
                Arguments::positional(vec![optional(name), Value::str(kind), parents]),
            )?;
            vm.truth(&result)
        })
    }

    fn include_object(
        &self,
        object: &SchemaObject,
        name: Option<&str>,
        kind: &str,
        reflected: bool,
        compare_to: Option<&SchemaObject>,
    ) -> Result<bool> {
        let Some(function) = &self.include_object else {
            return Ok(true);
        };
        Interpreter::borrow_lent(|vm| {
            let object = schema_object_value(vm, object);
            let compare_to = match compare_to {
                Some(object) => schema_object_value(vm, object),
                None => Value::None,
            };
            let result = vm.call(
                function,
                Arguments::positional(vec![
                    object,
                    optional(name),
                    Value::str(kind),
                    Value::Bool(reflected),
                    compare_to,
                ]),
            )?;
            vm.truth(&result)
        })
    }

    fn compare_type(
        &self,
        context: &MigrationContext,
        inspected: &Column,
        metadata: &Column,
    ) -> Result<Option<bool>> {
        let Some(function) = &self.compare_type else {
            return Ok(None);
        };
        Interpreter::borrow_lent(|vm| {
            let arguments = vec![
                migration_context_value(vm, context),
                conversion::column_value(vm, inspected),
                conversion::column_value(vm, metadata),
                types::type_value(vm, &inspected.kind()),
                types::type_value(vm, &metadata.kind()),
            ];
            let result = vm.call(function, Arguments::positional(arguments))?;
            answer(vm, &result)
        })
    }

    fn compare_server_default(
        &self,
        context: &MigrationContext,
        inspected: &Column,
        metadata: &Column,
        inspected_default: Option<&str>,
        rendered_metadata_default: Option<&str>,
    ) -> Result<Option<bool>> {
        let Some(function) = &self.compare_server_default else {
            return Ok(None);
        };
        Interpreter::borrow_lent(|vm| {
            let arguments = vec![
                migration_context_value(vm, context),
                conversion::column_value(vm, inspected),
                conversion::column_value(vm, metadata),
                optional(inspected_default),
                metadata.server_default().to_python(vm),
                optional(rendered_metadata_default),
            ];
            let result = vm.call(function, Arguments::positional(arguments))?;
            answer(vm, &result)
        })
    }

    fn compare_server_default_repr(&self) -> String {
        let Some(function) = &self.compare_server_default else {
            return String::new();
        };
        // A failing repr must not abort the migration.
        Interpreter::borrow_lent(|vm| vm.repr(function)).unwrap_or_default()
    }

    fn info_repr(&self, info: &Rc<dyn Any>) -> Result<Option<String>> {
        let Some(value) = info.downcast_ref::<Value>() else {
            return Ok(None);
        };
        Interpreter::borrow_lent(|vm| {
            Ok(if vm.truth(value)? {
                Some(vm.repr(value)?)
            } else {
                None
            })
        })
    }

    fn renders_items(&self) -> bool {
        self.render_item.is_some()
    }

    fn render_item(
        &self,
        kind: &str,
        item: RenderItem<'_>,
        context: &AutogenContext,
    ) -> Result<Option<Option<String>>> {
        let Some(function) = &self.render_item else {
            return Ok(None);
        };
        Interpreter::borrow_lent(|vm| {
            let object = match item {
                RenderItem::Type(kind) => types::type_value(vm, kind),
                RenderItem::Column(column) => conversion::column_value(vm, column),
                RenderItem::ServerDefault(default) => default.cloned().to_python(vm),
                RenderItem::Constraint(constraint) => conversion::constraint_value(vm, constraint),
            };
            let context = Value::native(AutogenContextObject(context.clone()));
            let result = vm.call(
                function,
                Arguments::positional(vec![Value::str(kind), object, context]),
            )?;
            Ok(match result {
                Value::Bool(false) => None,
                Value::None => Some(None),
                value => Some(Some(vm.str(&value)?)),
            })
        })
    }

    fn render_custom_operation(
        &self,
        operation: &dyn CustomOperation,
        context: &AutogenContext,
    ) -> Result<Option<Vec<String>>> {
        Interpreter::borrow_lent(|vm| {
            let Some(value) = operation
                .as_any()
                .downcast_ref::<objects::PythonOperation>()
            else {
                return Ok(None);
            };
            let Some(renderer) = objects::renderer_for(vm, &value.0) else {
                return Ok(None);
            };
            let context = Value::native(AutogenContextObject(context.clone()));
            let result = vm.call(
                &renderer,
                Arguments::positional(vec![context, value.0.clone()]),
            )?;
            if result.as_str().is_some() {
                return Ok(Some(vec![vm.str(&result)?]));
            }
            let mut lines = Vec::new();
            for line in vm.collect(&result)? {
                lines.push(vm.str(&line)?);
            }
            Ok(Some(lines))
        })
    }

    fn compare_schemas(
        &self,
        context: &AutogenContext,
        upgrade: &Shared<UpgradeOps>,
        schemas: &[Option<String>],
    ) -> Result<()> {
        Interpreter::borrow_lent(|vm| {
            let dialect = context.migration_context().dialect().name().to_owned();
            let functions = dispatch::comparators_for(vm, &dialect);
            if functions.is_empty() {
                return Ok(());
            }
            let shown = Value::native(AutogenContextObject(context.clone()));
            let operations = operation_value(vm, &MigrateOperation::Upgrade(upgrade.clone()));
            let names = schemas.iter().map(|schema| optional(schema.as_deref()));
            let schemas = Value::list(names.collect());
            for function in functions {
                let arguments = vec![shown.clone(), operations.clone(), schemas.clone()];
                vm.call(&function, Arguments::positional(arguments))?;
            }
            objects::synchronize(vm)?;
            objects::forget_lists(vm);
            Ok(())
        })
    }

    fn process_revision_directives(
        &self,
        context: &MigrationContext,
        revision: &[String],
        generated: &Rc<RefCell<Vec<Shared<MigrationScript>>>>,
    ) -> Result<()> {
        let Some(function) = &self.process_revision_directives else {
            return Ok(());
        };
        Interpreter::borrow_lent(|vm| {
            objects::forget_lists(vm);
            let scripts: Vec<Shared<MigrationScript>> = generated.borrow().clone();
            let values = scripts
                .into_iter()
                .map(|script| operation_value(vm, &MigrateOperation::Script(script)))
                .collect();
            let list = Value::list(values);
            let revision = Value::tuple(revision.iter().map(Value::str).collect());
            let context = migration_context_value(vm, context);
            vm.call(
                function,
                Arguments::positional(vec![context, revision, list.clone()]),
            )?;
            objects::synchronize(vm)?;
            let mut scripts = Vec::new();
            for value in list.as_items().unwrap_or_default() {
                if let MigrateOperation::Script(script) = objects::to_operation(vm, &value)? {
                    scripts.push(script);
                }
            }
            *generated.borrow_mut() = scripts;
            Ok(())
        })
    }
}

/// One function of `on_version_apply`.
pub(super) struct PythonOnVersionApply {
    pub(super) function: Value,
    pub(super) run_arguments: Rc<RefCell<Arguments>>,
}

impl OnVersionApply for PythonOnVersionApply {
    fn call(
        &self,
        context: &MigrationContext,
        step: &MigrationInfo,
        heads: &[String],
    ) -> Result<()> {
        Interpreter::borrow_lent(|vm| {
            let run_arguments = self.run_arguments.borrow().clone();
            let heads = Value::list(heads.iter().map(Value::str).collect());
            let set = vm.builtins.get_str("set").unwrap_or(Value::None);
            let heads = vm.call(&set, Arguments::positional(vec![heads]))?;
            let arguments = Arguments::none()
                .with_keyword("ctx", migration_context_value(vm, context))
                .with_keyword(
                    "step",
                    Value::native(MigrationInfoObject {
                        step: step.clone(),
                        context: context.clone(),
                    }),
                )
                .with_keyword("heads", heads)
                .with_keyword("run_args", Value::dict(run_arguments.keyword));
            vm.call(&self.function, arguments).map(|_| ())
        })
    }
}

/// The `MigrationInfo` passed to `on_version_apply`.
struct MigrationInfoObject {
    step: MigrationInfo,
    context: MigrationContext,
}

static MIGRATION_INFO: Declaration<MigrationInfoObject> = Declaration {
    properties: &[
        property("is_upgrade", |_, info| {
            Ok(Value::Bool(info.step.is_upgrade))
        }),
        property("is_stamp", |_, info| Ok(Value::Bool(info.step.is_stamp))),
        property("is_downgrade", |_, info| {
            Ok(Value::Bool(!info.step.is_upgrade))
        }),
        property("up_revision_id", |_, info| {
            Ok(optional(info.step.up_revision_id()))
        }),
        property("up_revision_ids", |_, info| {
            Ok(revisions(&info.step.up_revision_ids))
        }),
        property("down_revision_ids", |_, info| {
            Ok(revisions(&info.step.down_revision_ids))
        }),
        property("source_revision_ids", |_, info| {
            Ok(revisions(info.step.source_revision_ids()))
        }),
        property("destination_revision_ids", |_, info| {
            Ok(revisions(info.step.destination_revision_ids()))
        }),
        property("up_revision", |vm, info| {
            let id = info.step.up_revision_id().map(str::to_owned);
            info.script(vm, id.as_deref())
        }),
        property("up_revisions", |vm, info| {
            info.scripts(vm, &info.step.up_revision_ids)
        }),
        property("down_revisions", |vm, info| {
            info.scripts(vm, &info.step.down_revision_ids)
        }),
        property("source_revisions", |vm, info| {
            info.scripts(vm, info.step.source_revision_ids())
        }),
        property("destination_revisions", |vm, info| {
            info.scripts(vm, info.step.destination_revision_ids())
        }),
    ],
    ..Declaration::new("alembic.runtime.migration.MigrationInfo")
};

impl MigrationInfoObject {
    /// The `Script` of a revision of the step.
    fn script(&self, vm: &mut Interpreter, id: Option<&str>) -> Result<Value> {
        let Some(environment) = self.context.environment_context() else {
            return Ok(Value::None);
        };
        let found = vm.lend(|| environment.script().get_revision(id))?;
        Ok(found.map_or(Value::None, |script| script_value(vm, &script)))
    }

    fn scripts(&self, vm: &mut Interpreter, ids: &[String]) -> Result<Value> {
        let mut scripts = Vec::with_capacity(ids.len());
        for id in ids {
            scripts.push(self.script(vm, Some(id))?);
        }
        Ok(Value::tuple(scripts))
    }
}

fn revisions(ids: &[String]) -> Value {
    Value::tuple(ids.iter().map(Value::str).collect())
}

impl NativeObject for MigrationInfoObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&MIGRATION_INFO)
    }
}

/// The `AutogenContext` passed to `render_item`.
struct AutogenContextObject(AutogenContext);

static AUTOGEN_CONTEXT: Declaration<AutogenContextObject> = Declaration {
    properties: &[
        property("imports", |_, context| {
            Ok(Value::native(Imports(context.0.clone())))
        }),
        property("migration_context", |vm, context| {
            Ok(migration_context_value(vm, context.0.migration_context()))
        }),
        property("dialect", |vm, context| {
            Ok(engine::dialect_value(
                vm,
                context.0.migration_context().dialect(),
            ))
        }),
        property("opts", |vm, _| Ok(super::context::configured_options(vm))),
        property("metadata", |vm, context| {
            Ok(match context.0.metadata() {
                [] => Value::None,
                [one] => conversion::metadata_value(vm, one),
                many => {
                    let many = many.iter();
                    Value::list(
                        many.map(|one| conversion::metadata_value(vm, one))
                            .collect(),
                    )
                }
            })
        }),
        property("connection", |vm, context| {
            Ok(match context.0.migration_context().connection() {
                Some(connection) => engine::connection_value(vm, &connection),
                None => Value::None,
            })
        }),
    ],
    ..Declaration::new("alembic.autogenerate.api.AutogenContext")
};

impl NativeObject for AutogenContextObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&AUTOGEN_CONTEXT)
    }
}

/// `autogen_context.imports`: a set of import lines.
struct Imports(AutogenContext);

static IMPORTS: Declaration<Imports> = Declaration {
    methods: &[
        method("add", "self, element, /", |vm, imports, bound| {
            let line = vm.str(&bound.value("element"))?;
            imports.0.add_import(&line);
            Ok(Value::None)
        }),
        method("update", "self, *others", |vm, imports, bound| {
            for lines in std::mem::take(&mut bound.rest) {
                for line in vm.collect(&lines)? {
                    let line = vm.str(&line)?;
                    imports.0.add_import(&line);
                }
            }
            Ok(Value::None)
        }),
        method("__contains__", "self, element, /", |vm, imports, bound| {
            let line = vm.str(&bound.value("element"))?;
            Ok(Value::Bool(imports.0.imports().contains(&line)))
        }),
        method("__iter__", "self", |vm, imports, _| {
            let list: Value = imports.0.imports().into();
            vm.iterate(&list)
        }),
    ],
    ..Declaration::new("alembic.autogenerate.api.Imports")
};

impl NativeObject for Imports {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&IMPORTS)
    }
}
