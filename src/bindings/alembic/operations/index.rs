//! Operations on indexes.

use super::objects::{Handle, attributes, initialize, schema_objects};
use super::operation::{BatchForm, Operation, OperationArguments};
use super::{MIGRATE_OPERATION, operation_value};
use crate::bindings::conversion;
use crate::operations::ops::{CreateIndexOp, DropIndexOp, MigrateOperation};
use ground::diagnostic::Result;
use python::{Bound, Declaration, Interpreter, function, method};
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::schema::Index;

/// What creating an index takes, in its class and in `op`.
const CREATE_INDEX_PARAMETERS: &str = "self, index_name, table_name, columns, *, schema=None, unique=False, \
     if_not_exists=None, **kw";

pub(super) static CREATE_INDEX: Operation = Operation::new(
    "create_index",
    CREATE_INDEX_PARAMETERS,
    BatchForm::Without(&["unique", "if_not_exists"]),
    create_index,
);

pub(super) static CREATE_INDEX_OP: Declaration<Handle<CreateIndexOp>> = Declaration {
    bases: &[&MIGRATE_OPERATION],
    initializer: Some(function(
        "__init__",
        CREATE_INDEX_PARAMETERS,
        |vm, bound| initialize(vm, bound, create_index),
    )),
    properties: attributes!(
        CreateIndexOp: index_name, table_name, columns, schema, unique, if_not_exists, kw
    ),
    methods: &[method(
        "to_index",
        "self, migration_context=None",
        |vm, op, bound| {
            let objects = schema_objects(bound);
            let op = op.data();
            let index = vm.lend(|| op.to_index(&objects))?;
            Ok(conversion::index_value(vm, &index))
        },
    )],
    class_methods: &[function("from_index", "cls, index", |vm, bound| {
        let op = CreateIndexOp::from_index(&source_index(vm, bound)?)?;
        Ok(operation_value(vm, &op.into()))
    })],
    ..Declaration::new("alembic.operations.ops.CreateIndexOp")
};

/// The argument of `from_index`.
fn source_index(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Index> {
    let value = bound.value("index");
    conversion::refuse_opaque(&value, "the index")?;
    conversion::find_index(&value).ok_or_else(|| {
        let class = vm.class_of(&value).name();
        vm.attribute_error(format!("'{class}' object has no attribute 'table'"))
    })
}

fn create_index(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = call.table(vm)?;
    let index_name = index_name(vm, call)?;
    Ok(CreateIndexOp {
        index_name,
        table_name,
        columns: call.field(vm, "columns")?,
        schema,
        unique: call.is_set(vm, "unique")?,
        unique_is_number: false,
        if_not_exists: call.field(vm, "if_not_exists")?,
        kw: call.dialect_options(vm, &["info"])?,
    }
    .into())
}

pub(super) static DROP_INDEX: Operation = Operation::new(
    "drop_index",
    "self, index_name, table_name=None, *, schema=None, if_exists=None, **kw",
    BatchForm::Without(&["if_exists"]),
    drop_index,
);

pub(super) static DROP_INDEX_OP: Declaration<Handle<DropIndexOp>> = Declaration {
    bases: &[&MIGRATE_OPERATION],
    initializer: Some(function(
        "__init__",
        "self, index_name, table_name=None, *, schema=None, if_exists=None, _reverse=None, **kw",
        |vm, bound| initialize(vm, bound, drop_index),
    )),
    properties: attributes!(DropIndexOp: index_name, table_name, schema, if_exists, kw),
    methods: &[method(
        "to_index",
        "self, migration_context=None",
        |vm, op, bound| {
            let objects = schema_objects(bound);
            let op = op.data();
            let index = vm.lend(|| op.to_index(&objects))?;
            Ok(conversion::index_value(vm, &index))
        },
    )],
    class_methods: &[function("from_index", "cls, index", |vm, bound| {
        let op = DropIndexOp::from_index(&source_index(vm, bound)?)?;
        Ok(operation_value(vm, &op.into()))
    })],
    ..Declaration::new("alembic.operations.ops.DropIndexOp")
};

/// The name, quoted as `quote=` says.
fn index_name(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<ConstraintName> {
    let name: ConstraintName = call.field(vm, "index_name")?;
    let quote = call.keyword("quote").and_then(|quote| quote.as_bool());
    Ok(match name {
        ConstraintName::Plain(name) if quote.is_some() => {
            ConstraintName::Plain(Name::quoted(name.text(), quote))
        }
        ConstraintName::Convention(name) if quote.is_some() => {
            ConstraintName::Convention(Name::quoted(name.text(), quote))
        }
        name => name,
    })
}

fn drop_index(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = call.optional_table(vm)?;
    Ok(DropIndexOp {
        index_name: index_name(vm, call)?,
        table_name,
        schema,
        if_exists: call.field(vm, "if_exists")?,
        unique: call.is_set(vm, "unique")?,
        kw: call.dialect_options(vm, &["info"])?,
        reverse: None,
    }
    .into())
}
