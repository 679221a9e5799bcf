//! Where a connection goes and how, from the arguments of `connect` and the environment.

use ground::diagnostic::Result;
use ground::host::Host;
use std::time::Duration;

use super::PostgresDriver;
use super::errors::{finished, own};
use crate::{ConnectArguments, Value};

/// The settings of one connection.
pub(super) struct Settings {
    /// A name, a number, or the folder of a Unix socket.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: Option<String>,
    pub(super) database: String,
    pub(super) connect_timeout: Option<Duration>,
    /// What the server is told at the start, besides user and database.
    pub(super) startup: Vec<(String, String)>,
}

/// Where Debian's server has its socket.
const SOCKET_FOLDER: &str = "/var/run/postgresql";

impl Settings {
    pub(super) fn read(
        driver: PostgresDriver,
        arguments: &ConnectArguments,
        host: &dyn Host,
    ) -> Result<Self> {
        // libpq's own drivers read its environment; asyncpg reads most of it, too.
        let environment = |name: &str| {
            (driver != PostgresDriver::Pg8000)
                .then(|| host.environment(name))
                .flatten()
        };
        let given = |names: &[&str], variable: &str| {
            let argument = names.iter().find_map(|name| arguments.get(name));
            argument
                .filter(|value| !value.is_null())
                .map(Value::python_str)
                .filter(|text| !text.is_empty())
                .or_else(|| environment(variable).filter(|text| !text.is_empty()))
        };
        let user = given(&["user"], "PGUSER")
            .or_else(|| host.environment("USER"))
            .or_else(|| host.environment("LOGNAME"))
            .unwrap_or_else(|| "postgres".to_owned());
        let port = match given(&["port"], "PGPORT") {
            None => 5432,
            Some(text) => text.parse().map_err(|_| {
                own(
                    driver,
                    "OperationalError",
                    finished(driver, format!("invalid port number: \"{text}\"")),
                )
            })?,
        };
        let mut startup = vec![("client_encoding".to_owned(), "UTF8".to_owned())];
        for (argument, variable) in [("application_name", "PGAPPNAME"), ("options", "PGOPTIONS")] {
            if let Some(value) = given(&[argument], variable) {
                startup.push((argument.to_owned(), value));
            }
        }
        let seconds = given(&["connect_timeout", "timeout"], "PGCONNECT_TIMEOUT")
            .and_then(|text| text.trim().parse::<f64>().ok())
            .filter(|seconds| *seconds > 0.0);
        Ok(Settings {
            host: given(&["host"], "PGHOST").unwrap_or_else(|| match driver {
                PostgresDriver::Pg8000 => "localhost".to_owned(),
                _ => SOCKET_FOLDER.to_owned(),
            }),
            port,
            password: given(&["password"], "PGPASSWORD"),
            database: given(&["dbname", "database"], "PGDATABASE").unwrap_or_else(|| user.clone()),
            user,
            connect_timeout: seconds.map(Duration::from_secs_f64),
            startup,
        })
    }

    /// Whether it goes over a Unix socket.
    pub(super) fn is_unix(&self) -> bool {
        self.host.starts_with('/')
    }

    /// The path of the Unix socket.
    pub(super) fn socket_path(&self) -> String {
        format!("{}/.s.PGSQL.{}", self.host, self.port)
    }
}
