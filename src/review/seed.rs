//! A copy of a project whose databases hold what a file of SQL says.

use std::rc::Rc;

use super::copy::CopyHost;
use super::database::connect;
use super::trial::Trial;
use crate::command::ProjectState;
use driver::script::{ScriptStatement, statements};
use ground::diagnostic::{Error, Result};
use ground::run::Run;
use sqlalchemy::image;

/// A file of SQL that a project's database shall hold: a dump with the schema and its
/// `alembic_version`, or rows alone.
pub struct Seed<'a> {
    path: &'a str,
    statements: Vec<ScriptStatement<'a>>,
}

impl<'a> Seed<'a> {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// `CommandError` for what only `psql` understands: `COPY … FROM stdin`, and its commands.
    pub fn new(path: &'a str, text: &'a str) -> Result<Seed<'a>> {
        let mut statements = statements(text);
        for statement in &mut statements {
            // Dumps restrict psql by commands that stand before a statement, without a semicolon.
            while let Some(rest) = statement.sql.strip_prefix('\\') {
                let line = rest.lines().next().unwrap_or_default();
                if !(line.starts_with("restrict") || line.starts_with("unrestrict")) {
                    return Err(Error::command(format!(
                        "{path}, line {}: \\{line} is a command of psql.",
                        statement.line
                    )));
                }
                let after = rest[line.len()..].trim_start();
                let skipped = &statement.sql[..statement.sql.len() - after.len()];
                statement.line += skipped.matches('\n').count();
                statement.sql = after;
            }
            if first_words(statement, 1) == ["COPY"] && is_from_standard_input(statement.sql) {
                return Err(Error::command(format!(
                    "{path}, line {}: the rows of COPY … FROM stdin can be read by psql only.",
                    statement.line
                ))
                .with_hint("Make the file by pg_dump --inserts."));
            }
        }
        statements.retain(|statement| !statement.sql.is_empty());
        Ok(Seed { path, statements })
    }

    /// Whether it makes tables itself.
    fn makes_tables(&self) -> bool {
        self.statements.iter().any(|statement| {
            let words = first_words(statement, 3);
            words.first().is_some_and(|word| word == "CREATE")
                && words.iter().any(|word| word == "TABLE")
        })
    }

    /// A copy of a project whose databases are empty but for what the file says. One that makes no tables gets
    /// its rows into the tables that there are just before `revision`, or after the last revision without one.
    ///
    /// # Errors
    /// `CommandError` where the project has not one database, and for the first statement that fails, with
    /// its line; what the revisions before raise.
    pub fn plant(
        &self,
        run: &Run,
        project: &ProjectState,
        revision: Option<&str>,
    ) -> Result<Rc<CopyHost>> {
        let trial = Trial::new(run);
        if let (true, Some(error)) = (project.databases.is_empty(), project.errors.first()) {
            return Err(error.clone());
        }
        let names = trial.databases_of(project);
        let [name] = names.as_slice() else {
            return Err(Error::command(format!(
                "{} seeds one database; the project has {}.",
                self.path,
                names.len()
            )));
        };
        let host = trial.dyn_host();
        if let Ok(images) = image::owner(name) {
            // An unused database is already empty.
            let _ = images.empty(&host, name);
        }
        if !self.makes_tables() {
            let before = match revision {
                Some(id) => {
                    let found = project.find(id)?;
                    [found.down_revision.as_slice(), &found.depends_on].concat()
                }
                None => vec!["heads".to_owned()],
            };
            super::rebase::upgrade(&trial, &before)?;
        }
        let own = Run::new(host.clone());
        let connection = connect(&own, name)?;
        let dbapi = connection.dbapi()?;
        let done = self.statements.iter().try_for_each(|statement| {
            let failed = |error: Error| {
                let why = error.message.lines().next().unwrap_or_default();
                Error::command(format!("{}, line {}: {why}", self.path, statement.line))
            };
            dbapi.execute_text(statement.sql).map(drop).map_err(failed)
        });
        connection.engine().dispose();
        drop((dbapi, connection));
        // Commits what a file with BEGIN and COMMIT has written.
        let _ = driver::finish(&host);
        done?;
        Ok(trial.into_host())
    }
}

fn is_from_standard_input(sql: &str) -> bool {
    sql.to_ascii_uppercase().ends_with("FROM STDIN")
}

fn first_words(statement: &ScriptStatement<'_>, count: usize) -> Vec<String> {
    let words = statement.sql.split_whitespace().take(count);
    words.map(str::to_ascii_uppercase).collect()
}
