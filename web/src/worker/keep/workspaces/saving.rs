//! Answers requests and saves what they changed; what can't be saved is handed to the page.

use protocol::{Answer, DatabaseRequest, Failure, Held, KeepRequest, Reply, Request, Storage};

use super::turns::Patience;
use super::{Given, Open, Workspaces};
use crate::keep::saved::{self, Chunker, Chunks, Meta};
use crate::keep::storage::Refusal;
use crate::keep::words;
use crate::session::{Listener, Session, failed};

impl Workspaces {
    /// Answers a request; and whether there is something to [save](Self::save) before the answer is given.
    pub async fn answer(&mut self, request: Request, listener: &Listener) -> (Reply, bool) {
        let result = match request {
            Request::Keep(request) => self.answer_keep(request).await,
            Request::View => {
                self.read_list().await;
                self.show();
                Ok(Answer::View(self.open.session.view()))
            }
            request if request.changes_nothing() => {
                return (self.open.session.answer(request, listener), false);
            }
            request if self.open.storage == Storage::ReadOnly => {
                return (self.look(request, listener), false);
            }
            request => {
                let reply = self.open.session.answer(request, listener);
                if self.open.session.take_changed() {
                    self.open.stale = true;
                    self.open.meta.time = (self.outside.now)().microseconds;
                }
                return (reply, self.open.stale);
            }
        };
        let reply = match result {
            Ok(answer) => Reply::Done(answer),
            Err(failure) => Reply::Failed(failure),
        };
        // Removing a project may have freed the space that this one needed.
        let unsaved =
            self.open.stale && self.open.storage != Storage::ReadOnly && self.store.is_some();
        (reply, unsaved)
    }

    /// The open workspace.
    pub fn session(&self) -> &Session {
        &self.open.session
    }

    /// The same, to change it.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.open.session
    }

    pub(super) async fn answer_keep(&mut self, request: KeepRequest) -> Result<Answer, Failure> {
        match request {
            KeepRequest::New { name, from } => self.new_workspace(name, from).await,
            KeepRequest::Open { id } => self.open_workspace(&id).await,
            KeepRequest::Rename { id, name } => self.rename(&id, name).await,
            KeepRequest::Remove { id } => self.remove(&id).await,
            KeepRequest::Restore { id } => self.restore(&id).await,
            KeepRequest::TakeOver => self.take_over().await,
            KeepRequest::BringBack { held, open } => self.bring_back(held, &open).await,
        }
    }

    /// Whether the open workspace is kept.
    pub fn storage(&self) -> &Storage {
        &self.open.storage
    }

    /// Answers for a read-only page: questions, and SQL that changes nothing.
    pub(super) fn look(&mut self, request: Request, listener: &Listener) -> Reply {
        let refused = || Reply::Failed(failed(words::REFUSED));
        if !matches!(request, Request::Database(DatabaseRequest::Query { .. })) {
            return refused();
        }
        let session = &mut self.open.session;
        let before = session.history.clone();
        let reply = session.answer(request, listener);
        if session.take_changed() {
            session.go_to(before);
            session.take_changed();
            return refused();
        }
        reply
    }

    /// Saves the open workspace; how that went is its [storage](Self::storage).
    pub async fn save(&mut self) {
        let mut saved = self.write().await;
        if saved == Err(Refusal::Full) && self.give_up_removed().await {
            saved = self.write().await;
        }
        let open = &mut self.open;
        open.storage = match saved {
            Ok(()) => Storage::Saved,
            Err(refusal) => Storage::Failed {
                reason: refusal.words(),
            },
        };
        self.show();
    }

    pub(super) async fn write(&mut self) -> Result<(), Refusal> {
        let open = &mut self.open;
        let Some(store) = &self.store else {
            return Err(Refusal::Failed(self.trouble.clone().unwrap_or_default()));
        };
        open.meta = store
            .save(&open.meta, &open.session.history, &mut open.chunker)
            .await?;
        open.stale = false;
        let meta = &open.meta;
        self.list.retain(|other| other.id != meta.id);
        self.list.push(meta.clone());
        Ok(())
    }

    /// Deletes workspaces that could still be restored, to free space; whether there were any.
    pub(super) async fn give_up_removed(&mut self) -> bool {
        let count = self.list.len();
        if let Some(store) = &self.store {
            for meta in self.list.iter().filter(|meta| meta.removed.is_some()) {
                let _ = store.forget(&meta.id).await;
            }
        }
        self.list.retain(|meta| meta.removed.is_none());
        self.list.len() < count
    }

    /// What the page is to hold from now on: all that is new of the open workspace where it can't be saved;
    /// nothing of one that is saved or gone.
    pub fn held(&mut self) -> Vec<Held> {
        if !matches!(self.open.storage, Storage::Failed { .. }) && self.open.given.take().is_some()
        {
            self.released.push(self.open.meta.id.clone());
        }
        let gone = std::mem::take(&mut self.released).into_iter();
        let mut all: Vec<Held> = gone
            .map(|id| Held {
                id,
                ..Held::default()
            })
            .collect();
        all.extend(self.news());
        all
    }

    pub(super) fn news(&mut self) -> Option<Held> {
        let open = &mut self.open;
        if !matches!(open.storage, Storage::Failed { .. }) {
            return None;
        }
        let given = open.given.get_or_insert_default();
        let now = Some((open.session.history.changes, open.meta.name.clone()));
        if given.of == now {
            return None;
        }
        let writing = given.chunker.write(&open.session.history).ok()?;
        given.chunker.written();
        given.of = now;
        let put = writing.put.into_iter();
        Some(Held {
            id: open.meta.id.clone(),
            name: open.meta.name.clone(),
            example: open.meta.example.clone(),
            record: writing.record,
            put: put.map(|(name, bytes)| (name, bytes.to_vec())).collect(),
            delete: writing.delete,
        })
    }

    pub(super) async fn bring_back(
        &mut self,
        held: Vec<Held>,
        open: &str,
    ) -> Result<Answer, Failure> {
        for one in held {
            let chunks: Chunks = one.put.into_iter().collect();
            let history = saved::restore(&one.record, &chunks).map_err(failed)?;
            let session = Session::with_history(history, &one.example, self.outside.clone());
            let given = Given {
                of: Some((session.history.changes, one.name.clone())),
                chunker: Chunker::new(chunks.into_keys().collect()),
            };
            if one.id == self.open.meta.id {
                self.open.session = session;
                self.open.meta.name = one.name;
                self.open.given = Some(given);
                self.open.stale = true;
                continue;
            }
            let saved = self.list.iter().find(|meta| meta.id == one.id);
            let meta = Meta {
                id: one.id,
                name: one.name,
                example: one.example,
                time: (self.outside.now)().microseconds,
                ..saved.cloned().unwrap_or_default()
            };
            let mut brought = Open::new(session, meta, Chunker::default());
            brought.given = Some(given);
            brought.stale = true;
            brought.storage = self.no_store();
            if brought.meta.id == open {
                // What a new worker begins with is nobody's.
                let begun = std::mem::replace(&mut self.open, brought);
                self.released.push(begun.meta.id);
                self.lock(Patience::None).await;
            } else {
                self.unsaved.insert(brought.meta.id.clone(), brought);
            }
        }
        Ok(self.opened())
    }
}
