//! Whether the workspace is kept.

use protocol::Storage;

use crate::state::State;

/// Whether the workspace is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeepState {
    /// How saving went last.
    pub storage: Storage,
    /// Whether something is on its way that is not kept yet.
    pub saving: bool,
}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum KeepAction {
    /// Something is on its way that is not kept yet, or nothing is any more.
    Saving(bool),
    /// Saving went well or not.
    Storage(Storage),
}

impl KeepState {
    /// The state after something happened.
    pub(crate) fn reduce(&mut self, action: KeepAction) {
        match action {
            KeepAction::Saving(saving) => self.saving = saving,
            KeepAction::Storage(storage) => self.storage = storage,
        }
    }
}

impl State {
    /// Whether the workspace is kept, as the page shows it.
    pub fn shown_storage(&self) -> Storage {
        match &self.keep.storage {
            Storage::Saved | Storage::Unknown if self.keep.saving => Storage::Saving,
            storage => storage.clone(),
        }
    }

    /// Whether something would be lost if the page were left now.
    pub fn would_be_lost(&self) -> bool {
        self.keep.saving
            || matches!(self.keep.storage, Storage::Failed { .. }) && self.view.history.len() > 1
    }
}
