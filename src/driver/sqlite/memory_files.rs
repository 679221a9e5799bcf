//! A SQLite VFS over a host that stores databases as bytes; it is SQLite's default VFS, so that
//! time and randomness come from the host as well.
//!
//! A database file is read from the host when its first connection opens it, shared by all the
//! connections to that path, and written back when a transaction has ended ([`flush`]).
#![expect(unsafe_code, reason = "SQLite's C API")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::ptr;
use std::rc::Rc;
use std::sync::OnceLock;

use super::ffi;
use super::pages::{Pages, Writes};
use ground::host::{Host, HostError, absolute_path};

/// Name under which the VFS is registered.
pub(super) const VFS_NAME: &CStr = c"limbeck";

/// Images up to this size are written to the host after each transaction; larger ones when the last
/// connection closes or on [`flush`], so that a thousand DDL statements do not copy a thousand
/// images.
const WRITE_AT_ONCE: usize = 64 << 10;

struct MemoryFile {
    path: String,
    /// Whether it is a database of the workspace, not a journal or temporary file.
    kept: bool,
    contents: RefCell<Vec<u8>>,
    writes: RefCell<Writes>,
    changed: Cell<bool>,
    open: Cell<usize>,
    readers: Cell<usize>,
    reserved: Cell<bool>,
    exclusive: Cell<bool>,
}

type Key = (usize, String);

thread_local! {
    static HOST: RefCell<Option<Rc<dyn Host>>> = const { RefCell::new(None) };
    static FILES: RefCell<BTreeMap<Key, Rc<MemoryFile>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Runs code that may call SQLite, with the host that provides files, time and randomness.
pub(super) fn with_host<T>(host: &Rc<dyn Host>, action: impl FnOnce() -> T) -> T {
    struct Restore(Option<Rc<dyn Host>>);
    impl Drop for Restore {
        fn drop(&mut self) {
            let previous = self.0.take();
            let _ = HOST.try_with(|slot| slot.replace(previous));
        }
    }
    let _restore = Restore(HOST.with(|slot| slot.replace(Some(host.clone()))));
    action()
}

fn current_host() -> Option<Rc<dyn Host>> {
    HOST.try_with(|slot| slot.borrow().clone()).ok().flatten()
}

/// Random bytes from the current host.
pub(super) fn host_random(buffer: &mut [u8]) {
    match current_host() {
        Some(host) => host.random(buffer),
        None => buffer.fill(0x5A),
    }
}

fn key(host: &Rc<dyn Host>, path: &str) -> Key {
    (Rc::as_ptr(host).cast::<()>() as usize, path.to_owned())
}

fn find(host: &Rc<dyn Host>, path: &str) -> Option<Rc<MemoryFile>> {
    FILES
        .try_with(|files| files.borrow().get(&key(host, path)).cloned())
        .ok()
        .flatten()
}

fn write_back(host: &Rc<dyn Host>, file: &MemoryFile) -> Result<(), HostError> {
    // Inside a transaction the file may be incomplete without its journal.
    if !file.kept || !file.changed.get() || file.reserved.get() || file.exclusive.get() {
        return Ok(());
    }
    let contents = file.contents.borrow().clone();
    host.write(&file.path, &contents)?;
    file.changed.set(false);
    Ok(())
}

/// Writes every changed database back to the host, except those inside a transaction.
///
/// # Errors
/// The first that the host has, when all were tried.
pub(super) fn flush(host: &Rc<dyn Host>) -> Result<(), HostError> {
    let address = Rc::as_ptr(host).cast::<()>() as usize;
    let files: Vec<Rc<MemoryFile>> = FILES.with(|files| {
        files
            .borrow()
            .iter()
            .filter(|((owner, _), _)| *owner == address)
            .map(|(_, file)| file.clone())
            .collect()
    });
    let mut result = Ok(());
    for file in files {
        let written = write_back(host, &file);
        if result.is_ok() {
            result = written;
        }
    }
    result
}

/// Writes a small changed database back at once; see [`WRITE_AT_ONCE`].
pub(super) fn flush_if_small(host: &Rc<dyn Host>, path: &str) -> Result<(), HostError> {
    match find(host, path) {
        Some(file) if file.contents.borrow().len() <= WRITE_AT_ONCE => write_back(host, &file),
        _ => Ok(()),
    }
}

/// The current bytes of a database, including committed changes, whether or not it is open.
///
/// # Errors
/// The host's, where it can't be read.
pub fn image(host: &Rc<dyn Host>, path: &str) -> Result<Vec<u8>, HostError> {
    let absolute = absolute_path(&host.current_directory(), path);
    match find(host, &absolute) {
        Some(file) => Ok(file.contents.borrow().clone()),
        None => host.read(&absolute),
    }
}

/// The pages of a database, including committed changes, whether or not it is open; those that were not
/// written since are shared with an earlier state.
///
/// # Errors
/// The host's, where it can't be read.
pub(super) fn pages(
    host: &Rc<dyn Host>,
    absolute: &str,
    earlier: Option<&Pages>,
) -> Result<Pages, HostError> {
    match find(host, absolute) {
        Some(file) => {
            let contents = file.contents.borrow();
            Ok(file.writes.borrow_mut().take(&contents, earlier))
        }
        None => Ok(Pages::compared(&host.read(absolute)?, earlier)),
    }
}

/// Replaces a database's contents, even if connections to it are open: they see the change with
/// their next statement.
///
/// # Errors
/// The host's, where it can't be written.
pub fn restore(host: &Rc<dyn Host>, path: &str, image: &[u8]) -> Result<(), HostError> {
    let absolute = absolute_path(&host.current_directory(), path);
    host.write(&absolute, image)?;
    if let Some(file) = find(host, &absolute) {
        let mut contents = file.contents.borrow_mut();
        let before = change_counter(&contents);
        *contents = image.to_vec();
        // An open connection trusts its cache while the change counter is unchanged.
        if let Some(counter) = contents.get_mut(24..28) {
            let next = before.max(u32::from_be_bytes([
                counter[0], counter[1], counter[2], counter[3],
            ]));
            counter.copy_from_slice(&next.wrapping_add(1).to_be_bytes());
        }
        file.writes.borrow_mut().written(0, contents.len());
        file.changed.set(false);
    }
    Ok(())
}

fn change_counter(contents: &[u8]) -> u32 {
    match contents.get(24..28) {
        Some(bytes) => u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
        None => 0,
    }
}

/// SQLite's previous default VFS: natively, the real file system.
pub(super) fn platform_vfs() -> *const c_char {
    register();
    PLATFORM.get().copied().unwrap_or(0) as *const c_char
}

static PLATFORM: OnceLock<usize> = OnceLock::new();

/// Registers the VFS, once per process.
pub(super) fn register() {
    PLATFORM.get_or_init(|| {
        // SAFETY: the first call comes before SQLite begins, the others only touch its own list of
        // VFS; the structure handed over is leaked, so it lives as long as the process.
        unsafe {
            // Memory statistics are unused, and collecting them takes a lock on each allocation.
            ffi::sqlite3_config(ffi::SQLITE_CONFIG_MEMSTATUS, 0);
            ffi::sqlite3_initialize();
            let before = ffi::sqlite3_vfs_find(ptr::null());
            let name = if before.is_null() {
                ptr::null()
            } else {
                (*before).zName
            };
            let mut vfs: ffi::sqlite3_vfs = std::mem::zeroed();
            vfs.iVersion = 2;
            vfs.szOsFile = size_of::<OpenFile>() as c_int;
            vfs.mxPathname = 1024;
            vfs.zName = VFS_NAME.as_ptr();
            vfs.xOpen = Some(open);
            vfs.xDelete = Some(delete);
            vfs.xAccess = Some(access);
            vfs.xFullPathname = Some(full_path);
            vfs.xRandomness = Some(randomness);
            vfs.xSleep = Some(sleep);
            vfs.xCurrentTime = Some(current_time);
            vfs.xCurrentTimeInt64 = Some(current_time_milliseconds);
            vfs.xGetLastError = Some(last_error);
            ffi::sqlite3_vfs_register(Box::leak(Box::new(vfs)), 1);
            name as usize
        }
    });
}

#[repr(C)]
struct OpenFile {
    base: ffi::sqlite3_file,
    /// From `Rc::into_raw`; released in `close`.
    file: *const MemoryFile,
    lock: c_int,
    delete_on_close: bool,
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

// SQLite calls what follows with pointers that are valid for the call, one thread at a time for
// one file; none of it calls back into SQLite.

unsafe fn text<'a>(name: *const c_char) -> Option<&'a str> {
    if name.is_null() {
        return None;
    }
    // SAFETY: the caller's name is not null and ends in NUL.
    unsafe { CStr::from_ptr(name) }.to_str().ok()
}

unsafe fn opened<'a>(file: *mut ffi::sqlite3_file) -> (&'a mut OpenFile, &'a MemoryFile) {
    // SAFETY: SQLite allots `szOsFile` bytes for each file, which `open` has filled.
    let open = unsafe { &mut *file.cast::<OpenFile>() };
    // SAFETY: the pointer is a counted reference that `close` gives back.
    let memory = unsafe { &*open.file };
    (open, memory)
}

unsafe extern "C" fn open(
    _vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    out: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let slot = out.cast::<OpenFile>();
    // SAFETY: SQLite allots `szOsFile` bytes for the file.
    unsafe { (*slot).base.pMethods = ptr::null() };
    // SAFETY: SQLite's name is null or ends in NUL.
    let name = unsafe { text(name) };
    let main = flags & ffi::SQLITE_OPEN_MAIN_DB != 0;
    let host = current_host();
    let file = match (name, &host) {
        (Some(path), Some(host)) => match find(host, path) {
            Some(file) => file,
            None => {
                let contents = if main {
                    match first_contents(host, path, flags) {
                        Some(contents) => contents,
                        None => return ffi::SQLITE_CANTOPEN,
                    }
                } else if flags & ffi::SQLITE_OPEN_CREATE == 0 {
                    return ffi::SQLITE_CANTOPEN;
                } else {
                    Vec::new()
                };
                let file = Rc::new(memory_file(path, main, contents));
                FILES.with(|files| files.borrow_mut().insert(key(host, path), file.clone()));
                file
            }
        },
        (Some(_), None) => return ffi::SQLITE_CANTOPEN,
        (None, _) => Rc::new(memory_file("", false, Vec::new())),
    };
    file.open.set(file.open.get() + 1);
    // SAFETY: SQLite allots `szOsFile` bytes for the file; `out_flags` is null or a place for the answer.
    unsafe {
        (*slot).file = Rc::into_raw(file);
        (*slot).lock = ffi::SQLITE_LOCK_NONE;
        (*slot).delete_on_close = flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0;
        (*slot).base.pMethods = &METHODS;
        if !out_flags.is_null() {
            *out_flags = flags;
        }
    }
    ffi::SQLITE_OK
}

fn memory_file(path: &str, kept: bool, contents: Vec<u8>) -> MemoryFile {
    MemoryFile {
        path: path.to_owned(),
        kept,
        contents: RefCell::new(contents),
        writes: RefCell::new(Writes::new()),
        changed: Cell::new(false),
        open: Cell::new(0),
        readers: Cell::new(0),
        reserved: Cell::new(false),
        exclusive: Cell::new(false),
    }
}

/// The initial contents of a database file for its first connection. A missing file is created
/// empty at once, as on disk.
fn first_contents(host: &Rc<dyn Host>, path: &str, flags: c_int) -> Option<Vec<u8>> {
    match host.read(path) {
        Ok(mut contents) => {
            // An image in WAL mode can't be read without shared memory: the two version bytes
            // say rollback journal instead, as SQLite's own documentation advises.
            if contents.starts_with(b"SQLite format 3\0")
                && let Some(versions) = contents.get_mut(18..20)
                && versions == [2, 2]
            {
                versions.copy_from_slice(&[1, 1]);
            }
            Some(contents)
        }
        Err(HostError::NotFound(_)) if flags & ffi::SQLITE_OPEN_CREATE != 0 => {
            host.write(path, &[]).ok().map(|()| Vec::new())
        }
        Err(_) => None,
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite allots `szOsFile` bytes for each file, which `open` has filled.
    let open = unsafe { &mut *file.cast::<OpenFile>() };
    if open.file.is_null() {
        return ffi::SQLITE_OK;
    }
    // SAFETY: the file is open until the end of this function.
    unsafe { unlock(file, ffi::SQLITE_LOCK_NONE) };
    // SAFETY: the pointer came from `Rc::into_raw`, and is cleared below.
    let memory = unsafe { Rc::from_raw(open.file) };
    open.file = ptr::null();
    memory.open.set(memory.open.get().saturating_sub(1));
    if let Some(host) = current_host()
        && memory.open.get() == 0
        && !memory.path.is_empty()
    {
        let written = write_back(&host, &memory);
        if memory.kept || open.delete_on_close {
            let _ = FILES.try_with(|files| files.borrow_mut().remove(&key(&host, &memory.path)));
        }
        if written.is_err() {
            return ffi::SQLITE_IOERR;
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    buffer: *mut c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite passes a file that `open` has filled.
    let (_, memory) = unsafe { opened(file) };
    // SAFETY: SQLite's buffer holds `amount` bytes.
    let buffer =
        unsafe { std::slice::from_raw_parts_mut(buffer.cast::<u8>(), amount.max(0) as usize) };
    let contents = memory.contents.borrow();
    let start = (offset.max(0) as usize).min(contents.len());
    let available = (contents.len() - start).min(buffer.len());
    buffer[..available].copy_from_slice(&contents[start..start + available]);
    if available < buffer.len() {
        buffer[available..].fill(0);
        return ffi::SQLITE_IOERR_SHORT_READ;
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    buffer: *const c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite passes a file that `open` has filled.
    let (_, memory) = unsafe { opened(file) };
    // SAFETY: SQLite's buffer holds `amount` bytes.
    let buffer = unsafe { std::slice::from_raw_parts(buffer.cast::<u8>(), amount.max(0) as usize) };
    let mut contents = memory.contents.borrow_mut();
    let start = offset.max(0) as usize;
    let end = start + buffer.len();
    // What lies between the old end and the start is written too, with zeros.
    let from = start.min(contents.len());
    if contents.len() < end {
        let missing = end - contents.len();
        if contents.try_reserve(missing).is_err() {
            return ffi::SQLITE_FULL;
        }
        let length = contents.len().max(start);
        contents.resize(length, 0);
    }
    let (over, beyond) = buffer.split_at((contents.len() - start).min(buffer.len()));
    contents[start..start + over.len()].copy_from_slice(over);
    contents.extend_from_slice(beyond);
    if memory.kept {
        memory.writes.borrow_mut().written(from, end);
    }
    memory.changed.set(true);
    ffi::SQLITE_OK
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: SQLite passes a file that `open` has filled.
    let (_, memory) = unsafe { opened(file) };
    memory.contents.borrow_mut().truncate(size.max(0) as usize);
    memory.changed.set(true);
    ffi::SQLITE_OK
}

unsafe extern "C" fn sync(_file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    size: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite passes a file that `open` has filled.
    let (_, memory) = unsafe { opened(file) };
    // SAFETY: SQLite passes a place for the answer.
    unsafe { *size = memory.contents.borrow().len() as ffi::sqlite3_int64 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite passes a file that `open` has filled.
    let (open, memory) = unsafe { opened(file) };
    if open.lock >= level {
        return ffi::SQLITE_OK;
    }
    if open.lock < ffi::SQLITE_LOCK_SHARED {
        if memory.exclusive.get() {
            return ffi::SQLITE_BUSY;
        }
        memory.readers.set(memory.readers.get() + 1);
        open.lock = ffi::SQLITE_LOCK_SHARED;
    }
    if level >= ffi::SQLITE_LOCK_RESERVED && open.lock < ffi::SQLITE_LOCK_RESERVED {
        if memory.reserved.get() {
            return ffi::SQLITE_BUSY;
        }
        memory.reserved.set(true);
        open.lock = ffi::SQLITE_LOCK_RESERVED;
    }
    if level >= ffi::SQLITE_LOCK_EXCLUSIVE {
        // Pending: existing readers may finish, new ones must wait.
        memory.exclusive.set(true);
        open.lock = ffi::SQLITE_LOCK_PENDING;
        if memory.readers.get() > 1 {
            return ffi::SQLITE_BUSY;
        }
        open.lock = ffi::SQLITE_LOCK_EXCLUSIVE;
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite passes a file that `open` has filled.
    let (open, memory) = unsafe { opened(file) };
    if open.lock >= ffi::SQLITE_LOCK_PENDING && level < ffi::SQLITE_LOCK_PENDING {
        memory.exclusive.set(false);
    }
    if open.lock >= ffi::SQLITE_LOCK_RESERVED && level < ffi::SQLITE_LOCK_RESERVED {
        memory.reserved.set(false);
    }
    if open.lock >= ffi::SQLITE_LOCK_SHARED && level < ffi::SQLITE_LOCK_SHARED {
        memory.readers.set(memory.readers.get().saturating_sub(1));
    }
    open.lock = open.lock.min(level);
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(
    file: *mut ffi::sqlite3_file,
    result: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes a file that `open` has filled.
    let (_, memory) = unsafe { opened(file) };
    // SAFETY: SQLite passes a place for the answer.
    unsafe { *result = c_int::from(memory.reserved.get()) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(
    _file: *mut ffi::sqlite3_file,
    _operation: c_int,
    _argument: *mut c_void,
) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_file: *mut ffi::sqlite3_file) -> c_int {
    4096
}

unsafe extern "C" fn device_characteristics(_file: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_SAFE_APPEND
        | ffi::SQLITE_IOCAP_SEQUENTIAL
        | ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn delete(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _sync_directory: c_int,
) -> c_int {
    // SAFETY: SQLite's name is null or ends in NUL.
    if let (Some(path), Some(host)) = (unsafe { text(name) }, current_host()) {
        FILES.with(|files| files.borrow_mut().remove(&key(&host, path)));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn access(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _flags: c_int,
    result: *mut c_int,
) -> c_int {
    // Asked for journals only: those of the workspace are ours, and gone with their connection.
    // SAFETY: SQLite's name is null or ends in NUL.
    let there = match (unsafe { text(name) }, current_host()) {
        (Some(path), Some(host)) => find(&host, path).is_some(),
        _ => false,
    };
    // SAFETY: SQLite passes a place for the answer.
    unsafe { *result = c_int::from(there) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_path(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    size: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: SQLite's name is null or ends in NUL.
    let Some(path) = (unsafe { text(name) }) else {
        return ffi::SQLITE_CANTOPEN;
    };
    let directory = current_host().map_or_else(|| "/".to_owned(), |host| host.current_directory());
    let path = absolute_path(&directory, path);
    if path.len() + 1 > size.max(0) as usize {
        return ffi::SQLITE_CANTOPEN;
    }
    // SAFETY: SQLite's buffer holds `size` bytes, which was compared above.
    unsafe {
        ptr::copy_nonoverlapping(path.as_ptr(), out.cast::<u8>(), path.len());
        *out.add(path.len()) = 0;
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn randomness(
    _vfs: *mut ffi::sqlite3_vfs,
    size: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: SQLite's buffer holds `size` bytes.
    let buffer = unsafe { std::slice::from_raw_parts_mut(out.cast::<u8>(), size.max(0) as usize) };
    host_random(buffer);
    size
}

unsafe extern "C" fn sleep(_vfs: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    // Nothing else could run while waiting.
    microseconds
}

fn milliseconds() -> i64 {
    /// Milliseconds from the start of the Julian day count to 1970.
    const UNIX_EPOCH: i64 = 210_866_760_000_000;
    let now = current_host().map_or(0, |host| host.now().microseconds);
    UNIX_EPOCH + now.div_euclid(1000)
}

unsafe extern "C" fn current_time(_vfs: *mut ffi::sqlite3_vfs, out: *mut f64) -> c_int {
    // SAFETY: SQLite passes a place for the answer.
    unsafe { *out = milliseconds() as f64 / 86_400_000.0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn current_time_milliseconds(
    _vfs: *mut ffi::sqlite3_vfs,
    out: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite passes a place for the answer.
    unsafe { *out = milliseconds() };
    ffi::SQLITE_OK
}

unsafe extern "C" fn last_error(
    _vfs: *mut ffi::sqlite3_vfs,
    _size: c_int,
    _out: *mut c_char,
) -> c_int {
    0
}
