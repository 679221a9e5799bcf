//! The worker's event loop: requests are answered in order by [`Workspaces`], which saves before it
//! answers.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Date, Reflect};
use limbeck::ground::host::Now;
use protocol::{Failure, Reply, Request, VERSION, View, decode, encode};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::console;
use crate::keep::workspaces::{Start, Turn, Workspaces};
use crate::session::Listener;
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

/// Waits.
pub(crate) async fn pause(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ =
            scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// What the worker has to do.
enum Task {
    /// To answer.
    Message(u32, Request),
    /// To see to the lock.
    Turn(Turn),
}

/// What waits to be done, and who does it; taken in order, one at a time.
struct Worker {
    tasks: RefCell<VecDeque<Task>>,
    workspaces: RefCell<Option<Workspaces>>,
    busy: Cell<bool>,
}

impl Worker {
    fn add(self: &Rc<Self>, task: Task) {
        self.tasks.borrow_mut().push_back(task);
        if !self.busy.replace(true) {
            spawn_local(self.clone().work());
        }
    }

    async fn work(self: Rc<Self>) {
        loop {
            let Some(task) = self.tasks.borrow_mut().pop_front() else {
                break;
            };
            // Taken out while it works, so that no borrow is held over an await.
            let Some(mut workspaces) = self.workspaces.borrow_mut().take() else {
                break;
            };
            match task {
                Task::Message(id, request) => {
                    let listener: Listener =
                        Rc::new(move |progress| post(id, Reply::Progress(progress)));
                    let before = workspaces.storage().clone();
                    // It comes when the workspace is safe.
                    let reply = workspaces.answer(request, &listener).await;
                    if *workspaces.storage() != before {
                        post(0, Reply::Storage(workspaces.storage().clone()));
                    }
                    for held in workspaces.held() {
                        post(0, Reply::Hold(Box::new(held)));
                    }
                    post(id, reply);
                }
                Task::Turn(turn) => {
                    if let Some(reply) = workspaces.turn(turn).await {
                        post(0, reply);
                    }
                }
            }
            *self.workspaces.borrow_mut() = Some(workspaces);
        }
        self.busy.set(false);
    }
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
    let worker = Rc::new(Worker {
        tasks: RefCell::default(),
        workspaces: RefCell::default(),
        busy: Cell::new(true),
    });
    {
        let worker = worker.clone();
        let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            match decode(&js_sys::Uint8Array::new(&event.data()).to_vec()) {
                Ok((id, request)) => worker.add(Task::Message(id, request)),
                Err((id, misread)) => post(
                    id,
                    Reply::Failed(Failure {
                        message: misread.to_string(),
                        ..Failure::default()
                    }),
                ),
            }
        });
        scope().set_onmessage(Some(handler.as_ref().unchecked_ref()));
        handler.forget();
    }
    spawn_local(async move {
        let start: Start = serde_json::from_str(&scope().name()).unwrap_or_default();
        let turns = worker.clone();
        let mut workspaces = Workspaces::begin(
            store_name(),
            start,
            outside(),
            Rc::new(move |turn| turns.add(Task::Turn(turn))),
        )
        .await;
        let (opened, restored, storage) = workspaces.ready();
        post(
            0,
            Reply::Ready {
                version: VERSION.to_owned(),
                sqlite: console::sqlite_version(),
                view: opened.view,
                console: opened.console,
                restored,
                storage,
            },
        );
        *worker.workspaces.borrow_mut() = Some(workspaces);
        worker.work().await;
    });
}
