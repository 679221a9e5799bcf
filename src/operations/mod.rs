//! Operations as scripts call them: `alembic.operations`.

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

/// `alembic.operations.Operations` or `BatchOperations`: carries operations out at once, or
/// collects them for one table. A cheap handle.
#[derive(Clone)]
pub struct Operations(Rc<OperationsState>);

struct OperationsState {
    run: Run,
    implementation: Rc<dyn DefaultImpl>,
    batch: Option<Rc<BatchOperationsImpl>>,
    schema_objects: SchemaObjects,
}

/// What [`Event::Operation`](ground::event::Event::Operation) carries beside its name.
pub struct OperationCall {
    /// The operation; `None` for the flush of a `batch_alter_table` and for an operation of the
    /// project's own.
    pub operation: Option<ops::MigrateOperation>,
    /// The dialect that it is carried out in, where there is an operation.
    pub dialect: Option<Dialect>,
    /// Whether it waits inside a `batch_alter_table`.
    pub batch: bool,
    /// How it ended, once it has: later events are not part of it.
    pub outcome: RefCell<Option<Result<()>>>,
}

impl OperationCall {
    /// A call that begins and has no operation of its own.
    pub fn new(batch: bool) -> Rc<Self> {
        Rc::new(OperationCall {
            operation: None,
            dialect: None,
            batch,
            outcome: RefCell::default(),
        })
    }

    /// A call of an operation that begins.
    pub fn of(operation: &ops::MigrateOperation, operations: &Operations) -> Rc<Self> {
        Rc::new(OperationCall {
            operation: Some(operation.clone()),
            dialect: Some(operations.implementation().state().dialect().clone()),
            batch: operations.batch().is_some(),
            outcome: RefCell::default(),
        })
    }

    /// Notes how it ended, and says whether a review goes on after its failure.
    pub fn ended<T>(&self, run: &Run, result: &Result<T>) -> bool {
        let passed_over = matches!(result, Err(error) if run.observer.passes_over(error));
        *self.outcome.borrow_mut() = Some(result.as_ref().map(|_| ()).map_err(Clone::clone));
        run.observer.operation_ended();
        passed_over
    }
}

impl Operations {
    /// Operations that are carried out at once.
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

    /// `op.batch_alter_table(...)`: operations that wait for
    /// [`BatchOperationsImpl::flush`].
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

    /// The context of the command.
    pub fn run(&self) -> &Run {
        &self.0.run
    }

    /// What carries operations out in the end.
    pub fn implementation(&self) -> &Rc<dyn DefaultImpl> {
        &self.0.implementation
    }

    /// What collects operations, within `batch_alter_table`.
    pub fn batch(&self) -> Option<&Rc<BatchOperationsImpl>> {
        self.0.batch.as_ref()
    }

    /// How tables and constraints are made.
    pub fn schema_objects(&self) -> &SchemaObjects {
        &self.0.schema_objects
    }
}
