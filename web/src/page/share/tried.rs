//! What of an imported project was tried, on which databases, what it lacks, and what runs here.

use std::rc::Rc;

use protocol::console::program::server_of;
use protocol::{Failure, MissingVariable, Probed, Trial};
use yew::prelude::*;

use super::state::{Imported, ShareAction};
use super::words;
use crate::page::Page;
use crate::ui::marked::marked;

/// Component properties of what was tried.
#[derive(Properties, PartialEq)]
pub struct TriedProps {
    /// The page.
    pub page: Page,
    /// The project.
    pub imported: Rc<Imported>,
    /// What was tried.
    pub probed: Probed,
}

/// What was tried, and how it went.
#[component]
pub fn Tried(props: &TriedProps) -> Html {
    let (page, probed) = (&props.page, &props.probed);
    let models = match probed.tables {
        Some(tables) => html! { <Step done=true text={words::models(tables)} /> },
        None => html! { <Step done=false text={words::NO_MODELS} /> },
    };
    let trial = |trial: &Trial| {
        html! { <Step done={!trial.failed} text={words::trial(trial, probed.revisions)} /> }
    };
    let use_sqlite = {
        let (page, imported) = (page.clone(), props.imported.clone());
        Callback::from(move |_: MouseEvent| page.use_sqlite(imported.clone()))
    };
    html! {<>
        if probed.failures.is_empty() {
            <p>{ words::ALL_RUNS }</p>
        }
        <ul class="tried" aria-label={words::TRIED}>
            { models }
            { for probed.trials.iter().map(trial) }
            if probed.trials.is_empty() { <Step done=false text={words::NOT_RUN} /> }
            if let Some(server) = &probed.server {
                <Step done={server.writes_sql} text={words::writes_sql(server)} />
            }
        </ul>
        if let Some(server) = &probed.server {
            <p>{ marked(&words::server(server)) }</p>
            if server.in_config && !server.runs_here() && props.imported.config.is_some() {
                <button class="small" id="use-sqlite" onclick={use_sqlite}>{ words::USE_SQLITE }</button>
            }
        }
        <>{ for probed.missing.iter().map(|variable| html! {
            <Missing key={variable.name.clone()} page={page.clone()} imported={props.imported.clone()} variable={variable.clone()} />
        }) }</>
        if !probed.failures.is_empty() {
            <h3>{ words::DOES_NOT_RUN }</h3>
            <ul class="not-run">{ for probed.failures.iter().map(|one| problem(page, one)) }</ul>
        }
    </>}
}

#[derive(Properties, PartialEq)]
struct StepProps {
    done: bool,
    text: AttrValue,
}

/// Something that was tried.
#[component]
fn Step(props: &StepProps) -> Html {
    let (class, sign, word) = if props.done {
        ("worked", "✓", words::WORKED)
    } else {
        ("failed", "✗", words::FAILED)
    };
    html! {
        <li {class}>
            <span aria-hidden="true">{ sign }</span><span class="hidden">{ word }</span>
            <span>{ marked(&props.text) }</span>
        </li>
    }
}

/// A failure, with its place one click away.
fn problem(page: &Page, failure: &Failure) -> Html {
    let place = failure.place.as_ref().map(|place| {
        let (page, path, line) = (page.clone(), place.path.clone(), place.line);
        let shown = format!("{path}:{line}");
        let onclick = Callback::from(move |_: MouseEvent| {
            page.dispatch(ShareAction::Dialog(None));
            page.open(&path, Some(line));
        });
        html! { <button class="link" {onclick}>{ shown }</button> }
    });
    html! {
        <li>
            { place }
            <span class="why">{ &failure.message }</span>
            if let Some(hint) = &failure.hint {
                <span class="note">{ hint }</span>
            }
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct MissingProps {
    page: Page,
    imported: Rc<Imported>,
    variable: MissingVariable,
}

/// A variable that is not set, and a field to set it.
#[component]
fn Missing(props: &MissingProps) -> Html {
    let input = use_node_ref();
    let variable = &props.variable;
    let id = format!("variable-{}", variable.name);
    let onsubmit = {
        let (page, imported, input) = (props.page.clone(), props.imported.clone(), input.clone());
        let name = variable.name.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(input) = input.cast::<web_sys::HtmlInputElement>() {
                page.set_variable(imported.clone(), &name, &input.value());
            }
        })
    };
    html! {
        <form class="missing-variable" {onsubmit}>
            <label for={id.clone()}>{ marked(&words::missing(&variable.name)) }</label>
            <div class="line">
                <input {id} ref={input} value={variable.value.clone()} autocomplete="off" spellcheck="false" placeholder="sqlite:///app.db" />
                <button class="small" type="submit">{ words::SET }</button>
            </div>
            if !variable.source.is_empty() {
                <p class="note">{ marked(&words::from_file(&variable.source, server_of(&variable.value).map(|(name, _)| name))) }</p>
            }
        </form>
    }
}
