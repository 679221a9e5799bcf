//! Connections that are not made and those that are lost, in the words of each driver.

use super::PostgresDriver;
use super::errors::{Report, finished, own};
use super::settings::Settings;
use ground::diagnostic::Error;
use ground::socket::SocketError;

/// Why there is no connection.
pub(super) struct ConnectFailure {
    pub(super) error: Error,
    /// The same in libpq's words.
    pub(super) text: String,
    /// Whether it was refused on an encrypted stream.
    pub(super) encrypted: bool,
}

impl ConnectFailure {
    /// The error that tells of both, one after the other.
    pub(super) fn after(self, first: ConnectFailure) -> Error {
        let mut error = first.error;
        if error.class.starts_with("psycopg") {
            let message = error.message.trim_end_matches('\n');
            let end = &error.message[message.len()..];
            error.message = format!("{message}\n{}{end}", self.text);
        }
        error
    }
}

/// Why a session did not start.
pub(super) enum StartFailure {
    Report(Report),
    Other(String),
}

/// Where the server is, as libpq says it.
pub(super) fn server(driver: PostgresDriver, settings: &Settings, peer: Option<&str>) -> String {
    if settings.is_unix() {
        return format!(
            "connection to server on socket \"{}\" failed: ",
            settings.socket_path()
        );
    }
    let (host, port) = (&settings.host, settings.port);
    match peer {
        Some(peer) if peer != host && driver == PostgresDriver::Psycopg => {
            format!("connection to server at \"{peer}\", port {port} failed: ")
        }
        Some(peer) if peer != host => {
            format!("connection to server at \"{host}\" ({peer}), port {port} failed: ")
        }
        _ => format!("connection to server at \"{host}\", port {port} failed: "),
    }
}

pub(super) fn not_connected(driver: PostgresDriver, text: &str) -> Error {
    let text = match driver {
        PostgresDriver::Psycopg => format!("connection failed: {text}"),
        _ => finished(driver, text.to_owned()),
    };
    own(driver, "OperationalError", text)
}

/// The error of a server that can't be reached.
pub(super) fn refused(driver: PostgresDriver, settings: &Settings, error: &SocketError) -> Error {
    let (host, port) = (&settings.host, settings.port);
    match (error, driver) {
        (SocketError::Unavailable(why), _) => Error::unsupported(format!(
            "This program can't connect to PostgreSQL at {host}, port {port}: {why}."
        ))
        .with_hint(
            "Run the command with --sql to see the statements for that database, or use a \
             sqlite:/// URL.",
        ),
        (_, PostgresDriver::Asyncpg) => match error {
            SocketError::Refused { address, .. } => Error::new(
                "ConnectionRefusedError",
                format!(
                    "[Errno 111] Connect call failed ('{}', {port})",
                    address.as_deref().unwrap_or(host)
                ),
            ),
            SocketError::UnknownHost(text) => {
                Error::new("socket.gaierror", format!("[Errno -2] {text}"))
            }
            SocketError::TimedOut => Error::new("TimeoutError", ""),
            other => Error::new("OSError", other.to_string()),
        },
        (_, PostgresDriver::Pg8000) => own(
            driver,
            "InterfaceError",
            format!(
                "Can't create a connection to host {host} and port {port} (timeout is None and \
                 source_address is None)."
            ),
        ),
        (SocketError::UnknownHost(text), PostgresDriver::Psycopg) => own(
            driver,
            "OperationalError",
            format!("failed to resolve host '{host}': [Errno -2] {text}"),
        ),
        (SocketError::UnknownHost(text), _) => own(
            driver,
            "OperationalError",
            format!("could not translate host name \"{host}\" to address: {text}\n"),
        ),
        (SocketError::Refused { address, message }, _) => {
            let question = if settings.is_unix() {
                "Is the server running locally and accepting connections on that socket?"
            } else {
                "Is the server running on that host and accepting TCP/IP connections?"
            };
            let place = server(driver, settings, address.as_deref());
            let text = format!("{place}{message}\n\t{question}");
            let text = match driver {
                PostgresDriver::Psycopg if settings.is_unix() => {
                    format!("connection is bad: {text}")
                }
                PostgresDriver::Psycopg => format!("connection failed: {text}"),
                _ => finished(driver, text),
            };
            own(driver, "OperationalError", text)
        }
        (SocketError::TimedOut, PostgresDriver::Psycopg) => own(
            driver,
            "errors.ConnectionTimeout",
            "connection timeout expired",
        ),
        (other, _) => {
            let place = server(driver, settings, None);
            not_connected(driver, &format!("{place}{other}"))
        }
    }
}

/// The error of a server that went away: what it said last, and that it has gone.
pub(super) fn lost(driver: PostgresDriver, error: &SocketError, report: Option<&Report>) -> Error {
    const GONE: &str = "server closed the connection unexpectedly\n\tThis probably means the server \
                        terminated abnormally\n\tbefore or while processing the request.";
    let gone = match error {
        SocketError::Closed => GONE.to_owned(),
        other => other.to_string(),
    };
    match (driver, report) {
        (PostgresDriver::Psycopg2, Some(report)) => {
            let mut error = report.error(driver, None);
            error.message = finished(driver, format!("{}\n{gone}", report.text(None)));
            error
        }
        (_, Some(report)) => report.error(driver, None),
        (PostgresDriver::Psycopg, None) => own(
            driver,
            "OperationalError",
            format!("consuming input failed: {gone}"),
        ),
        (PostgresDriver::Psycopg2, None) => own(driver, "OperationalError", finished(driver, gone)),
        (PostgresDriver::Asyncpg, None) => own(
            driver,
            "InterfaceError",
            "<class 'asyncpg.exceptions.ConnectionDoesNotExistError'>: connection was closed in the \
             middle of operation",
        ),
        (PostgresDriver::Pg8000, None) => own(driver, "InterfaceError", "network error"),
    }
}
