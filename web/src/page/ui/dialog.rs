//! A dialog over the page: the browser keeps the keyboard inside it, closes it on Escape, and gives
//! the keyboard back to where it was.

use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use crate::words as common;

/// Component properties of a dialog.
#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// Its title.
    pub title: AttrValue,
    /// A class for what it holds.
    #[prop_or_default]
    pub class: Classes,
    /// It was closed, or is to be.
    pub on_close: Callback<()>,
    /// What it holds.
    pub children: Html,
}

/// Where the keyboard is, inside an editor's shadow too.
fn active_element() -> Option<web_sys::HtmlElement> {
    let mut element = gloo::utils::document().active_element()?;
    while let Some(inner) = element
        .shadow_root()
        .and_then(|shadow| shadow.active_element())
    {
        element = inner;
    }
    element.dyn_into().ok()
}

/// Closes the dialog that is open, at once: the page beneath it can have the keyboard again.
pub fn close_now() {
    if let Ok(Some(dialog)) = gloo::utils::document().query_selector("dialog[open]")
        && let Ok(dialog) = dialog.dyn_into::<web_sys::HtmlDialogElement>()
    {
        dialog.close();
    }
}

/// A dialog: it is open as long as it is drawn.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let element = use_node_ref();
    {
        let element = element.clone();
        use_effect_with((), move |()| {
            let before = active_element();
            if let Some(dialog) = element.cast::<web_sys::HtmlDialogElement>() {
                // Fails only where it is open already.
                let _ = dialog.show_modal();
            }
            // A dialog that is taken away without being closed keeps the keyboard's place to itself.
            move || {
                if let Some(dialog) = element.cast::<web_sys::HtmlDialogElement>() {
                    dialog.close();
                }
                if let Some(before) = before {
                    let _ = before.focus();
                }
            }
        });
    }
    let close = {
        let on_close = props.on_close.clone();
        Callback::from(move |_: MouseEvent| on_close.emit(()))
    };
    // The browser tells of a dialog's end a moment after it; another may have come by then in the same
    // element, which the late word does not concern.
    let told = use_mut_ref(|| false);
    {
        let (element, told) = (element.clone(), told.clone());
        use_effect(move || {
            if let Some(dialog) = element.cast::<web_sys::HtmlDialogElement>()
                && !dialog.open()
                && told.replace(false)
            {
                let _ = dialog.show_modal();
            }
        });
    }
    let cancelled = {
        let (on_close, told) = (props.on_close.clone(), told.clone());
        Callback::from(move |_: Event| {
            *told.borrow_mut() = true;
            on_close.emit(());
        })
    };
    let closed = {
        let on_close = props.on_close.clone();
        Callback::from(move |_: Event| {
            if !*told.borrow() {
                on_close.emit(());
            }
        })
    };
    // A click on what lies around it closes it: only there the dialog itself is the target.
    let beside = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: MouseEvent| {
            let itself = event
                .target()
                .is_some_and(|target| target.has_type::<web_sys::HtmlDialogElement>());
            if itself {
                on_close.emit(());
            }
        })
    };
    html! {
        <dialog ref={element} class={classes!("dialog", props.class.clone())} aria-label={props.title.clone()} oncancel={cancelled} onclose={closed} onmousedown={beside}>
            <div class="dialog-frame">
                <div class="dialog-head">
                    <h2>{ &props.title }</h2>
                    <button class="quiet" onclick={close} aria-label={common::CLOSE} title={common::CLOSE}>{ "✕" }</button>
                </div>
                { props.children.clone() }
            </div>
        </dialog>
    }
}
