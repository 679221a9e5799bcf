//! The Changes tab: what is different between two states, by default before and after the last
//! command.

use std::rc::Rc;

use protocol::{HistoryEntry, Made};
use yew::prelude::*;

use super::state::{Between, Compared, WatchAction};
use super::words::changes as words;
use crate::page::Page;
use crate::state::Action;
use crate::ui::difference::database_differences;

/// Rows of a table that are shown.
const SHOWN: usize = 20;

/// Component properties of the tab.
#[derive(Properties, PartialEq)]
pub struct ChangesProps {
    /// The page.
    pub page: Page,
    /// The states.
    pub history: Rc<Vec<HistoryEntry>>,
    /// Which are to be compared.
    pub between: Between,
    /// The differences.
    pub compared: Option<Rc<Compared>>,
    /// Whether something newer is on its way.
    pub stale: bool,
}

/// Number and name of each state, oldest first.
fn states(history: &[HistoryEntry]) -> Vec<(u32, String)> {
    history
        .iter()
        .map(|entry| {
            let name = match entry.made {
                Made::Start => words::START,
                _ => entry.command.as_str(),
            };
            (entry.number, words::state(entry.number, name))
        })
        .collect()
}

/// The tab.
#[component]
pub fn ChangesPanel(props: &ChangesProps) -> Html {
    let page = &props.page;
    let states = states(&props.history);
    let difference = props
        .compared
        .as_ref()
        .map(|compared| compared.difference.clone());
    let shown = match &difference {
        Some(Ok(difference)) => (difference.from, difference.to),
        _ => (
            props.between.0.unwrap_or_default(),
            props.between.1.unwrap_or_default(),
        ),
    };
    let pick = |later: bool| {
        let page = page.clone();
        Callback::from(move |event: Event| {
            let number = event
                .target_dyn_into::<web_sys::HtmlSelectElement>()
                .and_then(|select| select.value().parse().ok());
            if let Some(number) = number {
                let between = if later {
                    (Some(shown.0), Some(number))
                } else {
                    (Some(number), Some(shown.1))
                };
                page.dispatch(Action::Watch(WatchAction::Between(between)));
            }
        })
    };
    let select = |id: &'static str, label: &'static str, chosen: u32, later: bool| {
        html! {
            <label for={id}>
                { label }
                <select {id} onchange={pick(later)}>
                    { for states.iter().map(|(number, name)| html! {
                        <option value={number.to_string()} selected={*number == chosen}>{ name }</option>
                    }) }
                </select>
            </label>
        }
    };
    let last = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.dispatch(Action::Watch(WatchAction::Between((None, None))));
        })
    };
    if states.len() < 2 {
        return html! {
            <div class="panel changes" id="changes-panel" role="tabpanel" aria-labelledby="tab-changes" tabindex="0">
                <p class="empty">{ words::NOTHING }</p>
            </div>
        };
    }
    let (status, content) = match &difference {
        None => (words::LOOKING.to_owned(), Html::default()),
        Some(Err(failure)) => (
            String::new(),
            html! { <p class="failure">{ &failure.message }</p> },
        ),
        Some(Ok(difference)) => {
            let tables: usize = difference
                .databases
                .iter()
                .map(|one| one.tables.len())
                .sum();
            let status = if difference.databases.is_empty() {
                words::SAME.to_owned()
            } else {
                words::tables(tables)
            };
            (status, database_differences(&difference.databases, SHOWN))
        }
    };
    html! {
        <div class="panel changes" id="changes-panel" role="tabpanel" aria-labelledby="tab-changes" aria-busy={props.stale.to_string()} tabindex="0">
            <div class="changes-bar">
                { select("changes-from", words::FROM, shown.0, false) }
                { select("changes-to", words::TO, shown.1, true) }
                if props.between != (None, None) {
                    <button class="small" onclick={last}>{ words::LAST }</button>
                }
            </div>
            <p class="changes-status" role="status">{ status }</p>
            <div class={classes!("changes-body", props.stale.then_some("stale"))}>
                if difference.as_ref().is_some_and(|one| one.as_ref().is_ok_and(|one| !one.databases.is_empty())) {
                    <p class="sides" aria-hidden="true"><span>{ words::BEFORE }</span><span>{ words::AFTER }</span></p>
                }
                { content }
            </div>
        </div>
    }
}
