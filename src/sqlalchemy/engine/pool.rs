//! Connection pools: `sqlalchemy.pool`, single-threaded.

use std::cell::RefCell;
use std::rc::Rc;

use driver;
use ground::diagnostic::Result;

/// The pool class of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolClass {
    /// Keeps connections for reuse; the default for files.
    QueuePool,
    /// Opens a connection for each use; used by Alembic's templates.
    NullPool,
    /// One connection per thread; the default for in-memory databases.
    SingletonThreadPool,
    /// One connection.
    StaticPool,
    /// One connection, which must not be checked out twice.
    AssertionPool,
}

impl PoolClass {
    /// The class's name.
    pub fn name(self) -> &'static str {
        match self {
            PoolClass::QueuePool => "QueuePool",
            PoolClass::NullPool => "NullPool",
            PoolClass::SingletonThreadPool => "SingletonThreadPool",
            PoolClass::StaticPool => "StaticPool",
            PoolClass::AssertionPool => "AssertionPool",
        }
    }

    /// Whether a keyword argument of `create_engine` is one that this class of pool knows, or is none of a
    /// pool's at all.
    pub fn takes(self, keyword: &str) -> bool {
        match keyword {
            "pool_size" => matches!(self, PoolClass::QueuePool | PoolClass::SingletonThreadPool),
            "max_overflow" | "pool_timeout" | "pool_use_lifo" => self == PoolClass::QueuePool,
            _ => true,
        }
    }

    /// The class of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "QueuePool" | "AsyncAdaptedQueuePool" => PoolClass::QueuePool,
            "NullPool" => PoolClass::NullPool,
            "SingletonThreadPool" => PoolClass::SingletonThreadPool,
            "StaticPool" => PoolClass::StaticPool,
            "AssertionPool" => PoolClass::AssertionPool,
            _ => return None,
        })
    }
}

type Idle = Vec<Rc<dyn driver::Connection>>;

pub(crate) struct Pool {
    class: PoolClass,
    /// Idle connections; for single-connection pools the connection itself, in use or not.
    kept: RefCell<Idle>,
}

impl Pool {
    pub(crate) fn new(class: PoolClass) -> Self {
        Pool {
            class,
            kept: RefCell::default(),
        }
    }

    pub(crate) fn class(&self) -> PoolClass {
        self.class
    }

    fn shares_one(&self) -> bool {
        matches!(
            self.class,
            PoolClass::SingletonThreadPool | PoolClass::StaticPool
        )
    }

    pub(crate) fn checkout(
        &self,
        connect: impl FnOnce() -> Result<Rc<dyn driver::Connection>>,
    ) -> Result<Rc<dyn driver::Connection>> {
        if self.shares_one() {
            if let Some(connection) = self.kept.borrow().first() {
                return Ok(connection.clone());
            }
            let connection = connect()?;
            self.kept.borrow_mut().push(connection.clone());
            return Ok(connection);
        }
        let kept = self.kept.borrow_mut().pop();
        match kept {
            Some(connection) => Ok(connection),
            None => connect(),
        }
    }

    /// Returns a connection to the pool, after a rollback.
    pub(crate) fn checkin(&self, connection: Rc<dyn driver::Connection>) {
        /// `pool_size`; Python's garbage collector closes overflow connections.
        const KEPT: usize = 5;
        // A connection that cannot be rolled back is closed or broken and not reused.
        let usable = connection.rollback().is_ok();
        match self.class {
            PoolClass::NullPool => connection.close(),
            PoolClass::SingletonThreadPool | PoolClass::StaticPool => {
                if !usable {
                    self.kept
                        .borrow_mut()
                        .retain(|kept| !Rc::ptr_eq(kept, &connection));
                }
            }
            PoolClass::QueuePool | PoolClass::AssertionPool => {
                let mut kept = self.kept.borrow_mut();
                if usable && kept.len() < KEPT {
                    kept.push(connection);
                } else {
                    connection.close();
                }
            }
        }
    }

    /// Removes a connection that must not be reused.
    pub(crate) fn invalidate(&self, connection: &Rc<dyn driver::Connection>) {
        self.kept
            .borrow_mut()
            .retain(|kept| !Rc::ptr_eq(kept, connection));
        connection.close();
    }

    pub(crate) fn dispose(&self) {
        let kept = std::mem::take(&mut *self.kept.borrow_mut());
        for connection in kept {
            connection.close();
        }
    }
}
