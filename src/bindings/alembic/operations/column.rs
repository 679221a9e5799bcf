//! Operations on columns.

use super::objects::{Handle, attributes, initialize};
use super::operation::{BatchForm, Operation, OperationArguments};
use super::{ALTER_TABLE_OP, operation_value};
use crate::bindings::conversion::{self, OperationField};
use crate::operations::ops::{
    AddColumnOp, AlterColumnKeywords, AlterColumnOp, DropColumnOp, MigrateOperation,
};
use ground::diagnostic::Result;
use python::{Bound, Declaration, Interpreter, Value, function, method, property};
use sqlalchemy::name::Name;
use sqlalchemy::schema::Column;

pub(super) static ADD_COLUMN: Operation = Operation::new(
    "add_column",
    "self, table_name, column, *, schema=None, if_not_exists=None, inline_references=None, \
     inline_primary_key=None",
    BatchForm::Positioned,
    add_column,
);

pub(super) static ADD_COLUMN_OP: Declaration<Handle<AddColumnOp>> = Declaration {
    bases: &[&ALTER_TABLE_OP],
    initializer: Some(function(
        "__init__",
        "self, table_name, column, *, schema=None, if_not_exists=None, inline_references=None, \
         inline_primary_key=None, **kw",
        |vm, bound| initialize(vm, bound, add_column),
    )),
    properties: attributes!(
        AddColumnOp: table_name, column, schema, if_not_exists, inline_references,
        inline_primary_key
    ),
    methods: &[method("to_column", "self", |vm, op, _| {
        let column = op.data().column;
        Ok(conversion::column_value(vm, &column))
    })],
    class_methods: &[
        function("from_column", "cls, col", |vm, bound| {
            let column: Column = parse(vm, bound, "col")?;
            let op = AddColumnOp::from_column(&column)?;
            Ok(operation_value(vm, &op.into()))
        }),
        function(
            "from_column_and_tablename",
            "cls, schema, tname, col",
            |vm, bound| {
                let (schema, table, column) = table_and_column(vm, bound)?;
                let op = AddColumnOp::from_column_and_tablename(schema, table, &column);
                Ok(operation_value(vm, &op.into()))
            },
        ),
    ],
    ..Declaration::new("alembic.operations.ops.AddColumnOp")
};

fn add_column(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = call.table(vm)?;
    Ok(AddColumnOp {
        table_name,
        column: call.field(vm, "column")?,
        schema,
        if_not_exists: call.field(vm, "if_not_exists")?,
        inline_references: call.field(vm, "inline_references")?,
        inline_primary_key: call.field(vm, "inline_primary_key")?,
        insert_before: call.neighbour(vm, "insert_before")?,
        insert_after: call.neighbour(vm, "insert_after")?,
    }
    .into())
}

pub(super) static DROP_COLUMN: Operation = Operation::new(
    "drop_column",
    "self, table_name, column_name, *, schema=None, **kw",
    BatchForm::Without(&[]),
    drop_column,
);

pub(super) static DROP_COLUMN_OP: Declaration<Handle<DropColumnOp>> = Declaration {
    bases: &[&ALTER_TABLE_OP],
    initializer: Some(function(
        "__init__",
        "self, table_name, column_name, *, schema=None, if_exists=None, _reverse=None, **kw",
        |vm, bound| initialize(vm, bound, drop_column),
    )),
    properties: attributes!(DropColumnOp: table_name, column_name, schema, if_exists),
    methods: &[method(
        "to_column",
        "self, migration_context=None",
        |vm, op, bound| {
            // No naming convention is about columns.
            bound.ignore(&["migration_context"]);
            let column = op.data().to_column();
            Ok(conversion::column_value(vm, &column))
        },
    )],
    class_methods: &[function(
        "from_column_and_tablename",
        "cls, schema, tname, col",
        |vm, bound| {
            let (schema, table, column) = table_and_column(vm, bound)?;
            let op = DropColumnOp::from_column_and_tablename(schema, table, &column);
            Ok(operation_value(vm, &op.into()))
        },
    )],
    ..Declaration::new("alembic.operations.ops.DropColumnOp")
};

fn drop_column(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = call.table(vm)?;
    let existing_type = call.value("existing_type");
    Ok(DropColumnOp {
        table_name,
        column_name: call.field(vm, "column_name")?,
        schema,
        if_exists: call.field(vm, "if_exists")?,
        existing_type: if conversion::is_type(&existing_type) {
            Some(conversion::to_type(vm, &existing_type)?)
        } else {
            None
        },
        reverse: None,
        kw: call.dialect_options(vm, &[])?,
    }
    .into())
}

fn parse<T: OperationField>(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str) -> Result<T> {
    let value = bound.value(name);
    T::parse(vm, &value)
}

/// The arguments of `from_column_and_tablename`.
fn table_and_column(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
) -> Result<(Option<Name>, Name, Column)> {
    let schema = parse(vm, bound, "schema")?;
    let table = parse(vm, bound, "tname")?;
    Ok((schema, table, parse(vm, bound, "col")?))
}

pub(super) static ALTER_COLUMN: Operation = Operation::new(
    "alter_column",
    "self, table_name, column_name, *, nullable=None, comment=False, server_default=False, \
     new_column_name=None, type_=None, existing_type=None, existing_server_default=False, \
     existing_nullable=None, existing_comment=None, schema=None, **kw",
    BatchForm::Positioned,
    alter_column,
);

pub(super) static ALTER_COLUMN_OP: Declaration<Handle<AlterColumnOp>> = Declaration {
    bases: &[&ALTER_TABLE_OP],
    initializer: Some(function(
        "__init__",
        "self, table_name, column_name, *, schema=None, existing_type=None, \
         existing_server_default=False, existing_nullable=None, existing_comment=None, \
         modify_nullable=None, modify_comment=False, modify_server_default=False, \
         modify_name=None, modify_type=None, **kw",
        |vm, bound| initialize(vm, bound, alter_column),
    )),
    properties: attributes!(
        AlterColumnOp: table_name, column_name, schema, existing_type, existing_server_default,
        existing_nullable, existing_comment, modify_nullable, modify_comment,
        modify_server_default, modify_name, modify_type;
        property("kw", |_, op: &Handle<AlterColumnOp>| {
            let autoincrement = op.data().kw.autoincrement;
            Ok(Value::dict(
                autoincrement.map(|value| ("autoincrement", Value::Bool(value))),
            ))
        })
    ),
    methods: &[method("has_changes", "self", |_, op, _| {
        Ok(Value::Bool(op.data().has_changes()))
    })],
    ..Declaration::new("alembic.operations.ops.AlterColumnOp")
};

fn alter_column(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = call.table(vm)?;
    Ok(AlterColumnOp {
        table_name,
        column_name: call.field(vm, "column_name")?,
        schema,
        modify_nullable: call.renamed(vm, "nullable", "modify_nullable")?,
        modify_comment: call.renamed(vm, "comment", "modify_comment")?,
        modify_server_default: call.renamed(vm, "server_default", "modify_server_default")?,
        modify_name: call.renamed(vm, "new_column_name", "modify_name")?,
        modify_type: call.renamed(vm, "type_", "modify_type")?,
        existing_type: call.field(vm, "existing_type")?,
        existing_server_default: call.field(vm, "existing_server_default")?,
        existing_nullable: call.field(vm, "existing_nullable")?,
        existing_comment: call.field(vm, "existing_comment")?,
        kw: AlterColumnKeywords {
            autoincrement: call.field(vm, "autoincrement")?,
            existing_autoincrement: call.field(vm, "existing_autoincrement")?,
            insert_before: call.neighbour(vm, "insert_before")?,
            insert_after: call.neighbour(vm, "insert_after")?,
            dialect: call.dialect_options(vm, &[])?,
        },
    }
    .into())
}
