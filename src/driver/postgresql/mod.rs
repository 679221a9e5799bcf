//! PostgreSQL over its wire protocol, with the behaviour of Python's drivers: psycopg, psycopg2,
//! asyncpg (as SQLAlchemy adapts it) and pg8000.
//!
//! They differ in what a person sees: how parameters are marked, the classes and texts of errors, and
//! what a statement without parameters may hold. What they have in common is in `connection`.

mod authentication;
mod connection;
#[cfg(not(target_family = "wasm"))]
mod copies;
mod decode;
mod encode;
mod errors;
mod failures;
mod literals;
mod placeholders;
mod settings;
mod wire;

use std::rc::Rc;

use crate::{ConnectArguments, Connection, Driver};
use ground::diagnostic::Result;
use ground::run::Run;

pub use connection::PostgresConnection;
#[cfg(not(target_family = "wasm"))]
pub use copies::Servers;

/// The Python drivers, each with its names in SQLAlchemy URLs.
pub const DRIVERS: &[(PostgresDriver, &[&str])] = &[
    (PostgresDriver::Psycopg, &["psycopg", "psycopg_async"]),
    (PostgresDriver::Psycopg2, &["psycopg2", "psycopg2cffi"]),
    (PostgresDriver::Asyncpg, &["asyncpg"]),
    (PostgresDriver::Pg8000, &["pg8000"]),
];

/// One of Python's drivers for PostgreSQL. The arguments of its `connect` are those of the Python
/// module: `host`, `port`, `user`, `password`, `dbname` or `database`, and the options of libpq.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostgresDriver {
    /// psycopg 3.
    Psycopg,
    /// psycopg2.
    Psycopg2,
    /// asyncpg, as SQLAlchemy adapts it to PEP 249.
    Asyncpg,
    /// pg8000.
    Pg8000,
}

impl PostgresDriver {
    /// The module of its exception class of that name.
    fn home(self, class: &str) -> &'static str {
        match (self, class) {
            (PostgresDriver::Pg8000, "Warning" | "Error" | "InterfaceError" | "DatabaseError") => {
                "pg8000.exceptions"
            }
            _ => self.module(),
        }
    }

    /// The module of its exceptions.
    fn module(self) -> &'static str {
        match self {
            PostgresDriver::Psycopg => "psycopg",
            PostgresDriver::Psycopg2 => "psycopg2",
            PostgresDriver::Asyncpg => {
                "sqlalchemy.dialects.postgresql.asyncpg.AsyncAdapt_asyncpg_dbapi"
            }
            PostgresDriver::Pg8000 => "pg8000.dbapi",
        }
    }
}

/// The base of an exception class that one of the drivers raises, by dotted names: `psycopg.IntegrityError`
/// for `psycopg.errors.UniqueViolation`. `None` for a class that is none of theirs.
pub fn exception_base(class: &str) -> Option<String> {
    DRIVERS
        .iter()
        .find_map(|(driver, _)| errors::exception_base(*driver, class))
}

/// The SQLSTATE that an exception class stands for.
pub fn sqlstate(class: &str) -> Option<&'static str> {
    errors::sqlstate(class)
}

impl Driver for PostgresDriver {
    fn name(&self) -> &'static str {
        match self {
            PostgresDriver::Psycopg => "psycopg",
            PostgresDriver::Psycopg2 => "psycopg2",
            PostgresDriver::Asyncpg => "asyncpg",
            PostgresDriver::Pg8000 => "pg8000",
        }
    }

    fn dbapi_class(&self, class: &str) -> Option<&'static str> {
        errors::dbapi_class(*self, class)
    }

    fn connect(&self, run: &Run, arguments: &ConnectArguments) -> Result<Rc<dyn Connection>> {
        Ok(Rc::new(PostgresConnection::open(run, *self, arguments)?))
    }
}
