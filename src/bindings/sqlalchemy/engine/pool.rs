//! `sqlalchemy.pool`: the classes that `poolclass=` takes. An engine keeps its connections itself.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Declaration, Declared, DeclaredMethod as Method, Instance, Interpreter, Module, Value, method,
};
use sqlalchemy::engine::PoolClass;

static POOL: Declaration<Value> = Declaration::new("sqlalchemy.pool.base.Pool");

static BASES: [&dyn Declared; 1] = [&POOL];

static METHODS: [Method<Value>; 2] = [
    method("dispose", "self", |_, _, _| Ok(Value::None)),
    method("status", "self", |_, _, _| Ok("Pool size: 5".into())),
];

const fn pool(path: &'static str) -> Declaration<Value> {
    Declaration {
        bases: &BASES,
        methods: &METHODS,
        ..Declaration::new(path)
    }
}

static QUEUE_POOL: Declaration<Value> = pool("sqlalchemy.pool.impl.QueuePool");
static NULL_POOL: Declaration<Value> = pool("sqlalchemy.pool.impl.NullPool");
static SINGLETON_THREAD_POOL: Declaration<Value> = pool("sqlalchemy.pool.impl.SingletonThreadPool");
static STATIC_POOL: Declaration<Value> = pool("sqlalchemy.pool.impl.StaticPool");
static ASSERTION_POOL: Declaration<Value> = pool("sqlalchemy.pool.impl.AssertionPool");

pub(super) const CLASSES: [PoolClass; 5] = [
    PoolClass::QueuePool,
    PoolClass::NullPool,
    PoolClass::SingletonThreadPool,
    PoolClass::StaticPool,
    PoolClass::AssertionPool,
];

/// The Python class of a pool.
pub(super) fn declared(class: PoolClass) -> &'static dyn Declared {
    match class {
        PoolClass::QueuePool => &QUEUE_POOL,
        PoolClass::NullPool => &NULL_POOL,
        PoolClass::SingletonThreadPool => &SINGLETON_THREAD_POOL,
        PoolClass::StaticPool => &STATIC_POOL,
        PoolClass::AssertionPool => &ASSERTION_POOL,
    }
}

/// The pool of an engine.
pub(super) fn pool_value(vm: &mut Interpreter, class: PoolClass) -> Value {
    let class = vm.class(declared(class));
    Value::Instance(Rc::new(Instance::new(&class)))
}

/// Makes `sqlalchemy.pool`.
///
/// # Errors
/// None so far.
pub(super) fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut module = Module::build("sqlalchemy.pool").class(&vm.class(&POOL));
    for class in CLASSES {
        module = module.class(&vm.class(declared(class)));
    }
    let queue = vm.class(&QUEUE_POOL);
    Ok(module.value("AsyncAdaptedQueuePool", queue).build())
}
