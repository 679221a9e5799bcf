//! A menu of the header: a button that opens a sheet; Escape, or going elsewhere, closes it.

use gloo::events::EventListener;
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

/// What is open until something else is done.
const OPEN: &str = "details.menu[open], details.diagram-export[open]";

/// Closes the menus that are open, but for the one that an element is in; says whether there was one.
pub fn close_menus(but: Option<&web_sys::Element>) -> bool {
    let Ok(found) = gloo::utils::document().query_selector_all(OPEN) else {
        return false;
    };
    let open = (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into::<web_sys::Element>().ok())
        .filter(|menu| !menu.contains(but.map(AsRef::as_ref)));
    let mut any = false;
    for menu in open {
        any = true;
        let _ = menu.remove_attribute("open");
    }
    any
}

/// Listens, while something is open, for what closes it: a press beside all that `selector` names, and
/// Escape.
#[hook]
pub fn use_dismissal(open: bool, selector: &'static str, on_dismiss: Callback<()>) {
    use_effect_with(open, move |open| {
        let document = gloo::utils::document();
        let pressed = on_dismiss.clone();
        let listening = open.then(|| {
            let press = EventListener::new(&document, "pointerdown", move |event| {
                let inside = event
                    .target()
                    .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
                    .and_then(|target| target.closest(selector).ok().flatten());
                if inside.is_none() {
                    pressed.emit(());
                }
            });
            let key = EventListener::new(&document, "keydown", move |event| {
                let escape = event
                    .dyn_ref::<web_sys::KeyboardEvent>()
                    .is_some_and(|event| event.key() == "Escape");
                if escape {
                    on_dismiss.emit(());
                }
            });
            (press, key)
        });
        move || drop(listening)
    });
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
