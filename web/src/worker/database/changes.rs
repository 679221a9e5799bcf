//! What a command changed: in databases, table by table and row by row, and among the files.

use std::collections::BTreeMap;

use limbeck::driver::{Connection, Parameters, Value};
use limbeck::ground::order::InOrder;
use protocol::sql::{describe_foreign_key, describe_index, quote_name};
use protocol::{Change, Column, Table, TableChange};

use crate::workspace::{FileKindOf as _, Files, relative};

/// Tables with more rows than this are only counted.
const COMPARED_ROWS: u64 = 5_000;

/// How many changed rows are named one by one.
const NAMED_ROWS: usize = 500;

/// Files that differ, databases left out.
pub fn files(before: &Files, after: &Files) -> Vec<(String, Change)> {
    let mut paths: Vec<&String> = before.files.keys().chain(after.files.keys()).collect();
    paths.in_order();
    paths.dedup();
    paths
        .into_iter()
        .filter_map(|path| {
            let (old, new) = (before.files.get(path), after.files.get(path));
            let change = match (old, new) {
                (None, Some(_)) => Change::Added,
                (Some(_), None) => Change::Removed,
                (Some(old), Some(new)) if old != new => Change::Altered,
                _ => return None,
            };
            let database = old
                .or(new)
                .is_some_and(|contents| contents.is_database(path));
            (!database).then(|| (relative(path), change))
        })
        .collect()
}

fn describe_column(column: &Column) -> String {
    let mut text = column.kind.clone();
    if column.primary_key > 0 {
        text.push_str(" PRIMARY KEY");
    }
    if column.not_null {
        text.push_str(" NOT NULL");
    }
    if let Some(default) = &column.default {
        text.push_str(" DEFAULT ");
        text.push_str(default);
    }
    text
}

/// Where each name stands, in the order of the names.
fn places(names: &mut dyn Iterator<Item = String>) -> BTreeMap<String, usize> {
    names
        .enumerate()
        .map(|(place, name)| (name, place))
        .collect()
}

fn listed<T>(
    before: &[T],
    after: &[T],
    name: impl Fn(&T) -> String,
    same: impl Fn(&T, &T) -> bool,
) -> Vec<(String, Change)> {
    let old = places(&mut before.iter().map(&name));
    let new = places(&mut after.iter().map(&name));
    let mut changes = Vec::new();
    for (key, place) in &new {
        match old.get(key) {
            None => changes.push((key.clone(), Change::Added)),
            Some(was) if !same(&before[*was], &after[*place]) => {
                changes.push((key.clone(), Change::Altered))
            }
            _ => {}
        }
    }
    changes.extend(
        old.keys()
            .filter(|key| !new.contains_key(*key))
            .map(|key| (key.clone(), Change::Removed)),
    );
    changes
}

/// What differs between two states of a database.
pub fn tables(
    database: &str,
    before: (&[Table], Option<&dyn Connection>),
    after: (&[Table], Option<&dyn Connection>),
) -> Vec<TableChange> {
    let named = |tables: &[Table]| places(&mut tables.iter().map(|table| table.name.clone()));
    let (old, new) = (named(before.0), named(after.0));
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.in_order();
    names.dedup();
    let mut changes = Vec::new();
    for name in names {
        let mut change = TableChange {
            database: database.to_owned(),
            table: name.to_owned(),
            change: None,
            columns: Vec::new(),
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
            rows: Vec::new(),
            added: 0,
            removed: 0,
            altered: 0,
            was: None,
        };
        match (
            old.get(name).map(|place| &before.0[*place]),
            new.get(name).map(|place| &after.0[*place]),
        ) {
            (None, Some(table)) => {
                change.change = Some(Change::Added);
                change.added = table.rows;
            }
            (Some(table), None) => {
                change.change = Some(Change::Removed);
                change.removed = table.rows;
                change.was = Some((*table).clone());
            }
            (Some(was), Some(is)) => {
                for column in &is.columns {
                    match was.columns.iter().find(|old| old.name == column.name) {
                        None => change.columns.push((
                            column.name.clone(),
                            Change::Added,
                            describe_column(column),
                        )),
                        Some(old) if old != column => change.columns.push((
                            column.name.clone(),
                            Change::Altered,
                            describe_column(old),
                        )),
                        _ => {}
                    }
                }
                for column in &was.columns {
                    if !is.columns.iter().any(|c| c.name == column.name) {
                        change.columns.push((
                            column.name.clone(),
                            Change::Removed,
                            describe_column(column),
                        ));
                    }
                }
                change.indexes = listed(&was.indexes, &is.indexes, describe_index, PartialEq::eq);
                change.foreign_keys = listed(
                    &was.foreign_keys,
                    &is.foreign_keys,
                    describe_foreign_key,
                    PartialEq::eq,
                );
                if !(change.columns.is_empty()
                    && change.indexes.is_empty()
                    && change.foreign_keys.is_empty()
                    && was.sql == is.sql)
                {
                    change.change = Some(Change::Altered);
                }
                rows(&mut change, was, before.1, is, after.1);
                let nothing =
                    change.change.is_none() && change.added + change.removed + change.altered == 0;
                if nothing {
                    continue;
                }
            }
            (None, None) => continue,
        }
        changes.push(change);
    }
    changes
}

fn read(
    connection: Option<&dyn Connection>,
    table: &str,
    columns: &[&str],
) -> Option<BTreeMap<i64, Vec<Value>>> {
    let names: Vec<String> = columns.iter().map(|name| quote_name(name)).collect();
    let sql = format!(
        "SELECT rowid, {} FROM {}",
        names.join(", "),
        quote_name(table)
    );
    let cursor = connection?.execute(&sql, &Parameters::NONE).ok()?;
    Some(
        cursor
            .rows
            .into_iter()
            .filter_map(|mut row| {
                let values = row.split_off(1);
                Some((row.first()?.as_integer()?, values))
            })
            .collect(),
    )
}

fn rows(
    change: &mut TableChange,
    was: &Table,
    before: Option<&dyn Connection>,
    is: &Table,
    after: Option<&dyn Connection>,
) {
    if was.rows == 0 && is.rows == 0 {
        return;
    }
    let common: Vec<&str> = is
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .filter(|name| was.columns.iter().any(|column| column.name == *name))
        .collect();
    let compared = was.rowid
        && is.rowid
        && was.rows <= COMPARED_ROWS
        && is.rows <= COMPARED_ROWS
        && !common.is_empty();
    let both = compared
        .then(|| {
            Some((
                read(before, &was.name, &common)?,
                read(after, &is.name, &common)?,
            ))
        })
        .flatten();
    let Some((old, new)) = both else {
        change.added = is.rows.saturating_sub(was.rows);
        change.removed = was.rows.saturating_sub(is.rows);
        return;
    };
    for (rowid, values) in &new {
        let kind = match old.get(rowid) {
            None => Change::Added,
            Some(then) if then != values => Change::Altered,
            Some(_) => continue,
        };
        if kind == Change::Added {
            change.added += 1;
        } else {
            change.altered += 1;
        }
        if change.rows.len() < NAMED_ROWS {
            change.rows.push((*rowid, kind));
        }
    }
    change.removed = old.keys().filter(|rowid| !new.contains_key(*rowid)).count() as u64;
}
