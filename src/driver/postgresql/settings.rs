//! Where a connection goes and how, from the arguments of `connect`, the environment, the service file
//! and the password file, as libpq reads them.

use ground::diagnostic::{Error, Result};
use ground::host::Host;
use ground::socket::{TlsAuthorities, TlsOptions, TlsVerification};
use std::time::Duration;

use super::PostgresDriver;
use super::errors::{finished, own};
use crate::{ConnectArguments, Value};

/// The settings of one connection.
#[derive(Clone)]
pub(super) struct Settings {
    /// A name, a number, or the folder of a Unix socket.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: Option<String>,
    pub(super) database: String,
    pub(super) connect_timeout: Option<Duration>,
    pub(super) encryption: Encryption,
    /// What the server is told at the start, besides user and database.
    pub(super) startup: Vec<(String, String)>,
}

/// Whether a connection over a network is encrypted (`sslmode`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    /// Never.
    Disabled,
    /// Where the server has it.
    Preferred(TlsOptions),
    /// Always.
    Required(TlsOptions),
    /// It was asked for, but what it takes is not there.
    Impossible(String),
}

/// Where Debian's server has its socket.
const SOCKET_FOLDER: &str = "/var/run/postgresql";

/// The places that a setting is looked for, in this order: the arguments, the service file, the
/// environment.
struct Sources<'a> {
    driver: PostgresDriver,
    arguments: &'a ConnectArguments,
    service: Vec<(String, String)>,
    host: &'a dyn Host,
}

impl Sources<'_> {
    /// A setting that is not empty.
    fn get(&self, names: &[&str], variable: &str) -> Option<String> {
        let argument = names.iter().find_map(|name| self.arguments.get(name));
        let argument = argument
            .filter(|value| !value.is_null())
            .map(Value::python_str);
        let in_service = || {
            let mut pairs = self.service.iter();
            pairs
                .find(|(name, _)| names.contains(&name.as_str()))
                .map(|(_, value)| value.clone())
        };
        let filled = |text: &String| !text.is_empty();
        argument
            .filter(filled)
            .or_else(|| in_service().filter(filled))
            .or_else(|| self.environment(variable).filter(filled))
    }

    /// A variable of libpq, which asyncpg reads, too, and pg8000 does not.
    fn environment(&self, variable: &str) -> Option<String> {
        if self.driver == PostgresDriver::Pg8000 {
            return None;
        }
        self.host.environment(variable)
    }

    /// A file in the person's home.
    fn home(&self, name: &str) -> Option<String> {
        let home = self.host.environment("HOME")?;
        Some(format!("{home}/{name}"))
    }

    fn failure(&self, text: String) -> Error {
        let text = match self.driver {
            PostgresDriver::Psycopg => format!("connection is bad: {text}"),
            driver => finished(driver, text),
        };
        own(self.driver, "OperationalError", text)
    }

    /// The settings of the service that is asked for.
    fn read_service(&mut self) -> Result<()> {
        let Some(name) = self.get(&["service"], "PGSERVICE") else {
            return Ok(());
        };
        let path = self
            .environment("PGSERVICEFILE")
            .or_else(|| self.home(".pg_service.conf"));
        let text = path
            .and_then(|path| self.host.read(&path).ok())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let mut found = false;
        for line in text.as_deref().unwrap_or_default().lines() {
            let line = line.trim();
            if let Some(section) = line.strip_prefix('[') {
                if found {
                    break;
                }
                found = section.strip_suffix(']') == Some(&name);
            } else if found
                && !line.starts_with('#')
                && let Some((key, value)) = line.split_once('=')
            {
                self.service
                    .push((key.trim().to_owned(), value.trim().to_owned()));
            }
        }
        if found {
            Ok(())
        } else {
            Err(self.failure(format!("definition of service \"{name}\" not found")))
        }
    }

    /// The password of the first line that fits in the password file.
    fn read_password(&self, wanted: [&str; 4]) -> Option<String> {
        let path = self
            .get(&["passfile"], "PGPASSFILE")
            .or_else(|| self.home(".pgpass"))?;
        let text = self.host.read(&path).ok()?;
        let text = String::from_utf8_lossy(&text).into_owned();
        text.lines().find_map(|line| {
            let mut fields = password_line(line).into_iter();
            let fits = wanted.iter().all(|wanted| {
                fields
                    .next()
                    .is_some_and(|field| field == "*" || field == *wanted)
            });
            fields.next().filter(|_| fits && !line.starts_with('#'))
        })
    }

    /// `sslmode` and what belongs to it.
    fn encryption(&self, server: &str) -> Result<Encryption> {
        let mode = match self.driver {
            PostgresDriver::Asyncpg => self.get(&["ssl", "sslmode"], "PGSSLMODE"),
            // It encrypts with a context that only Python code can make.
            PostgresDriver::Pg8000 => return Ok(Encryption::Disabled),
            _ => self.get(&["sslmode"], "PGSSLMODE"),
        };
        let mode = mode.as_deref().unwrap_or("prefer");
        let given = self.get(&["sslrootcert"], "PGSSLROOTCERT");
        let verification = match mode {
            "disable" | "allow" => return Ok(Encryption::Disabled),
            "prefer" | "require" => TlsVerification::None,
            "verify-ca" => TlsVerification::Authority,
            "verify-full" => TlsVerification::Full,
            other => {
                return Err(self.failure(format!("invalid sslmode value: \"{other}\"")));
            }
        };
        let path = given
            .clone()
            .or_else(|| self.home(".postgresql/root.crt"))
            .unwrap_or_default();
        let read = |path: &str| self.host.read(path).ok();
        let (authorities, verification) = match (given.as_deref(), read(&path)) {
            (Some("system"), _) if verification == TlsVerification::Full => {
                (TlsAuthorities::System, verification)
            }
            (Some("system"), _) => {
                return Err(self.failure(format!(
                    "weak sslmode \"{mode}\" may not be used with sslrootcert=system (use \
                     \"verify-full\")"
                )));
            }
            // A root certificate makes `require` look at the server's.
            (_, Some(pem)) if mode == "require" => {
                (TlsAuthorities::Pem(pem), TlsVerification::Authority)
            }
            (_, Some(pem)) => (TlsAuthorities::Pem(pem), verification),
            (_, None) if verification == TlsVerification::None => {
                (TlsAuthorities::System, verification)
            }
            (_, None) => {
                return Ok(Encryption::Impossible(format!(
                    "root certificate file \"{path}\" does not exist\nEither provide the file, use \
                     the system's trusted roots with sslrootcert=system, or change sslmode to \
                     disable server certificate verification."
                )));
            }
        };
        let pem = |name: &str, variable: &str, standard: &str| {
            self.get(&[name], variable)
                .or_else(|| self.home(standard))
                .and_then(|path| read(&path))
        };
        let certificate = pem("sslcert", "PGSSLCERT", ".postgresql/postgresql.crt");
        let key = pem("sslkey", "PGSSLKEY", ".postgresql/postgresql.key");
        let options = TlsOptions {
            host: server.to_owned(),
            verification,
            authorities,
            identity: certificate.zip(key),
        };
        Ok(match mode {
            "prefer" => Encryption::Preferred(options),
            _ => Encryption::Required(options),
        })
    }
}

/// The fields of a line of the password file, in which `\` makes the next character an ordinary one.
fn password_line(line: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => field.extend(characters.next()),
            ':' if fields.len() < 4 => fields.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    fields.push(field);
    fields
}

impl Settings {
    pub(super) fn read(
        driver: PostgresDriver,
        arguments: &ConnectArguments,
        host: &dyn Host,
    ) -> Result<Self> {
        let mut sources = Sources {
            driver,
            arguments,
            service: Vec::new(),
            host,
        };
        if matches!(driver, PostgresDriver::Psycopg | PostgresDriver::Psycopg2) {
            sources.read_service()?;
        }
        let user = sources
            .get(&["user"], "PGUSER")
            .or_else(|| host.environment("USER"))
            .or_else(|| host.environment("LOGNAME"))
            .unwrap_or_else(|| "postgres".to_owned());
        let port = match sources.get(&["port"], "PGPORT") {
            None => 5432,
            Some(text) => text
                .parse()
                .map_err(|_| sources.failure(format!("invalid port number: \"{text}\"")))?,
        };
        let server = sources
            .get(&["host"], "PGHOST")
            .unwrap_or_else(|| match driver {
                PostgresDriver::Pg8000 => "localhost".to_owned(),
                _ => SOCKET_FOLDER.to_owned(),
            });
        let database = sources
            .get(&["dbname", "database"], "PGDATABASE")
            .unwrap_or_else(|| user.clone());
        let mut startup = vec![("client_encoding".to_owned(), "UTF8".to_owned())];
        for (argument, variable) in [("application_name", "PGAPPNAME"), ("options", "PGOPTIONS")] {
            if let Some(value) = sources.get(&[argument], variable) {
                startup.push((argument.to_owned(), value));
            }
        }
        let seconds = sources
            .get(&["connect_timeout", "timeout"], "PGCONNECT_TIMEOUT")
            .and_then(|text| text.trim().parse::<f64>().ok())
            .filter(|seconds| *seconds > 0.0 && *seconds < 1e9);
        let password = sources.get(&["password"], "PGPASSWORD").or_else(|| {
            let named = if server == SOCKET_FOLDER {
                "localhost"
            } else {
                &server
            };
            sources.read_password([named, &port.to_string(), &database, &user])
        });
        Ok(Settings {
            encryption: sources.encryption(&server)?,
            host: server,
            port,
            password,
            database,
            user,
            connect_timeout: seconds.map(Duration::from_secs_f64),
            startup,
        })
    }

    /// The same, to another database of the server.
    #[cfg(not(target_family = "wasm"))]
    pub(super) fn with_database(&self, database: &str) -> Self {
        Settings {
            database: database.to_owned(),
            ..self.clone()
        }
    }

    /// Whether both lead to the same server.
    #[cfg(not(target_family = "wasm"))]
    pub(super) fn same_server(&self, other: &Settings) -> bool {
        (&self.host, self.port) == (&other.host, other.port)
    }

    /// The server in words.
    #[cfg(not(target_family = "wasm"))]
    pub(super) fn shown_server(&self) -> String {
        format!("{}:{}", self.host, self.port)
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

#[cfg(test)]
mod tests {
    use super::{PostgresDriver, Settings};
    use crate::ConnectArguments;
    use ground::host::{Host, MemoryHost};

    #[test]
    fn a_password_is_found_by_the_first_line_that_fits() {
        let host = MemoryHost::new("/home");
        host.set_environment("HOME", Some("/home"));
        let lines = "# note\nother:*:*:*:no\ndb\\:1:5433:*:me:a\\:b:c\n*:*:*:*:last\n";
        host.write("/home/.pgpass", lines.as_bytes())
            .expect("a file");
        let password = |server: &str, port: i64| {
            let arguments = ConnectArguments::new()
                .with("host", server)
                .with("port", port)
                .with("user", "me");
            Settings::read(PostgresDriver::Psycopg, &arguments, &host)
                .expect("settings")
                .password
        };
        assert_eq!(password("db:1", 5433).as_deref(), Some("a:b:c"));
        assert_eq!(password("db:1", 5432).as_deref(), Some("last"));
    }

    #[test]
    fn a_service_stands_between_arguments_and_environment() {
        let host = MemoryHost::new("/home");
        host.set_environment("HOME", Some("/home"));
        host.set_environment("PGSERVICE", Some("mine"));
        host.set_environment("PGUSER", Some("variable"));
        host.set_environment("PGDATABASE", Some("variable"));
        let text = "[other]\nuser=no\n[mine]\nhost = db\nuser=service\nport=6000\n";
        host.write("/home/.pg_service.conf", text.as_bytes())
            .expect("a file");
        let arguments = ConnectArguments::new().with("port", 7000_i64);
        let settings =
            Settings::read(PostgresDriver::Psycopg, &arguments, &host).expect("settings");
        assert_eq!(settings.host, "db");
        assert_eq!(settings.user, "service");
        assert_eq!(settings.port, 7000);
        assert_eq!(settings.database, "variable");
    }
}
