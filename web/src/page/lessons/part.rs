//! Bindings to the JavaScript part `lessons`.

use wasm_bindgen::prelude::*;

use super::words;
use crate::parts;

#[wasm_bindgen]
extern "C" {
    /// The part's module.
    pub type Part;

    /// The lessons that the page comes with, as JSON.
    ///
    /// # Errors
    ///
    /// A word for the reason.
    #[wasm_bindgen(method, catch)]
    pub async fn courses(this: &Part) -> Result<JsValue, JsValue>;

    /// The archive at an address.
    ///
    /// # Errors
    ///
    /// A word for the reason: `origin` where it is another site's.
    #[wasm_bindgen(method, catch)]
    pub async fn fetched(this: &Part, address: &str) -> Result<JsValue, JsValue>;

    /// What was kept under a key, or null.
    ///
    /// # Errors
    ///
    /// Where the browser keeps nothing.
    #[wasm_bindgen(method, catch)]
    pub async fn kept(this: &Part, key: &str) -> Result<JsValue, JsValue>;

    /// Keeps a text; an empty one is forgotten.
    ///
    /// # Errors
    ///
    /// Where the browser keeps nothing.
    #[wasm_bindgen(method, catch)]
    pub async fn keep(this: &Part, key: &str, text: &str) -> Result<JsValue, JsValue>;
}

/// The part, which loads when it is first wanted.
pub(super) async fn part() -> Result<Part, String> {
    let part = parts::load("lessons").await;
    part.map(JsCast::unchecked_into)
        .map_err(|_| words::NOT_LOADED.to_owned())
}

/// What to say of a word for a reason.
pub(super) fn reason(word: &JsValue) -> String {
    words::not_fetched(&word.as_string().unwrap_or_default())
}
