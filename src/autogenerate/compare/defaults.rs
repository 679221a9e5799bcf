//! Server defaults, computed columns, identities.

use super::{Outcome, info};
use crate::autogenerate::api::{AutogenContext, Comparison};
use crate::operations::ops::AlterColumnOp;
use ground::diagnostic::Result;
use ground::formatting::repr::string_repr;
use sqlalchemy::elements::Expression;
use sqlalchemy::schema::{Autoincrement, Column, ServerDefault};

/// The model's default as text for comparison; `None` if it is not a plain default.
fn rendered(default: Option<&ServerDefault>, context: &AutogenContext) -> Result<Option<String>> {
    Ok(match default {
        Some(ServerDefault::DefaultClause(clause)) => match clause.as_expression() {
            Some(expression) => {
                Some(expression.compile_literal(context.migration_context().dialect())?)
            }
            None => clause.as_text().map(|text| text.to_string()),
        },
        _ => None,
    })
}

/// The database's default as text.
fn reflected_text(default: Option<&ServerDefault>) -> Option<String> {
    match default {
        Some(ServerDefault::DefaultClause(clause)) => match clause.as_expression() {
            Some(Expression::Text(text)) => Some(text.text.to_string()),
            _ => clause.as_text().map(|text| text.to_string()),
        },
        _ => None,
    }
}

pub(super) fn user_compare_server_default(
    context: &AutogenContext,
    alter: &mut AlterColumnOp,
    table: &str,
    name: &str,
    conn: &Column,
    metadata: &Column,
) -> Result<Outcome> {
    let (before, after) = (conn.server_default(), metadata.server_default());
    if before.is_none() && after.is_none() {
        return Ok(Outcome::Continue);
    }
    alter.existing_server_default = Some(before.clone());
    match context.options().compare_server_default {
        Comparison::Off => return Ok(Outcome::Stop),
        Comparison::On => return Ok(Outcome::Continue),
        Comparison::Callable => {}
    }
    let answer = context.callbacks().compare_server_default(
        context.migration_context(),
        conn,
        metadata,
        reflected_text(before.as_ref()).as_deref(),
        rendered(after.as_ref(), context)?.as_deref(),
    )?;
    Ok(match answer {
        Some(true) => {
            alter.modify_server_default = Some(after);
            info(
                context,
                "server_defaults",
                format_args!(
                    "User defined function {} detected server default on column '{table}.{name}'",
                    context.callbacks().compare_server_default_repr()
                ),
            );
            Outcome::Stop
        }
        Some(false) => Outcome::Stop,
        None => Outcome::Continue,
    })
}

pub(super) fn compare_computed_default(
    context: &AutogenContext,
    table: &str,
    name: &str,
    conn: &Column,
    metadata: &Column,
) -> Result<Outcome> {
    let warn = || {
        context.run().warning(
            "UserWarning",
            &format!("Computed default on {table}.{name} cannot be modified"),
        );
    };
    let before = conn.server_default();
    let Some(ServerDefault::Computed(after)) = metadata.server_default() else {
        if matches!(before, Some(ServerDefault::Computed(_))) {
            warn();
            return Ok(Outcome::Stop);
        }
        return Ok(Outcome::Continue);
    };
    let migration_context = context.migration_context();
    let dialect = migration_context.dialect();
    let normalize = |sql: &str| {
        let implementation = migration_context.implementation();
        implementation.normalize_computed_default(sql)
    };
    let after = normalize(&after.sqltext().compile_literal(dialect)?);
    let before = match before {
        Some(ServerDefault::Computed(before)) => {
            normalize(&before.sqltext().compile_literal(dialect)?)
        }
        _ => String::new(),
    };
    if before != after {
        warn();
    }
    Ok(Outcome::Stop)
}

pub(super) fn compare_identity_default(
    context: &AutogenContext,
    alter: &mut AlterColumnOp,
    table: &str,
    name: &str,
    conn: &Column,
    metadata: &Column,
) -> Result<Outcome> {
    let (before, after) = (conn.server_default(), metadata.server_default());
    let identity = |default: &Option<ServerDefault>| match default {
        Some(ServerDefault::Identity(identity)) => Some(identity.clone()),
        _ => None,
    };
    let (old, new) = (identity(&before), identity(&after));
    if old.is_none() && new.is_none() {
        return Ok(Outcome::Continue);
    }
    let other = |default: &Option<ServerDefault>| {
        !matches!(default, None | Some(ServerDefault::Identity(_)))
    };
    if other(&before) || other(&after) {
        return Err(ground::diagnostic::Error::new("AssertionError", ""));
    }
    let differing = context
        .migration_context()
        .implementation()
        .compare_identity_default(new.as_ref(), old.as_ref());
    if !differing.is_empty() || old.is_some() != new.is_some() {
        alter.modify_server_default = Some(after);
        if !differing.is_empty() {
            let names: Vec<String> = differing.iter().map(|name| string_repr(name)).collect();
            info(
                context,
                "server_defaults",
                format_args!(
                    "Detected server default on column '{table}.{name}': identity options \
                     attributes [{}]",
                    names.join(", ")
                ),
            );
            return Ok(Outcome::Stop);
        }
    }
    Ok(Outcome::Continue)
}

pub(super) fn set_up_autoincrement(alter: &mut AlterColumnOp, metadata: &Column) -> Result<()> {
    let autoincrement_column = match metadata.table() {
        Some(table) => table.primary_key().autoincrement_column()?,
        None => None,
    };
    let is_autoincrement_column =
        autoincrement_column.is_some_and(|column| column.ptr_eq(metadata));
    if is_autoincrement_column || metadata.autoincrement() == Autoincrement::True {
        alter.kw.autoincrement = Some(true);
    } else if metadata.autoincrement() == Autoincrement::False {
        alter.kw.autoincrement = Some(false);
    }
    Ok(())
}

pub(super) fn dialect_impl_compare_server_default(
    context: &AutogenContext,
    alter: &mut AlterColumnOp,
    table: &str,
    name: &str,
    conn: &Column,
    metadata: &Column,
) -> Result<()> {
    let (before, after) = (conn.server_default(), metadata.server_default());
    if before.is_none() && after.is_none() {
        return Ok(());
    }
    alter.existing_server_default = Some(before.clone());
    let plain = |default: &Option<ServerDefault>| {
        matches!(default, None | Some(ServerDefault::DefaultClause(_)))
    };
    if !plain(&before) || !plain(&after) {
        return Ok(());
    }
    let after_text = rendered(after.as_ref(), context)?;
    let before_text = reflected_text(before.as_ref());
    let migration_context = context.migration_context();
    let implementation = migration_context.implementation();
    if implementation.compare_server_default(
        conn,
        metadata,
        after_text.as_deref(),
        before_text.as_deref(),
    )? {
        alter.modify_server_default = Some(after);
        info(
            context,
            "server_defaults",
            format_args!(
                // A constant in place of the object's address.
                "Dialect impl <alembic.ddl.{}.{} object at 0x7f0000000000> detected server \
                 default on column '{table}.{name}'",
                migration_context.dialect().name(),
                implementation.name()
            ),
        );
    }
    Ok(())
}
