//! The environment in which `env.py` runs: `alembic.runtime.environment`.

use std::any::Any;
use std::cell::{Ref, RefCell};
use std::rc::Rc;

use ground::hash::IndexMap;

use super::migration::MigrationContext;
use super::step::{MigrationInfo, MigrationStep};
use crate::config::Config;
use crate::script::ScriptDirectory;
use crate::script::revision::Identifier;
use ground::diagnostic::{Error, Result};
use ground::run::Run;
use sqlalchemy::dialects::Dialect;
use sqlalchemy::engine::Connection;
use sqlalchemy::schema::MetaData;

/// The destination of `--sql` output.
pub trait OutputBuffer {
    /// Writes and flushes.
    ///
    /// # Errors
    /// What the buffer's `write` raises.
    fn write(&self, text: &str) -> Result<()>;
}

/// `sys.stdout`.
pub struct StandardOutput(pub Run);

impl OutputBuffer for StandardOutput {
    fn write(&self, text: &str) -> Result<()> {
        self.0.print(text);
        Ok(())
    }
}

/// Computes the steps of a run from the current heads.
pub type StepsFunction = Rc<dyn Fn(&[String], &MigrationContext) -> Result<Vec<MigrationStep>>>;

/// A callback after each step, once the version table has been updated (`on_version_apply`).
pub trait OnVersionApply {
    /// Called after a step.
    ///
    /// # Errors
    /// What the callback raises; it stops the run.
    fn call(
        &self,
        context: &MigrationContext,
        step: &MigrationInfo,
        heads: &[String],
    ) -> Result<()>;
}

/// The keywords of Alembic's `EnvironmentContext(config, script, **kw)`, set by a command.
#[derive(Clone, Default)]
pub struct EnvironmentOptions {
    /// `fn`: computes the steps to run.
    pub migrations: Option<StepsFunction>,
    /// `fn.__name__`: what the command's function is called in Alembic, such as `upgrade`.
    pub function: &'static str,
    /// Whether SQL is generated instead of executed.
    pub as_sql: bool,
    /// With `as_sql`: the version to start from.
    pub starting_rev: Option<String>,
    /// The target version; a tuple for `stamp`.
    pub destination_rev: Option<Identifier>,
    /// `--tag`.
    pub tag: Option<String>,
    /// Whether `stamp` clears the version table first.
    pub purge: bool,
    /// Whether a missing version table is not created.
    pub dont_mutate: bool,
    /// `template_args` of `revision`, which `env.py` may extend; passed through.
    pub template_args: Option<Rc<dyn Any>>,
}

/// The keywords of `context.configure()` that the runtime uses. The rest is in
/// [`others`](Self::others) for higher layers.
#[derive(Clone)]
pub struct ConfigureOptions {
    /// The command's options.
    pub environment: EnvironmentOptions,
    /// Whether DDL is transactional; the dialect's default if `None`.
    pub transactional_ddl: Option<bool>,
    /// One transaction per revision instead of one for all.
    pub transaction_per_migration: bool,
    /// The destination of `--sql` output; standard output if `None`.
    pub output_buffer: Option<Rc<dyn OutputBuffer>>,
    /// Name of the version table.
    pub version_table: String,
    /// Its schema.
    pub version_table_schema: Option<String>,
    /// Whether it has a primary key.
    pub version_table_pk: bool,
    /// Whether bound values are rendered inline; in `--sql` mode only.
    pub literal_binds: bool,
    /// The models' metadata: none, one, or several.
    pub target_metadata: TargetMetadata,
    /// `on_version_apply`.
    pub on_version_apply: Vec<Rc<dyn OnVersionApply>>,
    /// All other keywords of `configure()`; higher layers know their types.
    pub others: IndexMap<String, Rc<dyn Any>>,
    /// Options of one dialect's own, such as `mssql_batch_separator`.
    pub dialect_options: Vec<(String, String)>,
}

impl Default for ConfigureOptions {
    fn default() -> Self {
        ConfigureOptions {
            environment: EnvironmentOptions::default(),
            transactional_ddl: None,
            transaction_per_migration: false,
            output_buffer: None,
            version_table: "alembic_version".to_owned(),
            version_table_schema: None,
            version_table_pk: true,
            literal_binds: false,
            target_metadata: TargetMetadata::None,
            on_version_apply: Vec::new(),
            others: IndexMap::default(),
            dialect_options: Vec::new(),
        }
    }
}

/// `target_metadata` of `context.configure()`.
#[derive(Clone, Default)]
pub enum TargetMetadata {
    /// Not given.
    #[default]
    None,
    /// One.
    One(MetaData),
    /// A sequence; its naming conventions do not apply to operations.
    Many(Vec<MetaData>),
}

impl TargetMetadata {
    /// All metadata, in order.
    pub fn all(&self) -> Vec<MetaData> {
        match self {
            TargetMetadata::None => Vec::new(),
            TargetMetadata::One(metadata) => vec![metadata.clone()],
            TargetMetadata::Many(all) => all.clone(),
        }
    }
}

/// The database selected by `context.configure()`.
#[derive(Clone)]
pub enum MigrationTarget {
    /// A connection.
    Connection(Connection),
    /// A dialect only, from `url` or `dialect_name`.
    Dialect(Dialect),
}

/// `alembic.runtime.environment.EnvironmentContext`; a cheap handle.
#[derive(Clone)]
pub struct EnvironmentContext(Rc<EnvironmentState>);

struct EnvironmentState {
    run: Run,
    config: Config,
    script: ScriptDirectory,
    options: RefCell<EnvironmentOptions>,
    migration_context: RefCell<Option<MigrationContext>>,
}

impl EnvironmentContext {
    /// Creates the environment of a command.
    pub fn new(
        run: &Run,
        config: &Config,
        script: &ScriptDirectory,
        options: EnvironmentOptions,
    ) -> Self {
        EnvironmentContext(Rc::new(EnvironmentState {
            run: run.clone(),
            config: config.clone(),
            script: script.clone(),
            options: RefCell::new(options),
            migration_context: RefCell::new(None),
        }))
    }

    /// The command's run.
    pub fn run(&self) -> &Run {
        &self.0.run
    }

    /// `context.config`.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// `context.script`.
    pub fn script(&self) -> &ScriptDirectory {
        &self.0.script
    }

    /// The command's options.
    pub fn options(&self) -> Ref<'_, EnvironmentOptions> {
        self.0.options.borrow()
    }

    /// Replaces the command's options: `configure()` may set `starting_rev` and `tag`.
    pub fn set_options(&self, options: EnvironmentOptions) {
        *self.0.options.borrow_mut() = options;
    }

    /// `context.is_offline_mode()`.
    pub fn is_offline_mode(&self) -> bool {
        self.0.options.borrow().as_sql
    }

    /// `context.configure()`: creates the migration context.
    ///
    /// # Errors
    /// `CommandError` for options that contradict each other.
    pub fn configure(&self, target: MigrationTarget, mut options: ConfigureOptions) -> Result<()> {
        options.environment = self.0.options.borrow().clone();
        let context = MigrationContext::new(&self.0.run, target, options, Some(self.clone()))?;
        *self.0.migration_context.borrow_mut() = Some(context);
        Ok(())
    }

    /// Releases the migration context, which refers back to the environment: call at the end of a
    /// command.
    pub fn release(&self) {
        self.0.migration_context.take();
    }

    /// Whether `configure()` has been called.
    pub fn is_configured(&self) -> bool {
        self.0.migration_context.borrow().is_some()
    }

    /// `context.get_context()`.
    ///
    /// # Errors
    /// `Exception` before `configure()`.
    pub fn get_context(&self) -> Result<MigrationContext> {
        self.0
            .migration_context
            .borrow()
            .clone()
            .ok_or_else(|| Error::new("Exception", "No context has been configured yet."))
    }
}
