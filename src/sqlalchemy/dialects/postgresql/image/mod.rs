//! Snapshots of databases of PostgreSQL on a host that holds them as files
//! ([`Host::copy_of_servers`](ground::host::Host::copy_of_servers)): what is committed, as the host
//! writes it.

use std::rc::Rc;

use crate::engine::{Connection, EngineOptions, Url, create_engine};
use crate::image::{CompareRows, Image, ImageState, Images};
use ground::diagnostic::{Error, Result};
use ground::host::{DatabasePlace, Host, HostError};
use ground::run::Run;

mod rows;

/// What the name of a database on its host begins with; the rest is the database's own.
const SCHEME: &str = "postgresql:///";

/// The name of a database on a host that holds it as a file.
pub(super) fn name_on(host: &dyn Host, database: &str) -> Option<String> {
    let name = format!("{SCHEME}{database}");
    (host.database(&name) == DatabasePlace::Memory).then_some(name)
}

/// A snapshot: the bytes of the file, and a host on which it can be opened.
struct ServerState {
    host: Option<Rc<dyn Host>>,
    name: String,
    pieces: Vec<Rc<[u8]>>,
}

/// No bytes are a database without a table.
fn pieces(bytes: &[u8]) -> Vec<Rc<[u8]>> {
    if bytes.is_empty() {
        Vec::new()
    } else {
        vec![bytes.into()]
    }
}

/// PostgreSQL's operations on whole databases.
pub struct PostgreSQLImages;

impl Images for PostgreSQLImages {
    fn owns(&self, database: &str) -> bool {
        database.starts_with(SCHEME)
    }

    fn take(
        &self,
        host: &Rc<dyn Host>,
        database: &str,
        earlier: Option<&Image>,
    ) -> Result<Image, HostError> {
        let bytes = match host.read(database) {
            Err(HostError::NotFound(_)) => Vec::new(),
            other => other?,
        };
        let known = earlier.and_then(|earlier| earlier.state().downcast_ref::<ServerState>());
        Ok(match (earlier, known) {
            (Some(earlier), Some(known)) if known.pieces.concat() == bytes => earlier.clone(),
            _ => Image::new(Rc::new(ServerState {
                host: Some(host.clone()),
                name: database.to_owned(),
                pieces: pieces(&bytes),
            })),
        })
    }

    fn image_from_bytes(&self, bytes: &[u8]) -> Image {
        Image::new(Rc::new(ServerState {
            host: None,
            name: format!("{SCHEME}postgres"),
            pieces: pieces(bytes),
        }))
    }

    fn sees_uncommitted(&self) -> bool {
        false
    }

    fn empty(&self, host: &Rc<dyn Host>, database: &str) -> Result<(), HostError> {
        host.remove(database)
    }

    fn connect(&self, run: &Run, database: &str) -> Result<Connection> {
        connect(run, database)
    }
}

impl ImageState for ServerState {
    fn pieces(&self) -> &[Rc<[u8]>] {
        &self.pieces
    }

    fn restore(&self, host: &Rc<dyn Host>, database: &str) -> Result<(), HostError> {
        if self.pieces.is_empty() {
            return match host.remove(database) {
                Err(HostError::NotFound(_)) => Ok(()),
                other => other,
            };
        }
        host.write(database, &self.pieces.concat())
    }

    fn open(&self) -> Result<Connection> {
        let host = self.host.as_ref().and_then(|host| host.copy_of_servers());
        let Some(host) = host else {
            return Err(Error::unsupported(
                "A state of a database of PostgreSQL is opened on the host that has taken it.",
            ));
        };
        self.restore(&host, &self.name)
            .map_err(|error| Error::new("OSError", error.to_string()))?;
        connect(&Run::new(host), &self.name)
    }

    fn compare(&self, later: &Image) -> Result<Box<dyn CompareRows>> {
        Ok(Box::new(rows::Pair::new(self.open()?, later.open()?)))
    }
}

/// Opens a database in autocommit mode.
fn connect(run: &Run, name: &str) -> Result<Connection> {
    let url = Url {
        drivername: "postgresql".to_owned(),
        host: Some("localhost".to_owned()),
        username: Some("postgres".to_owned()),
        database: Some(name.strip_prefix(SCHEME).unwrap_or(name).to_owned()),
        ..Url::default()
    };
    let options = EngineOptions {
        isolation_level: Some("AUTOCOMMIT".to_owned()),
        ..EngineOptions::default()
    };
    create_engine(run, &url, options)?.connect()
}
