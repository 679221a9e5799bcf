//! States of databases: taken, opened, compared, put back.
//!
//! What a state is made of is the dialect's affair: pages of a file, a template of a server. It is
//! held as long as somebody has a handle of it.

mod difference;

use std::any::Any;
use std::collections::HashSet;
use std::rc::Rc;

pub use difference::{
    CellChange, Change, ColumnCells, ComparedTable, NewColumn, RowChange, RowDifference,
};

use crate::dialects;
use crate::engine::Connection;
use ground::diagnostic::Result;
use ground::host::{Host, HostError};
use ground::run::Run;

/// What a dialect can do with whole databases. A database goes by the name that
/// [`driver::Connection::database`] has for it.
pub trait Images: Sync {
    /// Whether a database of that name is one of this dialect's.
    fn owns(&self, database: &str) -> bool;

    /// Takes the state of a database as the connection that is changing it sees it, what is not
    /// committed yet with it. What is as in an `earlier` state is shared with that.
    ///
    /// # Errors
    /// The host's, where it can't be read.
    fn take(
        &self,
        host: &Rc<dyn Host>,
        database: &str,
        earlier: Option<&Image>,
    ) -> Result<Image, HostError>;

    /// The state that [`Image::bytes`] wrote; no bytes are a database without a table.
    fn from_bytes(&self, bytes: &[u8]) -> Image;

    /// Whether a statement that begins with this word, in capitals, leaves a database as it is.
    fn only_reads(&self, first_word: &str) -> bool {
        matches!(first_word, "SELECT" | "EXPLAIN" | "VALUES")
    }

    /// The condition on which a value of a column, given as it stands in SQL, is another after
    /// `CAST` to a type; `family` is what the type holds: `text`, `boolean`, `date`, `datetime`,
    /// `time`, `integer`, `number`. `None` where every value comes through.
    fn lost_in_cast(&self, column: &str, type_: &str, family: &str) -> Option<String> {
        let _ = (column, type_, family);
        None
    }

    /// Makes a database one that was never used.
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

/// A state that an [`Image`] holds.
pub trait ImageState: Any {
    /// Its memory, in pieces that states can share: what is shared is the same allocation at the
    /// same place.
    fn pieces(&self) -> &[Rc<[u8]>];

    /// Puts the state in the place of a database; connections that are open see it at their next
    /// statement.
    ///
    /// # Errors
    /// The host's, where it can't be written.
    fn restore(&self, host: &Rc<dyn Host>, database: &str) -> Result<(), HostError>;

    /// Opens a copy for reading, in autocommit mode; nothing that is done there reaches another.
    ///
    /// # Errors
    /// What the database says, such as for bytes that are no database.
    fn open(&self) -> Result<Connection>;

    /// Sets out to compare rows with those of a later state.
    ///
    /// # Errors
    /// What the database says.
    fn compare(&self, later: &Image) -> Result<Box<dyn CompareRows>>;
}

/// Compares the rows of two states.
pub trait CompareRows {
    /// Compares the rows of a table that is in one of them or in both; `new_column` gives the
    /// later name of a column. Of differing rows at most `sample` of a kind are named.
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

/// A state of a database; a cheap handle.
#[derive(Clone)]
pub struct Image(Rc<dyn ImageState>);

impl Image {
    /// A handle of a state.
    pub fn new(state: Rc<dyn ImageState>) -> Self {
        Image(state)
    }

    /// The state of a database of a host, in whichever dialect [owns](Images::owns) it. See
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

    /// The state of a database that is a file, with these bytes; none are a database without a
    /// table.
    ///
    /// # Errors
    /// `NotFound` where no dialect has files.
    pub fn of_file(bytes: &[u8]) -> Result<Image, HostError> {
        Ok(owner("/database")?.from_bytes(bytes))
    }

    /// As one file, for [`Images::from_bytes`].
    pub fn bytes(&self) -> Vec<u8> {
        self.0.pieces().concat()
    }

    /// Its size in bytes.
    pub fn len(&self) -> usize {
        self.0.pieces().iter().map(|piece| piece.len()).sum()
    }

    /// Whether it is a database without a table that was never used.
    pub fn is_empty(&self) -> bool {
        self.0.pieces().is_empty()
    }

    /// How many of its bytes are in no image that was counted before; `seen` has the counted
    /// pieces.
    pub fn weight(&self, seen: &mut HashSet<*const u8>) -> usize {
        self.0
            .pieces()
            .iter()
            .filter(|piece| seen.insert(piece.as_ptr()))
            .map(|piece| piece.len())
            .sum()
    }

    /// How many of its bytes it does not share with an earlier image.
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

    /// Whether both are the same state.
    pub fn same(&self, other: &Image) -> bool {
        let (ours, theirs) = (self.0.pieces(), other.0.pieces());
        ours.len() == theirs.len()
            && ours
                .iter()
                .zip(theirs)
                .all(|(a, b)| Rc::ptr_eq(a, b) || a == b)
    }

    /// The state itself as its own type.
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

/// Whether a statement that begins with this word, in capitals, leaves every database as it is.
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
