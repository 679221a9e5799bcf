//! Bindings to the JavaScript of links and archives (the parts `share` and `archive`), and to the few
//! browser functions that are needed at once.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The part `share`.
    pub type Codec;

    /// A payload for a link.
    #[wasm_bindgen(method)]
    pub fn encode(this: &Codec, bytes: &[u8]) -> String;

    /// What a payload holds, at most so many bytes.
    ///
    /// # Errors
    ///
    /// `base64`, `compression` or `size`.
    #[wasm_bindgen(method, catch)]
    pub async fn decode(this: &Codec, text: &str, limit: u32) -> Result<JsValue, JsValue>;

    /// The part `embed`.
    pub type Embed;

    /// Speaks with the page around this one.
    #[wasm_bindgen(method)]
    pub fn connect(this: &Embed);

    /// The part `archive`.
    pub type Archive;

    /// What was dropped or chosen, as JSON.
    ///
    /// # Errors
    ///
    /// A word for the reason.
    #[wasm_bindgen(method, catch)]
    pub async fn gather(this: &Archive, list: &JsValue) -> Result<JsValue, JsValue>;

    /// A zip's project, as JSON.
    ///
    /// # Errors
    ///
    /// A word for the reason.
    #[wasm_bindgen(method, catch)]
    pub fn unzip(this: &Archive, bytes: &Uint8Array, name: &str) -> Result<String, JsValue>;

    /// A zip of a project, given as JSON.
    ///
    /// # Errors
    ///
    /// Where it becomes too large.
    #[wasm_bindgen(method, catch)]
    pub fn zip(this: &Archive, json: &str) -> Result<Uint8Array, JsValue>;
}

#[wasm_bindgen(module = "/js/share.js")]
extern "C" {
    /// Hands a person a file.
    pub fn download(name: &str, kind: &str, contents: &JsValue);

    /// What was dropped; it can be asked only while the event runs.
    pub fn entries(event: &web_sys::Event) -> JsValue;

    /// Whether an event drags files.
    #[wasm_bindgen(js_name = carriesFiles)]
    pub fn carries_files(event: &web_sys::Event) -> bool;

    /// The patch that was pasted where no text is written.
    #[wasm_bindgen(js_name = pastedPatch)]
    pub fn pasted_patch(event: &web_sys::Event) -> Option<String>;

    /// Lets a person choose files, or a folder.
    pub fn choose(folder: bool) -> Promise;

    /// Copies a text.
    pub fn copy(text: &str) -> Promise;

    /// Whether the page is in another one.
    pub fn embedded() -> bool;
}
