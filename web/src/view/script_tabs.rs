//! The tabs over the chosen revision: its script, and what was found on it.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::page::Page;
use super::verbs::count;
use crate::protocol::Severity;
use crate::state::{Action, Reviewed, ScriptTab, tally};

/// What the tabs show.
#[derive(Properties, PartialEq)]
pub struct ScriptTabsProps {
    /// The page.
    pub page: Page,
    /// The one that is open.
    pub tab: ScriptTab,
    /// What was found.
    pub reviewed: Option<Rc<Reviewed>>,
    /// Whether that is out of date.
    pub stale: bool,
}

/// Class, sign and word of a severity: it is read without its colour.
pub fn severity(severity: Severity) -> (&'static str, &'static str, &'static str) {
    match severity {
        Severity::Error => ("error", "✕", "error"),
        Severity::Warning => ("warning", "!", "warning"),
        Severity::Note => ("note", "i", "note"),
    }
}

/// The tabs.
#[component]
pub fn ScriptTabs(props: &ScriptTabsProps) -> Html {
    let page = props.page.clone();
    let choose = |tab: ScriptTab| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.flush();
            page.dispatch(Action::ScriptTab(tab));
        })
    };
    let onkeydown = {
        let (page, tab) = (page.clone(), props.tab);
        Callback::from(move |event: KeyboardEvent| {
            let other = match event.key().as_str() {
                "Home" => ScriptTab::Script,
                "End" => ScriptTab::Review,
                "ArrowLeft" | "ArrowRight" if tab == ScriptTab::Script => ScriptTab::Review,
                "ArrowLeft" | "ArrowRight" => ScriptTab::Script,
                _ => return,
            };
            event.prevent_default();
            page.flush();
            page.dispatch(Action::ScriptTab(other));
            let id = match other {
                ScriptTab::Script => "tab-script",
                ScriptTab::Review => "tab-review",
            };
            if let Some(element) = gloo::utils::document()
                .get_element_by_id(id)
                .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
            {
                let _ = element.focus();
            }
        })
    };
    let tallied = props
        .reviewed
        .as_deref()
        .and_then(Reviewed::review)
        .map(|review| tally(review));
    let tab = |of: ScriptTab, id: &'static str, panel: &'static str, content: Html| {
        let chosen = props.tab == of;
        html! {
            <button
                role="tab"
                {id}
                aria-controls={chosen.then_some(panel)}
                aria-selected={chosen.to_string()}
                tabindex={if chosen { "0" } else { "-1" }}
                onclick={choose(of)}
            >{ content }</button>
        }
    };
    html! {
        <div class="script-tabs" role="tablist" aria-label="The chosen revision" {onkeydown}>
            { tab(ScriptTab::Script, "tab-script", "script-panel", html! { { "Script" } }) }
            { tab(ScriptTab::Review, "tab-review", "review-panel", html! {
                <>
                    { "Review" }
                    <span class={classes!("tally", props.stale.then_some("stale"))}>
                        if let Some(tallied) = tallied {
                            if tallied.is_empty() {
                                <span class="one fine"><span aria-hidden="true">{ "✓" }</span><span class="hidden">{ " nothing found" }</span></span>
                            }
                            { for tallied.into_iter().map(|(of, number)| {
                                let (class, sign, word) = severity(of);
                                html! {
                                    <span class={classes!("one", class)} title={count(number, word)}>
                                        <span aria-hidden="true">{ format!("{sign} {number}") }</span>
                                        <span class="hidden">{ format!(" {}", count(number, word)) }</span>
                                    </span>
                                }
                            }) }
                        }
                    </span>
                </>
            }) }
        </div>
    }
}
