//! Environments and migration runs: `alembic.runtime`.

mod environment;
mod heads;
mod migration;
mod revs;
mod step;

pub use environment::{
    ConfigureOptions, EnvironmentContext, EnvironmentOptions, MigrationTarget, OnVersionApply,
    OutputBuffer, StandardOutput, StepsFunction, TargetMetadata,
};
pub use heads::HeadMaintainer;
pub use migration::{AutocommitBlock, MigrationContext, MigrationTransaction};
pub use revs::{downgrade_revs, stamp_revs, upgrade_revs};
pub use step::{Heads, MigrationInfo, MigrationStep, Migrations, RevisionStep, StampStep};
