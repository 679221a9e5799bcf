//! A copy of a workspace to run commands on: reads through to the original and keeps writes to
//! itself.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use driver;
use ground::diagnostic::{Error, Result};
use ground::host::{DatabasePlace, Host, HostError, Now, Stream, absolute_path};
use ground::socket::{ServerAddress, Socket, SocketError};

const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// A host over another one that it never writes to. Databases are held in memory and output is
/// captured; the clock is frozen and random bytes repeat, so that two runs can be compared.
pub struct CopyHost {
    below: Rc<dyn Host>,
    /// Where connections lead.
    servers: RefCell<Option<Rc<dyn Host>>>,
    files: RefCell<BTreeMap<String, Option<Vec<u8>>>>,
    directories: RefCell<BTreeSet<String>>,
    output: RefCell<String>,
    seed: Cell<u64>,
    /// Where the random bytes begin.
    first_seed: u64,
    now: Now,
}

impl CopyHost {
    /// A copy of a host's current state, with the committed contents of its databases.
    pub fn new(below: &Rc<dyn Host>) -> Rc<Self> {
        // Flushes the driver's pending writes to the original first, so that the copy reads the
        // same; any command would do so at its end.
        let _ = driver::flush(below);
        Rc::new(CopyHost {
            below: below.clone(),
            servers: RefCell::new(below.copy_of_servers()),
            files: RefCell::default(),
            directories: RefCell::default(),
            output: RefCell::default(),
            seed: Cell::new(SEED),
            first_seed: SEED,
            now: below.now(),
        })
    }

    /// Copies this copy in its current state.
    pub fn again(&self) -> Rc<Self> {
        Rc::new(CopyHost {
            below: self.below.clone(),
            servers: RefCell::new(self.copy_of_servers()),
            files: self.files.clone(),
            directories: self.directories.clone(),
            output: RefCell::default(),
            seed: Cell::new(self.first_seed),
            first_seed: self.first_seed,
            now: self.now,
        })
    }

    /// Copies this copy, a day later and with other random bytes.
    pub fn at_another_time(&self) -> Rc<Self> {
        let again = self.again();
        Rc::new(CopyHost {
            files: again.files.clone(),
            directories: again.directories.clone(),
            servers: again.servers.clone(),
            below: again.below.clone(),
            output: RefCell::default(),
            seed: Cell::new(!SEED),
            first_seed: !SEED,
            now: Now {
                microseconds: self.now.microseconds + 86_400_000_001,
                ..self.now
            },
        })
    }

    /// Restarts the sequence of random bytes.
    pub fn repeat_random(&self) {
        self.seed.set(self.first_seed);
    }

    /// What was written to standard output and standard error.
    pub fn take_output(&self) -> String {
        self.output.take()
    }

    fn absolute(&self, path: &str) -> String {
        absolute_path(&self.current_directory(), path)
    }

    /// The host that has a database of a server, by its name.
    fn server(&self, path: &str) -> Option<Rc<dyn Host>> {
        let servers = self.servers.borrow();
        servers.as_ref().filter(|_| path.contains("://")).cloned()
    }

    /// Leaves the copies of servers: no command runs here any more. Objects that user code keeps may
    /// hold this host for longer.
    pub fn leave_servers(&self) {
        self.servers.take();
    }
}

impl Host for CopyHost {
    fn read(&self, path: &str) -> Result<Vec<u8>, HostError> {
        if let Some(server) = self.server(path) {
            return server.read(path);
        }
        match self.files.borrow().get(&self.absolute(path)) {
            Some(Some(contents)) => Ok(contents.clone()),
            Some(None) => Err(HostError::NotFound(path.to_owned())),
            None => self.below.read(path),
        }
    }
    fn write(&self, path: &str, contents: &[u8]) -> Result<(), HostError> {
        if let Some(server) = self.server(path) {
            return server.write(path, contents);
        }
        let absolute = self.absolute(path);
        if self.is_directory(&absolute) {
            return Err(HostError::IsADirectory(path.to_owned()));
        }
        let folder = absolute.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !folder.is_empty() && !self.is_directory(folder) {
            return Err(HostError::NotFound(path.to_owned()));
        }
        self.files
            .borrow_mut()
            .insert(absolute, Some(contents.to_vec()));
        Ok(())
    }
    fn remove(&self, path: &str) -> Result<(), HostError> {
        if let Some(server) = self.server(path) {
            return server.remove(path);
        }
        if !self.is_file(path) {
            return Err(HostError::NotFound(path.to_owned()));
        }
        self.files.borrow_mut().insert(self.absolute(path), None);
        Ok(())
    }
    fn create_directories(&self, path: &str) -> Result<(), HostError> {
        let mut absolute = self.absolute(path);
        if self.is_file(&absolute) {
            return Err(HostError::Exists(path.to_owned()));
        }
        let mut directories = self.directories.borrow_mut();
        while absolute != "/" && !self.below.is_directory(&absolute) {
            directories.insert(absolute.clone());
            match absolute.rfind('/') {
                Some(0) | None => break,
                Some(end) => absolute.truncate(end),
            }
        }
        Ok(())
    }
    fn list(&self, path: &str) -> Result<Vec<String>, HostError> {
        let absolute = self.absolute(path);
        let mut names: BTreeSet<String> = match self.below.list(path) {
            Ok(names) => names.into_iter().collect(),
            Err(_) if self.directories.borrow().contains(&absolute) => BTreeSet::new(),
            Err(error) => return Err(error),
        };
        let prefix = if absolute == "/" {
            absolute
        } else {
            format!("{absolute}/")
        };
        for directory in self.directories.borrow().iter() {
            if let Some(rest) = directory.strip_prefix(&prefix)
                && !rest.contains('/')
            {
                names.insert(rest.to_owned());
            }
        }
        for (file, contents) in self.files.borrow().iter() {
            if let Some(rest) = file.strip_prefix(&prefix)
                && !rest.contains('/')
            {
                match contents {
                    Some(_) => names.insert(rest.to_owned()),
                    None => names.remove(rest),
                };
            }
        }
        Ok(names.into_iter().collect())
    }
    fn is_file(&self, path: &str) -> bool {
        if let Some(server) = self.server(path) {
            return server.is_file(path);
        }
        match self.files.borrow().get(&self.absolute(path)) {
            Some(contents) => contents.is_some(),
            None => self.below.is_file(path),
        }
    }
    fn is_directory(&self, path: &str) -> bool {
        self.directories.borrow().contains(&self.absolute(path)) || self.below.is_directory(path)
    }
    fn current_directory(&self) -> String {
        self.below.current_directory()
    }
    fn now(&self) -> Now {
        self.now
    }
    fn random(&self, buffer: &mut [u8]) {
        for byte in buffer {
            let mut state = self.seed.get();
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            self.seed.set(state);
            *byte = (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 56) as u8;
        }
    }
    fn environment_names(&self) -> Vec<String> {
        self.below.environment_names()
    }

    fn environment(&self, name: &str) -> Option<String> {
        self.below.environment(name)
    }
    fn output(&self, _stream: Stream, text: &str) {
        let mut output = self.output.borrow_mut();
        // Enough to explain a failure; a script may print endlessly.
        if output.len() < 1 << 20 {
            output.push_str(text);
        }
    }
    fn database(&self, _path: &str) -> DatabasePlace {
        DatabasePlace::Memory
    }
    fn connect(&self, address: &ServerAddress) -> Result<Box<dyn Socket>, SocketError> {
        match &*self.servers.borrow() {
            Some(servers) => servers.connect(address),
            None => Err(SocketError::Unavailable(
                "a revision is not tried on a server, of which there is no copy".to_owned(),
            )),
        }
    }
    fn server_settings(
        &self,
        name: &str,
        settings: Rc<dyn Any>,
    ) -> Result<Rc<dyn Any>, SocketError> {
        match &*self.servers.borrow() {
            Some(servers) => servers.server_settings(name, settings),
            None => Ok(settings),
        }
    }
    fn copy_of_servers(&self) -> Option<Rc<dyn Host>> {
        self.servers.borrow().as_ref()?.copy_of_servers()
    }
    fn time_zone_offset(&self, name: &str, microseconds: i64) -> Option<i32> {
        self.below.time_zone_offset(name, microseconds)
    }
}

/// The error for a file of the copy that cannot be read.
pub(super) fn unreadable(error: &HostError) -> Error {
    Error::new("OSError", error.to_string())
}
