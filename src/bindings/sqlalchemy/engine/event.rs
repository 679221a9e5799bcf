//! `sqlalchemy.event`: an engine's `connect`, `first_connect` and `begin` listeners are called;
//! others are accepted and ignored, since they do not concern migrations.

use std::cell::RefCell;
use std::rc::Rc;

use super::connection::{EngineObject, to_engine};
use ground::diagnostic::Result;
use python::parameters;
use python::{Arguments, Interpreter, Module, Value};
use sqlalchemy::engine::Engine;

/// The listeners registered in an interpreter.
#[derive(Default)]
pub struct Listeners {
    /// Target, event, function.
    known: RefCell<Vec<(Value, Rc<str>, Value)>>,
}

impl Listeners {
    /// The listeners of an engine's event, class-level ones first.
    pub(super) fn of(&self, engine: &Engine, event: &str) -> Vec<Value> {
        let matches = |target: &Value| match target {
            Value::Class(class) => matches!(
                &*class.name(),
                "Engine" | "Pool" | "QueuePool" | "NullPool" | "Dialect"
            ),
            target => target
                .downcast::<EngineObject>()
                .is_some_and(|object| object.engine.is(engine)),
        };
        self.known
            .borrow()
            .iter()
            .filter(|(target, name, _)| &**name == event && matches(target))
            .map(|(_, _, function)| function.clone())
            .collect()
    }

    /// The listeners registered on exactly that target.
    pub fn of_target(&self, target: &Value, event: &str) -> Vec<Value> {
        self.known
            .borrow()
            .iter()
            .filter(|(known, name, _)| &**name == event && known.is(target))
            .map(|(_, _, function)| function.clone())
            .collect()
    }
}

/// The listeners.
pub fn listeners(vm: &mut Interpreter) -> Rc<Listeners> {
    vm.extension::<Listeners>()
}

fn add(vm: &mut Interpreter, target: Value, name: &Value, function: Value) {
    let name = name.as_text().unwrap_or_default();
    // A pool or a synchronous engine is replaced by the engine that owns it.
    let target = match to_engine(&target) {
        Some(engine) => super::connection::engine_value(vm, &engine),
        None => target,
    };
    listeners(vm)
        .known
        .borrow_mut()
        .push((target, name, function));
}

/// Makes `sqlalchemy.event`.
///
/// # Errors
/// None so far.
pub(super) fn module(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.event")
        .function("listen", |vm, arguments: Arguments| {
            let mut bound =
                arguments.bind(parameters!("listen", "target, identifier, fn, *args, **kw"))?;
            let (target, name) = (bound.value("target"), bound.value("identifier"));
            add(vm, target, &name, bound.value("fn"));
            Ok(Value::None)
        })
        .function("listens_for", |_vm, arguments| {
            let mut bound = arguments.bind(parameters!(
                "listens_for",
                "target, identifier, *args, **kw"
            ))?;
            let (target, name) = (bound.value("target"), bound.value("identifier"));
            Ok(Value::function("decorate", move |vm, arguments| {
                let [function] = arguments.exactly("decorate")?;
                add(vm, target.clone(), &name, function.clone());
                Ok(function)
            }))
        })
        .function("remove", |vm, arguments| {
            let [target, name, function] = arguments.exactly("remove")?;
            let name = name.as_text().unwrap_or_default();
            listeners(vm)
                .known
                .borrow_mut()
                .retain(|(known, event, listener)| {
                    !(known.is(&target) && *event == name && listener.is(&function))
                });
            Ok(Value::None)
        })
        .function("contains", |vm, arguments| {
            let [target, name, function] = arguments.exactly("contains")?;
            let name = name.as_text().unwrap_or_default();
            let functions = listeners(vm).of_target(&target, &name);
            Ok(functions.iter().any(|known| known.is(&function)).into())
        })
        .build())
}
