//! The dialog of a comparison.

use std::rc::Rc;

use protocol::{Breakage, Change, Differs, Failure, RevisionDifference, States};
use yew::prelude::*;

use super::state::{CompareAction, Comparison, HeadReview};
use super::words;
use crate::page::Page;
use crate::review::state::verdict;
use crate::ui::change::sign;
use crate::ui::dialog::Dialog;
use crate::ui::difference::table_difference;

/// How many rows of a table that differs are shown.
const ROWS: usize = 10;

/// What the dialog needs.
#[derive(Properties, PartialEq)]
pub struct CompareDialogProps {
    /// The page.
    pub page: Page,
    /// What is compared.
    pub comparison: Rc<Comparison>,
}

/// Two states of the project: files, revisions with their reviews, the upgrade between them, and the
/// order in which code and schema can be deployed.
#[component]
pub fn CompareDialog(props: &CompareDialogProps) -> Html {
    let (page, comparison) = (&props.page, &props.comparison);
    let on_close = {
        let page = page.clone();
        Callback::from(move |()| page.dispatch(CompareAction::Closed))
    };
    let turn = comparison.turned().map(|other| {
        let (page, name) = (page.clone(), comparison.name.clone());
        Callback::from(move |_: MouseEvent| page.compare_with(&name, other.clone()))
    });
    html! {
        <Dialog title={words::title(&comparison.name)} {on_close} class="share-dialog compare-dialog">
            <p class="note">{ words::about(&comparison.other) }</p>
            if let Some(onclick) = turn {
                <div class="actions"><button {onclick}>{ words::TURN }</button></div>
            }
            { match &comparison.states {
                None => html! { <p role="status">{ words::COMPARING }</p> },
                Some(Err(failure)) => failed(failure),
                Some(Ok(states)) => both(comparison, states),
            } }
        </Dialog>
    }
}

fn failed(failure: &Failure) -> Html {
    html! {
        <p class="warn" role="alert">
            if let Some(place) = &failure.place {
                <strong>{ words::place(&place.path, place.line) }</strong>
            }
            { &failure.message }
        </p>
    }
}

fn change(differs: Differs) -> Html {
    sign(Some(match differs {
        Differs::Added => Change::Added,
        Differs::Removed => Change::Removed,
        Differs::Altered => Change::Altered,
    }))
}

fn both(comparison: &Comparison, states: &States) -> Html {
    let why = states.unreachable.as_ref().map(|one| one.message.as_str());
    html! {<>
        <h3>{ words::REVISIONS }</h3>
        if states.revisions.is_empty() { <p>{ words::NO_REVISIONS }</p> }
        <ul class="compare-revisions">
            { for states.revisions.iter().map(|one| revision(one, comparison.review(&one.revision))) }
        </ul>
        if !states.meet.is_empty() { <p class="warn">{ words::meet(&states.meet) }</p> }
        <h3>{ words::DEPLOYMENT }</h3>
        if let Some(deployment) = &states.deployment {
            <p class="compare-order" data-order={deployment.order.clone()}>
                <strong>{ &deployment.order }</strong>{ ": " }{ &deployment.advice }
            </p>
            { breakages(words::OLD_CODE, &deployment.old_code) }
            { breakages(words::NEW_CODE, &deployment.new_code) }
        } else {
            <p class="note">{ words::NO_DEPLOYMENT }</p>
        }
        <h3>{ words::UPGRADE }</h3>
        <p class="note">{ words::ground(states.ground, why) }</p>
        if let Some(failure) = &states.failure {
            <p class="warn">{ words::upgrade_fails(&failure.message) }</p>
        } else if states.upgrade.is_empty() {
            <p>{ words::NO_CHANGES }</p>
        }
        { for states.upgrade.iter().map(|table| table_difference(table, ROWS, None)) }
        <h3>{ words::FILES }</h3>
        <ul class="compare-files">
            { for states.files.iter().map(|file| html! {
                <li>
                    { change(file.change) }
                    <code>{ &file.path }</code>
                    if let Some(was) = &file.was { { " " }<span class="note">{ words::moved(was) }</span> }
                </li>
            }) }
        </ul>
    </>}
}

fn revision(difference: &RevisionDifference, review: Option<&HeadReview>) -> Html {
    html! {
        <li data-revision={difference.revision.clone()}>
            <p>
                <code>{ &difference.revision }</code>{ " " }{ &difference.what }
                if difference.due {
                    { ", " }
                    { match review {
                        None => html! { <span class="note">{ words::REVIEWING }</span> },
                        Some(Err(failure)) => html! { <span class="warn">{ &failure.message }</span> },
                        Some(Ok(review)) => {
                            let (word, sentence) = verdict(review);
                            html! { <span title={sentence}><strong>{ word }</strong></span> }
                        }
                    } }
                }
            </p>
            if let Some(Ok(review)) = review {
                <ul class="compare-findings">
                    if review.findings.is_empty() { <li class="note">{ words::NO_FINDINGS }</li> }
                    { for review.findings.iter().map(|one| html! {
                        <li data-code={one.code.clone()}>{ words::finding(one.place.line, &one.code, &one.message) }</li>
                    }) }
                </ul>
            }
        </li>
    }
}

fn breakages(title: &str, all: &[Breakage]) -> Html {
    if all.is_empty() {
        return Html::default();
    }
    html! {<>
        <p>{ title }</p>
        <ul class="compare-breaks">
            { for all.iter().map(|one| html! {
                <li>{ words::breaks(&one.statement, &one.table, &one.message) }</li>
            }) }
        </ul>
    </>}
}
