//! Bind processing of values: SQLite has no date and time types and stores them as text.

use std::rc::Rc;

use crate::dialects::Dialect;
use crate::literal::{Literal, date_text};
use crate::sqltypes::{Type, TypeProcessors, classes, type_error};
use ground::calendar;
use ground::diagnostic::Result;

/// `DATE`, `DATETIME`, `TIME` and `JSON` of `sqlalchemy.dialects.sqlite`.
pub struct SQLiteTypeProcessors;

impl TypeProcessors for SQLiteTypeProcessors {
    fn replaces(&self, kind: &Type, _driver: &str) -> bool {
        [
            &classes::GENERIC_DATE,
            &classes::GENERIC_DATE_TIME,
            &classes::GENERIC_TIME,
            &classes::JSON,
        ]
        .iter()
        .any(|class| kind.is_instance(class))
    }

    fn bind_date(&self, kind: &Type, value: Literal) -> Result<Literal> {
        bind_date(kind, &value)
    }

    fn bind_datetime(&self, kind: &Type, value: Literal) -> Result<Literal> {
        bind_datetime(kind, &value)
    }

    fn bind_time(&self, kind: &Type, value: Literal) -> Result<Literal> {
        bind_time(kind, &value)
    }

    fn literal_moment(&self, kind: &Type, value: &Literal, dialect: &Dialect) -> Result<String> {
        let bound = kind.process_bind(value.clone(), dialect)?;
        Ok(format!("'{}'", bound.python_str()))
    }

    fn takes_uuid(&self, _kind: &Type) -> bool {
        false
    }
}

fn storage(kind: &Type) -> Option<Rc<str>> {
    kind.text("storage_format")
}

/// Applies Python's `%` to a `storage_format`.
fn format_parts(format: &str, parts: &[(&str, i64)]) -> String {
    let mut out = String::new();
    let mut rest = format;
    while let Some(place) = rest.find('%') {
        out.push_str(&rest[..place]);
        rest = &rest[place + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let Some((name, after)) = rest
            .strip_prefix('(')
            .and_then(|inside| inside.split_once(')'))
        else {
            break;
        };
        let digits = after.chars().take_while(char::is_ascii_digit).count();
        let width = &after[..digits];
        let value = parts
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(0, |(_, value)| *value);
        let places: usize = width.trim_start_matches('0').parse().unwrap_or(0);
        if width.starts_with('0') {
            out.push_str(&format!("{value:0places$}"));
        } else {
            out.push_str(&format!("{value:places$}"));
        }
        rest = after[digits..].get(1..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

fn date_parts(date: calendar::Date) -> Vec<(&'static str, i64)> {
    vec![
        ("year", i64::from(date.year())),
        ("month", i64::from(date.month())),
        ("day", i64::from(date.day())),
    ]
}

fn time_parts(time: calendar::Time) -> Vec<(&'static str, i64)> {
    vec![
        ("hour", i64::from(time.hour())),
        ("minute", i64::from(time.minute())),
        ("second", i64::from(time.second())),
        ("microsecond", i64::from(time.subsec_nanosecond() / 1000)),
    ]
}

fn bind_date(kind: &Type, value: &Literal) -> Result<Literal> {
    let date = match value {
        Literal::Date(date) => *date,
        Literal::DateTime(moment, _) => moment.date(),
        _ => {
            return Err(type_error(
                "SQLite Date type only accepts Python date objects as input.",
            ));
        }
    };
    Ok(Literal::from(match storage(kind) {
        Some(format) => format_parts(&format, &date_parts(date)),
        None => date_text(date),
    }))
}

fn bind_datetime(kind: &Type, value: &Literal) -> Result<Literal> {
    let moment = match value {
        Literal::DateTime(moment, _) => *moment,
        Literal::Date(date) => date.to_datetime(calendar::Time::midnight()),
        _ => {
            return Err(type_error(
                "SQLite DateTime type only accepts Python datetime and date objects as input.",
            ));
        }
    };
    if let Some(format) = storage(kind) {
        let mut parts = date_parts(moment.date());
        parts.extend(time_parts(moment.time()));
        return Ok(Literal::from(format_parts(&format, &parts)));
    }
    let fraction = if kind.flag("truncate_microseconds") {
        String::new()
    } else {
        format!(".{:06}", moment.subsec_nanosecond() / 1000)
    };
    Ok(Literal::from(format!(
        "{} {}{fraction}",
        date_text(moment.date()),
        whole_seconds(moment.time())
    )))
}

fn whole_seconds(time: calendar::Time) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        time.hour(),
        time.minute(),
        time.second()
    )
}

fn bind_time(kind: &Type, value: &Literal) -> Result<Literal> {
    let Literal::Time(time, _) = value else {
        return Err(type_error(
            "SQLite Time type only accepts Python time objects as input.",
        ));
    };
    if let Some(format) = storage(kind) {
        return Ok(Literal::from(format_parts(&format, &time_parts(*time))));
    }
    if kind.flag("truncate_microseconds") {
        return Ok(Literal::from(whole_seconds(*time)));
    }
    Ok(Literal::from(format!(
        "{}.{:06}",
        whole_seconds(*time),
        time.subsec_nanosecond() / 1000
    )))
}
