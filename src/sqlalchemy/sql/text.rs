//! Texts that a statement carries along for one database or for all: prefixes, suffixes, hints.

use std::rc::Rc;

use super::FromClause;
use crate::dialects::Dialect;
use crate::elements::Expression;

/// `prefix_with(...)`, `suffix_with(...)`, `with_statement_hint(...)`.
#[derive(Clone)]
pub struct DialectText {
    /// The text.
    pub text: Expression,
    /// The dialect that it is for; `*` is every one.
    pub dialect: Rc<str>,
}

impl DialectText {
    /// Whether it is for that dialect.
    pub fn is_for(&self, dialect: &Dialect) -> bool {
        is_for(&self.dialect, dialect)
    }
}

/// `with_hint(selectable, text, dialect_name)`: a hint about one table.
#[derive(Clone)]
pub struct Hint {
    /// The table.
    pub table: FromClause,
    /// The text, with `%(name)s` where the table's name goes.
    pub text: Rc<str>,
    /// The dialect that it is for; `*` is every one.
    pub dialect: Rc<str>,
}

impl Hint {
    /// Whether it is for that dialect.
    pub fn is_for(&self, dialect: &Dialect) -> bool {
        is_for(&self.dialect, dialect)
    }
}

fn is_for(name: &str, dialect: &Dialect) -> bool {
    name == "*" || name == dialect.name()
}

/// The last hint of each table that is for that dialect.
pub(crate) fn hints_for(hints: &[Hint], dialect: &Dialect) -> Vec<Hint> {
    let mut found: Vec<Hint> = Vec::new();
    for hint in hints.iter().filter(|hint| hint.is_for(dialect)) {
        match found
            .iter_mut()
            .find(|known| known.table.ptr_eq(&hint.table))
        {
            Some(known) => *known = hint.clone(),
            None => found.push(hint.clone()),
        }
    }
    found
}
