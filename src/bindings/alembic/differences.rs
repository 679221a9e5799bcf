//! What `compare_metadata` returns, as Python tuples.

use super::callbacks::schema_object_value;
use crate::autogenerate::SchemaObject;
use crate::bindings::conversion;
use ground::diagnostic::Result;

use crate::operations::ops::{ColumnChange, ColumnDifference, Difference};
use python::{Interpreter, Value};
use sqlalchemy::schema::ServerDefault;
use sqlalchemy::sqltypes::Type;

/// The list of differences.
pub(super) fn differences_value(vm: &mut Interpreter, differences: &[Difference]) -> Result<Value> {
    let mut values = Vec::new();
    for difference in differences {
        values.push(difference_value(vm, difference));
    }
    Ok(Value::list(values))
}

fn optional(text: Option<&str>) -> Value {
    text.map_or(Value::None, Value::str)
}

fn difference_value(vm: &mut Interpreter, difference: &Difference) -> Value {
    match difference {
        Difference::Table(name, table) => {
            Value::tuple(vec![Value::str(name), conversion::table_value(vm, table)])
        }
        Difference::TableComment(name, table, existing) => {
            let mut items = vec![Value::str(name), conversion::table_value(vm, table)];
            if let Some(existing) = existing {
                items.push(optional(existing.as_deref()));
            }
            Value::tuple(items)
        }
        Difference::Column(name, schema, table, column) => Value::tuple(vec![
            Value::str(name),
            optional(schema.as_deref()),
            Value::str(table.as_str()),
            conversion::column_value(vm, column),
        ]),
        Difference::Index(name, index) => {
            let object = SchemaObject::Index(index.clone());
            Value::tuple(vec![Value::str(name), schema_object_value(vm, &object)])
        }
        Difference::Constraint(name, constraint) => {
            let object = SchemaObject::Constraint(constraint.clone());
            Value::tuple(vec![Value::str(name), schema_object_value(vm, &object)])
        }
        Difference::AlterColumn(changes) => {
            let changes = changes
                .iter()
                .map(|change| column_value(vm, change))
                .collect();
            Value::list(changes)
        }
        Difference::Execute(sql) => Value::tuple(vec![
            Value::str("execute"),
            super::values::sql_text_value(vm, sql),
        ]),
        Difference::Custom(value) => value
            .downcast_ref::<Value>()
            .cloned()
            .unwrap_or(Value::None),
    }
}

fn type_value(vm: &mut Interpreter, kind: Option<&Type>) -> Value {
    match kind {
        Some(kind) => conversion::type_value(vm, kind),
        None => Value::None,
    }
}

fn default_value(_vm: &mut Interpreter, default: &Option<Option<ServerDefault>>) -> Value {
    match default {
        None => Value::Bool(false),
        Some(None) => Value::None,
        Some(Some(default)) => conversion::server_default_value(Some(default.clone())),
    }
}

fn column_value(vm: &mut Interpreter, difference: &ColumnDifference) -> Value {
    let kind = (
        "existing_type",
        type_value(vm, difference.existing_type.as_ref()),
    );
    let nullable = ("existing_nullable", difference.existing_nullable.into());
    let default = (
        "existing_server_default",
        default_value(vm, &difference.existing_server_default),
    );
    let comment = (
        "existing_comment",
        optional(difference.existing_comment.as_deref()),
    );
    let (existing, before, after) = match &difference.change {
        ColumnChange::Type(before, after) => (
            [nullable, default, comment],
            type_value(vm, before.as_ref()),
            conversion::type_value(vm, after),
        ),
        ColumnChange::Nullable(before, after) => (
            [kind, default, comment],
            (*before).into(),
            Value::Bool(*after),
        ),
        ColumnChange::ServerDefault(before, after) => (
            [nullable, kind, comment],
            default_value(vm, before),
            default_value(vm, &Some(after.clone())),
        ),
        ColumnChange::Comment(before, after) => (
            [nullable, kind, default],
            optional(before.as_deref()),
            optional(after.as_deref()),
        ),
    };
    Value::tuple(vec![
        Value::str(difference.change.name()),
        optional(difference.schema.as_deref()),
        Value::str(difference.table_name.as_str()),
        Value::str(difference.column_name.as_str()),
        Value::dict(existing),
        before,
        after,
    ])
}
