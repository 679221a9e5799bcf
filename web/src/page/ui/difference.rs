//! The difference in one table: its schema before and after, counts of rows and cells, and a sample of
//! rows.

use protocol::{Change, DatabaseDifference, Differs, RowChange, RowDifference, TableDifference};
use yew::prelude::*;

use super::change::sign;
use super::words;
use crate::words as common;
use crate::words::count;

fn sign_of(change: Differs) -> Html {
    sign(Some(match change {
        Differs::Added => Change::Added,
        Differs::Removed => Change::Removed,
        Differs::Altered => Change::Altered,
    }))
}

fn old_new(before: Option<&String>, after: Option<&String>) -> Html {
    html! {
        <>
            if let Some(before) = before { <del>{ before }</del> }
            if let Some(after) = after { <ins>{ after }</ins> }
        </>
    }
}

/// What differs in some databases, by name where there are several; of each table's rows the first
/// few.
pub fn database_differences(databases: &[DatabaseDifference], shown: usize) -> Html {
    let several = databases.len() > 1;
    html! {
        { for databases.iter().map(|one| html! {
            <>
                if several || one.failure.is_some() { <h3><code>{ &one.database }</code></h3> }
                if let Some(failure) = &one.failure { <p class="failure">{ &failure.message }</p> }
                { for one.tables.iter().map(|table| table_difference(table, shown, None)) }
            </>
        }) }
    }
}

/// What stands beside a row of a difference, made of its table and of what the row is.
pub type Beside<'a> = &'a dyn Fn(&str, &str) -> Html;

/// What differs in a table; of its rows the first few.
pub fn table_difference(
    difference: &TableDifference,
    shown: usize,
    beside: Option<Beside<'_>>,
) -> Html {
    let beside = |row: &str| beside.map(|beside| beside(&difference.table, row));
    let rows = difference.rows.as_ref();
    html! {
        <div class="differs" data-table={difference.table.clone()}>
            <p class="differs-table">
                if let Some(change) = difference.change { { sign_of(change) } } else { { sign(None) } }
                <strong>{ &difference.table }</strong>
                if let Some(was) = &difference.was { <span class="was">{ words::was(was) }</span> }
                if let Some(rows) = rows { <span class="label">{ words::rows(rows.before, rows.after) }</span> }
            </p>
            <ul>
                { for difference.items.iter().map(|item| html! {
                    <li>
                        { sign_of(item.change) }
                        <span class="label">{ &item.kind }</span>
                        <span class="old-new">{ old_new(item.before.as_ref(), item.after.as_ref()) }</span>
                        { beside(&format!("{} {}", item.kind, item.after.as_ref().or(item.before.as_ref()).map_or("", String::as_str))) }
                    </li>
                }) }
                if let Some(rows) = rows {
                    <li class="row-facts">
                        { sign(None) }
                        <span>{ facts(rows) }</span>
                    </li>
                    { for rows.sample.iter().take(shown).map(|one| row(one, beside(&one.key))) }
                    if rows.lost + rows.added + rows.changed > rows.sample.len().min(shown) as u64 && !rows.sample.is_empty() {
                        <li class="label">{ words::first(rows.sample.len().min(shown)) }</li>
                    }
                }
            </ul>
        </div>
    }
}

fn facts(rows: &RowDifference) -> String {
    let mut parts = Vec::new();
    for (number, what) in [
        (rows.lost, words::LOST),
        (rows.added, common::ADDED),
        (rows.changed, words::CHANGED),
    ] {
        if number > 0 {
            parts.push(format!("{} {what}", count(number as usize, common::ROW)));
        }
    }
    for column in &rows.columns {
        for (number, what) in [
            (column.lost, words::LOST),
            (column.changed, words::CHANGED),
            (column.converted, words::CONVERTED),
            (column.filled_in, words::FILLED_IN),
        ] {
            if number > 0 {
                parts.push(format!(
                    "{}: {} {what}",
                    column.column,
                    count(number as usize, common::CELL)
                ));
            }
        }
    }
    parts.join(", ")
}

fn row(row: &RowChange, beside: Option<Html>) -> Html {
    html! {
        <li class="row-change">
            { sign_of(row.change) }
            <code>{ &row.key }</code>
            <span class="cells">
                { for row.cells.iter().filter(|(column, ..)| !row.key.starts_with(&format!("{column} = "))).map(|(column, before, after)| html! {
                    <span class="cell-change">
                        <span class="label">{ column }</span>
                        { old_new(before.as_ref(), after.as_ref()) }
                    </span>
                }) }
            </span>
            { beside }
        </li>
    }
}
