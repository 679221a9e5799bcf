//! The context of one command: the host, the loggers, the observer.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use crate::event::{Event, NoObserver, Observer};
use crate::host::{Host, Stream};
use crate::logging::Logging;

/// The context of one command; a cheap handle, cloned wherever it is needed.
#[derive(Clone)]
pub struct Run {
    /// Files, clock, environment and output.
    pub host: Rc<dyn Host>,
    /// Python's `logging`, as `fileConfig` set it up.
    pub logging: Logging,
    /// Receives the events.
    pub observer: Rc<dyn Observer>,
    warned: Rc<RefCell<BTreeSet<(String, String)>>>,
}

impl Run {
    /// A run without an observer.
    pub fn new(host: Rc<dyn Host>) -> Self {
        Self::observed(host, Rc::new(NoObserver))
    }

    /// A run with an observer.
    pub fn observed(host: Rc<dyn Host>, observer: Rc<dyn Observer>) -> Self {
        Run {
            logging: Logging::new(host.clone()),
            host,
            observer,
            warned: Rc::default(),
        }
    }

    /// Reports an event to the observer.
    pub fn tell(&self, event: Event) {
        self.observer.event(event);
    }

    /// Writes to standard output.
    pub fn print(&self, text: &str) {
        self.host.output(Stream::Stdout, text);
    }

    /// Python's `warnings.warn` with the default filter: a text is shown once in a run. The
    /// category is `UserWarning`, `SAWarning` and so on; the file of the library that warns, which
    /// Python shows first, does not exist here.
    pub fn warning(&self, category: &str, message: &str) {
        let key = (category.to_owned(), message.to_owned());
        if self.warned.borrow_mut().insert(key) {
            self.warn(&format!("{category}: {message}\n"));
        }
    }

    /// Writes to standard error.
    pub fn warn(&self, text: &str) {
        self.host.output(Stream::Stderr, text);
    }
}
