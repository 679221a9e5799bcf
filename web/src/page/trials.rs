//! The workers for trials: what the page asks of copies runs in them, so that no command waits for it. A
//! worker starts when the first is asked of it, hears of the workspace from the worker that holds it, and
//! may end at any time.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;
use gloo::timers::callback::Timeout;
use protocol::{Lane, Reply, Request, decode, encode};
use wasm_bindgen::JsValue;
use web_sys::{MessageChannel, MessageEvent, MessagePort};

use crate::connection::{Connection, bytes_of};

/// How long a worker is kept that nothing is asked of, in milliseconds.
const IDLE: u32 = 120_000;

/// Its configuration, as JSON.
const NAME: &str = r#"{"trials":true}"#;

/// Tells the worker that holds the workspace something.
pub(crate) type Teller = Box<dyn Fn(&Request, Option<&MessagePort>)>;

struct Waiting {
    id: u32,
    message: Vec<u8>,
    reply: oneshot::Sender<Reply>,
}

struct Running {
    connection: Connection,
    listening: bool,
    /// Where it will hear of the workspace.
    port: Option<MessagePort>,
}

struct Inner {
    lane: Lane,
    url: String,
    /// The compiled module, where the first worker has given it.
    module: Rc<RefCell<JsValue>>,
    tell: Teller,
    running: RefCell<Option<Running>>,
    waiting: RefCell<VecDeque<Waiting>>,
    idle: RefCell<Option<Timeout>>,
    /// Counts the workers, so that none is taken for another.
    started: Cell<u32>,
}

/// A worker for trials, running or not.
#[derive(Clone)]
pub(crate) struct Trials(Rc<Inner>);

impl Trials {
    pub(crate) fn new(lane: Lane, url: &str, module: Rc<RefCell<JsValue>>, tell: Teller) -> Self {
        Trials(Rc::new(Inner {
            lane,
            url: url.to_owned(),
            module,
            tell,
            running: RefCell::default(),
            waiting: RefCell::default(),
            idle: RefCell::default(),
            started: Cell::default(),
        }))
    }

    /// Whether nothing is under way.
    pub(crate) fn is_idle(&self) -> bool {
        self.0.waiting.borrow().is_empty()
    }

    /// Asks for a trial of what there is now.
    pub(crate) fn ask(&self, id: u32, request: &Request) -> oneshot::Receiver<Reply> {
        let (reply, receiver) = oneshot::channel();
        self.0.idle.borrow_mut().take();
        let message = encode(id, request);
        let listening = self.0.running.borrow().as_ref().map(|one| one.listening);
        let port = match listening {
            Some(_) => None,
            None => self.launch(),
        };
        let tell = Request::Tell {
            lane: self.0.lane,
            trial: id,
        };
        (self.0.tell)(&tell, port.as_ref());
        if listening == Some(true) {
            self.post(&message, None);
        }
        self.0
            .waiting
            .borrow_mut()
            .push_back(Waiting { id, message, reply });
        receiver
    }

    /// Starts a worker; gives the end of the port that the worker of the workspace gets.
    fn launch(&self) -> Option<MessagePort> {
        let channel = MessageChannel::new().ok()?;
        let number = self.0.started.get() + 1;
        self.0.started.set(number);
        let (hears, breaks) = (self.clone(), self.clone());
        let connection = Connection::start(
            &self.0.url,
            NAME,
            move |event| hears.heard(&event),
            move |message| breaks.broke(number, message),
        );
        match connection {
            Ok(connection) => {
                connection.post_value(&self.0.module.borrow());
                *self.0.running.borrow_mut() = Some(Running {
                    connection,
                    listening: false,
                    port: Some(channel.port2()),
                });
            }
            Err(message) => {
                // What was asked gets its answer when it waits for one.
                let trials = self.clone();
                Timeout::new(0, move || trials.broke(number, message)).forget();
            }
        }
        Some(channel.port1())
    }

    fn post(&self, message: &[u8], port: Option<&MessagePort>) {
        if let Some(running) = &*self.0.running.borrow() {
            running.connection.post(message, port);
        }
    }

    fn heard(&self, event: &MessageEvent) {
        let Some(bytes) = bytes_of(event) else {
            return;
        };
        match decode::<Reply>(&bytes) {
            Ok((_, Reply::Listening)) => {
                let port = self.0.running.borrow_mut().as_mut().and_then(|running| {
                    running.listening = true;
                    running.port.take()
                });
                self.post(&[], port.as_ref());
                for waiting in &*self.0.waiting.borrow() {
                    self.post(&waiting.message, None);
                }
            }
            Ok((_, Reply::Full)) => self.renew(),
            Ok((_, Reply::Panicked { message })) => self.broke(self.0.started.get(), message),
            Ok((id, reply)) => {
                let found = {
                    let mut waiting = self.0.waiting.borrow_mut();
                    let place = waiting.iter().position(|one| one.id == id);
                    place.and_then(|place| waiting.remove(place))
                };
                if let Some(waiting) = found {
                    let _ = waiting.reply.send(reply);
                }
                if self.is_idle() {
                    let trials = self.clone();
                    *self.0.idle.borrow_mut() =
                        Some(Timeout::new(IDLE, move || trials.end(|| Reply::Cancelled)));
                }
            }
            Err((_, reason)) => self.broke(self.0.started.get(), reason.to_string()),
        }
    }

    /// Its memory does not shrink: another worker takes its place, when one is needed.
    fn renew(&self) {
        self.stop();
        let waiting: Vec<Waiting> = self.0.waiting.borrow_mut().drain(..).collect();
        let Some(last) = waiting.last().map(|last| last.id) else {
            return;
        };
        let port = self.launch();
        let tell = Request::Tell {
            lane: self.0.lane,
            trial: last,
        };
        (self.0.tell)(&tell, port.as_ref());
        self.0.waiting.borrow_mut().extend(waiting);
    }

    fn broke(&self, number: u32, message: String) {
        if number == self.0.started.get() {
            self.end(|| Reply::Panicked {
                message: message.clone(),
            });
        }
    }

    fn stop(&self) {
        if let Some(running) = self.0.running.borrow_mut().take() {
            running.connection.end();
        }
    }

    /// Ends the worker; what was asked of it ends in this reply.
    pub(crate) fn end(&self, reply: impl Fn() -> Reply) {
        self.stop();
        let waiting: Vec<Waiting> = self.0.waiting.borrow_mut().drain(..).collect();
        for one in waiting {
            let _ = one.reply.send(reply());
        }
    }
}
