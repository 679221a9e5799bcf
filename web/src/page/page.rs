//! The page's handle: connects the views, the worker and `window.limbeck`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use protocol::{Answer, Failure, KeepRequest, Reply, Request, Source, TimeRequest, View};
use wasm_bindgen_futures::spawn_local;
use yew::UseStateSetter;

use crate::app::state::{AppAction, Notice};
use crate::client::Client;
use crate::console::state::{Ending, ending_of};
use crate::database::state::RowsWanted;
use crate::files::state::FilesAction;
use crate::keep::state::KeepAction;
use crate::state::{Action, State};
use crate::{comments, console, files, keep, lessons, models, review, watch, words as common};

/// Is told of an event's name and, as JSON, its details.
pub type EventListener = Rc<dyn Fn(&str, &str)>;

/// What the page holds beside its state: a part for each feature that asks or waits for something.
pub(crate) struct Inner {
    client: RefCell<Option<Client>>,
    state: RefCell<Rc<State>>,
    setter: RefCell<Option<UseStateSetter<Rc<State>>>>,
    listeners: RefCell<Vec<(u32, EventListener)>>,
    first_ready: RefCell<Vec<Box<dyn FnOnce()>>>,
    pub(crate) texts: files::effects::Texts,
    pub(crate) models: models::effects::Asked,
    pub(crate) review: review::effects::Asked,
    pub(crate) watch: watch::effects::Asked,
    pub(crate) keep: keep::effects::Held,
    pub(crate) lessons: lessons::due::Asked,
    pub(crate) comments: comments::due::Looked,
    /// Which rows are wanted.
    pub(crate) rows_wanted: RefCell<Option<RowsWanted>>,
    /// The state that the workspace is on its way to.
    pub(crate) travelling: Cell<Option<u32>>,
    pub(crate) work_timer: RefCell<Option<Timeout>>,
}

/// A handle on the page; all copies are the same.
#[derive(Clone)]
pub struct Page(pub(crate) Rc<Inner>);

impl PartialEq for Page {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

pub(crate) use crate::share::codec::embedded;

/// What a tab keeps until it is closed, over reloads.
pub(crate) fn session_storage() -> Option<web_sys::Storage> {
    gloo::utils::window().session_storage().ok().flatten()
}

fn local_storage() -> Option<web_sys::Storage> {
    gloo::utils::window().local_storage().ok().flatten()
}

/// Where it is kept how the person who uses this browser is called, once they have said so.
pub(crate) const NAME: &str = "limbeck:name";

/// A value from local storage.
pub fn remembered(name: &str) -> Option<String> {
    if embedded() {
        return None;
    }
    local_storage()?.get_item(name).ok().flatten()
}

/// Whether the page is too narrow for three columns, and shows one at a time: what the style sheets ask
/// too, so that large letters narrow the page.
pub fn narrow() -> bool {
    gloo::utils::window()
        .match_media("(max-width: 56.1875em)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches())
}

/// Stores a value in local storage; a browser without it is not an error.
pub fn remember(name: &str, value: &str) {
    if let Some(storage) = local_storage().filter(|_| !embedded()) {
        let _ = storage.set_item(name, value);
    }
}

impl Page {
    /// Starts the worker that this URL loads.
    pub fn start(worker: String) -> Self {
        let typed: Vec<Rc<str>> = remembered(console::effects::TYPED)
            .and_then(|text| serde_json::from_str::<Vec<String>>(&text).ok())
            .unwrap_or_default()
            .into_iter()
            .map(Rc::from)
            .collect();
        let mut state = State::new(typed);
        state.models.first_steps = models::effects::first_steps_kept();
        let page = Page(Rc::new(Inner {
            client: RefCell::default(),
            state: RefCell::new(Rc::new(state)),
            setter: RefCell::default(),
            listeners: RefCell::default(),
            first_ready: RefCell::default(),
            texts: files::effects::Texts::default(),
            models: models::effects::Asked::default(),
            review: review::effects::Asked::default(),
            watch: watch::effects::Asked::default(),
            keep: keep::effects::Held::default(),
            lessons: lessons::due::Asked::default(),
            comments: comments::due::Looked::default(),
            rows_wanted: RefCell::default(),
            travelling: Cell::default(),
            work_timer: RefCell::default(),
        }));
        let heard = page.clone();
        let named = page.clone();
        let client = Client::start(
            worker,
            Box::new(move || named.worker_name()),
            Box::new(move |reply| heard.heard(reply)),
        );
        *page.0.client.borrow_mut() = Some(client);
        page
    }

    /// The state now.
    pub fn state(&self) -> Rc<State> {
        self.0.state.borrow().clone()
    }

    /// Whom to tell of another state.
    pub fn draw_with(&self, setter: UseStateSetter<Rc<State>>) {
        setter.set(self.state());
        *self.0.setter.borrow_mut() = Some(setter);
    }

    /// Something happens.
    pub fn dispatch(&self, action: impl Into<Action>) {
        self.happen(action.into());
    }

    fn happen(&self, action: Action) {
        let before = self.state();
        let after = Rc::new(before.reduce(action));
        *self.0.state.borrow_mut() = after.clone();
        if let Some(setter) = &*self.0.setter.borrow() {
            setter.set(after.clone());
        }
        // Each feature asks for what it shows now and does not have.
        self.rows_due(&before, &after);
        self.keep_first_steps(&before, &after);
        self.review_due(&before, &after);
        self.watch_due(&after);
        self.lessons_due(&before, &after);
        self.comments_due(&before, &after);
        self.watch_work(&before, &after);
        if !Rc::ptr_eq(&after.view, &before.view) {
            self.tell("change", "{}");
        }
    }

    pub(crate) fn client(&self) -> Client {
        let client = self.0.client.borrow().clone();
        // The client is put in place before anything of the page is drawn.
        #[expect(clippy::expect_used, reason = "set in Page::start, before any call")]
        client.expect("the client is started with the page")
    }

    fn heard(&self, reply: Reply) {
        match reply {
            Reply::Ready {
                view,
                console,
                sqlite,
                restored,
                storage,
                ..
            } => {
                let first = !self.state().app.ready;
                if !first {
                    self.bring_back();
                }
                self.dispatch(Action::Ready {
                    view,
                    console,
                    sqlite,
                    restored,
                    storage,
                });
                if first {
                    if let Some(performance) = gloo::utils::window().performance() {
                        let _ = performance.mark("limbeck:ready");
                    }
                    let waiting = std::mem::take(&mut *self.0.first_ready.borrow_mut());
                    for waits in waiting {
                        waits();
                    }
                    self.tell("ready", "{}");
                } else {
                    // A new worker has the last saved state; what was typed since is sent again.
                    self.flush();
                }
                if self.0.models.stopped.replace(false) {
                    self.say_pending_stopped();
                } else {
                    self.look();
                }
            }
            Reply::Storage(storage) => self.dispatch(KeepAction::Storage(storage)),
            Reply::Hold(held) => self.hold(*held),
            Reply::Panicked { message } => {
                self.notice(&crate::app::words::notice::engine_broke(&message), true)
            }
            Reply::Loading(loading) => {
                self.notice(&crate::console::words::loading(loading), false);
            }
            Reply::View(view) => {
                self.dispatch(AppAction::Notice(None));
                self.dispatch(Action::Changed(view));
                self.look();
            }
            Reply::Opened { opened, storage } => {
                self.dispatch(KeepAction::Storage(storage));
                self.show(*opened, false);
            }
            _ => {}
        }
    }

    /// Calls when the first command can run.
    pub fn when_ready(&self, call: Box<dyn FnOnce()>) {
        if self.state().app.ready {
            call();
        } else {
            self.0.first_ready.borrow_mut().push(call);
        }
    }

    /// A message at the top of the page.
    pub fn notice(&self, text: &str, bad: bool) {
        self.dispatch(AppAction::Notice(Some(Notice {
            text: text.into(),
            bad,
            undo: None,
        })));
    }

    // ---- listeners of window.limbeck

    /// Adds a listener.
    pub fn listen(&self, listener: EventListener) -> u32 {
        let mut listeners = self.0.listeners.borrow_mut();
        let number = listeners.last().map_or(1, |(number, _)| number + 1);
        listeners.push((number, listener));
        number
    }

    /// Removes a listener.
    pub fn unlisten(&self, number: u32) {
        self.0
            .listeners
            .borrow_mut()
            .retain(|(other, _)| *other != number);
    }

    /// The same where what is told takes time to write.
    pub(crate) fn tell_with(&self, name: &str, details: impl FnOnce() -> String) {
        if !self.0.listeners.borrow().is_empty() {
            self.tell(name, &details());
        }
    }

    pub(crate) fn tell(&self, name: &str, details: &str) {
        let listeners = self.0.listeners.borrow().clone();
        for (_, listener) in listeners {
            listener(name, details);
        }
    }

    /// Asks for something and gives the answer.
    ///
    /// # Errors
    ///
    /// How it failed.
    pub async fn ask(&self, request: Request) -> Result<Answer, Failure> {
        self.flush();
        self.may(&request)?;
        match self.client().ask(request, None).1.await {
            Reply::Done(answer) => Ok(answer),
            Reply::Failed(failure) => Err(failure),
            other => Err(Failure {
                message: match ending_of(&other) {
                    Ending::Broken(message) => common::engine_broke(&message),
                    _ => common::CANCELLED.to_owned(),
                },
                ..Failure::default()
            }),
        }
    }

    /// Asks for something that gives another view, and shows it.
    ///
    /// # Errors
    ///
    /// How it failed.
    pub async fn change(&self, request: Request) -> Result<Rc<View>, Failure> {
        // Typed text belongs to the state being left.
        let travels = matches!(
            request,
            Request::Time(TimeRequest::Travel { .. }) | Request::Time(TimeRequest::Reset)
        );
        let copied = matches!(
            &request,
            Request::Keep(KeepRequest::New {
                from: Source::Copy,
                ..
            })
        )
        .then(|| self.open_id())
        .flatten();
        // What only looks has nothing to keep.
        let kept = (request != Request::View).then(|| self.keeping());
        let answer = self.ask(request).await;
        drop(kept);
        match answer? {
            Answer::View(view) => {
                self.dispatch(Action::Changed(view.clone()));
                self.look();
                Ok(view)
            }
            Answer::Opened(opened) => {
                let view = opened.view.clone();
                self.show(*opened, travels);
                if let Some(from) = copied {
                    comments::arriving::carry(self, from);
                }
                Ok(view)
            }
            _ => Err(Failure::default()),
        }
    }

    /// The same for a button: shows a failure as a notice.
    pub fn do_change(&self, request: Request, then: Option<FilesAction>) {
        let page = self.clone();
        spawn_local(async move {
            match page.change(request).await {
                Ok(_) => {
                    if let Some(action) = then {
                        page.dispatch(action);
                    }
                }
                Err(failure) => page.notice(&failure.message, true),
            }
        });
    }
}
