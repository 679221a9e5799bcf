//! The constructors of operations: `ops.AddColumnOp("t", column)`.

use crate::bindings::conversion;
use std::cell::RefCell;
use std::rc::Rc;

use super::directives::to_operation;
use ground::diagnostic::{Error, Result};

use crate::operations::ops::{
    AddColumnOp, AlterColumnOp, CreateCheckConstraintOp, CreateForeignKeyOp, CreateIndexOp,
    CreateTableCommentOp, CreateTableOp, CreateUniqueConstraintOp, DowngradeOps, DropColumnOp,
    DropConstraintOp, DropIndexOp, DropTableCommentOp, DropTableOp, ExecuteSQLOp, IndexElement,
    MigrateOperation, MigrationScript, ModifyTableOps, OpContainer, OperationList, RenameTableOp,
    Shared, UpgradeOps,
};
use python::{Arguments, Bound, Interpreter, Parameters, Value};
use sqlalchemy::name::Name;

fn text(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str) -> Result<Option<String>> {
    bound
        .take_some(name)
        .map(|value| vm.str(&value))
        .transpose()
}

fn required(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str) -> Result<Name> {
    let value = bound.value(name);
    conversion::to_name(vm, &value)
}

fn some_name(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str) -> Result<Option<Name>> {
    match bound.take_some(name) {
        Some(value) => conversion::to_name(vm, &value).map(Some),
        None => Ok(None),
    }
}

fn flag(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str) -> Result<Option<bool>> {
    bound
        .take_some(name)
        .map(|value| vm.truth(&value))
        .transpose()
}

fn names(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str) -> Result<Vec<Name>> {
    let value = bound.value(name);
    let mut names = Vec::new();
    for item in vm.collect(&value)? {
        names.push(conversion::to_name(vm, &item)?);
    }
    Ok(names)
}

fn operations(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<OperationList> {
    let mut operations = Vec::new();
    if let Some(value) = bound.take_some("ops") {
        for item in vm.collect(&value)? {
            operations.push(to_operation(vm, &item)?);
        }
    }
    Ok(OperationList::new(operations))
}

fn scripts<T>(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    name: &str,
    pick: fn(MigrateOperation) -> Option<Shared<T>>,
) -> Result<Vec<Shared<T>>> {
    let value = bound.value(name);
    let values = value.as_items().unwrap_or_else(|| vec![value.clone()]);
    let mut list = Vec::new();
    for value in values {
        if let Some(shared) = pick(to_operation(vm, &value)?) {
            list.push(shared);
        }
    }
    Ok(list)
}

/// Makes an operation as its class's constructor does.
///
/// # Errors
/// `TypeError` for arguments that do not fit; an honest no for classes that Limbeck makes itself
/// only.
pub(super) fn construct(
    vm: &mut Interpreter,
    class: &str,
    arguments: Arguments,
) -> Result<MigrateOperation> {
    let list = match class {
        "MigrationScript" => {
            "rev_id, upgrade_ops, downgrade_ops, *, message=None, imports=None, head=None, \
             splice=None, branch_label=None, version_path=None, depends_on=None"
        }
        "UpgradeOps" => "ops=(), upgrade_token='upgrades'",
        "DowngradeOps" => "ops=(), downgrade_token='downgrades'",
        "OpContainer" => "ops=()",
        "ModifyTableOps" => "table_name, ops, *, schema=None",
        "ExecuteSQLOp" => "sqltext, *, execution_options=None",
        "AddColumnOp" => {
            "table_name, column, *, schema=None, if_not_exists=None, inline_references=None, \
             inline_primary_key=None, **kw"
        }
        "DropColumnOp" => {
            "table_name, column_name, *, schema=None, if_exists=None, _reverse=None, **kw"
        }
        "AlterColumnOp" => {
            "table_name, column_name, *, schema=None, existing_type=None, \
             existing_server_default=False, existing_nullable=None, existing_comment=None, \
             modify_nullable=None, modify_comment=False, modify_server_default=False, \
             modify_name=None, modify_type=None, **kw"
        }
        "CreateIndexOp" => {
            "index_name, table_name, columns, *, schema=None, unique=False, if_not_exists=None, \
             **kw"
        }
        "DropIndexOp" => {
            "index_name, table_name=None, *, schema=None, if_exists=None, _reverse=None, **kw"
        }
        "CreateTableOp" => {
            "table_name, columns, *, schema=None, if_not_exists=None, _namespace_metadata=None, \
             _constraints_included=False, **kw"
        }
        "DropTableOp" => "table_name, *, schema=None, if_exists=None, table_kw=None, _reverse=None",
        "RenameTableOp" => "old_table_name, new_table_name, *, schema=None",
        "CreateTableCommentOp" => "table_name, comment, *, schema=None, existing_comment=None",
        "DropTableCommentOp" => "table_name, *, schema=None, existing_comment=None",
        "CreateUniqueConstraintOp" => "constraint_name, table_name, columns, *, schema=None, **kw",
        "CreateCheckConstraintOp" => "constraint_name, table_name, condition, *, schema=None, **kw",
        "CreateForeignKeyOp" => {
            "constraint_name, source_table, referent_table, local_cols, remote_cols, **kw"
        }
        "DropConstraintOp" => {
            "constraint_name, table_name, type_=None, *, schema=None, if_exists=None, \
             _reverse=None"
        }
        _ => {
            return Err(Error::unsupported(format!(
                "ops.{class}(...) can't be made by hand here"
            )));
        }
    };
    let parameters = Parameters::new(&format!("{class}.__init__"), list);
    let mut bound = arguments.bind(&parameters)?;
    let bound = &mut bound;
    Ok(match class {
        "MigrationScript" => MigrationScript {
            rev_id: text(vm, bound, "rev_id")?,
            message: text(vm, bound, "message")?,
            head: text(vm, bound, "head")?,
            splice: flag(vm, bound, "splice")?,
            version_path: text(vm, bound, "version_path")?,
            branch_label: text(vm, bound, "branch_label")?.into_iter().collect(),
            depends_on: text(vm, bound, "depends_on")?.into_iter().collect(),
            upgrade_ops_list: scripts(vm, bound, "upgrade_ops", |operation| match operation {
                MigrateOperation::Upgrade(ops) => Some(ops),
                _ => None,
            })?,
            downgrade_ops_list: scripts(vm, bound, "downgrade_ops", |operation| match operation {
                MigrateOperation::Downgrade(ops) => Some(ops),
                _ => None,
            })?,
            ..MigrationScript::default()
        }
        .into(),
        "UpgradeOps" => {
            let mut ops = UpgradeOps::new(operations(vm, bound)?);
            if let Some(token) = text(vm, bound, "upgrade_token")? {
                ops.upgrade_token = token;
            }
            ops.into()
        }
        "DowngradeOps" => {
            let mut ops = DowngradeOps::new(operations(vm, bound)?);
            if let Some(token) = text(vm, bound, "downgrade_token")? {
                ops.downgrade_token = token;
            }
            ops.into()
        }
        "OpContainer" => OpContainer {
            ops: operations(vm, bound)?,
        }
        .into(),
        "ModifyTableOps" => ModifyTableOps {
            table_name: required(vm, bound, "table_name")?,
            schema: some_name(vm, bound, "schema")?,
            ops: operations(vm, bound)?,
        }
        .into(),
        "ExecuteSQLOp" => {
            let sql = bound.value("sqltext");
            ExecuteSQLOp {
                sqltext: super::values::to_sql_text(vm, &sql)?,
                execution_options: None,
            }
            .into()
        }
        "AddColumnOp" => {
            let column = bound.value("column");
            let column = conversion::to_column(vm, &column)?;
            let schema = some_name(vm, bound, "schema")?;
            let table = required(vm, bound, "table_name")?;
            let mut op = AddColumnOp::from_column_and_tablename(schema, table, &column);
            op.if_not_exists = flag(vm, bound, "if_not_exists")?;
            op.inline_references = flag(vm, bound, "inline_references")?;
            op.inline_primary_key = flag(vm, bound, "inline_primary_key")?;
            op.into()
        }
        "DropColumnOp" => DropColumnOp {
            table_name: required(vm, bound, "table_name")?,
            column_name: required(vm, bound, "column_name")?,
            schema: some_name(vm, bound, "schema")?,
            if_exists: flag(vm, bound, "if_exists")?,
            existing_type: None,
            reverse: None,
        }
        .into(),
        "AlterColumnOp" => alter_column(vm, bound)?.into(),
        "CreateIndexOp" => {
            let name = bound.value("index_name");
            let columns = bound.value("columns");
            let mut elements = Vec::new();
            for column in vm.collect(&columns)? {
                elements.push(match column.as_str() {
                    Some(name) => IndexElement::Name(name.into()),
                    None => IndexElement::Expression(conversion::text_expression(
                        vm,
                        &column,
                        "a condition",
                    )?),
                });
            }
            CreateIndexOp {
                index_name: conversion::to_constraint_name(vm, &name)?,
                table_name: required(vm, bound, "table_name")?,
                columns: elements,
                schema: some_name(vm, bound, "schema")?,
                unique: flag(vm, bound, "unique")?.unwrap_or(false),
                unique_is_number: false,
                if_not_exists: flag(vm, bound, "if_not_exists")?,
                kw: conversion::dialect_options(vm, &bound.extra)?,
            }
            .into()
        }
        "DropIndexOp" => {
            let name = bound.value("index_name");
            DropIndexOp {
                index_name: conversion::to_constraint_name(vm, &name)?,
                table_name: some_name(vm, bound, "table_name")?,
                schema: some_name(vm, bound, "schema")?,
                if_exists: flag(vm, bound, "if_exists")?,
                unique: false,
                kw: conversion::dialect_options(vm, &bound.extra)?,
                reverse: None,
            }
            .into()
        }
        "CreateTableOp" => {
            let columns = bound.value("columns");
            let columns = vm.collect(&columns)?;
            CreateTableOp {
                table_name: required(vm, bound, "table_name")?,
                columns: conversion::to_table_items(vm, &columns)?,
                schema: some_name(vm, bound, "schema")?,
                if_not_exists: flag(vm, bound, "if_not_exists")?,
                options: Default::default(),
                kw: Default::default(),
                namespace_metadata: None,
                constraints_included: false,
            }
            .into()
        }
        "DropTableOp" => DropTableOp {
            table_name: required(vm, bound, "table_name")?,
            schema: some_name(vm, bound, "schema")?,
            if_exists: flag(vm, bound, "if_exists")?,
            options: Default::default(),
            table_kw: Default::default(),
            reverse: None,
        }
        .into(),
        "RenameTableOp" => RenameTableOp {
            table_name: required(vm, bound, "old_table_name")?,
            new_table_name: required(vm, bound, "new_table_name")?,
            schema: some_name(vm, bound, "schema")?,
        }
        .into(),
        "CreateTableCommentOp" => CreateTableCommentOp {
            table_name: required(vm, bound, "table_name")?,
            comment: text(vm, bound, "comment")?.map(Into::into),
            existing_comment: text(vm, bound, "existing_comment")?.map(Into::into),
            schema: some_name(vm, bound, "schema")?,
        }
        .into(),
        "DropTableCommentOp" => DropTableCommentOp {
            table_name: required(vm, bound, "table_name")?,
            existing_comment: text(vm, bound, "existing_comment")?.map(Into::into),
            schema: some_name(vm, bound, "schema")?,
        }
        .into(),
        "CreateUniqueConstraintOp" => {
            let name = bound.value("constraint_name");
            CreateUniqueConstraintOp {
                constraint_name: conversion::to_constraint_name(vm, &name)?,
                table_name: required(vm, bound, "table_name")?,
                columns: names(vm, bound, "columns")?,
                schema: some_name(vm, bound, "schema")?,
                kw: Default::default(),
            }
            .into()
        }
        "CreateCheckConstraintOp" => {
            let name = bound.value("constraint_name");
            let condition = bound.value("condition");
            CreateCheckConstraintOp {
                constraint_name: conversion::to_constraint_name(vm, &name)?,
                table_name: required(vm, bound, "table_name")?,
                condition: conversion::text_expression(vm, &condition, "a condition")?,
                schema: some_name(vm, bound, "schema")?,
                kw: Default::default(),
            }
            .into()
        }
        "CreateForeignKeyOp" => foreign_key(vm, bound)?.into(),
        _ => {
            let name = bound.value("constraint_name");
            DropConstraintOp {
                constraint_name: conversion::to_constraint_name(vm, &name)?,
                table_name: required(vm, bound, "table_name")?,
                constraint_type: text(vm, bound, "type_")?,
                schema: some_name(vm, bound, "schema")?,
                if_exists: flag(vm, bound, "if_exists")?,
                reverse: None,
            }
            .into()
        }
    })
}

fn alter_column(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<AlterColumnOp> {
    let mut op = AlterColumnOp::new(
        required(vm, bound, "table_name")?,
        required(vm, bound, "column_name")?,
    );
    op.schema = some_name(vm, bound, "schema")?;
    op.existing_comment = text(vm, bound, "existing_comment")?.map(Into::into);
    let op = Rc::new(RefCell::new(op));
    let operation = MigrateOperation::AlterColumn(op.clone());
    for name in [
        "existing_type",
        "existing_nullable",
        "existing_server_default",
        "modify_nullable",
        "modify_server_default",
        "modify_type",
        "modify_name",
    ] {
        if let Some(value) = bound.take(name) {
            super::directive_attributes::set(vm, &operation, name, &value)?;
        }
    }
    match bound.take("modify_comment") {
        None | Some(Value::Bool(false)) => {}
        Some(Value::None) => op.borrow_mut().modify_comment = Some(None),
        Some(value) => {
            let comment = vm.str(&value)?;
            op.borrow_mut().modify_comment = Some(Some(comment.into()));
        }
    }
    if let Some((_, value)) = bound
        .extra
        .iter()
        .find(|(name, _)| &**name == "autoincrement")
    {
        op.borrow_mut().kw.autoincrement = value.as_bool();
    }
    let op = op.borrow().clone();
    Ok(op)
}

fn foreign_key(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<CreateForeignKeyOp> {
    let name = bound.value("constraint_name");
    let mut op = CreateForeignKeyOp {
        constraint_name: conversion::to_constraint_name(vm, &name)?,
        source_table: required(vm, bound, "source_table")?,
        referent_table: required(vm, bound, "referent_table")?,
        local_cols: names(vm, bound, "local_cols")?,
        remote_cols: names(vm, bound, "remote_cols")?,
        kw: Default::default(),
    };
    for (name, value) in std::mem::take(&mut bound.extra) {
        if value.is_none() {
            continue;
        }
        match &*name {
            "onupdate" => op.kw.onupdate = Some(vm.str(&value)?.into()),
            "ondelete" => op.kw.ondelete = Some(vm.str(&value)?.into()),
            "initially" => op.kw.initially = Some(vm.str(&value)?.into()),
            "match" => op.kw.r#match = Some(vm.str(&value)?.into()),
            "deferrable" => op.kw.deferrable = Some(vm.truth(&value)?),
            "use_alter" => op.kw.use_alter = vm.truth(&value)?,
            "source_schema" => op.kw.source_schema = Some(conversion::to_name(vm, &value)?),
            "referent_schema" => op.kw.referent_schema = Some(conversion::to_name(vm, &value)?),
            _ => {}
        }
    }
    Ok(op)
}
