//! INSERT, UPDATE, DELETE.

use std::rc::Rc;

use super::{DialectText, FromClause, Hint, Plugin, SelectBase};
use crate::elements::Expression;

/// The source of an INSERT's rows.
#[derive(Clone)]
pub enum InsertSource {
    /// `values(...)` not given: every column is a parameter.
    Parameters,
    /// One row: keys and values.
    Values(Vec<(Rc<str>, Expression)>),
    /// Several rows.
    MultiValues(Vec<Vec<(Rc<str>, Expression)>>),
    /// `from_select(names, select)`.
    Select(Vec<Rc<str>>, SelectBase, bool),
}

/// The conflict target of ON CONFLICT.
#[derive(Clone, Default)]
pub struct ConflictTarget {
    /// `index_elements=`.
    pub elements: Vec<Expression>,
    /// `index_where=`.
    pub where_: Option<Expression>,
    /// `constraint=` (PostgreSQL).
    pub constraint: Option<Rc<str>>,
}

/// The action of ON CONFLICT, or ON DUPLICATE KEY UPDATE.
#[derive(Clone)]
pub enum OnConflictAction {
    /// DO NOTHING.
    Nothing,
    /// DO UPDATE SET ..., WHERE ...
    Update(Vec<(Rc<str>, Expression)>, Option<Expression>),
    /// `on_duplicate_key_update`: what is set, and whether in the order that was given rather than
    /// in that of the table.
    DuplicateKey(Vec<(Rc<str>, Expression)>, bool),
}

/// `on_conflict_do_nothing`, `on_conflict_do_update`.
#[derive(Clone)]
pub struct OnConflict {
    /// The conflict target.
    pub target: Option<ConflictTarget>,
    /// The action.
    pub action: OnConflictAction,
}

/// `insert(table)`.
#[derive(Clone)]
pub struct Insert {
    /// The target table.
    pub table: FromClause,
    /// The rows to insert.
    pub source: InsertSource,
    /// `returning(...)`.
    pub returning: Vec<Expression>,
    /// `prefix_with(...)`: `OR REPLACE`.
    pub prefixes: Vec<DialectText>,
    /// `with_hint(...)`.
    pub hints: Vec<Hint>,
    /// CTEs of `add_cte()`.
    pub ctes: Vec<FromClause>,
    /// `on_conflict_...`.
    pub on_conflict: Vec<OnConflict>,
    /// `inline()`.
    pub inline: bool,
    /// What the layer above keeps with it.
    pub plugin: Plugin,
}

/// `update(table)`.
#[derive(Clone)]
pub struct Update {
    /// The target table.
    pub table: FromClause,
    /// `values(...)`: keys and values, rendered in table order unless `preserve_order` is set.
    pub values: Vec<(Expression, Expression)>,
    /// Whether the given order is kept (`ordered_values`).
    pub preserve_order: bool,
    /// WHERE conditions.
    pub filters: Vec<Expression>,
    /// `returning(...)`.
    pub returning: Vec<Expression>,
    /// `prefix_with(...)`.
    pub prefixes: Vec<DialectText>,
    /// `with_hint(...)`.
    pub hints: Vec<Hint>,
    /// CTEs of `add_cte()`.
    pub ctes: Vec<FromClause>,
    /// What the layer above keeps with it.
    pub plugin: Plugin,
}

/// `delete(table)`.
#[derive(Clone)]
pub struct Delete {
    /// The target table.
    pub table: FromClause,
    /// WHERE conditions.
    pub filters: Vec<Expression>,
    /// `returning(...)`.
    pub returning: Vec<Expression>,
    /// `prefix_with(...)`.
    pub prefixes: Vec<DialectText>,
    /// `with_hint(...)`.
    pub hints: Vec<Hint>,
    /// CTEs of `add_cte()`.
    pub ctes: Vec<FromClause>,
    /// What the layer above keeps with it.
    pub plugin: Plugin,
}

impl Insert {
    /// `insert(table)`.
    pub fn new(table: impl Into<FromClause>) -> Self {
        Insert {
            table: table.into(),
            source: InsertSource::Parameters,
            returning: Vec::new(),
            prefixes: Vec::new(),
            hints: Vec::new(),
            ctes: Vec::new(),
            on_conflict: Vec::new(),
            inline: false,
            plugin: None,
        }
    }

    /// Sets one row of values.
    pub fn values(mut self, values: Vec<(Rc<str>, Expression)>) -> Self {
        self.source = InsertSource::Values(values);
        self
    }
}

impl Update {
    /// `update(table)`.
    pub fn new(table: impl Into<FromClause>) -> Self {
        Update {
            table: table.into(),
            values: Vec::new(),
            preserve_order: false,
            filters: Vec::new(),
            returning: Vec::new(),
            prefixes: Vec::new(),
            hints: Vec::new(),
            ctes: Vec::new(),
            plugin: None,
        }
    }

    /// Adds a WHERE condition.
    pub fn where_(mut self, condition: Expression) -> Self {
        self.filters.push(condition);
        self
    }

    /// Adds a SET assignment; `key` is a column or a column key.
    pub fn set(mut self, key: Expression, value: Expression) -> Self {
        self.values.push((key, value));
        self
    }
}

impl Delete {
    /// `delete(table)`.
    pub fn new(table: impl Into<FromClause>) -> Self {
        Delete {
            table: table.into(),
            filters: Vec::new(),
            returning: Vec::new(),
            prefixes: Vec::new(),
            hints: Vec::new(),
            ctes: Vec::new(),
            plugin: None,
        }
    }

    /// Adds a WHERE condition.
    pub fn where_(mut self, condition: Expression) -> Self {
        self.filters.push(condition);
        self
    }
}
