//! `sqlalchemy.Engine` and `Connection` as Python objects.

use ground::formatting::repr::string_repr;
use sqlalchemy::exc;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use super::asyncio::{ASYNC_ENGINE, AsyncConnectionObject};
use super::result::ResultObject;
use super::transaction::{TransactionObject, transaction_value};
use super::url::UrlObject;
use super::{create, dialect_value, event};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::dialects::DbapiConnectionObject;
use driver::{Parameters, Value as DriverValue};
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Bound, Class, Declaration, Dict, Interpreter, NativeObject, Property, Value, method,
    property, settable,
};
use sqlalchemy::dialects::{Dialect, SchemaTranslateMap};
use sqlalchemy::elements;
use sqlalchemy::engine::{
    Compiled, Connection, CursorResult, Engine, ExecutionOptions, ParameterSet,
    StatementParameters, Transaction,
};
use sqlalchemy::literal::Literal;
use sqlalchemy::sql::{SelectBase, Statement, select};

/// The Python objects of live connections, one per connection.
#[derive(Default)]
struct Wrappers {
    connections: RefCell<Vec<Weak<ConnectionObject>>>,
    engines: RefCell<Vec<Weak<EngineObject>>>,
}

/// `sqlalchemy.Engine`, or an `AsyncEngine` over it.
pub struct EngineObject {
    /// The engine.
    pub engine: Engine,
    pub(super) asynchronous: bool,
    options: Rc<Dict>,
}

impl EngineObject {
    pub(super) fn value(engine: Engine, asynchronous: bool) -> Value {
        Value::native(EngineObject {
            engine,
            asynchronous,
            options: Rc::new(Dict::new()),
        })
    }
}

/// The Python object of an engine.
pub fn engine_value(vm: &mut Interpreter, engine: &Engine) -> Value {
    let wrappers = vm.extension::<Wrappers>();
    let mut known = wrappers.engines.borrow_mut();
    known.retain(|engine| engine.strong_count() > 0);
    let found = known
        .iter()
        .filter_map(Weak::upgrade)
        .find(|known| known.engine.is(engine) && !known.asynchronous);
    let object = found.unwrap_or_else(|| {
        let made = Rc::new(EngineObject {
            engine: engine.clone(),
            asynchronous: false,
            options: Rc::new(Dict::new()),
        });
        known.push(Rc::downgrade(&made));
        made
    });
    Value::Native(object)
}

/// Whether a value is an engine.
pub fn is_engine(value: &Value) -> bool {
    value.downcast::<EngineObject>().is_some()
}

/// The engine behind a value.
pub fn to_engine(value: &Value) -> Option<Engine> {
    value
        .downcast::<EngineObject>()
        .map(|object| object.engine.clone())
}

impl NativeObject for EngineObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        if self.asynchronous {
            vm.class(&ASYNC_ENGINE)
        } else {
            vm.class(&ENGINE)
        }
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        let kind = if self.asynchronous {
            "AsyncEngine"
        } else {
            "Engine"
        };
        Ok(Some(format!("{kind}({})", self.engine.url())))
    }
}

pub(super) fn connect(vm: &mut Interpreter, engine: &Engine) -> Result<Connection> {
    vm.lend(|| engine.connect())
}

/// `Engine`.
pub(super) static ENGINE: Declaration<EngineObject> = Declaration {
    shared_properties: ENGINE_PROPERTIES,
    methods: &[
        method("execution_options", "self, **opt", execution_options),
        method("get_execution_options", "self", get_execution_options),
        method("clear_compiled_cache", "self", clear_compiled_cache),
        method("connect", "self", |vm, this, _| {
            let connection = connect(vm, &this.engine)?;
            let options = connection_options(vm, &this.options)?;
            vm.lend(|| connection.execution_options(options))?;
            Ok(connection_value(vm, &connection))
        }),
        method("begin", "self", |_, this, _| {
            Ok(Value::native(EngineBegin {
                engine: this.engine.clone(),
                asynchronous: false,
                begun: RefCell::default(),
            }))
        }),
        method("raw_connection", "self", |vm, this, _| {
            let connection = connect(vm, &this.engine)?;
            let dbapi = connection.dbapi()?;
            Ok(Value::native(DbapiConnectionObject::new(
                dbapi,
                Some(connection),
            )))
        }),
        method("dispose", "self", |_, this, _| {
            this.engine.dispose();
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("sqlalchemy.engine.base.Engine")
};

/// Attributes common to `Engine` and `AsyncEngine`.
pub(super) static ENGINE_PROPERTIES: &[Property<EngineObject>] = &[
    property("url", |_, this| {
        let url = this.engine.url().clone();
        Ok(Value::native(UrlObject { url }))
    }),
    property("name", |_, this| Ok(this.engine.dialect_name().into())),
    property("driver", |_, this| {
        Ok(this.engine.url().get_driver_name()?.into())
    }),
    property("dialect", |vm, this| {
        let dialect = this.engine.dialect().clone();
        Ok(dialect_value(vm, &dialect))
    }),
    property("pool", |vm, this| {
        let class = this.engine.pool_class();
        Ok(super::pool::pool_value(vm, class))
    }),
    settable(
        "echo",
        |_, this| Ok(this.engine.echo().into()),
        |vm, this, value| {
            this.engine.set_echo(vm.truth(value)?);
            Ok(())
        },
    ),
    property("hide_parameters", |_, this| {
        Ok(this.engine.options().hide_parameters.into())
    }),
    property("logging_name", |_, this| {
        let name = this.engine.options().logging_name.clone();
        Ok(name.map_or(Value::None, Value::Str))
    }),
];

/// `engine.execution_options(...)`.
pub(super) fn execution_options(
    _vm: &mut Interpreter,
    this: &EngineObject,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    for (name, value) in &bound.extra {
        this.options.set_name(name, value.clone());
    }
    Ok(bound.this().clone())
}

/// The options of a dictionary that connections act on.
fn connection_options(vm: &mut Interpreter, options: &Dict) -> Result<ExecutionOptions> {
    let text = |name: &str| {
        let value = options.get_str(name)?;
        value.as_text().map(|text| text.to_string())
    };
    let schema_translate_map = match options.get_str("schema_translate_map") {
        Some(map) => schema_translate_map(vm, &map)?,
        None => None,
    };
    Ok(ExecutionOptions {
        isolation_level: text("isolation_level"),
        logging_token: text("logging_token"),
        schema_translate_map,
    })
}

/// `schema_translate_map={"from": "to", None: "own"}`.
pub fn schema_translate_map(
    vm: &mut Interpreter,
    map: &Value,
) -> Result<Option<SchemaTranslateMap>> {
    if map.is_none() {
        return Ok(None);
    }
    let Some(dict) = map.as_dict() else {
        return Err(vm.type_error("schema_translate_map must be a dictionary"));
    };
    let entries = dict.entries();
    let pairs = entries
        .iter()
        .map(|(from, to)| (from.as_text(), to.as_text()));
    Ok(Some(pairs.collect()))
}

/// `engine.get_execution_options()`.
pub(super) fn get_execution_options(
    _vm: &mut Interpreter,
    this: &EngineObject,
    _bound: &mut Bound<'_>,
) -> Result<Value> {
    Ok(Value::Dict(this.options.clone()))
}

/// `engine.clear_compiled_cache()`: does nothing, since there is no cache.
pub(super) fn clear_compiled_cache(
    _vm: &mut Interpreter,
    _this: &EngineObject,
    _bound: &mut Bound<'_>,
) -> Result<Value> {
    Ok(Value::None)
}

static CONTEXT_MANAGER: Declaration<EngineBegin> =
    Declaration::new("contextlib._GeneratorContextManager");

/// `with engine.begin() as connection`.
pub(super) struct EngineBegin {
    pub(super) engine: Engine,
    pub(super) asynchronous: bool,
    pub(super) begun: RefCell<Option<(Connection, Transaction)>>,
}

impl NativeObject for EngineBegin {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&CONTEXT_MANAGER)
    }

    fn enter(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        let connection = connect(vm, &self.engine)?;
        let transaction = vm.lend(|| connection.begin())?;
        transaction.enter();
        self.begun.replace(Some((connection.clone(), transaction)));
        Ok(Some(if self.asynchronous {
            Value::native(AsyncConnectionObject {
                engine: self.engine.clone(),
                connection: RefCell::new(Some(connection)),
            })
        } else {
            connection_value(vm, &connection)
        }))
    }

    fn exit(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        if let Some((connection, transaction)) = self.begun.take() {
            let result = vm.lend(|| transaction.exit(exception.is_none()));
            connection.close()?;
            result?;
        }
        Ok(Some(false))
    }
}

/// `sqlalchemy.Connection`.
pub struct ConnectionObject {
    /// The connection.
    pub connection: Connection,
    info: Rc<Dict>,
    options: Rc<Dict>,
}

/// The Python object of a connection; always the same object.
pub fn connection_value(vm: &mut Interpreter, connection: &Connection) -> Value {
    let wrappers = vm.extension::<Wrappers>();
    let mut known = wrappers.connections.borrow_mut();
    known.retain(|connection| connection.strong_count() > 0);
    let found = known
        .iter()
        .filter_map(Weak::upgrade)
        .find(|known| known.connection.is(connection));
    let object = found.unwrap_or_else(|| {
        let made = Rc::new(ConnectionObject {
            connection: connection.clone(),
            info: Rc::new(Dict::new()),
            options: Rc::new(Dict::new()),
        });
        known.push(Rc::downgrade(&made));
        made
    });
    Value::Native(object)
}

/// The connection behind a value: a connection's, or an asynchronous one's.
pub fn to_connection(value: &Value) -> Option<Connection> {
    if let Some(object) = value.downcast::<ConnectionObject>() {
        return Some(object.connection.clone());
    }
    value
        .downcast::<AsyncConnectionObject>()
        .and_then(|object| object.connection.borrow().clone())
}

impl NativeObject for ConnectionObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&CONNECTION)
    }

    fn enter(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn exit(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        _exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        vm.lend(|| self.connection.close())?;
        Ok(Some(false))
    }
}

/// `execute(statement, parameters=None)`, on a connection.
///
/// # Errors
/// `sqlalchemy.exc.ObjectNotExecutableError`; what executing says.
pub fn execute(
    vm: &mut Interpreter,
    connection: &Connection,
    statement: &Value,
    given: Option<&Value>,
) -> Result<CursorResult> {
    if let Some(name) = conversion::opaque_name(statement) {
        return Err(Error::unsupported(format!(
            "The statement is {name}, which comes from a module that is not here"
        )));
    }
    if let Some(statement) = conversion::to_statement(vm, statement)? {
        let sets = parameter_sets(vm, given)?;
        let statement = match statement {
            Statement::Expression(expression) if elements::is_function(&expression) => {
                Statement::Select(SelectBase::Select(select(vec![expression])))
            }
            other => other,
        };
        return vm.lend(|| {
            connection.execute_statement(&statement, &sets, &|function| {
                Interpreter::borrow_lent(|vm| create::call_default(vm, function))
            })
        });
    }
    if let Some(sql) = vm.lend(|| create::ddl_text(statement, connection))? {
        return vm.lend(|| connection.execute(&Compiled::ddl(sql)));
    }
    let shown = vm.repr(statement)?;
    Err(Error::new(
        exc::OBJECT_NOT_EXECUTABLE_ERROR,
        format!("Not an executable object: {shown}"),
    ))
}

/// Named parameter sets: a dictionary, or a list of dictionaries.
pub(super) fn parameter_sets(
    vm: &mut Interpreter,
    given: Option<&Value>,
) -> Result<Vec<ParameterSet>> {
    let Some(given) = given.filter(|given| !given.is_none()) else {
        return Ok(Vec::new());
    };
    if let Value::List(_) | Value::Tuple(_) = given.plain() {
        let mut sets = Vec::new();
        for item in vm.collect(given)? {
            if !matches!(item.plain(), Value::Dict(_) | Value::Native(_)) {
                return Err(Error::new(
                    exc::ARGUMENT_ERROR,
                    "List argument must consist only of dictionaries",
                ));
            }
            sets.push(parameter_set(vm, &item)?);
        }
        return Ok(sets);
    }
    Ok(vec![parameter_set(vm, given)?])
}

fn parameter_set(vm: &mut Interpreter, given: &Value) -> Result<ParameterSet> {
    let dict = match given.plain() {
        Value::Dict(dict) => dict.clone(),
        Value::Native(_) => {
            let items = vm.call_method(given, "items", Arguments::none())?;
            let dict = Dict::new();
            for item in vm.collect(&items)? {
                if let Some([key, value]) = item.as_items().as_deref() {
                    dict.set(vm, key.clone(), value.clone())?;
                }
            }
            Rc::new(dict)
        }
        _ => {
            return Err(Error::new(
                exc::ARGUMENT_ERROR,
                "mapping or list expected for parameters",
            ));
        }
    };
    let mut set = ParameterSet::new();
    for (key, value) in dict.entries() {
        let name = match key.as_text() {
            Some(name) => name,
            None => match conversion::find_column(&key) {
                Some(column) => column.key(),
                None => return Err(vm.type_error("expected string or bytes-like object")),
            },
        };
        conversion::refuse_opaque(&value, "A parameter")?;
        set.push((name, conversion::to_literal(vm, &value)?));
    }
    Ok(set)
}

/// Driver-level parameters: a tuple or dictionary, or a list of them.
pub(super) fn driver_parameters(
    vm: &mut Interpreter,
    dialect: &Dialect,
    given: Option<&Value>,
) -> Result<StatementParameters> {
    let Some(given) = given.filter(|given| !given.is_none()) else {
        return Ok(StatementParameters::NONE);
    };
    let Value::List(list) = given.plain() else {
        return Ok(StatementParameters::Single(driver_parameter_set(
            vm, dialect, given,
        )?));
    };
    let items = list.items.borrow().clone();
    let Some(first) = items.first() else {
        return Ok(StatementParameters::NONE);
    };
    if !matches!(
        first.plain(),
        Value::Tuple(_) | Value::Dict(_) | Value::List(_)
    ) {
        return Err(Error::new(
            exc::ARGUMENT_ERROR,
            "List argument must consist only of tuples or dictionaries",
        ));
    }
    let mut sets = Vec::with_capacity(items.len());
    for item in &items {
        sets.push(driver_parameter_set(vm, dialect, item)?);
    }
    Ok(match (sets.len(), sets.pop()) {
        (1, Some(only)) => StatementParameters::Single(only),
        (_, last) => {
            sets.extend(last);
            StatementParameters::Many(sets)
        }
    })
}

/// One driver-level parameter set.
///
/// # Errors
/// The driver's for a value that its database has no type for.
pub fn driver_parameter_set(
    vm: &mut Interpreter,
    dialect: &Dialect,
    given: &Value,
) -> Result<Parameters> {
    let one = |vm: &mut Interpreter, value: &Value, place: &str| -> Result<DriverValue> {
        conversion::refuse_opaque(value, "A parameter")?;
        let literal: Literal = conversion::to_literal(vm, value)?;
        dialect
            .driver_value(dialect.driver(), &literal)
            .map_err(|error| dialect.binding_error(error, place))
    };
    if let Value::Dict(dict) = given.plain() {
        let mut values = Vec::new();
        for (key, value) in dict.entries() {
            let name = key.as_text().unwrap_or_default();
            let value = one(vm, &value, &string_repr(&name))?;
            values.push((name, value));
        }
        return Ok(Parameters::Named(values));
    }
    let mut values = Vec::new();
    for (index, value) in vm.collect(given)?.iter().enumerate() {
        values.push(one(vm, value, &(index + 1).to_string())?);
    }
    Ok(Parameters::Positional(values))
}

fn result_value(connection: &Connection, result: CursorResult) -> Value {
    Value::native(ResultObject::new(result, connection.dialect()))
}

fn run_execute(
    vm: &mut Interpreter,
    this: &ConnectionObject,
    bound: &mut Bound<'_>,
) -> Result<ResultObject> {
    let connection = &this.connection;
    let statement = bound.value("statement");
    let given = bound.take_some("parameters");
    let result = under_options(vm, connection, bound, |vm| {
        execute(vm, connection, &statement, given.as_ref())
    })?;
    Ok(ResultObject::new(result, connection.dialect()))
}

/// Runs a statement under the `execution_options` that it was given alone, of which only the map of
/// schemas says something about a single statement.
fn under_options<R>(
    vm: &mut Interpreter,
    connection: &Connection,
    bound: &mut Bound<'_>,
    run: impl FnOnce(&mut Interpreter) -> Result<R>,
) -> Result<R> {
    let Some(options) = bound.take_some("execution_options") else {
        return run(vm);
    };
    let Some(options) = options.as_dict() else {
        return Err(vm.type_error("execution_options must be a dictionary"));
    };
    let map = match options.get_str("schema_translate_map") {
        Some(map) => schema_translate_map(vm, &map)?,
        None => None,
    };
    let Some(map) = map else {
        return run(vm);
    };
    let before = connection.replace_schema_translate_map(Some(map));
    let done = run(vm);
    connection.replace_schema_translate_map(before);
    done
}

/// `Connection`.
pub(super) static CONNECTION: Declaration<ConnectionObject> = Declaration {
    properties: &[
        property("engine", |vm, this| {
            let engine = this.connection.engine().clone();
            Ok(engine_value(vm, &engine))
        }),
        property("dialect", |vm, this| {
            let dialect = this.connection.dialect();
            Ok(dialect_value(vm, &dialect))
        }),
        property("info", |_, this| Ok(Value::Dict(this.info.clone()))),
        property("closed", |_, this| Ok(this.connection.is_closed().into())),
        property("invalidated", |_, this| {
            Ok(this.connection.is_invalidated().into())
        }),
        property("default_isolation_level", |_, this| {
            let engine = this.connection.engine();
            Ok(engine.dialect().default_isolation_level().into())
        }),
        property("connection", |_, this| {
            let connection = this.connection.clone();
            let dbapi = connection.dbapi()?;
            Ok(Value::native(DbapiConnectionObject::new(dbapi, None)))
        }),
    ],
    methods: &[
        method(
            "execute",
            "self, statement, parameters=None, *, execution_options=None",
            |vm, this, bound| run_execute(vm, this, bound).map(Value::native),
        ),
        method(
            "scalar",
            "self, statement, parameters=None, *, execution_options=None",
            |vm, this, bound| {
                let result = run_execute(vm, this, bound)?;
                result.scalar(vm)
            },
        ),
        method(
            "scalars",
            "self, statement, parameters=None, *, execution_options=None",
            |vm, this, bound| {
                let result = Value::native(run_execute(vm, this, bound)?);
                vm.call_method(&result, "scalars", Arguments::none())
            },
        ),
        method(
            "exec_driver_sql",
            "self, statement, parameters=None, execution_options=None",
            |vm, this, bound| {
                let connection = &this.connection;
                let statement = bound.value("statement");
                let Some(sql) = statement.as_text() else {
                    return Err(vm.type_error("exec_driver_sql() needs a str"));
                };
                let given = bound.take_some("parameters");
                let parameters = driver_parameters(vm, &connection.dialect(), given.as_ref())
                    .map_err(|error| connection.wrap(error, &sql, &StatementParameters::NONE))?;
                let result = under_options(vm, connection, bound, |vm| {
                    vm.lend(|| connection.exec_driver_sql(&sql, &parameters))
                })?;
                Ok(result_value(connection, result))
            },
        ),
        method("begin", "self", |vm, this, _| {
            let connection = this.connection.clone();
            let transaction = vm.lend(|| connection.begin())?;
            Ok(Value::native(TransactionObject { transaction }))
        }),
        method("begin_nested", "self", |vm, this, _| {
            let connection = this.connection.clone();
            let transaction = vm.lend(|| connection.begin_nested())?;
            Ok(Value::native(TransactionObject { transaction }))
        }),
        method("commit", "self", |vm, this, _| {
            let connection = this.connection.clone();
            vm.lend(|| connection.commit())?;
            Ok(Value::None)
        }),
        method("rollback", "self", |vm, this, _| {
            let connection = this.connection.clone();
            vm.lend(|| connection.rollback())?;
            Ok(Value::None)
        }),
        method("close", "self", |vm, this, _| {
            let connection = this.connection.clone();
            vm.lend(|| connection.close())?;
            Ok(Value::None)
        }),
        method("invalidate", "self, exception=None", |_, this, bound| {
            // It is only logged.
            bound.ignore(&["exception"]);
            this.connection.invalidate()?;
            Ok(Value::None)
        }),
        method("detach", "self", |_, _, _| Ok(Value::None)),
        method("in_transaction", "self", |_, this, _| {
            Ok(this.connection.in_transaction().into())
        }),
        method("in_nested_transaction", "self", |_, this, _| {
            Ok(this.connection.in_nested_transaction().into())
        }),
        method("get_transaction", "self", |_, this, _| {
            Ok(transaction_value(this.connection.get_transaction()))
        }),
        method("get_nested_transaction", "self", |_, this, _| {
            let transaction = this.connection.get_nested_transaction();
            Ok(transaction_value(transaction))
        }),
        method("get_isolation_level", "self", |_, this, _| {
            Ok(this.connection.get_isolation_level()?.into())
        }),
        method("execution_options", "self, **opt", |vm, this, bound| {
            let object = this;
            let text = |name: &str| {
                bound
                    .extra
                    .iter()
                    .find(|(given, _)| &**given == name)
                    .and_then(|(_, value)| value.as_text())
                    .map(|text| text.to_string())
            };
            let map = bound
                .extra
                .iter()
                .find(|(name, _)| &**name == "schema_translate_map");
            let schema_translate_map = match map {
                Some((_, map)) => schema_translate_map(vm, map)?,
                None => None,
            };
            object.connection.execution_options(ExecutionOptions {
                isolation_level: text("isolation_level"),
                logging_token: text("logging_token"),
                schema_translate_map,
            })?;
            for (name, value) in &bound.extra {
                object.options.set_name(name, value.clone());
            }
            Ok(bound.this().clone())
        }),
        method("get_execution_options", "self", |_, this, _| {
            Ok(Value::Dict(this.options.clone()))
        }),
        method("schema_for_object", "self, obj", |vm, _, bound| {
            let item = bound.value("obj");
            vm.get_attribute(&item, "schema")
        }),
    ],
    ..Declaration::new("sqlalchemy.engine.base.Connection")
};

/// Makes an engine created by Python call its event listeners.
pub(super) fn listen(vm: &mut Interpreter, engine: &Engine) {
    let listeners = event::listeners(vm);
    let first = Rc::new(Cell::new(true));
    let own = engine.downgrade();
    let heard = listeners.clone();
    engine.on_connect(Rc::new(move |dbapi| {
        let Some(own) = own.upgrade() else {
            return Ok(());
        };
        let mut events = vec!["connect"];
        if first.replace(false) {
            events.insert(0, "first_connect");
        }
        for name in events {
            let functions = heard.of(&own, name);
            if functions.is_empty() {
                continue;
            }
            Interpreter::borrow_lent(|vm| {
                let connection = Value::native(DbapiConnectionObject::new(dbapi.clone(), None));
                for function in &functions {
                    let record = Value::None;
                    let arguments = Arguments::positional(vec![connection.clone(), record]);
                    vm.call(function, arguments)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }));
    engine.on_events(Rc::new(event::HeardEvents::new(listeners.clone())));
    let own = engine.downgrade();
    engine.on_begin(Rc::new(move |connection| {
        let Some(own) = own.upgrade() else {
            return Ok(());
        };
        let functions = listeners.of(&own, "begin");
        if functions.is_empty() {
            return Ok(());
        }
        Interpreter::borrow_lent(|vm| {
            let connection = connection_value(vm, connection);
            for function in &functions {
                vm.call(function, Arguments::positional(vec![connection.clone()]))?;
            }
            Ok(())
        })
    }));
}
