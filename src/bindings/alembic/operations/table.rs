//! Operations on whole tables and their comments.

use super::objects::{
    Handle, OperationData, attributes, columns_value, initialize, schema_objects, set_columns,
};
use super::operation::{BatchForm, Operation, OperationArguments};
use super::{ALTER_TABLE_OP, MIGRATE_OPERATION, operation_value};
use crate::bindings::conversion::{self, OperationField, keyword_items, texts};
use crate::operations::ops::{
    CreateTableCommentOp, CreateTableOp, DropTableCommentOp, DropTableOp, MigrateOperation,
    RenameTableOp,
};
use crate::operations::schemaobj::{SchemaObjects, TableOptions};
use ground::diagnostic::Result;
use python::{Bound, Declaration, Interpreter, Value, function, method};
use sqlalchemy::schema::{MetaData, Table};

/// What renaming a table takes, in its class and in `op`.
const RENAME_TABLE_PARAMETERS: &str = "self, old_table_name, new_table_name, *, schema=None";

pub(super) static CREATE_TABLE: Operation = Operation::new(
    "create_table",
    "self, table_name, *columns, if_not_exists=None, **kw",
    BatchForm::Absent,
    create_table,
);

pub(super) static CREATE_TABLE_OP: Declaration<Handle<CreateTableOp>> = Declaration {
    bases: &[&MIGRATE_OPERATION],
    initializer: Some(function(
        "__init__",
        "self, table_name, columns, *, schema=None, if_not_exists=None, \
         _namespace_metadata=None, _constraints_included=False, **kw",
        |vm, bound| initialize(vm, bound, create_table),
    )),
    properties: attributes!(
        CreateTableOp: table_name, schema, if_not_exists, kw, comment = options.comment;
        python::settable(
            "columns",
            |vm, op: &Handle<CreateTableOp>| columns_value(vm, &op.0),
            |vm, op, value| set_columns(vm, &op.0, value),
        ),
    ),
    methods: &[method(
        "to_table",
        "self, migration_context=None",
        |vm, op, bound| made_table(vm, op, bound, CreateTableOp::to_table),
    )],
    class_methods: &[function(
        "from_table",
        "cls, table, *, _namespace_metadata=None",
        |vm, bound| {
            let (table, metadata) = source_table(vm, bound)?;
            let op = CreateTableOp::from_table(&table, metadata.as_ref());
            Ok(operation_value(vm, &op.into()))
        },
    )],
    ..Declaration::new("alembic.operations.ops.CreateTableOp")
};

fn create_table(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let table_name = call.field(vm, "table_name")?;
    let if_not_exists = call.field(vm, "if_not_exists")?;
    let columns = call.rest("columns");
    let columns = OperationField::parse(vm, &columns)?;
    let schema = call.field(vm, "schema")?;
    let options = table_options(vm, call)?;
    let namespace_metadata = call.value("_namespace_metadata");
    Ok(CreateTableOp {
        table_name,
        columns,
        schema,
        if_not_exists,
        options,
        namespace_metadata: conversion::find_metadata(&namespace_metadata),
        constraints_included: call.is_set(vm, "_constraints_included")?,
        kw: call.dialect_options(
            vm,
            &[
                "extend_existing",
                "keep_existing",
                "quote",
                "quote_schema",
                "listeners",
            ],
        )?,
    }
    .into())
}

pub(super) static DROP_TABLE: Operation = Operation::new(
    "drop_table",
    "self, table_name, *, schema=None, if_exists=None, **kw",
    BatchForm::Absent,
    drop_table,
);

pub(super) static DROP_TABLE_OP: Declaration<Handle<DropTableOp>> = Declaration {
    bases: &[&MIGRATE_OPERATION],
    initializer: Some(function(
        "__init__",
        "self, table_name, *, schema=None, if_exists=None, table_kw=None, _reverse=None",
        |vm, bound| initialize(vm, bound, drop_table),
    )),
    properties: attributes!(
        DropTableOp: table_name, schema, if_exists, table_kw, comment = options.comment
    ),
    methods: &[method(
        "to_table",
        "self, migration_context=None",
        |vm, op, bound| made_table(vm, op, bound, DropTableOp::to_table),
    )],
    class_methods: &[function(
        "from_table",
        "cls, table, *, _namespace_metadata=None",
        |vm, bound| {
            let (table, metadata) = source_table(vm, bound)?;
            let op = DropTableOp::from_table(&table, metadata.as_ref());
            Ok(operation_value(vm, &op.into()))
        },
    )],
    ..Declaration::new("alembic.operations.ops.DropTableOp")
};

fn drop_table(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let table_name = call.field(vm, "table_name")?;
    let schema = call.field(vm, "schema")?;
    let if_exists = call.field(vm, "if_exists")?;
    let table_kw = call.value("table_kw");
    if !table_kw.is_none() {
        call.keywords(keyword_items(vm, &table_kw)?);
    }
    let options = table_options(vm, call)?;
    Ok(DropTableOp {
        table_name,
        schema,
        if_exists,
        options,
        table_kw: call.dialect_options(vm, &[])?,
        reverse: None,
    }
    .into())
}

/// `comment`, `info` and `prefixes` from the keyword arguments.
fn table_options(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<TableOptions> {
    let comment = call.field(vm, "comment")?;
    let prefixes = call.value("prefixes");
    Ok(TableOptions {
        comment,
        info: conversion::info_argument(call.take("info")),
        prefixes: texts(vm, &prefixes)?,
    })
}

/// `to_table()`.
fn made_table<T: OperationData>(
    vm: &mut Interpreter,
    op: &Handle<T>,
    bound: &mut Bound<'_>,
    to_table: fn(&T, &SchemaObjects) -> Result<Table>,
) -> Result<Value> {
    let op = op.data();
    let objects = schema_objects(bound);
    let table = vm.lend(|| to_table(&op, &objects))?;
    Ok(conversion::table_value(vm, &table))
}

/// The argument of `from_table`.
fn source_table(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<(Table, Option<MetaData>)> {
    let value = bound.value("table");
    conversion::refuse_opaque(&value, "the table")?;
    let Some(table) = conversion::find_table(&value) else {
        let class = vm.class_of(&value).name();
        return Err(vm.attribute_error(format!("'{class}' object has no attribute 'metadata'")));
    };
    let metadata = bound.value("_namespace_metadata");
    Ok((table, conversion::find_metadata(&metadata)))
}

pub(super) static RENAME_TABLE: Operation = Operation::new(
    "rename_table",
    RENAME_TABLE_PARAMETERS,
    BatchForm::Absent,
    rename_table,
);

pub(super) static RENAME_TABLE_OP: Declaration<Handle<RenameTableOp>> = Declaration {
    bases: &[&ALTER_TABLE_OP],
    initializer: Some(function(
        "__init__",
        RENAME_TABLE_PARAMETERS,
        |vm, bound| initialize(vm, bound, rename_table),
    )),
    properties: attributes!(RenameTableOp: table_name, new_table_name, schema),
    ..Declaration::new("alembic.operations.ops.RenameTableOp")
};

fn rename_table(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    Ok(RenameTableOp {
        table_name: call.field(vm, "old_table_name")?,
        new_table_name: call.field(vm, "new_table_name")?,
        schema: call.field(vm, "schema")?,
    }
    .into())
}

pub(super) static CREATE_TABLE_COMMENT: Operation = Operation::new(
    "create_table_comment",
    "self, table_name, comment, *, existing_comment=None, schema=None",
    BatchForm::Without(&[]),
    create_table_comment,
);

pub(super) static CREATE_TABLE_COMMENT_OP: Declaration<Handle<CreateTableCommentOp>> =
    Declaration {
        bases: &[&ALTER_TABLE_OP],
        initializer: Some(function(
            "__init__",
            "self, table_name, comment, *, schema=None, existing_comment=None",
            |vm, bound| initialize(vm, bound, create_table_comment),
        )),
        properties: attributes!(
            CreateTableCommentOp: table_name, comment, existing_comment, schema
        ),
        methods: &[method(
            "to_table",
            "self, migration_context=None",
            |vm, op, bound| made_table(vm, op, bound, CreateTableCommentOp::to_table),
        )],
        ..Declaration::new("alembic.operations.ops.CreateTableCommentOp")
    };

fn create_table_comment(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = call.table(vm)?;
    Ok(CreateTableCommentOp {
        table_name,
        comment: call.field(vm, "comment")?,
        existing_comment: call.field(vm, "existing_comment")?,
        schema,
    }
    .into())
}

pub(super) static DROP_TABLE_COMMENT: Operation = Operation::new(
    "drop_table_comment",
    "self, table_name, *, existing_comment=None, schema=None",
    BatchForm::Without(&[]),
    drop_table_comment,
);

pub(super) static DROP_TABLE_COMMENT_OP: Declaration<Handle<DropTableCommentOp>> = Declaration {
    bases: &[&ALTER_TABLE_OP],
    initializer: Some(function(
        "__init__",
        "self, table_name, *, schema=None, existing_comment=None",
        |vm, bound| initialize(vm, bound, drop_table_comment),
    )),
    properties: attributes!(DropTableCommentOp: table_name, existing_comment, schema),
    methods: &[method(
        "to_table",
        "self, migration_context=None",
        |vm, op, bound| made_table(vm, op, bound, DropTableCommentOp::to_table),
    )],
    ..Declaration::new("alembic.operations.ops.DropTableCommentOp")
};

fn drop_table_comment(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = call.table(vm)?;
    Ok(DropTableCommentOp {
        table_name,
        existing_comment: call.field(vm, "existing_comment")?,
        schema,
    }
    .into())
}
