//! The line at the top: the name, the workspaces and whether they are kept, and light or dark.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::icon::{Drawing, Icon};
use super::page::{Page, remember};
use super::share::ShareMenu;
use super::workspaces::{Kept, WorkspaceMenu};
use crate::protocol::{Storage, WorkspaceEntry};
use crate::state::{Action, Overlay};
use crate::text::{self, palette as words};

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
    /// The workspaces.
    pub workspaces: Rc<Vec<WorkspaceEntry>>,
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

/// Keeps a menu open while what was clicked in it gives way to something else: the keyboard would leave
/// with it.
pub fn stay_in_menu(event: &MouseEvent) {
    if let Some(element) = event.target_dyn_into::<web_sys::Element>()
        && let Ok(Some(sheet)) = element.closest(".sheet")
        && let Ok(sheet) = sheet.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = sheet.focus();
    }
}

/// What closes an open menu: the keyboard leaving it, and Escape.
pub fn menu_keys() -> (Callback<FocusEvent>, Callback<KeyboardEvent>) {
    // Yew listens at the root: the menu is found from the target.
    let menu_of = |target: Option<web_sys::EventTarget>| {
        target
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|element| element.closest("details").ok().flatten())
    };
    let focus_left = Callback::from(move |event: FocusEvent| {
        let next = event
            .related_target()
            .and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if let Some(menu) = menu_of(event.target())
            && !menu.contains(next.as_ref())
        {
            let _ = menu.remove_attribute("open");
        }
    });
    let key = Callback::from(move |event: KeyboardEvent| {
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
    (focus_left, key)
}

/// The line.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let page = props.page.clone();
    let tree = {
        let (page, open) = (page.clone(), props.tree);
        Callback::from(move |_| page.dispatch(Action::Tree(!open)))
    };
    let over = |overlay: Overlay, title: &'static str, name: &'static str, drawing: Drawing| {
        let page = page.clone();
        let onclick =
            Callback::from(move |_: MouseEvent| page.dispatch(Action::Overlay(Some(overlay))));
        html! { <button class="quiet" {onclick} aria-label={name} aria-haspopup="dialog" {title}><Icon of={drawing} /></button> }
    };
    html! {
        <header class="header">
            <h1 class="name"><Icon of={Drawing::Still} /><span class="word">{ text::header::NAME }</span></h1>
            <button class="quiet" onclick={tree} aria-pressed={props.tree.to_string()} title={text::header::FILES_KEY}>
                <Icon of={Drawing::Tree} /><span class="word">{ text::files::TITLE }</span>
            </button>
            <WorkspaceMenu page={page.clone()} workspaces={props.workspaces.clone()} storage={props.storage.clone()} />
            <Kept storage={props.ready.then(|| props.storage.clone())} />
            <span class="space"></span>
            if !props.sqlite.is_empty() {
                <span class="version">{ text::header::sqlite(&props.sqlite) }</span>
            }
            <ShareMenu page={props.page.clone()} />
            { over(Overlay::Palette, words::PALETTE_KEY, words::TITLE, Drawing::Search) }
            { over(Overlay::Keys, words::KEYS_KEY, words::SHEET, Drawing::Key) }
            <button class="quiet" onclick={Callback::from(|_| switch_theme())} aria-label={text::header::THEME} title={text::header::THEME}>
                <Icon of={Drawing::Theme} />
            </button>
        </header>
    }
}
