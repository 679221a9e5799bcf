//! Bind processing of values.

use crate::dialects::Dialect;
use crate::literal::{Literal, date_text, time_text};
use crate::sqltypes::{Type, TypeProcessors, classes};
use ground::diagnostic::{Error, Result};

/// Oracle's types take Python's datetimes; a literal of one is a call.
pub struct OracleTypeProcessors;

impl TypeProcessors for OracleTypeProcessors {
    fn literal_moment(&self, kind: &Type, value: &Literal, _dialect: &Dialect) -> Result<String> {
        let moment = kind.class().visit_name.eq_ignore_ascii_case("timestamp")
            && kind.class().dialect.is_empty()
            || matches!(value, Literal::DateTime(at, _) if at.subsec_nanosecond() != 0);
        Ok(match value {
            Literal::DateTime(at, _) if kind.is_instance(&classes::GENERIC_DATE) => {
                format!("TO_DATE('{}', 'YYYY-MM-DD')", date_text(at.date()))
            }
            Literal::DateTime(at, _) if moment => {
                let micros = at.subsec_nanosecond() / 1000;
                let fraction = if micros == 0 {
                    String::new()
                } else {
                    format!(".{micros:06}")
                };
                let format = if micros == 0 { "" } else { ".FF" };
                let text = time_text(at.time());
                let seconds = seconds(&text);
                format!(
                    "TO_TIMESTAMP('{} {seconds}{fraction}', 'YYYY-MM-DD HH24:MI:SS{format}')",
                    date_text(at.date())
                )
            }
            Literal::DateTime(at, _) => {
                // A time zone stays in the text.
                let mut text = value.python_str();
                if at.subsec_nanosecond() != 0
                    && let Some(place) = text.find('.')
                {
                    text.replace_range(place..place + ".ffffff".len(), "");
                }
                format!("TO_DATE('{text}', 'YYYY-MM-DD HH24:MI:SS')")
            }
            Literal::Date(date) => format!("TO_DATE('{}', 'YYYY-MM-DD')", date_text(*date)),
            Literal::Time(..) => format!("'{}'", value.python_str()),
            other => {
                return Err(Error::new(
                    "AttributeError",
                    format!(
                        "'{}' object has no attribute 'isoformat'",
                        other.class_name()
                    ),
                ));
            }
        })
    }

    fn literal_interval(&self, _kind: &Type) -> Option<fn(&str) -> String> {
        Some(|seconds| format!("NUMTODSINTERVAL({seconds}, 'SECOND')"))
    }
}

/// A time without its fraction.
fn seconds(text: &str) -> &str {
    text.split('.').next().unwrap_or(text)
}
