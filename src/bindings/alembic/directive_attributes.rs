//! The attributes of operations.

use crate::bindings::conversion;
use std::rc::Rc;

use super::directives::{
    imports_value, list_value, operation_value, refresh, synchronize, texts, to_operation,
};
use ground::diagnostic::Result;

use crate::operations::ops::{IndexElement, MigrateOperation, Shared, SqlText};
use crate::operations::schemaobj::SchemaObjects;
use python::{Interpreter, Value};
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::schema::{ServerDefault, TableItem};
use sqlalchemy::sqltypes::Type;

fn name_value(name: &Name) -> Value {
    Value::str(name.as_str())
}

fn optional_name(name: Option<&Name>) -> Value {
    name.map_or(Value::None, name_value)
}

fn optional_text(text: Option<&Rc<str>>) -> Value {
    text.map_or(Value::None, |text| Value::Str(text.clone()))
}

fn names(names: &[Name]) -> Value {
    Value::list(names.iter().map(name_value).collect())
}

fn constraint_name(vm: &mut Interpreter, name: &ConstraintName) -> Value {
    match name {
        ConstraintName::Convention(name) => conversion::convention_value(vm, name),
        name => name.as_str().map_or(Value::None, Value::str),
    }
}

fn optional_type(vm: &mut Interpreter, kind: Option<&Type>) -> Value {
    match kind {
        Some(kind) => conversion::type_value(vm, kind),
        None => Value::None,
    }
}

/// An outer `None` is Python's `False`.
fn default_value(_vm: &mut Interpreter, default: Option<&Option<ServerDefault>>) -> Value {
    match default {
        None => Value::Bool(false),
        Some(None) => Value::None,
        Some(Some(default)) => conversion::server_default_value(Some(default.clone())),
    }
}

fn items(vm: &mut Interpreter, items: &[TableItem]) -> Value {
    let items = items
        .iter()
        .map(|item| match item {
            TableItem::Column(column) => conversion::column_value(vm, column),
            TableItem::Constraint(constraint) => conversion::constraint_value(vm, constraint),
            TableItem::Index(index) => conversion::index_value(vm, index),
        })
        .collect();
    Value::list(items)
}

fn elements(_vm: &mut Interpreter, elements: &[IndexElement]) -> Value {
    let elements = elements
        .iter()
        .map(|element| match element {
            IndexElement::Name(name) => Value::str(name.as_str()),
            IndexElement::Expression(expression) => conversion::expression_value(expression),
        })
        .collect();
    Value::list(elements)
}

/// A method without arguments, such as `to_table()`.
fn thunk(
    name: &str,
    operation: &MigrateOperation,
    body: fn(&mut Interpreter, &MigrateOperation) -> Result<Value>,
) -> Value {
    let operation = operation.clone();
    Value::function(name, move |vm, _| body(vm, &operation))
}

/// The attribute of that name, if operations of this class have it.
pub(super) fn get(
    vm: &mut Interpreter,
    operation: &MigrateOperation,
    name: &str,
) -> Result<Option<Value>> {
    use MigrateOperation as Op;
    if name == "ops"
        && let Some(list) = operation.operations()
    {
        return Ok(Some(list_value(vm, &list)));
    }
    Ok(Some(match operation {
        Op::Script(op) => {
            let op = op.borrow().clone();
            let texts = |texts: &[String]| -> Value {
                match texts {
                    [] => Value::None,
                    [only] => Value::str(only),
                    all => Value::list(all.iter().map(Value::str).collect()),
                }
            };
            match name {
                "rev_id" => op.rev_id.into(),
                "message" => op.message.into(),
                "head" => op.head.into(),
                "splice" => op.splice.into(),
                "branch_label" => texts(&op.branch_label),
                "version_path" => op.version_path.into(),
                "depends_on" => texts(&op.depends_on),
                "imports" => imports_value(vm, &op.imports)?,
                "upgrade_ops" => match op.upgrade_ops()? {
                    Some(ops) => operation_value(vm, &Op::Upgrade(ops)),
                    None => Value::None,
                },
                "downgrade_ops" => match op.downgrade_ops()? {
                    Some(ops) => operation_value(vm, &Op::Downgrade(ops)),
                    None => Value::None,
                },
                "upgrade_ops_list" => Value::list(
                    op.upgrade_ops_list
                        .iter()
                        .map(|ops| operation_value(vm, &Op::Upgrade(ops.clone())))
                        .collect(),
                ),
                "downgrade_ops_list" => Value::list(
                    op.downgrade_ops_list
                        .iter()
                        .map(|ops| operation_value(vm, &Op::Downgrade(ops.clone())))
                        .collect(),
                ),
                _ => return Ok(None),
            }
        }
        Op::Upgrade(op) => match name {
            "upgrade_token" => op.borrow().upgrade_token.as_str().into(),
            _ => return Ok(None),
        },
        Op::Downgrade(op) => match name {
            "downgrade_token" => op.borrow().downgrade_token.as_str().into(),
            _ => return Ok(None),
        },
        Op::ModifyTable(op) => match name {
            "table_name" => name_value(&op.borrow().table_name),
            "schema" => optional_name(op.borrow().schema.as_ref()),
            _ => return Ok(None),
        },
        Op::CreateTable(shared) => {
            let op = shared.borrow().clone();
            match name {
                "table_name" => name_value(&op.table_name),
                "schema" => optional_name(op.schema.as_ref()),
                "columns" => items(vm, &op.columns),
                "comment" => optional_text(op.options.comment.as_ref()),
                "if_not_exists" => op.if_not_exists.into(),
                "kw" => conversion::options_value(vm, &op.kw)?,
                "to_table" => thunk(name, operation, |vm, operation| {
                    let Op::CreateTable(op) = operation else {
                        return Ok(Value::None);
                    };
                    let op = op.borrow().clone();
                    let table = vm.lend(|| op.to_table(&SchemaObjects::default()))?;
                    Ok(conversion::table_value(vm, &table))
                }),
                _ => return Ok(None),
            }
        }
        Op::DropTable(shared) => {
            let op = shared.borrow().clone();
            match name {
                "table_name" => name_value(&op.table_name),
                "schema" => optional_name(op.schema.as_ref()),
                "comment" => optional_text(op.options.comment.as_ref()),
                "if_exists" => op.if_exists.into(),
                "to_table" => thunk(name, operation, |vm, operation| {
                    let Op::DropTable(op) = operation else {
                        return Ok(Value::None);
                    };
                    let op = op.borrow().clone();
                    let table = vm.lend(|| op.to_table(&SchemaObjects::default()))?;
                    Ok(conversion::table_value(vm, &table))
                }),
                _ => return Ok(None),
            }
        }
        Op::RenameTable(op) => match name {
            "table_name" => name_value(&op.borrow().table_name),
            "new_table_name" => name_value(&op.borrow().new_table_name),
            "schema" => optional_name(op.borrow().schema.as_ref()),
            _ => return Ok(None),
        },
        Op::CreateTableComment(op) => match name {
            "table_name" => name_value(&op.borrow().table_name),
            "schema" => optional_name(op.borrow().schema.as_ref()),
            "comment" => optional_text(op.borrow().comment.as_ref()),
            "existing_comment" => optional_text(op.borrow().existing_comment.as_ref()),
            _ => return Ok(None),
        },
        Op::DropTableComment(op) => match name {
            "table_name" => name_value(&op.borrow().table_name),
            "schema" => optional_name(op.borrow().schema.as_ref()),
            "existing_comment" => optional_text(op.borrow().existing_comment.as_ref()),
            _ => return Ok(None),
        },
        Op::AddColumn(op) => {
            let op = op.borrow().clone();
            match name {
                "table_name" => name_value(&op.table_name),
                "schema" => optional_name(op.schema.as_ref()),
                "column" => conversion::column_value(vm, &op.column),
                "if_not_exists" => op.if_not_exists.into(),
                "to_column" => {
                    let column = op.column.clone();
                    Value::function(name, move |vm, _| Ok(conversion::column_value(vm, &column)))
                }
                _ => return Ok(None),
            }
        }
        Op::DropColumn(op) => {
            let op = op.borrow().clone();
            match name {
                "table_name" => name_value(&op.table_name),
                "column_name" => name_value(&op.column_name),
                "schema" => optional_name(op.schema.as_ref()),
                "if_exists" => op.if_exists.into(),
                "to_column" => Value::function(name, move |vm, _| {
                    Ok(conversion::column_value(vm, &op.to_column()))
                }),
                _ => return Ok(None),
            }
        }
        Op::AlterColumn(op) => {
            let op = op.borrow().clone();
            match name {
                "table_name" => name_value(&op.table_name),
                "column_name" => name_value(&op.column_name),
                "schema" => optional_name(op.schema.as_ref()),
                "existing_type" => optional_type(vm, op.existing_type.as_ref()),
                "existing_nullable" => op.existing_nullable.into(),
                "existing_server_default" => default_value(vm, op.existing_server_default.as_ref()),
                "existing_comment" => optional_text(op.existing_comment.as_ref()),
                "modify_type" => optional_type(vm, op.modify_type.as_ref()),
                "modify_nullable" => op.modify_nullable.into(),
                "modify_server_default" => default_value(vm, op.modify_server_default.as_ref()),
                "modify_comment" => match &op.modify_comment {
                    None => Value::Bool(false),
                    Some(comment) => optional_text(comment.as_ref()),
                },
                "modify_name" => optional_name(op.modify_name.as_ref()),
                "kw" => {
                    let autoincrement = op.kw.autoincrement;
                    Value::dict(autoincrement.map(|value| ("autoincrement", Value::Bool(value))))
                }
                "has_changes" => {
                    Value::function(name, move |_, _| Ok(Value::Bool(op.has_changes())))
                }
                _ => return Ok(None),
            }
        }
        Op::CreateIndex(op) => {
            let op = op.borrow().clone();
            match name {
                "index_name" => constraint_name(vm, &op.index_name),
                "table_name" => name_value(&op.table_name),
                "schema" => optional_name(op.schema.as_ref()),
                "columns" => elements(vm, &op.columns),
                "unique" => op.unique.into(),
                "if_not_exists" => op.if_not_exists.into(),
                "kw" => conversion::options_value(vm, &op.kw)?,
                "to_index" => Value::function(name, move |vm, _| {
                    let index = vm.lend(|| op.to_index(&SchemaObjects::default()))?;
                    Ok(conversion::index_value(vm, &index))
                }),
                _ => return Ok(None),
            }
        }
        Op::DropIndex(op) => {
            let op = op.borrow().clone();
            match name {
                "index_name" => constraint_name(vm, &op.index_name),
                "table_name" => optional_name(op.table_name.as_ref()),
                "schema" => optional_name(op.schema.as_ref()),
                "if_exists" => op.if_exists.into(),
                "kw" => conversion::options_value(vm, &op.kw)?,
                "to_index" => Value::function(name, move |vm, _| {
                    let index = vm.lend(|| op.to_index(&SchemaObjects::default()))?;
                    Ok(conversion::index_value(vm, &index))
                }),
                _ => return Ok(None),
            }
        }
        Op::CreatePrimaryKey(op) => {
            let op = op.borrow().clone();
            match name {
                "constraint_name" => constraint_name(vm, &op.constraint_name),
                "table_name" => name_value(&op.table_name),
                "schema" => optional_name(op.schema.as_ref()),
                "columns" => names(&op.columns),
                "constraint_type" => "primarykey".into(),
                _ => return Ok(None),
            }
        }
        Op::CreateUniqueConstraint(op) => {
            let op = op.borrow().clone();
            match name {
                "constraint_name" => constraint_name(vm, &op.constraint_name),
                "table_name" => name_value(&op.table_name),
                "schema" => optional_name(op.schema.as_ref()),
                "columns" => names(&op.columns),
                "constraint_type" => "unique".into(),
                _ => return constraint_method(vm, operation, name),
            }
        }
        Op::CreateForeignKey(op) => {
            let op = op.borrow().clone();
            match name {
                "constraint_name" => constraint_name(vm, &op.constraint_name),
                "source_table" => name_value(&op.source_table),
                "referent_table" => name_value(&op.referent_table),
                "local_cols" => names(&op.local_cols),
                "remote_cols" => names(&op.remote_cols),
                "constraint_type" => "foreignkey".into(),
                "kw" => {
                    let text = |text: &Option<Rc<str>>| optional_text(text.as_ref());
                    let kw = &op.kw;
                    let mut items = vec![
                        ("onupdate", text(&kw.onupdate)),
                        ("ondelete", text(&kw.ondelete)),
                        ("initially", text(&kw.initially)),
                        ("match", text(&kw.r#match)),
                    ];
                    items.push(("deferrable", kw.deferrable.into()));
                    items.retain(|(_, value)| !value.is_none());
                    items.push(("source_schema", optional_name(kw.source_schema.as_ref())));
                    items.push((
                        "referent_schema",
                        optional_name(kw.referent_schema.as_ref()),
                    ));
                    Value::dict(items)
                }
                _ => return constraint_method(vm, operation, name),
            }
        }
        Op::CreateCheckConstraint(op) => {
            let op = op.borrow().clone();
            match name {
                "constraint_name" => constraint_name(vm, &op.constraint_name),
                "table_name" => name_value(&op.table_name),
                "schema" => optional_name(op.schema.as_ref()),
                "condition" => conversion::expression_value(&op.condition),
                "constraint_type" => "check".into(),
                _ => return constraint_method(vm, operation, name),
            }
        }
        Op::DropConstraint(op) => {
            let op = op.borrow().clone();
            match name {
                "constraint_name" => constraint_name(vm, &op.constraint_name),
                "table_name" => name_value(&op.table_name),
                "schema" => optional_name(op.schema.as_ref()),
                "constraint_type" => op.constraint_type.as_deref().into(),
                "if_exists" => op.if_exists.into(),
                _ => return constraint_method(vm, operation, name),
            }
        }
        Op::ExecuteSQL(op) => match name {
            "sqltext" => {
                let sql = op.borrow().sqltext.clone();
                super::values::sql_text_value(vm, &sql)
            }
            _ => return Ok(None),
        },
        Op::BulkInsert(_) | Op::Container(_) | Op::Custom(_) => return Ok(None),
    }))
}

fn constraint_method(
    _vm: &mut Interpreter,
    operation: &MigrateOperation,
    name: &str,
) -> Result<Option<Value>> {
    if name != "to_constraint" {
        return Ok(None);
    }
    Ok(Some(thunk(name, operation, |vm, operation| {
        let constraint = vm.lend(|| operation.to_constraint(&SchemaObjects::default()))?;
        Ok(conversion::constraint_value(vm, &constraint))
    })))
}

fn some_text(vm: &mut Interpreter, value: &Value) -> Result<Option<String>> {
    if value.is_none() {
        Ok(None)
    } else {
        vm.str(value).map(Some)
    }
}

fn some_name(vm: &mut Interpreter, value: &Value) -> Result<Option<Name>> {
    Ok(some_text(vm, value)?.map(Name::from))
}

fn flag(vm: &mut Interpreter, value: &Value) -> Result<Option<bool>> {
    if value.is_none() {
        Ok(None)
    } else {
        vm.truth(value).map(Some)
    }
}

fn list_of<T>(
    vm: &mut Interpreter,
    value: &Value,
    pick: fn(MigrateOperation) -> Option<Shared<T>>,
) -> Result<Vec<Shared<T>>> {
    let values = value.as_items().unwrap_or_else(|| vec![value.clone()]);
    let mut list = Vec::new();
    for value in values {
        let operation = to_operation(vm, &value)?;
        match pick(operation) {
            Some(shared) => list.push(shared),
            None => return Err(ground::diagnostic::Error::new("AssertionError", "")),
        }
    }
    Ok(list)
}

/// Sets an attribute; `false` where it is not one that the engine keeps.
pub(super) fn set(
    vm: &mut Interpreter,
    operation: &MigrateOperation,
    name: &str,
    value: &Value,
) -> Result<bool> {
    use MigrateOperation as Op;
    if name == "ops"
        && let Some(list) = operation.operations()
    {
        synchronize(vm)?;
        let mut operations = Vec::new();
        for item in vm.collect(value)? {
            operations.push(to_operation(vm, &item)?);
        }
        list.set(operations);
        refresh(vm, &list);
        return Ok(true);
    }
    match (operation, name) {
        (Op::Script(op), "rev_id") => op.borrow_mut().rev_id = some_text(vm, value)?,
        (Op::Script(op), "message") => op.borrow_mut().message = some_text(vm, value)?,
        (Op::Script(op), "head") => op.borrow_mut().head = some_text(vm, value)?,
        (Op::Script(op), "version_path") => op.borrow_mut().version_path = some_text(vm, value)?,
        (Op::Script(op), "splice") => op.borrow_mut().splice = flag(vm, value)?,
        (Op::Script(op), "branch_label" | "depends_on") => {
            let list = match value {
                Value::None => Vec::new(),
                value if value.as_str().is_some() => vec![vm.str(value)?],
                value => texts(vm, value)?.into_iter().collect(),
            };
            if name == "branch_label" {
                op.borrow_mut().branch_label = list;
            } else {
                op.borrow_mut().depends_on = list;
            }
        }
        (Op::Script(op), "imports") => {
            let lines = texts(vm, value)?;
            // A set of its own, so that one shown before does not come back.
            op.borrow_mut().imports = Rc::new(std::cell::RefCell::new(lines));
        }
        (Op::Script(op), "upgrade_ops") => {
            let list = list_of(vm, value, |operation| match operation {
                Op::Upgrade(ops) => Some(ops),
                _ => None,
            })?;
            op.borrow_mut().upgrade_ops_list = list;
        }
        (Op::Script(op), "downgrade_ops") => {
            let list = list_of(vm, value, |operation| match operation {
                Op::Downgrade(ops) => Some(ops),
                _ => None,
            })?;
            op.borrow_mut().downgrade_ops_list = list;
        }
        (Op::CreateTable(op), "if_not_exists") => {
            op.borrow_mut().if_not_exists = flag(vm, value)?;
        }
        (Op::CreateTable(op), "table_name") => {
            op.borrow_mut().table_name = vm.str(value)?.into();
        }
        (Op::CreateTable(op), "schema") => op.borrow_mut().schema = some_name(vm, value)?,
        (Op::CreateTable(op), "columns") => {
            let items = vm.collect(value)?;
            op.borrow_mut().columns = conversion::to_table_items(vm, &items)?;
        }
        (Op::DropTable(op), "if_exists") => op.borrow_mut().if_exists = flag(vm, value)?,
        (Op::AddColumn(op), "if_not_exists") => op.borrow_mut().if_not_exists = flag(vm, value)?,
        (Op::AddColumn(op), "column") => {
            let column = conversion::to_column(vm, value)?;
            op.borrow_mut().column = column;
        }
        (Op::DropColumn(op), "if_exists") => op.borrow_mut().if_exists = flag(vm, value)?,
        (Op::CreateIndex(op), "if_not_exists") => {
            op.borrow_mut().if_not_exists = flag(vm, value)?;
        }
        (Op::CreateIndex(op), "unique") => op.borrow_mut().unique = vm.truth(value)?,
        (Op::CreateIndex(op), "index_name") => {
            let name = conversion::to_constraint_name(vm, value)?;
            op.borrow_mut().index_name = name;
        }
        (Op::DropIndex(op), "if_exists") => op.borrow_mut().if_exists = flag(vm, value)?,
        (Op::DropConstraint(op), "if_exists") => op.borrow_mut().if_exists = flag(vm, value)?,
        (Op::DropConstraint(op), "constraint_name") => {
            let name = conversion::to_constraint_name(vm, value)?;
            op.borrow_mut().constraint_name = name;
        }
        (Op::CreateForeignKey(op), "constraint_name") => {
            let name = conversion::to_constraint_name(vm, value)?;
            op.borrow_mut().constraint_name = name;
        }
        (Op::CreateUniqueConstraint(op), "constraint_name") => {
            let name = conversion::to_constraint_name(vm, value)?;
            op.borrow_mut().constraint_name = name;
        }
        (Op::AlterColumn(op), "modify_nullable") => {
            op.borrow_mut().modify_nullable = flag(vm, value)?;
        }
        (Op::AlterColumn(op), "existing_nullable") => {
            op.borrow_mut().existing_nullable = flag(vm, value)?;
        }
        (Op::AlterColumn(op), "modify_type" | "existing_type") => {
            let kind = match value {
                Value::None => None,
                value => Some(conversion::to_type(vm, value)?),
            };
            if name == "modify_type" {
                op.borrow_mut().modify_type = kind;
            } else {
                op.borrow_mut().existing_type = kind;
            }
        }
        (Op::AlterColumn(op), "modify_server_default" | "existing_server_default") => {
            let default = match value {
                Value::Bool(false) => None,
                Value::None => Some(None),
                value => Some(Some(conversion::to_server_default(vm, value)?)),
            };
            if name == "modify_server_default" {
                op.borrow_mut().modify_server_default = default;
            } else {
                op.borrow_mut().existing_server_default = default;
            }
        }
        (Op::AlterColumn(op), "modify_name") => op.borrow_mut().modify_name = some_name(vm, value)?,
        (Op::ExecuteSQL(op), "sqltext") => {
            let text = vm.str(value)?;
            op.borrow_mut().sqltext = SqlText::String(text);
        }
        (Op::ModifyTable(op), "table_name") => {
            op.borrow_mut().table_name = vm.str(value)?.into();
        }
        _ => return Ok(false),
    }
    Ok(true)
}
