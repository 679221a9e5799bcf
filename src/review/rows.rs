//! Rows made up for tables that have none, so that a revision meets what it would meet in use: each
//! fits its table's types, keys, and as far as can be found its CHECK constraints.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::database::{connect, literal, quoted};
use super::findings::family;
use driver::Parameters;
use ground::diagnostic::Result;
use ground::host::Host;
use ground::run::Run;
use sqlalchemy::engine::Connection;
use sqlalchemy::inspector::{Inspector, ReflectedColumn};

/// Whether a trial makes up rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rows {
    /// No: the rows that the user has.
    #[default]
    AtHand,
    /// Tables without rows get some.
    Generated,
}

/// How many rows a table gets.
const COUNT: usize = 3;
/// How many times a row is tried with other values before it is given up.
const TRIES: usize = 12;
/// The number of a row whose values are not those of the rows that are there.
const APART: usize = 9_999;

/// Fills the empty tables of a host's database, but for the version table; the tables that got rows.
///
/// # Errors
/// The database's, where it can't be read; a row that it refuses is left out.
pub(super) fn generate(host: &Rc<dyn Host>, database: &str) -> Result<BTreeSet<String>> {
    let run = Run::new(host.clone());
    let connection = connect(&run, database)?;
    let filled = fill(&connection);
    connection.engine().dispose();
    drop(connection);
    // What can't be written is not there for the trial either.
    let _ = driver::flush(host);
    filled
}

fn fill(connection: &Connection) -> Result<BTreeSet<String>> {
    let inspector = Inspector::new(connection)?;
    inspector.expect_all_tables();
    let mut left: Vec<Rc<str>> = inspector
        .get_table_names(None)?
        .iter()
        .filter(|name| &***name != "alembic_version")
        .cloned()
        .collect();
    let mut done: BTreeSet<Rc<str>> = BTreeSet::new();
    let mut filled = BTreeSet::new();
    while !left.is_empty() {
        let ready = |name: &Rc<str>| -> bool {
            inspector.get_foreign_keys(name, None).is_ok_and(|keys| {
                keys.iter().all(|key| {
                    key.referred_table == *name
                        || done.contains(&key.referred_table)
                        || !left.contains(&key.referred_table)
                })
            })
        };
        // Where tables refer to each other in a ring, one of them goes first.
        let next = left.iter().position(ready).unwrap_or(0);
        let name = left.remove(next);
        if let Ok(table) = Table::read(&inspector, &name)
            && table.is_empty(connection)
            && (0..COUNT)
                .filter(|row| table.insert(connection, *row))
                .count()
                > 0
        {
            filled.insert(name.to_string());
        }
        done.insert(name);
    }
    Ok(filled)
}

/// What a row must fit.
pub(super) struct Table {
    name: Rc<str>,
    columns: Vec<ReflectedColumn>,
    /// Columns that refer to another table: their name, that table, and the column there.
    references: Vec<(Rc<str>, Rc<str>, Rc<str>)>,
    /// The texts of its CHECK constraints.
    checks: Vec<String>,
}

impl Table {
    /// Reads a table of a database.
    pub(super) fn read(inspector: &Inspector, name: &Rc<str>) -> Result<Table> {
        let mut references = Vec::new();
        for key in inspector.get_foreign_keys(name, None)?.iter() {
            let pairs = key.constrained_columns.iter().zip(&key.referred_columns);
            references.extend(pairs.map(|(column, referred)| {
                (column.clone(), key.referred_table.clone(), referred.clone())
            }));
        }
        Ok(Table {
            name: name.clone(),
            columns: inspector.get_columns(name, None)?.to_vec(),
            references,
            checks: inspector
                .get_check_constraints(name, None)?
                .iter()
                .map(|check| check.sqltext.clone())
                .collect(),
        })
    }

    fn is_empty(&self, connection: &Connection) -> bool {
        let sql = format!("SELECT 1 FROM {} LIMIT 1", quoted(&self.name));
        let found = connection
            .dbapi()
            .and_then(|dbapi| dbapi.execute(&sql, &Parameters::NONE));
        found.is_ok_and(|cursor| cursor.rows.is_empty())
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The names of its columns.
    pub(super) fn column_names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| &*column.name)
    }

    /// Statements that insert a row with nothing but what it must have, each with other values: a
    /// database that takes such rows takes one of them.
    pub(super) fn required_rows(&self) -> Vec<String> {
        let single_key = self
            .columns
            .iter()
            .filter(|one| one.primary_key > 0)
            .count()
            == 1;
        let counted = |column: &ReflectedColumn| {
            column.autoincrement == Some(true)
                || (single_key
                    && column.primary_key > 0
                    && family(&column.declared_type) == "integer")
        };
        let required = |column: &ReflectedColumn| {
            !column.nullable
                && column.default.is_none()
                && column.identity.is_none()
                && !counted(column)
        };
        (0..TRIES)
            .map(|attempt| self.insert_statement(APART, attempt, &required))
            .collect()
    }

    /// Inserts a row; whether the database took one. What it refuses is tried again with other
    /// values.
    fn insert(&self, connection: &Connection, row: usize) -> bool {
        (0..TRIES).any(|attempt| {
            let sql = self.insert_statement(row, attempt, &|_| true);
            connection
                .dbapi()
                .and_then(|dbapi| dbapi.execute(&sql, &Parameters::NONE))
                .is_ok()
        })
    }

    fn insert_statement(
        &self,
        row: usize,
        attempt: usize,
        wanted: &dyn Fn(&ReflectedColumn) -> bool,
    ) -> String {
        let mut names = Vec::new();
        let mut values = Vec::new();
        let columns = self.columns.iter();
        for column in columns.filter(|column| column.computed.is_none() && wanted(column)) {
            if let Some(value) = self.value(column, row, attempt) {
                names.push(quoted(&column.name));
                values.push(value);
            }
        }
        if names.is_empty() {
            return format!("INSERT INTO {} DEFAULT VALUES", quoted(&self.name));
        }
        format!(
            "INSERT INTO {} ({}) VALUES ({})",
            quoted(&self.name),
            names.join(", "),
            values.join(", ")
        )
    }

    /// The value of a column as SQL; `None` leaves it to its default.
    fn value(&self, column: &ReflectedColumn, row: usize, attempt: usize) -> Option<String> {
        let reference = self
            .references
            .iter()
            .find(|(name, ..)| *name == column.name);
        if let Some((_, table, referred)) = reference {
            // The referred table has as many rows, or none: then it is NULL.
            let offset = (row + attempt) % COUNT;
            let referred = quoted(referred);
            return Some(format!(
                "(SELECT {referred} FROM {} ORDER BY {referred} LIMIT 1 OFFSET {offset})",
                quoted(table)
            ));
        }
        let constants = self.constants(&column.name);
        if !constants.is_empty() {
            return Some(constants[(row + attempt) % constants.len()].clone());
        }
        // The last row has only what it must have.
        let optional = column.nullable && column.primary_key == 0;
        if optional && row + 1 == COUNT && attempt.is_multiple_of(2) {
            return None;
        }
        Some(plain_value(
            &column.declared_type,
            &column.name,
            row,
            attempt,
        ))
    }

    /// The constants of the CHECK constraints that name a column: what it may be is often among
    /// them.
    fn constants(&self, column: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for check in self.checks.iter().filter(|check| names(check, column)) {
            for constant in constants(check) {
                if !found.contains(&constant) {
                    found.push(constant);
                }
            }
        }
        found
    }
}

/// A value of a type, another one for each row.
fn plain_value(kind: &str, column: &str, row: usize, attempt: usize) -> String {
    let number = row + 1 + attempt * COUNT;
    match family(kind) {
        "integer" | "number" => number.to_string(),
        // A text of a digit is one to every database.
        "boolean" => literal(&(number % 2).to_string()),
        "date" => literal(&format!("2026-01-{:02}", number % 28 + 1)),
        "datetime" => literal(&format!("2026-01-{:02} 12:00:00.000000", number % 28 + 1)),
        "time" => literal(&format!("{:02}:00:00.000000", number % 24)),
        "json" => literal(&format!("{{\"number\": {number}}}")),
        // Standard SQL's way, and the other one for a database that refuses it.
        "bytes" if attempt.is_multiple_of(2) => format!("x'{:02x}'", number % 256),
        "bytes" => literal(&format!("\\x{:02x}", number % 256)),
        _ => {
            let text = format!("{column} {number}");
            let most = super::findings::length(kind).unwrap_or(text.len());
            // The number at its end makes it unique: that stays.
            let from = text.chars().count().saturating_sub(most);
            literal(&text.chars().skip(from).collect::<String>())
        }
    }
}

/// Whether an expression names a column.
fn names(expression: &str, column: &str) -> bool {
    expression
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .any(|word| word.eq_ignore_ascii_case(column))
}

/// The strings and whole numbers of an expression as SQL, and for each number the ones beside it.
fn constants(expression: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = expression;
    while let Some(start) = rest.find(|c: char| c == '\'' || c.is_ascii_digit()) {
        let before = rest[..start].chars().next_back();
        rest = &rest[start..];
        if let Some(text) = rest.strip_prefix('\'') {
            let Some(end) = text.find('\'') else { break };
            found.push(literal(&text[..end]));
            rest = &text[end + 1..];
            continue;
        }
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let part_of_name = before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
        if let (false, Ok(number)) = (part_of_name, rest[..end].parse::<i64>()) {
            let beside = [Some(number), number.checked_add(1), number.checked_sub(1)];
            found.extend(
                beside
                    .into_iter()
                    .flatten()
                    .map(|number| number.to_string()),
            );
        }
        rest = &rest[end..];
    }
    found
}
