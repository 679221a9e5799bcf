//! The functions of env.py that autogenerate and the runtime call.

use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine;
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::directives::{self, operation_value};
use super::migration_context::migration_context_value;
use crate::autogenerate::{AutogenContext, Callbacks, ParentNames, RenderItem, SchemaObject};
use ground::diagnostic::Result;

use crate::operations::ops::{CustomOperation, MigrateOperation, MigrationScript, Shared};
use crate::runtime::{MigrationContext, MigrationInfo, OnVersionApply};
use python::parameters;
use python::{Arguments, Class, ClassBuilder, Interpreter, NativeObject, Value};
use sqlalchemy::schema::{Column, ServerDefault};

/// What `context.configure()` was given.
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

fn server_default_value(_vm: &mut Interpreter, default: Option<&ServerDefault>) -> Value {
    match default {
        Some(default) => conversion::server_default_value(Some(default.clone())),
        None => Value::None,
    }
}

/// What a comparison function returned: `None` where it was neither true nor `False`.
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
                conversion::type_value(vm, &inspected.kind()),
                conversion::type_value(vm, &metadata.kind()),
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
                server_default_value(vm, metadata.server_default().as_ref()),
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
        // A repr that fails is no reason to lose the migration.
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
                RenderItem::Type(kind) => conversion::type_value(vm, kind),
                RenderItem::Column(column) => conversion::column_value(vm, column),
                RenderItem::ServerDefault(default) => server_default_value(vm, default),
                RenderItem::Constraint(constraint) => conversion::constraint_value(vm, constraint),
            };
            let context = autogen_context_value(vm, context);
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
                .downcast_ref::<directives::PythonOperation>()
            else {
                return Ok(None);
            };
            let Some(renderer) = directives::renderer_for(vm, &value.0) else {
                return Ok(None);
            };
            let context = autogen_context_value(vm, context);
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
            directives::forget_lists(vm);
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
            directives::synchronize(vm)?;
            let mut scripts = Vec::new();
            for value in list.as_items().unwrap_or_default() {
                if let MigrateOperation::Script(script) = directives::to_operation(vm, &value)? {
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
                .with_keyword("step", step_value(vm, step))
                .with_keyword("heads", heads)
                .with_keyword("run_args", Value::dict(run_arguments.keyword));
            vm.call(&self.function, arguments).map(|_| ())
        })
    }
}

/// `MigrationInfo`.
struct Step {
    class: Class,
    info: MigrationInfo,
}

fn step_value(vm: &mut Interpreter, info: &MigrationInfo) -> Value {
    let name = "alembic.runtime.migration.MigrationInfo";
    let class = match vm.registered_class(name) {
        Some(class) => class,
        None => ClassBuilder::new("alembic.runtime.migration", "MigrationInfo").build(vm),
    };
    Value::native(Step {
        class,
        info: info.clone(),
    })
}

impl NativeObject for Step {
    fn class(&self, _vm: &mut Interpreter) -> Class {
        self.class.clone()
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let tuple = |ids: &[String]| Value::tuple(ids.iter().map(Value::str).collect());
        Ok(Some(match name {
            "is_upgrade" => Value::Bool(self.info.is_upgrade),
            "is_stamp" => Value::Bool(self.info.is_stamp),
            "is_downgrade" => Value::Bool(!self.info.is_upgrade),
            "up_revision_id" => optional(self.info.up_revision_id()),
            "up_revision_ids" => tuple(&self.info.up_revision_ids),
            "down_revision_ids" => tuple(&self.info.down_revision_ids),
            "source_revision_ids" => tuple(self.info.source_revision_ids()),
            "destination_revision_ids" => tuple(self.info.destination_revision_ids()),
            _ => return Ok(None),
        }))
    }
}

/// `AutogenContext`, as `render_item` sees it.
struct AutogenContextObject {
    class: Class,
    context: AutogenContext,
}

fn autogen_context_value(vm: &mut Interpreter, context: &AutogenContext) -> Value {
    let class = match vm.registered_class("alembic.autogenerate.api.AutogenContext") {
        Some(class) => class,
        None => ClassBuilder::new("alembic.autogenerate.api", "AutogenContext").build(vm),
    };
    Value::native(AutogenContextObject {
        class,
        context: context.clone(),
    })
}

impl NativeObject for AutogenContextObject {
    fn class(&self, _vm: &mut Interpreter) -> Class {
        self.class.clone()
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(Some(match name {
            "imports" => imports_value(vm, &self.context),
            "migration_context" => migration_context_value(vm, self.context.migration_context()),
            "dialect" => {
                let dialect = self.context.migration_context().dialect().clone();
                engine::dialect_value(vm, &dialect)
            }
            "opts" => super::context::configured_options(vm, self.context.migration_context()),
            "metadata" => match self.context.metadata() {
                [] => Value::None,
                [one] => conversion::metadata_value(vm, one),
                many => {
                    let many = many.to_vec();
                    Value::list(
                        many.iter()
                            .map(|metadata| conversion::metadata_value(vm, metadata))
                            .collect(),
                    )
                }
            },
            "connection" => match self.context.migration_context().connection() {
                Some(connection) => engine::connection_value(vm, &connection),
                None => Value::None,
            },
            _ => return Ok(None),
        }))
    }
}

/// `autogen_context.imports`: a set of import lines.
struct Imports(AutogenContext);

fn imports_value(vm: &mut Interpreter, context: &AutogenContext) -> Value {
    let class = match vm.registered_class("alembic.autogenerate.api.Imports") {
        Some(class) => class,
        None => ClassBuilder::new("alembic.autogenerate.api", "Imports")
            .method("add", |vm, this, arguments| {
                let mut bound = arguments.bind(parameters!("set.add", "element"))?;
                let line = vm.str(&bound.value("element"))?;
                if let Some(imports) = this.downcast::<Imports>() {
                    imports.0.add_import(&line);
                }
                Ok(Value::None)
            })
            .method("update", |vm, this, arguments| {
                if let Some(imports) = this.downcast::<Imports>() {
                    for lines in arguments.positional {
                        for line in vm.collect(&lines)? {
                            let line = vm.str(&line)?;
                            imports.0.add_import(&line);
                        }
                    }
                }
                Ok(Value::None)
            })
            .method("__contains__", |vm, this, arguments| {
                let [line] = arguments.exactly("__contains__")?;
                let line = vm.str(&line)?;
                Ok(Value::Bool(this.downcast::<Imports>().is_some_and(
                    |imports| imports.0.imports().contains(&line),
                )))
            })
            .method("__iter__", |vm, this, _| {
                let lines: Vec<String> = this
                    .downcast::<Imports>()
                    .map(|imports| imports.0.imports())
                    .unwrap_or_default();
                let list: Value = lines.into();
                vm.iterate(&list)
            })
            .build(vm),
    };
    python::instance(&class, Imports(context.clone()))
}
