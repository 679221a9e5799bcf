//! Everything outside the engine: files, the clock, randomness, environment variables, output.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::rc::Rc;

use crate::socket::{ServerAddress, Socket, SocketError};

/// Which of the two output streams a text goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output: what a command answers.
    Stdout,
    /// Standard error: log lines and failures.
    Stderr,
}

/// Why a file could not be read, written, listed or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostError {
    /// There is no such file or folder.
    NotFound(String),
    /// There is one already.
    Exists(String),
    /// A folder where a file was wanted.
    IsADirectory(String),
    /// A file where a folder was wanted.
    NotADirectory(String),
    /// Anything else, in the words of the platform.
    Other(String),
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HostError::NotFound(path) => {
                write!(f, "[Errno 2] No such file or directory: '{path}'")
            }
            HostError::Exists(path) => write!(f, "[Errno 17] File exists: '{path}'"),
            HostError::IsADirectory(path) => write!(f, "[Errno 21] Is a directory: '{path}'"),
            HostError::NotADirectory(path) => write!(f, "[Errno 20] Not a directory: '{path}'"),
            HostError::Other(message) => f.write_str(message),
        }
    }
}

/// A moment and the offset of the local time zone from UTC at that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub microseconds: i64,
    /// Seconds to add to UTC for local time.
    pub local_offset: i32,
}

/// Where the SQLite driver finds a database file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabasePlace {
    /// A real file that SQLite opens itself.
    File(PathBuf),
    /// A file of the workspace: the driver reads its bytes from the host into memory when it is
    /// opened, and writes them back when a transaction ends.
    Memory,
}

/// All that the engine reads from and writes to the outside. The same command on the same host gives the same bytes.
///
/// Paths use `/`. A path that does not start with `/` is relative to
/// [`current_directory`](Host::current_directory).
pub trait Host {
    /// The bytes of a file.
    fn read(&self, path: &str) -> Result<Vec<u8>, HostError>;
    /// Makes or replaces a file; its folder must exist.
    fn write(&self, path: &str, contents: &[u8]) -> Result<(), HostError>;
    /// Removes a file.
    fn remove(&self, path: &str) -> Result<(), HostError>;
    /// Makes a folder and those above it; one that is there already is no error.
    fn create_directories(&self, path: &str) -> Result<(), HostError>;
    /// Names in a folder, sorted by code point, folders without a trailing slash.
    fn list(&self, path: &str) -> Result<Vec<String>, HostError>;
    /// Whether there is a file at that path.
    fn is_file(&self, path: &str) -> bool;
    /// Whether there is a folder at that path.
    fn is_directory(&self, path: &str) -> bool;
    /// The folder that relative paths start from; absolute, without a trailing slash but for `/`.
    fn current_directory(&self) -> String;
    /// The clock.
    fn now(&self) -> Now;
    /// Fills the buffer with random bytes.
    fn random(&self, buffer: &mut [u8]);
    /// An environment variable.
    fn environment(&self, name: &str) -> Option<String>;
    /// The names of the environment variables, sorted, as far as they can be told.
    fn environment_names(&self) -> Vec<String> {
        Vec::new()
    }
    /// Removes an empty folder, where folders exist by themselves.
    fn remove_directory(&self, _path: &str) -> Result<(), HostError> {
        Ok(())
    }
    /// Sends text to standard output or standard error.
    fn output(&self, stream: Stream, text: &str);
    /// Where a database file lives.
    fn database(&self, path: &str) -> DatabasePlace;
    /// Opens a stream to a server.
    fn connect(&self, _address: &ServerAddress) -> Result<Box<dyn Socket>, SocketError> {
        Err(SocketError::Unavailable(
            "there is no network here".to_owned(),
        ))
    }
    /// How a session reaches the database of that name on this host: as a driver would have it, or
    /// this host's copy of it. Both are settings that only the driver can read.
    ///
    /// # Errors
    /// Why there is no copy.
    fn server_settings(
        &self,
        _name: &str,
        settings: Rc<dyn Any>,
    ) -> Result<Rc<dyn Any>, SocketError> {
        Ok(settings)
    }
    /// A host of its own whose connections lead to copies of the databases that this one's lead to.
    /// There, and on a host that gives one, a database of a server is a file as well
    /// ([`DatabasePlace::Memory`]), by the name that its dialect gives it, which holds what is
    /// committed. `None` where the servers are not the host's own.
    fn copy_of_servers(&self) -> Option<Rc<dyn Host>> {
        None
    }
    /// Whether standard output is a terminal, and its width in columns if so.
    fn terminal_width(&self) -> Option<usize> {
        None
    }
    /// Seconds to add to UTC for local time in a zone of the time zone database at that moment
    /// (microseconds since 1970), or `None` for a zone that is not known.
    fn time_zone_offset(&self, _name: &str, _microseconds: i64) -> Option<i32> {
        None
    }
    /// Opens a file in the user's editor. The error is what Alembic puts in brackets.
    fn open_in_editor(&self, _path: &str) -> Result<(), String> {
        Err(
            "No suitable editor found. Please set the \"EDITOR\" or \"VISUAL\" environment \
             variables"
                .to_owned(),
        )
    }
    /// Whether programs are run for a project's hooks; if not, why, as the end of a sentence.
    fn runs_programs(&self) -> Result<(), String> {
        Err("no programs are run here".to_owned())
    }
    /// Runs a program and waits for its end, whatever its status, with its output on the host's own
    /// streams.
    fn run_program(&self, _program: &Program) -> Result<(), ProgramError> {
        Err(ProgramError::NotFound)
    }
    /// Runs a program, waits for its end, and gives what it printed.
    fn program_output(&self, _program: &Program) -> Result<ProgramOutput, ProgramError> {
        Err(ProgramError::NotFound)
    }
}

/// A program that a post write hook asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// How the program is found.
    pub kind: ProgramKind,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// The folder it starts in; the current one if not given.
    pub directory: Option<String>,
}

/// What became of a program whose output was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProgramOutput {
    /// Its exit status; -1 where a signal ended it.
    pub status: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

/// How a post write hook names its program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramKind {
    /// `console_scripts`: a command that a Python package installed.
    ConsoleScript(String),
    /// `exec`: an executable.
    Executable(String),
    /// `module`: `python -m NAME`.
    Module(String),
}

/// Why a program did not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramError {
    /// There is no such console script or module.
    NotFound,
    /// The platform refused, as the Python exception of this class and text.
    Refused(&'static str, String),
}

/// Joins a path to the folder that it is relative to and resolves `.`, `..` and empty parts, as
/// `os.path.abspath` does.
pub fn absolute_path(directory: &str, path: &str) -> String {
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{directory}/{path}")
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// A host in memory: the tests' and the page's. Time stands still unless it is set, randomness is
/// a seeded sequence, and output is kept.
#[derive(Debug)]
pub struct MemoryHost {
    files: RefCell<BTreeMap<String, Vec<u8>>>,
    directories: RefCell<std::collections::BTreeSet<String>>,
    directory: RefCell<String>,
    environment: RefCell<BTreeMap<String, String>>,
    output: RefCell<Vec<(Stream, String)>>,
    now: Cell<Now>,
    seed: Cell<u64>,
}

impl Default for MemoryHost {
    fn default() -> Self {
        Self::new("/project")
    }
}

impl MemoryHost {
    /// An empty host whose current folder is the given absolute path.
    pub fn new(directory: &str) -> Self {
        let host = MemoryHost {
            files: RefCell::default(),
            directories: RefCell::default(),
            directory: RefCell::new(directory.to_owned()),
            environment: RefCell::default(),
            output: RefCell::default(),
            now: Cell::new(Now {
                microseconds: 1_767_225_600_000_000,
                local_offset: 0,
            }),
            seed: Cell::new(0x9E37_79B9_7F4A_7C15),
        };
        host.add_directories(directory);
        host
    }

    /// Sets the clock.
    pub fn set_now(&self, now: Now) {
        self.now.set(now);
    }

    /// Seeds the randomness.
    pub fn set_seed(&self, seed: u64) {
        self.seed.set(seed);
    }

    /// Sets or, with `None`, clears an environment variable.
    pub fn set_environment(&self, name: &str, value: Option<&str>) {
        let mut environment = self.environment.borrow_mut();
        match value {
            Some(value) => {
                environment.insert(name.to_owned(), value.to_owned());
            }
            None => {
                environment.remove(name);
            }
        }
    }

    /// Changes the current folder; the path is absolute.
    pub fn set_current_directory(&self, path: &str) {
        *self.directory.borrow_mut() = absolute_path("/", path);
    }

    /// Takes the output so far, in the order in which it was written.
    pub fn take_output(&self) -> Vec<(Stream, String)> {
        std::mem::take(&mut self.output.borrow_mut())
    }

    /// Every file with its absolute path, in the order of paths.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.files
            .borrow()
            .iter()
            .map(|(path, contents)| (path.clone(), contents.clone()))
            .collect()
    }

    /// Every folder's absolute path, in order.
    pub fn directories(&self) -> Vec<String> {
        self.directories.borrow().iter().cloned().collect()
    }

    fn absolute(&self, path: &str) -> String {
        absolute_path(&self.directory.borrow(), path)
    }

    fn add_directories(&self, path: &str) {
        let mut directories = self.directories.borrow_mut();
        let mut path = absolute_path("/", path);
        while path != "/" {
            directories.insert(path.clone());
            match path.rfind('/') {
                Some(0) | None => break,
                Some(end) => path.truncate(end),
            }
        }
    }
}

impl Host for MemoryHost {
    fn read(&self, path: &str) -> Result<Vec<u8>, HostError> {
        if self.is_directory(path) {
            return Err(HostError::IsADirectory(path.to_owned()));
        }
        self.files
            .borrow()
            .get(&self.absolute(path))
            .cloned()
            .ok_or_else(|| HostError::NotFound(path.to_owned()))
    }

    fn write(&self, path: &str, contents: &[u8]) -> Result<(), HostError> {
        let absolute = self.absolute(path);
        if self.is_directory(&absolute) {
            return Err(HostError::IsADirectory(path.to_owned()));
        }
        let folder = absolute.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !self.is_directory(if folder.is_empty() { "/" } else { folder }) {
            return Err(HostError::NotFound(path.to_owned()));
        }
        self.files.borrow_mut().insert(absolute, contents.to_vec());
        Ok(())
    }

    fn remove(&self, path: &str) -> Result<(), HostError> {
        self.files
            .borrow_mut()
            .remove(&self.absolute(path))
            .map(|_| ())
            .ok_or_else(|| HostError::NotFound(path.to_owned()))
    }

    fn create_directories(&self, path: &str) -> Result<(), HostError> {
        let absolute = self.absolute(path);
        if self.is_file(&absolute) {
            return Err(HostError::Exists(path.to_owned()));
        }
        self.add_directories(&absolute);
        Ok(())
    }

    fn list(&self, path: &str) -> Result<Vec<String>, HostError> {
        if !self.is_directory(path) {
            return Err(if self.is_file(path) {
                HostError::NotADirectory(path.to_owned())
            } else {
                HostError::NotFound(path.to_owned())
            });
        }
        let absolute = self.absolute(path);
        let prefix = if absolute == "/" {
            "/".to_owned()
        } else {
            format!("{absolute}/")
        };
        let mut names = std::collections::BTreeSet::new();
        let files = self.files.borrow();
        let directories = self.directories.borrow();
        for path in files.keys().chain(directories.iter()) {
            if let Some(rest) = path.strip_prefix(&prefix) {
                let name = rest.split('/').next().unwrap_or(rest);
                if !name.is_empty() {
                    names.insert(name.to_owned());
                }
            }
        }
        Ok(names.into_iter().collect())
    }

    fn is_file(&self, path: &str) -> bool {
        self.files.borrow().contains_key(&self.absolute(path))
    }

    fn is_directory(&self, path: &str) -> bool {
        let absolute = self.absolute(path);
        absolute == "/" || self.directories.borrow().contains(&absolute)
    }

    fn current_directory(&self) -> String {
        self.directory.borrow().clone()
    }

    fn now(&self) -> Now {
        self.now.get()
    }

    fn random(&self, buffer: &mut [u8]) {
        for byte in buffer {
            // xorshift64*: a fixed sequence from a seed, so that a run can be repeated.
            let mut state = self.seed.get();
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            self.seed.set(state);
            *byte = (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 56) as u8;
        }
    }

    fn environment_names(&self) -> Vec<String> {
        self.environment.borrow().keys().cloned().collect()
    }

    fn remove_directory(&self, path: &str) -> Result<(), HostError> {
        let path = absolute_path(&self.directory.borrow(), path);
        self.directories.borrow_mut().remove(&path);
        Ok(())
    }

    fn environment(&self, name: &str) -> Option<String> {
        self.environment.borrow().get(name).cloned()
    }

    fn output(&self, stream: Stream, text: &str) {
        self.output.borrow_mut().push((stream, text.to_owned()));
    }

    fn database(&self, _path: &str) -> DatabasePlace {
        DatabasePlace::Memory
    }
}
