//! Connection pools: `sqlalchemy.pool`, for one thread.

use std::cell::RefCell;
use std::rc::Rc;

use driver;
use ground::diagnostic::Result;

/// Which pool an engine has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolClass {
    /// Keeps connections for reuse; what files have.
    QueuePool,
    /// Opens a connection for each use; what Alembic's templates ask for.
    NullPool,
    /// One connection a thread; what databases in memory have.
    SingletonThreadPool,
    /// One connection.
    StaticPool,
    /// One connection, and it must not be taken twice.
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
    /// Connections for reuse; of a pool with one connection, that one, in use or not.
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

    /// Takes a connection back, rolled back.
    pub(crate) fn checkin(&self, connection: Rc<dyn driver::Connection>) {
        /// `pool_size`, and what Python's garbage collector closes of the overflow.
        const KEPT: usize = 5;
        // A connection that can't be rolled back is closed already or broken: not for reuse.
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

    /// Forgets a connection that must not be used again.
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
