//! Generates revision files from the difference between a database and the models:
//! `alembic.autogenerate`.

mod api;
mod compare;
mod differences;
mod models;
mod pending;
mod plugins;
mod printer;
mod render;
mod render_schema;
mod revision;

pub use api::{
    AutogenContext, AutogenOptions, Callbacks, Comparison, NoCallbacks, ParentNames, RenderItem,
    SchemaObject,
};
pub use compare::{populate_migration_script, produce_net_changes};
pub use differences::differences_repr;
pub use models::{ModelStyle, WrittenModels, write_models};
pub use pending::{PendingOperation, pending_operations};
pub use plugins::Plugins;
pub use render::{render_cmd_body, render_op, render_python_into_templatevars};
pub use revision::{GeneratedRevisions, RevisionArguments, RevisionContext, rev_id};

use crate::operations::ops::{Difference, MigrationScript};
use crate::runtime::MigrationContext;
use ground::diagnostic::Result;
use sqlalchemy::schema::MetaData;

/// `compare_metadata(context, metadata)`.
///
/// # Errors
/// As [`produce_migrations`].
pub fn compare_metadata(
    context: &MigrationContext,
    metadata: &MetaData,
) -> Result<Vec<Difference>> {
    let script = produce_migrations(context, metadata)?;
    let Some(upgrade) = script.upgrade_ops()? else {
        return Ok(Vec::new());
    };
    let operations = upgrade.borrow().ops.clone();
    operations.as_diffs()
}

/// `produce_migrations(context, metadata)`: the script that would make the database match the
/// models.
///
/// # Errors
/// What reflection, callbacks and the resolution of foreign keys raise.
pub fn produce_migrations(
    context: &MigrationContext,
    metadata: &MetaData,
) -> Result<MigrationScript> {
    let options = AutogenOptions::of(context);
    let context = AutogenContext::new(context, Some(vec![metadata.clone()]), options, true)?;
    let script = MigrationScript {
        upgrade_ops_list: vec![Default::default()],
        downgrade_ops_list: vec![Default::default()],
        ..MigrationScript::default()
    };
    populate_migration_script(&context, &script)?;
    Ok(script)
}

#[cfg(test)]
mod tests;
