//! A menu of the header: a button that opens a sheet; Escape, or going elsewhere, closes it.

use wasm_bindgen::JsCast as _;
use yew::prelude::*;

/// Component properties of a menu.
#[derive(Properties, PartialEq)]
pub struct MenuProps {
    /// The content of its button.
    pub summary: Html,
    /// The accessible label of its popup.
    pub label: AttrValue,
    /// A class beside `menu`.
    #[prop_or_default]
    pub class: Classes,
    /// What its sheet holds.
    pub children: Html,
}

fn menu_of(target: Option<web_sys::EventTarget>) -> Option<web_sys::Element> {
    // Yew listens at the root: the menu is found from the target.
    target?
        .dyn_into::<web_sys::Element>()
        .ok()?
        .closest("details")
        .ok()
        .flatten()
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
    let onfocusout = Callback::from(|event: FocusEvent| {
        let next = event
            .related_target()
            .and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if let Some(menu) = menu_of(event.target())
            && !menu.contains(next.as_ref())
        {
            let _ = menu.remove_attribute("open");
        }
    });
    let onkeydown = Callback::from(|event: KeyboardEvent| {
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
    (onfocusout, onkeydown)
}

/// A menu.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let (onfocusout, onkeydown) = menu_keys();
    html! {
        <details class={classes!("menu", props.class.clone())} {onfocusout} {onkeydown}>
            <summary class="quiet">{ props.summary.clone() }</summary>
            <div class="sheet" role="group" aria-label={props.label.clone()}>{ props.children.clone() }</div>
        </details>
    }
}
