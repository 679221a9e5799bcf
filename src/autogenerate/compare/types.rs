//! Column types that changed.

use super::{Outcome, info};
use crate::autogenerate::api::{AutogenContext, Comparison};
use crate::operations::ops::AlterColumnOp;
use ground::diagnostic::Result;
use sqlalchemy::schema::Column;
use sqlalchemy::sqltypes::classes;

fn set_up(
    context: &AutogenContext,
    alter: &mut AlterColumnOp,
    table: &str,
    name: &str,
    conn: &Column,
    metadata: &Column,
) -> bool {
    let conn_type = conn.kind();
    alter.existing_type = Some(conn_type.clone());
    if conn_type.has_affinity(&classes::GENERIC_NULL_TYPE) {
        info(
            context,
            "types",
            format_args!("Couldn't determine database type for column '{table}.{name}'"),
        );
        return false;
    }
    if metadata.kind().has_affinity(&classes::GENERIC_NULL_TYPE) {
        info(
            context,
            "types",
            format_args!("Column '{table}.{name}' has no type within the model; can't compare"),
        );
        return false;
    }
    true
}

fn changed(
    context: &AutogenContext,
    alter: &mut AlterColumnOp,
    table: &str,
    name: &str,
    conn: &Column,
    metadata: &Column,
) {
    alter.modify_type = Some(metadata.kind());
    info(
        context,
        "types",
        format_args!(
            "Detected type change from {} to {} on '{table}.{name}'",
            conn.kind().python_repr(),
            metadata.kind().python_repr()
        ),
    );
}

pub(super) fn user_compare_type(
    context: &AutogenContext,
    alter: &mut AlterColumnOp,
    table: &str,
    name: &str,
    conn: &Column,
    metadata: &Column,
) -> Result<Outcome> {
    if !set_up(context, alter, table, name, conn, metadata)
        || context.options().compare_type != Comparison::Callable
    {
        return Ok(Outcome::Continue);
    }
    let answer = context
        .callbacks()
        .compare_type(context.migration_context(), conn, metadata)?;
    Ok(match answer {
        Some(true) => {
            changed(context, alter, table, name, conn, metadata);
            Outcome::Stop
        }
        Some(false) => Outcome::Stop,
        None => Outcome::Continue,
    })
}

pub(super) fn dialect_impl_compare_type(
    context: &AutogenContext,
    alter: &mut AlterColumnOp,
    table: &str,
    name: &str,
    conn: &Column,
    metadata: &Column,
) -> Result<()> {
    if set_up(context, alter, table, name, conn, metadata)
        && context
            .migration_context()
            .implementation()
            .compare_type(conn, metadata)?
    {
        changed(context, alter, table, name, conn, metadata);
    }
    Ok(())
}
