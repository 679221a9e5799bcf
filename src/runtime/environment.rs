//! What surrounds one run of `env.py`: `alembic.runtime.environment`.

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

/// Where `--sql` writes to.
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

/// The function that says which steps a run takes from these heads.
pub type StepsFunction = Rc<dyn Fn(&[String], &MigrationContext) -> Result<Vec<MigrationStep>>>;

/// Is told of each step after the version table was updated (`on_version_apply`).
pub trait OnVersionApply {
    /// One step is done.
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

/// The keywords of Alembic's `EnvironmentContext(config, script, **kw)`: what a command asks for.
#[derive(Clone, Default)]
pub struct EnvironmentOptions {
    /// `fn`: which steps to take.
    pub migrations: Option<StepsFunction>,
    /// Whether SQL is written instead of run.
    pub as_sql: bool,
    /// With `as_sql`: the version to start from.
    pub starting_rev: Option<String>,
    /// The version to reach; a tuple of them for `stamp`.
    pub destination_rev: Option<Identifier>,
    /// `--tag`.
    pub tag: Option<String>,
    /// Whether `stamp` empties the version table first.
    pub purge: bool,
    /// Whether the version table is left alone if it is not there.
    pub dont_mutate: bool,
    /// `template_args` of `revision`, which `env.py` may add to; passed on unread.
    pub template_args: Option<Rc<dyn Any>>,
}

/// The keywords of `context.configure()` that the runtime itself reads. The rest is in
/// [`others`](Self::others) for the rooms above.
#[derive(Clone)]
pub struct ConfigureOptions {
    /// What the command asked for.
    pub environment: EnvironmentOptions,
    /// Whether DDL is assumed to take part in transactions; the dialect's habit if not said.
    pub transactional_ddl: Option<bool>,
    /// One transaction per revision instead of one for all.
    pub transaction_per_migration: bool,
    /// Where `--sql` writes to; standard output if not said.
    pub output_buffer: Option<Rc<dyn OutputBuffer>>,
    /// Name of the version table.
    pub version_table: String,
    /// Its schema.
    pub version_table_schema: Option<String>,
    /// Whether it has a primary key.
    pub version_table_pk: bool,
    /// Whether bound values are written into the SQL; in `--sql` only.
    pub literal_binds: bool,
    /// The models' metadata: none, one, or several.
    pub target_metadata: TargetMetadata,
    /// `on_version_apply`.
    pub on_version_apply: Vec<Rc<dyn OnVersionApply>>,
    /// Everything else that `configure()` was given, by keyword; the rooms above know the types.
    pub others: IndexMap<String, Rc<dyn Any>>,
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
    /// A sequence; its naming conventions do not reach operations.
    Many(Vec<MetaData>),
}

impl TargetMetadata {
    /// All of them, in order.
    pub fn all(&self) -> Vec<MetaData> {
        match self {
            TargetMetadata::None => Vec::new(),
            TargetMetadata::One(metadata) => vec![metadata.clone()],
            TargetMetadata::Many(all) => all.clone(),
        }
    }
}

/// Which database `context.configure()` speaks to.
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
    /// An environment for one command.
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

    /// What surrounds the command.
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

    /// What the command asked for.
    pub fn options(&self) -> Ref<'_, EnvironmentOptions> {
        self.0.options.borrow()
    }

    /// Changes what the command asked for: `configure()` may give `starting_rev` and `tag`.
    pub fn set_options(&self, options: EnvironmentOptions) {
        *self.0.options.borrow_mut() = options;
    }

    /// `context.is_offline_mode()`.
    pub fn is_offline_mode(&self) -> bool {
        self.0.options.borrow().as_sql
    }

    /// `context.configure()`: makes the migration context.
    ///
    /// # Errors
    /// `CommandError` for options that contradict each other.
    pub fn configure(&self, target: MigrationTarget, mut options: ConfigureOptions) -> Result<()> {
        options.environment = self.0.options.borrow().clone();
        let context = MigrationContext::new(&self.0.run, target, options, Some(self.clone()))?;
        *self.0.migration_context.borrow_mut() = Some(context);
        Ok(())
    }

    /// Lets go of the migration context, which holds the environment: call when a command is over.
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
