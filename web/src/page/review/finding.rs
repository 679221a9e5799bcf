//! One finding of a review: its line, the reason, the rows that show it, and its fix.

use std::rc::Rc;

use protocol::{Evidence, Finding, Severity};
use yew::prelude::*;

use super::effects::How;
use super::preview::Preview;
use super::words;
use crate::comments::discuss::Discuss;
use crate::comments::state::Discussion;
use crate::comments::thread::{Anchor, kept};
use crate::page::Page;
use crate::ui::cell::shown;
use crate::words as common;
use crate::words::count;

/// Component properties of a finding.
#[derive(Properties, PartialEq)]
pub struct FindingProps {
    /// The page.
    pub page: Page,
    /// Path of the revision's script.
    pub path: String,
    /// The revision.
    pub revision: String,
    /// The finding.
    pub finding: Finding,
    /// What was said about the project.
    pub discussion: Option<Rc<Discussion>>,
    /// Whether the script was changed since.
    pub stale: bool,
    /// Where the revision is applied: what its downgrade goes back to.
    pub applied: Option<AttrValue>,
    /// What a downgrade and an upgrade would lose of the database as it is.
    pub going_back: Option<AttrValue>,
}

/// A finding.
#[component]
pub fn FindingItem(props: &FindingProps) -> Html {
    let finding = &props.finding;
    let (class, sign, word) = severity(finding.severity);
    let place = &finding.place;
    let go = {
        let (page, place) = (props.page.clone(), place.clone());
        Callback::from(move |_: MouseEvent| page.open(&place.path, Some(place.line)))
    };
    let line = if place.path == props.path {
        words::line(place.line)
    } else {
        format!("{}:{}", place.path, place.line)
    };
    let anchor = Anchor::Finding {
        revision: kept(&props.revision),
        code: kept(&finding.code),
        message: kept(&finding.message),
    };
    let asking = use_state(|| false);
    let apply = finding.fix.clone().map(|fix| {
        let label = words::apply(&fix);
        let how = |how: How| {
            let (page, path, fix) = (props.page.clone(), props.path.clone(), fix.clone());
            let (asking, applied) = (asking.clone(), props.applied.clone());
            Callback::from(move |_: MouseEvent| {
                asking.set(false);
                page.apply_fix(&path, &fix, how, applied.as_deref());
            })
        };
        let ask = {
            let asking = asking.clone();
            Callback::from(move |_: MouseEvent| asking.set(!*asking))
        };
        let preview = html! { <Preview page={props.page.clone()} path={props.path.clone()} fix={fix.clone()} /> };
        if props.applied.is_none() {
            return html! {
                <>
                    { preview }
                    <button class="small apply" onclick={how(How::Script)} disabled={props.stale}>{ label }</button>
                </>
            };
        }
        html! {
            <>
                { preview }
                <button class="small apply" onclick={ask} aria-expanded={asking.to_string()} disabled={props.stale}>{ label }</button>
                if *asking {
                    <div class="already" role="group" aria-label={words::ALREADY_APPLIED}>
                        <p>{ words::ALREADY_APPLIED }</p>
                        if let Some(loses) = &props.going_back { <p class="now">{ loses }</p> }
                        <button class="small" onclick={how(How::Rerun)} disabled={props.stale}>{ words::RERUN }</button>
                        <button class="small" onclick={how(How::NewRevision)} disabled={props.stale}>{ words::NEW_REVISION }</button>
                        <button class="small" onclick={how(How::Script)} disabled={props.stale}>{ words::SCRIPT_ONLY }</button>
                    </div>
                }
            </>
        }
    });
    html! {
        <li class={classes!("finding", class)} data-code={finding.code.clone()}>
            <p class="finding-head">
                <span class={classes!("severity", class)}><span aria-hidden="true">{ sign }</span>{ " " }{ word }</span>
                <button class="link" onclick={go}>{ line }</button>
                <code class="code-word">{ &finding.code }</code>
                <Discuss page={props.page.clone()} discussion={props.discussion.clone()} {anchor} of={finding.code.clone()} />
            </p>
            <p class="reason">{ &finding.message }</p>
            if let Some(evidence) = &finding.evidence {
                { rows(evidence) }
            }
            { apply }
        </li>
    }
}

fn rows(evidence: &Evidence) -> Html {
    let total = evidence.total as usize;
    let mut foot = if total > evidence.rows.len() {
        common::first_of(evidence.rows.len(), total as u64)
    } else {
        count(evidence.rows.len(), common::ROW)
    };
    if evidence.made {
        foot.push_str(words::MADE);
    }
    html! {
        <div class="evidence">
            <div class="evidence-scroll" tabindex="0" role="group" aria-label={words::EVIDENCE}>
                <table class="rows">
                    <thead><tr>{ for evidence.columns.iter().map(|name| html! { <th scope="col">{ name }</th> }) }</tr></thead>
                    <tbody>
                        { for evidence.rows.iter().map(|row| html! {
                            <tr>{ for row.iter().map(|cell| html! { <td>{ shown(cell) }</td> }) }</tr>
                        }) }
                    </tbody>
                </table>
            </div>
            <p class="evidence-foot">{ foot }</p>
        </div>
    }
}

/// Class, sign and word of a severity: it is read without its colour.
pub(crate) fn severity(severity: Severity) -> (&'static str, &'static str, &'static str) {
    match severity {
        Severity::Error => ("error", "✕", "error"),
        Severity::Warning => ("warning", "!", "warning"),
        Severity::Note => ("note", "i", "note"),
    }
}
