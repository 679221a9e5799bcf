//! `asyncio`: coroutines run to completion immediately, in order.

use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{
    Arguments, Class, ClassBuilder, Instance, Interpreter, Module, NativeObject, Registry, Value,
};
use std::rc::Rc;

fn asyncio(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let timeout = vm.registered_class("TimeoutError");
    let base = vm.registered_class("BaseException");
    let cancelled = vm.define_exception(
        "asyncio.exceptions",
        "CancelledError",
        &base.into_iter().collect::<Vec<_>>(),
    );
    fn run(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
        let mut bound = arguments.bind(parameters!("run", "main, *, debug=None"))?;
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
    let looping = ClassBuilder::new("asyncio", "AbstractEventLoop")
        .method("run_until_complete", |vm, _, arguments| {
            let [main] = arguments.exactly("run_until_complete")?;
            vm.await_value(&main)
        })
        .method("close", |_, _, _| Ok(Value::None))
        .method("is_running", |_, _, _| Ok(Value::Bool(false)))
        .build(vm);
    let event_loop = Value::Instance(Rc::new(Instance::new(&looping)));
    let mut module = Module::build("asyncio")
        .class(&cancelled)
        .class(&looping)
        .function("run", run)
        .function("iscoroutinefunction", |_, arguments| {
            Ok(Value::Bool(matches!(
                arguments.positional.first(),
                Some(Value::Function(function)) if function.code.asynchronous
            )))
        })
        .function("sleep", |vm, arguments| {
            let [_, result] = arguments.between::<2>("sleep", 1)?;
            let _ = vm;
            Ok(ready(result.unwrap_or(Value::None)))
        })
        .function("gather", |vm, mut arguments| {
            let _ = arguments.take_keyword("return_exceptions");
            let mut results = Vec::new();
            for item in arguments.positional {
                results.push(vm.await_value(&item)?);
            }
            Ok(ready(Value::list(results)))
        })
        .function("create_task", |vm, arguments| {
            let [main] = arguments.between::<1>("create_task", 1)?;
            let result = vm.await_value(&main.unwrap_or(Value::None))?;
            Ok(ready(result))
        })
        .function("wait_for", |vm, arguments| {
            let mut bound = arguments.bind(parameters!("wait_for", "fut, timeout=None"))?;
            let main = bound.value("fut");
            let result = vm.await_value(&main)?;
            Ok(ready(result))
        });
    for name in ["get_event_loop", "new_event_loop"] {
        let event_loop = event_loop.clone();
        module = module.function(name, move |_, _| Ok(event_loop.clone()));
    }
    module = module
        .function("set_event_loop", |_, _| Ok(Value::None))
        .function("get_running_loop", |_, _| {
            Err(Error::new("RuntimeError", "no running event loop"))
        });
    if let Some(timeout) = timeout {
        module = module.value("TimeoutError", Value::Class(timeout));
    }
    Ok(module.build())
}

/// An awaitable that is already complete.
pub(super) struct Ready(pub(super) Value);

impl NativeObject for Ready {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.sealed_class("asyncio", "Future")
    }

    fn awaited(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(self.0.clone()))
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let value = self.0.clone();
        Ok(match name {
            "result" => Some(Value::function("result", move |_, _| Ok(value.clone()))),
            "done" => Some(Value::function("done", |_, _| Ok(Value::Bool(true)))),
            "cancel" => Some(Value::function("cancel", |_, _| Ok(Value::Bool(false)))),
            _ => None,
        })
    }
}

pub(super) fn ready(value: Value) -> Value {
    Value::native(Ready(value))
}

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("asyncio", asyncio);
}
