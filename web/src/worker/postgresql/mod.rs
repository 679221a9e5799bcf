//! PostgreSQL in the page: one server for all databases of all hosts of this worker.
//!
//! A database of PostgreSQL is a file of the workspace, as one of SQLite is: its name is
//! `postgresql:///` and the database's, its contents are a state as [`Process::image`] gives it. So
//! history, saving, undo, the workers for trials and links need not know of it. The process holds one
//! state of one database. Where a host connects to another one, or to the same after its file was
//! replaced, the process opens that state; what it wrote before goes into the file of the host that it
//! belongs to ([`settle`]).
//!
//! The process is loaded when it is first wanted, which can't be waited for within a call: [`connect`]
//! then fails, and [`is_wanted`] says that the request is to be answered again once it was
//! [`provide`]d. So is another process, with an extension, where the one that runs misses it.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use limbeck::ground::socket::{Socket, SocketError};
use protocol::POSTGRESQL;

use crate::workspace::Files;

#[cfg(target_family = "wasm")]
mod process;
mod session;
#[cfg(test)]
mod tests;
pub(crate) mod words;

#[cfg(target_family = "wasm")]
pub(crate) use process::load;

/// The name of the file of a database.
pub fn path_of(database: &str) -> String {
    format!("{POSTGRESQL}{database}")
}

/// Whether a file is a database of PostgreSQL.
pub fn is_database(path: &str) -> bool {
    path.starts_with(POSTGRESQL)
}

/// The running PostgreSQL (`web/postgresql/server.js`).
pub trait Process {
    /// Opens a state of a database, or a new one where there is none.
    fn open(&self, database: &str, image: Option<&[u8]>) -> Result<(), String>;
    /// Sends messages of the protocol; gives what it answers.
    fn exchange(&self, messages: &[u8]) -> Result<Vec<u8>, String>;
    /// The number of the transaction that comes next: nothing was written where that is what it was.
    fn position(&self) -> Result<String, String>;
    /// What is committed now.
    fn image(&self) -> Result<Vec<u8>, String>;
}

/// The files of a host, as its handles share them.
pub type SharedFiles = Rc<RefCell<Files>>;

/// What the process holds.
struct Held {
    database: String,
    files: Weak<RefCell<Files>>,
    /// The contents of the file that it was opened with, or that were taken from it last.
    contents: Option<Rc<Vec<u8>>>,
    position: String,
    /// Whether something was committed since.
    changed: bool,
}

/// The process, and what it holds.
struct Server {
    process: Box<dyn Process>,
    held: Option<Held>,
    /// The session whose statements ran last.
    session: u32,
    /// Whether that is in a transaction.
    in_transaction: bool,
}

thread_local! {
    static SERVER: RefCell<Option<Server>> = const { RefCell::new(None) };
    /// Why there will be no process; one that is provided nonetheless is taken.
    static TROUBLE: RefCell<Option<String>> =
        RefCell::new((!cfg!(target_family = "wasm")).then(|| "there is no browser here".to_owned()));
    static WANTED: Cell<bool> = const { Cell::new(false) };
    /// The extensions that were wanted.
    static EXTENSIONS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static SESSIONS: Cell<u32> = const { Cell::new(0) };
}

/// Whether somebody wanted to connect since this was asked last, and there was no process.
pub fn is_wanted() -> bool {
    WANTED.take()
}

/// Whether somebody wanted to connect and is waiting for a process.
pub fn is_waited_for() -> bool {
    WANTED.get()
}

/// The extensions that the next process is to have.
pub fn extensions() -> Vec<String> {
    EXTENSIONS.with_borrow(Clone::clone)
}

/// Notes that a statement wants an extension that the process does not have. Without effect where that process was asked
/// for it: then there is none.
fn want_extension(name: &str) {
    let known = EXTENSIONS.with_borrow(|all| all.iter().any(|one| one == name));
    if !known {
        EXTENSIONS.with_borrow_mut(|all| all.push(name.to_owned()));
        WANTED.set(true);
        // What this process has done for the request is taken back with it.
        SERVER.set(None);
    }
}

/// Here is the process.
pub fn provide(process: Box<dyn Process>) {
    TROUBLE.set(None);
    SERVER.set(Some(Server {
        process,
        held: None,
        session: 0,
        in_transaction: false,
    }));
}

/// There is none, for this reason: connecting says so from now on.
pub fn give_up(reason: String) {
    TROUBLE.set(Some(reason));
}

/// Opens a stream to the server, for a host with these files.
///
/// # Errors
///
/// Where the process is not there, or not yet.
pub fn connect(files: &SharedFiles) -> Result<Box<dyn Socket>, SocketError> {
    if let Some(reason) = TROUBLE.with_borrow(Clone::clone) {
        return Err(SocketError::Unavailable(reason));
    }
    if SERVER.with_borrow(Option::is_none) {
        WANTED.set(true);
        return Err(SocketError::Unavailable(words::LOADING.to_owned()));
    }
    let number = SESSIONS.get() + 1;
    SESSIONS.set(number);
    Ok(Box::new(session::Session::new(files.clone(), number)))
}

/// Puts what was written into the file of its database, where this host has it open and no transaction
/// is.
pub fn settle(files: &SharedFiles) {
    // Who is in the middle of a statement holds it, and settles later.
    let _ = SERVER.try_with(|server| {
        if let Ok(mut server) = server.try_borrow_mut()
            && let Some(server) = &mut *server
            && server.is_of(files)
        {
            // The next statement meets what was wrong.
            let _ = server.settle();
        }
    });
}

/// Has a session use the server.
fn with<T>(use_it: impl FnOnce(&mut Server) -> Result<T, String>) -> Result<T, SocketError> {
    SERVER.with_borrow_mut(|server| {
        let Some(running) = server else {
            return Err(SocketError::Closed);
        };
        use_it(running).map_err(|message| {
            // What broke is not used again; the state is what was settled last.
            *server = None;
            SocketError::Other(message)
        })
    })
}

impl Server {
    fn is_of(&self, files: &SharedFiles) -> bool {
        self.held
            .as_ref()
            .is_some_and(|held| held.files.as_ptr() == Rc::as_ptr(files))
    }

    fn has_changed(&self) -> bool {
        self.held.as_ref().is_some_and(|held| held.changed)
    }

    /// Notes what a transaction that has ended has written.
    fn note(&mut self, committed: bool) -> Result<(), String> {
        let position = self.process.position()?;
        if let Some(held) = &mut self.held
            && held.position != position
        {
            held.position = position;
            held.changed |= committed;
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<(), String> {
        if self.in_transaction || !self.has_changed() {
            return Ok(());
        }
        let Some(held) = &mut self.held else {
            return Ok(());
        };
        let Some(files) = held.files.upgrade() else {
            // A copy that nobody has any more.
            self.held = None;
            return Ok(());
        };
        let image = Rc::new(self.process.image()?);
        held.changed = false;
        held.contents = Some(image.clone());
        files
            .borrow_mut()
            .files
            .insert(path_of(&held.database), image);
        Ok(())
    }

    /// Makes the process hold a host's database as it is in its file.
    fn open(&mut self, files: &SharedFiles, database: &str) -> Result<(), String> {
        let contents = files.borrow().files.get(&path_of(database)).cloned();
        // No bytes are a new database.
        let contents = contents.filter(|bytes| !bytes.is_empty());
        let same = self.held.as_ref().is_some_and(|held| {
            held.database == database
                && match (&held.contents, &contents) {
                    (Some(held), Some(now)) => Rc::ptr_eq(held, now) || held == now,
                    (None, None) => true,
                    _ => false,
                }
        });
        if same && (self.is_of(files) || !self.has_changed()) {
            if let Some(held) = &mut self.held {
                held.files = Rc::downgrade(files);
            }
            return Ok(());
        }
        self.settle()?;
        self.held = None;
        self.process
            .open(database, contents.as_ref().map(|bytes| bytes.as_slice()))?;
        self.held = Some(Held {
            database: database.to_owned(),
            files: Rc::downgrade(files),
            contents,
            position: self.process.position()?,
            changed: false,
        });
        Ok(())
    }
}
