//! Reading rows, and running the SQL of the box.

use std::rc::Rc;

use protocol::console::sql_line;
use protocol::{Answer, DatabaseRequest, Failure, Reply, Request, Rows, TableChange};
use wasm_bindgen_futures::spawn_local;

use super::state::{DatabaseAction, ReadRows, Results, RowsWanted};
use crate::page::Page;
use crate::state::{Action, State};

/// How many rows of a table are read at once: several times those in sight.
pub(crate) const WINDOW: u32 = 400;

/// How many rows are copied at most.
const COPIED_ROWS: u32 = 100_000;

impl Page {
    /// Reads rows where others are to be shown, or those that are shown may have changed. Called after
    /// everything that happens.
    pub(crate) fn rows_due(&self, before: &State, after: &State) {
        let due = after.database.path != before.database.path
            || after.database.table != before.database.table
            || after.database.offset != before.database.offset
            || after.database.order != before.database.order
            // Another project may have the same database, and shows it anew.
            || (after.database.rows.is_none() && before.database.rows.is_some())
            || !Rc::ptr_eq(&after.view.databases, &before.view.databases)
            || !Rc::ptr_eq(&after.view.changes, &before.view.changes);
        if due {
            self.read_rows();
        }
    }

    fn read_rows(&self) {
        let state = self.state();
        let (Some(database), Some(table)) =
            (state.database.path.clone(), state.database.table.clone())
        else {
            return;
        };
        let wanted = RowsWanted {
            database: database.to_string(),
            table: table.to_string(),
            offset: state.database.offset,
            order: state.database.order.clone(),
        };
        *self.0.rows_wanted.borrow_mut() = Some(wanted.clone());
        let (_, reply) = self.client().ask(request(&wanted, WINDOW), None);
        let page = self.clone();
        spawn_local(async move {
            let rows = match reply.await {
                Reply::Done(Answer::Rows(rows)) => Ok(Rc::new(rows)),
                Reply::Failed(failure) => Err(failure),
                _ => return,
            };
            if page.0.rows_wanted.borrow().as_ref() == Some(&wanted) {
                let read = ReadRows { of: wanted, rows };
                page.dispatch(DatabaseAction::Rows(Rc::new(read)));
            }
        });
    }

    /// Rows of the table that is shown, in the order in which they are, for the clipboard: those from one
    /// on, so many, or all.
    ///
    /// # Errors
    ///
    /// Where they can't be read.
    pub(crate) async fn rows_to_copy(
        &self,
        range: Option<(usize, usize)>,
    ) -> Result<Rows, Failure> {
        let wanted = self.0.rows_wanted.borrow().clone();
        let Some(mut wanted) = wanted else {
            return Ok(Rows::default());
        };
        let (from, number) = range.unwrap_or((0, COPIED_ROWS as usize));
        wanted.offset = u32::try_from(from).unwrap_or(u32::MAX);
        let number = u32::try_from(number).unwrap_or(u32::MAX).min(COPIED_ROWS);
        match self.ask(request(&wanted, number)).await? {
            Answer::Rows(rows) => Ok(rows),
            _ => Ok(Rows::default()),
        }
    }

    /// Runs SQL in the chosen database, as the console's `sqlite3` does, and shows its rows.
    pub fn sql(&self, sql: &str) {
        let state = self.state();
        let Some(database) = state.database.path.clone() else {
            self.notice(crate::app::words::notice::NO_DATABASE, true);
            return;
        };
        if sql.trim().is_empty() {
            return;
        }
        let reads = {
            let verb = protocol::sql::first_word(sql);
            ["select", "pragma", "explain", "with", "values"]
                .iter()
                .any(|one| verb.eq_ignore_ascii_case(one))
        };
        let page = self.clone();
        let sql = sql.to_owned();
        spawn_local(async move {
            let results = if reads {
                // Rows are for looking at: they are shown in the column, not in the console.
                let request = Request::Database(DatabaseRequest::Query {
                    sql,
                    database: Some(database.to_string()),
                });
                match page.ask(request).await {
                    Ok(Answer::Queried { results, view }) => {
                        page.dispatch(Action::Changed(view));
                        Results {
                            rows: results,
                            failure: None,
                        }
                    }
                    Err(failure) => Results {
                        rows: Vec::new(),
                        failure: Some(failure),
                    },
                    Ok(_) => return,
                }
            } else {
                let line = sql_line(&database, &sql);
                match page.run(&line).await {
                    Ok(ran) if ran.status == 0 => Results {
                        rows: changed(&sql, &ran.view.changes.tables, &database),
                        failure: None,
                    },
                    Ok(ran) => Results {
                        rows: Vec::new(),
                        failure: Some(Failure {
                            message: ran.stderr.trim_start_matches("Error: ").trim().to_owned(),
                            ..Failure::default()
                        }),
                    },
                    Err(message) => Results {
                        rows: Vec::new(),
                        failure: Some(Failure {
                            message,
                            ..Failure::default()
                        }),
                    },
                }
            };
            page.dispatch(DatabaseAction::Results(Rc::new(results)));
        });
    }
}

fn request(wanted: &RowsWanted, limit: u32) -> Request {
    Request::Database(DatabaseRequest::Rows {
        database: wanted.database.clone(),
        table: wanted.table.clone(),
        offset: wanted.offset,
        limit,
        order: wanted.order.clone(),
    })
}

/// How many rows some SQL changed in a database: of statements that are there to change rows also when
/// there were none.
fn changed(sql: &str, changes: &[TableChange], database: &str) -> Vec<Rows> {
    let changed: u64 = changes
        .iter()
        .filter(|change| change.database == database)
        .map(|change| change.added + change.removed + change.altered)
        .sum();
    let for_rows = protocol::sql::statements(sql).iter().any(|statement| {
        ["INSERT", "UPDATE", "DELETE", "REPLACE"]
            .contains(&protocol::sql::first_word(statement).as_str())
    });
    if changed == 0 && !for_rows {
        return Vec::new();
    }
    vec![Rows {
        changed: i64::try_from(changed).unwrap_or(i64::MAX),
        total: u64::from(for_rows),
        ..Rows::default()
    }]
}
