//! What is said of PostgreSQL.

use protocol::POSTGRESQL;

/// Once for a database, when it is new.
pub(crate) fn opened(path: &str) -> String {
    let name = path.strip_prefix(POSTGRESQL).unwrap_or(path);
    format!(
        "limbeck: a page can't reach a server; PostgreSQL runs in it instead, with a database of its own by the name {name}"
    )
}

/// Why a connection fails until it has come.
pub(crate) const LOADING: &str = "PostgreSQL is still loading";

/// Why a second connection can't run a statement now.
pub(crate) const BUSY: &str =
    "another connection is in a transaction, and PostgreSQL has one connection at a time in a page";

/// Why there is none, where it can't be started.
#[cfg(target_family = "wasm")]
pub(crate) fn did_not_start(reason: &str) -> String {
    format!("PostgreSQL did not start in this browser ({reason}); SQLite works without it")
}
