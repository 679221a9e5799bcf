//! `alembic.op` and `alembic.operations`: operations as scripts call them.

use crate::bindings::sqlalchemy::engine;
use std::cell::RefCell;
use std::rc::Rc;

use super::op_arguments as arguments;
use super::op_operations::{OPERATIONS, find};
use super::{directives, migration_context, values};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::schema;
use crate::operations::ops::MigrateOperation;
use crate::operations::{BatchOptions, OperationCall, Operations, Recreate, TableKeywords};
use crate::runtime::MigrationContext;
use ground::diagnostic::{Error, Location, Result};
use ground::event::Event;
use python::parameters;
use python::{
    Arguments, Class, ClassBuilder, Interpreter, Method, Module, NativeFunction, NativeObject,
    Registry, Value,
};
use sqlalchemy::elements;

const BASE: &str = "alembic.operations.base";

/// What Python code has registered, and the operations that `op` stands for.
#[derive(Default)]
struct OpState {
    proxies: RefCell<Vec<OperationsObject>>,
    /// Whether there has been a proxy: afterwards `op` stands for `None`.
    established: RefCell<bool>,
    registered: RefCell<Vec<Registered>>,
    implementations: RefCell<Vec<(Class, Value)>>,
}

/// An operation that a project registered with `Operations.register_operation`.
#[derive(Clone)]
struct Registered {
    name: Rc<str>,
    class: Class,
    source: Rc<str>,
    batch: bool,
}

/// `Operations` or `BatchOperations`.
#[derive(Clone)]
pub(super) struct OperationsObject {
    operations: Operations,
    context: MigrationContext,
}

/// Adds the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("alembic.op", op_module);
    registry.add("alembic.operations", operations_module);
    registry.add("alembic.operations.base", operations_module);
}

/// `Operations.context(migration_context)`, its entry: `op` stands for this context's operations.
pub(super) fn install_proxy(vm: &mut Interpreter, context: &MigrationContext) {
    let state = vm.extension::<OpState>();
    *state.established.borrow_mut() = true;
    state.proxies.borrow_mut().push(OperationsObject {
        operations: context.operations(),
        context: context.clone(),
    });
}

/// `Operations.context(migration_context)`, its exit.
pub(super) fn remove_proxy(vm: &mut Interpreter) {
    vm.extension::<OpState>().proxies.borrow_mut().pop();
}

/// The operations that `op` stands for.
fn proxy(vm: &mut Interpreter, function: &str) -> Result<OperationsObject> {
    let state = vm.extension::<OpState>();
    if let Some(proxy) = state.proxies.borrow().last() {
        return Ok(proxy.clone());
    }
    if *state.established.borrow() {
        return Err(Error::new(
            "AttributeError",
            format!("'NoneType' object has no attribute '{function}'"),
        ));
    }
    Err(Error::new(
        "NameError",
        format!(
            "Can't invoke function '{function}', as the proxy object has not yet been established \
             for the Alembic 'Operations' class.  Try placing this code inside a callable."
        ),
    ))
}

/// The other methods of `Operations`, which are no operations.
const METHODS: &[&str] = &[
    "batch_alter_table",
    "context",
    "f",
    "get_bind",
    "get_context",
    "implementation_for",
    "inline_literal",
    "invoke",
    "register_operation",
    "run_async",
];

/// `alembic.op`.
fn op_module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = operations_class(vm, false)?;
    let mut builder = Module::build("alembic.op").class(&class);
    let names = OPERATIONS
        .iter()
        .filter(|operation| operation.parameters.is_some())
        .map(|operation| operation.name)
        .chain(METHODS.iter().copied());
    for name in names {
        builder = builder.function(name, move |vm, arguments| {
            if let Some(value) = class_side(vm, name, false, &arguments) {
                return value;
            }
            let proxy = proxy(vm, name)?;
            proxy.call(vm, name, arguments)
        });
    }
    Ok(builder
        .attribute_hook(|vm, name| {
            let state = vm.extension::<OpState>();
            let found = state
                .registered
                .borrow()
                .iter()
                .any(|registered| !registered.batch && &*registered.name == name);
            if !found {
                return Ok(None);
            }
            let name: Rc<str> = Rc::from(name);
            let called = name.clone();
            Ok(Some(Value::NativeFunction(Rc::new(NativeFunction::new(
                &name,
                "alembic.op",
                false,
                move |vm, arguments| {
                    let proxy = proxy(vm, &called)?;
                    proxy.call(vm, &called, arguments)
                },
            )))))
        })
        .build())
}

/// `alembic.operations`.
fn operations_module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let operations = operations_class(vm, false)?;
    let batch_operations = operations_class(vm, true)?;
    let base = directives::class(vm, "MigrateOperation")?;
    Ok(Module::build("alembic.operations")
        .class(&operations)
        .class(&batch_operations)
        .value("AbstractOperations", Value::Class(operations.clone()))
        .class(&base)
        .build())
}

/// The class `Operations` or `BatchOperations`.
fn operations_class(vm: &mut Interpreter, batch: bool) -> Result<Class> {
    let name = if batch {
        "BatchOperations"
    } else {
        "Operations"
    };
    if let Some(class) = vm.registered_class(&format!("{BASE}.{name}")) {
        return Ok(class);
    }
    let mut builder = ClassBuilder::new(BASE, name);
    for method in ["register_operation", "implementation_for"] {
        builder = builder.class_method(method, move |vm, _, arguments| {
            class_side(vm, method, batch, &arguments)
                .unwrap_or_else(|| Err(Error::new("TypeError", method)))
        });
    }
    if !batch {
        builder = builder.class_method("context", |vm, _, arguments| {
            class_side(vm, "context", false, &arguments)
                .unwrap_or_else(|| Err(Error::new("TypeError", "context")))
        });
    }
    builder = builder.hooks(OperationsClass);
    Ok(builder.build(vm))
}

struct OperationsClass;

impl python::NativeClass for OperationsClass {
    fn construct(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let mut bound = arguments.clone().bind(parameters!(
            "AbstractOperations.__init__",
            "migration_context, impl=None"
        ))?;
        let value = bound.value("migration_context");
        let context = migration_context::to_migration_context(&value)
            .ok_or_else(|| vm.type_error(format!("{}() takes a MigrationContext", class.name())))?;
        Ok(Some(Value::native(OperationsObject {
            operations: context.operations(),
            context,
        })))
    }
}

/// What `Operations` and `op` do without a context.
fn class_side(
    vm: &mut Interpreter,
    name: &str,
    batch: bool,
    arguments: &Arguments,
) -> Option<Result<Value>> {
    match name {
        "register_operation" => Some(register_operation(vm, batch, arguments.clone())),
        "implementation_for" => Some(implementation_for(vm, arguments.clone())),
        "context" => Some(operations_context(vm, arguments.clone())),
        _ => None,
    }
}

/// `@Operations.register_operation("name", "sourcename")`.
fn register_operation(_vm: &mut Interpreter, batch: bool, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "AbstractOperations.register_operation",
        "name, sourcename=None"
    ))?;
    let name = arguments::text(&bound.value("name"))?;
    let source =
        arguments::optional_text(&bound.value("sourcename"))?.unwrap_or_else(|| name.clone());
    Ok(Value::NativeFunction(Rc::new(NativeFunction::new(
        "register",
        BASE,
        false,
        move |vm, arguments| {
            let [class] = arguments.exactly("register")?;
            let Value::Class(python) = &class else {
                return Err(vm.type_error("register_operation() decorates a class"));
            };
            let state = vm.extension::<OpState>();
            let mut registered = state.registered.borrow_mut();
            registered.retain(|known| known.name != name || known.batch != batch);
            registered.push(Registered {
                name: name.clone(),
                class: python.clone(),
                source: source.clone(),
                batch,
            });
            drop(registered);
            Ok(class)
        },
    ))))
}

/// `@Operations.implementation_for(OpClass)`.
fn implementation_for(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "AbstractOperations.implementation_for",
        "op_cls, replace=False"
    ))?;
    let Value::Class(class) = bound.value("op_cls") else {
        return Err(vm.type_error("implementation_for() takes a class"));
    };
    Ok(Value::NativeFunction(Rc::new(NativeFunction::new(
        "decorate",
        BASE,
        false,
        move |vm, arguments| {
            let [function] = arguments.exactly("decorate")?;
            vm.extension::<OpState>()
                .implementations
                .borrow_mut()
                .push((class.clone(), function.clone()));
            Ok(function)
        },
    ))))
}

/// `with Operations.context(migration_context) as op:`.
fn operations_context(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "AbstractOperations.context",
        "migration_context"
    ))?;
    let value = bound.value("migration_context");
    let context = migration_context::to_migration_context(&value)
        .ok_or_else(|| vm.type_error("context() takes a MigrationContext"))?;
    Ok(Value::native(OperationsBlock(context)))
}

/// The context manager of `Operations.context(...)`.
struct OperationsBlock(MigrationContext);

impl NativeObject for OperationsBlock {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.object_class()
    }

    fn enter(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        install_proxy(vm, &self.0);
        Ok(Some(Value::native(OperationsObject {
            operations: self.0.operations(),
            context: self.0.clone(),
        })))
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
        operations_class(vm, self.operations.batch().is_some())
            .unwrap_or_else(|_| vm.object_class())
    }

    fn attribute_names(&self) -> Vec<String> {
        let batch = self.operations.batch().is_some();
        OPERATIONS
            .iter()
            .filter(|operation| {
                if batch {
                    operation.batch_parameters.is_some()
                } else {
                    operation.parameters.is_some()
                }
            })
            .map(|operation| operation.name.to_owned())
            .chain(METHODS.iter().map(|&name| name.to_owned()))
            .collect()
    }

    fn get_attribute(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        match name {
            "migration_context" => {
                return Ok(Some(migration_context::migration_context_value(
                    vm,
                    &self.context,
                )));
            }
            "impl" => {
                return Ok(Some(migration_context::impl_value(vm, &self.context)));
            }
            _ => {}
        }
        let batch = self.operations.batch().is_some();
        let known = find(name).is_some_and(|operation| {
            if batch {
                operation.batch_parameters.is_some()
            } else {
                operation.parameters.is_some()
            }
        }) || METHODS.contains(&name)
            || vm
                .extension::<OpState>()
                .registered
                .borrow()
                .iter()
                .any(|registered| registered.batch == batch && &*registered.name == name);
        if !known {
            return Ok(None);
        }
        let called: Rc<str> = Rc::from(name);
        let function = NativeFunction::new(name, BASE, true, move |vm, mut arguments| {
            let object = arguments
                .take_first()
                .and_then(|this| this.downcast::<OperationsObject>())
                .ok_or_else(|| vm.type_error("an Operations object was expected"))?;
            object.call(vm, &called, arguments)
        });
        Ok(Some(Value::Method(Rc::new(Method {
            this: this.clone(),
            function: Value::NativeFunction(Rc::new(function)),
        }))))
    }
}

impl OperationsObject {
    /// Calls a method by name.
    fn call(&self, vm: &mut Interpreter, name: &str, arguments: Arguments) -> Result<Value> {
        if let Some(operation) = find(name) {
            let batch = self.operations.batch().cloned();
            let available = match batch {
                Some(_) => operation.batch_parameters.is_some(),
                None => operation.parameters.is_some(),
            };
            if available {
                let operation = operation.make(vm, arguments, batch.as_deref());
                schema::show_warnings(vm);
                return self.invoke(vm, name, &operation?);
            }
        }
        match name {
            "batch_alter_table" => self.batch_alter_table(vm, arguments),
            "f" => {
                let mut bound = arguments
                    .with_first(Value::None)
                    .bind(parameters!("AbstractOperations.f", "self, name"))?;
                let name = bound.value("name");
                convention(vm, name)
            }
            "get_bind" => {
                arguments
                    .with_first(Value::None)
                    .bind(parameters!("AbstractOperations.get_bind", "self"))?;
                Ok(self.bind(vm))
            }
            "get_context" => {
                arguments
                    .with_first(Value::None)
                    .bind(parameters!("AbstractOperations.get_context", "self"))?;
                Ok(migration_context::migration_context_value(
                    vm,
                    &self.context,
                ))
            }
            "inline_literal" => inline_literal(vm, arguments),
            "invoke" => {
                let mut bound = arguments
                    .with_first(Value::None)
                    .bind(parameters!("AbstractOperations.invoke", "self, operation"))?;
                let operation = bound.value("operation");
                self.invoke_value(vm, &operation)
            }
            "run_async" => Err(vm.value_error("Cannot call run_async with a sync engine")),
            _ => {
                if let Some(value) =
                    class_side(vm, name, self.operations.batch().is_some(), &arguments)
                {
                    return value;
                }
                self.call_registered(vm, name, arguments)
            }
        }
    }

    /// An operation that the project registered: its class method gets these operations.
    fn call_registered(
        &self,
        vm: &mut Interpreter,
        name: &str,
        arguments: Arguments,
    ) -> Result<Value> {
        let batch = self.operations.batch().is_some();
        let registered = vm
            .extension::<OpState>()
            .registered
            .borrow()
            .iter()
            .find(|known| known.batch == batch && &*known.name == name)
            .cloned();
        let Some(registered) = registered else {
            return Err(
                vm.attribute_error(format!("'Operations' object has no attribute '{name}'"))
            );
        };
        let call = OperationCall::new(batch);
        vm.run.tell(Event::Operation {
            name: name.to_owned(),
            location: vm.call_location(),
            call: Some(call.clone()),
        });
        let function = vm.get_attribute(&Value::Class(registered.class), &registered.source)?;
        let result = vm.call(&function, arguments.with_first(Value::native(self.clone())));
        if call.ended(&vm.run, &result) {
            return Ok(Value::None);
        }
        result
    }

    /// `op.get_bind()`: the connection, or what stands for it in `--sql` mode.
    fn bind(&self, vm: &mut Interpreter) -> Value {
        match self.context.connection() {
            Some(connection) => engine::connection_value(vm, &connection),
            None => Value::native(MockConnection(self.context.clone())),
        }
    }

    /// Carries an operation out.
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
        let class = vm.class_of(value);
        let state = vm.extension::<OpState>();
        let implementations = state.implementations.borrow().clone();
        for (known, function) in implementations.iter().rev() {
            if class.is_subclass(known) {
                return vm.call(
                    function,
                    Arguments::positional(vec![Value::native(self.clone()), value.clone()]),
                );
            }
        }
        let operation = directives::to_operation(vm, value)?;
        if let MigrateOperation::Custom(_) = &operation {
            let shown = vm.repr(value)?;
            return Err(vm.value_error(format!("no dispatch function for object: {shown}")));
        }
        let name = operation.class_name();
        self.invoke(vm, &name, &operation)
    }

    /// `op.batch_alter_table(...)`.
    fn batch_alter_table(&self, vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
        let mut bound = arguments.with_first(Value::None).bind(parameters!(
            "AbstractOperations.batch_alter_table",
            "self, table_name, schema=None, recreate='auto', partial_reordering=None, \
             copy_from=None, table_args=(), table_kwargs={}, reflect_args=(), reflect_kwargs={}, \
             naming_convention=None"
        ))?;
        let mut options = BatchOptions::new(arguments::name(&bound.value("table_name"))?);
        options.schema = arguments::optional_name(bound.take_some("schema"))?;
        let recreate = match bound.take("recreate") {
            Some(word) => arguments::text(&word)?,
            None => Rc::from("auto"),
        };
        if let Some(tuples) = bound.take_some("partial_reordering") {
            for tuple in vm.collect(&tuples)? {
                options
                    .partial_reordering
                    .push(arguments::names(vm, &tuple)?);
            }
        }
        if let Some(table) = bound.take_some("copy_from") {
            conversion::refuse_opaque(&table, "copy_from")?;
            options.copy_from = Some(
                conversion::find_table(&table)
                    .ok_or_else(|| vm.type_error("copy_from takes a Table"))?,
            );
        }
        for (parameter, items) in [
            ("table_args", &mut options.table_args),
            ("reflect_args", &mut options.reflect_args),
        ] {
            if let Some(values) = bound.take_some(parameter) {
                for value in vm.collect(&values)? {
                    items.push(conversion::table_item(vm, &value)?);
                }
            }
        }
        if let Some(keywords) = bound.take_some("table_kwargs") {
            options.table_kwargs = table_keywords(vm, &keywords)?;
        }
        if let Some(keywords) = bound.take_some("reflect_kwargs") {
            for (name, value) in keyword_items(vm, &keywords)? {
                match &*name {
                    "include_columns" => {
                        options.reflect_options.include_columns =
                            Some(arguments::texts(vm, &value)?);
                    }
                    "exclude_columns" => {
                        options.reflect_options.exclude_columns = arguments::texts(vm, &value)?;
                    }
                    "resolve_fks" => {
                        options.reflect_options.skip_referred = !vm.truth(&value)?;
                    }
                    "listeners" if !vm.collect(&value)?.is_empty() => {
                        return Err(Error::unsupported(
                            "reflect_kwargs={'listeners': ...} of op.batch_alter_table()",
                        )
                        .with_hint(
                            "Give the columns that need another type in reflect_args=[...].",
                        ));
                    }
                    _ => {}
                }
            }
        }
        if let Some(convention) = bound.take_some("naming_convention") {
            options.naming_convention = Some(schema::naming_convention(vm, &convention)?);
        }
        Ok(Value::native(BatchBlock {
            operations: self.clone(),
            options: RefCell::new(Some(options)),
            recreate,
            location: vm.call_location(),
            batch: RefCell::new(None),
        }))
    }
}

fn keyword_items(vm: &mut Interpreter, value: &Value) -> Result<Vec<(Rc<str>, Value)>> {
    conversion::refuse_opaque(value, "the keywords")?;
    let Value::Dict(dict) = value.plain() else {
        return Err(vm.type_error("a dictionary was expected"));
    };
    dict.entries()
        .into_iter()
        .map(|(key, value)| Ok((arguments::text(&key)?, value)))
        .collect()
}

fn table_keywords(vm: &mut Interpreter, value: &Value) -> Result<TableKeywords> {
    let mut keywords = TableKeywords::default();
    let mut others = Vec::new();
    for (name, value) in keyword_items(vm, value)? {
        match &*name {
            "prefixes" => keywords.prefixes = Some(arguments::texts(vm, &value)?),
            "comment" => keywords.comment = arguments::optional_text(&value)?,
            "info" => {}
            _ => others.push((name, value)),
        }
    }
    keywords.options = conversion::dialect_options(vm, &others)?;
    Ok(keywords)
}

/// The context manager of `op.batch_alter_table(...)`.
struct BatchBlock {
    operations: OperationsObject,
    options: RefCell<Option<BatchOptions>>,
    recreate: Rc<str>,
    /// Where the script calls it.
    location: Option<Location>,
    batch: RefCell<Option<OperationsObject>>,
}

impl NativeObject for BatchBlock {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.object_class()
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(
            "<contextlib._GeneratorContextManager object>".to_owned(),
        ))
    }

    fn enter(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        let options = self.options.borrow_mut().take();
        let Some(mut options) = options else {
            return Err(Error::new("RuntimeError", "generator didn't yield"));
        };
        options.recreate = Recreate::from_word(&self.recreate)?;
        let operations = self.operations.operations.batch_alter_table(options)?;
        let batch = OperationsObject {
            operations,
            context: self.operations.context.clone(),
        };
        *self.batch.borrow_mut() = Some(batch.clone());
        Ok(Some(Value::native(batch)))
    }

    fn exit(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        let batch = self.batch.borrow_mut().take();
        if exception.is_some() {
            return Ok(Some(false));
        }
        let Some(batch) = batch.and_then(|batch| batch.operations.batch().cloned()) else {
            return Ok(Some(false));
        };
        let call = OperationCall::new(false);
        vm.run.tell(Event::Operation {
            name: "batch_alter_table".to_owned(),
            location: self.location.clone(),
            call: Some(call.clone()),
        });
        let result = vm.lend(|| batch.flush());
        schema::show_warnings(vm);
        if call.ended(&vm.run, &result) {
            return Ok(Some(false));
        }
        result.map(|()| Some(false))
    }
}

/// `conv(name)`.
fn convention(vm: &mut Interpreter, name: Value) -> Result<Value> {
    let module = vm.import("sqlalchemy.sql.elements")?;
    let class = vm.get_attribute(&module, "conv")?;
    vm.call(&class, Arguments::positional(vec![name]))
}

/// `op.inline_literal(value, type_=None)`: a value that is written into the SQL.
fn inline_literal(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.with_first(Value::None).bind(parameters!(
        "AbstractOperations.inline_literal",
        "self, value, type_=None"
    ))?;
    let value = bound.value("value");
    let value = conversion::to_literal(vm, &value)?;
    let kind = match bound.take_some("type_") {
        Some(kind) => conversion::to_type(vm, &kind)?,
        None => elements::literal_type(&value),
    };
    let parameter = elements::bindparam("param", Some(value), Some(kind));
    let parameter = match parameter {
        elements::Expression::BindParameter(parameter) => {
            let mut parameter = (*parameter).clone();
            parameter.literal_execute = true;
            parameter.unique = true;
            elements::Expression::BindParameter(Rc::new(parameter))
        }
        other => other,
    };
    Ok(conversion::expression_value(&parameter))
}

/// What `op.get_bind()` gives in `--sql` mode: writes what it is given to execute.
struct MockConnection(MigrationContext);

impl NativeObject for MockConnection {
    fn class(&self, vm: &mut Interpreter) -> Class {
        const MODULE: &str = "sqlalchemy.engine.mock";
        match vm.registered_class("sqlalchemy.engine.mock.MockConnection") {
            Some(class) => class,
            None => ClassBuilder::new(MODULE, "MockConnection").build(vm),
        }
    }

    fn get_attribute(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        match name {
            "dialect" => {
                let dialect = self.0.dialect().clone();
                Ok(Some(engine::dialect_value(vm, &dialect)))
            }
            "engine" => Ok(Some(this.clone())),
            "execute" => {
                let context = self.0.clone();
                Ok(Some(Value::NativeFunction(Rc::new(NativeFunction::new(
                    "execute",
                    "sqlalchemy.engine.mock",
                    false,
                    move |vm, arguments| {
                        let mut bound = arguments.with_first(Value::None).bind(parameters!(
                            "MockConnection.execute",
                            "self, obj, parameters=None, execution_options=None"
                        ))?;
                        let statement = bound.value("obj");
                        let executable = values::to_sql_text(vm, &statement)?.to_executable();
                        vm.lend(|| context.implementation().execute(&executable, None))?;
                        Ok(Value::None)
                    },
                )))))
            }
            "connect" => {
                let this = this.clone();
                Ok(Some(Value::NativeFunction(Rc::new(NativeFunction::new(
                    "connect",
                    "sqlalchemy.engine.mock",
                    false,
                    move |_, _| Ok(this.clone()),
                )))))
            }
            _ => Ok(None),
        }
    }
}
