//! `asyncio`: coroutines run to completion immediately, in order.

use std::cell::OnceCell;
use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{
    Bound, Class, Declaration, FreeFunction, Instance, Interpreter, Module, NativeObject, Registry,
    Value, function, method,
};

static EVENT_LOOP: Declaration<Value> = Declaration {
    methods: &[
        method("run_until_complete", "self, future", |vm, _, bound| {
            let main = bound.value("future");
            vm.await_value(&main)
        }),
        method("close", "self", |_, _, _| Ok(Value::None)),
        method("is_running", "self", |_, _, _| Ok(Value::Bool(false))),
    ],
    ..Declaration::new("asyncio.events.AbstractEventLoop")
};

/// The run's event loop.
#[derive(Default)]
struct EventLoop(OnceCell<Value>);

fn event_loop(vm: &mut Interpreter, _bound: &mut Bound<'_>) -> Result<Value> {
    let class = vm.class(&EVENT_LOOP);
    let event_loop = vm.extension::<EventLoop>();
    let made = || Value::Instance(Rc::new(Instance::new(&class)));
    Ok(event_loop.0.get_or_init(made).clone())
}

fn run(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let main = bound.value("main");
    if !matches!(&main, Value::Generator(_))
        && vm.find_attribute(&main, "__await__")?.is_none()
        && !matches!(&main, Value::Native(_))
    {
        let shown = vm.repr(&main)?;
        return Err(vm.value_error(format!("a coroutine was expected, got {shown}")));
    }
    vm.await_value(&main)
}

fn gather(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let catch = bound.value("return_exceptions");
    let catch = vm.truth(&catch)?;
    let exception = vm.registered_class("Exception");
    let mut results = Vec::new();
    for item in std::mem::take(&mut bound.rest) {
        results.push(match (vm.await_value(&item), &exception) {
            (Err(mut error), Some(exception)) if catch && vm.error_matches(&error, exception) => {
                vm.exception_value(&mut error)
            }
            (result, _) => result?,
        });
    }
    Ok(ready(Value::list(results)))
}

static FUNCTIONS: &[FreeFunction] = &[
    function("run", "main, *, debug=None", run),
    function("iscoroutinefunction", "func", |_, bound| {
        Ok(Value::Bool(matches!(
            bound.value("func"),
            Value::Function(function) if function.code.asynchronous
        )))
    }),
    function("sleep", "delay, result=None", |_, bound| {
        Ok(ready(bound.value("result")))
    }),
    function(
        "gather",
        "*coros_or_futures, return_exceptions=False",
        gather,
    ),
    function(
        "create_task",
        "coro, *, name=None, context=None",
        |vm, bound| {
            bound.ignore(&["name", "context"]);
            let main = bound.value("coro");
            Ok(ready(vm.await_value(&main)?))
        },
    ),
    function("wait_for", "fut, timeout", |vm, bound| {
        let main = bound.value("fut");
        Ok(ready(vm.await_value(&main)?))
    }),
    function("get_event_loop", "", event_loop),
    function("new_event_loop", "", event_loop),
    function("set_event_loop", "loop", |_, _| Ok(Value::None)),
    function("get_running_loop", "", |_, _| {
        Err(Error::new("RuntimeError", "no running event loop"))
    }),
];

fn asyncio(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let base = vm.registered_class("BaseException");
    let cancelled = vm.define_exception("asyncio.exceptions", "CancelledError", base.as_slice());
    let looping = vm.class(&EVENT_LOOP);
    let mut module = Module::build("asyncio")
        .class(&cancelled)
        .class(&looping)
        .functions(FUNCTIONS);
    if let Some(timeout) = vm.registered_class("TimeoutError") {
        module = module.value("TimeoutError", Value::Class(timeout));
    }
    Ok(module.build())
}

/// An awaitable that is already complete.
struct Ready(Value);

static FUTURE: Declaration<Ready> = Declaration {
    methods: &[
        method("result", "self, /", |_, ready, _| Ok(ready.0.clone())),
        method("done", "self, /", |_, _, _| Ok(Value::Bool(true))),
        method("cancel", "self, /, msg=None", |_, _, bound| {
            bound.ignore(&["msg"]);
            Ok(Value::Bool(false))
        }),
    ],
    sealed: true,
    ..Declaration::new("_asyncio.Future")
};

impl NativeObject for Ready {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&FUTURE)
    }

    fn awaited(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(self.0.clone()))
    }
}

fn ready(value: Value) -> Value {
    Value::native(Ready(value))
}

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("asyncio", asyncio);
}
