//! Operation containers, up to the whole migration script.

use ground::exception;
use std::cell::RefCell;
use std::rc::Rc;

use ground::hash::IndexSet;

use super::{Difference, MigrateOperation, Shared};
use ground::diagnostic::{Error, Result};
use sqlalchemy::name::Name;

/// A list of operations that Python may change in place.
#[derive(Clone, Default)]
pub struct Operations(Rc<RefCell<Vec<MigrateOperation>>>);

impl Operations {
    /// Creates a list.
    pub fn new(operations: Vec<MigrateOperation>) -> Self {
        Operations(Rc::new(RefCell::new(operations)))
    }

    /// A copy of the list, with handles to the same operations.
    pub fn to_vec(&self) -> Vec<MigrateOperation> {
        self.0.borrow().clone()
    }

    /// Appends an operation.
    pub fn push(&self, operation: impl Into<MigrateOperation>) {
        let operation = operation.into();
        self.0.borrow_mut().push(operation);
    }

    /// Replaces all operations.
    pub fn set(&self, operations: Vec<MigrateOperation>) {
        *self.0.borrow_mut() = operations;
    }

    /// The number of operations.
    pub fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Whether two handles refer to the same list.
    pub fn is(&self, other: &Operations) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// The reverse of each operation, in reverse order.
    ///
    /// # Errors
    /// As [`MigrateOperation::reverse`], for the first in order that has none.
    pub fn reversed(&self) -> Result<Operations> {
        let mut reversed = self
            .to_vec()
            .iter()
            .map(MigrateOperation::reverse)
            .collect::<Result<Vec<_>>>()?;
        reversed.reverse();
        Ok(Operations::new(reversed))
    }

    /// `as_diffs()`: the differences of all operations, with containers flattened.
    ///
    /// # Errors
    /// As [`MigrateOperation::to_diff_tuple`].
    pub fn as_diffs(&self) -> Result<Vec<Difference>> {
        let mut differences = Vec::new();
        self.collect_diffs(&mut differences)?;
        Ok(differences)
    }

    fn collect_diffs(&self, differences: &mut Vec<Difference>) -> Result<()> {
        for operation in self.to_vec() {
            match operation.operations() {
                Some(inner) => inner.collect_diffs(differences)?,
                None => differences.push(operation.to_diff_tuple()?),
            }
        }
        Ok(())
    }
}

impl FromIterator<MigrateOperation> for Operations {
    fn from_iter<I: IntoIterator<Item = MigrateOperation>>(operations: I) -> Self {
        Operations::new(operations.into_iter().collect())
    }
}

/// `OpContainer`.
#[derive(Clone, Default)]
pub struct OpContainer {
    /// Its operations.
    pub ops: Operations,
}

/// `ModifyTableOps`: the operations on one table.
#[derive(Clone)]
pub struct ModifyTableOps {
    /// The table.
    pub table_name: Name,
    /// Its schema.
    pub schema: Option<Name>,
    /// Its operations.
    pub ops: Operations,
}

impl ModifyTableOps {
    /// The reverse operations.
    ///
    /// # Errors
    /// As [`MigrateOperation::reverse`].
    pub fn reverse(&self) -> Result<ModifyTableOps> {
        Ok(ModifyTableOps {
            table_name: self.table_name.clone(),
            schema: self.schema.clone(),
            ops: self.ops.reversed()?,
        })
    }
}

/// `UpgradeOps`: the body of `upgrade()`.
#[derive(Clone)]
pub struct UpgradeOps {
    /// Its operations.
    pub ops: Operations,
    /// Name of the template's variable.
    pub upgrade_token: String,
}

impl Default for UpgradeOps {
    fn default() -> Self {
        UpgradeOps {
            ops: Operations::default(),
            upgrade_token: "upgrades".to_owned(),
        }
    }
}

impl UpgradeOps {
    /// `UpgradeOps(ops=...)`.
    pub fn new(ops: Operations) -> Self {
        UpgradeOps {
            ops,
            ..UpgradeOps::default()
        }
    }

    /// The `DowngradeOps` that reverse this one.
    ///
    /// # Errors
    /// As [`MigrateOperation::reverse`].
    pub fn reverse(&self) -> Result<DowngradeOps> {
        Ok(DowngradeOps::new(self.ops.reversed()?))
    }

    /// Replaces the operations of a `DowngradeOps` by the reverse of this one.
    ///
    /// # Errors
    /// As [`MigrateOperation::reverse`].
    pub fn reverse_into(&self, downgrade_ops: &DowngradeOps) -> Result<()> {
        downgrade_ops.ops.set(self.ops.reversed()?.to_vec());
        Ok(())
    }
}

/// `DowngradeOps`: the body of `downgrade()`.
#[derive(Clone)]
pub struct DowngradeOps {
    /// Its operations.
    pub ops: Operations,
    /// Name of the template's variable.
    pub downgrade_token: String,
}

impl Default for DowngradeOps {
    fn default() -> Self {
        DowngradeOps {
            ops: Operations::default(),
            downgrade_token: "downgrades".to_owned(),
        }
    }
}

impl DowngradeOps {
    /// `DowngradeOps(ops=...)`.
    pub fn new(ops: Operations) -> Self {
        DowngradeOps {
            ops,
            ..DowngradeOps::default()
        }
    }

    /// The `UpgradeOps` that reverse this one.
    ///
    /// # Errors
    /// As [`MigrateOperation::reverse`].
    pub fn reverse(&self) -> Result<UpgradeOps> {
        Ok(UpgradeOps::new(self.ops.reversed()?))
    }
}

/// `MigrationScript`: a revision file that has not been written.
#[derive(Clone, Default)]
pub struct MigrationScript {
    /// Its id.
    pub rev_id: Option<String>,
    /// Its message.
    pub message: Option<String>,
    /// Import lines required by the rendered operations.
    pub imports: Rc<RefCell<IndexSet<String>>>,
    /// Its down revision.
    pub head: Option<String>,
    /// Whether the down revision may be a non-head.
    pub splice: Option<bool>,
    /// Its branch labels.
    pub branch_label: Vec<String>,
    /// The directory that it is written to.
    pub version_path: Option<String>,
    /// The revisions it depends on.
    pub depends_on: Vec<String>,
    /// The bodies of `upgrade()`; several in a multi-database project.
    pub upgrade_ops_list: Vec<Shared<UpgradeOps>>,
    /// The bodies of `downgrade()`.
    pub downgrade_ops_list: Vec<Shared<DowngradeOps>>,
    /// Whether it is yet to be rendered by autogenerate.
    pub needs_render: Option<bool>,
}

impl MigrationScript {
    /// `upgrade_ops`: the only body of `upgrade()`, if there is exactly one.
    ///
    /// # Errors
    /// `ValueError` where there are several.
    pub fn upgrade_ops(&self) -> Result<Option<Shared<UpgradeOps>>> {
        match self.upgrade_ops_list.as_slice() {
            [] => Ok(None),
            [ops] => Ok(Some(ops.clone())),
            _ => Err(Error::new(
                exception::VALUE_ERROR,
                "This MigrationScript instance has a multiple-entry list for UpgradeOps; \
                 please use the upgrade_ops_list attribute.",
            )),
        }
    }

    /// `downgrade_ops`: the only body of `downgrade()`, if there is exactly one.
    ///
    /// # Errors
    /// `ValueError` where there are several.
    pub fn downgrade_ops(&self) -> Result<Option<Shared<DowngradeOps>>> {
        match self.downgrade_ops_list.as_slice() {
            [] => Ok(None),
            [ops] => Ok(Some(ops.clone())),
            _ => Err(Error::new(
                exception::VALUE_ERROR,
                "This MigrationScript instance has a multiple-entry list for DowngradeOps; \
                 please use the downgrade_ops_list attribute.",
            )),
        }
    }
}
