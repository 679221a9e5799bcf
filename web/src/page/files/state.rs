//! The file tree, and opening a file where it belongs.

use std::rc::Rc;

use protocol::FileKind;

use crate::app::state::Pane;
use crate::database::state::DatabaseTab;
use crate::editor::Reveal;
use crate::migrations::state::ScriptTab;
use crate::state::State;

/// Files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilesState {
    /// Whether the file tree is open.
    pub tree: bool,
    /// Whether it shows what a search found, in place of all files.
    pub searching: bool,
    /// Where an editor should go.
    pub reveal: Option<Rc<Reveal>>,
}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum FilesAction {
    /// The file tree opens or closes.
    Tree(bool),
    /// All files are to be searched, or listed again.
    Search(bool),
    /// A file is to be shown, wherever it belongs.
    Open {
        /// Its path.
        path: Rc<str>,
        /// Where in it.
        line: Option<u32>,
    },
}

impl State {
    /// The state after something happened to files.
    pub(crate) fn reduce_files(&mut self, action: FilesAction) {
        match action {
            FilesAction::Tree(open) => {
                self.files.tree = open;
                self.files.searching &= open;
            }
            FilesAction::Search(searching) => {
                self.files.searching = searching;
                self.files.tree |= searching;
            }
            FilesAction::Open { path, line } => self.open(&path, line),
        }
    }

    /// Shows a file: a revision in its column, a database in its own, the rest beside the models.
    pub(crate) fn open(&mut self, path: &str, line: Option<u32>) {
        let revision = self
            .view
            .migrations
            .revisions
            .iter()
            .find(|revision| revision.path == path)
            .map(|revision| revision.id.clone());
        let kind = self
            .view
            .files
            .iter()
            .find(|file| file.path == path)
            .map(|file| file.kind);
        match (revision, kind) {
            (Some(id), _) => {
                self.migrations.revision = Some(id.into());
                self.migrations.tab = ScriptTab::Script;
                self.app.turn_to(Pane::Migrations);
            }
            (None, Some(FileKind::Database)) => {
                self.database.tab = DatabaseTab::Tables;
                self.database.path = Some(path.into());
                self.database.table = None;
                self.choose();
                self.app.turn_to(Pane::Database);
                return;
            }
            (None, Some(_)) => {
                self.models.file = Some(path.into());
                self.app.turn_to(Pane::Models);
            }
            (None, None) => return,
        }
        if let Some(line) = line {
            let count = self.files.reveal.as_ref().map_or(0, |reveal| reveal.count) + 1;
            self.files.reveal = Some(Rc::new(Reveal {
                path: path.into(),
                line,
                count,
            }));
        }
    }
}
