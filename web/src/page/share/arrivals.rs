//! Listens for what arrives from outside: dropped files, and links opened in this tab.

use gloo::events::{EventListener, EventListenerOptions};
use protocol::Other;
use wasm_bindgen::JsCast as _;

use super::{codec, words};
use crate::page::Page;

/// Listens as long as the page is there.
pub fn listen(page: &Page) {
    let document = gloo::utils::document();
    let root = document.document_element();
    let hint = move |shown: bool| {
        if let Some(root) = &root {
            let _ = if shown {
                root.set_attribute("data-drop", words::DROP)
            } else {
                root.remove_attribute("data-drop")
            };
        }
    };
    for name in ["dragover", "dragleave", "drop"] {
        let (page, hint) = (page.clone(), hint.clone());
        EventListener::new_with_options(
            &document,
            name,
            EventListenerOptions::enable_prevent_default(),
            move |event| {
                if !codec::carries_files(event) {
                    return;
                }
                // Else the browser leaves the page and shows the file.
                event.prevent_default();
                hint(name == "dragover");
                if name == "drop" {
                    let list = codec::entries(event);
                    let page = page.clone();
                    wasm_bindgen_futures::spawn_local(async move { page.take_in(list).await });
                }
            },
        )
        .forget();
    }
    let pasting = page.clone();
    EventListener::new(&document, "paste", move |event| {
        // What is pasted into a field is the field's.
        if let Some(text) = codec::pasted_patch(event) {
            pasting.compare_with(words::PASTED, Other::Patch(text));
        }
    })
    .forget();
    let arriving = page.clone();
    EventListener::new(&gloo::utils::window(), "hashchange", move |_| {
        arriving.look_at_address(false);
    })
    .forget();
    let updating = page.clone();
    EventListener::new(&gloo::utils::window(), "limbeck:update", move |_| {
        updating.notice(words::NEW_VERSION, false);
    })
    .forget();
    let leaving = page.clone();
    EventListener::new_with_options(
        &gloo::utils::window(),
        "beforeunload",
        EventListenerOptions::enable_prevent_default(),
        move |event| {
            // The browser asks whether to leave, in its own words.
            if leaving.state().would_be_lost() && !codec::embedded() {
                event.prevent_default();
            }
        },
    )
    .forget();
    let starting = page.clone();
    page.when_ready(Box::new(move || {
        starting.obey_address();
        if codec::embedded() {
            wasm_bindgen_futures::spawn_local(async {
                if let Ok(part) = crate::parts::load("embed").await {
                    part.unchecked_into::<codec::Embed>().connect();
                }
            });
        }
    }));
}
