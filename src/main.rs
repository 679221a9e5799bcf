//! `limbeck`: Alembic's command line on a project on disk.

use std::cell::RefCell;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use limbeck::host::{DatabasePlace, Host, HostError, Now, Stream, absolute_path};
use limbeck::run::Run;

/// The machine itself: real files, the system's clock, time zone and randomness.
#[derive(Debug)]
pub struct NativeHost {
    directory: String,
    /// Where output goes instead of the process's own streams, for a program that answers many
    /// commands.
    captured: Option<RefCell<String>>,
}

impl NativeHost {
    /// The host of a process that started in the given folder.
    pub fn new(directory: &str) -> Self {
        NativeHost {
            directory: directory.to_owned(),
            captured: None,
        }
    }

    /// The same, but what is written is kept for [`take_output`](Self::take_output).
    pub fn captured(directory: &str) -> Self {
        NativeHost {
            directory: directory.to_owned(),
            captured: Some(RefCell::default()),
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

    fn terminal_width(&self) -> Option<usize> {
        let (width, _) = terminal_size::terminal_size_of(std::io::stdin())?;
        Some(usize::from(width.0))
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
    let run = Run::new(Rc::new(NativeHost::new(&directory)));
    let status = limbeck::command::run(&run, &argv);
    let _ = std::io::stdout().flush();
    // An exit status is a byte, as the platform takes it.
    ExitCode::from((status & 0xff) as u8)
}
