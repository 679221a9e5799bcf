//! The engine's one error type, and the source locations that it refers to.

use crate::exception;
use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

/// A range of one source file, as UTF-8 byte offsets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Which file, as an index into the table that parsed it (`python::Sources`).
    pub file: u32,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// A range of a source file in lines and columns, as messages show it; both count from one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Path as it was opened, with `/` between folders.
    pub path: Rc<str>,
    /// Line, from one.
    pub line: u32,
    /// Column in characters (Unicode scalar values), from one.
    pub column: u32,
    /// Line on which the range ends, from one.
    pub end_line: u32,
    /// Column after its last character, from one.
    pub end_column: u32,
}

/// One frame of a Python traceback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The line that was running.
    pub location: Location,
    /// Name of the function, or `<module>`.
    pub function: Rc<str>,
    /// The source line without its indentation.
    pub source_line: Rc<str>,
    /// How many characters of indentation it had.
    pub indentation: u32,
}

/// Why Alembic refuses: the refusals that a person can do something about, which all are the same
/// `CommandError` to the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No script has the revision that was asked for, or that the database is stamped with.
    RevisionNotFound(String),
    /// A script follows or depends on a revision that no script has.
    ParentNotFound {
        /// The revision that is absent.
        parent: String,
        /// The revision that names it.
        revision: String,
    },
    /// One head was wanted and there are these.
    SeveralHeads(Vec<String>),
    /// Autogenerate wants a database that has all revisions.
    DatabaseBehind,
    /// env.py gives autogenerate no `target_metadata`.
    NoMetadata,
}

/// A Python exception or an error of the engine, with what is needed to report it.
///
/// Every room from `driver` upwards returns this type. `class` is the dotted name of the Python
/// class that the reference would raise (`sqlalchemy.exc.OperationalError`,
/// `alembic.util.exc.CommandError`, `KeyError`), so that user code can catch it by that name.
#[derive(Clone)]
pub struct Error(Box<ErrorParts>);

/// What an [`Error`] carries.
#[derive(Clone)]
pub struct ErrorParts {
    /// Dotted name of the exception class; built-in classes stand without a module.
    pub class: Cow<'static, str>,
    /// What `str(exception)` gives.
    pub message: String,
    /// The exception that this one was raised from (`__cause__`, or `orig` of a DBAPI error).
    pub cause: Option<Error>,
    /// The database's own number for it, such as SQLite's extended result code, where the error
    /// came from one.
    pub database_code: Option<i32>,
    /// What a database server reported, where the error came from one: its fields by the letters that
    /// they have in the server's protocol.
    pub report: Option<Rc<[(u8, String)]>>,
    /// The statement that failed and its parameters as text, where there is one.
    pub statement: Option<String>,
    /// What was bound to it, in a type of the room that executed it; others pass it on unread.
    pub parameters: Option<Rc<dyn Any>>,
    /// Frames, outermost first, as a traceback prints them.
    pub traceback: Vec<Frame>,
    /// Advice that goes beyond the reference's message.
    pub hint: Option<String>,
    /// What kind of refusal it is, where one class stands for several.
    pub reason: Option<Reason>,
    /// The raised Python value, kept so that `except` sees the same object; rooms below `python`
    /// pass it on unread.
    pub raised: Option<Rc<dyn Any>>,
}

impl Error {
    /// An error of the given Python class.
    pub fn new(class: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Error(Box::new(ErrorParts {
            class: class.into(),
            message: message.into(),
            cause: None,
            database_code: None,
            report: None,
            statement: None,
            parameters: None,
            traceback: Vec::new(),
            hint: None,
            reason: None,
            raised: None,
        }))
    }

    /// `alembic.util.exc.CommandError`: what the command line prints after `FAILED:`.
    pub fn command(message: impl Into<String>) -> Self {
        Self::new(exception::COMMAND_ERROR, message)
    }

    /// `limbeck.Unsupported`: the reference can do this, Limbeck can't (yet). COMPAT.md lists these.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(exception::UNSUPPORTED, message)
    }

    /// The run was cancelled by whoever observes it.
    pub fn cancelled() -> Self {
        Self::new(exception::CANCELLED, "the run was cancelled")
    }

    /// Whether it says that the run was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.class == exception::CANCELLED
    }

    /// The same error with a hint.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// The same error with its reason.
    pub fn with_reason(mut self, reason: Reason) -> Self {
        self.0.reason = Some(reason);
        self
    }

    /// The same error with its cause.
    pub fn with_cause(mut self, cause: Error) -> Self {
        self.0.cause = Some(cause);
        self
    }

    /// Last part of the class name, as a traceback's last line shows built-in classes.
    pub fn class_name(&self) -> &str {
        self.class.rsplit('.').next().unwrap_or(&self.class)
    }
}

impl std::ops::Deref for Error {
    type Target = ErrorParts;
    fn deref(&self) -> &ErrorParts {
        &self.0
    }
}

impl std::ops::DerefMut for Error {
    fn deref_mut(&mut self) -> &mut ErrorParts {
        &mut self.0
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class, self.message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// What every fallible function of the engine returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;
