//! The pysqlite dialect's URLs, pools, isolation levels and value conversion.

use crate::exc;
use ground::order::InOrder;

use super::SQLiteDialect;
use super::image::SQLiteImages;
use super::reflection::SQLiteReflection;
use crate::engine::dialect::{EngineDialect, Refusal};
use crate::engine::native_value;
use crate::engine::{PoolClass, Url};
use crate::image::Images;
use crate::inspector::Reflection;
use crate::literal::Literal;
use driver::sqlite::{self, Sqlite3Connection};
use driver::{self, ConnectArguments, Connection, DriverObject, Parameters, Value};
use ground::diagnostic::{Error, Result};
use ground::host::absolute_path;
use ground::run::Run;

impl EngineDialect for SQLiteDialect {
    fn reflection(&self) -> Option<Box<dyn Reflection>> {
        Some(Box::new(SQLiteReflection::default()))
    }

    fn images(&self) -> Option<&'static dyn Images> {
        Some(&SQLiteImages)
    }

    fn database_of(&self, run: &Run, url: &Url) -> Option<String> {
        let path = url.database.as_deref().filter(|_| is_file_database(url))?;
        Some(absolute_path(&run.host.current_directory(), path))
    }

    fn title(&self) -> &'static str {
        "SQLite"
    }

    fn class_name(&self) -> &'static str {
        "SQLiteDialect_pysqlite"
    }

    fn asynchronous_drivers(&self) -> &'static [&'static str] {
        &["aiosqlite"]
    }

    fn drivers(&self) -> &'static [&'static str] {
        sqlite::NAMES
    }

    fn create_connect_args(&self, run: &Run, url: &Url) -> Result<ConnectArguments> {
        connect_arguments(run, url)
    }

    fn get_pool_class(&self, url: &Url) -> PoolClass {
        if is_file_database(url) {
            PoolClass::QueuePool
        } else {
            PoolClass::SingletonThreadPool
        }
    }

    fn default_isolation_level(&self) -> &'static str {
        "SERIALIZABLE"
    }

    fn get_isolation_level(&self, dbapi: &dyn Connection) -> Result<&'static str> {
        let cursor = dbapi.execute("PRAGMA read_uncommitted", &Parameters::NONE)?;
        Ok(match cursor.rows.first().and_then(|row| row.first()) {
            Some(Value::Integer(1)) => "READ UNCOMMITTED",
            _ => "SERIALIZABLE",
        })
    }

    fn set_isolation_level(&self, dbapi: &dyn Connection, level: &str) -> Result<()> {
        let begin = (level != "AUTOCOMMIT").then_some("");
        if let Some(connection) = Sqlite3Connection::of(dbapi) {
            connection.set_isolation_level(begin)?;
        }
        if begin.is_none() {
            return Ok(());
        }
        let uncommitted = u8::from(level == "READ UNCOMMITTED");
        dbapi
            .execute(
                &format!("PRAGMA read_uncommitted = {uncommitted}"),
                &Parameters::NONE,
            )
            .map(drop)
    }

    fn refusal(&self, error: &Error) -> Option<Refusal> {
        refusal(error)
    }

    fn driver_value(&self, _driver: &str, value: &Literal) -> Result<Value> {
        driver_value(value)
    }

    fn binding_error(&self, error: Error, parameter: &str) -> Error {
        binding_error(error, parameter)
    }
}

/// The error of `sqlite3` for a value rejected by [`driver_value`].
pub fn binding_error(error: Error, parameter: &str) -> Error {
    if error.class == "OverflowError" {
        return error;
    }
    Error::new(
        sqlite::exc::PROGRAMMING_ERROR,
        format!("Error binding parameter {parameter}: {}", error.message),
    )
}

/// A value as `sqlite3` takes it, which says itself what it has no type for.
///
/// # Errors
/// `sqlite3.ProgrammingError` for a value that no driver knows.
pub fn driver_value(value: &Literal) -> Result<Value> {
    match value {
        Literal::Dictionary(_) => Ok(Value::Object(DriverObject {
            class: "dict",
            text: "".into(),
            repr: value.python_repr().into(),
        })),
        Literal::Enum(_) => Err(no_type(value)),
        other => native_value(other).ok_or_else(|| no_type(other)),
    }
}

fn no_type(value: &Literal) -> Error {
    Error::new(
        sqlite::exc::PROGRAMMING_ERROR,
        format!("type '{}' is not supported", value.class_name()),
    )
}

/// SQLite has few error codes for rejected statements; the rest is in its messages.
fn refusal(error: &Error) -> Option<Refusal> {
    /// For statements that it cannot parse, and for DROP COLUMN.
    const ALTER: [&str; 6] = [
        "near \"ALTER\"",
        "near \"CONSTRAINT\"",
        "near \"DROP\"",
        "near \"ADD\"",
        "after drop column",
        "cannot drop",
    ];
    // A wrapped error also contains the statement; look at SQLite's own message.
    let message = match &error.cause {
        Some(cause) => &cause.message,
        None => &error.message,
    };
    if message.contains("NOT NULL") {
        return Some(Refusal::NotNull);
    }
    let alter = ALTER.iter().any(|words| message.contains(words));
    alter.then_some(Refusal::Alter)
}

/// Whether a URL refers to a file rather than an in-memory database.
fn is_file_database(url: &Url) -> bool {
    url.database
        .as_deref()
        .is_some_and(|database| !database.is_empty() && database != ":memory:")
        && url.argument("mode") != Some("memory")
}

/// The arguments of `sqlite3.connect` for a URL.
fn connect_arguments(run: &Run, url: &Url) -> Result<ConnectArguments> {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
    if given(&url.username)
        || given(&url.password)
        || given(&url.host)
        || url.port.unwrap_or(0) != 0
    {
        return Err(Error::new(
            exc::ARGUMENT_ERROR,
            format!(
                "Invalid SQLite URL: {url}\n\
                 Valid SQLite URL forms are:\n \
                 sqlite:///:memory: (or, sqlite://)\n \
                 sqlite:///relative/path/to/file.db\n \
                 sqlite:////absolute/path/to/file.db"
            ),
        ));
    }
    const OPTIONS: [&str; 6] = [
        "uri",
        "timeout",
        "isolation_level",
        "detect_types",
        "check_same_thread",
        "cached_statements",
    ];
    let uri = match url.argument("uri") {
        None => false,
        Some(text) => boolean(text)?,
    };
    let timeout = match url.argument("timeout") {
        None => None,
        Some(text) => Some(text.trim().parse::<f64>().map_err(|_| {
            Error::new(
                "ValueError",
                format!(
                    "could not convert string to float: {}",
                    ground::formatting::repr::string_repr(text)
                ),
            )
        })?),
    };
    let mut others: Vec<&String> = url
        .query
        .keys()
        .filter(|name| !OPTIONS.contains(&name.as_str()))
        .collect();
    others.in_order();
    let database = if uri {
        let mut file = url.database.clone().unwrap_or_default();
        if !others.is_empty() {
            let pairs: Vec<String> = others
                .iter()
                .map(|name| format!("{name}={}", url.argument(name).unwrap_or_default()))
                .collect();
            file = format!("{file}?{}", pairs.join("&"));
        }
        file
    } else {
        if !others.is_empty() {
            let names: Vec<String> = others.iter().map(|name| format!("'{name}'")).collect();
            run.warning(
                "SAWarning",
                &format!(
                    "Query string argument(s) {} are not accepted by the pysqlite driver and \
                     are being ignored; SQLite URI arguments require that 'uri=true' also be \
                     present in the URL. (Background on this warning at: \
                     https://sqlalche.me/e/21/squa)",
                    names.join(", ")
                ),
            );
        }
        match url.database.as_deref() {
            None | Some("" | ":memory:") => ":memory:".to_owned(),
            Some(path) => absolute_path(&run.host.current_directory(), path),
        }
    };
    let mut arguments = ConnectArguments::new()
        .with("database", database)
        .with("uri", uri);
    if let Some(timeout) = timeout {
        arguments.set("timeout", timeout.into());
    }
    if let Some(level) = url.argument("isolation_level") {
        arguments.set("isolation_level", level.into());
    }
    Ok(arguments)
}

/// `sqlalchemy.util.asbool`.
fn boolean(text: &str) -> Result<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "t" | "1" => Ok(true),
        "false" | "no" | "off" | "n" | "f" | "0" => Ok(false),
        other => Err(Error::new(
            "ValueError",
            format!(
                "String is not true/false: {}",
                ground::formatting::repr::string_repr(other)
            ),
        )),
    }
}
