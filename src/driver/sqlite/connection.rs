//! A connection: prepares, binds and steps statements within limits.
#![expect(unsafe_code, reason = "SQLite's C API")]

use super::exc;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::rc::Rc;

use ground::hash::IndexMap;

use super::functions;
use super::limits::Limits;
use super::place::place;
use super::statement::{after_comments, is_dml};
use super::values::{bind_value, check_type, column_value, columns};
use super::{ffi, memory_files};
use crate::{ConnectArguments, Connection, Cursor, Parameters, Value};
use ground::diagnostic::{Error, Result};
use ground::event::Observer;
use ground::host::Host;
use ground::run::Run;

/// Instructions between two checks of the budget.
const STRIDE: u64 = 10_000;
/// Prepared statements kept for reuse by one connection; Python keeps 128.
const KEPT_STATEMENTS: usize = 64;

/// The remaining budget of the running statement, checked by SQLite's progress handler.
struct Budget {
    limit: u64,
    remaining: Cell<u64>,
    exhausted: Cell<bool>,
    observer: Rc<dyn Observer>,
}

unsafe extern "C" fn progress(budget: *mut c_void) -> c_int {
    // SAFETY: the pointer is the connection's own box, which outlives its handler.
    let budget = unsafe { &*budget.cast::<Budget>() };
    if budget.observer.cancelled() {
        return 1;
    }
    if budget.limit > 0 {
        budget
            .remaining
            .set(budget.remaining.get().saturating_sub(STRIDE));
        if budget.remaining.get() == 0 {
            budget.exhausted.set(true);
            return 1;
        }
    }
    0
}

/// `sqlite3.Connection`, with Python's default transaction control: a transaction begins implicitly
/// before INSERT, UPDATE, DELETE and REPLACE only.
pub struct Sqlite3Connection {
    db: Cell<*mut ffi::sqlite3>,
    run: Run,
    isolation_level: RefCell<Option<String>>,
    path: Option<Rc<str>>,
    in_memory: bool,
    limits: Limits,
    budget: Box<Budget>,
    statements: RefCell<IndexMap<String, *mut ffi::sqlite3_stmt>>,
}

/// A prepared statement in use; reset and returned to its connection's cache on drop.
struct Statement<'a> {
    connection: &'a Sqlite3Connection,
    sql: &'a str,
    handle: *mut ffi::sqlite3_stmt,
    is_dml: bool,
}

impl Drop for Statement<'_> {
    fn drop(&mut self) {
        let mut statements = self.connection.statements.borrow_mut();
        // SAFETY: the handle came from prepare and nothing else holds it.
        unsafe {
            ffi::sqlite3_reset(self.handle);
            if self.sql.len() > 4096 || statements.contains_key(self.sql) {
                ffi::sqlite3_finalize(self.handle);
                return;
            }
            ffi::sqlite3_clear_bindings(self.handle);
            if statements.len() >= KEPT_STATEMENTS
                && let Some((_, oldest)) = statements.shift_remove_index(0)
            {
                ffi::sqlite3_finalize(oldest);
            }
        }
        statements.insert(self.sql.to_owned(), self.handle);
    }
}

impl Sqlite3Connection {
    pub(super) fn open(run: &Run, arguments: &ConnectArguments) -> Result<Self> {
        memory_files::register();
        let place = place(run, arguments)?;
        let limits = if place.in_memory {
            Limits::MEMORY
        } else {
            Limits::NATIVE
        };
        let mut db = ptr::null_mut();
        // SAFETY: the strings end in NUL and live through the call.
        let code = memory_files::with_host(&run.host, || unsafe {
            ffi::sqlite3_open_v2(place.name.as_ptr(), &mut db, place.flags, place.vfs)
        });
        let connection = Sqlite3Connection {
            db: Cell::new(db),
            run: run.clone(),
            isolation_level: RefCell::new(match arguments.get("isolation_level") {
                None => Some(String::new()),
                Some(level) => level.as_str().map(str::to_owned),
            }),
            path: place.path,
            in_memory: place.in_memory,
            limits,
            budget: Box::new(Budget {
                limit: limits.instructions,
                remaining: Cell::new(limits.instructions),
                exhausted: Cell::new(false),
                observer: run.observer.clone(),
            }),
            statements: RefCell::default(),
        };
        if code != ffi::SQLITE_OK {
            return Err(connection.error(code));
        }
        let timeout = if place.in_memory {
            0
        } else {
            let seconds = match arguments.get("timeout") {
                Some(Value::Real(seconds)) => *seconds,
                Some(Value::Integer(seconds)) => *seconds as f64,
                _ => 5.0,
            };
            (seconds * 1000.0) as c_int
        };
        let budget: *const Budget = &*connection.budget;
        // SAFETY: the connection is open; the budget lives in a box of the connection.
        unsafe {
            ffi::sqlite3_extended_result_codes(db, 0);
            ffi::sqlite3_busy_timeout(db, timeout);
            ffi::sqlite3_limit(db, ffi::SQLITE_LIMIT_LENGTH, limits.length);
            ffi::sqlite3_progress_handler(
                db,
                STRIDE as c_int,
                Some(progress),
                budget.cast_mut().cast(),
            );
            functions::register(db);
        }
        // Python's SQLite builds have both as defaults; the bundled one and the page's do not.
        connection.run_script("PRAGMA page_size = 4096; PRAGMA foreign_keys = OFF")?;
        if limits.pages > 0 {
            connection.run_script(&format!("PRAGMA max_page_count = {}", limits.pages))?;
        }
        Ok(connection)
    }

    fn open_handle(&self) -> Result<*mut ffi::sqlite3> {
        let db = self.db.get();
        if db.is_null() {
            return Err(Error::new(
                exc::PROGRAMMING_ERROR,
                "Cannot operate on a closed database.",
            ));
        }
        Ok(db)
    }

    /// The error that Python's `sqlite3` raises for a result code.
    fn error(&self, code: c_int) -> Error {
        let db = self.db.get();
        if db.is_null() || code == ffi::SQLITE_NOMEM {
            return Error::new("MemoryError", "");
        }
        // SAFETY: the connection is open; the message is copied at once.
        let (message, extended) = unsafe {
            (
                CStr::from_ptr(ffi::sqlite3_errmsg(db))
                    .to_string_lossy()
                    .into_owned(),
                ffi::sqlite3_extended_errcode(db),
            )
        };
        let class = match code & 0xff {
            ffi::SQLITE_INTERNAL | ffi::SQLITE_NOTFOUND => exc::INTERNAL_ERROR,
            ffi::SQLITE_ERROR
            | ffi::SQLITE_PERM
            | ffi::SQLITE_ABORT
            | ffi::SQLITE_BUSY
            | ffi::SQLITE_LOCKED
            | ffi::SQLITE_READONLY
            | ffi::SQLITE_INTERRUPT
            | ffi::SQLITE_IOERR
            | ffi::SQLITE_FULL
            | ffi::SQLITE_CANTOPEN
            | ffi::SQLITE_PROTOCOL
            | ffi::SQLITE_EMPTY
            | ffi::SQLITE_SCHEMA => exc::OPERATIONAL_ERROR,
            ffi::SQLITE_TOOBIG => exc::DATA_ERROR,
            ffi::SQLITE_CONSTRAINT | ffi::SQLITE_MISMATCH => exc::INTEGRITY_ERROR,
            ffi::SQLITE_MISUSE | ffi::SQLITE_RANGE => exc::INTERFACE_ERROR,
            _ => exc::DATABASE_ERROR,
        };
        let mut error = Error::new(class, message);
        error.database_code = Some(extended);
        if self.budget.exhausted.get() {
            error.hint = Some(format!(
                "The statement was stopped after {} instructions of SQLite's virtual machine.",
                self.budget.limit
            ));
        }
        error
    }

    fn check(&self, code: c_int) -> Result<()> {
        match code {
            ffi::SQLITE_OK | ffi::SQLITE_DONE | ffi::SQLITE_ROW => Ok(()),
            code => Err(self.error(code)),
        }
    }

    fn refill(&self) {
        self.budget.remaining.set(self.budget.limit);
        self.budget.exhausted.set(false);
    }

    /// Executes all statements of a script without Python's transaction control.
    fn run_script(&self, sql: &str) -> Result<()> {
        let db = self.open_handle()?;
        let sql =
            CString::new(sql).map_err(|_| Error::new("ValueError", "embedded null character"))?;
        self.refill();
        // SAFETY: the text ends in NUL and lives through the call.
        let code = memory_files::with_host(&self.run.host, || unsafe {
            ffi::sqlite3_exec(db, sql.as_ptr(), None, ptr::null_mut(), ptr::null_mut())
        });
        self.check(code)
    }

    /// Prepares a statement; `None` if the text only contains whitespace and comments.
    fn prepare<'a>(&'a self, sql: &'a str) -> Result<Option<Statement<'a>>> {
        let db = self.open_handle()?;
        let is_dml = is_dml(sql);
        if let Some(handle) = self.statements.borrow_mut().shift_remove(sql) {
            return Ok(Some(Statement {
                connection: self,
                sql,
                handle,
                is_dml,
            }));
        }
        if sql.contains('\0') {
            return Err(Error::new(
                exc::PROGRAMMING_ERROR,
                "the query contains a null character",
            ));
        }
        let Ok(length) = c_int::try_from(sql.len()) else {
            return Err(Error::new(exc::DATA_ERROR, "query string is too large"));
        };
        let mut handle = ptr::null_mut();
        let mut tail = ptr::null();
        // SAFETY: the text's length is given; the tail points into it.
        let (code, used) = memory_files::with_host(&self.run.host, || unsafe {
            let start = sql.as_ptr().cast::<c_char>();
            let code = ffi::sqlite3_prepare_v2(db, start, length, &mut handle, &mut tail);
            let used = if tail.is_null() {
                sql.len()
            } else {
                tail.offset_from(start).max(0) as usize
            };
            (code, used)
        });
        self.check(code)?;
        if handle.is_null() {
            return Ok(None);
        }
        if !after_comments(sql.get(used..).unwrap_or("")).is_empty() {
            // SAFETY: the handle was prepared just now.
            unsafe { ffi::sqlite3_finalize(handle) };
            return Err(Error::new(
                exc::PROGRAMMING_ERROR,
                "You can only execute one statement at a time.",
            ));
        }
        Ok(Some(Statement {
            connection: self,
            sql,
            handle,
            is_dml,
        }))
    }

    fn bind(&self, statement: &Statement<'_>, parameters: &Parameters) -> Result<()> {
        let handle = statement.handle;
        // SAFETY: the handle is prepared; values are copied by SQLite (SQLITE_TRANSIENT).
        let wanted = unsafe { ffi::sqlite3_bind_parameter_count(handle) }.max(0) as usize;
        match parameters {
            Parameters::Positional(values) => {
                if values.len() != wanted {
                    return Err(Error::new(
                        exc::PROGRAMMING_ERROR,
                        format!(
                            "Incorrect number of bindings supplied. The current statement uses \
                             {wanted}, and there are {} supplied.",
                            values.len()
                        ),
                    ));
                }
                for (index, value) in values.iter().enumerate() {
                    check_type(value, &(index + 1).to_string())?;
                    self.check(bind_value(handle, index as c_int + 1, value))?;
                }
            }
            Parameters::Named(values) => {
                for index in 1..=wanted as c_int {
                    // SAFETY: the handle is prepared; the name is copied while it is.
                    let name = unsafe {
                        let name = ffi::sqlite3_bind_parameter_name(handle, index);
                        if name.is_null() {
                            return Err(Error::new(
                                exc::PROGRAMMING_ERROR,
                                format!(
                                    "Binding {index} has no name, but you supplied a \
                                     dictionary (which has only names)."
                                ),
                            ));
                        }
                        CStr::from_ptr(name).to_string_lossy()
                    };
                    // The parameter name in SQLite starts with `:`, `@` or `$`.
                    let name = name.get(1..).unwrap_or_default();
                    let Some((_, value)) = values.iter().find(|(known, _)| &**known == name) else {
                        return Err(Error::new(
                            exc::PROGRAMMING_ERROR,
                            format!("You did not supply a value for binding parameter :{name}."),
                        ));
                    };
                    check_type(value, &index.to_string())?;
                    self.check(bind_value(handle, index, value))?;
                }
            }
        }
        Ok(())
    }

    fn begin_before(&self, statement: &Statement<'_>) -> Result<()> {
        let begin = match &*self.isolation_level.borrow() {
            Some(level) if statement.is_dml && !self.in_transaction() => format!("BEGIN {level}"),
            _ => return Ok(()),
        };
        self.run_script(&begin)
    }

    /// Steps a bound statement to completion and appends its rows.
    fn step(
        &self,
        statement: &Statement<'_>,
        cursor: &mut Cursor,
        bytes: &mut usize,
    ) -> Result<()> {
        let handle = statement.handle;
        self.refill();
        memory_files::with_host(&self.run.host, || {
            loop {
                // SAFETY: the handle is prepared and bound.
                let code = unsafe { ffi::sqlite3_step(handle) };
                if cursor.description.is_none() {
                    cursor.description = columns(handle);
                }
                match code {
                    ffi::SQLITE_ROW => {
                        let names = cursor.description.clone().unwrap_or_default();
                        let mut row = Vec::with_capacity(names.len());
                        for (index, name) in names.iter().enumerate() {
                            row.push(column_value(handle, index as c_int, name, bytes)?);
                        }
                        cursor.rows.push(row);
                        if cursor.rows.len() > self.limits.rows || *bytes > self.limits.result_bytes
                        {
                            return Err(Error::new(exc::OPERATIONAL_ERROR, "interrupted")
                                .with_hint("The statement returns more rows than fit in memory."));
                        }
                    }
                    ffi::SQLITE_DONE => return Ok(()),
                    _ => {
                        // SAFETY: the handle is prepared. The message is the connection's only after the reset.
                        let code = unsafe { ffi::sqlite3_reset(handle) };
                        return Err(self.error(code));
                    }
                }
            }
        })
    }

    fn changes(&self) -> i64 {
        // SAFETY: only called while the connection is open.
        unsafe { ffi::sqlite3_changes64(self.db.get()) }
    }

    /// After a statement: writes a finished transaction back to the host.
    fn settle(&self) -> Result<()> {
        if let (true, Some(path)) = (self.in_memory, &self.path)
            && !self.in_transaction()
        {
            memory_files::flush_if_small(&self.run.host, path)
                .map_err(|error| Error::new(exc::OPERATIONAL_ERROR, error.to_string()))?;
        }
        Ok(())
    }
}

/// Features specific to Python's `sqlite3`.
impl Sqlite3Connection {
    /// The connection as a `sqlite3` one, if it is one.
    pub fn of(connection: &dyn Connection) -> Option<&Self> {
        connection.as_any().downcast_ref()
    }

    /// Commits an open transaction, then executes all statements of a script.
    ///
    /// # Errors
    /// What the database says of the first statement that fails.
    pub fn execute_script(&self, sql: &str) -> Result<()> {
        self.commit()?;
        if sql.contains('\0') {
            return Err(Error::new("ValueError", "embedded null character"));
        }
        self.run_script(sql)?;
        self.settle()
    }

    /// `isolation_level`: the keyword after `BEGIN`, or `None` for autocommit.
    pub fn isolation_level(&self) -> Option<String> {
        self.isolation_level.borrow().clone()
    }

    /// Sets `isolation_level`; `None` commits the open transaction, as in Python.
    ///
    /// # Errors
    /// What the database says when that commit fails.
    pub fn set_isolation_level(&self, level: Option<&str>) -> Result<()> {
        if level.is_none() {
            self.commit()?;
        }
        *self.isolation_level.borrow_mut() = level.map(str::to_owned);
        Ok(())
    }

    /// `create_function`: adds a SQL function with that many arguments (-1 for any number).
    ///
    /// # Errors
    /// `OperationalError` where SQLite does not take it, as for too many arguments.
    pub fn create_function(
        &self,
        name: &str,
        arguments: i32,
        deterministic: bool,
        function: functions::UserFunction,
    ) -> Result<()> {
        let db = self.db.get();
        let name = std::ffi::CString::new(name)
            .map_err(|_| Error::new("ValueError", "embedded null character"))?;
        if db.is_null() {
            return Err(Error::new(
                exc::PROGRAMMING_ERROR,
                "Cannot operate on a closed database.",
            ));
        }
        // SAFETY: the connection is open.
        let code = unsafe { functions::add_user(db, &name, arguments, deterministic, function) };
        if code == ffi::SQLITE_OK {
            return Ok(());
        }
        Err(Error::new(
            exc::OPERATIONAL_ERROR,
            "Error creating function",
        ))
    }

    /// Rows changed since the connection was opened.
    pub fn total_changes(&self) -> i64 {
        let db = self.db.get();
        if db.is_null() {
            return 0;
        }
        // SAFETY: the connection is open.
        unsafe { ffi::sqlite3_total_changes64(db) }
    }

    /// Whether it was opened for that host.
    pub(super) fn belongs_to(&self, host: &Rc<dyn Host>) -> bool {
        Rc::ptr_eq(&self.run.host, host)
    }

    /// Reads the serialized database as seen by this connection, including uncommitted changes; `None`
    /// if SQLite cannot serialize it.
    pub(super) fn serialized<T>(&self, read: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let db = self.db.get();
        if db.is_null() {
            return None;
        }
        let mut length: ffi::sqlite3_int64 = 0;
        // SAFETY: the connection is open; the copy that SQLite makes is read in its given length, and
        // given back to SQLite afterwards.
        memory_files::with_host(&self.run.host, || unsafe {
            let start = ffi::sqlite3_serialize(db, c"main".as_ptr(), &mut length, 0);
            if start.is_null() {
                return None;
            }
            let length = usize::try_from(length).unwrap_or(0);
            let result = read(std::slice::from_raw_parts(start, length));
            ffi::sqlite3_free(start.cast());
            Some(result)
        })
    }
}

impl Connection for Sqlite3Connection {
    fn execute(&self, sql: &str, parameters: &Parameters) -> Result<Cursor> {
        let mut cursor = Cursor {
            rowcount: -1,
            ..Cursor::default()
        };
        let Some(statement) = self.prepare(sql)? else {
            return Ok(cursor);
        };
        self.begin_before(&statement)?;
        self.bind(&statement, parameters)?;
        self.step(&statement, &mut cursor, &mut 0)?;
        if statement.is_dml {
            cursor.rowcount = self.changes();
            cursor.changes = true;
        }
        // SAFETY: the connection is open.
        cursor.lastrowid = Some(unsafe { ffi::sqlite3_last_insert_rowid(self.db.get()) });
        drop(statement);
        self.settle()?;
        Ok(cursor)
    }

    fn execute_many(&self, sql: &str, parameters: &[Parameters]) -> Result<Cursor> {
        let mut cursor = Cursor {
            rowcount: -1,
            ..Cursor::default()
        };
        let Some(statement) = self.prepare(sql)? else {
            return Ok(cursor);
        };
        // SAFETY: the handle is prepared.
        if unsafe { ffi::sqlite3_stmt_readonly(statement.handle) } != 0 {
            return Err(Error::new(
                exc::PROGRAMMING_ERROR,
                "executemany() can only execute DML statements.",
            ));
        }
        if statement.is_dml {
            cursor.rowcount = 0;
            cursor.changes = true;
        }
        self.begin_before(&statement)?;
        let mut bytes = 0;
        for parameters in parameters {
            self.bind(&statement, parameters)?;
            self.step(&statement, &mut cursor, &mut bytes)?;
            if statement.is_dml {
                cursor.rowcount += self.changes();
            }
            // SAFETY: the handle is prepared.
            unsafe { ffi::sqlite3_reset(statement.handle) };
        }
        cursor.rows.clear();
        drop(statement);
        self.settle()?;
        Ok(cursor)
    }

    fn commit(&self) -> Result<()> {
        self.open_handle()?;
        if self.in_transaction() {
            self.run_script("COMMIT")?;
        }
        self.settle()
    }

    fn rollback(&self) -> Result<()> {
        self.open_handle()?;
        if self.in_transaction() {
            self.run_script("ROLLBACK")?;
        }
        self.settle()
    }

    fn in_transaction(&self) -> bool {
        let db = self.db.get();
        // SAFETY: the connection is open.
        !db.is_null() && unsafe { ffi::sqlite3_get_autocommit(db) } == 0
    }

    fn database(&self) -> Option<Rc<str>> {
        self.path.clone()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn close(&self) {
        let db = self.db.replace(ptr::null_mut());
        if db.is_null() {
            return;
        }
        // SAFETY: the connection was open, its statements are given back first, and nothing uses
        // the handle afterwards.
        memory_files::with_host(&self.run.host, || unsafe {
            for (_, statement) in self.statements.borrow_mut().drain(..) {
                ffi::sqlite3_finalize(statement);
            }
            ffi::sqlite3_progress_handler(db, 0, None, ptr::null_mut());
            ffi::sqlite3_close(db);
        });
    }
}

impl Drop for Sqlite3Connection {
    fn drop(&mut self) {
        self.close();
    }
}
