//! A connection: begins transactions as Python's drivers do, sends statements, collects their rows.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use fallible_iterator::FallibleIterator;
use postgres_protocol::IsNull;
use postgres_protocol::message::backend::{DataRowBody, Message, RowDescriptionBody};
use postgres_protocol::message::frontend;

use super::PostgresDriver;
use super::authentication::{Exchange, answer};
use super::decode::decode;
use super::encode::{Encoded, encode};
use super::errors::{Report, own};
use super::failures::{ConnectFailure, StartFailure, lost, not_connected, refused, server};
use super::literals::interpolated;
use super::placeholders::{Converted, convert};
use super::settings::{Encryption, Settings};
use super::wire::Wire;
use crate::{ConnectArguments, Connection, Cursor, Parameters, Value};
use ground::diagnostic::{Error, Result};
use ground::host::DatabasePlace;
use ground::logging::Level;
use ground::run::Run;
use ground::socket::{ServerAddress, SocketError};

/// How often a waiting connection asks whether the run was cancelled.
const TICK: Duration = Duration::from_millis(100);
/// Sets of parameters that are sent before their answers are read.
const BATCH: usize = 500;

/// Where a connection stands, as the server told it last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// No transaction.
    Idle,
    /// A transaction.
    InTransaction,
    /// A transaction in which a statement failed.
    Failed,
}

/// A connection of psycopg, psycopg2, asyncpg or pg8000.
pub struct PostgresConnection {
    run: Run,
    driver: PostgresDriver,
    address: ServerAddress,
    /// The database's name on a host that holds it.
    name: Option<Rc<str>>,
    wire: RefCell<Option<Wire>>,
    status: Cell<Status>,
    autocommit: Cell<bool>,
    isolation_level: Cell<Option<&'static str>>,
    /// The server's settings that it tells of itself, such as `server_version` and `TimeZone`.
    parameters: RefCell<Vec<(String, String)>>,
    /// What a request to cancel a statement must show.
    key: Cell<(i32, i32)>,
    /// Set when the server went away.
    lost: Cell<bool>,
}

/// The columns of a result.
struct Columns {
    names: Rc<[Rc<str>]>,
    /// The object ids of their types.
    types: Vec<u32>,
}

/// A statement's answer while it arrives.
#[derive(Default)]
struct Answer {
    cursors: Vec<Cursor>,
    columns: Option<Columns>,
    rows: Vec<Vec<Value>>,
    failure: Option<Report>,
    /// Something that the driver can't do, such as COPY.
    refused: Option<&'static str>,
}

impl PostgresConnection {
    pub(super) fn open(
        run: &Run,
        driver: PostgresDriver,
        arguments: &ConnectArguments,
    ) -> Result<Self> {
        let settings = Settings::read(driver, arguments, &*run.host)?;
        let name = format!("postgresql:///{}", settings.database);
        let named = |mut connection: Self| {
            let held = run.host.database(&name) == DatabasePlace::Memory;
            connection.name = held.then(|| name.as_str().into());
            connection
        };
        let shown = Rc::new(settings);
        let settings = run
            .host
            .server_settings(&name, shown.clone())
            .map_err(|error| refused(driver, &shown, &error))?;
        let mut settings = match settings.downcast::<Settings>() {
            Ok(settings) => Settings::clone(&settings),
            Err(_) => Settings::clone(&shown),
        };
        let failure = match Self::attempt(run, driver, &settings) {
            Ok(connection) => return Ok(named(connection)),
            Err(failure) => failure,
        };
        // As libpq does, a server that refuses an encrypted session is asked for another one.
        if failure.refused_encrypted && matches!(settings.encryption, Encryption::Preferred(_)) {
            settings.encryption = Encryption::Disabled;
            return match Self::attempt(run, driver, &settings) {
                Ok(connection) => Ok(named(connection)),
                Err(second) => Err(second.after(failure)),
            };
        }
        Err(failure.error)
    }

    /// Connects once, to the database on the server that the settings name.
    pub(super) fn attempt(
        run: &Run,
        driver: PostgresDriver,
        settings: &Settings,
    ) -> std::result::Result<Self, ConnectFailure> {
        let address = if settings.is_unix() {
            ServerAddress::Unix(settings.socket_path())
        } else {
            ServerAddress::Tcp {
                host: settings.host.clone(),
                port: settings.port,
                timeout: settings.connect_timeout,
            }
        };
        let socket = run.host.connect(&address).map_err(|error| ConnectFailure {
            error: refused(driver, settings, &error),
            text: String::new(),
            refused_encrypted: false,
        })?;
        let peer = socket.peer();
        let connection = PostgresConnection {
            run: run.clone(),
            driver,
            address,
            name: None,
            wire: RefCell::new(Some(Wire::new(socket))),
            status: Cell::new(Status::Idle),
            autocommit: Cell::new(false),
            isolation_level: Cell::new(None),
            parameters: RefCell::default(),
            key: Cell::new((0, 0)),
            lost: Cell::new(false),
        };
        match connection.start(settings) {
            Ok(()) => Ok(connection),
            Err(failure) => {
                let text = match &failure {
                    StartFailure::Report { report, .. } => {
                        let severity = report.field(b'S').unwrap_or("FATAL");
                        format!("{severity}:  {}", report.text(None))
                    }
                    StartFailure::Other(text) => text.clone(),
                };
                let text = format!("{}{text}", server(driver, settings, peer.as_deref()));
                let mut error = not_connected(driver, &text);
                let mut wire = connection.wire.borrow_mut();
                let mut refused_encrypted = wire
                    .as_mut()
                    .is_some_and(|wire| wire.socket().is_encrypted());
                refused_encrypted &= matches!(
                    failure,
                    StartFailure::Report {
                        authenticated: false,
                        ..
                    }
                );
                if let StartFailure::Report { report, .. } = failure {
                    match driver {
                        PostgresDriver::Asyncpg => error = report.error(driver, None),
                        PostgresDriver::Pg8000 => {
                            error = report.error(driver, None);
                            error.class = "pg8000.exceptions.DatabaseError".into();
                        }
                        _ => {}
                    }
                }
                Err(ConnectFailure {
                    error,
                    text,
                    refused_encrypted,
                })
            }
        }
    }

    /// The start of a session, until the server is ready.
    fn start(&self, settings: &Settings) -> std::result::Result<(), StartFailure> {
        let mut wire = self.wire.borrow_mut();
        let Some(wire) = wire.as_mut() else {
            return Err(StartFailure::Other("the connection is closed".to_owned()));
        };
        let other = |error: SocketError| StartFailure::Other(error.to_string());
        if wire.socket().crosses_network() {
            encrypt(wire, settings).map_err(StartFailure::Other)?;
        }
        let names = [
            ("user", settings.user.as_str()),
            ("database", settings.database.as_str()),
        ];
        let startup = settings.startup.iter();
        frontend::startup_message(
            names
                .into_iter()
                .chain(startup.map(|(name, value)| (name.as_str(), value.as_str()))),
            &mut wire.outgoing,
        )
        .map_err(|error| StartFailure::Other(error.to_string()))?;
        wire.flush().map_err(other)?;
        let _ = wire.set_read_timeout(settings.connect_timeout);
        let mut exchange = Exchange::default();
        let mut authenticated = false;
        loop {
            let Some(message) = wire.receive().map_err(other)? else {
                return Err(StartFailure::Other("timeout expired".to_owned()));
            };
            authenticated |= matches!(message, Message::AuthenticationOk);
            if answer(wire, settings, &message, &mut exchange).map_err(StartFailure::Other)? {
                continue;
            }
            match message {
                Message::ErrorResponse(body) => {
                    return Err(StartFailure::Report {
                        report: Report::read(body.fields()),
                        authenticated,
                    });
                }
                Message::BackendKeyData(body) => {
                    self.key.set((body.process_id(), body.secret_key()));
                }
                Message::ReadyForQuery(_) => break,
                other => self.hear(&other),
            }
        }
        let _ = wire.set_read_timeout(Some(TICK));
        Ok(())
    }

    /// The connection behind PEP 249's interface, if it is one of these.
    pub fn of(connection: &dyn Connection) -> Option<&Self> {
        connection.as_any().downcast_ref()
    }

    /// Which of Python's drivers it stands for.
    pub fn driver(&self) -> PostgresDriver {
        self.driver
    }

    /// `connection.autocommit = value`: whether each statement is a transaction of its own.
    ///
    /// # Errors
    /// The driver's `ProgrammingError` within a transaction.
    pub fn set_autocommit(&self, autocommit: bool) -> Result<()> {
        if self.status.get() != Status::Idle {
            let state = match self.status.get() {
                Status::Failed => "INERROR",
                _ => "INTRANS",
            };
            return Err(match self.driver {
                PostgresDriver::Psycopg2 => own(
                    self.driver,
                    "ProgrammingError",
                    "set_session cannot be used inside a transaction",
                ),
                _ => own(
                    self.driver,
                    "ProgrammingError",
                    format!(
                        "can't change 'autocommit' now: connection in transaction status {state}"
                    ),
                ),
            });
        }
        self.autocommit.set(autocommit);
        Ok(())
    }

    /// `connection.autocommit`.
    pub fn autocommit(&self) -> bool {
        self.autocommit.get()
    }

    /// `connection.isolation_level = level`: the level of the transactions to come, in SQL; `None` for
    /// the server's default.
    pub fn set_isolation_level(&self, level: Option<&'static str>) {
        self.isolation_level.set(level);
    }

    /// A setting that the server tells of itself, such as `server_version`.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let parameters = self.parameters.borrow();
        parameters
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    }

    /// Takes in what the server says beside answers.
    fn hear(&self, message: &Message) {
        match message {
            Message::ParameterStatus(body) => {
                if let (Ok(name), Ok(value)) = (body.name(), body.value()) {
                    let mut parameters = self.parameters.borrow_mut();
                    parameters.retain(|(known, _)| known != name);
                    parameters.push((name.to_owned(), value.to_owned()));
                }
            }
            Message::NoticeResponse(body) => {
                let notice = Report::read(body.fields());
                let severity = notice.field(b'S').unwrap_or("NOTICE");
                let text = notice.field(b'M').unwrap_or_default();
                self.run.logging.log(
                    "sqlalchemy.dialects.postgresql",
                    Level::INFO,
                    &format!("{severity}: {text}"),
                );
            }
            _ => {}
        }
    }

    /// Sends what was written by `write` and reads the answers up to the server's being ready again.
    fn round(
        &self,
        write: impl FnOnce(&mut bytes::BytesMut) -> std::io::Result<()>,
    ) -> Result<Answer> {
        let mut guard = self.wire.borrow_mut();
        let Some(wire) = guard.as_mut() else {
            return Err(own(
                self.driver,
                match self.driver {
                    PostgresDriver::Psycopg => "OperationalError",
                    _ => "InterfaceError",
                },
                match self.driver {
                    PostgresDriver::Psycopg => "the connection is closed",
                    _ => "connection already closed",
                },
            ));
        };
        wire.outgoing.clear();
        if let Err(error) = write(&mut wire.outgoing) {
            wire.outgoing.clear();
            // Only what is too long for a message or holds a NUL can't be written.
            return Err(own(self.driver, "DataError", error.to_string()));
        }
        let outcome = match wire.flush() {
            Ok(()) => self.collect(wire),
            Err(error) => Err((error, None)),
        };
        match outcome {
            Ok(answer) => Ok(answer),
            Err((error, report)) => {
                *guard = None;
                self.lost.set(true);
                self.status.set(Status::Idle);
                Err(lost(self.driver, &error, report.as_ref()))
            }
        }
    }

    fn collect(
        &self,
        wire: &mut Wire,
    ) -> std::result::Result<Answer, (SocketError, Option<Report>)> {
        let mut answer = Answer::default();
        let mut cancelling = false;
        loop {
            let message = match wire.receive() {
                Ok(Some(message)) => message,
                Ok(None) => {
                    if !cancelling && self.run.observer.cancelled() {
                        cancelling = true;
                        self.cancel();
                    }
                    continue;
                }
                Err(error) => return Err((error, answer.failure.take())),
            };
            match message {
                Message::RowDescription(body) => answer.columns = Some(Columns::read(&body)),
                Message::DataRow(body) => {
                    let row = self.row(&body, &answer);
                    answer.rows.push(row);
                }
                Message::CommandComplete(body) => {
                    let tag = body.tag().unwrap_or_default().to_owned();
                    answer.finish(&tag);
                }
                Message::EmptyQueryResponse => answer.finish(""),
                Message::ErrorResponse(body) => answer.failure = Some(Report::read(body.fields())),
                Message::CopyInResponse(_) => {
                    answer.refused =
                        Some("COPY cannot be used with this method; use copy() instead");
                    let failed = frontend::copy_fail("not supported", &mut wire.outgoing);
                    if failed.is_ok() {
                        wire.flush().map_err(|error| (error, None))?;
                    }
                }
                Message::CopyOutResponse(_) => {
                    answer.refused =
                        Some("COPY cannot be used with this method; use copy() instead");
                }
                Message::ReadyForQuery(body) => {
                    self.status.set(match body.status() {
                        b'T' => Status::InTransaction,
                        b'E' => Status::Failed,
                        _ => Status::Idle,
                    });
                    return Ok(answer);
                }
                other => self.hear(&other),
            }
        }
    }

    fn row(&self, body: &DataRowBody, answer: &Answer) -> Vec<Value> {
        let types = answer
            .columns
            .as_ref()
            .map_or(&[][..], |columns| columns.types.as_slice());
        let mut values = Vec::with_capacity(types.len());
        let mut ranges = body.ranges();
        while let Ok(Some(range)) = ranges.next() {
            let kind = types.get(values.len()).copied().unwrap_or(0);
            values.push(match range.and_then(|range| body.buffer().get(range)) {
                None => Value::Null,
                Some(bytes) => decode(self.driver, kind, &String::from_utf8_lossy(bytes)),
            });
        }
        values
    }

    /// Asks the server, over a connection of its own, to stop the running statement.
    fn cancel(&self) {
        let (process, secret) = self.key.get();
        if let Ok(mut socket) = self.run.host.connect(&self.address) {
            let mut message = bytes::BytesMut::new();
            frontend::cancel_request(process, secret, &mut message);
            // The statement runs on where the request is lost.
            let _ = socket.write(&message);
        }
    }

    /// Runs a statement of the driver's own: BEGIN, COMMIT, ROLLBACK.
    fn control(&self, sql: &str) -> Result<()> {
        let answer = self.round(|out| frontend::query(sql, out))?;
        match answer.failure {
            Some(report) => Err(self.failed(&report, sql)),
            None => Ok(()),
        }
    }

    fn failed(&self, report: &Report, sql: &str) -> Error {
        if report.field(b'C') == Some("57014") && self.run.observer.cancelled() {
            return Error::cancelled();
        }
        report.error(self.driver, Some(sql))
    }

    /// Begins a transaction before a statement, unless there is one or each statement is its own.
    fn begin(&self) -> Result<()> {
        if self.autocommit.get() || self.status.get() != Status::Idle {
            return Ok(());
        }
        match self.isolation_level.get() {
            Some(level) => self.control(&format!("BEGIN ISOLATION LEVEL {level}")),
            None => self.control("BEGIN"),
        }
    }

    /// Whether a statement goes as the plain text that may hold several.
    fn is_simple(&self, converted: &Converted, parameters: &Parameters) -> bool {
        match self.driver {
            PostgresDriver::Asyncpg | PostgresDriver::Pg8000 => false,
            _ => converted.places.is_empty() && parameters.is_empty(),
        }
    }

    fn run_extended(&self, sql: &str, sets: &[Vec<Encoded>]) -> Result<Answer> {
        let mut total = Answer::default();
        for batch in sets.chunks(BATCH) {
            let answer = self.round(|out| {
                let mut known: Option<Vec<u32>> = None;
                for values in batch {
                    let types: Vec<u32> = values.iter().map(|value| value.oid).collect();
                    if known.as_ref() != Some(&types) {
                        frontend::parse("", sql, types.iter().copied(), out)?;
                        known = Some(types);
                    }
                    bind(values, out)?;
                    frontend::describe(b'P', "", out)?;
                    frontend::execute("", 0, out)?;
                }
                frontend::sync(out);
                Ok(())
            })?;
            total.cursors.extend(answer.cursors);
            total.refused = total.refused.or(answer.refused);
            if answer.failure.is_some() {
                total.failure = answer.failure;
                break;
            }
        }
        Ok(total)
    }

    /// Runs a text of psycopg2's; of several statements it shows the last result.
    fn run_simple(&self, sql: &str) -> Result<Cursor> {
        self.begin()?;
        let answer = self.round(|out| frontend::query(sql, out))?;
        let mut cursors = self.settled(answer, sql)?;
        Ok(cursors.pop().unwrap_or_else(no_result))
    }

    /// The answer as a cursor, or its failure.
    fn settled(&self, answer: Answer, sql: &str) -> Result<Vec<Cursor>> {
        if let Some(refused) = answer.refused {
            return Err(own(self.driver, "ProgrammingError", refused));
        }
        match answer.failure {
            Some(report) => Err(self.failed(&report, sql)),
            None => Ok(answer.cursors),
        }
    }
}

/// The cursor of a text without a statement.
fn no_result() -> Cursor {
    Cursor {
        rowcount: -1,
        ..Cursor::default()
    }
}

impl Answer {
    /// Takes in the end of a statement, told by its tag: `INSERT 0 3`, `CREATE TABLE`.
    fn finish(&mut self, tag: &str) {
        let last = tag.rsplit(' ').next().and_then(|word| word.parse().ok());
        let rows = std::mem::take(&mut self.rows);
        let description = self.columns.take().map(|columns| columns.names);
        self.cursors.push(Cursor {
            rowcount: last.unwrap_or(-1),
            changes: !tag.starts_with("SELECT") && last.is_some(),
            description,
            rows,
            lastrowid: None,
        });
    }
}

impl Columns {
    fn read(body: &RowDescriptionBody) -> Self {
        let (mut names, mut types) = (Vec::new(), Vec::new());
        let mut fields = body.fields();
        while let Ok(Some(field)) = fields.next() {
            names.push(Rc::from(field.name()));
            types.push(field.type_oid());
        }
        Columns {
            names: names.into(),
            types,
        }
    }
}

/// Binds values, all as texts, and asks for texts.
fn bind(values: &[Encoded], out: &mut bytes::BytesMut) -> std::io::Result<()> {
    let bound = frontend::bind(
        "",
        "",
        [],
        values,
        |value: &Encoded, out| {
            Ok(match &value.text {
                None => IsNull::Yes,
                Some(text) => {
                    out.extend_from_slice(text.as_bytes());
                    IsNull::No
                }
            })
        },
        [],
        out,
    );
    bound.map_err(|error| match error {
        frontend::BindError::Conversion(error) => std::io::Error::other(error),
        frontend::BindError::Serialization(error) => error,
    })
}

/// Asks for TLS as `sslmode` says, before anything else.
fn encrypt(wire: &mut Wire, settings: &Settings) -> std::result::Result<(), String> {
    let (options, required) = match &settings.encryption {
        Encryption::Disabled => return Ok(()),
        Encryption::Preferred(options) => (options, false),
        Encryption::Required(options) => (options, true),
        Encryption::Impossible(why) => return Err(why.clone()),
    };
    frontend::ssl_request(&mut wire.outgoing);
    wire.flush().map_err(|error| error.to_string())?;
    match wire.read_byte().map_err(|error| error.to_string())? {
        b'S' => wire
            .socket()
            .start_tls(options)
            .map_err(|error| error.to_string()),
        _ if required => Err("server does not support SSL, but SSL was required".to_owned()),
        _ => Ok(()),
    }
}

impl Connection for PostgresConnection {
    fn execute(&self, sql: &str, parameters: &Parameters) -> Result<Cursor> {
        if self.driver == PostgresDriver::Psycopg2 {
            let sql = interpolated(sql, parameters)?;
            return self.run_simple(&sql);
        }
        let converted = convert(self.driver, sql)?;
        let values = converted.values(self.driver, parameters)?;
        self.begin()?;
        let answer = if self.is_simple(&converted, parameters) {
            self.round(|out| frontend::query(&converted.sql, out))?
        } else {
            let values: Vec<Encoded> = values.into_iter().map(encode).collect();
            self.run_extended(&converted.sql, &[values])?
        };
        let cursors = self.settled(answer, &converted.sql)?;
        // Of several statements it shows the first result.
        Ok(cursors.into_iter().next().unwrap_or_else(no_result))
    }

    fn execute_text(&self, sql: &str) -> Result<Cursor> {
        if self.driver == PostgresDriver::Psycopg2 {
            return self.run_simple(sql);
        }
        self.begin()?;
        let answer = match self.driver {
            PostgresDriver::Asyncpg | PostgresDriver::Pg8000 => {
                self.run_extended(sql, &[Vec::new()])?
            }
            _ => self.round(|out| frontend::query(sql, out))?,
        };
        let cursors = self.settled(answer, sql)?;
        Ok(cursors.into_iter().next().unwrap_or_else(no_result))
    }

    fn execute_many(&self, sql: &str, parameters: &[Parameters]) -> Result<Cursor> {
        if self.driver == PostgresDriver::Psycopg2 {
            let mut rowcount = 0;
            for set in parameters {
                rowcount += self.run_simple(&interpolated(sql, set)?)?.rowcount.max(0);
            }
            return Ok(Cursor {
                rowcount,
                changes: true,
                ..Cursor::default()
            });
        }
        let converted = convert(self.driver, sql)?;
        let mut sets = Vec::with_capacity(parameters.len());
        for set in parameters {
            let values = converted.values(self.driver, set)?;
            sets.push(values.into_iter().map(encode).collect::<Vec<_>>());
        }
        self.begin()?;
        let answer = self.run_extended(&converted.sql, &sets)?;
        let cursors = self.settled(answer, &converted.sql)?;
        let rowcount = cursors
            .iter()
            .map(|cursor| cursor.rowcount.max(0))
            .sum::<i64>();
        Ok(Cursor {
            rowcount,
            changes: true,
            ..Cursor::default()
        })
    }

    fn commit(&self) -> Result<()> {
        match self.status.get() {
            Status::Idle => Ok(()),
            _ => self.control("COMMIT"),
        }
    }

    fn rollback(&self) -> Result<()> {
        match self.status.get() {
            Status::Idle if self.wire.borrow().is_none() => Err(own(
                self.driver,
                "OperationalError",
                "the connection is closed",
            )),
            Status::Idle => Ok(()),
            _ => self.control("ROLLBACK"),
        }
    }

    fn in_transaction(&self) -> bool {
        self.status.get() != Status::Idle
    }

    fn database(&self) -> Option<Rc<str>> {
        self.name.clone()
    }

    fn is_lost(&self) -> bool {
        self.lost.get()
    }

    fn close(&self) {
        self.status.set(Status::Idle);
        self.wire.replace(None);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
