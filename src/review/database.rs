//! Read access to a database: an image opened separately.

use std::cell::OnceCell;
use std::rc::Rc;

use super::copy::unreadable;
use super::schema::{TableSchema, find_table, read_tables};
use driver::{Parameters, Value};
use ground::diagnostic::Result;
use ground::host::{Host, HostError};
use ground::run::Run;
use sqlalchemy::engine::Connection;
use sqlalchemy::image::Image;
use sqlalchemy::inspector::{Inspector, ReflectedColumn};

/// A copy of a database on a host of its own; reading it has no effect elsewhere.
pub struct Database {
    image: Image,
    connection: Connection,
    tables: OnceCell<Rc<Vec<TableSchema>>>,
}

impl Database {
    /// Opens the bytes of a database file; empty bytes are a database without tables.
    ///
    /// # Errors
    /// The database's, for bytes that are no database.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Database> {
        let image = Image::of_file(&bytes).map_err(|error| unreadable(&error))?;
        Self::from_image(&image)
    }

    /// Opens an image recorded during a run.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes).
    pub fn from_image(image: &Image) -> Result<Database> {
        Ok(Database {
            image: image.clone(),
            connection: image.open()?,
            tables: OnceCell::new(),
        })
    }

    /// Opens a copy of a host's database in its current state; a missing one has no tables.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes).
    pub fn of_host(host: &Rc<dyn Host>, name: &str) -> Result<Database> {
        let image = take(host, name, None).map_err(|error| unreadable(&error))?;
        Self::from_image(&image)
    }

    /// The tables with their columns, keys, indexes and constraints, by name, without system tables
    /// and the version table.
    ///
    /// # Errors
    /// The database's.
    pub fn tables(&self) -> Result<Rc<Vec<TableSchema>>> {
        if let Some(known) = self.tables.get() {
            return Ok(known.clone());
        }
        let tables = Rc::new(read_tables(&self.connection)?);
        Ok(self.tables.get_or_init(|| tables).clone())
    }

    /// A table, if it exists; the others are not read for it.
    pub fn table(&self, name: &str) -> Option<TableSchema> {
        match self.tables.get() {
            Some(tables) => tables.iter().find(|known| known.name == name).cloned(),
            None => find_table(&self.connection, name).ok().flatten(),
        }
    }

    /// The reflected columns of a table.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub(super) fn columns(&self, table: &str) -> Result<Rc<Vec<ReflectedColumn>>> {
        Inspector::new(&self.connection)?.get_columns(table, None)
    }

    /// The rows of a query.
    ///
    /// # Errors
    /// The database's.
    pub fn query(&self, sql: &str) -> Result<Vec<Vec<Value>>> {
        let dbapi = self.connection.dbapi()?;
        Ok(dbapi.execute(sql, &Parameters::NONE)?.rows)
    }

    /// The first value of a query as a number; zero if there is none.
    pub(super) fn number(&self, sql: &str) -> u64 {
        self.query(sql)
            .ok()
            .and_then(|rows| rows.first()?.first()?.as_integer())
            .and_then(|number| u64::try_from(number).ok())
            .unwrap_or(0)
    }

    pub(super) fn image(&self) -> &Image {
        &self.image
    }
}

/// The image of a database; a missing one is empty.
///
/// # Errors
/// `NotFound` for a name that belongs to no dialect.
pub(super) fn take(
    host: &Rc<dyn Host>,
    name: &str,
    earlier: Option<&Image>,
) -> Result<Image, HostError> {
    let images = sqlalchemy::image::owner(name)?;
    Ok(images
        .take(host, name, earlier)
        .unwrap_or_else(|_| images.image_from_bytes(&[])))
}

/// Connects to a database of a host, in autocommit mode.
///
/// # Errors
/// The database's.
pub(super) fn connect(run: &Run, name: &str) -> Result<Connection> {
    let images = sqlalchemy::image::owner(name).map_err(|error| unreadable(&error))?;
    images.connect(run, name)
}

/// A quoted identifier.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A string literal.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
