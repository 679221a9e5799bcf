//! The clipboard.

use crate::page::Page;
use crate::words as common;

/// Copies a text; the page says so where it can't.
pub(crate) fn copy(page: &Page, text: &str) {
    let promise = gloo::utils::window()
        .navigator()
        .clipboard()
        .write_text(text);
    let page = page.clone();
    wasm_bindgen_futures::spawn_local(async move {
        if wasm_bindgen_futures::JsFuture::from(promise).await.is_err() {
            page.notice(common::NO_CLIPBOARD, true);
        }
    });
}
