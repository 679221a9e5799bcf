//! Operations as scripts call them: `alembic.operations`.

pub mod batch;
pub mod ops;
pub mod schemaobj;
#[cfg(test)]
mod tests;
mod toimpl;

use std::rc::Rc;

pub use batch::{BatchOperationsImpl, BatchOptions, BatchReflectOptions, Recreate, TableKeywords};
use schemaobj::SchemaObjects;

use crate::ddl::DefaultImpl;
use crate::run::Run;

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
    /// `ValueError` for options that there are not.
    pub fn batch_alter_table(&self, options: BatchOptions) -> crate::diagnostic::Result<Self> {
        let batch = BatchOperationsImpl::new(&self.0.implementation, options)?;
        Ok(Operations(Rc::new(OperationsState {
            run: self.0.run.clone(),
            implementation: self.0.implementation.clone(),
            batch: Some(Rc::new(batch)),
            schema_objects: self.0.schema_objects.clone(),
        })))
    }

    /// What surrounds the command.
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
