//! The locks of the current transaction on tables, from `pg_locks`, and the tables' storage, from
//! `pg_class`.

use crate::engine::TableState;
use driver::{Connection, Parameters, Value};
use ground::event::Blocks;

/// The table-level locks beyond those of reading and changing rows, by their names in `pg_locks` and in
/// the documentation.
const MODES: &[(&str, &str, Blocks)] = &[
    (
        "ShareUpdateExclusiveLock",
        "SHARE UPDATE EXCLUSIVE",
        Blocks::SchemaChanges,
    ),
    ("ShareLock", "SHARE", Blocks::Writes),
    (
        "ShareRowExclusiveLock",
        "SHARE ROW EXCLUSIVE",
        Blocks::Writes,
    ),
    ("ExclusiveLock", "EXCLUSIVE", Blocks::Writes),
    (
        "AccessExclusiveLock",
        "ACCESS EXCLUSIVE",
        Blocks::ReadsAndWrites,
    ),
];

/// Every table of the user's with its storage and the transaction's own locks.
const STATES: &str = "SELECT c.oid::pg_catalog.regclass::text, c.relfilenode::bigint, \
     coalesce(pg_catalog.string_agg(l.mode, ','), '') \
     FROM pg_catalog.pg_class c \
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
     LEFT JOIN pg_catalog.pg_locks l ON l.relation = c.oid AND l.locktype = 'relation' \
     AND l.pid = pg_catalog.pg_backend_pid() AND l.granted \
     WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' \
     AND n.nspname <> 'information_schema' GROUP BY c.oid, c.relfilenode";

/// The states of all tables; `None` where the database does not tell.
pub(super) fn table_states(dbapi: &dyn Connection) -> Option<Vec<TableState>> {
    let cursor = dbapi.execute(STATES, &Parameters::NONE).ok()?;
    let states = cursor.rows.iter().filter_map(|row| match row.as_slice() {
        [
            Value::Text(table),
            Value::Integer(storage),
            Value::Text(modes),
        ] => Some(TableState {
            table: table.clone(),
            storage: *storage,
            locks: modes.split(',').filter_map(lock).collect(),
        }),
        _ => None,
    });
    Some(states.collect())
}

fn lock(mode: &str) -> Option<(&'static str, Blocks)> {
    MODES
        .iter()
        .find(|(known, ..)| *known == mode)
        .map(|(_, name, blocks)| (*name, *blocks))
}
