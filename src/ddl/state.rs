//! The state of a dialect's implementation.

use std::cell::RefCell;
use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use ground::run::Run;
use sqlalchemy::dialects::Dialect;
use sqlalchemy::engine::Connection;

/// Receives the output of `--sql`.
pub type Output = Rc<dyn Fn(&str) -> Result<()>>;

/// Constructor arguments.
pub struct ImplOptions {
    /// The command's run.
    pub run: Run,
    /// The connection; `None` in `--sql` mode.
    pub connection: Option<Connection>,
    /// Whether SQL is rendered instead of executed.
    pub as_sql: bool,
    /// Overrides the dialect's default.
    pub transactional_ddl: Option<bool>,
    /// Whether bound values are rendered inline.
    pub literal_binds: bool,
    /// Options of one dialect's own, such as `mssql_batch_separator`.
    pub options: Vec<(String, String)>,
    /// Receives the SQL.
    pub output: Output,
}

/// The state of an implementation.
pub struct ImplState {
    run: Run,
    dialect: Dialect,
    connection: RefCell<Option<Connection>>,
    as_sql: bool,
    pub(super) transactional_ddl: Option<bool>,
    pub(super) literal_binds: bool,
    options: Vec<(String, String)>,
    pub(super) output: Output,
}

impl ImplState {
    /// Creates the state for a dialect.
    ///
    /// # Errors
    /// `CommandError` for `literal_binds` without `--sql`.
    pub fn new(dialect: &Dialect, options: ImplOptions) -> Result<Self> {
        if options.literal_binds && !options.as_sql {
            return Err(Error::command(
                "Can't use literal_binds setting without as_sql mode",
            ));
        }
        Ok(ImplState {
            run: options.run,
            dialect: dialect.clone(),
            connection: RefCell::new(options.connection),
            as_sql: options.as_sql,
            transactional_ddl: options.transactional_ddl,
            literal_binds: options.literal_binds,
            options: options.options,
            output: options.output,
        })
    }

    /// The command's run.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The dialect.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// The connection; `None` in `--sql` mode.
    pub fn connection(&self) -> Option<Connection> {
        self.connection.borrow().clone()
    }

    /// Whether SQL is rendered instead of executed.
    pub fn as_sql(&self) -> bool {
        self.as_sql
    }

    /// An option of one dialect's own.
    pub(super) fn option(&self, name: &str) -> Option<String> {
        let found = self.options.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    }

    /// Shows what SQLAlchemy warned of while a statement was made.
    pub(super) fn show_warnings(&self) {
        for warning in sqlalchemy::schema::take_warnings() {
            self.run.warning(warning.category, &warning.message);
        }
    }

    /// The connection, in online mode.
    pub(super) fn online(&self) -> Result<Connection> {
        self.connection()
            .ok_or_else(|| Error::new("AssertionError", ""))
    }
}
