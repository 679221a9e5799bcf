//! The event loop of a worker for trials: it is told what changed in the workspace by the worker that
//! holds it, and answers the page, one request after the other.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use protocol::{Reply, Request, decode};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, MessagePort};

use crate::postgresql;
use crate::queue::{bytes_of, outside, post, scope};
use crate::session::{Listener, Session};
use crate::time::history::Moment;
use crate::trials::Update;

/// How many bytes a worker may hold; memory of WebAssembly does not shrink.
const MEMORY: usize = 256 << 20;

struct Trials {
    session: Session,
    /// Number of the last trial that the workspace was told for.
    told: u32,
    /// Each waits until what it is about has come.
    waiting: VecDeque<(u32, Request)>,
}

impl Trials {
    fn work(&mut self) {
        let listener: Listener = Rc::new(|_| {});
        while let Some((id, request)) = self.waiting.pop_front_if(|(id, _)| *id <= self.told) {
            post(id, self.session.answer(request, &listener));
            // The page asks the worker of the workspace once it knows that the project has one.
            postgresql::is_wanted();
            if core::arch::wasm32::memory_size(0) * 65_536 > MEMORY {
                post(0, Reply::Full);
            }
        }
    }
}

/// Starts the worker; what it is told comes by a port, which the page sends it first.
pub fn start() {
    let trials = Rc::new(RefCell::new(Trials {
        session: Session::new(Moment::default(), "", outside()),
        told: 0,
        waiting: VecDeque::new(),
    }));
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(port) = event.ports().get(0).dyn_ref::<MessagePort>() {
            listen(port, trials.clone());
            return;
        }
        match decode(&bytes_of(&event)) {
            Ok((id, request)) => {
                let mut trials = trials.borrow_mut();
                trials.waiting.push_back((id, request));
                trials.work();
            }
            Err((id, misread)) => post(
                id,
                Reply::Failed(crate::session::failed(misread.to_string())),
            ),
        }
    });
    scope().set_onmessage(Some(handler.as_ref().unchecked_ref()));
    handler.forget();
    post(0, Reply::Listening);
}

fn listen(port: &MessagePort, trials: Rc<RefCell<Trials>>) {
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Ok((_, update)) = decode::<Update>(&bytes_of(&event)) else {
            return;
        };
        let mut trials = trials.borrow_mut();
        trials.told = update.trial;
        trials.session.follow(update);
        trials.work();
    });
    port.set_onmessage(Some(handler.as_ref().unchecked_ref()));
    handler.forget();
}
