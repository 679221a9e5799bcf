//! Comments of tables and columns, if the database supports them.

use std::rc::Rc;

use super::info;
use crate::autogenerate::api::AutogenContext;
use crate::operations::ops::{
    AlterColumnOp, CreateTableCommentOp, DropTableCommentOp, OperationList,
};
use sqlalchemy::schema::{Column, Table};

/// Treats an empty comment as missing: most databases do not distinguish them.
fn normalized(comment: Option<Rc<str>>) -> Option<Rc<str>> {
    comment.filter(|comment| !comment.is_empty())
}

pub(super) fn compare_column_comment(
    context: &AutogenContext,
    alter: &mut AlterColumnOp,
    table: &str,
    name: &str,
    conn: &Column,
    metadata: &Column,
) {
    if !context.migration_context().dialect().supports_comments() {
        return;
    }
    let before = normalized(conn.comment());
    let after = normalized(metadata.comment());
    if before.is_none() && after.is_none() {
        return;
    }
    alter.existing_comment = before.clone();
    if before != after {
        alter.modify_comment = Some(after);
        info(
            context,
            "comments",
            format_args!("Detected column comment '{table}.{name}'"),
        );
    }
}

pub(super) fn compare_table_comment(
    context: &AutogenContext,
    operations: &OperationList,
    schema: Option<&str>,
    name: &str,
    reflected: &Table,
    table: &Table,
) {
    if !context.migration_context().dialect().supports_comments() {
        return;
    }
    let before = normalized(reflected.comment());
    let after = normalized(table.comment());
    match (before, after) {
        (Some(before), None) => operations.push(DropTableCommentOp {
            table_name: name.into(),
            existing_comment: Some(before),
            schema: schema.map(Into::into),
        }),
        (before, after) if before != after => operations.push(CreateTableCommentOp {
            table_name: name.into(),
            comment: after,
            existing_comment: before,
            schema: schema.map(Into::into),
        }),
        _ => {}
    }
}
