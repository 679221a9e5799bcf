//! Connections of PostgreSQL's drivers: URLs, isolation levels, values.

use super::PGDialect;
use super::image::{self, PostgreSQLImages};
use super::locks;
use super::reflection::PGReflection;
use crate::engine::dialect::{EngineDialect, Initialized};
use crate::engine::{TableState, Url, native_value};
use crate::image::Images;
use crate::inspector::Reflection;
use crate::literal::Literal;
use driver::postgresql::PostgresConnection;
use driver::{self, ConnectArguments, Connection, Parameters, Value};
use ground::diagnostic::{Error, Result};
use ground::run::Run;
use std::rc::Rc;

impl EngineDialect for PGDialect {
    fn reflection(&self) -> Option<Box<dyn Reflection>> {
        Some(Box::new(PGReflection::default()))
    }

    fn images(&self) -> Option<&'static dyn Images> {
        Some(&PostgreSQLImages)
    }

    fn database_of(&self, run: &Run, url: &Url) -> Option<String> {
        let name = url.database.as_deref().or(url.username.as_deref());
        image::name_on(&*run.host, name.unwrap_or("postgres"))
    }

    fn title(&self) -> &'static str {
        "PostgreSQL"
    }

    fn class_name(&self) -> &'static str {
        "PGDialect_psycopg"
    }

    fn asynchronous_drivers(&self) -> &'static [&'static str] {
        &["asyncpg", "psycopg", "psycopg_async"]
    }

    fn drivers(&self) -> &'static [&'static str] {
        &[
            "psycopg",
            "psycopg2",
            "asyncpg",
            "pg8000",
            "psycopg2cffi",
            "psycopg_async",
        ]
    }

    fn create_connect_args(&self, _run: &Run, url: &Url) -> Result<ConnectArguments> {
        let database = match url.get_driver_name()? {
            "asyncpg" | "pg8000" => "database",
            _ => "dbname",
        };
        let mut arguments = ConnectArguments::new();
        let parts = [
            ("host", &url.host),
            (database, &url.database),
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

    fn initialize(&self, dbapi: &dyn Connection) -> Initialized {
        let version = PostgresConnection::of(dbapi)
            .and_then(|connection| connection.parameter("server_version"));
        // "15.18 (Debian …)", "18beta1".
        let mut numbers = version
            .as_deref()
            .unwrap_or_default()
            .split(|character: char| !character.is_ascii_digit())
            .map_while(|digits| digits.parse().ok());
        let version = numbers.next().map(|major| {
            let (minor, patch) = (numbers.next(), numbers.next());
            (major, minor.unwrap_or(0), patch.unwrap_or(0))
        });
        const ASKED: &[&str] = &[
            "select pg_catalog.version()",
            "select current_schema()",
            "show standard_conforming_strings",
        ];
        let schema = dbapi
            .execute("select current_schema()", &Parameters::NONE)
            .ok()
            .and_then(|found| found.rows.first()?.first()?.as_str().map(Rc::from));
        // What fails here fails again, and is told, with the first statement of the project.
        let _ = dbapi.rollback();
        Initialized {
            version,
            default_schema_name: schema,
            asked: ASKED,
        }
    }

    fn table_states(&self, dbapi: &dyn Connection) -> Option<Vec<TableState>> {
        locks::table_states(dbapi)
    }

    fn get_isolation_level(&self, dbapi: &dyn Connection) -> Result<&'static str> {
        let begun = dbapi.in_transaction();
        let cursor = dbapi.execute("show transaction isolation level", &Parameters::NONE)?;
        if !begun {
            dbapi.rollback()?;
        }
        let level = cursor.rows.first().and_then(|row| row.first());
        Ok(match level.and_then(Value::as_str) {
            Some("serializable") => "SERIALIZABLE",
            Some("repeatable read") => "REPEATABLE READ",
            Some("read uncommitted") => "READ UNCOMMITTED",
            _ => "READ COMMITTED",
        })
    }

    fn set_isolation_level(&self, dbapi: &dyn Connection, level: &str) -> Result<()> {
        let Some(connection) = PostgresConnection::of(dbapi) else {
            return Ok(());
        };
        connection.set_autocommit(level == "AUTOCOMMIT")?;
        connection.set_isolation_level(match level {
            "SERIALIZABLE" => Some("SERIALIZABLE"),
            "REPEATABLE READ" => Some("REPEATABLE READ"),
            "READ UNCOMMITTED" => Some("READ UNCOMMITTED"),
            "READ COMMITTED" => Some("READ COMMITTED"),
            _ => None,
        });
        Ok(())
    }

    fn driver_value(&self, driver: &str, value: &Literal) -> Result<Value> {
        native_value(value).ok_or_else(|| {
            let name = value.class_name();
            match driver {
                "psycopg2" | "psycopg2cffi" => Error::new(
                    "psycopg2.ProgrammingError",
                    format!("can't adapt type '{name}'"),
                ),
                _ => Error::new(
                    "psycopg.ProgrammingError",
                    format!("cannot adapt type '{name}' using placeholder '%s' (format: AUTO)"),
                ),
            }
        })
    }
}
