//! Engines, connections, transactions and results: `sqlalchemy.engine`, synchronous.
//!
//! Messages, log lines and errors are SQLAlchemy's own. What is sent to the database is also told
//! to the run's observer.

mod connection;
pub mod dialect;
pub mod error;
mod execute;
mod pool;
mod result;
mod transaction;
pub mod url;

#[cfg(test)]
mod tests;

use crate::exc;
use std::cell::{Cell, RefCell};
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
pub use execute::{CallDefault, ParameterSet, literal_of, no_callables};
pub use pool::PoolClass;
pub use result::{CursorResult, ResultColumn, Row};
pub use transaction::Transaction;
pub use url::{Url, make_url};

/// The logger of engines.
pub const LOGGER: &str = "sqlalchemy.engine.Engine";

/// Called with each new connection of the database, as listeners of the pool's `connect` event.
pub type ConnectListener = Rc<dyn Fn(&Rc<dyn driver::Connection>) -> Result<()>>;

/// Called when a transaction begins, as listeners of the engine's `begin` event.
pub type BeginListener = Rc<dyn Fn(&Connection) -> Result<()>>;

/// The arguments of `create_engine` that have a meaning here.
#[derive(Clone, Debug, Default)]
pub struct EngineOptions {
    /// `echo`: log statements whatever the logger's level is.
    pub echo: bool,
    /// `poolclass`; without it, what the dialect takes for the URL.
    pub poolclass: Option<PoolClass>,
    /// `isolation_level`.
    pub isolation_level: Option<String>,
    /// `hide_parameters`.
    pub hide_parameters: bool,
    /// `execution_options`.
    pub execution_options: ExecutionOptions,
    /// `connect_args`.
    pub connect_args: ConnectArguments,
}

pub(crate) struct EngineState {
    pub(crate) run: Run,
    pub(crate) url: Rc<Url>,
    dialect: Dialect,
    pub(crate) options: EngineOptions,
    pub(crate) pool: pool::Pool,
    pub(crate) listeners: RefCell<Vec<ConnectListener>>,
    pub(crate) begin_listeners: RefCell<Vec<BeginListener>>,
    /// When each statement was first compiled, which the log tells.
    pub(crate) compiled: RefCell<BTreeMap<String, i64>>,
    /// Statements executed so far, so that what was reflected is known to be fresh.
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
    if let Some(level) = &options.isolation_level {
        check_isolation_level(&dialect, level)?;
    }
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
        url: Rc::new(url.clone()),
        options,
        pool: pool::Pool::new(class),
        listeners: RefCell::default(),
        begin_listeners: RefCell::default(),
        compiled: RefCell::default(),
        executions: Cell::new(0),
    })))
}

/// The pool of an engine that was made without `poolclass`.
pub fn pool_class(url: &Url) -> PoolClass {
    url.get_dialect().get_pool_class(url)
}

/// What `echo=True` does to the logger: at INFO, to standard output if nothing listens yet.
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

/// An engine for those that it holds itself, such as its listeners.
pub struct WeakEngine(Weak<EngineState>);

impl WeakEngine {
    /// The engine, while it lives.
    pub fn upgrade(&self) -> Option<Engine> {
        self.0.upgrade().map(Engine)
    }
}

impl Engine {
    /// A handle that does not keep it alive.
    pub fn downgrade(&self) -> WeakEngine {
        WeakEngine(Rc::downgrade(&self.0))
    }

    /// The run that it belongs to.
    pub fn run(&self) -> &Run {
        &self.0.run
    }

    /// The URL that it was made from.
    pub fn url(&self) -> &Rc<Url> {
        &self.0.url
    }

    /// The dialect's name, such as `sqlite`.
    pub fn dialect_name(&self) -> &str {
        self.0.url.get_backend_name()
    }

    /// The dialect that its statements are compiled for.
    pub fn dialect(&self) -> &Dialect {
        &self.0.dialect
    }

    /// An isolation level as the dialect writes it.
    fn check_isolation_level(&self, level: &str) -> Result<String> {
        check_isolation_level(&self.0.dialect, level)
    }

    /// Gives a connection the isolation level that the engine was made with.
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

    /// The options that it was made with.
    pub fn options(&self) -> &EngineOptions {
        &self.0.options
    }

    /// Takes a connection from the pool.
    ///
    /// # Errors
    /// What the database says, as `sqlalchemy.exc.OperationalError`.
    pub fn connect(&self) -> Result<Connection> {
        let dbapi = self.raw_connection()?;
        Connection::new(self.clone(), dbapi)
    }

    /// Adds a listener to the `connect` event: it sees each new connection of the database.
    pub fn on_connect(&self, listener: ConnectListener) {
        self.0.listeners.borrow_mut().push(listener);
    }

    /// Adds a listener to the `begin` event; it may send a BEGIN of its own.
    pub fn on_begin(&self, listener: BeginListener) {
        self.0.begin_listeners.borrow_mut().push(listener);
    }

    /// Closes the connections that the pool keeps.
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
                "This program runs SQLite only and can't connect to {}.",
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
        if state.options.isolation_level.is_some() {
            self.reset_isolation_level(&*connection)?;
        }
        let listeners = state.listeners.borrow().clone();
        for listener in listeners {
            listener(&connection)?;
        }
        Ok(connection)
    }

    /// Whether statements are logged.
    pub(crate) fn should_log_info(&self) -> bool {
        self.0.options.echo || self.0.run.logging.is_enabled(LOGGER, Level::INFO)
    }
}

/// `READ_UNCOMMITTED` and `read uncommitted` are the same level.
fn normal_level(level: &str) -> String {
    level.to_uppercase().replace('_', " ")
}

/// The level as the dialect writes it, where it has such a one.
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
