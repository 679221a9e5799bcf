//! Reflection results: `sqlalchemy.engine.interfaces.Reflected...`.

use std::rc::Rc;

use crate::schema::{DialectOptions, IdentityOptions};
use crate::sqltypes::Type;

/// A column, as returned by `Inspector.get_columns`.
#[derive(Clone, Debug)]
pub struct ReflectedColumn {
    /// Name.
    pub name: Rc<str>,
    /// Type.
    pub type_: Type,
    /// The type as declared in the database.
    pub declared_type: Rc<str>,
    /// Whether it is nullable.
    pub nullable: bool,
    /// The default, as SQL text.
    pub default: Option<String>,
    /// Its 1-based position in the primary key; zero if it is not part of it, or if the database
    /// only reports the key as a constraint.
    pub primary_key: i64,
    /// Whether the database counts its values: from a sequence, or as an identity. `None` where the
    /// dialect does not tell.
    pub autoincrement: Option<bool>,
    /// For a computed column, its expression and whether it is stored.
    pub computed: Option<(String, bool)>,
    /// For an identity column, whether it is ALWAYS, and its sequence options.
    pub identity: Option<(bool, IdentityOptions)>,
    /// Comment.
    pub comment: Option<Rc<str>>,
}

/// A primary key, as returned by `Inspector.get_pk_constraint`.
#[derive(Clone, Default)]
pub struct ReflectedPrimaryKey {
    /// Name.
    pub name: Option<String>,
    /// Columns.
    pub constrained_columns: Vec<Rc<str>>,
    /// Comment.
    pub comment: Option<Rc<str>>,
    /// Dialect-specific options by prefixed name.
    pub dialect_options: DialectOptions,
}

/// A foreign key, as returned by `Inspector.get_foreign_keys`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReflectedForeignKey {
    /// Name.
    pub name: Option<String>,
    /// The referencing columns.
    pub constrained_columns: Vec<Rc<str>>,
    /// Schema of the referenced table, unless it is the default one.
    pub referred_schema: Option<String>,
    /// The referenced table.
    pub referred_table: Rc<str>,
    /// The referenced columns.
    pub referred_columns: Vec<Rc<str>>,
    /// `ON DELETE`, unless it is NO ACTION.
    pub ondelete: Option<String>,
    /// `ON UPDATE`, unless it is NO ACTION.
    pub onupdate: Option<String>,
    /// DEFERRABLE or NOT DEFERRABLE.
    pub deferrable: Option<bool>,
    /// `INITIALLY`.
    pub initially: Option<String>,
    /// `MATCH`, unless it is SIMPLE.
    pub match_: Option<String>,
    /// Comment.
    pub comment: Option<Rc<str>>,
}

/// An index, as returned by `Inspector.get_indexes`.
#[derive(Clone, Default)]
pub struct ReflectedIndex {
    /// Name.
    pub name: Rc<str>,
    /// Its columns; `None` for an expression, which is in [`expressions`](Self::expressions).
    pub column_names: Vec<Option<Rc<str>>>,
    /// The SQL of each element, if any of them is an expression; otherwise empty.
    pub expressions: Vec<Rc<str>>,
    /// Non-default sort order of columns: `desc`, `nulls_first` ...
    pub column_sorting: Vec<(Rc<str>, Vec<Rc<str>>)>,
    /// Whether it is unique.
    pub unique: bool,
    /// Whether the dialect gives [`unique`](Self::unique) as a number, which is then seen in what
    /// is rendered of it.
    pub unique_is_number: bool,
    /// Name of the constraint that has it, on databases that report it as both.
    pub duplicates_constraint: Option<Rc<str>>,
    /// Dialect-specific options by prefixed name, such as the condition of a partial index.
    pub dialect_options: DialectOptions,
}

impl ReflectedIndex {
    /// The columns of an index without expressions.
    pub fn columns(&self) -> Vec<Rc<str>> {
        self.column_names.iter().flatten().cloned().collect()
    }

    /// The order of an element, by its column or its SQL, where it is not the default.
    pub fn sorting_of(&self, element: &str) -> &[Rc<str>] {
        self.column_sorting
            .iter()
            .find(|(known, _)| &**known == element)
            .map_or(&[], |(_, sorting)| sorting)
    }
}

/// A unique constraint, as returned by `Inspector.get_unique_constraints`.
#[derive(Clone, Default)]
pub struct ReflectedUniqueConstraint {
    /// Name.
    pub name: Option<String>,
    /// Columns.
    pub column_names: Vec<Rc<str>>,
    /// Name of the index that it duplicates, on databases that report it as both.
    pub duplicates_index: Option<Rc<str>>,
    /// Comment.
    pub comment: Option<Rc<str>>,
    /// Dialect-specific options by prefixed name.
    pub dialect_options: DialectOptions,
}

/// A check constraint, as returned by `Inspector.get_check_constraints`.
#[derive(Clone, Default)]
pub struct ReflectedCheckConstraint {
    /// Name.
    pub name: Option<String>,
    /// Condition.
    pub sqltext: String,
    /// Comment.
    pub comment: Option<Rc<str>>,
    /// Dialect-specific options by prefixed name.
    pub dialect_options: DialectOptions,
}

/// An enum type, as returned by `PGInspector.get_enums`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReflectedEnum {
    /// Name.
    pub name: Rc<str>,
    /// Its schema.
    pub schema: Rc<str>,
    /// Whether it is found without its schema.
    pub visible: bool,
    /// Its values in order.
    pub labels: Vec<Rc<str>>,
}

/// A domain type, as returned by `PGInspector.get_domains`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReflectedDomain {
    /// Name.
    pub name: Rc<str>,
    /// Its schema.
    pub schema: Rc<str>,
    /// Whether it is found without its schema.
    pub visible: bool,
    /// The type under it, without a length.
    pub type_: Rc<str>,
    /// Whether it is nullable.
    pub nullable: bool,
    /// The default, as SQL text.
    pub default: Option<Rc<str>>,
    /// Its checks by name, each with its condition.
    pub constraints: Vec<(Rc<str>, Rc<str>)>,
    /// Its collation.
    pub collation: Option<Rc<str>>,
    /// The schema of the collation, unless it is found without.
    pub collation_schema: Option<Rc<str>>,
}
