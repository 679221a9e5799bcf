//! What the page knows of a workspace that goes out or comes in.

use std::rc::Rc;

use protocol::{Probed, Workspace};

use super::link::{Refusal, Shared};

/// The dialog that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// The one that makes a link.
    Offer,
    /// Somebody's workspace arrived, from a link or a file.
    Arrived(Rc<Shared>),
    /// One arrived that is not opened.
    Refused(Refusal),
    /// Several projects came together: one is to be chosen.
    Several(Rc<Several>),
    /// A project was opened from a folder or a zip.
    Imported(Rc<Imported>),
    /// A database was dropped: its name, and its bytes in base64.
    Database(Rc<(String, String)>),
}

/// Several projects that came together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Several {
    /// The name of what they came in.
    pub name: String,
    /// The alembic.ini or pyproject.toml of each.
    pub configs: Vec<String>,
    /// All files.
    pub workspace: Workspace,
    /// Omitted files, each with the reason, and how many more there are than are named.
    pub left_out: (Vec<(String, String)>, usize),
}

/// A project that was opened from a folder or a zip.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Its name.
    pub name: String,
    /// How many files it has.
    pub files: usize,
    /// Its alembic.ini or pyproject.toml.
    pub config: Option<String>,
    /// Omitted files, each with the reason.
    pub left_out: Vec<(String, String)>,
    /// How many more were left out than are named.
    pub more_left_out: usize,
    /// What of it does not run here, once that is known.
    pub probed: Option<Probed>,
}

/// A workspace that goes out or comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShareState {
    /// The dialog that is open.
    pub dialog: Option<Sharing>,
    /// Whether the workspace is only to be looked at, because a link or the address says so.
    pub view_only: bool,
}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum ShareAction {
    /// A dialog opens or closes.
    Dialog(Option<Sharing>),
    /// The workspace is only to be looked at, or no longer.
    ViewOnly(bool),
}

impl ShareState {
    /// The state after something happened.
    pub(crate) fn reduce(&mut self, action: ShareAction) {
        match action {
            ShareAction::Dialog(dialog) => self.dialog = dialog,
            ShareAction::ViewOnly(view_only) => self.view_only = view_only,
        }
    }
}
