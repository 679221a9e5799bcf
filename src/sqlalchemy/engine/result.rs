//! Rows and results: `sqlalchemy.engine.CursorResult` and `Row`.

use crate::exc;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use crate::literal::Literal;
use crate::sqltypes::Type;
use driver::{Cursor, Value};
use ground::diagnostic::{Error, Result};

/// One column of a result.
#[derive(Clone, Debug)]
pub struct ResultColumn {
    /// Its name in a row.
    pub name: Rc<str>,
    /// The type that converts driver values to Python values, if known.
    pub kind: Option<Type>,
}

/// A row of a result: a named tuple.
#[derive(Clone, Debug)]
pub struct Row {
    columns: Rc<[ResultColumn]>,
    values: Rc<[Value]>,
}

impl Row {
    /// A row; there must be as many values as columns.
    pub fn new(columns: Rc<[ResultColumn]>, values: impl Into<Rc<[Value]>>) -> Self {
        Row {
            columns,
            values: values.into(),
        }
    }

    /// The values, in the order of the columns.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The columns.
    pub fn columns(&self) -> &Rc<[ResultColumn]> {
        &self.columns
    }

    /// The index of a column by name; if ambiguous, the last one, as in SQLAlchemy.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns
            .iter()
            .rposition(|column| &*column.name == name)
    }

    /// The value of a column by name.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchColumnError`.
    pub fn get(&self, name: &str) -> Result<&Value> {
        self.position(name)
            .and_then(|index| self.values.get(index))
            .ok_or_else(|| {
                Error::new(
                    exc::NO_SUCH_COLUMN_ERROR,
                    format!("Could not locate column in row for column '{name}'"),
                )
            })
    }
}

struct ResultState {
    columns: Option<Rc<[ResultColumn]>>,
    rows: RefCell<VecDeque<Vec<Value>>>,
    rowcount: i64,
    lastrowid: Option<i64>,
    inserted_primary_key: RefCell<Option<Vec<Literal>>>,
    /// Set by `Connection.close()` and methods such as `first()`.
    hard_closed: Cell<bool>,
}

/// The result of an execution; a cheap handle on `sqlalchemy.engine.CursorResult`.
#[derive(Clone)]
pub struct CursorResult(Rc<ResultState>);

impl CursorResult {
    pub(crate) fn new(cursor: Cursor, columns: &[(Rc<str>, Type)]) -> Self {
        let columns = cursor.description.map(|names| {
            names
                .iter()
                .enumerate()
                .map(|(index, name)| ResultColumn {
                    name: match (columns.get(index), name.rsplit_once('.')) {
                        (Some((name, _)), _) if !name.is_empty() => name.clone(),
                        // SQLite names columns of some unions `table.column`.
                        (_, Some((_, last))) => last.into(),
                        (_, None) => name.clone(),
                    },
                    kind: columns.get(index).map(|(_, kind)| kind.clone()),
                })
                .collect()
        });
        CursorResult(Rc::new(ResultState {
            columns,
            rows: RefCell::new(cursor.rows.into()),
            rowcount: cursor.rowcount,
            lastrowid: cursor.lastrowid,
            inserted_primary_key: RefCell::default(),
            hard_closed: Cell::new(false),
        }))
    }

    /// A copy that returns no rows, and tells no count of them, since its cursor is closed.
    pub(super) fn without_rows(&self) -> Self {
        CursorResult(Rc::new(ResultState {
            columns: None,
            rows: RefCell::default(),
            rowcount: -1,
            lastrowid: self.0.lastrowid,
            inserted_primary_key: RefCell::default(),
            hard_closed: Cell::new(false),
        }))
    }

    /// Adds the rows of another result with the same columns.
    pub(super) fn append(&self, other: &CursorResult) {
        self.0
            .rows
            .borrow_mut()
            .append(&mut other.0.rows.borrow_mut());
    }

    /// Whether the statement returns rows.
    pub fn returns_rows(&self) -> bool {
        self.0.columns.is_some()
    }

    /// Rows matched by an UPDATE or DELETE; -1 if not applicable.
    pub fn rowcount(&self) -> i64 {
        self.0.rowcount
    }

    /// The DBAPI cursor's `lastrowid`.
    pub fn lastrowid(&self) -> Option<i64> {
        self.0.lastrowid
    }

    /// The primary key of an inserted row.
    pub fn inserted_primary_key(&self) -> Option<Vec<Literal>> {
        self.0.inserted_primary_key.borrow().clone()
    }

    pub(super) fn set_inserted_primary_key(&self, key: Vec<Literal>) {
        self.0.inserted_primary_key.replace(Some(key));
    }

    /// Whether it was closed.
    pub fn is_closed(&self) -> bool {
        self.0.hard_closed.get()
    }

    /// The columns.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ResourceClosedError` where the statement returns no rows.
    pub fn columns(&self) -> Result<&Rc<[ResultColumn]>> {
        self.0.columns.as_ref().ok_or_else(no_rows)
    }

    /// Names of the columns.
    ///
    /// # Errors
    /// As [`columns`](Self::columns).
    pub fn keys(&self) -> Result<Vec<Rc<str>>> {
        Ok(self
            .columns()?
            .iter()
            .map(|column| column.name.clone())
            .collect())
    }

    /// Discards the remaining rows.
    pub fn close(&self) {
        self.0.hard_closed.set(true);
        self.0.rows.borrow_mut().clear();
    }

    fn open_columns(&self) -> Result<&Rc<[ResultColumn]>> {
        let columns = self.columns()?;
        if self.0.hard_closed.get() {
            return Err(Error::new(
                exc::RESOURCE_CLOSED_ERROR,
                "This result object is closed.",
            ));
        }
        Ok(columns)
    }

    /// The next row.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ResourceClosedError` where there are no rows to fetch from.
    pub fn fetchone(&self) -> Result<Option<Row>> {
        let columns = self.open_columns()?;
        let values = self.0.rows.borrow_mut().pop_front();
        Ok(values.map(|values| Row::new(columns.clone(), values)))
    }

    /// All remaining rows.
    ///
    /// # Errors
    /// As [`fetchone`](Self::fetchone).
    pub fn all(&self) -> Result<Vec<Row>> {
        self.fetchmany(None)
    }

    /// The next `size` rows, or all of them.
    ///
    /// # Errors
    /// As [`fetchone`](Self::fetchone).
    pub fn fetchmany(&self, size: Option<usize>) -> Result<Vec<Row>> {
        let columns = self.open_columns()?;
        let mut rows = self.0.rows.borrow_mut();
        let count = size.unwrap_or(usize::MAX).min(rows.len());
        Ok(rows
            .drain(..count)
            .map(|values| Row::new(columns.clone(), values))
            .collect())
    }

    /// The first row; the rest is discarded.
    ///
    /// # Errors
    /// As [`fetchone`](Self::fetchone).
    pub fn first(&self) -> Result<Option<Row>> {
        let row = self.fetchone()?;
        self.close();
        Ok(row)
    }

    /// The only row.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoResultFound` and `MultipleResultsFound`.
    pub fn one(&self) -> Result<Row> {
        let rows = self.all()?;
        self.close();
        let mut rows = rows.into_iter();
        match (rows.next(), rows.next()) {
            (Some(row), None) => Ok(row),
            (None, _) => Err(Error::new(
                exc::NO_RESULT_FOUND,
                "No row was found when one was required",
            )),
            (Some(_), Some(_)) => Err(Error::new(
                exc::MULTIPLE_RESULTS_FOUND,
                "Multiple rows were found when exactly one was required",
            )),
        }
    }

    /// The only row, if there is one.
    ///
    /// # Errors
    /// `sqlalchemy.exc.MultipleResultsFound`.
    pub fn one_or_none(&self) -> Result<Option<Row>> {
        let rows = self.all()?;
        self.close();
        if rows.len() > 1 {
            return Err(Error::new(
                exc::MULTIPLE_RESULTS_FOUND,
                "Multiple rows were found when one or none was required",
            ));
        }
        Ok(rows.into_iter().next())
    }

    /// The first value of the first row.
    ///
    /// # Errors
    /// As [`fetchone`](Self::fetchone).
    pub fn scalar(&self) -> Result<Option<Value>> {
        Ok(self.first()?.and_then(|row| row.values().first().cloned()))
    }
}

fn no_rows() -> Error {
    Error::new(
        exc::RESOURCE_CLOSED_ERROR,
        "This result object does not return rows. It has been closed automatically.",
    )
}
