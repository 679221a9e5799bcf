//! `sqlalchemy.ext.asyncio`: results are available immediately.

use std::cell::RefCell;
use std::rc::Rc;

use super::class_named;
use super::connection::{
    ENGINE_PROPERTIES, EngineBegin, EngineObject, TransactionObject, clear_compiled_cache, connect,
    connection_value, engine_value, execution_options, get_execution_options,
};
use ground::diagnostic::{Error, Result};
use python::{Class, Declaration, Interpreter, NativeObject, Value, method, property};
use sqlalchemy::engine::{Connection, Engine};

/// `AsyncEngine`.
pub(super) static ASYNC_ENGINE: Declaration<EngineObject> = Declaration {
    properties: &[property("sync_engine", |vm, this| {
        let engine = this.engine.clone();
        Ok(engine_value(vm, &engine))
    })],
    shared_properties: ENGINE_PROPERTIES,
    methods: &[
        method("execution_options", "self, **opt", execution_options),
        method("get_execution_options", "self", get_execution_options),
        method("clear_compiled_cache", "self", clear_compiled_cache),
        method("connect", "self", |_, this, _| {
            Ok(Value::native(AsyncConnectionObject {
                engine: this.engine.clone(),
                connection: RefCell::default(),
            }))
        }),
        method("begin", "self", |_, this, _| {
            Ok(Value::native(EngineBegin {
                engine: this.engine.clone(),
                asynchronous: true,
                begun: RefCell::default(),
            }))
        }),
        method("dispose", "self", |_, this, _| {
            this.engine.dispose();
            Ok(Value::native(Ready(Value::None)))
        }),
    ],
    ..Declaration::new("sqlalchemy.ext.asyncio.engine.AsyncEngine")
};

/// An awaitable that is already complete.
pub struct Ready(pub Value);

impl NativeObject for Ready {
    fn class(&self, vm: &mut Interpreter) -> Class {
        class_named(vm, "builtins", "coroutine", |builder| builder)
    }

    fn awaited(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(self.0.clone()))
    }
}

/// `sqlalchemy.ext.asyncio.AsyncConnection`; its results are available immediately.
pub struct AsyncConnectionObject {
    pub(super) engine: Engine,
    pub(super) connection: RefCell<Option<Connection>>,
}

impl AsyncConnectionObject {
    fn open(&self, vm: &mut Interpreter) -> Result<Connection> {
        if let Some(connection) = self.connection.borrow().clone() {
            return Ok(connection);
        }
        let connection = connect(vm, &self.engine)?;
        self.connection.replace(Some(connection.clone()));
        Ok(connection)
    }
}

impl NativeObject for AsyncConnectionObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        async_connection_class(vm)
    }

    fn awaited(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        self.open(vm)?;
        Ok(Some(this.clone()))
    }

    fn enter(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        self.open(vm)?;
        Ok(Some(this.clone()))
    }

    fn exit(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        _exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        if let Some(connection) = self.connection.borrow().clone() {
            vm.lend(|| connection.close())?;
        }
        Ok(Some(false))
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let passed = ["dialect", "info", "closed", "invalidated", "in_transaction"];
        if !passed.contains(&name) {
            return Ok(None);
        }
        let connection = self.open(vm)?;
        let connection = connection_value(vm, &connection);
        vm.get_attribute(&connection, name).map(Some)
    }
}

fn async_connection(value: &Value) -> Result<Rc<AsyncConnectionObject>> {
    value
        .downcast::<AsyncConnectionObject>()
        .ok_or_else(|| Error::new("TypeError", "an AsyncConnection is needed"))
}

pub(super) fn async_connection_class(vm: &mut Interpreter) -> Class {
    class_named(
        vm,
        "sqlalchemy.ext.asyncio.engine",
        "AsyncConnection",
        |mut builder| {
            const AWAITED: [&str; 10] = [
                "execute",
                "scalar",
                "scalars",
                "exec_driver_sql",
                "commit",
                "rollback",
                "close",
                "begin_nested",
                "get_isolation_level",
                "execution_options",
            ];
            for name in AWAITED {
                builder = builder.method(name, move |vm, this, arguments| {
                    let connection = async_connection(this)?.open(vm)?;
                    let connection = connection_value(vm, &connection);
                    let value = vm.call_method(&connection, name, arguments)?;
                    Ok(Value::native(Ready(value)))
                });
            }
            builder
                .method("begin", |vm, this, _| {
                    let connection = async_connection(this)?.open(vm)?;
                    let transaction = vm.lend(|| connection.begin())?;
                    Ok(Value::native(TransactionObject { transaction }))
                })
                .method("run_sync", |vm, this, mut arguments| {
                    let connection = async_connection(this)?.open(vm)?;
                    let Some(function) = arguments.take_first() else {
                        return Err(vm.type_error("run_sync() needs a function"));
                    };
                    let connection = connection_value(vm, &connection);
                    let value = vm.call(&function, arguments.with_first(connection))?;
                    Ok(Value::native(Ready(value)))
                })
                .method("start", |vm, this, _| {
                    async_connection(this)?.open(vm)?;
                    Ok(Value::native(Ready(this.clone())))
                })
                .property("sync_connection", |vm, this| {
                    let connection = async_connection(this)?.open(vm)?;
                    Ok(connection_value(vm, &connection))
                })
                .property("engine", |_vm, this| {
                    let engine = async_connection(this)?.engine.clone();
                    Ok(EngineObject::value(engine, true))
                })
        },
    )
}
