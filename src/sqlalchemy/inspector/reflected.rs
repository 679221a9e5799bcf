//! What an inspector tells: `sqlalchemy.engine.interfaces.Reflected...`.

use std::rc::Rc;

use crate::schema::{DialectOptions, IdentityOptions};
use crate::sqltypes::Type;

/// A column, as `Inspector.get_columns` tells.
#[derive(Clone, Debug)]
pub struct ReflectedColumn {
    /// Name.
    pub name: Rc<str>,
    /// Type.
    pub type_: Type,
    /// The type as the database writes it.
    pub declared_type: Rc<str>,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// The default's text.
    pub default: Option<String>,
    /// Its place in the primary key, from one; zero outside, and where the database tells the key
    /// only as a constraint.
    pub primary_key: i64,
    /// Of a computed column its expression and whether it is stored.
    pub computed: Option<(String, bool)>,
    /// Of an identity column whether it is ALWAYS, and its sequence.
    pub identity: Option<(bool, IdentityOptions)>,
    /// Comment.
    pub comment: Option<Rc<str>>,
}

/// A primary key, as `Inspector.get_pk_constraint` tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReflectedPrimaryKey {
    /// Name.
    pub name: Option<String>,
    /// Columns.
    pub constrained_columns: Vec<Rc<str>>,
}

/// A foreign key, as `Inspector.get_foreign_keys` tells.
#[derive(Clone, Debug, PartialEq)]
pub struct ReflectedForeignKey {
    /// Name.
    pub name: Option<String>,
    /// Columns of this table.
    pub constrained_columns: Vec<Rc<str>>,
    /// Schema of the other table, where it is not the default one.
    pub referred_schema: Option<String>,
    /// The other table.
    pub referred_table: Rc<str>,
    /// Columns of the other table.
    pub referred_columns: Vec<Rc<str>>,
    /// `ON DELETE`, but for NO ACTION.
    pub ondelete: Option<String>,
    /// `ON UPDATE`, but for NO ACTION.
    pub onupdate: Option<String>,
    /// DEFERRABLE or NOT DEFERRABLE.
    pub deferrable: Option<bool>,
    /// `INITIALLY`.
    pub initially: Option<String>,
}

/// An index, as `Inspector.get_indexes` tells.
#[derive(Clone, Default)]
pub struct ReflectedIndex {
    /// Name.
    pub name: Rc<str>,
    /// Its columns; `None` stands for an expression, which is in [`expressions`](Self::expressions).
    pub column_names: Vec<Option<Rc<str>>>,
    /// Text of each of its parts, where one of them is an expression; empty where none is.
    pub expressions: Vec<Rc<str>>,
    /// How columns are sorted that are not sorted as usual: `desc`, `nulls_first` ...
    pub column_sorting: Vec<(Rc<str>, Vec<Rc<str>>)>,
    /// Whether it is unique.
    pub unique: bool,
    /// What only the dialect has, by its whole name, such as the condition of a partial index.
    pub dialect_options: DialectOptions,
}

impl ReflectedIndex {
    /// The columns of an index that has no expression.
    pub fn columns(&self) -> Vec<Rc<str>> {
        self.column_names.iter().flatten().cloned().collect()
    }
}

/// A unique constraint, as `Inspector.get_unique_constraints` tells.
#[derive(Clone, Default)]
pub struct ReflectedUniqueConstraint {
    /// Name.
    pub name: Option<String>,
    /// Columns.
    pub column_names: Vec<Rc<str>>,
    /// Name of the index of which it is the other face, where a database lists it there too.
    pub duplicates_index: Option<Rc<str>>,
    /// What only the dialect has, by its whole name.
    pub dialect_options: DialectOptions,
}

/// A check constraint, as `Inspector.get_check_constraints` tells.
#[derive(Clone, Default)]
pub struct ReflectedCheckConstraint {
    /// Name.
    pub name: Option<String>,
    /// Condition.
    pub sqltext: String,
    /// What only the dialect has, by its whole name.
    pub dialect_options: DialectOptions,
}
