//! The available drivers, by their names in SQLAlchemy URLs.

use std::cell::RefCell;
use std::rc::Rc;

use ground::host::{Host, HostError};

use super::{Driver, postgresql, sqlite};

/// A driver name as used in a URL after the `+`, and its driver.
type Entry = (Rc<str>, Rc<dyn Driver>);

thread_local! {
    static DRIVERS: RefCell<Vec<Entry>> = RefCell::new(built_in());
}

/// The built-in drivers.
fn built_in() -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut add = |names: &[&str], driver: Rc<dyn Driver>| {
        entries.extend(names.iter().map(|name| (Rc::from(*name), driver.clone())));
    };
    add(sqlite::NAMES, Rc::new(sqlite::Sqlite));
    for (driver, names) in postgresql::DRIVERS {
        add(names, Rc::new(*driver));
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

/// The class of PEP 249 that an exception class of a driver's module is, such as `IntegrityError` for
/// `sqlite3.IntegrityError`; `None` for a class that is no driver's.
pub fn dbapi_class(class: &str) -> Option<&'static str> {
    drivers()
        .iter()
        .find_map(|driver| driver.dbapi_class(class))
}

/// The exception class of PEP 249 that has that name.
pub(crate) fn pep_249(name: &str) -> Option<&'static str> {
    const CLASSES: [&str; 10] = [
        "Warning",
        "Error",
        "InterfaceError",
        "DatabaseError",
        "DataError",
        "OperationalError",
        "IntegrityError",
        "InternalError",
        "ProgrammingError",
        "NotSupportedError",
    ];
    CLASSES.into_iter().find(|known| *known == name)
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
