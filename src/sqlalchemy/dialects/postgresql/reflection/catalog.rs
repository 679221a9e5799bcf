//! Reads the catalog with few statements.
//!
//! The first few tables are asked about one by one. After that, or where it was announced that
//! every table will be reflected, a question is about all tables of a schema at once. The answers
//! are kept until another statement is executed.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::queries::{self, Wanted};
use crate::engine::Connection;
use crate::inspector::{ReflectedDomain, ReflectedEnum};
use driver::{Parameters, Value};
use ground::diagnostic::Result;

/// A row of an answer.
#[derive(Clone, Copy)]
pub(super) struct Row<'a>(pub(super) &'a [Value]);

impl Row<'_> {
    /// A text; empty for NULL.
    pub(super) fn text(self, place: usize) -> Rc<str> {
        self.optional(place).unwrap_or_else(|| "".into())
    }

    /// A text, unless it is NULL.
    pub(super) fn optional(self, place: usize) -> Option<Rc<str>> {
        match self.0.get(place) {
            None | Some(Value::Null) => None,
            Some(Value::Text(text)) => Some(text.clone()),
            Some(other) => Some(other.python_repr().into()),
        }
    }

    /// A whole number; zero for NULL.
    pub(super) fn integer(self, place: usize) -> i64 {
        self.0
            .get(place)
            .and_then(Value::as_integer)
            .unwrap_or_default()
    }

    /// A truth value, which the queries give as a number.
    pub(super) fn truth(self, place: usize) -> bool {
        self.integer(place) != 0
    }

    /// A list that the query joined.
    pub(super) fn list(self, place: usize) -> Vec<Rc<str>> {
        self.optional(place).map_or_else(Vec::new, |text| {
            text.split(queries::SEPARATOR).map(Rc::from).collect()
        })
    }
}

/// What is known of a table itself.
pub(super) struct TableRow {
    pub comment: Option<Rc<str>>,
    pub storage: Vec<Rc<str>>,
    pub access_method: Option<Rc<str>>,
    pub tablespace: Option<Rc<str>>,
    pub parents: Vec<Rc<str>>,
}

/// A column; the only one of a table without columns has no name.
pub(super) struct ColumnRow {
    pub name: Option<Rc<str>>,
    pub format_type: Option<Rc<str>>,
    pub not_null: bool,
    pub default: Option<Rc<str>>,
    pub generated: Rc<str>,
    pub comment: Option<Rc<str>>,
    pub identity: Rc<str>,
    pub identity_sequence: Option<Rc<str>>,
    pub collation: Option<Rc<str>>,
    pub collation_schema: Option<Rc<str>>,
}

/// A column of a primary key or a unique constraint.
pub(super) struct KeyRow {
    pub name: Rc<str>,
    pub kind: Rc<str>,
    pub column: Rc<str>,
    pub is_key: bool,
    pub nulls_not_distinct: bool,
    pub comment: Option<Rc<str>>,
}

/// A foreign key or a check constraint.
pub(super) struct ConstraintRow {
    pub name: Rc<str>,
    pub kind: Rc<str>,
    pub definition: Rc<str>,
    pub referred_schema: Option<Rc<str>>,
    pub comment: Option<Rc<str>>,
}

/// An element of an index, and the index.
pub(super) struct IndexRow {
    pub name: Rc<str>,
    pub unique: bool,
    pub valid: bool,
    pub of_constraint: bool,
    pub storage: Vec<Rc<str>>,
    pub access_method: Rc<str>,
    pub condition: Option<Rc<str>>,
    pub nulls_not_distinct: bool,
    pub element: Rc<str>,
    pub is_expression: bool,
    pub is_key: bool,
    pub operator_class: Option<Rc<str>>,
    pub flags: i64,
}

/// Enums and domains of all schemas.
pub(super) struct NamedTypes {
    enums: Vec<ReflectedEnum>,
    domains: Vec<ReflectedDomain>,
}

impl NamedTypes {
    /// The enum that a type's name means: its parts without quotes.
    pub(super) fn find_enum(&self, name: &[String]) -> Option<&ReflectedEnum> {
        let is = |found: &&ReflectedEnum| means(name, &found.schema, &found.name, found.visible);
        self.enums.iter().find(is)
    }

    /// The domain that a type's name means.
    pub(super) fn find_domain(&self, name: &[String]) -> Option<&ReflectedDomain> {
        let is = |found: &&ReflectedDomain| means(name, &found.schema, &found.name, found.visible);
        self.domains.iter().find(is)
    }
}

fn means(parts: &[String], schema: &str, name: &str, visible: bool) -> bool {
    match parts {
        [only] => visible && only == name,
        [first, second] => !visible && first == schema && second == name,
        _ => false,
    }
}

/// A sequence that a column owns.
#[derive(Clone)]
pub(super) struct OwnedSequence {
    pub name: Rc<str>,
    pub column: Rc<str>,
}

/// The sequences that columns own, by the table's name.
type OwnedSequences = BTreeMap<Rc<str>, OwnedSequence>;

/// Answers by the name of the table.
type ByTable<T> = BTreeMap<String, Rc<Vec<T>>>;

/// The answers to one of the questions about tables.
struct Part<T> {
    /// By schema.
    known: RefCell<BTreeMap<Option<String>, ByTable<T>>>,
    /// The schemas of which all tables are known.
    whole: RefCell<BTreeSet<Option<String>>>,
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Part {
            known: RefCell::default(),
            whole: RefCell::default(),
        }
    }
}

impl<T> Part<T> {
    fn clear(&self) {
        self.known.borrow_mut().clear();
        self.whole.borrow_mut().clear();
    }

    fn find(&self, schema: Option<&str>, table: &str) -> Option<Rc<Vec<T>>> {
        let schema = schema.map(str::to_owned);
        let known = self.known.borrow();
        match known.get(&schema).and_then(|tables| tables.get(table)) {
            Some(rows) => Some(rows.clone()),
            None if self.whole.borrow().contains(&schema) => Some(Rc::default()),
            None => None,
        }
    }
}

/// The answers that are kept.
#[derive(Default)]
pub(super) struct Catalog {
    /// The engine's execution count at the time of reading.
    executions: Cell<u64>,
    /// How many tables were asked about one by one.
    singles: Cell<usize>,
    expected: Cell<bool>,
    tables: Part<TableRow>,
    columns: Part<ColumnRow>,
    keys: Part<KeyRow>,
    constraints: Part<ConstraintRow>,
    indexes: Part<IndexRow>,
    named_types: RefCell<Option<Rc<NamedTypes>>>,
    owned_sequences: RefCell<Option<Rc<OwnedSequences>>>,
}

/// How many tables are asked about one by one before all are.
const SINGLES: usize = 3;

/// Sends a question.
pub(super) fn ask(connection: &Connection, sql: &str) -> Result<Vec<Vec<Value>>> {
    Ok(connection.reflect(sql, &Parameters::NONE)?.rows)
}

/// The texts of an answer with one column.
pub(super) fn texts(rows: &[Vec<Value>]) -> Vec<Rc<str>> {
    rows.iter().map(|row| Row(row).text(0)).collect()
}

impl Catalog {
    pub(super) fn clear(&self) {
        self.singles.set(0);
        self.tables.clear();
        self.columns.clear();
        self.keys.clear();
        self.constraints.clear();
        self.indexes.clear();
        self.named_types.take();
        self.owned_sequences.take();
    }

    /// Announces that all tables will be read, so that the first is not read separately.
    pub(super) fn expect_all(&self) {
        self.expected.set(true);
    }

    /// Discards what a later statement may have changed.
    fn refresh(&self, connection: &Connection) {
        let executions = connection.executions();
        if self.executions.replace(executions) != executions {
            self.clear();
        }
    }

    /// What is known of a table of one part, from what is kept or by asking.
    fn rows<T>(
        &self,
        connection: &Connection,
        part: &Part<T>,
        schema: Option<&str>,
        table: &str,
        question: &dyn Fn(Wanted<'_>) -> Result<String>,
        read: &dyn Fn(Row<'_>) -> T,
    ) -> Result<Rc<Vec<T>>> {
        self.refresh(connection);
        if let Some(rows) = part.find(schema, table) {
            return Ok(rows);
        }
        let whole = self.expected.get() || self.singles.get() >= SINGLES;
        let sql = question(Wanted {
            schema,
            table: (!whole).then_some(table),
        })?;
        let mut groups: BTreeMap<String, Vec<T>> = BTreeMap::new();
        for row in ask(connection, &sql)? {
            let row = Row(&row);
            let of = row.text(0);
            let value = read(row);
            match groups.get_mut(&*of) {
                Some(group) => group.push(value),
                None => {
                    groups.insert(of.to_string(), vec![value]);
                }
            }
        }
        if !whole {
            groups.entry(table.to_owned()).or_default();
        }
        let key = schema.map(str::to_owned);
        let mut known = part.known.borrow_mut();
        let known = known.entry(key.clone()).or_default();
        known.extend(
            groups
                .into_iter()
                .map(|(table, rows)| (table, Rc::new(rows))),
        );
        if whole {
            part.whole.borrow_mut().insert(key);
        }
        Ok(known.get(table).cloned().unwrap_or_default())
    }

    /// The table itself; `None` where there is none of that name.
    pub(super) fn table(
        &self,
        connection: &Connection,
        schema: Option<&str>,
        table: &str,
    ) -> Result<Rc<Vec<TableRow>>> {
        let question = |wanted: Wanted<'_>| Ok(queries::tables(wanted));
        let read = |row: Row<'_>| TableRow {
            comment: row.optional(1),
            storage: row.list(2),
            access_method: row.optional(3),
            tablespace: row.optional(4),
            parents: row.list(5),
        };
        self.rows(connection, &self.tables, schema, table, &question, &read)
    }

    pub(super) fn columns(
        &self,
        connection: &Connection,
        schema: Option<&str>,
        table: &str,
    ) -> Result<Rc<Vec<ColumnRow>>> {
        let question = |wanted: Wanted<'_>| Ok(queries::columns(wanted));
        let read = |row: Row<'_>| ColumnRow {
            name: row.optional(1),
            format_type: row.optional(2),
            not_null: row.truth(3),
            default: row.optional(4),
            generated: row.text(5),
            comment: row.optional(6),
            identity: row.text(7),
            identity_sequence: row.optional(8),
            collation: row.optional(9),
            collation_schema: row.optional(10),
        };
        let rows = self.rows(connection, &self.columns, schema, table, &question, &read)?;
        self.singles.set(self.singles.get() + 1);
        Ok(rows)
    }

    pub(super) fn keys(
        &self,
        connection: &Connection,
        schema: Option<&str>,
        table: &str,
    ) -> Result<Rc<Vec<KeyRow>>> {
        let question = |wanted: Wanted<'_>| Ok(queries::keys(wanted, &connection.dialect()));
        let read = |row: Row<'_>| KeyRow {
            name: row.text(1),
            kind: row.text(2),
            column: row.text(3),
            is_key: row.truth(4),
            nulls_not_distinct: row.truth(5),
            comment: row.optional(6),
        };
        self.rows(connection, &self.keys, schema, table, &question, &read)
    }

    pub(super) fn constraints(
        &self,
        connection: &Connection,
        schema: Option<&str>,
        table: &str,
    ) -> Result<Rc<Vec<ConstraintRow>>> {
        let question = |wanted: Wanted<'_>| Ok(queries::constraints(wanted));
        let read = |row: Row<'_>| ConstraintRow {
            name: row.text(1),
            kind: row.text(2),
            definition: row.text(3),
            referred_schema: row.optional(4),
            comment: row.optional(5),
        };
        let part = &self.constraints;
        self.rows(connection, part, schema, table, &question, &read)
    }

    pub(super) fn indexes(
        &self,
        connection: &Connection,
        schema: Option<&str>,
        table: &str,
    ) -> Result<Rc<Vec<IndexRow>>> {
        let question = |wanted: Wanted<'_>| Ok(queries::indexes(wanted, &connection.dialect()));
        let read = |row: Row<'_>| IndexRow {
            name: row.text(1),
            unique: row.truth(2),
            valid: row.truth(3),
            of_constraint: row.truth(4),
            storage: row.list(5),
            access_method: row.text(6),
            condition: row.optional(7),
            nulls_not_distinct: row.truth(8),
            element: row.text(9),
            is_expression: row.truth(10),
            is_key: row.truth(11),
            operator_class: row.optional(12),
            flags: row.integer(13),
        };
        self.rows(connection, &self.indexes, schema, table, &question, &read)
    }

    /// The enums and domains of all schemas.
    pub(super) fn named_types(&self, connection: &Connection) -> Result<Rc<NamedTypes>> {
        self.refresh(connection);
        if let Some(known) = &*self.named_types.borrow() {
            return Ok(known.clone());
        }
        let found = Rc::new(NamedTypes {
            enums: enums(connection, Some("*"))?,
            domains: domains(connection, Some("*"))?,
        });
        self.named_types.replace(Some(found.clone()));
        Ok(found)
    }

    /// The column that owns a sequence, which is named as `regclass` shows it.
    pub(super) fn owned_sequence(
        &self,
        connection: &Connection,
        sequence: &str,
    ) -> Result<Option<OwnedSequence>> {
        self.refresh(connection);
        let known = self.owned_sequences.borrow().clone();
        let known = match known {
            Some(known) => known,
            None => {
                let rows = ask(connection, queries::OWNED_SEQUENCES)?;
                let found = rows.iter().map(|row| {
                    let row = Row(row);
                    let owned = OwnedSequence {
                        name: row.text(1),
                        column: row.text(2),
                    };
                    (row.text(0), owned)
                });
                let found: Rc<OwnedSequences> = Rc::new(found.collect());
                self.owned_sequences.replace(Some(found.clone()));
                found
            }
        };
        Ok(known.get(sequence).cloned())
    }
}

/// `get_enums`; `*` stands for all schemas.
pub(super) fn enums(connection: &Connection, schema: Option<&str>) -> Result<Vec<ReflectedEnum>> {
    let mut found: Vec<ReflectedEnum> = Vec::new();
    for row in ask(connection, &queries::enums(schema))? {
        let row = Row(&row);
        let (name, schema) = (row.text(0), row.text(2));
        // The labels of one type follow one another.
        if found
            .last()
            .is_none_or(|last| last.name != name || last.schema != schema)
        {
            found.push(ReflectedEnum {
                name,
                schema,
                visible: row.truth(1),
                labels: Vec::new(),
            });
        }
        if let (Some(last), Some(label)) = (found.last_mut(), row.optional(3)) {
            last.labels.push(label);
        }
    }
    Ok(found)
}

/// `get_domains`; `*` stands for all schemas.
pub(super) fn domains(
    connection: &Connection,
    schema: Option<&str>,
) -> Result<Vec<ReflectedDomain>> {
    let mut found: Vec<ReflectedDomain> = Vec::new();
    for row in ask(connection, &queries::domains(schema))? {
        let row = Row(&row);
        let (name, schema) = (row.text(0), row.text(5));
        if found
            .last()
            .is_none_or(|last| last.name != name || last.schema != schema)
        {
            let type_ = row.text(1);
            found.push(ReflectedDomain {
                name,
                schema,
                visible: row.truth(4),
                // SQLAlchemy leaves the length of the type out.
                type_: type_.split('(').next().unwrap_or_default().into(),
                nullable: !row.truth(2),
                default: row.optional(3),
                constraints: Vec::new(),
                collation: row.optional(6),
                collation_schema: row.optional(7),
            });
        }
        if let (Some(last), Some(name)) = (found.last_mut(), row.optional(8)) {
            let definition = row.text(9);
            // What is not a check is NOT NULL.
            if definition.to_lowercase().starts_with("check")
                && let Some(check) = definition.get(7..definition.len().saturating_sub(1))
            {
                last.constraints.push((name, check.into()));
            }
        }
    }
    Ok(found)
}
