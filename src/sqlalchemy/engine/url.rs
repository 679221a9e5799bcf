//! Database URLs, as `sqlalchemy.engine.url`.

use crate::exc;
use ground::order::InOrder;
use std::fmt;
use std::rc::Rc;
use std::sync::LazyLock;

use ground::hash::IndexMap;
use ground::regex::{Regex, flags};

use super::dialect::EngineDialect;
use crate::dialects::{Dialect, registered};
use ground::diagnostic::{Error, Result};

/// A parsed database URL; `sqlalchemy.engine.URL`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// Dialect and driver, such as `sqlite` or `postgresql+psycopg`.
    pub drivername: String,
    /// User name.
    pub username: Option<String>,
    /// Password.
    pub password: Option<String>,
    /// Host.
    pub host: Option<String>,
    /// Port.
    pub port: Option<i64>,
    /// Database, for SQLite the path of its file.
    pub database: Option<String>,
    /// Query arguments; a repeated name has several values.
    pub query: IndexMap<String, Vec<String>>,
}

static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::constant(
        r"^
        (?P<name>[\w\+]+)://
        (?:
            (?P<username>[^:/]*)
            (?::(?P<password>[^@]*))?
        @)?
        (?:
            (?:
                \[(?P<ipv6host>[^/\?]+)\] |
                (?P<ipv4host>[^/:\?]+)
            )?
            (?::(?P<port>[^/\?]*))?
        )?
        (?:/(?P<database>[^\?]*))?
        (?:\?(?P<query>[^\n]*))?",
        flags::VERBOSE | flags::DOTALL,
    )
});

/// `sqlalchemy.engine.make_url` of a string.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for what is no URL, `ValueError` for a port that is no number.
pub fn make_url(text: &str) -> Result<Url> {
    let Some(parts) = PATTERN.captures(text) else {
        return Err(Error::new(
            exc::ARGUMENT_ERROR,
            "Could not parse SQLAlchemy URL from given URL string",
        ));
    };
    let part = |name: &str| parts.name(name).map(|found| found.as_str());
    let port = match part("port") {
        None | Some("") => None,
        Some(digits) => Some(digits.trim().replace('_', "").parse().map_err(|_| {
            Error::new(
                "ValueError",
                format!(
                    "invalid literal for int() with base 10: {}",
                    ground::formatting::repr::string_repr(digits)
                ),
            )
        })?),
    };
    let mut query: IndexMap<String, Vec<String>> = IndexMap::default();
    for pair in part("query").unwrap_or_default().split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if value.is_empty() {
            continue;
        }
        query
            .entry(unquote(&name.replace('+', " ")))
            .or_default()
            .push(unquote(&value.replace('+', " ")));
    }
    Ok(Url {
        drivername: part("name").unwrap_or_default().to_owned(),
        username: part("username").map(unquote),
        password: part("password").map(unquote),
        host: part("ipv4host")
            .or(part("ipv6host"))
            .filter(|host| !host.is_empty())
            .map(str::to_owned),
        port,
        database: part("database").map(unquote),
        query,
    })
}

/// `urllib.parse.unquote`.
fn unquote(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let hex = |index: usize| bytes.get(index).and_then(|&b| (b as char).to_digit(16));
    let mut index = 0;
    while index < bytes.len() {
        match (bytes[index], hex(index + 1), hex(index + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                index += 3;
            }
            (byte, ..) => {
                out.push(byte);
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// `urllib.parse.quote` with the given safe characters.
fn quote(text: &str, safe: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric()
            || b"_.-~".contains(&byte)
            || (byte.is_ascii() && safe.as_bytes().contains(&byte))
        {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

impl Url {
    /// The URL as text, with the password shown or masked as `***`.
    pub fn render_as_string(&self, hide_password: bool) -> String {
        let mut out = format!("{}://", self.drivername);
        if let Some(username) = &self.username {
            out.push_str(&quote(username, " +"));
            if let Some(password) = &self.password {
                out.push(':');
                if hide_password {
                    out.push_str("***");
                } else {
                    out.push_str(&quote(password, " +"));
                }
            }
            out.push('@');
        }
        if let Some(host) = &self.host {
            if host.contains(':') {
                out.push_str(&format!("[{host}]"));
            } else {
                out.push_str(host);
            }
        }
        if let Some(port) = self.port {
            out.push_str(&format!(":{port}"));
        }
        if let Some(database) = &self.database {
            out.push('/');
            out.push_str(&quote(database, " +/"));
        }
        if !self.query.is_empty() {
            let mut names: Vec<&String> = self.query.keys().collect();
            names.in_order();
            let plus = |text: &str| quote(text, " ").replace(' ', "+");
            let pairs: Vec<String> = names
                .into_iter()
                .flat_map(|name| {
                    self.query[name]
                        .iter()
                        .map(move |value| format!("{}={}", plus(name), plus(value)))
                })
                .collect();
            out.push('?');
            out.push_str(&pairs.join("&"));
        }
        out
    }

    /// The dialect's name: the part before the `+`.
    pub fn get_backend_name(&self) -> &str {
        self.drivername
            .split_once('+')
            .map_or(self.drivername.as_str(), |(backend, _)| backend)
    }

    /// The driver's name: the part after the `+`, or the dialect's default.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchModuleError` for an unknown dialect.
    pub fn get_driver_name(&self) -> Result<&str> {
        match self.drivername.split_once('+') {
            Some((_, driver)) => Ok(driver),
            None => self
                .drivers()
                .first()
                .copied()
                .ok_or_else(|| self.no_such_module()),
        }
    }

    /// Whether SQLAlchemy knows the dialect and the driver.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchModuleError` if not.
    pub fn check_dialect(&self) -> Result<()> {
        let drivers = self.drivers();
        let known = match self.drivername.split_once('+') {
            None => !drivers.is_empty(),
            Some((_, driver)) => drivers.contains(&driver),
        };
        if known {
            Ok(())
        } else {
            Err(self.no_such_module())
        }
    }

    /// `get_dialect()`.
    pub fn get_dialect(&self) -> Dialect {
        let dialect = Dialect::named(self.get_backend_name());
        match self.drivername.split_once('+') {
            Some((_, driver)) => dialect.with_driver(driver),
            None => dialect,
        }
    }

    /// The drivers of its dialect, the default one first.
    fn drivers(&self) -> &'static [&'static str] {
        registered(self.get_backend_name()).map_or(&[], EngineDialect::drivers)
    }

    fn no_such_module(&self) -> Error {
        Error::new(
            exc::NO_SUCH_MODULE_ERROR,
            format!(
                "Can't load plugin: sqlalchemy.dialects:{}",
                self.drivername.replacen('+', ".", 1)
            ),
        )
    }

    /// A query argument's first value.
    pub fn argument(&self, name: &str) -> Option<&str> {
        self.query
            .get(name)
            .and_then(|values| values.first())
            .map(String::as_str)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render_as_string(true))
    }
}

/// A shared URL.
pub type SharedUrl = Rc<Url>;

#[cfg(test)]
mod tests {
    use super::make_url;

    #[test]
    fn urls_are_read_and_written_as_sqlalchemy_does() {
        let url = make_url("postgresql+psycopg2://scott:ti%20g%2Fer@[::1]:5432/db?x=1&y=2&x=3")
            .expect("parses");
        assert_eq!(url.password.as_deref(), Some("ti g/er"));
        assert_eq!(url.host.as_deref(), Some("::1"));
        assert_eq!(
            url.to_string(),
            "postgresql+psycopg2://scott:***@[::1]:5432/db?x=1&x=3&y=2"
        );
        assert_eq!(
            url.render_as_string(false),
            "postgresql+psycopg2://scott:ti g%2Fer@[::1]:5432/db?x=1&x=3&y=2"
        );
        let url = make_url("mysql://u:p@ss@h:12/d").expect("parses");
        assert_eq!(
            (url.password.as_deref(), url.host.as_deref(), url.port),
            (Some("p"), Some("ss@h"), Some(12))
        );
        assert_eq!(
            make_url("sqlite:///C:/a?mode=ro&uri=true")
                .expect("parses")
                .to_string(),
            "sqlite:///C%3A/a?mode=ro&uri=true"
        );
        assert!(make_url("app.db").is_err());
        assert_eq!(
            make_url("x://h:p/d").expect_err("no port").message,
            "invalid literal for int() with base 10: 'p'"
        );
    }
}
