//! The event loop of the worker that holds the workspace: requests are answered in order by
//! [`Workspaces`], which saves before the answer is sent.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Date, Reflect};
use limbeck::ground::host::Now;
use limbeck::ground::resource;
use protocol::{
    Answer, Failure, Lane, Loading, Progress, Reply, Request, Storage, VERSION, View, decode,
    encode,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, MessagePort};

use crate::console;
use crate::keep::workspaces::{Start, Turn, Workspaces};
use crate::postgresql;
use crate::session::{Listener, Session};
use crate::time::history::Moment;
use crate::trials::Told;
use crate::workspace::Outside;

/// How long what happens on the way is gathered before the page is told, in milliseconds: a message costs
/// more than what it says.
const TELLING_PAUSE: f64 = 100.0;

/// The pause in typing after which what was typed is saved, in milliseconds.
const TYPING_PAUSE: i32 = 150;

/// How long what was typed may wait to be saved where there is no pause, in milliseconds.
const TYPING_LIMIT: f64 = 1_000.0;

#[wasm_bindgen]
extern "C" {
    /// A text that the engine carries and has not built in; what starts the worker has it (`web/worker_loader.js`).
    #[wasm_bindgen(js_name = readResource)]
    fn read_resource(name: &str) -> String;
}

pub(crate) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

thread_local! {
    /// The last view that the page was sent.
    static SENT: RefCell<Option<Rc<View>>> = RefCell::default();
}

pub(crate) fn post(id: u32, mut reply: Reply) {
    SENT.with_borrow_mut(|sent| reply.leave_out_the_same(sent));
    let (message, given) = message(id, &reply);
    let _ = scope().post_message_with_transfer(&message, &given);
}

/// A message, and what of it is given away instead of copied.
fn message(id: u32, body: &impl serde::Serialize) -> (js_sys::Uint8Array, js_sys::Array) {
    let message = js_sys::Uint8Array::from(encode(id, body).as_slice());
    let given = js_sys::Array::of1(&message.buffer());
    (message, given)
}

pub(crate) fn bytes_of(event: &MessageEvent) -> Vec<u8> {
    js_sys::Uint8Array::new(&event.data()).to_vec()
}

/// Milliseconds since 1970, by a clock that the page has too.
fn clock() -> f64 {
    thread_local! {
        static CLOCK: Option<(web_sys::Performance, f64)> = scope()
            .performance()
            .map(|clock| (clock.clone(), clock.time_origin()));
    }
    CLOCK.with(|clock| match clock {
        Some((clock, origin)) => origin + clock.now(),
        None => Date::now(),
    })
}

pub(crate) fn outside() -> Rc<Outside> {
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
    /// To tell a worker for trials what there is.
    Tell(Lane, u32),
    /// To save what was typed, unless more was since.
    Pause(u32),
}

/// Answers to what was typed, which are sent when it is saved.
#[derive(Default)]
struct Typed {
    answers: Vec<(u32, Reply)>,
    /// When the first of them was typed.
    since: f64,
    /// Counts what was typed.
    count: u32,
}

/// A worker for trials: what leads to it, and what it was told.
struct Trials {
    lane: Lane,
    port: MessagePort,
    told: Told,
}

/// What waits to be done, and who does it; taken in order, one at a time.
struct Worker {
    tasks: RefCell<VecDeque<Task>>,
    workspaces: RefCell<Option<Workspaces>>,
    busy: Cell<bool>,
    trials: RefCell<Vec<Trials>>,
    /// What there is while it is being saved: so long trials need not wait.
    saving: RefCell<Option<Moment>>,
    typed: RefCell<Typed>,
}

impl Worker {
    fn add(self: &Rc<Self>, task: Task) {
        if let (Task::Tell(lane, trial), Some(moment), true) = (
            &task,
            &*self.saving.borrow(),
            self.tasks.borrow().is_empty(),
        ) {
            self.tell(*lane, *trial, moment.clone());
            return;
        }
        self.tasks.borrow_mut().push_back(task);
        if !self.busy.replace(true) {
            spawn_local(self.clone().work());
        }
    }

    /// Another worker for trials: it knows nothing yet.
    fn meet(&self, lane: Lane, port: MessagePort) {
        let mut trials = self.trials.borrow_mut();
        trials.retain(|other| other.lane != lane);
        trials.push(Trials {
            lane,
            port,
            told: Told::default(),
        });
    }

    fn tell(&self, lane: Lane, trial: u32, moment: Moment) {
        let mut trials = self.trials.borrow_mut();
        if let Some(one) = trials.iter_mut().find(|one| one.lane == lane) {
            let (message, given) = message(trial, &one.told.update(moment, trial));
            let _ = one.port.post_message_with_transferable(&message, &given);
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
                Task::Message(id, request) => self.answer(&mut workspaces, id, request).await,
                Task::Pause(count) if count == self.typed.borrow().count => {
                    self.save_typed(&mut workspaces).await;
                }
                Task::Pause(_) => {}
                Task::Turn(turn) => {
                    self.save_typed(&mut workspaces).await;
                    if let Some(reply) = workspaces.turn(turn).await {
                        post(0, reply);
                    }
                }
                Task::Tell(lane, trial) => self.tell(lane, trial, workspaces.session().moment()),
            }
            *self.workspaces.borrow_mut() = Some(workspaces);
        }
        self.busy.set(false);
    }

    async fn answer(self: &Rc<Self>, workspaces: &mut Workspaces, id: u32, request: Request) {
        let began = clock();
        let typing = matches!(&request, Request::Files(files) if files.is_typing());
        if !typing && !request.changes_nothing() {
            self.save_typed(workspaces).await;
        }
        // What there is to tell, and when the page was told last.
        let gathered: Rc<RefCell<(Vec<Progress>, f64)>> =
            Rc::new(RefCell::new((Vec::new(), began)));
        let listener: Listener = {
            let gathered = gathered.clone();
            Rc::new(move |progress| {
                let (all, sent) = &mut *gathered.borrow_mut();
                all.extend(progress);
                if all.is_empty() {
                    return;
                }
                let now = clock();
                if now - *sent > TELLING_PAUSE {
                    *sent = now;
                    post(id, Reply::Progress(std::mem::take(all)));
                }
            })
        };
        let storage = workspaces.storage().clone();
        let (mut reply, mut unsaved) = workspaces.answer(request.clone(), &listener).await;
        while postgresql::is_wanted() {
            gathered.borrow_mut().0.clear();
            load_postgresql(id).await;
            let session = workspaces.session_mut();
            if std::mem::take(&mut session.waits) || request.only_asks() {
                post(id, Reply::Progress(vec![Progress::Begins]));
                (reply, unsaved) = workspaces.answer(request.clone(), &listener).await;
            } else if let Some(view) = reply.view() {
                session.forget_database();
                *view = session.view();
            }
        }
        let rest = std::mem::take(&mut gathered.borrow_mut().0);
        if !rest.is_empty() {
            post(id, Reply::Progress(rest));
        }
        if typing && unsaved {
            self.wait_for_pause(id, reply, began);
            if began - self.typed.borrow().since > TYPING_LIMIT {
                self.save_typed(workspaces).await;
            }
            return;
        }
        let saving = clock();
        if unsaved {
            self.save(workspaces).await;
        }
        self.say_storage(workspaces, &storage);
        if let Reply::Done(Answer::Ran(ran)) = &mut reply {
            let now = clock();
            ran.timings.wait = began;
            ran.timings.save = now - saving;
            ran.timings.transfer = now;
        }
        // It is sent when the workspace is safe.
        post(id, reply);
    }

    fn wait_for_pause(self: &Rc<Self>, id: u32, reply: Reply, now: f64) {
        let count = {
            let mut typed = self.typed.borrow_mut();
            if typed.answers.is_empty() {
                typed.since = now;
            }
            typed.answers.push((id, reply));
            typed.count = typed.count.wrapping_add(1);
            typed.count
        };
        let worker = self.clone();
        spawn_local(async move {
            pause(TYPING_PAUSE).await;
            worker.add(Task::Pause(count));
        });
    }

    /// Saves what was typed, and answers.
    async fn save_typed(&self, workspaces: &mut Workspaces) {
        let answers = std::mem::take(&mut self.typed.borrow_mut().answers);
        if answers.is_empty() {
            return;
        }
        let storage = workspaces.storage().clone();
        self.save(workspaces).await;
        self.say_storage(workspaces, &storage);
        for (id, reply) in answers {
            post(id, reply);
        }
    }

    async fn save(&self, workspaces: &mut Workspaces) {
        self.tell_while_saving(workspaces.session());
        workspaces.save().await;
        self.saving.take();
    }

    /// Tells the page how saving went, where that is news, and what it is to hold itself.
    fn say_storage(&self, workspaces: &mut Workspaces, before: &Storage) {
        if workspaces.storage() != before {
            post(0, Reply::Storage(workspaces.storage().clone()));
        }
        for held in workspaces.held() {
            post(0, Reply::Hold(Box::new(held)));
        }
    }

    /// What is asked of trials next, and while it is saved, is about what there is now.
    fn tell_while_saving(&self, session: &Session) {
        let moment = session.moment();
        let mut tasks = self.tasks.borrow_mut();
        while let Some(Task::Tell(lane, trial)) = tasks.front() {
            self.tell(*lane, *trial, moment.clone());
            tasks.pop_front();
        }
        *self.saving.borrow_mut() = Some(moment);
    }
}

/// Loads PostgreSQL, and tells the page how far it has come: at the request that waits for it, or with
/// the number 0 as what nobody asked for.
async fn load_postgresql(id: u32) {
    let mut told = None;
    postgresql::load(move |part, bytes| {
        let loading = Loading {
            percent: (part * 100.0) as u8,
            bytes: bytes as u32,
        };
        if told != Some(loading) {
            told = Some(loading);
            post(
                id,
                match id {
                    0 => Reply::Loading(loading),
                    _ => Reply::Progress(vec![Progress::Loading(loading)]),
                },
            );
        }
    })
    .await;
}

/// Starts a worker: for the workspace, or for trials.
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
    resource::set_reader(read_resource);
    let start: Start = serde_json::from_str(&scope().name()).unwrap_or_default();
    if start.trials {
        crate::trial_queue::start();
        return;
    }
    let worker = Rc::new(Worker {
        tasks: RefCell::default(),
        workspaces: RefCell::default(),
        busy: Cell::new(true),
        trials: RefCell::default(),
        saving: RefCell::default(),
        typed: RefCell::default(),
    });
    {
        let worker = worker.clone();
        let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            match decode(&bytes_of(&event)) {
                // With the port of another worker for trials, where it was started.
                Ok((_, Request::Tell { lane, trial })) => {
                    if let Some(port) = event.ports().get(0).dyn_ref::<MessagePort>() {
                        worker.meet(lane, port.clone());
                    }
                    worker.add(Task::Tell(lane, trial));
                }
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
        // The project connects to it: what the page shows next needs it.
        while postgresql::is_wanted() {
            load_postgresql(0).await;
            let session = workspaces.session_mut();
            session.forget_database();
            let view = session.view();
            post(0, Reply::View(view));
        }
        *worker.workspaces.borrow_mut() = Some(workspaces);
        worker.work().await;
    });
}
