//! Operations on constraints.

use super::objects::{Handle, attributes, initialize, schema_objects, to_operation};
use super::operation::{BatchForm, Operation, OperationArguments};
use super::{MIGRATE_OPERATION, operation_value};
use crate::bindings::conversion::{self, OperationField};
use crate::operations::ops::{
    ConstraintKeywords, CreateCheckConstraintOp, CreateForeignKeyOp, CreatePrimaryKeyOp,
    CreateUniqueConstraintOp, DropConstraintOp, ForeignKeyKeywords, MigrateOperation,
};
use ground::diagnostic::Result;
use python::{Bound, Constant, Declaration, Interpreter, Value, function, method, property};
use sqlalchemy::schema::Constraint;

/// Members shared by the operations that add a constraint.
pub(super) static ADD_CONSTRAINT_OP: Declaration<Value> = Declaration {
    bases: &[&MIGRATE_OPERATION],
    methods: &[method(
        "to_constraint",
        "self, migration_context=None",
        |vm, this, bound| {
            let objects = schema_objects(bound);
            let operation = to_operation(vm, this)?;
            let constraint = vm.lend(|| operation.to_constraint(&objects))?;
            Ok(conversion::constraint_value(vm, &constraint))
        },
    )],
    class_methods: &[function(
        "from_constraint",
        "cls, constraint",
        |vm, bound| {
            let constraint = source_constraint(vm, bound)?;
            let operation = MigrateOperation::add_constraint(&constraint)?;
            Ok(operation_value(vm, &operation))
        },
    )],
    ..Declaration::new("alembic.operations.ops.AddConstraintOp")
};

/// The argument of `from_constraint`.
fn source_constraint(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Constraint> {
    let value = bound.value("constraint");
    conversion::refuse_opaque(&value, "the constraint")?;
    conversion::find_constraint(&value).ok_or_else(|| {
        let class = vm.class_of(&value).name();
        vm.attribute_error(format!(
            "'{class}' object has no attribute '__visit_name__'"
        ))
    })
}

/// The keyword arguments of constraints, besides dialect-specific ones.
fn keywords(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<ConstraintKeywords> {
    Ok(ConstraintKeywords {
        deferrable: call.field(vm, "deferrable")?,
        initially: call.field(vm, "initially")?,
        dialect: call.dialect_options(vm, &["info", "comment", "schema"])?,
    })
}

/// What a constraint over columns takes, in its class and, but for a primary key, in `op`.
const OF_COLUMNS: &str = "self, constraint_name, table_name, columns, *, schema=None, **kw";
/// What a CHECK constraint takes, in its class and in `op`.
const OF_CONDITION: &str = "self, constraint_name, table_name, condition, *, schema=None, **kw";

pub(super) static CREATE_PRIMARY_KEY: Operation = Operation::new(
    "create_primary_key",
    "self, constraint_name, table_name, columns, *, schema=None",
    BatchForm::Without(&[]),
    create_primary_key,
);

pub(super) static CREATE_PRIMARY_KEY_OP: Declaration<Handle<CreatePrimaryKeyOp>> = Declaration {
    bases: &[&ADD_CONSTRAINT_OP],
    constants: &[("constraint_type", Constant::Str("primarykey"))],
    initializer: Some(function("__init__", OF_COLUMNS, |vm, bound| {
        initialize(vm, bound, create_primary_key)
    })),
    properties: attributes!(CreatePrimaryKeyOp: constraint_name, table_name, columns, schema),
    ..Declaration::new("alembic.operations.ops.CreatePrimaryKeyOp")
};

fn create_primary_key(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = call.table(vm)?;
    Ok(CreatePrimaryKeyOp {
        columns: call.field(vm, "columns")?,
        constraint_name: call.field(vm, "constraint_name")?,
        table_name,
        schema,
        kw: keywords(vm, call)?,
    }
    .into())
}

pub(super) static CREATE_UNIQUE_CONSTRAINT: Operation = Operation::new(
    "create_unique_constraint",
    OF_COLUMNS,
    BatchForm::Without(&[]),
    create_unique_constraint,
);

pub(super) static CREATE_UNIQUE_CONSTRAINT_OP: Declaration<Handle<CreateUniqueConstraintOp>> =
    Declaration {
        bases: &[&ADD_CONSTRAINT_OP],
        constants: &[("constraint_type", Constant::Str("unique"))],
        initializer: Some(function("__init__", OF_COLUMNS, |vm, bound| {
            initialize(vm, bound, create_unique_constraint)
        })),
        properties: attributes!(
            CreateUniqueConstraintOp: constraint_name, table_name, columns, schema
        ),
        ..Declaration::new("alembic.operations.ops.CreateUniqueConstraintOp")
    };

fn create_unique_constraint(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = call.table(vm)?;
    Ok(CreateUniqueConstraintOp {
        constraint_name: call.field(vm, "constraint_name")?,
        table_name,
        columns: call.field(vm, "columns")?,
        schema,
        kw: keywords(vm, call)?,
    }
    .into())
}

pub(super) static CREATE_CHECK_CONSTRAINT: Operation = Operation::new(
    "create_check_constraint",
    OF_CONDITION,
    BatchForm::Without(&[]),
    create_check_constraint,
);

pub(super) static CREATE_CHECK_CONSTRAINT_OP: Declaration<Handle<CreateCheckConstraintOp>> =
    Declaration {
        bases: &[&ADD_CONSTRAINT_OP],
        constants: &[("constraint_type", Constant::Str("check"))],
        initializer: Some(function("__init__", OF_CONDITION, |vm, bound| {
            initialize(vm, bound, create_check_constraint)
        })),
        properties: attributes!(
            CreateCheckConstraintOp: constraint_name, table_name, condition, schema
        ),
        ..Declaration::new("alembic.operations.ops.CreateCheckConstraintOp")
    };

fn create_check_constraint(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = call.table(vm)?;
    Ok(CreateCheckConstraintOp {
        constraint_name: call.field(vm, "constraint_name")?,
        table_name,
        condition: call.field(vm, "condition")?,
        schema,
        kw: keywords(vm, call)?,
    }
    .into())
}

pub(super) static CREATE_FOREIGN_KEY: Operation = Operation::new(
    "create_foreign_key",
    "self, constraint_name, source_table, referent_table, local_cols, remote_cols, *, \
     onupdate=None, ondelete=None, deferrable=None, initially=None, match=None, \
     source_schema=None, referent_schema=None, **dialect_kw",
    BatchForm::Own(
        "self, constraint_name, referent_table, local_cols, remote_cols, *, \
         referent_schema=None, onupdate=None, ondelete=None, deferrable=None, initially=None, \
         match=None, **dialect_kw",
    ),
    create_foreign_key,
);

pub(super) static CREATE_FOREIGN_KEY_OP: Declaration<Handle<CreateForeignKeyOp>> = Declaration {
    bases: &[&ADD_CONSTRAINT_OP],
    constants: &[("constraint_type", Constant::Str("foreignkey"))],
    initializer: Some(function(
        "__init__",
        "self, constraint_name, source_table, referent_table, local_cols, remote_cols, **kw",
        |vm, bound| initialize(vm, bound, create_foreign_key),
    )),
    properties: attributes!(
        CreateForeignKeyOp: constraint_name, source_table, referent_table, local_cols, remote_cols;
        property("kw", foreign_key_keywords)
    ),
    ..Declaration::new("alembic.operations.ops.CreateForeignKeyOp")
};

/// `CreateForeignKeyOp.kw`: the options that were given, and the schemas.
fn foreign_key_keywords(vm: &mut Interpreter, op: &Handle<CreateForeignKeyOp>) -> Result<Value> {
    let kw = op.data().kw;
    let mut items = vec![
        ("onupdate", kw.onupdate.to_python(vm)),
        ("ondelete", kw.ondelete.to_python(vm)),
        ("initially", kw.initially.to_python(vm)),
        ("match", kw.r#match.to_python(vm)),
        ("deferrable", kw.deferrable.to_python(vm)),
    ];
    items.retain(|(_, value)| !value.is_none());
    items.push(("source_schema", kw.source_schema.to_python(vm)));
    items.push(("referent_schema", kw.referent_schema.to_python(vm)));
    Ok(Value::dict(items))
}

fn create_foreign_key(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let (source_table, source_schema) = call.table_named(vm, "source_table", "source_schema")?;
    let kw = ForeignKeyKeywords {
        onupdate: call.field(vm, "onupdate")?,
        ondelete: call.field(vm, "ondelete")?,
        deferrable: call.field(vm, "deferrable")?,
        initially: call.field(vm, "initially")?,
        r#match: call.field(vm, "match")?,
        source_schema,
        referent_schema: call.field(vm, "referent_schema")?,
        use_alter: call.is_set(vm, "use_alter")?,
        dialect: call.dialect_options(vm, &["info", "comment", "link_to_name"])?,
    };
    Ok(CreateForeignKeyOp {
        constraint_name: call.field(vm, "constraint_name")?,
        source_table,
        referent_table: call.field(vm, "referent_table")?,
        local_cols: call.field(vm, "local_cols")?,
        remote_cols: call.field(vm, "remote_cols")?,
        kw,
    }
    .into())
}

pub(super) static DROP_CONSTRAINT: Operation = Operation::new(
    "drop_constraint",
    "self, constraint_name, table_name, type_=None, *, schema=None, if_exists=None",
    BatchForm::Without(&["if_exists"]),
    drop_constraint,
);

pub(super) static DROP_CONSTRAINT_OP: Declaration<Handle<DropConstraintOp>> = Declaration {
    bases: &[&MIGRATE_OPERATION],
    initializer: Some(function(
        "__init__",
        "self, constraint_name, table_name, type_=None, *, schema=None, if_exists=None, \
         _reverse=None",
        |vm, bound| initialize(vm, bound, drop_constraint),
    )),
    properties: attributes!(
        DropConstraintOp: constraint_name, table_name, constraint_type, schema, if_exists
    ),
    methods: &[method("to_constraint", "self", |vm, op, _| {
        let op = op.data();
        let constraint = vm.lend(|| op.to_constraint())?;
        Ok(conversion::constraint_value(vm, &constraint))
    })],
    class_methods: &[function(
        "from_constraint",
        "cls, constraint",
        |vm, bound| {
            let constraint = source_constraint(vm, bound)?;
            let op = DropConstraintOp::from_constraint(&constraint)?;
            Ok(operation_value(vm, &op.into()))
        },
    )],
    ..Declaration::new("alembic.operations.ops.DropConstraintOp")
};

fn drop_constraint(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = call.table(vm)?;
    Ok(DropConstraintOp {
        constraint_name: call.field(vm, "constraint_name")?,
        table_name,
        constraint_type: call.field(vm, "type_")?,
        schema,
        if_exists: call.field(vm, "if_exists")?,
        reverse: None,
    }
    .into())
}
