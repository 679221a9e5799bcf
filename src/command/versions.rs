//! Commands that show or change the revision of a database.

use ground::exception;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Project, split_range};
use crate::runtime::{
    EnvironmentOptions, MigrationContext, downgrade_revs, stamp_revs, upgrade_revs,
};
use crate::script::revision::Identifier;
use ground::diagnostic::{Error, Result};

impl Project {
    /// Runs env.py only to read the database's current heads, and calls `action` with them.
    pub(super) fn with_current(
        &self,
        action: impl Fn(&Project, &[String]) -> Result<()> + 'static,
    ) -> Result<()> {
        let project = self.again();
        self.environment.run_env(
            &self.script,
            EnvironmentOptions {
                migrations: Some(Rc::new(move |heads, _| {
                    action(&project, heads)?;
                    Ok(Vec::new())
                })),
                function: "edit_current",
                ..EnvironmentOptions::default()
            },
        )
    }

    /// Another handle on the same project.
    pub(super) fn again(&self) -> Project {
        Project {
            config: self.config.clone(),
            environment: self.environment.clone(),
            script: self.script.clone(),
            _scope: None,
        }
    }

    /// `alembic upgrade`.
    pub(super) fn upgrade(&self, revision: &str, sql: bool, tag: Option<&str>) -> Result<()> {
        let mut starting_rev = None;
        let mut revision = revision.to_owned();
        if revision.contains(':') {
            if !sql {
                return Err(Error::command("Range revision not allowed"));
            }
            let (start, end) = split_range(&revision)?;
            starting_rev = Some(start);
            revision = end;
        }
        let script = self.script.clone();
        let destination = revision.clone();
        self.environment.run_env(
            &self.script,
            EnvironmentOptions {
                migrations: Some(Rc::new(move |heads, _| {
                    upgrade_revs(&script, &destination, heads)
                })),
                function: "upgrade",
                as_sql: sql,
                starting_rev,
                destination_rev: Some(Identifier::One(revision)),
                tag: tag.map(str::to_owned),
                ..EnvironmentOptions::default()
            },
        )
    }

    /// `alembic downgrade`.
    pub(super) fn downgrade(&self, revision: &str, sql: bool, tag: Option<&str>) -> Result<()> {
        let mut starting_rev = None;
        let mut revision = revision.to_owned();
        if revision.contains(':') {
            if !sql {
                return Err(Error::command("Range revision not allowed"));
            }
            let (start, end) = split_range(&revision)?;
            starting_rev = Some(start);
            revision = end;
        } else if sql {
            return Err(Error::command(
                "downgrade with --sql requires <fromrev>:<torev>",
            ));
        }
        let script = self.script.clone();
        let destination = revision.clone();
        self.environment.run_env(
            &self.script,
            EnvironmentOptions {
                migrations: Some(Rc::new(move |heads, _| {
                    downgrade_revs(&script, &destination, heads)
                })),
                function: "downgrade",
                as_sql: sql,
                starting_rev,
                destination_rev: Some(Identifier::One(revision)),
                tag: tag.map(str::to_owned),
                ..EnvironmentOptions::default()
            },
        )
    }

    /// `alembic current`.
    pub(super) fn current(&self, check_heads: bool, verbose: bool) -> Result<()> {
        let project = self.again();
        let display = move |heads: &[String], context: &MigrationContext| -> Result<()> {
            if verbose {
                let url = context
                    .connection()
                    .map(|connection| connection.engine().url().render_as_string(true))
                    .ok_or_else(|| {
                        Error::new(
                            exception::ATTRIBUTE_ERROR,
                            "'MockConnection' object has no attribute 'engine'",
                        )
                    })?;
                project
                    .config
                    .print_stdout(&format!("Current revision(s) for {url}:"));
            }
            if check_heads {
                let have: BTreeSet<String> = context.get_current_heads()?.into_iter().collect();
                let want: BTreeSet<String> = project.script.get_heads(false)?.into_iter().collect();
                if have != want {
                    return Err(Error::new(
                        exception::DATABASE_NOT_AT_HEAD,
                        "Database is not on all head revisions",
                    ));
                }
            }
            for script in project.script.get_all_current(heads)? {
                project
                    .config
                    .print_stdout(&script.cmd_format(verbose, false, false, false, true));
            }
            Ok(())
        };
        self.environment.run_env(
            &self.script,
            EnvironmentOptions {
                migrations: Some(Rc::new(move |heads, context| {
                    display(heads, context)?;
                    Ok(Vec::new())
                })),
                function: "display_version",
                dont_mutate: true,
                ..EnvironmentOptions::default()
            },
        )
    }

    /// `alembic stamp`.
    pub(super) fn stamp(
        &self,
        revisions: &[String],
        sql: bool,
        tag: Option<&str>,
        purge: bool,
    ) -> Result<()> {
        let mut destinations: Vec<String> = Vec::new();
        let mut starting_rev: Option<String> = None;
        for revision in revisions {
            if !sql || !revision.contains(':') {
                destinations.push(revision.clone());
                continue;
            }
            let (start, end) = split_range(revision)?;
            if starting_rev.as_ref() != Some(&start) {
                if starting_rev.is_some() {
                    return Err(Error::command(
                        "Stamp operation with --sql only supports a single starting revision at \
                         a time",
                    ));
                }
                starting_rev = Some(start);
            }
            destinations.push(end);
        }
        let script = self.script.clone();
        let targets = destinations.clone();
        self.environment.run_env(
            &self.script,
            EnvironmentOptions {
                migrations: Some(Rc::new(move |heads, _| {
                    stamp_revs(&script, &targets, heads)
                })),
                function: "do_stamp",
                as_sql: sql,
                starting_rev,
                destination_rev: Some(Identifier::Many(destinations)),
                tag: tag.map(str::to_owned),
                purge,
                ..EnvironmentOptions::default()
            },
        )
    }

    /// `alembic ensure_version`.
    pub(super) fn ensure_version(&self, sql: bool) -> Result<()> {
        self.environment.run_env(
            &self.script,
            EnvironmentOptions {
                migrations: Some(Rc::new(|_, context| {
                    context.ensure_version_table(false)?;
                    Ok(Vec::new())
                })),
                function: "do_ensure_version",
                as_sql: sql,
                ..EnvironmentOptions::default()
            },
        )
    }
}
