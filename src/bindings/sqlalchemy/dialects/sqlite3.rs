//! Python's `sqlite3`: the module, its exceptions, and the DBAPI connections passed to `connect`
//! listeners.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine::driver_parameter_set;
use driver::postgresql::PostgresConnection;
use driver::sqlite::{Sqlite, Sqlite3Connection, execute_script, sqlite_version};
use driver::{
    ConnectArguments, Connection as DriverConnection, Cursor, Driver, Parameters,
    Value as DriverValue,
};
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Bound, Class, Declaration, FreeFunction, Interpreter, Module, NativeObject, Value,
    function, method, property, settable,
};
use sqlalchemy::dialects::{postgresql, sqlite};
use sqlalchemy::engine::{Connection, literal_of};

/// The exceptions of `sqlite3`, and their bases; `Row` stands here since nothing makes one.
const EXCEPTIONS: [(&str, &str); 11] = [
    ("Warning", "Exception"),
    ("Error", "Exception"),
    ("InterfaceError", "sqlite3.Error"),
    ("DatabaseError", "sqlite3.Error"),
    ("InternalError", "sqlite3.DatabaseError"),
    ("OperationalError", "sqlite3.DatabaseError"),
    ("ProgrammingError", "sqlite3.DatabaseError"),
    ("IntegrityError", "sqlite3.DatabaseError"),
    ("DataError", "sqlite3.DatabaseError"),
    ("NotSupportedError", "sqlite3.DatabaseError"),
    ("Row", "object"),
];

/// Defines the exceptions, once per interpreter.
pub(super) fn define_exceptions(vm: &mut Interpreter) {
    for (name, parent) in EXCEPTIONS {
        let parent = vm.registered_class(parent).unwrap_or(vm.object_class());
        vm.define_exception("sqlite3", name, &[parent]);
    }
    vm.on_exception("sqlite3.Error", fill_error);
}

/// Sets `sqlite_errorcode` of an error.
fn fill_error(vm: &mut Interpreter, error: &Error, exception: &Value) -> Result<()> {
    if let Some(code) = error.database_code {
        vm.set_attribute(exception, "sqlite_errorcode", i64::from(code).into())?;
    }
    Ok(())
}

/// Calls a function of `create_function()` while SQLite runs.
fn call_function(function: &Value, values: &[DriverValue]) -> Result<DriverValue> {
    Interpreter::borrow_lent(|vm| {
        let arguments = values
            .iter()
            .map(|value| match value {
                DriverValue::Null => Value::None,
                DriverValue::Integer(number) => Value::Int(*number),
                DriverValue::Real(number) => Value::Float(*number),
                DriverValue::Text(text) => Value::Str(text.clone()),
                DriverValue::Blob(bytes) => Value::bytes(bytes),
                // SQLite has no others.
                other => Value::str(other.python_str()),
            })
            .collect();
        let result = vm.call(function, Arguments::positional(arguments))?;
        Ok(match result.plain() {
            Value::None => DriverValue::Null,
            Value::Bool(value) => DriverValue::Integer(i64::from(*value)),
            Value::Int(number) => DriverValue::Integer(*number),
            Value::Float(number) => DriverValue::Real(*number),
            Value::Str(text) => DriverValue::Text(text.clone()),
            Value::Bytes(bytes) => DriverValue::Blob(bytes.to_vec().into()),
            _ => return Err(vm.type_error("such a result of a user-defined function")),
        })
    })
}

/// `sqlite3.Connection`.
pub struct DbapiConnectionObject {
    connection: Rc<dyn DriverConnection>,
    /// The engine connection it was checked out from, to be returned.
    taken: RefCell<Option<Connection>>,
}

impl DbapiConnectionObject {
    /// The connection of a driver, and the engine's that it was checked out from.
    pub fn new(connection: Rc<dyn DriverConnection>, taken: Option<Connection>) -> Self {
        DbapiConnectionObject {
            connection,
            taken: RefCell::new(taken),
        }
    }

    /// The connection as a `sqlite3` one, for features that only SQLite has.
    fn sqlite3(&self, vm: &Interpreter, attribute: &str) -> Result<&Sqlite3Connection> {
        Sqlite3Connection::of(&*self.connection).ok_or_else(|| {
            vm.attribute_error(format!("this connection has no attribute '{attribute}'"))
        })
    }

    fn cursor(&self) -> CursorObject {
        CursorObject {
            connection: self.connection.clone(),
            description: RefCell::default(),
            rows: RefCell::default(),
            rowcount: Cell::new(-1),
            lastrowid: Cell::new(None),
        }
    }
}

/// The connection itself, which a pooled one has under several names.
static POOLED: Declaration<Value> = Declaration {
    properties: &[
        property("dbapi_connection", |_, this| Ok(this.clone())),
        property("driver_connection", |_, this| Ok(this.clone())),
        property("connection", |_, this| Ok(this.clone())),
    ],
    ..Declaration::new("sqlalchemy.pool.base.PoolProxiedConnection")
};

static CONNECTION: Declaration<DbapiConnectionObject> = Declaration {
    bases: &[&POOLED],
    properties: &[
        settable(
            "isolation_level",
            |vm, this| {
                Ok(this
                    .sqlite3(vm, "isolation_level")?
                    .isolation_level()
                    .into())
            },
            |vm, this, value| {
                let level = value.as_text();
                this.sqlite3(vm, "isolation_level")?
                    .set_isolation_level(level.as_deref())
            },
        ),
        settable(
            "autocommit",
            |vm, this| {
                if let Some(connection) = PostgresConnection::of(&*this.connection) {
                    return Ok(connection.autocommit().into());
                }
                Ok(this
                    .sqlite3(vm, "autocommit")?
                    .isolation_level()
                    .is_none()
                    .into())
            },
            |vm, this, value| {
                if let Some(connection) = PostgresConnection::of(&*this.connection) {
                    return connection.set_autocommit(vm.truth(value)?);
                }
                let level = if vm.truth(value)? { None } else { Some("") };
                this.sqlite3(vm, "autocommit")?.set_isolation_level(level)
            },
        ),
        property("in_transaction", |_, this| {
            Ok(this.connection.in_transaction().into())
        }),
        property("total_changes", |vm, this| {
            Ok(this.sqlite3(vm, "total_changes")?.total_changes().into())
        }),
        // What they are set to is not acted on: rows are always tuples, texts always str.
        settable("row_factory", |_, _| Ok(Value::None), |_, _, _| Ok(())),
        settable(
            "text_factory",
            |vm, _| Ok(vm.registered_class("str").into()),
            |_, _, _| Ok(()),
        ),
    ],
    methods: &[
        method(
            "execute",
            "self, sql, parameters=(), /",
            |vm, this, bound| {
                let cursor = this.cursor();
                cursor.execute(vm, bound)?;
                Ok(Value::native(cursor))
            },
        ),
        method(
            "executemany",
            "self, sql, parameters, /",
            |vm, this, bound| {
                let cursor = this.cursor();
                cursor.executemany(vm, bound, "parameters")?;
                Ok(Value::native(cursor))
            },
        ),
        method("executescript", "self, sql_script, /", |vm, this, bound| {
            let cursor = this.cursor();
            cursor.executescript(vm, bound)?;
            Ok(Value::native(cursor))
        }),
        method("cursor", "self, factory=None", |_, this, bound| {
            bound.refuse(&["factory"])?;
            Ok(Value::native(this.cursor()))
        }),
        method("commit", "self, /", |_, this, _| {
            this.connection.commit()?;
            Ok(Value::None)
        }),
        method("rollback", "self, /", |_, this, _| {
            this.connection.rollback()?;
            Ok(Value::None)
        }),
        method("close", "self, /", |_, this, _| {
            match this.taken.take() {
                Some(connection) => connection.close()?,
                None => this.connection.close(),
            }
            Ok(Value::None)
        }),
        method(
            "create_function",
            "self, /, name, narg, func, *, deterministic=False",
            |vm, this, bound| {
                let name = bound.value("name").as_text().unwrap_or_default();
                let arguments = bound.value("narg").as_int().unwrap_or(-1);
                let deterministic = vm.truth(&bound.value("deterministic"))?;
                let function = bound.value("func");
                let connection = this.sqlite3(vm, "create_function")?;
                connection.create_function(
                    &name,
                    i32::try_from(arguments).unwrap_or(i32::MAX),
                    deterministic,
                    Rc::new(move |values| call_function(&function, values).ok()),
                )?;
                Ok(Value::None)
            },
        ),
        method("create_collation", "self, name, callback, /", |_, _, _| {
            Err(Error::unsupported(
                "create_collation() of a sqlite3 connection",
            ))
        }),
    ],
    ..Declaration::new("sqlite3.Connection")
};

impl NativeObject for DbapiConnectionObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&CONNECTION)
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

/// `sqlite3.Cursor`.
struct CursorObject {
    connection: Rc<dyn DriverConnection>,
    description: RefCell<Option<Rc<[Rc<str>]>>>,
    rows: RefCell<VecDeque<Vec<driver::Value>>>,
    rowcount: Cell<i64>,
    lastrowid: Cell<Option<i64>>,
}

/// The SQL that is the first argument.
fn sql_argument(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str) -> Result<Rc<str>> {
    match bound.value(name).as_text() {
        Some(text) => Ok(text),
        None => Err(vm.type_error("execute() argument 1 must be str")),
    }
}

impl CursorObject {
    /// Parameters as the cursor's database takes them.
    fn parameter_set(&self, vm: &mut Interpreter, given: &Value) -> Result<Parameters> {
        let dialect = match PostgresConnection::of(&*self.connection) {
            Some(connection) => postgresql::dialect().with_driver(connection.driver().name()),
            None => sqlite::dialect(),
        };
        driver_parameter_set(vm, &dialect, given)
    }

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

    fn execute(&self, vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<()> {
        let sql = sql_argument(vm, bound, "sql")?;
        let parameters = match bound.take("parameters") {
            Some(given) => self.parameter_set(vm, &given)?,
            None => Parameters::Positional(Vec::new()),
        };
        let found = vm.lend(|| self.connection.execute(&sql, &parameters))?;
        self.keep(found);
        Ok(())
    }

    fn executemany(
        &self,
        vm: &mut Interpreter,
        bound: &mut Bound<'_>,
        parameters: &str,
    ) -> Result<()> {
        let sql = sql_argument(vm, bound, "sql")?;
        let mut sets = Vec::new();
        for set in vm.collect(&bound.value(parameters))? {
            sets.push(self.parameter_set(vm, &set)?);
        }
        let found = vm.lend(|| self.connection.execute_many(&sql, &sets))?;
        self.keep(found);
        Ok(())
    }

    fn executescript(&self, vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<()> {
        let sql = sql_argument(vm, bound, "sql_script")?;
        vm.lend(|| execute_script(&*self.connection, &sql))
    }

    fn description(&self) -> Value {
        let described = |name: &Rc<str>| {
            let mut parts = vec![Value::Str(name.clone())];
            parts.resize(7, Value::None);
            Value::tuple(parts)
        };
        match &*self.description.borrow() {
            None => Value::None,
            Some(names) => Value::tuple(names.iter().map(described).collect()),
        }
    }
}

static CURSOR: Declaration<CursorObject> = Declaration {
    properties: &[
        property("rowcount", |_, cursor| Ok(cursor.rowcount.get().into())),
        property("lastrowid", |_, cursor| Ok(cursor.lastrowid.get().into())),
        property("description", |_, cursor| Ok(cursor.description())),
    ],
    methods: &[
        method(
            "execute",
            "self, sql, parameters=(), /",
            |vm, cursor, bound| {
                cursor.execute(vm, bound)?;
                Ok(bound.this().clone())
            },
        ),
        method(
            "executemany",
            "self, sql, seq_of_parameters, /",
            |vm, cursor, bound| {
                cursor.executemany(vm, bound, "seq_of_parameters")?;
                Ok(bound.this().clone())
            },
        ),
        method(
            "executescript",
            "self, sql_script, /",
            |vm, cursor, bound| {
                cursor.executescript(vm, bound)?;
                Ok(bound.this().clone())
            },
        ),
        method("fetchone", "self, /", |vm, cursor, _| {
            Ok(cursor.fetch(vm)?.into())
        }),
        method("fetchall", "self, /", |vm, cursor, _| {
            let mut rows = Vec::new();
            while let Some(row) = cursor.fetch(vm)? {
                rows.push(row);
            }
            Ok(Value::list(rows))
        }),
        method("fetchmany", "self, /, size=1", |vm, cursor, bound| {
            let size = bound.take("size").and_then(|size| size.as_int());
            let mut rows = Vec::new();
            while (rows.len() as i64) < size.unwrap_or(1) {
                match cursor.fetch(vm)? {
                    Some(row) => rows.push(row),
                    None => break,
                }
            }
            Ok(Value::list(rows))
        }),
        method("close", "self, /", |_, cursor, _| {
            cursor.rows.borrow_mut().clear();
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("sqlite3.Cursor")
};

impl NativeObject for CursorObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&CURSOR)
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

fn connect(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
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
}

static FUNCTIONS: &[FreeFunction] = &[
    function("register_adapter", "type, adapter, /", |_, _| {
        Ok(Value::None)
    }),
    function("register_converter", "typename, converter, /", |_, _| {
        Ok(Value::None)
    }),
    function(
        "connect",
        "database, timeout=5.0, detect_types=0, isolation_level='', check_same_thread=True, \
         factory=None, cached_statements=128, uri=False",
        connect,
    ),
];

/// Makes `sqlite3`.
///
/// # Errors
/// None so far.
pub(super) fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    define_exceptions(vm);
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
        .functions(FUNCTIONS);
    for (name, _) in EXCEPTIONS {
        if let Some(class) = vm.registered_class(&format!("sqlite3.{name}")) {
            module = module.class(&class);
        }
    }
    let (connection, cursor) = (vm.class(&CONNECTION), vm.class(&CURSOR));
    Ok(module.class(&connection).class(&cursor).build())
}
