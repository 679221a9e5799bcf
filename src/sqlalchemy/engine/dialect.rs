//! What an engine asks of a dialect: which drivers there are, what a URL means to them, pools,
//! isolation levels, the values that the driver takes.

use driver::{self, ConnectArguments, Value};
use ground::diagnostic::{Error, Result};
use ground::run::Run;

use super::{PoolClass, Url};
use crate::image::Images;
use crate::inspector::Reflection;
use crate::literal::Literal;

/// The part of `sqlalchemy.engine.default.DefaultDialect` that is about connections.
pub trait EngineDialect: Sync {
    /// Names of its drivers as they stand in a URL after the `+`, the usual one first; none of a
    /// dialect that SQLAlchemy does not have. [`driver::find`] tells which of them are here.
    fn drivers(&self) -> &'static [&'static str] {
        &[]
    }

    /// Those of them that are asynchronous (`is_async`).
    fn asynchronous_drivers(&self) -> &'static [&'static str] {
        &[]
    }

    /// What people call the database, as messages say it.
    fn title(&self) -> &'static str {
        "the database"
    }

    /// Name of the class that drives it by the usual driver, as error messages show it.
    fn class_name(&self) -> &'static str {
        "DefaultDialect"
    }

    /// `create_connect_args`: what the driver's `connect` is given for a URL.
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

    /// `get_pool_class`: the pool of an engine that was made without `poolclass`.
    fn get_pool_class(&self, url: &Url) -> PoolClass {
        let _ = url;
        PoolClass::QueuePool
    }

    /// Its `get_...` methods that read a schema, for one inspector; `None` of a dialect that this
    /// program can't reflect.
    fn reflection(&self) -> Option<Box<dyn Reflection>> {
        None
    }

    /// What it can do with whole databases; `None` where nothing can be tried on a copy.
    fn images(&self) -> Option<&'static dyn Images> {
        None
    }

    /// What [`driver::Connection::database`] will say of the connections to a URL.
    fn database_of(&self, run: &Run, url: &Url) -> Option<String> {
        let _ = (run, url);
        None
    }

    /// `default_isolation_level`: the one of a connection where nobody said another.
    fn default_isolation_level(&self) -> &'static str {
        "READ COMMITTED"
    }

    /// `get_isolation_level`: the one that the database has now.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` where the dialect can't tell.
    fn get_isolation_level(&self, dbapi: &dyn driver::Connection) -> Result<&'static str> {
        let _ = dbapi;
        Err(Error::new("NotImplementedError", ""))
    }

    /// `set_isolation_level`, to one of `isolation_level_values`.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` where the dialect can't.
    fn set_isolation_level(&self, dbapi: &dyn driver::Connection, level: &str) -> Result<()> {
        let _ = (dbapi, level);
        Err(Error::new("NotImplementedError", ""))
    }

    /// Why the database refused a statement, read from its driver's error, wrapped or not.
    fn refusal(&self, error: &Error) -> Option<Refusal> {
        let _ = error;
        None
    }

    /// What the driver is given for a value, after the type's bind processor.
    ///
    /// # Errors
    /// The driver's own for a value that it has no type for.
    fn driver_value(&self, value: &Literal) -> Result<Value> {
        standard_value(value).ok_or_else(|| {
            Error::new(
                "TypeError",
                format!("type '{}' is not supported", value.class_name()),
            )
        })
    }

    /// What the driver says of a value that [`driver_value`](Self::driver_value) refused, as the
    /// parameter of that name or number.
    fn binding_error(&self, error: Error, parameter: &str) -> Error {
        let _ = parameter;
        error
    }
}

/// Why a database refused a statement, where a program acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A column that must not be NULL would be.
    NotNull,
    /// The database has no such ALTER.
    Alter,
}

/// The value for what every driver has a type for.
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
