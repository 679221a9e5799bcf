//! What a database holds in its own words, for those that show it to people.
//!
//! The other questions of an [`Inspector`](super::Inspector) are SQLAlchemy's: they pass over what
//! it can't reflect, and resolve types. A listing leaves out nothing and resolves nothing.

use std::rc::Rc;

/// A table or a view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedTable {
    /// Its name.
    pub name: Rc<str>,
    /// Whether it is a view.
    pub view: bool,
    /// The statement that made it, as the database keeps it.
    pub definition: Rc<str>,
    /// Its columns in order; none where the database can't tell, as of a view over a table that is
    /// gone.
    pub columns: Vec<ListedColumn>,
    /// Its indexes, those under constraints among them.
    pub indexes: Vec<ListedIndex>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ListedForeignKey>,
    /// Whether its rows have a `rowid` by which they can be read and changed.
    pub has_rowid: bool,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedColumn {
    /// Its name.
    pub name: Rc<str>,
    /// Its type as it was declared.
    pub declared_type: Rc<str>,
    /// Whether it is NOT NULL.
    pub not_null: bool,
    /// The text of its DEFAULT.
    pub default: Option<String>,
    /// Its place in the primary key, from one; zero outside.
    pub primary_key: u32,
}

/// Why there is an index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IndexOrigin {
    /// A CREATE INDEX.
    #[default]
    Statement,
    /// A UNIQUE constraint.
    Unique,
    /// A PRIMARY KEY constraint.
    PrimaryKey,
}

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedIndex {
    /// Its name; `None` where the database made one up for a constraint.
    pub name: Option<Rc<str>>,
    /// Whether it is unique.
    pub unique: bool,
    /// Its columns; `None` stands for an expression.
    pub columns: Vec<Option<Rc<str>>>,
    /// Why it is there.
    pub origin: IndexOrigin,
}

/// A foreign key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedForeignKey {
    /// Columns of this table.
    pub columns: Vec<Rc<str>>,
    /// The other table.
    pub referred_table: Rc<str>,
    /// Columns of the other table; `None` for each where its primary key is meant unsaid.
    pub referred_columns: Vec<Option<Rc<str>>>,
}
