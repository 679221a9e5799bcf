//! TOML whose mistakes are told with their lines.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::Problem;
use crate::config::toml::{self, Table, Value};

/// A TOML text, which may be a part of a file.
pub(super) struct Document<'t> {
    /// The file's path in the lesson's folder.
    pub(super) file: &'t str,
    /// The text.
    pub(super) text: &'t str,
    /// The line of the file before the text's first one.
    pub(super) lines_before: usize,
}

impl<'t> Document<'t> {
    /// Reads it.
    pub(super) fn parse(&self) -> Result<Table, Problem> {
        toml::parse(self.text).map_err(|message| {
            let (words, place) = match message.rsplit_once(" (at ") {
                Some((words, place)) => (words, place.trim_end_matches(')')),
                None => (message.as_str(), ""),
            };
            let number = place
                .strip_prefix("line ")
                .and_then(|rest| rest.split(',').next())
                .and_then(|digits| digits.parse().ok());
            let line = number.unwrap_or_else(|| self.text.lines().count());
            Problem::new(
                self.file,
                self.lines_before + line,
                format!("This is no TOML: {words}."),
            )
        })
    }

    /// The line of the text, from one, on which a key is given a value, at or after a line.
    fn key_line(&self, key: &str, from: usize) -> Option<usize> {
        let assigns = |line: &str| {
            line.match_indices(key).any(|(at, _)| {
                let before = line[..at].chars().next_back();
                let starts = before.is_none_or(|c| c.is_whitespace() || "{,\"".contains(c));
                let rest = line[at + key.len()..].trim_start_matches('"');
                starts && rest.trim_start().starts_with('=')
            })
        };
        let lines = self.text.lines().enumerate().skip(from.saturating_sub(1));
        lines
            .map(|(index, line)| (index + 1, line))
            .find(|(_, line)| !line.trim_start().starts_with('#') && assigns(line))
            .map(|(number, _)| number)
    }

    /// The lines of the headers `[[name]]`, from one.
    pub(super) fn header_lines(&self, name: &str) -> Vec<usize> {
        let lines = self.text.lines().enumerate();
        lines
            .filter(|(_, line)| {
                let header = line.trim().strip_prefix("[[");
                let inner = header.and_then(|rest| rest.split("]]").next());
                inner.is_some_and(|inner| inner.trim().trim_matches('"') == name)
            })
            .map(|(index, _)| index + 1)
            .collect()
    }
}

/// The keys of one table, each to be taken once; what is left over is a mistake.
pub(super) struct Fields<'t> {
    document: &'t Document<'t>,
    table: &'t Table,
    /// The line of the text on which the table begins, from one.
    line: usize,
    taken: RefCell<BTreeSet<String>>,
}

impl<'t> Fields<'t> {
    pub(super) fn new(document: &'t Document<'t>, table: &'t Table, line: usize) -> Fields<'t> {
        Fields {
            document,
            table,
            line,
            taken: RefCell::default(),
        }
    }

    /// A table within this one, such as an alternative of `any`.
    pub(super) fn inner(&self, key: &str, table: &'t Table) -> Fields<'t> {
        let start = self.document.key_line(key, self.line).unwrap_or(self.line);
        let first = table.keys().next();
        let line = first.and_then(|first| self.document.key_line(first, start));
        Fields::new(self.document, table, line.unwrap_or(start))
    }

    /// The line of the file on which the table begins.
    pub(super) fn line(&self) -> usize {
        self.document.lines_before + self.line
    }

    /// The line of the file on which a text stands in the value of a key, as far as it can be told: up to
    /// the first character that TOML may write otherwise.
    pub(super) fn line_with(&self, key: &str, text: &str) -> usize {
        let start = self.document.key_line(key, self.line).unwrap_or(self.line);
        let plain = text.split(['"', '\\']).next().unwrap_or(text);
        let lines = self.document.text.lines().enumerate().skip(start - 1);
        let mut lines = lines.filter(|(_, line)| line.contains(plain));
        let line = lines.next().map_or(start, |(index, _)| index + 1);
        self.document.lines_before + line
    }

    /// A mistake in the value of a key.
    pub(super) fn wrong(&self, key: &str, message: impl Into<String>) -> Problem {
        let line = self.document.key_line(key, self.line).unwrap_or(self.line);
        Problem::new(
            self.document.file,
            self.document.lines_before + line,
            message,
        )
    }

    /// A mistake in the table.
    pub(super) fn missing(&self, message: impl Into<String>) -> Problem {
        Problem::new(self.document.file, self.line(), message)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn value(&self, key: &str) -> Option<&'t Value> {
        let value = self.table.get(key)?;
        self.taken.borrow_mut().insert(key.to_owned());
        Some(value)
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<String>, Problem> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.wrong(key, format!("{key} is a text, in quotation marks."))),
        }
    }

    pub(super) fn required(&self, key: &str) -> Result<String, Problem> {
        match self.text(key)? {
            Some(text) if !text.trim().is_empty() => Ok(text),
            _ => Err(self.missing(format!("{key} is missing."))),
        }
    }

    /// A text or a list of texts.
    pub(super) fn texts(&self, key: &str) -> Result<Option<Vec<String>>, Problem> {
        let texts = match self.value(key) {
            None => return Ok(None),
            Some(Value::String(text)) => Some(vec![text.clone()]),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect(),
            Some(_) => None,
        };
        texts
            .map(Some)
            .ok_or_else(|| self.wrong(key, format!("{key} is a text or a list of texts.")))
    }

    pub(super) fn boolean(&self, key: &str) -> Result<Option<bool>, Problem> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Boolean(is)) => Ok(Some(*is)),
            Some(_) => Err(self.wrong(key, format!("{key} is true or false."))),
        }
    }

    /// Whether a key is there and true.
    pub(super) fn flag(&self, key: &str) -> Result<bool, Problem> {
        Ok(self.boolean(key)?.unwrap_or(false))
    }

    pub(super) fn number(&self, key: &str) -> Result<Option<usize>, Problem> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Integer(number)) if *number >= 0 => {
                Ok(Some(usize::try_from(*number).unwrap_or(usize::MAX)))
            }
            Some(_) => Err(self.wrong(key, format!("{key} is a whole number."))),
        }
    }

    /// One of some words.
    pub(super) fn word(&self, key: &str, words: &[&str]) -> Result<Option<String>, Problem> {
        match self.text(key)? {
            Some(word) if !words.contains(&word.as_str()) => Err(self.wrong(
                key,
                format!("{key} is {}; it can't be {word:?}.", one_of(words)),
            )),
            other => Ok(other),
        }
    }

    /// The tables of a list of tables.
    pub(super) fn tables(&self, key: &str) -> Result<Option<Vec<&'t Table>>, Problem> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let tables = match value {
            Value::Array(items) => items.iter().map(Value::as_table).collect(),
            Value::Table(table) => Some(vec![table]),
            _ => None,
        };
        tables
            .map(Some)
            .ok_or_else(|| self.wrong(key, format!("{key} is a list of tables: [{{ … }}, …].")))
    }

    /// Refuses the first key that nobody has taken.
    pub(super) fn finish(&self, what: &str) -> Result<(), Problem> {
        let taken = self.taken.borrow();
        match self.table.keys().find(|key| !taken.contains(*key)) {
            Some(key) => Err(self.wrong(key, format!("{what} has no {key:?}."))),
            None => Ok(()),
        }
    }
}

/// Words as `a`, `b` or `c`.
pub(super) fn one_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => format!("{only:?}"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|word| format!("{word:?}")).collect();
            format!("{} or {last:?}", first.join(", "))
        }
    }
}
