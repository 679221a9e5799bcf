//! The field in which a comment is written.

use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::thread::TEXT_LIMIT;
use super::words;
use crate::share::link::is_seen;
use crate::words as common;

/// Component properties of the field.
#[derive(Properties, PartialEq)]
pub(super) struct ComposeProps {
    /// Its accessible name.
    pub label: AttrValue,
    /// What the button says.
    pub action: &'static str,
    /// What stands in it at first.
    #[prop_or_default]
    pub text: AttrValue,
    /// Whether it takes the keyboard when it appears.
    #[prop_or_default]
    pub focus: bool,
    /// Whether nothing can be said yet.
    #[prop_or_default]
    pub disabled: bool,
    /// The text was said.
    pub on_say: Callback<String>,
    /// It is not wanted any more; without that it stays.
    #[prop_or_default]
    pub on_cancel: Option<Callback<()>>,
}

/// The field, with its button.
#[component]
pub(super) fn Compose(props: &ComposeProps) -> Html {
    let field = use_node_ref();
    let empty = use_state_eq(|| props.text.trim().is_empty());
    {
        let (field, focus) = (field.clone(), props.focus);
        use_effect_with((), move |()| {
            if let Some(field) = field.cast::<HtmlElement>().filter(|_| focus) {
                let _ = field.focus();
            }
        });
    }
    let say = {
        let (field, empty) = (field.clone(), empty.clone());
        let (on_say, disabled) = (props.on_say.clone(), props.disabled);
        move || {
            let Some(field) = field.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let text = field.value().replace("\r\n", "\n");
            let text: String = text
                .chars()
                .filter(|one| is_seen(*one) || matches!(one, '\n' | '\t'))
                .take(TEXT_LIMIT)
                .collect();
            if !disabled && !text.trim().is_empty() {
                field.set_value("");
                empty.set(true);
                on_say.emit(text.trim().to_owned());
            }
        }
    };
    let oninput = {
        let empty = empty.setter();
        Callback::from(move |event: InputEvent| {
            let field = event.target_dyn_into::<HtmlTextAreaElement>();
            empty.set(field.is_none_or(|field| field.value().trim().is_empty()));
        })
    };
    let onkeydown = {
        let (say, on_cancel) = (say.clone(), props.on_cancel.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" if event.ctrl_key() || event.meta_key() => {
                event.prevent_default();
                say();
            }
            "Escape" => {
                event.prevent_default();
                match &on_cancel {
                    Some(on_cancel) => on_cancel.emit(()),
                    None => {
                        let target = event
                            .target()
                            .and_then(|one| one.dyn_into::<HtmlElement>().ok());
                        if let Some(field) = target {
                            let _ = field.blur();
                        }
                    }
                }
            }
            _ => {}
        })
    };
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        say();
    });
    html! {
        <form class="compose" {onsubmit}>
            <textarea ref={field} rows="2" maxlength={TEXT_LIMIT.to_string()} aria-label={props.label.clone()} placeholder={props.label.clone()} {oninput} {onkeydown} defaultvalue={props.text.clone()} />
            <span class="compose-acts">
                <button class="small act" type="submit" disabled={props.disabled || *empty}>{ props.action }</button>
                if let Some(on_cancel) = props.on_cancel.clone() {
                    <button class="small" type="button" onclick={Callback::from(move |_: MouseEvent| on_cancel.emit(()))}>{ common::CANCEL }</button>
                }
            </span>
        </form>
    }
}

/// Where a name is asked for: once, before the first comment.
#[derive(Properties, PartialEq)]
pub(super) struct NameProps {
    /// The name so far.
    pub name: AttrValue,
    /// Another name was given.
    pub on_name: Callback<String>,
}

/// The field for the author's name.
#[component]
pub(super) fn Name(props: &NameProps) -> Html {
    let oninput = {
        let on_name = props.on_name.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<web_sys::HtmlInputElement>() {
                on_name.emit(field.value());
            }
        })
    };
    html! {
        <p class="comment-name">
            <label for="comment-name">{ words::NAME }</label>
            <input id="comment-name" autocomplete="name" maxlength="100" aria-describedby="comment-name-about" value={props.name.clone()} {oninput} />
            <span class="note" id="comment-name-about">{ words::NAME_ABOUT }</span>
        </p>
    }
}
