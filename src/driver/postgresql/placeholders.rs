//! From the marks of a Python driver (`%(name)s`, `%s`) to the server's (`$1`).

use ground::diagnostic::{Error, Result};
use ground::formatting::repr::string_repr;

use super::PostgresDriver;
use super::errors::own;
use crate::{Parameters, Value};

/// A statement with the server's marks, and the values of these.
pub(super) struct Converted {
    pub(super) sql: String,
    /// For each mark `$1`, `$2` … which value it stands for.
    pub(super) places: Vec<Place>,
}

/// Where a mark's value is found in a set of parameters.
pub(super) enum Place {
    Number(usize),
    Name(String),
}

/// A part of a statement with a driver's marks.
pub(super) enum Part<'a> {
    Text(&'a str),
    Percent,
    Number(usize),
    Name(&'a str),
}

/// Reads the marks of psycopg, psycopg2 and pg8000.
///
/// # Errors
/// The driver's `ProgrammingError` for a `%` that marks nothing, as it says it.
pub(super) fn parts<'a>(driver: PostgresDriver, sql: &'a str) -> Result<Vec<Part<'a>>> {
    let mut parts = Vec::new();
    let mut rest = sql;
    let mut number = 0;
    while let Some(at) = rest.find('%') {
        parts.push(Part::Text(&rest[..at]));
        let after = &rest[at + 1..];
        let mut characters = after.chars();
        match characters.next() {
            Some('%') => {
                parts.push(Part::Percent);
                rest = &after[1..];
            }
            Some('s' | 'b' | 't') => {
                parts.push(Part::Number(number));
                number += 1;
                rest = &after[1..];
            }
            Some('(') if driver != PostgresDriver::Pg8000 => {
                let Some(end) = after.find(')') else {
                    return Err(incomplete(driver, after));
                };
                let name = &after[1..end];
                match after[end + 1..].chars().next() {
                    Some('s' | 'b' | 't') => {}
                    _ => return Err(unsupported(driver, &after[..=end])),
                }
                parts.push(Part::Name(name));
                rest = &after[end + 2..];
            }
            // pg8000 takes it as it is.
            _ if driver == PostgresDriver::Pg8000 => {
                parts.push(Part::Percent);
                rest = after;
            }
            None | Some(' ') => return Err(incomplete(driver, after)),
            Some(character) => {
                return Err(unsupported(driver, &after[..character.len_utf8()]));
            }
        }
    }
    parts.push(Part::Text(rest));
    Ok(parts)
}

fn incomplete(driver: PostgresDriver, after: &str) -> Error {
    if driver == PostgresDriver::Psycopg2 {
        return Error::new("ValueError", "incomplete format");
    }
    let end = after.find(char::is_whitespace).unwrap_or(after.len());
    own(
        driver,
        "ProgrammingError",
        format!(
            "incomplete placeholder: '%{}'; if you want to use '%' as an operator you can double it \
             up, i.e. use '%%'",
            &after[..end]
        ),
    )
}

fn unsupported(driver: PostgresDriver, found: &str) -> Error {
    if driver == PostgresDriver::Psycopg2 {
        return Error::new(
            "ValueError",
            format!("unsupported format character {}", string_repr(found)),
        );
    }
    own(
        driver,
        "ProgrammingError",
        format!("only '%s', '%b', '%t' are allowed as placeholders, got '%{found}'"),
    )
}

/// Writes the marks as the server's. A name that is used again keeps its number.
///
/// # Errors
/// As [`parts`].
pub(super) fn convert(driver: PostgresDriver, sql: &str) -> Result<Converted> {
    let mut out = String::with_capacity(sql.len());
    let mut places: Vec<Place> = Vec::new();
    if driver == PostgresDriver::Asyncpg {
        return Ok(Converted {
            sql: sql.to_owned(),
            places,
        });
    }
    for part in parts(driver, sql)? {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Percent => out.push('%'),
            Part::Number(number) => {
                places.push(Place::Number(number));
                out.push_str(&format!("${}", places.len()));
            }
            Part::Name(name) => {
                let known = places
                    .iter()
                    .position(|place| matches!(place, Place::Name(known) if known == name));
                let number = known.unwrap_or_else(|| {
                    places.push(Place::Name(name.to_owned()));
                    places.len() - 1
                });
                out.push_str(&format!("${}", number + 1));
            }
        }
    }
    Ok(Converted { sql: out, places })
}

impl Converted {
    /// The values of the marks in a set of parameters, in order.
    ///
    /// # Errors
    /// The driver's own where one is missing.
    pub(super) fn values<'a>(
        &self,
        driver: PostgresDriver,
        parameters: &'a Parameters,
    ) -> Result<Vec<&'a Value>> {
        if driver == PostgresDriver::Asyncpg {
            return match parameters {
                Parameters::Positional(values) => Ok(values.iter().collect()),
                Parameters::Named(_) => Err(own(
                    driver,
                    "ProgrammingError",
                    "parameters are given in order, not by name",
                )),
            };
        }
        let positional = self
            .places
            .iter()
            .filter(|place| matches!(place, Place::Number(_)))
            .count();
        if let Parameters::Positional(values) = parameters
            && positional != values.len()
            && driver == PostgresDriver::Psycopg
        {
            return Err(own(
                driver,
                "ProgrammingError",
                format!(
                    "the query has {positional} placeholder{} but {} parameters were passed",
                    if positional == 1 { "" } else { "s" },
                    values.len()
                ),
            ));
        }
        self.places
            .iter()
            .map(|place| find(driver, place, parameters))
            .collect()
    }
}

/// The value of a mark.
///
/// # Errors
/// The driver's own where it is missing.
pub(super) fn find<'a>(
    driver: PostgresDriver,
    place: &Place,
    parameters: &'a Parameters,
) -> Result<&'a Value> {
    let found = match (place, parameters) {
        (Place::Number(number), Parameters::Positional(values)) => values.get(*number),
        (Place::Name(name), Parameters::Named(values)) => values
            .iter()
            .find(|(known, _)| **known == **name)
            .map(|(_, value)| value),
        _ => None,
    };
    found.ok_or_else(|| match (place, driver) {
        (Place::Name(name), PostgresDriver::Psycopg2) => Error::new("KeyError", string_repr(name)),
        (Place::Name(name), _) => own(
            driver,
            "ProgrammingError",
            format!("query parameter missing: {name}"),
        ),
        (Place::Number(_), PostgresDriver::Psycopg2) => {
            Error::new("IndexError", "list index out of range")
        }
        (Place::Number(_), _) => own(
            driver,
            "ProgrammingError",
            "the query has more placeholders than parameters were passed",
        ),
    })
}
