//! The operations called by scripts: `alembic.operations`.

pub mod batch;
pub mod ops;
pub mod schemaobj;
#[cfg(test)]
mod tests;
mod toimpl;

use std::cell::RefCell;
use std::rc::Rc;

pub use batch::{BatchOperationsImpl, BatchOptions, BatchReflectOptions, Recreate, TableKeywords};
use schemaobj::SchemaObjects;

use crate::ddl::DefaultImpl;
use ground::diagnostic::Result;
use ground::run::Run;
use sqlalchemy::dialects::Dialect;

/// `alembic.operations.Operations` or `BatchOperations`: executes operations immediately, or
/// collects them for one table. A cheap handle.
#[derive(Clone)]
pub struct Operations(Rc<OperationsState>);

struct OperationsState {
    run: Run,
    implementation: Rc<dyn DefaultImpl>,
    batch: Option<Rc<BatchOperationsImpl>>,
    schema_objects: SchemaObjects,
}

/// The payload of [`Event::Operation`](ground::event::Event::Operation), besides the name.
pub struct OperationCall {
    /// The operation; `None` for the flush of a `batch_alter_table` and for a user-defined
    /// operation.
    pub operation: Option<ops::MigrateOperation>,
    /// The dialect in which it is executed, if there is an operation.
    pub dialect: Option<Dialect>,
    /// Whether it is deferred inside a `batch_alter_table`.
    pub batch: bool,
    /// The result, once it has ended: later events do not belong to it.
    pub outcome: RefCell<Option<Result<()>>>,
}

impl OperationCall {
    /// The start of a call without an operation of its own.
    pub fn new(batch: bool) -> Rc<Self> {
        Rc::new(OperationCall {
            operation: None,
            dialect: None,
            batch,
            outcome: RefCell::default(),
        })
    }

    /// The start of a call of an operation.
    pub fn of(operation: &ops::MigrateOperation, operations: &Operations) -> Rc<Self> {
        Rc::new(OperationCall {
            operation: Some(operation.clone()),
            dialect: Some(operations.implementation().state().dialect().clone()),
            batch: operations.batch().is_some(),
            outcome: RefCell::default(),
        })
    }

    /// Records the result, and returns whether a review continues after the failure.
    pub fn ended<T>(&self, run: &Run, result: &Result<T>) -> bool {
        let passed_over = matches!(result, Err(error) if run.observer.passes_over(error));
        *self.outcome.borrow_mut() = Some(result.as_ref().map(|_| ()).map_err(Clone::clone));
        run.observer.operation_ended();
        passed_over
    }
}

impl Operations {
    /// Creates operations that execute immediately.
    pub fn new(
        run: &Run,
        implementation: &Rc<dyn DefaultImpl>,
        schema_objects: SchemaObjects,
    ) -> Self {
        Operations(Rc::new(OperationsState {
            run: run.clone(),
            implementation: implementation.clone(),
            batch: None,
            schema_objects,
        }))
    }

    /// `op.batch_alter_table(...)`: operations deferred until [`BatchOperationsImpl::flush`].
    ///
    /// # Errors
    /// `ValueError` for unknown options.
    pub fn batch_alter_table(&self, options: BatchOptions) -> Result<Self> {
        let batch = BatchOperationsImpl::new(&self.0.implementation, options)?;
        Ok(Operations(Rc::new(OperationsState {
            run: self.0.run.clone(),
            implementation: self.0.implementation.clone(),
            batch: Some(Rc::new(batch)),
            schema_objects: self.0.schema_objects.clone(),
        })))
    }

    /// The command's run.
    pub fn run(&self) -> &Run {
        &self.0.run
    }

    /// The dialect's implementation.
    pub fn implementation(&self) -> &Rc<dyn DefaultImpl> {
        &self.0.implementation
    }

    /// The collecting batch, inside `batch_alter_table`.
    pub fn batch(&self) -> Option<&Rc<BatchOperationsImpl>> {
        self.0.batch.as_ref()
    }

    /// The factory for tables and constraints.
    pub fn schema_objects(&self) -> &SchemaObjects {
        &self.0.schema_objects
    }
}
