//! `Session`, `sessionmaker`, `scoped_session` and `Query` as Python classes.

use std::cell::RefCell;
use std::rc::Rc;

use super::mapper::Mapping;
use super::session::{self, SessionObject, SessionState};
use super::session_query::{QueryObject, query_class};
use super::session_state::{InstanceState, mapping_of};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine::{ResultObject, connection_value, engine_value};
use crate::bindings::sqlalchemy::sql;
use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{Arguments, Class, ClassBuilder, Interpreter, ModuleBuilder, NativeObject, Value};

pub(super) fn class_named(
    vm: &mut Interpreter,
    module: &str,
    name: &str,
    build: impl FnOnce(ClassBuilder) -> ClassBuilder,
) -> Class {
    match vm.registered_class(&format!("{module}.{name}")) {
        Some(class) => class,
        None => build(ClassBuilder::new(module, name)).build(vm),
    }
}

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

fn configure(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "Session.__init__",
        "bind=None, *, autoflush=True, future=True, expire_on_commit=True, autobegin=True, \
         twophase=False, binds=None, enable_baked_queries=True, info=None, query_cls=None, \
         autocommit=False, join_transaction_mode=None, close_resets_only=None"
    ))?;
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
    if let Value::Instance(instance) = this {
        instance.set_native(Rc::new(SessionObject(Rc::new(state))));
    }
    Ok(Value::None)
}

fn run(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<ResultObject> {
    let mut bound = arguments.bind(parameters!(
        "Session.execute",
        "statement, params=None, *, execution_options=None, bind_arguments=None, **kw"
    ))?;
    let statement = bound.value("statement");
    let given = bound.take_some("params");
    session::execute(vm, &to_session(this)?, &statement, given.as_ref())
}

fn session_class(vm: &mut Interpreter) -> Class {
    class_named(vm, "sqlalchemy.orm.session", "Session", |builder| {
        statement_methods(instance_methods(builder))
            .method("__init__", configure)
            .method("__enter__", |_vm, this, _| Ok(this.clone()))
            .method("__exit__", |vm, this, _| {
                session::close(vm, &to_session(this)?)?;
                Ok(false.into())
            })
            .method("__iter__", |vm, this, _| {
                let session = to_session(this)?;
                let mut values = session.instances();
                values.extend(session.new.borrow().iter().cloned());
                vm.iterate(&Value::list(values))
            })
            .method("__contains__", |_vm, this, arguments| {
                let [value] = arguments.exactly("__contains__")?;
                let session = to_session(this)?;
                let held = session.instances().iter().any(|known| known.is(&value))
                    || session.new.borrow().iter().any(|known| known.is(&value));
                Ok(held.into())
            })
            .method("flush", |vm, this, _| {
                session::flush(vm, &to_session(this)?)?;
                Ok(Value::None)
            })
            .method("commit", |vm, this, _| {
                session::commit(vm, &to_session(this)?)?;
                Ok(Value::None)
            })
            .method("rollback", |vm, this, _| {
                session::rollback(vm, &to_session(this)?)?;
                Ok(Value::None)
            })
            .method("close", |vm, this, _| {
                session::close(vm, &to_session(this)?)?;
                Ok(Value::None)
            })
            .method("begin", |vm, this, _| {
                session::connection(vm, &*to_session(this)?)?;
                Ok(Value::native(SessionBlock {
                    session: this.clone(),
                    savepoint: RefCell::default(),
                    closes: false,
                }))
            })
            .method("begin_nested", |vm, this, _| {
                let session = to_session(this)?;
                session::flush(vm, &session)?;
                let connection = session::connection(vm, &session)?;
                let savepoint = vm.lend(|| connection.begin_nested())?;
                Ok(Value::native(SessionBlock {
                    session: this.clone(),
                    savepoint: RefCell::new(Some(savepoint)),
                    closes: false,
                }))
            })
            .method("in_transaction", |_vm, this, _| {
                Ok(to_session(this)?.in_transaction().into())
            })
            .method("connection", |vm, this, _| {
                let connection = session::connection(vm, &*to_session(this)?)?;
                Ok(connection_value(vm, &connection))
            })
            .method("get_bind", |vm, this, _| {
                let bind = to_session(this)?.bind.borrow().clone();
                bind_value(vm, bind)
            })
            .property("bind", |vm, this| {
                let bind = to_session(this)?.bind.borrow().clone();
                if bind.is_none() {
                    return Ok(Value::None);
                }
                bind_value(vm, bind)
            })
            .property("is_active", |_vm, _this| Ok(true.into()))
            .property("info", |_vm, this| {
                Ok(Value::Dict(to_session(this)?.info.clone()))
            })
            .property("new", |_vm, this| {
                Ok(Value::list(to_session(this)?.new.borrow().clone()))
            })
            .property("deleted", |_vm, this| {
                Ok(Value::list(to_session(this)?.deleted.borrow().clone()))
            })
            .property("dirty", |vm, this| {
                let mut dirty = Vec::new();
                for value in to_session(this)?.instances() {
                    if !session::changes(vm, &value)?.is_empty() {
                        dirty.push(value);
                    }
                }
                Ok(Value::list(dirty))
            })
            .property_with_setter(
                "autoflush",
                |_vm, this| Ok(to_session(this)?.autoflush.get().into()),
                |vm, this, value| {
                    let autoflush = vm.truth(&value)?;
                    to_session(this)?.autoflush.set(autoflush);
                    Ok(())
                },
            )
            .property("no_autoflush", |_vm, this| {
                Ok(Value::native(NoAutoflush {
                    session: to_session(this)?,
                }))
            })
    })
}

fn bind_value(vm: &mut Interpreter, bind: Option<session::Bind>) -> Result<Value> {
    Ok(match bind {
        Some(session::Bind::Engine(engine)) => engine_value(vm, &engine),
        Some(session::Bind::Connection(connection)) => connection_value(vm, &connection),
        Some(session::Bind::Other(value)) => value,
        None => {
            return Err(Error::new(
                "sqlalchemy.exc.UnboundExecutionError",
                "Could not locate a bind configured on session.",
            ));
        }
    })
}

fn statement_methods(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method("execute", |vm, this, arguments| {
            run(vm, this, arguments).map(Value::native)
        })
        .method("scalar", |vm, this, arguments| {
            let result = run(vm, this, arguments)?;
            result.scalar(vm)
        })
        .method("scalars", |vm, this, arguments| {
            let result = Value::native(run(vm, this, arguments)?);
            vm.call_method(&result, "scalars", Arguments::none())
        })
        .method("exec", |vm, this, arguments| {
            // sqlmodel's: a SELECT of one thing gives that thing for each row.
            let scalar = match arguments.positional.first().and_then(sql::find_select) {
                Some(sqlalchemy::sql::SelectBase::Select(select)) => {
                    session::parts_of(vm, &select)?.len() == 1
                }
                _ => false,
            };
            let result = Value::native(run(vm, this, arguments)?);
            if scalar {
                vm.call_method(&result, "scalars", Arguments::none())
            } else {
                Ok(result)
            }
        })
        .method("query", |vm, this, arguments| {
            let query = QueryObject::new(vm, to_session(this)?, arguments.positional)?;
            Ok(Value::native(query))
        })
        .method("get", |vm, this, arguments| {
            let mut bound = arguments.bind(parameters!("Session.get", "entity, ident, **kw"))?;
            let entity = bound.value("entity");
            let class = expect_class(vm, &entity)?;
            let key = bound.value("ident");
            session::get(vm, &to_session(this)?, &class, &key)
        })
        .method("bulk_insert_mappings", |vm, this, arguments| {
            let mut bound = arguments.bind(parameters!(
                "Session.bulk_insert_mappings",
                "mapper, mappings, return_defaults=False, render_nulls=False"
            ))?;
            let (entity, mappings) = (bound.value("mapper"), bound.value("mappings"));
            let class = expect_class(vm, &entity)?;
            let table = Value::Class(class);
            let insert = sql::insert(vm, &table)?;
            if vm.collect(&mappings)?.is_empty() {
                return Ok(Value::None);
            }
            session::execute(vm, &to_session(this)?, &insert, Some(&mappings))?;
            Ok(Value::None)
        })
        .method("bulk_save_objects", |vm, this, arguments| {
            let mut bound = arguments.bind(parameters!(
                "Session.bulk_save_objects",
                "objects, return_defaults=False, update_changed_only=True, preserve_order=True"
            ))?;
            let session = to_session(this)?;
            let objects = bound.value("objects");
            for value in vm.collect(&objects)? {
                session::add(vm, &session, &value)?;
            }
            session::flush(vm, &session)?;
            Ok(Value::None)
        })
        .method("bulk_update_mappings", |_vm, _this, _| {
            Err(Error::unsupported(
                "Session.bulk_update_mappings(); execute an update() instead",
            ))
        })
        .method("merge", |_vm, _this, _| {
            Err(Error::unsupported(
                "Session.merge(); get() the row, then set its attributes or add() a new object",
            ))
        })
}

fn instance_methods(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method("add", |vm, this, arguments| {
            let [value] = one_instance(arguments, "add")?;
            session::add(vm, &to_session(this)?, &value)?;
            Ok(Value::None)
        })
        .method("add_all", |vm, this, arguments| {
            let [values] = arguments.exactly("add_all")?;
            let session = to_session(this)?;
            for value in vm.collect(&values)? {
                session::add(vm, &session, &value)?;
            }
            Ok(Value::None)
        })
        .method("delete", |vm, this, arguments| {
            let [value] = arguments.exactly("delete")?;
            session::mark_deleted(vm, &to_session(this)?, &value)?;
            Ok(Value::None)
        })
        .method("refresh", |vm, this, arguments| {
            let [value] = one_instance(arguments, "refresh")?;
            let session = to_session(this)?;
            session::flush(vm, &session)?;
            session::expire(&value);
            session::refresh(vm, &session, &value)?;
            Ok(Value::None)
        })
        .method("expire", |_vm, _this, arguments| {
            let [value] = one_instance(arguments, "expire")?;
            session::expire(&value);
            Ok(Value::None)
        })
        .method("expire_all", |_vm, this, _| {
            session::expire_all(&*to_session(this)?);
            Ok(Value::None)
        })
        .method("expunge", |_vm, this, arguments| {
            let [value] = arguments.exactly("expunge")?;
            let session = to_session(this)?;
            session.new.borrow_mut().retain(|known| !known.is(&value));
            session.forget(&value);
            Ok(Value::None)
        })
        .method("expunge_all", |_vm, this, _| {
            let session = to_session(this)?;
            session.new.borrow_mut().clear();
            for value in session.instances() {
                session.forget(&value);
            }
            Ok(Value::None)
        })
}

fn one_instance(arguments: Arguments, name: &str) -> Result<[Value; 1]> {
    match arguments.positional.into_iter().next() {
        Some(value) => Ok([value]),
        None => Err(Error::new(
            "TypeError",
            format!("Session.{name}() missing 1 required positional argument: 'instance'"),
        )),
    }
}

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

impl NativeObject for SessionBlock {
    fn class(&self, vm: &mut Interpreter) -> Class {
        class_named(
            vm,
            "sqlalchemy.orm.session",
            "SessionTransaction",
            |builder| {
                builder
                    .method("commit", |vm, this, _| {
                        if let Some(block) = this.downcast::<SessionBlock>() {
                            block.end(vm, true)?;
                        }
                        Ok(Value::None)
                    })
                    .method("rollback", |vm, this, _| {
                        if let Some(block) = this.downcast::<SessionBlock>() {
                            block.end(vm, false)?;
                        }
                        Ok(Value::None)
                    })
            },
        )
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

impl NativeObject for NoAutoflush {
    fn class(&self, vm: &mut Interpreter) -> Class {
        class_named(vm, "contextlib", "_GeneratorContextManager", |builder| {
            builder
        })
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

/// `sessionmaker(...)`, and `scoped_session(...)` over one.
struct SessionMaker {
    class: Value,
    keywords: RefCell<Vec<(Rc<str>, Value)>>,
    /// The one session of a scoped one.
    current: RefCell<Option<Value>>,
    scoped: bool,
}

impl SessionMaker {
    fn make(&self, vm: &mut Interpreter, mut arguments: Arguments) -> Result<Value> {
        for (name, value) in self.keywords.borrow().iter() {
            if arguments.keyword_value(name).is_none() {
                arguments.keyword.push((name.clone(), value.clone()));
            }
        }
        let class = self.class.clone();
        vm.call(&class, arguments)
    }

    fn current(&self, vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
        if let Some(session) = self.current.borrow().clone() {
            return Ok(session);
        }
        let session = self.make(vm, arguments)?;
        self.current.replace(Some(session.clone()));
        Ok(session)
    }
}

impl NativeObject for SessionMaker {
    fn class(&self, vm: &mut Interpreter) -> Class {
        let (module, name) = if self.scoped {
            ("sqlalchemy.orm.scoping", "scoped_session")
        } else {
            ("sqlalchemy.orm.session", "sessionmaker")
        };
        maker_class(vm, module, name)
    }

    fn call(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let arguments = arguments.clone();
        if self.scoped {
            self.current(vm, arguments).map(Some)
        } else {
            self.make(vm, arguments).map(Some)
        }
    }

    fn get_attribute(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let this = this.clone();
        let of_this =
            move |body: fn(&mut Interpreter, &SessionMaker, Arguments) -> Result<Value>| {
                Value::function("method", move |vm, arguments| {
                    match this.downcast::<SessionMaker>() {
                        Some(maker) => body(vm, &maker, arguments),
                        None => Ok(Value::None),
                    }
                })
            };
        Ok(match name {
            "configure" => Some(of_this(|_vm, maker, arguments| {
                let mut keywords = maker.keywords.borrow_mut();
                for (name, value) in arguments.keyword {
                    keywords.retain(|(known, _)| *known != name);
                    keywords.push((name, value));
                }
                Ok(Value::None)
            })),
            "remove" if self.scoped => Some(of_this(|vm, maker, _| {
                let current = maker.current.take();
                if let Some(session) = current {
                    session::close(vm, &to_session(&session)?)?;
                }
                Ok(Value::None)
            })),
            "registry" | "session_factory" if self.scoped => None,
            "begin" if !self.scoped => Some(of_this(|vm, maker, _| {
                let made = maker.make(vm, Arguments::none())?;
                session::connection(vm, &*to_session(&made)?)?;
                Ok(Value::native(SessionBlock {
                    session: made,
                    savepoint: RefCell::default(),
                    closes: true,
                }))
            })),
            "kw" => Some(Value::dict(self.keywords.borrow().iter().cloned())),
            "class_" => Some(self.class.clone()),
            name if self.scoped && !name.starts_with("__") => {
                let session = self.current(vm, Arguments::none())?;
                return vm.find_attribute(&session, name);
            }
            _ => None,
        })
    }
}

struct MakerHooks {
    scoped: bool,
}

impl python::NativeClass for MakerHooks {
    fn construct(
        &self,
        vm: &mut Interpreter,
        _class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let mut arguments = arguments.clone();
        if self.scoped {
            let factory = arguments
                .take_first()
                .or(arguments.take_keyword("session_factory"));
            let Some(factory) = factory else {
                return Err(vm.type_error(
                    "scoped_session.__init__() missing 1 required positional argument: \
                     'session_factory'",
                ));
            };
            return Ok(Some(Value::native(SessionMaker {
                class: factory,
                keywords: RefCell::default(),
                current: RefCell::default(),
                scoped: true,
            })));
        }
        let class = match arguments.take_keyword("class_") {
            Some(class) => class,
            None => Value::Class(session_class(vm)),
        };
        let mut keywords = Vec::new();
        if let Some(bind) = arguments.take_first() {
            keywords.push((Rc::from("bind"), bind));
        }
        keywords.extend(arguments.keyword);
        Ok(Some(Value::native(SessionMaker {
            class,
            keywords: RefCell::new(keywords),
            current: RefCell::default(),
            scoped: false,
        })))
    }
}

fn maker_class(vm: &mut Interpreter, module: &str, name: &str) -> Class {
    let scoped = name == "scoped_session";
    class_named(vm, module, name, |builder| {
        builder.hooks(MakerHooks { scoped })
    })
}

/// Adds the names of sessions to `sqlalchemy.orm`.
///
/// # Errors
/// None so far.
pub fn add_names(vm: &mut Interpreter, module: ModuleBuilder) -> Result<ModuleBuilder> {
    let session = session_class(vm);
    let query = query_class(vm);
    let maker = maker_class(vm, "sqlalchemy.orm.session", "sessionmaker");
    let scoped = maker_class(vm, "sqlalchemy.orm.scoping", "scoped_session");
    define_errors(vm);
    Ok(module
        .class(&session)
        .class(&query)
        .class(&maker)
        .class(&scoped)
        .function("object_session", |vm, arguments| {
            let [value] = arguments.exactly("object_session")?;
            mapping_of(vm, &value)?;
            let held = InstanceState::of(&value)
                .is_some_and(|state| state.session.borrow().strong_count() > 0);
            if held {
                return Err(Error::unsupported("object_session()"));
            }
            Ok(Value::None)
        })
        .function("close_all_sessions", |_vm, _arguments| Ok(Value::None)))
}

/// The exceptions of `sqlalchemy.orm.exc` that sessions raise.
fn define_errors(vm: &mut Interpreter) {
    let base = vm.registered_class("sqlalchemy.exc.InvalidRequestError");
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
