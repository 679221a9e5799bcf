//! The SQL tab: what the chosen revision ran, and what it would run, a pane for each dialect.

use std::rc::Rc;

use protocol::{Direction, Recording, SqlText};
use yew::prelude::*;

use super::state::{Watch, Written, directions};
use super::steps::statement;
use super::words::sql as words;
use crate::page::Page;
use crate::ui::clipboard::copy;
use crate::ui::icon::{Drawing, Icon};
use crate::ui::marked::marked;

/// Component properties of the tab.
#[derive(Properties, PartialEq)]
pub struct SqlProps {
    /// The page.
    pub page: Page,
    /// The revision.
    pub revision: Rc<str>,
    /// What is known.
    pub watch: Watch,
    /// Whether newer SQL is on its way.
    pub stale: bool,
}

/// The tab.
#[component]
pub fn SqlPanel(props: &SqlProps) -> Html {
    let (page, watch) = (&props.page, &props.watch);
    let direction = use_state(|| Direction::Upgrade);
    let written: Option<&Rc<Written>> = watch
        .written
        .as_ref()
        .filter(|written| written.revision == props.revision);
    let turn = |to: Direction| {
        let direction = direction.clone();
        Callback::from(move |_: MouseEvent| direction.set(to))
    };
    html! {
        <div class="sql-panel" id="sql-panel" role="tabpanel" aria-labelledby="tab-sql" aria-busy={props.stale.to_string()} tabindex="0">
            <section aria-labelledby="sql-would">
                <div class="sql-head">
                    <h3 id="sql-would">{ words::WOULD_RUN }</h3>
                    <div class="turns" role="group" aria-label={words::DIRECTION}>
                        { for directions().into_iter().map(|one| html! {
                            <button class="quiet" aria-pressed={(*direction == one).to_string()} onclick={turn(one)}>{ one.word() }</button>
                        }) }
                    </div>
                </div>
                { match written.map(|written| &written.texts) {
                    None => html! { <p class="empty" role="status">{ words::WRITING }</p> },
                    Some(Err(failure)) => html! { <p class="failure">{ &failure.message }</p> },
                    Some(Ok(texts)) => html! {
                        <div class="dialects">{ for texts.iter().filter(|text| text.direction == *direction).map(|text| pane(page, text)) }</div>
                    },
                } }
            </section>
            <section aria-labelledby="sql-ran">
                { ran(page, watch.recording(&props.revision)) }
            </section>
        </div>
    }
}

fn pane(page: &Page, text: &SqlText) -> Html {
    html! {
        <div class="dialect" data-dialect={text.dialect.clone()}>
            <div class="sql-head">
                <h4>{ &text.title }</h4>
                <code class="label">{ &text.command }</code>
                <span class="space"></span>
                { copy_button(page, &text.title, text.text.clone()) }
            </div>
            if !text.compared { <p class="note warn">{ words::NOT_COMPARED }</p> }
            if let Some(failure) = &text.failure { <p class="failure">{ &failure.message }</p> }
            <pre>{ text.text.trim() }</pre>
        </div>
    }
}

fn copy_button(page: &Page, what: &str, text: String) -> Html {
    let page = page.clone();
    let onclick = Callback::from(move |_: MouseEvent| copy(&page, &text));
    let label = words::copy(what);
    html! { <button class="quiet" aria-label={label.clone()} title={label} {onclick}><Icon of={Drawing::Copy} /></button> }
}

fn ran(page: &Page, recording: Option<&Recording>) -> Html {
    let Some(recording) = recording else {
        return html! {
            <>
                <div class="sql-head"><h3 id="sql-ran">{ words::RAN }</h3></div>
                <p class="empty">{ words::NOT_RUN }</p>
            </>
        };
    };
    let statements = || recording.steps.iter().flat_map(|step| &step.statements);
    let text: String = statements().fold(String::new(), |mut text, one| {
        for list in one.parameters.iter().filter(|list| !list.is_empty()) {
            text.push_str(&format!("-- {}\n", list.join(", ").replace('\n', " ")));
        }
        text.push_str(&one.sql);
        text.push_str(";\n\n");
        text
    });
    let by = if recording.copy.is_some() {
        format!("{} {}", recording.direction.word(), words::ON_A_COPY)
    } else {
        format!("`{}`", recording.command)
    };
    html! {
        <>
            <div class="sql-head">
                <h3 id="sql-ran">{ words::RAN }</h3>
                <span class="label">{ marked(&by) }</span>
                <span class="space"></span>
                { copy_button(page, words::RAN, text) }
            </div>
            <ol class="statements">{ for statements().map(|one| statement(one, None)) }</ol>
            if let Some(failure) = &recording.failure { <p class="failure">{ &failure.message }</p> }
        </>
    }
}
