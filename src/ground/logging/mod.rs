//! Python's `logging` as far as Alembic projects use it: loggers with levels, handlers, formats.

use crate::order::InOrder;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::hash::IndexMap;

use crate::diagnostic::Result;
use crate::formatting::percent::{MappedValue, format_mapping};
use crate::host::{Host, Now, Stream};

/// The level of a record, with Python's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level(pub u32);

impl Level {
    /// `logging.NOTSET`.
    pub const NOTSET: Level = Level(0);
    /// `logging.DEBUG`.
    pub const DEBUG: Level = Level(10);
    /// `logging.INFO`.
    pub const INFO: Level = Level(20);
    /// `logging.WARNING`.
    pub const WARNING: Level = Level(30);
    /// `logging.ERROR`.
    pub const ERROR: Level = Level(40);
    /// `logging.CRITICAL`.
    pub const CRITICAL: Level = Level(50);

    /// The level of that name, as `logging._checkLevel`.
    pub fn named(name: &str) -> Option<Level> {
        Some(match name {
            "CRITICAL" | "FATAL" => Level::CRITICAL,
            "ERROR" => Level::ERROR,
            "WARN" | "WARNING" => Level::WARNING,
            "INFO" => Level::INFO,
            "DEBUG" => Level::DEBUG,
            "NOTSET" => Level::NOTSET,
            _ => return None,
        })
    }

    /// `logging.getLevelName`.
    pub fn name(self) -> String {
        match self {
            Level::CRITICAL => "CRITICAL".to_owned(),
            Level::ERROR => "ERROR".to_owned(),
            Level::WARNING => "WARNING".to_owned(),
            Level::INFO => "INFO".to_owned(),
            Level::DEBUG => "DEBUG".to_owned(),
            Level::NOTSET => "NOTSET".to_owned(),
            Level(number) => format!("Level {number}"),
        }
    }
}

/// Where a handler writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandlerKind {
    /// `StreamHandler`.
    Stream(Stream),
    /// `FileHandler`: lines are appended to the file.
    File(String),
    /// `NullHandler`.
    Null,
}

/// `logging.Formatter` with `%` style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Formatter {
    /// The format; `%(message)s` where none is given.
    pub format: Option<String>,
    /// The date format; Python's own where none is given.
    pub datefmt: Option<String>,
}

/// One handler; a cheap handle, so that several loggers may share it.
#[derive(Clone, Debug)]
pub struct Handler(Rc<HandlerState>);

#[derive(Debug)]
struct HandlerState {
    kind: HandlerKind,
    level: Cell<Level>,
    formatter: RefCell<Option<Formatter>>,
}

impl Handler {
    /// A handler that takes every level and shows the bare message.
    pub fn new(kind: HandlerKind) -> Self {
        Handler(Rc::new(HandlerState {
            kind,
            level: Cell::new(Level::NOTSET),
            formatter: RefCell::new(None),
        }))
    }

    /// Where it writes.
    pub fn kind(&self) -> &HandlerKind {
        &self.0.kind
    }

    /// `setLevel`.
    pub fn set_level(&self, level: Level) {
        self.0.level.set(level);
    }

    /// `setFormatter`.
    pub fn set_formatter(&self, formatter: Formatter) {
        *self.0.formatter.borrow_mut() = Some(formatter);
    }

    /// Whether both are the same handler.
    pub fn is(&self, other: &Handler) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The logging state of a run; a cheap handle.
#[derive(Clone)]
pub struct Logging(Rc<LoggingState>);

struct LoggingState {
    host: Rc<dyn Host>,
    /// The root stands under the empty name.
    loggers: RefCell<IndexMap<String, Logger>>,
    disable: Cell<Level>,
    started: Cell<i64>,
}

struct Logger {
    level: Level,
    handlers: Vec<Handler>,
    propagate: bool,
    disabled: bool,
}

impl Default for Logger {
    fn default() -> Self {
        Logger {
            level: Level::NOTSET,
            handlers: Vec::new(),
            propagate: true,
            disabled: false,
        }
    }
}

/// The loggers that exist once Alembic and SQLAlchemy are imported: `fileConfig` disables those
/// of them that the file does not mention.
const IMPORTED_LOGGERS: &[&str] = &[
    "alembic",
    "alembic.autogenerate.api",
    "alembic.autogenerate.compare",
    "alembic.autogenerate.compare.comments",
    "alembic.autogenerate.compare.constraints",
    "alembic.autogenerate.compare.schema",
    "alembic.autogenerate.compare.server_defaults",
    "alembic.autogenerate.compare.tables",
    "alembic.autogenerate.compare.types",
    "alembic.config",
    "alembic.ddl.impl",
    "alembic.ddl.postgresql",
    "alembic.ext.checkconstraint_byname",
    "alembic.runtime.migration",
    "alembic.runtime.plugins",
    "alembic.util.messaging",
    "asyncio",
    "sqlalchemy",
];

impl Logging {
    /// Logging as it stands when Alembic begins: the root at WARNING without handlers, Alembic's
    /// own logger with one that shows nothing.
    pub fn new(host: Rc<dyn Host>) -> Self {
        let mut loggers: IndexMap<String, Logger> = IndexMap::default();
        loggers.insert(
            String::new(),
            Logger {
                level: Level::WARNING,
                ..Logger::default()
            },
        );
        for name in IMPORTED_LOGGERS {
            let mut logger = Logger::default();
            match *name {
                "alembic" => logger.handlers.push(Handler::new(HandlerKind::Null)),
                "sqlalchemy" => logger.level = Level::WARNING,
                _ => {}
            }
            loggers.insert((*name).to_owned(), logger);
        }
        let started = host.now().microseconds;
        Logging(Rc::new(LoggingState {
            host,
            loggers: RefCell::new(loggers),
            disable: Cell::new(Level::NOTSET),
            started: Cell::new(started),
        }))
    }

    /// The name under which a logger is kept.
    fn key(name: &str) -> &str {
        if name == "root" { "" } else { name }
    }

    fn with<T>(&self, name: &str, action: impl FnOnce(&mut Logger) -> T) -> T {
        let mut loggers = self.0.loggers.borrow_mut();
        action(loggers.entry(Self::key(name).to_owned()).or_default())
    }

    /// `logging.getLogger(name)`: the logger exists from then on.
    pub fn get_logger(&self, name: &str) {
        self.with(name, |_| ());
    }

    /// Names of all loggers but the root, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .0
            .loggers
            .borrow()
            .keys()
            .filter(|name| !name.is_empty())
            .cloned()
            .collect();
        names.in_order();
        names
    }

    /// `logger.setLevel`.
    pub fn set_level(&self, name: &str, level: Level) {
        self.with(name, |logger| logger.level = level);
    }

    /// `logger.level`.
    pub fn level(&self, name: &str) -> Level {
        self.0
            .loggers
            .borrow()
            .get(Self::key(name))
            .map_or(Level::NOTSET, |logger| logger.level)
    }

    /// `logger.addHandler`.
    pub fn add_handler(&self, name: &str, handler: Handler) {
        self.with(name, |logger| {
            if !logger.handlers.iter().any(|other| other.is(&handler)) {
                logger.handlers.push(handler);
            }
        });
    }

    /// `logger.removeHandler`.
    pub fn remove_handler(&self, name: &str, handler: &Handler) {
        self.with(name, |logger| {
            logger.handlers.retain(|other| !other.is(handler));
        });
    }

    /// `logger.handlers`.
    pub fn handlers(&self, name: &str) -> Vec<Handler> {
        self.0
            .loggers
            .borrow()
            .get(Self::key(name))
            .map(|logger| logger.handlers.clone())
            .unwrap_or_default()
    }

    /// Takes all handlers from a logger.
    pub fn clear_handlers(&self, name: &str) {
        self.with(name, |logger| logger.handlers.clear());
    }

    /// `logger.propagate = …`.
    pub fn set_propagate(&self, name: &str, propagate: bool) {
        self.with(name, |logger| logger.propagate = propagate);
    }

    /// `logger.propagate`.
    pub fn propagates(&self, name: &str) -> bool {
        self.with(name, |logger| logger.propagate)
    }

    /// `logger.disabled = …`.
    pub fn set_disabled(&self, name: &str, disabled: bool) {
        self.with(name, |logger| logger.disabled = disabled);
    }

    /// `logger.disabled`.
    pub fn is_disabled(&self, name: &str) -> bool {
        self.with(name, |logger| logger.disabled)
    }

    /// `logging.disable(level)`.
    pub fn disable(&self, level: Level) {
        self.0.disable.set(level);
    }

    /// `logger.getEffectiveLevel()`.
    pub fn effective_level(&self, name: &str) -> Level {
        let loggers = self.0.loggers.borrow();
        let mut found = Level::NOTSET;
        for_each_ancestor(Self::key(name), |name| match loggers.get(name) {
            Some(logger) if logger.level != Level::NOTSET => {
                found = logger.level;
                false
            }
            _ => true,
        });
        found
    }

    /// `logger.isEnabledFor(level)`; ask before building a costly message.
    pub fn is_enabled(&self, name: &str, level: Level) -> bool {
        let disabled = self
            .0
            .loggers
            .borrow()
            .get(Self::key(name))
            .is_some_and(|logger| logger.disabled);
        // `disable` holds back its own level too, NOTSET none.
        let held = self.0.disable.get() != Level::NOTSET && level <= self.0.disable.get();
        !disabled && !held && level >= self.effective_level(name)
    }

    /// Sends a record to the handlers of the logger and of those above it.
    pub fn log(&self, name: &str, level: Level, message: &str) {
        if !self.is_enabled(name, level) {
            return;
        }
        let mut handlers: Vec<Handler> = Vec::new();
        {
            let loggers = self.0.loggers.borrow();
            for_each_ancestor(Self::key(name), |name| match loggers.get(name) {
                Some(logger) => {
                    handlers.extend(logger.handlers.iter().cloned());
                    logger.propagate
                }
                None => true,
            });
        }
        if handlers.is_empty() {
            // `logging.lastResort`.
            if level >= Level::WARNING {
                self.0.host.output(Stream::Stderr, &format!("{message}\n"));
            }
            return;
        }
        for handler in handlers {
            if level >= handler.0.level.get() {
                self.emit(&handler, name, level, message);
            }
        }
    }

    fn emit(&self, handler: &Handler, name: &str, level: Level, message: &str) {
        if handler.0.kind == HandlerKind::Null {
            return;
        }
        let formatter = handler.0.formatter.borrow().clone().unwrap_or_default();
        let line = match self.format(&formatter, name, level, message) {
            Ok(line) => line,
            Err(error) => {
                // Python prints a traceback of the failed call and goes on.
                let text = format!(
                    "--- Logging error ---\n{}: {}\nMessage: {message:?}\n",
                    error.class_name(),
                    error.message
                );
                self.0.host.output(Stream::Stderr, &text);
                return;
            }
        };
        match &handler.0.kind {
            HandlerKind::Stream(stream) => self.0.host.output(*stream, &format!("{line}\n")),
            HandlerKind::File(path) => {
                let mut contents = self.0.host.read(path).unwrap_or_default();
                contents.extend_from_slice(line.as_bytes());
                contents.push(b'\n');
                // A log file that can't be written does not stop a migration.
                let _ = self.0.host.write(path, &contents);
            }
            HandlerKind::Null => {}
        }
    }

    /// Begins a log file anew, as a handler with the mode `w` does.
    pub fn empty_file(&self, path: &str) {
        // A log file that can't be written does not stop a migration.
        let _ = self.0.host.write(path, b"");
    }

    fn format(
        &self,
        formatter: &Formatter,
        name: &str,
        level: Level,
        message: &str,
    ) -> Result<String> {
        let Some(format) = &formatter.format else {
            return Ok(message.to_owned());
        };
        let now = self.0.host.now();
        let shown = if name.is_empty() { "root" } else { name };
        let text = |text: &str| Some(MappedValue::Text(text.to_owned()));
        let number = |number: i64| Some(MappedValue::Integer(number));
        format_mapping(format, &|field| match field {
            "name" => text(shown),
            "levelname" => text(&level.name()),
            "levelno" => number(i64::from(level.0)),
            "message" | "msg" => text(message),
            "asctime" => text(&asctime(now, formatter.datefmt.as_deref())),
            "created" => number(now.microseconds.div_euclid(1_000_000)),
            "msecs" => number(now.microseconds.rem_euclid(1_000_000) / 1000),
            "relativeCreated" => number((now.microseconds - self.0.started.get()) / 1000),
            "process" | "thread" | "lineno" => number(0),
            "processName" => text("MainProcess"),
            "threadName" => text("MainThread"),
            "module" | "funcName" | "filename" | "pathname" => text(""),
            _ => None,
        })
    }
}

/// Calls `action` for a logger's name and the names above it, the root last, until it returns `false`.
fn for_each_ancestor(name: &str, mut action: impl FnMut(&str) -> bool) {
    let mut name = name;
    loop {
        if !action(name) || name.is_empty() {
            return;
        }
        name = name.rfind('.').map_or("", |dot| &name[..dot]);
    }
}

/// `Formatter.formatTime`.
fn asctime(now: Now, datefmt: Option<&str>) -> String {
    let local = now.microseconds.div_euclid(1_000_000) + i64::from(now.local_offset);
    match datefmt {
        Some(datefmt) => strftime(datefmt, local),
        None => format!(
            "{},{:03}",
            strftime("%Y-%m-%d %H:%M:%S", local),
            now.microseconds.rem_euclid(1_000_000) / 1000
        ),
    }
}

/// `time.strftime` of a local time in seconds since 1970.
fn strftime(format: &str, local: i64) -> String {
    const DAYS: [&str; 7] = [
        "Sunday",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
    ];
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let days = local.div_euclid(86_400);
    let seconds = local.rem_euclid(86_400);
    let (year, month, day) = civil_from_days(days);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let weekday = DAYS[(days + 4).rem_euclid(7) as usize];
    let month_name = MONTHS[(month - 1).rem_euclid(12) as usize];
    let mut result = String::new();
    let mut characters = format.chars();
    while let Some(c) = characters.next() {
        if c != '%' {
            result.push(c);
            continue;
        }
        match characters.next() {
            Some('Y') => result.push_str(&format!("{year:04}")),
            Some('y') => result.push_str(&format!("{:02}", year.rem_euclid(100))),
            Some('m') => result.push_str(&format!("{month:02}")),
            Some('d') => result.push_str(&format!("{day:02}")),
            Some('e') => result.push_str(&format!("{day:2}")),
            Some('H') => result.push_str(&format!("{hour:02}")),
            Some('I') => result.push_str(&format!("{:02}", (hour + 11) % 12 + 1)),
            Some('M') => result.push_str(&format!("{minute:02}")),
            Some('S') => result.push_str(&format!("{second:02}")),
            Some('p') => result.push_str(if hour < 12 { "AM" } else { "PM" }),
            Some('A') => result.push_str(weekday),
            Some('a') => result.push_str(&weekday[..3]),
            Some('B') => result.push_str(month_name),
            Some('b' | 'h') => result.push_str(&month_name[..3]),
            Some('F') => result.push_str(&format!("{year:04}-{month:02}-{day:02}")),
            Some('T') => result.push_str(&format!("{hour:02}:{minute:02}:{second:02}")),
            Some('D') => {
                result.push_str(&format!("{month:02}/{day:02}/{:02}", year.rem_euclid(100)));
            }
            Some('s') => result.push_str(&local.to_string()),
            Some('%') => result.push('%'),
            Some(other) => {
                result.push('%');
                result.push(other);
            }
            None => result.push('%'),
        }
    }
    result
}

/// The date that many days after 1970-01-01, by the usual algorithm over eras of 400 years.
pub fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}
