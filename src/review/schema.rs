//! The schema of a database, for comparison.

use super::Renames;
use ground::diagnostic::Result;
use ground::order::InOrder;
use sqlalchemy::engine::Connection;
use sqlalchemy::image::{Change, ComparedTable};
use sqlalchemy::inspector::{Inspector, ReflectedIndex};
use std::rc::Rc;

/// The kind of a table's item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemKind {
    /// A column.
    Column,
    /// The primary key.
    PrimaryKey,
    /// A foreign key.
    ForeignKey,
    /// A unique constraint.
    Unique,
    /// A check constraint.
    Check,
    /// An index.
    Index,
    /// WITHOUT ROWID, STRICT.
    Option,
}

impl ItemKind {
    /// The kind in words: `column`, `primary key`, `foreign key`, `unique constraint`, `check
    /// constraint`, `index`, `option`.
    pub fn word(self) -> &'static str {
        match self {
            ItemKind::Column => "column",
            ItemKind::PrimaryKey => "primary key",
            ItemKind::ForeignKey => "foreign key",
            ItemKind::Unique => "unique constraint",
            ItemKind::Check => "check constraint",
            ItemKind::Index => "index",
            ItemKind::Option => "option",
        }
    }
}

/// A column, key, index or constraint, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaItem {
    /// Its kind.
    pub kind: ItemKind,
    /// Its name; empty if unnamed.
    pub name: String,
    /// The columns involved.
    pub columns: Vec<String>,
    /// The table referenced by a foreign key.
    pub referred: Option<String>,
    /// Its definition without the name, as SQL: `VARCHAR(80) NOT NULL`, `(email)`, `(author_id)
    /// REFERENCES author (id)`.
    pub definition: String,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSchema {
    /// Its name.
    pub name: String,
    /// Its columns, keys, indexes and constraints.
    pub items: Vec<SchemaItem>,
    /// Columns of the primary key, in order.
    pub primary_key: Vec<String>,
}

impl TableSchema {
    /// The columns.
    pub fn columns(&self) -> impl Iterator<Item = &SchemaItem> {
        self.items
            .iter()
            .filter(|item| item.kind == ItemKind::Column)
    }

    /// The description needed for comparing rows.
    pub(super) fn compared(&self) -> ComparedTable<'_> {
        ComparedTable {
            name: &self.name,
            columns: self.columns().map(|column| column.name.as_str()).collect(),
            primary_key: &self.primary_key,
        }
    }

    /// A column.
    pub fn column(&self, name: &str) -> Option<&SchemaItem> {
        self.columns().find(|column| column.name == name)
    }
}

/// A differing item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemDifference {
    /// Its kind.
    pub kind: ItemKind,
    /// The kind of change.
    pub change: Change,
    /// The old name and definition.
    pub before: Option<SchemaItem>,
    /// The new name and definition.
    pub after: Option<SchemaItem>,
}

/// Reads the tables of a database, by name, without system tables and the version table.
///
/// # Errors
/// The database's.
pub fn read_tables(connection: &Connection) -> Result<Vec<TableSchema>> {
    let inspector = Inspector::new(connection)?;
    inspector.expect_all_tables();
    let mut tables = Vec::new();
    for name in inspector.get_table_names(None)?.iter() {
        if &**name == "alembic_version" {
            continue;
        }
        // A virtual table whose module is missing cannot be read and is skipped.
        if let Ok(table) = read_table(&inspector, name) {
            tables.push(table);
        }
    }
    tables.in_order_by(|a, b| a.name.cmp(&b.name));
    Ok(tables)
}

/// Reads one table of a database, if it is there.
pub(super) fn find_table(connection: &Connection, name: &str) -> Result<Option<TableSchema>> {
    let inspector = Inspector::new(connection)?;
    let names = inspector.get_table_names(None)?;
    let is_there = name != "alembic_version" && names.iter().any(|known| **known == *name);
    Ok(is_there
        .then(|| read_table(&inspector, name).ok())
        .flatten())
}

fn list(names: &[Rc<str>]) -> String {
    format!("({})", names.join(", "))
}

fn strings(names: &[Rc<str>]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// The condition of a partial index, under any dialect's option name.
fn partial(index: &ReflectedIndex) -> Option<Rc<str>> {
    let options = &index.dialect_options;
    let (name, _) = options.iter().find(|(name, _)| name.ends_with("_where"))?;
    options.text(name)
}

fn read_table(inspector: &Inspector, name: &str) -> Result<TableSchema> {
    let mut items = Vec::new();
    for column in inspector.get_columns(name, None)?.iter() {
        let mut definition = column.declared_type.to_string();
        if !column.nullable {
            definition.push_str(" NOT NULL");
        }
        if let Some(default) = &column.default {
            definition.push_str(" DEFAULT ");
            definition.push_str(default);
        }
        if let Some((expression, stored)) = &column.computed {
            definition.push_str(" GENERATED ALWAYS AS (");
            definition.push_str(expression);
            definition.push_str(if *stored { ") STORED" } else { ") VIRTUAL" });
        }
        items.push(SchemaItem {
            kind: ItemKind::Column,
            name: column.name.to_string(),
            columns: vec![column.name.to_string()],
            referred: None,
            definition: definition.trim().to_owned(),
        });
    }
    let key = inspector.get_pk_constraint(name, None)?;
    if !key.constrained_columns.is_empty() {
        items.push(SchemaItem {
            kind: ItemKind::PrimaryKey,
            name: key.name.clone().unwrap_or_default(),
            columns: strings(&key.constrained_columns),
            referred: None,
            definition: list(&key.constrained_columns),
        });
    }
    for foreign in inspector.get_foreign_keys(name, None)?.iter() {
        let mut definition = format!(
            "{} REFERENCES {} {}",
            list(&foreign.constrained_columns),
            foreign.referred_table,
            list(&foreign.referred_columns)
        );
        for (words, value) in [
            (" ON DELETE ", &foreign.ondelete),
            (" ON UPDATE ", &foreign.onupdate),
            (" INITIALLY ", &foreign.initially),
        ] {
            if let Some(value) = value {
                definition.push_str(words);
                definition.push_str(value);
            }
        }
        items.push(SchemaItem {
            kind: ItemKind::ForeignKey,
            name: foreign.name.clone().unwrap_or_default(),
            columns: strings(&foreign.constrained_columns),
            referred: Some(foreign.referred_table.to_string()),
            definition,
        });
    }
    for unique in inspector.get_unique_constraints(name, None)?.iter() {
        items.push(SchemaItem {
            kind: ItemKind::Unique,
            name: unique.name.clone().unwrap_or_default(),
            columns: strings(&unique.column_names),
            referred: None,
            definition: list(&unique.column_names),
        });
    }
    for check in inspector.get_check_constraints(name, None)?.iter() {
        items.push(SchemaItem {
            kind: ItemKind::Check,
            name: check.name.clone().unwrap_or_default(),
            columns: Vec::new(),
            referred: None,
            definition: format!("({})", check.sqltext),
        });
    }
    // An index on an expression is not reflected; its CREATE statement is used instead.
    let reflected = inspector.get_indexes(name, None)?;
    for (index, sql) in inspector.get_index_definitions(name, None)? {
        let known = reflected.iter().find(|known| known.name == index);
        let (columns, definition) = match known {
            Some(known) => {
                let columns = known.columns();
                let mut definition = list(&columns);
                if known.unique {
                    definition.insert_str(0, "UNIQUE ");
                }
                if let Some(condition) = partial(known) {
                    definition.push_str(" WHERE ");
                    definition.push_str(&condition);
                }
                (strings(&columns), definition)
            }
            None => {
                let mut definition = sql
                    .find('(')
                    .map_or(&*sql, |start| &sql[start..])
                    .to_owned();
                let unique = sql
                    .get(..13)
                    .is_some_and(|start| start.eq_ignore_ascii_case("CREATE UNIQUE"));
                if unique {
                    definition.insert_str(0, "UNIQUE ");
                }
                (Vec::new(), definition)
            }
        };
        items.push(SchemaItem {
            kind: ItemKind::Index,
            name: index.to_string(),
            columns,
            referred: None,
            definition,
        });
    }
    for word in inspector.table_option_words(name, None)? {
        items.push(SchemaItem {
            kind: ItemKind::Option,
            name: String::new(),
            columns: Vec::new(),
            referred: None,
            definition: word,
        });
    }
    Ok(TableSchema {
        name: name.to_owned(),
        items,
        primary_key: strings(&key.constrained_columns),
    })
}

/// An old item, rewritten with the new names of renamed tables and columns.
fn renamed(item: &SchemaItem, table: &str, renames: &Renames) -> SchemaItem {
    let mut item = item.clone();
    let columns: Vec<String> = item
        .columns
        .iter()
        .map(|column| renames.new_column(table, column).to_owned())
        .collect();
    let referred = item
        .referred
        .as_ref()
        .map(|referred| renames.new_table(referred).to_owned());
    if item.kind == ItemKind::Column {
        item.name = columns.first().cloned().unwrap_or_default();
    } else if columns != item.columns || referred != item.referred {
        let old = format!("({})", item.columns.join(", "));
        let new = format!("({})", columns.join(", "));
        item.definition = item.definition.replacen(&old, &new, 1);
        if let (Some(was), Some(is)) = (&item.referred, &referred) {
            item.definition = item.definition.replacen(
                &format!("REFERENCES {was} "),
                &format!("REFERENCES {is} "),
                1,
            );
        }
    }
    item.columns = columns;
    item.referred = referred;
    item
}

/// The differences between two tables, either of which may be missing.
pub(super) fn items(
    before: Option<&TableSchema>,
    after: Option<&TableSchema>,
    renames: &Renames,
) -> Vec<ItemDifference> {
    let mut differences = Vec::new();
    let name = before.map_or("", |table| table.name.as_str());
    let mut old: Vec<(SchemaItem, &SchemaItem)> = before
        .iter()
        .flat_map(|table| &table.items)
        .map(|item| (renamed(item, name, renames), item))
        .collect();
    let mut unmatched = Vec::new();
    for item in after.iter().flat_map(|table| &table.items) {
        let same = |(known, was): &(SchemaItem, &SchemaItem)| {
            known.kind == item.kind
                && known.name == item.name
                && known.definition == item.definition
                && (item.kind != ItemKind::Column || was.name == item.name)
        };
        match old.iter().position(same) {
            Some(place) => {
                old.remove(place);
            }
            None => unmatched.push(item),
        }
    }
    for item in unmatched {
        // The counterpart of an altered item: the same name, or for an unnamed one the same
        // columns.
        let place = old.iter().position(|(known, _)| {
            known.kind == item.kind
                && (item.kind == ItemKind::PrimaryKey
                    || (!item.name.is_empty() && known.name == item.name)
                    || (item.kind != ItemKind::Column
                        && item.kind != ItemKind::Option
                        && (known.name.is_empty() || item.name.is_empty())
                        && !item.columns.is_empty()
                        && known.columns == item.columns))
        });
        let was = place.map(|place| old.remove(place).1.clone());
        differences.push(ItemDifference {
            kind: item.kind,
            change: if was.is_some() {
                Change::Altered
            } else {
                Change::Added
            },
            before: was,
            after: Some(item.clone()),
        });
    }
    differences.extend(old.into_iter().map(|(_, was)| ItemDifference {
        kind: was.kind,
        change: Change::Removed,
        before: Some(was.clone()),
        after: None,
    }));
    differences.in_order_by_key(|difference| difference.kind);
    differences
}
