//! Engines, connections, transactions and results: `sqlalchemy.engine`, synchronous.
//!
//! Messages, log lines and errors are those of SQLAlchemy. Statements sent to the database are also
//! reported to the run's observer.

mod connection;
pub mod dialect;
pub mod error;
mod execute;
mod locks;
mod pool;
mod result;
mod transaction;
pub mod url;

#[cfg(test)]
mod tests;

use crate::exc;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use crate::dialects::Dialect;
use driver::{self, ConnectArguments};
use ground::diagnostic::{Error, Result};
use ground::host::Stream;
use ground::logging::{Formatter, Handler, HandlerKind, Level};
use ground::run::Run;

pub use connection::{Compiled, Connection, ExecutionOptions};
pub use error::StatementParameters;
pub use execute::{CallDefault, ParameterSet, literal_of, native_value, no_callables};
pub use locks::TableState;
pub use pool::PoolClass;
pub use result::{CursorResult, ResultColumn, Row};
pub use transaction::Transaction;
pub use url::{Url, make_url};

/// The logger of engines.
pub const LOGGER: &str = "sqlalchemy.engine.Engine";

/// Called with each new database connection, like listeners of the pool's `connect` event.
pub type ConnectListener = Rc<dyn Fn(&Rc<dyn driver::Connection>) -> Result<()>>;

/// Called when a transaction begins, as listeners of the engine's `begin` event.
pub type BeginListener = Rc<dyn Fn(&Connection) -> Result<()>>;

/// What happens on an engine's connections, as listeners of `ConnectionEvents` hear it.
pub trait ConnectionEvents {
    /// `before_cursor_execute`: may put another statement and other parameters in place.
    ///
    /// # Errors
    /// What a listener raises.
    fn before_cursor_execute(
        &self,
        connection: &Connection,
        statement: &mut String,
        parameters: &mut StatementParameters,
    ) -> Result<()>;

    /// `after_cursor_execute`.
    ///
    /// # Errors
    /// What a listener raises.
    fn after_cursor_execute(
        &self,
        connection: &Connection,
        statement: &str,
        parameters: &StatementParameters,
    ) -> Result<()>;

    /// `commit` or `rollback`.
    ///
    /// # Errors
    /// What a listener raises.
    fn ending(&self, connection: &Connection, event: &'static str) -> Result<()>;
}

/// The supported arguments of `create_engine`.
#[derive(Clone, Debug, Default)]
pub struct EngineOptions {
    /// `echo`: logs statements regardless of the logger's level.
    pub echo: bool,
    /// `poolclass`; by default, the dialect's choice for the URL.
    pub poolclass: Option<PoolClass>,
    /// `isolation_level`.
    pub isolation_level: Option<String>,
    /// `hide_parameters`.
    pub hide_parameters: bool,
    /// `execution_options`.
    pub execution_options: ExecutionOptions,
    /// `logging_name`.
    pub logging_name: Option<Rc<str>>,
    /// Whether there is a `json_serializer`, which only user code could call.
    pub json_serializer: bool,
    /// Whether there is a `json_deserializer`.
    pub json_deserializer: bool,
    /// `connect_args`.
    pub connect_args: ConnectArguments,
}

pub(crate) struct EngineState {
    pub(crate) run: Run,
    pub(crate) url: Rc<Url>,
    dialect: Dialect,
    /// The dialect as it is since the first connection told what the server is.
    initialized: OnceCell<Dialect>,
    pub(crate) options: EngineOptions,
    echo: Cell<bool>,
    pub(crate) pool: pool::Pool,
    pub(crate) listeners: RefCell<Vec<ConnectListener>>,
    pub(crate) begin_listeners: RefCell<Vec<BeginListener>>,
    pub(crate) events: RefCell<Option<Rc<dyn ConnectionEvents>>>,
    /// When each statement was first compiled, for the log.
    pub(crate) compiled: RefCell<BTreeMap<String, i64>>,
    /// The number of statements executed so far, to validate cached reflection results.
    pub(crate) executions: Cell<u64>,
}

/// `sqlalchemy.engine.Engine`; a cheap handle.
#[derive(Clone)]
pub struct Engine(pub(crate) Rc<EngineState>);

/// `sqlalchemy.create_engine`.
///
/// # Errors
/// `sqlalchemy.exc.NoSuchModuleError` for a dialect that SQLAlchemy does not have, and what the
/// dialect says of the URL.
pub fn create_engine(run: &Run, url: &Url, options: EngineOptions) -> Result<Engine> {
    url.check_dialect()?;
    let dialect = url.get_dialect();
    dialect.create_connect_args(run, url)?;
    if options.echo {
        log_to_stdout(run);
    }
    let class = options
        .poolclass
        .unwrap_or_else(|| dialect.get_pool_class(url));
    Ok(Engine(Rc::new(EngineState {
        run: run.clone(),
        dialect,
        initialized: OnceCell::new(),
        url: Rc::new(url.clone()),
        echo: Cell::new(options.echo),
        options,
        pool: pool::Pool::new(class),
        listeners: RefCell::default(),
        begin_listeners: RefCell::default(),
        events: RefCell::default(),
        compiled: RefCell::default(),
        executions: Cell::new(0),
    })))
}

/// The default pool for a URL.
pub fn pool_class(url: &Url) -> PoolClass {
    url.get_dialect().get_pool_class(url)
}

/// The effect of `echo=True`: sets the logger to INFO, with a handler for standard output if there
/// is none.
fn log_to_stdout(run: &Run) {
    if run.logging.handlers(LOGGER).is_empty() {
        let handler = Handler::new(HandlerKind::Stream(Stream::Stdout));
        handler.set_formatter(Formatter {
            format: Some("%(asctime)s %(levelname)s %(name)s %(message)s".to_owned()),
            ..Formatter::default()
        });
        run.logging.add_handler(LOGGER, handler);
    }
    if !run.logging.is_enabled(LOGGER, Level::INFO) {
        run.logging.set_level(LOGGER, Level::INFO);
    }
}

/// A weak handle, for objects owned by the engine, such as its listeners.
pub struct WeakEngine(Weak<EngineState>);

impl WeakEngine {
    /// The engine, if it is still alive.
    pub fn upgrade(&self) -> Option<Engine> {
        self.0.upgrade().map(Engine)
    }
}

impl Engine {
    /// Creates a weak handle.
    pub fn downgrade(&self) -> WeakEngine {
        WeakEngine(Rc::downgrade(&self.0))
    }

    /// The run that it belongs to.
    pub fn run(&self) -> &Run {
        &self.0.run
    }

    /// The URL that it was created from.
    pub fn url(&self) -> &Rc<Url> {
        &self.0.url
    }

    /// The dialect's name, such as `sqlite`.
    pub fn dialect_name(&self) -> &str {
        self.0.url.get_backend_name()
    }

    /// The dialect for which statements are compiled.
    pub fn dialect(&self) -> &Dialect {
        self.0.initialized.get().unwrap_or(&self.0.dialect)
    }

    /// Validates an isolation level and returns the dialect's spelling.
    fn check_isolation_level(&self, level: &str) -> Result<String> {
        check_isolation_level(&self.0.dialect, level)
    }

    /// Resets a connection to the engine's isolation level.
    fn reset_isolation_level(&self, dbapi: &dyn driver::Connection) -> Result<()> {
        let dialect = self.dialect();
        match &self.0.options.isolation_level {
            Some(level) => dialect.set_isolation_level(dbapi, &normal_level(level)),
            None => dialect.set_isolation_level(dbapi, dialect.default_isolation_level()),
        }
    }

    /// The class of its pool.
    pub fn pool_class(&self) -> PoolClass {
        self.0.pool.class()
    }

    /// The options that it was created with.
    pub fn options(&self) -> &EngineOptions {
        &self.0.options
    }

    /// Checks out a connection from the pool.
    ///
    /// # Errors
    /// What the database says, as `sqlalchemy.exc.OperationalError`.
    pub fn connect(&self) -> Result<Connection> {
        let dbapi = self.raw_connection()?;
        Connection::new(self.clone(), dbapi)
    }

    /// Adds a `connect` listener, called with each new database connection.
    pub fn on_connect(&self, listener: ConnectListener) {
        self.0.listeners.borrow_mut().push(listener);
    }

    /// Has the events of its connections heard.
    pub fn on_events(&self, events: Rc<dyn ConnectionEvents>) {
        *self.0.events.borrow_mut() = Some(events);
    }

    /// Adds a `begin` listener, which may emit its own BEGIN.
    pub fn on_begin(&self, listener: BeginListener) {
        self.0.begin_listeners.borrow_mut().push(listener);
    }

    /// Closes the pooled connections.
    pub fn dispose(&self) {
        self.0.pool.dispose();
    }

    /// Whether two handles are of the same engine.
    pub fn is(&self, other: &Engine) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// A DBAPI connection from the pool.
    pub(crate) fn raw_connection(&self) -> Result<Rc<dyn driver::Connection>> {
        self.0
            .pool
            .checkout(|| self.new_connection())
            .map_err(|error| error::wrap(error, None, None, false))
    }

    fn new_connection(&self) -> Result<Rc<dyn driver::Connection>> {
        let state = &*self.0;
        let Some(driver) = driver::find(state.url.get_driver_name()?) else {
            return Err(Error::unsupported(format!(
                "This program runs SQLite and PostgreSQL only and can't connect to {}.",
                state.url
            ))
            .with_hint(
                "Run the command with --sql to see the statements for that database, or use a \
                 sqlite:/// URL.",
            ));
        };
        let mut arguments = self.dialect().create_connect_args(&state.run, &state.url)?;
        arguments.update(&state.options.connect_args);
        let connection = driver.connect(&state.run, &arguments)?;
        if let Some(level) = &state.options.isolation_level {
            check_isolation_level(&state.dialect, &normal_level(level))?;
            self.reset_isolation_level(&*connection)?;
        }
        let listeners = state.listeners.borrow().clone();
        for listener in listeners {
            listener(&connection)?;
        }
        if state.initialized.get().is_none() {
            self.initialize(&*connection);
        }
        Ok(connection)
    }

    /// `dialect.initialize(connection)`, with the first connection.
    fn initialize(&self, connection: &dyn driver::Connection) {
        let state = &*self.0;
        let found = state.dialect.initialize(connection);
        if found.default_schema_name.is_some() {
            let dialect = &state.dialect;
            dialect.set_default_schema_name(found.default_schema_name);
        }
        let dialect = match found.version {
            Some(version) => state.dialect.with_server_version_info(version),
            None => state.dialect.clone(),
        };
        if self.should_log_info() {
            let named = dialect.paramstyle().is_named();
            let parameters = if named { "{}" } else { "()" };
            for statement in found.asked {
                let logging = &state.run.logging;
                logging.log(LOGGER, Level::INFO, statement);
                logging.log(LOGGER, Level::INFO, &format!("[raw sql] {parameters}"));
            }
        }
        let _ = state.initialized.set(dialect);
    }

    /// `echo`.
    pub fn echo(&self) -> bool {
        self.0.echo.get()
    }

    /// Has the statements of connections that are made from now on logged, or no longer.
    pub fn set_echo(&self, echo: bool) {
        if echo {
            log_to_stdout(&self.0.run);
        }
        self.0.echo.set(echo);
    }

    /// Whether statements are logged.
    pub(crate) fn should_log_info(&self) -> bool {
        self.0.echo.get() || self.0.run.logging.is_enabled(LOGGER, Level::INFO)
    }
}

/// Normalizes `READ_UNCOMMITTED` and `read uncommitted` to the same level.
fn normal_level(level: &str) -> String {
    level.to_uppercase().replace('_', " ")
}

/// The dialect's spelling of the level, if it supports it.
fn check_isolation_level(dialect: &Dialect, level: &str) -> Result<String> {
    let known = dialect.isolation_level_values();
    let normal = normal_level(level);
    if known.contains(&normal.as_str()) {
        return Ok(normal);
    }
    Err(Error::new(
        exc::ARGUMENT_ERROR,
        format!(
            "Invalid value {} for isolation_level. Valid isolation levels for '{}' are {}",
            ground::formatting::repr::string_repr(level),
            dialect.name(),
            known.join(", ")
        ),
    ))
}
