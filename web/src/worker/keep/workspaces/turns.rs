//! The lock of the open workspace: taking it, waiting for it, losing it to another tab.

use protocol::{Answer, Failure, Reply, Storage};

use super::{PATIENCE, Turn, Workspaces};
use crate::keep::locks::{self, How};

/// How a lock that another page may hold is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// Taken: the other page is this one's own worker before.
    None,
    /// Waited for a moment.
    Some,
}

impl Workspaces {
    pub(super) fn lock_name(&self, id: &str) -> String {
        format!("{}#{id}", self.name)
    }

    pub(super) fn lost(&self, id: &str) -> impl FnOnce() + 'static {
        let (turns, id) = (self.turns.clone(), id.to_owned());
        move || turns(Turn::Lost(id))
    }

    /// Asks for the lock of the open workspace; where another page holds it, this one only shows it
    /// until the other gives it back.
    pub(super) async fn lock(&mut self, patience: Patience) {
        let id = self.open.meta.id.clone();
        if self.open.hold.is_some() {
            return;
        }
        let name = self.lock_name(&id);
        let how = match patience {
            Patience::None => How::Steal,
            Patience::Some => How::IfFree,
        };
        let mut hold = locks::take(&name, how, self.lost(&id)).await;
        if hold.is_none() && patience == Patience::Some {
            for _ in 0..6 {
                crate::queue::pause(PATIENCE / 6).await;
                hold = locks::take(&name, how, self.lost(&id)).await;
                if hold.is_some() {
                    break;
                }
            }
        }
        if hold.is_some() {
            // What another page saved last may be newer than what was read.
            self.read_list().await;
            let known = self.open.meta.generation;
            if known > 0
                && self
                    .list
                    .iter()
                    .any(|meta| meta.id == id && meta.generation != known)
            {
                self.reread().await;
            }
        }
        self.open.hold = hold;
        if self.open.hold.is_none() {
            self.wait();
        }
    }

    pub(super) fn wait(&mut self) {
        let id = self.open.meta.id.clone();
        self.open.storage = Storage::ReadOnly;
        let (turns, granted) = (self.turns.clone(), id.clone());
        self.open.asked = Some(locks::ask(
            &self.lock_name(&id),
            How::Wait,
            move |hold| {
                if let Some(hold) = hold {
                    turns(Turn::Granted(granted, hold));
                }
            },
            self.lost(&id),
        ));
    }

    pub(super) async fn reread(&mut self) {
        if self.open.meta.generation == 0 {
            return;
        }
        let id = self.open.meta.id.clone();
        if let Ok(open) = self.load(&id).await {
            self.open = open;
        }
    }

    /// The lock came or went; what the page is told of it.
    pub async fn turn(&mut self, turn: Turn) -> Option<Reply> {
        match turn {
            Turn::Granted(id, hold) if id == self.open.meta.id => {
                self.reread().await;
                self.open.asked = None;
                self.open.hold = Some(hold);
                self.claim().await;
                self.show();
                Some(Reply::Opened {
                    opened: Box::new(self.open.session.opened()),
                    storage: self.open.storage.clone(),
                })
            }
            Turn::Lost(id) if id == self.open.meta.id => {
                self.open.hold = None;
                self.wait();
                Some(Reply::Storage(Storage::ReadOnly))
            }
            _ => None,
        }
    }

    /// Raises the generation, so that a save that another page still has under way fails.
    pub(super) async fn claim(&mut self) {
        let Some(store) = &self.store else {
            return;
        };
        if self.open.meta.generation == 0 {
            return;
        }
        match store.note(&self.open.meta).await {
            Ok(meta) => {
                self.open.meta = meta;
                self.open.storage = Storage::Saved;
            }
            Err(refusal) => {
                self.open.storage = Storage::Failed {
                    reason: refusal.words(),
                };
            }
        }
    }

    pub(super) async fn take_over(&mut self) -> Result<Answer, Failure> {
        if self.open.hold.is_none() {
            let id = self.open.meta.id.clone();
            self.open.asked = None;
            let hold = locks::take(&self.lock_name(&id), How::Steal, self.lost(&id)).await;
            self.reread().await;
            self.open.hold = hold;
            self.claim().await;
        }
        Ok(self.opened())
    }
}
