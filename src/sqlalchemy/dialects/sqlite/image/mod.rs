//! Snapshots of SQLite databases: the pages of the file. Unchanged pages are shared with earlier
//! snapshots.

mod rows;

use std::rc::Rc;

use self::rows::Pair;
use crate::engine::{Connection, EngineOptions, Url, create_engine};
use crate::image::{CompareRows, Image, ImageState, Images};
use driver::Parameters;
use driver::sqlite::{Pages, restore, snapshot};
use ground::diagnostic::{Error, Result};
use ground::host::{Host, HostError, MemoryHost};
use ground::run::Run;

/// A snapshot of a database file.
struct FileState(Pages);

/// SQLite's operations on whole databases, which are identified by file path.
pub struct SQLiteImages;

impl Images for SQLiteImages {
    fn owns(&self, database: &str) -> bool {
        !database.contains("://")
    }

    fn take(
        &self,
        host: &Rc<dyn Host>,
        database: &str,
        earlier: Option<&Image>,
    ) -> Result<Image, HostError> {
        let known = earlier.and_then(|earlier| earlier.state().downcast_ref::<FileState>());
        let pages = snapshot(host, database, known.map(|known| &known.0))?;
        Ok(match (earlier, known) {
            (Some(earlier), Some(known)) if known.0.is(&pages) => earlier.clone(),
            _ => Image::new(Rc::new(FileState(pages))),
        })
    }

    fn image_from_bytes(&self, bytes: &[u8]) -> Image {
        Image::new(Rc::new(FileState(Pages::compared(bytes, None))))
    }

    fn only_reads(&self, first_word: &str) -> bool {
        matches!(first_word, "SELECT" | "PRAGMA" | "EXPLAIN" | "VALUES")
    }

    fn lost_in_cast(&self, column: &str, type_: &str, family: &str) -> Option<String> {
        let cast = format!("CAST({column} AS {type_})");
        match family {
            "text" => None,
            "boolean" => Some(format!("{column} NOT IN (0, 1, '0', '1')")),
            "date" | "datetime" | "time" => Some(format!(
                "CAST({cast} AS TEXT) IS NOT CAST({column} AS TEXT)"
            )),
            // Several texts convert back to the same number.
            _ => Some(format!(
                "(typeof({column}) = 'text' AND (CAST({cast} AS TEXT) IS NOT {column} AND \
                 CAST({cast} AS TEXT) IS NOT {column} || '.0' AND NOT (CAST({cast} AS TEXT) || \
                 '0' IS {column}))) OR (typeof({column}) = 'real' AND {cast} <> {column})"
            )),
        }
    }

    fn empty(&self, host: &Rc<dyn Host>, database: &str) -> Result<(), HostError> {
        host.remove(database)
    }

    fn connect(&self, run: &Run, database: &str) -> Result<Connection> {
        connect(run, database)
    }
}

impl ImageState for FileState {
    fn pieces(&self) -> &[Rc<[u8]>] {
        self.0.pages()
    }

    fn restore(&self, host: &Rc<dyn Host>, database: &str) -> Result<(), HostError> {
        restore(host, database, &self.0.pages().concat())
    }

    fn open(&self) -> Result<Connection> {
        const PATH: &str = "/database";
        let host: Rc<dyn Host> = Rc::new(MemoryHost::new("/"));
        write(&host, PATH, &self.0.pages().concat())?;
        let connection = connect(&Run::new(host), PATH)?;
        // Whether the bytes are a valid database is only known when they are read.
        connection
            .dbapi()?
            .execute("SELECT count(*) FROM sqlite_master", &Parameters::NONE)?;
        Ok(connection)
    }

    fn compare(&self, later: &Image) -> Result<Box<dyn CompareRows>> {
        Ok(Box::new(Pair::open(
            &self.0.pages().concat(),
            &later.bytes(),
        )?))
    }
}

fn write(host: &Rc<dyn Host>, path: &str, bytes: &[u8]) -> Result<()> {
    host.write(path, bytes)
        .map_err(|error| Error::new("OSError", error.to_string()))
}

/// Opens a file of the host in autocommit mode.
fn connect(run: &Run, path: &str) -> Result<Connection> {
    let url = Url {
        drivername: "sqlite".to_owned(),
        database: Some(path.to_owned()),
        ..Url::default()
    };
    let options = EngineOptions {
        isolation_level: Some("AUTOCOMMIT".to_owned()),
        ..EngineOptions::default()
    };
    create_engine(run, &url, options)?.connect()
}
