//! Implementations by dialect: `alembic.ddl.impl._impls`.

use std::cell::RefCell;
use std::rc::Rc;

use super::{DefaultImpl, ImplState, MSSQLImpl, MySQLImpl, OracleImpl, PostgresqlImpl, SQLiteImpl};

/// Creates an implementation from its state.
pub type MakeImpl = fn(ImplState) -> Rc<dyn DefaultImpl>;

/// The built-in implementations, by dialect.
static IMPLEMENTATIONS: &[(&str, MakeImpl)] = &[
    ("default", |state| Rc::new(PlainImpl(state))),
    ("sqlite", |state| Rc::new(SQLiteImpl::new(state))),
    ("postgresql", |state| Rc::new(PostgresqlImpl::new(state))),
    ("mysql", |state| Rc::new(MySQLImpl::new(state))),
    ("mariadb", |state| Rc::new(MySQLImpl::mariadb(state))),
    ("mssql", |state| Rc::new(MSSQLImpl::new(state))),
    ("oracle", |state| Rc::new(OracleImpl::new(state))),
];

thread_local! {
    /// Implementations registered at run time.
    static REGISTERED: RefCell<Vec<(&'static str, MakeImpl)>> = const { RefCell::new(Vec::new()) };
}

/// Registers an implementation for a dialect in the calling thread, overriding any other, as
/// `ImplMeta` does for a class with `__dialect__`.
pub fn register(dialect: &'static str, make: MakeImpl) {
    REGISTERED.with_borrow_mut(|registered| registered.push((dialect, make)));
}

/// The implementation of a dialect.
pub(super) fn find(dialect: &str) -> Option<MakeImpl> {
    let added = REGISTERED.with_borrow(|added| {
        let found = added.iter().rev().find(|(known, _)| *known == dialect);
        found.map(|(_, make)| *make)
    });
    added.or_else(|| {
        let found = IMPLEMENTATIONS.iter().find(|(known, _)| *known == dialect);
        found.map(|(_, make)| *make)
    })
}

/// `DefaultImpl` itself, for `DefaultDialect`.
struct PlainImpl(ImplState);

impl DefaultImpl for PlainImpl {
    fn state(&self) -> &ImplState {
        &self.0
    }

    fn name(&self) -> &'static str {
        "DefaultImpl"
    }
}
