//! Quoting of identifiers (`sqlalchemy.sql.compiler.IdentifierPreparer`).

use super::default;
use crate::name::Name;

/// Quoting rules of a dialect; the default methods are those of SQLAlchemy's `IdentifierPreparer`.
pub trait IdentifierPreparer: Sync {
    /// `initial_quote`.
    fn initial_quote(&self) -> char {
        '"'
    }

    /// `final_quote`, which is doubled inside an identifier.
    fn final_quote(&self) -> char {
        self.initial_quote()
    }

    /// `reserved_words`, in lower case and sorted.
    fn reserved_words(&self) -> &'static [&'static str] {
        default::reserved_words()
    }

    /// Whether an identifier must be quoted (`_requires_quotes`).
    fn requires_quotes(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        self.reserved_words().binary_search(&lower.as_str()).is_ok()
            || has_illegal_characters(name)
            || lower != name
    }

    /// `quote_identifier(name)`: always quotes.
    fn quote_identifier(&self, name: &str) -> String {
        let quote = self.final_quote();
        let mut out = String::with_capacity(name.len() + 2);
        out.push(self.initial_quote());
        for character in name.chars() {
            if character == quote {
                out.push(quote);
            }
            out.push(character);
        }
        out.push(quote);
        out
    }

    /// `quote(name)`: quotes if necessary.
    fn quote(&self, name: &str) -> String {
        if self.requires_quotes(name) {
            self.quote_identifier(name)
        } else {
            name.to_owned()
        }
    }

    /// `quote_schema(schema)`.
    fn quote_schema(&self, schema: &str) -> String {
        self.quote(schema)
    }

    /// `quote(name)` for a name with an explicit quoting flag (`quoted_name`).
    fn quote_name(&self, name: &Name) -> String {
        match name.quote() {
            Some(true) => self.quote_identifier(name),
            Some(false) => name.to_string(),
            None => self.quote(name),
        }
    }
}

/// Whether a name requires quotes in every dialect (`illegal_initial_characters`,
/// `legal_characters`).
pub(crate) fn has_illegal_characters(name: &str) -> bool {
    let initial = name.chars().next();
    let legal =
        |character: char| character.is_ascii_alphanumeric() || character == '_' || character == '$';
    initial.is_none_or(|first| first.is_ascii_digit() || first == '$') || !name.chars().all(legal)
}
