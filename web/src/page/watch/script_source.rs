//! The script of a run, read-only, with the lines that run now marked and scrolled into view.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::editor::bundle as editor;
use crate::editor::bundle::Handle;

/// Component properties of the component.
#[derive(Properties, PartialEq, Eq)]
pub struct ScriptSourceProps {
    /// The text.
    pub text: AttrValue,
    /// Its language.
    pub language: &'static str,
    /// First and last line to mark, from one; no line is (0, 0).
    pub lines: (u32, u32),
    /// Its accessible name.
    pub label: AttrValue,
}

/// The script: an editor that takes no text.
#[component]
pub fn ScriptSource(props: &ScriptSourceProps) -> Html {
    let element = use_node_ref();
    let loaded = use_state(|| false);
    let failed = use_state(|| None::<String>);
    let handle = use_memo((), |()| RefCell::<Option<Handle>>::default());
    {
        let (element, loaded, failed, handle) = (
            element.clone(),
            loaded.clone(),
            failed.clone(),
            handle.clone(),
        );
        let label = props.label.clone();
        use_effect_with((), move |()| {
            let ending = handle.clone();
            spawn_local(async move {
                let bundle = match editor::load().await {
                    Ok(bundle) => bundle,
                    Err(reason) => {
                        failed.set(Some(reason));
                        return;
                    }
                };
                let Some(host) = element.cast::<web_sys::Element>() else {
                    return;
                };
                let options = js_sys::Object::new();
                for (name, value) in [
                    ("label", JsValue::from_str(&label)),
                    ("language", JsValue::from_str("text")),
                    ("reading", JsValue::TRUE),
                ] {
                    let _ = js_sys::Reflect::set(&options, &name.into(), &value);
                }
                *handle.borrow_mut() = Some(bundle.create(&host, &options));
                loaded.set(true);
            });
            move || {
                if let Some(handle) = ending.borrow_mut().take() {
                    handle.close();
                }
            }
        });
    }
    {
        let handle = handle.clone();
        let (language, label) = (props.language, props.label.clone());
        use_effect_with((props.text.clone(), *loaded), move |(text, _)| {
            if let Some(handle) = &*handle.borrow() {
                handle.open(text, language, &label);
            }
        });
    }
    {
        let handle = handle.clone();
        use_effect_with(
            (props.lines, props.text.clone(), *loaded),
            move |((first, last), ..)| {
                if let Some(handle) = &*handle.borrow() {
                    handle.mark(*first, *last);
                }
            },
        );
    }
    html! {
        <>
            if let Some(message) = &*failed { <p class="failure">{ message }</p> }
            <div class="editor" ref={element}></div>
        </>
    }
}
