//! Conversion of values to and from SQLite.
#![expect(unsafe_code, reason = "SQLite's C API")]

use super::exc;
use std::ffi::{CStr, c_int};
use std::rc::Rc;

use super::ffi;
use crate::Value;
use ground::diagnostic::{Error, Result};

/// Binds a value to a statement's parameter.
pub(super) fn bind_value(handle: *mut ffi::sqlite3_stmt, index: c_int, value: &Value) -> c_int {
    // SAFETY: the handle is prepared; text and bytes are copied by SQLite.
    unsafe {
        match value {
            Value::Null => ffi::sqlite3_bind_null(handle, index),
            Value::Integer(number) => ffi::sqlite3_bind_int64(handle, index, *number),
            Value::Real(number) => ffi::sqlite3_bind_double(handle, index, *number),
            Value::Text(text) => match c_int::try_from(text.len()) {
                Ok(length) => ffi::sqlite3_bind_text(
                    handle,
                    index,
                    text.as_ptr().cast(),
                    length,
                    ffi::SQLITE_TRANSIENT(),
                ),
                Err(_) => ffi::SQLITE_TOOBIG,
            },
            Value::Blob(bytes) => match c_int::try_from(bytes.len()) {
                Ok(0) => ffi::sqlite3_bind_zeroblob(handle, index, 0),
                Ok(length) => ffi::sqlite3_bind_blob(
                    handle,
                    index,
                    bytes.as_ptr().cast(),
                    length,
                    ffi::SQLITE_TRANSIENT(),
                ),
                Err(_) => ffi::SQLITE_TOOBIG,
            },
            Value::Boolean(truth) => ffi::sqlite3_bind_int64(handle, index, (*truth).into()),
            // What the default adapters of `sqlite3` make of them.
            Value::Date(_) | Value::DateTime(..) => {
                bind_value(handle, index, &Value::Text(value.python_str().into()))
            }
            // `check_type` refused them.
            _ => ffi::SQLITE_MISMATCH,
        }
    }
}

/// # Errors
/// `OverflowError` for an integer beyond 64 bits, `sqlite3.ProgrammingError` for a class that `sqlite3` has no adapter
/// for; `place` is the parameter's number or its name.
pub(super) fn check_type(value: &Value, place: &str) -> Result<()> {
    match value {
        Value::BigInteger(_) => Err(Error::new(
            "OverflowError",
            "Python int too large to convert to SQLite INTEGER",
        )),
        Value::Decimal(_)
        | Value::Time(..)
        | Value::Interval(_)
        | Value::Uuid(_)
        | Value::Json(_)
        | Value::List(_)
        | Value::Tuple(_)
        | Value::Object(_) => Err(Error::new(
            exc::PROGRAMMING_ERROR,
            format!(
                "Error binding parameter {place}: type '{}' is not supported",
                value.type_name()
            ),
        )),
        _ => Ok(()),
    }
}

/// The names of a statement's columns.
pub(super) fn columns(handle: *mut ffi::sqlite3_stmt) -> Option<Rc<[Rc<str>]>> {
    // SAFETY: the handle is prepared; names are copied at once.
    unsafe {
        match ffi::sqlite3_column_count(handle) {
            0 => None,
            count => Some(
                (0..count)
                    .map(|index| {
                        let name = ffi::sqlite3_column_name(handle, index);
                        if name.is_null() {
                            Rc::from("")
                        } else {
                            Rc::from(&*CStr::from_ptr(name).to_string_lossy())
                        }
                    })
                    .collect(),
            ),
        }
    }
}

/// A column of the statement's current row; its size is added to the count.
pub(super) fn column_value(
    handle: *mut ffi::sqlite3_stmt,
    index: c_int,
    name: &str,
    bytes: &mut usize,
) -> Result<Value> {
    // SAFETY: the handle stands on a row; text and bytes are copied at once.
    unsafe {
        *bytes += 16;
        Ok(match ffi::sqlite3_column_type(handle, index) {
            ffi::SQLITE_INTEGER => Value::Integer(ffi::sqlite3_column_int64(handle, index)),
            ffi::SQLITE_FLOAT => Value::Real(ffi::sqlite3_column_double(handle, index)),
            ffi::SQLITE_TEXT => {
                let text = ffi::sqlite3_column_text(handle, index);
                let length = ffi::sqlite3_column_bytes(handle, index).max(0) as usize;
                if text.is_null() {
                    return Err(Error::new("MemoryError", ""));
                }
                *bytes += length;
                let slice = std::slice::from_raw_parts(text, length);
                match std::str::from_utf8(slice) {
                    Ok(text) => Value::Text(text.into()),
                    Err(_) => {
                        return Err(Error::new(
                            exc::OPERATIONAL_ERROR,
                            format!(
                                "Could not decode to UTF-8 column '{name}' with text '{}'",
                                String::from_utf8_lossy(slice)
                            ),
                        ));
                    }
                }
            }
            ffi::SQLITE_BLOB => {
                let blob = ffi::sqlite3_column_blob(handle, index).cast::<u8>();
                let length = ffi::sqlite3_column_bytes(handle, index).max(0) as usize;
                *bytes += length;
                if blob.is_null() {
                    Value::Blob([].into())
                } else {
                    Value::Blob(std::slice::from_raw_parts(blob, length).into())
                }
            }
            _ => Value::Null,
        })
    }
}
