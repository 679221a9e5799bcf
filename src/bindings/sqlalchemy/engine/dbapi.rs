//! Python's `sqlite3`: the module, and the DBAPI connections passed to `connect` listeners.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use super::class_named;
use super::connection::driver_set;
use super::exc;
use crate::bindings::conversion;
use driver::sqlite::{Sqlite, Sqlite3Connection, execute_script, sqlite_version};
use driver::{ConnectArguments, Connection as DriverConnection, Cursor, Driver};
use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{Arguments, Class, Interpreter, Module, NativeObject, Value};
use sqlalchemy::engine::{Connection, literal_of};

/// `sqlite3.Connection`.
pub struct DbapiConnectionObject {
    connection: Rc<dyn DriverConnection>,
    /// The engine connection it was checked out from, to be returned.
    taken: RefCell<Option<Connection>>,
}

impl DbapiConnectionObject {
    pub(super) fn new(connection: Rc<dyn DriverConnection>, taken: Option<Connection>) -> Self {
        DbapiConnectionObject {
            connection,
            taken: RefCell::new(taken),
        }
    }

    /// The connection as a `sqlite3` one, for features that only SQLite has.
    fn sqlite3(&self) -> Option<&Sqlite3Connection> {
        Sqlite3Connection::of(&*self.connection)
    }

    /// Sets `isolation_level`; `false` if the connection does not have it.
    fn set_isolation_level(&self, level: Option<&str>) -> Result<bool> {
        match self.sqlite3() {
            Some(own) => own.set_isolation_level(level).map(|()| true),
            None => Ok(false),
        }
    }
}

impl NativeObject for DbapiConnectionObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        connection_class(vm)
    }

    fn get_attribute(
        &self,
        this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            // A pooled connection exposes the driver's connection under these names.
            "dbapi_connection" | "driver_connection" | "connection" => Some(this.clone()),
            "isolation_level" => self.sqlite3().map(|own| own.isolation_level().into()),
            "in_transaction" => Some(self.connection.in_transaction().into()),
            "total_changes" => self.sqlite3().map(|own| own.total_changes().into()),
            _ => None,
        })
    }

    fn set_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        match name {
            "isolation_level" => {
                let level = value.as_text();
                self.set_isolation_level(level.as_deref())
            }
            "row_factory" | "text_factory" => Ok(true),
            "autocommit" => {
                let level = if vm.truth(value)? { None } else { Some("") };
                self.set_isolation_level(level)
            }
            _ => Ok(false),
        }
    }

    fn enter(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn exit(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        if exception.is_none() {
            self.connection.commit()?;
        } else {
            self.connection.rollback()?;
        }
        Ok(Some(false))
    }
}

fn connection(value: &Value) -> Result<Rc<DbapiConnectionObject>> {
    value
        .downcast::<DbapiConnectionObject>()
        .ok_or_else(|| Error::new("TypeError", "a sqlite3.Connection is needed"))
}

fn cursor_of(connection: &Rc<dyn DriverConnection>) -> Value {
    Value::native(CursorObject {
        connection: connection.clone(),
        description: RefCell::default(),
        rows: RefCell::default(),
        rowcount: Cell::new(-1),
        lastrowid: Cell::new(None),
    })
}

fn connection_class(vm: &mut Interpreter) -> Class {
    class_named(vm, "sqlite3", "Connection", |mut builder| {
        for name in ["execute", "executemany", "executescript"] {
            builder = builder.method(name, move |vm, this, arguments| {
                let cursor = cursor_of(&connection(this)?.connection);
                vm.call_method(&cursor, name, arguments)
            });
        }
        builder
            .method("cursor", |_vm, this, _| {
                Ok(cursor_of(&connection(this)?.connection))
            })
            .method("commit", |_vm, this, _| {
                connection(this)?.connection.commit()?;
                Ok(Value::None)
            })
            .method("rollback", |_vm, this, _| {
                connection(this)?.connection.rollback()?;
                Ok(Value::None)
            })
            .method("close", |_vm, this, _| {
                let object = connection(this)?;
                match object.taken.take() {
                    Some(connection) => connection.close()?,
                    None => object.connection.close(),
                }
                Ok(Value::None)
            })
            .method("create_function", |_vm, _this, _| {
                Err(Error::unsupported(
                    "create_function() of a sqlite3 connection",
                ))
            })
            .method("create_collation", |_vm, _this, _| {
                Err(Error::unsupported(
                    "create_collation() of a sqlite3 connection",
                ))
            })
    })
}

/// `sqlite3.Cursor`.
struct CursorObject {
    connection: Rc<dyn DriverConnection>,
    description: RefCell<Option<Rc<[Rc<str>]>>>,
    rows: RefCell<VecDeque<Vec<driver::Value>>>,
    rowcount: Cell<i64>,
    lastrowid: Cell<Option<i64>>,
}

impl CursorObject {
    fn keep(&self, cursor: Cursor) {
        self.description.replace(cursor.description);
        self.rows.replace(cursor.rows.into());
        self.rowcount.set(cursor.rowcount);
        self.lastrowid.set(cursor.lastrowid);
    }

    fn fetch(&self, vm: &mut Interpreter) -> Result<Option<Value>> {
        let Some(row) = self.rows.borrow_mut().pop_front() else {
            return Ok(None);
        };
        let mut values = Vec::with_capacity(row.len());
        for value in &row {
            values.push(conversion::from_literal(vm, &literal_of(value))?);
        }
        Ok(Some(Value::tuple(values)))
    }
}

impl NativeObject for CursorObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        cursor_class(vm)
    }

    fn iterate(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        let this = this.clone();
        Ok(Some(python::Iterator::new(
            "iterator",
            move |vm| match this.downcast::<CursorObject>() {
                Some(cursor) => cursor.fetch(vm),
                None => Ok(None),
            },
        )))
    }
}

fn cursor(value: &Value) -> Result<Rc<CursorObject>> {
    value
        .downcast::<CursorObject>()
        .ok_or_else(|| Error::new("TypeError", "a sqlite3.Cursor is needed"))
}

fn cursor_class(vm: &mut Interpreter) -> Class {
    class_named(vm, "sqlite3", "Cursor", |builder| {
        builder
            .method("execute", |vm, this, arguments| {
                let [sql, given] = arguments.between("execute", 1)?;
                let sql = text(vm, sql)?;
                let parameters =
                    driver_set(vm, &given.unwrap_or_else(|| Value::tuple(Vec::new())))?;
                let object = cursor(this)?;
                let found = vm.lend(|| object.connection.execute(&sql, &parameters))?;
                object.keep(found);
                Ok(this.clone())
            })
            .method("executemany", |vm, this, arguments| {
                let [sql, given] = arguments.between("executemany", 2)?;
                let sql = text(vm, sql)?;
                let mut sets = Vec::new();
                for set in vm.collect(&given.unwrap_or(Value::None))? {
                    sets.push(driver_set(vm, &set)?);
                }
                let object = cursor(this)?;
                let found = vm.lend(|| object.connection.execute_many(&sql, &sets))?;
                object.keep(found);
                Ok(this.clone())
            })
            .method("executescript", |vm, this, arguments| {
                let [sql] = arguments.exactly("executescript")?;
                let sql = text(vm, Some(sql))?;
                let object = cursor(this)?;
                vm.lend(|| execute_script(&*object.connection, &sql))?;
                Ok(this.clone())
            })
            .method("fetchone", |vm, this, _| {
                Ok(cursor(this)?.fetch(vm)?.unwrap_or(Value::None))
            })
            .method("fetchall", |vm, this, _| {
                let cursor = cursor(this)?;
                let mut rows = Vec::new();
                while let Some(row) = cursor.fetch(vm)? {
                    rows.push(row);
                }
                Ok(Value::list(rows))
            })
            .method("fetchmany", |vm, this, arguments| {
                let mut bound = arguments.bind(parameters!("fetchmany", "size=1"))?;
                let size = bound
                    .take("size")
                    .and_then(|size| size.as_int())
                    .unwrap_or(1);
                let cursor = cursor(this)?;
                let mut rows = Vec::new();
                while (rows.len() as i64) < size {
                    match cursor.fetch(vm)? {
                        Some(row) => rows.push(row),
                        None => break,
                    }
                }
                Ok(Value::list(rows))
            })
            .method("close", |_vm, this, _| {
                cursor(this)?.rows.borrow_mut().clear();
                Ok(Value::None)
            })
            .property("rowcount", |_vm, this| {
                Ok(cursor(this)?.rowcount.get().into())
            })
            .property("lastrowid", |_vm, this| {
                Ok(cursor(this)?.lastrowid.get().into())
            })
            .property("description", |_vm, this| {
                let description = cursor(this)?.description.borrow().clone();
                Ok(match description {
                    None => Value::None,
                    Some(names) => Value::tuple(
                        names
                            .iter()
                            .map(|name| {
                                let mut parts = vec![Value::Str(name.clone())];
                                parts.resize(7, Value::None);
                                Value::tuple(parts)
                            })
                            .collect(),
                    ),
                })
            })
    })
}

fn text(vm: &mut Interpreter, value: Option<Value>) -> Result<Rc<str>> {
    match value.as_ref().and_then(Value::as_text) {
        Some(text) => Ok(text),
        None => Err(vm.type_error("execute() argument 1 must be str")),
    }
}

/// Makes `sqlite3`.
///
/// # Errors
/// None so far.
pub(super) fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let version = sqlite_version();
    let parts = version
        .split('.')
        .map(|part| Value::Int(part.parse().unwrap_or(0)))
        .collect();
    let mut module = Module::build("sqlite3")
        .value("version", "2.6.0")
        .value("sqlite_version", version)
        .value("sqlite_version_info", Value::tuple(parts))
        .value("apilevel", "2.0")
        .value("paramstyle", "qmark")
        .value("PARSE_DECLTYPES", 1_i64)
        .value("PARSE_COLNAMES", 2_i64)
        .function("register_adapter", |_vm, _arguments| Ok(Value::None))
        .function("register_converter", |_vm, _arguments| Ok(Value::None))
        .function("connect", |vm, arguments: Arguments| {
            let mut bound = arguments.bind(parameters!(
                "connect",
                "database, timeout=5.0, detect_types=0, isolation_level='', \
                 check_same_thread=True, factory=None, cached_statements=128, uri=False"
            ))?;
            let database = bound.value("database");
            let uri = bound
                .take("uri")
                .is_some_and(|uri| uri.as_bool() == Some(true));
            let database = vm.str(&database)?;
            let mut given = ConnectArguments::new()
                .with("database", database)
                .with("uri", uri);
            if let Some(level) = bound.take("isolation_level") {
                let level = level.as_text();
                given.set(
                    "isolation_level",
                    level.map_or(driver::Value::Null, driver::Value::Text),
                );
            }
            let run = vm.run.clone();
            let connection = Sqlite.connect(&run, &given)?;
            Ok(Value::native(DbapiConnectionObject::new(connection, None)))
        });
    for class in exc::sqlite3(vm) {
        module = module.class(&class);
    }
    let connection = connection_class(vm);
    let cursor = cursor_class(vm);
    Ok(module.class(&connection).class(&cursor).build())
}
