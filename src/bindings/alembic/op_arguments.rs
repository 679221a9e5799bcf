//! From Python's arguments to the parts of operations.

use std::any::Any;
use std::rc::Rc;

use crate::bindings::conversion;
use crate::operations::ops::IndexElement;
use ground::diagnostic::{Error, Result};
use python::{Interpreter, Value};
use sqlalchemy::elements::{self, Expression};
use sqlalchemy::name::Name;
use sqlalchemy::schema::TableItem;

/// An identifier.
///
/// # Errors
/// `AssertionError` for `None`, `TypeError` for what is no text.
pub(super) fn name(value: &Value) -> Result<Name> {
    if value.is_none() {
        return Err(Error::new(
            "AssertionError",
            "use quoted_name.construct() for None passthrough",
        ));
    }
    conversion::refuse_opaque(value, "the name")?;
    conversion::identifier(value, None)
        .ok_or_else(|| Error::new("TypeError", "a name must be a string"))
}

/// An identifier or none.
///
/// # Errors
/// As [`name`].
pub(super) fn optional_name(value: Option<Value>) -> Result<Option<Name>> {
    value.map(|value| name(&value)).transpose()
}

/// The column that another shall stand before or after; an empty text is none.
///
/// # Errors
/// As [`name`].
pub(super) fn place(value: Option<Value>) -> Result<Option<Name>> {
    Ok(optional_name(value)?.filter(|name| !name.is_empty()))
}

/// A text.
///
/// # Errors
/// `TypeError` for anything else; an opaque value is named.
pub(super) fn text(value: &Value) -> Result<Rc<str>> {
    conversion::refuse_opaque(value, "the argument")?;
    value
        .as_text()
        .ok_or_else(|| Error::new("TypeError", "expected a string"))
}

/// A text or none.
///
/// # Errors
/// As [`text`].
pub(super) fn optional_text(value: &Value) -> Result<Option<Rc<str>>> {
    if value.is_none() {
        Ok(None)
    } else {
        text(value).map(Some)
    }
}

/// The texts in a collection.
///
/// # Errors
/// As [`text`].
pub(super) fn texts(vm: &mut Interpreter, value: &Value) -> Result<Vec<Rc<str>>> {
    if value.is_none() {
        return Ok(Vec::new());
    }
    vm.collect(value)?.iter().map(text).collect()
}

/// The names in a collection; a text gives its characters, as in Python.
///
/// # Errors
/// As [`name`].
pub(super) fn names(vm: &mut Interpreter, value: &Value) -> Result<Vec<Name>> {
    conversion::refuse_opaque(value, "the columns")?;
    vm.collect(value)?.iter().map(name).collect()
}

/// Python's truth of an argument that was given and is not `None`.
///
/// # Errors
/// What `bool(value)` raises; an opaque value is named.
pub(super) fn flag(vm: &mut Interpreter, value: Option<Value>) -> Result<Option<bool>> {
    match value {
        Some(value) => {
            conversion::refuse_opaque(&value, "the argument")?;
            vm.truth(&value).map(Some)
        }
        None => Ok(None),
    }
}

/// An argument whose default is `False`, which means "not said".
pub(super) fn unless_false(value: Option<Value>) -> Option<Value> {
    value.filter(|value| !matches!(value, Value::Bool(false)))
}

/// `info=`.
pub(super) fn info(value: Value) -> Option<Rc<dyn Any>> {
    (!value.is_none()).then(|| Rc::new(value) as Rc<dyn Any>)
}

/// What a CHECK demands.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for what is no SQL.
pub(super) fn condition(vm: &mut Interpreter, value: &Value) -> Result<Expression> {
    if let Some(expression) = conversion::find_clause(vm, value)? {
        return Ok(expression);
    }
    if let Some(text) = value.as_text() {
        return Ok(elements::text(&text));
    }
    conversion::refuse_opaque(value, "the condition")?;
    let shown = vm.repr(value)?;
    Err(Error::new(
        "sqlalchemy.exc.ArgumentError",
        format!("SQL expression element for DDL constraint expected, got {shown}."),
    ))
}

/// What an index is over; a text gives its characters, as in Python.
///
/// # Errors
/// `ValueError` for what is no name and no SQL.
pub(super) fn index_elements(vm: &mut Interpreter, value: &Value) -> Result<Vec<IndexElement>> {
    conversion::refuse_opaque(value, "the columns")?;
    let mut elements = Vec::new();
    for item in vm.collect(value)? {
        if let Some(expression) = conversion::find_clause(vm, &item)? {
            elements.push(IndexElement::Expression(expression));
        } else if item.as_text().is_some() {
            elements.push(IndexElement::Name(name(&item)?));
        } else {
            conversion::refuse_opaque(&item, "a column of the index")?;
            return Err(vm.value_error("String or text() construct expected"));
        }
    }
    Ok(elements)
}

/// A column, a constraint or an index; none for anything else.
///
/// # Errors
/// None so far.
pub(super) fn schema_item(vm: &mut Interpreter, value: &Value) -> Result<Option<TableItem>> {
    Ok(conversion::table_item(vm, value).ok())
}

/// `op.bulk_insert` without a table and without rows does nothing in Alembic.
pub(super) fn nothing_to_insert_into() -> Error {
    Error::new(
        "AttributeError",
        "'NoneType' object has no attribute 'insert'",
    )
}
