//! The worker: takes requests in their order, answers them from a [`Session`], and saves it after
//! each that changed it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Date, Reflect};
use limbeck::host::Now;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::engine;
use crate::protocol::{Failure, Reply, Request, Storage, VERSION, View, decode, encode};
use crate::session::{Listener, Session};
use crate::storage::Store;
use crate::workspace::Outside;

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

thread_local! {
    /// The last view that the page was sent.
    static SENT: RefCell<Option<Rc<View>>> = RefCell::default();
}

fn post(id: u32, mut reply: Reply) {
    SENT.with_borrow_mut(|sent| reply.leave_out_the_same(sent));
    let message = js_sys::Uint8Array::from(encode(id, &reply).as_slice());
    // Given away, not copied.
    let given = js_sys::Array::of1(&message.buffer());
    let _ = scope().post_message_with_transfer(&message, &given);
}

fn outside() -> Rc<Outside> {
    let scope = scope();
    let performance = scope.performance();
    let crypto = scope.crypto().ok();
    Rc::new(Outside {
        now: Box::new(|| {
            let date = Date::new_0();
            Now {
                microseconds: (date.get_time() * 1_000.0) as i64,
                local_offset: -(date.get_timezone_offset() * 60.0) as i32,
            }
        }),
        elapsed: Box::new(move || {
            performance
                .as_ref()
                .map_or_else(Date::now, web_sys::Performance::now)
                .max(0.0)
                .mul_add(1_000.0, 0.0) as u64
        }),
        random: Box::new(move |buffer| {
            // The browser gives at most 65,536 bytes at a time.
            for part in buffer.chunks_mut(65_536) {
                if let Some(crypto) = &crypto {
                    let _ = crypto.get_random_values_with_u8_array(part);
                }
            }
        }),
        time_zone_offset: Box::new(time_zone_offset),
    })
}

/// The browser's own time zone database: the clock of that zone at that moment, less that of UTC.
fn time_zone_offset(name: &str, microseconds: i64) -> Option<i32> {
    let milliseconds = microseconds.div_euclid(1_000_000) * 1_000;
    let date = Date::new(&JsValue::from_f64(milliseconds as f64));
    let show: js_sys::Function = Reflect::get(&date, &"toLocaleString".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let options = js_sys::Object::new();
    Reflect::set(&options, &"timeZone".into(), &name.into()).ok()?;
    // A zone that is not known throws. In this locale the text is `2026-01-02 03:04:05`.
    let shown = show
        .call2(&date, &"sv-SE".into(), &options)
        .ok()?
        .as_string()?;
    let there = Date::parse(&format!("{}Z", shown.replacen(' ', "T", 1)));
    let seconds = (there - milliseconds as f64) / 1_000.0;
    (seconds.abs() < 86_400.0).then_some(seconds as i32)
}

/// Name of the page's store: pages under different paths of one site keep apart.
fn store_name() -> String {
    let path = scope().location().pathname();
    let base = path.split("/worker-").next().unwrap_or_default();
    format!("limbeck:{base}/")
}

struct Worker {
    session: Session,
    store: Option<Store>,
    storage: Storage,
    stale: bool,
}

/// Starts the worker.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        post(
            0,
            Reply::Panicked {
                message: info.to_string(),
            },
        );
    }));
    let queue: Rc<RefCell<VecDeque<(u32, Request)>>> = Rc::default();
    let worker: Rc<RefCell<Option<Worker>>> = Rc::default();
    let busy = Rc::new(std::cell::Cell::new(true));
    {
        let (queue, worker, busy) = (queue.clone(), worker.clone(), busy.clone());
        let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            match decode(&js_sys::Uint8Array::new(&event.data()).to_vec()) {
                Ok(message) => queue.borrow_mut().push_back(message),
                Err((id, message)) => post(
                    id,
                    Reply::Failed(Failure {
                        message,
                        ..Failure::default()
                    }),
                ),
            }
            if !busy.replace(true) {
                spawn_local(work(queue.clone(), worker.clone(), busy.clone()));
            }
        });
        scope().set_onmessage(Some(handler.as_ref().unchecked_ref()));
        handler.forget();
    }
    spawn_local(async move {
        *worker.borrow_mut() = Some(begin().await);
        work(queue, worker, busy).await;
    });
}

async fn begin() -> Worker {
    let outside = outside();
    let mut storage = Storage::Unknown;
    let mut store = match Store::open(&store_name()).await {
        Ok(store) => Some(store),
        Err(reason) => {
            storage = Storage::Failed { reason };
            None
        }
    };
    let mut restored = None;
    if let Some(store) = &mut store {
        match store.load(&outside).await {
            Ok(session) => restored = session,
            Err(reason) => storage = Storage::Failed { reason },
        }
    }
    let was_restored = restored.is_some();
    let mut session = match restored {
        Some(session) => session,
        None => match Session::with_example("library", outside.clone()) {
            Ok(session) => session,
            Err(error) => {
                storage = Storage::Failed {
                    reason: error.message.clone(),
                };
                Session::new(crate::workspace::Files::new(), "", outside)
            }
        },
    };
    if was_restored {
        storage = Storage::Saved;
        session.take_changed();
    }
    let view = session.view();
    post(
        0,
        Reply::Ready {
            version: VERSION.to_owned(),
            sqlite: engine::sqlite_version(),
            view,
            restored: was_restored,
            storage: storage.clone(),
        },
    );
    Worker {
        session,
        store,
        storage,
        stale: false,
    }
}

async fn work(
    queue: Rc<RefCell<VecDeque<(u32, Request)>>>,
    worker: Rc<RefCell<Option<Worker>>>,
    busy: Rc<std::cell::Cell<bool>>,
) {
    loop {
        let Some((id, request)) = queue.borrow_mut().pop_front() else {
            break;
        };
        // Taken out while it works, so that no borrow is held over an await.
        let Some(mut current) = worker.borrow_mut().take() else {
            break;
        };
        let listener: Listener = Rc::new(move |progress| post(id, Reply::Progress(progress)));
        let asks = matches!(
            request,
            Request::Pending
                | Request::Review { .. }
                | Request::Graph(_)
                | Request::Read { .. }
                | Request::Rows { .. }
                | Request::Export
                | Request::View
                | Request::Completions
                | Request::Watch(_)
        );
        let reply = current.session.answer(request, &listener);
        if !asks && (current.session.take_changed() || current.stale) {
            let storage = save(&mut current).await;
            // The answer comes after the workspace is safe.
            post(id, reply);
            if storage != current.storage {
                current.storage = storage.clone();
                post(0, Reply::Storage(storage));
            }
        } else {
            post(id, reply);
        }
        *worker.borrow_mut() = Some(current);
    }
    busy.set(false);
}

async fn save(worker: &mut Worker) -> Storage {
    let Some(store) = &mut worker.store else {
        return worker.storage.clone();
    };
    match store.save(&worker.session).await {
        Ok(()) => {
            worker.stale = false;
            Storage::Saved
        }
        Err(reason) => {
            worker.stale = true;
            Storage::Failed { reason }
        }
    }
}
