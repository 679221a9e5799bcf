//! What a server reports, as the exceptions of Python's drivers.

use ground::diagnostic::Error;
use ground::formatting::repr::string_repr;
use postgres_protocol::message::backend::ErrorFields;
use std::rc::Rc;

use fallible_iterator::FallibleIterator;

use ground::resource::Resource;

use super::PostgresDriver;

/// The exception classes that Python's drivers have for each SQLSTATE, a line for each, in order: SQLSTATE; the class of
/// `psycopg.errors` and `psycopg2.errors`; its PEP 249 base in psycopg and in psycopg2; the class of asyncpg and the one
/// that SQLAlchemy's adapter raises for it. Written by `make generated` (scripts/generate/sqlstates.py).
const STATES: Resource = ground::resource!("/../", "driver/postgresql/sqlstates.txt");

/// An error or a notice of the server: its fields by their letters in the protocol.
pub(super) struct Report {
    fields: Vec<(u8, String)>,
}

impl Report {
    pub(super) fn read(mut body: ErrorFields<'_>) -> Self {
        let mut fields = Vec::new();
        // A malformed report still tells what could be read of it.
        while let Ok(Some(field)) = body.next() {
            let value = String::from_utf8_lossy(field.value_bytes()).into_owned();
            fields.push((field.type_(), value));
        }
        Report { fields }
    }

    pub(super) fn field(&self, letter: u8) -> Option<&str> {
        let mut fields = self.fields.iter();
        fields
            .find(|(known, _)| *known == letter)
            .map(|(_, value)| value.as_str())
    }

    fn state(&self) -> &str {
        self.field(b'C').unwrap_or_default()
    }

    /// The text of libpq after the severity: message, place, detail, hint, context.
    pub(super) fn text(&self, query: Option<&str>) -> String {
        let mut out = self.field(b'M').unwrap_or_default().to_owned();
        match (self.field(b'P'), query, self.field(b'q')) {
            (Some(place), Some(query), _) => out.push_str(&position(place, query)),
            (Some(place), None, _) => out.push_str(&format!(" at character {place}")),
            (None, _, Some(internal)) => {
                if let Some(place) = self.field(b'p') {
                    out.push_str(&position(place, internal));
                }
            }
            (None, ..) => {}
        }
        for (letter, title) in [(b'D', "DETAIL"), (b'H', "HINT")] {
            if let Some(value) = self.field(letter) {
                out.push_str(&format!("\n{title}:  {value}"));
            }
        }
        if let Some(value) = self.field(b'q') {
            out.push_str(&format!("\nQUERY:  {value}"));
        }
        if let Some(value) = self.field(b'W') {
            out.push_str(&format!("\nCONTEXT:  {value}"));
        }
        out
    }

    /// The exception that the driver raises for it.
    pub(super) fn error(&self, driver: PostgresDriver, query: Option<&str>) -> Error {
        let [_, name, base, base2, native, adapted] = state_of(self.state());
        let (class, message) = match driver {
            PostgresDriver::Psycopg | PostgresDriver::Psycopg2 => {
                let module = driver.module();
                let class = match (name, driver) {
                    ("", PostgresDriver::Psycopg2) => format!("{module}.{base2}"),
                    ("", _) => format!("{module}.{base}"),
                    _ => format!("{module}.errors.{name}"),
                };
                (class, finished(driver, self.text(query)))
            }
            PostgresDriver::Asyncpg => (
                format!("{}.{adapted}", driver.module()),
                self.field(b'M').unwrap_or_default().to_owned(),
            ),
            PostgresDriver::Pg8000 => (
                match self.state() {
                    "28000" => "pg8000.exceptions.InterfaceError".to_owned(),
                    "23505" => "pg8000.dbapi.IntegrityError".to_owned(),
                    _ => "pg8000.dbapi.ProgrammingError".to_owned(),
                },
                self.dictionary(),
            ),
        };
        let mut error = Error::new(class, message);
        let fields: Rc<[(u8, String)]> = self.fields.as_slice().into();
        error.report = Some(fields.clone());
        if driver == PostgresDriver::Asyncpg {
            let text = self.detailed();
            let mut cause = Error::new(format!("asyncpg.exceptions.{native}"), text);
            cause.report = Some(fields);
            error.cause = Some(cause);
        }
        error
    }

    /// The message with its detail and hint.
    fn detailed(&self) -> String {
        let mut out = self.field(b'M').unwrap_or_default().to_owned();
        for (letter, title) in [(b'D', "DETAIL"), (b'H', "HINT")] {
            if let Some(value) = self.field(letter) {
                out.push_str(&format!("\n{title}:  {value}"));
            }
        }
        out
    }

    /// pg8000 shows the fields as a dictionary.
    fn dictionary(&self) -> String {
        let parts: Vec<String> = self
            .fields
            .iter()
            .map(|(letter, value)| {
                let letter = char::from(*letter).to_string();
                format!("{}: {}", string_repr(&letter), string_repr(value))
            })
            .collect();
        format!("{{{}}}", parts.join(", "))
    }
}

/// psycopg2 leaves libpq's line feed at the end of its texts.
pub(super) fn finished(driver: PostgresDriver, text: String) -> String {
    match driver {
        PostgresDriver::Psycopg2 => text + "\n",
        _ => text,
    }
}

/// The columns of the table for a SQLSTATE; of one that is not known the class alone tells the base.
fn state_of(state: &str) -> [&'static str; 6] {
    let row = |line: &'static str| {
        let mut row = [""; 6];
        for (place, word) in row.iter_mut().zip(line.split(' ')) {
            *place = word;
        }
        row
    };
    if let Some(line) = STATES.text().lines().find(|line| line.starts_with(state))
        && state.len() == 5
    {
        return row(line);
    }
    let group = state
        .get(..2)
        .and_then(|group| STATES.text().lines().find(|line| line.starts_with(group)))
        .map(row);
    match group {
        Some([code, _, base, base2, native, adapted]) => [code, "", base, base2, native, adapted],
        None => [
            "",
            "",
            "DatabaseError",
            "DatabaseError",
            "PostgresError",
            "Error",
        ],
    }
}

/// The PEP 249 class that an exception class of the driver is.
pub(super) fn dbapi_class(driver: PostgresDriver, class: &str) -> Option<&'static str> {
    let module = match class.strip_prefix("pg8000.exceptions") {
        Some(_) if driver == PostgresDriver::Pg8000 => "pg8000.exceptions",
        _ => driver.module(),
    };
    let name = class.strip_prefix(module)?.strip_prefix('.')?;
    if let Some(name) = name.strip_prefix("errors.") {
        let found = STATES
            .text()
            .lines()
            .find(|line| line.split(' ').nth(1) == Some(name))?;
        let place = match driver {
            PostgresDriver::Psycopg2 => 3,
            _ => 2,
        };
        return found.split(' ').nth(place);
    }
    crate::registry::pep_249(name).or(match name {
        "RestrictViolationError"
        | "NotNullViolationError"
        | "ForeignKeyViolationError"
        | "UniqueViolationError"
        | "CheckViolationError"
        | "ExclusionViolationError" => Some("IntegrityError"),
        "InternalServerError" | "InternalClientError" => Some("InternalError"),
        "InvalidCachedStatementError" => Some("NotSupportedError"),
        _ => None,
    })
}

/// A failure of the driver itself, of a PEP 249 class.
pub(super) fn own(driver: PostgresDriver, class: &str, message: impl Into<String>) -> Error {
    Error::new(format!("{}.{class}", driver.home(class)), message)
}

/// `LINE 2: …` and the mark under the place that the server means, as libpq draws them; the place counts
/// characters from one.
fn position(place: &str, query: &str) -> String {
    /// Columns that are shown of a long line, and how many of them follow the place at least.
    const SHOWN: usize = 60;
    const RIGHT: usize = 10;
    let Some(place) = place.parse::<usize>().ok().filter(|place| *place > 0) else {
        return String::new();
    };
    let characters: Vec<char> = query.chars().collect();
    let place = (place - 1).min(characters.len());
    let ends = |character: &char| matches!(character, '\n' | '\r');
    let start = characters[..place]
        .iter()
        .rposition(ends)
        .map_or(0, |end| end + 1);
    let end = characters[place..]
        .iter()
        .position(ends)
        .map_or(characters.len(), |length| place + length);
    let mut number = 1;
    for (index, character) in characters[..start].iter().enumerate() {
        // A carriage return and a line feed end one line.
        if *character == '\r'
            || (*character == '\n' && (index == 0 || characters[index - 1] != '\r'))
        {
            number += 1;
        }
    }
    let line: Vec<char> = characters[start..end]
        .iter()
        .map(|character| if *character == '\t' { ' ' } else { *character })
        .collect();
    let at = place - start;
    let (mut from, mut to) = (0, line.len());
    if to > SHOWN {
        if at + RIGHT <= SHOWN {
            to = SHOWN;
        } else {
            to = to.min(at + RIGHT);
            from = to.saturating_sub(SHOWN);
        }
    }
    let before = if from > 0 { "..." } else { "" };
    let after = if to < line.len() { "..." } else { "" };
    let head = format!("LINE {number}: {before}");
    let shown: String = line[from..to].iter().collect();
    let width = head.chars().count() + at.saturating_sub(from);
    format!("\n{head}{shown}{after}\n{}^", " ".repeat(width))
}

/// The base of one of the driver's exception classes, by dotted names; `None` for a class that the driver
/// has not.
pub(super) fn exception_base(driver: PostgresDriver, class: &str) -> Option<String> {
    if let Some(name) = class.strip_prefix("asyncpg.exceptions.") {
        return asyncpg_base(name).filter(|_| driver == PostgresDriver::Asyncpg);
    }
    let base = dbapi_class(driver, class)?;
    let name = class
        .strip_prefix(driver.home(base))
        .or_else(|| class.strip_prefix(driver.module()))?
        .strip_prefix('.')?;
    let base = match name {
        "Warning" | "Error" => return Some("Exception".to_owned()),
        "InterfaceError" | "DatabaseError" => "Error",
        name if base == name => "DatabaseError",
        _ => base,
    };
    Some(format!("{}.{base}", driver.home(base)))
}

/// asyncpg's classes go by the group of their SQLSTATE.
fn asyncpg_base(name: &str) -> Option<String> {
    let named = |state: &str| {
        let line = STATES.text().lines().find(|line| line.starts_with(state))?;
        line.split(' ').nth(4)
    };
    let base = match name {
        "PostgresError" => return Some("Exception".to_owned()),
        name => {
            let line = STATES
                .text()
                .lines()
                .find(|line| line.split(' ').nth(4) == Some(name))?;
            let group = line
                .get(..2)
                .and_then(|group| named(&format!("{group}000")));
            group
                .filter(|base| *base != name)
                .unwrap_or("PostgresError")
        }
    };
    Some(format!("asyncpg.exceptions.{base}"))
}

/// The SQLSTATE of an exception class.
pub(super) fn sqlstate(class: &str) -> Option<&'static str> {
    let place = if class.starts_with("asyncpg.exceptions.") {
        4
    } else {
        1
    };
    let name = class.rsplit('.').next()?;
    let line = STATES
        .text()
        .lines()
        .find(|line| line.split(' ').nth(place) == Some(name))?;
    line.split(' ').next()
}
