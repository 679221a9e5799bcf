//! The page's components, one region a file.

mod actions;
mod app;
mod arrivals;
mod changes;
mod console;
mod database;
mod diagram;
mod dialog;
mod difference;
mod editor;
mod files;
mod finding;
mod header;
mod icon;
mod keys;
mod marked;
mod menu;
mod migrations;
mod models;
mod page;
mod palette;
mod player;
mod review;
mod revision_menu;
mod revisions;
mod round_trip;
mod rows;
mod script_source;
mod script_tabs;
mod share;
mod sql_panes;
mod steps;
mod tabs;
mod time_bar;
mod verbs;
mod work;
mod workspaces;

use wasm_bindgen::JsCast as _;

pub use page::{EventListener, LinkOptions, Page};

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
    yew::Renderer::<app::App>::with_root_and_props(root.unchecked_into(), app::AppProps { page })
        .render();
}

/// Scrolls an element into view, if there is one, and no further than it must.
fn bring_into_view(selector: &str) {
    if let Ok(Some(element)) = gloo::utils::document().query_selector(selector) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
