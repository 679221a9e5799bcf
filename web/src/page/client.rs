//! The page's end of the protocol: sends requests to the worker that holds the workspace, or to those for
//! trials, returns how each ended, and starts a new worker when one has died.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use futures_channel::oneshot;
use protocol::{Lane, Progress, Reply, Request, VERSION, View, decode, encode};
use wasm_bindgen::JsValue;
use web_sys::{MessageEvent, MessagePort};

use crate::connection::{Connection, bytes_of};
use crate::trials::Trials;
use crate::words as common;

/// A listener for the progress of a request.
pub type ProgressListener = Rc<dyn Fn(Progress)>;

struct Waiting {
    reply: oneshot::Sender<Reply>,
    progress: Option<ProgressListener>,
}

struct Inner {
    url: String,
    running: RefCell<Option<Connection>>,
    ready: Cell<bool>,
    queue: RefCell<Vec<(Vec<u8>, Option<MessagePort>)>>,
    next: Cell<u32>,
    failures: Cell<u32>,
    waiting: RefCell<BTreeMap<u32, Waiting>>,
    models: Trials,
    revisions: Trials,
    /// The worker's module, which was compiled once.
    module: Rc<RefCell<JsValue>>,
    listener: Box<dyn Fn(Reply)>,
    view: RefCell<Option<Rc<View>>>,
    /// Returns the name that configures a worker at start.
    name: Box<dyn Fn() -> String>,
}

/// A handle on the workers.
#[derive(Clone)]
pub struct Client(Rc<Inner>);

impl Client {
    /// Starts a worker; the listener receives unsolicited messages, `Ready` first. `name` returns
    /// the name that configures the worker at start.
    pub fn start(url: String, name: Box<dyn Fn() -> String>, listener: Box<dyn Fn(Reply)>) -> Self {
        let module = Rc::new(RefCell::new(JsValue::NULL));
        let client = Client(Rc::new_cyclic(|inner: &Weak<Inner>| {
            let trials = |lane| {
                let inner = inner.clone();
                let tell = move |request: &Request, port: Option<&MessagePort>| {
                    if let Some(inner) = inner.upgrade() {
                        Client(inner).send(encode(0, request), port);
                    }
                };
                Trials::new(lane, &url, module.clone(), Box::new(tell))
            };
            Inner {
                models: trials(Lane::Models),
                revisions: trials(Lane::Revisions),
                module: module.clone(),
                url: url.clone(),
                running: RefCell::default(),
                ready: Cell::new(false),
                queue: RefCell::default(),
                next: Cell::new(1),
                failures: Cell::new(0),
                waiting: RefCell::default(),
                listener,
                view: RefCell::default(),
                name,
            }
        }));
        client.launch();
        client
    }

    fn launch(&self) {
        let (hears, breaks) = (self.clone(), self.clone());
        let connection = Connection::start(
            &self.0.url,
            &(self.0.name)(),
            move |event| hears.heard(&event),
            move |message| breaks.broke(message),
        );
        match connection {
            Ok(connection) => *self.0.running.borrow_mut() = Some(connection),
            Err(message) => (self.0.listener)(Reply::Panicked { message }),
        }
    }

    fn heard(&self, event: &MessageEvent) {
        match bytes_of(event) {
            Some(bytes) => self.take(&bytes),
            None => *self.0.module.borrow_mut() = event.data(),
        }
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
                for (message, port) in queue {
                    self.send(message, port.as_ref());
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
                    progress.into_iter().for_each(|one| listener(one));
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

    /// Sends a message; one sent before the worker has installed its handler would be lost, and waits.
    fn send(&self, message: Vec<u8>, port: Option<&MessagePort>) {
        match &*self.0.running.borrow() {
            Some(running) if self.0.ready.get() => running.post(&message, port),
            _ => self.0.queue.borrow_mut().push((message, port.cloned())),
        }
    }

    /// Sends a request, at once; gives its number and what it will end in.
    pub fn ask(
        &self,
        request: Request,
        progress: Option<ProgressListener>,
    ) -> (u32, impl Future<Output = Reply> + 'static) {
        let id = self.0.next.replace(self.0.next.get() + 1);
        // There is one PostgreSQL, and the worker of the workspace has it.
        let view = self.0.view.borrow();
        let shares = view.as_ref().is_some_and(|view| {
            // A lesson may look at a database beside the project's own.
            let another = |path: &str| path.starts_with(protocol::POSTGRESQL);
            let lesson = matches!(request, Request::Lessons(_));
            view.is_on_postgresql() || lesson && view.databases.iter().any(|one| another(&one.path))
        });
        drop(view);
        let receiver = match request.trial().filter(|_| !shares) {
            Some(Lane::Models) => self.0.models.ask(id, &request),
            Some(Lane::Revisions) => self.0.revisions.ask(id, &request),
            None => {
                let (reply, receiver) = oneshot::channel();
                let waiting = Waiting { reply, progress };
                self.0.waiting.borrow_mut().insert(id, waiting);
                self.send(encode(id, &request), None);
                receiver
            }
        };
        (
            id,
            async move { receiver.await.unwrap_or(Reply::Cancelled) },
        )
    }

    /// Whether nothing is under way.
    pub fn is_idle(&self) -> bool {
        self.0.waiting.borrow().is_empty() && self.0.models.is_idle() && self.0.revisions.is_idle()
    }

    /// Gives up everything that is under way: ends the workers for trials and, where it is at work, that
    /// of the workspace, after which another one starts, which has the last saved state. Says whether.
    pub fn cancel(&self) -> bool {
        let restarts = !self.0.ready.get() || !self.0.waiting.borrow().is_empty();
        if restarts {
            self.restart(|| Reply::Cancelled);
        } else {
            self.end_trials(&|| Reply::Cancelled);
        }
        restarts
    }

    fn end_trials(&self, reply: &dyn Fn() -> Reply) {
        self.0.models.end(reply);
        self.0.revisions.end(reply);
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
            running.end();
        }
    }

    fn give_up(&self, reply: impl Fn() -> Reply) {
        self.0.queue.borrow_mut().clear();
        // They hear of the workspace from the worker that is gone.
        self.end_trials(&reply);
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
