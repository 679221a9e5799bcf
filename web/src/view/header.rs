//! The line at the top: the name, the examples, the states before, and light or dark.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::icon::{Drawing, Icon};
use super::page::{Page, remember};
use crate::examples::EXAMPLES;
use crate::protocol::{HistoryEntry, Request, Storage};
use crate::state::{Action, Overlay};
use crate::text::palette as words;

/// What the line shows.
#[derive(Properties, PartialEq)]
pub struct HeaderProps {
    /// The page.
    pub page: Page,
    /// Whether the worker answers.
    pub ready: bool,
    /// Whether the workspace is kept.
    pub storage: Storage,
    /// Version of SQLite.
    pub sqlite: Rc<str>,
    /// The states before.
    pub history: Rc<Vec<HistoryEntry>>,
    /// Whether the file tree is open.
    pub tree: bool,
}

/// Light becomes dark, dark light.
pub fn switch_theme() {
    let Some(root) = gloo::utils::document().document_element() else {
        return;
    };
    let dark = match root.get_attribute("data-theme").as_deref() {
        Some("dark") => true,
        Some("light") => false,
        _ => gloo::utils::window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten()
            .is_some_and(|query| query.matches()),
    };
    let next = if dark { "light" } else { "dark" };
    let _ = root.set_attribute("data-theme", next);
    remember("limbeck:theme", next);
}

/// Closes a `<details>` menu that something was chosen in.
pub fn close_menu(event: &MouseEvent) {
    if let Some(element) = event.target_dyn_into::<web_sys::Element>()
        && let Ok(Some(menu)) = element.closest("details")
    {
        let _ = menu.remove_attribute("open");
    }
}

fn clock(microseconds: i64) -> String {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(
        microseconds as f64 / 1_000.0,
    ));
    format!(
        "{:02}:{:02}:{:02}",
        date.get_hours(),
        date.get_minutes(),
        date.get_seconds()
    )
}

/// The line.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let page = props.page.clone();
    let tree = {
        let (page, open) = (page.clone(), props.tree);
        Callback::from(move |_| page.dispatch(Action::Tree(!open)))
    };
    let open_example = |name: &'static str| {
        let page = page.clone();
        Callback::from(move |event: MouseEvent| {
            close_menu(&event);
            page.do_change(
                Request::Example {
                    name: name.to_owned(),
                },
                true,
                Some(Action::Clear),
            );
        })
    };
    let travel = |number: u32| {
        let page = page.clone();
        Callback::from(move |event: MouseEvent| {
            close_menu(&event);
            page.do_change(Request::Travel { to: number }, false, None);
        })
    };
    let (words, bad) = Page::storage_words(&props.storage);
    // A click elsewhere, or Escape, closes an open menu.
    // Yew listens at the root: the menu is found from the target.
    let menu_of = |target: Option<web_sys::EventTarget>| {
        target
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|element| element.closest("details").ok().flatten())
    };
    let onblur = Callback::from(move |event: FocusEvent| {
        let next = event
            .related_target()
            .and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if let Some(menu) = menu_of(event.target())
            && !menu.contains(next.as_ref())
        {
            let _ = menu.remove_attribute("open");
        }
    });
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape"
            && let Some(menu) = menu_of(event.target())
            && menu.has_attribute("open")
        {
            event.prevent_default();
            let _ = menu.remove_attribute("open");
            if let Ok(Some(summary)) = menu.query_selector("summary")
                && let Ok(summary) = summary.dyn_into::<web_sys::HtmlElement>()
            {
                let _ = summary.focus();
            }
        }
    });
    let over = |overlay: Overlay, title: &'static str, name: &'static str, drawing: Drawing| {
        let page = page.clone();
        let onclick =
            Callback::from(move |_: MouseEvent| page.dispatch(Action::Overlay(Some(overlay))));
        html! { <button class="quiet" {onclick} aria-label={name} aria-haspopup="dialog" {title}><Icon of={drawing} /></button> }
    };
    html! {
        <header class="header">
            <h1 class="name"><Icon of={Drawing::Still} />{ "Limbeck" }</h1>
            <button class="quiet" onclick={tree} aria-pressed={props.tree.to_string()} title="Files (Ctrl+B)">
                <Icon of={Drawing::Tree} />{ "Files" }
            </button>
            <details class="menu" onfocusout={onblur.clone()} onkeydown={onkeydown.clone()}>
                <summary class="quiet">{ "Examples" }</summary>
                <div class="sheet" role="group" aria-label="Examples">
                    <p class="note">{ "An example takes the place of this project." }</p>
                    { for EXAMPLES.iter().map(|example| html! {
                        <button class="choice" onclick={open_example(example.name)} data-example={example.name}>
                            <strong>{ example.title }</strong>
                            <span>{ example.about }</span>
                        </button>
                    }) }
                </div>
            </details>
            <details class="menu" onfocusout={onblur} {onkeydown}>
                <summary class="quiet" aria-disabled={props.history.is_empty().to_string()}>
                    <Icon of={Drawing::Back} />{ "Go back" }
                </summary>
                <div class="sheet" role="group" aria-label="States before each command">
                    if props.history.is_empty() {
                        <p class="note">{ "Each command that changes something keeps the state before it here." }</p>
                    } else {
                        <p class="note">{ "Files and databases as they were before" }</p>
                        { for props.history.iter().rev().take(30).map(|entry| html! {
                            <button class="choice state" onclick={travel(entry.number)} data-state={entry.number.to_string()}>
                                <code>{ &entry.command }</code>
                                <span class="time">
                                    { if entry.status == 0 { "" } else { "failed · " } }{ clock(entry.time) }
                                </span>
                            </button>
                        }) }
                    }
                </div>
            </details>
            <span class="space"></span>
            <span class={classes!("storage", bad.then_some("bad"))} role="status">
                { if props.ready { words } else { "starting …".to_owned() } }
            </span>
            if !props.sqlite.is_empty() {
                <span class="version">{ format!("SQLite {}", props.sqlite) }</span>
            }
            { over(Overlay::Palette, words::PALETTE_KEY, words::TITLE, Drawing::Search) }
            { over(Overlay::Keys, words::KEYS_KEY, words::SHEET, Drawing::Key) }
            <button class="quiet" onclick={Callback::from(|_| switch_theme())} aria-label="Light or dark" title="Light or dark">
                <Icon of={Drawing::Theme} />
            </button>
        </header>
    }
}
