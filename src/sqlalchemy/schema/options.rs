//! Dialect-specific arguments: `sqlite_autoincrement=True`, `postgresql_where=...`.

use std::rc::Rc;

use ground::hash::IndexMap;

use crate::dialects;
use crate::elements::Expression;
use crate::literal::Literal;
use crate::sqltypes::Argument;
use ground::diagnostic::{Error, Result};

use super::{argument_error, warn};

/// Dialect-specific arguments by prefixed name, in the order given.
#[derive(Clone, Default)]
pub struct DialectOptions(IndexMap<Rc<str>, Argument>);

impl DialectOptions {
    /// No arguments.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an argument by its prefixed name (`sqlite_where`).
    pub fn insert(&mut self, name: impl Into<Rc<str>>, value: impl Into<Argument>) {
        self.0.insert(name.into(), value.into());
    }

    /// Adds an argument (builder style).
    pub fn with(mut self, name: &str, value: impl Into<Argument>) -> Self {
        self.insert(name, value);
        self
    }

    /// Removes an argument.
    pub fn remove(&mut self, name: &str) -> Option<Argument> {
        self.0.shift_remove(name)
    }

    /// An argument by its prefixed name.
    pub fn get(&self, name: &str) -> Option<&Argument> {
        self.0.get(name)
    }

    /// The truth value of an argument, if it is given.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.0.get(name)? {
            Argument::Value(value) => Some(value.truth()),
            _ => Some(true),
        }
    }

    /// A text argument.
    pub fn text(&self, name: &str) -> Option<Rc<str>> {
        match self.0.get(name)? {
            Argument::Value(Literal::String(text)) => Some(text.clone()),
            Argument::Value(Literal::Null) => None,
            Argument::Value(other) => Some(other.python_str().into()),
            Argument::Expression(expression) => Some(expression.python_str().into()),
            Argument::Type(_) => None,
        }
    }

    /// An expression argument; a string becomes `text()`.
    pub fn expression(&self, name: &str) -> Option<Expression> {
        match self.0.get(name)? {
            Argument::Expression(expression) => Some(expression.clone()),
            Argument::Value(Literal::String(text)) => Some(crate::elements::text(text)),
            _ => None,
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Argument)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds all arguments of `other`.
    pub fn extend(&mut self, other: &DialectOptions) {
        for (name, value) in &other.0 {
            self.0.insert(name.clone(), value.clone());
        }
    }

    /// Validates the names for an item whose classes are `classes`, nearest first.
    ///
    /// # Errors
    /// `TypeError` for a name without a dialect, `sqlalchemy.exc.ArgumentError` for one that the
    /// dialect does not take.
    pub fn validate(&self, classes: &[&str]) -> Result<()> {
        for name in self.0.keys() {
            let parts = name
                .split_once('_')
                .filter(|(dialect, argument)| !dialect.is_empty() && !argument.is_empty());
            let Some((dialect, argument)) = parts else {
                return Err(Error::new(
                    "TypeError",
                    format!(
                        "Additional arguments should be named <dialectname>_<argument>, got \
                         '{name}'"
                    ),
                ));
            };
            let Some(room) = dialects::registered(dialect) else {
                warn(format!(
                    "Can't validate argument '{name}'; can't locate any SQLAlchemy dialect named \
                     '{dialect}'"
                ));
                continue;
            };
            let accepted = room.construct_arguments().iter().any(|(class, arguments)| {
                classes.contains(class)
                    && (arguments.contains(&"*") || arguments.contains(&argument))
            });
            if !accepted {
                return Err(argument_error(format!(
                    "Argument '{name}' is not accepted by dialect '{dialect}' on behalf of <class \
                     'sqlalchemy.sql.schema.{}'>",
                    classes.first().copied().unwrap_or("SchemaItem")
                )));
            }
        }
        Ok(())
    }
}
