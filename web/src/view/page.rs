//! What the page does: between its components, the worker and `window.limbeck`.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::UseStateSetter;

mod graph;
mod review;
mod share;
mod watch;
mod work;
mod workspaces;

pub use share::{Export, Link, LinkOptions};

use crate::client::Client;
use crate::console;
use crate::protocol::{Answer, Contents, Failure, Held, Progress, Ran, Reply, Request, View};
use crate::state::{Action, Ending, Notice, Piece, Place, Results, State, Step, ending_of};
use crate::text;

/// How long a person must pause before a text goes to the worker, in milliseconds.
const TYPING_PAUSE: u32 = 180;

/// How long output is gathered before it is drawn, in milliseconds.
const OUTPUT_PAUSE: u32 = 30;

/// How many rows of a table are shown at once.
pub const PAGE_ROWS: u32 = 100;

/// Where the command lines are kept.
const TYPED: &str = "limbeck:typed";

/// Gives an editor's text.
pub type TextSource = Rc<dyn Fn() -> String>;

/// Is told of an event's name and, as JSON, its details.
pub type EventListener = Rc<dyn Fn(&str, &str)>;

struct Inner {
    client: RefCell<Option<Client>>,
    state: RefCell<Rc<State>>,
    setter: RefCell<Option<UseStateSetter<Rc<State>>>>,
    dirty: RefCell<BTreeMap<String, TextSource>>,
    known: RefCell<BTreeMap<String, String>>,
    typing: RefCell<Option<Timeout>>,
    work_timer: RefCell<Option<Timeout>>,
    pending_stopped: Cell<bool>,
    pending_running: Cell<bool>,
    pending_again: Cell<bool>,
    reviewing: Cell<bool>,
    review_timer: RefCell<Option<Timeout>>,
    watch: watch::Asked,
    rows_wanted: RefCell<Option<(String, String, u32)>>,
    listeners: RefCell<Vec<(u32, EventListener)>>,
    first_ready: RefCell<Vec<Box<dyn FnOnce()>>>,
    completions_asked: Cell<bool>,
    /// The state that the workspace is on its way to.
    travelling: Cell<Option<u32>>,
    /// What is not saved, for a worker that takes another one's place.
    held: RefCell<Vec<Held>>,
    /// How many changes are on their way to be kept.
    under_way: Cell<u32>,
}

/// A handle on the page; all copies are the same.
#[derive(Clone)]
pub struct Page(Rc<Inner>);

impl PartialEq for Page {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

fn local_storage() -> Option<web_sys::Storage> {
    gloo::utils::window().local_storage().ok().flatten()
}

/// What the browser keeps under a name.
pub fn remembered(name: &str) -> Option<String> {
    if crate::codec::embedded() {
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

/// Keeps something under a name; a browser that keeps nothing is no error.
pub fn remember(name: &str, value: &str) {
    if let Some(storage) = local_storage().filter(|_| !crate::codec::embedded()) {
        let _ = storage.set_item(name, value);
    }
}

impl Page {
    /// Starts the worker that this URL loads.
    pub fn start(worker: String) -> Self {
        let typed: Vec<Rc<str>> = remembered(TYPED)
            .and_then(|text| serde_json::from_str::<Vec<String>>(&text).ok())
            .unwrap_or_default()
            .into_iter()
            .map(Rc::from)
            .collect();
        let page = Page(Rc::new(Inner {
            client: RefCell::default(),
            state: RefCell::new(Rc::new(State::new(typed))),
            setter: RefCell::default(),
            dirty: RefCell::default(),
            known: RefCell::default(),
            typing: RefCell::default(),
            work_timer: RefCell::default(),
            pending_stopped: Cell::default(),
            pending_running: Cell::default(),
            pending_again: Cell::default(),
            reviewing: Cell::default(),
            review_timer: RefCell::default(),
            watch: watch::Asked::default(),
            rows_wanted: RefCell::default(),
            listeners: RefCell::default(),
            first_ready: RefCell::default(),
            completions_asked: Cell::new(false),
            travelling: Cell::default(),
            held: RefCell::default(),
            under_way: Cell::default(),
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
    pub fn dispatch(&self, action: Action) {
        let before = self.state();
        let after = Rc::new(before.reduce(action));
        *self.0.state.borrow_mut() = after.clone();
        if let Some(setter) = &*self.0.setter.borrow() {
            setter.set(after.clone());
        }
        let rows = after.database != before.database
            || after.table != before.table
            || after.offset != before.offset
            || !Rc::ptr_eq(&after.view.databases, &before.view.databases)
            || !Rc::ptr_eq(&after.view.changes, &before.view.changes);
        if rows {
            self.read_rows();
        }
        if after.review_due()
            && (!before.review_due()
                || after.revision != before.revision
                || !Rc::ptr_eq(&after.view.files, &before.view.files))
        {
            self.review_soon();
        }
        self.watch_due(&after);
        self.watch_work(&before, &after);
        if !Rc::ptr_eq(&after.view, &before.view) {
            self.tell("change", "{}");
        }
    }

    fn client(&self) -> Client {
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
                let first = !self.state().ready;
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
                if self.0.pending_stopped.replace(false) {
                    self.say_pending_stopped();
                } else {
                    self.look();
                }
            }
            Reply::Storage(storage) => self.dispatch(Action::Storage(storage)),
            Reply::Hold(held) => self.hold(*held),
            Reply::Panicked { message } => self.notice(&text::notice::engine_broke(&message), true),
            Reply::Opened { opened, storage } => {
                self.dispatch(Action::Storage(storage));
                self.show(*opened, false);
            }
            _ => {}
        }
    }

    /// Calls when the first command can run.
    pub fn when_ready(&self, call: Box<dyn FnOnce()>) {
        if self.state().ready {
            call();
        } else {
            self.0.first_ready.borrow_mut().push(call);
        }
    }

    /// A message at the top of the page.
    pub fn notice(&self, text: &str, bad: bool) {
        self.dispatch(Action::Notice(Some(Notice {
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

    fn tell(&self, name: &str, details: &str) {
        let listeners = self.0.listeners.borrow().clone();
        for (_, listener) in listeners {
            listener(name, details);
        }
    }

    // ---- texts

    /// A person edited a file; its text is taken when they pause.
    pub fn edited(&self, path: &str, text: TextSource) {
        self.0.dirty.borrow_mut().insert(path.to_owned(), text);
        self.saving();
        let page = self.clone();
        *self.0.typing.borrow_mut() = Some(Timeout::new(TYPING_PAUSE, move || page.flush()));
    }

    /// Whether a file has text that the worker does not know.
    pub fn is_dirty(&self, path: &str) -> bool {
        self.0.dirty.borrow().contains_key(path)
    }

    /// Sends every edited text to the worker now. What is asked after this sees it.
    pub fn flush(&self) {
        self.0.typing.borrow_mut().take();
        let dirty = std::mem::take(&mut *self.0.dirty.borrow_mut());
        for (path, text) in dirty {
            self.write(path, Contents::Text(text()));
        }
    }

    fn write(&self, path: String, contents: Contents) {
        let (_, reply) = self.client().ask(
            Request::Write {
                path: path.clone(),
                contents: contents.clone(),
            },
            None,
        );
        let page = self.clone();
        let kept = self.keeping();
        spawn_local(async move {
            let reply = reply.await;
            drop(kept);
            match reply {
                Reply::Done(Answer::View(view)) => {
                    // The editor has this text already.
                    let hash = view.files.iter().find(|file| file.path == path);
                    if let Some(file) = hash {
                        page.0.known.borrow_mut().insert(path, file.hash.clone());
                    }
                    page.dispatch(Action::Changed(view));
                    page.look();
                }
                Reply::Failed(failure) => page.notice(&failure.message, true),
                Reply::Cancelled | Reply::Panicked { .. } => {
                    // The text must not be lost with its worker.
                    let source: TextSource = Rc::new(move || match &contents {
                        Contents::Text(text) => text.clone(),
                        Contents::Binary(_) => String::new(),
                    });
                    page.0.dirty.borrow_mut().entry(path).or_insert(source);
                    page.saving();
                }
                _ => {}
            }
        });
    }

    /// Whether an editor has the contents of that hash already.
    pub fn knows(&self, path: &str, hash: &str) -> bool {
        self.0
            .known
            .borrow()
            .get(path)
            .is_some_and(|known| known == hash)
    }

    /// Notes what an editor has.
    pub fn note(&self, path: &str, hash: &str) {
        self.0
            .known
            .borrow_mut()
            .insert(path.to_owned(), hash.to_owned());
    }

    /// Asks for something and gives the answer.
    ///
    /// # Errors
    ///
    /// How it failed.
    pub async fn ask(&self, request: Request) -> Result<Answer, Failure> {
        self.flush();
        self.may(&request)?;
        match self.client().ask(request.clone(), None).1.await {
            Reply::Done(answer) => Ok(answer),
            Reply::Overtaken => Box::pin(self.ask(request)).await,
            Reply::Failed(failure) => Err(failure),
            other => Err(Failure {
                message: match ending_of(&other) {
                    Ending::Broken(message) => text::engine_broke(&message),
                    _ => text::CANCELLED.to_owned(),
                },
                ..Failure::default()
            }),
        }
    }

    /// What editors may offer in Python, as JSON; once, when the first is typed in.
    pub async fn completions(&self) -> Option<String> {
        if self.0.completions_asked.replace(true) {
            return None;
        }
        match self.client().ask(Request::Completions, None).1.await {
            Reply::Done(Answer::Completions(completions)) => {
                serde_json::to_string(&completions).ok()
            }
            _ => {
                self.0.completions_asked.set(false);
                None
            }
        }
    }

    /// A file's text.
    pub async fn read(&self, path: &str) -> Option<String> {
        let request = Request::Read {
            path: path.to_owned(),
        };
        loop {
            match self.client().ask(request.clone(), None).1.await {
                Reply::Done(Answer::File(Contents::Text(text))) => return Some(text),
                // What was stopped was a command before it.
                Reply::Cancelled => {}
                _ => return None,
            }
        }
    }

    // ---- commands

    /// Runs a command line; it shows in the console.
    ///
    /// # Errors
    ///
    /// Where it did not come to its end.
    pub async fn run(&self, line: &str) -> Result<Rc<Ran>, String> {
        self.flush();
        if self.state().view_only {
            self.notice(text::share::VIEW_ONLY, true);
            return Err(text::share::VIEW_ONLY.to_owned());
        }
        let pieces: Rc<RefCell<Vec<Piece>>> = Rc::default();
        let timer: Rc<RefCell<Option<Timeout>>> = Rc::default();
        let number: Rc<Cell<u32>> = Rc::default();
        let draw = {
            let (page, pieces, timer, number) =
                (self.clone(), pieces.clone(), timer.clone(), number.clone());
            move || {
                timer.borrow_mut().take();
                let pieces = std::mem::take(&mut *pieces.borrow_mut());
                if !pieces.is_empty() {
                    page.dispatch(Action::Printed {
                        id: number.get(),
                        pieces,
                    });
                }
            }
        };
        let progress = {
            let (page, draw) = (self.clone(), draw.clone());
            let (command, step) = (line.to_owned(), RefCell::new((Step::default(), 0.0)));
            Rc::new(move |progress: Progress| match progress {
                Progress::Output { error, text } => {
                    pieces.borrow_mut().push(Piece { error, text });
                    let mut timer = timer.borrow_mut();
                    if timer.is_none() {
                        *timer = Some(Timeout::new(OUTPUT_PAUSE, draw.clone()));
                    }
                }
                Progress::Event(event) => {
                    page.step_of(&command, &mut step.borrow_mut(), &event);
                    if !page.0.listeners.borrow().is_empty() {
                        page.tell("event", &event.json());
                    }
                }
            })
        };
        let (id, reply) = self.client().ask(
            Request::Run {
                line: line.to_owned(),
            },
            Some(progress),
        );
        number.set(id);
        let kept = self.keeping();
        self.dispatch(Action::Started {
            id,
            line: line.into(),
        });
        self.keep_typed();
        let reply = reply.await;
        drop(kept);
        draw();
        match reply {
            Reply::Done(Answer::Ran(ran)) => {
                let ran = Rc::new(*ran);
                self.dispatch(Action::Ended {
                    id,
                    ran: ran.clone(),
                });
                self.tell(
                    "command",
                    &serde_json::json!({ "command": line, "status": ran.status }).to_string(),
                );
                self.look();
                Ok(ran)
            }
            other => {
                let ending = ending_of(&other);
                let message = match &ending {
                    Ending::Broken(message) => message.clone(),
                    _ => text::CANCELLED.to_owned(),
                };
                self.dispatch(Action::Stopped { id, ending });
                Err(message)
            }
        }
    }

    /// Runs a command line, for a button.
    pub fn command(&self, line: impl Into<String>) {
        let page = self.clone();
        let line = line.into();
        spawn_local(async move {
            let _ = page.run(&line).await;
        });
    }

    fn keep_typed(&self) {
        let state = self.state();
        let last: Vec<&str> = state
            .typed
            .iter()
            .rev()
            .take(100)
            .rev()
            .map(|line| &**line)
            .collect();
        remember(TYPED, &serde_json::to_string(&last).unwrap_or_default());
    }

    /// Takes back what a command did.
    pub fn undo(&self, entry: u32) {
        let page = self.clone();
        spawn_local(async move {
            match page.ask(Request::Undo { entry }).await {
                Ok(Answer::View(view)) => {
                    page.dispatch(Action::TakenBack(entry));
                    page.dispatch(Action::Changed(view));
                    page.look();
                }
                Err(failure) => page.notice(&failure.message, true),
                Ok(_) => {}
            }
        });
    }

    /// Asks for something that gives another view, and shows it.
    ///
    /// # Errors
    ///
    /// How it failed.
    pub async fn change(&self, request: Request) -> Result<Rc<View>, Failure> {
        // Where one goes somewhere else, what is typed belongs to what one leaves.
        let travels = matches!(request, Request::Travel { .. } | Request::Reset);
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
                Ok(view)
            }
            _ => Err(Failure::default()),
        }
    }

    /// The same for a button: a failure is shown.
    pub fn do_change(&self, request: Request, then: Option<Action>) {
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

    // ---- looking

    /// Asks what autogenerate would write. One question is on its way at a time; the latest wins.
    pub fn look(&self) {
        self.dispatch(Action::PendingAsked);
        if self.0.pending_running.replace(true) {
            self.0.pending_again.set(true);
            return;
        }
        let page = self.clone();
        spawn_local(async move {
            loop {
                page.0.pending_again.set(false);
                let (_, reply) = page.client().ask(Request::Pending, None);
                let reply = reply.await;
                if page.0.pending_again.get() {
                    continue;
                }
                page.0.pending_running.set(false);
                let pending = match reply {
                    Reply::Done(Answer::Pending(pending)) => pending,
                    Reply::Panicked { message } => crate::protocol::Pending {
                        failure: Some(Failure {
                            message: text::engine_broke(&message),
                            ..Failure::default()
                        }),
                        ..crate::protocol::Pending::default()
                    },
                    // Another worker comes, and asks again.
                    _ => return page.0.pending_running.set(false),
                };
                page.dispatch(Action::Pending(Rc::new(pending)));
                page.tell("pending", "{}");
                return;
            }
        });
    }

    fn read_rows(&self) {
        let state = self.state();
        let (Some(database), Some(table)) = (state.database.clone(), state.table.clone()) else {
            return;
        };
        let wanted = (database.to_string(), table.to_string(), state.offset);
        *self.0.rows_wanted.borrow_mut() = Some(wanted.clone());
        let (_, reply) = self.client().ask(
            Request::Rows {
                database: wanted.0.clone(),
                table: wanted.1.clone(),
                offset: wanted.2,
                limit: PAGE_ROWS,
            },
            None,
        );
        let page = self.clone();
        spawn_local(async move {
            let rows = match reply.await {
                Reply::Done(Answer::Rows(rows)) => Ok(rows),
                Reply::Failed(failure) => Err(failure),
                _ => return,
            };
            if page.0.rows_wanted.borrow().as_ref() == Some(&wanted) {
                page.dispatch(Action::Rows {
                    database: wanted.0,
                    table: wanted.1,
                    rows,
                });
            }
        });
    }

    /// Runs SQL in the chosen database, as the console's `sqlite3` does, and shows its rows.
    pub fn sql(&self, sql: &str) {
        let state = self.state();
        let Some(database) = state.database.clone() else {
            self.notice(text::notice::NO_DATABASE, true);
            return;
        };
        if sql.trim().is_empty() {
            return;
        }
        let reads = {
            let verb = crate::sql::first_word(sql);
            ["select", "pragma", "explain", "with", "values"]
                .iter()
                .any(|one| verb.eq_ignore_ascii_case(one))
        };
        let page = self.clone();
        let sql = sql.to_owned();
        spawn_local(async move {
            let results = if reads {
                // Rows are for looking at: they are shown in the column, not in the console.
                let request = Request::Query {
                    sql,
                    database: Some(database.to_string()),
                };
                match page.ask(request).await {
                    Ok(Answer::Queried { results, view }) => {
                        page.dispatch(Action::Changed(view));
                        Results {
                            rows: results,
                            failure: None,
                        }
                    }
                    Err(failure) => Results {
                        rows: Vec::new(),
                        failure: Some(failure),
                    },
                    Ok(_) => return,
                }
            } else {
                let line = format!(
                    "sqlite3 {} {}",
                    console::quote(&database),
                    console::quote(&sql)
                );
                match page.run(&line).await {
                    Ok(ran) if ran.status == 0 => Results::default(),
                    Ok(ran) => Results {
                        rows: Vec::new(),
                        failure: Some(Failure {
                            message: ran.stderr.trim_start_matches("Error: ").trim().to_owned(),
                            ..Failure::default()
                        }),
                    },
                    Err(message) => Results {
                        rows: Vec::new(),
                        failure: Some(Failure {
                            message,
                            ..Failure::default()
                        }),
                    },
                }
            };
            page.dispatch(Action::Results(Rc::new(results)));
        });
    }

    /// Opens a file where it belongs, at a line.
    pub fn open(&self, path: &str, line: Option<u32>) {
        self.flush();
        let path = path.strip_prefix("/project/").unwrap_or(path);
        let state = self.state();
        // A printed path may be relative to the console's folder.
        let inside = format!("{}/{path}", state.view.directory);
        let path = if state.view.files.iter().any(|file| file.path == path) {
            path
        } else {
            inside.as_str()
        };
        self.dispatch(Action::Open {
            path: path.into(),
            line,
        });
    }

    /// Shows a column: the one on a narrow page, with the keyboard in it.
    pub fn go(&self, place: Place) {
        self.dispatch(Action::Tab(place));
        let selector = match place {
            Place::Console => "#console-input".to_owned(),
            place => format!("#{}", place.name()),
        };
        let focus = move || {
            if let Ok(Some(element)) = gloo::utils::document().query_selector(&selector)
                && let Ok(element) = wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(element)
            {
                let _ = element.focus();
            }
        };
        // At once, so that what is typed next goes there; and again where it was hidden until now.
        focus();
        if narrow() {
            Timeout::new(0, focus).forget();
        }
    }
}
