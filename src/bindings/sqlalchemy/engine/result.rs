//! `sqlalchemy.engine.CursorResult` and its views as Python objects.

use sqlalchemy::exc;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use super::row::{KeysObject, ROW, ROW_MAPPING, RowMappingObject, RowObject};
use crate::bindings::conversion;
use ground::diagnostic::{Error, Result};
use python::{
    Class, Declaration, Declared, Dict, Interpreter, Iterator, NativeObject, Value, method,
    property,
};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::engine::{CursorResult, Row, literal_of};
use sqlalchemy::literal::Literal;

/// The shape in which a result returns each row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    Rows,
    Scalars,
    Mappings,
}

/// The source of rows: the database, or Python values such as ORM entities.
enum Source {
    Cursor(CursorResult, Dialect),
    Objects(RefCell<VecDeque<Vec<Value>>>, Rc<[Rc<str>]>, Cell<bool>),
}

/// A result, or a view of one.
pub struct ResultObject {
    source: Rc<Source>,
    view: View,
    /// The selected column indices, if restricted.
    places: Option<Vec<usize>>,
    unique: Cell<bool>,
    /// Whether rows may only be fetched after `unique()`.
    needs_unique: Cell<bool>,
    /// The rows that came, for `unique()`.
    seen: Dict,
}

impl ResultObject {
    /// A result from the database.
    pub fn new(result: CursorResult, dialect: Dialect) -> Self {
        Self::over(Rc::new(Source::Cursor(result, dialect)))
    }

    /// A result over existing Python rows.
    pub fn of_rows(keys: Vec<Rc<str>>, rows: Vec<Vec<Value>>) -> Self {
        Self::over(Rc::new(Source::Objects(
            RefCell::new(rows.into()),
            keys.into(),
            Cell::new(false),
        )))
    }

    /// Requires `unique()` before the first row, as a joined eager load of a collection does.
    pub fn require_unique(&self) {
        self.needs_unique.set(true);
    }

    fn over(source: Rc<Source>) -> Self {
        ResultObject {
            source,
            view: View::Rows,
            places: None,
            unique: Cell::new(false),
            needs_unique: Cell::new(false),
            seen: Dict::new(),
        }
    }

    fn with_view(&self, view: View, places: Option<Vec<usize>>) -> Value {
        Value::native(ResultObject {
            source: self.source.clone(),
            view,
            places,
            unique: Cell::new(self.unique.get()),
            needs_unique: self.needs_unique.clone(),
            seen: Dict::new(),
        })
    }

    /// The underlying database result, if there is one.
    pub fn cursor_result(&self) -> Option<&CursorResult> {
        match &*self.source {
            Source::Cursor(result, _) => Some(result),
            Source::Objects(..) => None,
        }
    }

    fn keys(&self) -> Result<Rc<[Rc<str>]>> {
        let keys: Rc<[Rc<str>]> = match &*self.source {
            Source::Cursor(result, _) => result.keys()?.into(),
            Source::Objects(_, keys, _) => keys.clone(),
        };
        Ok(match &self.places {
            None => keys,
            Some(places) => places
                .iter()
                .filter_map(|place| keys.get(*place).cloned())
                .collect(),
        })
    }

    fn is_closed(&self) -> bool {
        match &*self.source {
            Source::Cursor(result, _) => result.is_closed(),
            Source::Objects(_, _, closed) => closed.get(),
        }
    }

    fn close(&self) {
        match &*self.source {
            Source::Cursor(result, _) => result.close(),
            Source::Objects(rows, _, closed) => {
                rows.borrow_mut().clear();
                closed.set(true);
            }
        }
    }

    fn next_values(&self, vm: &mut Interpreter) -> Result<Option<Vec<Value>>> {
        match &*self.source {
            Source::Cursor(result, dialect) => match result.fetchone()? {
                Some(row) => python_values(vm, &row, dialect).map(Some),
                None => Ok(None),
            },
            Source::Objects(rows, _, closed) => {
                if closed.get() {
                    return Err(Error::new(
                        exc::RESOURCE_CLOSED_ERROR,
                        "This result object is closed.",
                    ));
                }
                Ok(rows.borrow_mut().pop_front())
            }
        }
    }

    /// The next row in this view's shape.
    fn fetch(&self, vm: &mut Interpreter) -> Result<Option<Value>> {
        if self.needs_unique.get() && !self.unique.get() {
            return Err(Error::new(
                exc::INVALID_REQUEST_ERROR,
                "The unique() method must be invoked on this Result, as it contains results that \
                 include joined eager loads against collections",
            ));
        }
        loop {
            let Some(mut values) = self.next_values(vm)? else {
                return Ok(None);
            };
            if let Some(places) = &self.places {
                values = places
                    .iter()
                    .filter_map(|place| values.get(*place).cloned())
                    .collect();
            }
            let value = match self.view {
                View::Scalars => values.into_iter().next().unwrap_or(Value::None),
                View::Rows | View::Mappings => {
                    let row = Rc::new(RowObject {
                        keys: self.keys()?,
                        values: values.into(),
                    });
                    if self.view == View::Rows {
                        Value::Native(row)
                    } else {
                        Value::native(RowMappingObject { row })
                    }
                }
            };
            if self.unique.get() {
                let key = match &value {
                    Value::Instance(_) => address_of(&value),
                    other => match other.downcast::<RowObject>() {
                        Some(row) => Value::tuple(row.values.iter().map(address_of).collect()),
                        None => value.clone(),
                    },
                };
                if self.seen.contains(vm, &key)? {
                    continue;
                }
                self.seen.set(vm, key, Value::None)?;
            }
            return Ok(Some(value));
        }
    }

    fn fetch_many(&self, vm: &mut Interpreter, size: usize) -> Result<Vec<Value>> {
        let mut rows = Vec::new();
        while rows.len() < size {
            match self.fetch(vm)? {
                Some(row) => rows.push(row),
                None => break,
            }
        }
        Ok(rows)
    }

    /// All remaining rows.
    ///
    /// # Errors
    /// What fetching says.
    pub fn all(&self, vm: &mut Interpreter) -> Result<Vec<Value>> {
        self.fetch_many(vm, usize::MAX)
    }

    /// The first row; the rest is discarded.
    ///
    /// # Errors
    /// What fetching says.
    pub fn first(&self, vm: &mut Interpreter) -> Result<Value> {
        let row = self.fetch(vm)?;
        self.close();
        Ok(row.unwrap_or(Value::None))
    }

    /// The only row; raises if there are several.
    fn only(&self, vm: &mut Interpreter, required: bool) -> Result<Option<Value>> {
        let rows = self.fetch_many(vm, 2)?;
        self.close();
        let mut rows = rows.into_iter();
        match (rows.next(), rows.next()) {
            (Some(_), Some(_)) => Err(Error::new(
                exc::MULTIPLE_RESULTS_FOUND,
                if required {
                    "Multiple rows were found when exactly one was required"
                } else {
                    "Multiple rows were found when one or none was required"
                },
            )),
            (None, _) if required => Err(Error::new(
                exc::NO_RESULT_FOUND,
                "No row was found when one was required",
            )),
            (row, _) => Ok(row),
        }
    }

    fn scalars(&self, index: usize) -> ResultObject {
        let places = match &self.places {
            Some(places) => places.get(index).copied().into_iter().collect(),
            None => vec![index],
        };
        ResultObject {
            source: self.source.clone(),
            view: View::Scalars,
            places: Some(places),
            unique: Cell::new(self.unique.get()),
            needs_unique: self.needs_unique.clone(),
            seen: Dict::new(),
        }
    }

    /// The first value of the first row.
    ///
    /// # Errors
    /// What fetching says.
    pub fn scalar(&self, vm: &mut Interpreter) -> Result<Value> {
        self.scalars(0).first(vm)
    }
}

/// An object is unique by identity, everything else by value.
fn address_of(value: &Value) -> Value {
    match (value, value.address()) {
        (Value::Instance(_), Some(address)) => Value::tuple(vec![Value::int(address)]),
        _ => value.clone(),
    }
}

/// The Python values of a row, processed by each column's type.
///
/// # Errors
/// What the types say of a value.
pub fn python_values(vm: &mut Interpreter, row: &Row, dialect: &Dialect) -> Result<Vec<Value>> {
    let mut literals: Vec<Literal> = Vec::with_capacity(row.values().len());
    for (value, column) in row.values().iter().zip(row.columns().iter()) {
        let literal = literal_of(value);
        literals.push(match &column.kind {
            // A user-defined type calls back into Python.
            Some(kind) if kind.custom_class().is_some() => {
                vm.lend(|| kind.process_result(literal, dialect))?
            }
            Some(kind) => kind.process_result(literal, dialect)?,
            None => literal,
        });
    }
    literals
        .iter()
        .map(|literal| conversion::from_literal(vm, literal))
        .collect()
}

impl NativeObject for ResultObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(match self.view {
            View::Rows => &CURSOR_RESULT,
            View::Scalars => &SCALAR_RESULT,
            View::Mappings => &MAPPING_RESULT,
        })
    }

    fn iterate(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        let this = this.clone();
        if let Some(result) = self.cursor_result() {
            result.columns()?;
        }
        Ok(Some(Iterator::new(
            "result_iterator",
            move |vm| match this.downcast::<ResultObject>() {
                Some(result) => result.fetch(vm),
                None => Ok(None),
            },
        )))
    }

    fn next(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Option<Value>>> {
        self.fetch(vm).map(Some)
    }

    fn enter(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn exit(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        _exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        self.close();
        Ok(Some(false))
    }
}

fn places(object: &ResultObject, columns: &[Value]) -> Result<Vec<usize>> {
    let keys = object.keys()?;
    columns
        .iter()
        .map(|column| {
            let name: Rc<str> = match column {
                Value::Int(place) => return Ok(usize::try_from(*place).unwrap_or(usize::MAX)),
                Value::Str(name) => name.clone(),
                other => conversion::find_column(other)
                    .map(|column| Rc::from(&*column.name()))
                    .unwrap_or_default(),
            };
            keys.iter().position(|key| *key == name).ok_or_else(|| {
                Error::new(
                    exc::NO_SUCH_COLUMN_ERROR,
                    format!("Could not locate column in row for column '{name}'"),
                )
            })
        })
        .collect()
}

/// `ResultInternal`: members shared by results and their views.
static RESULT_INTERNAL: Declaration<ResultObject> = Declaration {
    properties: &[property("closed", |_, this| Ok(this.is_closed().into()))],
    methods: &[
        method("fetchone", "self", |vm, this, _| {
            Ok(this.fetch(vm)?.unwrap_or(Value::None))
        }),
        method("fetchall", "self", |vm, this, _| {
            Ok(Value::list(this.all(vm)?))
        }),
        method("all", "self", |vm, this, _| Ok(Value::list(this.all(vm)?))),
        method("fetchmany", "self, size=None", |vm, this, bound| {
            let size = bound.take_some("size").and_then(|size| size.as_int());
            let size = size.map_or(1, |size| usize::try_from(size).unwrap_or(0));
            Ok(Value::list(this.fetch_many(vm, size)?))
        }),
        method("partitions", "self, size=None", |vm, this, bound| {
            let size = bound.take_some("size").and_then(|size| size.as_int());
            let size = size.map_or(usize::MAX, |size| usize::try_from(size.max(1)).unwrap_or(1));
            let object = this;
            let mut parts = Vec::new();
            loop {
                let rows = object.fetch_many(vm, size)?;
                if rows.is_empty() {
                    break;
                }
                parts.push(Value::list(rows));
            }
            vm.iterate(&Value::list(parts))
        }),
        method("first", "self", |vm, this, _| this.first(vm)),
        method("one", "self", |vm, this, _| {
            Ok(this.only(vm, true)?.unwrap_or(Value::None))
        }),
        method("one_or_none", "self", |vm, this, _| {
            Ok(this.only(vm, false)?.unwrap_or(Value::None))
        }),
        method("keys", "self", |_, this, _| {
            Ok(Value::native(KeysObject { keys: this.keys()? }))
        }),
        method("close", "self", |_, this, _| {
            this.close();
            Ok(Value::None)
        }),
        method("unique", "self, strategy=None", |_, this, bound| {
            this.unique.set(true);
            Ok(bound.this().clone())
        }),
        method("yield_per", "self, num", |_, _, bound| {
            Ok(bound.this().clone())
        }),
        method("columns", "self, *col_expressions", |_, this, bound| {
            let object = this;
            let places = places(object, &bound.rest)?;
            Ok(object.with_view(object.view, Some(places)))
        }),
    ],
    ..Declaration::new("sqlalchemy.engine.result.ResultInternal")
};

/// `Result`.
static RESULT: Declaration<ResultObject> = Declaration {
    bases: &[&RESULT_INTERNAL],
    ..Declaration::new("sqlalchemy.engine.result.Result")
};

/// `ScalarResult`.
static SCALAR_RESULT: Declaration<ResultObject> = Declaration {
    bases: &[&RESULT_INTERNAL],
    ..Declaration::new("sqlalchemy.engine.result.ScalarResult")
};

/// `MappingResult`.
static MAPPING_RESULT: Declaration<ResultObject> = Declaration {
    bases: &[&RESULT_INTERNAL],
    ..Declaration::new("sqlalchemy.engine.result.MappingResult")
};

/// `CursorResult`.
static CURSOR_RESULT: Declaration<ResultObject> = Declaration {
    bases: &[&RESULT],
    properties: &[
        property("rowcount", |_, this| {
            let object = this;
            Ok(object
                .cursor_result()
                .map_or(-1, CursorResult::rowcount)
                .into())
        }),
        property("lastrowid", |_, this| {
            let object = this;
            Ok(object
                .cursor_result()
                .and_then(CursorResult::lastrowid)
                .into())
        }),
        property("returns_rows", |_, this| {
            let object = this;
            Ok(object
                .cursor_result()
                .is_none_or(CursorResult::returns_rows)
                .into())
        }),
        property("is_insert", |_, this| {
            let object = this;
            Ok(object
                .cursor_result()
                .is_some_and(|result| result.inserted_primary_key().is_some())
                .into())
        }),
        property("inserted_primary_key", |vm, this| {
            let object = this;
            let key = object
                .cursor_result()
                .and_then(CursorResult::inserted_primary_key);
            let Some(key) = key else {
                return Err(Error::new(
                    exc::INVALID_REQUEST_ERROR,
                    "Statement is not an insert() expression construct.",
                ));
            };
            let mut values = Vec::with_capacity(key.len());
            for value in &key {
                values.push(conversion::from_literal(vm, value)?);
            }
            Ok(Value::tuple(values))
        }),
    ],
    methods: &[
        method("scalar", "self", |vm, this, _| this.scalar(vm)),
        method("scalar_one", "self", |vm, this, _| {
            let value = this.scalars(0).only(vm, true)?;
            Ok(value.unwrap_or(Value::None))
        }),
        method("scalar_one_or_none", "self", |vm, this, _| {
            let value = this.scalars(0).only(vm, false)?;
            Ok(value.unwrap_or(Value::None))
        }),
        method("scalars", "self, index=0", |_, this, bound| {
            let object = this;
            let index = match bound.take("index") {
                None => 0,
                Some(index) => places(object, &[index])?.first().copied().unwrap_or(0),
            };
            object.keys()?;
            Ok(Value::native(object.scalars(index)))
        }),
        method("mappings", "self", |_, this, _| {
            let object = this;
            Ok(object.with_view(View::Mappings, object.places.clone()))
        }),
        method("tuples", "self", |_, _, bound| Ok(bound.this().clone())),
        method("supports_sane_rowcount", "self", |_, _, _| Ok(true.into())),
        method("supports_sane_multi_rowcount", "self", |_, _, _| {
            Ok(true.into())
        }),
    ],
    ..Declaration::new("sqlalchemy.engine.cursor.CursorResult")
};

/// The exported classes.
pub(super) static CLASSES: &[&dyn Declared] = &[
    &CURSOR_RESULT,
    &RESULT,
    &SCALAR_RESULT,
    &MAPPING_RESULT,
    &ROW,
    &ROW_MAPPING,
];
