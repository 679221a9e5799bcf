//! Identifiers: `quoted_name`, and the possible states of a constraint's name.

use std::fmt;
use std::rc::Rc;

/// An identifier with its quoting flag, as SQLAlchemy's `quoted_name`.
///
/// Names are equal if their text is, as in SQLAlchemy.
#[derive(Clone, Debug)]
pub struct Name {
    text: Rc<str>,
    quote: Option<bool>,
}

impl Name {
    /// A name that is quoted if the dialect requires it.
    pub fn new(text: impl Into<Rc<str>>) -> Self {
        Name {
            text: text.into(),
            quote: None,
        }
    }

    /// A name that is always (`Some(true)`) or never (`Some(false)`) quoted.
    pub fn quoted(text: impl Into<Rc<str>>, quote: Option<bool>) -> Self {
        Name {
            text: text.into(),
            quote,
        }
    }

    /// The text alone.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text, shared.
    pub fn text(&self) -> Rc<str> {
        self.text.clone()
    }

    /// The quoting flag.
    pub fn quote(&self) -> Option<bool> {
        self.quote
    }
}

impl std::ops::Deref for Name {
    type Target = str;
    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.text == other.text
    }
}

impl Eq for Name {}

impl std::hash::Hash for Name {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Name) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        &*self.text == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        &*self.text == *other
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Name::new(text)
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Name::new(text)
    }
}

impl From<Rc<str>> for Name {
    fn from(text: Rc<str>) -> Self {
        Name::new(text)
    }
}

impl From<&Name> for Name {
    fn from(name: &Name) -> Self {
        name.clone()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The name of a constraint or an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConstraintName {
    /// Unnamed: a naming convention may name it when it is attached.
    #[default]
    None,
    /// SQLAlchemy's `_NONE_NAME`: the unnamed CHECK of a Boolean or Enum type; the name is resolved
    /// when the statement is compiled.
    NoneName,
    /// An explicit name: a convention with `%(constraint_name)s` still applies.
    Plain(Name),
    /// A final name (`conv`, `op.f`): no convention applies to it.
    Convention(Name),
}

impl ConstraintName {
    /// An explicit name.
    pub fn plain(name: impl Into<Name>) -> Self {
        ConstraintName::Plain(name.into())
    }

    /// A final name, as returned by `conv("...")` and `op.f("...")`.
    pub fn convention(name: impl Into<Name>) -> Self {
        ConstraintName::Convention(name.into())
    }

    /// The text, if there is any.
    pub fn as_str(&self) -> Option<&str> {
        self.name().map(Name::as_str)
    }

    /// The identifier, if there is any.
    pub fn name(&self) -> Option<&Name> {
        match self {
            ConstraintName::None | ConstraintName::NoneName => None,
            ConstraintName::Plain(name) | ConstraintName::Convention(name) => Some(name),
        }
    }

    /// Whether there is no text.
    pub fn is_none(&self) -> bool {
        self.name().is_none()
    }

    /// Whether this is a `conv`.
    pub fn is_convention(&self) -> bool {
        matches!(self, ConstraintName::Convention(_))
    }
}

impl From<&str> for ConstraintName {
    fn from(text: &str) -> Self {
        ConstraintName::plain(text)
    }
}

impl From<String> for ConstraintName {
    fn from(text: String) -> Self {
        ConstraintName::plain(text)
    }
}

impl From<Option<&str>> for ConstraintName {
    fn from(text: Option<&str>) -> Self {
        text.map(ConstraintName::plain).unwrap_or_default()
    }
}

impl From<Option<String>> for ConstraintName {
    fn from(text: Option<String>) -> Self {
        text.map(ConstraintName::plain).unwrap_or_default()
    }
}
