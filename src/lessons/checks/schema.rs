//! Conditions on tables: `table = "hero"` and what is said about it.

use super::super::Problem;
use super::super::fields::Fields;
use super::super::state::{State, rows_hash, schema_hash, shown};
use super::{Part, listed};
use crate::config::toml::Value;
use crate::review;
use sqlalchemy::inspector::{Inspector, ReflectedColumn};

/// A table, and what is required of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TableCondition {
    table: String,
    /// The database, where it is not the project's.
    url: Option<String>,
    /// Whether what is named must not be there: the item, or the table where none is named.
    absent: bool,
    /// Whether the schema is as at the step's start.
    unchanged: bool,
    /// Whether the rows are.
    rows_unchanged: bool,
    /// The names of all columns, in any order.
    columns: Option<Vec<String>>,
    item: Option<Item>,
}

/// A part of a table.
#[derive(Clone, Debug, PartialEq)]
enum Item {
    Column(Column),
    PrimaryKey(Vec<String>),
    ForeignKey {
        columns: Vec<String>,
        /// The table, and the column where it is given.
        references: Option<String>,
        name: Named,
    },
    Unique {
        columns: Vec<String>,
        name: Named,
    },
    Index {
        columns: Vec<String>,
        unique: Option<bool>,
        name: Named,
    },
    /// A piece of the constraint's SQL; empty for any.
    Check {
        text: String,
        name: Named,
    },
}

#[derive(Clone, Debug, PartialEq)]
struct Column {
    name: String,
    /// Any of these; one without brackets has any length.
    types: Option<Vec<String>>,
    nullable: Option<bool>,
    default: Option<Default>,
}

#[derive(Clone, Debug, PartialEq)]
enum Default {
    Any,
    None,
    Is(String),
}

/// What the name of a constraint or index must be.
#[derive(Clone, Debug, PartialEq)]
enum Named {
    Whatever,
    Something,
    Exactly(String),
}

impl TableCondition {
    pub(super) fn read(fields: &Fields<'_>) -> Result<TableCondition, Problem> {
        let table = fields.required("table")?;
        let name = match (fields.text("name")?, fields.flag("named")?) {
            (Some(name), _) => Named::Exactly(name),
            (None, true) => Named::Something,
            (None, false) => Named::Whatever,
        };
        let mut items = Vec::new();
        if let Some(name) = fields.text("column")? {
            items.push(Item::Column(Column {
                name,
                types: fields.texts("type")?,
                nullable: fields.boolean("nullable")?,
                default: match fields.value("default") {
                    None => None,
                    Some(Value::Boolean(true)) => Some(Default::Any),
                    Some(Value::Boolean(false)) => Some(Default::None),
                    Some(Value::String(text)) => Some(Default::Is(text.clone())),
                    Some(_) => {
                        let message = "default is a text, or true for any and false for none.";
                        return Err(fields.wrong("default", message));
                    }
                },
            }));
        }
        if let Some(columns) = fields.texts("primary_key")? {
            items.push(Item::PrimaryKey(columns));
        }
        if let Some(columns) = fields.texts("foreign_key")? {
            items.push(Item::ForeignKey {
                columns,
                references: fields.text("references")?,
                name: name.clone(),
            });
        }
        let is_index = fields.has("index");
        if let Some(columns) = fields.texts("index")? {
            items.push(Item::Index {
                columns,
                unique: fields.boolean("unique")?,
                name: name.clone(),
            });
        }
        if !is_index && let Some(columns) = fields.texts("unique")? {
            items.push(Item::Unique {
                columns,
                name: name.clone(),
            });
        }
        if let Some(text) = fields.text("check")? {
            items.push(Item::Check { text, name });
        }
        if items.len() > 1 {
            let message = "A condition is about one column, key, index or constraint of a table.";
            return Err(fields.missing(message));
        }
        Ok(TableCondition {
            table,
            url: fields.text("url")?,
            absent: fields.flag("absent")?,
            unchanged: fields.flag("unchanged")?,
            rows_unchanged: fields.flag("rows_unchanged")?,
            columns: fields.texts("columns")?,
            item: items.pop(),
        })
    }

    pub(super) fn table(&self) -> &str {
        &self.table
    }

    pub(super) fn parts(&self, state: &State<'_>) -> Vec<Part> {
        let table = &self.table;
        let there_is = format!("There is a table {table}.");
        let gone = format!("There is no table {table}.");
        let absent = self.absent && self.item.is_none();
        let looked = state.inspector(self.url.as_deref()).and_then(|inspector| {
            let is_there = inspector.has_table(table, None).map_err(|e| shown(&e))?;
            let names = inspector.get_table_names(None).map_err(|e| shown(&e))?;
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            Ok((inspector, is_there, names))
        });
        let (inspector, is_there, names) = match looked {
            Ok(looked) => looked,
            Err(why) => return vec![Part::unknown(if absent { gone } else { there_is }, why)],
        };
        if absent {
            return vec![Part::new(!is_there, gone, "It is there.")];
        }
        let others: Vec<&String> = names.iter().filter(|n| *n != "alembic_version").collect();
        let found = match others.as_slice() {
            [] => "The database has no tables yet.".to_owned(),
            [only] => format!("The only table is {only}."),
            names => format!("The tables are {}.", listed(names)),
        };
        let mut parts = vec![Part::new(is_there, there_is, found)];
        if !is_there {
            return parts;
        }
        if let Some(item) = &self.item {
            let more = item.parts(&inspector, table, self.absent);
            parts.extend(more.unwrap_or_else(|why| vec![Part::unknown(item.title(table), why)]));
        }
        if let Some(columns) = &self.columns {
            parts.push(exact_columns(&inspector, table, columns));
        }
        if self.unchanged || self.rows_unchanged {
            parts.extend(self.compared(state));
        }
        // That the table is there goes without saying where more is said about it.
        if parts.len() > 1 {
            parts.remove(0);
        }
        parts
    }

    /// Compares with the step's start.
    fn compared(&self, state: &State<'_>) -> Vec<Part> {
        let table = &self.table;
        let now = state.database(None).ok().and_then(|connection| {
            let tables = review::read_tables(&connection).ok()?;
            let found = tables.into_iter().find(|known| known.name == *table)?;
            Some((schema_hash(&found), rows_hash(&connection, &found)))
        });
        let before = state.start().tables.get(table);
        let same = |pick: fn(&(String, String)) -> &String| match (&now, before) {
            (Some(now), Some(before)) => pick(now) == pick(before),
            _ => false,
        };
        let mut parts = Vec::new();
        if self.unchanged {
            parts.push(Part::new(
                same(|pair| &pair.0),
                format!("The table {table} is as it was."),
                "Its columns, keys or indexes have changed since the step began.",
            ));
        }
        if self.rows_unchanged {
            parts.push(Part::new(
                same(|pair| &pair.1),
                format!("The rows of {table} are as they were."),
                "They have changed since the step began.",
            ));
        }
        parts
    }
}

fn exact_columns(inspector: &Inspector, table: &str, columns: &[String]) -> Part {
    let expected = format!("The columns of {table} are {}.", listed(columns));
    match inspector.get_columns(table, None) {
        Err(error) => Part::unknown(expected, shown(&error)),
        Ok(found) => {
            let names: Vec<String> = found.iter().map(|column| column.name.to_string()).collect();
            let same = names.len() == columns.len() && columns.iter().all(|c| names.contains(c));
            Part::new(same, expected, format!("They are {}.", listed(&names)))
        }
    }
}

type Found = Result<Vec<Part>, String>;

impl Item {
    /// The item as a requirement.
    fn title(&self, table: &str) -> String {
        match self {
            Item::Column(column) => format!("{table} has a column {}.", column.name),
            Item::PrimaryKey(columns) => {
                format!("The primary key of {table} is {}.", listed(columns))
            }
            Item::ForeignKey {
                columns,
                references,
                ..
            } => match references {
                Some(other) => {
                    format!(
                        "{table} has a foreign key from {} to {other}.",
                        listed(columns)
                    )
                }
                None => format!("{table} has a foreign key on {}.", listed(columns)),
            },
            Item::Unique { columns, .. } => {
                format!("The values of {} in {table} are unique.", listed(columns))
            }
            Item::Index { columns, .. } => {
                format!("{table} has an index on {}.", listed(columns))
            }
            Item::Check { text, .. } if text.is_empty() => {
                format!("{table} has a check constraint.")
            }
            Item::Check { text, .. } => format!("{table} has a check constraint on {text}."),
        }
    }

    fn absent_title(&self, table: &str) -> String {
        match self {
            Item::Column(column) => format!("{table} has no column {}.", column.name),
            Item::PrimaryKey(_) => format!("{table} has no such primary key."),
            Item::ForeignKey { columns, .. } => {
                format!("{table} has no foreign key on {}.", listed(columns))
            }
            Item::Unique { columns, .. } => {
                format!("{table} has no unique constraint on {}.", listed(columns))
            }
            Item::Index { columns, .. } => {
                format!("{table} has no index on {}.", listed(columns))
            }
            Item::Check { .. } => format!("{table} has no such check constraint."),
        }
    }

    fn parts(&self, inspector: &Inspector, table: &str, absent: bool) -> Found {
        if let Item::Column(column) = self {
            return column.parts(inspector, table, absent);
        }
        let (matching, others) = self.matching(inspector, table)?;
        if absent {
            let found = "It is there.";
            return Ok(vec![Part::new(
                matching.is_empty(),
                self.absent_title(table),
                found,
            )]);
        }
        let found = match others.as_slice() {
            [] if matches!(self, Item::Unique { .. }) => "No constraint says so.".to_owned(),
            [] => "There is none.".to_owned(),
            others => format!("There is {}.", listed(others)),
        };
        let mut parts = vec![Part::new(!matching.is_empty(), self.title(table), found)];
        if let (Some(name), false) = (self.name_wanted(), matching.is_empty()) {
            let (holds, expected) = match name {
                Named::Exactly(name) => (matching.contains(name), format!("It is called {name}.")),
                _ => (
                    matching.iter().any(|name| !name.is_empty()),
                    "It has a name.".to_owned(),
                ),
            };
            let names: Vec<&str> = matching
                .iter()
                .map(|name| {
                    if name.is_empty() {
                        "without a name"
                    } else {
                        name.as_str()
                    }
                })
                .collect();
            parts.push(Part::new(
                holds,
                expected,
                format!("It is {}.", listed(&names)),
            ));
        }
        Ok(parts)
    }

    fn name_wanted(&self) -> Option<&Named> {
        match self {
            Item::ForeignKey { name, .. }
            | Item::Unique { name, .. }
            | Item::Index { name, .. }
            | Item::Check { name, .. } => Some(name).filter(|name| **name != Named::Whatever),
            Item::Column(_) | Item::PrimaryKey(_) => None,
        }
    }

    /// The names of the items that fit (empty without one), and descriptions of all of the kind.
    fn matching(
        &self,
        inspector: &Inspector,
        table: &str,
    ) -> Result<(Vec<String>, Vec<String>), String> {
        let (mut matching, mut others) = (Vec::new(), Vec::new());
        let mut look = |fits: bool, name: Option<&str>, description: String| {
            if fits {
                matching.push(name.unwrap_or_default().to_owned());
            }
            others.push(description);
        };
        match self {
            Item::Column(_) => {}
            Item::PrimaryKey(columns) => {
                let key = inspector
                    .get_pk_constraint(table, None)
                    .map_err(|e| shown(&e))?;
                if !key.constrained_columns.is_empty() {
                    let found = strings(&key.constrained_columns);
                    look(found == *columns, key.name.as_deref(), listed(&found));
                }
            }
            Item::ForeignKey {
                columns,
                references,
                ..
            } => {
                for key in inspector
                    .get_foreign_keys(table, None)
                    .map_err(|e| shown(&e))?
                    .iter()
                {
                    let from = strings(&key.constrained_columns);
                    let to = match strings(&key.referred_columns).as_slice() {
                        [only] => format!("{}.{only}", key.referred_table),
                        _ => key.referred_table.to_string(),
                    };
                    let leads = references
                        .as_ref()
                        .is_none_or(|wanted| *wanted == to || **wanted == *key.referred_table);
                    let description = format!("one from {} to {to}", listed(&from));
                    look(from == *columns && leads, key.name.as_deref(), description);
                }
            }
            Item::Unique { columns, .. } => {
                for unique in inspector
                    .get_unique_constraints(table, None)
                    .map_err(|e| shown(&e))?
                    .iter()
                {
                    let found = strings(&unique.column_names);
                    let description = format!("one on {}", listed(&found));
                    look(
                        same_names(&found, columns),
                        unique.name.as_deref(),
                        description,
                    );
                }
                for index in inspector
                    .get_indexes(table, None)
                    .map_err(|e| shown(&e))?
                    .iter()
                {
                    let found = strings(&index.columns());
                    if index.unique && index.duplicates_constraint.is_none() {
                        let description = format!("a unique index on {}", listed(&found));
                        look(same_names(&found, columns), Some(&index.name), description);
                    }
                }
            }
            Item::Index {
                columns, unique, ..
            } => {
                for index in inspector
                    .get_indexes(table, None)
                    .map_err(|e| shown(&e))?
                    .iter()
                {
                    let found = strings(&index.columns());
                    let fits = found == *columns && unique.is_none_or(|u| u == index.unique);
                    let kind = if index.unique { "a unique one" } else { "one" };
                    look(
                        fits,
                        Some(&index.name),
                        format!("{kind} on {}", listed(&found)),
                    );
                }
            }
            Item::Check { text, .. } => {
                for check in inspector
                    .get_check_constraints(table, None)
                    .map_err(|e| shown(&e))?
                    .iter()
                {
                    let fits = squeezed(&check.sqltext).contains(&squeezed(text));
                    look(
                        fits,
                        check.name.as_deref(),
                        format!("one on {}", check.sqltext),
                    );
                }
            }
        }
        Ok((matching, others))
    }
}

impl Column {
    fn parts(&self, inspector: &Inspector, table: &str, absent: bool) -> Found {
        let name = &self.name;
        let columns = inspector.get_columns(table, None).map_err(|e| shown(&e))?;
        let found = columns.iter().find(|column| *column.name == **name);
        let names: Vec<String> = columns
            .iter()
            .map(|column| column.name.to_string())
            .collect();
        if absent {
            return Ok(vec![Part::new(
                found.is_none(),
                format!("{table} has no column {name}."),
                "It is there.",
            )]);
        }
        let there = format!("{table} has a column {name}.");
        let Some(column) = found else {
            let found = format!("The columns are {}.", listed(&names));
            return Ok(vec![Part::new(false, there, found)]);
        };
        let mut parts = vec![Part::new(true, there, "")];
        if let Some(types) = &self.types {
            parts.push(Part::new(
                types
                    .iter()
                    .any(|wanted| same_type(wanted, &column.declared_type)),
                format!("{table}.{name} is of type {}.", types.join(" or ")),
                format!("It is {}.", column.declared_type),
            ));
        }
        if let Some(nullable) = self.nullable {
            let words = |nullable| {
                if nullable {
                    "may be NULL"
                } else {
                    "is NOT NULL"
                }
            };
            parts.push(Part::new(
                column.nullable == nullable,
                format!("{table}.{name} {}.", words(nullable)),
                format!("It {}.", words(column.nullable)),
            ));
        }
        if let Some(default) = &self.default {
            parts.push(default.part(table, column));
        }
        Ok(parts)
    }
}

impl Default {
    fn part(&self, table: &str, column: &ReflectedColumn) -> Part {
        let name = &column.name;
        let (holds, expected) = match (self, &column.default) {
            (Default::Any, found) => (
                found.is_some(),
                format!("{table}.{name} has a server default."),
            ),
            (Default::None, found) => (
                found.is_none(),
                format!("{table}.{name} has no server default."),
            ),
            (Default::Is(wanted), found) => (
                found
                    .as_ref()
                    .is_some_and(|found| bare(found) == bare(wanted)),
                format!("The server default of {table}.{name} is {wanted}."),
            ),
        };
        let found = match &column.default {
            Some(default) => format!("It is {default}."),
            None => "It has none.".to_owned(),
        };
        Part::new(holds, expected, found)
    }
}

/// A default without quotation marks, brackets around it, and what it is cast to.
fn bare(default: &str) -> String {
    let text = default.split("::").next().unwrap_or(default).trim();
    let text = text.trim_start_matches('(').trim_end_matches(')');
    text.trim_matches('\'').to_lowercase()
}

fn same_type(wanted: &str, found: &str) -> bool {
    let (wanted, found) = (wanted.to_uppercase(), found.to_uppercase());
    if wanted.contains('(') {
        return squeezed(&wanted) == squeezed(&found);
    }
    found.split('(').next().unwrap_or_default().trim() == wanted
}

/// A text without spaces and quotation marks, in small letters.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | '`'))
        .flat_map(char::to_lowercase)
        .collect()
}

fn same_names(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().all(|name| other.contains(name))
}

fn strings(names: &[std::rc::Rc<str>]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}
