//! The page's end of the protocol: sends requests to the worker, returns how each ended, and starts a new
//! worker when one has died.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use futures_channel::oneshot;
use gloo::timers::callback::Timeout;
use protocol::{Progress, Reply, Request, Storage, VERSION, View, decode, encode};
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, Event, MessageEvent, WorkerOptions, WorkerType};

use crate::words as common;

/// A listener for the progress of a request.
pub type ProgressListener = Rc<dyn Fn(Progress)>;

/// How long a command waits for what runs in the background, in milliseconds: starting another worker
/// costs about as much.
const PATIENCE: u32 = 700;

struct Waiting {
    reply: oneshot::Sender<Reply>,
    progress: Option<ProgressListener>,
    message: Vec<u8>,
    background: bool,
}

type ErrorHandler = Closure<dyn FnMut(Event)>;

struct Running {
    worker: web_sys::Worker,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: ErrorHandler,
}

struct Inner {
    url: String,
    running: RefCell<Option<Running>>,
    ready: Cell<bool>,
    queue: RefCell<Vec<Vec<u8>>>,
    next: Cell<u32>,
    failures: Cell<u32>,
    waiting: RefCell<BTreeMap<u32, Waiting>>,
    // Whether another worker would have all that this one has.
    saved: Cell<bool>,
    listener: Box<dyn Fn(Reply)>,
    view: RefCell<Option<Rc<View>>>,
    /// Returns the name that configures a worker at start.
    name: Box<dyn Fn() -> String>,
}

/// A handle on the worker.
#[derive(Clone)]
pub struct Client(Rc<Inner>);

impl Client {
    /// Starts a worker; the listener receives unsolicited messages, `Ready` first. `name` returns
    /// the name that configures the worker at start.
    pub fn start(url: String, name: Box<dyn Fn() -> String>, listener: Box<dyn Fn(Reply)>) -> Self {
        let client = Client(Rc::new(Inner {
            url,
            running: RefCell::default(),
            ready: Cell::new(false),
            queue: RefCell::default(),
            next: Cell::new(1),
            failures: Cell::new(0),
            waiting: RefCell::default(),
            saved: Cell::new(false),
            listener,
            view: RefCell::default(),
            name,
        }));
        client.launch();
        client
    }

    fn launch(&self) {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(&(self.0.name)());
        let worker = match web_sys::Worker::new_with_options(&self.0.url, &options) {
            Ok(worker) => worker,
            Err(error) => {
                (self.0.listener)(Reply::Panicked {
                    message: common::worker::does_not_start(&format!("{error:?}")),
                });
                return;
            }
        };
        let client = self.clone();
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            client.take(&js_sys::Uint8Array::new(&event.data()).to_vec());
        });
        worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
        let client = self.clone();
        let error: ErrorHandler = Closure::new(move |event: Event| {
            event.prevent_default();
            // A worker that can't be loaded fires a plain `Event`, without a message.
            let text = event
                .dyn_ref::<ErrorEvent>()
                .map(ErrorEvent::message)
                .unwrap_or_default();
            client.broke(if text.is_empty() {
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
        *self.0.running.borrow_mut() = Some(Running {
            worker,
            _message: message,
            _error: error,
        });
    }

    fn take(&self, bytes: &[u8]) {
        let (id, mut body) = match decode::<Reply>(bytes) {
            Ok(message) => message,
            Err((_, reason)) => {
                self.broke(reason.to_string());
                return;
            }
        };
        body.put_back_the_same(&mut self.0.view.borrow_mut());
        if let Reply::Ready { storage, .. } | Reply::Storage(storage) = &body {
            self.0.saved.set(*storage == Storage::Saved);
        }
        match body {
            Reply::Ready { ref version, .. } => {
                if version != VERSION {
                    self.broke(common::worker::VERSION.to_owned());
                    return;
                }
                self.0.ready.set(true);
                self.0.failures.set(0);
                (self.0.listener)(body);
                let queue = std::mem::take(&mut *self.0.queue.borrow_mut());
                for message in queue {
                    self.post(&message);
                }
            }
            Reply::Panicked { message } => self.broke(message),
            Reply::Progress(progress) => {
                let listener = self
                    .0
                    .waiting
                    .borrow()
                    .get(&id)
                    .and_then(|waiting| waiting.progress.clone());
                if let Some(listener) = listener {
                    listener(progress);
                }
            }
            body if id == 0 => (self.0.listener)(body),
            body => {
                let waiting = self.0.waiting.borrow_mut().remove(&id);
                if let Some(waiting) = waiting {
                    let _ = waiting.reply.send(body);
                }
            }
        }
    }

    fn post(&self, message: &[u8]) {
        if let Some(running) = &*self.0.running.borrow() {
            let _ = running
                .worker
                .post_message(&js_sys::Uint8Array::from(message));
        }
    }

    /// Sends a request, at once; gives its number and what it will end in.
    pub fn ask(
        &self,
        request: Request,
        progress: Option<ProgressListener>,
    ) -> (u32, impl Future<Output = Reply> + 'static) {
        let id = self.0.next.replace(self.0.next.get() + 1);
        let (sender, receiver) = oneshot::channel();
        let (background, urgent) = (request.is_background(), request.is_urgent());
        let message = encode(id, &request);
        self.0.waiting.borrow_mut().insert(
            id,
            Waiting {
                reply: sender,
                progress,
                message: if background {
                    Vec::new()
                } else {
                    message.clone()
                },
                background,
            },
        );
        if urgent && self.is_behind(id) {
            let client = self.clone();
            Timeout::new(PATIENCE, move || {
                // Answers that are there already are taken first.
                Timeout::new(0, move || client.overtake(id)).forget();
            })
            .forget();
        }
        if self.0.ready.get() {
            self.post(&message);
        } else {
            // Messages sent before the worker has installed its handler would be lost.
            self.0.queue.borrow_mut().push(message);
        }
        (
            id,
            async move { receiver.await.unwrap_or(Reply::Cancelled) },
        )
    }

    /// Whether nothing is under way.
    pub fn is_idle(&self) -> bool {
        self.0.waiting.borrow().is_empty()
    }

    /// Whether what the worker does now, which is the oldest request, is in the background and before
    /// that one.
    fn is_behind(&self, id: u32) -> bool {
        let waiting = self.0.waiting.borrow();
        waiting.contains_key(&id)
            && waiting
                .first_key_value()
                .is_some_and(|(first, one)| *first < id && one.background)
    }

    /// A person waits for that request: if the worker is still busy in the background, another one takes
    /// over. None but the background has begun, so that all others are sent again.
    fn overtake(&self, id: u32) {
        if !self.0.saved.get() || !self.0.ready.get() || !self.is_behind(id) {
            return;
        }
        self.stop();
        self.0.ready.set(false);
        let waiting = std::mem::take(&mut *self.0.waiting.borrow_mut());
        let (background, kept): (BTreeMap<_, _>, BTreeMap<_, _>) =
            waiting.into_iter().partition(|(_, one)| one.background);
        *self.0.queue.borrow_mut() = kept.values().map(|one| one.message.clone()).collect();
        *self.0.waiting.borrow_mut() = kept;
        for (_, waiting) in background {
            let _ = waiting.reply.send(Reply::Overtaken);
        }
        self.launch();
    }

    /// Gives up everything that is under way: ends the worker and starts another one, which has the
    /// last saved state.
    pub fn cancel(&self) {
        self.restart(|| Reply::Cancelled);
    }

    fn broke(&self, message: String) {
        let failures = self.0.failures.replace(self.0.failures.get() + 1);
        if failures > 2 {
            // It breaks as soon as it starts; another one would too.
            self.stop();
            self.give_up(|| Reply::Panicked {
                message: message.clone(),
            });
            (self.0.listener)(Reply::Panicked { message });
            return;
        }
        let asked = !self.0.waiting.borrow().is_empty();
        self.restart(|| Reply::Panicked {
            message: message.clone(),
        });
        if !asked {
            (self.0.listener)(Reply::Panicked { message });
        }
    }

    fn stop(&self) {
        if let Some(running) = self.0.running.borrow_mut().take() {
            running.worker.set_onmessage(None);
            running.worker.set_onerror(None);
            running.worker.terminate();
            // This may run inside one of the closures: they are dropped later.
            wasm_bindgen_futures::spawn_local(async move { drop(running) });
        }
    }

    fn give_up(&self, reply: impl Fn() -> Reply) {
        self.0.queue.borrow_mut().clear();
        let waiting = std::mem::take(&mut *self.0.waiting.borrow_mut());
        for (_, waiting) in waiting {
            let _ = waiting.reply.send(reply());
        }
    }

    fn restart(&self, reply: impl Fn() -> Reply) {
        self.stop();
        self.0.ready.set(false);
        self.give_up(reply);
        self.launch();
    }
}
