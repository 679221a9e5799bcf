//! The page's one reducer: everything that the page shows, and how each thing that happens changes
//! it. It knows no browser.

use std::rc::Rc;

use crate::protocol::{
    Contents, Failure, FileKind, Opened, Pending, Printed, Ran, Reply, Request, Revision, Rows,
    Stayed, Storage, Table, View,
};

use crate::text;

mod graph;
mod review;
mod share;
mod time;
mod watch;

pub use graph::{Trip, Trips};
pub use review::{Outcome, Reviewed, ScriptTab, going_back_now, tally, verdict};
pub use share::{Imported, Sharing};
pub use time::{Branch, branches, line};
pub use watch::{
    Between, Compared, DatabaseTab, SPEEDS, StepChanges, Stop, Told, Watch, WatchAction, Watched,
    Written, directions, step_name, stop_name, stops,
};

/// Rows of a table, or why they can't be read, after the database and the table they are of.
pub type RowsOf = (String, String, Result<Rows, Failure>);

/// How many entries the console keeps.
const CONSOLE_ENTRIES: usize = 200;

/// How many bytes of one command's output the console shows.
const SHOWN_OUTPUT: usize = 400_000;

/// A column of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// What should be.
    #[default]
    Models,
    /// How to get there.
    Migrations,
    /// What is.
    Database,
    /// The console; a column only where the page is narrow.
    Console,
}

impl Place {
    /// Its name in `open({view})` and in class names.
    pub fn name(self) -> &'static str {
        match self {
            Place::Models => "models",
            Place::Migrations => "migrations",
            Place::Database => "database",
            Place::Console => "console",
        }
    }

    /// The place of that name.
    pub fn named(name: &str) -> Option<Place> {
        [
            Place::Models,
            Place::Migrations,
            Place::Database,
            Place::Console,
        ]
        .into_iter()
        .find(|place| place.name() == name)
    }
}

/// How far a command has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Which revision it runs, counted from one.
    pub number: usize,
    /// Of how many, where that is known.
    pub of: Option<usize>,
    /// Its id and message.
    pub revision: String,
}

/// What has been under way for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// A command line, and how far it has come.
    Command(Rc<str>, Option<Rc<Step>>),
    /// A review.
    Review,
    /// Comparing models and database.
    Pending,
}

/// What lies over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The command palette.
    Palette,
    /// The sheet of keys.
    Keys,
}

/// What the Database column shows of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableView {
    /// Its rows.
    #[default]
    Rows,
    /// Its columns, keys and indexes.
    Columns,
    /// Its SQL.
    Sql,
}

/// A part of a command's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Whether it went to standard error.
    pub error: bool,
    /// The text.
    pub text: String,
}

/// How a command of the console ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It runs.
    Running,
    /// With an exit status.
    Status(i32),
    /// It was stopped.
    Cancelled,
    /// The worker broke.
    Broken(String),
}

/// A command in the console and what it printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Number of the request.
    pub id: u32,
    /// The line.
    pub line: Rc<str>,
    /// What it printed, in the order in which it did.
    pub output: Vec<Piece>,
    /// How it ended.
    pub ending: Ending,
    /// How long it took, in microseconds.
    pub microseconds: u64,
    /// What a failed command left.
    pub stayed: Option<Stayed>,
    /// Whether that was taken back.
    pub taken_back: bool,
    /// The revision whose steps can be watched.
    pub watch: Option<Rc<str>>,
}

/// Where an editor should go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reveal {
    /// The file.
    pub path: Rc<str>,
    /// The line, from one.
    pub line: u32,
    /// Counts, so that going to the same place twice goes there twice.
    pub count: u32,
}

/// Results of the SQL box.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// One for each statement.
    pub rows: Vec<Rows>,
    /// Why it failed.
    pub failure: Option<Failure>,
}

/// A message at the top of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// What it says.
    pub text: Rc<str>,
    /// Whether it is bad news.
    pub bad: bool,
    /// What a button in it is called, and what it asks.
    pub undo: Option<(Rc<str>, Request)>,
}

/// Everything that the page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Whether the worker answers.
    pub ready: bool,
    /// Version of its SQLite.
    pub sqlite: Rc<str>,
    /// What there is.
    pub view: Rc<View>,
    /// Whether it is kept.
    pub storage: Storage,
    /// Whether something is on its way that is not kept yet.
    pub saving: bool,
    /// The commands and what they printed.
    pub console: Vec<Rc<Entry>>,
    /// Command lines for the arrow keys, oldest first.
    pub typed: Rc<Vec<Rc<str>>>,
    /// How many commands are on their way.
    pub running: u32,
    /// What autogenerate would write.
    pub pending: Option<Rc<Pending>>,
    /// Whether newer text than that of `pending` is on its way.
    pub pending_asked: bool,
    /// The file in the Models column.
    pub file: Option<Rc<str>>,
    /// The revision chosen.
    pub revision: Option<Rc<str>>,
    /// What is shown of it.
    pub script_tab: ScriptTab,
    /// What was found on a revision, the one chosen or another.
    pub reviewed: Option<Rc<Reviewed>>,
    /// Whether a review is on its way.
    pub reviewing: bool,
    /// What came of the revisions' ways there and back.
    pub trips: Trips,
    /// The revision that was written last: it is reviewed unasked.
    pub written: Option<Rc<str>>,
    /// Runs that can be watched, and what they changed.
    pub watch: Watch,
    /// What the Database column shows.
    pub database_tab: DatabaseTab,
    /// The database chosen.
    pub database: Option<Rc<str>>,
    /// The table chosen.
    pub table: Option<Rc<str>>,
    /// What is shown of it.
    pub table_view: TableView,
    /// Its rows, or why it can't be read, with the table and database they are of.
    pub rows: Option<Rc<RowsOf>>,
    /// Which row the shown ones begin at.
    pub offset: u32,
    /// Results of the SQL box.
    pub results: Option<Rc<Results>>,
    /// Whether the file tree is open.
    pub tree: bool,
    /// The column that takes the whole width.
    pub wide: Option<Place>,
    /// The column that a narrow page shows.
    pub tab: Place,
    /// Where an editor should go.
    pub reveal: Option<Rc<Reveal>>,
    /// A message.
    pub notice: Option<Notice>,
    /// The dialog about a workspace that goes out or comes in.
    pub sharing: Option<Sharing>,
    /// Whether the workspace is only to be looked at, because a link or the address says so.
    pub view_only: bool,
    /// Whether the hint of the first visit is shown.
    pub hint: bool,
    /// Whether something has been under way for a while.
    pub long: bool,
    /// How far the command that runs has come.
    pub step: Option<Rc<Step>>,
    /// What lies over the page.
    pub overlay: Option<Overlay>,
    /// Counts the workspaces, so that editors forget the texts of the one before.
    pub generation: u32,
    /// Whether a workspace was opened that has not been looked at yet.
    fresh: bool,
}

/// What happens.
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
    /// Something is on its way that is not kept yet, or nothing is any more.
    Saving(bool),
    /// Saving went well or not.
    Storage(Storage),
    /// A command starts.
    Started {
        /// Number of its request.
        id: u32,
        /// The line.
        line: Rc<str>,
    },
    /// A command printed.
    Printed {
        /// Number of its request.
        id: u32,
        /// What.
        pieces: Vec<Piece>,
    },
    /// A command ended.
    Ended {
        /// Number of its request.
        id: u32,
        /// How.
        ran: Rc<Ran>,
    },
    /// A command did not get to its end.
    Stopped {
        /// Number of its request.
        id: u32,
        /// How.
        ending: Ending,
    },
    /// A text was changed that autogenerate looks at.
    PendingAsked,
    /// What autogenerate would write is known.
    Pending(Rc<Pending>),
    /// A file is to be shown, wherever it belongs.
    Open {
        /// Its path.
        path: Rc<str>,
        /// Where in it.
        line: Option<u32>,
    },
    /// A revision is chosen.
    Revision(Rc<str>),
    /// Something else of the chosen revision is to be shown.
    ScriptTab(ScriptTab),
    /// A review is on its way.
    Reviewing,
    /// A review ended.
    Reviewed {
        /// Of which revision.
        revision: Rc<str>,
        /// How.
        outcome: Outcome,
    },
    /// A revision was taken there and back.
    RoundTrip {
        /// Which one.
        revision: Rc<str>,
        /// How it ended.
        outcome: Outcome,
    },
    /// Those of all are on their way, so many of so many done; or not any more.
    RoundTrips(Option<(usize, usize)>),
    /// The review is wanted anew.
    ReviewAgain,
    /// Something to watch.
    Watch(WatchAction),
    /// Something else of the database is to be shown.
    DatabaseTab(DatabaseTab),
    /// A database is chosen.
    Database(Rc<str>),
    /// A table is chosen.
    Table(Rc<str>),
    /// Something else of the table is to be shown.
    TableView(TableView),
    /// Other rows are to be shown.
    Offset(u32),
    /// Rows came.
    Rows {
        /// Of which database.
        database: String,
        /// Of which table.
        table: String,
        /// Which, or why there are none.
        rows: Result<Rows, Failure>,
    },
    /// The SQL box has results.
    Results(Rc<Results>),
    /// The results are no longer wanted.
    CloseResults,
    /// The file tree opens or closes.
    Tree(bool),
    /// A column takes the whole width, or gives it back.
    Wide(Option<Place>),
    /// A narrow page shows another column.
    Tab(Place),
    /// The console is emptied.
    Clear,
    /// A command was taken back.
    TakenBack(u32),
    /// A text for the console that is no command's.
    Say(Rc<str>),
    /// There is a message.
    Notice(Option<Notice>),
    /// A dialog about a workspace that goes out or comes in opens or closes.
    Sharing(Option<Sharing>),
    /// The workspace is only to be looked at, or no longer.
    ViewOnly(bool),
    /// The hint was seen.
    HintSeen,
    /// Something has been under way for a while, or no more.
    Long(bool),
    /// The command that runs has come so far.
    Step(Rc<Step>),
    /// A review was given up for a command: it is to be asked for again.
    Overtaken,
    /// Something is to lie over the page, or nothing more.
    Overlay(Option<Overlay>),
}

impl State {
    /// The state when the page starts, with the command lines of earlier visits.
    pub fn new(typed: Vec<Rc<str>>) -> Self {
        State {
            typed: Rc::new(typed),
            ..State::default()
        }
    }

    /// The revision chosen.
    pub fn chosen_revision(&self) -> Option<&Revision> {
        let id = self.revision.as_deref()?;
        self.view
            .migrations
            .revisions
            .iter()
            .find(|revision| revision.id == id)
    }

    /// What was found on the chosen revision, as far as it is known.
    pub fn shown_review(&self) -> Option<&Rc<Reviewed>> {
        self.reviewed
            .as_ref()
            .filter(|reviewed| Some(&reviewed.revision) == self.revision.as_ref())
    }

    /// Whether a review of the chosen revision is wanted and not there: its tab is open, or it was
    /// just written; and there is none, or files have changed since.
    pub fn review_due(&self) -> bool {
        let wanted = self.revision.is_some()
            && (self.script_tab == ScriptTab::Review || self.written == self.revision);
        wanted
            && self.ready
            && !self
                .shown_review()
                .is_some_and(|reviewed| Rc::ptr_eq(&reviewed.files, &self.view.files))
    }

    /// Whether the workspace is kept, as the page shows it.
    pub fn shown_storage(&self) -> Storage {
        match &self.storage {
            Storage::Saved | Storage::Unknown if self.saving => Storage::Saving,
            storage => storage.clone(),
        }
    }

    /// Whether something would be lost if the page were left now.
    pub fn would_be_lost(&self) -> bool {
        self.saving || matches!(self.storage, Storage::Failed { .. }) && self.view.history.len() > 1
    }

    /// The table chosen.
    pub fn chosen_table(&self) -> Option<&Table> {
        let name = self.table.as_deref()?;
        self.chosen_database()?
            .tables
            .iter()
            .find(|table| table.name == name)
    }

    /// The database chosen.
    pub fn chosen_database(&self) -> Option<&crate::protocol::Database> {
        let path = self.database.as_deref()?;
        self.view
            .databases
            .iter()
            .find(|database| database.path == path)
    }

    /// What is under way, whether for a while or not.
    pub fn work(&self) -> Option<Work> {
        let line = self
            .console
            .iter()
            .find(|entry| entry.ending == Ending::Running)
            .map(|entry| entry.line.clone());
        match line {
            Some(line) if self.running > 0 => Some(Work::Command(line, self.step.clone())),
            _ if self.reviewing => Some(Work::Review),
            _ if self.pending_asked => Some(Work::Pending),
            _ => None,
        }
    }

    /// How many revisions a command will run, as far as its words tell.
    pub fn revisions_of(&self, line: &str, direction: &str) -> Option<usize> {
        let migrations = &self.view.migrations;
        let last = line.split_whitespace().last().unwrap_or_default();
        let number = match (direction, last) {
            ("upgrade", "head" | "heads") => migrations.ahead,
            ("downgrade", "base") => migrations
                .revisions
                .iter()
                .filter(|one| one.applied)
                .count(),
            _ => 0,
        };
        (number > 0).then_some(number)
    }

    /// The state after something happened.
    pub fn reduce(&self, action: Action) -> State {
        let mut state = self.clone();
        match action {
            Action::Ready {
                view,
                console,
                sqlite,
                restored,
                storage,
            } => {
                let again = state.ready;
                state.ready = true;
                state.sqlite = sqlite.into();
                state.storage = storage;
                if !again {
                    state.hint = !restored;
                    state.fresh = true;
                }
                if !again || state.running == 0 {
                    state.print_again(&console);
                }
                state.take(view);
            }
            Action::Changed(view) => state.take(view),
            Action::Travelled(opened) => {
                state.print_again(&opened.console);
                state.results = None;
                // The graph and the database show where one is.
                state.fresh = true;
                state.take(opened.view.clone());
            }
            Action::Saving(saving) => state.saving = saving,
            Action::Opened(opened) => {
                state.fresh = true;
                // It speaks of the first example.
                state.hint = false;
                state.generation += 1;
                state.print_again(&opened.console);
                state.file = None;
                state.revision = None;
                state.script_tab = ScriptTab::Script;
                state.reviewed = None;
                state.trips = Trips::default();
                state.written = None;
                state.watch = Watch {
                    runs: state.watch.runs,
                    speed: state.watch.speed,
                    ..Watch::default()
                };
                state.database_tab = DatabaseTab::Tables;
                state.database = None;
                state.table = None;
                state.rows = None;
                state.results = None;
                state.pending = None;
                state.table_view = TableView::Rows;
                state.offset = 0;
                state.take(opened.view.clone());
            }
            Action::Storage(storage) => state.storage = storage,
            Action::Started { id, line } => {
                state.running += 1;
                state.hint = false;
                if state.typed.last() != Some(&line) && !line.starts_with('#') {
                    let mut typed = (*state.typed).clone();
                    typed.push(line.clone());
                    let surplus = typed.len().saturating_sub(300);
                    typed.drain(..surplus);
                    state.typed = Rc::new(typed);
                }
                state.push(Entry {
                    id,
                    line,
                    output: Vec::new(),
                    ending: Ending::Running,
                    microseconds: 0,
                    stayed: None,
                    taken_back: false,
                    watch: None,
                });
            }
            Action::Printed { id, pieces } => state.entry(id, |entry| entry.print(pieces)),
            Action::Ended { id, ran } => {
                state.running = state.running.saturating_sub(1);
                state.step = None;
                state.entry(id, |entry| {
                    entry.ending = Ending::Status(ran.status);
                    entry.microseconds = ran.microseconds;
                    entry.stayed = ran.stayed.clone();
                    entry.watch = watch::watchable(&ran);
                });
                state.watch.ended();
                state.take(ran.view.clone());
                if ran.clear {
                    state.console.clear();
                }
                state.after(&ran);
            }
            Action::Stopped { id, ending } => {
                state.running = state.running.saturating_sub(1);
                state.step = None;
                state.entry(id, |entry| entry.ending = ending);
                // What was asked meanwhile got no answer either.
                state.watch.ended();
            }
            Action::PendingAsked => state.pending_asked = true,
            Action::Pending(pending) => {
                state.pending_asked = false;
                // The same answer again is the same handle: nothing is drawn anew.
                let same = state.pending.as_deref().is_some_and(|old| {
                    (&old.operations, &old.diagnostics, &old.failure, old.behind)
                        == (
                            &pending.operations,
                            &pending.diagnostics,
                            &pending.failure,
                            pending.behind,
                        )
                });
                if !same {
                    state.pending = Some(pending);
                }
            }
            Action::Open { path, line } => state.open(&path, line),
            Action::Revision(id) => state.revision = Some(id),
            Action::ScriptTab(tab) => state.script_tab = tab,
            Action::Reviewing => state.reviewing = true,
            Action::Reviewed { revision, outcome } => {
                state.reviewing = false;
                let reviewed = state.ended(revision, outcome);
                state.trips.take(&reviewed);
                state.reviewed = Some(Rc::new(reviewed));
            }
            Action::RoundTrip { revision, outcome } => {
                let reviewed = state.ended(revision, outcome);
                state.trips.take(&reviewed);
            }
            Action::RoundTrips(under_way) => state.trips.under_way = under_way,
            Action::ReviewAgain => state.reviewed = None,
            Action::Watch(action) => state.watch(action),
            Action::DatabaseTab(tab) => state.database_tab = tab,
            Action::Database(path) => {
                state.database = Some(path);
                state.table = None;
                state.offset = 0;
                state.choose();
            }
            Action::Table(name) => {
                state.table = Some(name);
                state.results = None;
                state.offset = 0;
            }
            Action::TableView(view) => state.table_view = view,
            Action::Offset(offset) => state.offset = offset,
            Action::Rows {
                database,
                table,
                rows,
            } => state.rows = Some(Rc::new((database, table, rows))),
            Action::Results(results) => state.results = Some(results),
            Action::CloseResults => state.results = None,
            Action::Tree(open) => state.tree = open,
            Action::Wide(place) => state.wide = place,
            Action::Tab(place) => {
                state.tab = place;
                if state.wide.is_some() && place != Place::Console {
                    state.wide = Some(place);
                }
            }
            Action::Clear => state
                .console
                .retain(|entry| entry.ending == Ending::Running),
            Action::TakenBack(number) => {
                for entry in &mut state.console {
                    if entry
                        .stayed
                        .as_ref()
                        .is_some_and(|stayed| stayed.entry == number)
                    {
                        Rc::make_mut(entry).taken_back = true;
                    }
                }
            }
            Action::Say(text) => {
                let output = vec![Piece {
                    error: false,
                    text: text.to_string(),
                }];
                if let Some(last) = state.console.last_mut()
                    && last.line.is_empty()
                {
                    Rc::make_mut(last).output = output;
                } else {
                    state.push(Entry {
                        id: 0,
                        line: "".into(),
                        output,
                        ending: Ending::Status(0),
                        microseconds: 0,
                        stayed: None,
                        taken_back: false,
                        watch: None,
                    });
                }
            }
            Action::Notice(notice) => state.notice = notice,
            Action::Sharing(sharing) => state.sharing = sharing,
            Action::ViewOnly(view_only) => state.view_only = view_only,
            Action::HintSeen => state.hint = false,
            Action::Long(long) => state.long = long,
            Action::Step(step) => state.step = Some(step),
            Action::Overtaken => state.reviewing = false,
            Action::Overlay(overlay) => state.overlay = overlay,
        }
        state
    }

    fn ended(&self, revision: Rc<str>, outcome: Outcome) -> Reviewed {
        Reviewed {
            revision,
            files: self.view.files.clone(),
            outcome,
        }
    }

    /// Shows what the console showed at another state.
    fn print_again(&mut self, console: &[Printed]) {
        // What runs now is of no state yet.
        self.console.retain(|entry| entry.ending == Ending::Running);
        let running = std::mem::take(&mut self.console);
        for printed in console {
            self.push(Entry {
                id: 0,
                line: printed.line.as_str().into(),
                output: printed
                    .output
                    .iter()
                    .map(|(error, text)| Piece {
                        error: *error,
                        text: text.clone(),
                    })
                    .collect(),
                ending: Ending::Status(printed.status),
                microseconds: printed.microseconds,
                stayed: printed.stayed.clone(),
                taken_back: false,
                watch: None,
            });
        }
        for entry in running {
            self.console.push(entry);
        }
    }

    fn push(&mut self, entry: Entry) {
        self.console.push(Rc::new(entry));
        let surplus = self.console.len().saturating_sub(CONSOLE_ENTRIES);
        self.console.drain(..surplus);
    }

    fn entry(&mut self, id: u32, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.console.iter_mut().rev().find(|entry| entry.id == id) {
            change(Rc::make_mut(entry));
        }
    }

    /// Takes what there is now: unchanged parts stay the same handles, so that what shows them is
    /// not drawn again; what was chosen and is gone gives way to what is there.
    fn take(&mut self, view: Rc<View>) {
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
            same: crate::protocol::Same::default(),
        };
        if view != **old {
            self.view = Rc::new(view);
        }
        if changed && let Some(change) = self.view.changes.tables.first() {
            // Show what changed, if the table shown is none of it.
            let shown = self.view.changes.tables.iter().any(|change| {
                Some(change.table.as_str()) == self.table.as_deref()
                    && Some(change.database.as_str()) == self.database.as_deref()
                    && change.was.is_none()
            });
            let first = self
                .view
                .changes
                .tables
                .iter()
                .find(|change| change.table != "alembic_version" && change.was.is_none())
                .unwrap_or(change);
            if !shown && !self.fresh && first.table != "alembic_version" {
                self.database = Some(first.database.as_str().into());
                self.table = Some(first.table.as_str().into());
                self.offset = 0;
                let rows = first.added + first.removed + first.altered > 0;
                self.table_view = if first.change.is_some() && !rows {
                    TableView::Columns
                } else {
                    TableView::Rows
                };
            }
        }
        self.choose();
        self.fresh = false;
    }

    fn choose(&mut self) {
        let view = self.view.clone();
        let exists = |path: &str| view.files.iter().any(|file| file.path == path);
        if !self.file.as_deref().is_some_and(exists) {
            self.file = view
                .models
                .first()
                .map(|path| path.as_str().into())
                .or_else(|| {
                    view.files
                        .iter()
                        .find(|file| file.path.ends_with("alembic.ini"))
                        .or_else(|| view.files.iter().find(|file| file.kind == FileKind::Text))
                        .map(|file| file.path.as_str().into())
                });
        }
        let migrations = &view.migrations;
        if self.chosen_revision().is_none() {
            self.revision = migrations
                .revisions
                .iter()
                .find(|revision| revision.current)
                .or_else(|| migrations.revisions.first())
                .map(|revision| revision.id.as_str().into());
        }
        if self.chosen_database().is_none() {
            let main = migrations.database.as_deref();
            self.database = view
                .databases
                .iter()
                .find(|database| Some(database.path.as_str()) == main)
                .or_else(|| view.databases.first())
                .map(|database| database.path.as_str().into());
            self.table = None;
        }
        if self.chosen_table().is_none() {
            self.table = self.chosen_database().and_then(|database| {
                database
                    .tables
                    .iter()
                    .filter(|table| table.name != "alembic_version")
                    .max_by_key(|table| (table.rows.min(1), std::cmp::Reverse(table.name.clone())))
                    .or_else(|| database.tables.first())
                    .map(|table| table.name.as_str().into())
            });
            self.offset = 0;
        }
    }

    fn after(&mut self, ran: &Ran) {
        if ran.status == 0
            && let Some(path) = ran.written.last()
        {
            let id = self
                .view
                .migrations
                .revisions
                .iter()
                .find(|revision| revision.path == *path)
                .map(|revision| revision.id.clone());
            if let Some(id) = id {
                self.revision = Some(id.as_str().into());
                self.written = Some(id.into());
                if self.tab != Place::Console {
                    self.tab = Place::Migrations;
                }
            }
        }
        if let Some(path) = ran.opened.last() {
            self.open(path, None);
        }
        // A failure in a file is shown at its line.
        if let Some(place) = ran
            .failure
            .as_ref()
            .and_then(|failure| failure.place.as_ref())
        {
            let tab = self.tab;
            self.open(&place.path, Some(place.line));
            self.tab = tab;
        }
    }

    fn open(&mut self, path: &str, line: Option<u32>) {
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
                self.revision = Some(id.into());
                self.script_tab = ScriptTab::Script;
                self.tab = Place::Migrations;
                if self.wide.is_some() {
                    self.wide = Some(Place::Migrations);
                }
            }
            (None, Some(FileKind::Database)) => {
                self.database_tab = DatabaseTab::Tables;
                self.database = Some(path.into());
                self.table = None;
                self.choose();
                self.tab = Place::Database;
                if self.wide.is_some() {
                    self.wide = Some(Place::Database);
                }
                return;
            }
            (None, Some(_)) => {
                self.file = Some(path.into());
                self.tab = Place::Models;
                if self.wide.is_some() {
                    self.wide = Some(Place::Models);
                }
            }
            (None, None) => return,
        }
        if let Some(line) = line {
            let count = self.reveal.as_ref().map_or(0, |reveal| reveal.count) + 1;
            self.reveal = Some(Rc::new(Reveal {
                path: path.into(),
                line,
                count,
            }));
        }
    }
}

impl Entry {
    fn print(&mut self, pieces: Vec<Piece>) {
        for piece in pieces {
            match self.output.last_mut() {
                Some(last) if last.error == piece.error => last.text.push_str(&piece.text),
                _ => self.output.push(piece),
            }
        }
        let length: usize = self.output.iter().map(|piece| piece.text.len()).sum();
        if length > SHOWN_OUTPUT
            && let Some(first) = self.output.first_mut()
        {
            let mut cut = (length - SHOWN_OUTPUT).min(first.text.len());
            while !first.text.is_char_boundary(cut) {
                cut += 1;
            }
            first.text.drain(..cut);
            if first.text.is_empty() {
                self.output.remove(0);
            }
        }
    }

    /// What it printed, for the clipboard.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if !self.line.is_empty() {
            text.push_str("$ ");
            text.push_str(&self.line);
            text.push('\n');
        }
        for piece in &self.output {
            text.push_str(&piece.text);
        }
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text
    }
}

/// How a reply that is no success ends a command.
pub fn ending_of(reply: &Reply) -> Ending {
    match reply {
        Reply::Cancelled => Ending::Cancelled,
        Reply::Panicked { message } => Ending::Broken(message.clone()),
        Reply::Failed(failure) => Ending::Broken(failure.message.clone()),
        _ => Ending::Broken(text::worker::UNASKED.to_owned()),
    }
}

/// The text of a file's contents, where it has one.
pub fn text_of(contents: &Contents) -> Option<&str> {
    match contents {
        Contents::Text(text) => Some(text),
        Contents::Binary(_) => None,
    }
}

/// A message for a revision of these operations, such as `add book.isbn`.
pub fn suggested_message(pending: &Pending) -> String {
    let mut parts: Vec<String> = Vec::new();
    for operation in &pending.operations {
        let verb = match operation.name.split('_').next().unwrap_or_default() {
            "create" | "add" => "add",
            "drop" | "remove" => "drop",
            _ => text::CHANGE,
        };
        // An index on a column that is added with it goes without saying.
        if operation.name.contains("index") && !parts.is_empty() {
            continue;
        }
        let target = operation.target.as_str();
        let part = format!("{verb} {target}");
        if !target.is_empty() && !parts.contains(&part) {
            parts.push(part);
        }
    }
    match parts.len() {
        0 => text::verbs::DESCRIBE.to_owned(),
        1..=2 => parts.join(text::AND),
        _ => text::and_more(&parts[0], parts.len() - 1),
    }
}

/// A stretch of time as the console shows it.
pub fn duration(microseconds: u64) -> String {
    match microseconds {
        // A browser's clock has steps of 100 µs.
        0..=99 => text::SHORTER.to_owned(),
        100..=999 => format!("{microseconds} µs"),
        1_000..=99_999 => format!("{:.1} ms", microseconds as f64 / 1_000.0),
        100_000..=999_999 => format!("{} ms", microseconds / 1_000),
        _ => format!("{:.1} s", microseconds as f64 / 1_000_000.0),
    }
}

#[cfg(test)]
mod tests;
