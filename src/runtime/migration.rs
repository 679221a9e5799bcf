//! Runs migrations: `alembic.runtime.migration.MigrationContext`.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::environment::{
    ConfigureOptions, EnvironmentContext, MigrationTarget, OutputBuffer, StandardOutput,
    TargetMetadata,
};
use super::heads::HeadMaintainer;
use super::step::{MigrationStep, Migrations};
use crate::ddl::{self, DefaultImpl, ImplOptions};
use crate::operations::Operations;
use crate::operations::ops::SqlText;
use crate::operations::schemaobj::SchemaObjects;
use ground::diagnostic::{Error, Result};
use ground::event::Event;
use ground::logging::Level;
use ground::run::Run;
use sqlalchemy::dialects::Dialect;
use sqlalchemy::engine::{Connection, ExecutionOptions, Transaction};
use sqlalchemy::name::Name;
use sqlalchemy::schema::Table;

const LOGGER: &str = "alembic.runtime.migration";

/// A cheap handle to a configured migration context.
#[derive(Clone)]
pub struct MigrationContext(Rc<ContextState>);

struct ContextState {
    run: Run,
    environment: Option<EnvironmentContext>,
    attachment: RefCell<Option<Rc<dyn Any>>>,
    options: ConfigureOptions,
    dialect: Dialect,
    implementation: Rc<dyn DefaultImpl>,
    in_external_transaction: bool,
    transaction: RefCell<Option<Transaction>>,
    version: Table,
}

/// The result of `begin_transaction()`: one of Alembic's three kinds of context manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MigrationTransaction {
    /// No transaction: `nullcontext()`.
    None,
    /// A transaction of the connection, ended on exit: `_ProxyTransaction`.
    Proxy,
    /// In `--sql` mode: `BEGIN` was written, and `COMMIT` is written on success.
    Static,
}

/// The state that `autocommit_block()` restores on exit.
pub struct AutocommitBlock {
    in_transaction: bool,
    online: Option<(Transaction, String)>,
}

impl MigrationContext {
    /// `MigrationContext(dialect, connection, opts)`.
    ///
    /// # Errors
    /// `CommandError` for `literal_binds` without `--sql`, `KeyError` for a dialect without an
    /// implementation.
    pub fn new(
        run: &Run,
        target: MigrationTarget,
        options: ConfigureOptions,
        environment: Option<EnvironmentContext>,
    ) -> Result<Self> {
        let as_sql = options.environment.as_sql;
        let (dialect, connection) = match target {
            MigrationTarget::Connection(connection) => (connection.dialect(), Some(connection)),
            MigrationTarget::Dialect(dialect) => (dialect, None),
        };
        let connection = if as_sql { None } else { connection };
        let in_external_transaction = connection
            .as_ref()
            .is_some_and(|connection| connection.in_transaction());
        let output_buffer: Rc<dyn OutputBuffer> = options
            .output_buffer
            .clone()
            .unwrap_or_else(|| Rc::new(StandardOutput(run.clone())));
        let implementation = ddl::implementation(
            &dialect,
            ImplOptions {
                run: run.clone(),
                connection,
                as_sql,
                transactional_ddl: options.transactional_ddl,
                literal_binds: options.literal_binds,
                options: options.dialect_options.clone(),
                output: Rc::new(move |text: &str| output_buffer.write(text)),
            },
        )?;
        let version = implementation.version_table_impl(
            &options.version_table,
            options.version_table_schema.as_deref(),
            options.version_table_pk,
        )?;
        let context = MigrationContext(Rc::new(ContextState {
            run: run.clone(),
            environment,
            attachment: RefCell::new(None),
            options,
            dialect,
            in_external_transaction,
            transaction: RefCell::new(None),
            version,
            implementation,
        }));
        context.info(&format!(
            "Context impl {}.",
            context.0.implementation.name()
        ));
        if as_sql {
            context.info("Generating static SQL");
        }
        context.info(&format!(
            "Will assume {} DDL.",
            if context.0.implementation.transactional_ddl() {
                "transactional"
            } else {
                "non-transactional"
            }
        ));
        Ok(context)
    }

    fn info(&self, message: &str) {
        self.0.run.logging.log(LOGGER, Level::INFO, message);
    }

    /// The command's run.
    pub fn run(&self) -> &Run {
        &self.0.run
    }

    /// `context.environment_context`.
    pub fn environment_context(&self) -> Option<&EnvironmentContext> {
        self.0.environment.as_ref()
    }

    /// Data attached to this context by a higher layer.
    pub fn attachment(&self) -> Option<Rc<dyn Any>> {
        self.0.attachment.borrow().clone()
    }

    /// Attaches data for a higher layer.
    pub fn set_attachment(&self, attachment: Rc<dyn Any>) {
        *self.0.attachment.borrow_mut() = Some(attachment);
    }

    /// `context.version_table_schema`.
    pub fn version_table_schema(&self) -> Option<&str> {
        self.0.options.version_table_schema.as_deref()
    }

    /// `context.opts`.
    pub fn options(&self) -> &ConfigureOptions {
        &self.0.options
    }

    /// `context.dialect`.
    pub fn dialect(&self) -> &Dialect {
        &self.0.dialect
    }

    /// `context.impl`.
    pub fn implementation(&self) -> &Rc<dyn DefaultImpl> {
        &self.0.implementation
    }

    /// `context.connection`; `None` in `--sql` mode.
    pub fn connection(&self) -> Option<Connection> {
        self.0.implementation.state().connection()
    }

    /// `context.as_sql`.
    pub fn as_sql(&self) -> bool {
        self.0.options.environment.as_sql
    }

    /// Name of the version table.
    pub fn version_table(&self) -> &str {
        &self.0.options.version_table
    }

    /// The version table as a [`Table`].
    pub fn version(&self) -> &Table {
        &self.0.version
    }

    /// The operations of this context, which scripts call through `op`.
    pub fn operations(&self) -> Operations {
        Operations::new(&self.0.run, &self.0.implementation, self.schema_objects())
    }

    /// The factory for tables and constraints, with the naming convention if there is exactly one
    /// metadata.
    pub fn schema_objects(&self) -> SchemaObjects {
        match &self.0.options.target_metadata {
            TargetMetadata::One(metadata) => SchemaObjects::with_naming_convention(metadata),
            _ => SchemaObjects::default(),
        }
    }

    fn online(&self) -> Result<Connection> {
        self.connection()
            .ok_or_else(|| Error::new("AssertionError", ""))
    }

    /// `context.begin_transaction()`. End it with
    /// [`end_transaction`](Self::end_transaction).
    ///
    /// # Errors
    /// Errors of the database, or of the output buffer in `--sql` mode.
    pub fn begin_transaction(&self, per_migration: bool) -> Result<MigrationTransaction> {
        if self.0.in_external_transaction {
            return Ok(MigrationTransaction::None);
        }
        let transactional = self.0.implementation.transactional_ddl();
        let now = if transactional {
            per_migration == self.0.options.transaction_per_migration
        } else {
            per_migration
        };
        if !now || (!transactional && self.as_sql()) {
            return Ok(MigrationTransaction::None);
        }
        if self.as_sql() {
            self.0.implementation.emit_begin()?;
            return Ok(MigrationTransaction::Static);
        }
        if !transactional && self.0.transaction.borrow().is_some() {
            return Ok(MigrationTransaction::None);
        }
        let connection = self.online()?;
        let transaction = match connection.get_transaction() {
            Some(transaction) => transaction,
            None => connection.begin()?,
        };
        *self.0.transaction.borrow_mut() = Some(transaction);
        Ok(MigrationTransaction::Proxy)
    }

    /// Exits the context manager returned by `begin_transaction()`, after success or an error.
    ///
    /// # Errors
    /// Errors of the database or of the output buffer.
    pub fn end_transaction(&self, kind: MigrationTransaction, failed: bool) -> Result<()> {
        match kind {
            MigrationTransaction::None => Ok(()),
            MigrationTransaction::Static if failed => Ok(()),
            MigrationTransaction::Static => self.0.implementation.emit_commit(),
            MigrationTransaction::Proxy => {
                let transaction = self.0.transaction.borrow_mut().take();
                match transaction {
                    Some(transaction) => transaction.exit(!failed),
                    None => Ok(()),
                }
            }
        }
    }

    /// `commit()` or `rollback()` on the result of `begin_transaction()`.
    ///
    /// # Errors
    /// `AssertionError` where there is no transaction, and errors of the database.
    pub fn finish_transaction(&self, commit: bool) -> Result<()> {
        let transaction = self.0.transaction.borrow_mut().take();
        let transaction = transaction.ok_or_else(|| Error::new("AssertionError", ""))?;
        if commit {
            transaction.commit()
        } else {
            transaction.rollback()
        }
    }

    /// Runs the body inside `begin_transaction()`.
    fn in_transaction<T>(
        &self,
        per_migration: bool,
        body: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let kind = self.begin_transaction(per_migration)?;
        let result = body();
        self.end_transaction(kind, result.is_err())?;
        result
    }

    /// Enters `context.autocommit_block()`.
    ///
    /// # Errors
    /// `AssertionError` where a transaction is open that Alembic did not begin, and errors of the
    /// database.
    pub fn enter_autocommit_block(&self) -> Result<AutocommitBlock> {
        let connection = self.connection();
        let in_transaction = connection
            .as_ref()
            .is_some_and(|connection| connection.in_transaction());
        if self.0.implementation.transactional_ddl() && self.as_sql() {
            self.0.implementation.emit_commit()?;
        } else if in_transaction {
            self.finish_transaction(true)?;
        }
        let online = match connection {
            None => None,
            Some(connection) => {
                let level = connection.get_isolation_level()?.to_owned();
                set_isolation_level(&connection, "AUTOCOMMIT")?;
                Some((connection.begin()?, level))
            }
        };
        Ok(AutocommitBlock {
            in_transaction,
            online,
        })
    }

    /// Exits `context.autocommit_block()`, after success or an error.
    ///
    /// # Errors
    /// Errors of the database.
    pub fn exit_autocommit_block(&self, block: AutocommitBlock) -> Result<()> {
        if let Some((transaction, level)) = block.online {
            transaction.commit()?;
            set_isolation_level(&self.online()?, &level)?;
        }
        if self.0.implementation.transactional_ddl() && self.as_sql() {
            self.0.implementation.emit_begin()?;
        } else if block.in_transaction {
            let transaction = self.online()?.begin()?;
            *self.0.transaction.borrow_mut() = Some(transaction);
        }
        Ok(())
    }

    /// `context.get_current_revision()`.
    ///
    /// # Errors
    /// `CommandError` where there is more than one head, and errors of the database.
    pub fn get_current_revision(&self) -> Result<Option<String>> {
        let mut heads = self.get_current_heads()?;
        if heads.len() > 1 {
            return Err(Error::command(format!(
                "Version table '{}' has more than one head present; please use \
                 get_current_heads()",
                self.version_table()
            )));
        }
        Ok(heads.pop())
    }

    /// `context.get_current_heads()`.
    ///
    /// # Errors
    /// `CommandError` where a starting revision is given together with a database, and errors of
    /// the database.
    pub fn get_current_heads(&self) -> Result<Vec<String>> {
        let start = self.0.options.environment.starting_rev.as_deref();
        if self.as_sql() {
            return match (start, &self.0.environment) {
                (None | Some("base"), _) => Ok(Vec::new()),
                (Some(start), Some(environment)) => {
                    Ok(match environment.script().get_revision(Some(start))? {
                        Some(script) => vec![script.node().revision.clone()],
                        // `label@base` does not resolve to a revision; Alembic does not check that
                        // here.
                        None => {
                            return Err(Error::new(
                                "AttributeError",
                                "'NoneType' object has no attribute 'revision'",
                            ));
                        }
                    })
                }
                (Some(start), None) => Ok(vec![start.to_owned()]),
            };
        }
        if start.is_some_and(|start| !start.is_empty()) {
            return Err(Error::command(
                "Can't specify current_rev to context when using a database connection",
            ));
        }
        if !self.has_version_table()? {
            return Ok(Vec::new());
        }
        self.0.implementation.select_versions(&self.0.version)
    }

    /// Creates the version table if it is missing, and clears it on request.
    ///
    /// # Errors
    /// Errors of the database.
    pub fn ensure_version_table(&self, purge: bool) -> Result<()> {
        let implementation = &self.0.implementation;
        if self.as_sql() {
            // A mock connection cannot check whether the table exists.
            implementation.create_static(&self.0.version)?;
            if purge {
                implementation.delete_versions(&self.0.version, None)?;
            }
            return Ok(());
        }
        let connection = self.online()?;
        ddl::ensure_scope_for_ddl(Some(&connection), || {
            implementation.create_if_missing(&self.0.version)?;
            if purge {
                implementation.delete_versions(&self.0.version, None)?;
            }
            Ok(())
        })
    }

    fn has_version_table(&self) -> Result<bool> {
        let schema = self
            .0
            .options
            .version_table_schema
            .as_deref()
            .map(Name::new);
        self.0
            .implementation
            .has_table(self.version_table(), schema.as_ref())
    }

    pub(super) fn insert_version(&self, version: &str) -> Result<()> {
        self.0
            .implementation
            .insert_version(&self.0.version, version)
    }

    /// Deletes a version; returns the affected rows where Alembic checks them.
    pub(super) fn delete_version(&self, version: &str) -> Result<Option<i64>> {
        self.0
            .implementation
            .delete_versions(&self.0.version, Some(version))
    }

    /// Updates a version; returns the affected rows where Alembic checks them.
    pub(super) fn update_version(&self, from: &str, to: &str) -> Result<Option<i64>> {
        self.0
            .implementation
            .update_version(&self.0.version, from, to)
    }

    /// `context.stamp(script_directory, revision)`.
    ///
    /// # Errors
    /// `CommandError` where a revision can't be found, and errors of the database.
    pub fn stamp(
        &self,
        script: &crate::script::ScriptDirectory,
        revision: &[String],
    ) -> Result<()> {
        let heads = self.get_current_heads()?;
        if !self.as_sql() && heads.is_empty() {
            self.ensure_version_table(false)?;
        }
        let mut maintainer = HeadMaintainer::new(self, heads.iter().cloned());
        for step in super::revs::stamp_revs(script, revision, &heads)? {
            maintainer.update_to_step(&step)?;
        }
        Ok(())
    }

    /// `context.run_migrations()`: computes the steps, runs them, and updates the version table.
    ///
    /// # Errors
    /// What a migration raises, `CommandError`, and errors of the database. What was done before
    /// stays as far as the transactions of the database let it.
    pub fn run_migrations(&self, migrations: &dyn Migrations) -> Result<()> {
        let environment = &self.0.options.environment;
        self.0.implementation.start_migrations()?;
        let heads = if environment.purge {
            if self.as_sql() {
                return Err(Error::command("Can't use --purge with --sql mode"));
            }
            self.ensure_version_table(true)?;
            Vec::new()
        } else {
            let heads = self.get_current_heads()?;
            if !self.as_sql() && heads.is_empty() && !environment.dont_mutate {
                self.ensure_version_table(false)?;
            }
            heads
        };
        let mut maintainer = HeadMaintainer::new(self, heads.iter().cloned());
        let function = environment
            .migrations
            .clone()
            .ok_or_else(|| Error::new("AssertionError", ""))?;
        for step in function(&heads, self)? {
            self.in_transaction(true, || self.run_step(&step, &mut maintainer, migrations))?;
        }
        Ok(())
    }

    fn run_step(
        &self,
        step: &MigrationStep,
        maintainer: &mut HeadMaintainer,
        migrations: &dyn Migrations,
    ) -> Result<()> {
        if self.as_sql() && maintainer.heads().is_empty() {
            self.0.implementation.create_static(&self.0.version)?;
        }
        self.info(&format!("Running {}", step.log_text(migrations)?));
        if self.as_sql() {
            self.0
                .implementation
                .static_output(&format!("-- Running {}", step.short_log(migrations)?))?;
        }
        let (revision, direction) = match step {
            MigrationStep::Revision(revision) => (
                revision.revision(),
                if revision.is_upgrade {
                    "upgrade"
                } else {
                    "downgrade"
                },
            ),
            MigrationStep::Stamp(stamp) => (stamp.to.join(", "), "stamp"),
        };
        self.0.run.tell(Event::RevisionStarted {
            revision: revision.clone(),
            direction,
            message: step.doc().unwrap_or_default(),
        });
        let result = match step {
            MigrationStep::Revision(revision) => {
                migrations.run(&revision.script, revision.is_upgrade)
            }
            MigrationStep::Stamp(_) => Ok(()),
        }
        .and_then(|()| maintainer.update_to_step(step));
        if let Err(error) = result {
            self.0.run.tell(Event::Failed {
                error: error.clone(),
            });
            return Err(error);
        }
        self.0.run.tell(Event::RevisionFinished { revision });
        if !self.0.options.on_version_apply.is_empty() {
            let info = step.info();
            for callback in &self.0.options.on_version_apply {
                let heads: Vec<String> = maintainer.heads().iter().cloned().collect();
                callback.call(self, &info, &heads)?;
            }
        }
        Ok(())
    }

    /// `context.execute()`.
    ///
    /// # Errors
    /// Errors of the database.
    pub fn execute(
        &self,
        sql: &SqlText,
        execution_options: Option<&ExecutionOptions>,
    ) -> Result<()> {
        self.0
            .implementation
            .execute(&sql.to_executable(), execution_options)
    }
}

fn set_isolation_level(connection: &Connection, level: &str) -> Result<()> {
    connection.execution_options(ExecutionOptions {
        isolation_level: Some(level.to_owned()),
        ..ExecutionOptions::default()
    })
}
