//! Opening, saving and restoring workspaces.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::{
    Answer, Failure, KeepRequest, Opened, Reply, Request, Source, Storage, TimeRequest, View,
};
use wasm_bindgen_futures::spawn_local;

use protocol::examples::{BLANK, BLANK_MODELS};

use super::state::KeepAction;
use super::words;
use crate::app::state::{AppAction, Notice};
use crate::page::{Page, embedded, session_storage};
use crate::state::Action;

/// Where a tab keeps which workspace it has open.
const OPEN: &str = "limbeck:workspace";

/// Data that has not been saved.
#[derive(Default)]
pub(crate) struct Held {
    /// What can't be saved, for a worker that takes another one's place.
    pub(crate) held: RefCell<Vec<protocol::Held>>,
    /// How many changes are on their way to be kept.
    under_way: Cell<u32>,
}

impl Page {
    /// What a worker is told when it starts: the workspace of this tab, and whether the worker before
    /// held it.
    pub(crate) fn worker_name(&self) -> String {
        let state = self.state();
        let open = self.open_id();
        let workspace = match &open {
            Some(open) => open.clone(),
            None => session_storage()
                .and_then(|storage| storage.get_item(OPEN).ok().flatten())
                .unwrap_or_default(),
        };
        let held = open.is_some() && state.keep.storage != Storage::ReadOnly;
        let unsaved = embedded();
        serde_json::json!({ "workspace": workspace, "held": held, "unsaved": unsaved }).to_string()
    }

    /// Notes which workspace this tab has open, for when it is loaded again.
    pub(crate) fn keep_open(&self, view: &View) {
        if let (Some(storage), Some(open)) = (
            session_storage(),
            view.workspaces.iter().find(|one| one.open),
        ) {
            let _ = storage.set_item(OPEN, &open.id);
        }
    }

    /// Shows another workspace, or another state of this one.
    pub(crate) fn show(&self, opened: Opened, travels: bool) {
        let view = opened.view.clone();
        self.keep_open(&view);
        self.dispatch(if travels {
            Action::Travelled(Rc::new(opened))
        } else {
            self.0.texts.known.borrow_mut().clear();
            // What a link wanted of its own workspace is not for another.
            self.set_view_only(self.address().read_only);
            Action::Opened(Rc::new(opened))
        });
        self.look();
    }

    pub(crate) fn open_id(&self) -> Option<String> {
        let state = self.state();
        let open = state.view.workspaces.iter().find(|one| one.open);
        open.map(|open| open.id.clone())
    }

    /// Keeps what can't be saved, so that it outlives its worker.
    pub(crate) fn hold(&self, mut held: protocol::Held) {
        let mut all = self.0.keep.held.borrow_mut();
        let before = all.iter().position(|one| one.id == held.id);
        let mut put = before
            .map(|place| all.swap_remove(place).put)
            .unwrap_or_default();
        if !held.record.is_empty() {
            put.retain(|(name, _)| !held.delete.contains(name));
            put.append(&mut held.put);
            held.put = put;
            held.delete.clear();
            all.push(held);
        }
    }

    /// Gives a new worker what the one before had and could not save: at once, so that what was typed
    /// since and all else comes after it.
    pub(crate) fn bring_back(&self) {
        let held = self.0.keep.held.borrow().clone();
        if held.is_empty() {
            return;
        }
        let open = self.open_id().unwrap_or_default();
        let (_, reply) = self
            .client()
            .ask(Request::Keep(KeepRequest::BringBack { held, open }), None);
        let page = self.clone();
        spawn_local(async move {
            match reply.await {
                Reply::Done(Answer::Opened(opened)) => page.show(*opened, false),
                Reply::Failed(failure) => page.notice(&failure.message, true),
                _ => {}
            }
        });
    }

    /// Opens a new workspace; the one before stays as it is. An empty name gives one that fits.
    ///
    /// # Errors
    ///
    /// How it failed.
    pub async fn open_workspace(&self, name: &str, from: Source) -> Result<Rc<View>, Failure> {
        self.change(Request::Keep(KeepRequest::New {
            name: name.to_owned(),
            from,
        }))
        .await
    }

    /// Opens an empty project, ready to have its first table written.
    pub fn new_project(&self) {
        let page = self.clone();
        spawn_local(async move {
            let source = Source::Example(BLANK.to_owned());
            match page.open_workspace(words::NEW_NAME, source).await {
                Ok(_) => page.open(BLANK_MODELS.0, Some(BLANK_MODELS.1)),
                Err(failure) => page.notice(&failure.message, true),
            }
        });
    }

    /// Brings the workspace back to its start, and says how to undo it; with the name of an example,
    /// opens a new workspace with that.
    ///
    /// # Errors
    ///
    /// How it failed.
    pub async fn reset(&self, example: Option<&str>) -> Result<(), Failure> {
        if let Some(example) = example {
            self.open_workspace("", Source::Example(example.to_owned()))
                .await?;
            return Ok(());
        }
        let before = self.state().view.at;
        self.change(Request::Time(TimeRequest::Reset)).await?;
        self.offer_undo(
            words::RESET_DONE,
            Request::Time(TimeRequest::Travel { to: before }),
        );
        Ok(())
    }

    /// The same for a button: shows a failure as a notice.
    pub fn do_reset(&self) {
        let page = self.clone();
        spawn_local(async move {
            if let Err(failure) = page.reset(None).await {
                page.notice(&failure.message, true);
            }
        });
    }

    /// Removes a workspace, and says how to undo it.
    pub fn remove_workspace(&self, id: &str, name: &str) {
        let (page, id, name) = (self.clone(), id.to_owned(), name.to_owned());
        spawn_local(async move {
            let request = Request::Keep(KeepRequest::Remove { id: id.clone() });
            match page.change(request).await {
                Ok(_) => page.offer_undo(
                    &words::removed(&name),
                    Request::Keep(KeepRequest::Restore { id }),
                ),
                Err(failure) => page.notice(&failure.message, true),
            }
        });
    }

    /// Shows whether something is on its way that is not kept yet.
    pub(crate) fn saving(&self) {
        let saving = self.0.keep.under_way.get() > 0 || !self.0.texts.dirty.borrow().is_empty();
        if self.state().keep.saving != saving {
            self.dispatch(KeepAction::Saving(saving));
        }
    }

    /// A guard: until it is dropped, a change is on its way that is not saved yet.
    pub(crate) fn keeping(&self) -> Keeping {
        self.0.keep.under_way.set(self.0.keep.under_way.get() + 1);
        self.saving();
        Keeping(self.clone())
    }

    fn offer_undo(&self, text: &str, request: Request) {
        self.dispatch(AppAction::Notice(Some(Notice {
            text: text.into(),
            bad: false,
            undo: Some((words::UNDO.into(), request)),
        })));
    }
}

/// Something is on its way that is not kept yet.
pub(crate) struct Keeping(Page);

impl Drop for Keeping {
    fn drop(&mut self) {
        let under_way = &self.0.0.keep.under_way;
        under_way.set(under_way.get().saturating_sub(1));
        self.0.saving();
    }
}
