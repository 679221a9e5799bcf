//! Bindings to the JavaScript part `comments`.

use wasm_bindgen::prelude::*;

use super::words;
use crate::parts;

#[wasm_bindgen]
extern "C" {
    /// The part's module.
    pub type Part;

    /// An id that nobody else makes.
    #[wasm_bindgen(method)]
    pub fn id(this: &Part) -> String;

    /// A moment as the browser's user reads it, from milliseconds since 1970.
    #[wasm_bindgen(method)]
    pub fn moment(this: &Part, milliseconds: f64) -> String;

    /// What was kept under a key, or null.
    ///
    /// # Errors
    ///
    /// Where the browser keeps nothing.
    #[wasm_bindgen(method, catch)]
    pub async fn kept(this: &Part, key: &str) -> Result<JsValue, JsValue>;

    /// Keeps what a function makes of what was kept under a key, and gives that; no other tab comes between.
    ///
    /// # Errors
    ///
    /// Where the browser keeps nothing.
    #[wasm_bindgen(method, catch)]
    pub async fn change(
        this: &Part,
        key: &str,
        make: &js_sys::Function,
    ) -> Result<JsValue, JsValue>;

    /// All that was kept: an array of keys and texts.
    ///
    /// # Errors
    ///
    /// Where the browser keeps nothing.
    #[wasm_bindgen(method, catch)]
    pub async fn all(this: &Part) -> Result<JsValue, JsValue>;
}

/// The part, which loads when it is first wanted.
pub(super) async fn part() -> Result<Part, String> {
    let part = parts::load("comments").await;
    part.map(JsCast::unchecked_into)
        .map_err(|_| words::NOT_LOADED.to_owned())
}
