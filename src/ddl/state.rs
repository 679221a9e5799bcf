//! What an implementation of a dialect holds.

use std::cell::RefCell;
use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use ground::run::Run;
use sqlalchemy::dialects::Dialect;
use sqlalchemy::engine::Connection;

/// Takes the text that `--sql` writes.
pub type Output = Rc<dyn Fn(&str) -> Result<()>>;

/// The constructor's arguments.
pub struct ImplOptions {
    /// What surrounds the command.
    pub run: Run,
    /// The connection; none in `--sql` mode.
    pub connection: Option<Connection>,
    /// Whether SQL is written instead of run.
    pub as_sql: bool,
    /// Overrules the dialect's habit.
    pub transactional_ddl: Option<bool>,
    /// Whether bound values are written into the SQL.
    pub literal_binds: bool,
    /// Takes the SQL.
    pub output: Output,
}

/// What an implementation holds.
pub struct ImplState {
    run: Run,
    dialect: Dialect,
    connection: RefCell<Option<Connection>>,
    as_sql: bool,
    pub(super) transactional_ddl: Option<bool>,
    pub(super) literal_binds: bool,
    pub(super) output: Output,
}

impl ImplState {
    /// State for a dialect.
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
            output: options.output,
        })
    }

    /// What surrounds the command.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The dialect.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// The connection; none in `--sql` mode.
    pub fn connection(&self) -> Option<Connection> {
        self.connection.borrow().clone()
    }

    /// Whether SQL is written instead of run.
    pub fn as_sql(&self) -> bool {
        self.as_sql
    }

    /// The connection, where statements are run.
    pub(super) fn online(&self) -> Result<Connection> {
        self.connection()
            .ok_or_else(|| Error::new("AssertionError", ""))
    }
}
