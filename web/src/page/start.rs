//! Starts the page.

use wasm_bindgen::JsCast as _;

use crate::app::view::{App, AppProps};
use crate::page::Page;
use crate::share::arrivals;

/// Starts the page: the worker, `window.limbeck`, and what is drawn.
pub fn start() {
    console_error_panic_hook::set_once();
    let document = gloo::utils::document();
    let worker = document
        .query_selector("script[data-worker]")
        .ok()
        .flatten()
        .and_then(|script| script.get_attribute("data-worker"))
        .unwrap_or_default();
    // Against the page's own address, so that it works under any path.
    let base = document.base_uri().ok().flatten().unwrap_or_default();
    let worker = web_sys::Url::new_with_base(&worker, &base)
        .map(|url| url.href())
        .unwrap_or(worker);
    let page = Page::start(worker);
    crate::api::install(&page);
    arrivals::listen(&page);
    let Some(root) = document.get_element_by_id("app") else {
        return;
    };
    root.set_inner_html("");
    yew::Renderer::<App>::with_root_and_props(root.unchecked_into(), AppProps { page }).render();
}
