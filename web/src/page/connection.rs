//! A worker that the page has started: sends it messages and hears it.

use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, Event, MessageEvent, MessagePort, WorkerOptions, WorkerType};

use crate::words as common;

/// A worker, and the closures that hear it.
pub(crate) struct Connection {
    worker: web_sys::Worker,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(Event)>,
}

impl Connection {
    /// Starts a worker of that name; `broke` is told, for a person, why it can't go on.
    ///
    /// # Errors
    ///
    /// Why it does not start, for a person.
    pub(crate) fn start(
        url: &str,
        name: &str,
        heard: impl Fn(MessageEvent) + 'static,
        broke: impl Fn(String) + 'static,
    ) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(name);
        let worker = web_sys::Worker::new_with_options(url, &options)
            .map_err(|error| common::worker::does_not_start(&format!("{error:?}")))?;
        let message = Closure::<dyn FnMut(MessageEvent)>::new(heard);
        worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
        let error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            event.prevent_default();
            // A worker that can't be loaded fires a plain `Event`, without a message.
            let text = event
                .dyn_ref::<ErrorEvent>()
                .map(ErrorEvent::message)
                .unwrap_or_default();
            broke(if text.is_empty() {
                common::worker::NOT_LOADED.to_owned()
            } else if text.contains("Maximum call stack") || text.contains("too much recursion") {
                common::worker::STACK.to_owned()
            } else if text.contains("memory") {
                common::worker::MEMORY.to_owned()
            } else {
                text
            });
        });
        worker.set_onerror(Some(error.as_ref().unchecked_ref()));
        Ok(Connection {
            worker,
            _message: message,
            _error: error,
        })
    }

    /// Sends a message, with a port where there is one to give away.
    pub(crate) fn post(&self, message: &[u8], port: Option<&MessagePort>) {
        let message = js_sys::Uint8Array::from(message);
        let given = js_sys::Array::of1(&message.buffer());
        if let Some(port) = port {
            given.push(port);
        }
        let _ = self.worker.post_message_with_transfer(&message, &given);
    }

    /// Sends a value of JavaScript.
    pub(crate) fn post_value(&self, value: &JsValue) {
        let _ = self.worker.post_message(value);
    }

    /// Ends the worker.
    pub(crate) fn end(self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
        // This may run inside one of the closures: they are dropped later.
        wasm_bindgen_futures::spawn_local(async move { drop(self) });
    }
}

/// The bytes of a message; none where it is something else.
pub(crate) fn bytes_of(event: &MessageEvent) -> Option<Vec<u8>> {
    let data = event.data();
    data.dyn_ref::<js_sys::Uint8Array>()
        .map(js_sys::Uint8Array::to_vec)
}
