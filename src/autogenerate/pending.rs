//! The operations that a new revision would contain, for display before it is written.

use crate::autogenerate::api::AutogenContext;
use crate::autogenerate::render::{optional_repr, render_op};
use crate::operations::ops::{AlterColumnOp, MigrateOperation, OperationList};
use ground::diagnostic::Result;
use ground::formatting::repr::string_repr;
use sqlalchemy::name::Name;

/// An operation of a revision that has not been written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingOperation {
    /// Its name in `op`, such as `add_column`.
    pub name: &'static str,
    /// Its target: `table`, `table.column`, or a name.
    pub target: String,
    /// The detected change, in Alembic's wording if it has one.
    pub detail: String,
    /// The Python code for the revision file.
    pub code: String,
}

/// The operations of a list, including those in containers.
///
/// # Errors
/// What rendering raises.
pub fn pending_operations(
    operations: &OperationList,
    context: &AutogenContext,
) -> Result<Vec<PendingOperation>> {
    let mut pending = Vec::new();
    collect(operations, context, &mut pending)?;
    Ok(pending)
}

fn collect(
    operations: &OperationList,
    context: &AutogenContext,
    pending: &mut Vec<PendingOperation>,
) -> Result<()> {
    for operation in operations.to_vec() {
        if let Some(inner) = operation.operations() {
            let batch = matches!(operation, MigrateOperation::ModifyTable(_))
                && context.options().render_as_batch;
            context.set_has_batch(batch);
            let collected = collect(&inner, context, pending);
            context.set_has_batch(false);
            collected?;
            continue;
        }
        let code = render_op(context, &operation)?.join("\n");
        let (name, target, detail) = describe(&operation);
        pending.push(PendingOperation {
            name,
            target,
            detail,
            code,
        });
    }
    Ok(())
}

fn qualified(schema: Option<&Name>, table: &str) -> String {
    match schema {
        Some(schema) => format!("{schema}.{table}"),
        None => table.to_owned(),
    }
}

fn describe(operation: &MigrateOperation) -> (&'static str, String, String) {
    use MigrateOperation as Op;
    match operation {
        Op::CreateTable(op) => {
            let op = op.borrow();
            let table = qualified(op.schema.as_ref(), &op.table_name);
            let detail = format!("Detected added table {}", string_repr(&table));
            ("create_table", table, detail)
        }
        Op::DropTable(op) => {
            let op = op.borrow();
            let table = qualified(op.schema.as_ref(), &op.table_name);
            let detail = format!("Detected removed table {}", string_repr(&table));
            ("drop_table", table, detail)
        }
        Op::AddColumn(op) => {
            let op = op.borrow();
            let table = qualified(op.schema.as_ref(), &op.table_name);
            let target = format!("{table}.{}", op.column.name());
            let detail = format!("Detected added column '{target}'");
            ("add_column", target, detail)
        }
        Op::DropColumn(op) => {
            let op = op.borrow();
            let table = qualified(op.schema.as_ref(), &op.table_name);
            let target = format!("{table}.{}", op.column_name);
            let detail = format!("Detected removed column '{target}'");
            ("drop_column", target, detail)
        }
        Op::AlterColumn(op) => {
            let op = op.borrow();
            let target = format!("{}.{}", op.table_name, op.column_name);
            let detail = alterations(&op, &target);
            ("alter_column", target, detail)
        }
        Op::CreateIndex(op) => {
            let op = op.borrow();
            let name = optional_repr(op.index_name.as_str());
            let target = op.index_name.as_str().unwrap_or(&op.table_name).to_owned();
            let detail = format!("Detected added index {name} on '{}'", op.table_name);
            ("create_index", target, detail)
        }
        Op::DropIndex(op) => {
            let op = op.borrow();
            let table = op.table_name.as_deref();
            let detail = format!(
                "Detected removed index {} on {}",
                optional_repr(op.index_name.as_str()),
                optional_repr(table)
            );
            let target = op.index_name.as_str().or(table).unwrap_or_default();
            ("drop_index", target.to_owned(), detail)
        }
        Op::CreateUniqueConstraint(op) => {
            let op = op.borrow();
            let detail = format!(
                "Detected added unique constraint {} on '{}'",
                optional_repr(op.constraint_name.as_str()),
                op.table_name
            );
            (
                "create_unique_constraint",
                op.table_name.to_string(),
                detail,
            )
        }
        Op::CreateForeignKey(op) => {
            let op = op.borrow();
            let join = |names: &[Name]| {
                let names: Vec<&str> = names.iter().map(Name::as_str).collect();
                names.join(", ")
            };
            let detail = format!(
                "Detected added foreign key ({})({}) on table {}",
                join(&op.local_cols),
                join(&op.remote_cols),
                op.source_table
            );
            ("create_foreign_key", op.source_table.to_string(), detail)
        }
        Op::CreateCheckConstraint(op) => {
            let op = op.borrow();
            let detail = format!(
                "Detected added check constraint {} on table '{}'",
                optional_repr(op.constraint_name.as_str()),
                op.table_name
            );
            ("create_check_constraint", op.table_name.to_string(), detail)
        }
        Op::DropConstraint(op) => {
            let op = op.borrow();
            let kind = match op.constraint_type.as_deref() {
                Some("foreignkey") => "foreign key",
                Some("unique") => "unique constraint",
                Some("check") => "check constraint",
                _ => "constraint",
            };
            let detail = format!(
                "Detected removed {kind} {} on '{}'",
                optional_repr(op.constraint_name.as_str()),
                op.table_name
            );
            ("drop_constraint", op.table_name.to_string(), detail)
        }
        Op::CreateTableComment(op) => {
            let table = op.borrow().table_name.to_string();
            let detail = format!("Detected a changed comment of table '{table}'");
            ("create_table_comment", table, detail)
        }
        Op::DropTableComment(op) => {
            let table = op.borrow().table_name.to_string();
            let detail = format!("Detected a removed comment of table '{table}'");
            ("drop_table_comment", table, detail)
        }
        Op::ExecuteSQL(_) => ("execute", String::new(), "SQL of the project".to_owned()),
        other => (
            "operation",
            String::new(),
            format!("{} of the project", other.class_name()),
        ),
    }
}

fn alterations(op: &AlterColumnOp, target: &str) -> String {
    let mut details = Vec::new();
    if let Some(nullable) = op.modify_nullable {
        details.push(format!(
            "Detected {} on column '{target}'",
            if nullable { "NULL" } else { "NOT NULL" }
        ));
    }
    if let Some(after) = &op.modify_type {
        let before = op
            .existing_type
            .as_ref()
            .map_or_else(|| "None".to_owned(), |kind| kind.python_repr());
        details.push(format!(
            "Detected type change from {before} to {} on '{target}'",
            after.python_repr()
        ));
    }
    if op.modify_server_default.is_some() {
        details.push(format!("Detected server default on column '{target}'"));
    }
    if op.modify_comment.is_some() {
        details.push(format!("Detected column comment '{target}'"));
    }
    details.join("; ")
}
