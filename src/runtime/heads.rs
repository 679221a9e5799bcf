//! Keeps the version table up to date during a run.

use super::migration::MigrationContext;
use super::step::{Heads, MigrationStep};
use ground::diagnostic::{Error, Result};
use ground::formatting::repr::string_repr;
use ground::logging::Level;

const LOGGER: &str = "alembic.runtime.migration";

/// `alembic.runtime.migration.HeadMaintainer`.
pub struct HeadMaintainer {
    context: MigrationContext,
    heads: Heads,
}

fn list_repr(versions: &[String]) -> String {
    let versions: Vec<String> = versions
        .iter()
        .map(|version| string_repr(version))
        .collect();
    format!("[{}]", versions.join(", "))
}

fn tuple_repr(versions: &[String]) -> String {
    match versions {
        [version] => format!("({},)", string_repr(version)),
        versions => {
            let versions: Vec<String> = versions
                .iter()
                .map(|version| string_repr(version))
                .collect();
            format!("({})", versions.join(", "))
        }
    }
}

impl HeadMaintainer {
    /// Creates a maintainer for the given heads.
    pub fn new(context: &MigrationContext, heads: impl IntoIterator<Item = String>) -> Self {
        HeadMaintainer {
            context: context.clone(),
            heads: heads.into_iter().collect(),
        }
    }

    /// The current heads.
    pub fn heads(&self) -> &Heads {
        &self.heads
    }

    fn debug(&self, message: String) {
        self.context
            .run()
            .logging
            .log(LOGGER, Level::DEBUG, &message);
    }

    fn insert_version(&mut self, version: &str) -> Result<()> {
        if !self.heads.insert(version.to_owned()) {
            return Err(Error::new("AssertionError", ""));
        }
        self.context.insert_version(version)
    }

    fn remove(&mut self, version: &str) -> Result<()> {
        if self.heads.shift_remove(version) {
            Ok(())
        } else {
            Err(Error::new("KeyError", string_repr(version)))
        }
    }

    fn delete_version(&mut self, version: &str) -> Result<()> {
        self.remove(version)?;
        let Some(rows) = self.context.delete_version(version)? else {
            return Ok(());
        };
        if rows != 1 {
            return Err(Error::command(format!(
                "Online migration expected to match one row when deleting '{version}' in '{}'; \
                 {rows} found",
                self.context.version_table()
            )));
        }
        Ok(())
    }

    fn update_version(&mut self, from: &str, to: &str) -> Result<()> {
        if self.heads.contains(to) {
            return Err(Error::new("AssertionError", ""));
        }
        self.remove(from)?;
        self.heads.insert(to.to_owned());
        let Some(rows) = self.context.update_version(from, to)? else {
            return Ok(());
        };
        if rows != 1 {
            return Err(Error::command(format!(
                "Online migration expected to match one row when updating '{from}' to '{to}' in \
                 '{}'; {rows} found",
                self.context.version_table()
            )));
        }
        Ok(())
    }

    /// Updates the version table after a step.
    ///
    /// # Errors
    /// `CommandError` where the table does not hold what was expected, and errors of the database.
    pub fn update_to_step(&mut self, step: &MigrationStep) -> Result<()> {
        if step.should_delete_branch(&self.heads)? {
            let version = step.delete_version_num()?;
            self.debug(format!("branch delete {version}"));
            self.delete_version(&version)
        } else if step.should_create_branch(&self.heads) {
            let version = step.insert_version_num()?;
            self.debug(format!("new branch insert {version}"));
            self.insert_version(&version)
        } else if step.should_merge_branches(&self.heads) {
            let (deletes, from, to) = step.merge_branch_idents(&self.heads)?;
            self.debug(format!(
                "merge, delete {}, update {from} to {to}",
                list_repr(&deletes)
            ));
            for version in &deletes {
                self.delete_version(version)?;
            }
            self.update_version(&from, &to)
        } else if step.should_unmerge_branches(&self.heads) {
            let (from, to, inserts) = step.unmerge_branch_idents(&self.heads)?;
            let shown = match step {
                MigrationStep::Revision(_) => tuple_repr(&inserts),
                MigrationStep::Stamp(_) => list_repr(&inserts),
            };
            self.debug(format!("unmerge, insert {shown}, update {from} to {to}"));
            for version in &inserts {
                self.insert_version(version)?;
            }
            self.update_version(&from, &to)
        } else {
            let (from, to) = step.update_version_num(&self.heads)?;
            self.debug(format!("update {from} to {to}"));
            self.update_version(&from, &to)
        }
    }
}
