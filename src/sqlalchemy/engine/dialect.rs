//! The connection-related part of a dialect: drivers, URLs, pools, isolation levels, driver values.

use driver::{self, ConnectArguments, Value};
use ground::diagnostic::{Error, Result};
use ground::run::Run;
use std::rc::Rc;

use super::{PoolClass, TableState, Url};
use crate::image::Images;
use crate::inspector::Reflection;
use crate::literal::Literal;

/// The part of `sqlalchemy.engine.default.DefaultDialect` that is about connections.
pub trait EngineDialect: Sync {
    /// The driver names as used in a URL after the `+`, the default one first; empty for a dialect
    /// unknown to SQLAlchemy. [`driver::find`] tells which are available.
    fn drivers(&self) -> &'static [&'static str] {
        &[]
    }

    /// The asynchronous drivers among them (`is_async`).
    fn asynchronous_drivers(&self) -> &'static [&'static str] {
        &[]
    }

    /// The database's display name, for messages.
    fn title(&self) -> &'static str {
        "the database"
    }

    /// The class name of the dialect with its default driver, as shown in error messages.
    fn class_name(&self) -> &'static str {
        "DefaultDialect"
    }

    /// `create_connect_args`: the arguments of the driver's `connect` for a URL.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ArgumentError` for a URL that the dialect can't read, `ValueError` for an
    /// argument of the wrong type.
    fn create_connect_args(&self, run: &Run, url: &Url) -> Result<ConnectArguments> {
        let _ = run;
        let mut arguments = ConnectArguments::new();
        let parts = [
            ("host", &url.host),
            ("database", &url.database),
            ("user", &url.username),
            ("password", &url.password),
        ];
        for (name, part) in parts {
            if let Some(part) = part {
                arguments.set(name, part.as_str().into());
            }
        }
        if let Some(port) = url.port {
            arguments.set("port", port.into());
        }
        for name in url.query.keys() {
            if let Some(value) = url.argument(name) {
                arguments.set(name, value.into());
            }
        }
        Ok(arguments)
    }

    /// `get_pool_class`: the default pool for a URL.
    fn get_pool_class(&self, url: &Url) -> PoolClass {
        let _ = url;
        PoolClass::QueuePool
    }

    /// The schema reflection methods, for one inspector; `None` if reflection is unsupported.
    fn reflection(&self) -> Option<Box<dyn Reflection>> {
        None
    }

    /// Operations on whole databases; `None` if databases cannot be copied.
    fn images(&self) -> Option<&'static dyn Images> {
        None
    }

    /// The value of [`driver::Connection::database`] for connections to a URL.
    fn database_of(&self, run: &Run, url: &Url) -> Option<String> {
        let _ = (run, url);
        None
    }

    /// `initialize`: what the first connection tells of the server.
    fn initialize(&self, dbapi: &dyn driver::Connection) -> Initialized {
        let _ = dbapi;
        Initialized::default()
    }

    /// `default_isolation_level`: the isolation level unless another is set.
    fn default_isolation_level(&self) -> &'static str {
        "READ COMMITTED"
    }

    /// `get_isolation_level`: the database's current isolation level.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` where the dialect can't tell.
    fn get_isolation_level(&self, dbapi: &dyn driver::Connection) -> Result<&'static str> {
        let _ = dbapi;
        Err(Error::new("NotImplementedError", ""))
    }

    /// `set_isolation_level`; `level` is one of `isolation_level_values`.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` where the dialect can't.
    fn set_isolation_level(&self, dbapi: &dyn driver::Connection, level: &str) -> Result<()> {
        let _ = (dbapi, level);
        Err(Error::new("NotImplementedError", ""))
    }

    /// The tables with the locks that the current transaction holds on them; `None` where the
    /// database has no such locks, or does not tell.
    fn table_states(&self, dbapi: &dyn driver::Connection) -> Option<Vec<TableState>> {
        let _ = dbapi;
        None
    }

    /// The reason why the database rejected a statement, derived from the driver's error, wrapped
    /// or not.
    fn refusal(&self, error: &Error) -> Option<Refusal> {
        let _ = error;
        None
    }

    /// Converts a value for the driver of that name, after the type's bind processor.
    ///
    /// # Errors
    /// The driver's own for a value that it has no type for.
    fn driver_value(&self, driver: &str, value: &Literal) -> Result<Value> {
        let _ = driver;
        standard_value(value).ok_or_else(|| {
            Error::new(
                "TypeError",
                format!("type '{}' is not supported", value.class_name()),
            )
        })
    }

    /// The driver's error for a value rejected by [`driver_value`](Self::driver_value), bound to
    /// the parameter of that name or number.
    fn binding_error(&self, error: Error, parameter: &str) -> Error {
        let _ = parameter;
        error
    }
}

/// What the first connection of an engine tells of the server.
#[derive(Clone, Default)]
pub struct Initialized {
    /// The server's version.
    pub version: Option<(u32, u32, u32)>,
    /// The schema of tables without one.
    pub default_schema_name: Option<Rc<str>>,
    /// The statements by which SQLAlchemy asks for such things, as they stand in a log.
    pub asked: &'static [&'static str],
}

/// The reasons for rejected statements that callers distinguish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A NOT NULL constraint failed.
    NotNull,
    /// The database does not support this ALTER.
    Alter,
}

/// Converts values of types that every driver supports.
pub fn standard_value(value: &Literal) -> Option<Value> {
    Some(match value {
        Literal::Null => Value::Null,
        Literal::Boolean(truth) => Value::Integer((*truth).into()),
        Literal::Integer(number) => Value::Integer(*number),
        Literal::Float(number) => Value::Real(*number),
        Literal::String(text) => Value::Text(text.clone()),
        Literal::Bytes(bytes) => Value::Blob(bytes.clone()),
        _ => return None,
    })
}
