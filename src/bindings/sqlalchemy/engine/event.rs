//! `sqlalchemy.event`: an engine's `connect`, `first_connect` and `begin` listeners are called;
//! others are accepted and ignored, since they do not concern migrations.

use std::cell::RefCell;
use std::rc::Rc;

use super::connection::{EngineObject, to_engine};
use crate::bindings::orm;
use ground::diagnostic::Result;
use python::{FreeFunction, Interpreter, Module, Value, function};
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

fn add(
    vm: &mut Interpreter,
    target: Value,
    name: &Value,
    function: Value,
    keywords: Value,
) -> Result<()> {
    let orm = vec![target.clone(), name.clone(), function.clone(), keywords];
    if orm::listen(vm, "listen", &target, orm)?.is_some() {
        return Ok(());
    }
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
    Ok(())
}

static FUNCTIONS: &[FreeFunction] = &[
    function(
        "listen",
        "target, identifier, fn, *args, **kw",
        |vm, bound| {
            let (target, name) = (bound.value("target"), bound.value("identifier"));
            let keywords = Value::dict(std::mem::take(&mut bound.extra));
            add(vm, target, &name, bound.value("fn"), keywords)?;
            Ok(Value::None)
        },
    ),
    function(
        "listens_for",
        "target, identifier, *args, **kw",
        |_, bound| {
            let (target, name) = (bound.value("target"), bound.value("identifier"));
            let keywords = std::mem::take(&mut bound.extra);
            Ok(Value::function("decorate", move |vm, arguments| {
                let [function] = arguments.exactly("decorate")?;
                let keywords = Value::dict(keywords.clone());
                add(vm, target.clone(), &name, function.clone(), keywords)?;
                Ok(function)
            }))
        },
    ),
    function("remove", "target, identifier, fn", |vm, bound| {
        let (target, name) = (bound.value("target"), bound.value("identifier"));
        let orm = vec![target.clone(), name.clone(), bound.value("fn")];
        if orm::listen(vm, "remove", &target, orm)?.is_some() {
            return Ok(Value::None);
        }
        let (name, function) = (name.as_text().unwrap_or_default(), bound.value("fn"));
        let listeners = listeners(vm);
        let mut known = listeners.known.borrow_mut();
        known.retain(|(known, event, listener)| {
            !(known.is(&target) && *event == name && listener.is(&function))
        });
        Ok(Value::None)
    }),
    function("contains", "target, identifier, fn", |vm, bound| {
        let (target, name) = (bound.value("target"), bound.value("identifier"));
        let orm = vec![target.clone(), name.clone(), bound.value("fn")];
        if let Some(found) = orm::listen(vm, "contains", &target, orm)? {
            return Ok(found);
        }
        let (name, function) = (name.as_text().unwrap_or_default(), bound.value("fn"));
        let functions = listeners(vm).of_target(&target, &name);
        Ok(functions.iter().any(|known| known.is(&function)).into())
    }),
];

/// Makes `sqlalchemy.event`.
///
/// # Errors
/// None so far.
pub(super) fn module(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.event")
        .functions(FUNCTIONS)
        .build())
}
