//! `sqlalchemy.event`: the listeners of engines, connections and pools. An event of theirs that is never called here
//! is refused; those of mappers, sessions and tables are the business of who calls them.

use std::cell::RefCell;
use std::rc::Rc;

use super::connection::{
    EngineObject, connection_value, driver_parameters, to_connection, to_engine,
};
use crate::bindings::{conversion, orm};
use driver::Parameters;
use ground::diagnostic::{Error, Result};
use python::{Arguments, FreeFunction, Interpreter, Module, Value, function};
use sqlalchemy::engine::{Connection, ConnectionEvents, Engine, StatementParameters, literal_of};

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

    /// The listeners of a connection's event: the engine's first, then its own.
    fn of_connection(&self, connection: &Connection, event: &str) -> Vec<Value> {
        let mut functions = self.of(connection.engine(), event);
        let known = self.known.borrow();
        let own = known.iter().filter(|(target, name, _)| {
            &**name == event && to_connection(target).is_some_and(|target| target.is(connection))
        });
        functions.extend(own.map(|(_, _, function)| function.clone()));
        functions
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

/// The events of engines, connections and pools that are called.
const CALLED: &[&str] = &[
    "connect",
    "first_connect",
    "begin",
    "before_cursor_execute",
    "after_cursor_execute",
    "commit",
    "rollback",
];

fn add(
    vm: &mut Interpreter,
    target: Value,
    name: &Value,
    function: Value,
    keywords: Vec<(Rc<str>, Value)>,
) -> Result<()> {
    let returns = keywords
        .iter()
        .any(|(name, value)| &**name == "retval" && value.as_bool() == Some(true));
    let given = vec![
        target.clone(),
        name.clone(),
        function.clone(),
        Value::dict(keywords),
    ];
    if orm::listen(vm, "listen", &target, given)?.is_some() {
        return Ok(());
    }
    let name = name.as_text().unwrap_or_default();
    let of_engine = match &target {
        Value::Class(class) => {
            let dotted = class.dotted_name();
            dotted.starts_with("sqlalchemy.engine.") || dotted.starts_with("sqlalchemy.pool.")
        }
        target => to_engine(target).is_some() || to_connection(target).is_some(),
    };
    if of_engine && !CALLED.contains(&&*name) {
        return Err(Error::unsupported(format!(
            "the event '{name}' of an engine or a connection is never called here"
        )));
    }
    // Operations make tables of their own.
    let of_all =
        matches!(&target, Value::Class(class) if matches!(&*class.name(), "Table" | "MetaData"));
    if of_all
        && matches!(
            &*name,
            "before_create" | "after_create" | "before_drop" | "after_drop"
        )
    {
        return Err(Error::unsupported(format!(
            "the event '{name}' of all tables is never called here"
        )));
    }
    let function = match returns && &*name == "before_cursor_execute" {
        true => Value::tuple(vec![function]),
        false => function,
    };
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

/// The events of an engine's connections, for the listeners in Python.
pub(super) struct HeardEvents {
    listeners: Rc<Listeners>,
}

impl HeardEvents {
    pub(super) fn new(listeners: Rc<Listeners>) -> HeardEvents {
        HeardEvents { listeners }
    }

    /// Calls the listeners of a statement; each takes what the one before it returned.
    fn call(
        &self,
        connection: &Connection,
        event: &str,
        statement: &mut String,
        parameters: &mut StatementParameters,
    ) -> Result<()> {
        let functions = self.listeners.of_connection(connection, event);
        if functions.is_empty() {
            return Ok(());
        }
        Interpreter::borrow_lent(|vm| {
            let shown = connection_value(vm, connection);
            for function in functions {
                let many = matches!(parameters, StatementParameters::Many(_));
                let given = parameters_value(vm, parameters)?;
                let arguments = vec![
                    shown.clone(),
                    Value::None,
                    Value::str(&*statement),
                    given,
                    Value::None,
                    Value::Bool(many),
                ];
                let returning = function.as_items();
                let function = match &returning {
                    Some(items) => items[0].clone(),
                    None => function,
                };
                let answer = vm.call(&function, Arguments::positional(arguments))?;
                if returning.is_none() {
                    continue;
                }
                let Some([text, values]) = answer
                    .as_items()
                    .as_deref()
                    .map(<[Value]>::to_vec)
                    .and_then(|items| <[Value; 2]>::try_from(items).ok())
                else {
                    return Err(vm.type_error("cannot unpack what before_cursor_execute returned"));
                };
                *statement = vm.str(&text)?.to_string();
                *parameters = driver_parameters(vm, &connection.dialect(), Some(&values))?;
            }
            Ok(())
        })
    }
}

impl ConnectionEvents for HeardEvents {
    fn before_cursor_execute(
        &self,
        connection: &Connection,
        statement: &mut String,
        parameters: &mut StatementParameters,
    ) -> Result<()> {
        self.call(connection, "before_cursor_execute", statement, parameters)
    }

    fn after_cursor_execute(
        &self,
        connection: &Connection,
        statement: &str,
        parameters: &StatementParameters,
    ) -> Result<()> {
        let (mut statement, mut parameters) = (statement.to_owned(), parameters.clone());
        self.call(
            connection,
            "after_cursor_execute",
            &mut statement,
            &mut parameters,
        )
    }

    fn ending(&self, connection: &Connection, event: &'static str) -> Result<()> {
        let functions = self.listeners.of_connection(connection, event);
        if functions.is_empty() {
            return Ok(());
        }
        Interpreter::borrow_lent(|vm| {
            let shown = connection_value(vm, connection);
            for function in functions {
                vm.call(&function, Arguments::positional(vec![shown.clone()]))?;
            }
            Ok(())
        })
    }
}

/// The parameters as a driver gets them: a tuple, a dictionary, or a list of these.
pub(super) fn parameters_value(
    vm: &mut Interpreter,
    parameters: &StatementParameters,
) -> Result<Value> {
    match parameters {
        StatementParameters::Single(only) => set_value(vm, only),
        StatementParameters::Many(sets) => {
            let sets: Result<Vec<Value>> = sets.iter().map(|set| set_value(vm, set)).collect();
            Ok(Value::list(sets?))
        }
    }
}

fn set_value(vm: &mut Interpreter, set: &Parameters) -> Result<Value> {
    match set {
        Parameters::Positional(values) => {
            let values: Result<Vec<Value>> = values
                .iter()
                .map(|value| conversion::from_literal(vm, &literal_of(value)))
                .collect();
            Ok(Value::tuple(values?))
        }
        Parameters::Named(values) => {
            let mut pairs = Vec::with_capacity(values.len());
            for (name, value) in values {
                let value = conversion::from_literal(vm, &literal_of(value))?;
                pairs.push((name.to_string(), value));
            }
            Ok(Value::dict(pairs))
        }
    }
}

static FUNCTIONS: &[FreeFunction] = &[
    function(
        "listen",
        "target, identifier, fn, *args, **kw",
        |vm, bound| {
            let (target, name) = (bound.value("target"), bound.value("identifier"));
            let keywords = std::mem::take(&mut bound.extra);
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
                add(
                    vm,
                    target.clone(),
                    &name,
                    function.clone(),
                    keywords.clone(),
                )?;
                Ok(function)
            }))
        },
    ),
    function("remove", "target, identifier, fn", |vm, bound| {
        let (target, name) = (bound.value("target"), bound.value("identifier"));
        let given = vec![target.clone(), name.clone(), bound.value("fn")];
        if orm::listen(vm, "remove", &target, given)?.is_some() {
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
        let given = vec![target.clone(), name.clone(), bound.value("fn")];
        if let Some(found) = orm::listen(vm, "contains", &target, given)? {
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
