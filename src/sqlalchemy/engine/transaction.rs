//! `sqlalchemy.engine.RootTransaction` and `NestedTransaction`.

use crate::exc;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::Connection;
use ground::diagnostic::{Error, Result};

pub(crate) enum Kind {
    Root,
    Nested {
        savepoint: String,
        previous: Option<Transaction>,
    },
}

pub(crate) struct TransactionState {
    pub(crate) connection: Connection,
    pub(crate) kind: Kind,
    pub(crate) active: Cell<bool>,
    /// Set between `enter` and `exit`.
    outer: RefCell<Option<Option<Transaction>>>,
}

/// A transaction of a connection, or a savepoint in one; a cheap handle.
#[derive(Clone)]
pub struct Transaction(pub(crate) Rc<TransactionState>);

impl Transaction {
    pub(crate) fn new(connection: &Connection, kind: Kind) -> Self {
        Transaction(Rc::new(TransactionState {
            connection: connection.clone(),
            kind,
            active: Cell::new(true),
            outer: RefCell::default(),
        }))
    }

    /// Whether two handles are of the same transaction.
    pub fn is(&self, other: &Transaction) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Whether it is a savepoint.
    pub fn is_nested(&self) -> bool {
        matches!(self.0.kind, Kind::Nested { .. })
    }

    /// Whether it can be committed.
    pub fn is_active(&self) -> bool {
        self.0.active.get()
    }

    /// Whether it can be committed and its connection is still valid.
    pub fn is_valid(&self) -> bool {
        self.is_active() && !self.0.connection.is_invalidated()
    }

    /// Its connection.
    pub fn connection(&self) -> &Connection {
        &self.0.connection
    }

    fn is_current(&self) -> bool {
        let state = &self.0.connection.0;
        let current = if self.is_nested() {
            state.nested.borrow()
        } else {
            state.transaction.borrow()
        };
        current.as_ref().is_some_and(|current| current.is(self))
    }

    /// Commits, or releases the savepoint.
    ///
    /// # Errors
    /// What the database says; `sqlalchemy.exc.InvalidRequestError` where it has ended already.
    pub fn commit(&self) -> Result<()> {
        let connection = &self.0.connection;
        if !self.is_active() {
            if self.is_current() {
                return Err(connection.invalid_transaction());
            }
            return Err(Error::new(
                exc::INVALID_REQUEST_ERROR,
                if self.is_nested() {
                    "This nested transaction is inactive"
                } else {
                    "This transaction is inactive"
                },
            ));
        }
        match &self.0.kind {
            Kind::Root => {
                let result = connection.commit_impl();
                connection.cancel_nested();
                self.0.active.set(false);
                result?;
                connection.0.transaction.replace(None);
                Ok(())
            }
            Kind::Nested { savepoint, .. } => {
                let result = connection.release_savepoint(savepoint);
                self.0.active.set(false);
                result?;
                self.deactivate(true);
                Ok(())
            }
        }
    }

    /// Rolls back, or rolls back to the savepoint.
    ///
    /// # Errors
    /// What the database says.
    pub fn rollback(&self) -> Result<()> {
        self.end(true)
    }

    /// Closes it, rolling back if it is still active.
    ///
    /// # Errors
    /// What the database says.
    pub fn close(&self) -> Result<()> {
        self.end(false)
    }

    fn end(&self, warn: bool) -> Result<()> {
        let connection = &self.0.connection;
        match &self.0.kind {
            Kind::Root => {
                let result = if self.is_active() {
                    let result = connection.rollback_impl();
                    connection.cancel_nested();
                    result
                } else {
                    Ok(())
                };
                if self.is_current() {
                    connection.0.transaction.replace(None);
                } else if warn && !self.is_active() {
                    connection.run().warning(
                        "SAWarning",
                        "transaction already deassociated from connection",
                    );
                }
                self.0.active.set(false);
                result
            }
            Kind::Nested { savepoint, .. } => {
                let result = if self.is_active() && connection.in_transaction() {
                    connection.rollback_to_savepoint(savepoint)
                } else {
                    Ok(())
                };
                self.0.active.set(false);
                self.deactivate(warn);
                result
            }
        }
    }

    /// Detaches a savepoint from its connection.
    fn deactivate(&self, warn: bool) {
        let Kind::Nested { previous, .. } = &self.0.kind else {
            return;
        };
        let connection = &self.0.connection;
        if self.is_current() {
            connection.0.nested.replace(previous.clone());
        } else if warn {
            connection.run().warning(
                "SAWarning",
                "nested transaction already deassociated from connection",
            );
        }
    }

    /// Ends a savepoint whose transaction has ended.
    pub(crate) fn cancel(&self) {
        self.0.active.set(false);
        self.deactivate(true);
        if let Kind::Nested {
            previous: Some(previous),
            ..
        } = &self.0.kind
        {
            previous.cancel();
        }
    }

    /// Python's `__enter__`.
    pub fn enter(&self) {
        let context = &self.0.connection.0.context;
        let outer = context.replace(Some(self.clone()));
        self.0.outer.replace(Some(outer));
    }

    /// Python's `__exit__`: commits if the block succeeded, otherwise rolls back.
    ///
    /// # Errors
    /// What the database says.
    pub fn exit(&self, succeeded: bool) -> Result<()> {
        let context = &self.0.connection.0.context;
        let entered = self.0.outer.replace(None);
        let current = context
            .borrow()
            .as_ref()
            .is_some_and(|context| context.is(self));
        let result = if succeeded && self.is_active() {
            self.commit().inspect_err(|_| {
                // The commit's error takes precedence.
                let _ = self.rollback();
            })
        } else if self.is_active() {
            self.rollback()
        } else if self.is_current() {
            self.close()
        } else {
            Ok(())
        };
        if let (Some(outer), true) = (entered, current) {
            context.replace(outer);
        }
        result
    }
}
