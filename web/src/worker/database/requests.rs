//! Answers requests about databases: SQL, a page of rows; and compares them before and after a command.

use std::rc::Rc;

use limbeck::ground::order::InOrder;
use limbeck::ground::run::Run;
use protocol::console::sql_line;
use protocol::sql::RowId;
use protocol::{Answer, Changes, Database, DatabaseRequest, Failure, Order};

use super::{changes, words};
use crate::postgresql;
use crate::session::{Session, failed};
use crate::workspace::{Files, WorkspaceHost, absolute, relative};
use crate::{database, engine};

impl Session {
    /// Answers what is asked of databases.
    ///
    /// # Errors
    ///
    /// Where there is no such database or table, or the database fails.
    pub(crate) fn answer_database(&mut self, request: DatabaseRequest) -> Result<Answer, Failure> {
        match request {
            DatabaseRequest::Query { sql, database } => self.query(&sql, database),
            DatabaseRequest::Rows {
                database,
                table,
                offset,
                limit,
                order,
            } => self.rows(&database, &table, (offset, limit), order.as_ref()),
        }
    }

    pub(crate) fn chosen(&self, database: Option<String>) -> Result<String, Failure> {
        if let Some(path) = database {
            return Ok(absolute(&path));
        }
        let files = self.host.files();
        let databases = files.databases();
        let main = self
            .migrations
            .as_ref()
            .and_then(|known| known.migrations.database.clone())
            .map(|path| absolute(&path));
        main.filter(|path| databases.contains(path))
            .or_else(|| databases.first().cloned())
            .ok_or_else(|| failed(words::NO_DATABASE))
    }

    pub(crate) fn query(&mut self, sql: &str, database: Option<String>) -> Result<Answer, Failure> {
        let path = self.chosen(database)?;
        let run = Run::new(self.host.clone());
        let before = self.host.files();
        let result = database::open(&run, &path).and_then(|connection| {
            let result = database::query(connection.as_ref(), sql);
            connection.close();
            result
        });
        let _ = limbeck::driver::flush(&run.host);
        if !self.host.files().same(&before) {
            self.note(&sql_line(&relative(&path), sql));
        }
        let results = result.map_err(|error| engine::failure(&error, &self.host))?;
        Ok(Answer::Queried {
            results,
            view: self.view(),
        })
    }

    pub(crate) fn rows(
        &mut self,
        path: &str,
        table: &str,
        range: (u32, u32),
        order: Option<&Order>,
    ) -> Result<Answer, Failure> {
        self.view();
        let full = absolute(path);
        let table = self
            .databases
            .get(&full)
            .and_then(|(_, database)| database.tables.iter().find(|t| t.name == table))
            .cloned()
            .ok_or_else(|| failed(words::no_table(table, path)))?;
        let run = Run::new(Rc::new(self.host.copy()));
        let rows = database::open(&run, &full)
            .and_then(|connection| {
                database::rows(connection.as_ref(), &table, RowId::of(path), range, order)
            })
            .map_err(|error| engine::failure(&error, &self.host))?;
        Ok(Answer::Rows(rows))
    }

    pub(crate) fn read_database(&mut self, path: &str, contents: &Rc<Vec<u8>>) -> Database {
        if let Some((known, database)) = self.databases.get(path)
            && (Rc::ptr_eq(known, contents) || known == contents)
        {
            return database.clone();
        }
        let database = self.inspect(path, contents);
        self.databases
            .insert(path.to_owned(), (contents.clone(), database.clone()));
        database
    }

    pub(crate) fn snapshot(&self, path: &str, contents: &Rc<Vec<u8>>) -> Run {
        let mut files = Files::new();
        if let Some((folder, _)) = path.rsplit_once('/') {
            files.add_folders(folder);
        }
        files.files.insert(path.to_owned(), contents.clone());
        Run::new(Rc::new(WorkspaceHost::new(
            files,
            self.host.outside.clone(),
        )))
    }

    pub(crate) fn inspect(&self, path: &str, contents: &Rc<Vec<u8>>) -> Database {
        let run = self.snapshot(path, contents);
        let tables =
            database::connect(&run, path).and_then(|connection| database::tables(&connection));
        let (tables, failure) = match tables {
            Ok(mut tables) => {
                if postgresql::is_database(path) {
                    for table in &mut tables {
                        // By their place (`ctid`).
                        table.rowid = !table.view;
                        table.columns.iter_mut().for_each(|one| one.strict = true);
                    }
                }
                (tables, None)
            }
            Err(error) => (Vec::new(), Some(engine::failure(&error, &self.host))),
        };
        Database {
            path: relative(path),
            tables,
            failure,
        }
    }

    pub(crate) fn compare(&mut self, line: &str, before: &Files, after: &Files) -> Changes {
        let mut changes = Changes {
            command: line.trim().to_owned(),
            files: changes::files(before, after),
            tables: Vec::new(),
        };
        let mut paths = before.databases();
        paths.extend(after.databases());
        paths.in_order();
        paths.dedup();
        for path in paths {
            let (old, new) = (before.files.get(&path), after.files.get(&path));
            if old == new {
                continue;
            }
            // In this order: what is known of it before stays known until it is read, and what is read
            // last is what the view shows next.
            let mut side = |contents: Option<&Rc<Vec<u8>>>| {
                contents.map(|contents| {
                    let database = self.read_database(&path, contents);
                    // PostgreSQL would have to go from one state to the other for each table.
                    let connection = if postgresql::is_database(&path) {
                        None
                    } else {
                        database::open(&self.snapshot(&path, contents), &path).ok()
                    };
                    (database, connection)
                })
            };
            let (old, new) = (side(old), side(new));
            let parts = |side: &Option<(Database, Option<Rc<dyn limbeck::driver::Connection>>)>| {
                side.as_ref()
                    .map(|(database, connection)| (database.tables.clone(), connection.clone()))
                    .unwrap_or_default()
            };
            let ((old_tables, old), (new_tables, new)) = (parts(&old), parts(&new));
            changes.tables.extend(changes::tables(
                &relative(&path),
                (&old_tables, old.as_deref()),
                (&new_tables, new.as_deref()),
            ));
        }
        changes
    }
}
