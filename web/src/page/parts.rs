//! Lazily loaded JavaScript: the modules of `web/parts/`, each in a separate bundle.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/parts.js")]
extern "C" {
    /// Loads a part: `name` is its file in `web/parts/` without the extension. A second call returns the
    /// same module.
    ///
    /// # Errors
    ///
    /// Where it can't be loaded, such as without a network.
    #[wasm_bindgen(catch)]
    pub async fn load(name: &str) -> Result<JsValue, JsValue>;
}
