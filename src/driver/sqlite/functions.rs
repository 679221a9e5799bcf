//! SQL functions that a connection adds to SQLite's own: `regexp` and `floor`, as SQLAlchemy's
//! pysqlite dialect defines them, and `random` and `randomblob` from the host.
#![expect(unsafe_code, reason = "SQLite's C API")]

use std::cell::RefCell;
use std::ffi::{CStr, c_int, c_void};
use std::ptr;
use std::rc::Rc;

use super::ffi;
use super::memory_files::host_random;
use crate::value::Value;

/// Adds the functions to a connection.
///
/// # Safety
/// `db` is an open connection.
pub(super) unsafe fn register(db: *mut ffi::sqlite3) {
    let deterministic = ffi::SQLITE_UTF8 | ffi::SQLITE_DETERMINISTIC;
    let drawn = ffi::SQLITE_UTF8 | ffi::SQLITE_INNOCUOUS;
    // SAFETY: the caller's connection is open; the functions are what SQLite expects.
    unsafe {
        add(db, c"regexp", 2, deterministic, regexp);
        add(db, c"floor", 1, deterministic, floor);
        add(db, c"random", 0, drawn, random);
        add(db, c"randomblob", 1, drawn, randomblob);
    }
}

/// A function that a program adds to a connection; `None` where it raised.
pub type UserFunction = Rc<dyn Fn(&[Value]) -> Option<Value>>;

/// Adds a function of the program's, which the connection frees with itself; SQLite's result code.
///
/// # Safety
/// `db` is an open connection.
pub(super) unsafe fn add_user(
    db: *mut ffi::sqlite3,
    name: &CStr,
    arguments: c_int,
    deterministic: bool,
    function: UserFunction,
) -> c_int {
    let flags = if deterministic {
        ffi::SQLITE_UTF8 | ffi::SQLITE_DETERMINISTIC
    } else {
        ffi::SQLITE_UTF8
    };
    let data = Box::into_raw(Box::new(function)).cast::<c_void>();
    // SAFETY: the connection is open and the name ends in NUL; SQLite hands the box to `free` once,
    // also where it fails.
    unsafe {
        ffi::sqlite3_create_function_v2(
            db,
            name.as_ptr(),
            arguments,
            flags,
            data,
            Some(call_user),
            None,
            None,
            Some(free),
        )
    }
}

unsafe extern "C" fn free(data: *mut c_void) {
    // SAFETY: the data is the box of `add_user`, which nobody uses any more.
    drop(unsafe { Box::from_raw(data.cast::<UserFunction>()) });
}

unsafe extern "C" fn call_user(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    arguments: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: the data is the box of `add_user`; the arguments and the context are those of the
    // running function, and what they point to is copied.
    unsafe {
        let function = (*ffi::sqlite3_user_data(context).cast::<UserFunction>()).clone();
        let values: Vec<Value> = (0..usize::try_from(count).unwrap_or(0))
            .map(|place| user_argument(*arguments.add(place)))
            .collect();
        match function(&values) {
            None => raised(context),
            Some(Value::Null) => ffi::sqlite3_result_null(context),
            Some(Value::Integer(number)) => ffi::sqlite3_result_int64(context, number),
            Some(Value::Real(number)) => ffi::sqlite3_result_double(context, number),
            Some(Value::Text(text)) => ffi::sqlite3_result_text(
                context,
                text.as_ptr().cast(),
                text.len() as c_int,
                ffi::SQLITE_TRANSIENT(),
            ),
            Some(Value::Blob(bytes)) => ffi::sqlite3_result_blob(
                context,
                bytes.as_ptr().cast(),
                bytes.len() as c_int,
                ffi::SQLITE_TRANSIENT(),
            ),
            // The binding of `create_function()` gives no other.
            Some(_) => ffi::sqlite3_result_null(context),
        }
    }
}

unsafe fn user_argument(value: *mut ffi::sqlite3_value) -> Value {
    // SAFETY: the value is an argument of the running function; its text or bytes are copied.
    unsafe {
        match ffi::sqlite3_value_type(value) {
            ffi::SQLITE_INTEGER => Value::Integer(ffi::sqlite3_value_int64(value)),
            ffi::SQLITE_FLOAT => Value::Real(ffi::sqlite3_value_double(value)),
            ffi::SQLITE_BLOB => {
                let blob = ffi::sqlite3_value_blob(value).cast::<u8>();
                let length = ffi::sqlite3_value_bytes(value).max(0) as usize;
                if blob.is_null() {
                    Value::Blob([].into())
                } else {
                    Value::Blob(std::slice::from_raw_parts(blob, length).into())
                }
            }
            _ => match argument(value) {
                Some(text) => Value::Text(text.into()),
                None => Value::Null,
            },
        }
    }
}

type Function =
    unsafe extern "C" fn(*mut ffi::sqlite3_context, c_int, *mut *mut ffi::sqlite3_value);

unsafe fn add(
    db: *mut ffi::sqlite3,
    name: &CStr,
    arguments: c_int,
    flags: c_int,
    function: Function,
) {
    // SAFETY: the connection is open, and the name ends in NUL.
    unsafe {
        ffi::sqlite3_create_function_v2(
            db,
            name.as_ptr(),
            arguments,
            flags,
            ptr::null_mut(),
            Some(function),
            None,
            None,
            None,
        );
    }
}

unsafe fn argument<'a>(value: *mut ffi::sqlite3_value) -> Option<&'a str> {
    // SAFETY: the value is an argument of the running function, as is its text.
    unsafe {
        if ffi::sqlite3_value_type(value) == ffi::SQLITE_NULL {
            return None;
        }
        let text = ffi::sqlite3_value_text(value);
        if text.is_null() {
            return None;
        }
        let length = ffi::sqlite3_value_bytes(value).max(0) as usize;
        std::str::from_utf8(std::slice::from_raw_parts(text, length)).ok()
    }
}

thread_local! {
    static LAST: RefCell<Option<(String, ground::regex::Regex)>> = const { RefCell::new(None) };
}

unsafe extern "C" fn regexp(
    context: *mut ffi::sqlite3_context,
    _count: c_int,
    arguments: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: the function is registered with two arguments.
    let (pattern, text) = unsafe { (argument(*arguments), argument(*arguments.add(1))) };
    let Some(text) = text else {
        // SAFETY: the context is that of the running function.
        unsafe { ffi::sqlite3_result_null(context) };
        return;
    };
    let found = pattern.and_then(|pattern| {
        LAST.with(|last| {
            let mut last = last.borrow_mut();
            if last.as_ref().is_none_or(|(known, _)| known != pattern) {
                *last = Some((pattern.to_owned(), ground::regex::Regex::new(pattern).ok()?));
            }
            last.as_ref().map(|(_, regex)| regex.is_match(text))
        })
    });
    match found {
        // SAFETY: the context is that of the running function.
        Some(found) => unsafe { ffi::sqlite3_result_int(context, c_int::from(found)) },
        // SAFETY: the context is that of the running function.
        None => unsafe { raised(context) },
    }
}

/// The error of Python's `sqlite3` when a user-defined function raises.
unsafe fn raised(context: *mut ffi::sqlite3_context) {
    let message = c"user-defined function raised exception";
    // SAFETY: the context is that of the running function; the message ends in NUL and is copied.
    unsafe { ffi::sqlite3_result_error(context, message.as_ptr(), -1) };
}

/// Python's `math.floor`, which only accepts numbers.
unsafe extern "C" fn floor(
    context: *mut ffi::sqlite3_context,
    _count: c_int,
    arguments: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: the function is registered with one argument; the context is that of the running function.
    unsafe {
        let value = *arguments;
        match ffi::sqlite3_value_type(value) {
            ffi::SQLITE_INTEGER => {
                ffi::sqlite3_result_int64(context, ffi::sqlite3_value_int64(value));
            }
            ffi::SQLITE_FLOAT => {
                let number = ffi::sqlite3_value_double(value).floor();
                if (-9.2e18..9.2e18).contains(&number) {
                    ffi::sqlite3_result_int64(context, number as i64);
                } else {
                    raised(context);
                }
            }
            _ => raised(context),
        }
    }
}

unsafe extern "C" fn random(
    context: *mut ffi::sqlite3_context,
    _count: c_int,
    _arguments: *mut *mut ffi::sqlite3_value,
) {
    let mut bytes = [0; 8];
    host_random(&mut bytes);
    let mut number = i64::from_le_bytes(bytes);
    // SQLite never gives the smallest number, so that abs(random()) can't overflow.
    if number < 0 {
        number = -(number & i64::MAX);
    }
    // SAFETY: the context is that of the running function.
    unsafe { ffi::sqlite3_result_int64(context, number) };
}

unsafe extern "C" fn randomblob(
    context: *mut ffi::sqlite3_context,
    _count: c_int,
    arguments: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: the function is registered with one argument; the context is that of the running function.
    unsafe {
        let size = ffi::sqlite3_value_int64(*arguments).max(1);
        let limit = ffi::sqlite3_limit(
            ffi::sqlite3_context_db_handle(context),
            ffi::SQLITE_LIMIT_LENGTH,
            -1,
        );
        if size > i64::from(limit) {
            ffi::sqlite3_result_error_toobig(context);
            return;
        }
        let mut bytes = vec![0; size as usize];
        host_random(&mut bytes);
        ffi::sqlite3_result_blob(
            context,
            bytes.as_ptr().cast(),
            bytes.len() as c_int,
            ffi::SQLITE_TRANSIENT(),
        );
    }
}
