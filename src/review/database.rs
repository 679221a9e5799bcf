//! A database to read: an image opened on its own.

use std::cell::OnceCell;
use std::rc::Rc;

use super::copy::unreadable;
use super::recorder::Image;
use super::schema::{TableSchema, read_tables};
use driver::{self, ConnectArguments, Driver as _, Parameters, Sqlite, Value};
use ground::diagnostic::Result;
use ground::host::{Host, MemoryHost};
use ground::run::Run;

/// A copy of a database, on a host of its own: reading it touches nothing else.
pub struct Database {
    run: Run,
    bytes: Rc<Vec<u8>>,
    connection: Rc<dyn driver::Connection>,
    tables: OnceCell<Rc<Vec<TableSchema>>>,
}

const PATH: &str = "/database";

impl Database {
    /// Opens the bytes of a database file; no bytes are a database without a table.
    ///
    /// # Errors
    /// SQLite's, for bytes that are no database.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Database> {
        let bytes = Rc::new(bytes);
        let host: Rc<dyn Host> = Rc::new(MemoryHost::new("/"));
        host.write(PATH, &bytes)
            .map_err(|error| unreadable(&error))?;
        let run = Run::new(host);
        let connection = open(&run, PATH)?;
        // Whether the bytes are a database shows when they are read.
        connection.execute("SELECT count(*) FROM sqlite_master", &Parameters::NONE)?;
        Ok(Database {
            run,
            bytes,
            connection,
            tables: OnceCell::new(),
        })
    }

    /// Opens an image that a run recorded.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes).
    pub fn from_image(image: &Image) -> Result<Database> {
        Self::from_bytes(image.bytes())
    }

    /// Opens a copy of a database of a host as it is now; one that is not there has no table.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes).
    pub fn of_host(host: &Rc<dyn Host>, path: &str) -> Result<Database> {
        Self::from_bytes(driver::snapshot(host, path).unwrap_or_default())
    }

    /// The tables with their columns, keys, indexes and constraints, by name; neither SQLite's
    /// own nor the version table.
    ///
    /// # Errors
    /// SQLite's.
    pub fn tables(&self) -> Result<Rc<Vec<TableSchema>>> {
        if let Some(known) = self.tables.get() {
            return Ok(known.clone());
        }
        let tables = Rc::new(read_tables(&self.run, PATH, self.connection.as_ref())?);
        Ok(self.tables.get_or_init(|| tables).clone())
    }

    /// One table, where it is there.
    pub fn table(&self, name: &str) -> Option<TableSchema> {
        let tables = self.tables().ok()?;
        tables.iter().find(|known| known.name == name).cloned()
    }

    /// The rows of a query.
    ///
    /// # Errors
    /// SQLite's.
    pub fn query(&self, sql: &str) -> Result<Vec<Vec<Value>>> {
        Ok(self.connection.execute(sql, &Parameters::NONE)?.rows)
    }

    /// The first value of a query as a number; zero where there is none.
    pub(super) fn number(&self, sql: &str) -> u64 {
        self.query(sql)
            .ok()
            .and_then(|rows| rows.first()?.first()?.as_integer())
            .and_then(|number| u64::try_from(number).ok())
            .unwrap_or(0)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.connection.close();
    }
}

/// Opens a database in autocommit mode.
pub(super) fn open(run: &Run, path: &str) -> Result<Rc<dyn driver::Connection>> {
    Sqlite.connect(
        run,
        &ConnectArguments {
            database: path.to_owned(),
            isolation_level: Some(None),
            ..ConnectArguments::default()
        },
    )
}

/// A name as SQLite reads it back.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQLite reads it back.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
