//! The location of a database: a file of the host, a file of the system, or private memory.

use std::ffi::{CString, c_char, c_int};
use std::rc::Rc;

use super::{ffi, memory_files};
use crate::{ConnectArguments, Value};
use ground::diagnostic::{Error, Result};
use ground::host::{DatabasePlace, absolute_path};
use ground::run::Run;

/// The location of a connection's database, and how to open it.
pub(super) struct Place {
    pub(super) name: CString,
    pub(super) vfs: *const c_char,
    pub(super) flags: c_int,
    pub(super) path: Option<Rc<str>>,
    pub(super) in_memory: bool,
}

/// The location that `sqlite3.connect` derives from `database` and `uri`.
///
/// # Errors
/// `ValueError` for a name with a null character.
pub(super) fn place(run: &Run, arguments: &ConnectArguments) -> Result<Place> {
    let database = arguments
        .get("database")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let uri = arguments
        .get("uri")
        .and_then(Value::as_integer)
        .unwrap_or(0)
        != 0;
    let name = |text: &str| {
        CString::new(text).map_err(|_| Error::new("ValueError", "embedded null character"))
    };
    // A connection is used by one thread only and needs no mutex.
    let unlocked = ffi::SQLITE_OPEN_NOMUTEX;
    let flags = ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE | unlocked;
    let private = |text: &str| {
        Ok(Place {
            name: name(text)?,
            vfs: memory_files::VFS_NAME.as_ptr(),
            flags,
            path: None,
            in_memory: true,
        })
    };
    let mut file = database;
    let mut query = "";
    if let (true, Some(rest)) = (uri, file.strip_prefix("file:")) {
        let rest = rest.split('#').next().unwrap_or(rest);
        (file, query) = rest.split_once('?').unwrap_or((rest, ""));
        // The authority may be empty or localhost; the path starts at the next slash.
        if let Some(after) = file.strip_prefix("//") {
            file = after.find('/').map_or("", |slash| &after[slash..]);
        }
    }
    let decoded = if query.is_empty() && !uri {
        file.to_owned()
    } else {
        percent_decoded(file)
    };
    let mode = |wanted: &str| query.split('&').any(|part| part == wanted);
    if decoded.is_empty() || decoded == ":memory:" || mode("mode=memory") {
        return private(if decoded.is_empty() { "" } else { ":memory:" });
    }
    match run.host.database(&decoded) {
        DatabasePlace::Memory => {
            let path = absolute_path(&run.host.current_directory(), &decoded);
            let flags = if mode("mode=ro") {
                ffi::SQLITE_OPEN_READONLY | unlocked
            } else if mode("mode=rw") {
                ffi::SQLITE_OPEN_READWRITE | unlocked
            } else {
                flags
            };
            Ok(Place {
                name: name(&path)?,
                vfs: memory_files::VFS_NAME.as_ptr(),
                flags,
                path: Some(path.into()),
                in_memory: true,
            })
        }
        DatabasePlace::File(path) => {
            let shown: Rc<str> = path.to_string_lossy().into();
            let (text, extra) = if uri {
                let encoded = percent_encoded(&shown);
                let uri = if query.is_empty() {
                    format!("file:{encoded}")
                } else {
                    format!("file:{encoded}?{query}")
                };
                (uri, ffi::SQLITE_OPEN_URI)
            } else {
                (shown.to_string(), 0)
            };
            Ok(Place {
                name: name(&text)?,
                vfs: memory_files::platform_vfs(),
                flags: flags | extra,
                path: Some(shown),
                in_memory: false,
            })
        }
    }
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let hex = |byte: Option<&u8>| byte.and_then(|&b| (b as char).to_digit(16));
        match (
            bytes[index],
            hex(bytes.get(index + 1)),
            hex(bytes.get(index + 2)),
        ) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                index += 3;
            }
            (byte, ..) => {
                out.push(byte);
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '%' => out.push_str("%25"),
            '?' => out.push_str("%3f"),
            '#' => out.push_str("%23"),
            other => out.push(other),
        }
    }
    out
}
