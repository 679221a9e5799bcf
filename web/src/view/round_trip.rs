//! The verdict of upgrade, downgrade, upgrade, and what it rests on.

use std::rc::Rc;

use yew::prelude::*;

use super::models::sign;
use super::page::Page;
use super::verbs::count;
use crate::protocol::{Change, Differs, Review, RowChange, TableDifference, Verdict};
use crate::state::{going_back_now, verdict};
use crate::text::{self, review as words};

/// What the verdict is of.
#[derive(Properties, PartialEq)]
pub struct RoundTripProps {
    /// The page.
    pub page: Page,
    /// The review.
    pub review: Rc<Review>,
}

/// The verdict.
#[component]
pub fn RoundTripVerdict(props: &RoundTripProps) -> Html {
    let review = &props.review;
    let trip = &review.round_trip;
    let (word, sentence) = verdict(review);
    let (class, mark) = match trip.verdict {
        Verdict::Lossless => ("fine", "✓"),
        Verdict::SchemaOnly | Verdict::NotReversed | Verdict::LosesData => ("warning", "!"),
        Verdict::Broken => ("error", "✕"),
    };
    let place = trip
        .failure
        .as_ref()
        .and_then(|failure| failure.place.clone());
    let go = |place: crate::protocol::Place| {
        let page = props.page.clone();
        Callback::from(move |_: MouseEvent| page.open(&place.path, Some(place.line)))
    };
    let legs: Vec<(&str, &Vec<TableDifference>)> = [
        (words::LEG_BACK, &trip.back),
        (words::LEG_AGAIN, &trip.again),
    ]
    .into_iter()
    .filter(|(_, tables)| !tables.is_empty())
    .collect();
    html! {
        <div class={classes!("verdict", class)} data-verdict={word}>
            <p>
                <span class="severity" aria-hidden="true">{ mark }</span>
                { " " }
                <strong>{ word }</strong>
                { ": " }
                { sentence }
                if let Some(place) = place {
                    { " " }
                    <button class="link" onclick={go(place.clone())}>{ words::show_line(place.line) }</button>
                }
            </p>
            if let Some(text) = going_back_now(review) {
                <p class="now">{ text }</p>
            }
            if !legs.is_empty() {
                <details>
                    <summary>{ words::DIFFERS }</summary>
                    { for legs.into_iter().map(|(title, tables)| html! {
                        <div class="leg">
                            <p class="label">{ title }</p>
                            { for tables.iter().map(table) }
                        </div>
                    }) }
                </details>
            }
        </div>
    }
}

fn sign_of(change: Differs) -> Html {
    sign(Some(match change {
        Differs::Added => Change::Added,
        Differs::Removed => Change::Removed,
        Differs::Altered => Change::Altered,
    }))
}

fn table(difference: &TableDifference) -> Html {
    let rows = difference.rows.as_ref();
    html! {
        <div class="differs">
            <p class="differs-table">
                if let Some(change) = difference.change { { sign_of(change) } } else { { sign(None) } }
                <strong>{ &difference.table }</strong>
            </p>
            <ul>
                { for difference.items.iter().map(|item| html! {
                    <li>
                        { sign_of(item.change) }
                        <span class="label">{ &item.kind }</span>
                        <span class="old-new">
                            if let Some(before) = &item.before { <del>{ before }</del> }
                            if let Some(after) = &item.after { <ins>{ after }</ins> }
                        </span>
                    </li>
                }) }
                if let Some(rows) = rows {
                    <li>
                        { sign(None) }
                        <span>{ facts(rows) }</span>
                    </li>
                    { for rows.sample.iter().take(8).map(row) }
                }
            </ul>
        </div>
    }
}

fn facts(rows: &crate::protocol::RowDifference) -> String {
    let mut parts = Vec::new();
    for (number, what) in [
        (rows.lost, words::LOST),
        (rows.added, text::ADDED),
        (rows.changed, words::CHANGED),
    ] {
        if number > 0 {
            parts.push(format!("{} {what}", count(number as usize, text::ROW)));
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
                    count(number as usize, text::CELL)
                ));
            }
        }
    }
    parts.join(", ")
}

fn row(row: &RowChange) -> Html {
    html! {
        <li class="row-change">
            { sign_of(row.change) }
            <code>{ &row.key }</code>
            <span class="old-new">
                { for row.cells.iter().filter(|(column, ..)| !row.key.starts_with(&format!("{column} = "))).map(|(column, before, after)| html! {
                    <span class="cell-change">
                        <span class="label">{ column }</span>
                        if let Some(before) = before { <del>{ before }</del> }
                        if let Some(after) = after { <ins>{ after }</ins> }
                    </span>
                }) }
            </span>
        </li>
    }
}
