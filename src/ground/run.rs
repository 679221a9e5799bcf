//! The context of one command: the host, the loggers, the observer.

use std::cell::{Cell, RefCell};
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
    /// Whether the program set filters, and the warnings that they have not seen yet.
    filtered: Rc<Cell<bool>>,
    pending: Rc<RefCell<Vec<(String, String)>>>,
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
            filtered: Rc::default(),
            pending: Rc::default(),
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

    /// Python's `warnings.warn` with the default filter: a text is shown once in a run, and a
    /// deprecation only in the program itself, which no module of a project is. The
    /// category is `UserWarning`, `SAWarning` and so on; the file of the library that warns, which
    /// Python shows first, does not exist here.
    pub fn warning(&self, category: &str, message: &str) {
        if self.filtered.get() {
            let warning = (category.to_owned(), message.to_owned());
            self.pending.borrow_mut().push(warning);
        } else if !category.contains("Deprecation") && self.is_new_warning(category, message) {
            self.warn(&format!("{category}: {message}\n"));
        }
    }

    /// Whether a warning was not shown yet; from then on it counts as shown.
    pub fn is_new_warning(&self, category: &str, message: &str) -> bool {
        let key = (category.to_owned(), message.to_owned());
        self.warned.borrow_mut().insert(key)
    }

    /// Has warnings wait for the program's own filters from now on.
    pub fn filter_warnings(&self) {
        self.filtered.set(true);
    }

    /// Whether warnings wait for the program's filters.
    pub fn has_pending_warnings(&self) -> bool {
        self.filtered.get() && !self.pending.borrow().is_empty()
    }

    /// The category and text of the warnings that wait.
    pub fn take_pending_warnings(&self) -> Vec<(String, String)> {
        self.pending.take()
    }

    /// Writes to standard error.
    pub fn warn(&self, text: &str) {
        self.host.output(Stream::Stderr, text);
    }
}
