//! Where a lesson is played: files in memory, and where it works on a server, connections to the one
//! that the environment names.

use std::rc::Rc;

use driver::Parameters;
use ground::diagnostic::{Error, Result};
use ground::host::{DatabasePlace, Host, HostError, MemoryHost, Now, Stream};
use ground::run::Run;
use ground::socket::{ServerAddress, Socket, SocketError};
use sqlalchemy::engine::make_url;

use crate::lessons::Lesson;

/// Names the server for lessons that work on one, `HOST:PORT`; its superuser `postgres` has no
/// password.
const SERVER: &str = "LIMBECK_POSTGRESQL";

/// A host of its own for one lesson.
pub(super) struct Stage {
    memory: MemoryHost,
    /// The host that opens connections, and the server's host and port.
    server: Option<(Rc<dyn Host>, String, u16)>,
}

impl Stage {
    /// A place for a lesson; `None` where it needs a server and the environment names none.
    ///
    /// # Errors
    /// Where the server can't be reached, or does not let its database be made.
    pub(super) fn new(run: &Run, lesson: &Lesson) -> Result<Option<Rc<Stage>>> {
        let memory = MemoryHost::new("/project");
        let server = run.host.environment(SERVER).and_then(|address| {
            let (host, port) = address.rsplit_once(':')?;
            Some((run.host.clone(), host.to_owned(), port.parse().ok()?))
        });
        let stage = Rc::new(Stage { memory, server });
        let name = lesson.database.name.clone().unwrap_or_default();
        let dialect = &lesson.database.dialect;
        let own = Run::new(stage.clone());
        let url = make_url(&format!("{dialect}:///{name}"))?;
        let is_file = name.is_empty() || url.get_dialect().database_of(&own, &url).is_some();
        if is_file {
            return Ok(Some(stage));
        }
        if stage.server.is_none() {
            return Ok(None);
        }
        stage.memory.set_environment("PGUSER", Some("postgres"));
        let url = make_url(&format!("{dialect}:///postgres"))?;
        let connection = crate::lessons::connect(&own, &url)?;
        let dbapi = connection.dbapi()?;
        let quoted = connection.engine().dialect().quote_identifier(&name);
        let made = [
            format!("DROP DATABASE IF EXISTS {quoted} WITH (FORCE)"),
            format!("CREATE DATABASE {quoted}"),
        ]
        .iter()
        .try_for_each(|sql| dbapi.execute(sql, &Parameters::NONE).map(drop));
        connection.engine().dispose();
        made.map(|()| Some(stage))
    }

    /// The memory under it.
    pub(super) fn memory(&self) -> &MemoryHost {
        &self.memory
    }

    /// Whether it has databases on a server.
    pub(super) fn is_on_server(&self) -> bool {
        self.memory.environment("PGUSER").is_some()
    }

    /// Makes the lesson's folder the current one.
    ///
    /// # Errors
    /// Where there is no such folder.
    pub(super) fn enter(&self, directory: &str) -> Result<()> {
        if !directory.is_empty() {
            if !self.memory.is_directory(directory) {
                return Err(Error::command(format!("There is no folder {directory}.")));
            }
            self.memory
                .set_current_directory(&format!("/project/{directory}"));
        }
        Ok(())
    }
}

impl Host for Stage {
    fn read(&self, path: &str) -> Result<Vec<u8>, HostError> {
        self.memory.read(path)
    }
    fn write(&self, path: &str, contents: &[u8]) -> Result<(), HostError> {
        self.memory.write(path, contents)
    }
    fn remove(&self, path: &str) -> Result<(), HostError> {
        self.memory.remove(path)
    }
    fn create_directories(&self, path: &str) -> Result<(), HostError> {
        self.memory.create_directories(path)
    }
    fn list(&self, path: &str) -> Result<Vec<String>, HostError> {
        self.memory.list(path)
    }
    fn is_file(&self, path: &str) -> bool {
        self.memory.is_file(path)
    }
    fn is_directory(&self, path: &str) -> bool {
        self.memory.is_directory(path)
    }
    fn current_directory(&self) -> String {
        self.memory.current_directory()
    }
    fn now(&self) -> Now {
        self.memory.now()
    }
    fn random(&self, buffer: &mut [u8]) {
        self.memory.random(buffer);
    }
    fn environment(&self, name: &str) -> Option<String> {
        self.memory.environment(name)
    }
    fn environment_names(&self) -> Vec<String> {
        self.memory.environment_names()
    }
    fn remove_directory(&self, path: &str) -> Result<(), HostError> {
        self.memory.remove_directory(path)
    }
    fn output(&self, stream: Stream, text: &str) {
        self.memory.output(stream, text);
    }
    fn database(&self, path: &str) -> DatabasePlace {
        if path.contains("://") {
            // A server's database is no file here.
            DatabasePlace::File(path.into())
        } else {
            self.memory.database(path)
        }
    }
    fn connect(&self, _address: &ServerAddress) -> Result<Box<dyn Socket>, SocketError> {
        match &self.server {
            Some((outside, host, port)) => outside.connect(&ServerAddress::Tcp {
                host: host.clone(),
                port: *port,
                timeout: None,
            }),
            None => Err(SocketError::Unavailable(
                "this lesson works on no server".to_owned(),
            )),
        }
    }
}
