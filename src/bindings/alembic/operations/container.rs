//! Operation containers, up to the whole migration script.

use std::cell::RefCell;
use std::rc::Rc;

use super::MIGRATE_OPERATION;
use super::objects::{
    Handle, OperationData, attributes, imports_value, initialize, list_value, operation_value,
    refresh, synchronize, to_operation,
};
use super::operation::OperationArguments;
use crate::bindings::alembic::differences;
use crate::bindings::conversion::{OperationField, distinct_texts};
use crate::operations::ops::{
    DowngradeOps, MigrateOperation, MigrationScript, ModifyTableOps, OpContainer, OperationList,
    Shared, UpgradeOps,
};
use ground::diagnostic::{Error, Result};
use python::{Declaration, Interpreter, Value, function, method, property, settable};

/// A list of operations; Python always sees the same list object.
impl OperationField for OperationList {
    fn left_out() -> Value {
        Value::tuple(Vec::new())
    }

    fn to_python(&self, vm: &mut Interpreter) -> Value {
        list_value(vm, self)
    }

    fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
        let items = vm.collect(value)?;
        items.iter().map(|item| to_operation(vm, item)).collect()
    }
}

fn inner(vm: &mut Interpreter, this: &Value) -> Result<OperationList> {
    let list = to_operation(vm, this)?.operations().unwrap_or_default();
    synchronize(vm)?;
    Ok(list)
}

pub(super) static OP_CONTAINER: Declaration<Value> = Declaration {
    bases: &[&MIGRATE_OPERATION],
    initializer: Some(function("__init__", "self, ops=()", |vm, bound| {
        initialize(vm, bound, |vm, call| {
            Ok(OpContainer {
                ops: call.field(vm, "ops")?,
            }
            .into())
        })
    })),
    properties: &[settable(
        "ops",
        |vm, this: &Value| {
            let list = to_operation(vm, this)?.operations().unwrap_or_default();
            Ok(list.to_python(vm))
        },
        |vm, this, value| {
            let list = inner(vm, this)?;
            let operations = OperationList::parse(vm, value)?;
            list.set(operations.to_vec());
            refresh(vm, &list);
            Ok(())
        },
    )],
    methods: &[
        method("is_empty", "self", |vm, this, _| {
            Ok(Value::Bool(inner(vm, this)?.is_empty()))
        }),
        method("as_diffs", "self", |vm, this, _| {
            let list = inner(vm, this)?;
            let found = vm.lend(|| list.as_diffs())?;
            Ok(differences::differences_value(vm, &found))
        }),
    ],
    ..Declaration::new("alembic.operations.ops.OpContainer")
};

pub(super) static MODIFY_TABLE_OPS: Declaration<Handle<ModifyTableOps>> = Declaration {
    bases: &[&OP_CONTAINER],
    initializer: Some(function(
        "__init__",
        "self, table_name, ops, *, schema=None",
        |vm, bound| {
            initialize(vm, bound, |vm, call| {
                let (table_name, schema) = call.table(vm)?;
                Ok(ModifyTableOps {
                    table_name,
                    schema,
                    ops: call.field(vm, "ops")?,
                }
                .into())
            })
        },
    )),
    properties: attributes!(ModifyTableOps: table_name, schema),
    ..Declaration::new("alembic.operations.ops.ModifyTableOps")
};

pub(super) static UPGRADE_OPS: Declaration<Handle<UpgradeOps>> = Declaration {
    bases: &[&OP_CONTAINER],
    initializer: Some(function(
        "__init__",
        "self, ops=(), upgrade_token='upgrades'",
        |vm, bound| {
            initialize(vm, bound, |vm, call| {
                let mut ops = UpgradeOps::new(call.field(vm, "ops")?);
                if let Some(token) = call.field(vm, "upgrade_token")? {
                    ops.upgrade_token = token;
                }
                Ok(ops.into())
            })
        },
    )),
    properties: attributes!(UpgradeOps: upgrade_token),
    methods: &[method(
        "reverse_into",
        "self, downgrade_ops",
        |vm, op, bound| {
            let downgrade = bound.value("downgrade_ops");
            let MigrateOperation::Downgrade(target) = to_operation(vm, &downgrade)? else {
                return Err(vm.type_error("reverse_into() takes a DowngradeOps"));
            };
            synchronize(vm)?;
            let upgrade = op.data();
            let into = target.borrow().clone();
            vm.lend(|| upgrade.reverse_into(&into))?;
            refresh(vm, &into.ops);
            Ok(downgrade)
        },
    )],
    ..Declaration::new("alembic.operations.ops.UpgradeOps")
};

pub(super) static DOWNGRADE_OPS: Declaration<Handle<DowngradeOps>> = Declaration {
    bases: &[&OP_CONTAINER],
    initializer: Some(function(
        "__init__",
        "self, ops=(), downgrade_token='downgrades'",
        |vm, bound| {
            initialize(vm, bound, |vm, call| {
                let mut ops = DowngradeOps::new(call.field(vm, "ops")?);
                if let Some(token) = call.field(vm, "downgrade_token")? {
                    ops.downgrade_token = token;
                }
                Ok(ops.into())
            })
        },
    )),
    properties: attributes!(DowngradeOps: downgrade_token),
    ..Declaration::new("alembic.operations.ops.DowngradeOps")
};

pub(super) static MIGRATION_SCRIPT: Declaration<Handle<MigrationScript>> = Declaration {
    bases: &[&MIGRATE_OPERATION],
    initializer: Some(function(
        "__init__",
        "self, rev_id, upgrade_ops, downgrade_ops, *, message=None, imports=set(), head=None, \
         splice=None, branch_label=None, version_path=None, depends_on=None",
        |vm, bound| initialize(vm, bound, migration_script),
    )),
    properties: attributes!(
        MigrationScript: rev_id, message, head, splice, branch_label, version_path, depends_on;
        settable("imports", |vm, op: &Handle<MigrationScript>| {
            imports_value(vm, &op.data().imports)
        }, |vm, op, value| {
            let lines = distinct_texts(vm, value)?;
            // A new set, so that one handed out before is not written back.
            op.0.borrow_mut().imports = Rc::new(RefCell::new(lines));
            Ok(())
        }),
        settable("upgrade_ops", |vm, op: &Handle<MigrationScript>| {
            Ok(match op.data().upgrade_ops()? {
                Some(ops) => operation_value(vm, &MigrateOperation::Upgrade(ops)),
                None => Value::None,
            })
        }, |vm, op, value| {
            let list = bodies(vm, value)?;
            op.0.borrow_mut().upgrade_ops_list = list;
            Ok(())
        }),
        settable("downgrade_ops", |vm, op: &Handle<MigrationScript>| {
            Ok(match op.data().downgrade_ops()? {
                Some(ops) => operation_value(vm, &MigrateOperation::Downgrade(ops)),
                None => Value::None,
            })
        }, |vm, op, value| {
            let list = bodies(vm, value)?;
            op.0.borrow_mut().downgrade_ops_list = list;
            Ok(())
        }),
        property("upgrade_ops_list", |vm, op: &Handle<MigrationScript>| {
            let list = op.data().upgrade_ops_list.into_iter();
            let values = list.map(|ops| operation_value(vm, &MigrateOperation::Upgrade(ops)));
            Ok(Value::list(values.collect()))
        }),
        property("downgrade_ops_list", |vm, op: &Handle<MigrationScript>| {
            let list = op.data().downgrade_ops_list.into_iter();
            let values = list.map(|ops| operation_value(vm, &MigrateOperation::Downgrade(ops)));
            Ok(Value::list(values.collect()))
        }),
    ),
    ..Declaration::new("alembic.operations.ops.MigrationScript")
};

fn migration_script(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let upgrade_ops = call.value("upgrade_ops");
    let downgrade_ops = call.value("downgrade_ops");
    let imports = match call.value("imports") {
        Value::None => Default::default(),
        lines => distinct_texts(vm, &lines)?,
    };
    Ok(MigrationScript {
        rev_id: call.field(vm, "rev_id")?,
        message: call.field(vm, "message")?,
        imports: Rc::new(RefCell::new(imports)),
        head: call.field(vm, "head")?,
        splice: call.field(vm, "splice")?,
        branch_label: call.field(vm, "branch_label")?,
        version_path: call.field(vm, "version_path")?,
        depends_on: call.field(vm, "depends_on")?,
        upgrade_ops_list: bodies(vm, &upgrade_ops)?,
        downgrade_ops_list: bodies(vm, &downgrade_ops)?,
        ..MigrationScript::default()
    }
    .into())
}

/// The body of `upgrade()` or `downgrade()`: one container, or a list of them.
fn bodies<T: OperationData>(vm: &mut Interpreter, value: &Value) -> Result<Vec<Shared<T>>> {
    let values = value.as_items().unwrap_or_else(|| vec![value.clone()]);
    values
        .iter()
        .map(|value| {
            let operation = to_operation(vm, value)?;
            T::of(&operation).ok_or_else(|| Error::new("AssertionError", ""))
        })
        .collect()
}
