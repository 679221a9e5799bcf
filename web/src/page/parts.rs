//! JavaScript that loads when it is first used: the modules in `web/parts/`, each a bundle of its own.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/parts.js")]
extern "C" {
    /// Loads the part of that name, which is its file's in `web/parts/` without the ending; the second
    /// call gives the same module.
    ///
    /// # Errors
    ///
    /// Where it can't be loaded, such as without a network.
    #[wasm_bindgen(catch)]
    pub async fn load(name: &str) -> Result<JsValue, JsValue>;
}
