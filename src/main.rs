//! `limbeck`: Alembic's command line on a project on disk.

mod network;

use limbeck::driver::Servers;
use limbeck::ground::exception;
use std::cell::{OnceCell, RefCell};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use limbeck::ground::event::{Event, Observer};
use limbeck::ground::host::{
    DatabasePlace, Host, HostError, Now, Program, ProgramError, ProgramKind, ProgramOutput, Stream,
    absolute_path,
};
use limbeck::ground::run::Run;
use limbeck::ground::socket::{ServerAddress, Socket, SocketError};
use signal_hook::consts::SIGINT;

/// Python's values are many small allocations, at which the system's allocator is slow.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The operating system: real files, clock, time zone and randomness.
pub struct NativeHost {
    directory: String,
    /// Copies of the databases on servers, for commands that try something.
    servers: OnceCell<Rc<Servers>>,
    /// Where output goes instead of the process's own streams, for a program that answers many
    /// commands.
    captured: Option<RefCell<String>>,
}

impl NativeHost {
    /// The host of a process that started in the given folder.
    pub fn new(directory: &str) -> Self {
        NativeHost {
            directory: directory.to_owned(),
            servers: OnceCell::new(),
            captured: None,
        }
    }

    /// The same, but what is written is kept for [`take_output`](Self::take_output).
    pub fn captured(directory: &str) -> Self {
        NativeHost {
            directory: directory.to_owned(),
            servers: OnceCell::new(),
            captured: Some(RefCell::default()),
        }
    }

    /// Drops the copies of databases on servers that are left.
    pub fn drop_copies(&self) {
        if let Some(servers) = self.servers.get() {
            servers.close();
        }
    }

    /// What was written so far, both streams in one.
    pub fn take_output(&self) -> String {
        self.captured
            .as_ref()
            .map(RefCell::take)
            .unwrap_or_default()
    }

    fn path(&self, path: &str) -> PathBuf {
        if path.starts_with('/') {
            PathBuf::from(path)
        } else {
            PathBuf::from(&self.directory).join(path)
        }
    }
}

fn host_error(error: &std::io::Error, path: &str) -> HostError {
    let path = path.to_owned();
    match error.kind() {
        ErrorKind::NotFound => HostError::NotFound(path),
        ErrorKind::AlreadyExists => HostError::Exists(path),
        ErrorKind::IsADirectory => HostError::IsADirectory(path),
        ErrorKind::NotADirectory => HostError::NotADirectory(path),
        _ => HostError::Other(format!("{error}: '{path}'")),
    }
}

impl Host for NativeHost {
    fn read(&self, path: &str) -> Result<Vec<u8>, HostError> {
        fs::read(self.path(path)).map_err(|error| host_error(&error, path))
    }

    fn write(&self, path: &str, contents: &[u8]) -> Result<(), HostError> {
        fs::write(self.path(path), contents).map_err(|error| host_error(&error, path))
    }

    fn remove(&self, path: &str) -> Result<(), HostError> {
        fs::remove_file(self.path(path)).map_err(|error| host_error(&error, path))
    }

    fn create_directories(&self, path: &str) -> Result<(), HostError> {
        fs::create_dir_all(self.path(path)).map_err(|error| host_error(&error, path))
    }

    fn list(&self, path: &str) -> Result<Vec<String>, HostError> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.path(path)).map_err(|error| host_error(&error, path))? {
            let entry = entry.map_err(|error| host_error(&error, path))?;
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    fn is_file(&self, path: &str) -> bool {
        self.path(path).is_file()
    }

    fn is_directory(&self, path: &str) -> bool {
        self.path(path).is_dir()
    }

    fn current_directory(&self) -> String {
        self.directory.clone()
    }

    fn now(&self) -> Now {
        // A clock before 1970 reads as 1970.
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let microseconds = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
        let local_offset = jiff::Timestamp::from_microsecond(microseconds)
            .map(|at| jiff::tz::TimeZone::system().to_offset(at).seconds())
            .unwrap_or_default();
        Now {
            microseconds,
            local_offset,
        }
    }

    fn random(&self, buffer: &mut [u8]) {
        if getrandom::fill(buffer).is_err() {
            // A system without randomness still gets ids that differ from run to run.
            let seed = self.now().microseconds.to_le_bytes();
            for (byte, seed) in buffer.iter_mut().zip(seed.iter().cycle()) {
                *byte = *seed;
            }
        }
    }

    fn environment_names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .collect();
        names.sort();
        names
    }

    fn remove_directory(&self, path: &str) -> Result<(), HostError> {
        fs::remove_dir(self.path(path)).map_err(|error| host_error(&error, path))
    }

    fn environment(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn output(&self, stream: Stream, text: &str) {
        if let Some(captured) = &self.captured {
            captured.borrow_mut().push_str(text);
            return;
        }
        // A reader that went away, as `head` does, is no failure of the command.
        let _ = match stream {
            Stream::Stdout => std::io::stdout().write_all(text.as_bytes()),
            Stream::Stderr => std::io::stdout()
                .flush()
                .and_then(|()| std::io::stderr().write_all(text.as_bytes())),
        };
    }

    fn database(&self, path: &str) -> DatabasePlace {
        DatabasePlace::File(PathBuf::from(absolute_path(&self.directory, path)))
    }

    fn connect(&self, address: &ServerAddress) -> Result<Box<dyn Socket>, SocketError> {
        network::connect(address)
    }

    fn copy_of_servers(&self) -> Option<Rc<dyn Host>> {
        let below = || Servers::new(Rc::new(NativeHost::new(&self.directory)));
        Some(self.servers.get_or_init(below).copies())
    }

    fn terminal_width(&self) -> Option<usize> {
        let (width, _) = terminal_size::terminal_size_of(std::io::stdin())?;
        Some(usize::from(width.0))
    }

    fn time_zone_offset(&self, name: &str, microseconds: i64) -> Option<i32> {
        let zone = jiff::tz::TimeZone::get(name).ok()?;
        // Python finds a zone by the name of its file, to the letter.
        if zone.iana_name() != Some(name) {
            return None;
        }
        let at = jiff::Timestamp::from_microsecond(microseconds).ok()?;
        Some(zone.to_offset(at).seconds())
    }

    fn open_in_editor(&self, path: &str) -> Result<(), String> {
        let editor = self.find_editor()?;
        let words = python_list(&[&editor, path]);
        let status = Command::new(&editor)
            .arg(path)
            .status()
            .map_err(|error| os_error(&error, &editor).1)?;
        match ended(status) {
            None => Ok(()),
            Some(how) => Err(format!("Command '{words}' {how}.")),
        }
    }

    fn runs_programs(&self) -> Result<(), String> {
        match self.environment("LIMBECK_POST_WRITE_HOOKS").as_deref() {
            Some("run") => Ok(()),
            _ => Err("set LIMBECK_POST_WRITE_HOOKS=run to have hooks run".to_owned()),
        }
    }

    fn run_program(&self, program: &Program) -> Result<(), ProgramError> {
        let (name, first) = match &program.kind {
            ProgramKind::Executable(name) => (name.clone(), Vec::new()),
            ProgramKind::ConsoleScript(name) => {
                let found = self.find_executable(name).ok_or(ProgramError::NotFound)?;
                (found, Vec::new())
            }
            ProgramKind::Module(module) => {
                let python = ["python", "python3"]
                    .iter()
                    .find_map(|name| self.find_executable(name))
                    .ok_or(ProgramError::NotFound)?;
                let look =
                    "import importlib.util as u, sys; sys.exit(u.find_spec(sys.argv[1]) is None)";
                let there = Command::new(&python)
                    .args(["-c", look, module])
                    .current_dir(&self.directory)
                    .output()
                    .is_ok_and(|output| output.status.success());
                if !there {
                    return Err(ProgramError::NotFound);
                }
                (python, vec!["-m".to_owned(), module.clone()])
            }
        };
        let directory = match &program.directory {
            Some(directory) => self.path(directory),
            None => PathBuf::from(&self.directory),
        };
        let refused = |error: &std::io::Error, name: &str| {
            let (class, text) = os_error(error, name);
            ProgramError::Refused(class, text)
        };
        if let Some(shown) = &program.directory {
            fs::read_dir(&directory).map_err(|error| refused(&error, shown))?;
        }
        let _ = std::io::stdout().flush();
        Command::new(&name)
            .args(first)
            .args(&program.arguments)
            .current_dir(directory)
            .status()
            .map_err(|error| refused(&error, &name))?;
        Ok(())
    }

    fn program_output(&self, program: &Program) -> Result<ProgramOutput, ProgramError> {
        let (ProgramKind::Executable(name) | ProgramKind::ConsoleScript(name)) = &program.kind
        else {
            return Err(ProgramError::NotFound);
        };
        let found = self.find_executable(name).ok_or(ProgramError::NotFound)?;
        let directory = program.directory.as_deref().unwrap_or(&self.directory);
        let output = Command::new(found)
            .args(&program.arguments)
            .current_dir(self.path(directory))
            .output()
            .map_err(|error| {
                let (class, text) = os_error(&error, name);
                ProgramError::Refused(class, text)
            })?;
        Ok(ProgramOutput {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }
}

impl NativeHost {
    /// `alembic.util.editor._find_editor`.
    fn find_editor(&self) -> Result<String, String> {
        let mut candidates: Vec<String> = ["sensible-editor", "editor", "nano", "vim", "code"]
            .map(str::to_owned)
            .to_vec();
        for (at, variable) in ["EDITOR", "VISUAL"].into_iter().enumerate() {
            if let Some(choice) = self.environment(variable) {
                if self.path(&choice).exists() && !choice.is_empty() {
                    return Ok(choice);
                }
                if !choice.contains('/') {
                    candidates.insert(at, choice);
                }
            }
        }
        candidates
            .iter()
            .find_map(|name| self.find_executable(name))
            .ok_or_else(|| {
                "No suitable editor found. Please set the \"EDITOR\" or \"VISUAL\" environment \
                 variables"
                    .to_owned()
            })
    }

    /// The first file of that name in the folders of `PATH`.
    fn find_executable(&self, name: &str) -> Option<String> {
        let folders = self.environment("PATH").unwrap_or_default();
        folders.split(':').find_map(|folder| {
            let path = Path::new(folder).join(name);
            self.path(&path.to_string_lossy())
                .exists()
                .then(|| path.to_string_lossy().into_owned())
        })
    }
}

/// `repr()` of a list of strings, as far as paths go.
fn python_list(words: &[&str]) -> String {
    let words: Vec<String> = words
        .iter()
        .map(|word| limbeck::ground::formatting::repr::string_repr(word))
        .collect();
    format!("[{}]", words.join(", "))
}

/// How a program failed, in the words of `CalledProcessError`.
fn ended(status: ExitStatus) -> Option<String> {
    match status.code() {
        Some(0) => None,
        Some(code) => Some(format!("returned non-zero exit status {code}")),
        None => Some("died with a signal".to_owned()),
    }
}

/// An error of the platform as Python's exception: its class and its text.
fn os_error(error: &std::io::Error, name: &str) -> (&'static str, String) {
    let class = match error.kind() {
        ErrorKind::NotFound => exception::FILE_NOT_FOUND_ERROR,
        ErrorKind::PermissionDenied => exception::PERMISSION_ERROR,
        ErrorKind::NotADirectory => exception::NOT_A_DIRECTORY_ERROR,
        _ => exception::OS_ERROR,
    };
    let words = error.to_string();
    let words = words.split(" (os error").next().unwrap_or_default();
    let name = limbeck::ground::formatting::repr::string_repr(name);
    match error.raw_os_error() {
        Some(number) => (class, format!("[Errno {number}] {words}: {name}")),
        None => (class, format!("{words}: {name}")),
    }
}

/// Whether the person pressed Ctrl+C, upon which the command ends in order: a statement that runs is
/// cancelled, what has begun is rolled back.
struct Interruption(Arc<AtomicBool>);

impl Interruption {
    /// Takes the signal from now on. The second one ends the process at once.
    fn awaited() -> Self {
        let pressed = Arc::new(AtomicBool::new(false));
        // Where the platform lets no signal be taken, it ends the process as ever.
        let _ = signal_hook::flag::register_conditional_shutdown(SIGINT, 130, pressed.clone())
            .and_then(|_| signal_hook::flag::register(SIGINT, pressed.clone()));
        Interruption(pressed)
    }
}

impl Observer for Interruption {
    fn event(&self, _event: Event) {}

    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

fn main() -> ExitCode {
    let directory = match std::env::current_dir() {
        Ok(directory) => directory.to_string_lossy().into_owned(),
        Err(error) => {
            eprintln!("limbeck: the current folder can't be read: {error}");
            return ExitCode::FAILURE;
        }
    };
    let argv: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let host = Rc::new(NativeHost::new(&directory));
    let run = Run::observed(host.clone(), Rc::new(Interruption::awaited()));
    let status = limbeck::cli::run(&run, &argv);
    host.drop_copies();
    let _ = std::io::stdout().flush();
    // An exit status is a byte, as the platform takes it.
    ExitCode::from((status & 0xff) as u8)
}
