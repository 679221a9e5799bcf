//! Bind, result and literal processing by a dialect's own types.

use std::rc::Rc;

use super::{Type, classes};
use crate::dialects::Dialect;
use crate::literal::{Literal, date_text, time_text};
use ground::diagnostic::{Error, Result};

/// Value processing by a dialect's own types (its `colspecs`); the default methods are for a driver
/// that accepts Python's datetimes and UUIDs directly.
pub trait TypeProcessors: Sync {
    /// Whether the dialect puts a type class of its own in the place of a type's (`colspecs`): what a subclass of the
    /// type says of its processors is then not asked.
    fn replaces(&self, _kind: &Type, _driver: &str) -> bool {
        false
    }

    /// `bind_processor` of a Date.
    ///
    /// # Errors
    /// `TypeError` for what is no date.
    fn bind_date(&self, _kind: &Type, value: Literal) -> Result<Literal> {
        Ok(value)
    }

    /// `bind_processor` of a DateTime.
    ///
    /// # Errors
    /// `TypeError` for what is no moment.
    fn bind_datetime(&self, _kind: &Type, value: Literal) -> Result<Literal> {
        Ok(value)
    }

    /// `bind_processor` of a Time.
    ///
    /// # Errors
    /// `TypeError` for what is no time.
    fn bind_time(&self, _kind: &Type, value: Literal) -> Result<Literal> {
        Ok(value)
    }

    /// `literal_processor` of a Date, a DateTime or a Time.
    ///
    /// # Errors
    /// `AttributeError` for what is none of them.
    fn literal_moment(&self, kind: &Type, value: &Literal, _dialect: &Dialect) -> Result<String> {
        match value {
            // A moment is written in the portion that the type has.
            Literal::DateTime(at, _) if kind.is_instance(&classes::GENERIC_DATE) => {
                Ok(format!("'{}'", date_text(at.date())))
            }
            Literal::DateTime(at, _) if kind.is_instance(&classes::GENERIC_TIME) => {
                Ok(format!("'{}'", time_text(at.time())))
            }
            Literal::Date(_) | Literal::Time(..) | Literal::DateTime(..) => {
                Ok(format!("'{}'", value.python_str()))
            }
            other => Err(Error::new(
                "AttributeError",
                format!(
                    "'{}' object has no attribute 'isoformat'",
                    other.class_name()
                ),
            )),
        }
    }

    /// How the database writes an interval of so many seconds, where it has a type for intervals.
    fn literal_interval(&self, _kind: &Type) -> Option<fn(&str) -> String> {
        None
    }

    /// A document as the driver takes it: its text, or an object that stands for it.
    fn bind_json(&self, _kind: &Type, _driver: &str, _value: &Literal, text: String) -> Literal {
        Literal::from(text)
    }

    /// Bytes as the driver takes them: themselves, or an object that stands for them.
    fn bind_binary(&self, _driver: &str, bytes: Rc<[u8]>) -> Literal {
        Literal::Bytes(bytes)
    }

    /// Whether a driver reads JSON itself, so that a text from it is a value.
    fn driver_reads_json(&self, _driver: &str) -> bool {
        false
    }

    /// The mark before a literal of the Unicode types.
    fn unicode_prefix(&self, _kind: &Type) -> &'static str {
        ""
    }

    /// Whether the driver accepts UUID objects for `UUID`, the type by its SQL name.
    fn takes_uuid(&self, kind: &Type) -> bool {
        kind.is_instance(&classes::UUID)
    }

    /// Whether a UUID given as a text is written as it is.
    fn keeps_hyphens(&self, _kind: &Type) -> bool {
        false
    }

    /// Whether a UUID literal of that type contains hyphens.
    fn is_uuid_literal(&self, _kind: &Type) -> bool {
        false
    }
}
