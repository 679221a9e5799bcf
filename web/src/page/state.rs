//! The page's reducer: the state of each feature, and what happens to all of them. It knows no browser.
//!
//! A feature's part of the state, its actions and what they do stand in the `state.rs` of its folder; here
//! is what concerns every feature: another view, another workspace.

use std::rc::Rc;

use protocol::{Opened, Printed, Same, Storage, View};

use crate::app::state::{AppAction, AppState};
use crate::comments::state::{CommentsAction, CommentsState};
use crate::compare::state::{CompareAction, CompareState};
use crate::console::state::{ConsoleAction, ConsoleState};
use crate::database::state::{DatabaseAction, DatabaseState};
use crate::explain::state::{ExplainAction, ExplainState};
use crate::files::state::{FilesAction, FilesState};
use crate::graph::state::{GraphAction, Trips};
use crate::keep::state::{KeepAction, KeepState};
use crate::lessons::state::{LessonsAction, LessonsState};
use crate::migrations::state::{MigrationsAction, MigrationsState};
use crate::models::state::{FirstSteps, ModelsAction, ModelsState};
use crate::palette::state::{PaletteAction, PaletteState};
use crate::review::state::{ReviewAction, ReviewState};
use crate::share::state::{ShareAction, ShareState};
use crate::watch::state::{Watch, WatchAction};

/// Everything that the page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The view last received from the worker.
    pub view: Rc<View>,
    /// Around the features.
    pub app: AppState,
    /// The console.
    pub console: ConsoleState,
    /// The Models column.
    pub models: ModelsState,
    /// The Migrations column.
    pub migrations: MigrationsState,
    /// The Database column.
    pub database: DatabaseState,
    /// What failed last.
    pub explain: ExplainState,
    /// The file tree.
    pub files: FilesState,
    /// Reviews.
    pub review: ReviewState,
    /// The round trip results of the revisions.
    pub graph: Trips,
    /// Runs that can be watched, and what they changed.
    pub watch: Watch,
    /// A workspace that goes out or comes in.
    pub share: ShareState,
    /// Whether the workspace is kept.
    pub keep: KeepState,
    /// What lies over the page.
    pub palette: PaletteState,
    /// Lessons.
    pub lessons: LessonsState,
    /// Comments.
    pub comments: CommentsState,
    /// Another state of the project beside the open one.
    pub compare: CompareState,
}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum Action {
    /// The worker says what there is.
    Ready {
        /// What there is.
        view: Rc<View>,
        /// What the console showed.
        console: Vec<Printed>,
        /// Version of its SQLite.
        sqlite: String,
        /// Whether it was saved before.
        restored: bool,
        /// Whether it is kept.
        storage: Storage,
    },
    /// There is something else now.
    Changed(Rc<View>),
    /// There is another workspace now.
    Opened(Rc<Opened>),
    /// There is another state of the workspace now.
    Travelled(Rc<Opened>),
    /// Around the features.
    App(AppAction),
    /// In the console.
    Console(ConsoleAction),
    /// In the Models column.
    Models(ModelsAction),
    /// In the Migrations column.
    Migrations(MigrationsAction),
    /// In the Database column.
    Database(DatabaseAction),
    /// To what failed last.
    Explain(ExplainAction),
    /// To files.
    Files(FilesAction),
    /// To a review.
    Review(ReviewAction),
    /// To the round trips.
    Graph(GraphAction),
    /// To runs that can be watched.
    Watch(WatchAction),
    /// Where a workspace goes out or comes in.
    Share(ShareAction),
    /// To what is kept.
    Keep(KeepAction),
    /// Over the page.
    Palette(PaletteAction),
    /// In a lesson.
    Lessons(LessonsAction),
    /// To comments.
    Comments(CommentsAction),
    /// Beside another state of the project.
    Compare(CompareAction),
}

macro_rules! actions_of_features {
    ($($feature:ident($action:ty),)*) => {
        $(impl From<$action> for Action {
            fn from(action: $action) -> Self {
                Action::$feature(action)
            }
        })*
    };
}

actions_of_features! {
    App(AppAction),
    Console(ConsoleAction),
    Models(ModelsAction),
    Migrations(MigrationsAction),
    Database(DatabaseAction),
    Explain(ExplainAction),
    Files(FilesAction),
    Review(ReviewAction),
    Graph(GraphAction),
    Watch(WatchAction),
    Share(ShareAction),
    Keep(KeepAction),
    Palette(PaletteAction),
    Lessons(LessonsAction),
    Comments(CommentsAction),
    Compare(CompareAction),
}

impl State {
    /// The state when the page starts, with the command lines of earlier visits.
    pub fn new(typed: Vec<Rc<str>>) -> Self {
        State {
            console: ConsoleState {
                typed: Rc::new(typed),
                ..ConsoleState::default()
            },
            ..State::default()
        }
    }

    /// The state after something happened.
    pub fn reduce(&self, action: impl Into<Action>) -> State {
        let mut state = self.clone();
        match action.into() {
            Action::Ready {
                view,
                console,
                sqlite,
                restored,
                storage,
            } => {
                let again = state.app.ready;
                state.app.ready = true;
                state.app.sqlite = sqlite.into();
                state.keep.storage = storage;
                if !again {
                    if !restored {
                        state.models.first_steps = Some(FirstSteps::default());
                    }
                    state.app.fresh = true;
                }
                if !again || state.console.running == 0 {
                    state.console.print_again(&console);
                }
                state.take(view);
                if !again {
                    state.fail_again();
                }
            }
            Action::Changed(view) => state.take(view),
            Action::Travelled(opened) => {
                state.console.print_again(&opened.console);
                state.explain = ExplainState::default();
                state.database.results = None;
                // The graph and the database show where one is.
                state.app.fresh = true;
                state.take(opened.view.clone());
            }
            Action::Opened(opened) => {
                // What was said of the project before is not for another.
                if open_workspace(&opened.view) != open_workspace(&state.view) {
                    state.app.notice = None;
                }
                state.app.fresh = true;
                state.app.generation += 1;
                state.console.print_again(&opened.console);
                state.explain = ExplainState::default();
                state.models.forget();
                state.migrations = MigrationsState::default();
                state.review.reviewed = None;
                state.compare = CompareState::default();
                state.graph = Trips::default();
                state.watch.forget();
                state.database = DatabaseState::default();
                state.take(opened.view.clone());
            }
            Action::App(action) => state.app.reduce(action),
            Action::Console(action) => state.reduce_console(action),
            Action::Models(action) => state.models.reduce(action),
            Action::Migrations(action) => state.migrations.reduce(action),
            Action::Database(action) => state.reduce_database(action),
            Action::Explain(action) => state.explain.reduce(action),
            Action::Files(action) => state.reduce_files(action),
            Action::Review(action) => state.reduce_review(action),
            Action::Graph(action) => state.reduce_graph(action),
            Action::Watch(action) => state.reduce_watch(action),
            Action::Share(action) => state.share.reduce(action),
            Action::Keep(action) => state.keep.reduce(action),
            Action::Palette(action) => state.palette.reduce(action),
            Action::Lessons(action) => state.lessons.reduce(action),
            Action::Comments(action) => state.comments.reduce(action),
            Action::Compare(action) => state.compare.reduce(action),
        }
        state
    }

    /// Takes what there is now: unchanged parts stay the same handles, so that what shows them is
    /// not drawn again; what was chosen and is gone gives way to what is there.
    pub(crate) fn take(&mut self, view: Rc<View>) {
        fn keep<T: PartialEq>(old: &Rc<T>, new: &Rc<T>) -> Rc<T> {
            if old == new { old.clone() } else { new.clone() }
        }
        let old = &self.view;
        let changed = !Rc::ptr_eq(&old.changes, &view.changes) && old.changes != view.changes;
        let view = View {
            files: keep(&old.files, &view.files),
            folders: keep(&old.folders, &view.folders),
            models: keep(&old.models, &view.models),
            directory: view.directory.clone(),
            targets: keep(&old.targets, &view.targets),
            variables: keep(&old.variables, &view.variables),
            migrations: keep(&old.migrations, &view.migrations),
            databases: keep(&old.databases, &view.databases),
            history: keep(&old.history, &view.history),
            at: view.at,
            tip: view.tip,
            workspaces: keep(&old.workspaces, &view.workspaces),
            changes: keep(&old.changes, &view.changes),
            same: Same::default(),
        };
        if view != **old {
            if !Rc::ptr_eq(&view.files, &self.view.files) {
                self.explain.files_changed(&view);
            }
            self.view = Rc::new(view);
        }
        if changed && !self.app.fresh {
            self.follow_changes();
        }
        self.choose();
        self.app.fresh = false;
    }

    /// On another visit, the command that ended the last one is still the one that failed last.
    fn fail_again(&mut self) {
        let last = self.console.entries.last();
        if let Some(failed) = last.and_then(|entry| entry.failed.as_deref().cloned()) {
            let files = self.view.files.clone();
            self.show_place(&failed.failure);
            self.explain.ended(Some(failed), &files, true);
        }
    }

    /// Replaces selections that no longer exist.
    pub(crate) fn choose(&mut self) {
        self.models.choose(&self.view);
        self.choose_revision();
        self.choose_table();
    }
}

/// Id of the workspace that is open.
fn open_workspace(view: &View) -> Option<&str> {
    view.workspaces
        .iter()
        .find(|one| one.open)
        .map(|one| one.id.as_str())
}

#[cfg(test)]
mod tests;
