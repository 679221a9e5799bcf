//! `alembic.operations.toimpl`: the implementations that Alembic itself registers, for those that replace one and
//! call what they replaced.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{Bound, FreeFunction, Interpreter, Module, Value, function};

use super::base::OperationsObject;

const PARAMETERS: &str = "operations, operation";

/// A function for each name; all of them carry out the operation that they are given.
macro_rules! implementations {
    ($($name:literal)*) => {
        static FUNCTIONS: &[FreeFunction] = &[$(function($name, PARAMETERS, carry_out)),*];
    };
}

implementations! {
    "add_column" "alter_column" "bulk_insert" "create_constraint" "create_index" "create_table"
    "create_table_comment" "drop_column" "drop_constraint" "drop_index" "drop_table"
    "drop_table_comment" "execute_sql" "rename_table"
}

fn carry_out(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let operations = bound.value("operations");
    let operation = bound.value("operation");
    match operations.downcast::<OperationsObject>() {
        Some(operations) => operations.invoke_original(vm, &operation),
        None => Err(vm.type_error("an Operations object was expected")),
    }
}

/// `alembic.operations.toimpl`.
pub(super) fn module(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("alembic.operations.toimpl")
        .functions(FUNCTIONS)
        .build())
}
