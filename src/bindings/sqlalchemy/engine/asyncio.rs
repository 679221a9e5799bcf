//! `sqlalchemy.ext.asyncio`: results are available immediately.

use std::cell::RefCell;

use super::connection::{
    ENGINE_PROPERTIES, EngineBegin, EngineObject, clear_compiled_cache, connect, connection_value,
    engine_value, execution_options, get_execution_options,
};
use super::transaction::TransactionObject;
use crate::bindings::orm::asynchronous;
use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Class, Declaration, Interpreter, NativeObject, Value, function, method,
    property,
};
use sqlalchemy::engine::{Connection, Engine};

/// `AsyncEngine`.
pub(super) static ASYNC_ENGINE: Declaration<EngineObject> = Declaration {
    constructor: python::constructor("self, sync_engine", |vm, bound| {
        let given = bound.value("sync_engine");
        vm.require_known(&given, "the engine")?;
        let Some(engine) = super::connection::to_engine(&given) else {
            let class = vm.class_of(&given).name();
            return Err(vm.attribute_error(format!("'{class}' object has no attribute 'dialect'")));
        };
        super::check_asynchronous(engine.url())?;
        Ok(EngineObject::value(engine, true))
    }),
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
        vm.registered_class("coroutine")
            .unwrap_or(vm.object_class())
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

/// The asynchronous connection that a connection belongs to.
pub fn async_connection_value(connection: &Connection) -> Value {
    Value::native(AsyncConnectionObject {
        engine: connection.engine().clone(),
        connection: RefCell::new(Some(connection.clone())),
    })
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

    /// The connection as `sqlalchemy.Connection`.
    fn value(&self, vm: &mut Interpreter) -> Result<Value> {
        let connection = self.open(vm)?;
        Ok(connection_value(vm, &connection))
    }
}

impl NativeObject for AsyncConnectionObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&ASYNC_CONNECTION)
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
}

/// An attribute of the connection.
fn passed(vm: &mut Interpreter, this: &AsyncConnectionObject, name: &str) -> Result<Value> {
    let connection = this.value(vm)?;
    vm.get_attribute(&connection, name)
}

/// A method of the connection.
fn called(
    vm: &mut Interpreter,
    this: &AsyncConnectionObject,
    bound: &mut Bound<'_>,
    name: &str,
) -> Result<Value> {
    bound.take("self");
    let arguments = Arguments {
        positional: std::mem::take(&mut bound.rest),
        keyword: bound.take_keywords(),
    };
    let connection = this.value(vm)?;
    vm.call_method(&connection, name, arguments)
}

/// A method of the connection, to be awaited.
fn awaited(
    vm: &mut Interpreter,
    this: &AsyncConnectionObject,
    bound: &mut Bound<'_>,
    name: &str,
) -> Result<Value> {
    Ok(Value::native(Ready(called(vm, this, bound, name)?)))
}

const STATEMENT: &str = "self, statement, parameters=None, *, execution_options=None";

pub(super) static ASYNC_CONNECTION: Declaration<AsyncConnectionObject> = Declaration {
    properties: &[
        property("sync_connection", |vm, this| this.value(vm)),
        property("engine", |_, this| {
            Ok(EngineObject::value(this.engine.clone(), true))
        }),
        property("dialect", |vm, this| passed(vm, this, "dialect")),
        property("info", |vm, this| passed(vm, this, "info")),
        property("closed", |vm, this| passed(vm, this, "closed")),
        property("invalidated", |vm, this| passed(vm, this, "invalidated")),
    ],
    methods: &[
        method("execute", STATEMENT, |vm, this, bound| {
            awaited(vm, this, bound, "execute")
        }),
        method("scalar", STATEMENT, |vm, this, bound| {
            awaited(vm, this, bound, "scalar")
        }),
        method("scalars", STATEMENT, |vm, this, bound| {
            awaited(vm, this, bound, "scalars")
        }),
        method(
            "exec_driver_sql",
            "self, statement, parameters=None, execution_options=None",
            |vm, this, bound| awaited(vm, this, bound, "exec_driver_sql"),
        ),
        method("commit", "self", |vm, this, bound| {
            awaited(vm, this, bound, "commit")
        }),
        method("rollback", "self", |vm, this, bound| {
            awaited(vm, this, bound, "rollback")
        }),
        method("close", "self", |vm, this, bound| {
            awaited(vm, this, bound, "close")
        }),
        method("begin_nested", "self", |vm, this, bound| {
            awaited(vm, this, bound, "begin_nested")
        }),
        method("get_isolation_level", "self", |vm, this, bound| {
            awaited(vm, this, bound, "get_isolation_level")
        }),
        method("execution_options", "self, **opt", |vm, this, bound| {
            awaited(vm, this, bound, "execution_options")
        }),
        method("in_transaction", "self", |vm, this, bound| {
            called(vm, this, bound, "in_transaction")
        }),
        method("begin", "self", |vm, this, _| {
            let connection = this.open(vm)?;
            let transaction = vm.lend(|| connection.begin())?;
            Ok(Value::native(TransactionObject { transaction }))
        }),
        method("run_sync", "self, fn, *arg, **kw", |vm, this, bound| {
            let mut positional = vec![this.value(vm)?];
            positional.append(&mut bound.rest);
            let arguments = Arguments {
                positional,
                keyword: std::mem::take(&mut bound.extra),
            };
            let value = vm.call(&bound.value("fn"), arguments)?;
            Ok(Value::native(Ready(value)))
        }),
        method("stream", STATEMENT, |vm, this, bound| {
            let result = called(vm, this, bound, "execute")?;
            let rows = asynchronous(vm, "AsyncResult", result)?;
            asynchronous(vm, "Started", rows)
        }),
        method("stream_scalars", STATEMENT, |vm, this, bound| {
            let result = called(vm, this, bound, "scalars")?;
            let values = asynchronous(vm, "AsyncScalarResult", result)?;
            asynchronous(vm, "Started", values)
        }),
        method("aclose", "self", |vm, this, bound| {
            awaited(vm, this, bound, "close")
        }),
        method("in_nested_transaction", "self", |vm, this, bound| {
            called(vm, this, bound, "in_nested_transaction")
        }),
        method("start", "self, is_ctxmanager=False", |vm, this, bound| {
            this.open(vm)?;
            Ok(Value::native(Ready(bound.this().clone())))
        }),
    ],
    class_methods: &[function(
        "_retrieve_proxy_for_target",
        "cls, target, regenerate=True",
        |vm, bound| {
            let target = bound.value("target");
            match super::to_connection(&target) {
                Some(connection) => Ok(async_connection_value(&connection)),
                None => Err(vm.type_error("a Connection was expected")),
            }
        },
    )],
    ..Declaration::new("sqlalchemy.ext.asyncio.engine.AsyncConnection")
};

pub(super) static ASYNC_ATTRS: Declaration<Value> = Declaration {
    properties: &[property("awaitable_attrs", |vm, this| {
        asynchronous(vm, "AwaitableAttributes", this.clone())
    })],
    ..Declaration::new("sqlalchemy.ext.asyncio.session.AsyncAttrs")
};
