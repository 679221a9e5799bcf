//! `alembic.operations`: each operation is declared once, in the file of its group.
//!
//! An [`Operation`] is the method of `op` and `batch_op`; the [`Declaration`] beside it is the
//! class in `alembic.operations.ops`. One function builds the operation from the arguments of all
//! three. A new operation is declared there and listed in [`OPERATIONS`] and [`CLASSES`].

pub(super) mod base;
mod batch;
mod column;
mod constraint;
mod container;
mod exclude;
mod index;
pub(super) mod objects;
mod operation;
pub(super) mod sql;
mod table;
mod toimpl;

use std::rc::Rc;

use crate::bindings::alembic::differences;
use crate::operations::ops::{self, MigrateOperation, Shared};
use ground::diagnostic::{Error, Result};
use objects::{OperationClass, OperationData, operation_value, synchronize, to_operation};
use operation::Operation;
use python::{Declaration, Declared, Interpreter, Module, Parameters, Registry, Value, method};

/// Every operation, sorted by name.
pub(super) static OPERATIONS: [&Operation; 18] = [
    &column::ADD_COLUMN,
    &column::ALTER_COLUMN,
    &sql::BULK_INSERT,
    &constraint::CREATE_CHECK_CONSTRAINT,
    &exclude::CREATE_EXCLUDE_CONSTRAINT,
    &constraint::CREATE_FOREIGN_KEY,
    &index::CREATE_INDEX,
    &constraint::CREATE_PRIMARY_KEY,
    &table::CREATE_TABLE,
    &table::CREATE_TABLE_COMMENT,
    &constraint::CREATE_UNIQUE_CONSTRAINT,
    &column::DROP_COLUMN,
    &constraint::DROP_CONSTRAINT,
    &index::DROP_INDEX,
    &table::DROP_TABLE,
    &table::DROP_TABLE_COMMENT,
    &sql::EXECUTE,
    &table::RENAME_TABLE,
];

/// The operations of `op` or `batch_op`, with their parameter names.
pub fn operation_parameters(batch: bool) -> Vec<(&'static str, Vec<String>)> {
    OPERATIONS
        .iter()
        .filter_map(|operation| {
            let parameters = Parameters::new(operation.name, operation.signature(batch)?);
            let names = parameters.names().skip(1).map(str::to_owned).collect();
            Some((operation.name, names))
        })
        .collect()
}

/// The base class of all operations.
static MIGRATE_OPERATION: Declaration<Value> = Declaration {
    hooks: Some(|| Rc::new(OperationClass)),
    methods: &[
        method("reverse", "self", |vm, this, _| {
            let operation = native_operation(vm, this)?;
            let reversed = vm.lend(|| operation.reverse())?;
            Ok(operation_value(vm, &reversed))
        }),
        method("to_diff_tuple", "self", |vm, this, _| {
            let operation = native_operation(vm, this)?;
            let difference = vm.lend(|| operation.to_diff_tuple())?;
            Ok(differences::difference_value(vm, &difference))
        }),
    ],
    ..Declaration::new("alembic.operations.ops.MigrateOperation")
};

/// The operation behind an object of one of Alembic's classes; a user-defined class must implement
/// the method itself.
fn native_operation(vm: &mut Interpreter, this: &Value) -> Result<MigrateOperation> {
    let operation = to_operation(vm, this)?;
    if let MigrateOperation::Custom(_) = operation {
        return Err(Error::new("NotImplementedError", ""));
    }
    synchronize(vm)?;
    Ok(operation)
}

/// The base class of operations on an existing table.
static ALTER_TABLE_OP: Declaration<Value> = Declaration {
    bases: &[&MIGRATE_OPERATION],
    ..Declaration::new("alembic.operations.ops.AlterTableOp")
};

/// The classes of `alembic.operations.ops`.
static CLASSES: [&dyn Declared; 25] = [
    &MIGRATE_OPERATION,
    &constraint::ADD_CONSTRAINT_OP,
    &constraint::DROP_CONSTRAINT_OP,
    &constraint::CREATE_PRIMARY_KEY_OP,
    &constraint::CREATE_UNIQUE_CONSTRAINT_OP,
    &constraint::CREATE_FOREIGN_KEY_OP,
    &constraint::CREATE_CHECK_CONSTRAINT_OP,
    &index::CREATE_INDEX_OP,
    &index::DROP_INDEX_OP,
    &table::CREATE_TABLE_OP,
    &table::DROP_TABLE_OP,
    &ALTER_TABLE_OP,
    &table::RENAME_TABLE_OP,
    &table::CREATE_TABLE_COMMENT_OP,
    &table::DROP_TABLE_COMMENT_OP,
    &column::ALTER_COLUMN_OP,
    &column::ADD_COLUMN_OP,
    &column::DROP_COLUMN_OP,
    &sql::BULK_INSERT_OP,
    &sql::EXECUTE_SQL_OP,
    &container::OP_CONTAINER,
    &container::MODIFY_TABLE_OPS,
    &container::UPGRADE_OPS,
    &container::DOWNGRADE_OPS,
    &container::MIGRATION_SCRIPT,
];

macro_rules! operation_classes {
    ($($variant:ident($data:ident): $declaration:expr),* $(,)?) => {
        $(impl OperationData for ops::$data {
            fn of(operation: &MigrateOperation) -> Option<Shared<Self>> {
                match operation {
                    MigrateOperation::$variant(data) => Some(data.clone()),
                    _ => None,
                }
            }
        })*

        /// The declaration of an operation's class.
        fn declaration_of(operation: &MigrateOperation) -> &'static dyn Declared {
            match operation {
                $(MigrateOperation::$variant(_) => $declaration,)*
                MigrateOperation::Custom(_) => &MIGRATE_OPERATION,
            }
        }
    };
}

operation_classes! {
    CreateTable(CreateTableOp): &table::CREATE_TABLE_OP,
    DropTable(DropTableOp): &table::DROP_TABLE_OP,
    RenameTable(RenameTableOp): &table::RENAME_TABLE_OP,
    CreateTableComment(CreateTableCommentOp): &table::CREATE_TABLE_COMMENT_OP,
    DropTableComment(DropTableCommentOp): &table::DROP_TABLE_COMMENT_OP,
    AddColumn(AddColumnOp): &column::ADD_COLUMN_OP,
    DropColumn(DropColumnOp): &column::DROP_COLUMN_OP,
    AlterColumn(AlterColumnOp): &column::ALTER_COLUMN_OP,
    CreateIndex(CreateIndexOp): &index::CREATE_INDEX_OP,
    DropIndex(DropIndexOp): &index::DROP_INDEX_OP,
    CreatePrimaryKey(CreatePrimaryKeyOp): &constraint::CREATE_PRIMARY_KEY_OP,
    CreateUniqueConstraint(CreateUniqueConstraintOp): &constraint::CREATE_UNIQUE_CONSTRAINT_OP,
    CreateForeignKey(CreateForeignKeyOp): &constraint::CREATE_FOREIGN_KEY_OP,
    CreateCheckConstraint(CreateCheckConstraintOp): &constraint::CREATE_CHECK_CONSTRAINT_OP,
    DropConstraint(DropConstraintOp): &constraint::DROP_CONSTRAINT_OP,
    ExecuteSQL(ExecuteSQLOp): &sql::EXECUTE_SQL_OP,
    BulkInsert(BulkInsertOp): &sql::BULK_INSERT_OP,
    ModifyTable(ModifyTableOps): &container::MODIFY_TABLE_OPS,
    Upgrade(UpgradeOps): &container::UPGRADE_OPS,
    Downgrade(DowngradeOps): &container::DOWNGRADE_OPS,
    Container(OpContainer): &container::OP_CONTAINER,
    Script(MigrationScript): &container::MIGRATION_SCRIPT,
}

/// Adds the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("alembic.operations", base::module);
    registry.add("alembic.operations.base", base::module);
    registry.add("alembic.operations.toimpl", toimpl::module);
    registry.add("alembic.operations.ops", |vm| {
        let mut builder = Module::build("alembic.operations.ops");
        for declared in CLASSES {
            builder = builder.class(&vm.class(declared));
        }
        Ok(builder.build())
    });
}
