//! `sqlalchemy.engine.Connection`.

use crate::exc;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::error::{self, StatementParameters, coded};
use super::locks::{self, TableState};
use super::transaction::Kind;
use super::{ConnectionEvents, CursorResult, Engine, LOGGER, Transaction};
use crate::dialects::SchemaTranslateMap;
use crate::image;
use crate::sqltypes::Type;
use driver::{self, Parameters};
use ground::diagnostic::{Error, Result};
use ground::event::{Event, TableLock};
use ground::logging::Level;
use ground::run::Run;

/// The options of `Connection.execution_options` that have an effect outside Python.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExecutionOptions {
    /// `isolation_level`.
    pub isolation_level: Option<String>,
    /// `logging_token`: a prefix of each log line.
    pub logging_token: Option<String>,
    /// `schema_translate_map`: what stands for a schema; `None` is the default one.
    pub schema_translate_map: Option<SchemaTranslateMap>,
}

/// A compiled statement, ready for the driver.
#[derive(Clone)]
pub struct Compiled {
    /// The SQL, with the driver's placeholders.
    pub sql: String,
    /// The values of the placeholders, as driver values.
    pub parameters: StatementParameters,
    /// Names and types of its result columns, as far as known.
    pub columns: Vec<(Rc<str>, Type)>,
    /// Whether SQLAlchemy caches its compilation, which the log reports: everything but DDL.
    pub cached: bool,
}

impl Compiled {
    /// A DDL statement.
    pub fn ddl(sql: impl Into<String>) -> Self {
        Compiled {
            sql: sql.into(),
            parameters: StatementParameters::NONE,
            columns: Vec::new(),
            cached: false,
        }
    }
}

pub(crate) struct ConnectionState {
    engine: Engine,
    dbapi: RefCell<Option<Rc<dyn driver::Connection>>>,
    invalidated: Cell<bool>,
    pub(crate) transaction: RefCell<Option<Transaction>>,
    pub(crate) nested: RefCell<Option<Transaction>>,
    /// The transaction whose `with` block is open.
    pub(crate) context: RefCell<Option<Transaction>>,
    savepoints: Cell<u32>,
    /// Set while `begin` listeners run, whose statements must not begin a transaction.
    beginning: Cell<bool>,
    echo: bool,
    options: RefCell<ExecutionOptions>,
    /// The tables after the last statement, where their locks are watched.
    table_states: RefCell<Option<Vec<TableState>>>,
}

impl Drop for ConnectionState {
    fn drop(&mut self) {
        // As when Python garbage-collects an unclosed connection.
        if let Some(dbapi) = self.dbapi.take() {
            self.engine.0.pool.checkin(dbapi);
        }
    }
}

/// A connection taken from an engine; a cheap handle.
#[derive(Clone)]
pub struct Connection(pub(crate) Rc<ConnectionState>);

/// The cache statistics that the log shows for a statement.
enum Stats {
    Raw,
    NoKey,
    Cached,
}

impl Connection {
    pub(super) fn new(engine: Engine, dbapi: Rc<dyn driver::Connection>) -> Result<Self> {
        let options = engine.options().execution_options.clone();
        let echo = engine.should_log_info();
        let connection = Connection(Rc::new(ConnectionState {
            engine,
            dbapi: RefCell::new(Some(dbapi)),
            invalidated: Cell::new(false),
            transaction: RefCell::default(),
            nested: RefCell::default(),
            context: RefCell::default(),
            savepoints: Cell::new(0),
            beginning: Cell::new(false),
            echo,
            options: RefCell::default(),
            table_states: RefCell::default(),
        }));
        connection.execution_options(options)?;
        Ok(connection)
    }

    /// Its engine.
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// The run that it belongs to.
    pub fn run(&self) -> &Run {
        self.0.engine.run()
    }

    /// The dialect's name.
    pub fn dialect_name(&self) -> &str {
        self.0.engine.dialect_name()
    }

    /// Whether two handles are of the same connection.
    pub fn is(&self, other: &Connection) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Whether it was closed.
    pub fn is_closed(&self) -> bool {
        self.0.dbapi.borrow().is_none() && !self.0.invalidated.get()
    }

    /// Whether it was invalidated and has not reconnected.
    pub fn is_invalidated(&self) -> bool {
        self.0.invalidated.get()
    }

    /// The driver's connection.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ResourceClosedError` on a closed connection; what the database says when
    /// an invalidated one connects again.
    pub fn dbapi(&self) -> Result<Rc<dyn driver::Connection>> {
        if let Some(dbapi) = &*self.0.dbapi.borrow() {
            return Ok(dbapi.clone());
        }
        if !self.0.invalidated.get() {
            return Err(Error::new(
                exc::RESOURCE_CLOSED_ERROR,
                "This Connection is closed",
            ));
        }
        if self.0.transaction.borrow().is_some() {
            return Err(self.invalid_transaction());
        }
        let dbapi = self.0.engine.raw_connection()?;
        self.0.invalidated.set(false);
        self.0.dbapi.replace(Some(dbapi.clone()));
        Ok(dbapi)
    }

    /// Discards the driver's connection; the next statement reconnects.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ResourceClosedError` on a closed connection.
    pub fn invalidate(&self) -> Result<()> {
        if self.0.invalidated.get() {
            return Ok(());
        }
        let dbapi = self.dbapi()?;
        self.0.engine.0.pool.invalidate(&dbapi);
        self.0.dbapi.replace(None);
        self.0.invalidated.set(true);
        Ok(())
    }

    /// The number of statements executed on its engine; reflection results are valid while it is
    /// unchanged.
    pub fn executions(&self) -> u64 {
        self.0.engine.0.executions.get()
    }

    /// Sets execution options; `None` leaves an option unchanged.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ArgumentError` for an unknown isolation level, and
    /// `sqlalchemy.exc.InvalidRequestError` for one inside a transaction.
    pub fn execution_options(&self, options: ExecutionOptions) -> Result<()> {
        if let Some(level) = &options.isolation_level {
            if self.0.transaction.borrow().is_some() {
                return Err(Error::new(
                    exc::INVALID_REQUEST_ERROR,
                    "This connection has already initialized a SQLAlchemy Transaction() object \
                     via begin() or autobegin; isolation_level may not be altered unless \
                     rollback() or commit() is called first.",
                ));
            }
            let level = self.0.engine.check_isolation_level(level)?;
            let dbapi = self.dbapi()?;
            self.0
                .engine
                .dialect()
                .set_isolation_level(&*dbapi, &level)
                .map_err(|error| error::wrap(error, None, None, false))?;
            self.0.options.borrow_mut().isolation_level = options.isolation_level;
        }
        if options.schema_translate_map.is_some() {
            self.0.options.borrow_mut().schema_translate_map = options.schema_translate_map;
        }
        if options.logging_token.is_some() {
            self.0.options.borrow_mut().logging_token = options.logging_token;
        }
        Ok(())
    }

    /// Puts another map of schemas in place, for a statement of its own, and gives the one before.
    pub fn replace_schema_translate_map(
        &self,
        map: Option<SchemaTranslateMap>,
    ) -> Option<SchemaTranslateMap> {
        std::mem::replace(&mut self.0.options.borrow_mut().schema_translate_map, map)
    }

    /// The execution options.
    pub fn get_execution_options(&self) -> ExecutionOptions {
        self.0.options.borrow().clone()
    }

    /// The isolation level of the database.
    ///
    /// # Errors
    /// What the database says.
    pub fn get_isolation_level(&self) -> Result<&'static str> {
        let dbapi = self.dbapi()?;
        self.0
            .engine
            .dialect()
            .get_isolation_level(&*dbapi)
            .map_err(|error| error::wrap(error, None, None, false))
    }

    fn is_autocommit(&self) -> bool {
        let options = self.0.options.borrow();
        options
            .isolation_level
            .as_deref()
            .or(self.0.engine.options().isolation_level.as_deref())
            .is_some_and(|level| level == "AUTOCOMMIT")
    }

    fn log(&self, message: &str) {
        if !self.0.echo {
            return;
        }
        let run = self.run();
        let message = match &self.0.options.borrow().logging_token {
            Some(token) => format!("[{token}] {message}"),
            None => message.to_owned(),
        };
        run.logging.log(LOGGER, Level::INFO, &message);
    }

    fn tell_transaction(&self, action: &'static str) {
        self.run().tell(Event::Transaction { action });
    }

    // Transactions.

    /// Begins a transaction.
    ///
    /// # Errors
    /// `sqlalchemy.exc.InvalidRequestError` where there is one.
    pub fn begin(&self) -> Result<Transaction> {
        if self.0.transaction.borrow().is_some() {
            return Err(Error::new(
                exc::INVALID_REQUEST_ERROR,
                "This connection has already initialized a SQLAlchemy Transaction() object via \
                 begin() or autobegin; can't call begin() here unless rollback() or commit() is \
                 called first.",
            ));
        }
        self.dbapi()?;
        self.check_context()?;
        self.log(if self.is_autocommit() {
            "BEGIN (implicit; DBAPI should not BEGIN due to autocommit mode)"
        } else {
            "BEGIN (implicit)"
        });
        let listeners = self.0.engine.0.begin_listeners.borrow().clone();
        if !listeners.is_empty() {
            self.0.beginning.set(true);
            let heard = listeners.iter().try_for_each(|listener| listener(self));
            self.0.beginning.set(false);
            heard?;
        }
        let transaction = Transaction::new(self, Kind::Root);
        self.0.transaction.replace(Some(transaction.clone()));
        Ok(transaction)
    }

    /// Begins a savepoint; begins a transaction first if there is none.
    ///
    /// # Errors
    /// What the database says.
    pub fn begin_nested(&self) -> Result<Transaction> {
        if self.0.transaction.borrow().is_none() {
            self.begin()?;
        }
        self.check_context()?;
        let number = self.0.savepoints.get() + 1;
        self.0.savepoints.set(number);
        let savepoint = format!("sa_savepoint_{number}");
        self.execute(&Compiled::ddl(format!("SAVEPOINT {savepoint}")))?;
        let transaction = Transaction::new(
            self,
            Kind::Nested {
                savepoint,
                previous: self.0.nested.borrow().clone(),
            },
        );
        self.0.nested.replace(Some(transaction.clone()));
        Ok(transaction)
    }

    /// Whether a transaction is in progress.
    pub fn in_transaction(&self) -> bool {
        self.0
            .transaction
            .borrow()
            .as_ref()
            .is_some_and(Transaction::is_active)
    }

    /// Whether a savepoint is active.
    pub fn in_nested_transaction(&self) -> bool {
        self.0
            .nested
            .borrow()
            .as_ref()
            .is_some_and(Transaction::is_active)
    }

    /// The transaction, if one has begun.
    pub fn get_transaction(&self) -> Option<Transaction> {
        self.0.transaction.borrow().clone()
    }

    /// The innermost savepoint, if one has begun.
    pub fn get_nested_transaction(&self) -> Option<Transaction> {
        self.0.nested.borrow().clone()
    }

    /// Commits the transaction, if there is one.
    ///
    /// # Errors
    /// What the database says.
    pub fn commit(&self) -> Result<()> {
        match self.get_transaction() {
            Some(transaction) => transaction.commit(),
            None => Ok(()),
        }
    }

    /// Rolls the transaction back, if there is one.
    ///
    /// # Errors
    /// What the database says.
    pub fn rollback(&self) -> Result<()> {
        match self.get_transaction() {
            Some(transaction) => transaction.rollback(),
            None => Ok(()),
        }
    }

    /// Returns the driver's connection to the pool, after a rollback.
    ///
    /// # Errors
    /// What the database says of the rollback.
    pub fn close(&self) -> Result<()> {
        let result = match self.get_transaction() {
            Some(transaction) => transaction.close(),
            None => Ok(()),
        };
        if let Some(dbapi) = self.0.dbapi.take() {
            let reset = self.0.options.borrow().isolation_level.is_some();
            if reset {
                // Resets the isolation level for the next user. If that fails, checkin will notice
                // and not reuse the connection.
                let _ = self.0.engine.reset_isolation_level(&*dbapi);
            }
            self.0.engine.0.pool.checkin(dbapi);
        }
        self.0.invalidated.set(false);
        result
    }

    pub(crate) fn cancel_nested(&self) {
        let nested = self.get_nested_transaction();
        if let Some(nested) = nested {
            nested.cancel();
        }
    }

    pub(crate) fn invalid_transaction(&self) -> Error {
        let nested = if self.0.nested.borrow().is_some() {
            "savepoint "
        } else {
            ""
        };
        coded(
            exc::PENDING_ROLLBACK_ERROR,
            &format!(
                "Can't reconnect until invalid {nested}transaction is rolled back.  Please \
                 rollback() fully before proceeding"
            ),
            "8s2b",
        )
    }

    fn check_context(&self) -> Result<()> {
        match &*self.0.context.borrow() {
            Some(context) if !context.is_active() => Err(Error::new(
                exc::INVALID_REQUEST_ERROR,
                "Can't operate on closed transaction inside context manager.  Please complete \
                 the context manager before emitting further commands.",
            )),
            _ => Ok(()),
        }
    }

    pub(crate) fn commit_impl(&self) -> Result<()> {
        if let Some(events) = self.events() {
            events.ending(self, "commit")?;
        }
        self.log(if self.is_autocommit() {
            "COMMIT using DBAPI connection.commit(), has no effect due to autocommit mode"
        } else {
            "COMMIT"
        });
        let dbapi = self.dbapi()?;
        let begun = dbapi.in_transaction();
        dbapi
            .commit()
            .map_err(|error| error::wrap(error, None, None, false))?;
        if begun {
            self.tell_transaction("COMMIT");
        }
        Ok(())
    }

    pub(crate) fn rollback_impl(&self) -> Result<()> {
        let Some(dbapi) = self.0.dbapi.borrow().clone() else {
            return Ok(());
        };
        if let Some(events) = self.events() {
            events.ending(self, "rollback")?;
        }
        self.log(if self.is_autocommit() {
            "ROLLBACK using DBAPI connection.rollback(); set skip_autocommit_rollback to prevent \
             fully"
        } else {
            "ROLLBACK"
        });
        let begun = dbapi.in_transaction();
        // Counted, because a rollback invalidates what was reflected inside the transaction.
        self.count();
        dbapi
            .rollback()
            .map_err(|error| error::wrap(error, None, None, false))?;
        if begun {
            self.tell_transaction("ROLLBACK");
        }
        Ok(())
    }

    pub(crate) fn release_savepoint(&self, name: &str) -> Result<()> {
        self.execute(&Compiled::ddl(format!("RELEASE SAVEPOINT {name}")))
            .map(drop)
    }

    pub(crate) fn rollback_to_savepoint(&self, name: &str) -> Result<()> {
        if self.0.dbapi.borrow().is_none() {
            return Ok(());
        }
        self.execute(&Compiled::ddl(format!("ROLLBACK TO SAVEPOINT {name}")))
            .map(drop)
    }

    // Execution.

    /// Executes a compiled statement.
    ///
    /// # Errors
    /// What the database says, wrapped as SQLAlchemy does; see [`error`].
    pub fn execute(&self, compiled: &Compiled) -> Result<CursorResult> {
        let stats = if compiled.cached {
            Stats::Cached
        } else {
            Stats::NoKey
        };
        self.run_statement(
            &compiled.sql,
            &compiled.parameters,
            &compiled.columns,
            &stats,
        )
    }

    /// Executes SQL text, passed to the driver unchanged.
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    pub fn exec_driver_sql(
        &self,
        sql: &str,
        parameters: &StatementParameters,
    ) -> Result<CursorResult> {
        self.run_statement(sql, parameters, &[], &Stats::Raw)
    }

    /// Executes SQL text without parameters; see [`exec_driver_sql`](Self::exec_driver_sql).
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    pub fn exec_sql(&self, sql: &str) -> Result<CursorResult> {
        self.exec_driver_sql(sql, &StatementParameters::NONE)
    }

    /// The preconditions of every statement: an open connection and a valid transaction, begun if
    /// necessary.
    fn before_execution(&self) -> Result<Rc<dyn driver::Connection>> {
        let dbapi = self.dbapi()?;
        let broken = |transaction: &RefCell<Option<Transaction>>| {
            transaction
                .borrow()
                .as_ref()
                .is_some_and(|transaction| !transaction.is_active())
        };
        if broken(&self.0.transaction) || broken(&self.0.nested) {
            return Err(self.invalid_transaction());
        }
        self.check_context()?;
        if self.0.transaction.borrow().is_none() && !self.0.beginning.get() {
            self.begin()?;
        }
        Ok(dbapi)
    }

    fn run_statement(
        &self,
        sql: &str,
        parameters: &StatementParameters,
        columns: &[(Rc<str>, Type)],
        stats: &Stats,
    ) -> Result<CursorResult> {
        let dbapi = self.before_execution()?;
        self.count();
        let events = self.events();
        if let Some(events) = events {
            let mut sql = sql.to_owned();
            let mut parameters = parameters.clone();
            events.before_cursor_execute(self, &mut sql, &mut parameters)?;
            let result = self.send(&*dbapi, &sql, &parameters, columns, stats)?;
            events.after_cursor_execute(self, &sql, &parameters)?;
            return Ok(result);
        }
        self.send(&*dbapi, sql, parameters, columns, stats)
    }

    fn events(&self) -> Option<Rc<dyn ConnectionEvents>> {
        self.0.engine.0.events.borrow().clone()
    }

    /// Has the driver run a statement.
    fn send(
        &self,
        dbapi: &dyn driver::Connection,
        sql: &str,
        parameters: &StatementParameters,
        columns: &[(Rc<str>, Type)],
        stats: &Stats,
    ) -> Result<CursorResult> {
        self.log_statement(sql, parameters, stats);
        let host = &self.run().host;
        let begun = dbapi.in_transaction();
        let start = host.now().microseconds;
        let outcome = match parameters {
            StatementParameters::Single(parameters) => dbapi.execute(sql, parameters),
            StatementParameters::Many(sets) => dbapi.execute_many(sql, sets),
        };
        let microseconds = (host.now().microseconds - start).max(0).unsigned_abs();
        if !begun && dbapi.in_transaction() {
            self.tell_transaction("BEGIN");
        }
        match outcome {
            Ok(cursor) => {
                let locks = self.locks_taken(dbapi, sql, begun);
                self.run().tell(Event::Statement {
                    sql: sql.to_owned(),
                    parameters: parameters.as_text(),
                    rows: cursor.changes.then_some(cursor.rowcount),
                    microseconds,
                    database: dbapi.database().map(|path| path.to_string()),
                    locks,
                });
                Ok(CursorResult::new(cursor, columns))
            }
            Err(error) => {
                if dbapi.is_lost() {
                    self.invalidate_lost();
                }
                Err(self.wrap(error, sql, parameters))
            }
        }
    }

    /// Lets go of a connection whose server has gone (`is_disconnect`); its transaction can only be
    /// rolled back.
    fn invalidate_lost(&self) {
        if let Some(dbapi) = self.0.dbapi.take() {
            self.0.engine.0.pool.invalidate(&dbapi);
            self.0.invalidated.set(true);
        }
    }

    /// The locks that a statement took, if somebody wants to know; `begun` tells whether the
    /// transaction began before it.
    fn locks_taken(
        &self,
        dbapi: &dyn driver::Connection,
        sql: &str,
        begun: bool,
    ) -> Vec<TableLock> {
        // Without a transaction they are released when the statement ends.
        if !self.run().observer.watches_locks() || !dbapi.in_transaction() {
            return Vec::new();
        }
        let word = sql.split_whitespace().next().unwrap_or_default();
        let reads = image::only_reads(&word.to_ascii_uppercase());
        let mut known = self.0.table_states.borrow_mut();
        if reads && known.is_some() {
            return Vec::new();
        }
        let Some(now) = self.0.engine.dialect().table_states(dbapi) else {
            return Vec::new();
        };
        let before = known.replace(now);
        match (before, &*known) {
            (Some(before), Some(now)) => locks::taken(&before, now, begun),
            _ => Vec::new(),
        }
    }

    /// Wraps a driver error with the statement, and notifies the observer.
    pub fn wrap(&self, error: Error, sql: &str, parameters: &StatementParameters) -> Error {
        let hide = self.0.engine.options().hide_parameters;
        let error = error::wrap(error, Some(sql), Some(parameters), hide);
        self.run().tell(Event::Failed {
            error: error.clone(),
        });
        error
    }

    fn count(&self) {
        let executions = &self.0.engine.0.executions;
        executions.set(executions.get() + 1);
    }

    fn log_statement(&self, sql: &str, parameters: &StatementParameters, stats: &Stats) {
        if !self.0.echo {
            return;
        }
        self.log(sql);
        let now = self.run().host.now().microseconds;
        let stats = match stats {
            Stats::Raw => "raw sql".to_owned(),
            Stats::NoKey => "no key 0.00000s".to_owned(),
            Stats::Cached => {
                let mut compiled = self.0.engine.0.compiled.borrow_mut();
                match compiled.get(sql) {
                    Some(first) => {
                        let seconds = (now - first) as f64 / 1e6;
                        format!("cached since {}s ago", four_digits(seconds))
                    }
                    None => {
                        compiled.insert(sql.to_owned(), now);
                        "generated in 0.00000s".to_owned()
                    }
                }
            }
        };
        if self.0.engine.options().hide_parameters {
            self.log(&format!(
                "[{stats}] [SQL parameters hidden due to hide_parameters=True]"
            ));
        } else {
            let none = parameters.is_empty() && self.engine().dialect().paramstyle().is_named();
            let shown = if none { "{}".into() } else { parameters.repr() };
            self.log(&format!("[{stats}] {shown}"));
        }
    }

    /// Executes a query for reflection: not logged, not observed, and not counted as a change.
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    /// A statement of reflection that is logged and heard like any other, but is no step of a migration.
    pub(crate) fn introspect(&self, sql: &str) -> Result<driver::Cursor> {
        let none = StatementParameters::NONE;
        self.before_execution()?;
        let events = self.events();
        if let Some(events) = &events {
            events.before_cursor_execute(self, &mut sql.to_owned(), &mut none.clone())?;
        }
        self.log_statement(sql, &none, &Stats::Raw);
        let cursor = self.reflect(sql, &Parameters::NONE)?;
        if let Some(events) = events {
            events.after_cursor_execute(self, sql, &none)?;
        }
        Ok(cursor)
    }

    pub(crate) fn reflect(&self, sql: &str, parameters: &Parameters) -> Result<driver::Cursor> {
        let dbapi = self.before_execution()?;
        dbapi.execute(sql, parameters).map_err(|error| {
            self.wrap(error, sql, &StatementParameters::Single(parameters.clone()))
        })
    }
}

/// Formats like C's `%.4g`.
fn four_digits(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let exponent = number.abs().log10().floor() as i32;
    if (-5..4).contains(&exponent) {
        let decimals = (3 - exponent).max(0) as usize;
        let text = format!("{number:.decimals$}");
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        }
    } else {
        let text = format!("{number:.3e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{digits}e{sign}{:02}", exponent.abs())
    }
}
