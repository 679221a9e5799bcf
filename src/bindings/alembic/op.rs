//! `alembic.op`: a proxy for the operations of the current migration context.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::operations::OPERATIONS;
use super::operations::base::{
    ABSTRACT_OPERATIONS, CLASS_METHODS, OperationsObject, is_registered, operations_class,
};
use crate::runtime::MigrationContext;
use ground::diagnostic::{Error, Result};
use python::{Arguments, Interpreter, Module, NativeFunction, Registry, Value};

/// The operations that `op` currently proxies.
#[derive(Default)]
struct Proxies {
    stack: RefCell<Vec<OperationsObject>>,
    /// Whether the proxy was ever installed; after removal `op` proxies `None`.
    established: Cell<bool>,
}

/// Enters `Operations.context(migration_context)`: `op` proxies this context's operations.
pub(super) fn install_proxy(vm: &mut Interpreter, context: &MigrationContext) {
    let proxies = vm.extension::<Proxies>();
    proxies.established.set(true);
    proxies
        .stack
        .borrow_mut()
        .push(OperationsObject::new(context));
}

/// Exits `Operations.context(migration_context)`.
pub(super) fn remove_proxy(vm: &mut Interpreter) {
    vm.extension::<Proxies>().stack.borrow_mut().pop();
}

/// The operations that `op` proxies.
fn proxy(vm: &mut Interpreter, function: &str) -> Result<OperationsObject> {
    let proxies = vm.extension::<Proxies>();
    if let Some(proxy) = proxies.stack.borrow().last() {
        return Ok(proxy.clone());
    }
    if proxies.established.get() {
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

/// Calls a method of the proxied operations.
fn call(vm: &mut Interpreter, name: &str, arguments: Arguments) -> Result<Value> {
    let operations = proxy(vm, name)?;
    vm.call_method(&Value::native(operations), name, arguments)
}

/// The module `alembic.op`.
fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = operations_class(vm, false);
    let mut builder = Module::build("alembic.op").class(&class);
    let operations = OPERATIONS.iter().map(|operation| operation.name);
    for name in operations.chain(ABSTRACT_OPERATIONS.method_names()) {
        builder = builder.function(name, move |vm, arguments| call(vm, name, arguments));
    }
    for method in &CLASS_METHODS {
        let name = method.name();
        let class = Value::Class(class.clone());
        builder = builder.function(name, move |vm, arguments| {
            vm.call_method(&class, name, arguments)
        });
    }
    Ok(builder
        .attribute_hook(|vm, name| {
            if name == "_proxy" {
                let proxies = vm.extension::<Proxies>();
                if let Some(proxy) = proxies.stack.borrow().last() {
                    return Ok(Some(Value::native(proxy.clone())));
                }
                return Ok(proxies.established.get().then_some(Value::None));
            }
            if !is_registered(vm, name) {
                return Ok(None);
            }
            let called: Rc<str> = Rc::from(name);
            Ok(Some(Value::NativeFunction(Rc::new(NativeFunction::new(
                name,
                "alembic.op",
                false,
                move |vm, arguments| call(vm, &called, arguments),
            )))))
        })
        .build())
}

/// Registers the module.
pub(super) fn register(registry: &mut Registry) {
    registry.add("alembic.op", module);
}
