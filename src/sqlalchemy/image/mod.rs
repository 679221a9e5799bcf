//! Snapshots of databases: take, open, compare, restore.
//!
//! The representation depends on the dialect: file pages, a server-side template. A snapshot lives
//! as long as a handle to it.

mod difference;

use std::any::Any;
use std::rc::Rc;

pub use difference::{
    CellChange, Change, ColumnCells, ComparedTable, NewColumn, RowChange, RowDifference,
};

use crate::dialects;
use crate::engine::Connection;
use ground::diagnostic::Result;
use ground::hash::HashSet;
use ground::host::{Host, HostError};
use ground::run::Run;

/// A dialect's operations on whole databases, which are identified by
/// [`driver::Connection::database`].
pub trait Images: Sync {
    /// Whether a database of that name belongs to this dialect.
    fn owns(&self, database: &str) -> bool;

    /// Takes a snapshot as seen by the modifying connection, including uncommitted changes.
    /// Unchanged parts are shared with the `earlier` snapshot.
    ///
    /// # Errors
    /// The host's, where it can't be read.
    fn take(
        &self,
        host: &Rc<dyn Host>,
        database: &str,
        earlier: Option<&Image>,
    ) -> Result<Image, HostError>;

    /// Whether a snapshot that is taken within a transaction has what that has changed.
    fn sees_uncommitted(&self) -> bool {
        true
    }

    /// The snapshot serialized by [`Image::bytes`]; empty bytes are an empty database.
    fn image_from_bytes(&self, bytes: &[u8]) -> Image;

    /// Whether a statement that starts with this upper-case keyword leaves a database unchanged.
    fn only_reads(&self, first_word: &str) -> bool {
        matches!(first_word, "SELECT" | "EXPLAIN" | "VALUES")
    }

    /// A SQL condition that a column's value (a SQL expression) changes under `CAST` to a type;
    /// `family` is the type's kind: `text`, `boolean`, `date`, `datetime`, `time`, `integer`,
    /// `number`. `None` if every value is preserved.
    fn lost_in_cast(&self, column: &str, type_: &str, family: &str) -> Option<String> {
        let _ = (column, type_, family);
        None
    }

    /// Resets a database to an unused one.
    ///
    /// # Errors
    /// The host's.
    fn empty(&self, host: &Rc<dyn Host>, database: &str) -> Result<(), HostError>;

    /// Connects to a database in autocommit mode.
    ///
    /// # Errors
    /// What the database says.
    fn connect(&self, run: &Run, database: &str) -> Result<Connection>;
}

/// The state behind an [`Image`].
pub trait ImageState: Any {
    /// Its memory, in pieces that snapshots can share: a shared piece is the same allocation.
    fn pieces(&self) -> &[Rc<[u8]>];

    /// Restores the state into a database; open connections see it with their next statement.
    ///
    /// # Errors
    /// The host's, where it can't be written.
    fn restore(&self, host: &Rc<dyn Host>, database: &str) -> Result<(), HostError>;

    /// Opens a copy for reading, in autocommit mode; changes to it are not visible elsewhere.
    ///
    /// # Errors
    /// What the database says, such as for bytes that are no database.
    fn open(&self) -> Result<Connection>;

    /// Prepares a row comparison with a later snapshot.
    ///
    /// # Errors
    /// What the database says.
    fn compare(&self, later: &Image) -> Result<Box<dyn CompareRows>>;
}

/// Compares the rows of two snapshots.
pub trait CompareRows {
    /// Compares the rows of a table that exists in one or both; `new_column` maps a column to its
    /// later name. Lists at most `sample` differing rows of each kind.
    ///
    /// # Errors
    /// What the database says.
    fn rows(
        &self,
        before: Option<&ComparedTable<'_>>,
        after: Option<&ComparedTable<'_>>,
        new_column: NewColumn<'_>,
        sample: usize,
    ) -> Result<RowDifference>;
}

/// A snapshot of a database; a cheap handle.
#[derive(Clone)]
pub struct Image(Rc<dyn ImageState>);

impl Image {
    /// Wraps a state.
    pub fn new(state: Rc<dyn ImageState>) -> Self {
        Image(state)
    }

    /// Takes a snapshot of a host's database, with the dialect that [owns](Images::owns) it. See
    /// [`Images::take`].
    ///
    /// # Errors
    /// The host's; `NotFound` for a database that no dialect owns.
    pub fn take(
        host: &Rc<dyn Host>,
        database: &str,
        earlier: Option<&Image>,
    ) -> Result<Image, HostError> {
        owner(database)?.take(host, database, earlier)
    }

    /// The snapshot of a file database with these bytes; empty bytes are an empty database.
    ///
    /// # Errors
    /// `NotFound` where no dialect has files.
    pub fn of_file(bytes: &[u8]) -> Result<Image, HostError> {
        Ok(owner("/database")?.image_from_bytes(bytes))
    }

    /// Serializes it, for [`Images::from_bytes`].
    pub fn bytes(&self) -> Vec<u8> {
        self.0.pieces().concat()
    }

    /// Its size in bytes.
    pub fn len(&self) -> usize {
        self.0.pieces().iter().map(|piece| piece.len()).sum()
    }

    /// Whether it is an unused database without tables.
    pub fn is_empty(&self) -> bool {
        self.0.pieces().is_empty()
    }

    /// The size of its bytes that are not in images counted before; `seen` collects the counted
    /// pieces.
    pub fn weight(&self, seen: &mut HashSet<*const u8>) -> usize {
        self.0
            .pieces()
            .iter()
            .filter(|piece| seen.insert(piece.as_ptr()))
            .map(|piece| piece.len())
            .sum()
    }

    /// The size of its bytes that are not shared with an earlier image.
    pub fn added_since(&self, earlier: Option<&Image>) -> usize {
        let known = earlier.map_or(&[] as &[_], |earlier| earlier.0.pieces());
        self.0
            .pieces()
            .iter()
            .enumerate()
            .filter(|(place, piece)| {
                known
                    .get(*place)
                    .is_none_or(|known| !Rc::ptr_eq(known, piece))
            })
            .map(|(_, piece)| piece.len())
            .sum()
    }

    /// Whether both are the same snapshot.
    pub fn same(&self, other: &Image) -> bool {
        let (ours, theirs) = (self.0.pieces(), other.0.pieces());
        ours.len() == theirs.len()
            && ours
                .iter()
                .zip(theirs)
                .all(|(a, b)| Rc::ptr_eq(a, b) || a == b)
    }

    /// The state, for downcasting to its own type.
    pub fn state(&self) -> &dyn Any {
        &*self.0
    }

    /// See [`ImageState::restore`].
    ///
    /// # Errors
    /// The host's.
    pub fn restore(&self, host: &Rc<dyn Host>, database: &str) -> Result<(), HostError> {
        self.0.restore(host, database)
    }

    /// See [`ImageState::open`].
    ///
    /// # Errors
    /// What the database says.
    pub fn open(&self) -> Result<Connection> {
        self.0.open()
    }

    /// See [`ImageState::compare`].
    ///
    /// # Errors
    /// What the database says.
    pub fn compare(&self, later: &Image) -> Result<Box<dyn CompareRows>> {
        self.0.compare(later)
    }
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Image({} bytes)", self.len())
    }
}

/// Whether a statement that starts with this upper-case keyword leaves every database unchanged.
pub fn only_reads(first_word: &str) -> bool {
    dialects::rooms()
        .into_iter()
        .filter_map(|room| room.images())
        .any(|images| images.only_reads(first_word))
}

/// The dialect that owns a database of that name.
///
/// # Errors
/// `NotFound` where none does.
pub fn owner(database: &str) -> Result<&'static dyn Images, HostError> {
    dialects::rooms()
        .into_iter()
        .filter_map(|room| room.images())
        .find(|images| images.owns(database))
        .ok_or_else(|| HostError::NotFound(database.to_owned()))
}
