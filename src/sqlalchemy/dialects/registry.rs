//! Dialects by name (`sqlalchemy.dialects.registry`).

use std::cell::RefCell;

use super::{DefaultDialect, mssql, mysql, oracle, postgresql, sqlite};

/// The built-in dialects, by name.
pub static REGISTRY: &[(&str, &dyn DefaultDialect)] = &[
    ("sqlite", &sqlite::SQLiteDialect),
    ("postgresql", &postgresql::PGDialect),
    ("mysql", &mysql::MYSQL),
    ("mariadb", &mysql::MARIADB),
    ("mssql", &mssql::MSDialect),
    ("oracle", &oracle::OracleDialect),
];

thread_local! {
    /// Dialects registered at run time.
    static REGISTERED: RefCell<Vec<(&'static str, &'static dyn DefaultDialect)>> =
        const { RefCell::new(Vec::new()) };
}

/// `registry.register(name, ...)`: adds a dialect for the calling thread, overriding one of the
/// same name.
pub fn register(name: &'static str, room: &'static dyn DefaultDialect) {
    REGISTERED.with_borrow_mut(|registered| registered.push((name, room)));
}

/// All dialects, those registered most recently first.
pub fn rooms() -> Vec<&'static dyn DefaultDialect> {
    let added = REGISTERED.with_borrow(|added| {
        let rooms = added.iter().rev().map(|(_, room)| *room);
        rooms.collect::<Vec<_>>()
    });
    let own = REGISTRY.iter().map(|(_, room)| *room);
    added.into_iter().chain(own).collect()
}

/// `registry.load(name)`: the dialect of that name.
pub fn registered(name: &str) -> Option<&'static dyn DefaultDialect> {
    let added = REGISTERED.with_borrow(|added| {
        let found = added.iter().rev().find(|(known, _)| *known == name);
        found.map(|(_, room)| *room)
    });
    added.or_else(|| {
        let found = REGISTRY.iter().find(|(known, _)| *known == name);
        found.map(|(_, room)| *room)
    })
}
