//! `op.create_exclude_constraint`, which only PostgreSQL has.

use super::operation::{BatchForm, Operation};
use ground::diagnostic::Error;

/// PostgreSQL's EXCLUDE; it has no class in `alembic.operations.ops`.
pub(super) static CREATE_EXCLUDE_CONSTRAINT: Operation = Operation::new(
    "create_exclude_constraint",
    "self, constraint_name, table_name, *elements, **kw",
    BatchForm::Without(&[]),
    |vm, call| {
        let elements = call.rest("elements");
        if vm.collect(&elements)?.is_empty() {
            return Err(vm.value_error("not enough values to unpack (expected 2, got 0)"));
        }
        Err(Error::unsupported(
            "op.create_exclude_constraint(): EXCLUDE constraints are PostgreSQL's",
        )
        .with_hint("Guard it: if op.get_bind().dialect.name == 'postgresql': ..."))
    },
);
