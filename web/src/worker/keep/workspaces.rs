//! The workspaces of a worker: which is open, who may change it, and when it is saved.

use std::collections::BTreeMap;
use std::rc::Rc;

use limbeck::ground::order::InOrder;
use protocol::examples::example;
use protocol::{Answer, Failure, Opened, Source, Storage, WorkspaceEntry};

use super::locks::{self, Asked, Hold, How};
use super::saved::{Chunker, Meta};
use super::storage::{Refusal, Store};
use super::words;
use crate::postgresql;
use crate::session::{Session, failed};
use crate::time::history::Moment;
use crate::workspace::{Files, Outside};

mod saving;
mod turns;

use turns::Patience;

/// The id of the workspace that an earlier version kept.
const EARLIER: &str = "first";

/// How long a tab that starts waits for a lock, in milliseconds: one that was just closed gives its
/// own back a moment later.
const PATIENCE: i32 = 600;

/// What happens to the lock of the open workspace.
pub enum Turn {
    /// This page may change the workspace now.
    Granted(String, Hold),
    /// Another page took it.
    Lost(String),
}

/// Hears of a turn.
pub type Turns = Rc<dyn Fn(Turn)>;

/// What a page says to the worker that it starts, as JSON in the worker's name.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct Start {
    /// The workspace to open; nothing for the one that changed last.
    pub workspace: String,
    /// Whether the page's previous worker held the lock: it is gone, and the browser may not have noticed.
    pub held: bool,
    /// Whether nothing is to be saved: an embedded page does not touch the visitor's own workspaces.
    pub unsaved: bool,
    /// Whether it is a worker for trials: it opens no workspace, and is told what there is.
    pub trials: bool,
}

/// An open workspace.
struct Open {
    session: Session,
    meta: Meta,
    chunker: Chunker,
    storage: Storage,
    /// Whether there is something that is not saved.
    stale: bool,
    /// What the page was given of it, where it can't be saved.
    given: Option<Given>,
    hold: Option<Hold>,
    /// The question for the lock that another page holds.
    asked: Option<Asked>,
}

/// What the page was given of a workspace.
#[derive(Default)]
struct Given {
    chunker: Chunker,
    /// Which count of changes, and which name.
    of: Option<(u64, String)>,
}

impl Open {
    fn new(session: Session, meta: Meta, chunker: Chunker) -> Self {
        let saved = meta.generation > 0;
        Open {
            session,
            meta,
            chunker,
            storage: if saved {
                Storage::Saved
            } else {
                Storage::Unknown
            },
            stale: false,
            given: None,
            hold: None,
            asked: None,
        }
    }
}

/// The workspaces of one page.
pub struct Workspaces {
    outside: Rc<Outside>,
    name: String,
    store: Option<Store>,
    /// Why there is no store.
    trouble: Option<String>,
    open: Open,
    /// Workspaces that could not be saved, by id.
    unsaved: BTreeMap<String, Open>,
    /// Those that the page need not hold any more.
    released: Vec<String>,
    list: Vec<Meta>,
    turns: Turns,
}

impl Workspaces {
    /// Opens the workspace that the page requests, else the last modified one, else the first
    /// example. The store's name separates pages under different paths of one site.
    pub async fn begin(name: String, start: Start, outside: Rc<Outside>, turns: Turns) -> Self {
        let opened = if start.unsaved {
            None
        } else {
            Some(Store::open(&name).await)
        };
        let (store, mut trouble) = match opened {
            Some(Ok(store)) => (Some(store), None),
            Some(Err(Refusal::Full)) => (None, Some(words::NO_ROOM.to_owned())),
            Some(Err(_)) => (None, Some(words::NO_STORE.to_owned())),
            None => (None, Some(words::EMBEDDED.to_owned())),
        };
        let mut list = Vec::new();
        if let Some(store) = &store {
            if let Err(refusal) = migrate(store, &outside).await {
                trouble = Some(refusal.words());
            }
            match store.list().await {
                Ok(found) => list = found,
                Err(refusal) => trouble = Some(refusal.words()),
            }
        }
        let first = match Session::with_example("library", outside.clone()) {
            Ok(session) => session,
            Err(error) => {
                trouble = Some(error.message.clone());
                let moment = Moment {
                    files: Files::new(),
                    ..Moment::default()
                };
                Session::new(moment, "", outside.clone())
            }
        };
        let meta = Meta {
            id: new_id(&outside),
            name: example("library").title.to_owned(),
            example: "library".to_owned(),
            time: (outside.now)().microseconds,
            ..Meta::default()
        };
        let mut workspaces = Workspaces {
            outside,
            name,
            store,
            trouble,
            open: Open::new(first, meta, Chunker::default()),
            unsaved: BTreeMap::new(),
            released: Vec::new(),
            list,
            turns,
        };
        workspaces.collect().await;
        let wanted = workspaces
            .kept()
            .find(|meta| meta.id == start.workspace)
            .or_else(|| workspaces.kept().max_by_key(|meta| meta.time))
            .map(|meta| meta.id.clone());
        if let Some(id) = wanted {
            match workspaces.load(&id).await {
                Ok(open) => workspaces.open = open,
                Err(failure) => workspaces.trouble = Some(failure.message),
            }
        }
        if workspaces.trouble.is_some() {
            workspaces.open.storage = workspaces.no_store();
        }
        let patience = if start.held && start.workspace == workspaces.open.meta.id {
            Patience::None
        } else {
            Patience::Some
        };
        workspaces.lock(patience).await;
        workspaces.show();
        workspaces
    }

    /// The workspaces that are saved and not removed.
    fn kept(&self) -> impl Iterator<Item = &Meta> {
        self.list.iter().filter(|meta| meta.removed.is_none())
    }

    /// The page's first message: the current view, and whether the workspace had been saved.
    pub fn ready(&mut self) -> (Opened, bool, Storage) {
        (
            self.open.session.opened(),
            self.open.meta.generation > 0,
            self.open.storage.clone(),
        )
    }

    fn no_store(&self) -> Storage {
        match &self.trouble {
            Some(reason) => Storage::Failed {
                reason: reason.clone(),
            },
            None => Storage::Unknown,
        }
    }

    // ---- the list

    async fn read_list(&mut self) {
        if let Some(store) = &self.store
            && let Ok(list) = store.list().await
        {
            self.list = list;
        }
    }

    /// Tells the session which workspaces there are.
    fn show(&mut self) {
        let own = &self.open.meta;
        let mut list: Vec<WorkspaceEntry> = self
            .kept()
            .filter(|meta| meta.id != own.id && !self.unsaved.contains_key(&meta.id))
            .chain(self.unsaved.values().map(|open| &open.meta))
            .chain([own])
            .map(|meta| WorkspaceEntry {
                id: meta.id.clone(),
                name: meta.name.clone(),
                bytes: meta.bytes,
                time: meta.time,
                open: meta.id == own.id,
            })
            .collect();
        list.in_order_by(|a, b| b.time.cmp(&a.time));
        self.open.session.workspaces = Rc::new(list);
    }

    /// Forgets removed workspaces for good.
    async fn collect(&mut self) {
        let Some(store) = &self.store else {
            return;
        };
        // A page that was reloaded right after may still want to undo it.
        let late = (self.outside.now)().microseconds - 3_600_000_000;
        for meta in &self.list {
            if meta.removed.is_some_and(|time| time < late) {
                let _ = store.forget(&meta.id).await;
            }
        }
        self.list
            .retain(|meta| meta.removed.is_none_or(|time| time >= late));
    }

    // ---- opening

    fn opened(&mut self) -> Answer {
        self.show();
        Answer::Opened(Box::new(self.open.session.opened()))
    }

    async fn load(&self, id: &str) -> Result<Open, Failure> {
        let Some(store) = &self.store else {
            return Err(failed(words::NOT_THERE));
        };
        let found = store
            .load(id)
            .await
            .map_err(|refusal| failed(words::cannot_read(&refusal.words())))?;
        let Some((meta, history, chunker)) = found else {
            return Err(failed(words::NOT_THERE));
        };
        let session = Session::with_history(history, &meta.example, self.outside.clone());
        Ok(Open::new(session, meta, chunker))
    }

    /// Puts another workspace in the place of the open one, which is saved, or kept here where it
    /// can't be, or of which there is nothing to keep.
    async fn switch(&mut self, open: Open) {
        self.open.session.take_changed();
        if self.open.stale {
            self.save().await;
        }
        let before = std::mem::replace(&mut self.open, open);
        let unsaved =
            before.stale || before.meta.generation == 0 && !before.session.history.is_untouched();
        if unsaved && before.storage != Storage::ReadOnly {
            self.unsaved.insert(before.meta.id.clone(), before);
        } else if before.given.is_some() {
            self.released.push(before.meta.id);
        }
        self.lock(Patience::Some).await;
        self.read_list().await;
    }

    async fn open_workspace(&mut self, id: &str) -> Result<Answer, Failure> {
        if id != self.open.meta.id {
            let open = match self.unsaved.remove(id) {
                Some(open) => open,
                None => self.load(id).await?,
            };
            self.switch(open).await;
        }
        Ok(self.opened())
    }

    fn free_name(&self, wanted: &str) -> String {
        let taken = |name: &str| {
            self.kept()
                .chain(self.unsaved.values().map(|open| &open.meta))
                .chain(Some(&self.open.meta).filter(|meta| {
                    meta.generation > 0 || !self.open.session.history.is_untouched()
                }))
                .any(|meta| meta.name == name)
        };
        let mut name = wanted.to_owned();
        let mut number = 1;
        while taken(&name) {
            number += 1;
            name = format!("{wanted} {number}");
        }
        name
    }

    async fn new_workspace(&mut self, name: String, from: Source) -> Result<Answer, Failure> {
        self.read_list().await;
        let outside = self.outside.clone();
        let (session, wanted) = match &from {
            Source::Example(name) => {
                if !protocol::examples::EXAMPLES
                    .iter()
                    .any(|example| example.name == *name)
                {
                    return Err(failed(words::no_example(name)));
                }
                let session = Session::with_example(name, outside)
                    .map_err(|error| failed(error.message.clone()))?;
                (session, example(name).title.to_owned())
            }
            Source::Workspace(workspace) => (
                Session::with_workspace(workspace, outside)?,
                words::UNNAMED.to_owned(),
            ),
            Source::Database(from) => (Session::with_database(from, outside)?, from.name.clone()),
            Source::Lesson(folder) => {
                let session = Session::with_lesson(folder, outside).inspect_err(|_| {
                    // The request is answered again once PostgreSQL has come.
                    self.open.session.waits = postgresql::is_waited_for();
                })?;
                (session, words::UNNAMED.to_owned())
            }
            Source::Copy => {
                let workspace = self.open.session.export();
                let mut session = Session::with_workspace(&workspace, outside)?;
                session.example = self.open.session.example.clone();
                (session, words::copy_of(&self.open.meta.name))
            }
        };
        let wanted = match name.trim() {
            "" => wanted,
            name => name.to_owned(),
        };
        let meta = Meta {
            id: new_id(&self.outside),
            name: self.free_name(&wanted),
            example: session.example.clone(),
            time: (self.outside.now)().microseconds,
            ..Meta::default()
        };
        let mut open = Open::new(session, meta, Chunker::default());
        open.storage = self.no_store();
        // An example that nothing was done in can be had again.
        open.stale = !matches!(from, Source::Example(_));
        self.switch(open).await;
        if self.open.stale {
            self.open.session.take_changed();
            self.save().await;
        }
        Ok(self.opened())
    }

    async fn rename(&mut self, id: &str, name: String) -> Result<Answer, Failure> {
        let name = name.trim();
        if name.is_empty() {
            return Err(failed(words::NEEDS_NAME));
        }
        if id == self.open.meta.id {
            if self.open.storage == Storage::ReadOnly {
                return Err(failed(words::REFUSED));
            }
            self.open.meta.name = name.to_owned();
            self.open.stale = true;
            self.save().await;
        } else if let Some(open) = self.unsaved.get_mut(id) {
            open.meta.name = name.to_owned();
        } else {
            self.change_meta(id, |meta| meta.name = name.to_owned())
                .await?;
        }
        self.show();
        Ok(Answer::View(self.open.session.view()))
    }

    /// Changes what is known of a workspace that is not open here, if no other tab has it.
    async fn change_meta(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Meta),
    ) -> Result<(), Failure> {
        self.read_list().await;
        let Some(store) = &self.store else {
            return Err(failed(words::NOT_THERE));
        };
        let mut meta = self
            .list
            .iter()
            .find(|meta| meta.id == id)
            .cloned()
            .ok_or_else(|| failed(words::NOT_THERE))?;
        let hold = locks::take(&self.lock_name(id), How::IfFree, || {}).await;
        if hold.is_none() {
            return Err(failed(words::open_elsewhere(&meta.name)));
        }
        change(&mut meta);
        note(store, &meta)
            .await
            .map_err(|refusal| failed(refusal.words()))?;
        self.read_list().await;
        Ok(())
    }

    async fn remove(&mut self, id: &str) -> Result<Answer, Failure> {
        let now = (self.outside.now)().microseconds;
        if id != self.open.meta.id {
            if self.unsaved.contains_key(id) {
                return Err(failed(words::GOES_WITH_PAGE));
            }
            self.change_meta(id, |meta| meta.removed = Some(now))
                .await?;
            return Ok(self.opened());
        }
        if self.open.storage == Storage::ReadOnly {
            return Err(failed(words::REFUSED));
        }
        // Saved even where nothing was done in it, so that it can come back.
        self.save().await;
        let full = self.open.storage
            == Storage::Failed {
                reason: words::NO_ROOM.to_owned(),
            };
        if self.open.storage != Storage::Saved && !(full && self.open.meta.generation > 0) {
            return Err(failed(words::GOES_WITH_PAGE));
        }
        self.open.stale = false;
        self.open.meta.removed = Some(now);
        if let Some(store) = &self.store {
            self.open.meta = note(store, &self.open.meta)
                .await
                .map_err(|refusal| failed(refusal.words()))?;
        }
        self.read_list().await;
        let next = self
            .kept()
            .filter(|meta| meta.id != id)
            .max_by_key(|meta| meta.time)
            .map(|meta| meta.id.clone());
        match next {
            Some(next) => self.open_workspace(&next).await,
            None => {
                self.new_workspace(String::new(), Source::Example("library".to_owned()))
                    .await
            }
        }
    }

    async fn restore(&mut self, id: &str) -> Result<Answer, Failure> {
        self.change_meta(id, |meta| meta.removed = None).await?;
        self.open_workspace(id).await
    }
}

/// Notes what is known of a workspace. Where there is not even room for that it can still be removed:
/// then it goes at once.
async fn note(store: &Store, meta: &Meta) -> Result<Meta, Refusal> {
    match store.note(meta).await {
        Err(Refusal::Full) if meta.removed.is_some() => {
            store.forget(&meta.id).await?;
            Ok(meta.clone())
        }
        noted => noted,
    }
}

fn new_id(outside: &Outside) -> String {
    let mut bytes = [0u8; 8];
    (outside.random)(&mut bytes);
    format!("w{:016x}", u64::from_le_bytes(bytes))
}

/// Takes over the one workspace that an earlier version kept.
async fn migrate(store: &Store, outside: &Rc<Outside>) -> Result<(), Refusal> {
    let Some((history, example_name)) = store.earlier().await? else {
        return Ok(());
    };
    let there = store.list().await?.iter().any(|meta| meta.id == EARLIER);
    if !there {
        let meta = Meta {
            id: EARLIER.to_owned(),
            name: if example_name.is_empty() {
                words::UNNAMED.to_owned()
            } else {
                example(&example_name).title.to_owned()
            },
            example: example_name,
            time: (outside.now)().microseconds,
            ..Meta::default()
        };
        store.save(&meta, &history, &mut Chunker::default()).await?;
    }
    store.forget_earlier().await
}
