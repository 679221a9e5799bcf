//! The available drivers, by their names in SQLAlchemy URLs.

use std::cell::RefCell;
use std::rc::Rc;

use ground::host::{Host, HostError};

use super::{Driver, sqlite};

/// A driver name as used in a URL after the `+`, and its driver.
type Entry = (Rc<str>, Rc<dyn Driver>);

thread_local! {
    static DRIVERS: RefCell<Vec<Entry>> = RefCell::new(built_in());
}

/// The built-in drivers.
fn built_in() -> Vec<Entry> {
    let drivers: [(&[&str], Rc<dyn Driver>); 1] = [(sqlite::NAMES, Rc::new(sqlite::Sqlite))];
    let mut entries = Vec::new();
    for (names, driver) in drivers {
        entries.extend(names.iter().map(|name| (Rc::from(*name), driver.clone())));
    }
    entries
}

/// The driver of that name.
pub fn find(name: &str) -> Option<Rc<dyn Driver>> {
    DRIVERS.with_borrow(|drivers| {
        drivers
            .iter()
            .find(|(known, _)| **known == *name)
            .map(|(_, driver)| driver.clone())
    })
}

/// Registers a driver for this thread, replacing one of the same name.
pub fn register(name: &str, driver: Rc<dyn Driver>) {
    DRIVERS.with_borrow_mut(|drivers| {
        drivers.retain(|(known, _)| **known != *name);
        drivers.push((name.into(), driver));
    });
}

/// Whether a driver's module has that name, such as `sqlite3` in the class `sqlite3.DataError`.
pub fn is_module(name: &str) -> bool {
    DRIVERS.with_borrow(|drivers| drivers.iter().any(|(_, driver)| driver.name() == name))
}

/// The drivers without duplicates.
fn drivers() -> Vec<Rc<dyn Driver>> {
    let mut found: Vec<Rc<dyn Driver>> = Vec::new();
    DRIVERS.with_borrow(|drivers| {
        for (_, driver) in drivers {
            if !found.iter().any(|known| Rc::ptr_eq(known, driver)) {
                found.push(driver.clone());
            }
        }
    });
    found
}

/// Has every driver [write back](Driver::flush) its pending changes to a host's databases.
///
/// # Errors
/// The first that a driver has, when all were asked.
pub fn flush(host: &Rc<dyn Host>) -> Result<(), HostError> {
    let mut result = Ok(());
    for driver in drivers() {
        result = result.and(driver.flush(host));
    }
    result
}

/// Ends a command: every driver [closes](Driver::finish) the host's open connections.
///
/// # Errors
/// As [`flush`].
pub fn finish(host: &Rc<dyn Host>) -> Result<(), HostError> {
    let mut result = Ok(());
    for driver in drivers() {
        result = result.and(driver.finish(host));
    }
    result
}
