//! What a database holds in PostgreSQL's words.

use std::rc::Rc;

use super::catalog::{Row, ask};
use super::parse;
use super::queries::{self, Scope, Wanted, kinds};
use crate::inspector::{
    IndexOrigin, Inspector, ListedColumn, ListedForeignKey, ListedIndex, ListedTable,
};
use ground::diagnostic::Result;

/// Every table and view that is found along the search path, by name.
///
/// # Errors
/// What the database says.
pub(super) fn tables(inspector: &Inspector) -> Result<Vec<ListedTable>> {
    inspector.with_connection(|connection| {
        let all = Wanted {
            schema: None,
            table: None,
        };
        let ask = |sql: &str| ask(connection, sql);
        let mut found: Vec<ListedTable> = Vec::new();
        for row in ask(&queries::listing(kinds::TABLE_LIKE, Scope::Any))? {
            let row = Row(&row);
            found.push(ListedTable {
                name: row.text(0),
                view: row.truth(1),
                definition: row.text(2),
                ..ListedTable::default()
            });
        }
        for row in ask(&queries::columns(all))? {
            let row = Row(&row);
            let (Some(table), Some(name)) = (of(&mut found, row), row.optional(1)) else {
                continue;
            };
            table.columns.push(ListedColumn {
                name,
                declared_type: row.text(2),
                not_null: row.truth(3),
                default: row.optional(4).map(|default| default.to_string()),
                primary_key: 0,
            });
        }
        let dialect = connection.dialect();
        for row in ask(&queries::keys(all, &dialect))? {
            let row = Row(&row);
            if let Some(table) = of(&mut found, row)
                && row.truth(4)
            {
                key_column(table, row);
            }
        }
        for row in ask(&queries::indexes(all, &dialect))? {
            let row = Row(&row);
            if let Some(table) = of(&mut found, row)
                && row.truth(11)
                && !row.truth(4)
            {
                index_element(table, row);
            }
        }
        for row in ask(&queries::constraints(all))? {
            let row = Row(&row);
            if let Some(table) = of(&mut found, row)
                && &*row.text(2) == "f"
                && let Some(key) = parse::foreign_key(&row.text(3))
            {
                table.foreign_keys.push(ListedForeignKey {
                    columns: key.constrained_columns,
                    referred_table: key.referred_table,
                    referred_columns: key.referred_columns.into_iter().map(Some).collect(),
                });
            }
        }
        Ok(found)
    })
}

/// The table that a row is about.
fn of<'t>(tables: &'t mut [ListedTable], row: Row<'_>) -> Option<&'t mut ListedTable> {
    let name = row.text(0);
    let place = tables
        .binary_search_by(|table| table.name.cmp(&name))
        .ok()?;
    tables.get_mut(place)
}

/// A column of a primary key or a unique constraint, and the index under it.
fn key_column(table: &mut ListedTable, row: Row<'_>) {
    let (name, column) = (row.text(1), row.text(3));
    let origin = match &*row.text(2) {
        "p" => IndexOrigin::PrimaryKey,
        _ => IndexOrigin::Unique,
    };
    let element = Some(column.clone());
    let index = add_element(table, &name, true, origin, element);
    let place = u32::try_from(index).unwrap_or(u32::MAX);
    if origin == IndexOrigin::PrimaryKey
        && let Some(listed) = table.columns.iter_mut().find(|known| known.name == column)
    {
        listed.primary_key = place;
    }
}

fn index_element(table: &mut ListedTable, row: Row<'_>) {
    let element = (!row.truth(10)).then(|| row.text(9));
    add_element(
        table,
        &row.text(1),
        row.truth(2),
        IndexOrigin::Statement,
        element,
    );
}

/// Adds an element to the index of that name, and gives how many it has.
fn add_element(
    table: &mut ListedTable,
    name: &Rc<str>,
    unique: bool,
    origin: IndexOrigin,
    element: Option<Rc<str>>,
) -> usize {
    let is = |index: &ListedIndex| index.name.as_ref() == Some(name);
    let place = match table.indexes.iter().position(is) {
        Some(place) => place,
        None => {
            table.indexes.push(ListedIndex {
                name: Some(name.clone()),
                unique,
                columns: Vec::new(),
                origin,
            });
            table.indexes.len() - 1
        }
    };
    let index = &mut table.indexes[place];
    index.columns.push(element);
    index.columns.len()
}
