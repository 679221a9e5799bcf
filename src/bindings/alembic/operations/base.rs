//! `Operations` and `BatchOperations`, the objects behind `op` and `batch_op`.

use std::cell::RefCell;
use std::rc::Rc;

use super::objects::{operation_value, to_operation};
use super::operation::Operation;
use super::{MIGRATE_OPERATION, OPERATIONS, batch};
use crate::bindings::alembic::dispatch;
use crate::bindings::alembic::migration_context::{
    impl_value, migration_context_value, to_migration_context,
};
use crate::bindings::alembic::op::{install_proxy, remove_proxy};
use crate::bindings::conversion::{self, OperationField};
use crate::bindings::sqlalchemy::{engine, schema};
use crate::operations::ops::MigrateOperation;
use crate::operations::{OperationCall, Operations};
use crate::runtime::MigrationContext;
use ground::diagnostic::Result;
use ground::event::Event;
use python::{
    Arguments, Bound, Class, Declaration, FreeFunction, Interpreter, Method, Module,
    NativeFunction, NativeObject, Value, function, method, property,
};
use sqlalchemy::elements;

const MODULE: &str = "alembic.operations.base";

/// Operations and implementations registered by Python code.
#[derive(Default)]
struct Registrations {
    operations: RefCell<Vec<Registered>>,
    implementations: RefCell<Vec<(Class, Value)>>,
}

/// A user-defined operation, registered with `Operations.register_operation`.
#[derive(Clone)]
struct Registered {
    name: Rc<str>,
    class: Class,
    source: Rc<str>,
    batch: bool,
}

/// Looks up a user-defined operation by name.
fn registered(vm: &mut Interpreter, name: &str, batch: bool) -> Option<Registered> {
    vm.extension::<Registrations>()
        .operations
        .borrow()
        .iter()
        .find(|known| known.batch == batch && &*known.name == name)
        .cloned()
}

/// Whether a user-defined operation of that name is registered on `op`.
pub(in crate::bindings::alembic) fn is_registered(vm: &mut Interpreter, name: &str) -> bool {
    registered(vm, name, false).is_some()
}

/// `Operations` or `BatchOperations`.
#[derive(Clone)]
pub(in crate::bindings::alembic) struct OperationsObject {
    pub(super) operations: Operations,
    pub(super) context: MigrationContext,
}

/// The members that both classes share besides their operations.
pub(in crate::bindings::alembic) static ABSTRACT_OPERATIONS: Declaration<OperationsObject> =
    Declaration {
        constructor: python::constructor("self, migration_context, impl=None", |vm, bound| {
            let context = migration_context(vm, bound)?;
            Ok(Value::native(OperationsObject::new(&context)))
        }),
        properties: &[
            property("migration_context", |vm, operations| {
                Ok(migration_context_value(vm, &operations.context))
            }),
            property("impl", |vm, operations| {
                Ok(impl_value(vm, &operations.context))
            }),
        ],
        methods: &[
            method(
                "batch_alter_table",
                "self, table_name, schema=None, recreate='auto', partial_reordering=None, \
             copy_from=None, table_args=(), table_kwargs=immutabledict({}), reflect_args=(), \
             reflect_kwargs=immutabledict({}), naming_convention=None",
                batch::batch_alter_table,
            ),
            method("f", "self, name", |vm, _, bound| {
                let module = vm.import("sqlalchemy.sql.elements")?;
                let class = vm.get_attribute(&module, "conv")?;
                vm.call(&class, Arguments::positional(vec![bound.value("name")]))
            }),
            method("get_bind", "self", |vm, operations, _| {
                Ok(match operations.context.connection() {
                    Some(connection) => engine::connection_value(vm, &connection),
                    None => crate::bindings::alembic::migration_context::mock_connection(
                        &operations.context,
                    ),
                })
            }),
            method("get_context", "self", |vm, operations, _| {
                Ok(migration_context_value(vm, &operations.context))
            }),
            method(
                "inline_literal",
                "self, value, type_=None",
                |vm, _, bound| inline_literal(vm, bound),
            ),
            method("invoke", "self, operation", |vm, operations, bound| {
                let operation = bound.value("operation");
                operations.invoke_value(vm, &operation)
            }),
            method(
                "run_async",
                "self, async_function, *args, **kw_args",
                run_async,
            ),
        ],
        class_methods: &CLASS_METHODS,
        ..Declaration::new("alembic.operations.base.AbstractOperations")
    };

/// `op.run_async(function, …)`: calls it with the asynchronous connection.
fn run_async(
    vm: &mut Interpreter,
    operations: &OperationsObject,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let Some(connection) = operations.context.connection() else {
        return Err(ground::diagnostic::Error::new(
            "sqlalchemy.exc.MissingGreenlet",
            "greenlet_spawn has not been called; can't call await_() here. Was IO attempted in an \
             unexpected place? (Background on this error at: https://sqlalche.me/e/21/xd2s)",
        ));
    };
    let url = connection.engine().url().clone();
    let driver = url
        .drivername
        .split_once('+')
        .map_or("", |(_, driver)| driver);
    if !url.get_dialect().asynchronous_drivers().contains(&driver) {
        return Err(vm.value_error("Cannot call run_async with a sync engine"));
    }
    let mut arguments = Arguments::positional(vec![engine::async_connection_value(&connection)]);
    arguments.positional.append(&mut bound.rest);
    arguments.keyword = std::mem::take(&mut bound.extra);
    let function = bound.value("async_function");
    let coroutine = vm.call(&function, arguments)?;
    vm.await_value(&coroutine)
}

/// Methods of `op` that work without a migration context.
pub(in crate::bindings::alembic) static CLASS_METHODS: [FreeFunction; 3] = [
    function("context", "cls, migration_context", |vm, bound| {
        Ok(Value::native(OperationsBlock(migration_context(
            vm, bound,
        )?)))
    }),
    function(
        "implementation_for",
        "cls, op_cls, replace=False",
        implementation_for,
    ),
    function(
        "register_operation",
        "cls, name, sourcename=None",
        register_operation,
    ),
];

static OPERATIONS_CLASS: Declaration<OperationsObject> = Declaration {
    bases: &[&ABSTRACT_OPERATIONS],
    ..Declaration::new("alembic.operations.base.Operations")
};

static BATCH_OPERATIONS_CLASS: Declaration<OperationsObject> = Declaration {
    bases: &[&ABSTRACT_OPERATIONS],
    ..Declaration::new("alembic.operations.base.BatchOperations")
};

/// The class `Operations` or `BatchOperations`, with its operations.
pub(in crate::bindings::alembic) fn operations_class(vm: &mut Interpreter, batch: bool) -> Class {
    let declared: &Declaration<OperationsObject> = if batch {
        &BATCH_OPERATIONS_CLASS
    } else {
        &OPERATIONS_CLASS
    };
    if let Some(class) = vm.registered_class(declared.path) {
        return class;
    }
    let class = vm.class(declared);
    for operation in OPERATIONS {
        if let Some(signature) = operation.signature(batch) {
            let method =
                NativeFunction::declared(operation.name, MODULE, signature, move |vm, bound| {
                    OperationsObject::perform(vm, operation, bound)
                });
            class.set(operation.name, Value::NativeFunction(Rc::new(method)));
        }
    }
    class
}

/// `alembic.operations`.
pub(super) fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let operations = operations_class(vm, false);
    let batch_operations = operations_class(vm, true);
    Ok(Module::build("alembic.operations")
        .class(&operations)
        .class(&batch_operations)
        .class(&vm.class(&ABSTRACT_OPERATIONS))
        .class(&vm.class(&MIGRATE_OPERATION))
        .build())
}

fn migration_context(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<MigrationContext> {
    to_migration_context(&bound.value("migration_context"))
        .ok_or_else(|| vm.type_error("a MigrationContext was expected"))
}

/// `@Operations.register_operation("name", "sourcename")`.
fn register_operation(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let batch = match bound.this() {
        Value::Class(class) => class.is_subclass(&vm.class(&BATCH_OPERATIONS_CLASS)),
        _ => false,
    };
    let name: Rc<str> = OperationField::parse(vm, &bound.value("name"))?;
    let source: Option<Rc<str>> = OperationField::parse(vm, &bound.value("sourcename"))?;
    let source = source.unwrap_or_else(|| name.clone());
    Ok(Value::NativeFunction(Rc::new(NativeFunction::new(
        "register",
        MODULE,
        false,
        move |vm, arguments| {
            let [class] = arguments.exactly("register")?;
            let Value::Class(python) = &class else {
                return Err(vm.type_error("register_operation() decorates a class"));
            };
            let registrations = vm.extension::<Registrations>();
            let mut operations = registrations.operations.borrow_mut();
            operations.retain(|known| known.name != name || known.batch != batch);
            operations.push(Registered {
                name: name.clone(),
                class: python.clone(),
                source: source.clone(),
                batch,
            });
            Ok(class)
        },
    ))))
}

/// `@Operations.implementation_for(OpClass)`.
fn implementation_for(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let Value::Class(class) = bound.value("op_cls") else {
        return Err(vm.type_error("implementation_for() takes a class"));
    };
    let replace = bound.flag("replace");
    Ok(Value::NativeFunction(Rc::new(NativeFunction::new(
        "decorate",
        MODULE,
        false,
        move |vm, arguments| {
            let [function] = arguments.exactly("decorate")?;
            let registrations = vm.extension::<Registrations>();
            let known = registrations.implementations.borrow();
            if !replace && (!class.user_defined || known.iter().any(|(one, _)| *one == class)) {
                drop(known);
                return Err(dispatch::taken(vm, &Value::Class(class.clone())));
            }
            drop(known);
            let mut known = registrations.implementations.borrow_mut();
            known.retain(|(one, _)| *one != class);
            known.push((class.clone(), function.clone()));
            Ok(function)
        },
    ))))
}

/// The context manager of `Operations.context(...)`.
struct OperationsBlock(MigrationContext);

impl NativeObject for OperationsBlock {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.object_class()
    }

    fn enter(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        install_proxy(vm, &self.0);
        Ok(Some(Value::native(OperationsObject::new(&self.0))))
    }

    fn exit(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        _exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        remove_proxy(vm);
        Ok(Some(false))
    }
}

impl NativeObject for OperationsObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        operations_class(vm, self.is_batch())
    }

    /// Looks up user-defined operations.
    fn get_attribute(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let Some(registered) = registered(vm, name, self.is_batch()) else {
            return Ok(None);
        };
        let function = NativeFunction::new(name, MODULE, true, move |vm, mut arguments| {
            let object = arguments
                .take_first()
                .and_then(|this| this.downcast::<OperationsObject>())
                .ok_or_else(|| vm.type_error("an Operations object was expected"))?;
            object.call_registered(vm, &registered, arguments)
        });
        Ok(Some(Value::Method(Rc::new(Method {
            this: this.clone(),
            function: Value::NativeFunction(Rc::new(function)),
        }))))
    }
}

impl OperationsObject {
    /// The operations of a migration context.
    pub(in crate::bindings::alembic) fn new(context: &MigrationContext) -> OperationsObject {
        OperationsObject {
            operations: context.operations(),
            context: context.clone(),
        }
    }

    fn is_batch(&self) -> bool {
        self.operations.batch().is_some()
    }

    /// Builds an operation from call arguments and invokes it.
    fn perform(
        vm: &mut Interpreter,
        operation: &Operation,
        bound: &mut Bound<'_>,
    ) -> Result<Value> {
        let Some(this) = bound.this().downcast::<OperationsObject>() else {
            return Err(vm.type_error("an Operations object was expected"));
        };
        let batch = this.operations.batch().cloned();
        let made = operation.make(vm, bound, batch.as_deref());
        schema::show_warnings(vm);
        let made = made?;
        let replaced = !vm
            .extension::<Registrations>()
            .implementations
            .borrow()
            .is_empty();
        if replaced {
            let value = operation_value(vm, &made);
            if let Some(function) = implementation(vm, &value) {
                let arguments = Arguments::positional(vec![Value::native((*this).clone()), value]);
                return vm.call(&function, arguments);
            }
        }
        this.invoke(vm, operation.name, &made)
    }

    /// Calls a user-defined operation: its class method receives these operations.
    fn call_registered(
        &self,
        vm: &mut Interpreter,
        registered: &Registered,
        arguments: Arguments,
    ) -> Result<Value> {
        let call = OperationCall::new(self.is_batch());
        vm.run.tell(Event::Operation {
            name: registered.name.to_string(),
            location: vm.call_location(),
            call: Some(call.clone()),
        });
        let class = Value::Class(registered.class.clone());
        let function = vm.get_attribute(&class, &registered.source)?;
        let result = vm.call(&function, arguments.with_first(Value::native(self.clone())));
        if call.ended(&vm.run, &result) {
            return Ok(Value::None);
        }
        result
    }

    /// Invokes an operation.
    fn invoke(
        &self,
        vm: &mut Interpreter,
        name: &str,
        operation: &MigrateOperation,
    ) -> Result<Value> {
        let call = OperationCall::of(operation, &self.operations);
        vm.run.tell(Event::Operation {
            name: name.to_owned(),
            location: vm.call_location(),
            call: Some(call.clone()),
        });
        let result = vm.lend(|| self.operations.invoke(operation));
        schema::show_warnings(vm);
        if call.ended(&vm.run, &result) {
            return Ok(Value::None);
        }
        Ok(match result? {
            Some(table) => conversion::table_value(vm, &table),
            None => Value::None,
        })
    }

    /// `op.invoke(operation)`.
    fn invoke_value(&self, vm: &mut Interpreter, value: &Value) -> Result<Value> {
        if let Some(function) = implementation(vm, value) {
            let arguments = vec![Value::native(self.clone()), value.clone()];
            return vm.call(&function, Arguments::positional(arguments));
        }
        self.invoke_original(vm, value)
    }

    /// Carries an operation out as Alembic does, whatever replaces it in the project.
    pub(super) fn invoke_original(&self, vm: &mut Interpreter, value: &Value) -> Result<Value> {
        let operation = to_operation(vm, value)?;
        if let MigrateOperation::Custom(_) = &operation {
            let shown = vm.repr(value)?;
            return Err(vm.value_error(format!("no dispatch function for object: {shown}")));
        }
        let name = operation.class_name();
        self.invoke(vm, &name, &operation)
    }
}

/// What the project registered for an operation of that class, or of one it inherits from.
fn implementation(vm: &mut Interpreter, operation: &Value) -> Option<Value> {
    let class = vm.class_of(operation);
    let registrations = vm.extension::<Registrations>();
    let known = registrations.implementations.borrow();
    class.mro().find_map(|candidate| {
        let found = known.iter().find(|(one, _)| one == candidate);
        found.map(|(_, function)| function.clone())
    })
}

/// `op.inline_literal(value, type_=None)`: a value rendered inline in the SQL.
fn inline_literal(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let value = bound.value("value");
    let value = conversion::to_literal(vm, &value)?;
    let kind = match bound.take_some("type_") {
        Some(kind) => conversion::to_type(vm, &kind)?,
        None => elements::literal_type(&value),
    };
    Ok(conversion::expression_value(
        &crate::ddl::execution::inline_literal(&value, &kind),
    ))
}
