//! The tabs over the chosen revision: its script, what was found on it, its steps, its SQL.

use std::rc::Rc;

use yew::prelude::*;

use super::state::{MigrationsAction, ScriptTab};
use super::words;
use crate::page::Page;
use crate::review::finding::severity;
use crate::review::state::{Reviewed, tally};
use crate::ui::tabs::{Tab, Tabs};
use crate::words::count;

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

/// The tabs, in their order.
const TABS: [(ScriptTab, &str, &str, &str); 4] = [
    (
        ScriptTab::Script,
        "tab-script",
        "script-panel",
        words::SCRIPT,
    ),
    (
        ScriptTab::Review,
        "tab-review",
        "review-panel",
        words::REVIEW,
    ),
    (
        ScriptTab::Steps,
        "tab-steps",
        "steps-panel",
        crate::watch::words::steps::TAB,
    ),
    (
        ScriptTab::Sql,
        "tab-sql",
        "sql-panel",
        crate::watch::words::sql::TAB,
    ),
];

/// The tabs.
#[component]
pub fn ScriptTabs(props: &ScriptTabsProps) -> Html {
    let on_choose = {
        let page = props.page.clone();
        Callback::from(move |index: usize| {
            page.flush();
            if let Some((tab, ..)) = TABS.get(index) {
                page.dispatch(MigrationsAction::Tab(*tab));
            }
        })
    };
    let tallied = props
        .reviewed
        .as_deref()
        .and_then(Reviewed::review)
        .map(|review| tally(review));
    let found = html! {
        <span class={classes!("tally", props.stale.then_some("stale"))}>
            if let Some(tallied) = tallied {
                if tallied.is_empty() {
                    <span class="one fine"><span aria-hidden="true">{ "✓" }</span><span class="hidden">{ words::NOTHING_FOUND }</span></span>
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
    };
    let tabs = TABS
        .into_iter()
        .map(|(tab, id, panel, name)| Tab {
            id,
            panel,
            content: if tab == ScriptTab::Review {
                html! { <>{ name }{ found.clone() }</> }
            } else {
                html! { { name } }
            },
        })
        .collect::<Vec<_>>();
    let chosen = TABS
        .iter()
        .position(|(tab, ..)| *tab == props.tab)
        .unwrap_or_default();
    html! { <Tabs label={words::LABEL} {tabs} {chosen} {on_choose} /> }
}
