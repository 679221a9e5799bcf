//! Running revisions: the environment, the migration context, the version table.
