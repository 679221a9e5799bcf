//! The Database column: the table that is chosen, its rows, and the results of SQL.

use std::cmp::Reverse;
use std::rc::Rc;

use protocol::{Database, Failure, Order, Rows, Table};

use crate::state::State;

/// Which rows are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowsWanted {
    /// Path of the database.
    pub database: String,
    /// The table.
    pub table: String,
    /// Where they begin.
    pub offset: u32,
    /// What they are sorted by.
    pub order: Option<Order>,
}

/// Rows of a table, or why they can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadRows {
    /// Which they are.
    pub of: RowsWanted,
    /// Themselves.
    pub rows: Result<Rc<Rows>, Failure>,
}

/// What the Database column shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DatabaseTab {
    /// The tables, their rows and columns.
    #[default]
    Tables,
    /// The differences between two states.
    Changes,
    /// Tables and what refers to what, as a drawing.
    Diagram,
}

/// What the Database column shows of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableView {
    /// Its rows.
    #[default]
    Rows,
    /// Its columns, keys and indexes.
    Columns,
    /// Its SQL.
    Sql,
}

/// Results of the SQL box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    /// One for each statement.
    pub rows: Vec<Rows>,
    /// Why it failed.
    pub failure: Option<Failure>,
}

/// The Database column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DatabaseState {
    /// The selected tab.
    pub tab: DatabaseTab,
    /// The database that is chosen.
    pub path: Option<Rc<str>>,
    /// The table that is chosen.
    pub table: Option<Rc<str>>,
    /// The view settings of the selected table.
    pub view: TableView,
    /// Its rows, or why it can't be read, with the table and database they are of.
    pub rows: Option<Rc<ReadRows>>,
    /// Which row those that are wanted begin at.
    pub offset: u32,
    /// What they are sorted by.
    pub order: Option<Order>,
    /// Results of the SQL box.
    pub results: Option<Rc<Results>>,
    /// SQL that was put into the box from elsewhere; counted, so that the same goes there again.
    pub draft: Option<(Rc<str>, u32)>,
}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum DatabaseAction {
    /// Something else of the database is to be shown.
    Tab(DatabaseTab),
    /// A database is chosen.
    Choose(Rc<str>),
    /// A table is chosen.
    Table(Rc<str>),
    /// Something else of the table is to be shown.
    View(TableView),
    /// Other rows are to be shown.
    Offset(u32),
    /// The rows are to be sorted.
    Order(Option<Order>),
    /// Rows came.
    Rows(Rc<ReadRows>),
    /// The SQL box has results.
    Results(Rc<Results>),
    /// The results are no longer wanted.
    CloseResults,
    /// SQL for the box; it is not run.
    Draft(Rc<str>),
}

impl State {
    /// The state after something happened in the Database column.
    pub(crate) fn reduce_database(&mut self, action: DatabaseAction) {
        let column = &mut self.database;
        match action {
            DatabaseAction::Tab(tab) => column.tab = tab,
            DatabaseAction::Choose(path) => {
                column.path = Some(path);
                column.table = None;
                column.offset = 0;
                column.order = None;
                self.choose();
            }
            DatabaseAction::Table(name) => {
                column.table = Some(name);
                column.results = None;
                column.offset = 0;
                column.order = None;
            }
            DatabaseAction::View(view) => column.view = view,
            DatabaseAction::Offset(offset) => column.offset = offset,
            DatabaseAction::Order(order) => {
                column.order = order;
                column.offset = 0;
            }
            DatabaseAction::Rows(rows) => column.rows = Some(rows),
            DatabaseAction::Results(results) => column.results = Some(results),
            DatabaseAction::CloseResults => column.results = None,
            DatabaseAction::Draft(sql) => {
                let count = column.draft.as_ref().map_or(1, |(_, count)| count + 1);
                column.draft = Some((sql, count));
                column.tab = DatabaseTab::Tables;
            }
        }
    }

    /// The table chosen.
    pub fn chosen_table(&self) -> Option<&Table> {
        let name = self.database.table.as_deref()?;
        self.chosen_database()?
            .tables
            .iter()
            .find(|table| table.name == name)
    }

    /// The database chosen.
    pub fn chosen_database(&self) -> Option<&Database> {
        let path = self.database.path.as_deref()?;
        self.view
            .databases
            .iter()
            .find(|database| database.path == path)
    }

    /// Selects a table that the command changed, unless the selected one is among them.
    pub(crate) fn follow_changes(&mut self) {
        if let Some(change) = self.view.changes.tables.first() {
            // Select a changed table, unless the selected one is among them.
            let shown = self.view.changes.tables.iter().any(|change| {
                Some(change.table.as_str()) == self.database.table.as_deref()
                    && Some(change.database.as_str()) == self.database.path.as_deref()
                    && change.was.is_none()
            });
            let first = self
                .view
                .changes
                .tables
                .iter()
                .find(|change| change.table != "alembic_version" && change.was.is_none())
                .unwrap_or(change);
            if !shown && !self.app.fresh && first.table != "alembic_version" {
                self.database.path = Some(first.database.as_str().into());
                self.database.table = Some(first.table.as_str().into());
                self.database.offset = 0;
                self.database.order = None;
                let rows = first.added + first.removed + first.altered > 0;
                self.database.view = if first.change.is_some() && !rows {
                    TableView::Columns
                } else {
                    TableView::Rows
                };
            }
        }
    }

    /// Where the chosen database or table is gone, chooses the project's own and a table with rows.
    pub(crate) fn choose_table(&mut self) {
        let view = self.view.clone();
        if self.chosen_database().is_none() {
            let main = view.migrations.database.as_deref();
            self.database.path = view
                .databases
                .iter()
                .find(|database| Some(database.path.as_str()) == main)
                .or_else(|| view.databases.first())
                .map(|database| database.path.as_str().into());
            self.database.table = None;
        }
        if self.chosen_table().is_none() {
            self.database.table = self.chosen_database().and_then(|database| {
                database
                    .tables
                    .iter()
                    .filter(|table| table.name != "alembic_version")
                    .max_by_key(|table| (table.rows.min(1), Reverse(table.name.clone())))
                    .or_else(|| database.tables.first())
                    .map(|table| table.name.as_str().into())
            });
            self.database.offset = 0;
            self.database.order = None;
        }
        // A column that is gone sorts nothing.
        let gone = self.database.order.as_ref().is_some_and(|order| {
            self.chosen_table()
                .is_some_and(|table| table.columns.iter().all(|one| one.name != order.column))
        });
        if gone {
            self.database.order = None;
        }
    }
}
