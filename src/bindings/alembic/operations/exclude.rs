//! `op.create_exclude_constraint`, which only PostgreSQL has.

use std::any::Any;
use std::rc::Rc;

use super::operation::{BatchForm, Operation, OperationArguments};
use crate::bindings::sqlalchemy::dialects::exclude_constraint;
use crate::ddl::{DdlConstruct, Executable};
use crate::operations::ops::{ExecuteSQLOp, MigrateOperation, SqlText};
use ground::diagnostic::{Error, Result};
use ground::exception;
use python::Interpreter;
use sqlalchemy::compiler::ddl;
use sqlalchemy::dialects::Dialect;
use sqlalchemy::schema::{
    Column, Constraint, ExcludeConstraint, ExcludeOperand, MetaData, SchemaName, Table, TableItem,
    TableOptions,
};
use sqlalchemy::sqltypes::Type;

/// PostgreSQL's EXCLUDE; it has no class in `alembic.operations.ops`.
pub(super) static CREATE_EXCLUDE_CONSTRAINT: Operation = Operation::new(
    "create_exclude_constraint",
    "self, constraint_name, table_name, *elements, schema=None, **kw",
    BatchForm::Without(&[]),
    create_exclude_constraint,
);

fn create_exclude_constraint(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let elements = call.rest("elements");
    let elements = vm.collect(&elements)?;
    if elements.is_empty() {
        return Err(vm.value_error("not enough values to unpack (expected 2, got 0)"));
    }
    let (name, schema) = call.table(vm)?;
    let constraint_name = call.field(vm, "constraint_name")?;
    let constraint = exclude_constraint(vm, constraint_name, &elements, call.take_keywords())?;
    let mut items = Vec::new();
    for (operand, _) in &constraint.arguments().elements {
        let name = operand.name().unwrap_or_default();
        if matches!(operand, ExcludeOperand::Key(_)) || name.is_empty() {
            items.push(TableItem::Column(Column::new(&*name, Type::null())));
        }
    }
    let options = TableOptions {
        schema: schema.map_or(SchemaName::Inherit, SchemaName::Named),
        ..TableOptions::default()
    };
    let table = Table::new(name, &MetaData::new(), items, options)?;
    table.append_constraint(&Constraint::Exclude(constraint.clone()))?;
    Ok(ExecuteSQLOp {
        sqltext: SqlText::Construct(Executable::Ddl(Rc::new(AddExclude(constraint)))),
        execution_options: None,
    }
    .into())
}

/// `AddConstraint` of an EXCLUDE.
struct AddExclude(ExcludeConstraint);

impl DdlConstruct for AddExclude {
    fn compile(&self, dialect: &Dialect) -> Result<String> {
        if !dialect.supports_alter() {
            return Err(Error::new(
                exception::NOT_IMPLEMENTED_ERROR,
                crate::ddl::NO_ALTER,
            ));
        }
        ddl::add_constraint(&Constraint::Exclude(self.0.clone()), dialect)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
