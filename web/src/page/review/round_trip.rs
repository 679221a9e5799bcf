//! The verdict of a round trip and the differences behind it.

use std::rc::Rc;

use protocol::{Review, TableDifference, Verdict};
use yew::prelude::*;

use super::state::{going_back_now, shown_verdict, verdict};
use super::words;
use crate::comments::discuss::Discuss;
use crate::comments::state::Discussion;
use crate::comments::thread::{Anchor, kept};
use crate::page::Page;
use crate::ui::difference::table_difference;

/// Rows of a table that are shown.
const SHOWN: usize = 8;

/// What the verdict is of.
#[derive(Properties, PartialEq)]
pub struct RoundTripProps {
    /// The page.
    pub page: Page,
    /// The review.
    pub review: Rc<Review>,
    /// What was said about the project.
    pub discussion: Option<Rc<Discussion>>,
}

/// The verdict.
#[component]
pub fn RoundTripVerdict(props: &RoundTripProps) -> Html {
    let review = &props.review;
    let trip = &review.round_trip;
    let (word, sentence) = verdict(review);
    let shown = shown_verdict(review);
    let (class, mark) = match shown {
        Verdict::Lossless => ("fine", "✓"),
        Verdict::SchemaOnly | Verdict::NotReversed | Verdict::LosesData => ("warning", "!"),
        Verdict::Broken => ("error", "✕"),
    };
    let place = trip
        .failure
        .as_ref()
        .and_then(|failure| failure.place.clone());
    let revision = kept(&review.revision);
    let discuss = |anchor: Anchor, of: String| {
        html! { <Discuss page={props.page.clone()} discussion={props.discussion.clone()} {anchor} {of} /> }
    };
    let discuss_row = |table: &str, row: &str| {
        let anchor = Anchor::Row {
            revision: revision.clone(),
            table: kept(table),
            row: kept(row),
        };
        discuss(anchor, format!("{table}, {row}"))
    };
    let verdict_anchor = Anchor::Verdict {
        revision: revision.clone(),
    };
    let go = |place: protocol::Place| {
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
                { discuss(verdict_anchor, word.to_owned()) }
            </p>
            if let Some(text) = going_back_now(review).filter(|_| shown == trip.verdict) {
                <p class="now">{ text }</p>
            }
            if !legs.is_empty() {
                <details>
                    <summary>{ words::DIFFERS }</summary>
                    { for legs.into_iter().map(|(title, tables)| html! {
                        <div class="leg">
                            <p class="label">{ title }</p>
                            { for tables.iter().map(|one| table_difference(one, SHOWN, Some(&discuss_row))) }
                        </div>
                    }) }
                </details>
            }
        </div>
    }
}
