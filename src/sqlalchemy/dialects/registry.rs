//! Which dialect has which name (`sqlalchemy.dialects.registry`).

use std::cell::RefCell;

use super::{DefaultDialect, mssql, mysql, oracle, postgresql, sqlite};

/// The dialects that are part of this program, by name.
pub static REGISTRY: &[(&str, &dyn DefaultDialect)] = &[
    ("sqlite", &sqlite::SQLiteDialect),
    ("postgresql", &postgresql::PGDialect),
    ("mysql", &mysql::MySQLDialect),
    ("mariadb", &mysql::MariaDBDialect),
    ("mssql", &mssql::MSDialect),
    ("oracle", &oracle::OracleDialect),
];

thread_local! {
    /// Those that were registered while the program runs.
    static REGISTERED: RefCell<Vec<(&'static str, &'static dyn DefaultDialect)>> =
        const { RefCell::new(Vec::new()) };
}

/// `registry.register(name, ...)`: a dialect that is not part of this program, for the thread
/// that calls. One of the same name is hidden by it.
pub fn register(name: &'static str, room: &'static dyn DefaultDialect) {
    REGISTERED.with_borrow_mut(|registered| registered.push((name, room)));
}

/// Every room, those that were registered last first.
pub fn rooms() -> Vec<&'static dyn DefaultDialect> {
    let added = REGISTERED.with_borrow(|added| {
        let rooms = added.iter().rev().map(|(_, room)| *room);
        rooms.collect::<Vec<_>>()
    });
    let own = REGISTRY.iter().map(|(_, room)| *room);
    added.into_iter().chain(own).collect()
}

/// `registry.load(name)`: the room of that name.
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
