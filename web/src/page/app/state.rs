//! The state of the page outside its features, and running work of any feature.

use std::rc::Rc;

use protocol::Request;

use crate::console::state::{CommandProgress, Ending};
use crate::state::State;

/// A pane of the page: one of the three columns, or the console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// What should be.
    #[default]
    Models,
    /// How to get there.
    Migrations,
    /// What is.
    Database,
    /// The console; a column only where the page is narrow.
    Console,
    /// The lesson; beside the columns where the page is wide.
    Lesson,
    /// The comments; beside the columns where the page is wide.
    Comments,
}

impl Pane {
    /// Whether it is one of the three columns.
    pub fn is_column(self) -> bool {
        matches!(self, Pane::Models | Pane::Migrations | Pane::Database)
    }

    /// Its name in `open({view})` and in class names.
    pub fn name(self) -> &'static str {
        match self {
            Pane::Models => "models",
            Pane::Migrations => "migrations",
            Pane::Database => "database",
            Pane::Console => "console",
            Pane::Lesson => "lesson",
            Pane::Comments => "comments",
        }
    }

    /// The place of that name.
    pub fn named(name: &str) -> Option<Pane> {
        [
            Pane::Models,
            Pane::Migrations,
            Pane::Database,
            Pane::Console,
            Pane::Lesson,
            Pane::Comments,
        ]
        .into_iter()
        .find(|place| place.name() == name)
    }
}

/// What has been under way for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// A command line, and how far it has come.
    Command(Rc<str>, Option<Rc<CommandProgress>>),
    /// A review.
    Review,
    /// Comparing models and database.
    Pending,
}

/// A message at the top of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The message text.
    pub text: Rc<str>,
    /// Whether it is bad news.
    pub bad: bool,
    /// The label of its button, and the request that the button sends.
    pub undo: Option<(Rc<str>, Request)>,
}

/// The state of the page outside its features.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppState {
    /// Whether the worker answers.
    pub ready: bool,
    /// Version of its SQLite.
    pub sqlite: Rc<str>,
    /// The column that takes the whole width.
    pub wide: Option<Pane>,
    /// The pane that a narrow page shows.
    pub tab: Pane,
    /// A message.
    pub notice: Option<Notice>,
    /// Whether something has been under way for a while.
    pub long: bool,
    /// Counts the workspaces, so that editors forget the texts of the one before.
    pub generation: u32,
    /// Whether a workspace was opened that has not been looked at yet.
    pub(crate) fresh: bool,
}

/// Actions of the page outside its features.
#[derive(Clone, Debug)]
pub enum AppAction {
    /// A column takes the whole width, or gives it back.
    Wide(Option<Pane>),
    /// A narrow page shows another pane.
    Tab(Pane),
    /// There is a message.
    Notice(Option<Notice>),
    /// Something has been under way for a while, or no more.
    Long(bool),
}

impl AppState {
    /// The state after something happened.
    pub(crate) fn reduce(&mut self, action: AppAction) {
        match action {
            AppAction::Wide(place) => self.wide = place,
            AppAction::Tab(place) => {
                self.tab = place;
                if self.wide.is_some() && place.is_column() {
                    self.wide = Some(place);
                }
            }
            AppAction::Notice(notice) => self.notice = notice,
            AppAction::Long(long) => self.long = long,
        }
    }

    /// Shows a column, the wide one's place included.
    pub(crate) fn turn_to(&mut self, place: Pane) {
        self.tab = place;
        if self.wide.is_some() {
            self.wide = Some(place);
        }
    }
}

impl State {
    /// The running work, however long it has been running.
    pub fn work(&self) -> Option<Work> {
        let line = self
            .console
            .entries
            .iter()
            .find(|entry| entry.ending == Ending::Running)
            .map(|entry| entry.line.clone());
        match line {
            Some(line) if self.console.running > 0 => {
                Some(Work::Command(line, self.console.progress.clone()))
            }
            _ if self.review.reviewing => Some(Work::Review),
            _ if self.models.asked => Some(Work::Pending),
            _ => None,
        }
    }
}
