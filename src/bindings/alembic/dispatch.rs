//! `alembic.autogenerate.comparators` and `renderers`: functions of the project's own that autogenerate calls.

use std::cell::RefCell;
use std::rc::Rc;

use super::operations::objects;
use ground::diagnostic::Error;
use python::{FreeFunction, Interpreter, Module, Registry, Value, function};

/// The comparison functions, each with the dialect it is for.
#[derive(Default)]
struct Comparators(RefCell<Vec<(Rc<str>, Value)>>);

/// `@renderers.dispatch_for(OpClass)`: registers a renderer for an operation class.
static RENDERERS: FreeFunction =
    function("dispatch_for", "target, *, replace=False", |vm, bound| {
        let Value::Class(class) = bound.value("target") else {
            return Err(vm.type_error("renderers.dispatch_for() takes a class"));
        };
        let replace = bound.flag("replace");
        Ok(Value::function("decorate", move |vm, arguments| {
            let [function] = arguments.exactly("decorate")?;
            if !replace && objects::has_renderer(vm, &class) {
                return Err(taken(vm, &Value::Class(class.clone())));
            }
            objects::add_renderer(vm, &class, &function);
            Ok(function)
        }))
    });

/// `@comparators.dispatch_for("schema")`: a function that adds operations of its own.
static COMPARATORS: FreeFunction = function(
    "dispatch_for",
    "target, qualifier='default', priority=50, *, subgroup=None",
    |vm, bound| {
        let target = bound.value("target");
        if target.as_str() != Some("schema") {
            let shown = vm.repr(&target)?;
            return Err(Error::unsupported(format!(
                "comparators.dispatch_for({shown}): a project's own comparison is called for \"schema\" only"
            )));
        }
        bound.refuse(&["subgroup"])?;
        let given = bound.take_some("qualifier");
        let qualifier = given
            .and_then(|name| name.as_text())
            .unwrap_or_else(|| "default".into());
        Ok(Value::function("decorate", move |vm, arguments| {
            let [function] = arguments.exactly("decorate")?;
            let known = vm.extension::<Comparators>();
            known
                .0
                .borrow_mut()
                .push((qualifier.clone(), function.clone()));
            Ok(function)
        }))
    },
);

/// The comparison functions for a dialect, in the order they were registered.
pub(super) fn comparators_for(vm: &mut Interpreter, dialect: &str) -> Vec<Value> {
    let known = vm.extension::<Comparators>();
    let known = known.0.borrow();
    known
        .iter()
        .filter(|(qualifier, _)| matches!(&**qualifier, "default") || **qualifier == *dialect)
        .map(|(_, function)| function.clone())
        .collect()
}

/// `Dispatcher.dispatch_for` of something that has its function already.
pub(super) fn taken(vm: &mut Interpreter, target: &Value) -> Error {
    match vm.repr(target) {
        Ok(shown) => vm.value_error(format!(
            "Can not set dispatch function for object {shown}: key already exists. To replace \
             existing function, use replace=True."
        )),
        Err(error) => error,
    }
}

/// Adds the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("alembic.autogenerate.renderers", |_| {
        Ok(Module::build("alembic.autogenerate.renderers")
            .declared(&RENDERERS)
            .build())
    });
    registry.add("alembic.autogenerate.comparators", |_| {
        Ok(Module::build("alembic.autogenerate.comparators")
            .declared(&COMPARATORS)
            .build())
    });
}
