//! Dialects: each database is a room with its types, compilers, words and limits.
//!
//! Code outside asks a [`Dialect`] what it supports, or hands it the work; it never asks which
//! one it is. [`REGISTRY`] names the rooms.

pub mod default;
mod identifiers;
pub mod mssql;
pub mod mysql;
pub mod oracle;
mod paramstyle;
pub mod postgresql;
mod registry;
pub mod sqlite;

use std::ops::Deref;
use std::rc::Rc;

pub use default::DefaultDialect;
pub use identifiers::IdentifierPreparer;
pub(crate) use identifiers::has_illegal_characters;
pub use paramstyle::Paramstyle;
pub use registry::{REGISTRY, register, registered, rooms};

use crate::name::Name;

#[derive(Clone)]
struct DialectData {
    room: &'static dyn DefaultDialect,
    name: Rc<str>,
    server_version_info: Option<(u32, u32, u32)>,
    paramstyle: Option<Paramstyle>,
}

/// A dialect, as `sqlite.dialect()` makes one; cheap to clone. What its room says is reached
/// through it.
#[derive(Clone)]
pub struct Dialect(Rc<DialectData>);

impl Dialect {
    /// An instance of a room.
    pub fn of(room: &'static dyn DefaultDialect) -> Self {
        Self::build(room, room.name())
    }

    fn build(room: &'static dyn DefaultDialect, name: &str) -> Self {
        Dialect(Rc::new(DialectData {
            room,
            name: name.into(),
            server_version_info: None,
            paramstyle: None,
        }))
    }

    /// `StrCompileDialect()`: for text that no database reads.
    pub fn default_dialect() -> Self {
        Self::of(&default::StrCompileDialect)
    }

    /// The dialect of that name (the part of a URL before `+` or `:`); one that is not in the
    /// registry behaves as `DefaultDialect` does.
    pub fn named(name: &str) -> Self {
        match registered(name) {
            Some(room) => Self::build(room, name),
            None => Self::build(&default::NamedDialect, name),
        }
    }

    /// The same with `paramstyle=`: how parameters stand in the text.
    pub fn with_paramstyle(&self, paramstyle: Paramstyle) -> Self {
        Dialect(Rc::new(DialectData {
            paramstyle: Some(paramstyle),
            ..(*self.0).clone()
        }))
    }

    /// `paramstyle`: how a parameter stands in a compiled text.
    pub fn paramstyle(&self) -> Paramstyle {
        self.0.paramstyle.unwrap_or(self.default_paramstyle())
    }

    /// `dialect.name`.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether what was said for a dialect of that name (a variant, an option) is for this one.
    pub fn goes_by(&self, name: &str) -> bool {
        *self.0.name == *name || self.fallback_name() == Some(name)
    }

    /// The same for a server of that version.
    pub fn with_server_version_info(&self, version: (u32, u32, u32)) -> Self {
        Dialect(Rc::new(DialectData {
            server_version_info: Some(version),
            ..(*self.0).clone()
        }))
    }

    /// `server_version_info`, where a connection told.
    pub fn server_version_info(&self) -> Option<(u32, u32, u32)> {
        self.0.server_version_info
    }

    /// `identifier_preparer.quote(name)`: quotes where it is needed.
    pub fn quote(&self, name: &str) -> String {
        self.identifier_preparer().quote(name)
    }

    /// The same for a name that may have its own mind about quotes.
    pub fn quote_name(&self, name: &Name) -> String {
        self.identifier_preparer().quote_name(name)
    }

    /// `identifier_preparer.quote_identifier(name)`: quotes, whatever the name.
    pub fn quote_identifier(&self, name: &str) -> String {
        self.identifier_preparer().quote_identifier(name)
    }
}

impl Deref for Dialect {
    type Target = dyn DefaultDialect;

    fn deref(&self) -> &Self::Target {
        self.0.room
    }
}

impl std::fmt::Debug for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl PartialEq for Dialect {
    fn eq(&self, other: &Dialect) -> bool {
        self.0.name == other.0.name
    }
}
