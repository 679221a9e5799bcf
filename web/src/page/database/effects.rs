//! Reading rows, and running the SQL of the box.

use std::rc::Rc;

use protocol::console::quote;
use protocol::{Answer, DatabaseRequest, Failure, Reply, Request};
use wasm_bindgen_futures::spawn_local;

use super::state::{DatabaseAction, Results};
use crate::page::Page;
use crate::state::{Action, State};

/// How many rows of a table are shown at once.
pub(crate) const PAGE_ROWS: u32 = 100;

impl Page {
    /// Reads rows where others are to be shown, or those that are shown may have changed. Called after
    /// everything that happens.
    pub(crate) fn rows_due(&self, before: &State, after: &State) {
        let due = after.database.path != before.database.path
            || after.database.table != before.database.table
            || after.database.offset != before.database.offset
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
        let wanted = (
            database.to_string(),
            table.to_string(),
            state.database.offset,
        );
        *self.0.rows_wanted.borrow_mut() = Some(wanted.clone());
        let (_, reply) = self.client().ask(
            Request::Database(DatabaseRequest::Rows {
                database: wanted.0.clone(),
                table: wanted.1.clone(),
                offset: wanted.2,
                limit: PAGE_ROWS,
            }),
            None,
        );
        let page = self.clone();
        spawn_local(async move {
            let rows = match reply.await {
                Reply::Done(Answer::Rows(rows)) => Ok(rows),
                Reply::Failed(failure) => Err(failure),
                _ => return,
            };
            if page.0.rows_wanted.borrow().as_ref() == Some(&wanted) {
                page.dispatch(DatabaseAction::Rows {
                    database: wanted.0,
                    table: wanted.1,
                    rows,
                });
            }
        });
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
                let line = format!("sqlite3 {} {}", quote(&database), quote(&sql));
                match page.run(&line).await {
                    Ok(ran) if ran.status == 0 => Results::default(),
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
