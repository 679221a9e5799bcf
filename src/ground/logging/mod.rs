//! Python's `logging` as far as Alembic projects use it: loggers with levels, handlers, formats.

use crate::order::InOrder;
use std::any::Any;
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
    /// One that the program wrote or made itself.
    Custom,
}

/// Where a record was made: the path of the file, the line, the function.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The path of the file.
    pub path: String,
    /// Line, from one.
    pub line: u32,
    /// The function's name.
    pub function: String,
}

/// A record on its way to the handlers.
pub struct Record<'a> {
    /// The logger's name; empty for the root.
    pub name: &'a str,
    /// Its level.
    pub level: Level,
    /// The message with its arguments.
    pub message: &'a str,
    /// What a formatter puts below the message: a traceback.
    pub below: &'a str,
    /// Where it was made, if a program made it.
    pub place: Option<Place>,
    /// The program's own `LogRecord`, made when the first handler of its own sees the record.
    pub object: RefCell<Option<Rc<dyn Any>>>,
}

/// A handler that the program wrote or made itself.
pub trait CustomHandler {
    /// `handler.level`.
    fn level(&self) -> Level;
    /// `handler.handle(record)`.
    ///
    /// Errors: what it raises.
    fn handle(&self, record: &Record<'_>) -> Result<()>;
    /// For comparing with another one.
    fn identity(&self) -> usize;
    /// For the room that made it.
    fn as_any(&self) -> &dyn Any;
}

/// The filters of a logger, which the program wrote.
pub trait CustomFilters {
    /// Whether all let the record pass.
    ///
    /// Errors: what they raise.
    fn pass(&self, record: &Record<'_>) -> Result<bool>;
    /// For the room that made them.
    fn as_any(&self) -> &dyn Any;
}

/// The list of a logger's handlers, which the program may change.
pub trait HandlerList {
    /// What it holds.
    fn handlers(&self) -> Vec<Handler>;
    /// Puts in another one.
    fn add(&self, handler: &Handler);
    /// Takes one out.
    fn remove(&self, handler: &Handler);
    /// Takes out all.
    fn clear(&self);
    /// For the room that made it.
    fn as_any(&self) -> &dyn Any;
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
#[derive(Clone)]
pub struct Handler(Rc<HandlerState>);

struct HandlerState {
    kind: HandlerKind,
    custom: Option<Rc<dyn CustomHandler>>,
    level: Cell<Level>,
    formatter: RefCell<Option<Formatter>>,
}

impl Handler {
    /// A handler that takes every level and shows the bare message.
    pub fn new(kind: HandlerKind) -> Self {
        Handler(Rc::new(HandlerState {
            kind,
            custom: None,
            level: Cell::new(Level::NOTSET),
            formatter: RefCell::new(None),
        }))
    }

    /// One that the program wrote or made itself.
    pub fn custom(custom: Rc<dyn CustomHandler>) -> Self {
        Handler(Rc::new(HandlerState {
            kind: HandlerKind::Custom,
            custom: Some(custom),
            level: Cell::new(Level::NOTSET),
            formatter: RefCell::new(None),
        }))
    }

    /// The program's own handler, if it is one.
    pub fn as_custom(&self) -> Option<&Rc<dyn CustomHandler>> {
        self.0.custom.as_ref()
    }

    /// `handler.level`.
    pub fn level(&self) -> Level {
        match &self.0.custom {
            Some(custom) => custom.level(),
            None => self.0.level.get(),
        }
    }

    /// Its formatter, if it was given one.
    pub fn formatter(&self) -> Option<Formatter> {
        self.0.formatter.borrow().clone()
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
        match (&self.0.custom, &other.0.custom) {
            (Some(one), Some(other)) => one.identity() == other.identity(),
            _ => Rc::ptr_eq(&self.0, &other.0),
        }
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
    /// The names that `addLevelName` gave.
    level_names: RefCell<Vec<(Level, String)>>,
}

struct Logger {
    level: Level,
    handlers: Vec<Handler>,
    /// In place of `handlers`, once the program has seen the list.
    list: Option<Rc<dyn HandlerList>>,
    filters: Option<Rc<dyn CustomFilters>>,
    propagate: bool,
    disabled: bool,
}

impl Default for Logger {
    fn default() -> Self {
        Logger {
            level: Level::NOTSET,
            handlers: Vec::new(),
            list: None,
            filters: None,
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
            level_names: RefCell::default(),
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

    /// `logging.addLevelName`.
    pub fn add_level_name(&self, level: Level, name: &str) {
        let mut names = self.0.level_names.borrow_mut();
        names.retain(|(known, text)| *known != level && text != name);
        names.push((level, name.to_owned()));
    }

    /// `logging.getLevelName` of a number.
    pub fn level_name(&self, level: Level) -> String {
        let names = self.0.level_names.borrow();
        match names.iter().find(|(known, _)| *known == level) {
            Some((_, name)) => name.clone(),
            None => level.name(),
        }
    }

    /// The level of that name.
    pub fn level_named(&self, name: &str) -> Option<Level> {
        let names = self.0.level_names.borrow();
        let own = names.iter().find(|(_, known)| known == name);
        own.map(|(level, _)| *level).or_else(|| Level::named(name))
    }

    /// `logger.addHandler`.
    pub fn add_handler(&self, name: &str, handler: Handler) {
        if let Some(list) = self.list(name) {
            return list.add(&handler);
        }
        self.with(name, |logger| {
            if !logger.handlers.iter().any(|other| other.is(&handler)) {
                logger.handlers.push(handler);
            }
        });
    }

    /// `logger.removeHandler`.
    pub fn remove_handler(&self, name: &str, handler: &Handler) {
        if let Some(list) = self.list(name) {
            return list.remove(handler);
        }
        self.with(name, |logger| {
            logger.handlers.retain(|other| !other.is(handler));
        });
    }

    /// `logger.handlers`.
    pub fn handlers(&self, name: &str) -> Vec<Handler> {
        if let Some(list) = self.list(name) {
            return list.handlers();
        }
        let loggers = self.0.loggers.borrow();
        let logger = loggers.get(Self::key(name));
        logger
            .map(|logger| logger.handlers.clone())
            .unwrap_or_default()
    }

    /// `logger.hasHandlers()`: its own, or those of a logger above it.
    pub fn has_handlers(&self, name: &str) -> bool {
        !self.reached(name).is_empty()
    }

    /// Takes all handlers from a logger.
    pub fn clear_handlers(&self, name: &str) {
        if let Some(list) = self.list(name) {
            return list.clear();
        }
        self.with(name, |logger| logger.handlers.clear());
    }

    /// The list of a logger's handlers that the program has seen.
    pub fn list(&self, name: &str) -> Option<Rc<dyn HandlerList>> {
        let loggers = self.0.loggers.borrow();
        loggers.get(Self::key(name))?.list.clone()
    }

    /// Has a logger's handlers be those of a list from now on.
    pub fn set_list(&self, name: &str, list: Rc<dyn HandlerList>) {
        self.with(name, |logger| logger.list = Some(list));
    }

    /// A logger's filters, once the program has seen their list.
    pub fn filters(&self, name: &str) -> Option<Rc<dyn CustomFilters>> {
        let loggers = self.0.loggers.borrow();
        loggers.get(Self::key(name))?.filters.clone()
    }

    /// Sets a logger's filters.
    pub fn set_filters(&self, name: &str, filters: Rc<dyn CustomFilters>) {
        self.with(name, |logger| logger.filters = Some(filters));
    }

    /// Whether a record of that logger comes to code of the program, which wants to see how it was
    /// made.
    pub fn is_custom(&self, name: &str) -> bool {
        let custom = |handler: &Handler| handler.as_custom().is_some();
        self.filters(name).is_some() || self.reached(name).iter().any(custom)
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

    /// The handlers of a logger and of those above it.
    fn reached(&self, name: &str) -> Vec<Handler> {
        let mut found = Vec::new();
        let loggers = self.0.loggers.borrow();
        for_each_ancestor(Self::key(name), |name| match loggers.get(name) {
            Some(logger) => {
                found.push((logger.handlers.clone(), logger.list.clone()));
                logger.propagate
            }
            None => true,
        });
        drop(loggers);
        let handlers = found.into_iter().map(|(handlers, list)| match list {
            Some(list) => list.handlers(),
            None => handlers,
        });
        handlers.flatten().collect()
    }

    /// Sends a message to the handlers of the logger and of those above it. What a handler of the
    /// program raises is shown and stops nothing.
    pub fn log(&self, name: &str, level: Level, message: &str) {
        let record = Record {
            name,
            level,
            message,
            below: "",
            place: None,
            object: RefCell::new(None),
        };
        if let Err(error) = self.log_record(&record) {
            self.failed(&error, message);
        }
    }

    /// Sends a record to the handlers of the logger and of those above it.
    ///
    /// Errors: what filters and handlers of the program raise.
    pub fn log_record(&self, record: &Record<'_>) -> Result<()> {
        if !self.is_enabled(record.name, record.level) {
            return Ok(());
        }
        if let Some(filters) = self.filters(record.name)
            && !filters.pass(record)?
        {
            return Ok(());
        }
        let handlers = self.reached(record.name);
        if handlers.is_empty() {
            // `logging.lastResort`.
            if record.level >= Level::WARNING {
                let text = with_below(record.message.to_owned(), record.below);
                self.0.host.output(Stream::Stderr, &format!("{text}\n"));
            }
            return Ok(());
        }
        for handler in handlers {
            if record.level < handler.level() {
                continue;
            }
            match handler.as_custom() {
                Some(custom) => custom.handle(record)?,
                None => self.emit(&handler, record),
            }
        }
        Ok(())
    }

    /// Python prints a traceback of the failed call and goes on.
    fn failed(&self, error: &crate::diagnostic::Error, message: &str) {
        let text = format!(
            "--- Logging error ---\n{}: {}\nMessage: {message:?}\n",
            error.class_name(),
            error.message
        );
        self.0.host.output(Stream::Stderr, &text);
    }

    fn emit(&self, handler: &Handler, record: &Record<'_>) {
        if matches!(handler.0.kind, HandlerKind::Null | HandlerKind::Custom) {
            return;
        }
        let formatter = handler.0.formatter.borrow().clone().unwrap_or_default();
        let line = match self.format(&formatter, record) {
            Ok(line) => with_below(line, record.below),
            Err(error) => return self.failed(&error, record.message),
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
            HandlerKind::Null | HandlerKind::Custom => {}
        }
    }

    /// Begins a log file anew, as a handler with the mode `w` does.
    pub fn empty_file(&self, path: &str) {
        // A log file that can't be written does not stop a migration.
        let _ = self.0.host.write(path, b"");
    }

    fn format(&self, formatter: &Formatter, record: &Record<'_>) -> Result<String> {
        let Some(format) = &formatter.format else {
            return Ok(record.message.to_owned());
        };
        let now = self.0.host.now();
        let shown = if record.name.is_empty() {
            "root"
        } else {
            record.name
        };
        let place = record.place.clone().unwrap_or_default();
        let file = place.path.rsplit('/').next().unwrap_or_default();
        let text = |text: &str| Some(MappedValue::Text(text.to_owned()));
        let number = |number: i64| Some(MappedValue::Integer(number));
        format_mapping(format, &|field| match field {
            "name" => text(shown),
            "levelname" => text(&self.level_name(record.level)),
            "levelno" => number(i64::from(record.level.0)),
            "message" | "msg" => text(record.message),
            "asctime" => text(&asctime(now, formatter.datefmt.as_deref())),
            "created" => number(now.microseconds.div_euclid(1_000_000)),
            "msecs" => number(now.microseconds.rem_euclid(1_000_000) / 1000),
            "relativeCreated" => number((now.microseconds - self.0.started.get()) / 1000),
            "process" | "thread" => number(0),
            "lineno" => number(place.line.into()),
            "processName" => text("MainProcess"),
            "threadName" => text("MainThread"),
            "module" => text(file.rsplit_once('.').map_or(file, |(stem, _)| stem)),
            "funcName" => text(&place.function),
            "filename" => text(file),
            "pathname" => text(&place.path),
            _ => None,
        })
    }
}

/// A line with what comes below it.
fn with_below(mut line: String, below: &str) -> String {
    if !below.is_empty() {
        if !line.ends_with('\n') {
            line.push('\n');
        }
        line.push_str(below);
    }
    line
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
