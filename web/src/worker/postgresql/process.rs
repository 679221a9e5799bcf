//! The process as JavaScript has it.

use wasm_bindgen::prelude::*;

use super::Process;

#[wasm_bindgen]
extern "C" {
    type Server;

    /// Gives a [`Server`]; what starts the worker has it (`web/worker_loader.js`).
    #[wasm_bindgen(js_name = loadPostgreSQL, catch)]
    async fn load_postgresql(
        told: &js_sys::Function,
        extensions: Vec<String>,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn open(this: &Server, database: &str, image: Option<&[u8]>) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn exchange(this: &Server, messages: &[u8]) -> Result<Vec<u8>, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn position(this: &Server) -> Result<String, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn image(this: &Server) -> Result<Vec<u8>, JsValue>;
}

/// What an exception says.
fn words(error: JsValue) -> String {
    match error.dyn_into::<js_sys::Error>() {
        Ok(error) => String::from(error.message()),
        Err(other) => format!("{other:?}"),
    }
}

impl Process for Server {
    fn open(&self, database: &str, image: Option<&[u8]>) -> Result<(), String> {
        Server::open(self, database, image).map_err(words)
    }

    fn exchange(&self, messages: &[u8]) -> Result<Vec<u8>, String> {
        Server::exchange(self, messages).map_err(words)
    }

    fn position(&self) -> Result<String, String> {
        Server::position(self).map_err(words)
    }

    fn image(&self) -> Result<Vec<u8>, String> {
        Server::image(self).map_err(words)
    }
}

/// Loads the process; `told` hears which part of it has come and how many bytes it is.
pub(crate) async fn load(told: impl FnMut(f64, f64) + 'static) {
    let told = Closure::<dyn FnMut(f64, f64)>::new(told);
    let loaded = load_postgresql(told.as_ref().unchecked_ref(), super::extensions()).await;
    match loaded {
        Ok(server) => super::provide(Box::new(server.unchecked_into::<Server>())),
        Err(error) => super::give_up(super::words::did_not_start(&words(error))),
    }
}
