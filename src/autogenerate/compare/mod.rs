//! Compares a database with the models: `alembic.autogenerate.compare`.
//!
//! Alembic orders a few things by hash, so that its output varies from run to run. Here the order
//! is fixed:
//!
//! - removed tables: a table before those that it refers to, else by name;
//! - removed columns: as the database lists them;
//! - foreign keys and unnamed unique constraints: as the models and the database list them;
//! - schemas: the default one first, the others by name.

mod comments;
mod constraints;
mod defaults;
mod foreign_keys;
mod reflect;
mod tables;
mod types;

use crate::autogenerate::api::AutogenContext;
use crate::operations::ops::{DowngradeOps, MigrationScript, Shared, UpgradeOps};
use ground::diagnostic::{Error, Result};
use ground::logging::Level;
use ground::order::InOrder;

/// Whether further comparisons of the same object run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Further comparisons run.
    Continue,
    /// Further comparisons are skipped.
    Stop,
}

/// Fills the last upgrade and downgrade of a script with the differences.
///
/// # Errors
/// What reflection, callbacks and the resolution of foreign keys raise.
pub fn populate_migration_script(context: &AutogenContext, script: &MigrationScript) -> Result<()> {
    let missing = || Error::new("IndexError", "list index out of range");
    let shared = script.upgrade_ops_list.last().ok_or_else(missing)?;
    let downgrade: DowngradeOps = script
        .downgrade_ops_list
        .last()
        .ok_or_else(missing)?
        .borrow()
        .clone();
    produce_net_changes(context, shared)?;
    let upgrade: UpgradeOps = shared.borrow().clone();
    upgrade.reverse_into(&downgrade)
}

/// Appends the differences to the list.
///
/// # Errors
/// As [`populate_migration_script`].
pub fn produce_net_changes(context: &AutogenContext, upgrade: &Shared<UpgradeOps>) -> Result<()> {
    if !context.plugins().schemas {
        return Ok(());
    }
    let mut schemas: Vec<Option<String>> = vec![None];
    if context.options().include_schemas {
        let default = context.inspector()?.default_schema_name();
        let mut others: Vec<String> = context
            .inspector()?
            .get_schema_names()?
            .iter()
            .filter(|name| &***name != "information_schema" && Some(&***name) != default.as_deref())
            .map(|name| name.to_string())
            .collect();
        others.in_order();
        schemas.extend(others.into_iter().map(Some));
    }
    let mut included = Vec::new();
    for schema in schemas {
        if context.run_name_filters(schema.as_deref(), "schema", None, None)? {
            included.push(schema);
        }
    }
    context
        .callbacks()
        .compare_schemas(context, upgrade, &included)?;
    if context.plugins().tables {
        let operations = upgrade.borrow().ops.clone();
        tables::autogen_for_tables(context, &operations, &included)?;
    }
    Ok(())
}

/// Writes a line to `alembic.autogenerate.compare.<module>`.
pub(super) fn info(context: &AutogenContext, module: &str, message: std::fmt::Arguments<'_>) {
    let logger = format!("alembic.autogenerate.compare.{module}");
    let logging = &context.run().logging;
    if logging.is_enabled(&logger, Level::INFO) {
        logging.log(&logger, Level::INFO, &message.to_string());
    }
}

/// `schema.table`, or only the table.
pub(super) fn table_key(name: &str, schema: Option<&str>) -> String {
    match schema {
        Some(schema) => format!("{schema}.{name}"),
        None => name.to_owned(),
    }
}

/// `str(tuple)` of names.
pub(super) fn tuple_repr(items: &[String]) -> String {
    match items {
        [only] => format!("({only},)"),
        items => format!("({})", items.join(", ")),
    }
}
