//! Components shared by all features.

pub(crate) mod cell;
pub(crate) mod change;
pub(crate) mod clipboard;
pub(crate) mod dialog;
pub(crate) mod difference;
pub(crate) mod divider;
pub(crate) mod found;
pub(crate) mod icon;
pub(crate) mod marked;
pub(crate) mod menu;
pub(crate) mod tabs;
mod words;

/// Scrolls an element into view, if there is one, and no further than it must.
pub(crate) fn bring_into_view(selector: &str) {
    if let Ok(Some(element)) = gloo::utils::document().query_selector(selector) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
