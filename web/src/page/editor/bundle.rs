//! Bindings to CodeMirror, the JavaScript part `editor`; it is loaded when the first editor is drawn.

use wasm_bindgen::prelude::*;

use crate::{parts, words as common};

#[wasm_bindgen]
extern "C" {
    /// The bundle's module.
    #[derive(Clone)]
    pub type Bundle;

    /// Makes an editor inside an element.
    #[wasm_bindgen(method)]
    pub fn create(this: &Bundle, host: &web_sys::Element, options: &JsValue) -> Handle;

    /// Tells all editors what to offer in Python, given as JSON.
    #[wasm_bindgen(method)]
    pub fn offer(this: &Bundle, json: &str);

    /// Tells all editors how many threads of comments the lines of each file have, as JSON, and what to call with path,
    /// line and text of a line whose margin is clicked.
    #[wasm_bindgen(method)]
    pub fn comment(this: &Bundle, json: &str, begin: &js_sys::Function);

    /// Path, line and text of the line where the cursor is, as JSON: in the editor of a file, or in the one that had
    /// the keyboard last. Nothing where there is none.
    #[wasm_bindgen(method)]
    pub fn cursor(this: &Bundle, path: &str) -> JsValue;

    /// Types a text into the editor of a file, as a person would; whether there is one, and it has that text.
    #[wasm_bindgen(method, js_name = typeInto)]
    pub async fn type_into(this: &Bundle, path: &str, text: &str) -> JsValue;

    /// One editor.
    #[derive(Clone)]
    pub type Handle;

    /// Shows another file.
    #[wasm_bindgen(method)]
    pub fn open(this: &Handle, text: &str, language: &str, label: &str);

    /// The same file with another text.
    #[wasm_bindgen(method)]
    pub fn replace(this: &Handle, text: &str);

    /// Its text.
    #[wasm_bindgen(method)]
    pub fn text(this: &Handle) -> String;

    /// Underlines diagnostics, given as JSON.
    #[wasm_bindgen(method)]
    pub fn diagnose(this: &Handle, json: &str);

    /// Goes to a line.
    #[wasm_bindgen(method)]
    pub fn reveal(this: &Handle, line: u32);

    /// Marks these lines, from one, and brings them into sight; none for line 0.
    #[wasm_bindgen(method)]
    pub fn mark(this: &Handle, first: u32, last: u32);

    /// Puts a sentence under a line, until the line is edited; none for line 0.
    #[wasm_bindgen(method)]
    pub fn note(this: &Handle, line: u32, text: &str);

    /// Takes the keyboard.
    #[wasm_bindgen(method)]
    pub fn focus(this: &Handle);

    /// Ends it.
    #[wasm_bindgen(method)]
    pub fn close(this: &Handle);
}

/// Loads the bundle.
///
/// # Errors
///
/// Where it can't be loaded: what to say of it.
pub async fn load() -> Result<Bundle, String> {
    match parts::load("editor").await {
        Ok(bundle) => Ok(bundle.unchecked_into()),
        Err(error) => Err(common::editor_failed(&format!("{error:?}"))),
    }
}

/// Types a text into the editor that shows a file, a few letters at a time; whether there is one.
pub async fn type_into(path: &str, text: &str) -> bool {
    match load().await {
        Ok(bundle) => bundle.type_into(path, text).await.is_truthy(),
        Err(_) => false,
    }
}

/// The editor's language for a file.
pub fn language_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "py" | "mako" => "python",
        "sql" => "sql",
        "ini" | "toml" | "cfg" => "ini",
        _ => "text",
    }
}
