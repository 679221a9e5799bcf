//! `Session`, `sessionmaker`, `scoped_session` and `Query` as Python classes.

use sqlalchemy::exc;
use std::cell::RefCell;
use std::rc::Rc;

use super::mapper::Mapping;
use super::session::{self, SessionObject, SessionState};
use super::session_query::{QUERY, QueryObject};
use super::session_state::{InstanceState, mapping_of};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine::{ResultObject, connection_value, engine_value};
use crate::bindings::sqlalchemy::sql;
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Bound, Class, Declaration, FreeFunction, Interpreter, ModuleBuilder, NativeObject,
    Receiver, Value, constructor, function, method, property, settable,
};

/// The session behind a value.
///
/// # Errors
/// TypeError for a value that is none.
pub fn to_session(value: &Value) -> Result<Rc<SessionState>> {
    value
        .downcast::<SessionObject>()
        .map(|object| object.0.clone())
        .ok_or_else(|| Error::new("TypeError", "a Session is needed"))
}

fn initialize(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let bind = match bound.take_some("bind") {
        Some(bind) => Some(session::to_bind(&bind)?),
        None => None,
    };
    let state = SessionState::new(bind);
    if let Some(autoflush) = bound.take("autoflush") {
        state.autoflush.set(vm.truth(&autoflush)?);
    }
    if let Some(expire) = bound.take("expire_on_commit") {
        state.expire_on_commit.set(vm.truth(&expire)?);
    }
    if let Value::Instance(instance) = bound.this() {
        instance.set_native(Rc::new(SessionObject(Rc::new(state))));
    }
    Ok(Value::None)
}

/// The parameters of `execute()` and of sqlmodel's `exec()`.
const EXECUTE: &str = "self, statement, params=None, *, execution_options=immutabledict({}), \
                       bind_arguments=None, _parent_execute_state=None, _add_event=None";
/// The parameters of `scalar()` and `scalars()`.
const SCALAR: &str = "self, statement, params=None, *, execution_options=immutabledict({}), \
                      bind_arguments=None, **kw";

fn run(
    vm: &mut Interpreter,
    session: &SessionObject,
    bound: &mut Bound<'_>,
) -> Result<ResultObject> {
    let statement = bound.value("statement");
    let given = bound.take_some("params");
    session::execute(vm, &session.0, &statement, given.as_ref())
}

fn bind_value(vm: &mut Interpreter, bind: Option<session::Bind>) -> Result<Value> {
    Ok(match bind {
        Some(session::Bind::Engine(engine)) => engine_value(vm, &engine),
        Some(session::Bind::Connection(connection)) => connection_value(vm, &connection),
        Some(session::Bind::Other(value)) => value,
        None => {
            return Err(Error::new(
                exc::UNBOUND_EXECUTION_ERROR,
                "Could not locate a bind configured on session.",
            ));
        }
    })
}

impl Receiver for SessionObject {
    fn receive<R>(this: &Value, then: impl FnOnce(&Self) -> R) -> Option<R> {
        this.downcast::<SessionObject>().map(|state| then(&state))
    }
}

static SESSION: Declaration<SessionObject> = Declaration {
    initializer: Some(function(
        "__init__",
        "self, bind=None, *, autoflush=True, future=True, expire_on_commit=True, \
         autobegin=True, twophase=False, binds=None, enable_baked_queries=True, info=None, \
         query_cls=None, autocommit=False, join_transaction_mode='conditional_savepoint', \
         close_resets_only=None, execution_options=immutabledict({})",
        initialize,
    )),
    properties: &[
        property("bind", |vm, session| {
            let bind = session.0.bind.borrow().clone();
            if bind.is_none() {
                return Ok(Value::None);
            }
            bind_value(vm, bind)
        }),
        property("is_active", |_, _| Ok(true.into())),
        property("info", |_, session| Ok(Value::Dict(session.0.info.clone()))),
        property("new", |_, session| {
            Ok(Value::list(session.0.new.borrow().clone()))
        }),
        property("deleted", |_, session| {
            Ok(Value::list(session.0.deleted.borrow().clone()))
        }),
        property("dirty", |vm, session| {
            let mut dirty = Vec::new();
            for value in session.0.instances() {
                if !session::changes(vm, &value)?.is_empty() {
                    dirty.push(value);
                }
            }
            Ok(Value::list(dirty))
        }),
        settable(
            "autoflush",
            |_, session: &SessionObject| Ok(session.0.autoflush.get().into()),
            |vm, session, value| {
                session.0.autoflush.set(vm.truth(value)?);
                Ok(())
            },
        ),
        property("no_autoflush", |_, session| {
            Ok(Value::native(NoAutoflush {
                session: session.0.clone(),
            }))
        }),
    ],
    methods: &[
        method("__enter__", "self", |_, _, bound| Ok(bound.this().clone())),
        method(
            "__exit__",
            "self, type_, value, traceback",
            |vm, session, _| {
                session::close(vm, &session.0)?;
                Ok(false.into())
            },
        ),
        method("__iter__", "self", |vm, session, _| {
            let session = &session.0;
            let mut values = session.instances();
            values.extend(session.new.borrow().iter().cloned());
            vm.iterate(&Value::list(values))
        }),
        method("__contains__", "self, instance", |_, session, bound| {
            let value = bound.value("instance");
            let session = &session.0;
            let held = session.instances().iter().any(|known| known.is(&value))
                || session.new.borrow().iter().any(|known| known.is(&value));
            Ok(held.into())
        }),
        method("flush", "self, objects=None", |vm, session, _| {
            session::flush(vm, &session.0)?;
            Ok(Value::None)
        }),
        method("commit", "self", |vm, session, _| {
            session::commit(vm, &session.0)?;
            Ok(Value::None)
        }),
        method("rollback", "self", |vm, session, _| {
            session::rollback(vm, &session.0)?;
            Ok(Value::None)
        }),
        method("close", "self", |vm, session, _| {
            session::close(vm, &session.0)?;
            Ok(Value::None)
        }),
        method("begin", "self, nested=False", |vm, session, bound| {
            session::connection(vm, &session.0)?;
            Ok(Value::native(SessionBlock {
                session: bound.this().clone(),
                savepoint: RefCell::default(),
                closes: false,
            }))
        }),
        method("begin_nested", "self", |vm, session, bound| {
            let session = &session.0;
            session::flush(vm, session)?;
            let connection = session::connection(vm, session)?;
            let savepoint = vm.lend(|| connection.begin_nested())?;
            Ok(Value::native(SessionBlock {
                session: bound.this().clone(),
                savepoint: RefCell::new(Some(savepoint)),
                closes: false,
            }))
        }),
        method("in_transaction", "self", |_, session, _| {
            Ok(session.0.in_transaction().into())
        }),
        method(
            "connection",
            "self, bind_arguments=None, execution_options=None",
            |vm, session, _| {
                let connection = session::connection(vm, &session.0)?;
                Ok(connection_value(vm, &connection))
            },
        ),
        method(
            "get_bind",
            "self, mapper=None, *, clause=None, bind=None, _sa_skip_events=None, \
             _sa_skip_for_implicit_returning=False, **kw",
            |vm, session, _| {
                let bind = session.0.bind.borrow().clone();
                bind_value(vm, bind)
            },
        ),
        method("execute", EXECUTE, |vm, session, bound| {
            run(vm, session, bound).map(Value::native)
        }),
        method("scalar", SCALAR, |vm, session, bound| {
            let result = run(vm, session, bound)?;
            result.scalar(vm)
        }),
        method("scalars", SCALAR, |vm, session, bound| {
            let result = Value::native(run(vm, session, bound)?);
            vm.call_method(&result, "scalars", Arguments::none())
        }),
        method("exec", EXECUTE, |vm, session, bound| {
            // SQLModel's `exec()`: a SELECT of a single entity or column returns scalars.
            let scalar = match bound.named("statement").and_then(sql::find_select) {
                Some(sqlalchemy::sql::SelectBase::Select(select)) => {
                    session::parts_of(vm, &select)?.len() == 1
                }
                _ => false,
            };
            let result = Value::native(run(vm, session, bound)?);
            if scalar {
                vm.call_method(&result, "scalars", Arguments::none())
            } else {
                Ok(result)
            }
        }),
        method(
            "query",
            "self, *entities, **kwargs",
            |vm, session, bound| {
                let query =
                    QueryObject::new(vm, session.0.clone(), std::mem::take(&mut bound.rest))?;
                Ok(Value::native(query))
            },
        ),
        method(
            "get",
            "self, entity, ident, *, options=None, populate_existing=None, with_for_update=None, \
             identity_token=None, execution_options=immutabledict({}), bind_arguments=None",
            |vm, session, bound| {
                let entity = bound.value("entity");
                let class = expect_class(vm, &entity)?;
                let key = bound.value("ident");
                session::get(vm, &session.0, &class, &key)
            },
        ),
        method(
            "bulk_insert_mappings",
            "self, mapper, mappings, return_defaults=False, render_nulls=False",
            |vm, session, bound| {
                let (entity, mappings) = (bound.value("mapper"), bound.value("mappings"));
                let class = expect_class(vm, &entity)?;
                let table = Value::Class(class);
                let insert = sql::insert(vm, &table)?;
                if vm.collect(&mappings)?.is_empty() {
                    return Ok(Value::None);
                }
                session::execute(vm, &session.0, &insert, Some(&mappings))?;
                Ok(Value::None)
            },
        ),
        method(
            "bulk_save_objects",
            "self, objects, return_defaults=False, update_changed_only=True, \
             preserve_order=True",
            |vm, session, bound| {
                let session = &session.0;
                let objects = bound.value("objects");
                for value in vm.collect(&objects)? {
                    session::add(vm, session, &value)?;
                }
                session::flush(vm, session)?;
                Ok(Value::None)
            },
        ),
        method(
            "bulk_update_mappings",
            "self, mapper, mappings",
            |_, _, _| {
                Err(Error::unsupported(
                    "Session.bulk_update_mappings(); execute an update() instead",
                ))
            },
        ),
        method(
            "merge",
            "self, instance, *, load=True, options=None",
            |_, _, _| {
                Err(Error::unsupported(
                    "Session.merge(); get() the row, then set its attributes or add() a new object",
                ))
            },
        ),
        method(
            "add",
            "self, instance, *, _warn=True",
            |vm, session, bound| {
                let value = bound.value("instance");
                session::add(vm, &session.0, &value)?;
                Ok(Value::None)
            },
        ),
        method("add_all", "self, instances", |vm, session, bound| {
            let values = bound.value("instances");
            let session = &session.0;
            for value in vm.collect(&values)? {
                session::add(vm, session, &value)?;
            }
            Ok(Value::None)
        }),
        method("delete", "self, instance", |vm, session, bound| {
            let value = bound.value("instance");
            session::mark_deleted(vm, &session.0, &value)?;
            Ok(Value::None)
        }),
        method(
            "refresh",
            "self, instance, attribute_names=None, with_for_update=None",
            |vm, session, bound| {
                let value = bound.value("instance");
                let session = &session.0;
                session::flush(vm, session)?;
                session::expire(&value);
                session::refresh(vm, session, &value)?;
                Ok(Value::None)
            },
        ),
        method(
            "expire",
            "self, instance, attribute_names=None",
            |_, _, bound| {
                let value = bound.value("instance");
                session::expire(&value);
                Ok(Value::None)
            },
        ),
        method("expire_all", "self", |_, session, _| {
            session::expire_all(&session.0);
            Ok(Value::None)
        }),
        method("expunge", "self, instance", |_, session, bound| {
            let value = bound.value("instance");
            let session = &session.0;
            session.new.borrow_mut().retain(|known| !known.is(&value));
            session.forget(&value);
            Ok(Value::None)
        }),
        method("expunge_all", "self", |_, session, _| {
            let session = &session.0;
            session.new.borrow_mut().clear();
            for value in session.instances() {
                session.forget(&value);
            }
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("sqlalchemy.orm.session.Session")
};

fn expect_class(vm: &mut Interpreter, value: &Value) -> Result<Class> {
    conversion::refuse_opaque(value, "The class that is asked for")?;
    match value {
        Value::Class(class) if Mapping::of(class).is_some() => Ok(class.clone()),
        other => {
            let shown = vm.repr(other)?;
            Err(conversion::argument_error(format!(
                "Expected mapped class or mapper, got: {shown}"
            )))
        }
    }
}

/// `with session.begin():`, `with session.begin_nested():`, `with sessionmaker.begin():`.
struct SessionBlock {
    session: Value,
    savepoint: RefCell<Option<sqlalchemy::engine::Transaction>>,
    closes: bool,
}

static SESSION_TRANSACTION: Declaration<SessionBlock> = Declaration {
    methods: &[
        method("commit", "self", |vm, block, _| {
            block.end(vm, true)?;
            Ok(Value::None)
        }),
        method("rollback", "self", |vm, block, _| {
            block.end(vm, false)?;
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("sqlalchemy.orm.session.SessionTransaction")
};

impl NativeObject for SessionBlock {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&SESSION_TRANSACTION)
    }

    fn enter(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(if self.closes {
            self.session.clone()
        } else {
            this.clone()
        }))
    }

    fn exit(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        self.end(vm, exception.is_none())?;
        if self.closes {
            session::close(vm, &to_session(&self.session)?)?;
        }
        Ok(Some(false))
    }
}

impl SessionBlock {
    fn end(&self, vm: &mut Interpreter, succeeded: bool) -> Result<()> {
        let session = to_session(&self.session)?;
        let savepoint = self.savepoint.take();
        match (savepoint, succeeded) {
            (Some(savepoint), true) => {
                session::flush(vm, &session)?;
                vm.lend(|| savepoint.commit())
            }
            (Some(savepoint), false) => {
                session.new.borrow_mut().clear();
                vm.lend(|| savepoint.rollback())?;
                session::expire_all(&session);
                Ok(())
            }
            (None, true) => session::commit(vm, &session),
            (None, false) => session::rollback(vm, &session),
        }
    }
}

/// `with session.no_autoflush:`.
struct NoAutoflush {
    session: Rc<SessionState>,
}

static NO_AUTOFLUSH: Declaration<NoAutoflush> =
    Declaration::new("contextlib._GeneratorContextManager");

impl NativeObject for NoAutoflush {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&NO_AUTOFLUSH)
    }

    fn enter(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        self.session.autoflush.set(false);
        Ok(Some(this.clone()))
    }

    fn exit(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        _exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        self.session.autoflush.set(true);
        Ok(Some(false))
    }
}

/// `sessionmaker(...)`.
struct SessionMaker {
    class: Value,
    keywords: RefCell<Vec<(Rc<str>, Value)>>,
}

static SESSIONMAKER: Declaration<SessionMaker> = Declaration {
    constructor: constructor(
        "self, bind=None, *, class_=Session, autoflush=True, expire_on_commit=True, info=None, \
         **kw",
        |vm, bound| {
            let class = match bound.take("class_") {
                Some(class) => class,
                None => Value::Class(vm.class(&SESSION)),
            };
            bound.take("self");
            let keywords = bound.take_keywords();
            Ok(Value::native(SessionMaker {
                class,
                keywords: RefCell::new(keywords),
            }))
        },
    ),
    properties: &[
        property("kw", |_, maker: &SessionMaker| {
            Ok(Value::dict(maker.keywords.borrow().iter().cloned()))
        }),
        property("class_", |_, maker: &SessionMaker| Ok(maker.class.clone())),
    ],
    methods: &[
        method("__call__", "self, **local_kw", |vm, maker, bound| {
            maker.make(vm, std::mem::take(&mut bound.extra))
        }),
        method("begin", "self", |vm, maker, _| {
            let made = maker.make(vm, Vec::new())?;
            session::connection(vm, &*to_session(&made)?)?;
            Ok(Value::native(SessionBlock {
                session: made,
                savepoint: RefCell::default(),
                closes: true,
            }))
        }),
        method("configure", "self, **new_kw", |_, maker, bound| {
            let mut keywords = maker.keywords.borrow_mut();
            for (name, value) in std::mem::take(&mut bound.extra) {
                keywords.retain(|(known, _)| *known != name);
                keywords.push((name, value));
            }
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("sqlalchemy.orm.session.sessionmaker")
};

impl SessionMaker {
    fn make(&self, vm: &mut Interpreter, mut keywords: Vec<(Rc<str>, Value)>) -> Result<Value> {
        for (name, value) in self.keywords.borrow().iter() {
            if !keywords.iter().any(|(known, _)| known == name) {
                keywords.push((name.clone(), value.clone()));
            }
        }
        let arguments = Arguments {
            positional: Vec::new(),
            keyword: keywords,
        };
        vm.call(&self.class, arguments)
    }
}

impl NativeObject for SessionMaker {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&SESSIONMAKER)
    }
}

/// `scoped_session(...)`: a single session created by a factory.
struct ScopedSession {
    factory: Value,
    current: RefCell<Option<Value>>,
}

static SCOPED_SESSION: Declaration<ScopedSession> = Declaration {
    constructor: constructor("self, session_factory, scopefunc=None", |_, bound| {
        Ok(Value::native(ScopedSession {
            factory: bound.value("session_factory"),
            current: RefCell::default(),
        }))
    }),
    properties: &[property("session_factory", |_, scoped: &ScopedSession| {
        Ok(scoped.factory.clone())
    })],
    methods: &[
        method("__call__", "self, **kw", |vm, scoped, bound| {
            let arguments = Arguments {
                positional: Vec::new(),
                keyword: std::mem::take(&mut bound.extra),
            };
            scoped.current(vm, arguments)
        }),
        method("remove", "self", |vm, scoped, _| {
            let current = scoped.current.take();
            if let Some(session) = current {
                session::close(vm, &to_session(&session)?)?;
            }
            Ok(Value::None)
        }),
        method("configure", "self, **kwargs", |vm, scoped, bound| {
            let arguments = Arguments {
                positional: Vec::new(),
                keyword: std::mem::take(&mut bound.extra),
            };
            vm.call_method(&scoped.factory, "configure", arguments)
        }),
    ],
    ..Declaration::new("sqlalchemy.orm.scoping.scoped_session")
};

impl ScopedSession {
    fn current(&self, vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
        if let Some(session) = self.current.borrow().clone() {
            return Ok(session);
        }
        let session = vm.call(&self.factory, arguments)?;
        self.current.replace(Some(session.clone()));
        Ok(session)
    }
}

impl NativeObject for ScopedSession {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&SCOPED_SESSION)
    }

    /// Delegates other attributes to the session.
    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if SCOPED_SESSION.declares(name) || name.starts_with("__") {
            return Ok(None);
        }
        let session = self.current(vm, Arguments::none())?;
        vm.find_attribute(&session, name)
    }
}

/// Adds the session classes to `sqlalchemy.orm`.
///
/// # Errors
/// None so far.
pub fn add_names(vm: &mut Interpreter, module: ModuleBuilder) -> Result<ModuleBuilder> {
    let session = vm.class(&SESSION);
    let query = vm.class(&QUERY);
    let maker = vm.class(&SESSIONMAKER);
    let scoped = vm.class(&SCOPED_SESSION);
    define_errors(vm);
    Ok(module
        .class(&session)
        .class(&query)
        .class(&maker)
        .class(&scoped)
        .functions(FUNCTIONS))
}

static FUNCTIONS: &[FreeFunction] = &[
    function("object_session", "instance", |vm, bound| {
        let value = bound.value("instance");
        mapping_of(vm, &value)?;
        let held = InstanceState::of(&value)
            .is_some_and(|state| state.session.borrow().strong_count() > 0);
        if held {
            return Err(Error::unsupported("object_session()"));
        }
        Ok(Value::None)
    }),
    function("close_all_sessions", "", |_, _| Ok(Value::None)),
];

/// The exceptions of `sqlalchemy.orm.exc` that sessions raise.
fn define_errors(vm: &mut Interpreter) {
    let base = vm.registered_class(exc::INVALID_REQUEST_ERROR);
    let bases: Vec<Class> = base.into_iter().collect();
    for name in [
        "UnmappedInstanceError",
        "UnmappedClassError",
        "DetachedInstanceError",
        "ObjectDeletedError",
        "StaleDataError",
        "FlushError",
    ] {
        vm.define_exception("sqlalchemy.orm.exc", name, &bases);
    }
}
