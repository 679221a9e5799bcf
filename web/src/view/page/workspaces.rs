//! What the page does with workspaces and their states.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::Page;
use crate::protocol::{Answer, Failure, Held, Opened, Reply, Request, Source, Storage, View};
use crate::state::{Action, Notice};
use crate::text;

/// Where a tab keeps which workspace it has open.
const OPEN: &str = "limbeck:workspace";

fn session_storage() -> Option<web_sys::Storage> {
    gloo::utils::window().session_storage().ok().flatten()
}

impl Page {
    /// What a worker is told when it starts: the workspace of this tab, and whether the worker before
    /// held it.
    pub(super) fn worker_name(&self) -> String {
        let state = self.state();
        let open = self.open_id();
        let workspace = match &open {
            Some(open) => open.clone(),
            None => session_storage()
                .and_then(|storage| storage.get_item(OPEN).ok().flatten())
                .unwrap_or_default(),
        };
        let held = open.is_some() && state.storage != Storage::ReadOnly;
        let unsaved = crate::codec::embedded();
        serde_json::json!({ "workspace": workspace, "held": held, "unsaved": unsaved }).to_string()
    }

    /// Notes which workspace this tab has open, for when it is loaded again.
    pub(super) fn keep_open(&self, view: &View) {
        if let (Some(storage), Some(open)) = (
            session_storage(),
            view.workspaces.iter().find(|one| one.open),
        ) {
            let _ = storage.set_item(OPEN, &open.id);
        }
    }

    /// Shows another workspace, or another state of this one.
    pub(super) fn show(&self, opened: Opened, travels: bool) {
        let view = opened.view.clone();
        self.keep_open(&view);
        self.dispatch(if travels {
            Action::Travelled(Rc::new(opened))
        } else {
            self.0.known.borrow_mut().clear();
            // What a link wanted of its own workspace is not for another.
            self.set_view_only(self.address().read_only);
            Action::Opened(Rc::new(opened))
        });
        self.look();
    }

    /// Goes to a state of the history. Where one is on the way already, the last one wanted wins.
    pub fn travel(&self, to: u32) {
        if self.0.travelling.replace(Some(to)).is_some() {
            return;
        }
        let page = self.clone();
        spawn_local(async move {
            while let Some(to) = page.0.travelling.get() {
                let result = page.change(Request::Travel { to }).await;
                if result.is_err() || page.0.travelling.get() == Some(to) {
                    page.0.travelling.set(None);
                }
                if let Err(failure) = result {
                    page.notice(&failure.message, true);
                }
            }
        });
    }

    /// The state that the workspace is on its way to.
    pub fn travels(&self) -> Option<u32> {
        self.0.travelling.get()
    }

    /// Goes some states earlier or later on the branch that is shown.
    pub fn step(&self, by: i32) {
        let state = self.state();
        if state.running == 0
            && self.travels().is_none()
            && let Some(to) = state.step(by)
        {
            self.travel(to);
        }
    }

    pub(super) fn open_id(&self) -> Option<String> {
        let state = self.state();
        let open = state.view.workspaces.iter().find(|one| one.open);
        open.map(|open| open.id.clone())
    }

    /// What can't be saved outlives its worker here.
    pub(super) fn hold(&self, mut held: Held) {
        let mut all = self.0.held.borrow_mut();
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
    pub(super) fn bring_back(&self) {
        let held = self.0.held.borrow().clone();
        if held.is_empty() {
            return;
        }
        let open = self.open_id().unwrap_or_default();
        let (_, reply) = self.client().ask(Request::BringBack { held, open }, None);
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
        self.change(Request::NewWorkspace {
            name: name.to_owned(),
            from,
        })
        .await
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
        self.change(Request::Reset).await?;
        self.offer_undo(text::workspaces::RESET_DONE, Request::Travel { to: before });
        Ok(())
    }

    /// The same for a button: a failure is shown.
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
            let request = Request::RemoveWorkspace { id: id.clone() };
            match page.change(request).await {
                Ok(_) => page.offer_undo(
                    &text::workspaces::removed(&name),
                    Request::RestoreWorkspace { id },
                ),
                Err(failure) => page.notice(&failure.message, true),
            }
        });
    }

    /// Shows whether something is on its way that is not kept yet.
    pub(super) fn saving(&self) {
        let saving = self.0.under_way.get() > 0 || !self.0.dirty.borrow().is_empty();
        if self.state().saving != saving {
            self.dispatch(Action::Saving(saving));
        }
    }

    /// Until this is dropped, something is on its way that is not kept yet.
    pub(super) fn keeping(&self) -> Keeping {
        self.0.under_way.set(self.0.under_way.get() + 1);
        self.saving();
        Keeping(self.clone())
    }

    fn offer_undo(&self, text: &str, request: Request) {
        self.dispatch(Action::Notice(Some(Notice {
            text: text.into(),
            bad: false,
            undo: Some((text::workspaces::UNDO.into(), request)),
        })));
    }
}

/// Something is on its way that is not kept yet.
pub(super) struct Keeping(Page);

impl Drop for Keeping {
    fn drop(&mut self) {
        let under_way = &self.0.0.under_way;
        under_way.set(under_way.get().saturating_sub(1));
        self.0.saving();
    }
}
