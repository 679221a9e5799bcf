//! The review of the selected revision.

use std::rc::Rc;

use protocol::{Failure, Review};
use yew::prelude::*;

use super::finding::FindingItem;
use super::round_trip::RoundTripVerdict;
use super::state::{Outcome, ReviewAction, Reviewed, going_back_now};
use super::words;
use crate::comments::state::Discussion;
use crate::page::Page;
use crate::words as common;
use crate::words::count;

/// Component properties of the panel.
#[derive(Properties, PartialEq)]
pub struct ReviewProps {
    /// The page.
    pub page: Page,
    /// How the last review ended.
    pub reviewed: Option<Rc<Reviewed>>,
    /// Whether a newer one is on its way.
    pub stale: bool,
    /// What was said about the project.
    pub discussion: Option<Rc<Discussion>>,
}

/// The panel.
#[component]
pub fn ReviewPanel(props: &ReviewProps) -> Html {
    let page = props.page.clone();
    let stop = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.cancel())
    };
    let again = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(ReviewAction::Again))
    };
    let status = match props.reviewed.as_deref() {
        _ if props.stale => words::TRYING.to_owned(),
        Some(Reviewed {
            outcome: Outcome::Done(review),
            ..
        }) if review.findings.is_empty() => String::new(),
        Some(Reviewed {
            outcome: Outcome::Done(review),
            ..
        }) => count(review.findings.len(), common::FINDING),
        Some(Reviewed {
            outcome: Outcome::Cancelled,
            ..
        }) => words::STOPPED.to_owned(),
        _ => String::new(),
    };
    let body = match props.reviewed.as_deref().map(|reviewed| &reviewed.outcome) {
        Some(Outcome::Done(review)) => found(&page, review, props),
        Some(Outcome::Failed(failure)) => failed(&page, failure),
        Some(Outcome::Cancelled) | None => Html::default(),
    };
    let stopped = matches!(
        props.reviewed.as_deref(),
        Some(Reviewed {
            outcome: Outcome::Cancelled,
            ..
        })
    );
    html! {
        <div
            class={classes!("review", props.stale.then_some("stale"))}
            id="review-panel"
            role="tabpanel"
            aria-labelledby="tab-review"
            aria-busy={props.stale.to_string()}
            tabindex="0"
        >
            { body }
            <div class="review-foot">
                <p class="review-status" role="status">{ status }</p>
                if props.stale {
                    <button class="small" onclick={stop}>{ common::STOP }</button>
                } else if stopped {
                    <button class="small" onclick={again}>{ words::AGAIN }</button>
                }
            </div>
        </div>
    }
}

fn found(page: &Page, review: &Rc<Review>, props: &ReviewProps) -> Html {
    let (stale, discussion) = (props.stale, &props.discussion);
    let migrations = page.state().view.migrations.clone();
    let mut revisions = migrations.revisions.iter();
    let revision = revisions.find(|one| one.id == review.revision && one.applied);
    let applied = revision.map(|revision| match revision.down.as_slice() {
        [] => AttrValue::from("base"),
        [down] => AttrValue::from(down.clone()),
        _ => AttrValue::from("-1"),
    });
    let going_back = going_back_now(review).map(AttrValue::from);
    html! {
        <>
            <RoundTripVerdict page={page.clone()} review={review.clone()} discussion={discussion.clone()} />
            if let Some(failure) = &review.unreachable {
                <p class="ground">{ words::unreachable(failure.message.lines().next().unwrap_or_default().trim_end_matches('.')) }</p>
            }
            if review.findings.is_empty() {
                <p class="empty">{ if going_back.is_some() { words::NOTHING_IN_SCRIPT } else { words::NOTHING } }</p>
            } else {
                <ul class="findings" aria-label={words::FINDINGS}>
                    { for review.findings.iter().enumerate().map(|(index, finding)| html! {
                        <FindingItem key={format!("{} {} {index}", finding.code, finding.place.line)} page={page.clone()} path={review.path.clone()} revision={review.revision.clone()} finding={finding.clone()} discussion={discussion.clone()} {stale} applied={applied.clone()} going_back={going_back.clone()} />
                    }) }
                </ul>
            }
        </>
    }
}

fn failed(page: &Page, failure: &Failure) -> Html {
    let go = |path: String, line: u32| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.open(&path, Some(line)))
    };
    html! {
        <div class="failure">
            <p class="text">{ &failure.message }</p>
            if let Some(place) = &failure.place {
                <button class="link" onclick={go(place.path.clone(), place.line)}>{ format!("{}:{}", place.path, place.line) }</button>
            }
            if let Some(hint) = &failure.hint { <p class="advice">{ hint }</p> }
        </div>
    }
}
