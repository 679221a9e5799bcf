//! Converts the result of `compare_metadata` to Python tuples.

use crate::bindings::conversion::{self, OperationField};
use crate::operations::ops::{ColumnChange, ColumnDifference, Difference};
use python::{Interpreter, Value};

/// The list of differences.
pub(super) fn differences_value(vm: &mut Interpreter, differences: &[Difference]) -> Value {
    let values = differences.iter();
    Value::list(
        values
            .map(|difference| difference_value(vm, difference))
            .collect(),
    )
}

/// One difference: a tuple, or a list of tuples for a modified column.
pub(super) fn difference_value(vm: &mut Interpreter, difference: &Difference) -> Value {
    match difference {
        Difference::Table(name, table) => {
            Value::tuple(vec![Value::str(name), conversion::table_value(vm, table)])
        }
        Difference::TableComment(name, table, existing) => {
            let mut items = vec![Value::str(name), conversion::table_value(vm, table)];
            if let Some(existing) = existing {
                items.push(existing.to_python(vm));
            }
            Value::tuple(items)
        }
        Difference::Column(name, schema, table, column) => Value::tuple(vec![
            Value::str(name),
            schema.to_python(vm),
            Value::str(table.as_str()),
            conversion::column_value(vm, column),
        ]),
        Difference::Index(name, index) => {
            Value::tuple(vec![Value::str(name), conversion::index_value(vm, index)])
        }
        Difference::Constraint(name, constraint) => Value::tuple(vec![
            Value::str(name),
            conversion::constraint_value(vm, constraint),
        ]),
        Difference::AlterColumn(changes) => {
            let changes = changes
                .iter()
                .map(|change| column_value(vm, change))
                .collect();
            Value::list(changes)
        }
        Difference::Execute(sql) => Value::tuple(vec![Value::str("execute"), sql.to_python(vm)]),
        Difference::Custom(value) => value
            .downcast_ref::<Value>()
            .cloned()
            .unwrap_or(Value::None),
    }
}

fn column_value(vm: &mut Interpreter, difference: &ColumnDifference) -> Value {
    let kind = ("existing_type", difference.existing_type.to_python(vm));
    let nullable = ("existing_nullable", difference.existing_nullable.into());
    let default = (
        "existing_server_default",
        difference.existing_server_default.to_python(vm),
    );
    let comment = (
        "existing_comment",
        difference.existing_comment.to_python(vm),
    );
    let (existing, before, after) = match &difference.change {
        ColumnChange::Type(before, after) => (
            [nullable, default, comment],
            before.to_python(vm),
            after.to_python(vm),
        ),
        ColumnChange::Nullable(before, after) => (
            [kind, default, comment],
            (*before).into(),
            Value::Bool(*after),
        ),
        ColumnChange::ServerDefault(before, after) => (
            [nullable, kind, comment],
            before.to_python(vm),
            after.to_python(vm),
        ),
        ColumnChange::Comment(before, after) => (
            [nullable, kind, default],
            before.to_python(vm),
            after.to_python(vm),
        ),
    };
    Value::tuple(vec![
        Value::str(difference.change.name()),
        difference.schema.to_python(vm),
        Value::str(difference.table_name.as_str()),
        Value::str(difference.column_name.as_str()),
        Value::dict(existing),
        before,
        after,
    ])
}
